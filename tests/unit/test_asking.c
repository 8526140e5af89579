/* SPDX-License-Identifier: Apache-2.0 */
/* Asking through the handlers of the API: what is refused alike, when replies leave, and what waits for the operator. */
#include "contract/backend/leak.h"

#include "base/clock.h"
#include "portal/subject-api.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static const struct leak_object leak[] = {{"a.txt", "a letter to bob@contoso.com", NULL, 0, 1500000000, NULL},
                                          {"b.txt", "a letter to eve@fabrika.com", NULL, 0, 1700000000, NULL}};

static char *directory;
static struct desk desk;
static struct arena arena = {.ceiling = 16 << 20};
static const char *const no_texts[] = {NULL};
static struct portal_settings settings = {.incident_name = "default",
                                          .operator_name = "anna",
                                          .url = "http://127.0.0.1",
                                          .proofs_open = 5,
                                          .proofs_per_hour = 1000,
                                          .threads = 3,
                                          .resolvers = {no_texts, 0},
                                          .proof_allow = {no_texts, 0}};

static int set_up(void **state)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	(void)state;
	directory = leak_directory();
	settings.place = leak_place(directory);
	assert_int_equal(catalog_open(&settings.place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, leak, 2, NULL);
	incident_close(incident);
	catalog_close(catalog);
	desk = (struct desk){.place = settings.place, .incident_name = "default", .operator_name = "anna"};
	assert_int_equal(desk_open(&desk, CATALOG_APPEND, NULL, &failure), STATUS_OK);
	assert_int_equal(desk_open_incident(&desk, INCIDENT_READ, &failure), STATUS_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close(&desk);
	arena_free(&arena);
	leak_remove(directory);
	return 0;
}

/* ---- a door that keeps what it is given ---- */

struct kept {
	struct sink sink;
	struct portal_reply head;
	struct buffer body;
};

static int64_t test_clock, clock_step;

static int64_t read_test_clock(void)
{
	test_clock += clock_step;
	return test_clock;
}

static enum status keep_head(struct sink *sink, const struct portal_reply *head)
{
	((struct kept *)sink)->head = *head;
	return STATUS_OK;
}

static enum status keep_piece(struct sink *sink, struct bytes piece)
{
	buffer_append(&((struct kept *)sink)->body, piece);
	return STATUS_OK;
}

static enum status keep_end(struct sink *sink)
{
	(void)sink;
	return STATUS_OK;
}

static const struct sink_kind keeping = {keep_head, keep_piece, keep_end};

/* made: how long the making took, by the door's clock. */
static struct kept call(portal_handler *handler, struct portal_request request, int64_t made)
{
	struct kept kept = {.sink = {.kind = &keeping, .now = read_test_clock, .asked = 1000},
	                    .body = buffer_with_ceiling(1 << 20)};
	struct failure failure;
	struct portal_call call = {
		.request = &request, .settings = &settings, .desk = &desk, .arena = &arena, .sink = &kept.sink};
	test_clock = 1000;
	clock_step = made;
	request.peer = BYTES_LITERAL("192.0.2.1");
	request.language = BYTES_LITERAL("en");
	assert_int_equal(handler(&call, &failure), STATUS_OK);
	assert_true(kept.sink.has_ended);
	return kept;
}

static struct portal_request begin_request(const char *subject)
{
	return (struct portal_request){
		.fields = {{BYTES_LITERAL("subject"), bytes_of_string(subject)}, {BYTES_LITERAL("method"), BYTES_LITERAL("dns")}},
		.field_count = 2};
}

/* ---- the schedule ---- */

static void replies_leave_at_50_ms_or_the_next_200(void **state)
{
	static const struct {
		int64_t made, leaves;
	} cases[] = {{0, 1050}, {50, 1050}, {51, 1200}, {200, 1200}, {201, 1400}, {1999, 3000}};
	static const char *const subjects[] = {"contoso.com", "fabrika.com",     "nobody.org",
	                                       "com",         "bob@contoso.com", "not a subject"};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t s = 0; s < sizeof subjects / sizeof *subjects; s++) {
			struct kept kept = call(portal_begin_proof, begin_request(subjects[s]), cases[i].made);
			assert_int_equal(kept.sink.leave_at, cases[i].leaves);
			buffer_free(&kept.body);
		}
	struct portal_request nobody = {.session = PORTAL_BEARER, .token = BYTES_LITERAL("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")};
	portal_handler *const handlers[] = {portal_answer, portal_answer_csv, portal_asked, portal_appeal};
	for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
		struct kept kept = call(handlers[i], nobody, 70);
		assert_int_equal(kept.head.code, 401);
		assert_int_equal(kept.sink.leave_at, 1200);
		buffer_free(&kept.body);
	}
}

