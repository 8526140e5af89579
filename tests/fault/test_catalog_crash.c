/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sweep killed anywhere and run again ends as one that was left in peace: the
 * same counts, a whole catalog, nothing read again after its row was stored. And
 * a disk that fills up: a clear error, nothing lost, and the sweep goes on.
 */
#include "contract/backend/leak.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OBJECTS = 40, PAGE = 8, CHECKPOINT_EVERY = 7 };

/* What a killed child leaves behind. */
struct trace {
	unsigned calls;
	bool finished[OBJECTS], stored[OBJECTS];
	unsigned read_again;
};

static struct leak_object objects[OBJECTS];
static char names[OBJECTS][32], texts[OBJECTS][4096];
static const struct leak_part parts[] = {
	{"one.eml", "the first part, of anna@fabrikam.com", 0},
	{"one.eml!/two.txt", "the second, of eve@third.org", 1},
	{"three.txt", "the last", 0},
	{NULL, NULL, 0},
};

static int make_objects(void **state)
{
	(void)state;
	for (int i = 0; i < OBJECTS; i++) {
		snprintf(names[i], sizeof names[i], "dir-%d/object-%02d.zip", i % 3, i);
		int length = snprintf(texts[i], sizeof texts[i], "object %d of bob%d@contoso.com ", i, i % 7);
		for (int n = 0; n < 40 * (i % 5); n++)
			length += snprintf(texts[i] + length, sizeof texts[i] - (size_t)length, "word%d ", n * i);
		objects[i] = (struct leak_object){names[i], texts[i], NULL, 0, 0, i % 4 == 0 ? parts : NULL};
	}
	return 0;
}

static void must(enum status status, const struct failure *failure)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", status_name(status), failure->where, failure->why);
}

/* ---- one run ---- */

struct run {
	struct trace *trace;
	unsigned kill_at; /* the call before which it dies; 0: never */
	struct incident *incident;
	uint64_t sweep;
};

static void step(struct run *run)
{
	if (++run->trace->calls == run->kill_at)
		kill(getpid(), SIGKILL);
}

static void checkpoint(struct run *run)
{
	struct failure failure;
	step(run);
	must(sweep_checkpoint(run->incident, &failure), &failure);
	memcpy(run->trace->stored, run->trace->finished, sizeof run->trace->stored);
}

static void list_objects(struct run *run)
{
	struct buffer cursor = buffer_with_ceiling(64);
	bool is_done = false;
	assert_int_equal(sweep_cursor(run->incident, 0, &cursor, &is_done), STATUS_OK);
	size_t at = cursor.len > 0 ? strtoul(buffer_string(&cursor), NULL, 10) : 0;
	buffer_free(&cursor);
	for (; !is_done && at < OBJECTS; at += PAGE) {
		struct listed_object page[PAGE] = {0};
		struct failure failure;
		char next[16];
		for (size_t i = 0; i < PAGE; i++)
			page[i] = (struct listed_object){.object = {.name = bytes_of_string(objects[at + i].name),
			                                            .size = strlen(objects[at + i].text),
			                                            .modified = 1600000000,
			                                            .created = CLOCK_UNKNOWN}};
		snprintf(next, sizeof next, "%zu", at + PAGE);
		step(run);
		must(leak_put_page(run->incident, 0, page, PAGE, bytes_of_string(next), at + PAGE == OBJECTS, &failure),
		     &failure);
	}
}

static size_t number_of(struct bytes name)
{
	for (size_t i = 0; i < OBJECTS; i++)
		if (bytes_equal_string(name, objects[i].name))
			return i;
	fail();
	return 0;
}

/* What the full-disk test listed besides. */
static void settle_stray(struct run *run, const struct id *id)
{
	struct failure failure;
	struct object_record end = {.outcome = OUTCOME_ABSENT};
	must(leak_end_object(run->incident, id, &end, &failure), &failure);
}

