/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payloads, sealed with the incident's key and bound to where they stand:
 *
 *   of a target: doors 4, verdict 4, at 8          of an alert: its text
 *   of an observation: texts, each behind its length as 4 bytes: account, name, url of the container; looks; statement
 *     a look: door 1, found 1, at 8, then its text
 */
#include "catalog/watches.h"

#include "base/clock.h"
#include "base/digest.h"
#include "catalog/inside.h"
#include "catalog/ledger-keys.h"
#include "catalog/path.h"

#include <stdlib.h>

enum { PAYLOAD_MAX = 4 << 20, NAMES_MAX = 64 << 20, STATE_SIZE = 16, TARGET_SIZE = 16, LOOK_HEAD = 10 };

struct watching {
	struct incident *incident;
	struct lock *lock;
};

/* ---- sealing ---- */

static enum status seal(const struct incident *incident, const char kind[8], struct bytes place, struct bytes plain,
                        struct buffer *sealed)
{
	unsigned char binding[8 + TARGET_SIZE] = {0};
	memcpy(binding, kind, 8);
	memcpy(binding + 8, place.at, place.len);
	return vault_seal(&incident->place.key, bytes_of(binding, 8 + place.len), plain, sealed);
}

static enum status unseal(const struct incident *incident, const char kind[8], struct bytes place, struct bytes sealed,
                          struct buffer *plain)
{
	unsigned char binding[8 + TARGET_SIZE] = {0};
	memcpy(binding, kind, 8);
	memcpy(binding + 8, place.at, place.len);
	enum status status = vault_open(&incident->place.key, bytes_of(binding, 8 + place.len), sealed, plain);
	return status == STATUS_OK || status == STATUS_NO_MEMORY ? status : STATUS_MALFORMED;
}

static struct bytes place_of(int64_t number, unsigned char into[8])
{
	store_le64(into, (uint64_t)number);
	return bytes_of(into, 8);
}

/* Targets are told apart without standing there. */
static struct bytes digest_of(const struct incident *incident, struct bytes target, unsigned char into[DIGEST_SHA256_SIZE])
{
	struct vault_key key;
	vault_key_derive(&incident->place.key, "watched targets", &key);
	digest_hmac_sha256(bytes_of(key.bytes, sizeof key.bytes), target, into);
	vault_key_wipe(&key);
	return bytes_of(into, TARGET_SIZE);
}

static enum status sign(const struct incident *incident, struct bytes statement, unsigned char public_key[VAULT_PUBLIC_KEY_SIZE],
                        unsigned char signature[VAULT_SIGNATURE_SIZE])
{
	struct buffer message = buffer_with_ceiling(PAYLOAD_MAX);
	struct vault_key key;
	buffer_append_string(&message, WATCH_STATEMENT_PREFIX);
	buffer_append(&message, statement);
	enum status status = buffer_status(&message);
	if (status == STATUS_OK) {
		incident_signing_key(incident, &key);
		vault_sign(&key, buffer_bytes(&message), public_key, signature);
		vault_key_wipe(&key);
	}
	buffer_free(&message);
	return status;
}

/* ---- beginning ---- */

enum status watching_begin(struct incident *incident, struct watching **ret_watching, struct failure *reterr)
{
	struct lock_holder holder = {0, CLOCK_UNKNOWN};
	char start[CLOCK_TEXT_SIZE];
	if (incident->catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, incident->catalog->directory, "the catalog is open for reading only");
	struct watching *watching = calloc(1, sizeof *watching);
	char *path = path_join(incident->place.folder, "watch-lock");
	enum status status = watching == NULL || path == NULL ? STATUS_NO_MEMORY : lock_take(path, &watching->lock, &holder);
	free(path);
	if (status == STATUS_OK) {
		watching->incident = incident;
		*ret_watching = watching;
		return STATUS_OK;
	}
	free(watching);
	if (status == STATUS_BUSY)
		return fail(reterr, status, incident->place.folder,
		            "process %ld watches this incident since %s: what it sees is told once", holder.pid,
		            clock_format(holder.start, start));
	return fail(reterr, status, incident->place.folder, "cannot be locked; check permissions and free space");
}

void watching_end(struct watching *watching)
{
	if (watching == NULL)
		return;
	lock_release(watching->lock);
	free(watching);
}

