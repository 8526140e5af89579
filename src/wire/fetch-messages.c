/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding and checking the messages of tidemark-fetch. */
#include "wire/fetch-messages.h"

#include "base/text.h"

enum {
	SHORT_TEXT = 4096,
	ETAG_MAX = 1024,
	VERSION_MAX = 1024,
	TIER_MAX = 64,
	MD5_SIZE = 16,
	URL_MAX = 2048,
	CODE_MAX = 128,
	HTTP_STATUS_MAX = 999
};

/* Cut between characters; what is no text is left out. */
static struct bytes cut_text(struct bytes text, size_t max)
{
	struct bytes cut = bytes_slice(text, 0, max);
	cut.len = text_valid_length(cut);
	return bytes_find_byte(cut, 0) == BYTES_NOT_FOUND ? cut : BYTES_NONE;
}

static const struct permit rows[] = {
	{FETCH_COMES_UP, FETCH_READY, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, 0},
	{FETCH_COMES_UP, FETCH_FAILED, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_LISTS, FETCH_OBJECTS, FETCH_LISTS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_LISTS, FETCH_PAGE_END, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_LISTS, FETCH_FAILED, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_PROBES, FETCH_VERDICT, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_PROBES, FETCH_FAILED, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_GETS, FETCH_PROGRESS, FETCH_GETS, PERMIT_NO_DESCRIPTOR, 8},
	{FETCH_GETS, FETCH_GOT, FETCH_HAS_ANSWERED, PERMIT_EITHER, PERMIT_FRAME},
	{FETCH_GETS, FETCH_FAILED, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_READS_RANGE, FETCH_PROGRESS, FETCH_READS_RANGE, PERMIT_NO_DESCRIPTOR, 8},
	{FETCH_READS_RANGE, FETCH_WINDOW, FETCH_HAS_ANSWERED, PERMIT_A_DESCRIPTOR, 8 + 4},
	{FETCH_READS_RANGE, FETCH_FAILED, FETCH_HAS_ANSWERED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},

	{FETCH_AWAITS_SETUP, FETCH_SETUP, FETCH_AWAITS_TARGET, PERMIT_EITHER, PERMIT_FRAME},
	{FETCH_AWAITS_TARGET, FETCH_SCOPE, FETCH_AWAITS_TARGET, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{FETCH_AWAITS_TARGET, FETCH_TARGET, FETCH_AWAITS_LANES, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_AWAITS_LANES, FETCH_LANE, FETCH_AWAITS_LANES, PERMIT_A_DESCRIPTOR, 0},
	{FETCH_AWAITS_LANES, FETCH_SETUP_END, FETCH_SERVES, PERMIT_NO_DESCRIPTOR, 0},
	{FETCH_SERVES, FETCH_LIST, FETCH_IS_BUSY, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_SERVES, FETCH_PROBE, FETCH_IS_BUSY, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_SERVES_LANE, FETCH_GET, FETCH_IS_BUSY, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{FETCH_SERVES_LANE, FETCH_RANGE, FETCH_IS_BUSY, PERMIT_NO_DESCRIPTOR, 8},
};
const struct permit_table fetch_permits = {rows, sizeof rows / sizeof *rows};

void fetch_put_empty(struct wire_writer *writer, enum fetch_message type)
{
	wire_begin(writer, (unsigned char)type);
}

void fetch_put_setup(struct wire_writer *writer, const struct fetch_setup *setup)
{
	wire_begin(writer, FETCH_SETUP);
	wire_put_u64(writer, (uint64_t)(setup->rate * 1000.0));
	wire_put_u32(writer, setup->connections);
	wire_put_u32(writer, setup->patience);
	wire_put_u32(writer, setup->held);
	wire_put_bytes(writer, setup->operator_name);
	wire_put_u32(writer, (uint32_t)setup->secrets.count);
	for (size_t i = 0; i < setup->secrets.count; i++) {
		wire_put_bytes(writer, setup->secrets.at[i].name);
		wire_put_bytes(writer, setup->secrets.at[i].value);
	}
}

static struct secrets get_secrets(struct wire_reader *reader)
{
	struct secrets secrets = {.count = wire_get_enum(reader, SECRETS_MAX + 1)};
	for (size_t i = 0; i < secrets.count; i++) {
		secrets.at[i].name = wire_get_text(reader, SECRET_NAME_MAX);
		secrets.at[i].value = wire_get_bytes(reader, SECRET_VALUE_MAX);
		reader->failed |= secrets.at[i].name.len == 0;
	}
	return secrets;
}

enum status fetch_get_setup(struct wire_reader *reader, struct fetch_setup *ret_setup)
{
	struct fetch_setup setup = {.rate = 0};
	setup.rate = (double)wire_get_u64(reader) / 1000.0;
	setup.connections = wire_get_u32(reader);
	setup.patience = wire_get_u32(reader);
	setup.held = wire_get_u32(reader);
	setup.operator_name = wire_get_text(reader, SHORT_TEXT);
	setup.secrets = get_secrets(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_setup = setup;
	return status;
}

static void put_one(struct wire_writer *writer, enum fetch_message type, struct bytes bytes)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_bytes(writer, bytes);
}

static enum status get_one(struct wire_reader *reader, size_t max, struct bytes *ret_bytes)
{
	struct bytes bytes = wire_get_bytes(reader, max);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_bytes = bytes;
	return status;
}

void fetch_put_scope(struct wire_writer *writer, struct bytes piece)
{
	put_one(writer, FETCH_SCOPE, piece);
}

enum status fetch_get_scope(struct wire_reader *reader, struct bytes *ret_piece)
{
	return get_one(reader, WIRE_CHUNK, ret_piece);
}

void fetch_put_target(struct wire_writer *writer, struct bytes written)
{
	put_one(writer, FETCH_TARGET, written);
}

enum status fetch_get_target(struct wire_reader *reader, struct bytes *ret_written)
{
	return get_one(reader, FETCH_NAME_MAX, ret_written);
}

void fetch_put_list(struct wire_writer *writer, const struct fetch_list *list)
{
	wire_begin(writer, FETCH_LIST);
	wire_put_u32(writer, list->include);
	wire_put_u32(writer, list->page_size);
	wire_put_bytes(writer, list->cursor);
}

enum status fetch_get_list(struct wire_reader *reader, struct fetch_list *ret_list)
{
	struct fetch_list list = {.include = 0};
	list.include = wire_get_u32(reader);
	list.page_size = wire_get_u32(reader);
	list.cursor = wire_get_bytes(reader, WIRE_CHUNK);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_list = list;
	return status;
}

/* ---- objects ---- */

enum { FLAG_SNAPSHOT = 1, FLAG_SPECIAL = 2, FLAG_ARCHIVED = 4, FLAG_DELETED = 8 };

static size_t object_weight(const struct object *object)
{
	return 112 + object->name.len + object->version.len + object->current_version.len + object->etag.len + object->md5.len +
	       object->media_type.len + object->tier.len;
}

static void put_object(struct wire_writer *writer, const struct object *object)
{
	uint8_t flags = (uint8_t)((object->is_snapshot ? FLAG_SNAPSHOT : 0) | (object->is_special ? FLAG_SPECIAL : 0) |
	                          (object->is_archived ? FLAG_ARCHIVED : 0) | (object->is_deleted ? FLAG_DELETED : 0));
	wire_put_u8(writer, flags);
	wire_put_bytes(writer, object->name);
	wire_put_bytes(writer, object->version);
	wire_put_u64(writer, object->size);
	wire_put_u64(writer, (uint64_t)object->modified);
	wire_put_u64(writer, (uint64_t)object->created);
	wire_put_bytes(writer, object->etag);
	wire_put_bytes(writer, object->md5);
	wire_put_bytes(writer, cut_text(object->media_type, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(object->tier, TIER_MAX));
	wire_put_bytes(writer, object->current_version);
	wire_put_u32(writer, object->kept_days);
}

static struct bytes get_md5(struct wire_reader *reader)
{
	struct bytes md5 = wire_get_bytes(reader, MD5_SIZE);
	if (md5.len != 0 && md5.len != MD5_SIZE)
		reader->failed = true;
	return md5;
}

static struct object get_object(struct wire_reader *reader)
{
	struct object object = {.size = 0};
	uint8_t flags = wire_get_u8(reader);
	object.is_snapshot = (flags & FLAG_SNAPSHOT) != 0;
	object.is_special = (flags & FLAG_SPECIAL) != 0;
	object.is_archived = (flags & FLAG_ARCHIVED) != 0;
	object.is_deleted = (flags & FLAG_DELETED) != 0;
	object.name = wire_get_bytes(reader, FETCH_NAME_MAX);
	object.version = wire_get_text(reader, VERSION_MAX);
	object.size = wire_get_u64(reader);
	if (object.size > OBJECT_SIZE_MAX)
		object.size = OBJECT_SIZE_UNKNOWN;
	object.modified = wire_get_time(reader);
	object.created = wire_get_time(reader);
	object.etag = wire_get_bytes(reader, ETAG_MAX);
	object.md5 = get_md5(reader);
	object.media_type = wire_get_text(reader, SHORT_TEXT);
	object.tier = wire_get_text(reader, TIER_MAX);
	object.current_version = wire_get_text(reader, VERSION_MAX);
	object.kept_days = wire_get_u32(reader);
	if (object.name.len == 0)
		reader->failed = true;
	return object;
}

static bool fits(const struct object *object)
{
	return object->name.len > 0 && object->name.len <= FETCH_NAME_MAX && object->version.len <= VERSION_MAX &&
	       text_is_valid(object->version) && object->current_version.len <= VERSION_MAX &&
	       text_is_valid(object->current_version) && object->etag.len <= ETAG_MAX;
}

size_t fetch_put_objects(struct wire_writer *writer, const struct object *objects, size_t count)
{
	size_t done = 0;
	wire_begin(writer, FETCH_OBJECTS);
	while (done < count && fits(&objects[done]) && object_weight(&objects[done]) <= wire_room(writer))
		put_object(writer, &objects[done++]);
	return done;
}

enum status fetch_get_object(struct wire_reader *reader, struct object *ret_object)
{
	if (reader->rest.len == 0 && !reader->failed)
		return STATUS_END;
	struct object object = get_object(reader);
	if (reader->failed)
		return STATUS_MALFORMED;
	*ret_object = object;
	return STATUS_OK;
}

void fetch_put_page_end(struct wire_writer *writer, struct bytes next, bool is_last)
{
	wire_begin(writer, FETCH_PAGE_END);
	wire_put_u8(writer, is_last);
	wire_put_bytes(writer, next);
}

enum status fetch_get_page_end(struct wire_reader *reader, struct bytes *ret_next, bool *ret_is_last)
{
	bool is_last = wire_get_u8(reader) != 0;
	struct bytes next = wire_get_bytes(reader, WIRE_CHUNK);
	enum status status = wire_end(reader);
	if (status != STATUS_OK)
		return status;
	*ret_next = next;
	*ret_is_last = is_last;
	return STATUS_OK;
}

void fetch_put_get(struct wire_writer *writer, const struct fetch_get *get)
{
	wire_begin(writer, FETCH_GET);
	wire_put_u64(writer, get->length);
	put_object(writer, &get->object);
}

enum status fetch_get_get(struct wire_reader *reader, struct fetch_get *ret_get)
{
	struct fetch_get get = {.length = wire_get_u64(reader)};
	get.object = get_object(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_get = get;
	return status;
}

/* ---- contents ---- */

void fetch_put_got(struct wire_writer *writer, const struct fetch_got *got)
{
	wire_begin(writer, FETCH_GOT);
	wire_put_u64(writer, got->size);
	wire_put_u64(writer, got->fetched);
	wire_put_u8(writer, got->is_windowed);
	wire_put_bytes(writer, bytes_of(got->sha256, got->has_sha256 ? sizeof got->sha256 : 0));
	wire_put_bytes(writer, got->note);
	wire_put_bytes(writer, bytes_slice(got->etag, 0, ETAG_MAX));
	wire_put_bytes(writer, got->md5);
	wire_put_u64(writer, (uint64_t)got->modified);
}

enum status fetch_get_got(struct wire_reader *reader, struct fetch_got *ret_got)
{
	struct fetch_got got = {.size = wire_get_u64(reader)};
	got.fetched = wire_get_u64(reader);
	got.is_windowed = wire_get_u8(reader) != 0;
	struct bytes digest = wire_get_bytes(reader, sizeof got.sha256);
	got.has_sha256 = digest.len == sizeof got.sha256;
	got.note = wire_get_text(reader, SHORT_TEXT);
	got.etag = wire_get_bytes(reader, ETAG_MAX);
	got.md5 = get_md5(reader);
	got.modified = wire_get_time(reader);
	bool makes_sense = (digest.len == 0 || got.has_sha256) && got.size <= OBJECT_SIZE_MAX && got.fetched <= got.size;
	enum status status = makes_sense ? wire_end(reader) : STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status;
	if (got.has_sha256)
		memcpy(got.sha256, digest.at, sizeof got.sha256);
	*ret_got = got;
	return STATUS_OK;
}

void fetch_put_range(struct wire_writer *writer, uint64_t offset)
{
	wire_begin(writer, FETCH_RANGE);
	wire_put_u64(writer, offset);
}

enum status fetch_get_range(struct wire_reader *reader, uint64_t *ret_offset)
{
	uint64_t offset = wire_get_u64(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_offset = offset;
	return status;
}

void fetch_put_window(struct wire_writer *writer, uint64_t offset, uint32_t length)
{
	wire_begin(writer, FETCH_WINDOW);
	wire_put_u64(writer, offset);
	wire_put_u32(writer, length);
}

enum status fetch_get_window(struct wire_reader *reader, uint64_t *ret_offset, uint32_t *ret_length)
{
	uint64_t offset = wire_get_u64(reader);
	uint32_t length = wire_get_enum(reader, FETCH_WINDOW_SIZE + 1);
	enum status status = wire_end(reader);
	if (status != STATUS_OK)
		return status;
	*ret_offset = offset;
	*ret_length = length;
	return STATUS_OK;
}

/* ---- verdicts and failures ---- */

void fetch_put_probe(struct wire_writer *writer, const struct fetch_probe *probe)
{
	wire_begin(writer, FETCH_PROBE);
	wire_put_u32(writer, (uint32_t)probe->count);
	for (size_t i = 0; i < probe->count; i++)
		wire_put_bytes(writer, probe->names[i]);
}

enum status fetch_get_probe(struct wire_reader *reader, struct fetch_probe *ret_probe)
{
	struct fetch_probe probe = {.count = wire_get_enum(reader, FETCH_PROBE_NAMES_MAX + 1)};
	for (size_t i = 0; i < probe.count; i++) {
		probe.names[i] = wire_get_bytes(reader, FETCH_NAME_MAX);
		reader->failed |= probe.names[i].len == 0;
	}
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_probe = probe;
	return status;
}

static const char *const methods[] = {"GET", "HEAD", "DNS"};

static uint8_t number_of_method(const char *method)
{
	size_t number = sizeof methods / sizeof *methods - 1;
	while (number > 0 && strcmp(methods[number], method) != 0)
		number--;
	return (uint8_t)number;
}

void fetch_put_verdict(struct wire_writer *writer, const struct verdict *verdict)
{
	wire_begin(writer, FETCH_VERDICT);
	wire_put_u32(writer, verdict->kind);
	const enum answer answers[] = {
		verdict->anonymous.list,    verdict->anonymous.read, verdict->anonymous.versions, verdict->anonymous.snapshots,
		verdict->anonymous.deleted, verdict->anonymous.acl,  verdict->anonymous.write,    verdict->static_site,
		verdict->secondary,         verdict->inventories,
	};
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		wire_put_u8(writer, (uint8_t)answers[i]);
	wire_put_u8(writer, verdict->is_walled);
	wire_put_bytes(writer, cut_text(verdict->static_site_why, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(verdict->secondary_why, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(verdict->inventories_why, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(verdict->tenant, SHORT_TEXT));
	wire_put_u64(writer, (uint64_t)verdict->observed_at);
	wire_put_bytes(writer, cut_text(verdict->vantage, SHORT_TEXT));
	wire_put_bytes(writer, cut_text(verdict->advice, SHORT_TEXT));
	wire_put_u32(writer, (uint32_t)verdict->evidence_count);
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		const struct evidence *evidence = &verdict->evidence[i];
		wire_put_u8(writer, number_of_method(evidence->method));
		wire_put_u8(writer, (uint8_t)evidence->place);
		wire_put_bytes(writer, cut_text(evidence->url, URL_MAX));
		wire_put_u32(writer, evidence->status);
		wire_put_bytes(writer, cut_text(evidence->code, CODE_MAX));
		wire_put_u64(writer, (uint64_t)evidence->at);
	}
}

static enum answer get_answer(struct wire_reader *reader)
{
	uint8_t answer = wire_get_u8(reader);
	if (answer > ANSWER_YES)
		reader->failed = true;
	return (enum answer)answer;
}

static struct bytes get_kept(struct wire_reader *reader, struct arena *arena, size_t max)
{
	struct bytes text = wire_get_text(reader, max);
	return text.len ? arena_copy(arena, text) : BYTES_NONE;
}

enum status fetch_get_verdict(struct wire_reader *reader, struct arena *arena, struct verdict *ret_verdict)
{
	struct verdict verdict = {.kind = 0};
	verdict.kind = wire_get_enum(reader, VERDICT_KIND_COUNT);
	enum answer *const answers[] = {
		&verdict.anonymous.list,    &verdict.anonymous.read, &verdict.anonymous.versions, &verdict.anonymous.snapshots,
		&verdict.anonymous.deleted, &verdict.anonymous.acl,  &verdict.anonymous.write,    &verdict.static_site,
		&verdict.secondary,         &verdict.inventories,
	};
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		*answers[i] = get_answer(reader);
	verdict.is_walled = wire_get_u8(reader) != 0;
	verdict.static_site_why = get_kept(reader, arena, SHORT_TEXT);
	verdict.secondary_why = get_kept(reader, arena, SHORT_TEXT);
	verdict.inventories_why = get_kept(reader, arena, SHORT_TEXT);
	verdict.tenant = get_kept(reader, arena, SHORT_TEXT);
	verdict.observed_at = wire_get_time(reader);
	verdict.vantage = get_kept(reader, arena, SHORT_TEXT);
	verdict.advice = get_kept(reader, arena, SHORT_TEXT);
	verdict.evidence_count = wire_get_enum(reader, VERDICT_EVIDENCE_MAX + 1);
	struct evidence *evidence = arena_allocate(arena, (verdict.evidence_count + 1) * sizeof *evidence);
	if (evidence == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < verdict.evidence_count; i++) {
		uint8_t method = wire_get_u8(reader);
		reader->failed |= method >= sizeof methods / sizeof *methods;
		evidence[i].method = reader->failed ? "GET" : methods[method];
		uint8_t place = wire_get_u8(reader);
		reader->failed |= place >= EVIDENCE_PLACE_COUNT;
		evidence[i].place = (enum evidence_place)place;
		evidence[i].url = get_kept(reader, arena, URL_MAX);
		evidence[i].status = wire_get_enum(reader, HTTP_STATUS_MAX + 1);
		evidence[i].code = get_kept(reader, arena, CODE_MAX);
		evidence[i].at = wire_get_time(reader);
	}
	verdict.evidence = evidence;
	if (wire_end(reader) != STATUS_OK || !verdict_is_sound(&verdict))
		return STATUS_MALFORMED;
	*ret_verdict = verdict;
	return STATUS_OK;
}

/* What asking a provider or a disk comes to; NO_MEMORY, USAGE and BROKEN are troubles of tidemark-fetch's own. */
static bool may_be_said(enum status status)
{
	switch (status) {
	case STATUS_BUSY:
	case STATUS_TIMED_OUT:
	case STATUS_UNREACHABLE:
	case STATUS_TRUNCATED:
	case STATUS_ABSENT:
	case STATUS_DENIED:
	case STATUS_REDIRECTED:
	case STATUS_CHANGED:
	case STATUS_MALFORMED:
	case STATUS_UNSUPPORTED:
	case STATUS_ARCHIVED:
	case STATUS_TOO_LARGE:
	case STATUS_NO_MEMORY:
	case STATUS_USAGE:
	case STATUS_BROKEN: return true;
	default: return false;
	}
}

void fetch_put_failed(struct wire_writer *writer, const struct fetch_failed *failed)
{
	wire_begin(writer, FETCH_FAILED);
	wire_put_u32(writer, failed->status);
	wire_put_u64(writer, failed->fetched);
	wire_put_bytes(writer, failed->where);
	wire_put_bytes(writer, failed->why);
}

enum status fetch_get_failed(struct wire_reader *reader, struct fetch_failed *ret_failed)
{
	struct fetch_failed failed = {.status = wire_get_enum(reader, STATUS_COUNT)};
	failed.fetched = wire_get_u64(reader);
	failed.where = wire_get_text(reader, SHORT_TEXT);
	failed.why = wire_get_text(reader, SHORT_TEXT);
	enum status status = wire_end(reader);
	if (status != STATUS_OK || !may_be_said(failed.status))
		return STATUS_MALFORMED;
	*ret_failed = failed;
	return STATUS_OK;
}

void fetch_put_progress(struct wire_writer *writer, uint64_t received)
{
	wire_begin(writer, FETCH_PROGRESS);
	wire_put_u64(writer, received);
}

enum status fetch_get_progress(struct wire_reader *reader, uint64_t *ret_received)
{
	uint64_t received = wire_get_u64(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_received = received;
	return status;
}
