/* SPDX-License-Identifier: Apache-2.0 */
/* Both conversations: every message of either, and every number that is none, in every state. */
#include "wire/extract-messages.h"
#include "wire/fetch-messages.h"
#include "wire/prove-messages.h"
#include "wire/send-messages.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* What a state permits: - without a descriptor, + with one, ? either way. */
struct expected {
	unsigned state;
	const char *permitted;
};

struct message {
	const char *name;
	unsigned char type;
};

/* clang-format off */
static const struct message extract_names[] = {
	{"JOB", EXTRACT_JOB}, {"WINDOW", EXTRACT_WINDOW}, {"FORK", EXTRACT_FORK}, {"KILL", EXTRACT_KILL}, {"FINISH", EXTRACT_FINISH},
	{"REGISTER", EXTRACT_REGISTER}, {"REGISTERED", EXTRACT_REGISTERED},
	{"RULES", EXTRACT_RULES}, {"RULE", EXTRACT_RULE}, {"ALLOWED", EXTRACT_ALLOWED},
	{"READY", EXTRACT_READY}, {"BEGIN", EXTRACT_BEGIN}, {"PROGRESS", EXTRACT_PROGRESS}, {"WANT", EXTRACT_WANT},
	{"DOCUMENT", EXTRACT_DOCUMENT}, {"TEXT", EXTRACT_TEXT}, {"FINDINGS", EXTRACT_FINDINGS},
	{"ORGANISATIONS", EXTRACT_ORGANISATIONS}, {"FACTS", EXTRACT_FACTS}, {"DOCUMENT_END", EXTRACT_DOCUMENT_END},
	{"WHOLE_DOCUMENT", EXTRACT_WHOLE_DOCUMENT}, {"DONE", EXTRACT_DONE}, {"FORKED", EXTRACT_FORKED}, {"REAPED", EXTRACT_REAPED},
	{"ACCESSES", EXTRACT_ACCESSES},
};
/* clang-format on */

static const struct expected extract_expected[EXTRACT_STATE_COUNT] = {
	{EXTRACT_SILENT, ""},
	{EXTRACT_COMES_UP, "READY-"},
	{EXTRACT_FORKS, "FORKED-"},
	{EXTRACT_REAPS, "REAPED-"},
	{EXTRACT_REGISTERS, "REGISTERED-"},
	{EXTRACT_READS, "BEGIN- PROGRESS- WANT- ACCESSES- DOCUMENT- WHOLE_DOCUMENT-"},
	{EXTRACT_TELLS, "TEXT- FINDINGS- ORGANISATIONS- FACTS- DOCUMENT_END-"},
	{EXTRACT_TELLS_TEXT, "TEXT- FINDINGS- ORGANISATIONS- FACTS- DOCUMENT_END-"},
	{EXTRACT_TELLS_FINDINGS, "FINDINGS- ORGANISATIONS- FACTS- DOCUMENT_END-"},
	{EXTRACT_TELLS_ORGANISATIONS, "ORGANISATIONS- FACTS- DOCUMENT_END-"},
	{EXTRACT_TELLS_FACTS, "FACTS- DOCUMENT_END-"},
	{EXTRACT_HAS_READ, "DONE-"},
	{EXTRACT_IDLES, "JOB?"},
	{EXTRACT_WAITS, "WINDOW?"},
	{EXTRACT_BREEDS, "FORK+ REGISTER+ KILL- FINISH- RULES- RULE- ALLOWED-"},
};

static const struct message fetch_names[] = {
	{"SETUP", FETCH_SETUP},       {"SCOPE", FETCH_SCOPE}, {"TARGET", FETCH_TARGET},   {"SETUP_END", FETCH_SETUP_END},
	{"LANE", FETCH_LANE},         {"LIST", FETCH_LIST},   {"PROBE", FETCH_PROBE},     {"GET", FETCH_GET},
	{"RANGE", FETCH_RANGE},       {"READY", FETCH_READY}, {"OBJECTS", FETCH_OBJECTS}, {"PAGE_END", FETCH_PAGE_END},
	{"VERDICT", FETCH_VERDICT},   {"GOT", FETCH_GOT},     {"WINDOW", FETCH_WINDOW},   {"FAILED", FETCH_FAILED},
	{"PROGRESS", FETCH_PROGRESS},
};

static const struct expected fetch_expected[FETCH_STATE_COUNT] = {
	{FETCH_COMES_UP, "READY- FAILED-"},
	{FETCH_LISTS, "OBJECTS- PAGE_END- FAILED-"},
	{FETCH_PROBES, "VERDICT- FAILED-"},
	{FETCH_GETS, "PROGRESS- GOT? FAILED-"},
	{FETCH_READS_RANGE, "PROGRESS- WINDOW+ FAILED-"},
	{FETCH_HAS_ANSWERED, ""},
	{FETCH_AWAITS_SETUP, "SETUP?"},
	{FETCH_AWAITS_TARGET, "SCOPE- TARGET-"},
	{FETCH_AWAITS_LANES, "LANE+ SETUP_END-"},
	{FETCH_SERVES, "LIST- PROBE-"},
	{FETCH_SERVES_LANE, "GET- RANGE-"},
	{FETCH_IS_BUSY, ""},
};