/* ---- what is known ---- */

static enum status read_state(const struct incident *incident, struct bytes target, struct bytes sealed,
                              struct watch_state *state)
{
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	enum status status = unseal(incident, "target\0", target, sealed, &plain);
	if (status == STATUS_OK && plain.len != STATE_SIZE)
		status = STATUS_MALFORMED;
	if (status == STATUS_OK)
		*state = (struct watch_state){true, load_le32(plain.at), (enum verdict_kind)load_le32(plain.at + 4),
		                              (int64_t)load_le64(plain.at + 8)};
	buffer_free(&plain);
	return status;
}

enum status watching_find(struct watching *watching, struct bytes target, struct watch_state *ret_state, struct failure *reterr)
{
	struct incident *incident = watching->incident;
	struct database *database = &incident->catalog->database;
	struct watch_state state = {.at = CLOCK_UNKNOWN};
	unsigned char digest[DIGEST_SHA256_SIZE];
	struct bytes place = digest_of(incident, target, digest);
	sqlite3_stmt *find = database_take(database, "SELECT payload FROM watch_target WHERE incident = ?1 AND target = ?2");
	bind_integer(find, 1, incident->place.number);
	bind_blob(find, 2, place);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = read_state(incident, place, column_bytes(find, 0), &state);
	database_give(database, find);
	if (status == STATUS_END)
		status = STATUS_OK;
	if (status == STATUS_OK)
		*ret_state = state;
	return database_tell(database, status, reterr);
}

enum status watching_names(struct watching *watching, struct bytes target, struct buffer *into, struct failure *reterr)
{
	struct incident *incident = watching->incident;
	struct database *database = &incident->catalog->database;
	unsigned char digest[DIGEST_SHA256_SIZE];
	struct bytes place = digest_of(incident, target, digest);
	sqlite3_stmt *find = database_take(database, "SELECT names FROM watch_target WHERE incident = ?1 AND target = ?2"
	                                             " AND names IS NOT NULL");
	bind_integer(find, 1, incident->place.number);
	bind_blob(find, 2, place);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = unseal(incident, "names\0\0", place, column_bytes(find, 0), into);
	database_give(database, find);
	if (status == STATUS_END)
		return fail(reterr, STATUS_ABSENT, "watch", "its names were never listed");
	return database_tell(database, status, reterr);
}

/* ---- one look ---- */

static enum status put_state(struct incident *incident, const struct watch_look *look, struct bytes place)
{
	struct database *database = &incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(PAYLOAD_MAX), names = buffer_with_ceiling(NAMES_MAX + PAYLOAD_MAX);
	unsigned char plain[STATE_SIZE];
	store_le32(plain, look->after.doors);
	store_le32(plain + 4, (uint32_t)look->after.kind);
	store_le64(plain + 8, (uint64_t)look->after.at);
	enum status status = seal(incident, "target\0", place, bytes_of(plain, sizeof plain), &sealed);
	if (status == STATUS_OK && look->names != NULL)
		status = seal(incident, "names\0\0", place, *look->names, &names);
	if (status == STATUS_OK) {
		sqlite3_stmt *put = database_take(database,
		                                  "INSERT INTO watch_target (incident, target, payload, names)"
		                                  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET"
		                                  " payload = excluded.payload, names = coalesce(excluded.names, names)");
		bind_integer(put, 1, incident->place.number);
		bind_blob(put, 2, place);
		bind_blob(put, 3, buffer_bytes(&sealed));
		bind_blob_or_null(put, 4, buffer_bytes(&names));
		status = database_run(database, put);
	}
	buffer_free(&sealed);
	buffer_free(&names);
	return status;
}

static void append_sized(struct buffer *into, struct bytes text)
{
	unsigned char length[4];
	store_le32(length, (uint32_t)text.len);
	buffer_append(into, bytes_of(length, sizeof length));
	buffer_append(into, text);
}

static bool take_sized(struct bytes *from, struct bytes *text)
{
	size_t length = from->len >= 4 ? load_le32(from->at) : 0;
	if (from->len < 4 || from->len - 4 < length)
		return false;
	*text = bytes_slice(*from, 4, length);
	*from = bytes_from(*from, 4 + length);
	return true;
}

