/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "act/notice-letters.h"

#include "base/clock.h"
#include "catalog/notices.h"
#include "catalog/register.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLE_MAX = 256 << 20, ONE_ARENA = 1 << 20 };

struct posting {
	const struct notify_sending *sending;
	const char *path;
	int directory;
	struct buffer table, last;
	struct arena arena; /* of the organisation at hand */
	uint64_t count, left;
	struct failure *reterr;
};

static enum status refuse(struct posting *posting, const char *name, const char *deed)
{
	return fail(posting->reterr, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_DENIED, posting->path, "%s cannot be %s: %s",
	            name, deed, strerror(errno));
}

static enum status write_file(struct posting *posting, const char *name, struct bytes contents)
{
	int file = openat(posting->directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0)
		return refuse(posting, name, "made");
	while (contents.len > 0) {
		ssize_t written = write(file, contents.at, contents.len);
		if (written < 0 && errno != EINTR) {
			enum status status = refuse(posting, name, "written");
			close(file);
			return status;
		}
		contents = bytes_from(contents, written > 0 ? (size_t)written : 0);
	}
	close(file);
	return STATUS_OK;
}

/* A field of RFC 4180; what a spreadsheet would take for a formula has an apostrophe in front. */
static void append_field(struct buffer *into, struct bytes text, bool is_last)
{
	buffer_append_byte(into, '"');
	if (text.len > 0 && strchr("=+-@", text.at[0]) != NULL)
		buffer_append_byte(into, '\'');
	struct buffer safe = buffer_with_ceiling(1 << 16);
	notice_append_safely(&safe, text, false);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.at[i] == '"')
			buffer_append_byte(into, '"');
		buffer_append_byte(into, safe.at[i]);
	}
	buffer_free(&safe);
	buffer_append_string(into, is_last ? "\"\r\n" : "\",");
}

struct addressing {
	struct posting *posting;
	struct bytes name;
};

static enum status take_name(void *context, const struct register_row *row)
{
	struct addressing *addressing = context;
	addressing->name = row->name.len > 0 ? arena_copy(&addressing->posting->arena, row->name) : BYTES_NONE;
	return STATUS_OK;
}

static enum status compose(struct posting *posting, const struct notify_step *letter, struct bytes name,
                           struct notice_text *ret_text)
{
	const struct notify_sending *sending = posting->sending;
	const struct notice_sender sender = notify_sender_of(sending->plan);
	struct notify_step addressed = *letter;
	addressed.addressee = name;
	return notify_compose_step(sending->catalog, sending->incident, &addressed, &sender, ret_text, posting->reterr);
}

static void add_row(struct posting *posting, const struct notify_step *step, struct bytes name, const char *file)
{
	const struct notice_sender sender = notify_sender_of(posting->sending->plan);
	struct buffer languages = buffer_with_ceiling(16);
	char code[NOTICE_CODE_SIZE];
	incident_notice_code(posting->sending->incident, &step->name, code);
	notice_languages_append(&step->languages, &languages);
	append_field(&posting->table, step->name.organisation, false);
	append_field(&posting->table, name, false);
	append_field(&posting->table, step->country, false);
	append_field(&posting->table, step->sector, false);
	append_field(&posting->table, buffer_bytes(&languages), false);
	append_field(&posting->table, bytes_of_string(code), false);
	append_field(&posting->table, sender.case_number, false);
	append_field(&posting->table, bytes_of_string(file), true);
	buffer_free(&languages);
}

static enum status put_down(struct posting *posting, const struct notify_step *step)
{
	const struct notice_attempt attempt = {
		.name = step->name,
		.found_by = NOTICE_BY_REGISTER,
		.language = bytes_of_string(notice_language_name(step->languages.at[0])),
	};
	enum status status = incident_plan_notices(posting->sending->incident, &attempt, 1, posting->reterr);
	if (status == STATUS_OK)
		status = incident_tell_notice(posting->sending->incident, &step->name, NOTICE_WRITTEN, BYTES_NONE,
		                              posting->reterr);
	return status;
}

/* CHANGED leaves the organisation out, counted: it is planned anew. What is not written is not on record as told. */
static enum status post(struct posting *posting, const struct notify_step *step)
{
	struct addressing addressing = {posting, BYTES_NONE};
	struct notify_step letter = *step;
	struct notice_text text;
	char file[NOTICE_ADDRESS_MAX + 8];
	arena_reset(&posting->arena);
	enum status status = incident_registered(posting->sending->incident, step->name.organisation, take_name, &addressing,
	                                         posting->reterr);
	if (status != STATUS_OK && status != STATUS_ABSENT)
		return status;
	struct bytes name = addressing.name.len > 0 ? addressing.name : step->name.organisation;
	letter.name.channel = NOTICE_LETTER;
	letter.name.recipient = name;
	letter.variant = NOTICE_TO_ORGANISATION;
	snprintf(file, sizeof file, "%.*s.html", (int)step->name.organisation.len, (const char *)step->name.organisation.at);
	status = compose(posting, &letter, name, &text);
	if (status == STATUS_CHANGED) {
		posting->left++;
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	status = posting->sending->record(posting->sending->context, &letter, posting->reterr);
	if (status == STATUS_OK)
		status = write_file(posting, file, buffer_bytes(&text.page));
	notice_text_free(&text);
	if (status == STATUS_OK)
		status = put_down(posting, &letter);
	if (status == STATUS_OK) {
		add_row(posting, &letter, name, file);
		posting->count++;
	}
	return status;
}

static enum status post_all(struct posting *posting)
{
	struct notify_step step;
	enum status status = plan_rewind(posting->sending->plan, posting->reterr);
	buffer_append_string(&posting->table, "domain,name,country,sector,language,code,case,file\r\n");
	while (status == STATUS_OK && (status = notify_next(posting->sending->plan, &step, posting->reterr)) == STATUS_OK) {
		if (step.is_left || bytes_equal(buffer_bytes(&posting->last), step.name.organisation))
			continue;
		buffer_reset(&posting->last);
		buffer_append(&posting->last, step.name.organisation);
		/* Its domain names a file: the plan is ours, and yet. */
		if (bytes_find_byte(step.name.organisation, '/') == BYTES_NOT_FOUND && step.name.organisation.at[0] != '.')
			status = post(posting, &step);
	}
	if (status == STATUS_END)
		status = buffer_status(&posting->table);
	return status == STATUS_OK ? write_file(posting, "letters.csv", buffer_bytes(&posting->table)) : status;
}

enum status notice_letters_write(const struct notify_sending *sending, const char *directory, uint64_t *ret_count,
                                 uint64_t *ret_left, struct failure *reterr)
{
	struct posting posting = {
		.sending = sending,
		.path = directory,
		.directory = -1,
		.table = buffer_with_ceiling(TABLE_MAX),
		.last = buffer_with_ceiling(1 << 10),
		.arena = arena_with_ceiling(ONE_ARENA),
		.reterr = reterr,
	};
	enum status status = STATUS_OK;
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		status = refuse(&posting, "the folder", "made");
	if (status == STATUS_OK) {
		posting.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		status = posting.directory < 0 ? refuse(&posting, "the folder", "opened") : post_all(&posting);
	}
	if (posting.directory >= 0)
		close(posting.directory);
	buffer_free(&posting.table);
	buffer_free(&posting.last);
	arena_free(&posting.arena);
	if (status == STATUS_OK) {
		*ret_count = posting.count;
		*ret_left = posting.left;
	}
	return status;
}
