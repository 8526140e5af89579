/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark reads: what access logs prove was taken. Logs are read by a worker in
 * its cell; what comes out are records, a bounded one for each request.
 */
#include "cli/session.h"

#include "answer/reads.h"
#include "base/digest.h"
#include "cli/interrupt.h"
#include "cli/sealed-file.h"

#include <stdio.h>

enum { FILE_MAX = 384 << 20, OBJECT_SECONDS = 120, BATCH = 32768, BATCH_MEMORY = 256 << 20 };

static enum status execute(struct session *session, struct failure *reterr);
static enum status import(struct session *session, struct failure *reterr);

static const struct option reads_options[] = {
	{.name = "limit",
         .kind = OPTION_UNSIGNED,
         .value = "N",
         .low = 1,
         .standard = "1000",
         .unit = "rows",
         .help = "at most so many objects, and networks; there is no upper bound"},
	{.name = NULL},
};

/* clang-format off */
static const struct command command_reads_import = {
	.name = "import", .summary = "read access logs into the incident",
	.description = "FILE is a log of Azure Storage Analytics ($logs, versions 1.0 and 2.0), StorageBlobLogs as JSON (of diagnostic "
	               "settings, or exported from a workspace), or an S3 server access log; - is standard input. Which one it is, its bytes "
	               "say. A request that stands in several of them counts once, and so does a file that is imported twice.\n\n"
	               "A log covers the time from its first record to its last; of one that lies below a folder of its hour, as the service "
	               "writes them (2022/09/24/0900/, y=2022/m=09/d=24/h=09/), that hour. Of addresses only networks are kept: /24, and /48 "
	               "of IPv6.\n\nA file that cannot be read costs itself only: the exit code is 4 then, and so it is where lines of one "
	               "make no sense.",
	.operands = "FILE...", .operands_min = 1, .operands_max = COMMAND_ANY_NUMBER, .catalog = COMMAND_WRITES_CATALOG,
	.catches_interrupt = true, .execute = import,
};
static const struct command *const subcommands[] = {&command_reads_import, NULL};

static const struct command_example examples[] = {
	{"reads import logs/blob/2022/09/24/*/*.log", "a day of Azure's $logs"},
	{"reads", "what strangers took, as far as logs reach"},
	{"reads --format csv", "each object that was taken, as a table"},
	{.line = NULL},
};

const struct command command_reads = {
	.name = "reads", .group = COMMAND_FINDS, .summary = "say what access logs prove was taken, by whom and when",
	.description = "Counted are contents that went out to somebody without any credential; requests by signed links, and our own looks, "
	               "are counted apart. An object was wholly taken where one network was sent as many bytes as it has, since it was last "
	               "changed; only then its documents count as taken, of each organisation that is a party to them.\n\n"
	               "Outside of what the logs cover the answer is unknown, with its reason: without logs nobody can say that nothing was "
	               "taken.",
	.options = reads_options, .subcommands = subcommands, .examples = examples, .see_also = "containers, search, close, copies",
	.catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "reads", .execute = execute,
};
/* clang-format on */

/* ---- import ---- */

struct reads_import {
	struct session *session;
	struct failure *reterr;
	struct zygote *zygote;
	struct extractor *extractor;
	/* Of the file at hand: */
	uint64_t number;
	struct arena arena; /* of what waits to be put */
	struct access_record waiting[BATCH];
	size_t waiting_count;
	uint64_t records, added;
	struct log_file figures;
	enum outcome outcome;
};

static enum status put_waiting(struct reads_import *reads)
{
	uint64_t added = 0;
	enum status status = reads->waiting_count == 0
	                             ? STATUS_OK
	                             : incident_put_accesses(reads->session->incident, reads->number, reads->waiting,
	                                                     reads->waiting_count, &added, reads->reterr);
	reads->added += added;
	reads->waiting_count = 0;
	arena_reset(&reads->arena);
	return status;
}

static bool keep_text(struct arena *arena, struct bytes *text)
{
	size_t length = text->len;
	*text = length > 0 ? arena_copy(arena, *text) : BYTES_NONE;
	return text->len == length;
}

