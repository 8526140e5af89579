/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emitter: documents within documents, and what they may cost.
 *
 *   open the object ── recognise, extract ──> finish, to the sink
 *        └─ a part begins: spool its bytes ── ends: open it, and the same again
 *
 * A part's bytes are spooled in memory, all open levels under one budget. A
 * budget no honest document spends (depth, count, ratio, output) ends the whole
 * object as a bomb; a part that is merely too large costs that part.
 */
#include "reading/emitter.h"

#include "base/digest.h"
#include "base/mask.h"
#include "base/sum.h"
#include "base/text.h"
#include "reading/open-document.h"
#include "reading/signing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct emitter_limits emitter_default_limits = {
	.depth = 32,
	.parts = RECORD_PARTS_MAX,
	.part_bytes = 128u << 20,
	.ratio = 250,
	.ratio_floor = 128u << 20,
	.findings = RECORD_FINDINGS_MAX,
};

/* What an archive says of a member's size is believed up to here: sums must not overflow. */
#define EXPECTED_MAX (UINT64_C(1) << 40)

enum { PART_NAME_MAX = 4096 };

struct spool {
	struct buffer bytes;
	uint64_t total;    /* bytes that came, kept or not */
	uint64_t expected; /* bytes it was said to have; 0 if unknown */
	bool is_open, is_discarding;
	struct buffer name, shown_name, charset;
	int64_t modified;
};

/* One level of the stack. */
struct level {
	struct open_document document;
	struct spool part; /* the part this level's format is emitting */
};

struct emitter {
	const struct extract_job *job;
	const struct emitter_limits *limits;
	const struct emitter_sink *sink;
	struct level *levels; /* limits->depth of them */
	unsigned depth;       /* open levels */
	uint32_t next_ordinal;
	struct budget budget; /* of output */
	uint64_t made_bytes, spooled_bytes;
	enum status stopped; /* once a budget is spent or the sink refuses, everything returns this */
};

static struct level *top(struct emitter *emitter)
{
	return &emitter->levels[emitter->depth - 1];
}

/* The worker's memory is a limit like any other: running out of it is the object's end, not ours. */
static enum status stop(struct emitter *emitter, enum status status)
{
	if (emitter->stopped == STATUS_OK)
		emitter->stopped = status == STATUS_NO_MEMORY ? STATUS_TOO_LARGE : status;
	return emitter->stopped;
}

/* An object that is ended early says why in all its open documents: none of them was read whole. */
static enum status stop_early(struct emitter *emitter, enum status status, const char *why)
{
	for (unsigned i = 0; i < emitter->depth && emitter->stopped == STATUS_OK; i++)
		emitter->levels[i].document.record.note = bytes_of_string(why);
	return stop(emitter, status);
}

static enum status stop_spent(struct emitter *emitter)
{
	return stop_early(emitter, STATUS_BOMB, budget_spent_output);
}

/* ---- text and metadata ---- */

enum status emit_text(struct emitter *emitter, struct bytes utf8)
{
	struct open_document *document = &top(emitter)->document;
	enum status status;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	if (text_is_valid(utf8) && bytes_find_byte(utf8, 0) == BYTES_NOT_FOUND) {
		status = open_document_text(document, utf8);
	} else {
		struct buffer repaired = buffer_with_ceiling(SIZE_MAX / 2);
		text_append_repaired(&repaired, utf8);
		status = buffer_status(&repaired);
		if (status == STATUS_OK)
			status = open_document_text(document, buffer_bytes(&repaired));
		buffer_free(&repaired);
	}
	if (status == STATUS_BOMB)
		return stop_spent(emitter);
	if (status != STATUS_OK)
		return stop(emitter, status);
	return emit_progress(emitter);
}

enum status emit_carved(struct emitter *emitter, struct bytes utf8)
{
	struct open_document *document = &top(emitter)->document;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	enum status status = open_document_carve(document, true);
	if (status != STATUS_OK)
		return stop(emitter, status);
	status = emit_text(emitter, utf8);
	enum status turned = open_document_carve(document, false);
	return status == STATUS_OK && turned != STATUS_OK ? stop(emitter, turned) : status;
}

