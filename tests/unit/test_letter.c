/* SPDX-License-Identifier: Apache-2.0 */
/* Letters weigh what they take, so that the budget of a queue is one of memory. */
#include "sweep/letter.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FINDINGS = 40 };
#define BUDGET ((size_t)8 << 20)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { HAS_OWN_MALLOC = true };
#elif defined(__has_feature)
enum { HAS_OWN_MALLOC = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) };
#else
enum { HAS_OWN_MALLOC = false };
#endif

/* Bytes that malloc has given out, by its own account. */
static size_t memory_taken(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

static struct letter *write_letter(size_t text, size_t findings)
{
	static char letters[70000];
	static struct finding found[FINDINGS];
	struct letter *letter = letter_new(LETTER_DOCUMENT, 0);
	memset(letters, 'a', sizeof letters);
	for (size_t i = 0; i < FINDINGS; i++)
		found[i] = (struct finding){.kind = FINDING_EMAIL,
		                            .value = BYTES_LITERAL("bob@contoso.com"),
		                            .raw = BYTES_LITERAL("Bob@contoso.com"),
		                            .rule = BYTES_LITERAL("email/1")};
	struct document_record record = {.inner_path = BYTES_LITERAL("mail/1.eml"),
	                                 .media_type = BYTES_LITERAL("text/plain"),
	                                 .text = bytes_of(letters, text),
	                                 .findings = found,
	                                 .finding_count = findings};
	assert_non_null(letter);
	assert_int_equal(letter_copy_document(letter, &record, true), STATUS_OK);
	return letter;
}

/* As many letters as a budget admits. */
static void fill(struct queue *queue, size_t text, size_t findings)
{
	for (size_t weight = 0;;) {
		struct letter *letter = write_letter(text, findings);
		weight += letter_weight(letter);
		if (weight > BUDGET) {
			letter_free(letter);
			return;
		}
		assert_int_equal(queue_push(queue, letter, letter_weight(letter)), STATUS_OK);
	}
}

static void the_budget_of_a_queue_bounds_the_memory_of_its_letters(void **state)
{
	static const struct {
		size_t text, findings;
	} sizes[] = {
		{0, 0},    {10, 0},          {100, 1},   {500, 2},   {900, 0},
		{1500, 5}, {3000, FINDINGS}, {20000, 3}, {64000, 0}, {70000, FINDINGS},
	};
	(void)state;
	if (HAS_OWN_MALLOC)
		skip();
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct queue *queue;
		void *letter;
		size_t before = memory_taken();
		assert_int_equal(queue_new(BUDGET, &queue), STATUS_OK);
		fill(queue, sizes[i].text, sizes[i].findings);
		size_t taken = memory_taken() - before;
		/* The queue's own links are not weighed. And nothing weighs so much that letters wait for room that is there. */
		assert_in_range(taken, BUDGET * 3 / 4, BUDGET + BUDGET / 20);
		while (queue_take_within(queue, 0, &letter) == STATUS_OK)
			letter_free(letter);
		queue_free(queue);
	}
}

/* What a letter takes beside its contents. */
static void a_small_letter_is_small(void **state)
{
	(void)state;
	struct letter *letter = write_letter(100, 1);
	assert_in_range(letter_weight(letter), sizeof *letter + 100, sizeof *letter + 3000);
	letter_free(letter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_budget_of_a_queue_bounds_the_memory_of_its_letters),
		cmocka_unit_test(a_small_letter_is_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
