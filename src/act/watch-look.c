/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One target: a probe; where a door that stood open is refused, more of them, until
 * they agree or one does not; the names, where they are listed; and all of it kept
 * in one transaction with the alerts that follow.
 */
#include "act/watch.h"

#include "act/carry.h"
#include "answer/watched.h"
#include "base/digest.h"
#include "base/patience.h"
#include "process/actor.h"
#include "process/prober.h"
#include "scope/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { AGREEING = 3, PAUSE_SHARE = 60, PAUSE_LEAST = 20, PAUSE_MOST = 5000, SLICE_MS = 50, STATEMENT_MAX = 1 << 20 };

struct watch_round {
	const struct watch_setting *setting;
	const struct watch_target *target;
	struct arena *arena;
	struct watch_result *result;
	struct watch_state before;
	struct watch_step step;
	struct buffer names; /* digests of what was listed, sorted */
	struct bytes key;    /* the target as it is kept */
	struct bytes container;
	bool is_asked, is_shut; /* its owner, and what he said */
	int64_t at;
};

static bool is_interrupted(const struct watch_setting *setting)
{
	return setting->wait != NULL && setting->wait->is_interrupted(setting->wait->context);
}

static struct fetch_setup setup_of(const struct watch_round *round)
{
	const struct watch_setting *setting = round->setting;
	return (struct fetch_setup){.rate = setting->rate,
	                            .operator_name = setting->operator_name,
	                            .patience = setting->patience,
	                            .held = round->target->held};
}

/* ---- the doors ---- */

/* What goes wrong with a target is a verdict of it; what goes wrong with us ends the run. */
static enum status probe(struct watch_round *round, struct verdict *verdict, struct failure *reterr)
{
	const struct watch_setting *setting = round->setting;
	struct failure failure = {.why = ""};
	if (patience_for_target(setting->patience, round->target->held) == 0) {
		*verdict = (struct verdict){
			.kind = VERDICT_UNREACHABLE,
			.observed_at = clock_now(),
			.advice = BYTES_LITERAL("Not asked: for too long no target had answered."),
		};
		return STATUS_OK;
	}
	enum status status = prober_probe(
		&(struct prober_plan){
			.written = round->target->written,
			.scope_yaml = setting->scope_yaml,
			.setup = setup_of(round),
			.wait = setting->wait,
		},
		round->arena, verdict, &failure);
	if (status == STATUS_OK)
		return status;
	if (status_is_ours(status) || status == STATUS_ABSENT) {
		if (reterr != NULL)
			*reterr = failure;
		return status;
	}
	*verdict = (struct verdict){
		.kind = status_is_passing(status) ? VERDICT_UNREACHABLE : VERDICT_UNKNOWN,
		.observed_at = clock_now(),
		.advice = arena_copy(round->arena, bytes_of_string(failure.why)),
	};
	return STATUS_OK;
}

static enum status pause_between(const struct watch_setting *setting, struct failure *reterr)
{
	int64_t milliseconds = setting->patience / PAUSE_SHARE;
	milliseconds = milliseconds < PAUSE_LEAST ? PAUSE_LEAST : milliseconds > PAUSE_MOST ? PAUSE_MOST : milliseconds;
	int64_t until = clock_monotonic() + milliseconds;
	for (int64_t left; (left = until - clock_monotonic()) > 0;) {
		left = left > SLICE_MS ? SLICE_MS : left;
		nanosleep(&(struct timespec){.tv_nsec = (long)left * 1000000}, NULL);
		if (is_interrupted(setting))
			return fail(reterr, STATUS_INTERRUPTED, "watch", "interrupted");
	}
	return STATUS_OK;
}

/* ---- who vouches ---- */

/* That strangers from anywhere are refused, its owner sees; ABSENT: nobody may ask as its owner. */
static enum status ask_owner(struct watch_round *round, bool *ret_is_shut, struct failure *reterr)
{
	const struct watch_setting *setting = round->setting;
	const struct act_step step = {.number = 1, .verb = ACT_LOOK_CONTAINER};
	struct act_answer answer;
	struct actor *actor;
	if (carry_check(&setting->secrets, &round->target->target, reterr) != STATUS_OK)
		return STATUS_ABSENT;
	enum status status = actor_start(
		&(struct actor_plan){
			.target = round->container,
			.secrets = setting->secrets,
			.operator_name = setting->operator_name,
			.rate = setting->rate,
			.patience = setting->patience,
		},
		&actor, reterr);
	if (status != STATUS_OK)
		return status;
	status = actor_do(actor, &step, 1, setting->wait, round->arena, &answer, reterr);
	actor_free(actor);
	if (status == STATUS_OK)
		*ret_is_shut = answer.result == ACT_DONE && answer.found.level.len == 0;
	return status;
}