static void read_pending(struct run *run)
{
	struct arena arena = arena_with_ceiling(1u << 20);
	struct pending_object pending;
	struct buffer position = buffer_with_ceiling(64);
	size_t count = 0;
	while (sweep_pending(run->incident, &position, 1, &arena, &pending, &count) == STATUS_OK && count > 0) {
		if (bytes_start_with(pending.object.name, BYTES_LITERAL("some/"))) {
			settle_stray(run, &pending.id);
			continue;
		}
		size_t number = number_of(pending.object.name);
		if (run->trace->stored[number])
			run->trace->read_again++;
		step(run);
		leak_read(run->incident, &objects[number]);
		run->trace->finished[number] = true;
		if (number % CHECKPOINT_EVERY == 0)
			checkpoint(run);
		arena_reset(&arena);
	}
	arena_free(&arena);
	buffer_free(&position);
}

static void run_sweep(const char *directory, struct run *run, struct sweep_summary *ret_summary)
{
	struct catalog_place place = leak_place(directory);
	struct catalog *catalog;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	step(run);
	must(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), &failure);
	step(run);
	must(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &run->incident, &failure), &failure);
	step(run);
	must(sweep_begin(run->incident, &plan, &begun, &failure), &failure);
	run->sweep = begun.sweep;
	list_objects(run);
	read_pending(run);
	checkpoint(run);
	if (ret_summary != NULL)
		must(sweep_summarise(run->incident, ret_summary, &failure), &failure);
	step(run);
	must(sweep_end(run->incident, true, &failure), &failure);
	step(run);
	incident_close(run->incident);
	catalog_close(catalog);
}

/* ---- comparing ---- */

static enum status ignore_damage(void *context, const struct damage *damage)
{
	buffer_append(context, damage->what);
	return STATUS_OK;
}

static enum status count_view(void *context, const struct document_view *view)
{
	(void)view;
	++*(size_t *)context;
	return STATUS_OK;
}

static size_t count_hits(struct incident *incident, const struct query_node *root)
{
	struct query query = {.root = root};
	struct search_totals totals;
	struct failure failure;
	struct buffer cursor = buffer_with_ceiling(1024);
	size_t count = 0;
	must(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), &failure);
	assert_int_equal(totals.total, count);
	buffer_free(&cursor);
	return count;
}

static void check_whole(const char *directory)
{
	struct catalog_place place = leak_place(directory);
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1u << 20);
	struct buffer text = buffer_with_ceiling(1u << 16);
	uint64_t pages;
	struct query_node word = {.operation = QUERY_TERM, .field = QUERY_TEXT, .text = BYTES_LITERAL("contoso")};
	struct query_node part = {.operation = QUERY_TERM, .field = QUERY_NAME, .text = BYTES_LITERAL("two.txt")};
	must(catalog_open(&place, CATALOG_APPEND, &catalog, NULL, &failure), &failure);
	if (catalog_verify(catalog, ignore_damage, &text, &pages, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.why, buffer_string(&text));
	must(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &failure), &failure);
	assert_int_equal(count_hits(incident, NULL), OBJECTS + 30);
	assert_int_equal(count_hits(incident, &word), OBJECTS);
	assert_int_equal(count_hits(incident, &part), 10);
	must(incident_ledger(incident, &arena, &ledger, &failure), &failure);
	assert_int_equal(ledger.documents.references, OBJECTS + 30);
	assert_int_equal(ledger.documents.distinct, OBJECTS + 3);
	assert_int_equal(ledger.emails.references, OBJECTS + 20);
	assert_int_equal(ledger.emails.distinct, 7 + 2);
	incident_close(incident);
	catalog_close(catalog);
	arena_free(&arena);
	buffer_free(&text);
}

static void check_same(const struct sweep_summary *one, const struct sweep_summary *other)
{
	assert_memory_equal(&one->objects, &other->objects, sizeof one->objects);
	assert_memory_equal(&one->bytes, &other->bytes, sizeof one->bytes);
	assert_memory_equal(one->outcomes, other->outcomes, sizeof one->outcomes);
	assert_memory_equal(one->inner, other->inner, sizeof one->inner);
	assert_memory_equal(one->findings, other->findings, sizeof one->findings);
	assert_int_equal(one->documents, other->documents);
}

