/* SPDX-License-Identifier: Apache-2.0 */
/* From words to an intent: settings, credentials, targets, authority, depth; and showing it. */
#define _GNU_SOURCE
#include "cli/sweep-plan.h"

#include "cli/input-file.h"
#include "cli/targets.h"
#include "provider/credential.h"
#include "scope/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCOPE_FILE_MAX = 16 << 20, JOBS_MAX = 64 };

/* Twice the processors: while one object is fetched or stored, another is read. */
static unsigned default_jobs(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	return processors < 1 ? 2 : processors > 8 ? 16 : 2 * (unsigned)processors;
}

static enum status read_globs(struct session *session, const char *name, const char *const **ret_globs)
{
	size_t count = settings_list_count(session->settings, name);
	const char **globs = arena_allocate(session->arena, (count + 1) * sizeof *globs);
	if (globs == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		globs[i] = settings_list_at(session->settings, name, i);
	*ret_globs = globs;
	return STATUS_OK;
}

/* --redo outcome:X | class:X | all */
static enum status read_redo(const char *redo, struct sweep_settings *settings, struct failure *reterr)
{
	settings->redo_outcome = OUTCOME_COUNT;
	if (redo == NULL)
		return STATUS_OK;
	if (strcmp(redo, "all") == 0) {
		settings->redo_all = true;
		return STATUS_OK;
	}
	if (strncmp(redo, "class:", 6) == 0) {
		settings->redo_class = document_class_from_name(bytes_of_string(redo + 6));
		return settings->redo_class != CLASS_COUNT
		               ? STATUS_OK
		               : fail(reterr, STATUS_USAGE, redo, "is no class of documents; tidemark help search names them");
	}
	if (strncmp(redo, "outcome:", 8) == 0)
		settings->redo_outcome = outcome_from_name(bytes_of_string(redo + 8));
	if (settings->redo_outcome == OUTCOME_COUNT)
		return fail(reterr, STATUS_USAGE, redo, "--redo takes all, or outcome: and the name of an outcome");
	return STATUS_OK;
}

static enum status read_settings(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	const struct settings *given = session->settings;
	struct sweep_settings *settings = &intent->settings;
	struct share sample;
	settings->versions = settings_flag(given, "versions");
	settings->max_object = settings_number(given, "max-object");
	settings->object_seconds = settings_number(given, "object-time");
	settings->bytes_budget = settings_number(given, "bytes-budget");
	settings->jobs = settings_has(given, "jobs") ? (unsigned)settings_number(given, "jobs") : default_jobs();
	settings->keep = settings_is(given, "keep", "findings") ? SWEEP_KEEP_FINDINGS : SWEEP_KEEP_TEXT;
	settings->sample_share = 1.0;
	if (settings_share(given, "sample", &sample)) {
		settings->sample_share = sample.is_percent ? sample.percent / 100.0 : 1.0;
		settings->sample_count = sample.is_percent ? 0 : sample.count;
	}
	intent->keep_days = settings_number(given, "keep-for");
	intent->setup.operator_name = bytes_of_string(settings_text(given, "operator"));
	intent->setup.rate = settings_rate(given, "rate");
	intent->setup.patience = (uint32_t)settings_number(given, "patience") * 1000;
	enum status status = read_globs(session, "include", &settings->include);
	if (status == STATUS_OK)
		status = read_globs(session, "exclude", &settings->exclude);
	return status == STATUS_OK ? read_redo(settings_text(given, "redo"), settings, reterr) : status;
}

static bool are_set(const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *value = getenv(*names);
		if (value == NULL || value[0] == '\0')
			return false;
	}
	return true;
}

/* What is wrong with them is told when a target could need them. */
static void read_credential(struct session *session, const struct credentials *credentials, struct sweep_credential *ret_held)
{
	struct secrets *secrets = &ret_held->secrets;
	for (const char *const *name = credentials->names; *name != NULL && secrets->count < SECRETS_MAX; name++) {
		struct bytes value = bytes_of_string(getenv(*name));
		if (value.len > 0)
			secrets->at[secrets->count++] = (struct named_secret){bytes_of_string(*name), value};
	}
	ret_held->status = credentials->read(secrets, session->arena, &ret_held->credential, &ret_held->failure);
	if (ret_held->status == STATUS_OK && ret_held->credential.kind == CREDENTIAL_NONE && are_set(credentials->later_names))
		session_note(session, "%s is set, but this version does not use it: requests are a stranger's",
		             credentials->later_names[0]);
}

