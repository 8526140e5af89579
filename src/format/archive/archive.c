/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives, by libarchive: every member that holds data becomes a part. The
 * kind is told by its signature first and only that kind's reader is enabled,
 * so that an archive runs no code but its own and never an external program.
 * Readers that list a directory are bounded by what they may read before their
 * next member; all other budgets are the emitter's. A damaged member costs
 * that member; a zip is then opened again behind it.
 */
#include "base/text.h"
#include "format/archive/input.h"
#include "format/archive/kind.h"
#include "format/archive/zip-end.h"
#include "format/archive/zip-names.h"
#include "format/carve.h"
#include "format/office/asic.h"
#include "format/text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <time.h>

enum {
	DIRECTORY_MAX = 32 << 20, /* bytes read to find one next member */
	HEADERS_MAX = 2000000,    /* members, directories and links included */
	REOPENINGS_MAX = 16,
	AHEAD_MAX = 20000, /* headers looked at for the charset of names */
	NAME_MAX_KEPT = 64 << 10,
};

/* What takes every byte for the character of its number: nothing of a name is lost, and all of it comes back. */
#define BYTES_AS_CHARACTERS "ISO-8859-1"

static int bid_for_archive(struct bytes head, struct source *source);
static enum status read_archive(struct source *source, struct emitter *emitter);
static enum status prepare_archive(void);

extern const struct format format_archive;
const struct format format_archive = {
	.name = "archive",
	.version = 4,
	.media_type = "application/zip",
	.bid = bid_for_archive,
	.extract = read_archive,
	.prepare = prepare_archive,
};

/* libarchive turns DOS times into ours by mktime, which reads the time zone's file the first time. */
static enum status prepare_archive(void)
{
	static iconv_t held; /* while it is open, libarchive opens no file for another */
	tzset();
	if (held == NULL)
		held = iconv_open("UTF-8", BYTES_AS_CHARACTERS);
	return held == (iconv_t)-1 ? STATUS_UNSUPPORTED : charset_prepare();
}

static int bid_for_archive(struct bytes head, struct source *source)
{
	const struct archive_kind *kind = archive_kind_recognise(head, source);
	return kind != NULL ? kind->bid : 0;
}

/* One reading of an archive, through several openings of it. */
struct archive_reading {
	const struct archive_kind *kind;
	struct emitter *emitter;
	struct archive *archive;
	struct archive_input input;
	struct zip_names *names;     /* of a zip; else NULL */
	struct member_names members; /* of any other */
	bool has_looked_ahead;
	struct buffer name; /* of the member at hand, where it had to be made bytes again */
	uint64_t headers;   /* met so far, in the first opening */
	uint64_t files, encrypted;
	uint64_t end; /* where the archive ended, if it was read to its end */
	unsigned openings;
};

static enum status fail_with_note(struct archive_reading *reading, enum status status)
{
	if (status == STATUS_BOMB)
		emit_note(reading->emitter, "the archive's directory is larger than any honest one");
	else if (reading->input.failed == STATUS_OK)
		archive_input_note(reading->archive, status, reading->emitter);
	return status;
}

/* ---- openings ---- */

static enum status open_archive(struct archive_reading *reading)
{
	reading->openings++;
	reading->archive = archive_read_new();
	if (reading->archive == NULL)
		return STATUS_NO_MEMORY;
	reading->input = (struct archive_input){.source = reading->input.source, .allowance = DIRECTORY_MAX};
	if (reading->kind->enable(reading->archive) != ARCHIVE_OK)
		return STATUS_UNSUPPORTED;
	if (reading->kind->needs_charset &&
	    archive_read_set_option(reading->archive, NULL, "hdrcharset", BYTES_AS_CHARACTERS) != ARCHIVE_OK)
		return STATUS_UNSUPPORTED;
	if (archive_input_open(reading->archive, &reading->input, reading->kind->is_seekable) < ARCHIVE_WARN)
		return fail_with_note(reading, archive_input_status(reading->archive, &reading->input));
	return STATUS_OK;
}

/* ---- members ---- */

/* The bytes that such a name was decoded from, by BYTES_AS_CHARACTERS; one that has other characters was of another charset. */
static struct bytes recover_name(struct buffer *into, struct bytes name)
{
	uint32_t c;
	buffer_reset(into);
	for (struct bytes left = name; left.len > 0;) {
		size_t length = text_decode(left, &c);
		if (length == 0 || c > 0xFF)
			return name;
		buffer_append_byte(into, (unsigned char)c);
		left = bytes_from(left, length);
	}
	return buffer_status(into) == STATUS_OK ? buffer_bytes(into) : name;
}

