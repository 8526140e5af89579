/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a running command holds: its settings, the output, and the catalog and
 * incident its row asked for. Also the one way to speak to the person on
 * standard error. Made and ended by dispatch; one thread.
 */
#ifndef TIDEMARK_CLI_SESSION_H
#define TIDEMARK_CLI_SESSION_H

#include "answer/desk.h"
#include "base/arena.h"
#include "catalog/catalog.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/settings.h"

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_WRONG_USAGE = 2, EXIT_OPEN = 3, EXIT_IN_PART = 4, EXIT_INTERRUPTED = 130 };

struct progress;

struct session {
	const struct command *command;
	const char *command_line; /* "catalog verify": for errors */
	const struct settings *settings;
	struct output *output;
	struct arena *arena;        /* lives until the end of the run; for what is kept, not for rows */
	struct desk desk;           /* who opens both and keeps the journal */
	struct catalog *catalog;    /* as the command's row asks, or after session_open_catalog; else NULL */
	struct incident *incident;  /* likewise */
	struct catalog_place place; /* resolved for every command; directory NULL: no home to put it in */
	const char *incident_name;
	struct progress *progress; /* NULL: none. Messages go around its line */
	enum exit_code exit_code;  /* counts when execute returns OK */
	bool is_quiet, is_verbose;
	bool is_off_record; /* it was said that this run could not be journalled */
};

/** For commands that open it themselves. CATALOG_CREATE says on stderr that it made a key. USAGE for a URL
 *  or no place at all; ABSENT says how to make a catalog. Does nothing when it is open. */
enum status session_open_catalog(struct session *session, enum catalog_mode mode, struct failure *reterr) MUST_CHECK;
/** The incident of --incident. */
enum status session_open_incident(struct session *session, enum incident_mode mode, struct failure *reterr) MUST_CHECK;

/** Journals under the session's incident if one is open, else under none. detail: a JSON object. What could not be put on
 *  record, and is done all the same (answer/desk.h), is said once on stderr. */
enum status session_journal(struct session *session, const char *verb, struct bytes detail, struct failure *reterr) MUST_CHECK;

/** Resolves place and incident, opens what the command's row asks for, at the desk where it says that it is journalled.
 *  The session must hold command, command_line, settings, output and arena. For dispatch. */
enum status session_start(struct session *session, struct failure *reterr) MUST_CHECK;
/** Closes what is open. */
void session_end(struct session *session);

/** One line on stderr, escaped: for the person, unless --quiet. */
void session_note(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);
/** Likewise, also when --quiet; where may be empty. */
void session_warn(struct session *session, const char *where, const char *format, ...) PRINTF_LIKE(3, 4);
/** Likewise, only with --verbose. */
void session_detail(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);

/** Asks on the terminal what is about to be done for good: OK for a yes, DENIED for anything else. USAGE where there is none to
 *  ask on, or what is asked would not be seen: option is the one that says yes beforehand. */
enum status session_confirm(struct session *session, const char *question, const char *option, struct failure *reterr) MUST_CHECK;

#endif