static void read_credentials(struct session *session, struct sweep_intent *intent)
{
	if (settings_flag(session->settings, "anonymous"))
		return;
	for (const struct credentials *const *credentials = credentials_registry; *credentials != NULL; credentials++)
		read_credential(session, *credentials, &intent->credentials[(*credentials)->provider]);
}

static enum status read_scope(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	const char *path = settings_text(session->settings, "scope");
	intent->scope = scope_new(session->arena);
	intent->scope_yaml = buffer_with_ceiling(SCOPE_FILE_MAX);
	if (path == NULL)
		return STATUS_OK;
	enum status status = input_file_read(path, SCOPE_FILE_MAX, &intent->scope_yaml, reterr);
	return status == STATUS_OK ? scope_read(&intent->scope, buffer_bytes(&intent->scope_yaml), path, reterr) : status;
}

static enum status read_rules(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	const char *path = settings_text(session->settings, "rules");
	struct buffer yaml = buffer_with_ceiling(RULES_FILE_MAX);
	if (path == NULL)
		return STATUS_OK;
	enum status status = input_file_read(path, RULES_FILE_MAX, &yaml, reterr);
	if (status == STATUS_OK)
		status = rules_file_read(buffer_bytes(&yaml), path, session->arena, &intent->rules, reterr);
	buffer_free(&yaml);
	return status;
}

/* ---- how deep, and on whose authority ---- */

/* What may be done with contents of this target, and why. */
static bool has_right(const struct sweep_run_target *target, struct bytes authority)
{
	return target->secrets != NULL || authority.len > 0 || !target_needs_authority(&target->target);
}

static enum status choose_depth(struct session *session, struct sweep_run_target *target, struct bytes *authority,
                                const struct scope *scope, struct failure *reterr)
{
	struct bytes found = BYTES_NONE;
	enum depth granted = DEPTH_UNSET;
	const char *asked = settings_text(session->settings, "depth");
	enum depth wanted = asked != NULL ? depth_from_name(bytes_of_string(asked)) : DEPTH_UNSET;
	*authority = bytes_trim(bytes_of_string(settings_text(session->settings, "authority")));
	if (scope_find_authority(scope, &target->target, &found, &granted) && authority->len == 0)
		*authority = found;
	bool may_read = has_right(target, *authority);
	if (wanted == DEPTH_UNSET)
		wanted = !may_read ? DEPTH_NAMES : granted != DEPTH_UNSET ? granted : DEPTH_FULL;
	if (wanted != DEPTH_NAMES && !may_read)
		return fail(
			reterr, STATUS_USAGE, target->target.written.len ? (const char *)target->target.written.at : "target",
			"a stranger's contents are read only on somebody's authority; give --authority TEXT or an allow entry "
			"with one in --scope, or ask for --depth names");
	if (asked == NULL && !may_read)
		session_note(session, "%.*s: names only, for want of authority; --authority TEXT or a scope file allows more",
		             (int)target->target.written.len, (const char *)target->target.written.at);
	target->depth = wanted;
	return STATUS_OK;
}

/* ---- targets ---- */

static enum status open_folder(struct sweep_run_target *target, struct arena *arena, struct failure *reterr)
{
	char *path = arena_copy_string(arena, target->target.container.name);
	if (path == NULL)
		return STATUS_NO_MEMORY;
	target->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (target->directory < 0)
		return fail(reterr, errno == EACCES ? STATUS_DENIED : STATUS_ABSENT, path, "the folder could not be opened: %s",
		            strerror(errno));
	return STATUS_OK;
}

static bool is_known(const struct sweep_intent *intent, const struct target *target)
{
	for (size_t i = 0; i < intent->target_count; i++) {
		const struct target *known = &intent->targets[i].target;
		if (known->container.provider == target->container.provider && bytes_equal(known->prefix, target->prefix) &&
		    bytes_equal(known->container.account, target->container.account) &&
		    bytes_equal(known->container.name, target->container.name))
			return true;
	}
	return false;
}