static struct bytes name_of(struct archive_reading *reading, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);
	if (name == NULL)
		name = archive_entry_pathname_utf8(entry);
	return reading->kind->needs_charset && name != NULL ? recover_name(&reading->name, bytes_of_string(name))
	                                                    : bytes_of_string(name);
}

/* By an opening of its own, from the first member on; what is not to be read is met again in its turn, and told then. */
static enum status look_ahead(struct archive_reading *reading)
{
	struct archive_entry *entry;
	struct source own = *reading->input.source;
	struct archive_reading ahead = {.kind = reading->kind,
	                                .emitter = reading->emitter,
	                                .input = {.source = &own},
	                                .name = buffer_with_ceiling(NAME_MAX_KEPT)};
	reading->has_looked_ahead = true;
	own.view = NULL;
	enum status status = open_archive(&ahead);
	bool has_room = status == STATUS_OK;
	for (int i = 0; i < AHEAD_MAX && has_room && status == STATUS_OK; i++) {
		ahead.input.allowance = DIRECTORY_MAX;
		errno = 0;
		int code = archive_read_next_header(ahead.archive, &entry);
		has_room = (code == ARCHIVE_OK || code == ARCHIVE_WARN) &&
		           member_names_note(&reading->members, name_of(&ahead, entry));
		status = emit_progress(reading->emitter);
	}
	archive_read_free(ahead.archive);
	buffer_free(&ahead.name);
	free(own.view);
	return status == STATUS_OK || !status_is_ours(status) ? member_names_tell(&reading->members) : status;
}

static enum status show_name(struct archive_reading *reading, struct child *child)
{
	if (reading->names != NULL) {
		child->name = zip_names_find(reading->names, child->name);
		child->shown_name = zip_names_show(reading->names, child->name);
		return STATUS_OK;
	}
	enum status status = text_is_valid(child->name) || reading->has_looked_ahead ? STATUS_OK : look_ahead(reading);
	child->shown_name = member_names_show(&reading->members, child->name);
	return status;
}

static enum status describe(struct archive_reading *reading, struct archive_entry *entry, struct child *ret_child)
{
	struct child child = {.name = name_of(reading, entry), .modified = CLOCK_UNKNOWN};
	if (archive_entry_mtime_is_set(entry))
		child.modified = archive_entry_mtime(entry);
	if (archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0)
		child.expected_size = (uint64_t)archive_entry_size(entry);
	enum status status = show_name(reading, &child);
	*ret_child = child;
	return status;
}

/* END where the archive can not be read any further in this opening; *ret_how says why. */
static enum status emit_member(struct archive_reading *reading, struct archive_entry *entry, enum status *ret_how)
{
	struct child child;
	bool is_encrypted = archive_entry_is_data_encrypted(entry) != 0;
	enum status status = describe(reading, entry, &child);
	if (status == STATUS_OK)
		status = emit_child_begin(reading->emitter, &child);
	if (status != STATUS_OK)
		return status;
	*ret_how = STATUS_ENCRYPTED;
	bool is_whole = true;
	if (!is_encrypted) {
		status = archive_input_emit_data(reading->archive, &reading->input, reading->emitter, child.expected_size,
		                                 ret_how);
		is_whole = status == STATUS_OK;
		if (!is_whole && status != STATUS_END)
			return status;
	}
	reading->files++;
	reading->encrypted += *ret_how == STATUS_ENCRYPTED;
	if (*ret_how != STATUS_OK && *ret_how != STATUS_ENCRYPTED)
		fail_with_note(reading, *ret_how);
	if (reading->input.failed != STATUS_OK)
		return reading->input.failed;
	status = emit_child_end(reading->emitter, *ret_how);
	return status == STATUS_OK && !is_whole ? STATUS_END : status;
}

/* What is neither data nor a directory is named in the note: there is nothing to read in it. */
static enum status take_member(struct archive_reading *reading, struct archive_entry *entry, enum status *ret_how)
{
	unsigned type = archive_entry_filetype(entry);
	bool has_data = archive_entry_size_is_set(entry) ? archive_entry_size(entry) > 0 : type == AE_IFREG;
	bool is_link = archive_entry_hardlink(entry) != NULL && !has_data;
	if ((type == AE_IFREG || type == 0) && !is_link)
		return emit_member(reading, entry, ret_how);
	if (type != AE_IFDIR)
		emit_note(reading->emitter, "links and devices in it were passed over");
	return emit_progress(reading->emitter);
}

