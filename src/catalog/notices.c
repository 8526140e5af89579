/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notice's payload, sealed with the incident's key and bound to its number:
 *
 *   found_by 1, channel 1, edition 16, organisation NUL recipient NUL language
 *
 * A ticket is the number of the event that began an attempt: whoever began later
 * has a higher one, and only who has the latest hands over.
 */
#include "catalog/notices.h"

#include "base/clock.h"
#include "base/digest.h"
#include "catalog/inside.h"

#include <stdio.h>

enum {
	EDITION_AT = 2,
	TEXTS_AT = EDITION_AT + NOTICE_EDITION_SIZE,
	PAYLOAD_MAX = 1 << 14,
	CODE_BYTES = 16,
	CODE_LETTERS = 26,
	CHECK_LETTERS = 4
};

/* ---- codes and names ---- */

/* Under a key of the incident's that serves nothing else. */
static void derive(const struct incident *incident, const char *purpose, const struct notice_name *name,
                   unsigned char into[CODE_BYTES])
{
	struct vault_key key;
	unsigned char organisation[DIGEST_SHA256_SIZE], recipient[DIGEST_SHA256_SIZE], mac[DIGEST_SHA256_SIZE];
	unsigned char message[2 * DIGEST_SHA256_SIZE + 1 + NOTICE_EDITION_SIZE];
	digest_sha256(name->organisation, organisation);
	digest_sha256(name->recipient, recipient);
	memcpy(message, organisation, sizeof organisation);
	memcpy(message + sizeof organisation, recipient, sizeof recipient);
	message[2 * DIGEST_SHA256_SIZE] = (unsigned char)name->channel;
	memcpy(message + 2 * DIGEST_SHA256_SIZE + 1, name->edition, NOTICE_EDITION_SIZE);
	vault_key_derive(&incident->place.key, purpose, &key);
	digest_hmac_sha256(bytes_of(key.bytes, sizeof key.bytes), bytes_of(message, sizeof message), mac);
	vault_key_wipe(&key);
	memcpy(into, mac, CODE_BYTES);
}

/* The letters behind a code: a slip of the pen is told from a code that is not known. Anybody can make them. */
static void check_letters(const unsigned char code[CODE_BYTES], char into[CHECK_LETTERS])
{
	const struct bytes parts[] = {BYTES_LITERAL("tidemark-notice-1"), bytes_of(code, CODE_BYTES)};
	unsigned char digest[DIGEST_SHA256_SIZE];
	char letters[8];
	digest_sha256_of(parts, 2, digest);
	digest_format_base32(bytes_of(digest, 5), letters);
	memcpy(into, letters, CHECK_LETTERS);
}

void incident_notice_code(const struct incident *incident, const struct notice_name *name, char into[NOTICE_CODE_SIZE])
{
	unsigned char code[CODE_BYTES];
	char letters[CODE_LETTERS + CHECK_LETTERS];
	size_t len = 0;
	derive(incident, "notice codes", name, code);
	digest_format_base32(bytes_of(code, sizeof code), letters);
	check_letters(code, letters + CODE_LETTERS);
	for (size_t i = 0; i < sizeof letters; i++) {
		if (i > 0 && i % 5 == 0)
			into[len++] = '-';
		into[len++] = letters[i];
	}
	into[len] = '\0';
}

void incident_notice_message(const struct incident *incident, const struct notice_name *name, char into[NOTICE_MESSAGE_SIZE])
{
	unsigned char message[CODE_BYTES];
	derive(incident, "notice messages", name, message);
	digest_format_base32(bytes_of(message, sizeof message), into);
	into[NOTICE_MESSAGE_SIZE - 1] = '\0';
}

void incident_case_number(const struct incident *incident, char into[NOTICE_CASE_SIZE])
{
	struct vault_key key;
	char letters[8];
	vault_key_derive(&incident->place.key, "case number", &key);
	digest_format_base32(bytes_of(key.bytes, 5), letters);
	vault_key_wipe(&key);
	for (size_t i = 0; i < sizeof letters; i++)
		if (letters[i] >= 'a' && letters[i] <= 'z')
			letters[i] = (char)(letters[i] - 32);
	snprintf(into, NOTICE_CASE_SIZE, "TM-%.4s-%.4s", letters, letters + 4);
}

