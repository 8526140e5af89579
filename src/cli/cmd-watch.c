/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark watch: looks at containers as a stranger, once or again and again, and tells what changed. */
#include "act/watch.h"
#include "answer/containers.h"
#include "answer/watched.h"
#include "base/digest.h"
#include "base/json-value.h"
#include "base/yaml.h"
#include "catalog/questions.h"
#include "cli/acting-secrets.h"
#include "cli/command.h"
#include "cli/input-file.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "process/runner.h"
#include "process/sender.h"
#include "scope/scope.h"
#include "scope/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

enum {
	SCOPE_BYTES = YAML_SIZE_MAX,
	SECRET_BYTES = 4096,
	TELL_MS = 30000,
	SLICE_MS = 50,
	NOTES_SHOWN = 10,
	STATEMENT_ARENA = 4 << 20
};
#define ARENA_BYTES (UINT64_C(1) << 30)

static enum status watch_once(struct session *session, struct failure *reterr);
static enum status watch_run(struct session *session, struct failure *reterr);
static enum status observations(struct session *session, struct failure *reterr);

/* clang-format off */
#define WAYS \
	{.name = "webhook", .kind = OPTION_TEXT, .value = "URL", \
	 .help = "post each change as JSON; signed (Tidemark-Signature: sha256=HEX) where a secret stands in $TIDEMARK_WEBHOOK_SECRET or " \
	         "--webhook-secret"}, \
	{.name = "webhook-secret", .kind = OPTION_PATH, .value = "FILE", .help = "the file that holds the webhook's secret"}, \
	{.name = "mail", .kind = OPTION_TEXT, .value = "ADDRESS", .help = "mail each change there"}, \
	{.name = "from", .kind = OPTION_TEXT, .value = "ADDRESS", .help = "who the mail is from; without it, whom it goes to"}, \
	{.name = "smtp", .kind = OPTION_TEXT, .value = "URL", .standard = "smtp://127.0.0.1", \
	 .help = "the mail server: smtp://[USER@]HOST[:PORT] or smtps://...; the password stands in $TIDEMARK_SMTP_PASSWORD"}, \
	{.name = "alert-ca", .kind = OPTION_PATH, .value = "FILE", \
	 .help = "authorities of the webhook and the mail server, instead of the system's"}, \
	{.name = "syslog", .kind = OPTION_FLAG, .help = "write each change to the system's log, as a finding of OCSF"}, \
	{.name = "syslog-socket", .kind = OPTION_PATH, .value = "PATH", .standard = "/dev/log", .help = "where the system's log listens"}, \
	{.name = "run", .kind = OPTION_TEXT, .value = "COMMAND", \
	 .help = "start this with each change as JSON on standard input; its words stand apart by blanks, '...' and \"...\" keep them " \
	         "together, and no shell reads them"}, \
	{.name = "rate", .kind = OPTION_RATE, .value = "REQ/s", .high = 10000, .standard = "20", \
	 .help = "most requests a second to one account"}

static const struct option once_options[] = {WAYS, {.name = NULL}};

static const struct option run_options[] = {
	{.name = "every", .kind = OPTION_TEXT, .value = "TIME", .standard = "15m",
	 .help = "from one look to the next: 90s, 15m, 2h, 1d; at least 10s of servers of others. Up to a tenth of it is added at random"},
	WAYS,
	{.name = NULL},
};

#define OPERANDS .operands = "[TARGET...]", .operands_min = 0, .operands_max = COMMAND_ANY_NUMBER, \
	.operand_help = "TARGET is a container's URL, az://ACCOUNT/CONTAINER, - for standard input or @FILE; without any, every container of " \
	                "the incident."

static const struct command command_once = {
	.name = "once", .summary = "look at each target once, and tell what changed since the last look",
	.description = "Exits with 3 while something is open; else with 4 when some target could not be judged or some alert not be told, "
	               "with 1 when none could be judged.",
	OPERANDS, .options = once_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .journal = "watch once",
	.catches_interrupt = true, .execute = watch_once,
};

static const struct command command_run = {
	.name = "run", .summary = "look again and again, until it is ended, and tell what changes",
	.description = "Containers that sweeps find meanwhile are watched, too, where no target is named. Ended by Ctrl-C or SIGTERM it exits "
	               "with 130; what was not told yet is told by the next run.",
	OPERANDS, .options = run_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .journal = "watch run",
	.catches_interrupt = true, .execute = watch_run,
};

