/* SPDX-License-Identifier: Apache-2.0 */
/* folder: walked in one order, resumed from anywhere, and never left, whatever lies in it. */
#define _GNU_SOURCE
#include "provider/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char root[64];
static int directory = -1;
static struct arena arena;

/* By descriptors, for its paths may be longer than the kernel takes at once. */
static void remove_below(int at)
{
	DIR *stream = fdopendir(at);
	const struct dirent *entry;
	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		int inner = openat(at, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (inner >= 0)
			remove_below(inner);
		unlinkat(at, entry->d_name, inner >= 0 ? AT_REMOVEDIR : 0);
	}
	closedir(stream);
}

static int start(void **state)
{
	(void)state;
	snprintf(root, sizeof root, "/tmp/tidemark-folder-XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	arena = arena_with_ceiling(64 << 20);
	return directory >= 0 ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	remove_below(directory);
	return rmdir(root);
}

static void put(const char *name, const char *contents)
{
	int file = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(file >= 0);
	assert_int_equal(write(file, contents, strlen(contents)), strlen(contents));
	close(file);
}

static void put_directory(const char *name)
{
	assert_int_equal(mkdirat(directory, name, 0755), 0);
}

/* All that a walk tells, in pages of that size, NULL-ended names in the arena. */
static struct page walk_pages(const char *prefix, struct bytes cursor, size_t page_size)
{
	struct folder_walk *walk;
	struct page all = {.objects = arena_allocate(&arena, 1000 * sizeof *all.objects)}, page;
	assert_non_null(all.objects);
	assert_int_equal(folder_walk_start(directory, bytes_of_string(prefix), cursor, &walk), STATUS_OK);
	do {
		assert_int_equal(folder_walk_page(walk, page_size, &arena, &page), STATUS_OK);
		assert_true(page.count <= page_size && all.count + page.count <= 1000);
		if (page.count > 0) {
			assert_true(bytes_equal(page.next, page.objects[page.count - 1].name));
			memcpy(all.objects + all.count, page.objects, page.count * sizeof *page.objects);
		}
		all.count += page.count;
	} while (!page.is_last);
	folder_walk_free(walk);
	return all;
}

static struct page walk_all(const char *prefix)
{
	return walk_pages(prefix, BYTES_NONE, 1000);
}

static void assert_names(struct page page, const char *const *names)
{
	for (size_t i = 0; i < page.count && names[i] != NULL; i++)
		if (!bytes_equal_string(page.objects[i].name, names[i]))
			fail_msg("%.*s stands where %s should", (int)page.objects[i].name.len,
			         (const char *)page.objects[i].name.at, names[i]);
	for (size_t i = 0; names[i] != NULL || i < page.count; i++)
		if (names[i] == NULL || i >= page.count)
			fail_msg("%zu names, not as many as should be", page.count);
}

static struct object find(struct page page, const char *name)
{
	for (size_t i = 0; i < page.count; i++)
		if (bytes_equal_string(page.objects[i].name, name))
			return page.objects[i];
	fail_msg("%s was not listed", name);
	return (struct object){.size = 0};
}

static enum status open_object(struct object object)
{
	int file = -1;
	uint64_t size = 0;
	enum status status = folder_open(directory, &object, &file, &size);
	assert_int_equal(status == STATUS_OK, file >= 0);
	if (file >= 0)
		close(file);
	return status;
}

static enum status open_name(const char *name)
{
	return open_object((struct object){.name = bytes_of_string(name)});
}

static void make_tree(void)
{
	put_directory("a");
	put_directory("a/empty");
	put_directory("a/sub");
	put_directory("b");
	put("a/1", "one");
	put("a/sub/2", "");
	put("a/sub/3", "three");
	put("a.txt", "x");
	put("a-", "x");
	put("B", "x");
	put(".hidden", "x");
	put("b/\xFF\x01\n", "odd");
	put("b/ ", "space");
	put("b/\xC3\xA4", "umlaut");
	put("c..d", "dots");
	put("z", "last");
}

static const char *const tree_names[] = {".hidden", "B",          "a/1",          "a/sub/2", "a/sub/3", "a-", "a.txt",
                                         "b/ ",     "b/\xC3\xA4", "b/\xFF\x01\n", "c..d",    "z",       NULL};

static void entries_come_in_the_order_of_their_bytes(void **state)
{
	(void)state;
	make_tree();
	struct page page = walk_all("");
	assert_names(page, tree_names);
	assert_true(find(page, "a/sub/3").size == 5);
	assert_true(find(page, "a/sub/2").size == 0);
	assert_int_equal(open_object(find(page, "b/\xFF\x01\n")), STATUS_OK);
	for (size_t i = 0; i < page.count; i++) {
		assert_false(page.objects[i].is_special);
		assert_true(page.objects[i].modified > 1600000000);
		assert_true(page.objects[i].etag.len > 0);
	}
}

static void an_empty_folder_has_one_last_page(void **state)
{
	(void)state;
	assert_int_equal(walk_all("").count, 0);
	assert_int_equal(walk_pages("", BYTES_LITERAL("any/thing"), 3).count, 0);
}

static void any_cursor_leaves_exactly_the_rest(void **state)
{
	(void)state;
	make_tree();
	for (size_t size = 1; size < 14; size++)
		assert_names(walk_pages("", BYTES_NONE, size), tree_names);
	for (size_t i = 0; tree_names[i] != NULL; i++)
		for (size_t size = 1; size < 4; size++)
			assert_names(walk_pages("", bytes_of_string(tree_names[i]), size), tree_names + i + 1);
}

static void a_cursor_whose_object_is_gone_still_says_where(void **state)
{
	(void)state;
	make_tree();
	static const struct {
		const char *cursor;
		size_t rest;
	} rows[] = {{"a/0", 2},        {"a/sub/25", 4}, {"a/sub/9", 5}, {"a/t", 5}, {"a/empty/x", 3},
	            {"a0", 7},         {"a,/x", 5},     {"zz", 12},     {"!", 0},   {"B/inside/a/file", 2},
	            {"b/\xFF\xFF", 10}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_names(walk_pages("", bytes_of_string(rows[i].cursor), 2), tree_names + rows[i].rest);
}

static void only_names_below_the_prefix_are_told(void **state)
{
	(void)state;
	make_tree();
	assert_names(walk_all("a"), (const char *const[]){"a/1", "a/sub/2", "a/sub/3", "a-", "a.txt", NULL});
	assert_names(walk_all("a/"), (const char *const[]){"a/1", "a/sub/2", "a/sub/3", NULL});
	assert_names(walk_all("a/su"), (const char *const[]){"a/sub/2", "a/sub/3", NULL});
	assert_names(walk_all("a/sub/3"), (const char *const[]){"a/sub/3", NULL});
	assert_names(walk_all("a/sub/33"), (const char *const[]){NULL});
	assert_names(walk_all("b/\xC3"), (const char *const[]){"b/\xC3\xA4", NULL});
	assert_names(walk_pages("a/sub/", BYTES_LITERAL("a/sub/2"), 1), (const char *const[]){"a/sub/3", NULL});
	assert_names(walk_all("../"), (const char *const[]){NULL});
	assert_names(walk_all("/"), (const char *const[]){NULL});
}

/* A longer prefix than any name fits nothing; it must not fit everything. */
static void a_prefix_longer_than_any_name_fits_nothing(void **state)
{
	(void)state;
	struct folder_walk *walk;
	struct page page;
	char prefix[PROVIDER_NAME_MAX + 2];
	make_tree();
	memset(prefix, 'p', sizeof prefix);
	if (folder_walk_start(directory, bytes_of(prefix, sizeof prefix), BYTES_NONE, &walk) != STATUS_OK)
		return;
	assert_int_equal(folder_walk_page(walk, 100, &arena, &page), STATUS_OK);
	folder_walk_free(walk);
	assert_int_equal(page.count, 0);
}

static void links_pipes_and_sockets_are_special_and_never_opened(void **state)
{
	(void)state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	put("file", "x");
	put_directory("inside");
	put("inside/file", "x");
	assert_int_equal(symlinkat("file", directory, "link"), 0);
	assert_int_equal(symlinkat("inside", directory, "link-to-directory"), 0);
	assert_int_equal(symlinkat("nowhere", directory, "link-to-nothing"), 0);
	assert_int_equal(mkfifoat(directory, "pipe", 0644), 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", root);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	struct page page = walk_all("");
	assert_names(page, (const char *const[]){"file", "inside/file", "link", "link-to-directory", "link-to-nothing", "pipe",
	                                         "socket", NULL});
	static const char *const special[] = {"link", "link-to-directory", "link-to-nothing", "pipe", "socket"};
	for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
		assert_true(find(page, special[i]).is_special);
		assert_true(find(page, special[i]).size == 0);
		assert_int_equal(open_object(find(page, special[i])), STATUS_UNSUPPORTED);
	}
	assert_false(find(page, "file").is_special);
	close(listener);
}

static void nothing_leads_out_of_the_folder(void **state)
{
	(void)state;
	put("file", "x");
	put_directory("inside");
	assert_int_equal(symlinkat("/", directory, "outside"), 0);
	assert_int_equal(symlinkat("..", directory, "inside/up"), 0);
	assert_int_equal(symlinkat("/etc/passwd", directory, "passwd"), 0);
	assert_names(walk_all(""), (const char *const[]){"file", "inside/up", "outside", "passwd", NULL});
	assert_int_equal(walk_all("outside/").count, 0);
	assert_int_equal(walk_pages("", BYTES_LITERAL("outside/etc/"), 10).count, 1);
	static const char *const out[] = {"/etc/passwd",
	                                  "../../etc/passwd",
	                                  "outside/etc/passwd",
	                                  "inside/up/file",
	                                  "inside/../../etc/passwd",
	                                  "passwd",
	                                  "..",
	                                  "/",
	                                  "inside/../../",
	                                  NULL};
	for (size_t i = 0; out[i] != NULL; i++)
		if (open_name(out[i]) == STATUS_OK)
			fail_msg("%s was opened", out[i]);
	assert_int_equal(open_name("file"), STATUS_OK);
}

static void names_that_are_none_are_absent(void **state)
{
	(void)state;
	char huge[PROVIDER_NAME_MAX + 1];
	memset(huge, 'a', sizeof huge);
	put("file", "x");
	put_directory("inside");
	assert_int_equal(open_name(""), STATUS_ABSENT);
	assert_int_equal(open_name("nowhere"), STATUS_ABSENT);
	assert_int_equal(open_name("file/x"), STATUS_ABSENT);
	assert_int_equal(open_object((struct object){.name = BYTES_LITERAL("file\0x")}), STATUS_ABSENT);
	assert_int_equal(open_object((struct object){.name = bytes_of(huge, sizeof huge)}), STATUS_ABSENT);
	assert_int_equal(open_name("inside"), STATUS_DENIED);
}

static void a_file_that_changes_is_noticed(void **state)
{
	(void)state;
	int file;
	uint64_t size;
	put("file", "before");
	put("other", "before");
	struct object object = find(walk_all(""), "file"), other = find(walk_all(""), "other");
	assert_int_equal(folder_open(directory, &object, &file, &size), STATUS_OK);
	assert_true(size == 6);
	assert_int_equal(folder_check(file, &object), STATUS_OK);
	usleep(20000);
	put("file", "AFTER!");
	assert_int_equal(folder_check(file, &object), STATUS_CHANGED);
	close(file);
	assert_int_equal(open_object(object), STATUS_CHANGED);
	assert_int_equal(open_object(find(walk_all(""), "file")), STATUS_OK);
	assert_int_equal(open_object(other), STATUS_OK);
	assert_int_equal(renameat(directory, "file", directory, "other"), 0);
	assert_int_equal(open_object(other), STATUS_CHANGED);
	assert_int_equal(unlinkat(directory, "other", 0), 0);
	assert_int_equal(open_object(other), STATUS_ABSENT);
}

static void what_may_not_be_read_is_told_and_denied(void **state)
{
	(void)state;
	uid_t me = geteuid();
	put_directory("locked");
	put("locked/file", "x");
	put("secret", "x");
	put("z", "x");
	assert_int_equal(fchmodat(directory, "locked", 0, 0), 0);
	assert_int_equal(fchmodat(directory, "secret", 0, 0), 0);
	assert_int_equal(chmod(root, 0755), 0);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	struct page page = walk_all(""), rest = walk_pages("", BYTES_LITERAL("locked"), 1);
	enum status locked = open_object(find(page, "locked")), secret = open_object(find(page, "secret"));
	if (me == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(fchmodat(directory, "locked", 0755, 0), 0);
	assert_names(page, (const char *const[]){"locked", "secret", "z", NULL});
	assert_names(rest, (const char *const[]){"secret", "z", NULL});
	assert_true(find(page, "locked").size == OBJECT_SIZE_UNKNOWN);
	assert_false(find(page, "locked").is_special);
	assert_int_equal(locked, STATUS_DENIED);
	assert_int_equal(secret, STATUS_DENIED);
}

/* Directories of 200 letters inside each other until their path is longer than any name may be; a file in each. */
static void make_deep(size_t levels)
{
	char name[201];
	int at = dup(directory);
	memset(name, 'd', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	for (size_t i = 0; i < levels; i++) {
		assert_int_equal(mkdirat(at, name, 0755), 0);
		int next = openat(at, name, O_RDONLY | O_DIRECTORY);
		assert_true(next >= 0);
		close(at);
		at = next;
		int file = openat(at, "a", O_WRONLY | O_CREAT, 0644);
		assert_true(file >= 0);
		close(file);
	}
	close(at);
}

static void paths_longer_than_the_kernel_takes_at_once_are_opened(void **state)
{
	(void)state;
	make_deep(30);
	struct page page = walk_all("");
	assert_int_equal(page.count, 30);
	for (size_t i = 0; i < page.count; i++)
		assert_int_equal(open_object(page.objects[i]), STATUS_OK);
}

/* One name too long for us is no reason to leave out what follows it. */
static void a_path_too_long_does_not_end_the_walk(void **state)
{
	(void)state;
	struct folder_walk *walk;
	struct page page = {.count = 0};
	make_deep(42);
	put("z", "last");
	assert_int_equal(folder_walk_start(directory, BYTES_NONE, BYTES_NONE, &walk), STATUS_OK);
	enum status status = folder_walk_page(walk, 100, &arena, &page);
	folder_walk_free(walk);
	assert_int_equal(status, STATUS_OK);
	assert_true(page.count > 0 && bytes_equal_string(page.objects[page.count - 1].name, "z"));
}

/* Folders whose path is just as long as a name may be; cut there, a name in the last of them would name that folder. */
static void a_path_that_is_cut_names_no_folder(void **state)
{
	(void)state;
	enum { LONGEST = PROVIDER_NAME_MAX - 255 - 1, LEVELS = LONGEST / 201, REST = LONGEST % 201 - 1 };
	char name[201];
	make_deep(LEVELS);
	int at = dup(directory);
	memset(name, 'd', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	for (size_t i = 0; i <= LEVELS; i++) {
		if (i == LEVELS) {
			name[REST] = '\0';
			assert_int_equal(mkdirat(at, name, 0755), 0);
		}
		int next = openat(at, name, O_RDONLY | O_DIRECTORY);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	int file = openat(at, "...", O_WRONLY | O_CREAT, 0644);
	assert_true(file >= 0);
	close(file);
	close(at);
	struct page page = walk_all("");
	assert_int_equal(page.count, LEVELS + 1);
	for (size_t i = 0; i < page.count; i++)
		assert_true(page.objects[i].name.len <= LONGEST && !bytes_end_with(page.objects[i].name, BYTES_LITERAL("/")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries_come_in_the_order_of_their_bytes, start, end),
		cmocka_unit_test_setup_teardown(an_empty_folder_has_one_last_page, start, end),
		cmocka_unit_test_setup_teardown(any_cursor_leaves_exactly_the_rest, start, end),
		cmocka_unit_test_setup_teardown(a_cursor_whose_object_is_gone_still_says_where, start, end),
		cmocka_unit_test_setup_teardown(only_names_below_the_prefix_are_told, start, end),
		cmocka_unit_test_setup_teardown(a_prefix_longer_than_any_name_fits_nothing, start, end),
		cmocka_unit_test_setup_teardown(links_pipes_and_sockets_are_special_and_never_opened, start, end),
		cmocka_unit_test_setup_teardown(nothing_leads_out_of_the_folder, start, end),
		cmocka_unit_test_setup_teardown(names_that_are_none_are_absent, start, end),
		cmocka_unit_test_setup_teardown(a_file_that_changes_is_noticed, start, end),
		cmocka_unit_test_setup_teardown(what_may_not_be_read_is_told_and_denied, start, end),
		cmocka_unit_test_setup_teardown(paths_longer_than_the_kernel_takes_at_once_are_opened, start, end),
		cmocka_unit_test_setup_teardown(a_path_too_long_does_not_end_the_walk, start, end),
		cmocka_unit_test_setup_teardown(a_path_that_is_cut_names_no_folder, start, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
