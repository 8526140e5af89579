/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark copies: who else holds it, since when, asked to delete it when, and
 * attested when. What an index has is read by a worker in its cell; whose
 * container a URL leads to is found here.
 */
#include "cli/session.h"

#include "answer/copies.h"
#include "answer/range.h"
#include "cli/sealed-file.h"
#include "scope/target.h"

#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 384 << 20, OBJECT_SECONDS = 120, LETTER_MAX = 64 << 10 };

static enum status add(struct session *session, struct failure *reterr);
static enum status list(struct session *session, struct failure *reterr);
static enum status request(struct session *session, struct failure *reterr);
static enum status attest(struct session *session, struct failure *reterr);
static enum status import(struct session *session, struct failure *reterr);

static const struct option add_options[] = {
	{.name = "holder", .kind = OPTION_TEXT, .value = "H", .is_not_configured = true, .help = "who holds it"},
	{.name = "what", .kind = OPTION_TEXT, .value = "W", .is_not_configured = true, .help = "what they hold"},
	{.name = "since",
         .kind = OPTION_TEXT,
         .value = "DATE",
         .is_not_configured = true,
         .help = "since when, as far as is known"},
	{.name = "evidence",
         .kind = OPTION_TEXT,
         .value = "FILE|URL",
         .is_not_configured = true,
         .help = "what shows it: a file is kept, sealed; a URL is noted and not asked"},
	{.name = NULL},
};
static const struct option request_options[] = {
	{.name = "language", .kind = OPTION_CHOICE, .choices = "en|de", .standard = "en", .help = "of the letter"},
	{.name = NULL},
};
static const struct option attest_options[] = {
	{.name = "by", .kind = OPTION_TEXT, .value = "WHO", .is_not_configured = true, .help = "who says so"},
	{.name = NULL},
};
static const struct option import_options[] = {
	{.name = "holder",
         .kind = OPTION_TEXT,
         .value = "H",
         .is_not_configured = true,
         .help = "whose index it is, where the file does not say"},
	{.name = NULL},
};

/* clang-format off */
static const struct command command_add = {
	.name = "add", .summary = "note that somebody holds a copy",
	.description = "All four are to be said. The same again changes nothing.",
	.options = add_options, .catalog = COMMAND_WRITES_CATALOG, .execute = add,
};
static const struct command command_list = {
	.name = "list", .summary = "list who holds copies, and how far each has come",
	.catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "copies list", .execute = list,
};
static const struct command command_request = {
	.name = "request", .summary = "write the letter that asks a holder to delete, and note that it was asked",
	.description = "The letter is printed, for a person to look at and send: nothing is sent by this.",
	.operands = "ID", .operands_min = 1, .operands_max = 1, .options = request_options, .catalog = COMMAND_WRITES_CATALOG,
	.execute = request,
};
static const struct command command_attest = {
	.name = "attest", .summary = "note that somebody attests that a copy is gone",
	.description = "It is kept as what they say: nobody can prove of another's machine what is not on it.",
	.operands = "ID", .operands_min = 1, .operands_max = 1, .options = attest_options, .catalog = COMMAND_WRITES_CATALOG,
	.execute = attest,
};
static const struct command command_import = {
	.name = "import", .summary = "take what a public index or a web archive had of it, and when",
	.description = "FILE is a CDX listing of a web archive (a line a capture: key, time of 14 digits, URL, type, status, digest; or key, "
	               "time and a JSON object), or CSV whose first line names the columns url and seen, and holder, status and digest if it "
	               "has them; - is standard input.\n\nEach entry that leads to a container of the incident, and was answered, dates its "
	               "exposure backwards: as an observation by others, which containers, show and answers tell apart from our own.",
	.operands = "FILE", .operands_min = 1, .operands_max = 1, .options = import_options, .catalog = COMMAND_WRITES_CATALOG,
	.execute = import,
};
static const struct command *const subcommands[] = {
	&command_add, &command_list, &command_request, &command_attest, &command_import, NULL};