static const struct command command_observations = {
	.name = "observations", .summary = "show the signed looks: of each run of equal ones the first and the last",
	.description = "What is signed (Ed25519, the key of scope's manifests) is the line \"tidemark-observation-1\" and behind it the "
	               "statement, byte by byte.",
	.catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "watch observations", .execute = observations,
};

static const struct command *const subcommands[] = {&command_once, &command_run, &command_observations, NULL};

static const struct command_example examples[] = {
	{"watch once", "whether any container of the incident opened or closed"},
	{"watch run --every 15m --webhook https://hooks.example.com/tidemark --syslog", "hear of it within a quarter of an hour"},
	{"watch run --run '/usr/local/bin/page-me --team storage'", "give each change to a program"},
	{.line = NULL},
};

const struct command command_watch = {
	.name = "watch", .group = COMMAND_FINDS, .summary = "hear when a container opens, closes or holds something new",
	.description =
		"Asks as a stranger, as probe does. Open is said by one answer that lets a stranger in; closed only where three looks in a row "
		"were refused alike. A server that is busy, silent or breaks off changes nothing. Where names are listed, new and gone ones "
		"are counted; nothing is read. Where a firewall refuses strangers here, others may be let in: that counts as closed only where "
		"another container of the account answers, or the owner's view says so (credentials as for close).\n\n"
		"Each look is signed and stands in the incident's exposures. Each change is told at least once: after a kill perhaps twice, "
		"with the same id and \"repeated\": true.",
	.subcommands = subcommands, .examples = examples, .see_also = "probe, close, containers, serve",
};

static const struct column change_columns[] = {
	{.name = "target", .may_shrink = true}, {.name = "event"}, {.name = "from"}, {.name = "to"}, {.name = "at", .rank = 1},
	{.name = "new", .align = COLUMN_RIGHT, .rank = 2}, {.name = "gone", .align = COLUMN_RIGHT, .rank = 2},
};
static const struct output_list change_list = {
	.member = "changes", .columns = change_columns, .column_count = sizeof change_columns / sizeof *change_columns,
	.nothing = "Nothing changed.",
};
/* clang-format on */

/* A container as the incident has it. */
struct watched_container {
	struct container container;
	unsigned open_doors;
	int64_t last_write, last_read;
};

/* What the round found of a target. */
struct watched_row {
	const struct watch_target *target;
	enum verdict_kind kind;
	bool is_open, is_judged, is_walled;
	struct watch_state state;
	int64_t observed_at, last_write, last_read;
	struct watch_names names;
	const char *advice;
};

struct watcher {
	struct session *session;
	struct watch_setting setting;
	struct watch_ways ways;
	struct buffer scope_yaml, secret, authorities;
	struct arena round; /* targets and rows of the current one */
	struct watched_container *containers;
	size_t container_count, container_room;
	struct watch_target *targets;
	struct watched_row *rows;
	size_t count, done, passed_over, open, unjudged;
	bool is_first;       /* round: what is passed over is told once */
	int64_t answered_at; /* when a target last said something, in this round */
};

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

static const struct fetch_wait wait = {is_interrupted, NULL};

/* ---- what it is told ---- */

static enum status read_webhook(struct watcher *watcher, struct failure *reterr)
{
	const struct settings *settings = watcher->session->settings;
	const char *url = settings_text(settings, "webhook"), *file = settings_text(settings, "webhook-secret");
	const char *secret = getenv("TIDEMARK_WEBHOOK_SECRET");
	enum status status = STATUS_OK;
	if (url == NULL)
		return STATUS_OK;
	if (!bytes_start_with_nocase(bytes_of_string(url), BYTES_LITERAL("https://")) &&
	    !bytes_start_with_nocase(bytes_of_string(url), BYTES_LITERAL("http://")))
		return fail(reterr, STATUS_USAGE, "--webhook", "is no https://...; http:// goes to this machine alone");
	if (file != NULL)
		status = input_file_read(file, SECRET_BYTES, &watcher->secret, reterr);
	else
		buffer_append_string(&watcher->secret, secret != NULL ? secret : "");
	if (status != STATUS_OK)
		return status;
	watcher->ways.webhook = url;
	watcher->ways.webhook_secret = bytes_trim(buffer_bytes(&watcher->secret));
	if (watcher->ways.webhook_secret.len == 0)
		session_warn(watcher->session, "--webhook",
		             "alerts go unsigned; a secret in $TIDEMARK_WEBHOOK_SECRET or --webhook-secret FILE signs them");
	return STATUS_OK;
}

