/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark notify bounces: what came back is read by a worker in its cell, like
 * any stranger's file; its bytes go from the file into sealed memory, and are not
 * looked at here.
 */
#include "cli/notify-commands.h"

#include "act/bounce.h"
#include "cli/sealed-file.h"
#include "cli/session.h"

enum { FILE_MAX = 1 << 30, OBJECT_SECONDS = 120, READING_MAX = 256 << 20 };

static enum status execute(struct session *session, struct failure *reterr);
static enum status execute_acknowledge(struct session *session, struct failure *reterr);

/* clang-format off */
const struct command command_notify_bounces = {
	.name = "bounces", .summary = "read what came back, and note it with the notices it is about",
	.description = "FILE is a mailbox (mbox) or a message; - is standard input. Reports of delivery (RFC 3464) and plain bounces are "
	               "told apart from automatic answers and from people's: those change nothing, and are listed for a person to read. A "
	               "message is about the notice whose Message-ID or code stands in it. The same file again changes nothing.\n\n"
	               "After it, tidemark notify send PLAN turns to the next recipient of those that bounced.",
	.operands = "FILE|-", .operands_min = 1, .operands_max = 1, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true,
	.journal = "notify bounces", .execute = execute,
};

const struct command command_notify_acknowledge = {
	.name = "acknowledge", .summary = "note that a recipient has called or written, and gave its notice's code",
	.description = "As the portal does where the code is entered there. A code that no notice has: exit 1.",
	.operands = "CODE", .operands_min = 1, .operands_max = 1, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true,
	.execute = execute_acknowledge,
};
/* clang-format on */

/* ---- into a worker ---- */

static enum status take_document(void *context, const struct document_record *record)
{
	return bounce_take(context, record);
}

static enum status begin_again(void *context)
{
	bounce_forget(context);
	return STATUS_OK;
}

static enum status read_in_cell(const char *path, const struct sealed_file *file, struct bounce_reading *reading,
                                struct failure *reterr)
{
	struct extract_job job;
	const struct extract_handler handler = {.document = take_document, .restart = begin_again, .context = reading};
	struct zygote *zygote = NULL;
	struct extractor *extractor = NULL;
	enum status status = sealed_file_job(file, OBJECT_SECONDS, &job, reterr);
	job.name = BYTES_LITERAL("bounces");
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
	return status;
}

/* ---- onto the notices ---- */

struct noting {
	struct session *session;
	struct failure *reterr;
	uint64_t messages, bounced, strangers;
};

/* A notice's name, kept beyond the visit that told it. */
struct named_notice {
	struct arena *arena;
	struct notice_name name;
	bool is_known;
};

