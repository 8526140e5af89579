/* SPDX-License-Identifier: Apache-2.0 */
/* Appeals. A payload: kind, when, subject, document, text; a decision: when, operator, why. */
#include "catalog/proving.h"

#include "base/clock.h"

#include <stdio.h>

enum { PAYLOAD_MAX = 1 << 16 };
enum { TEXT_KIND, TEXT_MADE, TEXT_SUBJECT, TEXT_DOCUMENT, TEXT_TEXT, TEXT_COUNT };
enum { DECISION_TIME, DECISION_OPERATOR, DECISION_WHY, DECISION_COUNT };

#define SQL_APPEAL_OPEN "1"
_Static_assert(APPEAL_OPEN == 1, "appeal.state");

/* ---- making one ---- */

static enum status count_open(struct proving *proving, const unsigned char keyed[KEYED_SIZE], int64_t *ret_count)
{
	sqlite3_stmt *row = database_take(
		proving->database,
		"SELECT count(*) FROM appeal WHERE incident = ?1 AND subject = ?2 AND state = " SQL_APPEAL_OPEN);
	bind_integer(row, 1, proving->incident->place.number);
	bind_blob(row, 2, bytes_of(keyed, KEYED_SIZE));
	return database_read_integer(proving->database, row, 0, ret_count);
}

/* The subject's own count: a number of all appeals would tell it how many others make. */
static enum status next_of_subject(struct proving *proving, const unsigned char keyed[KEYED_SIZE], int64_t *ret_nth)
{
	int64_t last;
	sqlite3_stmt *row = database_take(proving->database, "SELECT max(nth) FROM appeal WHERE incident = ?1 AND subject = ?2");
	bind_integer(row, 1, proving->incident->place.number);
	bind_blob(row, 2, bytes_of(keyed, KEYED_SIZE));
	enum status status = database_read_integer(proving->database, row, 0, &last);
	if (status == STATUS_OK)
		*ret_nth = last + 1;
	return status;
}

static enum status insert_appeal(struct proving *proving, const struct appeal *appeal, const unsigned char keyed[KEYED_SIZE],
                                 int64_t *ret_nth)
{
	int64_t number = 0;
	char made[CLOCK_TEXT_SIZE];
	struct buffer sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	const struct bytes texts[TEXT_COUNT] = {
		[TEXT_KIND] = bytes_of_string(appeal_kind_name(appeal->kind)),
		[TEXT_MADE] = bytes_of_string(clock_format(appeal->made, made)),
		[TEXT_SUBJECT] = appeal->subject,
		[TEXT_DOCUMENT] = appeal->document,
		[TEXT_TEXT] = appeal->text,
	};
	enum status status = proving_next(proving, "SELECT max(number) FROM appeal", &number);
	if (status == STATUS_OK)
		status = next_of_subject(proving, keyed, ret_nth);
	if (status == STATUS_OK)
		status = proving_seal(proving, "appeal", number, texts, TEXT_COUNT, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(proving->database,
		                                  "INSERT INTO appeal (number, incident, subject, state, payload, nth)"
		                                  " VALUES (?1, ?2, ?3, " SQL_APPEAL_OPEN ", ?4, ?5)");
		bind_integer(row, 1, number);
		bind_integer(row, 2, proving->incident->place.number);
		bind_blob(row, 3, bytes_of(keyed, KEYED_SIZE));
		bind_blob(row, 4, buffer_bytes(&sealed));
		bind_integer(row, 5, *ret_nth);
		status = database_run(proving->database, row);
	}
	buffer_free(&sealed);
	return status;
}

static enum status make(struct proving *proving, const struct appeal *appeal, struct bytes peer, int64_t *ret_nth)
{
	unsigned char keyed[KEYED_SIZE];
	int64_t open;
	proving_digest(proving, "subject", appeal->subject, keyed);
	enum status status = count_open(proving, keyed, &open);
	if (status == STATUS_OK && open >= APPEALS_OPEN_MAX)
		return STATUS_TOO_LARGE;
	if (status == STATUS_OK)
		status = insert_appeal(proving, appeal, keyed, ret_nth);
	return status == STATUS_OK
	               ? proving_record(proving, &(struct occurrence){.verb = "appeal",
	                                                              .subject = appeal->subject,
	                                                              .peer = peer,
	                                                              .result = ASKED_APPEALED,
	                                                              .why = bytes_of_string(appeal_kind_name(appeal->kind)),
	                                                              .now = appeal->made})
	               : status;
}

enum status appeal_make(struct incident *incident, const struct appeal *appeal, struct bytes peer, uint64_t *ret_nth,
                        struct failure *reterr)
{
	struct proving proving;
	int64_t nth = 0;
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	enum status made = make(&proving, appeal, peer, &nth);
	status = proving_end(&proving, made == STATUS_TOO_LARGE ? STATUS_OK : made, reterr);
	if (made == STATUS_TOO_LARGE && status == STATUS_OK)
		return fail(reterr, STATUS_BUSY, "", "so many appeals of yours are open that these come first");
	if (status == STATUS_OK)
		*ret_nth = (uint64_t)nth;
	return status;
}

/* ---- reading them ---- */

static enum status read_decision(const struct proving *proving, sqlite3_stmt *row, struct arena *arena, struct appeal *appeal)
{
	struct bytes texts[DECISION_COUNT];
	appeal->decided = CLOCK_UNKNOWN;
	if (column_is_null(row, 3))
		return STATUS_OK;
	enum status status = proving_unseal(proving, "appeal-word", (int64_t)appeal->number, column_bytes(row, 3), arena, texts,
	                                    DECISION_COUNT);
	if (status != STATUS_OK)
		return status;
	appeal->decided = clock_parse_rfc3339(texts[DECISION_TIME]);
	appeal->decision = texts[DECISION_WHY];
	return STATUS_OK;
}

