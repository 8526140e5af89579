/* SPDX-License-Identifier: Apache-2.0 */
/* An emitter that keeps everything: see its header. */
#include "recording-emitter.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define RECORDING_TEXT_MAX (256u << 20)

void recording_emitter_start(struct emitter *emitter)
{
	*emitter = (struct emitter){.created = CLOCK_UNKNOWN, .calls_allowed = SIZE_MAX, .refusal = STATUS_BOMB};
	emitter->carved = emitter->text = emitter->metadata = buffer_with_ceiling(RECORDING_TEXT_MAX);
	emitter->title = emitter->author = emitter->language = emitter->facts = buffer_with_ceiling(RECORDING_TEXT_MAX);
}

void recording_emitter_free(struct emitter *emitter)
{
	for (size_t i = 0; i < emitter->child_count; i++) {
		buffer_free(&emitter->children[i].name);
		buffer_free(&emitter->children[i].shown_name);
		buffer_free(&emitter->children[i].bytes);
		buffer_free(&emitter->children[i].declared_charset);
	}
	for (size_t i = 0; i < emitter->part_count; i++) {
		buffer_free(&emitter->parts[i].name);
		buffer_free(&emitter->parts[i].text);
	}
	free(emitter->parts);
	free(emitter->children);
	buffer_free(&emitter->carved);
	buffer_free(&emitter->text);
	buffer_free(&emitter->metadata);
	buffer_free(&emitter->facts);
	buffer_free(&emitter->title);
	buffer_free(&emitter->author);
	buffer_free(&emitter->language);
}

static enum status enter(struct emitter *emitter)
{
	if (emitter->is_stopped)
		emitter->calls_after_stop++;
	else if (emitter->calls++ >= emitter->calls_allowed)
		emitter->is_stopped = true;
	return emitter->is_stopped ? emitter->refusal : STATUS_OK;
}

static enum status settle(struct emitter *emitter, enum status status)
{
	if (status != STATUS_OK) {
		emitter->is_stopped = true;
		emitter->refusal = status;
	}
	return status;
}

static struct recorded_part *open_part(struct emitter *emitter)
{
	return emitter->is_in_part ? &emitter->parts[emitter->part_count - 1] : NULL;
}

static struct buffer *text_of_top(struct emitter *emitter)
{
	return emitter->is_in_part ? &open_part(emitter)->text : &emitter->text;
}

enum status emit_text(struct emitter *emitter, struct bytes utf8)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (emitter->is_in_child)
		abort();
	text_append_repaired(text_of_top(emitter), utf8);
	return settle(emitter, buffer_status(text_of_top(emitter)));
}

enum status emit_carved(struct emitter *emitter, struct bytes utf8)
{
	text_append_repaired(&emitter->carved, utf8);
	return emit_text(emitter, utf8);
}

enum status emit_line_end(struct emitter *emitter)
{
	struct bytes text = buffer_bytes(text_of_top(emitter));
	if (text.len == 0 || text.at[text.len - 1] == '\n')
		return emitter->is_stopped ? emitter->refusal : STATUS_OK;
	return emit_text(emitter, BYTES_LITERAL("\n"));
}

enum status emit_metadata(struct emitter *emitter, enum metadata kind, const char *name, struct bytes value)
{
	struct buffer *const firsts[] = {&emitter->title, &emitter->author, &emitter->language, NULL};
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	value = bytes_trim(value);
	if (value.len == 0)
		return STATUS_OK;
	if (firsts[kind] != NULL && firsts[kind]->len == 0)
		text_append_repaired(firsts[kind], value);
	if (name == NULL)
		return STATUS_OK;
	buffer_append_format(&emitter->metadata, "%s: ", name);
	text_append_repaired(&emitter->metadata, value);
	buffer_append_byte(&emitter->metadata, '\n');
	return settle(emitter, buffer_status(&emitter->metadata));
}