static struct trace *shared_trace(void)
{
	struct trace *trace = mmap(NULL, sizeof *trace, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(trace, MAP_FAILED);
	return trace;
}

static struct sweep_summary undisturbed(unsigned *ret_calls)
{
	struct trace *trace = shared_trace();
	struct run run = {.trace = trace};
	struct sweep_summary summary;
	char *directory = leak_directory();
	run_sweep(directory, &run, &summary);
	check_whole(directory);
	assert_int_equal(summary.objects.read, OBJECTS);
	*ret_calls = trace->calls;
	leak_remove(directory);
	munmap(trace, sizeof *trace);
	return summary;
}

static void finish_after(const char *directory, struct trace *trace, const struct sweep_summary *expected)
{
	struct run run = {.trace = trace};
	struct sweep_summary summary;
	run_sweep(directory, &run, &summary);
	/* Killed behind its end it was a finished sweep: this one is the next, and nothing has changed. */
	if (run.sweep == 1)
		check_same(expected, &summary);
	else
		assert_int_equal(summary.objects.unchanged, OBJECTS);
	assert_int_equal(trace->read_again, 0);
	check_whole(directory);
}

/* ---- the tests ---- */

static void live_and_die(const char *directory, struct trace *trace, unsigned kill_at, useconds_t after)
{
	int how;
	pid_t child = fork();
	if (child == 0) {
		struct run run = {.trace = trace, .kill_at = kill_at};
		run_sweep(directory, &run, NULL);
		_exit(0);
	}
	if (kill_at == 0) {
		usleep(after);
		kill(child, SIGKILL);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) || WEXITSTATUS(how) == 0);
}

static void a_sweep_killed_at_any_call_ends_the_same(void **state)
{
	unsigned calls = 0;
	struct sweep_summary expected = undisturbed(&calls);
	(void)state;
	for (unsigned at = 1; at <= calls; at++) {
		struct trace *trace = shared_trace();
		char *directory = leak_directory();
		live_and_die(directory, trace, at, 0);
		trace->calls = 0;
		finish_after(directory, trace, &expected);
		leak_remove(directory);
		munmap(trace, sizeof *trace);
	}
}

static void a_sweep_killed_at_any_moment_ends_the_same(void **state)
{
	unsigned calls = 0;
	struct sweep_summary expected = undisturbed(&calls);
	(void)state;
	srand(20220924);
	for (int round = 0; round < 25; round++) {
		struct trace *trace = shared_trace();
		char *directory = leak_directory();
		for (int life = 0; life < 3; life++)
			live_and_die(directory, trace, 0, (useconds_t)(rand() % 80000));
		finish_after(directory, trace, &expected);
		leak_remove(directory);
		munmap(trace, sizeof *trace);
	}
}

/* ---- a slow object ---- */

static struct incident *open_incident(struct catalog *catalog, enum incident_mode mode)
{
	struct incident *incident;
	struct failure failure;
	must(incident_open(catalog, BYTES_LITERAL("default"), mode, &incident, &failure), &failure);
	return incident;
}

/* Reads one object and waits for another one that does not come, as the writer of a sweep does; dies once somebody else
 * can see the first. */
static void wait_for_slow_object(const char *directory)
{
	struct catalog_place place = leak_place(directory);
	struct catalog *catalog, *other;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	must(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), &failure);
	struct incident *incident = open_incident(catalog, INCIDENT_SWEEP);
	must(sweep_begin(incident, &plan, &begun, &failure), &failure);
	leak_list(incident, objects, 2, true);
	leak_read(incident, &objects[0]);
	must(catalog_open(&place, CATALOG_READ, &other, NULL, &failure), &failure);
	struct incident *reader = open_incident(other, INCIDENT_READ);
	for (int tries = 0; tries < 600; tries++) {
		must(sweep_checkpoint_if_due(incident, &failure), &failure);
		if (leak_find(reader, QUERY_OUTCOME, "read")[0] != '\0')
			kill(getpid(), SIGKILL);
		usleep(100000);
	}
	_exit(2);
}