static const struct command_example examples[] = {
	{"copies import captures.cdx --holder \"a web archive\"", "what an archive had, and since when"},
	{"copies add --holder \"Finder GmbH\" --what \"a sample of 50 files\" --since 2022-09-24 --evidence letter.pdf", "a finder's copy"},
	{"copies request ID --language de", "the letter that asks them to delete it"},
	{.line = NULL},
};

const struct command command_copies = {
	.name = "copies", .group = COMMAND_ANSWERS, .summary = "keep book of who else holds it, and how far the exposure reaches back",
	.subcommands = subcommands, .examples = examples, .see_also = "reads, containers, notify",
};
/* clang-format on */

/* ---- what they have in common ---- */

static enum status journal_copy(struct session *session, const char *verb, const struct copy_holding *copy,
                                struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(64 << 10);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	copies_write(copy, &json);
	json_end_object(&json);
	enum status status = session_journal(session, verb, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static void show_copy(struct session *session, const struct copy_holding *copy)
{
	char id[ID_TEXT_SIZE];
	copies_write(copy, output_members(session->output));
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "id", "Id", cell_string(id_format(copy->id, id)));
	output_field(session->output, "holder", "Holder", cell_text(copy->holder));
	output_field(session->output, "state", "State", cell_string(copies_state(copy)));
}

static bool is_text(struct bytes text)
{
	return text.len > 0 && text.len <= 1000 && bytes_are_one_line(text);
}

/* ---- one that was told ---- */

static bool is_url(const char *evidence)
{
	return strstr(evidence, "://") != NULL;
}

/* A file is kept as it is; nobody looks into it. */
static enum status take_evidence(const char *evidence, struct arena *arena, struct copy_holding *copy, struct failure *reterr)
{
	struct sealed_file file;
	copy->evidence = bytes_of_string(evidence);
	if (is_url(evidence))
		return STATUS_OK;
	enum status status = sealed_file_open(evidence, COPY_EVIDENCE_MAX, &file, reterr);
	if (status != STATUS_OK)
		return status;
	unsigned char *bytes = arena_allocate(arena, (size_t)file.size + 1);
	if (bytes == NULL || pread(file.memory, bytes, (size_t)file.size, 0) != (ssize_t)file.size)
		status = fail(reterr, STATUS_NO_MEMORY, evidence, "memory is used up");
	copy->bytes = bytes_of(bytes, (size_t)file.size);
	copy->has_sha256 = true;
	memcpy(copy->sha256, file.sha256, sizeof copy->sha256);
	sealed_file_close(&file);
	return status;
}

static enum status read_told(struct session *session, struct copy_holding *copy, struct failure *reterr)
{
	const struct settings *settings = session->settings;
	static const char *const names[] = {"holder", "what", "since", "evidence"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!settings_has(settings, names[i]) || !is_text(bytes_of_string(settings_text(settings, names[i]))))
			return fail(reterr, STATUS_USAGE, names[i],
			            "is to be said, in one line: --holder, --what, --since and --evidence");
	*copy = (struct copy_holding){
		.holder = bytes_of_string(settings_text(settings, "holder")),
		.what = bytes_of_string(settings_text(settings, "what")),
		.added = clock_now(),
		.requested = CLOCK_UNKNOWN,
		.attested = CLOCK_UNKNOWN,
		.first_seen = CLOCK_UNKNOWN,
		.last_seen = CLOCK_UNKNOWN,
	};
	if (!range_parse_since(bytes_of_string(settings_text(settings, "since")), clock_now(), &copy->since))
		return fail(reterr, STATUS_USAGE, "--since", "is no date; write 2022-08-01, 2022-08 or 2022");
	return take_evidence(settings_text(settings, "evidence"), session->arena, copy, reterr);
}

static enum status add(struct session *session, struct failure *reterr)
{
	struct copy_holding copy;
	uint64_t added = 0;
	enum status status = read_told(session, &copy, reterr);
	if (status != STATUS_OK)
		return status;
	copy.id = copy_id(&copy);
	status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	if (status == STATUS_OK)
		status = journal_copy(session, "copies add", &copy, reterr);
	if (status == STATUS_OK)
		status = incident_put_copy(session->incident, &copy, NULL, 0, &added, reterr);
	if (status == STATUS_OK)
		show_copy(session, &copy);
	return status;
}

/* ---- the list ---- */

static enum status show_row(void *context, const struct copy_holding *copy)
{
	struct session *session = context;
	char id[ID_TEXT_SIZE];
	copies_write(copy, output_begin_item(session->output));
	const struct cell cells[] = {
		cell_string(id_format(copy->id, id)),
		cell_toned(cell_text(copy->holder), TONE_STRONG),
		cell_text(copy->what),
		cell_time(copy->since),
		cell_toned(cell_string(copies_state(copy)), copy->attested == CLOCK_UNKNOWN ? TONE_DOUBT : TONE_GOOD),
		cell_time(copy->requested),
		cell_time(copy->attested),
		cell_text(copy->attested_by),
		cell_unsigned(copy->entries),
		cell_text(copy->evidence),
	};
	return output_end_item(session->output, cells);
}

static enum status list(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "id", .may_shrink = true},
		{.name = "holder", .may_shrink = true},
		{.name = "what", .may_shrink = true, .rank = 1},
		{.name = "since"},
		{.name = "state"},
		{.name = "requested_at", .title = "REQUESTED", .rank = 2},
		{.name = "attested_at", .title = "ATTESTED", .rank = 2},
		{.name = "attested_by", .title = "BY", .rank = 4},
		{.name = "entries", .align = COLUMN_RIGHT, .rank = 3},
		{.name = "evidence", .rank = 5, .may_shrink = true},
	};
	static const struct output_list rows = {
		.member = "copies",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "No copy elsewhere is on record; that none is held nobody can say.",
	};
	output_begin_list(session->output, &rows);
	enum status status = incident_copies(session->incident, show_row, session, reterr);
	output_end_list(session->output);
	return status;
}

