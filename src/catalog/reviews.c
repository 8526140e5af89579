/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A payload, sealed with the incident's key and bound to its number:
 *
 *   word 1, has_sha256 1, sha256 32, document 16, time 8, subject NUL operator NUL why
 */
#include "catalog/reviews.h"

#include "catalog/inside.h"

enum {
	SHA256_AT = 2,
	DOCUMENT_AT = SHA256_AT + 32,
	TIME_AT = DOCUMENT_AT + ID_SIZE,
	TEXTS_AT = TIME_AT + 8,
	PAYLOAD_MAX = 1 << 16
};

static void bind_to(int64_t number, unsigned char into[16])
{
	memcpy(into, "review\0\0", 8);
	store_le64(into + 8, (uint64_t)number);
}

/* ---- giving one ---- */

static void append_payload(const struct review *review, struct buffer *into)
{
	unsigned char fixed[TEXTS_AT] = {(unsigned char)review->word, review->has_sha256};
	memcpy(fixed + SHA256_AT, review->sha256, sizeof review->sha256);
	memcpy(fixed + DOCUMENT_AT, review->document.bytes, ID_SIZE);
	store_le64(fixed + TIME_AT, (uint64_t)review->time);
	buffer_append(into, bytes_of(fixed, sizeof fixed));
	buffer_append(into, review->subject);
	buffer_append_byte(into, '\0');
	buffer_append(into, review->operator_name);
	buffer_append_byte(into, '\0');
	buffer_append(into, review->why);
}

static enum status insert(struct incident *incident, const struct review *review)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX), sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	unsigned char binding[16];
	int64_t last = 0;
	enum status status = database_read_integer(database, database_take(database, "SELECT max(number) FROM review"), 0, &last);
	append_payload(review, &plain);
	bind_to(last + 1, binding);
	if (status == STATUS_OK)
		status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = vault_seal(&incident->place.key, bytes_of(binding, sizeof binding), buffer_bytes(&plain), &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(database, "INSERT INTO review (number, incident, payload) VALUES (?1, ?2, ?3)");
		bind_integer(row, 1, last + 1);
		bind_integer(row, 2, incident->place.number);
		bind_blob(row, 3, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&plain);
	buffer_free(&sealed);
	return status;
}

enum status incident_review(struct incident *incident, const struct review *review, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	if (incident->catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, incident->catalog->directory, "the catalog is open for reading only");
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = insert(incident, review);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return database_tell(database, status, reterr);
}

/* ---- reading them ---- */

static bool take_apart(struct bytes payload, struct review *review)
{
	struct bytes texts = bytes_from(payload, TEXTS_AT);
	size_t first = bytes_find_byte(texts, '\0');
	size_t second = first == BYTES_NOT_FOUND ? first : bytes_find_byte(bytes_from(texts, first + 1), '\0');
	if (payload.len < TEXTS_AT || second == BYTES_NOT_FOUND)
		return false;
	*review = (struct review){
		.word = (enum review_word)payload.at[0],
		.has_sha256 = payload.at[1] != 0,
		.time = (int64_t)load_le64(payload.at + TIME_AT),
		.subject = bytes_slice(texts, 0, first),
		.operator_name = bytes_slice(texts, first + 1, second),
		.why = bytes_from(texts, first + 1 + second + 1),
	};
	memcpy(review->sha256, payload.at + SHA256_AT, sizeof review->sha256);
	memcpy(review->document.bytes, payload.at + DOCUMENT_AT, ID_SIZE);
	return true;
}

static enum status pass(struct incident *incident, sqlite3_stmt *row, struct bytes subject, struct buffer *plain,
                        review_visitor *each, void *context)
{
	unsigned char binding[16];
	struct review review;
	buffer_reset(plain);
	bind_to(sqlite3_column_int64(row, 0), binding);
	enum status status = vault_open(&incident->place.key, bytes_of(binding, sizeof binding), column_bytes(row, 1), plain);
	if (status == STATUS_OK && !take_apart(buffer_bytes(plain), &review))
		status = STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status == STATUS_NO_MEMORY ? status : STATUS_MALFORMED;
	return subject.len == 0 || bytes_equal(subject, review.subject) ? each(context, &review) : STATUS_OK;
}

enum status incident_reviews(struct incident *incident, struct bytes subject, review_visitor *each, void *context,
                             struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(2 * PAYLOAD_MAX);
	sqlite3_stmt *rows = database_take(database, "SELECT number, payload FROM review WHERE incident = ?1 ORDER BY number");
	bind_integer(rows, 1, incident->place.number);
	enum status status, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK)
		passed = pass(incident, rows, subject, &plain, each, context);
	database_give(database, rows);
	buffer_free(&plain);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(database, passed != STATUS_OK ? passed : status, reterr);
}
