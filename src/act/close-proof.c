/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proof from outside. One refusal proves little: a change spreads over a
 * provider's machines for seconds, and what stands in between answers for them.
 * So several probes in a row must be refused, each of their questions, with the
 * same words; and the owner's view must then say that it is shut.
 */
#include "act/close.h"

#include "base/clock.h"
#include "base/digest.h"
#include "process/prober.h"
#include "scope/target.h"

#include <time.h>

enum { AGREEING = 3, WAIT_SHARE = 60, WAIT_LEAST = 50, WAIT_MOST = 15000 };

/* ---- one verdict ---- */

static bool is_refusal(unsigned status)
{
	return status == 401 || status == 403 || status == 404 || status == 409;
}

/* Access lists are asked for beside: there are servers that show them to anyone. */
static bool counts(const struct evidence *evidence)
{
	return strcmp(evidence->method, "DNS") != 0 && bytes_find(evidence->url, BYTES_LITERAL("comp=acl")) == BYTES_NOT_FOUND;
}

/* Every question was answered, with one and the same refusal. */
static bool agrees(const struct verdict *verdict, bool is_site, unsigned char into[PLAN_DIGEST_SIZE])
{
	const struct evidence *first = NULL;
	size_t questions = 0;
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		const struct evidence *evidence = &verdict->evidence[i];
		if (!counts(evidence) || evidence->place != (is_site ? EVIDENCE_OF_SITE : EVIDENCE_OF_CONTAINER))
			continue;
		if (!is_refusal(evidence->status) ||
		    (first != NULL && (evidence->status != first->status || !bytes_equal(evidence->code, first->code))))
			return false;
		first = evidence;
		questions++;
	}
	/* Of a container, its listing and an object at least. */
	if (first == NULL || questions < (is_site ? 1 : 2))
		return false;
	unsigned char status[8];
	store_le64(status, first->status);
	const struct bytes parts[] = {bytes_of(status, sizeof status), first->code};
	digest_sha256_of(parts, 2, into);
	return true;
}

enum answer close_judge(const struct verdict *verdict, bool is_site, unsigned char into[PLAN_DIGEST_SIZE])
{
	/* A site without a front page is refused like none: which it is, its owner's view tells. */
	if (is_site && verdict->static_site == ANSWER_YES)
		return ANSWER_NO;
	if (is_site)
		return agrees(verdict, true, into) ? ANSWER_YES : ANSWER_NOT_ESTABLISHED;
	/* A second region may lag behind the first. */
	if (verdict->anonymous.list == ANSWER_YES || verdict->anonymous.read == ANSWER_YES || verdict->secondary == ANSWER_YES)
		return ANSWER_NO;
	/* Unreachable where each question was refused is a firewall: what the level is then, its owner's view tells. */
	bool is_told = verdict->kind == VERDICT_PRIVATE_OR_ABSENT || verdict->kind == VERDICT_ACCOUNT_OFF ||
	               verdict->kind == VERDICT_UNREACHABLE;
	bool is_refused = verdict->anonymous.list == ANSWER_NO && verdict->anonymous.read == ANSWER_NO;
	return is_told && is_refused && agrees(verdict, false, into) ? ANSWER_YES : ANSWER_NOT_ESTABLISHED;
}

/* ---- many ---- */

static enum status pause_for(const struct close_setting *setting, int64_t milliseconds, struct failure *reterr)
{
	const int64_t slice = 100, until = clock_monotonic() + milliseconds;
	for (int64_t left; (left = until - clock_monotonic()) > 0;) {
		if (left > slice)
			left = slice;
		nanosleep(&(struct timespec){.tv_nsec = (long)left * 1000000}, NULL);
		if (setting->wait != NULL && setting->wait->is_interrupted(setting->wait->context))
			return fail(reterr, STATUS_INTERRUPTED, "proof", "interrupted; the same command goes on");
	}
	return STATUS_OK;
}

static enum status probe_once(const struct close_setting *setting, const char *written, struct bytes scope, struct arena *arena,
                              struct verdict *verdict, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	enum status status = prober_probe(
		&(struct prober_plan){
			.written = written,
			.scope_yaml = scope,
			.setup = {.rate = setting->rate, .operator_name = setting->operator_name, .patience = setting->patience},
			.wait = setting->wait,
		},
		arena, verdict, &failure);
	if (status == STATUS_OK)
		return status;
	if (status_is_ours(status) || status == STATUS_ABSENT) {
		if (reterr != NULL)
			*reterr = failure;
		return status;
	}
	*verdict = (struct verdict){.kind = VERDICT_UNKNOWN, .observed_at = clock_now()};
	return STATUS_OK;
}