/* ---- asked to delete, attested ---- */

struct copy_search {
	struct arena *arena;
	struct id low, high;
	struct copy_holding found;
	uint64_t count;
};

static enum status keep_if_sought(void *context, const struct copy_holding *copy)
{
	struct copy_search *search = context;
	if (memcmp(copy->id.bytes, search->low.bytes, ID_SIZE) < 0 || memcmp(copy->id.bytes, search->high.bytes, ID_SIZE) > 0)
		return STATUS_OK;
	search->count++;
	search->found = *copy;
	search->found.holder = arena_copy(search->arena, copy->holder);
	search->found.what = arena_copy(search->arena, copy->what);
	search->found.evidence = arena_copy(search->arena, copy->evidence);
	search->found.attested_by = copy->attested_by.len > 0 ? arena_copy(search->arena, copy->attested_by) : BYTES_NONE;
	return STATUS_OK;
}

static enum status find(struct session *session, struct copy_holding *ret_copy, struct failure *reterr)
{
	const char *written = settings_operand(session->settings, 0);
	struct copy_search search = {.arena = session->arena};
	if (!id_parse_beginning(bytes_of_string(written), &search.low, &search.high))
		return fail(reterr, STATUS_USAGE, written, "is no id; tidemark copies list shows them");
	enum status status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	if (status == STATUS_OK)
		status = incident_copies(session->incident, keep_if_sought, &search, reterr);
	if (status == STATUS_OK && search.count != 1)
		return fail(reterr, search.count == 0 ? STATUS_ABSENT : STATUS_USAGE, written,
		            search.count == 0 ? "is the id of no copy; tidemark copies list shows them"
		                              : "is the beginning of several ids; give more of it");
	if (status == STATUS_OK)
		*ret_copy = search.found;
	return status;
}