/* The next header; END behind the last. FAILED and RETRY cost one header each, so that they end. */
static enum status take_header(struct archive_reading *reading, struct archive_entry **ret_entry)
{
	for (int tries = 0; tries < 1000; tries++) {
		reading->input.allowance = DIRECTORY_MAX;
		errno = 0; /* libarchive ends the process over a bad name if it finds an old ENOMEM here */
		int code = archive_read_next_header(reading->archive, ret_entry);
		if (code == ARCHIVE_EOF)
			return STATUS_END;
		if (code == ARCHIVE_OK || code == ARCHIVE_WARN) {
			reading->input.allowance = UINT64_MAX;
			return STATUS_OK;
		}
		if (code == ARCHIVE_FATAL)
			break;
	}
	if (reading->files == 0 && archive_read_has_encrypted_entries(reading->archive) > 0)
		return fail_with_note(reading, STATUS_ENCRYPTED);
	return fail_with_note(reading, archive_input_status(reading->archive, &reading->input));
}

/* Passes over the headers that an earlier opening has been through. */
static enum status skip_headers(struct archive_reading *reading, uint64_t count)
{
	struct archive_entry *entry;
	enum status status = STATUS_OK;
	for (uint64_t i = 0; i < count && status == STATUS_OK; i++) {
		status = take_header(reading, &entry);
		if (status == STATUS_OK)
			status = emit_progress(reading->emitter);
	}
	return status;
}

/* Reads members until the archive ends, OK, or can not be read further. *ret_resumable: a member was damaged,
 * and others may stand behind it. */
static enum status read_members(struct archive_reading *reading, bool *ret_resumable)
{
	struct archive_entry *entry;
	*ret_resumable = false;
	for (;;) {
		enum status how, status = take_header(reading, &entry);
		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_OK : status;
		if (++reading->headers > HEADERS_MAX) {
			emit_note(reading->emitter, "more than %d members, directories included", HEADERS_MAX);
			return STATUS_BOMB;
		}
		status = take_member(reading, entry, &how);
		if (status == STATUS_END) {
			*ret_resumable = reading->kind->has_directory;
			return how;
		}
		if (status != STATUS_OK)
			return status;
	}
}

static enum status read_openings(struct archive_reading *reading)
{
	enum status damage = STATUS_OK;
	for (;;) {
		bool is_resumable = false;
		enum status status = open_archive(reading);
		if (status == STATUS_OK)
			status = skip_headers(reading, reading->headers);
		if (status == STATUS_OK)
			status = read_members(reading, &is_resumable);
		else if (status == STATUS_END)
			status = STATUS_OK;
		reading->end = status == STATUS_OK ? (uint64_t)archive_filter_bytes(reading->archive, -1) : 0;
		archive_read_free(reading->archive);
		reading->archive = NULL;
		if (!is_resumable)
			return status == STATUS_OK ? damage : status;
		damage = STATUS_MALFORMED;
		if (reading->openings > REOPENINGS_MAX)
			return damage;
	}
}

/* ---- a zip among other bytes ---- */

static enum status read_named(struct archive_reading *reading)
{
	struct zip_names names;
	struct zip_unclaimed unclaimed;
	struct source *source = reading->input.source;
	enum status status = zip_names_open(source, &names);
	reading->names = &names;
	reading->input.source = zip_names_unclaim(&names, source, &unclaimed);
	if (status == STATUS_OK)
		status = read_openings(reading);
	reading->input.source = source;
	reading->names = NULL;
	free(unclaimed.source.view);
	zip_names_free(&names);
	return status;
}

/* A source without its first shift bytes. */
struct shifted {
	struct source *whole;
	uint64_t shift;
};

static enum status read_shifted(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got)
{
	struct shifted *shifted = source->context;
	return shifted->whole->read_at(shifted->whole, shifted->shift + offset, into, length, ret_got);
}

static enum status read_behind(struct archive_reading *reading, struct source *source, uint64_t shift)
{
	struct shifted shifted = {source, shift};
	struct source behind = *source;
	behind.size -= shift;
	behind.mapped = source->mapped != NULL ? source->mapped + shift : NULL;
	behind.read_at = read_shifted;
	behind.context = &shifted;
	behind.view = NULL;
	reading->input.source = &behind;
	enum status status = read_named(reading);
	reading->input.source = source;
	free(behind.view);
	return status;
}