static enum status take_access(void *context, const struct access_record *record)
{
	struct reads_import *reads = context;
	struct access_record copy = *record;
	if (log_is_index(record->log))
		return STATUS_OK;
	reads->records++;
	if (!keep_text(&reads->arena, &copy.account) || !keep_text(&reads->arena, &copy.container) ||
	    !keep_text(&reads->arena, &copy.object) || !keep_text(&reads->arena, &copy.version) ||
	    !keep_text(&reads->arena, &copy.network) || !keep_text(&reads->arena, &copy.operation))
		return STATUS_NO_MEMORY;
	reads->waiting[reads->waiting_count++] = copy;
	if (reads->waiting_count < BATCH)
		return STATUS_OK;
	return interrupt_is_asked() ? STATUS_INTERRUPTED : put_waiting(reads);
}

/* The worker's last word: how it ended, what kind of log it is, and how many lines made no sense. */
static enum status take_end(void *context, const struct document_record *record)
{
	struct reads_import *reads = context;
	uint64_t unread = 0;
	reads->outcome = record->outcome;
	reads->figures.kind = log_kind_from_name(record->media_type);
	if (log_is_index(reads->figures.kind)) {
		reads->outcome = OUTCOME_UNSUPPORTED;
		reads->figures.kind = LOG_KIND_COUNT;
	}
	reads->figures.unread = bytes_parse_u64(record->note, &unread) ? unread : 0;
	return STATUS_OK;
}

/* What was put counts once, however often it comes. */
static enum status begin_again(void *context)
{
	struct reads_import *reads = context;
	reads->records = 0;
	reads->waiting_count = 0;
	arena_reset(&reads->arena);
	return STATUS_OK;
}

static bool take_digits(struct bytes *path, const char *before, size_t count, int *ret_number)
{
	struct bytes prefix = bytes_of_string(before);
	int number = 0;
	if (!bytes_start_with(*path, prefix) || path->len < prefix.len + count)
		return false;
	for (size_t i = 0; i < count; i++) {
		unsigned char digit = path->at[prefix.len + i];
		if (digit < '0' || digit > '9')
			return false;
		number = number * 10 + digit - '0';
	}
	*path = bytes_from(*path, prefix.len + count);
	*ret_number = number;
	return true;
}

/* "/2022/09/24/0900/", "/y=2022/m=09/d=24/h=09/": the hour it is of. */
static bool find_hour(const char *path, int64_t *ret_hour)
{
	static const char *const forms[][4] = {{"/", "/", "/", "/"}, {"/y=", "/m=", "/d=", "/h="}};
	int year, month, day, hour;
	struct bytes whole = bytes_of_string(path);
	for (size_t i = 0; i < whole.len; i++)
		for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
			struct bytes rest = bytes_from(whole, i);
			if (take_digits(&rest, forms[k][0], 4, &year) && take_digits(&rest, forms[k][1], 2, &month) &&
			    take_digits(&rest, forms[k][2], 2, &day) && take_digits(&rest, forms[k][3], 2, &hour) && month >= 1 &&
			    month <= 12 && day >= 1 && day <= 31 && hour < 24 &&
			    (k == 1 ? bytes_start_with(rest, BYTES_LITERAL("/"))
			            : bytes_start_with(rest, BYTES_LITERAL("00/")))) {
				*ret_hour = clock_from_civil(year, month, day, hour, 0, 0);
				return true;
			}
		}
	return false;
}

static enum status read_in_cell(struct reads_import *reads, const struct sealed_file *file)
{
	const struct extract_handler handler = {
		.document = take_end, .restart = begin_again, .access = take_access, .context = reads};
	struct extract_job job;
	struct failure ignored;
	enum status status = sealed_file_job(file, OBJECT_SECONDS, &job, reads->reterr);
	job.is_log = true;
	job.name = BYTES_LITERAL("log");
	if (status == STATUS_OK)
		status = extractor_read(reads->extractor, &job, file->memory, &handler, &ignored);
	if (status == STATUS_CRASHED || status == STATUS_TIMED_OUT || status == STATUS_BOMB) {
		reads->outcome = outcome_of_status(status);
		return STATUS_OK;
	}
	if (status != STATUS_OK && reads->reterr->why[0] == '\0')
		*reads->reterr = ignored;
	return status;
}