static enum status keep_name(void *context, const struct notice *notice)
{
	struct named_notice *named = context;
	named->name = notice->name;
	named->name.organisation = arena_copy(named->arena, notice->name.organisation);
	named->name.recipient = arena_copy(named->arena, notice->name.recipient);
	named->is_known = named->name.organisation.len > 0 && notice->attempts > 0;
	return named->name.organisation.len > 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status find_notice(struct noting *noting, const struct bounce *bounce, struct named_notice *named)
{
	struct incident *incident = noting->session->incident;
	struct failure failure;
	enum status status = STATUS_ABSENT;
	if (bounce->message.len > 0)
		status = incident_notice_by_message(incident, bounce->message, keep_name, named, &failure);
	if (status == STATUS_ABSENT && bounce->code.len > 0)
		status = incident_notice_by_code(incident, bounce->code, keep_name, named, &failure);
	if (status != STATUS_OK && status != STATUS_ABSENT && noting->reterr != NULL)
		*noting->reterr = failure;
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status note_event(struct noting *noting, const struct bounce *bounce, const struct named_notice *named)
{
	if (bounce->kind != BOUNCE_FAILED && bounce->kind != BOUNCE_DELIVERED)
		return STATUS_OK;
	noting->bounced += bounce->kind == BOUNCE_FAILED;
	return incident_tell_notice(noting->session->incident, &named->name,
	                            bounce->kind == BOUNCE_FAILED ? NOTICE_BOUNCED : NOTICE_DELIVERED, bounce->reason,
	                            noting->reterr);
}

static enum status show(struct noting *noting, const struct bounce *bounce, const struct named_notice *named)
{
	struct json_writer *json = output_begin_item(noting->session->output);
	const char *kind = bounce_kind_name(bounce->kind);
	json_member_text(json, "organisation", named->name.organisation);
	json_member_text(json, "recipient", named->name.recipient);
	json_member_string(json, "kind", kind);
	json_member_text(json, "message", bounce->path);
	json_member_text(json, "reason", bounce->reason);
	const struct cell cells[] = {
		cell_toned(cell_text(named->name.organisation), TONE_STRONG),
		cell_text(named->name.recipient),
		cell_toned(cell_string(kind), bounce->kind == BOUNCE_FAILED ? TONE_DOUBT : TONE_PLAIN),
		cell_text(bounce->path),
		cell_text(bounce->reason),
	};
	return output_end_item(noting->session->output, cells);
}

static enum status note(void *context, const struct bounce *bounce)
{
	struct noting *noting = context;
	struct named_notice named = {.arena = noting->session->arena};
	noting->messages++;
	enum status status = bounce->is_of_several ? STATUS_OK : find_notice(noting, bounce, &named);
	if (status == STATUS_OK && !named.is_known)
		noting->strangers++;
	if (status != STATUS_OK || !named.is_known)
		return status;
	status = note_event(noting, bounce, &named);
	return status == STATUS_OK ? show(noting, bounce, &named) : status;
}

static void show_counts(struct session *session, const struct noting *noting, uint64_t unread)
{
	struct json_writer *json = output_members(session->output);
	json_member_unsigned(json, "messages", noting->messages);
	json_member_unsigned(json, "bounced", noting->bounced);
	json_member_unsigned(json, "not_ours", noting->strangers);
	json_member_unsigned(json, "unread", unread);
	output_note(session->output, "%llu messages: %llu bounces noted, %llu about no notice or several",
	            (unsigned long long)noting->messages, (unsigned long long)noting->bounced,
	            (unsigned long long)noting->strangers);
	if (unread > 0)
		output_note(session->output, "%llu parts could not be read", (unsigned long long)unread);
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "organisation"},
		{.name = "recipient"},
		{.name = "kind"},
		{.name = "message", .rank = 2},
		{.name = "reason", .may_shrink = true},
	};
	static const struct output_list list = {
		.member = "notices",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nothing in it is about a notice.",
	};
	const char *path = settings_operand(session->settings, 0);
	struct bounce_reading reading = {.arena = arena_with_ceiling(READING_MAX)};
	struct noting noting = {.session = session, .reterr = reterr};
	struct sealed_file file = {.memory = -1};
	enum status status = sealed_file_open(path, FILE_MAX, &file, reterr);
	if (status == STATUS_OK && file.size > 0)
		status = read_in_cell(path, &file, &reading, reterr);
	sealed_file_close(&file);
	if (status == STATUS_OK) {
		output_begin_list(session->output, &list);
		status = bounce_each(&reading, note, &noting);
		output_end_list(session->output);
		show_counts(session, &noting, reading.unread);
	}
	bounce_reading_free(&reading);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- a call or a letter ---- */

static enum status show_acknowledged(void *context, const struct notice *notice)
{
	struct session *session = context;
	struct json_writer *json = output_members(session->output);
	json_member_text(json, "organisation", notice->name.organisation);
	json_member_text(json, "recipient", notice->name.recipient);
	json_member_string(json, "state", notice_state_name(notice->state));
	output_note(session->output, "acknowledged: the notice for %.*s to %.*s", (int)notice->name.organisation.len,
	            (const char *)notice->name.organisation.at, (int)notice->name.recipient.len,
	            (const char *)notice->name.recipient.at);
	return STATUS_OK;
}

static enum status execute_acknowledge(struct session *session, struct failure *reterr)
{
	struct bytes code = bytes_of_string(settings_operand(session->settings, 0));
	enum status status = catalog_acknowledge_notice(session->catalog, code, reterr);
	if (status == STATUS_MALFORMED)
		return fail(reterr, STATUS_USAGE, settings_operand(session->settings, 0),
		            "is not a notice's code: it has 30 letters and digits, as the notice shows it");
	return status == STATUS_OK ? incident_notice_by_code(session->incident, code, show_acknowledged, session, reterr)
	                           : status;
}
