/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invitations. Of a code's 128 bits the first 32 say which invitation it is of, so that a wrong try is counted for the one it
 * was made with, and nobody who does not hold most of a code can use its tries up. A payload: subject, ticket, operator.
 */
#include "catalog/proving.h"

#include "base/clock.h"
#include "base/digest.h"

enum { CODE_SIZE = 16, HANDLE_SIZE = 4, PAYLOAD_MAX = 1 << 14, DRAWS_MAX = 16 };

static void digests_of(const struct proving *proving, const unsigned char code[CODE_SIZE], unsigned char handle[KEYED_SIZE],
                       unsigned char digest[KEYED_SIZE])
{
	proving_digest(proving, "invitation", bytes_of(code, HANDLE_SIZE), handle);
	proving_digest(proving, "invitation code", bytes_of(code, CODE_SIZE), digest);
}

/* ---- making one ---- */

static enum status is_taken(struct proving *proving, const unsigned char handle[KEYED_SIZE], bool *ret_is_taken)
{
	int64_t count;
	sqlite3_stmt *row = database_take(proving->database, "SELECT count(*) FROM invitation WHERE handle = ?1");
	bind_blob(row, 1, bytes_of(handle, KEYED_SIZE));
	enum status status = database_read_integer(proving->database, row, 0, &count);
	if (status == STATUS_OK)
		*ret_is_taken = count > 0;
	return status;
}

/* One whose beginning no other has. */
static enum status draw(struct proving *proving, unsigned char code[CODE_SIZE], unsigned char handle[KEYED_SIZE],
                        unsigned char digest[KEYED_SIZE])
{
	for (int i = 0; i < DRAWS_MAX; i++) {
		unsigned char drawn[SECRET_SIZE];
		bool taken;
		proving_draw(drawn);
		memcpy(code, drawn, CODE_SIZE);
		explicit_bzero(drawn, sizeof drawn);
		digests_of(proving, code, handle, digest);
		enum status status = is_taken(proving, handle, &taken);
		if (status != STATUS_OK || !taken)
			return status;
	}
	return STATUS_BROKEN;
}

static enum status insert_invitation(struct proving *proving, const struct bytes texts[3], const unsigned char handle[KEYED_SIZE],
                                     const unsigned char digest[KEYED_SIZE], int64_t now)
{
	struct buffer sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	unsigned char keyed[KEYED_SIZE];
	int64_t number = 0;
	enum status status = proving_next(proving, "SELECT max(number) FROM invitation", &number);
	if (status == STATUS_OK)
		status = proving_seal(proving, "invitation", number, texts, 3, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(
			proving->database,
			"INSERT INTO invitation (number, incident, handle, code, subject, made, expires, payload)"
			" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
		proving_digest(proving, "subject", texts[0], keyed);
		bind_integer(row, 1, number);
		bind_integer(row, 2, proving->incident->place.number);
		bind_blob(row, 3, bytes_of(handle, KEYED_SIZE));
		bind_blob(row, 4, bytes_of(digest, KEYED_SIZE));
		bind_blob(row, 5, bytes_of(keyed, sizeof keyed));
		bind_integer(row, 6, now);
		bind_integer(row, 7, now + INVITATION_SECONDS);
		bind_blob(row, 8, buffer_bytes(&sealed));
		status = database_run(proving->database, row);
	}
	buffer_free(&sealed);
	return status;
}

enum status invitation_make(struct incident *incident, struct bytes subject, struct bytes ticket, struct bytes operator_name,
                            int64_t now, char ret_code[INVITATION_CODE_TEXT_SIZE], int64_t *ret_expires, struct failure *reterr)
{
	struct proving proving;
	unsigned char code[CODE_SIZE], handle[KEYED_SIZE], digest[KEYED_SIZE];
	const struct bytes texts[3] = {subject, ticket, operator_name};
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = draw(&proving, code, handle, digest);
	if (status == STATUS_OK)
		status = insert_invitation(&proving, texts, handle, digest, now);
	if (status == STATUS_OK)
		status = proving_record(&proving, &(struct occurrence){.verb = "invite",
		                                                       .subject = subject,
		                                                       .operator_name = operator_name,
		                                                       .ticket = ticket,
		                                                       .method = PROOF_INVITATION,
		                                                       .result = ASKED_INVITED,
		                                                       .now = now});
	status = proving_end(&proving, status, reterr);
	if (status == STATUS_OK) {
		digest_format_base32(bytes_of(code, sizeof code), ret_code);
		ret_code[INVITATION_CODE_TEXT_SIZE - 1] = '\0';
		*ret_expires = now + INVITATION_SECONDS;
	}
	explicit_bzero(code, sizeof code);
	return status;
}

/* ---- trying and using one ---- */

static enum status count_wrong(struct proving *proving, int64_t number)
{
	sqlite3_stmt *count = database_take(proving->database, "UPDATE invitation SET wrong = wrong + 1 WHERE number = ?1");
	bind_integer(count, 1, number);
	return database_run(proving->database, count);
}

enum status invitation_try(struct proving *proving, struct bytes written, struct bytes subject, int64_t now, int64_t *ret_number)
{
	unsigned char code[CODE_SIZE] = {0}, handle[KEYED_SIZE], digest[KEYED_SIZE], keyed[KEYED_SIZE];
	int64_t number = 0;
	bool is_right = false;
	*ret_number = 0;
	if (!proving_read_code(written, code, sizeof code))
		return STATUS_OK;
	digests_of(proving, code, handle, digest);
	proving_digest(proving, "subject", subject, keyed);
	sqlite3_stmt *row = database_take(proving->database,
	                                  "SELECT number, code, subject FROM invitation WHERE handle = ?1"
	                                  " AND incident = ?2 AND used IS NULL AND expires > ?3 AND wrong < ?4");
	bind_blob(row, 1, bytes_of(handle, sizeof handle));
	bind_integer(row, 2, proving->incident->place.number);
	bind_integer(row, 3, now);
	bind_integer(row, 4, WRONG_CODES_MAX);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK) {
		struct bytes of_code = column_bytes(row, 1), of_subject = column_bytes(row, 2);
		number = sqlite3_column_int64(row, 0);
		bool is_code = of_code.len == KEYED_SIZE && proving_is_equal(of_code.at, digest, KEYED_SIZE);
		is_right = of_subject.len == KEYED_SIZE && proving_is_equal(of_subject.at, keyed, KEYED_SIZE) && is_code;
	}
	database_give(proving->database, row);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	if (!is_right)
		return count_wrong(proving, number);
	*ret_number = number;
	return STATUS_OK;
}

enum status invitation_use(struct proving *proving, int64_t number, int64_t now)
{
	sqlite3_stmt *use = database_take(proving->database, "UPDATE invitation SET used = ?1 WHERE number = ?2 AND used IS NULL"
	                                                     " AND expires > ?1 AND wrong < ?3");
	bind_integer(use, 1, now);
	bind_integer(use, 2, number);
	bind_integer(use, 3, WRONG_CODES_MAX);
	enum status status = database_run(proving->database, use);
	return status == STATUS_OK && sqlite3_changes(proving->database->handle) != 1 ? STATUS_CHANGED : status;
}