/* Asked once a look, and only where a firewall seems to stand between. */
static enum status vouch(struct watch_round *round, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	struct verdict *verdict = &round->result->verdict;
	if (!watch_is_walled(verdict))
		return STATUS_OK;
	if (!round->is_asked && !round->target->is_reached) {
		enum status status = ask_owner(round, &round->is_shut, &failure);
		if (status == STATUS_INTERRUPTED || status == STATUS_NO_MEMORY) {
			if (reterr != NULL)
				*reterr = failure;
			return status;
		}
	}
	round->is_asked = true;
	round->result->is_walled = !round->is_shut && !round->target->is_reached;
	if (!round->result->is_walled)
		verdict->kind = VERDICT_PRIVATE_OR_ABSENT;
	if (round->target->is_reached && !round->is_shut)
		verdict->advice = BYTES_LITERAL(VERDICT_WALLED_ADVICE);
	return STATUS_OK;
}

/* Where one refusal would shut a door, all of the next must agree, else nothing is shut by this look. */
static enum status look_at_doors(struct watch_round *round, struct watch_view *ret_view, struct failure *reterr)
{
	struct verdict *verdict = &round->result->verdict;
	enum status status = probe(round, verdict, reterr);
	if (status == STATUS_OK)
		status = vouch(round, reterr);
	if (status != STATUS_OK)
		return status;
	struct watch_view view = watch_view_of(verdict);
	bool is_judged = verdict_is_judged(verdict);
	for (unsigned looks = 1; looks < AGREEING && (view.shut & round->before.doors) != 0; looks++) {
		status = pause_between(round->setting, reterr);
		if (status == STATUS_OK)
			status = probe(round, verdict, reterr);
		if (status == STATUS_OK)
			status = vouch(round, reterr);
		if (status != STATUS_OK)
			return status;
		struct watch_view again = watch_view_of(verdict);
		unsigned wanted = view.shut & round->before.doors;
		view = watch_agree(&view, &again);
		is_judged = is_judged && verdict_is_judged(verdict) && ((view.shut | view.open) & wanted) == wanted;
	}
	round->result->is_open = view.open != 0;
	round->result->is_judged = is_judged || round->result->is_open;
	*ret_view = view;
	return STATUS_OK;
}

/* ---- the names ---- */

struct name_taking {
	struct watch_round *round;
	bool is_too_many;
};

static enum status take_name(void *context, const struct object *object)
{
	struct name_taking *taking = context;
	struct watch_round *round = taking->round;
	struct watch_names *names = &round->result->names;
	unsigned char digest[DIGEST_SHA256_SIZE];
	if (names->count == WATCH_NAMES_MAX) {
		taking->is_too_many = true;
		return STATUS_TOO_LARGE;
	}
	names->count++;
	if (object->modified > names->last_write)
		names->last_write = object->modified;
	digest_sha256(object->name, digest);
	buffer_append(&round->names, bytes_of(digest, 8));
	return buffer_status(&round->names);
}

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, 8);
}

static enum status list_pages(struct watch_round *round, struct fetcher *fetcher, struct failure *reterr)
{
	struct name_taking taking = {.round = round};
	struct buffer cursor = buffer_with_ceiling(WIRE_CHUNK), next = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = STATUS_OK;
	bool is_last = false;
	while (status == STATUS_OK && !is_last) {
		const struct fetch_list list = {.cursor = buffer_bytes(&cursor)};
		buffer_reset(&next);
		status = is_interrupted(round->setting)
		                 ? STATUS_INTERRUPTED
		                 : fetcher_list(fetcher, &list, take_name, &taking, &next, &is_last, reterr);
		buffer_reset(&cursor);
		buffer_append(&cursor, buffer_bytes(&next));
	}
	buffer_free(&cursor);
	buffer_free(&next);
	return taking.is_too_many ? STATUS_TOO_LARGE : status;
}