/* Before anything is proved no subject is looked for: the incident may as well be gone. */
static void beginning_reads_nothing_of_an_incident(void **state)
{
	char command[1600];
	struct failure failure;
	(void)state;
	snprintf(command, sizeof command,
	         "find '%s' -mindepth 2 -type f ! -name '*-shm' | while read -r file; do"
	         " head -c $(stat -c %%s \"$file\") /dev/zero | dd of=\"$file\" conv=notrunc status=none; done",
	         settings.place.directory);
	assert_int_equal(system(command), 0);
	struct kept known = call(portal_begin_proof, begin_request("contoso.com"), 0);
	struct kept other = call(portal_begin_proof, begin_request("nothing.com"), 0);
	assert_int_equal(known.head.code, 202);
	assert_int_equal(known.body.len, other.body.len);
	struct subject contoso = {.kind = SUBJECT_ORGANISATION, .name = BYTES_LITERAL("contoso.com")};
	int64_t newest;
	assert_int_not_equal(gate_newest(desk.catalog, desk.incident, &contoso, &newest, &failure), STATUS_OK);
	buffer_free(&known.body);
	buffer_free(&other.body);
}

/* ---- proving ---- */

static enum sighting seen;

static enum status look(void *context, enum proof_method method, struct bytes domain, const char *token,
                        enum sighting *ret_sighting, struct failure *reterr)
{
	(void)context;
	(void)method;
	(void)domain;
	(void)token;
	(void)reterr;
	*ret_sighting = seen;
	return STATUS_OK;
}

static struct asking asking_at(int64_t now)
{
	return (struct asking){.desk = &desk,
	                       .arena = &arena,
	                       .peer = BYTES_LITERAL("192.0.2.1"),
	                       .now = now,
	                       .proofs_open = 5,
	                       .proofs_per_hour = 1000,
	                       .looks_at_once = 4,
	                       .look = look,
	                       .is_mail_sent = true};
}

static struct proof_checked prove(const char *subject, enum sighting sighting, int64_t now)
{
	struct asking asking = asking_at(now);
	struct proof_plea plea = {.subject = bytes_of_string(subject), .method = BYTES_LITERAL("dns")};
	struct proof_begun begun;
	struct proof_checked checked;
	struct failure failure;
	seen = sighting;
	assert_int_equal(asking_begin_proof(&asking, &plea, &begun, &failure), STATUS_OK);
	assert_int_equal(asking_check_proof(&asking, begun.id, BYTES_NONE, &checked, &failure), STATUS_OK);
	return checked;
}

static void only_what_is_seen_proves(void **state)
{
	(void)state;
	for (enum sighting sighting = SIGHTING_NOT_SEEN; sighting <= SIGHTING_UNREACHABLE; sighting++) {
		struct proof_checked checked = prove("nobody.org", sighting, 1700000000);
		assert_int_equal(checked.state, sighting == SIGHTING_SEEN ? PROOF_PROVED : PROOF_PENDING);
		assert_int_equal(checked.token.len > 0, sighting == SIGHTING_SEEN);
	}
	/* Whatever anybody publishes there. */
	static const char *const nobodys[] = {"com", "co.uk", "onmicrosoft.com", "bob@contoso.com"};
	for (size_t i = 0; i < sizeof nobodys / sizeof *nobodys; i++)
		assert_int_equal(prove(nobodys[i], SIGHTING_SEEN, 1700000000).state, PROOF_PENDING);
}