enum status emit_line_end(struct emitter *emitter)
{
	if (top(emitter)->document.ends_line)
		return emitter->stopped;
	return emit_text(emitter, BYTES_LITERAL("\n"));
}

static void keep_first(struct open_document *document, struct bytes *member, struct bytes value)
{
	if (member->len == 0)
		*member = open_document_keep(document, value);
}

enum status emit_metadata(struct emitter *emitter, enum metadata kind, const char *name, struct bytes value)
{
	struct open_document *document = &top(emitter)->document;
	struct document_record *record = &document->record;
	struct bytes trimmed = bytes_trim(value);
	if (emitter->stopped != STATUS_OK || trimmed.len == 0)
		return emitter->stopped;
	if (kind == METADATA_TITLE)
		keep_first(document, &record->title, trimmed);
	else if (kind == METADATA_AUTHOR)
		keep_first(document, &record->author, trimmed);
	else if (kind == METADATA_LANGUAGE)
		keep_first(document, &record->language, trimmed);
	if (name == NULL)
		return emitter->stopped;
	struct buffer line = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append_format(&line, "%s: ", name);
	text_append_repaired(&line, trimmed);
	buffer_append_byte(&line, '\n');
	if (buffer_status(&line) == STATUS_OK && line.len <= document->metadata.ceiling - document->metadata.len)
		buffer_append(&document->metadata, buffer_bytes(&line));
	buffer_free(&line);
	return emitter->stopped;
}

enum status emit_created(struct emitter *emitter, int64_t seconds)
{
	struct document_record *record = &top(emitter)->document.record;
	if (record->created == CLOCK_UNKNOWN)
		record->created = seconds;
	return emitter->stopped;
}

enum status emit_media_type(struct emitter *emitter, const char *media_type)
{
	struct open_document *document = &top(emitter)->document;
	document->record.media_type = open_document_keep(document, bytes_of_string(media_type));
	return emitter->stopped;
}

void emit_note(struct emitter *emitter, const char *format, ...)
{
	struct open_document *document = &top(emitter)->document;
	char note[512];
	va_list args;
	va_start(args, format);
	vsnprintf(note, sizeof note, format, args);
	va_end(args);
	keep_first(document, &document->record.note, bytes_of_string(note));
}

void emit_unseen(struct emitter *emitter, uint64_t bytes)
{
	sum_add(&top(emitter)->document.record.unseen_bytes, bytes);
}

enum status emit_table_begin(struct emitter *emitter, unsigned char delimiter, bool has_header)
{
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	enum status status = open_document_begin_table(&top(emitter)->document, delimiter, has_header);
	return status == STATUS_OK ? STATUS_OK : stop(emitter, status);
}

enum status emit_table_end(struct emitter *emitter)
{
	open_document_end_table(&top(emitter)->document);
	return emitter->stopped;
}

enum status emit_fact(struct emitter *emitter, const struct fact *fact)
{
	enum status status = open_document_fact(&top(emitter)->document, fact);
	if (status == STATUS_BOMB)
		return stop_spent(emitter);
	return status == STATUS_OK ? emitter->stopped : stop(emitter, status);
}

enum status emit_signature(struct emitter *emitter, const struct signed_part *part)
{
	struct open_document *document = &top(emitter)->document;
	struct signature *signatures = NULL;
	size_t count = 0;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	enum status status = signing_check(part, emitter, &document->arena, &signatures, &count);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct buffer value = buffer_with_ceiling(FACT_VALUE_MAX);
		struct fact fact = signature_fact(&signatures[i], &value);
		status = buffer_status(&value) == STATUS_OK ? emit_fact(emitter, &fact) : buffer_status(&value);
		buffer_free(&value);
	}
	if (status == STATUS_BOMB)
		return stop_spent(emitter);
	return status == STATUS_OK ? emitter->stopped : stop(emitter, status);
}

enum status emit_count(struct emitter *emitter, enum fact_kind kind, const char *name, uint64_t number)
{
	char value[FACT_NUMBER_SIZE];
	struct fact fact = fact_of_number(kind, name, number, value);
	return emit_fact(emitter, &fact);
}

