/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as other programs read them: each a JSON value, whoever asks. */
#include "contract/backend/leak.h"

#include "answer/containers.h"
#include "answer/entities.h"
#include "answer/incidents.h"
#include "answer/ledger.h"
#include "answer/ocsf.h"
#include "answer/organisations.h"
#include "answer/sampling.h"
#include "answer/sarif.h"
#include "answer/search.h"
#include "answer/sweep-summary.h"
#include "base/sum.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define NOON INT64_C(1659355200) /* 2022-08-01T12:00:00Z */

static struct buffer text;
static struct json_writer json;

static int set_up(void **state)
{
	(void)state;
	text = buffer_with_ceiling(1 << 20);
	json = json_writer_into(&text);
	json_begin_object(&json);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buffer_free(&text);
	return 0;
}

static void expect(const char *expected)
{
	json_end_object(&json);
	assert_int_equal(json.depth, 0);
	assert_int_equal(buffer_status(&text), STATUS_OK);
	assert_string_equal(buffer_string(&text), expected);
}

/* ---- items of lists ---- */

static void an_organisation_is_an_item(void **state)
{
	(void)state;
	organisations_write(
		&(struct organisation_summary){
			.domain = BYTES_LITERAL("contoso.com"),
			.documents = 5,
			.as_party = 3,
			.mentions = 2,
			.addresses = 4,
			.first_date = CLOCK_UNKNOWN,
			.last_date = NOON,
			.confidence = 0.75,
			.name = BYTES_LITERAL("Contoso AG"),
			.sector = BYTES_LITERAL("energy"),
			.is_sector_registered = true,
			.relationship = RELATIONSHIP_CUSTOMER,
		},
		&json);
	expect("{\"domain\":\"contoso.com\",\"name\":\"Contoso AG\",\"country\":null,\"sector\":\"energy\",\"sector_by\":\"register\",\"relationship\":\"customer\",\"documents\":5,\"as_party\":3,\"mentions\":2,"
	       "\"addresses\":4,\"first_date\":null,\"last_date\":\"2022-08-01T12:00:00Z\",\"confidence\":0.75}");
}

static void a_sum_beyond_all_sums_is_at_least(void **state)
{
	(void)state;
	entities_write(&(struct entity_summary){FINDING_EMAIL, BYTES_LITERAL("a@b.com"), SUM_MAX, 1, 0}, &json);
	expect("{\"kind\":\"email\",\"value\":\"a@b.com\",\"references\":9223372036854775807,\"documents\":1,\"carved\":0,"
	       "\"at_least\":true}");
}

static void a_container_tells_how_long_it_was_open(void **state)
{
	(void)state;
	containers_write(
		&(struct container_summary){
			.container = leak_container,
			.objects = 3,
			.documents = 4,
			.bytes = 10,
			.unseen_objects = 1,
			.unseen_bytes = 2,
			.exposed = {NOON, NOON + 60, CLOCK_UNKNOWN},
			.last_sweep = NOON,
			.last_write = NOON,
			.last_read = CLOCK_UNKNOWN,
			.last_taken = CLOCK_UNKNOWN,
		},
		&json);
	expect("{\"container\":\"files\",\"target\":\"az://acme/files\",\"provider\":\"azure\",\"account\":\"acme\",\"url\":\"https://acme.blob.core.windows.net/files\","
	       "\"objects\":3,\"documents\":4,\"bytes\":10,\"unseen\":{\"objects\":1,\"bytes\":2},"
	       "\"exposed\":{\"first_seen\":\"2022-08-01T12:00:00Z\",\"last_seen\":\"2022-08-01T12:01:00Z\",\"closed_at\":null},"
	       "\"seen_by_others\":null,\"last_sweep\":\"2022-08-01T12:00:00Z\",\"listing\":null,"
	       "\"last_write\":\"2022-08-01T12:00:00Z\",\"last_read\":null,\"last_taken\":null,\"dormant\":null}");
}