static void old_evidence_and_providers_wait_for_the_operator(void **state)
{
	enum { YEAR = 31556952 };
	(void)state;
	assert_int_equal(prove("contoso.com", SIGHTING_SEEN, 1500000000 + 2 * YEAR - 10).state, PROOF_PROVED);
	struct proof_checked late = prove("contoso.com", SIGHTING_SEEN, 1500000000 + 2 * YEAR + 10);
	assert_int_equal(late.state, PROOF_PENDING);
	assert_true(late.awaits_operator);
	assert_int_equal(prove("fabrika.com", SIGHTING_SEEN, 1500000000 + 2 * YEAR + 10).state, PROOF_PROVED);
	assert_int_equal(prove("nobody.org", SIGHTING_SEEN, 1500000000 + 9 * (int64_t)YEAR).state, PROOF_PROVED);
	assert_true(prove("gmail.com", SIGHTING_SEEN, 1700000000).awaits_operator);
}

/* The journal may hold an answer that was not sent, never the other way round. */
static enum status stop_at_first(void *context, const struct minimised *document)
{
	(void)document;
	++*(unsigned *)context;
	return STATUS_INTERRUPTED;
}

static enum status count_answers(void *context, const struct journal_entry *entry)
{
	*(unsigned *)context += bytes_equal_string(entry->verb, "answer");
	return STATUS_OK;
}

static void an_answer_is_on_record_before_its_first_document(void **state)
{
	struct asking asking = asking_at(1700000000);
	struct proof_checked checked = prove("fabrika.com", SIGHTING_SEEN, 1700000000);
	struct asking_subject subject;
	struct gate_answer answer;
	struct failure failure;
	unsigned told = 0, recorded = 0;
	(void)state;
	assert_int_equal(asking_know(&asking, checked.token, &subject, &failure), STATUS_OK);
	assert_int_equal(asking_answer(&asking, &subject, UINT64_MAX, BYTES_NONE, stop_at_first, &told, &answer, &failure),
	                 STATUS_INTERRUPTED);
	gate_answer_free(&answer);
	assert_int_equal(told, 1);
	assert_int_equal(
		journal_show(desk.catalog, &(struct journal_question){.since = INT64_MIN}, count_answers, &recorded, &failure),
		STATUS_OK);
	assert_int_equal(recorded, 1);
	/* And what cannot be put on record is not told. */
	told = 0;
	assert_int_equal(asking_leave(&asking, checked.token, &failure), STATUS_OK);
	assert_int_equal(asking_know(&asking, checked.token, &subject, &failure), STATUS_DENIED);
	desk_close(&desk);
	assert_int_equal(desk_open(&desk, CATALOG_READ, NULL, &failure), STATUS_OK);
	assert_int_equal(desk_open_incident(&desk, INCIDENT_READ, &failure), STATUS_OK);
	assert_int_equal(asking_answer(&asking, &subject, UINT64_MAX, BYTES_NONE, stop_at_first, &told, &answer, &failure),
	                 STATUS_DENIED);
	gate_answer_free(&answer);
	assert_int_equal(told, 0);
}

static void what_became_of_an_appeal_is_told_to_its_subject(void **state)
{
	struct asking asking = asking_at(1700000000);
	struct asking_subject subject, other;
	struct asked_page page;
	struct failure failure;
	uint64_t nth;
	(void)state;
	assert_int_equal(asking_know(&asking, prove("fabrika.com", SIGHTING_SEEN, 1700000000).token, &subject, &failure),
	                 STATUS_OK);
	assert_int_equal(asking_know(&asking, prove("nobody.org", SIGHTING_SEEN, 1700000000).token, &other, &failure), STATUS_OK);
	for (unsigned i = 1; i <= ASKED_APPEALS_MAX + 2; i++) {
		const struct appeal_plea plea = {.kind = BYTES_LITERAL("other"), .text = BYTES_LITERAL("no")};
		assert_int_equal(asking_appeal(&asking, &subject, &plea, &nth, &failure), STATUS_OK);
		assert_int_equal(nth, i);
		if (i < 4)
			assert_int_equal(appeal_decide(desk.incident, i, i == 3, BYTES_LITERAL("anna"),
			                               BYTES_LITERAL("for the record"), 1700000100, &failure),
			                 STATUS_OK);
	}
	assert_int_equal(asking_asked(&asking, &subject, 10, BYTES_NONE, &page, &failure), STATUS_OK);
	assert_int_equal(page.appeal_count, ASKED_APPEALS_MAX);
	assert_int_equal(page.appeals[0].nth, ASKED_APPEALS_MAX + 2);
	assert_int_equal(page.appeals[0].state, APPEAL_OPEN);
	assert_int_equal(page.appeals[0].decided, CLOCK_UNKNOWN);
	assert_int_equal(page.appeals[ASKED_APPEALS_MAX - 1].nth, 3);
	assert_int_equal(page.appeals[ASKED_APPEALS_MAX - 1].state, APPEAL_GRANTED);
	assert_int_equal(page.appeals[ASKED_APPEALS_MAX - 1].decided, 1700000100);
	assert_int_equal(asking_asked(&asking, &other, 10, BYTES_NONE, &page, &failure), STATUS_OK);
	assert_int_equal(page.appeal_count, 0);
}