static bool read_code(struct bytes written, unsigned char into[CODE_BYTES])
{
	char letters[CODE_LETTERS + CHECK_LETTERS], expected[CHECK_LETTERS];
	size_t len = 0;
	written = bytes_trim(written);
	for (size_t i = 0; i < written.len; i++) {
		unsigned char byte = written.at[i];
		if (byte == '-' || byte == ' ')
			continue;
		if (len == sizeof letters)
			return false;
		letters[len++] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
	}
	if (len != sizeof letters || digest_parse_base32(bytes_of(letters, CODE_LETTERS), into, CODE_BYTES) != STATUS_OK)
		return false;
	check_letters(into, expected);
	return memcmp(expected, letters + CODE_LETTERS, CHECK_LETTERS) == 0;
}

bool notice_code_is_well_formed(struct bytes written)
{
	unsigned char code[CODE_BYTES];
	return read_code(written, code);
}

static void digest_of(const unsigned char secret[CODE_BYTES], unsigned char into[DIGEST_SHA256_SIZE])
{
	digest_sha256(bytes_of(secret, CODE_BYTES), into);
}

/* ---- payloads ---- */

static void bind_to(const char kind[8], int64_t number, unsigned char into[16])
{
	memcpy(into, kind, 8);
	store_le64(into + 8, (uint64_t)number);
}

static enum status seal(const struct incident *incident, const char kind[8], int64_t number, struct bytes plain,
                        struct buffer *sealed)
{
	unsigned char binding[16];
	bind_to(kind, number, binding);
	return vault_seal(&incident->place.key, bytes_of(binding, sizeof binding), plain, sealed);
}

static enum status unseal(const struct incident *incident, const char kind[8], int64_t number, struct bytes sealed,
                          struct buffer *plain)
{
	unsigned char binding[16];
	bind_to(kind, number, binding);
	enum status status = vault_open(&incident->place.key, bytes_of(binding, sizeof binding), sealed, plain);
	return status == STATUS_OK || status == STATUS_NO_MEMORY ? status : STATUS_MALFORMED;
}

/* Texts that lie one behind the other, a NUL between. */
static bool cut(struct bytes *rest, struct bytes *ret_text)
{
	size_t end = bytes_find_byte(*rest, '\0');
	if (end == BYTES_NOT_FOUND)
		return false;
	*ret_text = bytes_slice(*rest, 0, end);
	*rest = bytes_from(*rest, end + 1);
	return true;
}

static bool take_apart(struct bytes payload, struct notice *notice)
{
	struct bytes rest = bytes_from(payload, TEXTS_AT);
	*notice = (struct notice){.at = CLOCK_UNKNOWN, .begun = CLOCK_UNKNOWN};
	if (payload.len < TEXTS_AT || payload.at[0] >= NOTICE_FINDING_COUNT || payload.at[1] >= NOTICE_CHANNEL_COUNT ||
	    !cut(&rest, &notice->name.organisation) || !cut(&rest, &notice->name.recipient))
		return false;
	notice->found_by = (enum notice_finding)payload.at[0];
	notice->name.channel = (enum notice_channel)payload.at[1];
	memcpy(notice->name.edition, payload.at + EDITION_AT, NOTICE_EDITION_SIZE);
	notice->language = rest;
	return true;
}

static void put_together(const struct notice_attempt *attempt, struct buffer *into)
{
	const unsigned char fixed[] = {(unsigned char)attempt->found_by, (unsigned char)attempt->name.channel};
	buffer_append(into, bytes_of(fixed, sizeof fixed));
	buffer_append(into, bytes_of(attempt->name.edition, NOTICE_EDITION_SIZE));
	buffer_append(into, attempt->name.organisation);
	buffer_append_byte(into, '\0');
	buffer_append(into, attempt->name.recipient);
	buffer_append_byte(into, '\0');
	buffer_append(into, attempt->language);
}

/* ---- what events come to ---- */

/* Nothing undoes an acknowledgement. */
static void settle(struct notice *notice, enum notice_state state)
{
	notice->is_unknown = false;
	if (notice->state != NOTICE_STATE_ACKNOWLEDGED)
		notice->state = state;
}

