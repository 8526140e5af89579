/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log names an account, a container and an object; what was swept has ids made of the same. They meet when it is asked:
 * the id is made of the log's names, so that no table of very many objects is gone through.
 */
#include "catalog/sqlite/reads.h"

#include "catalog/sqlite/numbers.h"
#include "model/finding.h"

_Static_assert(ACCESS_READ == 1 && ACCESS_LIST == 2 && CALLER_ANONYMOUS == 1 && CALLER_SIGNED_LINK == 2, "access");

/* ---- words that questions share ---- */

/* Who calls itself tidemark while we looked; a clock may be wrong by some minutes. */
#define IS_OWN \
	"(a.names_itself_so <> 0 AND (EXISTS (SELECT 1 FROM sweep s WHERE a.time BETWEEN s.started - 300" \
	" AND coalesce(s.ended, s.started) + 300) OR EXISTS (SELECT 1 FROM observation v" \
	" WHERE a.time BETWEEN v.first_at - 300 AND v.last_at + 300)))"
#define IS_ANSWERED "a.status IN (200, 206)"
#define IS_READ "a.verb = 1 AND " IS_ANSWERED " AND a.object IS NOT NULL"
#define IS_TAKEN IS_READ " AND a.caller = 1 AND NOT " IS_OWN

/* Behind an endpoint of somebody's own, its host stands before the account's name. */
#define IS_CONTAINER(k, p) \
	k ".provider = " p ".provider AND " k ".name = CAST(" p ".container AS BLOB) AND (" k ".account = " p \
	  ".account OR substr(" k ".account, -1 - length(" p ".account)) = '/' || " p ".account)"

#define SWEPT(o, p) \
	"(SELECT d.number FROM container k JOIN document d ON d.id = tm_object_id(k.provider, k.account, k.name, " o ".name, " o \
	".version) AND d.state = " SQL_LIVE " AND d.ordinal = 0 WHERE " IS_CONTAINER("k", p) " LIMIT 1)"

/* As it stood when it was swept: what was sent before it was changed was something else. */
#define IS_WHOLE(object, row) \
	"EXISTS (SELECT 1 FROM document w JOIN access a ON a.object = " object " WHERE w.number = " row " AND " IS_TAKEN \
	" AND a.time >= w.modified GROUP BY a.network HAVING tm_total(a.bytes) >= max(w.size))"

/* ---- ids ---- */

static struct bytes value_bytes(sqlite3_value *value)
{
	const void *at = sqlite3_value_blob(value);
	return bytes_of(at, at != NULL ? (size_t)sqlite3_value_bytes(value) : 0);
}

static void make_id(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const struct container container = {
		.provider = (enum provider_kind)sqlite3_value_int(values[0]),
		.account = value_bytes(values[1]),
		.name = value_bytes(values[2]),
	};
	const struct object object = {.name = value_bytes(values[3]), .version = value_bytes(values[4])};
	struct id id = object_id(&container, &object);
	sqlite3_result_blob(context, id.bytes, sizeof id.bytes, SQLITE_TRANSIENT);
}