static void append_observation(struct buffer *into, const struct watch_look *look)
{
	struct buffer looks = buffer_with_ceiling(PAYLOAD_MAX);
	buffer_append_byte(into, (unsigned char)look->container->provider);
	append_sized(into, look->container->account);
	append_sized(into, look->container->name);
	append_sized(into, look->container->url);
	for (size_t i = 0; i < look->look_count; i++) {
		unsigned char head[LOOK_HEAD] = {(unsigned char)look->looks[i].door, (unsigned char)look->looks[i].found};
		store_le64(head + 2, (uint64_t)look->looks[i].at);
		buffer_append(&looks, bytes_of(head, sizeof head));
		append_sized(&looks, look->looks[i].said);
	}
	append_sized(into, buffer_bytes(&looks));
	append_sized(into, look->statement);
	if (buffer_status(&looks) != STATUS_OK)
		into->failed = buffer_status(&looks);
	buffer_free(&looks);
}

static enum status put_observation(struct incident *incident, const struct watch_look *look, struct bytes place)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX), sealed = buffer_with_ceiling(PAYLOAD_MAX + 64);
	unsigned char public_key[VAULT_PUBLIC_KEY_SIZE], signature[VAULT_SIGNATURE_SIZE], binding[8];
	int64_t last = 0;
	append_observation(&plain, look);
	enum status status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = sign(incident, look->statement, public_key, signature);
	if (status == STATUS_OK)
		status = database_read_integer(database, database_take(database, "SELECT max(number) FROM watch_observation"), 0,
		                               &last);
	if (status == STATUS_OK)
		status = seal(incident, "looked\0", place_of(last + 1, binding), buffer_bytes(&plain), &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(database,
		                                     "INSERT INTO watch_observation"
		                                     " (number, incident, target, is_first, is_settled, signature, payload)"
		                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
		bind_integer(insert, 1, last + 1);
		bind_integer(insert, 2, incident->place.number);
		bind_blob(insert, 3, place);
		bind_integer(insert, 4, !look->is_same);
		bind_integer(insert, 5, look->look_count == 0);
		bind_blob(insert, 6, bytes_of(signature, sizeof signature));
		bind_blob(insert, 7, buffer_bytes(&sealed));
		status = database_run(database, insert);
	}
	buffer_free(&plain);
	buffer_free(&sealed);
	return status;
}

/* Of a run of looks that found the same the last one stands for those between it and the first. */
static enum status drop_last(struct incident *incident, struct bytes place)
{
	struct database *database = &incident->catalog->database;
	sqlite3_stmt *drop = database_take(database,
	                                   "DELETE FROM watch_observation WHERE number = (SELECT max(number)"
	                                   " FROM watch_observation WHERE incident = ?1 AND target = ?2) AND NOT is_first");
	bind_integer(drop, 1, incident->place.number);
	bind_blob(drop, 2, place);
	return database_run(database, drop);
}

static enum status put_alert(struct incident *incident, const struct watch_alert_text *alert)
{
	struct database *database = &incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(PAYLOAD_MAX);
	unsigned char binding[8];
	int64_t last = 0;
	enum status status = database_read_integer(database, database_take(database, "SELECT max(number) FROM watch_alert"), 0,
	                                           &last);
	if (status == STATUS_OK)
		status = seal(incident, "alert\0\0", place_of(last + 1, binding), alert->text, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(
			database, "INSERT INTO watch_alert (number, incident, channel, payload) VALUES (?1, ?2, ?3, ?4)");
		bind_integer(insert, 1, last + 1);
		bind_integer(insert, 2, incident->place.number);
		bind_integer(insert, 3, alert->channel);
		bind_blob(insert, 4, buffer_bytes(&sealed));
		status = database_run(database, insert);
	}
	buffer_free(&sealed);
	return status;
}

enum status watching_put(struct watching *watching, const struct watch_look *look, struct failure *reterr)
{
	struct incident *incident = watching->incident;
	struct database *database = &incident->catalog->database;
	unsigned char digest[DIGEST_SHA256_SIZE];
	struct bytes place = digest_of(incident, look->target, digest);
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = put_state(incident, look, place);
	if (status == STATUS_OK && look->is_same)
		status = drop_last(incident, place);
	if (status == STATUS_OK)
		status = put_observation(incident, look, place);
	for (size_t i = 0; status == STATUS_OK && i < look->alert_count; i++)
		status = put_alert(incident, &look->alerts[i]);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return database_tell(database, status, reterr);
}