static void apply(struct notice *notice, enum notice_event event)
{
	switch (event) {
	case NOTICE_BEGUN: notice->attempts++; break;
	case NOTICE_HANDED_OVER:
		settle(notice, NOTICE_STATE_SENT);
		notice->is_unknown = true;
		break;
	case NOTICE_SENT: settle(notice, NOTICE_STATE_SENT); break;
	case NOTICE_DEFERRED: settle(notice, NOTICE_STATE_PLANNED); break;
	case NOTICE_DELIVERED:
		settle(notice, NOTICE_STATE_SENT);
		notice->is_delivered = true;
		break;
	case NOTICE_REFUSED:
	case NOTICE_BOUNCED:
		settle(notice, event == NOTICE_REFUSED ? NOTICE_STATE_REFUSED : NOTICE_STATE_BOUNCED);
		notice->was_refused = true;
		break;
	case NOTICE_ESCALATED: settle(notice, NOTICE_STATE_ESCALATED); break;
	case NOTICE_ACKNOWLEDGED: settle(notice, NOTICE_STATE_ACKNOWLEDGED); break;
	case NOTICE_WRITTEN: notice->is_written = true; break;
	case NOTICE_EVENT_COUNT: break;
	}
}

/* ---- reading ---- */

#define NOTICES "SELECT number, payload FROM notice WHERE incident = ?1"

struct reading {
	struct incident *incident;
	struct buffer plain, reason;
	int64_t number; /* of the notice */
	int64_t last;   /* of its last event */
	struct notice notice;
};

static struct reading reading_of(struct incident *incident)
{
	return (struct reading){
		.incident = incident, .plain = buffer_with_ceiling(PAYLOAD_MAX), .reason = buffer_with_ceiling(PAYLOAD_MAX)};
}

static void end_reading(struct reading *reading)
{
	buffer_free(&reading->plain);
	buffer_free(&reading->reason);
}

static enum status read_event(struct reading *reading, sqlite3_stmt *row)
{
	struct notice *notice = &reading->notice;
	int64_t number = sqlite3_column_int64(row, 0), event = sqlite3_column_int64(row, 1);
	if (event < 0 || event >= NOTICE_EVENT_COUNT)
		return STATUS_MALFORMED;
	reading->last = number;
	notice->at = column_time(row, 2);
	if (notice->begun == CLOCK_UNKNOWN)
		notice->begun = notice->at;
	apply(notice, (enum notice_event)event);
	if (column_is_null(row, 3))
		return STATUS_OK;
	buffer_reset(&reading->reason);
	return unseal(reading->incident, "noteword", number, column_bytes(row, 3), &reading->reason);
}

static enum status read_events(struct reading *reading)
{
	struct database *database = &reading->incident->catalog->database;
	sqlite3_stmt *rows = database_take(
		database, "SELECT number, event, time, reason FROM notice_event WHERE notice = ?1 ORDER BY number");
	enum status status, passed = STATUS_OK;
	bind_integer(rows, 1, reading->number);
	buffer_reset(&reading->reason);
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK)
		passed = read_event(reading, rows);
	database_give(database, rows);
	reading->notice.reason = buffer_bytes(&reading->reason);
	return passed != STATUS_OK ? passed : status == STATUS_END ? STATUS_OK : status;
}

/* The notice of a row of NOTICES, as it stands. */
static enum status read_notice(struct reading *reading, sqlite3_stmt *row)
{
	buffer_reset(&reading->plain);
	reading->number = sqlite3_column_int64(row, 0);
	reading->last = 0;
	enum status status = unseal(reading->incident, "notice\0\0", reading->number, column_bytes(row, 1), &reading->plain);
	if (status == STATUS_OK && !take_apart(buffer_bytes(&reading->plain), &reading->notice))
		status = STATUS_MALFORMED;
	return status == STATUS_OK ? read_events(reading) : status;
}

/* END: there is none. */
static enum status find_by_code(struct reading *reading, const unsigned char code[CODE_BYTES])
{
	struct database *database = &reading->incident->catalog->database;
	unsigned char digest[DIGEST_SHA256_SIZE];
	sqlite3_stmt *row = database_take(database, NOTICES " AND code = ?2");
	digest_of(code, digest);
	bind_integer(row, 1, reading->incident->place.number);
	bind_blob(row, 2, bytes_of(digest, sizeof digest));
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		status = read_notice(reading, row);
	database_give(database, row);
	return status;
}

static enum status find_by_name(struct reading *reading, const struct notice_name *name)
{
	unsigned char code[CODE_BYTES];
	derive(reading->incident, "notice codes", name, code);
	return find_by_code(reading, code);
}