static const struct message prove_names[] = {
	{"SETUP", PROVE_SETUP},       {"ANCHOR", PROVE_ANCHOR}, {"AUTHORITY", PROVE_AUTHORITY},
	{"QUESTION", PROVE_QUESTION}, {"ANSWER", PROVE_ANSWER}, {"FAILED", PROVE_FAILED},
};

static const struct expected prove_expected[PROVE_STATE_COUNT] = {
	{PROVE_AWAITS_ANSWER, "ANSWER- FAILED-"},
	{PROVE_AWAITS_SETUP, "SETUP-"},
	{PROVE_AWAITS_QUESTION, "ANCHOR- AUTHORITY- QUESTION-"},
	{PROVE_IS_ASKED, ""},
};

static const struct message send_names[] = {
	{"MAIL", SEND_MAIL}, {"POST", SEND_POST}, {"HEADER", SEND_HEADER}, {"AUTHORITY", SEND_AUTHORITY}, {"BODY", SEND_BODY},
	{"END", SEND_END},   {"GO", SEND_GO},     {"SENT", SEND_SENT},     {"FAILED", SEND_FAILED},       {"READY", SEND_READY},
};

static const struct expected send_expected[SEND_STATE_COUNT] = {
	{SEND_AWAITS_VERDICT, "SENT- FAILED- READY-"},
	{SEND_AWAITS_END, "SENT- FAILED-"},
	{SEND_AWAITS_FIRST, "MAIL- POST-"},
	{SEND_AWAITS_POST, "HEADER- AUTHORITY- BODY- END-"},
	{SEND_AWAITS_BODY, "AUTHORITY- BODY- END-"},
	{SEND_AWAITS_GO, "GO-"},
	{SEND_IS_ASKED, ""},
};

static const char *name_of(const struct message *names, size_t count, unsigned type)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

static char expected_of(const struct expected *expected, const char *name)
{
	size_t length = name != NULL ? strlen(name) : 0;
	for (const char *at = expected->permitted; name != NULL && *at != '\0'; at++)
		if ((at == expected->permitted || at[-1] == ' ') && strncmp(at, name, length) == 0 &&
		    strchr("-+?", at[length]) != NULL)
			return at[length];
	return '.';
}

static bool is_permitted(const struct permit_table *table, unsigned state, unsigned type, size_t length, bool with_descriptor)
{
	static unsigned char fields[WIRE_FRAME_MAX];
	unsigned char after = (unsigned char)state;
	int descriptor = with_descriptor ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
	struct wire_reader reader = {.type = (unsigned char)type, .rest = bytes_of(fields, length), .descriptor = descriptor};
	enum status status = permit_message(table, &after, &reader);
	if (status == STATUS_OK) {
		assert_int_equal(reader.descriptor, descriptor);
		wire_drop(&reader);
		return true;
	}
	/* What was refused leaves nothing behind. */
	assert_int_equal(status, STATUS_MALFORMED);
	assert_int_equal(after, state);
	assert_int_equal(reader.descriptor, -1);
	assert_true(descriptor < 0 || fcntl(descriptor, F_GETFD) < 0);
	return false;
}

static void assert_table(const struct permit_table *table, const struct expected *expected, unsigned states,
                         const struct message *names, size_t count)
{
	size_t permitted = 0;
	for (unsigned state = 0; state < states; state++) {
		assert_int_equal(expected[state].state, state);
		for (unsigned type = 0; type <= UINT8_MAX; type++) {
			const char *name = name_of(names, count, type);
			char wanted = expected_of(&expected[state], name);
			bool without = is_permitted(table, state, type, 0, false),
			     with = is_permitted(table, state, type, 0, true);
			if (without != (wanted == '-' || wanted == '?') || with != (wanted == '+' || wanted == '?'))
				fail_msg("state %u: %s %s%s", state, name != NULL ? name : "no message",
				         without ? "without " : "", with ? "with" : "");
			permitted += wanted != '.';
		}
	}
	/* No row of a state or message that there is not, and none twice. */
	assert_int_equal(table->count, permitted);
	for (unsigned state = states; state <= UINT8_MAX; state++)
		for (unsigned type = 0; type <= UINT8_MAX; type++)
			assert_false(is_permitted(table, state, type, 0, false));
}

static void test_each_message_of_extract_has_its_states(void **state)
{
	(void)state;
	assert_table(&extract_permits, extract_expected, EXTRACT_STATE_COUNT, extract_names,
	             sizeof extract_names / sizeof *extract_names);
}

static void test_each_message_of_fetch_has_its_states(void **state)
{
	(void)state;
	assert_table(&fetch_permits, fetch_expected, FETCH_STATE_COUNT, fetch_names, sizeof fetch_names / sizeof *fetch_names);
}

static void test_each_message_of_the_other_roles_has_its_states(void **state)
{
	(void)state;
	assert_table(&prove_permits, prove_expected, PROVE_STATE_COUNT, prove_names, sizeof prove_names / sizeof *prove_names);
	assert_table(&send_permits, send_expected, SEND_STATE_COUNT, send_names, sizeof send_names / sizeof *send_names);
}