/* ---- observations ---- */

struct observation_parts {
	struct container container;
	struct door_look looks[DOOR_COUNT];
	size_t look_count;
	struct bytes statement;
};

static bool read_looks(struct bytes from, struct observation_parts *parts)
{
	while (from.len >= LOOK_HEAD && parts->look_count < DOOR_COUNT) {
		struct door_look *look = &parts->looks[parts->look_count++];
		*look = (struct door_look){(enum door)from.at[0], (enum found)from.at[1], (int64_t)load_le64(from.at + 2),
		                           BYTES_NONE};
		from = bytes_from(from, LOOK_HEAD);
		if (look->door <= 0 || look->door >= DOOR_COUNT || look->found <= 0 || look->found >= FOUND_COUNT ||
		    !take_sized(&from, &look->said))
			return false;
	}
	return from.len == 0;
}

static bool read_parts(struct bytes plain, struct observation_parts *parts)
{
	struct bytes looks;
	*parts = (struct observation_parts){.look_count = 0};
	if (plain.len == 0 || plain.at[0] >= PROVIDER_KIND_COUNT)
		return false;
	parts->container.provider = (enum provider_kind)plain.at[0];
	plain = bytes_from(plain, 1);
	return take_sized(&plain, &parts->container.account) && take_sized(&plain, &parts->container.name) &&
	       take_sized(&plain, &parts->container.url) && take_sized(&plain, &looks) && take_sized(&plain, &parts->statement) &&
	       read_looks(looks, parts);
}

static enum status open_observation(const struct incident *incident, int64_t number, struct bytes sealed, struct buffer *plain,
                                    struct observation_parts *parts)
{
	unsigned char binding[8];
	buffer_reset(plain);
	enum status status = unseal(incident, "looked\0", place_of(number, binding), sealed, plain);
	if (status == STATUS_OK && !read_parts(buffer_bytes(plain), parts))
		status = STATUS_MALFORMED;
	return status;
}

static enum status next_unsettled(const struct incident *incident, struct buffer *plain, struct observation_parts *parts,
                                  int64_t *ret_number)
{
	struct database *database = &incident->catalog->database;
	sqlite3_stmt *find = database_take(database, "SELECT number, payload FROM watch_observation"
	                                             " WHERE incident = ?1 AND NOT is_settled ORDER BY number LIMIT 1");
	bind_integer(find, 1, incident->place.number);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		*ret_number = sqlite3_column_int64(find, 0);
		status = open_observation(incident, *ret_number, column_bytes(find, 1), plain, parts);
	}
	database_give(database, find);
	return status;
}

static enum status note_settled(const struct incident *incident, int64_t number)
{
	struct database *database = &incident->catalog->database;
	sqlite3_stmt *update = database_take(database, "UPDATE watch_observation SET is_settled = 1 WHERE number = ?1");
	bind_integer(update, 1, number);
	return database_run(database, update);
}

/* Told twice, a look changes nothing: so it is marked behind. Of a container that the incident does not know nothing was open. */
enum status watching_settle(struct watching *watching, struct bytes incident_name, struct failure *reterr)
{
	struct incident *incident = watching->incident;
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	struct observation_parts parts;
	int64_t number;
	enum status status;
	while ((status = next_unsettled(incident, &plain, &parts, &number)) == STATUS_OK) {
		struct failure failure;
		enum status put = catalog_observe(incident->catalog, incident_name, &parts.container, parts.looks,
		                                  parts.look_count, &failure);
		if (put != STATUS_OK && put != STATUS_ABSENT) {
			buffer_free(&plain);
			return fail(reterr, put, failure.where, "%s", failure.why);
		}
		status = note_settled(incident, number);
		if (status != STATUS_OK)
			break;
	}
	buffer_free(&plain);
	return database_tell(database, status, reterr);
}