static enum status pass(struct reading *reading, enum status found, notice_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &reading->incident->catalog->database;
	enum status status = found == STATUS_OK ? each(context, &reading->notice) : found;
	end_reading(reading);
	if (found == STATUS_END)
		return fail(reterr, STATUS_ABSENT, "notice", "there is no such notice in this incident");
	return database_tell(database, status, reterr);
}

enum status incident_notice(struct incident *incident, const struct notice_name *name, notice_visitor *each, void *context,
                            struct failure *reterr)
{
	struct reading reading = reading_of(incident);
	return pass(&reading, find_by_name(&reading, name), each, context, reterr);
}

enum status incident_notice_by_code(struct incident *incident, struct bytes code, notice_visitor *each, void *context,
                                    struct failure *reterr)
{
	struct reading reading = reading_of(incident);
	unsigned char parsed[CODE_BYTES];
	return pass(&reading, read_code(code, parsed) ? find_by_code(&reading, parsed) : STATUS_END, each, context, reterr);
}

enum status incident_notice_by_message(struct incident *incident, struct bytes message, notice_visitor *each, void *context,
                                       struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct reading reading = reading_of(incident);
	unsigned char parsed[CODE_BYTES], digest[DIGEST_SHA256_SIZE];
	enum status status = STATUS_END;
	if (message.len == CODE_LETTERS && digest_parse_base32(message, parsed, sizeof parsed) == STATUS_OK) {
		sqlite3_stmt *row = database_take(database, NOTICES " AND message = ?2");
		digest_of(parsed, digest);
		bind_integer(row, 1, incident->place.number);
		bind_blob(row, 2, bytes_of(digest, sizeof digest));
		status = database_step(database, row);
		if (status == STATUS_OK)
			status = read_notice(&reading, row);
		database_give(database, row);
	}
	return pass(&reading, status, each, context, reterr);
}

enum status incident_notices(struct incident *incident, struct bytes organisation, notice_visitor *each, void *context,
                             struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct reading reading = reading_of(incident);
	sqlite3_stmt *rows = database_take(database, NOTICES " ORDER BY number");
	enum status status, passed = STATUS_OK;
	bind_integer(rows, 1, incident->place.number);
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK) {
		passed = read_notice(&reading, rows);
		if (passed == STATUS_OK && (organisation.len == 0 || bytes_equal(organisation, reading.notice.name.organisation)))
			passed = each(context, &reading.notice);
	}
	database_give(database, rows);
	end_reading(&reading);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(database, passed != STATUS_OK ? passed : status, reterr);
}

/* ---- writing ---- */

static enum status next_number(struct database *database, const char *sql, int64_t *ret_number)
{
	int64_t last = 0;
	enum status status = database_read_integer(database, database_take(database, sql), 0, &last);
	if (status == STATUS_OK)
		*ret_number = last + 1;
	return status;
}

static enum status add_event(struct incident *incident, int64_t notice, enum notice_event event, struct bytes reason,
                             int64_t *ret_number)
{
	struct database *database = &incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(PAYLOAD_MAX);
	int64_t number = 0;
	enum status status = next_number(database, "SELECT max(number) FROM notice_event", &number);
	if (status == STATUS_OK && reason.len > 0)
		status = seal(incident, "noteword", number, bytes_slice(reason, 0, NOTICE_REASON_MAX), &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(
			database, "INSERT INTO notice_event (number, notice, event, time, reason) VALUES (?1, ?2, ?3, ?4, ?5)");
		bind_integer(row, 1, number);
		bind_integer(row, 2, notice);
		bind_integer(row, 3, (int64_t)event);
		bind_integer(row, 4, clock_now());
		bind_blob_or_null(row, 5, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&sealed);
	if (status == STATUS_OK)
		*ret_number = number;
	return status;
}

static enum status insert_notice(struct incident *incident, const struct notice_attempt *attempt, int64_t *ret_number)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX), sealed = buffer_with_ceiling(PAYLOAD_MAX);
	unsigned char secret[CODE_BYTES], code[DIGEST_SHA256_SIZE], message[DIGEST_SHA256_SIZE];
	int64_t number = 0;
	derive(incident, "notice codes", &attempt->name, secret);
	digest_of(secret, code);
	derive(incident, "notice messages", &attempt->name, secret);
	digest_of(secret, message);
	put_together(attempt, &plain);
	enum status status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = next_number(database, "SELECT max(number) FROM notice", &number);
	if (status == STATUS_OK)
		status = seal(incident, "notice\0\0", number, buffer_bytes(&plain), &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(
			database, "INSERT INTO notice (number, incident, code, message, payload) VALUES (?1, ?2, ?3, ?4, ?5)");
		bind_integer(row, 1, number);
		bind_integer(row, 2, incident->place.number);
		bind_blob(row, 3, bytes_of(code, sizeof code));
		bind_blob(row, 4, bytes_of(message, sizeof message));
		bind_blob(row, 5, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&plain);
	buffer_free(&sealed);
	if (status == STATUS_OK)
		*ret_number = number;
	return status;
}