static void a_slow_object_holds_up_no_other(void **state)
{
	char *directory = leak_directory();
	struct catalog_place place = leak_place(directory);
	struct catalog *catalog;
	struct failure failure;
	int how;
	(void)state;
	pid_t child = fork();
	if (child == 0)
		wait_for_slow_object(directory);
	assert_int_equal(waitpid(child, &how, 0), child);
	if (!WIFSIGNALED(how) || WTERMSIG(how) != SIGKILL)
		fail_msg("exit %d", WEXITSTATUS(how));
	must(catalog_open(&place, CATALOG_READ, &catalog, NULL, &failure), &failure);
	struct incident *incident = open_incident(catalog, INCIDENT_READ);
	assert_non_null(strstr(leak_find(incident, QUERY_OUTCOME, "read"), objects[0].name));
	assert_string_equal(leak_find(incident, QUERY_OUTCOME, "listed_only"), objects[1].name);
	incident_close(incident);
	catalog_close(catalog);
	leak_remove(directory);
}

/* ---- a full disk ---- */

/* Files may not outgrow a limit: the child meets it somewhere in its sweep and must say so cleanly. */
static void sweep_within(const char *directory, rlim_t limit)
{
	struct rlimit size = {limit, RLIM_INFINITY};
	struct catalog_place place = leak_place(directory);
	struct catalog *catalog;
	struct incident *incident = NULL;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct listed_object listed = {.object = {.size = 3000, .modified = 1, .created = CLOCK_UNKNOWN}};
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &size);
	enum status status = catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure);
	if (status == STATUS_OK)
		status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure);
	if (status == STATUS_OK)
		status = sweep_begin(incident, &plan, &begun, &failure);
	bool has_begun = status == STATUS_OK;
	for (unsigned i = 0; i < 100000 && status == STATUS_OK; i++) {
		char name[64];
		snprintf(name, sizeof name, "some/rather/long/name/of/an/object/%u", i * 2654435761u);
		listed.object.name = bytes_of_string(name);
		status = leak_put_page(incident, 0, &listed, 1, BYTES_LITERAL("0"), false, &failure);
	}
	/* What failed once fails for ever on this handle. */
	if (has_begun && status == STATUS_NO_SPACE && sweep_checkpoint(incident, &failure) != STATUS_NO_SPACE)
		_exit(2);
	if (status != STATUS_NO_SPACE)
		fprintf(stderr, "%s: %s: %s\n", status_name(status), failure.where, failure.why);
	_exit(status == STATUS_NO_SPACE && strstr(failure.why, "no space is left") != NULL ? 0 : 1 + (int)status);
}

static void a_full_disk_is_a_clear_error_and_loses_nothing(void **state)
{
	/* 5000 and 20000: it is the log's index that cannot grow. */
	static const rlim_t limits[] = {100, 5000, 20000, 40000, 90000, 200000, 700000};
	unsigned calls = 0;
	struct sweep_summary expected = undisturbed(&calls);
	(void)state;
	(void)expected;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		char *directory = leak_directory();
		int how;
		pid_t child = fork();
		if (child == 0)
			sweep_within(directory, limits[i]);
		assert_int_equal(waitpid(child, &how, 0), child);
		if (how != 0)
			fail_msg("limit %ld: exit %d signal %d", (long)limits[i], WEXITSTATUS(how), WTERMSIG(how));
		/* With room again the same command goes on. */
		struct run run = {.trace = shared_trace()};
		struct sweep_summary summary;
		run_sweep(directory, &run, &summary);
		assert_int_equal(run.sweep, 1);
		assert_int_equal(summary.objects.read, OBJECTS);
		munmap(run.trace, sizeof *run.trace);
		leak_remove(directory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sweep_killed_at_any_call_ends_the_same),
		cmocka_unit_test(a_sweep_killed_at_any_moment_ends_the_same),
		cmocka_unit_test(a_slow_object_holds_up_no_other),
		cmocka_unit_test(a_full_disk_is_a_clear_error_and_loses_nothing),
	};
	return cmocka_run_group_tests(tests, make_objects, NULL);
}
