/* SPDX-License-Identifier: Apache-2.0 */
/* Challenges: made, taken up for a check, settled. */
#include "catalog/challenge.h"

#include "base/clock.h"
#include "base/digest.h"
#include "model/peer.h"

enum { KEPT_SECONDS = 86400 };

void challenge_secret(const struct proving *proving, const char *purpose, const unsigned char id[KEYED_SIZE],
                      unsigned char into[SECRET_SIZE])
{
	unsigned char digest[KEYED_SIZE];
	proving_digest(proving, purpose, bytes_of(id, KEYED_SIZE), digest);
	memcpy(into, digest, SECRET_SIZE);
}

void challenge_format(const unsigned char secret[SECRET_SIZE], char into[PROOF_SECRET_TEXT_SIZE])
{
	digest_format_base32(bytes_of(secret, SECRET_SIZE), into);
	into[PROOF_SECRET_TEXT_SIZE - 1] = '\0';
}

/* ---- making one ---- */

/* What is over and was for a day. */
static enum status tidy(struct proving *proving, int64_t now)
{
	sqlite3_stmt *challenges = database_take(proving->database, "DELETE FROM challenge WHERE expires < ?1");
	bind_integer(challenges, 1, now - KEPT_SECONDS);
	enum status status = database_run(proving->database, challenges);
	sqlite3_stmt *mails = database_take(proving->database, "DELETE FROM proof_mail WHERE due < ?1");
	bind_integer(mails, 1, now - CHALLENGE_MAIL_SECONDS);
	if (status == STATUS_OK)
		status = database_run(proving->database, mails);
	else
		database_give(proving->database, mails);
	sqlite3_stmt *mailed = database_take(proving->database, "DELETE FROM proof_mailed WHERE time <= ?1");
	bind_integer(mailed, 1, now - 86400);
	if (status == STATUS_OK)
		return database_run(proving->database, mailed);
	database_give(proving->database, mailed);
	return status;
}

struct making {
	struct proving proving;
	const struct challenge_plea *plea;
	unsigned char subject[KEYED_SIZE], asker[KEYED_SIZE], id[KEYED_SIZE];
	int64_t number, expires;
};

/* An asker's oldest makes room; nobody else's is touched. */
static enum status make_room(const struct making *making)
{
	const struct challenge_plea *plea = making->plea;
	sqlite3_stmt *replace = database_take(
		making->proving.database,
		"UPDATE challenge SET state = " SQL_REPLACED " WHERE number IN (SELECT number FROM challenge WHERE incident = ?1"
		" AND asker = ?2 AND subject = ?3 AND state = " SQL_OPEN_CHALLENGE " AND expires > ?4"
		" ORDER BY number DESC LIMIT -1 OFFSET ?5)");
	bind_integer(replace, 1, making->proving.incident->place.number);
	bind_blob(replace, 2, bytes_of(making->asker, KEYED_SIZE));
	bind_blob(replace, 3, bytes_of(making->subject, KEYED_SIZE));
	bind_integer(replace, 4, plea->now);
	bind_integer(replace, 5, plea->open_max > 0 ? plea->open_max - 1 : 0);
	return database_run(making->proving.database, replace);
}

