/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark sweep: list what a container exposes, read it, understand it, keep what answers. */
#include "cli/command.h"

#include "answer/sweep-summary.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/sweep-plan.h"
#include "cli/sweep-report.h"
#include "sweep/renew.h"
#include "understanding/attribute.h"

#include <stdio.h>

static enum status execute(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "depth", .kind = OPTION_CHOICE, .choices = "names|peek|full",
	 .help = "how deep to go: names only, types from the first KiB, or contents [default: full where there is a right to it]"},
	{.name = "authority", .kind = OPTION_TEXT, .value = "TEXT", .is_not_configured = true,
	 .help = "on whose authority a stranger's container is read; goes into the journal and every report"},
	{.name = "anonymous", .kind = OPTION_FLAG, .is_not_configured = true,
	 .help = "ask as a stranger, whatever credentials the environment holds"},
	{.name = "sample", .kind = OPTION_SHARE, .value = "N|P%", .is_not_configured = true,
	 .help = "read only so many objects of each target, or that share of them, drawn by their ids"},
	{.name = "include", .kind = OPTION_LIST, .value = "GLOB",
	 .help = "read only objects with such names; * stays within a part, ** does not"},
	{.name = "exclude", .kind = OPTION_LIST, .value = "GLOB", .help = "pass over objects with such names"},
	{.name = "versions", .kind = OPTION_FLAG, .help = "also earlier versions and snapshots"},
	{.name = "max-object", .kind = OPTION_SIZE, .value = "SIZE", .low = 1,
	 .help = "leave larger objects unread"},
	{.name = "object-time", .kind = OPTION_UNSIGNED, .value = "SECONDS", .low = 1, .high = 86400, .standard = "40",
	 .help = "processor time that reading one object may take, of up to 1 MiB; each MiB more adds a quarter"},
	{.name = "bytes-budget", .kind = OPTION_SIZE, .value = "SIZE", .low = 1,
	 .help = "read at most so much in all"},
	{.name = "jobs", .letter = 'j', .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 64,
	 .help = "objects under way at once [default: two per processor, at most 16]"},
	{.name = "rate", .kind = OPTION_RATE, .value = "REQ/s", .high = 1000000,
	 .help = "requests a second and account, at most"},
	{.name = "rules", .kind = OPTION_PATH, .value = "FILE", .help = "rules of your own and what is allowed, YAML; see help rules"},
	{.name = "passwords", .kind = OPTION_PATH, .value = "FILE", .is_planned = true,
	 .help = "passwords to try on what is encrypted, one a line"},
	{.name = "part", .kind = OPTION_TEXT, .value = "I/N", .is_not_configured = true, .is_planned = true,
	 .help = "take the I-th of N shares of the objects"},
	{.name = "ocr", .kind = OPTION_TEXT, .value = "LANGUAGES", .is_planned = true, .help = "read the text of pictures"},
	{.name = "keep", .kind = OPTION_CHOICE, .choices = "findings|text", .planned_choice = "copy", .standard = "text",
	 .help = "what to keep of contents"},
	{.name = "keep-for", .kind = OPTION_DAYS, .value = "DAYS", .low = 1, .high = 36500, .standard = "90",
	 .help = "erase texts and findings so many days after the last sweep that saw the object"},
	{.name = "redo", .kind = OPTION_TEXT, .value = "WHAT", .is_not_configured = true,
	 .help = "again: all, or outcome:NAME, or class:NAME; from kept text where that is all newer rules need, else read"},
	{.name = "dry-run", .letter = 'n', .kind = OPTION_FLAG, .is_not_configured = true,
	 .help = "say what would be done, with which credentials and limits; no request is made"},
	{.name = NULL},
};
/* clang-format on */

static const struct command_example examples[] = {
	{"sweep ./seized-disk", "read a folder"},
	{"sweep az://contoso/backup --authority 'order of 2022-08-01'", "read an open container on somebody's authority"},
	{"sweep @targets.txt --depth names", "only list many containers"},
	{.line = NULL},
};

const struct command command_sweep = {
	.name = "sweep",
	.group = COMMAND_FINDS,
	.summary = "list and read what a container or folder exposes",
	.description =
		"The same command again continues an interrupted sweep; after a finished one it reads only what changed.\n\n"
		"Every object ends in a named outcome, and those that were not read are counted with their bytes.",
	.operands = "TARGET...",
	.operands_min = 1,
	.operands_max = COMMAND_ANY_NUMBER,
	.operand_help = "az://ACCOUNT/CONTAINER[/PREFIX], https://ACCOUNT.blob.core.windows.net/CONTAINER, a folder, - or @FILE",
	.options = options,
	.examples = examples,
	.see_also = "probe, search, scope",
	.catches_interrupt = true,
	.execute = execute,
};

/* ---- while it runs ---- */

struct watching {
	struct session *session;
};

static void show_progress(void *context, const struct sweep_progress *progress)
{
	struct watching *watching = context;
	progress_show(watching->session->progress,
	              &(struct progress_figures){
			      .unit = "objects",
			      .done = progress->done,
			      .failed = progress->failed,
			      .total = progress->listed,
			      .is_total_final = !progress->is_listing,
			      .bytes = progress->bytes,
			      .bytes_total = progress->bytes_listed,
			      .current = progress->current,
		      },
	              clock_monotonic());
}