/* One change, whole and durable. CHANGED leaves everything as it is. */
static enum status change(struct incident *incident, enum status (*make)(struct incident *, void *), void *context,
                          struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	if (incident->catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, incident->catalog->directory, "the catalog is open for reading only");
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = make(incident, context);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	if (status == STATUS_CHANGED)
		return fail(reterr, status, "notice", "it was told before, or somebody else tells it now");
	if (status == STATUS_ABSENT)
		return fail(reterr, status, "notice", "there is no such notice in this incident");
	return database_tell(database, status, reterr);
}

struct planning {
	const struct notice_attempt *notices;
	size_t count;
};

static enum status plan(struct incident *incident, void *context)
{
	const struct planning *planning = context;
	struct reading reading = reading_of(incident);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < planning->count && status == STATUS_OK; i++) {
		int64_t number;
		status = find_by_name(&reading, &planning->notices[i].name);
		if (status == STATUS_END)
			status = insert_notice(incident, &planning->notices[i], &number);
	}
	end_reading(&reading);
	return status;
}

enum status incident_plan_notices(struct incident *incident, const struct notice_attempt *notices, size_t count,
                                  struct failure *reterr)
{
	struct planning planning = {notices, count};
	return change(incident, plan, &planning, reterr);
}

struct beginning {
	const struct notice_attempt *attempt;
	int64_t ticket;
};

static bool may_begin(const struct notice *notice, bool is_again)
{
	return notice->state == NOTICE_STATE_PLANNED || (is_again && notice->is_unknown && notice->state == NOTICE_STATE_SENT);
}

static enum status begin(struct incident *incident, void *context)
{
	struct beginning *beginning = context;
	struct reading reading = reading_of(incident);
	enum status status = find_by_name(&reading, &beginning->attempt->name);
	if (status == STATUS_END)
		status = insert_notice(incident, beginning->attempt, &reading.number);
	else if (status == STATUS_OK && !may_begin(&reading.notice, beginning->attempt->is_again))
		status = STATUS_CHANGED;
	if (status == STATUS_OK)
		status = add_event(incident, reading.number, NOTICE_BEGUN, BYTES_NONE, &beginning->ticket);
	end_reading(&reading);
	return status;
}

enum status incident_begin_notice(struct incident *incident, const struct notice_attempt *attempt, uint64_t *ret_ticket,
                                  struct failure *reterr)
{
	struct beginning beginning = {.attempt = attempt};
	enum status status = change(incident, begin, &beginning, reterr);
	if (status == STATUS_OK)
		*ret_ticket = (uint64_t)beginning.ticket;
	return status;
}

struct telling_attempt {
	uint64_t ticket;
	enum notice_event event;
	struct bytes reason;
	bool is_latest_only;
};

