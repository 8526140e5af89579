/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions, digests, seals and the record of proofs. */
#include "catalog/proving.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "model/peer.h"

#include <time.h>

enum { HOUR = 3600, TEXTS_MAX = 1 << 17, WAIT_MS = 2, WAITS_MAX = 5000 };

/* ---- a transaction ---- */

void proving_open(struct proving *proving, struct incident *incident)
{
	*proving = (struct proving){.incident = incident, .database = &incident->catalog->database};
	vault_key_derive(&incident->place.key, "proofs", &proving->key);
}

void proving_shut(struct proving *proving)
{
	vault_key_wipe(&proving->key);
}

/* Many threads write a little each, all the time: who looked ever less often would never find it free. */
static int wait_shortly(void *context, int waits)
{
	const struct timespec moment = {.tv_nsec = WAIT_MS * 1000000L};
	(void)context;
	nanosleep(&moment, NULL);
	return waits < WAITS_MAX;
}

enum status proving_begin(struct proving *proving, struct incident *incident, struct failure *reterr)
{
	if (incident->catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, incident->catalog->directory, "the catalog is open for reading only");
	sqlite3_busy_handler(incident->catalog->database.handle, wait_shortly, NULL);
	enum status status = database_begin(&incident->catalog->database);
	if (status != STATUS_OK)
		return database_tell(&incident->catalog->database, status, reterr);
	proving_open(proving, incident);
	return STATUS_OK;
}

enum status proving_end(struct proving *proving, enum status status, struct failure *reterr)
{
	if (status == STATUS_OK)
		status = database_commit(proving->database);
	if (status != STATUS_OK)
		database_roll_back(proving->database);
	proving_shut(proving);
	if (status == STATUS_ABSENT)
		return fail(reterr, status, "", "the incident was erased");
	return database_tell(proving->database, status, reterr);
}

/* ---- digests and seals ---- */

void proving_digest(const struct proving *proving, const char *purpose, struct bytes of, unsigned char into[KEYED_SIZE])
{
	unsigned char inner[DIGEST_SHA256_SIZE];
	const struct bytes parts[] = {bytes_of(purpose, strlen(purpose) + 1), of};
	digest_sha256_of(parts, 2, inner);
	digest_hmac_sha256(bytes_of(proving->key.bytes, sizeof proving->key.bytes), bytes_of(inner, sizeof inner), into);
}

void proving_asker(const struct proving *proving, struct bytes peer, unsigned char into[KEYED_SIZE])
{
	unsigned char asker[PEER_ASKER_SIZE];
	peer_asker(peer, asker);
	proving_digest(proving, "asker", bytes_of(asker, sizeof asker), into);
}

void proving_draw(unsigned char into[SECRET_SIZE])
{
	struct vault_key drawn;
	vault_key_generate(&drawn);
	memcpy(into, drawn.bytes, SECRET_SIZE);
	vault_key_wipe(&drawn);
}

bool proving_is_equal(const unsigned char *a, const unsigned char *b, size_t len)
{
	unsigned char differs = 0;
	for (size_t i = 0; i < len; i++)
		differs |= a[i] ^ b[i];
	return differs == 0;
}

bool proving_read_code(struct bytes written, unsigned char *into, size_t size)
{
	char letters[64];
	size_t count = 0, wanted = (8 * size + 4) / 5;
	for (size_t i = 0; i < written.len; i++) {
		unsigned char letter = written.at[i];
		if (letter == ' ' || letter == '-' || letter == '\t')
			continue;
		if (count == wanted || count == sizeof letters)
			return false;
		letters[count++] = (char)(letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter);
	}
	return count == wanted && digest_parse_base32(bytes_of(letters, count), into, size) == STATUS_OK;
}

static void bind_to(const char *table, int64_t number, unsigned char into[24])
{
	memset(into, 0, 24);
	memcpy(into, table, strnlen(table, 16));
	store_le64(into + 16, (uint64_t)number);
}

enum status proving_seal(const struct proving *proving, const char *table, int64_t number, const struct bytes *texts,
                         size_t count, struct buffer *into)
{
	unsigned char binding[24];
	struct buffer plain = buffer_with_ceiling(TEXTS_MAX);
	bind_to(table, number, binding);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_byte(&plain, '\0');
		buffer_append(&plain, texts[i]);
	}
	enum status status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = vault_seal(&proving->incident->place.key, bytes_of(binding, sizeof binding), buffer_bytes(&plain), into);
	buffer_free(&plain);
	return status;
}

