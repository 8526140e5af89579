/* SPDX-License-Identifier: Apache-2.0 */
/* Where the catalog and its key are, how they are opened, and what is said about it. */
#define _GNU_SOURCE
#include "cli/session.h"

#include "base/json.h"
#include "base/text.h"
#include "cli/errors.h"
#include "cli/progress.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 64 * 1024, OPERATOR_BYTES = 256 };

/* ---- places ---- */

static enum status no_memory(struct failure *reterr)
{
	return fail(reterr, STATUS_NO_MEMORY, "", "no memory for the names of the catalog and its key");
}

static const char *join(struct session *session, const char *before, const char *after)
{
	struct buffer path = buffer_with_ceiling(PATH_BYTES);
	buffer_append_string(&path, before);
	buffer_append_string(&path, after);
	const char *copy = path.failed == STATUS_OK ? arena_copy_string(session->arena, buffer_bytes(&path)) : NULL;
	buffer_free(&path);
	return copy;
}

static const char *default_directory(struct session *session)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	if (data != NULL && data[0] == '/')
		return join(session, data, "/tidemark");
	if (home != NULL && home[0] == '/')
		return join(session, home, "/.local/share/tidemark");
	return NULL;
}

static const char *without_final_slashes(struct session *session, const char *path)
{
	struct bytes cut = bytes_of_string(path);
	while (cut.len > 1 && cut.at[cut.len - 1] == '/')
		cut.len--;
	return arena_copy_string(session->arena, cut);
}

static const char *find_key_file(struct session *session, const char *directory)
{
	const char *given = settings_text(session->settings, "key-file");
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	if (given != NULL)
		return given;
	if (credentials != NULL && credentials[0] != '\0') {
		const char *path = join(session, credentials, "/tidemark.key");
		if (path != NULL && access(path, F_OK) == 0)
			return path;
	}
	return join(session, directory, ".key");
}

/* However it was named: it lies in the directory that the service manager made. */
static bool is_credential(const char *key_file)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *name = strrchr(key_file, '/');
	return credentials != NULL && credentials[0] == '/' && name != NULL &&
	       bytes_equal_string(bytes_of(key_file, (size_t)(name - key_file)), credentials);
}

static enum status find_place(struct session *session, struct failure *reterr)
{
	const char *given = settings_text(session->settings, "catalog");
	if (given == NULL) {
		session->place.directory = default_directory(session);
		if (session->place.directory == NULL)
			return STATUS_OK;
	} else {
		session->place.directory = without_final_slashes(session, given);
	}
	if (session->place.directory == NULL)
		return no_memory(reterr);
	session->place.key_file = find_key_file(session, session->place.directory);
	if (session->place.key_file == NULL)
		return no_memory(reterr);
	session->place.key_is_credential = is_credential(session->place.key_file);
	return STATUS_OK;
}

static enum status check_place(const struct session *session, struct failure *reterr)
{
	const char *directory = session->place.directory;
	if (directory == NULL)
		return fail(reterr, STATUS_USAGE, "--catalog", "neither $XDG_DATA_HOME nor $HOME is set; name a directory");
	if (strstr(directory, "://") != NULL)
		return fail(reterr, STATUS_USAGE, directory, "this version keeps catalogs in directories; name one");
	return STATUS_OK;
}

/* The directories above the default place, which a new account may not have yet. */
static enum status make_parents(struct session *session, struct failure *reterr)
{
	if (settings_has(session->settings, "catalog"))
		return STATUS_OK;
	char *path = arena_copy_string(session->arena, bytes_of_string(session->place.directory));
	if (path == NULL)
		return no_memory(reterr);
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return fail(reterr, STATUS_DENIED, path, "could not be made: %s; name another place with --catalog",
			            strerror(errno));
		*slash = '/';
	}
	return STATUS_OK;
}

/* ---- opening ---- */

static void take_handles(struct session *session)
{
	session->catalog = session->desk.catalog;
	session->incident = session->desk.incident;
}

enum status session_open_catalog(struct session *session, enum catalog_mode mode, struct failure *reterr)
{
	bool made_key = false;
	if (session->catalog != NULL)
		return STATUS_OK;
	enum status status = check_place(session, reterr);
	if (status == STATUS_OK && mode == CATALOG_CREATE)
		status = make_parents(session, reterr);
	if (status == STATUS_OK)
		status = desk_open(&session->desk, mode, &made_key, reterr);
	take_handles(session);
	if (status == STATUS_OK && made_key)
		session_note(session, "made a key for the catalog: %s; keep a copy elsewhere, nothing can be read without it",
		             session->place.key_file);
	return status;
}

enum status session_open_incident(struct session *session, enum incident_mode mode, struct failure *reterr)
{
	enum status status = desk_open_incident(&session->desk, mode, reterr);
	take_handles(session);
	return status;
}