static const char *why_not(enum answer last, const struct verdict *verdict)
{
	if (last == ANSWER_NO)
		return "a stranger still gets in";
	switch (verdict->kind) {
	case VERDICT_THROTTLED: return "the account was too busy to answer a stranger: nothing is proved";
	case VERDICT_UNREACHABLE: return "nothing but silence or a firewall answered a stranger here: nothing is proved";
	case VERDICT_ABSENT:
		return "a stranger is told that there is no such container, of one that was just changed: nothing is proved";
	default: return "a stranger's answers did not agree: nothing is proved";
	}
}

/* ---- the owner's view ---- */

static enum status look_as_owner(const struct close_setting *setting, struct bytes target, bool is_site,
                                 struct act_answer *answer, struct failure *reterr)
{
	struct actor *actor;
	const struct act_step step = {.number = 1, .verb = is_site ? ACT_LOOK_SERVICE : ACT_LOOK_CONTAINER};
	enum status status = actor_start(
		&(struct actor_plan){
			.target = target,
			.secrets = setting->secrets,
			.operator_name = setting->operator_name,
			.rate = setting->rate,
			.patience = setting->patience,
		},
		&actor, reterr);
	if (status != STATUS_OK)
		return status;
	status = actor_do(actor, &step, 1, setting->wait, setting->arena, answer, reterr);
	actor_free(actor);
	return status;
}

/* What strangers were told counts where the owner is told the same, now. */
static enum status compare_with_owner(const struct close_setting *setting, bool is_site, struct close_proof *proof,
                                      struct failure *reterr)
{
	struct act_answer answer;
	enum status status = look_as_owner(setting, proof->target, is_site, &answer, reterr);
	if (status != STATUS_OK && status != STATUS_CRASHED)
		return status;
	bool is_known = status == STATUS_OK && answer.result == ACT_DONE;
	bool is_shut = is_known && (is_site ? answer.found.has_site == ANSWER_NO : answer.found.level.len == 0);
	if (is_shut && proof->verdict.kind == VERDICT_UNREACHABLE)
		proof->verdict.kind = VERDICT_PRIVATE_OR_ABSENT;
	if (is_shut)
		return STATUS_OK;
	proof->is_closed = ANSWER_NOT_ESTABLISHED;
	proof->why = is_known ? BYTES_LITERAL("strangers are refused, but its owner's view says that it stands open: plan again")
	                      : BYTES_LITERAL("strangers are refused, but its owner's view could not be had: nothing is proved");
	return STATUS_OK;
}

/* ---- on record ---- */

static struct bytes refusal_of(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->evidence_count; i++)
		if (is_refusal(verdict->evidence[i].status) && counts(&verdict->evidence[i]))
			return verdict->evidence[i].code;
	return BYTES_NONE;
}

/* The level shuts all doors of a container at once; a stranger that gets in is seen at the door he took. */
static size_t list_looks(const struct close_proof *proof, bool is_site, struct door_look looks[DOOR_COUNT])
{
	static const enum door shut[] = {DOOR_LIST, DOOR_READ, DOOR_VERSION, DOOR_SNAPSHOT};
	const struct verdict *verdict = &proof->verdict;
	const struct bytes said = refusal_of(verdict);
	size_t count = 0;
	if (is_site && proof->is_closed != ANSWER_NOT_ESTABLISHED)
		looks[count++] = (struct door_look){DOOR_STATIC_SITE, proof->is_closed == ANSWER_YES ? FOUND_REFUSED : FOUND_OPEN,
		                                    verdict->observed_at, said};
	if (!is_site && proof->is_closed == ANSWER_YES)
		for (size_t i = 0; i < sizeof shut / sizeof *shut; i++)
			looks[count++] = (struct door_look){shut[i], FOUND_REFUSED, verdict->observed_at, said};
	if (!is_site && verdict->anonymous.list == ANSWER_YES)
		looks[count++] = (struct door_look){.door = DOOR_LIST, .found = FOUND_OPEN, .at = verdict->observed_at};
	if (!is_site && verdict->anonymous.read == ANSWER_YES)
		looks[count++] = (struct door_look){.door = DOOR_READ, .found = FOUND_OPEN, .at = verdict->observed_at};
	return count;
}

static void put_on_record(const struct close_setting *setting, const struct target *target, bool is_site,
                          struct close_proof *proof)
{
	struct door_look looks[DOOR_COUNT];
	struct failure failure = {.why = ""};
	size_t count = list_looks(proof, is_site, looks);
	if (count == 0)
		return;
	enum status status = catalog_observe(setting->catalog, setting->incident_name, &target->container, looks, count,
	                                     &failure);
	proof->is_recorded = status == STATUS_OK;
	if (status != STATUS_OK && setting->say != NULL)
		setting->say(setting->context, proof->target, failure.why);
}

/* ---- the proof ---- */

/* A site has an address of its own, which is asked only where it is allowed: by a scope file, or else by its owner's naming it. */
static struct bytes scope_of(const struct close_setting *setting, struct bytes target, bool is_site)
{
	struct buffer text = buffer_with_ceiling(16 << 10);
	if (!is_site || setting->scope_yaml.len > 0)
		return setting->scope_yaml;
	buffer_append_string(&text, "allow:\n  - target: '");
	buffer_append(&text, target);
	buffer_append_string(&text, "'\n    authority: close, by its owner\n");
	struct bytes kept = arena_copy(setting->arena, buffer_bytes(&text));
	buffer_free(&text);
	return kept;
}