static enum status emit_comment(struct source *source, const struct zip_end *end, struct emitter *emitter)
{
	struct bytes comment;
	struct buffer text = buffer_with_ceiling(1 << 20);
	enum status status = source_view(source, end->comment, end->comment_length, &comment);
	const char *charset = status == STATUS_OK ? charset_guess(comment, BYTES_NONE) : NULL;
	if (charset != NULL)
		status = charset_append_decoded(&text, bytes_of_string(charset), comment);
	if (status == STATUS_OK && charset != NULL)
		status = emit_metadata(emitter, METADATA_OTHER, "Comment", buffer_bytes(&text));
	buffer_free(&text);
	return status;
}

static enum status read_zip(struct archive_reading *reading, struct source *source)
{
	struct emitter *emitter = reading->emitter;
	struct zip_end end;
	struct bytes head;
	if (!zip_end_find(source, &end))
		return read_named(reading);
	enum status status = source_view(source, 0, 2, &head);
	if (status == STATUS_OK && end.first > 0 && !bytes_start_with(head, BYTES_LITERAL("PK"))) {
		size_t room = CARVE_TEXT_MAX;
		emit_note(emitter, "%llu bytes before its first member: strings only", (unsigned long long)end.first);
		emit_unseen(emitter, end.first);
		status = carve_emit(source, 0, end.first, emitter, &room);
	}
	if (status == STATUS_OK && end.comment_length > 0)
		status = emit_comment(source, &end, emitter);
	if (status == STATUS_OK)
		status = read_behind(reading, source, end.shift);
	if (status == STATUS_OK)
		status = asic_emit_signatures(source, emitter);
	enum status rest = status_is_ours(status) ? STATUS_OK : archive_emit_rest(source, end.end, emitter);
	return rest != STATUS_OK ? rest : status;
}

static enum status read_other(struct archive_reading *reading, struct source *source)
{
	enum status status = read_openings(reading);
	bool is_tar = strcmp(reading->kind->media_type, "application/x-tar") == 0;
	return status == STATUS_OK && is_tar ? archive_emit_rest(source, reading->end, reading->emitter) : status;
}

/* Both count folders, for so does a zip's end record. */
static enum status emit_declared(struct archive_reading *reading)
{
	uint64_t count = 0;
	enum status status = reading->kind->counts_members != NULL ? reading->kind->counts_members(reading->input.source, &count)
	                                                           : STATUS_ABSENT;
	if (status == STATUS_OK)
		status = emit_count(reading->emitter, FACT_DECLARED, "members", count);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status read_archive(struct source *source, struct emitter *emitter)
{
	unsigned char head[FORMAT_HEAD_SIZE];
	struct bytes view;
	enum status status = source_view(source, 0, sizeof head, &view);
	if (status != STATUS_OK)
		return status;
	if (view.len > 0)
		memcpy(head, view.at, view.len);
	struct archive_reading reading = {.emitter = emitter, .input = {.source = source}};
	reading.kind = archive_kind_recognise(bytes_of(head, view.len), source);
	if (reading.kind == NULL)
		return STATUS_MALFORMED;
	reading.members = member_names_new(reading.kind->is_of_dos ? PATHS_OF_DOS : PATHS_OF_UNIX, NULL);
	reading.name = buffer_with_ceiling(NAME_MAX_KEPT);
	status = emit_media_type(emitter, reading.kind->media_type);
	if (status == STATUS_OK)
		status = emit_declared(&reading);
	if (status == STATUS_OK) {
		status = reading.kind->has_directory ? read_zip(&reading, source) : read_other(&reading, source);
		enum status told = emit_count(emitter, FACT_SEEN, "members", reading.headers);
		if (status == STATUS_OK)
			status = told;
	}
	member_names_free(&reading.members);
	buffer_free(&reading.name);
	bool is_all_encrypted = reading.files > 0 && reading.encrypted == reading.files;
	if (is_all_encrypted)
		emit_note(emitter, "needs a password");
	else if (reading.encrypted > 0)
		emit_note(emitter, "%llu of its %llu members need a password", (unsigned long long)reading.encrypted,
		          (unsigned long long)reading.files);
	return status == STATUS_OK && is_all_encrypted ? STATUS_ENCRYPTED : status;
}
