/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding and checking the messages of tidemark-extract. */
#include "wire/extract-messages.h"

#include "base/text.h"
#include "model/document-class.h"
#include "model/person.h"

enum { ARMOUR_LABEL_MAX = 64, SHORT_TEXT = 4096, WORD_MAX = 128, NAME_MAX_LENGTH = 253, LABEL_MAX = 63, IDLE_MEMORY = 1 << 20 };

enum {
	JOB_NUMBER = 8,
	PID = 4,
	BYTES = 4,
	DIGEST = BYTES + 32,
	WINDOW = 8 + 4 + 4,
	JOB_FIELDS = 2 * 8 + 4 + 3 * DIGEST + 2 * 8 + BYTES + EXTRACT_PATH_MAX + 4 +
	             EXTRACT_SKIP_MAX * (BYTES + EXTRACT_PATH_MAX + 4),
	PATH_FIELDS = JOB_NUMBER + BYTES + EXTRACT_PATH_MAX,
	TEXT_FIELDS = JOB_NUMBER + BYTES + WIRE_CHUNK,
};

/* A document's frames of a kind, which may follow those of its own kind and of the kinds before. */
#define TOLD_AFTER(state, type, next, maximum) \
	{ \
		state, type, next, PERMIT_NO_DESCRIPTOR, maximum \
	}
#define TEXT_AFTER(state) TOLD_AFTER(state, EXTRACT_TEXT, EXTRACT_TELLS_TEXT, TEXT_FIELDS)
#define FINDINGS_AFTER(state) TOLD_AFTER(state, EXTRACT_FINDINGS, EXTRACT_TELLS_FINDINGS, PERMIT_FRAME)
#define ORGANISATIONS_AFTER(state) TOLD_AFTER(state, EXTRACT_ORGANISATIONS, EXTRACT_TELLS_ORGANISATIONS, PERMIT_FRAME)
#define FACTS_AFTER(state) TOLD_AFTER(state, EXTRACT_FACTS, EXTRACT_TELLS_FACTS, PERMIT_FRAME)
#define END_AFTER(state) TOLD_AFTER(state, EXTRACT_DOCUMENT_END, EXTRACT_READS, JOB_NUMBER)