static void complain(void *context, const struct target *target, enum status status, const struct failure *failure)
{
	struct watching *watching = context;
	char written[160];
	snprintf(written, sizeof written, "%.*s", (int)target->written.len, (const char *)target->written.at);
	if (status == STATUS_OK)
		session_warn(watching->session, written, "versions and snapshots were refused; only current objects were listed");
	else if (status == STATUS_CRASHED)
		session_warn(watching->session, written, "was given up: %s; run the same command again", failure->why);
	else
		session_warn(watching->session, written,
		             "could not be listed to its end: %s; probe tells what a stranger may do there",
		             failure->why[0] ? failure->why : status_name(status));
}

static void tell_late(void *context, const struct target *target, uint64_t objects, const char *why)
{
	struct watching *watching = context;
	char written[160];
	snprintf(written, sizeof written, "%.*s", (int)target->written.len, (const char *)target->written.at);
	session_warn(watching->session, written, "%llu %s did not come in time: %s; the next sweep asks for %s again",
	             (unsigned long long)objects, objects == 1 ? "object" : "objects", why, objects == 1 ? "it" : "them");
}

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

/* ---- beginning and ending ---- */

static enum status begin(struct session *session, const struct sweep_intent *intent, struct sweep_state *state,
                         struct failure *reterr)
{
	struct buffer settings = buffer_with_ceiling(1 << 20);
	struct sweep_target *targets = arena_allocate(session->arena, (intent->target_count + 1) * sizeof *targets);
	bool is_anonymous = true;
	if (targets == NULL)
		return STATUS_NO_MEMORY;
	plan_describe(&intent->settings, &settings);
	for (size_t i = 0; i < intent->target_count; i++) {
		const struct sweep_run_target *target = &intent->targets[i];
		targets[i] = (struct sweep_target){
			target->target.container,
			target->target.prefix,
			target->target.written,
			target->secrets == NULL && target->target.container.provider != PROVIDER_FOLDER,
		};
		buffer_append_format(&settings, "depth=%s\n", depth_name(target->depth));
		is_anonymous &= targets[i].is_anonymous;
	}
	for (size_t i = 0; i < intent->gone_count; i++) {
		buffer_append_string(&settings, "gone=");
		buffer_append(&settings, intent->gone[i].container.url);
		buffer_append_byte(&settings, '\n');
	}
	struct buffer rules = buffer_with_ceiling(256);
	sweep_report_rules_version(&intent->rules, &rules);
	buffer_append(&rules, buffer_bytes(&intent->seeking.tag));
	const struct sweep_plan plan = {
		.targets = targets,
		.target_count = intent->target_count,
		.settings = buffer_bytes(&settings),
		.sample = plan_sample(&intent->settings),
		.rules_version = buffer_bytes(&rules),
		.formats = sweep_report_formats_version(),
		.kinds = finding_kinds_looked_for() | custom_kinds(&intent->rules),
		.authority = intent->authority,
		.is_anonymous = is_anonymous,
		.lists_versions = intent->settings.versions,
		.redo_class = intent->settings.redo_class,
		.renews = sweep_intent_renews(intent),
		.owners_of_place = attribute_place,
		.keep_until = clock_now() + (int64_t)intent->keep_days * 86400,
	};
	enum status status = sweep_begin(session->incident, &plan, state, reterr);
	buffer_free(&settings);
	buffer_free(&rules);
	return status;
}

static enum status run(struct session *session, struct sweep_intent *intent, bool *complete, size_t *listed_targets,
                       struct failure *reterr)
{
	struct watching watching = {session};
	const struct sweep_run sweep = {
		.incident = session->incident,
		.settings = &intent->settings,
		.scope = &intent->scope,
		.scope_yaml = buffer_bytes(&intent->scope_yaml),
		.setup = intent->setup,
		.rules = &intent->rules,
		.targets = intent->targets,
		.target_count = intent->target_count,
		.lexicon = buffer_bytes(&intent->seeking.lexicon),
		.progress = show_progress,
		.complain = complain,
		.tell_late = tell_late,
		.is_interrupted = is_interrupted,
		.context = &watching,
	};
	enum status status = sweep_run(&sweep, complete, listed_targets, reterr);
	progress_clear(session->progress);
	return status;
}

/* ---- what was kept ---- */

static void show_renewal(void *context, const struct renew_counts *counts, struct bytes path)
{
	struct watching *watching = context;
	progress_show(watching->session->progress,
	              &(struct progress_figures){
			      .unit = "documents",
			      .done = counts->documents + counts->left,
			      .failed = counts->left,
			      .total = counts->documents + counts->left,
			      .current = path,
		      },
	              clock_monotonic());
}

/* Of those that would be read: --include and its like are about these, too. */
static bool is_wanted(void *context, struct bytes object_name)
{
	return plan_wants_name(context, object_name);
}