static void what_nobody_uses_is_dormant_as_far_as_known(void **state)
{
	(void)state;
	const int64_t now = NOON, long_ago = now - DORMANT_SECONDS, lately = long_ago + 1;
	assert_int_equal(containers_are_dormant(long_ago, long_ago, now), ANSWER_YES);
	assert_int_equal(containers_are_dormant(lately, long_ago, now), ANSWER_NO);
	assert_int_equal(containers_are_dormant(long_ago, lately, now), ANSWER_NO);
	assert_int_equal(containers_are_dormant(lately, CLOCK_UNKNOWN, now), ANSWER_NO);
	/* Who reads, only logs tell; when it was written to, only a listing. */
	assert_int_equal(containers_are_dormant(long_ago, CLOCK_UNKNOWN, now), ANSWER_NOT_ESTABLISHED);
	assert_int_equal(containers_are_dormant(CLOCK_UNKNOWN, long_ago, now), ANSWER_NOT_ESTABLISHED);
	assert_int_equal(containers_are_dormant(CLOCK_UNKNOWN, CLOCK_UNKNOWN, now), ANSWER_NOT_ESTABLISHED);
}

static void an_incident_that_was_never_swept_counts_nothing(void **state)
{
	(void)state;
	incidents_write(&(struct incident_summary){.name = BYTES_LITERAL("summer"), .created = NOON, .last_sweep = CLOCK_UNKNOWN},
	                &json);
	expect("{\"name\":\"summer\",\"created\":\"2022-08-01T12:00:00Z\",\"last_sweep\":null,\"objects\":0,\"documents\":0,"
	       "\"unfinished\":false}");
}

static void a_page_that_is_full_says_where_the_next_begins(void **state)
{
	const struct search_totals totals = {.total = 9, .is_exact = false, .unsearchable = 2};
	struct paging paging = paging_with_limit(2);
	(void)state;
	buffer_append_string(&paging.cursor, "behind-1");
	assert_true(paging_takes_another(&paging));
	buffer_reset(&paging.cursor);
	buffer_append_string(&paging.cursor, "behind-2");
	assert_true(paging_takes_another(&paging));
	assert_false(paging.has_more);
	buffer_reset(&paging.cursor);
	buffer_append_string(&paging.cursor, "behind-3");
	assert_false(paging_takes_another(&paging));
	search_write_totals(&totals, &paging, &json);
	paging_free(&paging);
	expect("{\"total\":9,\"total_is\":\"at_least\",\"next\":\"behind-2\",\"unsearchable\":2}");
}

static void a_sweep_names_the_outcomes_it_had(void **state)
{
	const struct bytes targets[] = {BYTES_LITERAL("az://acme/files")};
	struct sweep_summary summary = {.sweep = 2, .started = NOON, .ended = NOON + 7, .is_complete = true};
	(void)state;
	assert_false(sweep_summary_is_partial(&summary));
	summary.outcomes[OUTCOME_DENIED].objects = 1;
	summary.outcomes[OUTCOME_DENIED].bytes = 5;
	assert_true(sweep_summary_is_partial(&summary));
	sweep_summary_write(&(struct sweep_summary_head){"default", targets, 1, BYTES_NONE}, &summary, &json);
	expect("{\"sweep\":2,\"incident\":\"default\",\"targets\":[\"az://acme/files\"],\"objects\":{\"listed\":0,\"read\":0,\"unchanged\":0,"
	       "\"skipped\":0,\"failed\":0},\"changes\":{\"new\":0,\"changed\":0,\"gone\":0},\"documents\":0,\"renewed\":{\"documents\":0,\"altered\":0},\"bytes\":{\"listed\":0,\"fetched\":0,\"unseen\":0},"
	       "\"outcomes\":[{\"outcome\":\"denied\",\"objects\":1,\"bytes\":5}],\"parts\":[],\"findings\":{},\"allowed\":{},\"twins\":0,"
	       "\"authority\":null,\"seconds\":7,\"complete\":true}");
}

/* ---- samples ---- */

static void a_sample_says_how_far_it_is_to_be_trusted(void **state)
{
	const struct sample forty = {.is_drawn = true, .count = 40, .share = 1};
	struct ledger_group groups[] = {
		{.sample = forty, .sweep = 1, .outcome = OUTCOME_READ, .was_fetched = true, .objects = 30, .bytes = 300},
		{.sample = forty, .sweep = 2, .outcome = OUTCOME_TOO_LARGE, .objects = 10, .bytes = 100},
		{.sample = forty, .sweep = 2, .outcome = OUTCOME_EXCLUDED, .is_left_out = true, .objects = 360, .bytes = 3600},
		{.sample = forty, .sweep = 2, .outcome = OUTCOME_EXCLUDED, .objects = 7, .bytes = 70},
	};
	struct ledger ledger = {.latest_sweep = 3, .groups = groups, .group_count = 4};
	struct sampling sampling;
	(void)state;
	assert_true(sampling_find(&ledger, &sampling));
	assert_int_equal(sampling.population.objects, 400);
	assert_int_equal(sampling.drawn.objects, 40);
	assert_true(sampling.margin > 0.147 && sampling.margin < 0.148);
	json_key(&json, "sampling");
	sampling_write(&sampling, &json);
	expect("{\"sampling\":{\"sweep\":2,\"sample\":\"40\",\"method\":\"the lowest ids of each target\","
	       "\"population\":{\"objects\":400,\"bytes\":4000},\"drawn\":{\"objects\":40,\"bytes\":400},\"share\":0.1,"
	       "\"confidence\":0.95,\"margin\":0.147184}}");
	groups[2].objects = 0;
	ledger.group_count = 2;
	assert_false(sampling_find(&ledger, &sampling));
	ledger.sample = (struct sample){.is_drawn = true, .share = 0.25};
	assert_true(sampling_find(&ledger, &sampling));
	assert_int_equal(sampling.sweep, 3);
}