static struct bytes keep(struct arena *arena, struct bytes bytes)
{
	return bytes.len > 0 ? arena_copy(arena, bytes) : BYTES_NONE;
}

static struct verdict keep_verdict(struct arena *arena, const struct verdict *verdict)
{
	struct verdict kept = *verdict;
	struct evidence *evidence = arena_allocate(arena, verdict->evidence_count * sizeof *evidence + 1);
	kept.evidence = evidence;
	kept.evidence_count = evidence != NULL ? verdict->evidence_count : 0;
	for (size_t i = 0; i < kept.evidence_count; i++) {
		evidence[i] = verdict->evidence[i];
		evidence[i].url = keep(arena, evidence[i].url);
		evidence[i].code = keep(arena, evidence[i].code);
	}
	struct bytes *const texts[] = {&kept.static_site_why, &kept.tenant, &kept.vantage, &kept.advice};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = keep(arena, *texts[i]);
	return kept;
}

/* Rounds of probing, each verdict in an arena of its own until it is the last. */
static enum status prove(const struct close_setting *setting, const char *written, bool is_site, struct arena *arena,
                         struct close_proof *proof, struct failure *reterr)
{
	unsigned char seen[PLAN_DIGEST_SIZE] = {0}, digest[PLAN_DIGEST_SIZE] = {0};
	struct bytes scope = scope_of(setting, proof->target, is_site);
	const int64_t start = clock_monotonic();
	int64_t wait = setting->patience / WAIT_SHARE > WAIT_LEAST ? setting->patience / WAIT_SHARE : WAIT_LEAST;
	enum answer answer = ANSWER_NOT_ESTABLISHED;
	unsigned agreeing = 0;
	for (;;) {
		arena_reset(arena);
		enum status status = probe_once(setting, written, scope, arena, &proof->verdict, reterr);
		if (status != STATUS_OK)
			return status;
		proof->probes++;
		answer = close_judge(&proof->verdict, is_site, digest);
		bool goes_on = answer == ANSWER_YES && agreeing > 0 && memcmp(seen, digest, sizeof seen) == 0;
		agreeing = answer != ANSWER_YES ? 0 : goes_on ? agreeing + 1 : 1;
		memcpy(seen, digest, sizeof seen);
		/* Whose patience ends while the answers agree is not sent away before the last of them. */
		int64_t allowed = agreeing > 0 ? setting->patience / 2 * 3 : setting->patience;
		if (agreeing == AGREEING || clock_monotonic() - start + wait > allowed)
			break;
		status = pause_for(setting, wait, reterr);
		if (status != STATUS_OK)
			return status;
		if (agreeing == 0 && wait < WAIT_MOST)
			wait = wait + wait / 2;
	}
	proof->is_closed = agreeing == AGREEING ? ANSWER_YES : answer == ANSWER_NO ? ANSWER_NO : ANSWER_NOT_ESTABLISHED;
	if (proof->is_closed != ANSWER_YES)
		proof->why = bytes_of_string(why_not(answer, &proof->verdict));
	return proof->is_closed == ANSWER_YES ? compare_with_owner(setting, is_site, proof, reterr) : STATUS_OK;
}

/* Then its level is known by the word of whoever changed it, and by nothing else. */
static void doubt_firewall(struct close_proof *proof)
{
	proof->is_closed = ANSWER_NOT_ESTABLISHED;
	proof->why = BYTES_LITERAL(
		"the account's firewall refuses strangers here, whatever the level is, and did before: prove it from a "
		"place that it lets in");
}

enum status close_prove(const struct close_setting *setting, struct bytes target, bool is_site, bool got_in_before,
                        struct close_proof *ret_proof, struct failure *reterr)
{
	struct close_proof proof = {.target = arena_copy(setting->arena, target)};
	struct target parsed;
	const char *written = arena_copy_string(setting->arena, target);
	struct arena arena = arena_with_ceiling(4 << 20);
	if (proof.target.at == NULL || written == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "proof", "memory is used up");
	enum status status = target_parse(proof.target, setting->arena, &parsed, reterr);
	if (status != STATUS_OK)
		return status;
	status = prove(setting, written, is_site, &arena, &proof, reterr);
	if (status == STATUS_OK && proof.is_closed == ANSWER_YES && proof.verdict.is_walled && !got_in_before)
		doubt_firewall(&proof);
	if (status == STATUS_OK) {
		proof.verdict = keep_verdict(setting->arena, &proof.verdict);
		put_on_record(setting, &parsed, is_site, &proof);
		*ret_proof = proof;
	}
	arena_free(&arena);
	return status;
}