enum status emit_progress(struct emitter *emitter)
{
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	enum status status = emitter->sink->progress(emitter->sink->context);
	if (status == STATUS_TIMED_OUT)
		return stop_early(emitter, status, budget_spent_time);
	return status == STATUS_OK ? STATUS_OK : stop(emitter, status);
}

/* ---- reading the top document, from its source to the sink ---- */

/* Documents that read alike: the same bytes under the same declared charset. */
static void set_content_key(struct document_record *record, struct bytes declared_charset)
{
	struct bytes sha256 = bytes_of(record->sha256, sizeof record->sha256);
	if (declared_charset.len == 0)
		memcpy(record->content_key, record->sha256, sizeof record->content_key);
	else
		digest_sha256_of((struct bytes[]){sha256, declared_charset}, 2, record->content_key);
}

/* A document whose bytes were not all hashed is like no other: its key is its place in this revision of the object. */
static void set_unique_content_key(const struct extract_job *job, struct document_record *record)
{
	unsigned char message[sizeof job->identity + 4];
	memcpy(message, job->has_sha256 ? job->sha256 : job->identity, sizeof job->identity);
	store_le32(message + sizeof job->identity, record->ordinal);
	digest_sha256(bytes_of(message, sizeof message), record->content_key);
}

/* What a document claims of itself may be any number; who reads of it is told none that cannot be. */
static void bound_sizes(struct document_record *record)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		uint64_t *size = field_table[i].kind == FIELD_SIZE ? field_size(&field_table[i], &record->fields) : NULL;
		if (size != NULL && *size > field_table[i].maximum)
			*size = field_table[i].maximum;
	}
}

static enum status tell_progress(void *context)
{
	return emit_progress(context);
}

static enum status deliver(struct emitter *emitter, struct open_document *document)
{
	struct document_record *record = &document->record;
	document->progress = emitter->stopped == STATUS_OK ? tell_progress : NULL;
	document->progress_context = emitter;
	enum status status = open_document_finish(document);
	if (status == STATUS_BOMB) {
		stop_spent(emitter);
		if (record->outcome == OUTCOME_READ) {
			record->outcome = OUTCOME_BOMB;
			record->unseen_bytes = record->size;
		}
		status = STATUS_OK;
	}
	bound_sizes(record);
	return status == STATUS_OK ? emitter->sink->document(emitter->sink->context, record) : status;
}

/* The outcome of a document whose extraction ended so; our own faults are no outcome. */
static enum status settle_outcome(struct emitter *emitter, struct document_record *record, enum status extracted)
{
	if (extracted == STATUS_NO_MEMORY)
		extracted = STATUS_TOO_LARGE;
	if (status_is_ours(extracted))
		return stop(emitter, extracted);
	record->outcome = emitter->job->is_peek ? OUTCOME_LISTED_ONLY : outcome_of_status(extracted);
	if (record->outcome != OUTCOME_READ && record->unseen_bytes == 0)
		record->unseen_bytes = record->size;
	return STATUS_OK;
}

static const struct extract_skip *find_skip(const struct emitter *emitter, struct bytes inner_path)
{
	for (size_t i = 0; i < emitter->job->skip_count; i++)
		if (bytes_equal(emitter->job->skips[i].inner_path, inner_path))
			return &emitter->job->skips[i];
	return NULL;
}

static enum status extract_top(struct emitter *emitter, struct source *source)
{
	struct open_document *document = &top(emitter)->document;
	enum status status = emitter->sink->begin(emitter->sink->context, buffer_bytes(&document->inner_path));
	if (status != STATUS_OK)
		return stop(emitter, status);
	const struct format *format = format_recognise(source);
	if (format == NULL)
		return STATUS_UNSUPPORTED;
	status = emit_media_type(emitter, format->media_type);
	if (emitter->job->is_peek)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = format->extract(source, emitter);
	return emitter->stopped != STATUS_OK ? emitter->stopped : status;
}

