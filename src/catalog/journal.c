/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: append-only, each entry's hash over its predecessor's, its own
 * header and the hash of its sealed payload. That is sealed with the incident's
 * key (or the catalog's, where it is of no incident): once that key is erased
 * nobody can read it, and the chain still verifies.
 *
 * Payload: who, a zero byte, the detail. Entries written before it was asked who
 * are their detail alone, which as JSON has no zero byte.
 */
#include "catalog/inside.h"

#include "base/clock.h"
#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>

struct chain_entry {
	uint64_t sequence, reached; /* reached: by the incident, when it was written (turn.h) */
	int64_t time;
	struct bytes verb, incident_name, payload;
};

/* SHA-256 over a name, the hash before, sequence, time, what was reached, and each behind its length: verb, incident,
 * SHA-256 of the sealed detail. */
static void chain(const unsigned char before[32], const struct chain_entry *entry, unsigned char into[32])
{
	unsigned char numbers[24], lengths[3][8], payload[32];
	store_le64(numbers, entry->sequence);
	store_le64(numbers + 8, (uint64_t)entry->time);
	store_le64(numbers + 16, entry->reached);
	digest_sha256(entry->payload, payload);
	store_le64(lengths[0], entry->verb.len);
	store_le64(lengths[1], entry->incident_name.len);
	store_le64(lengths[2], sizeof payload);
	const struct bytes message[] = {
		BYTES_LITERAL("tidemark-journal-1"),
		bytes_of(before, 32),
		bytes_of(numbers, sizeof numbers),
		bytes_of(lengths[0], 8),
		entry->verb,
		bytes_of(lengths[1], 8),
		entry->incident_name,
		bytes_of(lengths[2], 8),
		bytes_of(payload, sizeof payload),
	};
	digest_sha256_of(message, sizeof message / sizeof *message, into);
}

static void payload_binding(uint64_t sequence, unsigned char into[16])
{
	memcpy(into, "journal\0", 8);
	store_le64(into + 8, sequence);
}

/* ---- appending ---- */

static enum status read_head(struct database *database, uint64_t *ret_sequence, unsigned char ret_hash[32])
{
	sqlite3_stmt *row = database_take(database, "SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1");
	enum status status = database_step(database, row);
	*ret_sequence = 0;
	memset(ret_hash, 0, 32);
	if (status == STATUS_OK) {
		struct bytes hash = column_bytes(row, 1);
		*ret_sequence = column_unsigned(row, 0);
		if (hash.len == 32)
			memcpy(ret_hash, hash.at, 32);
		else
			status = STATUS_MALFORMED;
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status insert_entry(struct database *database, const struct chain_entry *entry, int64_t incident,
                                const unsigned char hash[32])
{
	sqlite3_stmt *insert = database_take(
		database, "INSERT INTO journal (sequence, time, verb, incident_name, incident, payload, hash, reached)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	bind_unsigned(insert, 1, entry->sequence);
	bind_integer(insert, 2, entry->time);
	bind_text(insert, 3, entry->verb);
	bind_text(insert, 4, entry->incident_name);
	if (incident > 0)
		bind_integer(insert, 5, incident);
	bind_blob(insert, 6, entry->payload);
	bind_blob(insert, 7, bytes_of(hash, 32));
	bind_unsigned(insert, 8, entry->reached);
	return database_run(database, insert);
}

static enum status find_reached(struct database *database, int64_t incident, uint64_t *ret_reached)
{
	int64_t reached = 0;
	sqlite3_stmt *find = database_take(database, "SELECT reached FROM incident WHERE number = ?1");
	bind_integer(find, 1, incident);
	enum status status = database_read_integer(database, find, 0, &reached);
	*ret_reached = (uint64_t)reached;
	return status;
}

static enum status seal(const struct vault_key *key, uint64_t sequence, struct bytes operator_name, struct bytes detail,
                        struct buffer *sealed)
{
	unsigned char binding[16];
	struct buffer plain = buffer_with_ceiling(1u << 24);
	payload_binding(sequence, binding);
	buffer_append(&plain, operator_name);
	buffer_append_byte(&plain, '\0');
	buffer_append(&plain, detail);
	enum status status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = vault_seal(key, bytes_of(binding, sizeof binding), buffer_bytes(&plain), sealed);
	buffer_free(&plain);
	return status;
}

static enum status append(struct database *database, struct chain_entry *entry, const struct vault_key *key, int64_t incident,
                          struct bytes operator_name, struct bytes detail)
{
	unsigned char before[32], hash[32];
	uint64_t last = 0;
	struct buffer payload = buffer_with_ceiling(1u << 24);
	enum status status = read_head(database, &last, before);
	if (status == STATUS_OK)
		status = find_reached(database, incident, &entry->reached);
	entry->sequence = last + 1;
	entry->time = clock_now();
	if (status == STATUS_OK)
		status = seal(key, entry->sequence, operator_name, detail, &payload);
	entry->payload = buffer_bytes(&payload);
	if (status == STATUS_OK) {
		chain(before, entry, hash);
		status = insert_entry(database, entry, incident, hash);
	}
	buffer_free(&payload);
	return status;
}

enum status journal_add(struct incident *incident, const char *verb, struct bytes operator_name, struct bytes detail)
{
	struct database *database = &incident->catalog->database;
	struct buffer name = buffer_with_ceiling(1u << 16);
	struct chain_entry entry = {.verb = bytes_of_string(verb)};
	sqlite3_stmt *row = database_take(database, "SELECT name FROM incident WHERE number = ?1 AND wrapped_key IS NOT NULL");
	bind_integer(row, 1, incident->place.number);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		buffer_append(&name, column_bytes(row, 0));
	database_give(database, row);
	if (status == STATUS_OK)
		status = buffer_status(&name);
	entry.incident_name = buffer_bytes(&name);
	if (status == STATUS_OK)
		status = append(database, &entry, &incident->place.key, incident->place.number, operator_name, detail);
	buffer_free(&name);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

enum status journal_append(struct catalog *catalog, const char *verb, struct bytes incident, struct bytes operator_name,
                           struct bytes detail, struct failure *reterr)
{
	struct database *database = &catalog->database;
	struct incident_place place = {.number = 0};
	struct chain_entry entry = {.verb = bytes_of_string(verb), .incident_name = incident};
	struct failure failure;
	enum status status = STATUS_ABSENT;
	if (incident.len > 0)
		status = find_incident(catalog, incident, &place, &failure);
	if (status == STATUS_ABSENT)
		vault_key_derive(&catalog->key, "journal", &place.key);
	else if (status != STATUS_OK)
		return fail(reterr, status, failure.where, "%s", failure.why);
	status = database_begin(database);
	if (status == STATUS_OK)
		status = append(database, &entry, &place.key, place.number, operator_name, detail);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	incident_place_free(&place);
	return database_tell(database, status, reterr);
}

/* ---- showing ---- */

#define ENTRIES \
	"SELECT sequence, time, verb, incident_name, payload, hash, incident, (SELECT identity FROM incident i" \
	" WHERE i.number = journal.incident), (SELECT wrapped_key FROM incident i WHERE i.number = journal.incident)," \
	" reached FROM journal"

static const char list_newest_first[] = ENTRIES
	" WHERE sequence < ?1 AND time >= ?2 AND (?3 = '' OR verb = ?3 OR substr(verb, 1, length(?3) + 1) = ?3 || ' ')"
	" ORDER BY sequence DESC";

/* DENIED once the key is erased. */
static enum status find_entry_key(struct catalog *catalog, sqlite3_stmt *row, struct vault_key *ret_key)
{
	struct wrapped_key wrapped;
	struct bytes blob = column_bytes(row, 8);
	if (column_is_null(row, 6)) {
		vault_key_derive(&catalog->key, "journal", ret_key);
		return STATUS_OK;
	}
	if (blob.len != sizeof wrapped.bytes)
		return STATUS_DENIED;
	memcpy(wrapped.bytes, blob.at, blob.len);
	return vault_unwrap(&catalog->key, &wrapped, column_bytes(row, 7), ret_key);
}

static void take_payload(struct journal_entry *entry, struct bytes payload)
{
	size_t end = bytes_find_byte(payload, '\0');
	entry->operator_name = bytes_slice(payload, 0, end == BYTES_NOT_FOUND ? 0 : end);
	entry->detail = bytes_from(payload, end == BYTES_NOT_FOUND ? 0 : end + 1);
}

static enum status show_entry(struct catalog *catalog, sqlite3_stmt *row,
                              enum status (*each)(void *, const struct journal_entry *), void *context)
{
	struct journal_entry entry = {.sequence = column_unsigned(row, 0),
	                              .time = column_time(row, 1),
	                              .verb = column_bytes(row, 2),
	                              .incident = column_bytes(row, 3)};
	struct buffer payload = buffer_with_ceiling(1u << 24);
	struct vault_key key;
	unsigned char binding[16];
	struct bytes hash = column_bytes(row, 5);
	if (hash.len == sizeof entry.hash)
		memcpy(entry.hash, hash.at, hash.len);
	payload_binding(entry.sequence, binding);
	enum status status = STATUS_OK;
	if (find_entry_key(catalog, row, &key) == STATUS_OK) {
		status = vault_open(&key, bytes_of(binding, sizeof binding), column_bytes(row, 4), &payload);
		if (status == STATUS_OK)
			take_payload(&entry, buffer_bytes(&payload));
		vault_key_wipe(&key);
	}
	if (status != STATUS_NO_MEMORY)
		status = each(context, &entry);
	buffer_free(&payload);
	return status;
}

enum status journal_show(struct catalog *catalog, const struct journal_question *question,
                         enum status (*each)(void *, const struct journal_entry *), void *context, struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *rows = database_take(database, list_newest_first);
	enum status status;
	bind_unsigned(rows, 1, question->before > 0 && question->before < INT64_MAX ? question->before : INT64_MAX);
	bind_integer(rows, 2, question->since);
	bind_text(rows, 3, question->verb);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = show_entry(catalog, rows, each, context);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return database_tell(database, status, reterr);
}

/* ---- verifying ---- */

/* MALFORMED if the entry of this row does not follow from head, which then moves on to it. */
static enum status verify_entry(sqlite3_stmt *row, uint64_t expected, unsigned char head[32])
{
	struct chain_entry entry = {.sequence = column_unsigned(row, 0),
	                            .time = sqlite3_column_int64(row, 1),
	                            .verb = column_bytes(row, 2),
	                            .incident_name = column_bytes(row, 3),
	                            .payload = column_bytes(row, 4),
	                            .reached = column_unsigned(row, 9)};
	struct bytes stored = column_bytes(row, 5);
	unsigned char hash[32];
	chain(head, &entry, hash);
	if (entry.sequence != expected || !bytes_equal(stored, bytes_of(hash, sizeof hash)))
		return STATUS_MALFORMED;
	memcpy(head, hash, sizeof hash);
	return STATUS_OK;
}

enum status journal_verify(struct catalog *catalog, uint64_t *ret_entries, uint64_t *ret_bad, unsigned char ret_head[32],
                           struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *rows = database_take(database, ENTRIES " ORDER BY sequence");
	unsigned char head[32] = {0};
	uint64_t entries = 0, at = 0;
	char where[48];
	enum status status, verdict = STATUS_OK;
	while (verdict == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK) {
		at = column_unsigned(rows, 0);
		verdict = verify_entry(rows, entries + 1, head);
		if (verdict == STATUS_OK)
			entries++;
	}
	database_give(database, rows);
	if (verdict == STATUS_MALFORMED) {
		*ret_bad = at;
		snprintf(where, sizeof where, "journal entry %llu", (unsigned long long)at);
		return fail(reterr, STATUS_MALFORMED, where,
		            "does not follow from the one before it: the journal was changed after it was "
		            "written");
	}
	if (verdict != STATUS_OK || status != STATUS_END)
		return database_tell(database, verdict != STATUS_OK ? verdict : status, reterr);
	*ret_entries = entries;
	memcpy(ret_head, head, sizeof head);
	return STATUS_OK;
}