static enum status prepare_target(struct session *session, struct sweep_intent *intent, struct sweep_run_target *target,
                                  struct failure *reterr)
{
	const struct sweep_credential *held = &intent->credentials[target->target.container.provider];
	bool is_folder = target->target.container.provider == PROVIDER_FOLDER;
	enum status status = scope_add_target(&intent->scope, &target->target, reterr);
	if (status == STATUS_OK && held->status != STATUS_OK) {
		*reterr = held->failure;
		status = held->status;
	}
	if (status != STATUS_OK)
		return status;
	target->secrets = credential_fits(&held->credential, &target->target) ? &held->secrets : NULL;
	status = choose_depth(session, target, &intent->authorities[intent->target_count], &intent->scope, reterr);
	return status == STATUS_OK && is_folder ? open_folder(target, session->arena, reterr) : status;
}

bool sweep_intent_renews(const struct sweep_intent *intent)
{
	const struct sweep_settings *settings = &intent->settings;
	return settings->redo_all || settings->redo_class != CLASS_NONE || settings->redo_outcome == OUTCOME_READ;
}

/* Nothing can be listed, but what was kept of it can be looked through. */
static enum status add_gone(struct session *session, struct sweep_intent *intent, const char *written, struct failure *reterr)
{
	struct target target;
	enum status status = target_parse_gone(bytes_of_string(written), session->arena, &target, reterr);
	if (status != STATUS_OK)
		return status;
	intent->gone[intent->gone_count++] = target;
	return fail(reterr, STATUS_ABSENT, written, "is not there any more; only what was kept of it is looked through again");
}

static enum status add_target(struct session *session, struct sweep_intent *intent, const char *written, struct failure *reterr)
{
	struct sweep_run_target *target = &intent->targets[intent->target_count];
	*target = (struct sweep_run_target){.directory = -1};
	enum status status = target_parse(bytes_of_string(written), session->arena, &target->target, reterr);
	if (status == STATUS_ABSENT && sweep_intent_renews(intent))
		return add_gone(session, intent, written, reterr);
	if (status != STATUS_OK || is_known(intent, &target->target))
		return status;
	status = prepare_target(session, intent, target, reterr);
	if (status == STATUS_OK)
		intent->target_count++;
	return status;
}

/* Words that make no sense stop the sweep before it begins; a target that cannot be listed costs itself, if others can. */
static bool may_pass_over(enum status status)
{
	return status == STATUS_ABSENT || status == STATUS_DENIED || status == STATUS_UNSUPPORTED;
}

static enum status add_targets(struct session *session, struct sweep_intent *intent, const struct target_list *written,
                               struct failure *reterr)
{
	struct failure failures[2] = {{.why = ""}};
	enum status passed_over = STATUS_OK;
	for (size_t i = 0; i < written->count; i++) {
		struct failure *failure = &failures[intent->passed_over > 0];
		size_t gone = intent->gone_count;
		enum status status = add_target(session, intent, written->written[i], failure);
		if (!may_pass_over(status) && status != STATUS_OK) {
			*reterr = *failure;
			return status;
		}
		if (status != STATUS_OK && intent->passed_over++ == 0)
			passed_over = status;
		if (status != STATUS_OK && intent->gone_count > gone)
			session_warn(session, failure->where, "%s", failure->why);
		else if (status != STATUS_OK && written->count > 1)
			session_warn(session, failure->where, "%s; it is passed over", failure->why);
	}
	if (intent->target_count + intent->gone_count == 0)
		*reterr = failures[0];
	return intent->target_count + intent->gone_count > 0 ? STATUS_OK : passed_over;
}

/* Of several authorities each is told once. */
static enum status join_authorities(struct session *session, struct sweep_intent *intent)
{
	struct buffer joined = buffer_with_ceiling(1 << 20);
	for (size_t i = 0; i < intent->target_count; i++) {
		bool is_told = intent->authorities[i].len == 0;
		for (size_t j = 0; j < i; j++)
			is_told |= bytes_equal(intent->authorities[i], intent->authorities[j]);
		if (is_told)
			continue;
		buffer_append_string(&joined, joined.len > 0 ? "; " : "");
		buffer_append(&joined, intent->authorities[i]);
	}
	intent->authority = arena_copy(session->arena, buffer_bytes(&joined));
	enum status status = buffer_status(&joined);
	buffer_free(&joined);
	return status == STATUS_OK && intent->authority.at == NULL ? STATUS_NO_MEMORY : status;
}