/* ---- verdicts ---- */

static struct probed open_container(struct target *target, struct verdict *verdict, struct evidence evidence[2])
{
	evidence[0] = (struct evidence){
		.method = "GET",
		.url = BYTES_LITERAL("https://contoso.blob.core.windows.net/backup?restype=container&comp=list"),
		.status = 200,
		.at = 1659355200,
	};
	evidence[1] = (struct evidence){
		.method = "GET",
		.url = BYTES_LITERAL("https://contoso.blob.core.windows.net/backup?comp=acl"),
		.code = BYTES_LITERAL("timed_out"),
		.at = 1659355201,
	};
	*target = (struct target){
		.container = {.provider = PROVIDER_AZURE,
	                      .account = BYTES_LITERAL("contoso"),
	                      .name = BYTES_LITERAL("backup"),
	                      .url = BYTES_LITERAL("https://contoso.blob.core.windows.net/backup")},
	};
	*verdict = (struct verdict){
		.kind = VERDICT_LISTABLE,
		.anonymous = {.list = ANSWER_YES, .read = ANSWER_YES, .write = ANSWER_NOT_ESTABLISHED},
		.static_site = ANSWER_YES,
		.observed_at = 1659355200,
		.vantage = BYTES_LITERAL("192.0.2.1"),
		.evidence = evidence,
		.evidence_count = 2,
		.advice = BYTES_LITERAL("Close it."),
	};
	return (struct probed){"az://contoso/backup", target, "https://contoso.blob.core.windows.net/backup", verdict, NULL};
}

static void a_verdict_is_told_in_three_forms(void **state)
{
	struct target target;
	struct verdict verdict;
	struct evidence evidence[2];
	struct probed probed = open_container(&target, &verdict, evidence);
	(void)state;
	probed_write(&probed, &json);
	json_end_object(&json);
	assert_non_null(strstr(buffer_string(&text), "\"anonymous\":{\"list\":true,\"read\":true,\"versions\":null,"));
	assert_non_null(strstr(buffer_string(&text), "\"status\":null,\"code\":\"timed_out\",\"at\":\"2022-08-01T12:00:01Z\""));
	buffer_reset(&text);
	json = json_writer_into(&text);
	sarif_begin(&json);
	sarif_write(&probed, &json);
	sarif_end(&json);
	assert_int_equal(json.depth, 0);
	assert_non_null(
		strstr(buffer_string(&text), "\"ruleId\":\"listable\",\"ruleIndex\":0,\"kind\":\"fail\",\"level\":\"error\""));
	assert_non_null(strstr(buffer_string(&text), "\"ruleId\":\"static-site\",\"ruleIndex\":2"));
	buffer_reset(&text);
	json = json_writer_into(&text);
	ocsf_write(&probed, &json);
	assert_int_equal(json.depth, 0);
	assert_non_null(strstr(buffer_string(&text), "\"class_uid\":2004"));
	assert_non_null(strstr(buffer_string(&text), "\"time\":1659355200000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(an_organisation_is_an_item),
		TEST(a_sum_beyond_all_sums_is_at_least),
		TEST(a_container_tells_how_long_it_was_open),
		TEST(what_nobody_uses_is_dormant_as_far_as_known),
		TEST(an_incident_that_was_never_swept_counts_nothing),
		TEST(a_page_that_is_full_says_where_the_next_begins),
		TEST(a_sweep_names_the_outcomes_it_had),
		TEST(a_sample_says_how_far_it_is_to_be_trusted),
		TEST(a_verdict_is_told_in_three_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