static enum status read_mail(struct watcher *watcher, struct failure *reterr)
{
	const struct settings *settings = watcher->session->settings;
	struct watch_ways *ways = &watcher->ways;
	const char *to = settings_text(settings, "mail"), *from = settings_text(settings, "from");
	if (to == NULL)
		return STATUS_OK;
	ways->mail_from = bytes_of_string(from != NULL ? from : to);
	ways->mail_password = bytes_of_string(getenv("TIDEMARK_SMTP_PASSWORD"));
	if (!relay_may_carry(bytes_of_string(to)))
		return fail(reterr, STATUS_USAGE, "--mail", "is not an address alone, as security@example.com");
	if (!relay_may_carry(ways->mail_from))
		return fail(reterr, STATUS_USAGE, "--from", "is not an address alone, as security@example.com");
	if (!relay_parse(bytes_of_string(settings_text(settings, "smtp")), &ways->relay))
		return fail(reterr, STATUS_USAGE, "--smtp",
		            "smtp://[USER@]HOST[:PORT] or smtps://...; a password does not stand there");
	ways->mail = to;
	return STATUS_OK;
}

static void warn(void *context, enum watch_channel channel, const char *why)
{
	session_warn(context, watch_channel_name(channel), "an alert waits: %s", why);
}

static enum status read_ways(struct watcher *watcher, struct failure *reterr)
{
	const struct settings *settings = watcher->session->settings;
	const char *authorities = settings_text(settings, "alert-ca"), *command = settings_text(settings, "run");
	char **words = NULL;
	enum status status = read_webhook(watcher, reterr);
	if (status == STATUS_OK)
		status = read_mail(watcher, reterr);
	if (status == STATUS_OK && authorities != NULL)
		status = input_file_read(authorities, SEND_AUTHORITY_MAX, &watcher->authorities, reterr);
	if (status == STATUS_OK && command != NULL)
		status = runner_split(bytes_of_string(command), watcher->session->arena, &words, reterr);
	watcher->ways.authorities = buffer_bytes(&watcher->authorities);
	watcher->ways.command = words;
	watcher->ways.syslog = settings_flag(settings, "syslog") ? settings_text(settings, "syslog-socket") : NULL;
	watcher->ways.milliseconds = TELL_MS;
	watcher->ways.wait = &wait;
	watcher->ways.warn = warn;
	watcher->ways.context = watcher->session;
	watcher->setting.channels = (watcher->ways.webhook != NULL ? 1u << WATCH_WEBHOOK : 0) |
	                            (watcher->ways.mail != NULL ? 1u << WATCH_MAIL : 0) |
	                            (watcher->ways.syslog != NULL ? 1u << WATCH_SYSLOG : 0) |
	                            (watcher->ways.command != NULL ? 1u << WATCH_COMMAND : 0);
	return status;
}

static enum status read_setting(struct watcher *watcher, struct failure *reterr)
{
	struct session *session = watcher->session;
	const char *scope = settings_text(session->settings, "scope");
	enum status status = read_ways(watcher, reterr);
	if (status == STATUS_OK && scope != NULL)
		status = input_file_read(scope, SCOPE_BYTES, &watcher->scope_yaml, reterr);
	watcher->setting.incident = session->incident;
	watcher->setting.incident_name = bytes_of_string(session->incident_name);
	watcher->setting.operator_name = bytes_of_string(settings_text(session->settings, "operator"));
	watcher->setting.scope_yaml = buffer_bytes(&watcher->scope_yaml);
	watcher->setting.secrets = acting_secrets(PROVIDER_AZURE);
	watcher->setting.rate = settings_rate(session->settings, "rate");
	watcher->setting.patience = (uint32_t)settings_number(session->settings, "patience") * 1000;
	watcher->setting.wait = &wait;
	return status;
}

/* ---- targets ---- */

static struct bytes keep(struct arena *arena, struct bytes text)
{
	return text.len > 0 ? arena_copy(arena, text) : BYTES_NONE;
}