enum status incident_observations(struct incident *incident,
                                  enum status (*each)(void *context, const struct watch_observation *observation), void *context,
                                  struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	struct observation_parts parts;
	sqlite3_stmt *rows = database_take(database, "SELECT number, payload, is_settled, signature FROM watch_observation"
	                                             " WHERE incident = ?1 ORDER BY number");
	enum status status = STATUS_OK, passed = STATUS_OK;
	bind_integer(rows, 1, incident->place.number);
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK) {
		struct watch_observation observation = {.is_settled = sqlite3_column_int(rows, 2) != 0};
		unsigned char signature[VAULT_SIGNATURE_SIZE];
		passed = open_observation(incident, sqlite3_column_int64(rows, 0), column_bytes(rows, 1), &plain, &parts);
		if (passed == STATUS_OK)
			passed = sign(incident, parts.statement, observation.public_key, signature);
		if (passed != STATUS_OK)
			break;
		observation.statement = parts.statement;
		memcpy(observation.signature, signature, sizeof signature);
		passed = bytes_equal(column_bytes(rows, 3), bytes_of(signature, sizeof signature)) ? each(context, &observation)
		                                                                                   : STATUS_MALFORMED;
	}
	database_give(database, rows);
	buffer_free(&plain);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(database, passed != STATUS_OK ? passed : status, reterr);
}

/* ---- alerts ---- */

enum status watching_next(struct watching *watching, enum watch_channel channel, int64_t behind, struct arena *arena,
                          struct watch_alert *ret_alert, struct failure *reterr)
{
	struct incident *incident = watching->incident;
	struct database *database = &incident->catalog->database;
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	struct watch_alert alert = {.number = 0};
	unsigned char binding[8];
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT number, may_have_arrived, payload FROM watch_alert"
	                                   " WHERE incident = ?1 AND channel = ?2 AND number > ?3 ORDER BY number LIMIT 1");
	bind_integer(find, 1, incident->place.number);
	bind_integer(find, 2, channel);
	bind_integer(find, 3, behind);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		alert.number = sqlite3_column_int64(find, 0);
		alert.may_have_arrived = sqlite3_column_int(find, 1) != 0;
		status = unseal(incident, "alert\0\0", place_of(alert.number, binding), column_bytes(find, 2), &plain);
	}
	database_give(database, find);
	if (status == STATUS_OK && (alert.text = arena_copy(arena, buffer_bytes(&plain))).at == NULL)
		status = STATUS_NO_MEMORY;
	buffer_free(&plain);
	if (status == STATUS_OK)
		*ret_alert = alert;
	return status == STATUS_END ? status : database_tell(database, status, reterr);
}

static enum status mark(struct database *database, int64_t number, bool may_have_arrived)
{
	sqlite3_stmt *update = database_take(database, "UPDATE watch_alert SET may_have_arrived = ?2 WHERE number = ?1");
	bind_integer(update, 1, number);
	bind_integer(update, 2, may_have_arrived);
	return database_run(database, update);
}

enum status watching_go(struct watching *watching, int64_t number, struct failure *reterr)
{
	struct database *database = &watching->incident->catalog->database;
	return database_tell(database, mark(database, number, true), reterr);
}

enum status watching_tell(struct watching *watching, int64_t number, enum watch_arrival arrival, bool was_unsure,
                          struct failure *reterr)
{
	struct database *database = &watching->incident->catalog->database;
	if (arrival != WATCH_ARRIVED)
		return database_tell(database, mark(database, number, was_unsure || arrival == WATCH_MAY_HAVE_ARRIVED), reterr);
	sqlite3_stmt *drop = database_take(database, "DELETE FROM watch_alert WHERE number = ?1");
	bind_integer(drop, 1, number);
	return database_tell(database, database_run(database, drop), reterr);
}

enum status watching_count(struct watching *watching, uint64_t ret_waiting[WATCH_CHANNEL_COUNT], struct failure *reterr)
{
	struct database *database = &watching->incident->catalog->database;
	sqlite3_stmt *rows = database_take(database,
	                                   "SELECT channel, count(*) FROM watch_alert WHERE incident = ?1 GROUP BY channel");
	enum status status;
	memset(ret_waiting, 0, WATCH_CHANNEL_COUNT * sizeof *ret_waiting);
	bind_integer(rows, 1, watching->incident->place.number);
	while ((status = database_step(database, rows)) == STATUS_OK)
		if (sqlite3_column_int(rows, 0) > 0 && sqlite3_column_int(rows, 0) < WATCH_CHANNEL_COUNT)
			ret_waiting[sqlite3_column_int(rows, 0)] = column_unsigned(rows, 1);
	database_give(database, rows);
	return database_tell(database, status, reterr);
}