enum status emit_created(struct emitter *emitter, int64_t seconds)
{
	enum status status = enter(emitter);
	if (status == STATUS_OK && emitter->created == CLOCK_UNKNOWN)
		emitter->created = seconds;
	return status;
}

enum status emit_media_type(struct emitter *emitter, const char *media_type)
{
	enum status status = enter(emitter);
	if (status == STATUS_OK)
		snprintf(emitter->media_type, sizeof emitter->media_type, "%s", media_type);
	return status;
}

enum status emit_fact(struct emitter *emitter, const struct fact *fact)
{
	buffer_append_format(&emitter->facts, "%s ", fact_kind_name(fact->kind));
	buffer_append(&emitter->facts, fact->name);
	buffer_append_byte(&emitter->facts, ' ');
	text_append_repaired(&emitter->facts, fact->value);
	buffer_append_byte(&emitter->facts, '\n');
	enum status status = buffer_status(&emitter->facts);
	return emitter->is_stopped ? emitter->refusal : settle(emitter, status);
}

enum status emit_signature(struct emitter *emitter, const struct signed_part *part)
{
	char value[64];
	snprintf(value, sizeof value, "%zu bytes, %zu ranges, ", part->message.len, part->range_count);
	struct buffer whole = buffer_with_ceiling(4096);
	buffer_append_string(&whole, value);
	buffer_append_string(&whole, part->covers);
	const struct fact fact = {.kind = FACT_SIGNATURE, .name = bytes_of_string(part->kind), .value = buffer_bytes(&whole)};
	enum status status = emit_fact(emitter, &fact);
	buffer_free(&whole);
	return status;
}

enum status emit_count(struct emitter *emitter, enum fact_kind kind, const char *name, uint64_t number)
{
	char value[FACT_NUMBER_SIZE];
	struct fact fact = fact_of_number(kind, name, number, value);
	if (emitter->is_in_part && strcmp(name, "rows") == 0)
		*(kind == FACT_SEEN ? &open_part(emitter)->rows : &open_part(emitter)->catalog_rows) = number;
	return emit_fact(emitter, &fact);
}

void emit_note(struct emitter *emitter, const char *format, ...)
{
	va_list args;
	char *note = emitter->is_in_part ? open_part(emitter)->note : emitter->note;
	if (note[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(note, sizeof emitter->note, format, args);
	va_end(args);
}

void emit_unseen(struct emitter *emitter, uint64_t bytes)
{
	*(emitter->is_in_part ? &open_part(emitter)->unseen : &emitter->unseen) += bytes;
}

enum status emit_part_begin(struct emitter *emitter, const struct part *part, bool *ret_is_wanted)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (emitter->is_in_child || emitter->is_in_part)
		abort();
	struct recorded_part *grown = realloc(emitter->parts, (emitter->part_count + 1) * sizeof *grown);
	if (grown == NULL)
		return settle(emitter, STATUS_NO_MEMORY);
	emitter->parts = grown;
	grown += emitter->part_count++;
	*grown = (struct recorded_part){.how = STATUS_BROKEN, .rows = ROWS_UNKNOWN, .catalog_rows = ROWS_UNKNOWN};
	grown->name = grown->text = buffer_with_ceiling(RECORDING_TEXT_MAX);
	buffer_append(&grown->name, part->name);
	emitter->is_in_part = *ret_is_wanted = true;
	return STATUS_OK;
}

enum status emit_part_end(struct emitter *emitter, uint64_t size, enum status how)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (emitter->is_in_child || !emitter->is_in_part)
		abort();
	open_part(emitter)->size = size;
	open_part(emitter)->how = how;
	open_part(emitter)->has_ended = true;
	emitter->is_in_part = false;
	return STATUS_OK;
}

enum { TABLES_MAX = sizeof((struct emitter){0}.tables) / sizeof(struct table_span) };

enum status emit_table_begin(struct emitter *emitter, unsigned char delimiter, bool has_header)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (emitter->table_count++ < TABLES_MAX)
		emitter->tables[emitter->table_count - 1] = (struct table_span){
			.from = text_of_top(emitter)->len, .delimiter = delimiter, .has_header = has_header};
	return STATUS_OK;
}