static enum status request(struct session *session, struct failure *reterr)
{
	struct copy_holding copy;
	struct bytes language = bytes_of_string(settings_text(session->settings, "language"));
	struct buffer letter = buffer_with_ceiling(LETTER_MAX);
	enum status status = find(session, &copy, reterr);
	if (status == STATUS_OK && copy.requested == CLOCK_UNKNOWN)
		copy.requested = clock_now();
	if (status == STATUS_OK)
		status = copies_write_request(&copy, language, &letter, reterr);
	if (status == STATUS_OK)
		status = journal_copy(session, "copies request", &copy, reterr);
	if (status == STATUS_OK)
		status = incident_mark_copy(session->incident, &copy.id, copy.requested, BYTES_NONE, reterr);
	if (status == STATUS_OK && output_get_format(session->output) == OUTPUT_TABLE)
		output_raw(session->output, buffer_bytes(&letter));
	else if (status == STATUS_OK) {
		show_copy(session, &copy);
		json_member_text(output_members(session->output), "language", language);
		json_member_text(output_members(session->output), "text", buffer_bytes(&letter));
	}
	buffer_free(&letter);
	return status;
}

static enum status attest(struct session *session, struct failure *reterr)
{
	struct copy_holding copy;
	const char *by = settings_text(session->settings, "by");
	if (by == NULL || !is_text(bytes_of_string(by)))
		return fail(reterr, STATUS_USAGE, "--by", "is to be said: who attests it");
	enum status status = find(session, &copy, reterr);
	copy.attested = clock_now();
	copy.attested_by = bytes_of_string(by);
	if (status == STATUS_OK)
		status = journal_copy(session, "copies attest", &copy, reterr);
	if (status == STATUS_OK)
		status = incident_mark_copy(session->incident, &copy.id, copy.attested, copy.attested_by, reterr);
	if (status == STATUS_OK)
		show_copy(session, &copy);
	return status;
}

/* ---- an index ---- */

struct index_reading {
	struct arena arena; /* born with its ceiling */
	struct index_entry *entries;
	struct bytes *holders; /* of each */
	size_t count, capacity;
	uint64_t unread;
	enum log_kind kind;
	enum outcome outcome;
};

static bool keep_bytes(struct arena *arena, struct bytes from, struct bytes *into)
{
	*into = from.len > 0 ? arena_copy(arena, from) : BYTES_NONE;
	return into->len == from.len;
}

/* A storage address, or one at an endpoint of somebody's own, as a target is written. */
static void locate(struct arena *arena, struct index_entry *entry)
{
	struct bytes url = bytes_slice(entry->url, 0, bytes_find_byte(entry->url, '?'));
	struct target target;
	bool is_target = target_parse(url, arena, &target, NULL) == STATUS_OK;
	if (!is_target) {
		struct buffer custom = buffer_with_ceiling(8192);
		buffer_append_string(&custom, "az+");
		buffer_append(&custom, url);
		struct bytes written = arena_copy(arena, buffer_bytes(&custom));
		is_target = written.len > 0 && target_parse(written, arena, &target, NULL) == STATUS_OK;
		buffer_free(&custom);
	}
	entry->is_located = is_target && target.container.provider != PROVIDER_FOLDER;
	if (entry->is_located) {
		entry->container = target.container;
		entry->object = target.prefix;
	}
}

