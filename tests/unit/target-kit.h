/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of targets and of what is asked of them share: an arena for each test, targets as a person writes them, and
 * bytes held against text. To be included behind cmocka's other headers. */
#ifndef TIDEMARK_TESTS_UNIT_TARGET_KIT_H
#define TIDEMARK_TESTS_UNIT_TARGET_KIT_H

#include "scope/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MAY_BE_UNUSED __attribute__((unused))

static struct arena arena;

MAY_BE_UNUSED static int make_arena(void **state)
{
	(void)state;
	arena = arena_with_ceiling(64 << 20);
	return 0;
}

static int free_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

MAY_BE_UNUSED static struct target target_of(const char *written)
{
	struct target target = {.port = 0};
	struct failure failure = {.why = ""};
	enum status status = target_parse(bytes_of_string(written), &arena, &target, &failure);
	if (status != STATUS_OK)
		print_error("%s: %s\n", written, failure.why);
	assert_int_equal(status, STATUS_OK);
	return target;
}

MAY_BE_UNUSED static void assert_text(struct bytes bytes, const char *text)
{
	if (!bytes_equal_string(bytes, text))
		print_error("got  %.*s\nwant %s\n", (int)bytes.len, (const char *)bytes.at, text != NULL ? text : "");
	assert_true(bytes_equal_string(bytes, text));
}

#endif
