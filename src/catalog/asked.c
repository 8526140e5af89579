/* SPDX-License-Identifier: Apache-2.0 */
/* The record of answers, what a subject may see of it, and what the operator does. */
#include "catalog/proving.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"

/* ---- an answer is told ---- */

static void digest_of(const struct proving *proving, const struct telling_record *record, unsigned char into[KEYED_SIZE])
{
	unsigned char inner[DIGEST_SHA256_SIZE];
	const struct bytes parts[] = {
		record->subject,
		BYTES_LITERAL("\0"),
		bytes_of(record->documents, record->document_count * sizeof *record->documents),
	};
	digest_sha256_of(parts, 3, inner);
	proving_digest(proving, "told", bytes_of(inner, sizeof inner), into);
}

static enum status note_told(struct proving *proving, const unsigned char digest[KEYED_SIZE], bool *ret_is_new)
{
	sqlite3_stmt *note = database_take(proving->database, "INSERT OR IGNORE INTO told (incident, digest) VALUES (?1, ?2)");
	bind_integer(note, 1, proving->incident->place.number);
	bind_blob(note, 2, bytes_of(digest, KEYED_SIZE));
	enum status status = database_run(proving->database, note);
	if (status == STATUS_OK)
		*ret_is_new = sqlite3_changes(proving->database->handle) > 0;
	return status;
}

static void write_told(const struct telling_record *record, const unsigned char digest[KEYED_SIZE], bool is_new,
                       struct buffer *into)
{
	char id[ID_TEXT_SIZE];
	buffer_append_format(into, "\"documents\":%zu,\"answer\":\"", record->document_count);
	digest_append_base32(into, bytes_of(digest, KEYED_SIZE));
	buffer_append_string(into, "\"");
	if (!is_new)
		return;
	buffer_append_string(into, ",\"ids\":[");
	for (size_t i = 0; i < record->document_count; i++)
		buffer_append_format(into, "%s\"%s\"", i > 0 ? "," : "", id_format(record->documents[i], id));
	buffer_append_string(into, "]");
}

enum status record_telling(struct incident *incident, const struct telling_record *record, struct failure *reterr)
{
	struct proving proving;
	unsigned char digest[KEYED_SIZE];
	struct buffer members = buffer_with_ceiling(1u << 24);
	bool is_new = false;
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	digest_of(&proving, record, digest);
	status = note_told(&proving, digest, &is_new);
	if (status == STATUS_OK) {
		write_told(record, digest, is_new, &members);
		status = buffer_status(&members);
	}
	if (status == STATUS_OK)
		status = proving_record(&proving, &(struct occurrence){.verb = "answer",
		                                                       .subject = record->subject,
		                                                       .peer = record->peer,
		                                                       .operator_name = record->operator_name,
		                                                       .method = record->method,
		                                                       .result = record->result,
		                                                       .ticket = record->ticket,
		                                                       .door = record->door,
		                                                       .members = buffer_bytes(&members),
		                                                       .now = record->now});
	buffer_free(&members);
	return proving_end(&proving, status, reterr);
}

enum status record_reading(struct incident *incident, struct bytes subject, enum proof_method method, struct bytes peer,
                           int64_t now, struct failure *reterr)
{
	struct proving proving;
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	return proving_end(&proving,
	                   proving_record(&proving, &(struct occurrence){.verb = "asked",
	                                                                 .subject = subject,
	                                                                 .peer = peer,
	                                                                 .method = method,
	                                                                 .result = ASKED_READ,
	                                                                 .now = now}),
	                   reterr);
}

/* ---- who asked ---- */

enum status asked_about(struct incident *incident, struct bytes subject, uint64_t before, asked_visitor *each, void *context,
                        struct failure *reterr)
{
	struct proving proving;
	unsigned char keyed[KEYED_SIZE];
	proving_open(&proving, incident);
	proving_digest(&proving, "subject", subject, keyed);
	sqlite3_stmt *rows = database_take(proving.database, "SELECT nth, time, method, result, network FROM asked"
	                                                     " WHERE incident = ?1 AND subject = ?2 AND nth < ?3"
	                                                     " ORDER BY nth DESC");
	bind_integer(rows, 1, incident->place.number);
	bind_blob(rows, 2, bytes_of(keyed, sizeof keyed));
	bind_unsigned(rows, 3, before > 0 && before < INT64_MAX ? before : INT64_MAX);
	enum status status, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(proving.database, rows)) == STATUS_OK) {
		struct asked asked = {
			.nth = column_unsigned(rows, 0),
			.at = sqlite3_column_int64(rows, 1),
			.method = (enum proof_method)sqlite3_column_int(rows, 2),
			.result = (enum asked_result)sqlite3_column_int(rows, 3),
			.network = column_bytes(rows, 4),
		};
		passed = each(context, &asked);
	}
	database_give(proving.database, rows);
	proving_shut(&proving);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(proving.database, passed != STATUS_OK ? passed : status, reterr);
}

enum status subject_state_of(struct incident *incident, struct bytes subject, struct subject_state *ret_state,
                             struct failure *reterr)
{
	struct proving proving;
	unsigned char keyed[KEYED_SIZE];
	proving_open(&proving, incident);
	proving_digest(&proving, "subject", subject, keyed);
	sqlite3_stmt *row = database_take(
		proving.database, "SELECT count(*) FILTER (WHERE result = 1), max(time) FILTER (WHERE result = 6),"
				  " max(time) FILTER (WHERE result IN (7, 11)) FROM asked WHERE incident = ?1 AND subject = ?2");
	_Static_assert(ASKED_STARTED == 1 && ASKED_PROVED == 6 && ASKED_ANSWERED == 7 && ASKED_HELPDESK == 11, "asked.result");
	bind_integer(row, 1, incident->place.number);
	bind_blob(row, 2, bytes_of(keyed, sizeof keyed));
	enum status status = database_step(proving.database, row);
	if (status == STATUS_OK)
		*ret_state = (struct subject_state){column_unsigned(row, 0), column_time(row, 1), column_time(row, 2)};
	database_give(proving.database, row);
	proving_shut(&proving);
	return database_tell(proving.database, status, reterr);
}
