/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs: tokens by their digests. A payload is the subject. */
#include "catalog/proving.h"

#include "base/clock.h"
#include "base/digest.h"

enum { PAYLOAD_MAX = 1 << 12 };

enum status proof_make(struct proving *proving, struct bytes subject, enum proof_method method, int64_t now,
                       char ret_token[PROOF_SECRET_TEXT_SIZE])
{
	unsigned char drawn[SECRET_SIZE], token[KEYED_SIZE], keyed[KEYED_SIZE];
	struct buffer sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	int64_t number = 0;
	proving_draw(drawn);
	proving_digest(proving, "bearer", bytes_of(drawn, sizeof drawn), token);
	proving_digest(proving, "subject", subject, keyed);
	enum status status = proving_next(proving, "SELECT max(number) FROM proof", &number);
	if (status == STATUS_OK)
		status = proving_seal(proving, "proof", number, &subject, 1, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(
			proving->database, "INSERT INTO proof (number, incident, token, subject, method, made, expires, payload)"
					   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
		bind_integer(row, 1, number);
		bind_integer(row, 2, proving->incident->place.number);
		bind_blob(row, 3, bytes_of(token, sizeof token));
		bind_blob(row, 4, bytes_of(keyed, sizeof keyed));
		bind_integer(row, 5, method);
		bind_integer(row, 6, now);
		bind_integer(row, 7, now + PROOF_SECONDS);
		bind_blob(row, 8, buffer_bytes(&sealed));
		status = database_run(proving->database, row);
	}
	buffer_free(&sealed);
	if (status == STATUS_OK) {
		digest_format_base32(bytes_of(drawn, sizeof drawn), ret_token);
		ret_token[PROOF_SECRET_TEXT_SIZE - 1] = '\0';
	}
	explicit_bzero(drawn, sizeof drawn);
	return status;
}

/* ---- whose it is ---- */

static void token_digest(const struct proving *proving, struct bytes written, unsigned char into[KEYED_SIZE])
{
	unsigned char drawn[SECRET_SIZE] = {0};
	bool is_one = written.len == PROOF_SECRET_TEXT_SIZE - 1 && digest_parse_base32(written, drawn, sizeof drawn) == STATUS_OK;
	proving_digest(proving, is_one ? "bearer" : "no bearer", bytes_of(drawn, sizeof drawn), into);
}

/* DENIED, too, for one that was good once. */
static enum status find(struct proving *proving, struct bytes token, int64_t now, struct arena *arena, int64_t *ret_number,
                        struct proven *proven)
{
	unsigned char digest[KEYED_SIZE];
	token_digest(proving, token, digest);
	sqlite3_stmt *row = database_take(proving->database,
	                                  "SELECT number, method, made, expires, payload FROM proof"
	                                  " WHERE token = ?1 AND incident = ?2 AND expires > ?3 AND revoked IS NULL");
	bind_blob(row, 1, bytes_of(digest, sizeof digest));
	bind_integer(row, 2, proving->incident->place.number);
	bind_integer(row, 3, now);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK) {
		*ret_number = sqlite3_column_int64(row, 0);
		proven->method = (enum proof_method)sqlite3_column_int(row, 1);
		proven->made = sqlite3_column_int64(row, 2);
		proven->expires = sqlite3_column_int64(row, 3);
		status = proving_unseal(proving, "proof", *ret_number, column_bytes(row, 4), arena, &proven->subject, 1);
	}
	database_give(proving->database, row);
	return status == STATUS_END ? STATUS_DENIED : status;
}

static enum status refuse(struct incident *incident, int64_t now, struct failure *reterr)
{
	struct proving proving;
	enum status status = proving_begin(&proving, incident, reterr);
	if (status == STATUS_OK)
		status = proving_end(&proving, proving_refuse(&proving, ATTEMPT_TOKEN, now), reterr);
	return status == STATUS_OK ? fail(reterr, STATUS_DENIED, "", "this token gives no right to an answer") : status;
}

enum status proof_find(struct incident *incident, struct bytes token, int64_t now, struct arena *arena, struct proven *ret_proven,
                       struct failure *reterr)
{
	struct proving proving;
	struct proven proven = {.subject = BYTES_NONE};
	int64_t number;
	proving_open(&proving, incident);
	enum status status = find(&proving, token, now, arena, &number, &proven);
	proving_shut(&proving);
	if (status == STATUS_DENIED)
		return refuse(incident, now, reterr);
	if (status == STATUS_OK)
		*ret_proven = proven;
	return database_tell(proving.database, status, reterr);
}