static enum status take_container(void *context, const struct container_summary *summary)
{
	struct watcher *watcher = context;
	if (watcher->container_count == watcher->container_room) {
		size_t room = watcher->container_room > 0 ? 2 * watcher->container_room : 64;
		struct watched_container *more = realloc(watcher->containers, room * sizeof *more);
		if (more == NULL)
			return STATUS_NO_MEMORY;
		watcher->containers = more;
		watcher->container_room = room;
	}
	struct container container = summary->container;
	container.account = keep(&watcher->round, container.account);
	container.name = keep(&watcher->round, container.name);
	container.url = keep(&watcher->round, container.url);
	watcher->containers[watcher->container_count++] = (struct watched_container){container, summary->open_doors,
	                                                                             summary->last_write, summary->last_read};
	return STATUS_OK;
}

static const struct watched_container *find_container(const struct watcher *watcher, const struct container *container)
{
	for (size_t i = 0; i < watcher->container_count; i++) {
		const struct container *known = &watcher->containers[i].container;
		if (known->provider == container->provider && bytes_equal(known->account, container->account) &&
		    bytes_equal(known->name, container->name))
			return &watcher->containers[i];
	}
	return NULL;
}

static enum status list_containers(struct watcher *watcher, struct target_list *ret_list, struct failure *reterr)
{
	const char **written = arena_allocate(&watcher->round, (watcher->container_count + 1) * sizeof *written);
	size_t count = 0;
	if (written == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "watch", "memory is used up");
	for (size_t i = 0; i < watcher->container_count; i++) {
		struct buffer text = buffer_with_ceiling(1 << 16);
		if (watcher->containers[i].container.provider == PROVIDER_FOLDER)
			continue;
		target_append_container(&watcher->containers[i].container, &text);
		written[count] = arena_copy_string(&watcher->round, buffer_bytes(&text));
		buffer_free(&text);
		if (written[count++] == NULL)
			return fail(reterr, STATUS_NO_MEMORY, "watch", "memory is used up");
	}
	*ret_list = (struct target_list){written, count};
	return STATUS_OK;
}

static enum status add_target(struct watcher *watcher, const char *written, struct scope *scope, struct failure *reterr)
{
	struct watch_target *target = &watcher->targets[watcher->count];
	enum status status = target_parse(bytes_of_string(written), &watcher->round, &target->target, reterr);
	if (status == STATUS_OK && target->target.container.provider == PROVIDER_FOLDER)
		return fail(reterr, STATUS_USAGE, written, "a local folder has no strangers, and cannot be watched");
	if (status == STATUS_OK)
		status = scope_add_target(scope, &target->target, reterr);
	if (status != STATUS_OK)
		return status;
	const struct watched_container *known = find_container(watcher, &target->target.container);
	target->written = written;
	target->is_reached = false;
	target->known_doors = known != NULL ? known->open_doors : 0;
	watcher->rows[watcher->count++] = (struct watched_row){
		.target = target,
		.last_write = known != NULL ? known->last_write : CLOCK_UNKNOWN,
		.last_read = known != NULL ? known->last_read : CLOCK_UNKNOWN,
	};
	return STATUS_OK;
}

/* As probe: one of a provider that cannot be asked yet is passed over, if it is not the only one. */
static enum status add_targets(struct watcher *watcher, const struct target_list *list, struct failure *reterr)
{
	struct scope scope = scope_new(&watcher->round);
	const char *file = settings_text(watcher->session->settings, "scope");
	enum status status = file != NULL ? scope_read(&scope, watcher->setting.scope_yaml, file, reterr) : STATUS_OK;
	watcher->targets = arena_allocate(&watcher->round, (list->count + 1) * sizeof *watcher->targets);
	watcher->rows = arena_allocate(&watcher->round, (list->count + 1) * sizeof *watcher->rows);
	if (status == STATUS_OK && (watcher->targets == NULL || watcher->rows == NULL))
		status = fail(reterr, STATUS_NO_MEMORY, "watch", "memory is used up");
	for (size_t i = 0; status == STATUS_OK && i < list->count; i++) {
		struct failure failure = {.why = ""};
		status = add_target(watcher, list->written[i], &scope, &failure);
		if (status == STATUS_UNSUPPORTED && list->count > 1) {
			if (watcher->is_first)
				session_warn(watcher->session, failure.where, "%s; it is passed over", failure.why);
			watcher->passed_over++;
			status = STATUS_OK;
		} else if (status != STATUS_OK && reterr != NULL) {
			*reterr = failure;
		}
	}
	if (status == STATUS_OK && watcher->count == 0)
		return fail(reterr, STATUS_ABSENT, "watch", "the incident has no container that can be watched; name targets");
	return status;
}