/* The notice of an attempt, and whether another one began since. */
static enum status find_attempt(struct incident *incident, uint64_t ticket, int64_t *ret_notice, bool *ret_is_latest)
{
	struct database *database = &incident->catalog->database;
	sqlite3_stmt *row = database_take(
		database, "SELECT e.notice, NOT EXISTS (SELECT 1 FROM notice_event l WHERE l.notice = e.notice AND"
			  " l.number > e.number) FROM notice_event e JOIN notice n ON n.number = e.notice"
			  " WHERE e.number = ?1 AND e.event = 0 AND n.incident = ?2");
	bind_unsigned(row, 1, ticket);
	bind_integer(row, 2, incident->place.number);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		*ret_notice = sqlite3_column_int64(row, 0);
		*ret_is_latest = sqlite3_column_int64(row, 1) != 0;
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status tell_attempt(struct incident *incident, void *context)
{
	const struct telling_attempt *telling = context;
	int64_t notice = 0, number;
	bool is_latest = false;
	enum status status = find_attempt(incident, telling->ticket, &notice, &is_latest);
	if (status == STATUS_OK && telling->is_latest_only && !is_latest)
		return STATUS_CHANGED;
	return status == STATUS_OK ? add_event(incident, notice, telling->event, telling->reason, &number) : status;
}

enum status incident_hand_over_notice(struct incident *incident, uint64_t ticket, struct failure *reterr)
{
	struct telling_attempt telling = {.ticket = ticket, .event = NOTICE_HANDED_OVER, .is_latest_only = true};
	return change(incident, tell_attempt, &telling, reterr);
}

enum status incident_tell_attempt(struct incident *incident, uint64_t ticket, enum notice_event event, struct bytes reason,
                                  struct failure *reterr)
{
	struct telling_attempt telling = {.ticket = ticket, .event = event, .reason = reason};
	return change(incident, tell_attempt, &telling, reterr);
}

struct telling_notice {
	const struct notice_name *name;
	enum notice_event event;
	struct bytes reason;
};

/* Whether it says what is known already: bounces are read again, and acknowledgements come twice. */
static bool is_known(const struct notice *notice, enum notice_event event)
{
	struct notice after = *notice;
	apply(&after, event);
	return after.state == notice->state && after.is_unknown == notice->is_unknown &&
	       after.was_refused == notice->was_refused && after.is_delivered == notice->is_delivered &&
	       after.is_written == notice->is_written;
}

static enum status tell_notice(struct incident *incident, void *context)
{
	const struct telling_notice *telling = context;
	struct reading reading = reading_of(incident);
	int64_t number;
	enum status status = find_by_name(&reading, telling->name);
	if (status == STATUS_OK && !is_known(&reading.notice, telling->event))
		status = add_event(incident, reading.number, telling->event, telling->reason, &number);
	end_reading(&reading);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

enum status incident_tell_notice(struct incident *incident, const struct notice_name *name, enum notice_event event,
                                 struct bytes reason, struct failure *reterr)
{
	struct telling_notice telling = {name, event, reason};
	return change(incident, tell_notice, &telling, reterr);
}

/* ---- acknowledging: whoever does it knows a code, and no incident ---- */

/* incident: the name of the one it is of, appended. */
static enum status find_any(struct database *database, const unsigned char code[CODE_BYTES], int64_t *ret_notice,
                            bool *ret_is_acknowledged, struct buffer *incident)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	sqlite3_stmt *row = database_take(database,
	                                  "SELECT n.number, EXISTS (SELECT 1 FROM notice_event e WHERE e.notice = n.number AND"
	                                  " e.event = ?2), i.name FROM notice n JOIN incident i ON i.number = n.incident"
	                                  " WHERE n.code = ?1 AND i.erased IS NULL");
	digest_of(code, digest);
	bind_blob(row, 1, bytes_of(digest, sizeof digest));
	bind_integer(row, 2, NOTICE_ACKNOWLEDGED);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		*ret_notice = sqlite3_column_int64(row, 0);
		*ret_is_acknowledged = sqlite3_column_int64(row, 1) != 0;
		buffer_append(incident, column_bytes(row, 2));
		status = buffer_status(incident);
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status add_acknowledgement(struct database *database, int64_t notice)
{
	int64_t number = 0;
	enum status status = next_number(database, "SELECT max(number) FROM notice_event", &number);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *row = database_take(database,
	                                  "INSERT INTO notice_event (number, notice, event, time) VALUES (?1, ?2, ?3, ?4)");
	bind_integer(row, 1, number);
	bind_integer(row, 2, notice);
	bind_integer(row, 3, NOTICE_ACKNOWLEDGED);
	bind_integer(row, 4, clock_now());
	return database_run(database, row);
}

static enum status write_acknowledgement(struct database *database, int64_t notice)
{
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = add_acknowledgement(database, notice);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return status;
}

/* On record first. Of a code its beginning, which names the notice to who knows it and acknowledges none. */
static enum status put_on_record(struct catalog *catalog, struct bytes incident, const unsigned char code[CODE_BYTES],
                                 struct failure *reterr)
{
	char letters[CODE_LETTERS], detail[64];
	digest_format_base32(bytes_of(code, CODE_BYTES), letters);
	snprintf(detail, sizeof detail, "{\"code_begins\":\"%.5s\"}", letters);
	return journal_append(catalog, "notify acknowledged", incident, BYTES_NONE, bytes_of_string(detail), reterr);
}

enum status catalog_acknowledge_notice(struct catalog *catalog, struct bytes code, struct failure *reterr)
{
	struct database *database = &catalog->database;
	struct buffer incident = buffer_with_ceiling(1 << 16);
	unsigned char parsed[CODE_BYTES];
	int64_t notice = 0;
	bool is_acknowledged = false;
	if (!read_code(code, parsed))
		return fail(reterr, STATUS_MALFORMED, "code",
		            "is not a notice's code: it has 30 letters and digits, as the notice shows it");
	if (catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, catalog->directory, "the catalog is open for reading only");
	enum status status = find_any(database, parsed, &notice, &is_acknowledged, &incident);
	if (status == STATUS_ABSENT)
		status = fail(reterr, status, "code", "no notice has it");
	else if (status != STATUS_OK)
		status = database_tell(database, status, reterr);
	if (status == STATUS_OK && !is_acknowledged) {
		status = put_on_record(catalog, buffer_bytes(&incident), parsed, reterr);
		if (status == STATUS_OK)
			status = database_tell(database, write_acknowledgement(database, notice), reterr);
	}
	buffer_free(&incident);
	return status;
}

/* ---- decisions: what 1, at 8, made 8, regime NUL operator NUL why ---- */

enum { DECISION_TEXTS_AT = 17 };

static enum status decide(struct incident *incident, void *context)
{
	const struct notice_decision *decision = context;
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX), sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	unsigned char fixed[DECISION_TEXTS_AT] = {(unsigned char)decision->what};
	int64_t number = 0;
	store_le64(fixed + 1, (uint64_t)decision->at);
	store_le64(fixed + 9, (uint64_t)decision->made);
	buffer_append(&plain, bytes_of(fixed, sizeof fixed));
	buffer_append(&plain, decision->regime);
	buffer_append_byte(&plain, '\0');
	buffer_append(&plain, decision->operator_name);
	buffer_append_byte(&plain, '\0');
	buffer_append(&plain, decision->why);
	enum status status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = next_number(database, "SELECT max(number) FROM notice_decision", &number);
	if (status == STATUS_OK)
		status = seal(incident, "notedeci", number, buffer_bytes(&plain), &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *row = database_take(database,
		                                  "INSERT INTO notice_decision (number, incident, payload) VALUES (?1, ?2, ?3)");
		bind_integer(row, 1, number);
		bind_integer(row, 2, incident->place.number);
		bind_blob(row, 3, buffer_bytes(&sealed));
		status = database_run(database, row);
	}
	buffer_free(&plain);
	buffer_free(&sealed);
	return status;
}

enum status incident_decide(struct incident *incident, const struct notice_decision *decision, struct failure *reterr)
{
	struct notice_decision copy = *decision;
	return change(incident, decide, &copy, reterr);
}

static enum status pass_decision(struct incident *incident, sqlite3_stmt *row, struct buffer *plain,
                                 notice_decision_visitor *each, void *context)
{
	struct notice_decision decision;
	buffer_reset(plain);
	enum status status = unseal(incident, "notedeci", sqlite3_column_int64(row, 0), column_bytes(row, 1), plain);
	struct bytes payload = buffer_bytes(plain), rest = bytes_from(payload, DECISION_TEXTS_AT);
	if (status != STATUS_OK)
		return status;
	if (payload.len < DECISION_TEXTS_AT || payload.at[0] > NOTICE_DECIDE_NOT || !cut(&rest, &decision.regime) ||
	    !cut(&rest, &decision.operator_name))
		return STATUS_MALFORMED;
	decision.what = payload.at[0];
	decision.at = (int64_t)load_le64(payload.at + 1);
	decision.made = (int64_t)load_le64(payload.at + 9);
	decision.why = rest;
	return each(context, &decision);
}

enum status incident_decisions(struct incident *incident, notice_decision_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(2 * PAYLOAD_MAX);
	sqlite3_stmt *rows = database_take(database,
	                                   "SELECT number, payload FROM notice_decision WHERE incident = ?1 ORDER BY number");
	enum status status, passed = STATUS_OK;
	bind_integer(rows, 1, incident->place.number);
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK)
		passed = pass_decision(incident, rows, &plain, each, context);
	database_give(database, rows);
	buffer_free(&plain);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(database, passed != STATUS_OK ? passed : status, reterr);
}