static enum status end_file(struct reads_import *reads, const char *path)
{
	int64_t hour;
	enum status status = put_waiting(reads);
	if (status != STATUS_OK || reads->outcome != OUTCOME_READ || reads->figures.kind == LOG_KIND_COUNT)
		return status;
	reads->figures.records = reads->records;
	reads->figures.covers_from = reads->figures.covers_until = CLOCK_UNKNOWN;
	if (find_hour(path, &hour)) {
		reads->figures.covers_from = hour;
		reads->figures.covers_until = hour + 3600;
	}
	return incident_end_log(reads->session->incident, reads->number, &reads->figures, reads->reterr);
}

static enum status journal_file(struct reads_import *reads, const char *path, const struct sealed_file *file)
{
	struct buffer detail = buffer_with_ceiling(64 << 10), hex = buffer_with_ceiling(128);
	struct json_writer json = json_writer_into(&detail);
	digest_append_hex(&hex, bytes_of(file->sha256, sizeof file->sha256));
	json_begin_object(&json);
	json_member_string(&json, "file", path);
	json_member_text(&json, "sha256", buffer_bytes(&hex));
	json_end_object(&json);
	enum status status = session_journal(reads->session, "reads import", buffer_bytes(&detail), reads->reterr);
	buffer_free(&detail);
	buffer_free(&hex);
	return status;
}

static enum status show_file(struct reads_import *reads, const char *path, bool is_known)
{
	const char *state = is_known ? "known" : outcome_name(reads->outcome);
	const char *kind = is_known ? NULL : log_kind_name(reads->figures.kind);
	bool is_read = is_known || reads->outcome == OUTCOME_READ;
	struct json_writer *json = output_begin_item(reads->session->output);
	json_member_string(json, "file", path);
	json_member_string(json, "state", state);
	json_member_string(json, "kind", kind);
	json_member_unsigned(json, "records", reads->records);
	json_member_unsigned(json, "new", reads->added);
	json_member_unsigned(json, "unread", reads->figures.unread);
	const struct cell cells[] = {
		cell_toned(cell_string(state), is_read ? TONE_GOOD : TONE_BAD),
		cell_string(kind),
		cell_unsigned(reads->records),
		cell_unsigned(reads->added),
		reads->figures.unread > 0 ? cell_toned(cell_unsigned(reads->figures.unread), TONE_DOUBT) : cell_unsigned(0),
		cell_string(path),
	};
	if (!is_read || reads->figures.unread > 0)
		reads->session->exit_code = EXIT_IN_PART;
	return output_end_item(reads->session->output, cells);
}

static enum status import_file(struct reads_import *reads, const char *path)
{
	struct sealed_file file = {.memory = -1};
	bool is_known = false;
	reads->records = reads->added = 0;
	reads->figures = (struct log_file){.kind = LOG_KIND_COUNT};
	reads->outcome = OUTCOME_UNSUPPORTED;
	enum status status = sealed_file_open(path, FILE_MAX, &file, reads->reterr);
	if (status == STATUS_OK)
		status = journal_file(reads, path, &file);
	if (status == STATUS_OK)
		status = incident_begin_log(reads->session->incident, file.sha256, &reads->number, &is_known, reads->reterr);
	if (status == STATUS_OK && !is_known && file.size > 0)
		status = read_in_cell(reads, &file);
	if (status == STATUS_OK && !is_known)
		status = end_file(reads, path);
	sealed_file_close(&file);
	return status == STATUS_OK ? show_file(reads, path, is_known) : status;
}