/* ---- giving it up, taking it away ---- */

static enum status revoke(struct proving *proving, struct bytes subject, int64_t number, int64_t now)
{
	unsigned char keyed[KEYED_SIZE];
	sqlite3_stmt *end = database_take(proving->database, "UPDATE proof SET revoked = ?1 WHERE incident = ?2 AND subject = ?3"
	                                                     " AND revoked IS NULL AND (?4 = 0 OR number = ?4)");
	proving_digest(proving, "subject", subject, keyed);
	bind_integer(end, 1, now);
	bind_integer(end, 2, proving->incident->place.number);
	bind_blob(end, 3, bytes_of(keyed, sizeof keyed));
	bind_integer(end, 4, number);
	return database_run(proving->database, end);
}

enum status proof_revoke(struct incident *incident, struct bytes token, int64_t now, struct failure *reterr)
{
	struct proving proving;
	struct proven proven = {.subject = BYTES_NONE};
	struct arena arena = arena_with_ceiling(2 * PAYLOAD_MAX);
	int64_t number = 0;
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	enum status found = find(&proving, token, now, &arena, &number, &proven);
	status = found == STATUS_OK ? revoke(&proving, proven.subject, number, now) : found;
	if (status == STATUS_OK)
		status = proving_record(&proving, &(struct occurrence){.verb = "proof revoke",
		                                                       .subject = proven.subject,
		                                                       .method = proven.method,
		                                                       .result = ASKED_REVOKED,
		                                                       .now = now});
	arena_free(&arena);
	status = proving_end(&proving, found == STATUS_DENIED ? STATUS_OK : status, reterr);
	return found == STATUS_DENIED && status == STATUS_OK
	               ? fail(reterr, STATUS_DENIED, "", "this token gives no right to an answer")
	               : status;
}

/* What may still become a proof of it, by a statement that is given a time, the incident and the subject. */
static enum status end_attempts(struct proving *proving, const char *sql, struct bytes subject, int64_t now)
{
	unsigned char keyed[KEYED_SIZE];
	sqlite3_stmt *end = database_take(proving->database, sql);
	proving_digest(proving, "subject", subject, keyed);
	bind_integer(end, 1, now);
	bind_integer(end, 2, proving->incident->place.number);
	bind_blob(end, 3, bytes_of(keyed, sizeof keyed));
	return database_run(proving->database, end);
}

static const char end_challenges[] = "UPDATE challenge SET expires = min(expires, ?1) WHERE incident = ?2 AND subject = ?3";
static const char end_invitations[] = "UPDATE invitation SET expires = min(expires, ?1) WHERE incident = ?2 AND subject = ?3";

enum status proofs_revoke(struct incident *incident, struct bytes subject, struct bytes operator_name, struct bytes why,
                          int64_t now, struct failure *reterr)
{
	struct proving proving;
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = revoke(&proving, subject, 0, now);
	if (status == STATUS_OK)
		status = end_attempts(&proving, end_challenges, subject, now);
	if (status == STATUS_OK)
		status = end_attempts(&proving, end_invitations, subject, now);
	if (status == STATUS_OK)
		status = proving_record(&proving, &(struct occurrence){.verb = "proof revoke",
		                                                       .subject = subject,
		                                                       .operator_name = operator_name,
		                                                       .why = why,
		                                                       .result = ASKED_REVOKED,
		                                                       .now = now});
	return proving_end(&proving, status, reterr);
}

enum status proof_is_there(struct incident *incident, struct bytes subject, int64_t since, int64_t now, bool *ret_is_there,
                           struct failure *reterr)
{
	struct proving proving;
	unsigned char keyed[KEYED_SIZE];
	int64_t count;
	proving_open(&proving, incident);
	proving_digest(&proving, "subject", subject, keyed);
	sqlite3_stmt *row = database_take(proving.database, "SELECT count(*) FROM proof WHERE incident = ?1 AND subject = ?2"
	                                                    " AND made >= ?3 AND expires > ?4 AND revoked IS NULL");
	bind_integer(row, 1, incident->place.number);
	bind_blob(row, 2, bytes_of(keyed, sizeof keyed));
	bind_integer(row, 3, since);
	bind_integer(row, 4, now);
	enum status status = database_read_integer(proving.database, row, 0, &count);
	proving_shut(&proving);
	if (status == STATUS_OK)
		*ret_is_there = count > 0;
	return database_tell(proving.database, status, reterr);
}