static enum status gather(struct watcher *watcher, const struct target_list *named, struct failure *reterr)
{
	struct target_list list = *named;
	arena_reset(&watcher->round);
	watcher->container_count = watcher->count = watcher->done = watcher->passed_over = watcher->open = watcher->unjudged = 0;
	enum status status = incident_containers(watcher->session->incident, take_container, watcher, reterr);
	if (status == STATUS_OK && named->count == 0)
		status = list_containers(watcher, &list, reterr);
	return status == STATUS_OK ? add_targets(watcher, &list, reterr) : status;
}

/* ---- a round ---- */

static enum status put_on_record(struct session *session, const struct watch_change *change, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 20);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	watched_write(change, &json);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, "watch changed", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status show_change(struct session *session, const struct watch_change *change, struct failure *reterr)
{
	if (change->event == WATCH_NONE)
		return STATUS_OK;
	bool is_open = change->event == WATCH_OPENED || change->event == WATCH_NARROWED;
	const struct cell cells[] = {
		cell_string(change->target),
		cell_toned(cell_string(watch_event_name(change->event)), is_open ? TONE_BAD : TONE_PLAIN),
		cell_string(change->from),
		cell_string(change->to),
		cell_time(change->at),
		change->names.is_compared ? cell_unsigned(change->names.fresh) : CELL_EMPTY,
		change->names.is_compared ? cell_unsigned(change->names.gone) : CELL_EMPTY,
	};
	watched_write(change, output_begin_item(session->output));
	enum status status = output_end_item(session->output, cells);
	output_flush(session->output);
	return status == STATUS_OK ? put_on_record(session, change, reterr) : status;
}

static void note_result(struct watcher *watcher, struct watched_row *row, const struct watch_result *result)
{
	row->kind = result->verdict.kind;
	row->is_open = result->is_open;
	row->is_judged = result->is_judged;
	row->is_walled = result->is_walled;
	row->state = result->state;
	row->observed_at = result->verdict.observed_at;
	row->names = result->names;
	if (result->names.last_write > row->last_write)
		row->last_write = result->names.last_write;
	row->advice = result->verdict.advice.len > 0 ? arena_copy_string(&watcher->round, result->verdict.advice) : NULL;
}

static enum status look_at(struct watcher *watcher, size_t index, struct arena *arena, struct failure *reterr)
{
	struct watch_result result;
	arena_reset(arena);
	watcher->targets[index].held = (uint32_t)(clock_monotonic() - watcher->answered_at);
	enum status status = watch_look(&watcher->setting, &watcher->targets[index], arena, &result, reterr);
	if (status != STATUS_OK)
		return status;
	if (result.verdict.kind != VERDICT_UNREACHABLE && result.verdict.kind != VERDICT_THROTTLED)
		watcher->answered_at = clock_monotonic();
	note_result(watcher, &watcher->rows[index], &result);
	session_detail(watcher->session, "%s: %s", watcher->targets[index].written, verdict_name(result.verdict.kind));
	status = show_change(watcher->session, &result.change, reterr);
	if (status == STATUS_OK)
		status = show_change(watcher->session, &result.contents, reterr);
	bool has_changed = result.change.event != WATCH_NONE || result.contents.event != WATCH_NONE;
	return status == STATUS_OK && has_changed ? watch_tell(watcher->setting.watching, &watcher->ways, reterr) : status;
}

/* A sweep may hold the incident: then the looks wait, and nothing is lost. */
static enum status settle(struct watcher *watcher, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	enum status status = watching_settle(watcher->setting.watching, watcher->setting.incident_name, &failure);
	if (status == STATUS_BUSY)
		session_detail(watcher->session, "%s: %s; what was seen is put into the exposures later", failure.where,
		               failure.why);
	else if (status != STATUS_OK && reterr != NULL)
		*reterr = failure;
	return status == STATUS_BUSY ? STATUS_OK : status;
}

static bool is_reached(const struct watcher *watcher, struct bytes account)
{
	for (size_t i = 0; i < watcher->done; i++)
		if (watcher->rows[i].is_judged && bytes_equal(watcher->targets[i].target.container.account, account))
			return true;
	return false;
}

