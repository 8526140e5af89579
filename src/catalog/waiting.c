/* SPDX-License-Identifier: Apache-2.0 */
/* Challenges that wait for the operator's word. */
#include "catalog/challenge.h"

enum status challenges_waiting(struct incident *incident, int64_t now, waiting_visitor *each, void *context,
                               struct failure *reterr)
{
	struct proving proving;
	struct bytes texts[TEXT_COUNT];
	struct arena arena = arena_with_ceiling(CHALLENGE_PAYLOAD_MAX);
	proving_open(&proving, incident);
	sqlite3_stmt *rows = database_take(proving.database, "SELECT number, method, made, expires, payload FROM challenge"
	                                                     " WHERE incident = ?1 AND state = " SQL_WAITING " AND expires > ?2"
	                                                     " ORDER BY number");
	bind_integer(rows, 1, incident->place.number);
	bind_integer(rows, 2, now);
	enum status status, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(proving.database, rows)) == STATUS_OK) {
		arena_reset(&arena);
		struct waiting_challenge waiting = {
			.number = column_unsigned(rows, 0),
			.method = (enum proof_method)sqlite3_column_int(rows, 1),
			.made = sqlite3_column_int64(rows, 2),
			.expires = sqlite3_column_int64(rows, 3),
		};
		passed = proving_unseal(&proving, "challenge", (int64_t)waiting.number, column_bytes(rows, 4), &arena, texts,
		                        TEXT_COUNT);
		waiting.subject = texts[TEXT_SUBJECT];
		waiting.network = texts[TEXT_NETWORK];
		if (passed == STATUS_OK)
			passed = each(context, &waiting);
	}
	database_give(proving.database, rows);
	proving_shut(&proving);
	arena_free(&arena);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(&incident->catalog->database, passed != STATUS_OK ? passed : status, reterr);
}

static enum status find_waiting(struct proving *proving, uint64_t number, int64_t now, struct arena *arena, struct bytes *texts,
                                enum proof_method *ret_method)
{
	sqlite3_stmt *row = database_take(proving->database,
	                                  "SELECT method, payload FROM challenge WHERE number = ?1 AND incident = ?2"
	                                  " AND state = " SQL_WAITING " AND expires > ?3");
	bind_unsigned(row, 1, number);
	bind_integer(row, 2, proving->incident->place.number);
	bind_integer(row, 3, now);
	enum status status = database_step(proving->database, row);
	if (status == STATUS_OK) {
		*ret_method = (enum proof_method)sqlite3_column_int(row, 0);
		status = proving_unseal(proving, "challenge", (int64_t)number, column_bytes(row, 1), arena, texts, TEXT_COUNT);
	}
	database_give(proving->database, row);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status decide(struct proving *proving, uint64_t number, bool is_granted, int64_t now)
{
	sqlite3_stmt *move = database_take(proving->database, "UPDATE challenge SET state = ?1, expires = ?2 WHERE number = ?3");
	bind_integer(move, 1, is_granted ? CHALLENGE_GRANTED : CHALLENGE_REFUSED);
	bind_integer(move, 2, now + CHALLENGE_WAITING_SECONDS);
	bind_unsigned(move, 3, number);
	return database_run(proving->database, move);
}

enum status challenge_decide(struct incident *incident, uint64_t number, bool is_granted, struct bytes operator_name,
                             struct bytes why, int64_t now, struct failure *reterr)
{
	struct proving proving;
	struct bytes texts[TEXT_COUNT];
	struct arena arena = arena_with_ceiling(CHALLENGE_PAYLOAD_MAX);
	struct occurrence occurrence = {.verb = "proof decide", .operator_name = operator_name, .why = why, .now = now};
	enum status status = proving_begin(&proving, incident, reterr);
	if (status != STATUS_OK)
		return status;
	enum status found = find_waiting(&proving, number, now, &arena, texts, &occurrence.method);
	status = found == STATUS_OK ? decide(&proving, number, is_granted, now) : found;
	if (status == STATUS_OK) {
		occurrence.subject = texts[TEXT_SUBJECT];
		occurrence.result = is_granted ? ASKED_GRANTED : ASKED_REFUSED;
		status = proving_record(&proving, &occurrence);
	}
	arena_free(&arena);
	status = proving_end(&proving, found == STATUS_ABSENT ? STATUS_OK : status, reterr);
	return found == STATUS_ABSENT && status == STATUS_OK ? fail(reterr, STATUS_ABSENT, "", "no proof of that number waits")
	                                                     : status;
}