enum status reads_register(sqlite3 *handle)
{
	int made = sqlite3_create_function_v2(handle, "tm_object_id", 5, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
	                                      NULL, make_id, NULL, NULL, NULL);
	return made == SQLITE_OK ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- lists ---- */

typedef enum status row_visitor(void *context, sqlite3_stmt *row);

static enum status list(struct store *store, sqlite3_stmt *rows, row_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = each(context, rows);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return database_tell(database, status == STATUS_END ? STATUS_OK : status, reterr);
}

struct span_visit {
	reads_span_visitor *each;
	void *context;
};

static enum status pass_span(void *context, sqlite3_stmt *row)
{
	const struct span_visit *visit = context;
	const struct reads_span span = {
		.provider = (enum provider_kind)sqlite3_column_int(row, 0),
		.account = column_bytes(row, 1),
		.container = column_bytes(row, 2),
		.from = sqlite3_column_int64(row, 3),
		.until = sqlite3_column_int64(row, 4),
		.has_reads = sqlite3_column_int(row, 5) != 0,
	};
	return visit->each(visit->context, &span);
}

enum status reads_spans(struct store *store, reads_span_visitor *each, void *context, struct failure *reterr)
{
	struct span_visit visit = {each, context};
	sqlite3_stmt *rows = database_take(
		&store->database,
		"SELECT p.provider, p.account, p.container, s.first, s.last,"
		" EXISTS (SELECT 1 FROM access_place q JOIN access a ON a.place = q.number AND a.verb = 1"
		" WHERE q.provider = p.provider AND q.account = p.account AND (p.container = '' OR q.container = p.container))"
		" FROM access_span s JOIN access_place p ON p.number = s.place JOIN log_file f ON f.number = s.file AND f.kind > 0"
		" ORDER BY p.provider, p.account, p.container, s.first, s.last");
	return list(store, rows, pass_span, &visit, reterr);
}

static void read_sum(sqlite3_stmt *row, int at, struct reads_sum *sum)
{
	*sum = (struct reads_sum){column_unsigned(row, at), column_unsigned(row, at + 1), column_unsigned(row, at + 2),
	                          column_unsigned(row, at + 3)};
}

static enum status take_sums(void *context, sqlite3_stmt *row)
{
	struct reads_sums *sums = context;
	read_sum(row, 0, &sums->anonymous);
	read_sum(row, 4, &sums->signed_link);
	read_sum(row, 8, &sums->own);
	sums->listings = column_unsigned(row, 12);
	sums->refused = column_unsigned(row, 13);
	sums->records = column_unsigned(row, 14);
	return STATUS_OK;
}

#define SUM_OF(which) \
	"count(*) FILTER (WHERE " which "), count(DISTINCT object) FILTER (WHERE " which \
	"), coalesce(tm_total(bytes) FILTER (WHERE " which "), 0), count(DISTINCT network) FILTER (WHERE " which "), "

/* clang-format off */
enum status reads_sums(struct store *store, struct reads_sums *ret_sums, struct failure *reterr)
{
	sqlite3_stmt *rows = database_take(
		&store->database,
		"SELECT " SUM_OF("is_read AND caller = 1 AND NOT is_own") SUM_OF("is_read AND caller = 2")
		SUM_OF("is_read AND caller = 1 AND is_own")
		"count(*) FILTER (WHERE verb = 2 AND is_answered AND caller = 1 AND NOT is_own),"
		" count(*) FILTER (WHERE verb IN (1, 2) AND caller = 1 AND NOT is_own AND status >= 400), count(*)"
		" FROM (SELECT a.object AS object, a.bytes AS bytes, a.network AS network, a.caller AS caller, a.verb AS verb,"
		" a.status AS status, " IS_ANSWERED " AS is_answered, (" IS_READ ") AS is_read, " IS_OWN " AS is_own FROM access a)");
	return list(store, rows, take_sums, ret_sums, reterr);
}
/* clang-format on */

struct network_visit {
	reads_network_visitor *each;
	void *context;
};

static enum status pass_network(void *context, sqlite3_stmt *row)
{
	const struct network_visit *visit = context;
	const struct reads_network network = {
		.network = column_bytes(row, 0),
		.requests = column_unsigned(row, 1),
		.objects = column_unsigned(row, 2),
		.bytes = column_unsigned(row, 3),
		.first = sqlite3_column_int64(row, 4),
		.last = sqlite3_column_int64(row, 5),
	};
	return visit->each(visit->context, &network);
}

enum status reads_networks(struct store *store, reads_network_visitor *each, void *context, struct failure *reterr)
{
	struct network_visit visit = {each, context};
	sqlite3_stmt *rows = database_take(
		&store->database,
		"SELECT n.text, count(*), count(DISTINCT a.object), tm_total(a.bytes) AS taken, min(a.time), max(a.time)"
		" FROM access a LEFT JOIN access_network n ON n.number = a.network WHERE " IS_TAKEN
		" GROUP BY a.network ORDER BY taken DESC, n.text");
	return list(store, rows, pass_network, &visit, reterr);
}

struct object_visit {
	reads_object_visitor *each;
	void *context;
};

static enum status pass_object(void *context, sqlite3_stmt *row)
{
	const struct object_visit *visit = context;
	struct reads_object object = {
		.provider = (enum provider_kind)sqlite3_column_int(row, 0),
		.account = column_bytes(row, 1),
		.container = column_bytes(row, 2),
		.name = column_bytes(row, 3),
		.version = column_bytes(row, 4),
		.requests = column_unsigned(row, 5),
		.bytes = column_unsigned(row, 6),
		.networks = column_unsigned(row, 7),
		.first = sqlite3_column_int64(row, 8),
		.last = sqlite3_column_int64(row, 9),
		.size = column_is_null(row, 11) ? OBJECT_SIZE_UNKNOWN : column_unsigned(row, 11),
		.is_whole = sqlite3_column_int(row, 12) != 0,
	};
	object.is_swept = column_id(row, 10, &object.id);
	return visit->each(visit->context, &object);
}

/* Gathered first, then each sought among what was swept. */
#define TAKEN_OBJECTS \
	"taken AS MATERIALIZED (SELECT a.object AS object, count(*) AS requests, tm_total(a.bytes) AS bytes," \
	" count(DISTINCT a.network) AS networks, min(a.time) AS first, max(a.time) AS last FROM access a WHERE " IS_TAKEN \
	" GROUP BY a.object)," \
	" met AS MATERIALIZED (SELECT t.*, o.name AS name, o.version AS version, p.provider AS provider, p.account AS account," \
	" p.container AS container, " SWEPT("o", "p") " AS row FROM taken t JOIN access_object o ON o.number = t.object" \
						      " JOIN access_place p ON p.number = o.place)"

enum status reads_objects(struct store *store, reads_object_visitor *each, void *context, struct failure *reterr)
{
	struct object_visit visit = {each, context};
	sqlite3_stmt *rows = database_take(
		&store->database,
		"WITH " TAKEN_OBJECTS " SELECT m.provider, m.account, m.container, m.name, m.version, m.requests, m.bytes,"
		" m.networks, m.first, m.last, d.id, d.size, d.number IS NOT NULL AND " IS_WHOLE(
			"m.object", "d.number") " FROM met m LEFT JOIN document d ON d.number = m.row"
						" ORDER BY m.networks DESC, m.requests DESC, m.container, m.name, m.version");
	return list(store, rows, pass_object, &visit, reterr);
}

struct organisation_visit {
	reads_organisation_visitor *each;
	void *context;
};

static enum status pass_organisation(void *context, sqlite3_stmt *row)
{
	const struct organisation_visit *visit = context;
	const struct reads_organisation organisation = {column_bytes(row, 0), column_unsigned(row, 1), column_unsigned(row, 2)};
	return visit->each(visit->context, &organisation);
}

enum status reads_organisations(struct store *store, reads_organisation_visitor *each, void *context, struct failure *reterr)
{
	struct organisation_visit visit = {each, context};
	sqlite3_stmt *rows = database_take(
		&store->database,
		"WITH " TAKEN_OBJECTS ", whole AS MATERIALIZED (SELECT m.object AS object, m.row AS row FROM met m"
		" WHERE m.row IS NOT NULL AND " IS_WHOLE(
			"m.object",
			"m.row") "),"
				 " part AS MATERIALIZED (SELECT w.object AS object, d.number AS document, d.content AS content FROM whole w"
				 " JOIN document d ON d.number = w.row UNION ALL SELECT w.object, d.number, d.content FROM whole w"
				 " JOIN document d ON d.object = w.row AND d.ordinal > 0 AND d.state = " SQL_LIVE "),"
				 " owner AS MATERIALIZED (SELECT DISTINCT q.object AS object, q.document AS document, t.organisation AS organisation"
				 " FROM part q JOIN attribution t ON t.content = q.content AND t.role = " SQL_PARTY
				 " AND t.confidence >= ?1),"
				 " networks AS (SELECT w.organisation AS organisation, count(DISTINCT a.network) AS networks"
				 " FROM (SELECT DISTINCT organisation, object FROM owner) w JOIN access a ON a.object = w.object WHERE " IS_TAKEN
				 " GROUP BY w.organisation)"
				 " SELECT g.domain, count(DISTINCT w.document) AS documents, n.networks FROM owner w"
				 " JOIN organisation g ON g.number = w.organisation LEFT JOIN networks n ON n.organisation = w.organisation"
				 " GROUP BY w.organisation ORDER BY documents DESC, g.domain");
	bind_real(rows, 1, (double)ATTRIBUTION_DETERMINED);
	return list(store, rows, pass_organisation, &visit, reterr);
}

/* ---- of one ---- */

static enum status take_seen(void *context, sqlite3_stmt *row)
{
	struct reads_seen *seen = context;
	*seen = (struct reads_seen){
		.requests = column_unsigned(row, 0),
		.networks = column_unsigned(row, 1),
		.first = column_time(row, 2),
		.last = column_time(row, 3),
		.is_whole = sqlite3_column_int(row, 4) != 0,
		.is_covered = sqlite3_column_int(row, 5) != 0,
		.last_rightful = column_time(row, 6),
	};
	return STATUS_OK;
}

static void bind_container(sqlite3_stmt *at, const struct container *container)
{
	bind_integer(at, 1, container->provider);
	bind_text(at, 2, container->account);
	bind_text(at, 3, container->name);
}

#define PLACE_OF_CONTAINER \
	"p.provider = ?1 AND p.container = ?3 AND (p.account = ?2 OR substr(?2, -1 - length(p.account)) = '/' || p.account)"

enum status reads_of_object(struct store *store, const struct container *container, struct bytes name, struct bytes version,
                            struct reads_seen *ret_seen, struct failure *reterr)
{
	sqlite3_stmt *rows = database_take(
		&store->database,
		"SELECT count(*), count(DISTINCT a.network), min(a.time), max(a.time), EXISTS (SELECT 1 FROM document w"
		" WHERE w.id = tm_object_id(?1, ?2, CAST(?3 AS BLOB), ?4, ?5) AND w.state = " SQL_LIVE " AND " IS_WHOLE(
			"o.number",
			"w.number") "), 0"
				    " FROM access_place p JOIN access_object o ON o.place = p.number AND o.name = ?4 AND o.version = ?5"
				    " JOIN access a ON a.object = o.number WHERE " PLACE_OF_CONTAINER " AND " IS_TAKEN);
	bind_container(rows, container);
	bind_blob(rows, 4, name);
	bind_text(rows, 5, version);
	return list(store, rows, take_seen, ret_seen, reterr);
}

enum status reads_of_container(struct store *store, const struct container *container, struct reads_seen *ret_seen,
                               struct failure *reterr)
{
	sqlite3_stmt *rows = database_take(
		&store->database,
		"SELECT count(*), count(DISTINCT a.network), min(a.time), max(a.time), 0,"
		" EXISTS (SELECT 1 FROM access_place p JOIN access_span s ON s.place = p.number JOIN log_file f ON f.number = s.file"
		" AND f.kind > 0 JOIN access_place q ON q.provider = p.provider AND q.account = p.account JOIN access a"
		" ON a.place = q.number AND a.verb = 1 WHERE p.provider = ?1 AND p.container IN ('', ?3) AND (p.account = ?2"
		" OR substr(?2, -1 - length(p.account)) = '/' || p.account) AND (p.container = '' OR q.container = p.container)),"
		" (SELECT max(a.time) FROM access_place p JOIN access a ON a.place = p.number WHERE " PLACE_OF_CONTAINER
		" AND " IS_READ " AND a.caller = 3 AND NOT " IS_OWN ")"
		" FROM access_place p"
		" JOIN access a ON a.place = p.number WHERE " PLACE_OF_CONTAINER " AND " IS_TAKEN);
	bind_container(rows, container);
	return list(store, rows, take_seen, ret_seen, reterr);
}