static enum status open_as_asked(struct session *session, struct failure *reterr)
{
	const struct command *command = session->command;
	enum status status = STATUS_OK;
	if (command->catalog != COMMAND_WITHOUT_CATALOG)
		status = session_open_catalog(session, command->catalog == COMMAND_WRITES_CATALOG ? CATALOG_APPEND : CATALOG_READ,
		                              reterr);
	if (status == STATUS_OK && command->opens_incident)
		status = session_open_incident(session, INCIDENT_READ, reterr);
	return status;
}

/* ---- the journal ---- */

/* Once: the answer is given, and the person knows that it is not on record. */
static void tell_off_record(struct session *session)
{
	if (session->desk.is_off_record && !session->is_off_record)
		session_warn(session, session->place.directory, "this run is not on record: %s", session->desk.off_record.why);
	session->is_off_record = session->desk.is_off_record;
}

enum status session_journal(struct session *session, const char *verb, struct bytes detail, struct failure *reterr)
{
	enum status status = desk_record(&session->desk, verb, detail, reterr);
	tell_off_record(session);
	return status;
}

static enum status ask(struct session *session, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(64u << 20);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	settings_describe(session->settings, &json);
	json_member_unsigned(&json, "uid", getuid());
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = check_place(session, reterr);
	if (status == STATUS_OK)
		status = desk_ask(&session->desk,
		                  &(struct desk_question){
					  session->command->journal,
					  buffer_bytes(&detail),
					  session->command->opens_incident,
				  },
		                  reterr);
	buffer_free(&detail);
	take_handles(session);
	tell_off_record(session);
	return status;
}

/* A given one, else whom the machine knows as running this. */
static enum status find_operator(struct session *session, const char **ret_name, struct failure *reterr)
{
	const char *given = settings_text(session->settings, "operator");
	struct bytes name = bytes_trim(bytes_of_string(given));
	if (name.len > OPERATOR_BYTES || !text_is_valid(name))
		return fail(reterr, STATUS_USAGE, "--operator", "a name of at most %d bytes of UTF-8", OPERATOR_BYTES);
	const struct passwd *login = name.len == 0 ? getpwuid(getuid()) : NULL;
	if (login != NULL)
		name = bytes_of_string(login->pw_name);
	*ret_name = arena_copy_string(session->arena, name);
	return *ret_name != NULL ? STATUS_OK : no_memory(reterr);
}

enum status session_start(struct session *session, struct failure *reterr)
{
	session->incident_name = settings_text(session->settings, "incident");
	session->is_quiet = settings_flag(session->settings, "quiet");
	session->is_verbose = settings_flag(session->settings, "verbose");
	if (session->incident_name[0] == '\0')
		return fail(reterr, STATUS_USAGE, "--incident", "an incident has a name");
	enum status status = find_place(session, reterr);
	if (status != STATUS_OK)
		return status;
	const char *operator_name = NULL;
	status = find_operator(session, &operator_name, reterr);
	if (status != STATUS_OK)
		return status;
	session->desk = (struct desk){
		.place = session->place,
		.incident_name = session->incident_name,
		.may_be_off_record = true,
		.operator_name = operator_name,
	};
	return session->command->journal != NULL ? ask(session, reterr) : open_as_asked(session, reterr);
}

void session_end(struct session *session)
{
	progress_clear(session->progress);
	desk_close(&session->desk);
	take_handles(session);
}

/* ---- words to the person ---- */

static void say(struct session *session, const char *where, const char *format, va_list args)
{
	char *why;
	if (vasprintf(&why, format, args) < 0)
		return;
	progress_clear(session->progress);
	errors_say(session->command_line, where, why);
	free(why);
}

void session_note(struct session *session, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (!session->is_quiet)
		say(session, "", format, args);
	va_end(args);
}

void session_warn(struct session *session, const char *where, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(session, where, format, args);
	va_end(args);
}

void session_detail(struct session *session, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (session->is_verbose && !session->is_quiet)
		say(session, "", format, args);
	va_end(args);
}

/* ---- asking the person ---- */

enum status session_confirm(struct session *session, const char *question, const char *option, struct failure *reterr)
{
	char answer[16];
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return fail(reterr, STATUS_USAGE, option, "is needed where there is no terminal to ask on; nothing was done");
	progress_clear(session->progress);
	fprintf(stderr, "%s Only yes does it: ", question);
	fflush(stderr);
	bool is_yes = fgets(answer, sizeof answer, stdin) != NULL &&
	              bytes_equal_string(bytes_trim(bytes_of_string(answer)), "yes");
	return is_yes ? STATUS_OK : fail(reterr, STATUS_DENIED, "", "not confirmed; nothing was done");
}