/* A listing that did not come to its end says nothing of what is gone; so it says nothing. */
static enum status list_names(struct watch_round *round, struct failure *reterr)
{
	const struct watch_setting *setting = round->setting;
	struct watch_names *names = &round->result->names;
	struct failure failure = {.why = ""};
	struct fetcher *fetcher;
	enum status status = fetcher_start(
		&(struct fetcher_plan){
			.target = bytes_of_string(round->target->written),
			.directory = -1,
			.prefix = round->target->target.prefix,
			.scope_yaml = setting->scope_yaml,
			.setup = setup_of(round),
		},
		&fetcher, &failure);
	if (status == STATUS_OK) {
		status = list_pages(round, fetcher, &failure);
		fetcher_free(fetcher);
	}
	if (status == STATUS_OK && round->names.len > 0)
		qsort(round->names.at, round->names.len / 8, 8, compare_digests);
	names->is_listed = status == STATUS_OK;
	if (status_is_ours(status) && reterr != NULL)
		*reterr = failure;
	return status_is_ours(status) ? status : STATUS_OK;
}

static enum status look_at_names(struct watch_round *round, struct failure *reterr)
{
	struct watch_names *names = &round->result->names;
	struct buffer known = buffer_with_ceiling((size_t)8 * WATCH_NAMES_MAX);
	enum status status = list_names(round, reterr);
	if (status == STATUS_OK && names->is_listed) {
		struct failure failure = {.why = ""};
		status = watching_names(round->setting->watching, round->key, &known, &failure);
		if (status == STATUS_OK)
			watch_compare_names(buffer_bytes(&known), buffer_bytes(&round->names), names);
		else if (status == STATUS_ABSENT)
			status = STATUS_OK;
		else if (reterr != NULL)
			*reterr = failure;
	}
	buffer_free(&known);
	return status;
}

/* ---- what is kept ---- */

static struct bytes refusal_of(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->evidence_count; i++)
		if (verdict->evidence[i].status >= 400 && verdict->evidence[i].code.len > 0)
			return verdict->evidence[i].code;
	return BYTES_NONE;
}

/* A door that is shut is put on record where it stood open; one that was never open has no span to end. */
static size_t list_looks(const struct watch_round *round, const struct watch_view *view, struct door_look looks[DOOR_COUNT])
{
	const struct bytes said = refusal_of(&round->result->verdict);
	size_t count = 0;
	for (enum door door = DOOR_LIST; door < DOOR_COUNT; door++) {
		if ((view->open & DOOR_BIT(door)) != 0)
			looks[count++] = (struct door_look){.door = door, .found = FOUND_OPEN, .at = round->at};
		else if ((round->step.closed & DOOR_BIT(door)) != 0)
			looks[count++] = (struct door_look){door, FOUND_REFUSED, round->at, said};
	}
	return count;
}

static void draw_id(char into[27])
{
	struct vault_key random;
	vault_key_generate(&random);
	digest_format_base32(bytes_of(random.bytes, 16), into);
	into[26] = '\0';
	vault_key_wipe(&random);
}

static struct watch_change change_of(const struct watch_round *round, enum watch_event event, const char *id)
{
	bool is_contents = event == WATCH_CONTENTS;
	const char *to = watch_state_name(&round->step.after);
	return (struct watch_change){
		.id = id,
		.target = round->target->written,
		.container = &round->target->target.container,
		.incident = round->setting->incident_name,
		.event = event,
		.from = is_contents ? to : watch_state_name(&round->before),
		.to = to,
		.opened = is_contents ? 0 : round->step.opened,
		.closed = is_contents ? 0 : round->step.closed,
		.at = round->at,
		.verdict = &round->result->verdict,
		.names = is_contents ? round->result->names : (struct watch_names){.is_compared = false},
	};
}

struct watch_alerts {
	struct watch_alert_text texts[2 * WATCH_CHANNEL_COUNT];
	struct buffer words[2 * WATCH_CHANNEL_COUNT];
	size_t count;
};

static enum status word_alerts(const struct watch_setting *setting, const struct watch_change *change,
                               struct watch_alerts *alerts)
{
	enum status status = STATUS_OK;
	for (unsigned channel = 1; channel < WATCH_CHANNEL_COUNT && status == STATUS_OK; channel++) {
		if ((setting->channels & 1u << channel) == 0 || change->event == WATCH_NONE)
			continue;
		struct buffer *words = &alerts->words[alerts->count];
		*words = buffer_with_ceiling(STATEMENT_MAX);
		status = watched_append(change, (enum watch_channel)channel, words);
		alerts->texts[alerts->count++] = (struct watch_alert_text){(enum watch_channel)channel, buffer_bytes(words)};
	}
	return status;
}