/* ---- while a sweep runs ---- */

/* The same path, and what is behind it now. */
static enum status sweep_meanwhile(void *context, const struct id *ids, size_t count)
{
	const struct leak_object now[] = {{"a.txt", context, context, 0, 1500000000, NULL}, leak[1]};
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	(void)ids;
	assert_int_equal(count, 1);
	assert_int_equal(catalog_open(&settings.place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, now, 2, NULL);
	incident_close(incident);
	catalog_close(catalog);
	return STATUS_OK;
}

static enum status count_told(void *context, const struct minimised *document)
{
	(void)document;
	++*(unsigned *)context;
	return STATUS_OK;
}

static unsigned told_while(const char *name, enum subject_kind kind, const char *text)
{
	struct gate_answer answer;
	struct failure failure;
	unsigned told = 0;
	const struct gate_question question = {.subject = {.kind = kind, .name = bytes_of_string(name)},
	                                       .incident_name = "default",
	                                       .limit = UINT64_MAX,
	                                       .found = sweep_meanwhile,
	                                       .found_context = (void *)(uintptr_t)text};
	assert_int_equal(gate_ask(desk.catalog, desk.incident, &question, count_told, &told, &answer, &failure), STATUS_OK);
	assert_int_equal(answer.sums.documents, told);
	gate_answer_free(&answer);
	return told;
}

static void what_becomes_another_s_meanwhile_is_told_to_nobody_else(void **state)
{
	(void)state;
	assert_int_equal(told_while("contoso.com", SUBJECT_ORGANISATION, "a second letter to bob@contoso.com"), 1);
	assert_int_equal(told_while("contoso.com", SUBJECT_ORGANISATION, "a letter to amy@litware.com"), 0);
	assert_int_equal(told_while("amy@litware.com", SUBJECT_PERSON, "a letter to bob@contoso.com"), 0);
}

static void the_helpdesk_answers_whom_somebody_proved(void **state)
{
	struct failure failure;
	struct helpdesk_question question = {.subject = {.kind = SUBJECT_ORGANISATION, .name = BYTES_LITERAL("fabrika.com")},
	                                     .ticket = BYTES_LITERAL("T-1"),
	                                     .operator_name = BYTES_LITERAL("anna"),
	                                     .limit = 10,
	                                     .now = 1700000000};
	(void)state;
	assert_int_equal(asking_may_help(&desk, &question, &failure), STATUS_DENIED);
	assert_int_equal(prove("fabrika.com", SIGHTING_SEEN, 1700000000).state, PROOF_PROVED);
	assert_int_equal(asking_may_help(&desk, &question, &failure), STATUS_OK);
	question.now += PROOF_SECONDS;
	assert_int_equal(asking_may_help(&desk, &question, &failure), STATUS_DENIED);
}

#define ASKING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASKING_TEST(replies_leave_at_50_ms_or_the_next_200),
		ASKING_TEST(beginning_reads_nothing_of_an_incident),
		ASKING_TEST(only_what_is_seen_proves),
		ASKING_TEST(old_evidence_and_providers_wait_for_the_operator),
		ASKING_TEST(an_answer_is_on_record_before_its_first_document),
		ASKING_TEST(what_became_of_an_appeal_is_told_to_its_subject),
		ASKING_TEST(what_becomes_another_s_meanwhile_is_told_to_nobody_else),
		ASKING_TEST(the_helpdesk_answers_whom_somebody_proved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
