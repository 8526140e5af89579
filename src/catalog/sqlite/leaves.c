/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A leaf is HMAC-SHA-256 under the scope key of what is counted: the word for
 * its kind, a zero byte, its value; of an object nobody read its name in its
 * container, and behind it its size in 8 bytes, the highest first. SQLite sorts
 * them, in its temporary files, which lie sealed in the catalog's directory.
 */
#include "catalog/sqlite/leaves.h"

#include "base/digest.h"
#include "catalog/sqlite/numbers.h"

/*
 * Of a document: its content's key, where its bytes were hashed: that follows from them. Differing readings of one claimed key are one
 * document, for the other party need not have met the same readings. Another's content is kept by its place; so it is told by the
 * bytes of its object and its path therein, or where nobody has all of those by the object's size and the whole path.
 */
#define OF_DOCUMENTS(kind, condition) \
	"SELECT CASE WHEN d.sha256 IS NOT NULL THEN tm_leaf(?1, '" kind "', coalesce(c.claimed, c.key))" \
	" WHEN o.sha256 IS NOT NULL THEN tm_leaf(?1, '" kind "-part', o.sha256, substr(d.path, d.object_length + 1))" \
	" ELSE tm_leaf(?1, '" kind "-unread', o.size, d.path) END AS leaf" \
	" FROM content c JOIN document d ON d.content = c.number AND d.state = " SQL_LIVE \
	" JOIN document o ON o.number = d.object" condition " ORDER BY leaf"
#define IS_SIGNED " WHERE c.signing = (SELECT number FROM label WHERE text = 'true')"
/* A kind of finding that stands in what was read. */
#define OF_KIND(kind) \
	"SELECT tm_leaf(?1, '" kind "', e.value) AS leaf FROM entity e WHERE e.kind = ?2" \
	" AND EXISTS (SELECT 1 FROM occurrence o JOIN document d ON d.content = o.content AND d.state = " SQL_LIVE \
	" WHERE o.entity = e.number AND o.mentions > o.carved) ORDER BY leaf"

/* Those without a text are not built, or no sets. */
static const struct {
	const char *sql;
	enum finding_kind kind; /* ?2; 0: none */
} sources[MEASURE_COUNT] = {
	[MEASURE_OBJECTS] = {.sql = "SELECT CASE WHEN sha256 IS NOT NULL THEN tm_leaf(?1, 'object', sha256)"
                                    " ELSE tm_leaf(?1, 'unread', substr(path, 1, object_length), size) END AS leaf"
                                    " FROM document WHERE state = " SQL_LIVE " AND ordinal = 0 ORDER BY leaf"},
	[MEASURE_DOCUMENTS] = {.sql = OF_DOCUMENTS("document", "")},
	[MEASURE_SIGNED_DOCUMENTS] = {.sql = OF_DOCUMENTS("signed", IS_SIGNED)},
	[MEASURE_ORGANISATIONS] = {.sql = "SELECT tm_leaf(?1, 'organisation', g.domain) AS leaf FROM organisation g"
                                          " WHERE EXISTS (SELECT 1 FROM attribution a JOIN document d ON d.content = a.content"
                                          " AND d.state = " SQL_LIVE " WHERE a.organisation = g.number AND a.role = " SQL_PARTY
                                          ")"
                                          " ORDER BY leaf"},
	[MEASURE_EMAILS] = {OF_KIND("email"), FINDING_EMAIL},
	[MEASURE_PHONES] = {OF_KIND("phone"), FINDING_PHONE},
	[MEASURE_PROJECTS] = {OF_KIND("project"), FINDING_PROJECT},
	[MEASURE_INVOICES] = {OF_KIND("invoice"), FINDING_INVOICE},
	[MEASURE_ORDERS] = {OF_KIND("order"), FINDING_ORDER},
	[MEASURE_CONTRACTS] = {OF_KIND("contract"), FINDING_CONTRACT},
};

/* ---- one leaf ---- */