static enum status insert_challenge(struct making *making)
{
	const struct challenge_plea *plea = making->plea;
	struct database *database = making->proving.database;
	struct buffer sealed = buffer_with_ceiling(CHALLENGE_PAYLOAD_MAX);
	char network[PEER_TEXT_SIZE];
	const struct bytes texts[TEXT_COUNT] = {
		[TEXT_SUBJECT] = plea->subject,
		[TEXT_MAILBOX] = plea->mailbox,
		[TEXT_NETWORK] = bytes_of_string(peer_network(plea->peer, network)),
		[TEXT_LANGUAGE] = plea->is_german ? BYTES_LITERAL("de") : BYTES_NONE,
		[TEXT_CODE] = plea->code,
	};
	enum status status = proving_next(&making->proving, "SELECT max(number) FROM challenge", &making->number);
	if (status == STATUS_OK)
		status = proving_seal(&making->proving, "challenge", making->number, texts, TEXT_COUNT, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(
			database, "INSERT INTO challenge (number, incident, id, subject, asker, method, state,"
				  " made, expires, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, " SQL_OPEN_CHALLENGE ", ?7, ?8, ?9)");
		bind_integer(row, 1, making->number);
		bind_integer(row, 2, making->proving.incident->place.number);
		bind_blob(row, 3, bytes_of(making->id, KEYED_SIZE));
		bind_blob(row, 4, bytes_of(making->subject, KEYED_SIZE));
		bind_blob(row, 5, bytes_of(making->asker, KEYED_SIZE));
		bind_integer(row, 6, plea->method);
		bind_integer(row, 7, plea->now);
		bind_integer(row, 8, making->expires);
		bind_blob(row, 9, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&sealed);
	return status;
}

/* A mail is asked for, unless so many went there within a day, whoever asked for them. */
static enum status order_mail(const struct making *making)
{
	struct database *database = making->proving.database;
	const struct challenge_plea *plea = making->plea;
	unsigned char scope[KEYED_SIZE];
	int64_t count;
	if (plea->mail_scope.len == 0)
		return STATUS_OK;
	proving_digest(&making->proving, "mail-scope", plea->mail_scope, scope);
	sqlite3_stmt *sent = database_take(database, "SELECT count(*) FROM proof_mailed WHERE scope = ?1 AND time > ?2");
	bind_blob(sent, 1, bytes_of(scope, sizeof scope));
	bind_integer(sent, 2, plea->now - 86400);
	enum status status = database_read_integer(database, sent, 0, &count);
	if (status != STATUS_OK || count >= MAILS_A_DAY)
		return status;
	sqlite3_stmt *note = database_take(database, "INSERT INTO proof_mailed (scope, time) VALUES (?1, ?2)");
	bind_blob(note, 1, bytes_of(scope, sizeof scope));
	bind_integer(note, 2, plea->now);
	status = database_run(database, note);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *mail = database_take(database, "INSERT INTO proof_mail (incident, challenge, due) VALUES (?1, ?2, ?3)");
	bind_integer(mail, 1, making->proving.incident->place.number);
	bind_integer(mail, 2, making->number);
	bind_integer(mail, 3, plea->now);
	return database_run(database, mail);
}

static enum status make(struct making *making, struct challenge_made *made)
{
	const struct challenge_plea *plea = making->plea;
	unsigned char id[SECRET_SIZE], token[SECRET_SIZE];
	proving_draw(id);
	proving_digest(&making->proving, "id", bytes_of(id, sizeof id), making->id);
	proving_digest(&making->proving, "subject", plea->subject, making->subject);
	proving_asker(&making->proving, plea->peer, making->asker);
	challenge_secret(&making->proving, "token", making->id, token);
	challenge_format(id, made->id);
	challenge_format(token, made->token);
	making->expires = plea->now + (plea->method == PROOF_MAIL ? CHALLENGE_MAIL_SECONDS : CHALLENGE_SECONDS);
	made->expires = making->expires;
	enum status status = make_room(making);
	if (status == STATUS_OK)
		status = insert_challenge(making);
	if (status == STATUS_OK)
		status = order_mail(making);
	return status == STATUS_OK ? proving_record(&making->proving, &(struct occurrence){.verb = "proof begin",
	                                                                                   .subject = plea->subject,
	                                                                                   .peer = plea->peer,
	                                                                                   .method = plea->method,
	                                                                                   .result = ASKED_STARTED,
	                                                                                   .now = plea->now})
	                           : status;
}

enum status challenge_make(struct incident *incident, const struct challenge_plea *plea, struct challenge_made *ret_made,
                           uint32_t *ret_retry_after, struct failure *reterr)
{
	struct making making = {.plea = plea};
	struct challenge_made made;
	enum status status = proving_begin(&making.proving, incident, reterr), verdict;
	if (status != STATUS_OK)
		return status;
	status = tidy(&making.proving, plea->now);
	verdict = status;
	if (status == STATUS_OK)
		verdict = proving_attempt(&making.proving, plea->peer, ATTEMPT_START, plea->per_hour_max, plea->now,
		                          ret_retry_after);
	if (verdict == STATUS_OK)
		verdict = make(&making, &made);
	status = proving_end(&making.proving, verdict == STATUS_BUSY ? STATUS_OK : verdict, reterr);
	if (status != STATUS_OK)
		return status;
	if (verdict == STATUS_BUSY)
		return fail(reterr, STATUS_BUSY, "", "too many proofs were begun from this address; try again later");
	*ret_made = made;
	return STATUS_OK;
}

/* ---- taking one up ---- */

struct taking {
	struct proving proving;
	const struct challenge_check *check;
	struct challenge challenge;
	unsigned char id[KEYED_SIZE];
	int64_t number, expires, looked;
	int64_t wrong, invitation;
	struct bytes code; /* that came with the plea */
};

static bool read_id(struct proving *proving, struct bytes written, unsigned char into[KEYED_SIZE])
{
	unsigned char id[SECRET_SIZE];
	if (written.len != PROOF_SECRET_TEXT_SIZE - 1 || digest_parse_base32(written, id, sizeof id) != STATUS_OK)
		return false;
	proving_digest(proving, "id", bytes_of(id, sizeof id), into);
	return true;
}

/* ABSENT if there is none. */
static enum status find(struct taking *taking, struct bytes written, struct arena *arena)
{
	struct database *database = taking->proving.database;
	struct bytes texts[TEXT_COUNT];
	unsigned char token[SECRET_SIZE];
	if (!read_id(&taking->proving, written, taking->id))
		return STATUS_ABSENT;
	sqlite3_stmt *row = database_take(database, "SELECT number, method, state, expires, looked, wrong, invitation, payload"
	                                            " FROM challenge WHERE id = ?1 AND incident = ?2");
	bind_blob(row, 1, bytes_of(taking->id, KEYED_SIZE));
	bind_integer(row, 2, taking->proving.incident->place.number);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		taking->number = sqlite3_column_int64(row, 0);
		taking->challenge.method = (enum proof_method)sqlite3_column_int(row, 1);
		taking->challenge.state = (enum challenge_state)sqlite3_column_int(row, 2);
		taking->expires = sqlite3_column_int64(row, 3);
		taking->looked = sqlite3_column_int64(row, 4);
		taking->wrong = sqlite3_column_int64(row, 5);
		taking->invitation = sqlite3_column_int64(row, 6);
		status = proving_unseal(&taking->proving, "challenge", taking->number, column_bytes(row, 7), arena, texts,
		                        TEXT_COUNT);
	}
	database_give(database, row);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_ABSENT : status;
	taking->challenge.subject = texts[TEXT_SUBJECT];
	taking->challenge.mailbox = texts[TEXT_MAILBOX];
	taking->challenge.expires = taking->expires;
	taking->code = texts[TEXT_CODE];
	challenge_secret(&taking->proving, "token", taking->id, token);
	challenge_format(token, taking->challenge.token);
	return STATUS_OK;
}