static enum status take_entry(void *context, const struct access_record *record)
{
	struct index_reading *reading = context;
	if (!log_is_index(record->log))
		return STATUS_OK;
	if (reading->count == reading->capacity) {
		size_t capacity = reading->capacity * 2 + 256;
		struct index_entry *entries = realloc(reading->entries, capacity * sizeof *entries);
		if (entries == NULL)
			return STATUS_NO_MEMORY;
		reading->entries = entries;
		struct bytes *holders = realloc(reading->holders, capacity * sizeof *holders);
		if (holders == NULL)
			return STATUS_NO_MEMORY;
		reading->holders = holders;
		reading->capacity = capacity;
	}
	struct index_entry *entry = &reading->entries[reading->count];
	*entry = (struct index_entry){.seen = record->time, .status = record->status};
	if (!keep_bytes(&reading->arena, record->object, &entry->url) ||
	    !keep_bytes(&reading->arena, record->version, &entry->digest) ||
	    !keep_bytes(&reading->arena, record->account, &reading->holders[reading->count]))
		return STATUS_NO_MEMORY;
	locate(&reading->arena, entry);
	reading->count++;
	return STATUS_OK;
}

static enum status take_end(void *context, const struct document_record *record)
{
	struct index_reading *reading = context;
	reading->outcome = record->outcome;
	reading->kind = log_kind_from_name(record->media_type);
	if (!bytes_parse_u64(record->note, &reading->unread))
		reading->unread = 0;
	return STATUS_OK;
}

static enum status begin_again(void *context)
{
	struct index_reading *reading = context;
	reading->count = 0;
	arena_reset(&reading->arena);
	return STATUS_OK;
}

static enum status read_in_cell(const char *path, const struct sealed_file *file, struct index_reading *reading,
                                struct failure *reterr)
{
	const struct extract_handler handler = {
		.document = take_end, .restart = begin_again, .access = take_entry, .context = reading};
	struct extract_job job;
	struct zygote *zygote = NULL;
	struct extractor *extractor = NULL;
	enum status status = sealed_file_job(file, OBJECT_SECONDS, &job, reterr);
	job.is_log = true;
	job.name = BYTES_LITERAL("index");
	if (status == STATUS_OK)
		status = zygote_new(NULL, &zygote);
	if (status == STATUS_OK)
		status = extractor_new(zygote, &extractor);
	if (status == STATUS_OK)
		status = extractor_read(extractor, &job, file->memory, &handler, reterr);
	extractor_free(extractor);
	zygote_free(zygote);
	if (status == STATUS_CRASHED || status == STATUS_TIMED_OUT)
		return fail(reterr, status, path, "what reads it came to no end; give it in parts");
	if (status == STATUS_OK && (reading->outcome != OUTCOME_READ || !log_is_index(reading->kind)))
		return fail(
			reterr, STATUS_UNSUPPORTED, path,
			"is neither a CDX listing nor CSV with the columns url and seen; access logs are for tidemark reads import");
	return status;
}

struct index_import {
	struct session *session;
	struct index_reading *reading;
	const char *path;
	const struct sealed_file *file;
	uint64_t added, located;
};

/* Entries of one holder move to the front of what is left; *ret_count of them. */
static struct bytes gather_holder(struct index_reading *reading, size_t from, size_t *ret_count)
{
	struct bytes holder = reading->holders[from];
	size_t end = from;
	for (size_t i = from; i < reading->count; i++) {
		if (!bytes_equal(reading->holders[i], holder))
			continue;
		struct index_entry entry = reading->entries[i];
		reading->entries[i] = reading->entries[end];
		reading->holders[i] = reading->holders[end];
		reading->entries[end] = entry;
		reading->holders[end++] = holder;
	}
	*ret_count = end - from;
	return holder;
}

static struct bytes name_holder(const struct index_import *index, struct bytes holder)
{
	const char *said = settings_text(index->session->settings, "holder");
	if (holder.len > 0)
		return holder;
	if (said != NULL)
		return bytes_of_string(said);
	return index->reading->kind == LOG_CDX ? BYTES_LITERAL("a web archive") : BYTES_LITERAL("a public index");
}