/* Whether the top level cost an earlier worker its life, and has its outcome by that. */
static bool pass_over_top(struct emitter *emitter)
{
	struct document_record *record = &top(emitter)->document.record;
	const struct extract_skip *skip = find_skip(emitter, buffer_bytes(&top(emitter)->document.inner_path));
	if (skip == NULL)
		return false;
	record->outcome = skip->outcome;
	record->unseen_bytes = record->size;
	record->note = BYTES_LITERAL("reading it ended the worker it was read in");
	return true;
}

/* Delivers the top level, if that is due, and closes it. Returns what the parent has to stop with, if anything. A spent budget
 * still delivers what was read before it; our own fault does not. */
static enum status close_top(struct emitter *emitter, enum status settled)
{
	struct open_document *document = &top(emitter)->document;
	enum status status = settled == STATUS_OK ? deliver(emitter, document) : settled;
	if (status != STATUS_OK)
		stop(emitter, status);
	if (emitter->depth > 1 && emitter->levels[emitter->depth - 2].document.embedded_class == CLASS_NONE)
		emitter->levels[emitter->depth - 2].document.embedded_class = document->schema_class;
	if (emitter->depth > 1 &&
	    open_document_take_parties(&emitter->levels[emitter->depth - 2].document, document) != STATUS_OK)
		stop(emitter, STATUS_NO_MEMORY);
	open_document_free(document);
	emitter->depth--;
	return emitter->stopped;
}

/* What to call a document of which not all bytes came, once those that did were read. */
static enum status settle_hurt(struct emitter *emitter, const struct source *source, enum status arrived, enum status extracted)
{
	struct document_record *record = &top(emitter)->document.record;
	if (emitter->stopped != STATUS_OK || status_is_ours(extracted))
		return extracted;
	if (record->note.len == 0)
		emit_note(emitter, source->size == 0             ? "nothing of it came before the cut or the damage"
		                   : arrived == STATUS_TRUNCATED ? "cut short: read to the cut"
		                                                 : "damaged: read as far as it came");
	if (record->unseen_bytes == 0 && record->size > source->size)
		record->unseen_bytes = record->size - source->size;
	return arrived;
}