/* The last text is all that is left. */
static bool part(struct bytes plain, struct bytes *texts, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++) {
		size_t end = bytes_find_byte(plain, '\0');
		if (end == BYTES_NOT_FOUND)
			return false;
		texts[i] = bytes_slice(plain, 0, end);
		plain = bytes_from(plain, end + 1);
	}
	texts[count - 1] = plain;
	return true;
}

enum status proving_unseal(const struct proving *proving, const char *table, int64_t number, struct bytes sealed,
                           struct arena *arena, struct bytes *texts, size_t count)
{
	unsigned char binding[24];
	struct buffer plain = buffer_with_ceiling(TEXTS_MAX);
	bind_to(table, number, binding);
	enum status status = vault_open(&proving->incident->place.key, bytes_of(binding, sizeof binding), sealed, &plain);
	if (status == STATUS_DENIED)
		status = STATUS_MALFORMED;
	struct bytes copy = status == STATUS_OK ? arena_copy(arena, buffer_bytes(&plain)) : BYTES_NONE;
	if (status == STATUS_OK && plain.len > 0 && copy.at == NULL)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK && !part(copy, texts, count))
		status = STATUS_MALFORMED;
	buffer_free(&plain);
	return status;
}

enum status proving_next(struct proving *proving, const char *select, int64_t *ret_number)
{
	int64_t last;
	enum status status = database_read_integer(proving->database, database_take(proving->database, select), 0, &last);
	if (status == STATUS_OK)
		*ret_number = last + 1;
	return status;
}

/* ---- the record ---- */

static void member_unless_empty(struct json_writer *json, const char *key, struct bytes text)
{
	if (text.len > 0)
		json_member_text(json, key, text);
}

static enum status add_entry(struct proving *proving, const struct occurrence *occurrence, const char *network)
{
	struct buffer detail = buffer_with_ceiling(1u << 24);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "subject", occurrence->subject);
	if (occurrence->method > 0)
		json_member_string(&json, "method", proof_method_name(occurrence->method));
	if (occurrence->result > 0)
		json_member_string(&json, "result", asked_result_name(occurrence->result));
	member_unless_empty(&json, "network", bytes_of_string(network));
	member_unless_empty(&json, "door", occurrence->door);
	member_unless_empty(&json, "ticket", occurrence->ticket);
	member_unless_empty(&json, "why", occurrence->why);
	if (occurrence->members.len > 0) {
		buffer_append_byte(&detail, ',');
		buffer_append(&detail, occurrence->members);
	}
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = journal_add(proving->incident, occurrence->verb, occurrence->operator_name, buffer_bytes(&detail));
	buffer_free(&detail);
	return status;
}

static enum status add_asked(struct proving *proving, const struct occurrence *occurrence, const char *network)
{
	unsigned char subject[KEYED_SIZE];
	sqlite3_stmt *row = database_take(
		proving->database,
		"INSERT INTO asked (incident, subject, nth, time, method, result, network) VALUES (?1, ?2,"
		" (SELECT ifnull(max(nth), 0) + 1 FROM asked WHERE incident = ?1 AND subject = ?2), ?3, ?4, ?5, ?6)");
	proving_digest(proving, "subject", occurrence->subject, subject);
	bind_integer(row, 1, proving->incident->place.number);
	bind_blob(row, 2, bytes_of(subject, sizeof subject));
	bind_integer(row, 3, occurrence->now);
	bind_integer(row, 4, occurrence->method);
	bind_integer(row, 5, occurrence->result);
	bind_text(row, 6, bytes_of_string(network));
	return database_run(proving->database, row);
}

enum status proving_record(struct proving *proving, const struct occurrence *occurrence)
{
	char network[PEER_TEXT_SIZE];
	peer_network(occurrence->peer, network);
	enum status status = occurrence->result > 0 ? add_asked(proving, occurrence, network) : STATUS_OK;
	return status == STATUS_OK ? add_entry(proving, occurrence, network) : status;
}

/* ---- how often ---- */