static enum status record_check(struct taking *taking, enum asked_result result)
{
	return proving_record(&taking->proving, &(struct occurrence){.verb = "proof check",
	                                                             .subject = taking->challenge.subject,
	                                                             .peer = taking->check->peer,
	                                                             .method = taking->challenge.method,
	                                                             .result = result,
	                                                             .now = taking->check->now});
}

static enum status count_lookers(struct taking *taking, const unsigned char asker[KEYED_SIZE], int64_t *ret_all, int64_t *ret_own)
{
	struct database *database = taking->proving.database;
	sqlite3_stmt *row = database_take(
		database, "SELECT count(*), count(*) FILTER (WHERE looker = ?1) FROM challenge WHERE looked > ?2");
	bind_blob(row, 1, bytes_of(asker, KEYED_SIZE));
	bind_integer(row, 2, taking->check->now);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		*ret_all = sqlite3_column_int64(row, 0);
		*ret_own = sqlite3_column_int64(row, 1);
	}
	database_give(database, row);
	return status;
}

/* BUSY while another looks, or too many do. */
static enum status look(struct taking *taking)
{
	const struct challenge_check *check = taking->check;
	struct database *database = taking->proving.database;
	unsigned char asker[KEYED_SIZE];
	int64_t all = 0, own = 0;
	proving_asker(&taking->proving, check->peer, asker);
	enum status status = count_lookers(taking, asker, &all, &own);
	if (status != STATUS_OK)
		return status;
	bool is_in_world = taking->challenge.method == PROOF_DNS || taking->challenge.method == PROOF_HTTP;
	if (taking->looked > check->now ||
	    (is_in_world && (all >= (int64_t)check->at_once_max || own >= ((int64_t)check->at_once_max + 1) / 2)))
		return STATUS_BUSY;
	sqlite3_stmt *lend = database_take(database,
	                                   "UPDATE challenge SET looked = ?1, looker = ?2, invitation = ?3 WHERE number = ?4");
	bind_integer(lend, 1, check->now + check->lease_seconds);
	bind_blob(lend, 2, bytes_of(asker, sizeof asker));
	bind_integer(lend, 3, taking->invitation);
	bind_integer(lend, 4, taking->number);
	taking->challenge.is_looked_at = true;
	return database_run(database, lend);
}