static enum status keep(struct watch_round *round, const struct watch_view *view, struct failure *reterr)
{
	const struct watch_setting *setting = round->setting;
	struct watch_result *result = round->result;
	struct door_look looks[DOOR_COUNT];
	struct watch_alerts alerts = {.count = 0};
	struct buffer statement = buffer_with_ceiling(STATEMENT_MAX);
	const struct bytes names = buffer_bytes(&round->names);
	const struct watch_change seen = change_of(round, round->step.event, result->ids[0]);
	watched_append_statement(&seen, &round->step.after, setting->operator_name, &statement);
	enum status status = buffer_status(&statement);
	if (status == STATUS_OK)
		status = word_alerts(setting, &result->change, &alerts);
	if (status == STATUS_OK)
		status = word_alerts(setting, &result->contents, &alerts);
	if (status != STATUS_OK)
		status = fail(reterr, status, round->target->written, "no memory for what was seen");
	const struct watch_look look = {
		.target = round->key,
		.container = &round->target->target.container,
		.after = round->step.after,
		.is_same = round->before.is_known && round->step.event == WATCH_NONE && round->before.at != CLOCK_UNKNOWN,
		.statement = buffer_bytes(&statement),
		.looks = looks,
		.look_count = list_looks(round, view, looks),
		.names = result->names.is_listed ? &names : NULL,
		.alerts = alerts.texts,
		.alert_count = alerts.count,
	};
	if (status == STATUS_OK)
		status = watching_put(setting->watching, &look, reterr);
	for (size_t i = 0; i < alerts.count; i++)
		buffer_free(&alerts.words[i]);
	buffer_free(&statement);
	return status;
}

/* ---- all of it ---- */

/* Where nobody watched yet, what the incident's exposures say counts. */
static enum status find_before(struct watch_round *round, struct failure *reterr)
{
	enum status status = watching_find(round->setting->watching, round->key, &round->before, reterr);
	if (status == STATUS_OK && !round->before.is_known && round->target->known_doors != 0)
		round->before = (struct watch_state){true, round->target->known_doors, VERDICT_UNKNOWN, CLOCK_UNKNOWN};
	return status;
}

static enum status conclude(struct watch_round *round, const struct watch_view *view, struct failure *reterr)
{
	struct watch_result *result = round->result;
	round->at = result->verdict.observed_at;
	round->step = watch_compare(&round->before, view, round->at);
	result->state = round->step.after;
	if ((view->open | view->shut) == 0)
		return STATUS_OK;
	enum status status = (view->open & DOOR_BIT(DOOR_LIST)) != 0 ? look_at_names(round, reterr) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	const struct watch_names *names = &result->names;
	if (round->step.event != WATCH_NONE)
		draw_id(result->ids[0]);
	if (names->is_compared && names->fresh + names->gone > 0)
		draw_id(result->ids[1]);
	result->change = change_of(round, round->step.event, result->ids[0]);
	result->contents = change_of(round, result->ids[1][0] != '\0' ? WATCH_CONTENTS : WATCH_NONE, result->ids[1]);
	return keep(round, view, reterr);
}

enum status watch_look(const struct watch_setting *setting, const struct watch_target *target, struct arena *arena,
                       struct watch_result *result, struct failure *reterr)
{
	struct watch_view view = {.open = 0};
	struct buffer key = buffer_with_ceiling(1 << 16), container = buffer_with_ceiling(1 << 16);
	struct watch_round round = {
		.setting = setting,
		.target = target,
		.arena = arena,
		.result = result,
		.names = buffer_with_ceiling((size_t)8 * WATCH_NAMES_MAX),
	};
	*result = (struct watch_result){.target = target, .names = {.last_write = CLOCK_UNKNOWN}};
	target_append(&target->target, &key);
	target_append_container(&target->target.container, &container);
	round.key = buffer_bytes(&key);
	round.container = buffer_bytes(&container);
	enum status status = buffer_status(&key);
	if (status == STATUS_OK)
		status = find_before(&round, reterr);
	if (status == STATUS_OK)
		status = look_at_doors(&round, &view, reterr);
	if (status == STATUS_OK)
		status = conclude(&round, &view, reterr);
	buffer_free(&round.names);
	buffer_free(&key);
	buffer_free(&container);
	return status;
}