static enum status journal_refusals(struct proving *proving, int64_t hour)
{
	struct database *database = proving->database;
	sqlite3_stmt *rows = database_take(database,
	                                   "SELECT hour, sum(count) FILTER (WHERE kind = 1), sum(count) FILTER (WHERE kind = 2),"
	                                   " sum(count) FILTER (WHERE kind = 3) FROM refusal"
	                                   " WHERE incident = ?1 AND hour < ?2 GROUP BY hour ORDER BY hour");
	struct buffer detail = buffer_with_ceiling(1u << 20);
	struct json_writer json = json_writer_into(&detail);
	bind_integer(rows, 1, proving->incident->place.number);
	bind_integer(rows, 2, hour);
	json_begin_object(&json);
	json_key(&json, "hours");
	json_begin_array(&json);
	bool has_any = false;
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		has_any = true;
		json_begin_object(&json);
		json_member_time(&json, "from", sqlite3_column_int64(rows, 0) * HOUR);
		json_member_unsigned(&json, "begun", column_unsigned(rows, 1));
		json_member_unsigned(&json, "checked", column_unsigned(rows, 2));
		json_member_unsigned(&json, "tokens", column_unsigned(rows, 3));
		json_end_object(&json);
	}
	database_give(database, rows);
	json_end_array(&json);
	json_end_object(&json);
	status = status == STATUS_END ? buffer_status(&detail) : status;
	if (status == STATUS_OK && has_any)
		status = journal_add(proving->incident, "proof refused", BYTES_NONE, buffer_bytes(&detail));
	buffer_free(&detail);
	if (status != STATUS_OK || !has_any)
		return status;
	sqlite3_stmt *erase = database_take(database, "DELETE FROM refusal WHERE incident = ?1 AND hour < ?2");
	bind_integer(erase, 1, proving->incident->place.number);
	bind_integer(erase, 2, hour);
	return database_run(database, erase);
}

enum status proving_refuse(struct proving *proving, enum attempt_kind kind, int64_t now)
{
	sqlite3_stmt *count = database_take(proving->database,
	                                    "INSERT INTO refusal (incident, hour, kind, count) VALUES (?1, ?2, ?3, 1)"
	                                    " ON CONFLICT DO UPDATE SET count = count + 1");
	enum status status = journal_refusals(proving, now / HOUR);
	bind_integer(count, 1, proving->incident->place.number);
	bind_integer(count, 2, now / HOUR);
	bind_integer(count, 3, kind);
	if (status == STATUS_OK)
		return database_run(proving->database, count);
	database_give(proving->database, count);
	return status;
}

static enum status note_attempt(struct proving *proving, const unsigned char asker[KEYED_SIZE], enum attempt_kind kind,
                                int64_t now)
{
	sqlite3_stmt *erase = database_take(proving->database, "DELETE FROM attempt WHERE time <= ?1");
	bind_integer(erase, 1, now - HOUR);
	enum status status = database_run(proving->database, erase);
	if (status == STATUS_OK)
		status = journal_refusals(proving, now / HOUR);
	sqlite3_stmt *note = database_take(proving->database, "INSERT INTO attempt (asker, kind, time) VALUES (?1, ?2, ?3)");
	bind_blob(note, 1, bytes_of(asker, KEYED_SIZE));
	bind_integer(note, 2, kind);
	bind_integer(note, 3, now);
	if (status == STATUS_OK)
		return database_run(proving->database, note);
	database_give(proving->database, note);
	return status;
}

enum status proving_attempt(struct proving *proving, struct bytes peer, enum attempt_kind kind, unsigned max, int64_t now,
                            uint32_t *ret_retry_after)
{
	unsigned char asker[KEYED_SIZE];
	uint64_t count = 0;
	int64_t first = now;
	proving_asker(proving, peer, asker);
	sqlite3_stmt *row = database_take(proving->database,
	                                  "SELECT count(*), min(time) FROM attempt WHERE asker = ?1 AND kind = ?2 AND time > ?3");
	bind_blob(row, 1, bytes_of(asker, sizeof asker));
	bind_integer(row, 2, kind);
	bind_integer(row, 3, now - HOUR);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK) {
		count = column_unsigned(row, 0);
		first = column_unsigned(row, 0) > 0 ? sqlite3_column_int64(row, 1) : now;
	}
	database_give(proving->database, row);
	if (status != STATUS_OK)
		return status;
	if (count < max)
		return note_attempt(proving, asker, kind, now);
	*ret_retry_after = (uint32_t)(first + HOUR > now ? first + HOUR - now : 1);
	status = proving_refuse(proving, kind, now);
	return status == STATUS_OK ? STATUS_BUSY : status;
}