/* clang-format off */
static const struct permit rows[] = {
	{EXTRACT_COMES_UP, EXTRACT_READY, EXTRACT_SILENT, PERMIT_NO_DESCRIPTOR, 0},
	{EXTRACT_FORKS, EXTRACT_FORKED, EXTRACT_SILENT, PERMIT_NO_DESCRIPTOR, PID},
	{EXTRACT_REAPS, EXTRACT_REAPED, EXTRACT_SILENT, PERMIT_NO_DESCRIPTOR, PID},
	{EXTRACT_REGISTERS, EXTRACT_REGISTERED, EXTRACT_SILENT, PERMIT_NO_DESCRIPTOR, 0},

	{EXTRACT_READS, EXTRACT_BEGIN, EXTRACT_READS, PERMIT_NO_DESCRIPTOR, PATH_FIELDS},
	{EXTRACT_READS, EXTRACT_PROGRESS, EXTRACT_READS, PERMIT_NO_DESCRIPTOR, JOB_NUMBER},
	{EXTRACT_READS, EXTRACT_WANT, EXTRACT_READS, PERMIT_NO_DESCRIPTOR, JOB_NUMBER + 8},
	{EXTRACT_READS, EXTRACT_ACCESSES, EXTRACT_READS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{EXTRACT_READS, EXTRACT_WHOLE_DOCUMENT, EXTRACT_READS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{EXTRACT_READS, EXTRACT_DOCUMENT, EXTRACT_TELLS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	TEXT_AFTER(EXTRACT_TELLS), TEXT_AFTER(EXTRACT_TELLS_TEXT),
	FINDINGS_AFTER(EXTRACT_TELLS), FINDINGS_AFTER(EXTRACT_TELLS_TEXT), FINDINGS_AFTER(EXTRACT_TELLS_FINDINGS),
	ORGANISATIONS_AFTER(EXTRACT_TELLS), ORGANISATIONS_AFTER(EXTRACT_TELLS_TEXT), ORGANISATIONS_AFTER(EXTRACT_TELLS_FINDINGS),
	ORGANISATIONS_AFTER(EXTRACT_TELLS_ORGANISATIONS),
	FACTS_AFTER(EXTRACT_TELLS), FACTS_AFTER(EXTRACT_TELLS_TEXT), FACTS_AFTER(EXTRACT_TELLS_FINDINGS),
	FACTS_AFTER(EXTRACT_TELLS_ORGANISATIONS), FACTS_AFTER(EXTRACT_TELLS_FACTS),
	END_AFTER(EXTRACT_TELLS), END_AFTER(EXTRACT_TELLS_TEXT), END_AFTER(EXTRACT_TELLS_FINDINGS),
	END_AFTER(EXTRACT_TELLS_ORGANISATIONS), END_AFTER(EXTRACT_TELLS_FACTS),
	{EXTRACT_HAS_READ, EXTRACT_DONE, EXTRACT_SILENT, PERMIT_NO_DESCRIPTOR, JOB_NUMBER},

	{EXTRACT_IDLES, EXTRACT_JOB, EXTRACT_IDLES, PERMIT_EITHER, JOB_FIELDS},
	{EXTRACT_WAITS, EXTRACT_WINDOW, EXTRACT_WAITS, PERMIT_EITHER, WINDOW},
	{EXTRACT_BREEDS, EXTRACT_RULES, EXTRACT_BREEDS, PERMIT_NO_DESCRIPTOR, BYTES + CUSTOM_DIGEST_LENGTH},
	{EXTRACT_BREEDS, EXTRACT_RULE, EXTRACT_BREEDS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{EXTRACT_BREEDS, EXTRACT_ALLOWED, EXTRACT_BREEDS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{EXTRACT_BREEDS, EXTRACT_FORK, EXTRACT_BREEDS, PERMIT_A_DESCRIPTOR, 0},
	{EXTRACT_BREEDS, EXTRACT_REGISTER, EXTRACT_BREEDS, PERMIT_A_DESCRIPTOR, 8},
	{EXTRACT_BREEDS, EXTRACT_KILL, EXTRACT_BREEDS, PERMIT_NO_DESCRIPTOR, PID},
	{EXTRACT_BREEDS, EXTRACT_FINISH, EXTRACT_BREEDS, PERMIT_NO_DESCRIPTOR, PID},
};
/* clang-format on */
const struct permit_table extract_permits = {rows, sizeof rows / sizeof *rows};

void extract_put_empty(struct wire_writer *writer, enum extract_message type)
{
	wire_begin(writer, (unsigned char)type);
}

void extract_put_worker(struct wire_writer *writer, enum extract_message type, uint32_t pid)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_u32(writer, pid);
}

void extract_put_register(struct wire_writer *writer, uint64_t size)
{
	wire_begin(writer, EXTRACT_REGISTER);
	wire_put_u64(writer, size);
}

enum status extract_get_register(struct wire_reader *reader, uint64_t *ret_size)
{
	uint64_t size = wire_get_u64(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_size = size;
	return status;
}

void extract_put_job(struct wire_writer *writer, const struct extract_job *job)
{
	wire_begin(writer, EXTRACT_JOB);
	wire_put_u64(writer, job->number);
	wire_put_u64(writer, job->size);
	wire_put_u8(writer, job->is_windowed);
	wire_put_u8(writer, job->is_peek);
	wire_put_u8(writer, job->is_renewal);
	wire_put_u8(writer, job->is_log);
	wire_put_bytes(writer, bytes_of(job->sha256, job->has_sha256 ? 32 : 0));
	wire_put_bytes(writer, bytes_of(job->identity, sizeof job->identity));
	wire_put_bytes(writer, bytes_of(job->secret_key, sizeof job->secret_key));
	wire_put_u64(writer, job->allowance.output);
	wire_put_u64(writer, job->allowance.processor_ms);
	wire_put_bytes(writer, bytes_slice(job->name, 0, EXTRACT_PATH_MAX));
	wire_put_u32(writer, (uint32_t)job->skip_count);
	for (size_t i = 0; i < job->skip_count; i++) {
		wire_put_bytes(writer, job->skips[i].inner_path);
		wire_put_u32(writer, job->skips[i].outcome);
	}
}

/* A digest that may be absent. */
static bool get_digest(struct wire_reader *reader, unsigned char into[32])
{
	struct bytes digest = wire_get_bytes(reader, 32);
	if (digest.len == 32)
		memcpy(into, digest.at, 32);
	else if (digest.len != 0)
		reader->failed = true;
	return digest.len == 32;
}

enum status extract_get_job(struct wire_reader *reader, struct extract_job *ret_job)
{
	struct extract_job job = {.size = 0};
	job.number = wire_get_u64(reader);
	job.size = wire_get_u64(reader);
	job.is_windowed = wire_get_u8(reader) != 0;
	job.is_peek = wire_get_u8(reader) != 0;
	job.is_renewal = wire_get_u8(reader) != 0;
	job.is_log = wire_get_u8(reader) != 0;
	job.has_sha256 = get_digest(reader, job.sha256);
	if (!get_digest(reader, job.identity) || !get_digest(reader, job.secret_key))
		reader->failed = true;
	job.allowance.output = wire_get_u64(reader);
	job.allowance.processor_ms = wire_get_u64(reader);
	job.name = wire_get_bytes(reader, EXTRACT_PATH_MAX);
	job.skip_count = wire_get_enum(reader, EXTRACT_SKIP_MAX + 1);
	for (size_t i = 0; i < job.skip_count; i++) {
		job.skips[i].inner_path = wire_get_bytes(reader, EXTRACT_PATH_MAX);
		job.skips[i].outcome = wire_get_enum(reader, OUTCOME_COUNT);
	}
	if ((job.is_renewal || job.is_log) && (job.is_windowed || job.is_peek || job.is_renewal == job.is_log))
		reader->failed = true;
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_job = job;
	return status;
}

void extract_put_window(struct wire_writer *writer, uint64_t offset, uint32_t length, enum status window_status)
{
	wire_begin(writer, EXTRACT_WINDOW);
	wire_put_u64(writer, offset);
	wire_put_u32(writer, length);
	wire_put_u32(writer, window_status);
}

enum status extract_get_window(struct wire_reader *reader, uint64_t *ret_offset, uint32_t *ret_length, enum status *ret_status)
{
	uint64_t offset = wire_get_u64(reader);
	uint32_t length = wire_get_enum(reader, EXTRACT_WINDOW_SIZE + 1);
	enum status window_status = wire_get_enum(reader, STATUS_COUNT);
	enum status status = wire_end(reader);
	if (status != STATUS_OK)
		return status;
	*ret_offset = offset;
	*ret_length = length;
	*ret_status = window_status;
	return STATUS_OK;
}

/* ---- of one job ---- */

static void begin(struct wire_writer *writer, enum extract_message type, uint64_t job)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_u64(writer, job);
}

bool extract_is_of_job(struct wire_reader *reader, uint64_t number)
{
	uint64_t said = wire_get_u64(reader);
	return !reader->failed && said == number;
}

void extract_put_sign(struct wire_writer *writer, enum extract_message type, uint64_t job)
{
	begin(writer, type, job);
}

void extract_put_begin(struct wire_writer *writer, uint64_t job, struct bytes inner_path)
{
	begin(writer, EXTRACT_BEGIN, job);
	wire_put_bytes(writer, inner_path);
}

enum status extract_get_begin(struct wire_reader *reader, struct bytes *ret_inner_path)
{
	struct bytes path = wire_get_bytes(reader, EXTRACT_PATH_MAX);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_inner_path = path;
	return status;
}

void extract_put_want(struct wire_writer *writer, uint64_t job, uint64_t offset)
{
	begin(writer, EXTRACT_WANT, job);
	wire_put_u64(writer, offset);
}

enum status extract_get_want(struct wire_reader *reader, uint64_t *ret_offset)
{
	uint64_t offset = wire_get_u64(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_offset = offset;
	return status;
}

/* ---- records of a log ---- */

enum { ACCESS_FIELDS = ACCESS_IDENTITY_SIZE + 4 + 2 * 8 + 4 + 7 * 4 };

void extract_begin_accesses(struct wire_writer *writer, uint64_t job)
{
	begin(writer, EXTRACT_ACCESSES, job);
}

bool extract_put_access(struct wire_writer *writer, const struct access_record *record)
{
	size_t size = ACCESS_FIELDS + record->account.len + record->container.len + record->object.len + record->version.len +
	              record->network.len + record->operation.len;
	if (wire_room(writer) < size)
		return false;
	wire_put_bytes(writer, bytes_of(record->identity, sizeof record->identity));
	wire_put_u8(writer, (uint8_t)record->log);
	wire_put_u8(writer, (uint8_t)record->caller);
	wire_put_u8(writer, (uint8_t)record->verb);
	wire_put_u8(writer, record->names_itself_so);
	wire_put_u64(writer, (uint64_t)record->time);
	wire_put_u32(writer, record->status);
	wire_put_u64(writer, record->bytes);
	wire_put_bytes(writer, record->account);
	wire_put_bytes(writer, record->container);
	wire_put_bytes(writer, record->object);
	wire_put_bytes(writer, record->version);
	wire_put_bytes(writer, record->network);
	wire_put_bytes(writer, record->operation);
	return true;
}

static bool is_above_zero(unsigned number, unsigned limit)
{
	return number > 0 && number < limit;
}

enum status extract_get_access(struct wire_reader *reader, struct access_record *ret_record)
{
	struct access_record record;
	if (reader->rest.len == 0)
		return reader->failed ? STATUS_MALFORMED : STATUS_END;
	struct bytes identity = wire_get_bytes(reader, sizeof record.identity);
	record.log = (enum log_kind)wire_get_u8(reader);
	record.caller = (enum access_caller)wire_get_u8(reader);
	record.verb = (enum access_verb)wire_get_u8(reader);
	record.names_itself_so = wire_get_u8(reader) != 0;
	record.time = wire_get_time(reader);
	record.status = wire_get_enum(reader, 1000);
	record.bytes = wire_get_u64(reader);
	record.account = wire_get_text(reader, ACCESS_ACCOUNT_MAX);
	record.container = wire_get_text(reader, ACCESS_CONTAINER_MAX);
	record.object = wire_get_bytes(reader, ACCESS_NAME_MAX);
	record.version = wire_get_text(reader, ACCESS_VERSION_MAX);
	record.network = wire_get_text(reader, ACCESS_NETWORK_MAX);
	record.operation = wire_get_text(reader, ACCESS_OPERATION_MAX);
	if (reader->failed || identity.len != sizeof record.identity || !is_above_zero(record.log, LOG_KIND_COUNT) ||
	    !is_above_zero(record.caller, CALLER_COUNT) || !is_above_zero(record.verb, ACCESS_VERB_COUNT) ||
	    record.time == CLOCK_UNKNOWN || record.bytes > OBJECT_SIZE_MAX)
		return STATUS_MALFORMED;
	memcpy(record.identity, identity.at, identity.len);
	*ret_record = record;
	return STATUS_OK;
}

/* ---- one document, outwards ---- */

static void put_field(struct wire_writer *writer, const struct field *field, const struct document_fields *fields)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_WORD: wire_put_bytes(writer, field_get_bytes(field, fields)); break;
	case FIELD_TIME: wire_put_u64(writer, (uint64_t)field_get_time(field, fields)); break;
	case FIELD_SIZE: wire_put_u64(writer, field_get_size(field, fields)); break;
	}
}

static void put_head(struct wire_writer *writer, const struct document_record *record)
{
	wire_put_u32(writer, record->ordinal);
	wire_put_u32(writer, record->parent);
	wire_put_bytes(writer, record->inner_path);
	wire_put_bytes(writer, bytes_of(record->sha256, record->has_sha256 ? 32 : 0));
	wire_put_bytes(writer, bytes_of(record->content_key, 32));
	wire_put_u32(writer, record->outcome);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		put_field(writer, &field_table[i], &record->fields);
	wire_put_u32(writer, (uint32_t)record->finding_count);
	wire_put_u32(writer, (uint32_t)record->organisation_count);
	wire_put_u32(writer, (uint32_t)record->fact_count);
}

/* Where the frames of a document go: over a socket, or into a file. */
struct outlet {
	int fd;
	bool is_file;
	struct wire_writer *writer;
	uint64_t job;
};

static enum status put_out(const struct outlet *outlet)
{
	return outlet->is_file ? wire_write(outlet->fd, outlet->writer) : wire_send(outlet->fd, outlet->writer, -1);
}

static enum status send_text(const struct outlet *outlet, struct bytes text)
{
	enum status status = STATUS_OK;
	while (text.len > 0 && status == STATUS_OK) {
		struct bytes piece = bytes_slice(text, 0, WIRE_CHUNK);
		while (piece.len < text.len && (text.at[piece.len] & 0xC0) == 0x80)
			piece.len--;
		begin(outlet->writer, EXTRACT_TEXT, outlet->job);
		wire_put_bytes(outlet->writer, piece);
		status = put_out(outlet);
		text = bytes_from(text, piece.len);
	}
	return status;
}

static size_t finding_weight(const struct finding *finding)
{
	return 64 + finding->subkind.len + finding->value.len + finding->raw.len + finding->rule.len;
}

/* Rounded, so that what travels again stays what it is. */
static void put_confidence(struct wire_writer *writer, float confidence)
{
	wire_put_u32(writer, (uint32_t)(confidence * 1000000.0f + 0.5f));
}

static void put_finding(struct wire_writer *writer, const struct finding *finding)
{
	wire_put_u32(writer, finding->kind);
	wire_put_bytes(writer, finding->subkind);
	wire_put_bytes(writer, finding->value);
	wire_put_bytes(writer, finding->raw);
	wire_put_u64(writer, finding->from);
	wire_put_u64(writer, finding->to);
	put_confidence(writer, finding->confidence);
	wire_put_bytes(writer, finding->rule);
}

static enum status send_findings(const struct outlet *outlet, const struct document_record *record)
{
	struct wire_writer *writer = outlet->writer;
	enum status status = STATUS_OK;
	size_t next = 0;
	while (next < record->finding_count && status == STATUS_OK) {
		begin(writer, EXTRACT_FINDINGS, outlet->job);
		do
			put_finding(writer, &record->findings[next++]);
		while (next < record->finding_count && finding_weight(&record->findings[next]) < wire_room(writer));
		status = put_out(outlet);
	}
	return status;
}

static void put_organisation(struct wire_writer *writer, const struct attribution *organisation)
{
	wire_put_bytes(writer, organisation->domain);
	wire_put_u32(writer, organisation->role);
	put_confidence(writer, organisation->confidence);
	wire_put_bytes(writer, organisation->why);
	wire_put_bytes(writer, organisation->name);
	wire_put_u32(writer, organisation->part);
	wire_put_bytes(writer, bytes_of_string(organisation->country));
	wire_put_u32(writer, organisation->country_by);
}

static enum status send_organisations(const struct outlet *outlet, const struct document_record *record)
{
	struct wire_writer *writer = outlet->writer;
	enum status status = STATUS_OK;
	size_t next = 0;
	while (next < record->organisation_count && status == STATUS_OK) {
		begin(writer, EXTRACT_ORGANISATIONS, outlet->job);
		while (next < record->organisation_count && wire_room(writer) > 3 * SHORT_TEXT + 64)
			put_organisation(writer, &record->organisations[next++]);
		status = put_out(outlet);
	}
	return status;
}

static size_t fact_weight(const struct fact *fact)
{
	return 64 + fact->name.len + fact->value.len;
}

static void put_fact(struct wire_writer *writer, const struct fact *fact)
{
	wire_put_u32(writer, fact->kind);
	wire_put_bytes(writer, fact->name);
	wire_put_bytes(writer, fact->value);
	wire_put_u64(writer, fact->from);
	wire_put_u64(writer, fact->to);
	put_confidence(writer, fact->confidence);
}

static enum status send_facts(const struct outlet *outlet, const struct document_record *record)
{
	struct wire_writer *writer = outlet->writer;
	enum status status = STATUS_OK;
	size_t next = 0;
	while (next < record->fact_count && status == STATUS_OK) {
		begin(writer, EXTRACT_FACTS, outlet->job);
		do
			put_fact(writer, &record->facts[next++]);
		while (next < record->fact_count && fact_weight(&record->facts[next]) < wire_room(writer));
		status = put_out(outlet);
	}
	return status;
}

/* Most documents fit into one frame, which saves both programs a wakeup for every part of them. */
static bool put_whole(struct wire_writer *writer, uint64_t job, const struct document_record *record)
{
	if (record->text.len > WIRE_CHUNK)
		return false;
	begin(writer, EXTRACT_WHOLE_DOCUMENT, job);
	put_head(writer, record);
	wire_put_bytes(writer, record->text);
	for (size_t i = 0; i < record->finding_count && !writer->overflowed; i++)
		put_finding(writer, &record->findings[i]);
	for (size_t i = 0; i < record->organisation_count && !writer->overflowed; i++)
		put_organisation(writer, &record->organisations[i]);
	for (size_t i = 0; i < record->fact_count && !writer->overflowed; i++)
		put_fact(writer, &record->facts[i]);
	return !writer->overflowed;
}

static enum status put_out_document(const struct outlet *outlet, const struct document_record *record)
{
	if (put_whole(outlet->writer, outlet->job, record))
		return put_out(outlet);
	begin(outlet->writer, EXTRACT_DOCUMENT, outlet->job);
	put_head(outlet->writer, record);
	enum status status = put_out(outlet);
	if (status == STATUS_OK)
		status = send_text(outlet, record->text);
	if (status == STATUS_OK)
		status = send_findings(outlet, record);
	if (status == STATUS_OK)
		status = send_organisations(outlet, record);
	if (status == STATUS_OK)
		status = send_facts(outlet, record);
	if (status == STATUS_OK) {
		begin(outlet->writer, EXTRACT_DOCUMENT_END, outlet->job);
		status = put_out(outlet);
	}
	return status;
}

enum status extract_send_document(int fd, struct wire_writer *writer, uint64_t job, const struct document_record *record)
{
	return put_out_document(&(struct outlet){fd, false, writer, job}, record);
}

enum status extract_write_document(int fd, struct wire_writer *writer, const struct document_record *record)
{
	return put_out_document(&(struct outlet){fd, true, writer, 0}, record);
}

/* ---- one document, inwards ---- */

static struct bytes keep(struct extract_gathering *gathering, struct bytes bytes)
{
	return bytes.len ? arena_copy(gathering->arena, bytes) : BYTES_NONE;
}

static float get_confidence(struct wire_reader *reader)
{
	return (float)wire_get_enum(reader, 1000001) / 1000000.0f;
}

static uint64_t get_number(struct wire_reader *reader, uint64_t maximum)
{
	uint64_t number = wire_get_u64(reader);
	reader->failed |= number > maximum;
	return number;
}

/* A word of ours, as a media type or the name of a rule: ASCII without spaces. */
static struct bytes get_word(struct wire_reader *reader, size_t maximum)
{
	struct bytes word = wire_get_bytes(reader, maximum);
	for (size_t i = 0; i < word.len; i++)
		reader->failed |= word.at[i] <= ' ' || word.at[i] > '~';
	return reader->failed ? BYTES_NONE : word;
}

static bool is_of_label(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* A name of two labels or more, as names are registered: A-labels in lower case. */
static bool is_domain(struct bytes name)
{
	size_t labels = 0;
	if (name.len > NAME_MAX_LENGTH)
		return false;
	for (;; labels++) {
		size_t length = 0;
		while (length < name.len && is_of_label(name.at[length]))
			length++;
		if (length == 0 || length > LABEL_MAX)
			return false;
		if (length == name.len)
			return labels > 0;
		if (name.at[length] != '.')
			return false;
		name = bytes_from(name, length + 1);
	}
}

/* What an organisation is called that has no domain: words of no control characters. */
static bool is_name_key(struct bytes key)
{
	struct bytes name = bytes_from(key, strlen(ORGANISATION_BY_NAME));
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] < ' ' || name.at[i] == 0x7F)
			return false;
	return organisation_is_by_name(key) && key.len <= ORGANISATION_KEY_MAX && name.len > 0 && text_is_valid(name);
}

static void get_country(struct wire_reader *reader, struct attribution *organisation)
{
	struct bytes country = wire_get_bytes(reader, COUNTRY_LENGTH);
	organisation->country_by = wire_get_enum(reader, COUNTRY_BY_VAT + 1);
	memset(organisation->country, 0, sizeof organisation->country);
	for (size_t i = 0; i < country.len; i++) {
		reader->failed |= country.at[i] < 'A' || country.at[i] > 'Z';
		organisation->country[i] = (char)country.at[i];
	}
	reader->failed |= country.len == 1 || (country.len == 0) != (organisation->country_by == COUNTRY_UNKNOWN);
}

/* The object itself has no path, and everything else one; who is within whom goes in no circles. */
static bool has_place(const struct document_record *record)
{
	bool is_object = record->ordinal == 0;
	return is_object == (record->inner_path.len == 0) && (is_object ? record->parent == 0 : record->parent < record->ordinal);
}

/* A path that can be read as it is, is never shown as another. */
static bool may_be_shown(const struct document_record *record)
{
	return record->shown_path.len == 0 || !text_is_valid(record->inner_path);
}

static bool is_class(struct bytes word)
{
	return document_class_from_name(word) != CLASS_COUNT;
}

/* Words of closed lists are of them: by these it is counted and found. */
static bool has_known_words(const struct document_record *record)
{
	bool is_signing_told = bytes_equal_string(record->signing, "true") || bytes_equal_string(record->signing, "false");
	return (record->class.len == 0 || is_class(record->class)) && (record->signing.len == 0 || is_signing_told);
}

/* A large one's memory is not kept for small ones. */
static void begin_items(struct buffer *items)
{
	if (items->capacity > IDLE_MEMORY)
		buffer_free(items);
	items->ceiling = SIZE_MAX / 2;
	buffer_reset(items);
}

static void gather_field(struct extract_gathering *gathering, struct wire_reader *reader, const struct field *field,
                         struct document_fields *fields)
{
	switch (field->kind) {
	case FIELD_TEXT: *field_bytes(field, fields) = keep(gathering, wire_get_text(reader, field->maximum)); break;
	case FIELD_WORD: *field_bytes(field, fields) = keep(gathering, get_word(reader, field->maximum)); break;
	case FIELD_TIME: *field_time(field, fields) = wire_get_time(reader); break;
	case FIELD_SIZE: *field_size(field, fields) = get_number(reader, field->maximum); break;
	}
}

static enum status gather_head(struct extract_gathering *gathering, struct wire_reader *reader)
{
	struct document_record record = {0};
	record.ordinal = wire_get_enum(reader, RECORD_PARTS_MAX + 1);
	record.parent = wire_get_enum(reader, RECORD_PARTS_MAX + 1);
	record.inner_path = keep(gathering, wire_get_bytes(reader, EXTRACT_PATH_MAX));
	record.has_sha256 = get_digest(reader, record.sha256);
	if (!get_digest(reader, record.content_key))
		reader->failed = true;
	record.outcome = wire_get_enum(reader, OUTCOME_COUNT);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		gather_field(gathering, reader, &field_table[i], &record.fields);
	record.finding_count = wire_get_enum(reader, RECORD_FINDINGS_MAX + 1);
	record.organisation_count = wire_get_enum(reader, RECORD_FINDINGS_MAX + 1);
	record.fact_count = wire_get_enum(reader, RECORD_FACTS_MAX + 1);
	if (reader->failed || record.outcome == OUTCOME_PENDING || !has_place(&record) || !may_be_shown(&record) ||
	    !has_known_words(&record))
		return STATUS_MALFORMED;
	begin_items(&gathering->findings);
	begin_items(&gathering->organisations);
	begin_items(&gathering->facts);
	gathering->finding_count = gathering->organisation_count = gathering->fact_count = 0;
	gathering->text.ceiling = RECORD_TEXT_MAX;
	buffer_reset(&gathering->text);
	gathering->record = record;
	return STATUS_OK;
}

static enum status gather_document(struct extract_gathering *gathering, struct wire_reader *reader)
{
	enum status status = gather_head(gathering, reader);
	return status == STATUS_OK ? wire_end(reader) : status;
}

static enum status gather_text(struct extract_gathering *gathering, struct wire_reader *reader)
{
	struct bytes text = wire_get_text(reader, WIRE_CHUNK);
	if (reader->failed)
		return STATUS_MALFORMED;
	buffer_append(&gathering->text, text);
	return buffer_status(&gathering->text) == STATUS_TOO_LARGE ? STATUS_MALFORMED : buffer_status(&gathering->text);
}

/* Bytes bound the code points; what lies beyond the text that is kept was looked through all the same. */
static bool is_within_text(const struct extract_gathering *gathering, uint64_t from, uint64_t to)
{
	return from < to && to - from <= 2 * SHORT_TEXT && to <= gathering->text.len + gathering->record.text_beyond;
}

/* How many characters of it are not stars. */
static size_t count_shown(struct bytes text)
{
	size_t shown = 0;
	for (size_t i = 0; i < text.len; i++)
		shown += text.at[i] > ' ' && strchr("*" FINDING_STARS, text.at[i]) == NULL;
	return shown;
}

/* The words of a private key's marker (RSA PRIVATE KEY) behind its beginning, up to its dashes and with them. */
static bool take_marker(struct bytes *rest, struct bytes beginning)
{
	size_t length = 0;
	if (!bytes_start_with(*rest, beginning))
		return false;
	struct bytes label = bytes_slice(bytes_from(*rest, beginning.len), 0, ARMOUR_LABEL_MAX);
	while (length < label.len && ((label.at[length] >= 'A' && label.at[length] <= 'Z') || label.at[length] == ' ' ||
	                              (label.at[length] >= '0' && label.at[length] <= '9')))
		length++;
	if (!bytes_start_with(bytes_from(label, length), BYTES_LITERAL("-----")))
		return false;
	*rest = bytes_from(*rest, beginning.len + length + sizeof "-----" - 1);
	return true;
}

/* Nothing but the markers of a key is shown beside stars; both have their words. */
static size_t count_shown_in_armour(struct bytes raw)
{
	struct bytes rest = raw;
	if (!take_marker(&rest, BYTES_LITERAL("-----BEGIN ")))
		return count_shown(raw);
	size_t end = bytes_find(rest, BYTES_LITERAL("-----END "));
	struct bytes body = bytes_slice(rest, 0, end), close = bytes_from(rest, body.len);
	return count_shown(body) +
	       (close.len > 0 && take_marker(&close, BYTES_LITERAL("-----END ")) ? close.len : count_shown(close));
}

/* The value of a secret is its digest, and what is said to be as it was written has stars. */
static bool is_masked(const struct finding *finding)
{
	if (finding->value.len != FINDING_SECRET_LENGTH)
		return false;
	for (size_t i = 0; i < finding->value.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz234567", finding->value.at[i]) == NULL || finding->value.at[i] == 0)
			return false;
	return count_shown_in_armour(finding->raw) <= FINDING_SECRET_SHOWN;
}

static enum status gather_finding(struct extract_gathering *gathering, struct wire_reader *reader)
{
	if (gathering->finding_count == gathering->record.finding_count)
		return STATUS_MALFORMED;
	struct finding *finding = (void *)buffer_extend(&gathering->findings, sizeof *finding);
	if (finding == NULL)
		return STATUS_NO_MEMORY;
	gathering->finding_count++;
	finding->kind = wire_get_enum(reader, FINDING_KIND_COUNT);
	finding->subkind = keep(gathering, get_word(reader, WORD_MAX));
	finding->value = keep(gathering, wire_get_text(reader, 2 * SHORT_TEXT));
	finding->raw = keep(gathering, wire_get_text(reader, 2 * SHORT_TEXT));
	finding->from = wire_get_u64(reader);
	finding->to = wire_get_u64(reader);
	finding->confidence = get_confidence(reader);
	finding->rule = keep(gathering, get_word(reader, WORD_MAX));
	bool is_nothing = finding->kind == 0 || finding->value.len == 0 ||
	                  (finding->kind == FINDING_SECRET && !is_masked(finding));
	return reader->failed || is_nothing || !is_within_text(gathering, finding->from, finding->to) ? STATUS_MALFORMED
	                                                                                              : STATUS_OK;
}

static enum status gather_organisation(struct extract_gathering *gathering, struct wire_reader *reader)
{
	if (gathering->organisation_count == gathering->record.organisation_count)
		return STATUS_MALFORMED;
	struct attribution *organisation = (void *)buffer_extend(&gathering->organisations, sizeof *organisation);
	if (organisation == NULL)
		return STATUS_NO_MEMORY;
	gathering->organisation_count++;
	organisation->domain = keep(gathering, wire_get_bytes(reader, NAME_MAX_LENGTH));
	organisation->role = wire_get_enum(reader, ORGANISATION_PARTY + 1);
	organisation->confidence = get_confidence(reader);
	organisation->why = keep(gathering, wire_get_text(reader, SHORT_TEXT));
	organisation->name = keep(gathering, wire_get_text(reader, ORGANISATION_NAME_MAX));
	organisation->part = wire_get_enum(reader, PART_COUNT);
	get_country(reader, organisation);
	bool is_named = is_domain(organisation->domain) || is_name_key(organisation->domain);
	return reader->failed || organisation->role == 0 || !is_named ? STATUS_MALFORMED : STATUS_OK;
}

static enum status gather_fact(struct extract_gathering *gathering, struct wire_reader *reader)
{
	if (gathering->fact_count == gathering->record.fact_count)
		return STATUS_MALFORMED;
	struct fact *fact = (void *)buffer_extend(&gathering->facts, sizeof *fact);
	if (fact == NULL)
		return STATUS_NO_MEMORY;
	gathering->fact_count++;
	fact->kind = wire_get_enum(reader, FACT_KIND_COUNT);
	fact->name = keep(gathering, get_word(reader, FACT_NAME_MAX));
	fact->value = keep(gathering, wire_get_text(reader, FACT_VALUE_MAX));
	fact->from = wire_get_u64(reader);
	fact->to = wire_get_u64(reader);
	fact->confidence = get_confidence(reader);
	bool is_nothing = fact->kind == 0 || fact->name.len == 0 || (fact->kind == FACT_CLASS && !is_class(fact->name)) ||
	                  (fact->kind == FACT_PERSON && !person_is_sound(fact->value));
	bool is_of_no_place = fact->from == 0 && fact->to == 0;
	return reader->failed || is_nothing || !(is_of_no_place || is_within_text(gathering, fact->from, fact->to))
	               ? STATUS_MALFORMED
	               : STATUS_OK;
}

/* To the end of the frame. */
static enum status gather_all(struct extract_gathering *gathering, struct wire_reader *reader,
                              enum status (*gather_one)(struct extract_gathering *, struct wire_reader *))
{
	enum status status = STATUS_OK;
	while (reader->rest.len > 0 && status == STATUS_OK)
		status = gather_one(gathering, reader);
	return status;
}

static enum status gather_end(struct extract_gathering *gathering, struct wire_reader *reader,
                              const struct document_record **ret_record)
{
	struct document_record *record = &gathering->record;
	if (wire_end(reader) != STATUS_OK || gathering->finding_count != record->finding_count ||
	    gathering->organisation_count != record->organisation_count || gathering->fact_count != record->fact_count)
		return STATUS_MALFORMED;
	record->text = buffer_bytes(&gathering->text);
	record->findings = (void *)gathering->findings.at;
	record->organisations = (void *)gathering->organisations.at;
	record->facts = (void *)gathering->facts.at;
	*ret_record = record;
	return STATUS_OK;
}

static enum status gather_whole(struct extract_gathering *gathering, struct wire_reader *reader,
                                const struct document_record **ret_record)
{
	enum status status = gather_head(gathering, reader);
	if (status == STATUS_OK)
		status = gather_text(gathering, reader);
	while (status == STATUS_OK && gathering->finding_count < gathering->record.finding_count)
		status = gather_finding(gathering, reader);
	while (status == STATUS_OK && gathering->organisation_count < gathering->record.organisation_count)
		status = gather_organisation(gathering, reader);
	while (status == STATUS_OK && gathering->fact_count < gathering->record.fact_count)
		status = gather_fact(gathering, reader);
	return status == STATUS_OK ? gather_end(gathering, reader, ret_record) : status;
}

enum status extract_gather(struct extract_gathering *gathering, struct wire_reader *reader,
                           const struct document_record **ret_record)
{
	*ret_record = NULL;
	switch (reader->type) {
	case EXTRACT_WHOLE_DOCUMENT: return gather_whole(gathering, reader, ret_record);
	case EXTRACT_DOCUMENT: return gather_document(gathering, reader);
	case EXTRACT_TEXT: {
		enum status status = gather_text(gathering, reader);
		return status == STATUS_OK ? wire_end(reader) : status;
	}
	case EXTRACT_FINDINGS: return gather_all(gathering, reader, gather_finding);
	case EXTRACT_ORGANISATIONS: return gather_all(gathering, reader, gather_organisation);
	case EXTRACT_FACTS: return gather_all(gathering, reader, gather_fact);
	case EXTRACT_DOCUMENT_END: return gather_end(gathering, reader, ret_record);
	default: return STATUS_MALFORMED;
	}
}

enum status extract_take_document(struct extract_gathering *gathering, struct bytes told,
                                  const struct document_record **ret_record)
{
	unsigned char state = EXTRACT_READS;
	struct wire_reader reader;
	*ret_record = NULL;
	enum status status;
	while ((status = wire_take(&told, &reader)) == STATUS_OK && *ret_record == NULL) {
		status = permit_message(&extract_permits, &state, &reader);
		if (status == STATUS_OK && !extract_is_of_job(&reader, 0))
			status = STATUS_MALFORMED;
		if (status == STATUS_OK)
			status = extract_gather(gathering, &reader, ret_record);
		if (status != STATUS_OK)
			return status;
	}
	return status == STATUS_END && *ret_record != NULL ? STATUS_OK : STATUS_MALFORMED;
}

void extract_gathering_free(struct extract_gathering *gathering)
{
	buffer_free(&gathering->text);
	buffer_free(&gathering->findings);
	buffer_free(&gathering->organisations);
	buffer_free(&gathering->facts);
}

/* ---- the owner's own rules ---- */

enum { PATTERN_MAX = 4096 };

void extract_put_rules(struct wire_writer *writer, const struct custom_rules *rules)
{
	wire_begin(writer, EXTRACT_RULES);
	wire_put_bytes(writer, bytes_of_string(rules->digest));
}

static void put_words(struct wire_writer *writer, const struct bytes *words, size_t count)
{
	wire_put_u32(writer, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		wire_put_bytes(writer, words[i]);
}

void extract_put_rule(struct wire_writer *writer, const struct custom_rule *rule)
{
	wire_begin(writer, EXTRACT_RULE);
	wire_put_bytes(writer, rule->name);
	wire_put_u32(writer, rule->kind);
	wire_put_bytes(writer, rule->pattern);
	put_words(writer, rule->literals, rule->literal_count);
	put_words(writer, rule->keywords, rule->keyword_count);
	wire_put_u32(writer, rule->within);
	wire_put_u32(writer, rule->checksum);
	wire_put_u32(writer, rule->form);
	put_confidence(writer, rule->confidence);
}

void extract_put_allowed(struct wire_writer *writer, const struct allowed *allowed)
{
	wire_begin(writer, EXTRACT_ALLOWED);
	wire_put_u32(writer, allowed->kind);
	wire_put_bytes(writer, allowed->value);
	wire_put_bytes(writer, allowed->pattern);
	wire_put_bytes(writer, allowed->path);
}

enum status extract_get_rules(struct wire_reader *reader, char ret_digest[CUSTOM_DIGEST_LENGTH + 1])
{
	struct bytes digest = get_word(reader, CUSTOM_DIGEST_LENGTH);
	enum status status = wire_end(reader);
	if (status != STATUS_OK || digest.len != CUSTOM_DIGEST_LENGTH || !custom_name_is_valid(digest))
		return STATUS_MALFORMED;
	memcpy(ret_digest, digest.at, CUSTOM_DIGEST_LENGTH);
	ret_digest[CUSTOM_DIGEST_LENGTH] = '\0';
	return STATUS_OK;
}

static size_t get_words(struct wire_reader *reader, struct bytes *words)
{
	size_t count = wire_get_enum(reader, CUSTOM_WORDS_MAX + 1);
	for (size_t i = 0; i < count; i++) {
		words[i] = wire_get_text(reader, CUSTOM_WORD_MAX);
		reader->failed |= words[i].len == 0;
	}
	return count;
}

enum status extract_get_rule(struct wire_reader *reader, struct custom_rule *ret_rule)
{
	struct custom_rule rule = {.name = wire_get_bytes(reader, CUSTOM_NAME_MAX)};
	rule.kind = wire_get_enum(reader, FINDING_KIND_COUNT);
	rule.pattern = wire_get_text(reader, PATTERN_MAX);
	rule.literal_count = get_words(reader, rule.literals);
	rule.keyword_count = get_words(reader, rule.keywords);
	rule.within = wire_get_enum(reader, CUSTOM_WITHIN_MAX + 1);
	rule.checksum = wire_get_enum(reader, CUSTOM_CHECKSUM_COUNT);
	rule.form = wire_get_enum(reader, CUSTOM_FORM_COUNT);
	rule.confidence = get_confidence(reader);
	if (wire_end(reader) != STATUS_OK || rule.kind == 0 || !finding_kind_is_counted(rule.kind) ||
	    !custom_name_is_valid(rule.name) || (rule.pattern.len > 0) == (rule.literal_count > 0))
		return STATUS_MALFORMED;
	*ret_rule = rule;
	return STATUS_OK;
}

enum status extract_get_allowed(struct wire_reader *reader, struct allowed *ret_allowed)
{
	struct allowed allowed = {.kind = wire_get_enum(reader, FINDING_KIND_COUNT + 1)};
	allowed.value = wire_get_text(reader, ALLOWED_VALUE_MAX);
	allowed.pattern = wire_get_text(reader, PATTERN_MAX);
	allowed.path = wire_get_text(reader, ALLOWED_VALUE_MAX);
	int ways = (allowed.value.len > 0) + (allowed.pattern.len > 0) + (allowed.path.len > 0);
	if (wire_end(reader) != STATUS_OK || allowed.kind == 0 || ways == 0)
		return STATUS_MALFORMED;
	*ret_allowed = allowed;
	return STATUS_OK;
}
