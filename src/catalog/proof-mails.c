/* SPDX-License-Identifier: Apache-2.0 */
/* Codes that are still to be mailed: lent to whoever sends them, so that a kill loses none. */
#include "catalog/challenge.h"

static enum status find_mail(struct proving *proving, int64_t now, int64_t *ret_number, int64_t *ret_challenge)
{
	sqlite3_stmt *row = database_take(proving->database,
	                                  "SELECT number, challenge FROM proof_mail WHERE incident = ?1 AND due <= ?2"
	                                  " ORDER BY due, number LIMIT 1");
	bind_integer(row, 1, proving->incident->place.number);
	bind_integer(row, 2, now);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK) {
		*ret_number = sqlite3_column_int64(row, 0);
		*ret_challenge = sqlite3_column_int64(row, 1);
	}
	database_give(proving->database, row);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status erase_mail(struct proving *proving, int64_t number)
{
	sqlite3_stmt *erase = database_take(proving->database, "DELETE FROM proof_mail WHERE number = ?1");
	bind_integer(erase, 1, number);
	return database_run(proving->database, erase);
}

/* ABSENT where the challenge is over: then there is nothing to send. */
static enum status read_mail(struct proving *proving, int64_t challenge, int64_t now, struct arena *arena,
                             struct proof_mail *mail)
{
	struct bytes texts[TEXT_COUNT];
	unsigned char code[SECRET_SIZE];
	sqlite3_stmt *row = database_take(
		proving->database, "SELECT id, expires, payload FROM challenge WHERE number = ?1 AND state = " SQL_OPEN_CHALLENGE
				   " AND expires > ?2");
	bind_integer(row, 1, challenge);
	bind_integer(row, 2, now);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK && column_bytes(row, 0).len != KEYED_SIZE)
		status = STATUS_MALFORMED;
	if (status == STATUS_OK) {
		challenge_secret(proving, "code", column_bytes(row, 0).at, code);
		challenge_format(code, mail->code);
		mail->expires = sqlite3_column_int64(row, 1);
		status = proving_unseal(proving, "challenge", challenge, column_bytes(row, 2), arena, texts, TEXT_COUNT);
	}
	database_give(proving->database, row);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_ABSENT : status;
	mail->subject = texts[TEXT_SUBJECT];
	mail->mailbox = texts[TEXT_MAILBOX];
	mail->is_german = texts[TEXT_LANGUAGE].len > 0;
	return STATUS_OK;
}

static enum status lend_mail(struct proving *proving, int64_t number, int64_t until)
{
	sqlite3_stmt *lend = database_take(proving->database, "UPDATE proof_mail SET due = ?1 WHERE number = ?2");
	bind_integer(lend, 1, until);
	bind_integer(lend, 2, number);
	return database_run(proving->database, lend);
}

/* ABSENT if none is due; those whose challenge is over are passed over, and gone. */
static enum status next_mail(struct proving *proving, int64_t now, unsigned lease_seconds, struct arena *arena,
                             struct proof_mail *mail)
{
	int64_t number = 0, challenge = 0;
	for (;;) {
		enum status status = find_mail(proving, now, &number, &challenge);
		if (status == STATUS_OK)
			status = read_mail(proving, challenge, now, arena, mail);
		else
			return status;
		if (status != STATUS_ABSENT) {
			mail->number = (uint64_t)number;
			return status == STATUS_OK ? lend_mail(proving, number, now + lease_seconds) : status;
		}
		status = erase_mail(proving, number);
		if (status != STATUS_OK)
			return status;
	}
}

enum status proof_mail_take(struct incident *incident, int64_t now, unsigned lease_seconds, struct arena *arena,
                            struct proof_mail *ret_mail, struct failure *reterr)
{
	struct proving proving;
	struct proof_mail mail = {.number = 0};
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	enum status found = next_mail(&proving, now, lease_seconds, arena, &mail);
	status = proving_end(&proving, found == STATUS_ABSENT ? STATUS_OK : found, reterr);
	if (status == STATUS_OK && found == STATUS_OK)
		*ret_mail = mail;
	return status == STATUS_OK && found != STATUS_OK ? fail(reterr, STATUS_ABSENT, "", "no mail is due") : status;
}

enum status proof_mail_done(struct incident *incident, uint64_t number, struct failure *reterr)
{
	struct proving proving;
	enum status status = proving_begin(&proving, incident, reterr);
	return status == STATUS_OK ? proving_end(&proving, erase_mail(&proving, (int64_t)number), reterr) : status;
}
