/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads are bound to where they stand; a certificate is committed piece by piece, and counts once it is whole. */
#include "catalog/certificates.h"

#include "catalog/inside.h"

#include <stdlib.h>

enum { PAYLOAD_MAX = 1 << 20 };

struct certificate_keeper {
	struct incident *incident;
	int64_t number, nth;
};

/* ---- payloads ---- */

static struct bytes bind_to(const char word[8], int64_t number, int64_t nth, unsigned char into[24])
{
	memcpy(into, word, 8);
	store_le64(into + 8, (uint64_t)number);
	store_le64(into + 16, (uint64_t)nth);
	return bytes_of(into, 24);
}

static enum status seal(const struct incident *incident, struct bytes binding, struct bytes plain, struct buffer *sealed)
{
	buffer_reset(sealed);
	return vault_seal(&incident->place.key, binding, plain, sealed);
}

static enum status open_payload(const struct incident *incident, struct bytes binding, struct bytes sealed, struct buffer *plain)
{
	buffer_reset(plain);
	enum status status = vault_open(&incident->place.key, binding, sealed, plain);
	return status == STATUS_OK || status == STATUS_NO_MEMORY ? status : STATUS_MALFORMED;
}

static enum status next_number(struct database *database, const char *sql, int64_t *ret_number)
{
	int64_t last = 0;
	enum status status = database_read_integer(database, database_take(database, sql), 0, &last);
	*ret_number = last + 1;
	return status;
}

static enum status finish(struct database *database, enum status status, struct failure *reterr)
{
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return database_tell(database, status, reterr);
}

/* ---- approvals ---- */

static enum status insert_approval(struct incident *incident, const struct plan_head *head, struct bytes user, int64_t now)
{
	struct database *database = &incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(PAYLOAD_MAX);
	unsigned char binding[24];
	int64_t number = 0;
	enum status status = next_number(database, "SELECT max(number) FROM approval", &number);
	if (status == STATUS_OK)
		status = seal(incident, bind_to("approve", number, 0, binding), user, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(database, "INSERT INTO approval (number, incident, plan, hash, at, payload)"
		                                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
		bind_integer(row, 1, number);
		bind_integer(row, 2, incident->place.number);
		bind_id(row, 3, &head->id);
		bind_blob(row, 4, bytes_of(head->hash, sizeof head->hash));
		bind_time(row, 5, now);
		bind_blob(row, 6, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&sealed);
	return status;
}

enum status incident_approve(struct incident *incident, const struct plan_head *head, struct bytes user, int64_t now,
                             struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = insert_approval(incident, head, user, now);
	return finish(database, status, reterr);
}

enum status incident_approvals(struct incident *incident, const struct plan_head *head,
                               enum status (*each)(void *context, struct bytes user, int64_t at), void *context,
                               struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	sqlite3_stmt *rows = database_take(database, "SELECT number, at, payload FROM approval WHERE plan = ?1 AND hash = ?2"
	                                             " AND incident = ?3 ORDER BY number");
	unsigned char binding[24];
	enum status status;
	bind_id(rows, 1, &head->id);
	bind_blob(rows, 2, bytes_of(head->hash, sizeof head->hash));
	bind_integer(rows, 3, incident->place.number);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = open_payload(incident, bind_to("approve", sqlite3_column_int64(rows, 0), 0, binding),
		                      column_bytes(rows, 2), &plain);
		if (status == STATUS_OK)
			status = each(context, buffer_bytes(&plain), column_time(rows, 1));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	buffer_free(&plain);
	return database_tell(database, status, reterr);
}

/* ---- certificates ---- */

static enum status insert_certificate(struct incident *incident, struct id id, struct id plan, int64_t now, int64_t *ret_number)
{
	struct database *database = &incident->catalog->database;
	enum status status = next_number(database, "SELECT max(number) FROM certificate", ret_number);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *row = database_take(database, "INSERT INTO certificate (number, incident, id, plan, made)"
	                                            " VALUES (?1, ?2, ?3, ?4, ?5)");
	bind_integer(row, 1, *ret_number);
	bind_integer(row, 2, incident->place.number);
	bind_id(row, 3, &id);
	bind_id(row, 4, &plan);
	bind_time(row, 5, now);
	return database_run(database, row);
}

enum status certificate_keep(struct incident *incident, struct id id, struct id plan, int64_t now,
                             struct certificate_keeper **ret_keeper, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct certificate_keeper *keeper = calloc(1, sizeof *keeper);
	if (keeper == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "certificate", "memory is used up");
	keeper->incident = incident;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = insert_certificate(incident, id, plan, now, &keeper->number);
	status = finish(database, status, reterr);
	if (status == STATUS_OK)
		*ret_keeper = keeper;
	else
		free(keeper);
	return status;
}

enum status certificate_keep_piece(struct certificate_keeper *keeper, struct bytes piece, struct failure *reterr)
{
	struct database *database = &keeper->incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(PAYLOAD_MAX);
	unsigned char binding[24];
	enum status status = seal(keeper->incident, bind_to("certify", keeper->number, keeper->nth, binding), piece, &sealed);
	if (status == STATUS_OK)
		status = database_begin(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(database, "INSERT INTO certificate_piece (certificate, nth, payload)"
		                                            " VALUES (?1, ?2, ?3)");
		bind_integer(row, 1, keeper->number);
		bind_integer(row, 2, keeper->nth++);
		bind_blob(row, 3, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&sealed);
	return finish(database, status, reterr);
}

enum status certificate_keep_end(struct certificate_keeper *keeper, struct failure *reterr)
{
	struct database *database = &keeper->incident->catalog->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(database, "UPDATE certificate SET is_whole = 1 WHERE number = ?1");
		bind_integer(row, 1, keeper->number);
		status = database_run(database, row);
	}
	status = finish(database, status, reterr);
	free(keeper);
	return status;
}

void certificate_keep_not(struct certificate_keeper *keeper)
{
	free(keeper);
}

enum status incident_certificate(struct incident *incident, struct id id, enum status (*each)(void *context, struct bytes piece),
                                 void *context, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	unsigned char binding[24];
	int64_t number = 0;
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT number FROM certificate WHERE (id = ?1 OR plan = ?1) AND incident = ?2"
	                                   " AND is_whole = 1 ORDER BY id = ?1 DESC, number DESC LIMIT 1");
	bind_id(find, 1, &id);
	bind_integer(find, 2, incident->place.number);
	enum status status = database_read_integer(database, find, 0, &number);
	if (status == STATUS_OK && number == 0) {
		char text[ID_TEXT_SIZE];
		return fail(reterr, STATUS_ABSENT, id_format(id, text),
		            "no certificate has this id, and no plan of this id has one; retain apply tells it");
	}
	sqlite3_stmt *rows = database_take(database,
	                                   "SELECT nth, payload FROM certificate_piece WHERE certificate = ?1 ORDER BY nth");
	bind_integer(rows, 1, number);
	while (status == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK) {
		status = open_payload(incident, bind_to("certify", number, sqlite3_column_int64(rows, 0), binding),
		                      column_bytes(rows, 1), &plain);
		if (status == STATUS_OK)
			status = each(context, buffer_bytes(&plain));
	}
	database_give(database, rows);
	buffer_free(&plain);
	return database_tell(database, status, reterr);
}