static enum status note_wrong(struct taking *taking)
{
	struct database *database = taking->proving.database;
	sqlite3_stmt *note = database_take(database, "UPDATE challenge SET wrong = wrong + 1, state = ?1 WHERE number = ?2");
	taking->challenge.is_wrong = true;
	if (taking->wrong + 1 >= WRONG_CODES_MAX)
		taking->challenge.state = CHALLENGE_ENDED;
	bind_integer(note, 1, taking->challenge.state);
	bind_integer(note, 2, taking->number);
	enum status status = database_run(database, note);
	return status == STATUS_OK ? record_check(taking, ASKED_WRONG_CODE) : status;
}

static enum status try_code(struct taking *taking)
{
	struct bytes code = taking->check->code.len > 0 ? taking->check->code : taking->code;
	unsigned char given[SECRET_SIZE], expected[SECRET_SIZE];
	enum status status = STATUS_OK;
	if (code.len == 0)
		return STATUS_OK;
	if (taking->challenge.method == PROOF_INVITATION) {
		status = invitation_try(&taking->proving, code, taking->challenge.subject, taking->check->now,
		                        &taking->invitation);
		taking->challenge.is_right = status == STATUS_OK && taking->invitation > 0;
	} else {
		challenge_secret(&taking->proving, "code", taking->id, expected);
		taking->challenge.is_right = proving_read_code(code, given, sizeof given) &&
		                             proving_is_equal(given, expected, sizeof given);
	}
	if (status == STATUS_OK)
		status = taking->challenge.is_right ? look(taking) : note_wrong(taking);
	return status;
}

static enum status take_up(struct taking *taking)
{
	struct challenge *challenge = &taking->challenge;
	challenge->is_expired = taking->check->now >= taking->expires;
	if (!challenge->is_expired && challenge->state == CHALLENGE_GRANTED)
		return look(taking);
	if (!challenge->is_expired && challenge->state == CHALLENGE_WAITING)
		return STATUS_OK;
	if (challenge->is_expired || challenge->state != CHALLENGE_OPEN)
		return record_check(taking, ASKED_NOT_PROVED);
	bool has_code = challenge->method == PROOF_MAIL || challenge->method == PROOF_INVITATION;
	return has_code ? try_code(taking) : look(taking);
}

enum status challenge_take(struct incident *incident, const struct challenge_check *check, struct arena *arena,
                           struct challenge *ret_challenge, uint32_t *ret_retry_after, struct failure *reterr)
{
	struct taking taking = {.check = check};
	enum status status = proving_begin(&taking.proving, incident, reterr), verdict;
	if (status != STATUS_OK)
		return status;
	uint32_t retry_after = 1;
	verdict = proving_attempt(&taking.proving, check->peer, ATTEMPT_CHECK, check->per_hour_max, check->now, &retry_after);
	if (verdict == STATUS_OK)
		verdict = find(&taking, check->id, arena);
	if (verdict == STATUS_OK)
		verdict = take_up(&taking);
	bool is_told = verdict == STATUS_BUSY || verdict == STATUS_ABSENT;
	status = proving_end(&taking.proving, is_told ? STATUS_OK : verdict, reterr);
	if (status != STATUS_OK)
		return status;
	if (verdict == STATUS_BUSY)
		*ret_retry_after = retry_after;
	if (verdict == STATUS_BUSY)
		return fail(reterr, verdict, "", "too much is being checked; try again a little later");
	if (verdict == STATUS_ABSENT)
		return fail(reterr, verdict, "", "there is no such proof");
	*ret_challenge = taking.challenge;
	return STATUS_OK;
}