/* The whole path, for what is allowed where. It is needed of a document alone that rules of the owner's own look through. */
static enum status name_top(struct emitter *emitter)
{
	struct open_document *document = &top(emitter)->document;
	struct bytes inner = buffer_bytes(&document->inner_path), name = emitter->job->name;
	struct buffer path = buffer_with_ceiling(SIZE_MAX / 2);
	text_append_repaired(&path, name);
	if (inner.len > 0) {
		buffer_append_string(&path, "!/");
		text_append_repaired(&path, inner);
	}
	enum status status = buffer_status(&path);
	if (status == STATUS_OK && path.len > 0) {
		document->path = arena_copy(&document->arena, buffer_bytes(&path));
		status = document->path.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	buffer_free(&path);
	return status == STATUS_OK ? STATUS_OK : stop(emitter, status);
}

/* Extracts, delivers and closes the top level. Of what was cut or damaged there may be much: it is read as far as it came. */
static enum status read_top(struct emitter *emitter, struct source *source, enum status arrived)
{
	unsigned depth = emitter->depth;
	enum status status = arrived;
	bool is_hurt = arrived == STATUS_TRUNCATED || arrived == STATUS_MALFORMED;
	if (pass_over_top(emitter))
		return close_top(emitter, STATUS_OK);
	if (name_top(emitter) != STATUS_OK)
		return close_top(emitter, emitter->stopped);
	if (status == STATUS_OK || (is_hurt && source->size > 0))
		status = extract_top(emitter, source);
	free(source->view);
	/* A format that was stopped leaves the parts open that it was reading itself. */
	while (emitter->depth > depth)
		close_top(emitter, settle_outcome(emitter, &top(emitter)->document.record, status));
	if (is_hurt)
		status = settle_hurt(emitter, source, arrived, status);
	return close_top(emitter, settle_outcome(emitter, &top(emitter)->document.record, status));
}

static enum status push_level(struct emitter *emitter)
{
	if (emitter->depth == emitter->limits->depth) {
		emit_note(emitter, "documents within documents, more than %u deep", emitter->limits->depth);
		return stop(emitter, STATUS_BOMB);
	}
	struct level *level = &emitter->levels[emitter->depth];
	enum status status = open_document_start(&level->document, &emitter->budget, emitter->limits->findings,
	                                         emitter->job->secret_key);
	if (status != STATUS_OK)
		return stop(emitter, status);
	level->part = (struct spool){
		.bytes = buffer_with_ceiling(emitter->limits->part_bytes),
		.name = buffer_with_ceiling(OPEN_DOCUMENT_PATH_MAX),
		.shown_name = buffer_with_ceiling(OPEN_DOCUMENT_PATH_MAX),
		.charset = buffer_with_ceiling(256),
	};
	level->document.record.ordinal = emitter->next_ordinal++;
	emitter->depth++;
	return STATUS_OK;
}

/* ---- parts ---- */

static enum status stop_for_parts(struct emitter *emitter)
{
	emit_note(emitter, "more than %u parts in one object", emitter->limits->parts);
	return stop(emitter, STATUS_BOMB);
}

/* A part is known by its name without the signatures and secrets in it: nobody asks for it by its own, so that is kept nowhere. */
static void append_part_name(struct buffer *into, struct bytes name)
{
	size_t from = into->len;
	buffer_append(into, name.len > 0 ? bytes_slice(name, 0, PART_NAME_MAX) : BYTES_LITERAL("unnamed"));
	mask_signatures(into->at + from, into->len - from);
	scan_mask_secrets(into->at + from, into->len - from);
}

/* For those alone whose own name nobody can read. */
static void append_shown_name(struct buffer *into, const struct child *child)
{
	if (child->shown_name.len == 0 || text_is_valid(child->name))
		return;
	text_append_repaired(into, bytes_slice(child->shown_name, 0, PART_NAME_MAX));
	mask_signatures(into->at, into->len);
}

enum status emit_child_begin(struct emitter *emitter, const struct child *child)
{
	struct spool *part = &top(emitter)->part;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	if (part->is_open)
		return stop(emitter, STATUS_BROKEN);
	if (emitter->next_ordinal > emitter->limits->parts)
		return stop_for_parts(emitter);
	buffer_reset(&part->bytes);
	buffer_reset(&part->name);
	buffer_reset(&part->shown_name);
	buffer_reset(&part->charset);
	append_part_name(&part->name, child->name);
	append_shown_name(&part->shown_name, child);
	buffer_append(&part->charset, bytes_slice(child->declared_charset, 0, 64));
	part->modified = child->modified;
	part->total = 0;
	part->expected = child->expected_size <= EXPECTED_MAX ? child->expected_size : 0;
	part->is_open = true;
	part->is_discarding = child->expected_size > emitter->limits->part_bytes - emitter->spooled_bytes;
	return emit_progress(emitter);
}

static bool is_over_ratio(const struct emitter *emitter)
{
	uint64_t allowed;
	if (__builtin_mul_overflow(emitter->job->size, emitter->limits->ratio, &allowed))
		return false;
	return emitter->made_bytes > emitter->limits->ratio_floor && emitter->made_bytes > allowed;
}

static void discard_spool(struct emitter *emitter, struct spool *part)
{
	emitter->spooled_bytes -= part->bytes.len;
	buffer_free(&part->bytes);
	part->is_discarding = true;
}

enum status emit_child_bytes(struct emitter *emitter, struct bytes bytes)
{
	struct spool *part = &top(emitter)->part;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	emitter->made_bytes += bytes.len;
	part->total += bytes.len;
	if (is_over_ratio(emitter)) {
		emit_note(emitter, "grows to more than %llu times its size", (unsigned long long)emitter->limits->ratio);
		return stop(emitter, STATUS_BOMB);
	}
	if (!part->is_discarding && bytes.len > emitter->limits->part_bytes - emitter->spooled_bytes)
		discard_spool(emitter, part);
	if (!part->is_discarding) {
		buffer_append(&part->bytes, bytes);
		if (buffer_status(&part->bytes) == STATUS_OK)
			emitter->spooled_bytes += bytes.len;
		else
			discard_spool(emitter, part);
	}
	return emit_progress(emitter);
}

/* PARENT!/NAME, and #n from the second of one name on. A sibling may already bear that name: then it counts as one of its. */
static enum status name_part(struct open_document *parent, struct bytes name, struct buffer *into)
{
	buffer_append(into, buffer_bytes(&parent->inner_path));
	if (into->len > 0)
		buffer_append_string(into, "!/");
	size_t start = into->len;
	append_part_name(into, name);
	for (uint32_t nth = 0; nth != 1 && buffer_status(into) == STATUS_OK;) {
		nth = open_document_count_name(parent, bytes_from(buffer_bytes(into), start));
		if (nth == 0)
			return STATUS_NO_MEMORY;
		if (nth > 1)
			buffer_append_format(into, "#%u", nth);
	}
	return buffer_status(into) == STATUS_TOO_LARGE ? STATUS_BOMB : buffer_status(into);
}

/* The shown path of a part whose inner path stands: where a name on its way was told, and all of it is short enough. */
static void show_part(const struct open_document *parent, struct bytes name, struct bytes shown_name,
                      struct open_document *document)
{
	struct bytes inner = buffer_bytes(&document->inner_path), above = buffer_bytes(&parent->shown_path);
	size_t from = parent->inner_path.len > 0 ? parent->inner_path.len + 2 : 0;
	if ((above.len == 0 && shown_name.len == 0) || buffer_status(&parent->shown_path) != STATUS_OK)
		return;
	if (above.len > 0)
		buffer_append(&document->shown_path, above);
	else
		text_append_repaired(&document->shown_path, buffer_bytes(&parent->inner_path));
	if (from > 0)
		buffer_append_string(&document->shown_path, "!/");
	if (shown_name.len > 0) {
		buffer_append(&document->shown_path, shown_name);
		from += bytes_slice(name, 0, PART_NAME_MAX).len;
	}
	/* What follows the name tells it from its namesakes. */
	text_append_repaired(&document->shown_path, bytes_from(inner, from));
	if (buffer_status(&document->shown_path) != STATUS_OK)
		buffer_reset(&document->shown_path);
}

/* Opens the level of a part whose bytes have come, all of them or not. */
static enum status open_part(struct emitter *emitter, struct spool *part, enum status how)
{
	struct open_document *parent = &top(emitter)->document;
	enum status status = push_level(emitter);
	if (status != STATUS_OK)
		return status;
	struct open_document *document = &top(emitter)->document;
	status = name_part(parent, buffer_bytes(&part->name), &document->inner_path);
	if (status != STATUS_OK) {
		open_document_free(document);
		emitter->depth--;
		return stop(emitter, status);
	}
	show_part(parent, buffer_bytes(&part->name), buffer_bytes(&part->shown_name), document);
	struct document_record *record = &document->record;
	record->parent = parent->record.ordinal;
	record->size = part->total > part->expected ? part->total : part->expected;
	record->modified = part->modified;
	record->has_sha256 = how == STATUS_OK;
	if (record->has_sha256) {
		digest_sha256(buffer_bytes(&part->bytes), record->sha256);
		set_content_key(record, buffer_bytes(&part->charset));
	} else {
		set_unique_content_key(emitter->job, record);
	}
	return STATUS_OK;
}

enum status emit_child_end(struct emitter *emitter, enum status how)
{
	struct spool *part = &top(emitter)->part;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	if (!part->is_open)
		return stop(emitter, STATUS_BROKEN);
	part->is_open = false;
	if (how == STATUS_OK && part->is_discarding)
		how = STATUS_TOO_LARGE;
	enum status status = open_part(emitter, part, how);
	if (status == STATUS_OK) {
		struct source source = source_of_bytes(buffer_bytes(&part->bytes));
		source.name = buffer_bytes(&part->name);
		source.shown_name = buffer_bytes(&part->shown_name);
		source.declared_charset = buffer_bytes(&part->charset);
		status = read_top(emitter, &source, how);
	}
	emitter->spooled_bytes -= part->bytes.len;
	buffer_free(&part->bytes);
	buffer_free(&part->name);
	buffer_free(&part->shown_name);
	buffer_free(&part->charset);
	return status;
}

enum status emit_child(struct emitter *emitter, const struct child *child, struct bytes bytes)
{
	enum status status = emit_child_begin(emitter, child);
	if (status == STATUS_OK)
		status = emit_child_bytes(emitter, bytes);
	if (status == STATUS_OK)
		status = emit_child_end(emitter, STATUS_OK);
	return status;
}

/* ---- parts that their whole's format reads itself ---- */

/* What it says follows from the whole and its place therein. */
static void set_part_content_key(const struct document_record *whole, struct bytes place, struct document_record *record)
{
	digest_sha256_of((struct bytes[]){bytes_of(whole->content_key, sizeof whole->content_key), BYTES_LITERAL("part"), place},
	                 3, record->content_key);
}

enum status emit_part_begin(struct emitter *emitter, const struct part *part, bool *ret_is_wanted)
{
	struct open_document *whole = &top(emitter)->document;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	if (top(emitter)->part.is_open)
		return stop(emitter, STATUS_BROKEN);
	if (emitter->next_ordinal > emitter->limits->parts)
		return stop_for_parts(emitter);
	enum status status = push_level(emitter);
	if (status != STATUS_OK)
		return status;
	struct open_document *document = &top(emitter)->document;
	status = name_part(whole, part->name, &document->inner_path);
	if (status != STATUS_OK) {
		open_document_free(document);
		emitter->depth--;
		return stop(emitter, status);
	}
	show_part(whole, part->name, BYTES_NONE, document);
	struct document_record *record = &document->record;
	record->parent = whole->record.ordinal;
	set_part_content_key(&whole->record, bytes_from(buffer_bytes(&document->inner_path), whole->inner_path.len), record);
	status = emit_media_type(emitter, part->media_type);
	if (status == STATUS_OK)
		status = name_top(emitter);
	bool is_wanted = !pass_over_top(emitter);
	if (is_wanted && status == STATUS_OK)
		status = emitter->sink->begin(emitter->sink->context, buffer_bytes(&document->inner_path));
	if (status == STATUS_OK && !is_wanted)
		status = close_top(emitter, STATUS_OK);
	if (status != STATUS_OK)
		return stop(emitter, status);
	*ret_is_wanted = is_wanted;
	return STATUS_OK;
}

enum status emit_part_end(struct emitter *emitter, uint64_t size, enum status how)
{
	struct document_record *record = &top(emitter)->document.record;
	if (emitter->stopped != STATUS_OK)
		return emitter->stopped;
	record->size = size;
	return close_top(emitter, settle_outcome(emitter, record, how));
}

/* ---- the object ---- */

static void free_part(struct spool *part)
{
	buffer_free(&part->bytes);
	buffer_free(&part->name);
	buffer_free(&part->shown_name);
	buffer_free(&part->charset);
}

enum status emitter_read_object(struct source *source, const struct extract_job *job, const struct emitter_limits *limits,
                                const struct emitter_sink *sink)
{
	struct emitter emitter = {.job = job, .limits = limits, .sink = sink};
	emitter.levels = calloc(limits->depth, sizeof *emitter.levels);
	if (emitter.levels == NULL)
		return STATUS_NO_MEMORY;
	budget_begin(&emitter.budget, job->allowance.output);
	enum status status = push_level(&emitter);
	if (status == STATUS_OK) {
		struct document_record *record = &top(&emitter)->document.record;
		record->size = source->size;
		record->has_sha256 = job->has_sha256;
		memcpy(record->sha256, job->sha256, sizeof record->sha256);
		if (job->has_sha256)
			set_content_key(record, BYTES_NONE);
		else
			set_unique_content_key(job, record);
		status = read_top(&emitter, source, STATUS_OK);
	}
	for (unsigned i = 0; i < limits->depth; i++)
		free_part(&emitter.levels[i].part);
	free(emitter.levels);
	budget_free(&emitter.budget);
	/* A bomb's documents have all gone out; the object's row says so. */
	return status_is_ours(status) ? status : STATUS_OK;
}