enum status emit_table_end(struct emitter *emitter)
{
	enum status status = enter(emitter);
	if (status == STATUS_OK && emitter->table_count <= TABLES_MAX)
		emitter->tables[emitter->table_count - 1].to = text_of_top(emitter)->len;
	return status;
}

enum status emit_child_begin(struct emitter *emitter, const struct child *child)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (emitter->is_in_child)
		abort();
	struct recorded_child *grown = realloc(emitter->children, (emitter->child_count + 1) * sizeof *grown);
	if (grown == NULL)
		return settle(emitter, STATUS_NO_MEMORY);
	emitter->children = grown;
	grown += emitter->child_count++;
	*grown = (struct recorded_child){
		.modified = child->modified, .expected_size = child->expected_size, .how = STATUS_BROKEN};
	grown->name = grown->shown_name = grown->bytes = grown->declared_charset = buffer_with_ceiling(RECORDING_TEXT_MAX);
	buffer_append(&grown->name, child->name);
	buffer_append(&grown->shown_name, child->shown_name);
	buffer_append(&grown->declared_charset, child->declared_charset);
	emitter->is_in_child = true;
	return STATUS_OK;
}

enum status emit_child_bytes(struct emitter *emitter, struct bytes bytes)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (!emitter->is_in_child)
		abort();
	struct buffer *into = &emitter->children[emitter->child_count - 1].bytes;
	buffer_append(into, bytes);
	return settle(emitter, buffer_status(into));
}

enum status emit_child_end(struct emitter *emitter, enum status how)
{
	enum status status = enter(emitter);
	if (status != STATUS_OK)
		return status;
	if (!emitter->is_in_child)
		abort();
	emitter->children[emitter->child_count - 1].how = how;
	emitter->is_in_child = false;
	return STATUS_OK;
}

enum status emit_child(struct emitter *emitter, const struct child *child, struct bytes bytes)
{
	enum status status = emit_child_begin(emitter, child);
	if (status == STATUS_OK)
		status = emit_child_bytes(emitter, bytes);
	return status == STATUS_OK ? emit_child_end(emitter, STATUS_OK) : status;
}

enum status emit_progress(struct emitter *emitter)
{
	return enter(emitter);
}

static enum status read_from_bytes(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got)
{
	const struct bytes *all = source->context;
	struct bytes part = bytes_slice(*all, offset > SIZE_MAX ? SIZE_MAX : (size_t)offset, length);
	if (part.len > 0)
		memcpy(into, part.at, part.len);
	*ret_got = part.len;
	return STATUS_OK;
}

struct source recording_unmapped_source(const struct bytes *bytes)
{
	return (struct source){.size = bytes->len, .read_at = read_from_bytes, .context = (void *)(uintptr_t)bytes};
}

enum status recording_emitter_read(struct emitter *emitter, const struct format *format, struct bytes bytes, bool is_mapped)
{
	struct source source = is_mapped ? source_of_bytes(bytes) : recording_unmapped_source(&bytes);
	enum status status = format->extract(&source, emitter);
	free(source.view);
	return status;
}

const char *recording_emitter_text(const struct emitter *emitter)
{
	return buffer_string(&emitter->text);
}

const struct recorded_child *recording_emitter_child(const struct emitter *emitter, const char *name)
{
	for (size_t i = 0; i < emitter->child_count; i++)
		if (bytes_equal_string(buffer_bytes(&emitter->children[i].name), name))
			return &emitter->children[i];
	return NULL;
}

const struct recorded_part *recording_emitter_part(const struct emitter *emitter, const char *name)
{
	for (size_t i = 0; i < emitter->part_count; i++)
		if (bytes_equal_string(buffer_bytes(&emitter->parts[i].name), name))
			return &emitter->parts[i];
	return NULL;
}