static enum status read_appeal(const struct proving *proving, sqlite3_stmt *row, struct arena *arena, struct appeal *appeal)
{
	struct bytes texts[TEXT_COUNT];
	*appeal = (struct appeal){.number = column_unsigned(row, 0),
	                          .state = (enum appeal_state)sqlite3_column_int(row, 1),
	                          .nth = column_unsigned(row, 4)};
	enum status status = proving_unseal(proving, "appeal", (int64_t)appeal->number, column_bytes(row, 2), arena, texts,
	                                    TEXT_COUNT);
	if (status != STATUS_OK)
		return status;
	appeal->kind = appeal_kind_of(texts[TEXT_KIND]);
	appeal->made = clock_parse_rfc3339(texts[TEXT_MADE]);
	appeal->subject = texts[TEXT_SUBJECT];
	appeal->document = texts[TEXT_DOCUMENT];
	appeal->text = texts[TEXT_TEXT];
	return read_decision(proving, row, arena, appeal);
}

enum status appeals(struct incident *incident, struct bytes subject, appeal_visitor *each, void *context, struct failure *reterr)
{
	struct proving proving;
	struct appeal appeal;
	unsigned char keyed[KEYED_SIZE];
	struct arena arena = arena_with_ceiling(4 * PAYLOAD_MAX);
	proving_open(&proving, incident);
	proving_digest(&proving, "subject", subject, keyed);
	sqlite3_stmt *rows = database_take(proving.database,
	                                   "SELECT number, state, payload, decision, nth FROM appeal WHERE incident = ?1"
	                                   " AND (?2 IS NULL OR subject = ?2) ORDER BY number");
	bind_integer(rows, 1, incident->place.number);
	bind_blob_or_null(rows, 2, subject.len > 0 ? bytes_of(keyed, sizeof keyed) : BYTES_NONE);
	enum status status, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(proving.database, rows)) == STATUS_OK) {
		arena_reset(&arena);
		passed = read_appeal(&proving, rows, &arena, &appeal);
		if (passed == STATUS_OK)
			passed = each(context, &appeal);
	}
	database_give(proving.database, rows);
	proving_shut(&proving);
	arena_free(&arena);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(proving.database, passed != STATUS_OK ? passed : status, reterr);
}

/* ---- deciding one ---- */

static enum status find_open(struct proving *proving, uint64_t number, struct arena *arena, struct appeal *appeal)
{
	sqlite3_stmt *row = database_take(proving->database,
	                                  "SELECT number, state, payload, decision, nth FROM appeal WHERE number = ?1"
	                                  " AND incident = ?2 AND state = " SQL_APPEAL_OPEN);
	bind_unsigned(row, 1, number);
	bind_integer(row, 2, proving->incident->place.number);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK)
		status = read_appeal(proving, row, arena, appeal);
	database_give(proving->database, row);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status put_decision(struct proving *proving, uint64_t number, enum appeal_state state, struct bytes operator_name,
                                struct bytes why, int64_t now)
{
	char decided[CLOCK_TEXT_SIZE];
	struct buffer sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	const struct bytes texts[DECISION_COUNT] = {
		[DECISION_TIME] = bytes_of_string(clock_format(now, decided)),
		[DECISION_OPERATOR] = operator_name,
		[DECISION_WHY] = why,
	};
	enum status status = proving_seal(proving, "appeal-word", (int64_t)number, texts, DECISION_COUNT, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(proving->database,
		                                  "UPDATE appeal SET state = ?1, decision = ?2 WHERE number = ?3");
		bind_integer(row, 1, state);
		bind_blob(row, 2, buffer_bytes(&sealed));
		bind_unsigned(row, 3, number);
		status = database_run(proving->database, row);
	}
	buffer_free(&sealed);
	return status;
}

static enum status record_decision(struct proving *proving, const struct appeal *appeal, bool is_granted,
                                   struct bytes operator_name, struct bytes why, int64_t now)
{
	char members[64];
	snprintf(members, sizeof members, "\"appeal\":%llu,\"granted\":%s", (unsigned long long)appeal->number,
	         is_granted ? "true" : "false");
	return proving_record(proving, &(struct occurrence){.verb = "appeal decide",
	                                                    .subject = appeal->subject,
	                                                    .operator_name = operator_name,
	                                                    .why = why,
	                                                    .members = bytes_of_string(members),
	                                                    .now = now});
}

enum status appeal_decide(struct incident *incident, uint64_t number, bool is_granted, struct bytes operator_name,
                          struct bytes why, int64_t now, struct failure *reterr)
{
	struct proving proving;
	struct appeal appeal;
	struct arena arena = arena_with_ceiling(4 * PAYLOAD_MAX);
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	enum status found = find_open(&proving, number, &arena, &appeal);
	status = found;
	if (status == STATUS_OK)
		status = put_decision(&proving, number, is_granted ? APPEAL_GRANTED : APPEAL_REFUSED, operator_name, why, now);
	if (status == STATUS_OK)
		status = record_decision(&proving, &appeal, is_granted, operator_name, why, now);
	arena_free(&arena);
	status = proving_end(&proving, found == STATUS_ABSENT ? STATUS_OK : status, reterr);
	return found == STATUS_ABSENT && status == STATUS_OK ? fail(reterr, STATUS_ABSENT, "", "no appeal of that number is open")
	                                                     : status;
}