enum status challenge_show(struct incident *incident, struct bytes id, int64_t now, struct arena *arena,
                           struct challenge *ret_challenge, struct failure *reterr)
{
	struct taking taking = {.check = NULL};
	proving_open(&taking.proving, incident);
	enum status status = find(&taking, id, arena);
	proving_shut(&taking.proving);
	if (status == STATUS_ABSENT)
		return fail(reterr, status, "", "there is no such proof");
	taking.challenge.is_expired = now >= taking.expires;
	if (status == STATUS_OK)
		*ret_challenge = taking.challenge;
	return database_tell(taking.proving.database, status, reterr);
}

/* ---- settling it ---- */

/* CHANGED unless exactly the row that was looked at is still to be had. */
static enum status move_on(struct taking *taking, enum challenge_state state, int64_t expires)
{
	struct database *database = taking->proving.database;
	sqlite3_stmt *move = database_take(database, "UPDATE challenge SET state = ?1, expires = ?2, looked = 0 WHERE number = ?3"
	                                             " AND state IN (" SQL_OPEN_CHALLENGE ", " SQL_GRANTED ") AND expires > ?4");
	bind_integer(move, 1, state);
	bind_integer(move, 2, expires);
	bind_integer(move, 3, taking->number);
	bind_integer(move, 4, taking->check->now);
	enum status status = database_run(database, move);
	return status == STATUS_OK && sqlite3_changes(database->handle) != 1 ? STATUS_CHANGED : status;
}

static enum status settle(struct taking *taking, enum challenge_verdict verdict, char token[PROOF_SECRET_TEXT_SIZE])
{
	enum challenge_state state = taking->challenge.state;
	int64_t now = taking->check->now;
	if (verdict == VERDICT_NOT_YET) {
		enum status status = move_on(taking, state, taking->expires);
		return status == STATUS_OK ? record_check(taking, ASKED_NOT_PROVED) : status;
	}
	if (verdict == VERDICT_WAIT) {
		enum status status = move_on(taking, CHALLENGE_WAITING, now + CHALLENGE_WAITING_SECONDS);
		return status == STATUS_OK ? record_check(taking, ASKED_WAITING) : status;
	}
	enum status status = move_on(taking, CHALLENGE_PROVED, taking->expires);
	if (status == STATUS_OK && taking->challenge.method == PROOF_INVITATION)
		status = invitation_use(&taking->proving, taking->invitation, now);
	if (status == STATUS_OK)
		status = proof_make(&taking->proving, taking->challenge.subject, taking->challenge.method, now, token);
	return status == STATUS_OK ? record_check(taking, ASKED_PROVED) : status;
}

enum status challenge_settle(struct incident *incident, const struct challenge_check *check, enum challenge_verdict verdict,
                             char ret_token[PROOF_SECRET_TEXT_SIZE], struct failure *reterr)
{
	struct taking taking = {.check = check};
	struct arena arena = arena_with_ceiling(CHALLENGE_PAYLOAD_MAX);
	char token[PROOF_SECRET_TEXT_SIZE] = "";
	enum status status = proving_begin(&taking.proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = find(&taking, check->id, &arena);
	if (status == STATUS_OK)
		status = settle(&taking, verdict, token);
	if (status == STATUS_CHANGED || status == STATUS_ABSENT) {
		(void)!proving_end(&taking.proving, STATUS_CHANGED, NULL);
		status = fail(reterr, STATUS_CHANGED, "", "the proof was settled meanwhile");
	} else {
		status = proving_end(&taking.proving, status, reterr);
	}
	arena_free(&arena);
	if (status == STATUS_OK)
		memcpy(ret_token, token, sizeof token);
	return status;
}
