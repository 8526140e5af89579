/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark-act against the labelled fake: what each condition, hold and silence comes to, one at a time and in batches. */
#include "process/actor.h"
#include "tests/system/fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define KEY "YSBrZXkgb2YgdGhlIHRlc3Rz"
#define MOMENT "2022-01-01T00:00:00.0000000Z"

static const unsigned char hash[PLAN_DIGEST_SIZE] = {1, 2, 3};

struct hand {
	struct fake fake;
	struct arena arena;
	struct bytes target;
	struct actor *actor;
};

static struct secrets secrets_of(const char *key)
{
	return (struct secrets){.at = {{BYTES_LITERAL("AZURE_STORAGE_ACCOUNT"), BYTES_LITERAL("acme")},
	                               {BYTES_LITERAL("AZURE_STORAGE_KEY"), bytes_of_string(key)}},
	                        .count = 2};
}

static enum status start_actor(struct hand *hand, const char *key, bool may_change, struct failure *reterr)
{
	return actor_start(
		&(struct actor_plan){
			.target = hand->target,
			.secrets = secrets_of(key),
			.hash = may_change ? hash : NULL,
			.rate = 10000,
			.patience = 8000,
		},
		&hand->actor, reterr);
}

/* account: members of the account; container: of its container. */
static void begin(struct hand *hand, const char *account, const char *container)
{
	struct failure failure = {.why = ""};
	struct buffer json = buffer_with_ceiling(1 << 20), target = buffer_with_ceiling(1 << 10);
	*hand = (struct hand){.arena = arena_with_ceiling(64 << 20)};
	buffer_append_format(&json, "{\"accounts\":{\"acme\":{\"key\":\"" KEY "\",%s\"containers\":{\"files\":{%s}}}}}", account,
	                     container);
	hand->fake = fake_start(buffer_string(&json));
	buffer_append_format(&target, "az+http://127.0.0.1:%d/acme/files", hand->fake.port);
	hand->target = arena_copy(&hand->arena, buffer_bytes(&target));
	buffer_free(&json);
	buffer_free(&target);
	if (start_actor(hand, KEY, true, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.where, failure.why);
}

static void end(struct hand *hand)
{
	actor_free(hand->actor);
	fake_stop(&hand->fake);
	arena_free(&hand->arena);
}

static struct act_answer act(struct hand *hand, struct act_step step)
{
	struct failure failure = {.why = ""};
	struct act_answer answer;
	step.number = 7;
	if (actor_do(hand->actor, &step, 1, NULL, &hand->arena, &answer, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.where, failure.why);
	return answer;
}

static struct act_step step_of(enum act_verb verb, const char *name)
{
	return (struct act_step){.verb = verb, .object = bytes_of_string(name)};
}

static struct bytes etag_of(struct hand *hand, const char *name)
{
	struct act_answer answer = act(hand, step_of(ACT_LOOK_OBJECT, name));
	assert_int_equal(answer.result, ACT_DONE);
	return answer.etag;
}

/* ---- one at a time ---- */

static void test_an_object_is_deleted_as_planned_or_left(void **state)
{
	struct hand hand;
	(void)state;
	begin(&hand, "",
	      "\"blobs\":[{\"name\":\"a b+c%.txt\"},{\"name\":\"leased\",\"leased\":true},{\"name\":\"held\",\"legalHold\":true},"
	      "{\"name\":\"kept\",\"immutableUntil\":\"Fri, 01 Jan 2999 00:00:00 GMT\"},{\"name\":\"copied\"},"
	      "{\"name\":\"copied\",\"snapshot\":\"" MOMENT "\"}]");
	struct act_step step = step_of(ACT_DELETE, "a b+c%.txt");
	step.etag = BYTES_LITERAL("0x8D0");
	assert_int_equal(act(&hand, step).result, ACT_CHANGED);
	step.etag = etag_of(&hand, "a b+c%.txt");
	struct act_answer answer = act(&hand, step);
	assert_int_equal(answer.result, ACT_DONE);
	assert_int_equal(answer.is_permanent, ANSWER_YES);
	assert_int_equal(answer.requests, 1);
	assert_int_equal(act(&hand, step).result, ACT_ABSENT);
	step.is_again = true;
	assert_int_equal(act(&hand, step).result, ACT_DONE);
	answer = act(&hand, step_of(ACT_DELETE, "leased"));
	assert_int_equal(answer.result, ACT_LEASED);
	assert_true(bytes_equal_string(answer.code, "LeaseIdMissing"));
	assert_int_equal(act(&hand, step_of(ACT_DELETE, "held")).result, ACT_HELD);
	assert_int_equal(act(&hand, step_of(ACT_DELETE, "kept")).result, ACT_HELD);
	assert_int_equal(act(&hand, step_of(ACT_DELETE, "copied")).result, ACT_HAS_SNAPSHOTS);
	step = step_of(ACT_DELETE, "copied");
	step.version = BYTES_LITERAL(MOMENT);
	step.is_snapshot = true;
	assert_int_equal(act(&hand, step).result, ACT_DONE);
	assert_int_equal(act(&hand, step_of(ACT_DELETE, "copied")).result, ACT_DONE);
	answer = act(&hand, step_of(ACT_LOOK_OBJECT, "kept"));
	assert_int_equal(answer.found.is_held, ANSWER_YES);
	assert_int_equal(act(&hand, step_of(ACT_LOOK_OBJECT, "leased")).found.is_leased, ANSWER_YES);
	end(&hand);
}

static void test_what_is_soft_deleted_survives_comes_back_and_goes_for_good(void **state)
{
	struct hand hand;
	(void)state;
	begin(&hand, "\"softDelete\":7,\"permanentDelete\":true,",
	      "\"blobs\":[{\"name\":\"a\"},{\"name\":\"a\",\"snapshot\":\"" MOMENT "\"}]");
	struct act_answer service = act(&hand, step_of(ACT_LOOK_SERVICE, ""));
	assert_int_equal(service.found.has_soft_delete, ANSWER_YES);
	assert_int_equal(service.found.retention_days, 7);
	assert_int_equal(service.found.may_delete_permanently, ANSWER_YES);
	struct act_step snapshot = step_of(ACT_DELETE, "a");
	snapshot.version = BYTES_LITERAL(MOMENT);
	snapshot.is_snapshot = true;
	assert_int_equal(act(&hand, snapshot).is_permanent, ANSWER_NO);
	assert_int_equal(act(&hand, step_of(ACT_DELETE, "a")).is_permanent, ANSWER_NO);
	assert_int_equal(act(&hand, step_of(ACT_LOOK_OBJECT, "a")).result, ACT_ABSENT);
	assert_int_equal(act(&hand, step_of(ACT_UNDELETE, "a")).result, ACT_DONE);
	assert_int_equal(act(&hand, step_of(ACT_LOOK_OBJECT, "a")).result, ACT_DONE);
	assert_int_equal(act(&hand, snapshot).result, ACT_DONE);
	snapshot.verb = ACT_DELETE_PERMANENTLY;
	struct act_answer answer = act(&hand, snapshot);
	assert_int_equal(answer.result, ACT_DONE);
	assert_int_equal(answer.is_permanent, ANSWER_YES);
	assert_int_equal(act(&hand, snapshot).result, ACT_ABSENT);
	snapshot.is_again = true;
	assert_int_equal(act(&hand, snapshot).result, ACT_DONE);
	end(&hand);
}

static void test_a_tier_is_set_where_the_object_is_as_planned(void **state)
{
	struct hand hand;
	(void)state;
	begin(&hand, "", "\"blobs\":[{\"name\":\"a\"}]");
	struct act_step step = step_of(ACT_SET_TIER, "a");
	step.value = BYTES_LITERAL("Cool");
	step.etag = BYTES_LITERAL("0x8D0");
	assert_int_equal(act(&hand, step).result, ACT_CHANGED);
	step.etag = etag_of(&hand, "a");
	assert_int_equal(act(&hand, step).result, ACT_DONE);
	assert_true(bytes_equal_string(act(&hand, step_of(ACT_LOOK_OBJECT, "a")).found.tier, "Cool"));
	assert_int_equal(act(&hand, step).result, ACT_WAS_SO);
	end(&hand);
}

/* The write went through, and nobody said so: seen to be done, it is not asked for again. */
static void test_an_unanswered_delete_is_looked_at(void **state)
{
	struct hand hand;
	(void)state;
	begin(&hand, "",
	      "\"faults\":[{\"on\":\"delete\",\"match\":\"lost\",\"times\":1,\"lost\":true},{\"on\":\"delete\",\"match\":\"reset\",\"times\":1,"
	      "\"error\":\"InternalError\"},{\"on\":\"delete\",\"match\":\"dead\",\"error\":\"OperationTimedOut\"}],"
	      "\"blobs\":[{\"name\":\"lost\"},{\"name\":\"reset\"},{\"name\":\"dead\"}]");
	struct act_answer answer = act(&hand, step_of(ACT_DELETE, "lost"));
	assert_int_equal(answer.result, ACT_DONE);
	assert_int_equal(answer.requests, 2); /* the write, and the look */
	answer = act(&hand, step_of(ACT_DELETE, "reset"));
	assert_int_equal(answer.result, ACT_DONE);
	assert_int_equal(answer.requests, 3); /* it was still there */
	assert_int_equal(act(&hand, step_of(ACT_DELETE, "dead")).result, ACT_UNREACHABLE);
	end(&hand);
}

/* ---- many ---- */

enum { MANY = ACT_BATCH_MAX };

static void fill(struct hand *hand, struct act_step steps[MANY])
{
	char name[64];
	for (size_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "obj-%03zu.txt", i);
		steps[i] = step_of(ACT_DELETE, "");
		steps[i].number = i + 1;
		steps[i].object = arena_copy(&hand->arena, bytes_of_string(name));
	}
}

static void act_on_many(struct hand *hand, struct act_step steps[MANY], struct act_answer answers[MANY])
{
	struct failure failure = {.why = ""};
	if (actor_do(hand->actor, steps, MANY, NULL, &hand->arena, answers, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.where, failure.why);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(answers[i].number, i + 1);
}

static uint64_t count_requests(const struct act_answer answers[MANY])
{
	uint64_t count = 0;
	for (size_t i = 0; i < MANY; i++)
		count += answers[i].requests;
	return count;
}

static void test_a_batch_is_one_request_and_each_part_has_its_own_end(void **state)
{
	static struct act_step steps[MANY];
	static struct act_answer answers[MANY];
	struct hand hand;
	(void)state;
	begin(&hand, "", "\"generate\":{\"count\":256,\"size\":10}");
	fill(&hand, steps);
	steps[3].etag = BYTES_LITERAL("0x8D0");
	steps[9].object = BYTES_LITERAL("none");
	steps[200].etag = etag_of(&hand, "obj-200.txt");
	act_on_many(&hand, steps, answers);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(answers[i].result, i == 3 ? ACT_CHANGED : i == 9 ? ACT_ABSENT : ACT_DONE);
	assert_int_equal(count_requests(answers), 1);
	/* Once more, as after a kill: what is gone was ours. */
	for (size_t i = 0; i < MANY; i++)
		steps[i].is_again = true;
	act_on_many(&hand, steps, answers);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(answers[i].result, i == 3 ? ACT_CHANGED : ACT_DONE);
	end(&hand);
}

static void test_a_batch_that_nobody_answered_is_looked_at_part_by_part(void **state)
{
	static struct act_step steps[MANY];
	static struct act_answer answers[MANY];
	struct hand hand;
	(void)state;
	begin(&hand, "",
	      "\"faults\":[{\"on\":\"batch\",\"times\":1,\"lost\":true},{\"on\":\"delete\",\"match\":\"obj-17\",\"times\":1,\"error\":\"ServerBusy\"}],"
	      "\"generate\":{\"count\":256,\"size\":10}");
	fill(&hand, steps);
	act_on_many(&hand, steps, answers);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(answers[i].result, ACT_DONE);
	/* The batch, a look at each, and the ten that it did not do. */
	assert_int_equal(count_requests(answers), 1 + MANY + 1);
	end(&hand);
}

/* A signature for some containers need not be good for batches. */
static void test_a_batch_that_is_refused_goes_one_by_one(void **state)
{
	static struct act_step steps[MANY];
	static struct act_answer answers[MANY];
	struct hand hand;
	(void)state;
	begin(&hand, "",
	      "\"faults\":[{\"on\":\"batch\",\"error\":\"AuthorizationPermissionMismatch\"}],\"generate\":{\"count\":256,\"size\":10}");
	fill(&hand, steps);
	act_on_many(&hand, steps, answers);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(answers[i].result, ACT_DONE);
	assert_int_equal(count_requests(answers), 1 + MANY);
	end(&hand);
}

/* Parts that have to go by themselves may take longer in all than anybody is waited for: each is heard of in its time. */
static void test_steps_that_take_long_together_are_waited_for(void **state)
{
	enum { FEW = 12 };
	static struct act_step steps[MANY];
	struct act_answer answers[FEW];
	struct failure failure = {.why = ""};
	struct hand hand;
	(void)state;
	begin(&hand, "",
	      "\"faults\":[{\"on\":\"batch\",\"error\":\"AuthorizationPermissionMismatch\"},{\"on\":\"delete\",\"each\":true,\"times\":1,"
	      "\"error\":\"ServerBusy\"}],\"generate\":{\"count\":256,\"size\":10}");
	actor_free(hand.actor);
	const struct actor_plan plan = {
		.target = hand.target, .secrets = secrets_of(KEY), .hash = hash, .rate = 10000, .patience = 1000};
	assert_int_equal(actor_start(&plan, &hand.actor, &failure), STATUS_OK);
	fill(&hand, steps);
	if (actor_do(hand.actor, steps, FEW, NULL, &hand.arena, answers, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.where, failure.why);
	for (size_t i = 0; i < FEW; i++)
		assert_true(answers[i].result == ACT_DONE || answers[i].result == ACT_BUSY);
	end(&hand);
}

/* ---- what it does not do ---- */

static void test_one_that_only_looks_changes_nothing(void **state)
{
	struct hand hand;
	struct failure failure = {.why = ""};
	struct act_step step = step_of(ACT_DELETE, "a");
	struct act_answer answer;
	(void)state;
	begin(&hand, "", "\"blobs\":[{\"name\":\"a\"}]");
	actor_free(hand.actor);
	assert_int_equal(start_actor(&hand, KEY, false, &failure), STATUS_OK);
	assert_int_equal(act(&hand, step_of(ACT_LOOK_OBJECT, "a")).result, ACT_DONE);
	assert_int_equal(actor_do(hand.actor, &step, 1, NULL, &hand.arena, &answer, &failure), STATUS_CRASHED);
	assert_int_equal(actor_do(hand.actor, &step, 1, NULL, &hand.arena, &answer, &failure), STATUS_CRASHED);
	actor_free(hand.actor);
	assert_int_equal(start_actor(&hand, KEY, true, &failure), STATUS_OK);
	assert_int_equal(act(&hand, step_of(ACT_LOOK_OBJECT, "a")).result, ACT_DONE);
	end(&hand);
}

static void test_a_wrong_key_and_none_are_refused(void **state)
{
	struct hand hand;
	struct failure failure = {.why = ""};
	(void)state;
	begin(&hand, "", "\"blobs\":[{\"name\":\"a\"}]");
	actor_free(hand.actor);
	assert_int_equal(start_actor(&hand, "bm90IHRoZSBrZXk=", true, &failure), STATUS_OK);
	struct act_answer answer = act(&hand, step_of(ACT_DELETE, "a"));
	assert_int_equal(answer.result, ACT_DENIED);
	assert_true(bytes_equal_string(answer.code, "AuthenticationFailed"));
	actor_free(hand.actor);
	hand.actor = NULL;
	assert_int_equal(start_actor(&hand, "not base64!", true, &failure), STATUS_USAGE);
	assert_null(strstr(failure.why, "not base64!"));
	assert_int_equal(
		actor_start(&(struct actor_plan){.target = hand.target, .hash = hash, .patience = 8000}, &hand.actor, &failure),
		STATUS_OK);
	answer = act(&hand, step_of(ACT_DELETE, "a"));
	assert_int_equal(answer.result, ACT_DENIED);
	assert_int_equal(answer.requests, 0);
	end(&hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_object_is_deleted_as_planned_or_left),
		cmocka_unit_test(test_what_is_soft_deleted_survives_comes_back_and_goes_for_good),
		cmocka_unit_test(test_a_tier_is_set_where_the_object_is_as_planned),
		cmocka_unit_test(test_an_unanswered_delete_is_looked_at),
		cmocka_unit_test(test_a_batch_is_one_request_and_each_part_has_its_own_end),
		cmocka_unit_test(test_a_batch_that_nobody_answered_is_looked_at_part_by_part),
		cmocka_unit_test(test_a_batch_that_is_refused_goes_one_by_one),
		cmocka_unit_test(test_steps_that_take_long_together_are_waited_for),
		cmocka_unit_test(test_one_that_only_looks_changes_nothing),
		cmocka_unit_test(test_a_wrong_key_and_none_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
