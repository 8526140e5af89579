/* SPDX-License-Identifier: Apache-2.0 */
/* Allocators that count, and fail when told to; trying them out on some work. */
#include "fault/failing-memory.h"

#include "contract/backend/leak.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>
#include <unistd.h>

enum { TRIES = 30 };

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
char *__wrap_strdup(const char *text);

static struct {
	bool is_armed, has_failed;
	struct memory_end end;
	unsigned counts[ALLOCATORS];
} memory;

static bool fails_now(enum allocator allocator)
{
	if (!memory.is_armed)
		return false;
	memory.counts[allocator]++;
	if (memory.has_failed)
		return memory.end.is_final;
	memory.has_failed = allocator == memory.end.allocator && memory.counts[allocator] == memory.end.at;
	return memory.has_failed;
}

void *__wrap_malloc(size_t size)
{
	return fails_now(OURS) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails_now(OURS) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
	return fails_now(OURS) ? NULL : __real_realloc(at, size);
}

char *__wrap_strdup(const char *text)
{
	return fails_now(OURS) ? NULL : __real_strdup(text);
}

static sqlite3_mem_methods sqlite_methods;

static void *allocate_for_sqlite(int size)
{
	return fails_now(LIBRARIES) ? NULL : sqlite_methods.xMalloc(size);
}

static void *reallocate_for_sqlite(void *at, int size)
{
	return fails_now(LIBRARIES) ? NULL : sqlite_methods.xRealloc(at, size);
}

static void *allocate_for_openssl(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails_now(LIBRARIES) ? NULL : __real_malloc(size);
}

static void *reallocate_for_openssl(void *at, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails_now(LIBRARIES) ? NULL : __real_realloc(at, size);
}

static void free_for_openssl(void *at, const char *file, int line)
{
	(void)file;
	(void)line;
	free(at);
}

int memory_take_over(void **state)
{
	(void)state;
	/* What ends here is memory: the disk need not be a slow one. */
	if (access("/dev/shm", W_OK | X_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	if (CRYPTO_set_mem_functions(allocate_for_openssl, reallocate_for_openssl, free_for_openssl) != 1 ||
	    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_methods) != SQLITE_OK)
		return -1;
	sqlite3_mem_methods methods = sqlite_methods;
	methods.xMalloc = allocate_for_sqlite;
	methods.xRealloc = reallocate_for_sqlite;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK ? 0 : -1;
}

void memory_arm(struct memory_end end)
{
	memory.is_armed = true;
	memory.has_failed = false;
	memory.end = end;
	memset(memory.counts, 0, sizeof memory.counts);
}

unsigned memory_disarm(void)
{
	memory.is_armed = false;
	return memory.counts[OURS] + memory.counts[LIBRARIES];
}

void note(struct transcript *answer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(answer->text + answer->length, sizeof answer->text - answer->length, format, arguments);
	va_end(arguments);
	answer->length += (size_t)length;
	assert_true(answer->length < sizeof answer->text);
}

void note_bytes(struct transcript *answer, struct bytes bytes)
{
	note(answer, " %.*s", (int)bytes.len, bytes.len > 0 ? (const char *)bytes.at : "");
}

/* ---- trying ---- */

struct
try {
	unsigned part;
	struct memory_end end;
	unsigned counts[ALLOCATORS]; /* of allocations that the part made */
	bool is_counted;
};

bool tries_all;
struct failure told;
static struct try *trying;

void begin_part(unsigned part)
{
	if (part == trying->part) {
		memory_arm(trying->end);
	} else if (part > trying->part && !trying->is_counted) {
		memcpy(trying->counts, memory.counts, sizeof trying->counts);
		trying->is_counted = true;
	}
}

static enum status try_once(const struct work *work, const struct catalog_place *place, struct try *try,
                            struct transcript *answer)
{
	sqlite3_int64 used = sqlite3_memory_used();
	*answer = (struct transcript){.length = 0};
	told = (struct failure){.why = ""};
	trying = try;
	enum status status = work->run(place, answer);
	begin_part(UINT_MAX);
	memory_disarm();
	assert_int_equal(sqlite3_memory_used(), used);
	return status;
}

static void judge(const struct try *try, enum status status, const char *got, const char *expected)
{
	char where[128];
	snprintf(where, sizeof where, "part %u, allocation %u of %s%s", try->part, try->end.at,
	         try->end.allocator == OURS ? "ours" : "libraries", try->end.is_final ? " and all behind it" : "");
	if (status != STATUS_OK && status != STATUS_NO_MEMORY)
		fail_msg("%s: %s", where, status_name(status));
	if (status != STATUS_OK && told.why[0] == '\0')
		fail_msg("%s: not a word", where);
	if (status == STATUS_OK && strcmp(got, expected) != 0)
		fail_msg("%s: %s\ninstead of %s", where, got, expected);
}

/* The answer of a try that nothing disturbs, or else a judgement. */
static void try_at(const struct work *work, struct try *try, char **directory, struct transcript *expected)
{
	static struct transcript answer;
	struct transcript *into = try->end.at == 0 ? expected : &answer;
	bool is_first = *directory == NULL;
	if (is_first)
		*directory = leak_directory();
	struct catalog_place place = leak_place(*directory);
	if (work->prepare != NULL && (is_first || !work->keeps_place))
		work->prepare(&place);
	enum status status = try_once(work, &place, try, into);
	judge(try, status, into->text, expected->text);
	if (work->check != NULL)
		work->check(&place, expected->text);
	if (!work->keeps_place) {
		leak_remove(*directory);
		*directory = NULL;
	}
}

static void try_allocator(const struct work *work, const struct try *undisturbed, enum allocator allocator, char **directory,
                          struct transcript *expected)
{
	bool is_each = tries_all || allocator == OURS;
	unsigned count = undisturbed->counts[allocator], step = is_each ? 1 : count / TRIES + 1;
	for (unsigned at = 1, nth = 0; at <= count; at += step, nth++) {
		for (unsigned is_final = 0; is_final < 2; is_final++) {
			struct try try = {.part = undisturbed->part, .end = {allocator, at, is_final != 0}};
			if (is_each || nth % 2 == is_final)
				try_at(work, &try, directory, expected);
		}
	}
	print_message("# part %u: every %u of %u allocations of %s\n", undisturbed->part, step, count,
	              allocator == OURS ? "ours" : "libraries");
}

void try_all(const struct work *work)
{
	static struct transcript expected;
	char *directory = NULL;
	for (unsigned part = work->first_part; part < work->end; part++) {
		struct try undisturbed = {.part = part};
		try_at(work, &undisturbed, &directory, &expected);
		assert_true(undisturbed.counts[LIBRARIES] > 0);
		try_allocator(work, &undisturbed, OURS, &directory, &expected);
		try_allocator(work, &undisturbed, LIBRARIES, &directory, &expected);
	}
	if (directory != NULL)
		leak_remove(directory);
}

void assert_repeats(const struct work *work, const struct catalog_place *place, const char *expected)
{
	static struct transcript again;
	struct try nothing = {.part = UINT_MAX};
	assert_int_equal(try_once(work, place, &nothing, &again), STATUS_OK);
	assert_string_equal(again.text, expected);
}