static enum status import_all(struct reads_import *reads, size_t count)
{
	enum status status = zygote_new(NULL, &reads->zygote);
	if (status == STATUS_OK)
		status = extractor_new(reads->zygote, &reads->extractor);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = interrupt_is_asked() ? STATUS_INTERRUPTED
		                              : import_file(reads, settings_operand(reads->session->settings, i));
	extractor_free(reads->extractor);
	zygote_free(reads->zygote);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status import(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "state"},
		{.name = "kind"},
		{.name = "records", .align = COLUMN_RIGHT},
		{.name = "new", .align = COLUMN_RIGHT},
		{.name = "unread", .align = COLUMN_RIGHT, .rank = 1},
		{.name = "file", .may_shrink = true, .keeps_end = true},
	};
	static const struct output_list files = {
		.member = "files",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
	};
	struct reads_import *reads = arena_allocate(session->arena, sizeof *reads);
	if (reads == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "reads", "memory is used up");
	*reads = (struct reads_import){.session = session, .reterr = reterr, .arena = arena_with_ceiling(BATCH_MEMORY)};
	reterr->why[0] = '\0';
	enum status status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	if (status == STATUS_OK) {
		output_begin_list(session->output, &files);
		status = import_all(reads, settings_operand_count(session->settings));
		output_end_list(session->output);
	}
	arena_free(&reads->arena);
	return status;
}

/* ---- the answer ---- */

struct reads_shown {
	struct session *session;
	uint64_t left;
};

static enum status show_object(void *context, const struct reads_object *object)
{
	struct reads_shown *shown = context;
	if (shown->left == 0)
		return STATUS_END;
	shown->left--;
	reads_write_object(object, output_begin_item(shown->session->output));
	const struct cell cells[] = {
		cell_text(object->container),    cell_toned(cell_text(object->name), TONE_STRONG),
		cell_unsigned(object->requests), cell_unsigned(object->networks),
		cell_size(object->bytes),        object->is_swept ? cell_boolean(object->is_whole) : CELL_EMPTY,
		cell_time(object->first),        cell_time(object->last),
	};
	return output_end_item(shown->session->output, cells);
}

static enum status note_unknown(void *context, const struct reads_unknown *unknown)
{
	struct session *session = context;
	char from[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
	struct bytes name = unknown->container != NULL ? unknown->container->name : BYTES_NONE;
	clock_format(unknown->from, from);
	clock_format(unknown->until, until);
	output_note(session->output, "%.*s%sunknown from %s to %s: %s", (int)(name.len < 120 ? name.len : 120),
	            (const char *)name.at, name.len > 0 ? ": " : "", from[0] != '\0' ? from : "ever",
	            until[0] != '\0' ? until : "now", unknown->why);
	return STATUS_OK;
}

static enum status show_objects(struct session *session, uint64_t limit, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "container", .rank = 2, .may_shrink = true},
		{.name = "path", .may_shrink = true, .keeps_end = true},
		{.name = "requests", .align = COLUMN_RIGHT},
		{.name = "networks", .align = COLUMN_RIGHT},
		{.name = "bytes", .align = COLUMN_RIGHT, .rank = 1},
		{.name = "whole", .rank = 1},
		{.name = "first", .rank = 3},
		{.name = "last"},
	};
	static const struct output_list objects = {
		.member = "objects",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "No log that was imported shows a read by strangers; where no log reaches, it is unknown.",
	};
	struct reads_shown shown = {session, limit};
	output_begin_list(session->output, &objects);
	enum status status = incident_reads_objects(session->incident, show_object, &shown, reterr);
	output_end_list(session->output);
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	uint64_t limit = settings_number(session->settings, "limit");
	struct reads_sums sums;
	enum status status = incident_reads_sums(session->incident, &sums, reterr);
	if (status == STATUS_OK && output_wants_json(session->output))
		status = reads_write(session->incident, &sums, limit, output_members(session->output), reterr);
	if (status == STATUS_OK)
		status = show_objects(session, limit, reterr);
	if (status != STATUS_OK)
		return status;
	output_note(session->output,
	            "%llu anonymous reads of %llu objects from %llu networks; %llu by signed links; %llu of our own",
	            (unsigned long long)sums.anonymous.requests, (unsigned long long)sums.anonymous.objects,
	            (unsigned long long)sums.anonymous.networks, (unsigned long long)sums.signed_link.requests,
	            (unsigned long long)sums.own.requests);
	return reads_each_unknown(session->incident, note_unknown, session, reterr);
}