/* Those that a firewall seems to refuse are looked at once more where a neighbour of theirs has answered. */
static enum status look_at_all(struct watcher *watcher, struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(64 << 20);
	enum status status = STATUS_OK;
	watcher->answered_at = clock_monotonic();
	for (size_t i = 0; status == STATUS_OK && i < watcher->count && !interrupt_is_asked(); i++) {
		status = look_at(watcher, i, &arena, reterr);
		watcher->done += status == STATUS_OK;
	}
	for (size_t i = 0; status == STATUS_OK && i < watcher->done && !interrupt_is_asked(); i++) {
		watcher->targets[i].is_reached = watcher->rows[i].is_walled &&
		                                 is_reached(watcher, watcher->targets[i].target.container.account);
		if (watcher->targets[i].is_reached)
			status = look_at(watcher, i, &arena, reterr);
	}
	for (size_t i = 0; i < watcher->done; i++) {
		watcher->open += watcher->rows[i].is_open;
		watcher->unjudged += !watcher->rows[i].is_judged;
	}
	arena_free(&arena);
	return status;
}

static enum status look_around(struct watcher *watcher, const struct target_list *named, struct failure *reterr)
{
	enum status status = gather(watcher, named, reterr);
	if (status == STATUS_OK)
		status = look_at_all(watcher, reterr);
	enum status settled = status == STATUS_OK || status == STATUS_INTERRUPTED ? settle(watcher, reterr) : STATUS_OK;
	if (status == STATUS_OK)
		status = settled;
	if (status == STATUS_OK)
		status = watch_tell(watcher->setting.watching, &watcher->ways, reterr);
	watcher->is_first = false;
	return status == STATUS_INTERRUPTED ? STATUS_OK : status;
}

/* ---- what is said of it ---- */

static void put_answer(struct json_writer *json, const char *key, enum answer answer)
{
	json_key(json, key);
	if (answer == ANSWER_NOT_ESTABLISHED)
		json_null(json);
	else
		json_boolean(json, answer == ANSWER_YES);
}

static void put_row(struct json_writer *json, const struct watched_row *row)
{
	json_begin_object(json);
	json_member_string(json, "target", row->target->written);
	json_member_string(json, "verdict", verdict_name(row->kind));
	put_answer(json, "open", row->is_open ? ANSWER_YES : row->is_judged ? ANSWER_NO : ANSWER_NOT_ESTABLISHED);
	json_member_string(json, "known", watch_state_name(&row->state));
	json_member_time(json, "observed_at", row->observed_at);
	json_key(json, "names");
	row->names.is_listed ? json_unsigned(json, row->names.count) : json_null(json);
	json_member_time(json, "last_write", row->last_write);
	json_member_time(json, "last_read", row->last_read);
	put_answer(json, "dormant", containers_are_dormant(row->last_write, row->last_read, clock_now()));
	json_member_string(json, "advice", row->advice);
	json_end_object(json);
}

static bool is_stale(const struct watched_row *row)
{
	return row->last_write != CLOCK_UNKNOWN &&
	       containers_are_dormant(row->last_write, row->last_read, clock_now()) != ANSWER_NO;
}

/* What nobody uses and everybody can get at comes first. */
static void note_open(struct watcher *watcher)
{
	size_t shown = 0;
	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < watcher->done; i++) {
			const struct watched_row *row = &watcher->rows[i];
			char at[CLOCK_TEXT_SIZE];
			if (!row->is_open || is_stale(row) != (pass == 0) || shown++ >= NOTES_SHOWN)
				continue;
			if (pass == 0)
				output_note(watcher->session->output,
				            "%s stands open, and nothing was written there since %.10s%s", row->target->written,
				            clock_format(row->last_write, at),
				            row->last_read == CLOCK_UNKNOWN ? "; who reads it is not known" : "");
			else
				output_note(watcher->session->output, "%s stands open: %s", row->target->written,
				            watch_state_name(&row->state));
		}
	}
	if (shown > NOTES_SHOWN)
		output_note(watcher->session->output, "and %zu more stand open; --format json names them", shown - NOTES_SHOWN);
}

static void note_unjudged(struct watcher *watcher)
{
	size_t shown = 0;
	for (size_t i = 0; i < watcher->done; i++) {
		const struct watched_row *row = &watcher->rows[i];
		if (!row->is_judged && shown++ < NOTES_SHOWN)
			output_note(watcher->session->output, "%s could not be judged (%s): as far as known it is %s",
			            row->target->written,
			            row->is_walled ? "a firewall refuses strangers here" : verdict_name(row->kind),
			            row->state.is_known ? watch_state_name(&row->state) : "unknown");
	}
}