static enum status put_holder(struct index_import *index, size_t from, size_t count, struct bytes holder, struct failure *reterr)
{
	const struct index_entry *entries = &index->reading->entries[from];
	struct copy_holding copy = {
		.holder = name_holder(index, holder),
		.what = BYTES_LITERAL("entries of its index"),
		.since = entries[0].seen,
		.evidence = bytes_of_string(index->path),
		.has_sha256 = true,
		.added = clock_now(),
		.requested = CLOCK_UNKNOWN,
		.attested = CLOCK_UNKNOWN,
		.entries = count,
		.first_seen = entries[0].seen,
		.last_seen = entries[0].seen,
	};
	uint64_t added = 0;
	memcpy(copy.sha256, index->file->sha256, sizeof copy.sha256);
	for (size_t i = 0; i < count; i++) {
		copy.first_seen = entries[i].seen < copy.first_seen ? entries[i].seen : copy.first_seen;
		copy.last_seen = entries[i].seen > copy.last_seen ? entries[i].seen : copy.last_seen;
		index->located += entries[i].is_located;
	}
	copy.since = copy.first_seen;
	copy.id = copy_id(&copy);
	enum status status = journal_copy(index->session, "copies import", &copy, reterr);
	if (status == STATUS_OK)
		status = incident_put_copy(index->session->incident, &copy, entries, count, &added, reterr);
	index->added += added;
	return status == STATUS_OK ? show_row(index->session, &copy) : status;
}

static enum status put_all(struct index_import *index, struct failure *reterr)
{
	struct session *session = index->session;
	static const struct column columns[] = {
		{.name = "id", .may_shrink = true},
		{.name = "holder", .may_shrink = true},
		{.name = "what", .may_shrink = true},
		{.name = "since"},
		{.name = "state"},
		{.name = "requested_at", .rank = COLUMN_CSV_ONLY},
		{.name = "attested_at", .rank = COLUMN_CSV_ONLY},
		{.name = "attested_by", .rank = COLUMN_CSV_ONLY},
		{.name = "entries", .align = COLUMN_RIGHT},
		{.name = "evidence", .rank = COLUMN_CSV_ONLY},
	};
	static const struct output_list rows = {
		.member = "copies", .columns = columns, .column_count = sizeof columns / sizeof *columns};
	enum status status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	output_begin_list(session->output, &rows);
	for (size_t from = 0, count = 0; from < index->reading->count && status == STATUS_OK; from += count) {
		struct bytes holder = gather_holder(index->reading, from, &count);
		status = put_holder(index, from, count, holder, reterr);
	}
	output_end_list(session->output);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status import(struct session *session, struct failure *reterr)
{
	struct sealed_file file = {.memory = -1};
	struct index_reading reading = {.arena = arena_with_ceiling(512u << 20), .kind = LOG_KIND_COUNT};
	struct index_import index = {session, &reading, settings_operand(session->settings, 0), &file, 0, 0};
	enum status status = sealed_file_open(index.path, FILE_MAX, &file, reterr);
	if (status == STATUS_OK)
		status = read_in_cell(index.path, &file, &reading, reterr);
	if (status == STATUS_OK)
		status = put_all(&index, reterr);
	if (status == STATUS_OK) {
		struct json_writer *json = output_members(session->output);
		json_member_unsigned(json, "entries", reading.count);
		json_member_unsigned(json, "new", index.added);
		json_member_unsigned(json, "located", index.located);
		json_member_unsigned(json, "unread", reading.unread);
		output_note(session->output,
		            "%llu entries, %llu of them new; %llu are storage addresses; %llu lines make no sense",
		            (unsigned long long)reading.count, (unsigned long long)index.added, (unsigned long long)index.located,
		            (unsigned long long)reading.unread);
		if (reading.unread > 0)
			session->exit_code = EXIT_IN_PART;
	}
	sealed_file_close(&file);
	free(reading.entries);
	free(reading.holders);
	arena_free(&reading.arena);
	return status;
}