static struct bytes argument(sqlite3_value *value)
{
	const void *at = sqlite3_value_blob(value);
	return bytes_of(at, at != NULL ? (size_t)sqlite3_value_bytes(value) : 0);
}

/* Bytes as they are; a number, and all ones where there is none, in 8 bytes, the highest first. */
static void append_argument(sqlite3_value *value, struct buffer *message)
{
	int type = sqlite3_value_type(value);
	if (type != SQLITE_INTEGER && type != SQLITE_NULL) {
		buffer_append(message, argument(value));
		return;
	}
	uint64_t number = type == SQLITE_NULL ? UINT64_MAX : (uint64_t)sqlite3_value_int64(value);
	for (int shift = 56; shift >= 0; shift -= 8)
		buffer_append_byte(message, (unsigned char)(number >> shift));
}

/* Of the key, the kind, and the parts of a value. */
static void make_leaf(sqlite3_context *context, int count, sqlite3_value **values)
{
	unsigned char leaf[DIGEST_SHA256_SIZE];
	struct buffer message = buffer_with_ceiling(1u << 24);
	buffer_append(&message, argument(values[1]));
	buffer_append_byte(&message, '\0');
	for (int i = 2; i < count; i++)
		append_argument(values[i], &message);
	if (buffer_status(&message) == STATUS_OK) {
		digest_hmac_sha256(argument(values[0]), buffer_bytes(&message), leaf);
		sqlite3_result_blob(context, leaf, sizeof leaf, SQLITE_TRANSIENT);
	} else {
		sqlite3_result_error_nomem(context);
	}
	buffer_free(&message);
}

enum status leaves_register(sqlite3 *handle)
{
	for (int arguments = 3; arguments <= 4; arguments++)
		if (sqlite3_create_function_v2(handle, "tm_leaf", arguments,
		                               SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, make_leaf, NULL,
		                               NULL, NULL) != SQLITE_OK)
			return STATUS_NO_MEMORY;
	return STATUS_OK;
}

/* ---- all of them ---- */

static enum status pass_sorted(struct database *database, sqlite3_stmt *rows, enum measure_kind measure, leaf_visitor *each,
                               void *context)
{
	unsigned char last[LEAF_SIZE];
	bool has_last = false;
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct bytes leaf = column_bytes(rows, 0);
		if (leaf.len != LEAF_SIZE)
			return STATUS_MALFORMED;
		if (has_last && memcmp(last, leaf.at, LEAF_SIZE) == 0)
			continue;
		memcpy(last, leaf.at, LEAF_SIZE);
		has_last = true;
		status = each(context, measure, last);
		if (status != STATUS_OK)
			return status;
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status pass_measure(struct database *database, enum measure_kind measure, const struct vault_key *key,
                                leaf_visitor *each, void *context)
{
	enum status status = each(context, measure, NULL);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *rows = database_take(database, sources[measure].sql);
	bind_blob(rows, 1, bytes_of(key->bytes, sizeof key->bytes));
	if (sources[measure].kind != 0)
		bind_integer(rows, 2, sources[measure].kind);
	status = pass_sorted(database, rows, measure, each, context);
	database_give(database, rows);
	return status;
}

static enum status read_rules(struct database *database, struct buffer *rules)
{
	sqlite3_stmt *row = database_take(database, "SELECT r.text FROM sweep s JOIN label r ON r.number = s.rules"
	                                            " ORDER BY s.number DESC LIMIT 1");
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		buffer_append(rules, column_bytes(row, 0));
	database_give(database, row);
	return status == STATUS_OK || status == STATUS_END ? buffer_status(rules) : status;
}

enum status leaves_read(struct store *store, const struct vault_key *key, leaf_visitor *each, void *context, struct buffer *rules,
                        struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = read_rules(database, rules);
	for (unsigned nth = 0; nth < MEASURE_COUNT && status == STATUS_OK; nth++)
		if (sources[measure_in_order(nth)].sql != NULL)
			status = pass_measure(database, measure_in_order(nth), key, each, context);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}