static enum status show_state(struct watcher *watcher, uint64_t *ret_waiting, struct failure *reterr)
{
	struct json_writer *json = output_members(watcher->session->output);
	uint64_t waiting[WATCH_CHANNEL_COUNT], all = 0;
	enum status status = watching_count(watcher->setting.watching, waiting, reterr);
	if (status != STATUS_OK)
		return status;
	json_member_unsigned(json, "open", watcher->open);
	json_member_unsigned(json, "unjudged", watcher->unjudged + watcher->passed_over);
	json_key(json, "targets");
	json_begin_array(json);
	for (size_t i = 0; i < watcher->done; i++)
		put_row(json, &watcher->rows[i]);
	json_end_array(json);
	json_key(json, "alerts");
	json_begin_object(json);
	json_member_unsigned(json, "sent", watcher->ways.sent);
	json_key(json, "waiting");
	json_begin_object(json);
	for (unsigned channel = 1; channel < WATCH_CHANNEL_COUNT; channel++) {
		json_member_unsigned(json, watch_channel_name((enum watch_channel)channel), waiting[channel]);
		all += waiting[channel];
	}
	json_end_object(json);
	json_end_object(json);
	note_open(watcher);
	note_unjudged(watcher);
	if (all > 0)
		output_note(watcher->session->output, "%llu alerts wait to be told; the next run with the same ways tells them",
		            (unsigned long long)all);
	*ret_waiting = all;
	return STATUS_OK;
}

static enum exit_code exit_code_of(const struct watcher *watcher, uint64_t waiting)
{
	size_t unjudged = watcher->unjudged + watcher->passed_over;
	if (interrupt_is_asked())
		return EXIT_INTERRUPTED;
	if (watcher->open > 0)
		return EXIT_OPEN;
	if (unjudged > 0 && unjudged == watcher->done + watcher->passed_over)
		return EXIT_FAILED;
	return unjudged > 0 || waiting > 0 ? EXIT_IN_PART : EXIT_DONE;
}

/* ---- once, and again and again ---- */

static enum status find_named(struct session *session, struct target_list *ret_named, struct failure *reterr)
{
	*ret_named = (struct target_list){NULL, 0};
	return settings_operand_count(session->settings) > 0
	               ? targets_expand(session->settings, session->arena, ret_named, reterr)
	               : STATUS_OK;
}

static uint64_t draw(void)
{
	uint64_t random = 0;
	return getrandom(&random, sizeof random, 0) == sizeof random ? random : 0;
}

static enum status read_every(const struct watcher *watcher, int64_t *ret_every, struct failure *reterr)
{
	const char *text = settings_text(watcher->session->settings, "every");
	bool is_ours = true;
	if (!watch_every_parse(bytes_of_string(text), ret_every))
		return fail(reterr, STATUS_USAGE, "--every",
		            "a number and its unit, as 90s, 15m, 2h or 1d, at most 31d, not '%s'", text);
	for (size_t i = 0; i < watcher->count; i++)
		is_ours = is_ours && watcher->targets[i].target.is_loopback;
	if (!is_ours && *ret_every < WATCH_EVERY_LEAST)
		return fail(reterr, STATUS_USAGE, "--every", "servers of others are asked every 10s at most");
	return STATUS_OK;
}

static enum status rest(struct watcher *watcher, int64_t due, struct failure *reterr)
{
	uint64_t waiting[WATCH_CHANNEL_COUNT];
	enum status status = STATUS_OK;
	while (status == STATUS_OK && !interrupt_is_asked() && clock_monotonic() < due) {
		status = watching_count(watcher->setting.watching, waiting, reterr);
		int64_t until = status == STATUS_OK ? watch_tell_due(&watcher->ways, waiting) : due;
		until = until < due ? until : due;
		for (int64_t left; (left = until - clock_monotonic()) > 0 && !interrupt_is_asked();)
			nanosleep(&(struct timespec){.tv_nsec = (long)(left < SLICE_MS ? left : SLICE_MS) * 1000000}, NULL);
		if (status == STATUS_OK && !interrupt_is_asked() && until < due)
			status = watch_tell(watcher->setting.watching, &watcher->ways, reterr);
	}
	return status;
}