static enum status read_targets(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	struct target_list written;
	enum status status = targets_expand(session->settings, session->arena, &written, reterr);
	if (status != STATUS_OK)
		return status;
	intent->targets = arena_allocate(session->arena, written.count * sizeof *intent->targets);
	intent->authorities = arena_allocate(session->arena, written.count * sizeof *intent->authorities);
	intent->gone = arena_allocate(session->arena, written.count * sizeof *intent->gone);
	if (intent->targets == NULL || intent->authorities == NULL || intent->gone == NULL)
		return STATUS_NO_MEMORY;
	status = add_targets(session, intent, &written, reterr);
	return status == STATUS_OK ? join_authorities(session, intent) : status;
}

enum status sweep_intent_read(struct session *session, struct sweep_intent *intent, struct failure *reterr)
{
	*intent = (struct sweep_intent){.target_count = 0};
	enum status status = read_settings(session, intent, reterr);
	if (status == STATUS_OK)
		status = read_rules(session, intent, reterr);
	if (status == STATUS_OK)
		status = read_scope(session, intent, reterr);
	if (status != STATUS_OK)
		return status;
	read_credentials(session, intent);
	return read_targets(session, intent, reterr);
}

void sweep_intent_free(struct sweep_intent *intent)
{
	for (size_t i = 0; i < intent->target_count; i++)
		if (intent->targets[i].directory >= 0)
			close(intent->targets[i].directory);
	buffer_free(&intent->scope_yaml);
	register_seeking_free(&intent->seeking);
}

/* ---- --dry-run ---- */

static void show_limits(struct session *session, const struct sweep_intent *intent)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, "limits");
	json_begin_object(json);
	json_key(json, "jobs");
	json_unsigned(json, intent->settings.jobs);
	json_key(json, "rate");
	intent->setup.rate > 0 ? json_real(json, intent->setup.rate) : json_null(json);
	json_key(json, "max_object");
	intent->settings.max_object ? json_unsigned(json, intent->settings.max_object) : json_null(json);
	json_key(json, "bytes_budget");
	intent->settings.bytes_budget ? json_unsigned(json, intent->settings.bytes_budget) : json_null(json);
	json_key(json, "patience_seconds");
	json_unsigned(json, intent->setup.patience / 1000);
	json_key(json, "keep_for_days");
	json_unsigned(json, intent->keep_days);
	json_end_object(json);
	json_key(json, "catalog");
	json_string(json, session->place.directory);
	json_key(json, "key_file");
	json_string(json, session->place.key_file);
	json_key(json, "incident");
	json_string(json, session->incident_name);
}

static void show_target(struct session *session, const struct sweep_intent *intent, size_t index)
{
	const struct sweep_run_target *target = &intent->targets[index];
	const struct sweep_credential *held = &intent->credentials[target->target.container.provider];
	const char *credential = target->secrets != NULL ? held->credential.source : NULL;
	struct bytes url = target->target.container.url;
	struct buffer shown = buffer_with_ceiling(1 << 20);
	target_append(&target->target, &shown);
	enum status status = target_url(&target->target, session->arena, &url);
	struct json_writer *json = output_begin_item(session->output);
	json_key(json, "target");
	json_bytes(json, target->target.written);
	json_key(json, "url");
	json_bytes(json, url);
	json_key(json, "depth");
	json_string(json, depth_name(target->depth));
	json_key(json, "authority");
	intent->authorities[index].len ? json_bytes(json, intent->authorities[index]) : json_null(json);
	json_key(json, "credentials");
	json_string(json, credential);
	const struct cell cells[] = {
		cell_text(buffer_bytes(&shown)),
		cell_string(depth_name(target->depth)),
		cell_text(intent->authorities[index]),
		cell_string(credential ? credential : "none: a stranger's requests"),
	};
	status = output_end_item(session->output, cells);
	buffer_free(&shown);
	(void)status; /* output_finish tells */
}

void sweep_intent_show(struct session *session, const struct sweep_intent *intent)
{
	static const struct column columns[] = {
		{.name = "target", .may_shrink = true, .keeps_end = true},
		{.name = "depth"},
		{.name = "authority"},
		{.name = "credentials"},
	};
	static const struct output_list list = {.member = "targets", .columns = columns, .column_count = 4};
	show_limits(session, intent);
	output_begin_list(session->output, &list);
	for (size_t i = 0; i < intent->target_count; i++)
		show_target(session, intent, i);
	output_end_list(session->output);
	output_note(session->output, "A dry run: no request was made. Catalog %s, key %s.", session->place.directory,
	            session->place.key_file);
}