static size_t list_renewed(const struct sweep_intent *intent, struct sweep_target *targets)
{
	size_t count = 0;
	for (size_t i = 0; i < intent->target_count; i++)
		if (intent->targets[i].depth == DEPTH_FULL)
			targets[count++] = (struct sweep_target){.container = intent->targets[i].target.container,
			                                         .prefix = intent->targets[i].target.prefix};
	for (size_t i = 0; i < intent->gone_count; i++)
		targets[count++] = (struct sweep_target){.container = intent->gone[i].container};
	return count;
}

/* Before anything is listed: what newer rules need no more than the text for is not read again. */
static enum status renew(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	struct watching watching = {session};
	struct renew_counts counts;
	struct buffer detection = buffer_with_ceiling(256);
	struct sweep_target *targets = arena_allocate(session->arena,
	                                              (intent->target_count + intent->gone_count + 1) * sizeof *targets);
	if (targets == NULL)
		return STATUS_NO_MEMORY;
	sweep_report_detection_version(&intent->rules, &detection);
	buffer_append(&detection, buffer_bytes(&intent->seeking.tag));
	const struct renewal_plan plan = {
		.detection = buffer_bytes(&detection),
		.kinds = finding_kinds_looked_for() | custom_kinds(&intent->rules),
		.formats = sweep_report_formats_version(),
		.targets = targets,
		.target_count = list_renewed(intent, targets),
		.class = intent->settings.redo_class,
		.wants = is_wanted,
		.context = &intent->settings,
		.owners_of_place = attribute_place,
	};
	enum status status = STATUS_OK;
	if (plan.target_count > 0)
		status = renew_texts(
			&(struct renew_run){
				.incident = session->incident,
				.plan = &plan,
				.lexicon = buffer_bytes(&intent->seeking.lexicon),
				.rules = &intent->rules,
				.jobs = intent->settings.jobs,
				.object_seconds = intent->settings.object_seconds,
				.progress = show_renewal,
				.is_interrupted = is_interrupted,
				.context = &watching,
			},
			&counts, reterr);
	progress_clear(session->progress);
	buffer_free(&detection);
	return status;
}

/* An interrupted sweep is left as it is: the same command goes on with it. */
static enum status finish(struct session *session, struct sweep_intent *intent, enum status ran, bool complete,
                          size_t listed_targets, struct failure *reterr)
{
	struct sweep_summary summary;
	enum status status = ran != STATUS_INTERRUPTED ? sweep_end(session->incident, complete, reterr)
	                                               : sweep_leave(session->incident, reterr);
	if (status == STATUS_OK)
		status = sweep_summarise(session->incident, &summary, reterr);
	if (status == STATUS_OK)
		status = sweep_report_journal(session, intent, &summary, reterr);
	if (status != STATUS_OK)
		return status;
	summary.is_complete &= complete;
	status = sweep_report_show(session, intent, &summary, ran == STATUS_INTERRUPTED);
	if (ran == STATUS_INTERRUPTED)
		session->exit_code = EXIT_INTERRUPTED;
	else if (listed_targets == 0)
		session->exit_code = summary.renewed.documents > 0 ? EXIT_IN_PART : EXIT_FAILED;
	else if (!complete || sweep_summary_is_partial(&summary))
		session->exit_code = EXIT_IN_PART;
	return status;
}

/* From here on the incident is as new as the journal again: that it once was not stays on record. */
static enum status note_older_copy(struct session *session, uint64_t sweep, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1024);
	struct json_writer json = json_writer_into(&detail);
	session_warn(
		session, session->incident_name,
		"is an older copy that was put back: what was swept since then is lost, and what is still there is swept anew");
	json_begin_object(&json);
	json_member_unsigned(&json, "sweep", sweep);
	json_end_object(&json);
	enum status status = session_journal(session, "older copy", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status sweep(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	struct sweep_state state;
	bool complete = false;
	size_t listed_targets = 0;
	enum status status = session_open_catalog(session, CATALOG_CREATE, reterr);
	if (status == STATUS_OK)
		status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	if (status == STATUS_OK)
		status = register_load(session->incident, &intent->seeking, reterr);
	if (status == STATUS_OK)
		status = begin(session, intent, &state, reterr);
	if (status != STATUS_OK)
		return status;
	if (state.is_continued)
		session_note(session, "goes on with the unfinished sweep %llu", (unsigned long long)state.sweep);
	if (state.is_older_copy)
		status = note_older_copy(session, state.sweep, reterr);
	if (status != STATUS_OK)
		return status;
	if (sweep_intent_renews(intent))
		status = renew(session, intent, reterr);
	if (status == STATUS_OK)
		status = run(session, intent, &complete, &listed_targets, reterr);
	complete &= intent->passed_over == 0;
	if (status != STATUS_OK && status != STATUS_INTERRUPTED)
		return status;
	return finish(session, intent, status, complete, listed_targets, reterr);
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct sweep_intent intent;
	enum status status = sweep_intent_read(session, &intent, reterr);
	if (status == STATUS_OK && settings_flag(session->settings, "dry-run"))
		sweep_intent_show(session, &intent);
	else if (status == STATUS_OK)
		status = sweep(session, &intent, reterr);
	sweep_intent_free(&intent);
	return status;
}