static enum status go_round(struct watcher *watcher, const struct target_list *named, struct failure *reterr)
{
	struct watch_schedule schedule = {.beat = clock_monotonic()};
	enum status status = gather(watcher, named, reterr);
	if (status == STATUS_OK)
		status = read_every(watcher, &schedule.every, reterr);
	while (status == STATUS_OK && !interrupt_is_asked()) {
		status = look_around(watcher, named, reterr);
		if (status == STATUS_OK)
			status = rest(watcher, watch_schedule_next(&schedule, clock_monotonic(), draw()), reterr);
	}
	return status;
}

static enum status watch(struct session *session, bool is_once, struct failure *reterr)
{
	struct watcher watcher = {
		.session = session,
		.scope_yaml = buffer_with_ceiling(SCOPE_BYTES),
		.secret = buffer_with_ceiling(SECRET_BYTES),
		.authorities = buffer_with_ceiling(SEND_AUTHORITY_MAX),
		.round = arena_with_ceiling(ARENA_BYTES),
		.is_first = true,
	};
	struct target_list named;
	uint64_t waiting = 0;
	enum status status = find_named(session, &named, reterr);
	if (status == STATUS_OK)
		status = read_setting(&watcher, reterr);
	if (status == STATUS_OK)
		status = watching_begin(session->incident, &watcher.setting.watching, reterr);
	if (status == STATUS_OK) {
		output_begin_list(session->output, &change_list);
		status = is_once ? look_around(&watcher, &named, reterr) : go_round(&watcher, &named, reterr);
		output_end_list(session->output);
	}
	if (status == STATUS_OK)
		status = show_state(&watcher, &waiting, reterr);
	session->exit_code = exit_code_of(&watcher, waiting);
	watching_end(watcher.setting.watching);
	if (watcher.secret.at != NULL)
		explicit_bzero(watcher.secret.at, watcher.secret.len);
	buffer_free(&watcher.secret);
	buffer_free(&watcher.scope_yaml);
	buffer_free(&watcher.authorities);
	arena_free(&watcher.round);
	free(watcher.containers);
	return status;
}

static enum status watch_once(struct session *session, struct failure *reterr)
{
	return watch(session, true, reterr);
}

static enum status watch_run(struct session *session, struct failure *reterr)
{
	return watch(session, false, reterr);
}

/* ---- observations ---- */

static void put_hex(struct json_writer *json, const char *key, struct bytes bytes)
{
	struct buffer hex = buffer_with_ceiling(256);
	digest_append_hex(&hex, bytes);
	json_member_text(json, key, buffer_bytes(&hex));
	buffer_free(&hex);
}

static enum status show_observation(void *context, const struct watch_observation *observation)
{
	struct session *session = context;
	struct arena arena = arena_with_ceiling(STATEMENT_ARENA);
	const struct json_value *statement = NULL;
	enum status status = json_parse(observation->statement, &arena, &statement);
	if (status == STATUS_OK) {
		struct json_writer *json = output_begin_item(session->output);
		json_member_text(json, "target", json_text_of(statement, "target"));
		json_member_text(json, "verdict", json_text_of(statement, "verdict"));
		json_member_text(json, "observed_at", json_text_of(statement, "observed_at"));
		json_key(json, "in_exposures");
		json_boolean(json, observation->is_settled);
		json_member_text(json, "statement", observation->statement);
		put_hex(json, "signature", bytes_of(observation->signature, VAULT_SIGNATURE_SIZE));
		put_hex(json, "public_key", bytes_of(observation->public_key, VAULT_PUBLIC_KEY_SIZE));
		const struct cell cells[] = {
			cell_text(json_text_of(statement, "target")),
			cell_text(json_text_of(statement, "verdict")),
			cell_text(json_text_of(statement, "observed_at")),
			cell_boolean(observation->is_settled),
			cell_text(observation->statement),
		};
		status = output_end_item(session->output, cells);
	}
	arena_free(&arena);
	return status;
}

static enum status observations(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "target", .may_shrink = true},
		{.name = "verdict"},
		{.name = "observed_at"},
		{.name = "in_exposures"},
		{.name = "statement", .rank = COLUMN_CSV_ONLY},
	};
	static const struct output_list list = {
		.member = "observations",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nothing was watched yet.",
	};
	output_begin_list(session->output, &list);
	enum status status = incident_observations(session->incident, show_observation, session, reterr);
	output_end_list(session->output);
	return status;
}