static void assert_maxima(const struct permit_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct permit *row = &table->rows[i];
		bool with = row->descriptor == PERMIT_A_DESCRIPTOR;
		assert_true(row->maximum <= PERMIT_FRAME);
		assert_true(is_permitted(table, row->state, row->type, row->maximum, with));
		if (row->maximum < PERMIT_FRAME)
			assert_false(is_permitted(table, row->state, row->type, row->maximum + 1, with));
	}
}

static void test_no_message_is_longer_than_its_row_says(void **state)
{
	(void)state;
	assert_maxima(&extract_permits);
	assert_maxima(&fetch_permits);
	assert_maxima(&prove_permits);
	assert_maxima(&send_permits);
}

/* The longest that we word ourselves fits. */
static void test_the_longest_honest_messages_are_permitted(void **state)
{
	static struct wire_writer writer;
	static struct extract_job job;
	static char long_path[EXTRACT_PATH_MAX], long_text[WIRE_CHUNK];
	(void)state;
	job.has_sha256 = true;
	job.name = bytes_of(long_path, sizeof long_path);
	for (job.skip_count = 0; job.skip_count < EXTRACT_SKIP_MAX; job.skip_count++)
		job.skips[job.skip_count] = (struct extract_skip){job.name, OUTCOME_CRASHED};
	extract_put_job(&writer, &job);
	assert_false(writer.overflowed);
	assert_true(is_permitted(&extract_permits, EXTRACT_IDLES, EXTRACT_JOB, writer.len - 2, true));
	extract_put_begin(&writer, 1, job.name);
	assert_true(is_permitted(&extract_permits, EXTRACT_READS, EXTRACT_BEGIN, writer.len - 2, false));
	extract_put_window(&writer, UINT64_MAX, EXTRACT_WINDOW_SIZE, STATUS_OK);
	assert_true(is_permitted(&extract_permits, EXTRACT_WAITS, EXTRACT_WINDOW, writer.len - 2, true));
	fetch_put_scope(&writer, bytes_of(long_text, sizeof long_text));
	assert_true(is_permitted(&fetch_permits, FETCH_AWAITS_TARGET, FETCH_SCOPE, writer.len - 2, false));
	fetch_put_window(&writer, UINT64_MAX, FETCH_WINDOW_SIZE);
	assert_true(is_permitted(&fetch_permits, FETCH_READS_RANGE, FETCH_WINDOW, writer.len - 2, true));
	fetch_put_range(&writer, UINT64_MAX);
	assert_true(is_permitted(&fetch_permits, FETCH_SERVES_LANE, FETCH_RANGE, writer.len - 2, false));
	fetch_put_progress(&writer, UINT64_MAX);
	assert_true(is_permitted(&fetch_permits, FETCH_GETS, FETCH_PROGRESS, writer.len - 2, false));
}

static void test_a_message_leads_to_the_state_behind_it(void **state)
{
	static const struct {
		unsigned char type, behind;
	} steps[] = {
		{EXTRACT_BEGIN, EXTRACT_READS},
		{EXTRACT_WHOLE_DOCUMENT, EXTRACT_READS},
		{EXTRACT_DOCUMENT, EXTRACT_TELLS},
		{EXTRACT_TEXT, EXTRACT_TELLS_TEXT},
		{EXTRACT_TEXT, EXTRACT_TELLS_TEXT},
		{EXTRACT_FINDINGS, EXTRACT_TELLS_FINDINGS},
		{EXTRACT_ORGANISATIONS, EXTRACT_TELLS_ORGANISATIONS},
		{EXTRACT_FACTS, EXTRACT_TELLS_FACTS},
		{EXTRACT_DOCUMENT_END, EXTRACT_READS},
		{EXTRACT_PROGRESS, EXTRACT_READS},
	};
	unsigned char at = EXTRACT_READS, setup = FETCH_AWAITS_SETUP;
	static const unsigned char words[] = {FETCH_SETUP, FETCH_SCOPE, FETCH_SCOPE, FETCH_TARGET, FETCH_SETUP_END, FETCH_LIST};
	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct wire_reader reader = {.type = steps[i].type, .descriptor = -1};
		assert_int_equal(permit_message(&extract_permits, &at, &reader), STATUS_OK);
		assert_int_equal(at, steps[i].behind);
	}
	for (size_t i = 0; i < sizeof words; i++) {
		struct wire_reader reader = {.type = words[i], .descriptor = -1};
		assert_int_equal(permit_message(&fetch_permits, &setup, &reader), STATUS_OK);
	}
	assert_int_equal(setup, FETCH_IS_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_message_of_extract_has_its_states),
		cmocka_unit_test(test_each_message_of_fetch_has_its_states),
		cmocka_unit_test(test_each_message_of_the_other_roles_has_its_states),
		cmocka_unit_test(test_no_message_is_longer_than_its_row_says),
		cmocka_unit_test(test_the_longest_honest_messages_are_permitted),
		cmocka_unit_test(test_a_message_leads_to_the_state_behind_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
