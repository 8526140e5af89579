/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark notify bounces: what came back is read by a worker in its cell, like
 * any stranger's file; its bytes go from the file into sealed memory, and are not
 * looked at here.
 */
#define _GNU_SOURCE
#include "cli/notify-commands.h"

#include "act/bounce.h"
#include "cli/session.h"
#include "process/extractor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 30, OBJECT_SECONDS = 120, READING_MAX = 256 << 20 };

static enum status execute(struct session *session, struct failure *reterr);

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
/* clang-format on */

/* ---- into a worker ---- */

static enum status copy(int from, int to, const char *path, uint64_t *ret_size, struct failure *reterr)
{
	static char piece[1 << 16];
	uint64_t size = 0;
	for (;;) {
		ssize_t got = read(from, piece, sizeof piece);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(reterr, STATUS_DENIED, path, "cannot be read: %s", strerror(errno));
		if (got == 0)
			break;
		size += (uint64_t)got;
		if (size > FILE_MAX)
			return fail(reterr, STATUS_USAGE, path, "is larger than 1 GiB; give it in parts");
		if (write(to, piece, (size_t)got) != got)
			return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	}
	*ret_size = size;
	return STATUS_OK;
}

static enum status seal_file(const char *path, int *ret_memory, uint64_t *ret_size, struct failure *reterr)
{
	bool is_input = strcmp(path, "-") == 0;
	int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return fail(reterr, errno == ENOENT ? STATUS_ABSENT : STATUS_DENIED, path, "cannot be opened: %s",
		            strerror(errno));
	int memory = memfd_create("tidemark", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	enum status status = memory < 0 ? fail(reterr, STATUS_NO_MEMORY, path, "memory is used up")
	                                : copy(file, memory, path, ret_size, reterr);
	if (!is_input)
		close(file);
	if (status == STATUS_OK && fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		status = fail(reterr, STATUS_BROKEN, path, "memory could not be sealed");
	if (status == STATUS_OK)
		*ret_memory = memory;
	else if (memory >= 0)
		close(memory);
	return status;
}

static enum status take_document(void *context, const struct document_record *record)
{
	return bounce_take(context, record);
}

static enum status begin_again(void *context)
{
	bounce_forget(context);
	return STATUS_OK;
}

static enum status read_in_cell(const char *path, int memory, uint64_t size, struct bounce_reading *reading,
                                struct failure *reterr)
{
	struct extract_job job = {
		.size = size, .name = BYTES_LITERAL("bounces"), .allowance = allowance_of_size(size, OBJECT_SECONDS)};
	const struct extract_handler handler = {.document = take_document, .restart = begin_again, .context = reading};
	struct zygote *zygote = NULL;
	struct extractor *extractor = NULL;
	if (getrandom(job.identity, sizeof job.identity, 0) != (ssize_t)sizeof job.identity ||
	    getrandom(job.secret_key, sizeof job.secret_key, 0) != (ssize_t)sizeof job.secret_key)
		return fail(reterr, STATUS_BROKEN, path, "the system gives no random numbers");
	enum status status = zygote_new(NULL, &zygote);
	if (status == STATUS_OK)
		status = extractor_new(zygote, &extractor);
	if (status == STATUS_OK)
		status = extractor_read(extractor, &job, memory, &handler, reterr);
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
	int memory = -1;
	uint64_t size = 0;
	enum status status = seal_file(path, &memory, &size, reterr);
	if (status == STATUS_OK && size > 0)
		status = read_in_cell(path, memory, size, &reading, reterr);
	if (memory >= 0)
		close(memory);
	if (status == STATUS_OK) {
		output_begin_list(session->output, &list);
		status = bounce_each(&reading, note, &noting);
		output_end_list(session->output);
		show_counts(session, &noting, reading.unread);
	}
	bounce_reading_free(&reading);
	return status == STATUS_END ? STATUS_OK : status;
}
