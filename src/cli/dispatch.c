/* SPDX-License-Identifier: Apache-2.0 */
/* Words, settings, session, command, exit code: in this order, each only if the one before went well. */
#define _GNU_SOURCE
#include "cli/dispatch.h"

#include "cli/arguments.h"
#include "cli/errors.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/progress.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ARENA_BYTES = 1 << 30, HELP_WIDTH = 80, HELP_WIDTH_MAX = 120 };

/* 0: not a terminal. */
static unsigned terminal_width(int descriptor)
{
	struct winsize size;
	if (isatty(descriptor) != 1)
		return 0;
	return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : HELP_WIDTH;
}

static bool wants_colours(const struct settings *settings)
{
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
	if (!settings_is(settings, "color", "auto"))
		return settings_is(settings, "color", "always");
	return isatty(STDOUT_FILENO) == 1 && (no_color == NULL || no_color[0] == '\0') &&
	       (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

/* Formats of one command's own (probe: sarif, ocsf) are written by it. */
static enum output_format find_format(const struct settings *settings)
{
	if (settings_is(settings, "format", "table"))
		return OUTPUT_TABLE;
	if (settings_is(settings, "format", "jsonl"))
		return OUTPUT_JSONL;
	return settings_is(settings, "format", "csv") ? OUTPUT_CSV : OUTPUT_JSON;
}

/* Who wants quiet wants no line that was not asked for. */
static const char *find_progress(const struct settings *settings)
{
	bool is_quiet = settings_flag(settings, "quiet") && settings_is(settings, "progress", "auto");
	return is_quiet ? "never" : settings_text(settings, "progress");
}

static enum exit_code show(const char *what, enum status status, const struct failure *failure)
{
	errors_show(what, status, failure);
	return errors_exit_code(status);
}

/* ---- pages about the commands ---- */

static void append_about(const struct arguments *arguments, struct buffer *into)
{
	unsigned width = terminal_width(STDOUT_FILENO);
	width = width == 0 ? HELP_WIDTH : width > HELP_WIDTH_MAX ? HELP_WIDTH_MAX : width;
	if (arguments->wants_version)
		buffer_append_string(into, "tidemark " TIDEMARK_VERSION "\n");
	else if (arguments->command == NULL)
		help_append_overall(into, command_registry, width);
	else
		help_append_command(into, arguments->parent, arguments->command, width);
}

static enum exit_code show_about(const struct arguments *arguments)
{
	const struct output_settings settings = {.format = OUTPUT_TABLE};
	struct failure failure = {.why = ""};
	struct buffer text = buffer_with_ceiling(1u << 20);
	struct output *output;
	append_about(arguments, &text);
	enum status status = output_new(STDOUT_FILENO, &settings, &output);
	if (status == STATUS_OK) {
		output_raw(output, buffer_bytes(&text));
		status = output_finish(output, &failure);
		output_free(output);
	}
	buffer_free(&text);
	return status == STATUS_OK ? EXIT_DONE : show(NULL, status, &failure);
}

/* ---- commands ---- */

static enum exit_code execute(struct session *session)
{
	struct failure failure = {.why = ""};
	if (session->command->catches_interrupt)
		interrupt_catch();
	else
		interrupt_end_at_once();
	enum status status = session_start(session, &failure);
	if (status == STATUS_OK)
		status = session->command->execute(session, &failure);
	session_end(session);
	if (status == STATUS_OK || status == STATUS_END)
		status = output_finish(session->output, &failure);
	return status == STATUS_OK ? session->exit_code : show(session->command_line, status, &failure);
}

static enum exit_code run_command(const struct arguments *arguments, struct arena *arena)
{
	struct failure failure = {.why = ""};
	struct session session = {
		.command = arguments->command,
		.command_line = arguments_command_line(arguments, arena),
		.arena = arena,
	};
	enum status status = settings_resolve(arguments, command_registry, arena, &session.settings, &failure);
	if (status != STATUS_OK)
		return show(session.command_line, status, &failure);
	status = progress_new(STDERR_FILENO, find_progress(session.settings), &session.progress);
	const struct output_settings settings = {
		.format = find_format(session.settings),
		.is_coloured = wants_colours(session.settings),
		.is_quiet = settings_flag(session.settings, "quiet"),
		.width = terminal_width(STDOUT_FILENO),
		.progress = session.progress,
	};
	if (status == STATUS_OK)
		status = output_new(STDOUT_FILENO, &settings, &session.output);
	enum exit_code code = status == STATUS_OK ? execute(&session) : show(session.command_line, status, &failure);
	output_free(session.output);
	progress_free(session.progress);
	return code;
}

int dispatch_run(int argc, char **argv)
{
	struct arena arena = arena_with_ceiling(ARENA_BYTES);
	struct arguments arguments = {.command = NULL};
	struct failure failure = {.why = ""};
	enum exit_code code;
	enum status status = arguments_parse(argc, argv, command_registry, &arena, &arguments, &failure);
	if (status != STATUS_OK) {
		code = show(arguments_command_line(&arguments, &arena), status, &failure);
	} else if (arguments.wants_help || arguments.wants_version) {
		code = show_about(&arguments);
	} else if (arguments.command == NULL) {
		show_about(&arguments);
		code = EXIT_WRONG_USAGE;
	} else {
		code = run_command(&arguments, &arena);
	}
	arena_free(&arena);
	return (int)code;
}
