/* SPDX-License-Identifier: Apache-2.0 */
/* scope: what may be asked for, what may not, and that nothing escapes. */
#include "scope/glob.h"
#include "scope/scope.h"
#include "target-kit.h"

static struct scope scope;

static int make_scope(void **state)
{
	scope = scope_new(&arena);
	return make_arena(state);
}

static void add_target(const char *written)
{
	struct target target = target_of(written);
	assert_int_equal(scope_add_target(&scope, &target, NULL), STATUS_OK);
}

static void read_file(const char *yaml)
{
	struct failure failure = {.why = ""};
	enum status status = scope_read(&scope, bytes_of_string(yaml), "scope.yaml", &failure);
	if (status != STATUS_OK)
		print_error("%s\n", failure.why);
	assert_int_equal(status, STATUS_OK);
}

static bool allows(const char *url)
{
	return scope_allows_url(&scope, "GET", bytes_of_string(url));
}

static void assert_all(bool wanted, const char *const *urls)
{
	for (; *urls != NULL; urls++) {
		if (allows(*urls) != wanted)
			print_error("%s\n", *urls);
		assert_int_equal(allows(*urls), wanted);
	}
}

static void a_target_covers_its_container_below_its_prefix(void **state)
{
	(void)state;
	add_target("az://contoso/backup/2019/");
	assert_all(true,
	           (const char *const[]){
			   "https://contoso.blob.core.windows.net/backup/2019/a.txt",
			   "https://contoso.blob.core.windows.net:443/backup/2019/a.txt?versionid=2019-06-01T10%3A00%3A00Z",
			   "https://CONTOSO.blob.core.windows.net/backup/2019%2Fa.txt",
			   "https://contoso.blob.core.windows.net/backup?restype=container&comp=list&prefix=2019%2F&marker=x",
			   "https://contoso.blob.core.windows.net/backup?restype=container&comp=list&prefix=2019/06",
			   "https://contoso.blob.core.windows.net/backup?restype=container",
			   "https://contoso.blob.core.windows.net/backup?restype=container&comp=acl", NULL});
	assert_all(false,
	           (const char *const[]){"http://contoso.blob.core.windows.net/backup/2019/a.txt",
	                                 "https://contoso.blob.core.windows.net:8443/backup/2019/a.txt",
	                                 "https://contoso-secondary.blob.core.windows.net/backup/2019/a.txt",
	                                 "https://contoso.blob.core.usgovcloudapi.net/backup/2019/a.txt",
	                                 "https://contoso.z01.blob.storage.azure.net/backup/2019/a.txt",
	                                 "https://contoso.blob.core.windows.net.evil.example/backup/2019/a.txt",
	                                 "https://evil.blob.core.windows.net/backup/2019/a.txt",
	                                 "https://contoso.blob.core.windows.net/other/2019/a.txt",
	                                 "https://contoso.blob.core.windows.net/backup/2020/a.txt",
	                                 "https://contoso.blob.core.windows.net/backup/201",
	                                 "https://contoso.blob.core.windows.net/backup?restype=container&comp=list",
	                                 "https://contoso.blob.core.windows.net/backup?restype=container&comp=list&prefix=2018",
	                                 "https://contoso.blob.core.windows.net/backup?restype=container&comp=lease",
	                                 "https://contoso.blob.core.windows.net/?comp=list",
	                                 "https://contoso.blob.core.windows.net/?restype=service&comp=properties",
	                                 "https://contoso.blob.core.windows.net/backup/2019/a.txt?comp=lease",
	                                 "https://contoso.blob.core.windows.net/backup/2019/a.txt?restype=container&comp=list",
	                                 "https://contoso.blob.core.windows.net/backup",
	                                 "https://contoso.blob.core.windows.net/backup/",
	                                 NULL});
}

static void nothing_escapes_by_odd_paths(void **state)
{
	(void)state;
	add_target("az+http://127.0.0.1:10000/acme/open/in/");
	assert_true(allows("http://127.0.0.1:10000/acme/open/in/..txt"));
	assert_true(allows("http://127.0.0.1:10000/acme/open/in/a..b/c%20d"));
	assert_all(false,
	           (const char *const[]){"http://127.0.0.1:10000/acme/open/in/../out/x",
	                                 "http://127.0.0.1:10000/acme/open/in/%2e%2e/out/x",
	                                 "http://127.0.0.1:10000/acme/open/in/.%2E/out/x",
	                                 "http://127.0.0.1:10000/acme/open/in/..%2Fout",
	                                 "http://127.0.0.1:10000/acme/open/in/%252e%252e/out/x",
	                                 "http://127.0.0.1:10000/acme/open/in/..%5Cout",
	                                 "http://127.0.0.1:10000/acme/open/in/..\\out",
	                                 "http://127.0.0.1:10000/acme/open/in/..%255Cout",
	                                 "http://127.0.0.1:10000/acme/other/../open/in/x",
	                                 "http://127.0.0.1:10000/acme/./open/in/x",
	                                 "http://127.0.0.1:10000//acme/open/in/x",
	                                 "http://127.0.0.1:10000/acme//open/in/x",
	                                 "http://127.0.0.1:10000/acme%2Fopen/other/x",
	                                 "http://127.0.0.1:10000/acme/open%2F..%2Fother/in/x",
	                                 "http://127.0.0.1:10000/acme/open/in/x%00",
	                                 "http://127.0.0.1:10000/acme/open/in/x#y",
	                                 "http://user@127.0.0.1:10000/acme/open/in/x",
	                                 "http://127.0.0.1:10000@evil.example/acme/open/in/x",
	                                 "http://127.0.0.1:10000/acme/open/in/x?sig=abc",
	                                 "http://127.0.0.1:10000/acme/open/in/x?s%69g=abc",
	                                 "http://127.0.0.1:10000/acme/open?restype=container&comp=list&prefix=in%2F&prefix=",
	                                 "http://127.0.0.1:10000/acme/open?restype=container&comp=list&prefix=in%2F&PREFIX=out",
	                                 "http://127.0.0.1:10000/acme/open?restype=container&comp=list&comp=acl&prefix=in%2F",
	                                 "http://127.0.0.1:10000/acme/open/in/x y",
	                                 "http:/127.0.0.1:10000/acme/open/in/x",
	                                 "ftp://127.0.0.1:10000/acme/open/in/x",
	                                 "file:///etc/passwd",
	                                 "",
	                                 "http://",
	                                 NULL});
}

static void loopback_is_no_exception(void **state)
{
	(void)state;
	add_target("az+http://127.0.0.1:10000/acme/open");
	assert_all(true,
	           (const char *const[]){"http://127.0.0.1:10000/acme/open/x", "https://127.0.0.1:10000/acme/open/x",
	                                 "http://127.0.0.1:10000/acme/open?restype=container&comp=list&include=versions", NULL});
	assert_all(false, (const char *const[]){"http://127.0.0.1:10001/acme/open/x", "http://localhost:10000/acme/open/x",
	                                        "http://127.0.0.2:10000/acme/open/x", "http://[::1]:10000/acme/open/x",
	                                        "http://127.0.0.1:10000/other/open/x", "http://127.0.0.1:10000/acme/open2/x",
	                                        "http://127.0.0.1:10000/acme/elsewhere/trap.txt", "http://127.0.0.1/acme/open/x",
	                                        "http://127.1:10000/acme/open/x", "http://127.0.0.1:10000/open/x", NULL});
}

static void http_may_rise_to_https_but_not_sink(void **state)
{
	(void)state;
	add_target("az+http://storage.contoso.example/acme/open");
	add_target("az+https://storage.fabrikam.example/acme/open");
	assert_true(allows("http://storage.contoso.example/acme/open/x"));
	assert_true(allows("https://storage.contoso.example/acme/open/x"));
	assert_false(allows("https://storage.contoso.example:8443/acme/open/x"));
	assert_false(allows("http://storage.fabrikam.example/acme/open/x"));
	assert_false(allows("http://storage.fabrikam.example:443/acme/open/x"));
}

static void root_objects_have_two_urls(void **state)
{
	(void)state;
	add_target("az://contoso/$root");
	assert_true(allows("https://contoso.blob.core.windows.net/$root/a.jpg"));
	assert_true(allows("https://contoso.blob.core.windows.net/%24root/a.jpg"));
	assert_true(allows("https://contoso.blob.core.windows.net/a.jpg"));
	assert_false(allows("https://contoso.blob.core.windows.net/other/a.jpg"));
}

static void only_reading_is_in_scope(void **state)
{
	(void)state;
	add_target("az://contoso/backup");
	struct bytes url = BYTES_LITERAL("https://contoso.blob.core.windows.net/backup/x");
	assert_true(scope_allows_url(&scope, "HEAD", url));
	static const char *const methods[] = {"PUT", "DELETE", "POST", "OPTIONS", "get", ""};
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		assert_false(scope_allows_url(&scope, methods[i], url));
}

static void a_secondary_target_is_asked_at_its_own_host(void **state)
{
	(void)state;
	read_file("deny: [az://contoso/backup/private/]");
	add_target("https://contoso-secondary.blob.core.windows.net/backup");
	assert_true(allows("https://contoso-secondary.blob.core.windows.net/backup/x"));
	assert_false(allows("https://contoso.blob.core.windows.net/backup/x"));
	assert_false(allows("https://contoso-secondary.blob.core.windows.net/backup/private/x"));
}

static void allow_entries_widen_and_deny_entries_win(void **state)
{
	(void)state;
	read_file("allow:\n"
	          "  - target: az://contoso*/backup-*/20*\n"
	          "    authority: order of 2022-08-01\n"
	          "    depth: peek\n"
	          "  - {target: 'az+http://127.0.0.1:*/acme/open'}\n"
	          "  - az://fabrikam\n"
	          "  - s3://bucket/x\n"
	          "  - https://adatum.dfs.core.usgovcloudapi.net/backup\n"
	          "deny:\n"
	          "  - target: az://contoso2/**\n"
	          "  - https://fabrikam.blob.core.windows.net/payroll\n"
	          "  - az+http://127.0.0.1:*/acme/open/private/\n");
	assert_all(true, (const char *const[]){
				 "https://contoso.blob.core.windows.net/backup-a/2019/x",
				 "https://contoso9.blob.core.windows.net/backup-/20", "http://127.0.0.1:1/acme/open/x",
				 "http://127.0.0.1:65535/acme/open?restype=container&comp=list",
				 "https://fabrikam.blob.core.windows.net/anything/x",
				 "https://adatum.blob.core.usgovcloudapi.net/backup/x",
				 "https://contoso.blob.core.windows.net/backup-a?restype=container&comp=list&prefix=2019", NULL});
	assert_all(false,
	           (const char *const[]){"https://contoso2.blob.core.windows.net/backup-a/2019/x",
	                                 "https://contoso.blob.core.windows.net/backup/2019/x",
	                                 "https://contoso.evil.blob.core.windows.net/backup-a/2019/x",
	                                 "https://contoso.blob.core.windows.net/backup-a/1999/x",
	                                 "https://contoso.blob.core.windows.net/backup-a?restype=container&comp=list",
	                                 "https://contoso.blob.core.windows.net/backup-a?restype=container&comp=list&prefix=2",
	                                 "https://fabrikam.blob.core.windows.net/payroll/x",
	                                 "https://fabrikam.blob.core.windows.net/payroll?restype=container&comp=list",
	                                 "https://fabrikam-secondary.blob.core.windows.net/anything/x",
	                                 "http://127.0.0.1:1/acme/open/private/x", "https://bucket.s3.amazonaws.com/x",
	                                 "https://adatum.dfs.core.usgovcloudapi.net/backup/x", NULL});
}

static void authority_comes_from_the_first_entry_that_covers_all(void **state)
{
	(void)state;
	read_file("allow:\n"
	          "  - az://contoso/backup\n"
	          "  - {target: az://contoso/backup/2019/, authority: 'only 2019', depth: names}\n"
	          "  - {target: az://contoso/backup, authority: '  J. Doe, order 7  ', depth: full}\n"
	          "  - {target: 'file:///srv/mirror', authority: seized disk}\n");
	struct bytes authority;
	enum depth depth;
	struct target target = target_of("https://contoso-secondary.blob.core.windows.net/backup/2019/06");
	assert_true(scope_find_authority(&scope, &target, &authority, &depth));
	assert_true(bytes_equal_string(authority, "only 2019"));
	assert_int_equal(depth, DEPTH_NAMES);
	target = target_of("az://contoso/backup");
	assert_true(scope_find_authority(&scope, &target, &authority, &depth));
	assert_true(bytes_equal_string(authority, "J. Doe, order 7"));
	assert_int_equal(depth, DEPTH_FULL);
	target = target_of("az://contoso/other");
	assert_false(scope_find_authority(&scope, &target, &authority, &depth));
}

static void a_static_site_wants_an_entry_of_its_own(void **state)
{
	(void)state;
	static const struct {
		const char *yaml;
		bool is_allowed;
	} rows[] = {
		{"", false},
		{"allow: [az://contoso/backup]", false},
		{"allow: ['az://contoso/$web']", true},
		{"allow: [az://contoso]", true},
		{"allow: ['az://contoso/$web/docs/']", false},
		{"allow: ['az://fabrikam/$web']", false},
		{"allow: ['https://contoso.blob.core.windows.net/$*']", true},
		{"allow: [az://contoso]\ndeny: ['az://contoso/$web']", false},
	};
	struct target target = target_of("az://contoso/backup/2019/"), site = target_of("az://contoso/$web");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scope = scope_new(&arena);
		read_file(rows[i].yaml);
		if (scope_allows_site(&scope, &target, "$web") != rows[i].is_allowed)
			print_error("%s\n", rows[i].yaml);
		assert_int_equal(scope_allows_site(&scope, &target, "$web"), rows[i].is_allowed);
		assert_int_equal(scope_allows_site(&scope, &site, "$web"), rows[i].is_allowed);
		assert_false(allows("https://contoso.z1.web.core.windows.net/"));
	}
}

static void denied_targets_and_objects_are_known_beforehand(void **state)
{
	(void)state;
	read_file("deny: [az://contoso/payroll, 'az://contoso/backup/**/secret', 'file:///proc', '/dev/sh*']");
	struct target target = target_of("az://contoso/payroll/2019");
	struct failure failure = {.why = ""};
	assert_int_equal(scope_add_target(&scope, &target, &failure), STATUS_USAGE);
	assert_non_null(strstr(failure.why, "deny"));
	target = target_of("https://contoso.blob.core.windows.net/backup");
	assert_int_equal(scope_add_target(&scope, &target, NULL), STATUS_OK);
	assert_true(scope_allows_object(&scope, &target, BYTES_LITERAL("a/b/open.txt")));
	assert_false(scope_allows_object(&scope, &target, BYTES_LITERAL("a/b/secret.txt")));
	target = target_of("/proc/self");
	assert_int_equal(scope_add_target(&scope, &target, NULL), STATUS_USAGE);
	target = target_of("/dev");
	assert_int_equal(scope_add_target(&scope, &target, NULL), STATUS_OK);
	assert_false(scope_allows_object(&scope, &target, BYTES_LITERAL("shm/x")));
	assert_true(scope_allows_object(&scope, &target, BYTES_LITERAL("null")));
}

static void a_scope_file_that_makes_no_sense_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *yaml, *why;
	} rows[] = {
		{"alow: []", "line 1: a scope file has allow: and deny: lists only"},
		{"- az://a", "lists"},
		{"allow: az://contoso/x", "lists"},
		{"allow:\n  - target: az://contoso/x\n    autority: me\n", "line 3: an entry has"},
		{"allow:\n  - authority: me\n", "line 2: an entry without a target"},
		{"allow:\n  - target: az://contoso/x\n    depth: all\n", "line 3: depth is names, peek or full"},
		{"allow:\n  - contoso/x\n", "line 2: not a target"},
		{"allow:\n  - ftp://contoso/x\n", "line 2: no target's form"},
		{"allow:\n  - az://contoso/x?sig=1\n", "line 2: not a target"},
		{"allow:\n  - [a]\n", "line 2"},
		{"allow:\n  - target: [a]\n", "line 2: a target must be text"},
		{"deny:\n  - http://*/x\n", "line 2"},
		{"allow: &a []\ndeny: *a\n", "anchors"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct failure failure = {.why = ""};
		scope = scope_new(&arena);
		enum status status = scope_read(&scope, bytes_of_string(rows[i].yaml), "scope.yaml", &failure);
		if (status != STATUS_USAGE || strstr(failure.why, rows[i].why) == NULL)
			print_error("%s -> %s\n", rows[i].yaml, failure.why);
		assert_int_equal(status, STATUS_USAGE);
		assert_non_null(strstr(failure.why, rows[i].why));
	}
	read_file("");
	read_file("allow:\ndeny:\n");
}

static void assert_ports(const uint16_t *wanted, size_t count)
{
	const uint16_t *ports;
	size_t found;
	assert_int_equal(scope_list_ports(&scope, &arena, &ports, &found), STATUS_OK);
	assert_non_null(ports);
	assert_int_equal(found, count);
	assert_memory_equal(ports, wanted, count * sizeof *wanted);
}

static void its_ports_are_those_that_may_be_asked(void **state)
{
	const uint16_t *ports;
	size_t count;
	(void)state;
	assert_ports((const uint16_t[]){0}, 0);
	add_target("az+http://127.0.0.1:10000/acme/open");
	assert_ports((const uint16_t[]){10000}, 1);
	add_target("az+http://127.0.0.1/acme/open");
	read_file("allow:\n  - az+https://vault.example:8443/a/b\n  - s3://bucket\n  - /srv/files\n"
	          "deny:\n  - az+http://127.0.0.1:9/acme/open\n");
	assert_ports((const uint16_t[]){80, 443, 8443, 10000}, 4);
	read_file("allow:\n  - az+https://vault.example:*/a/b\n");
	assert_int_equal(scope_list_ports(&scope, &arena, &ports, &count), STATUS_OK);
	assert_null(ports);
}

static void globs_match_in_bounded_time(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text;
		bool whole, beginning;
	} rows[] = {
		{"a*c", "abc", true, true}, {"a*c", "a/c", false, false},   {"a**c", "a/b/c", true, true},
		{"a*", "a", true, true},    {"*", "", true, true},          {"", "", true, true},
		{"", "x", false, true},     {"a*b*c", "axbxc", true, true}, {"a*b*c", "axbx", false, false},
		{"ab", "abc", false, true}, {"a*b", "ab/c", false, true},   {"***", "a/b", true, true},
		{"*/x", "a/x", true, true}, {"*/x", "a/b/x", false, false}, {"**/x", "a/b/x", true, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes pattern = bytes_of_string(rows[i].pattern), text = bytes_of_string(rows[i].text);
		if (glob_match(pattern, text, '/') != rows[i].whole ||
		    glob_match_beginning(pattern, text, '/') != rows[i].beginning)
			print_error("%s %s\n", rows[i].pattern, rows[i].text);
		assert_int_equal(glob_match(pattern, text, '/'), rows[i].whole);
		assert_int_equal(glob_match_beginning(pattern, text, '/'), rows[i].beginning);
	}
	char pattern[GLOB_PATTERN_MAX], text[8192];
	for (size_t i = 0; i < sizeof pattern; i++)
		pattern[i] = i % 2 ? '*' : 'a';
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = 'b';
	assert_false(glob_match(bytes_of(pattern, sizeof pattern - 1), bytes_of(text, sizeof text), '/'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_target_covers_its_container_below_its_prefix, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(nothing_escapes_by_odd_paths, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(loopback_is_no_exception, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(http_may_rise_to_https_but_not_sink, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(root_objects_have_two_urls, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(only_reading_is_in_scope, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(a_secondary_target_is_asked_at_its_own_host, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(allow_entries_widen_and_deny_entries_win, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(authority_comes_from_the_first_entry_that_covers_all, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(a_static_site_wants_an_entry_of_its_own, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(denied_targets_and_objects_are_known_beforehand, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(a_scope_file_that_makes_no_sense_is_refused, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(its_ports_are_those_that_may_be_asked, make_scope, free_arena),
		cmocka_unit_test_setup_teardown(globs_match_in_bounded_time, make_scope, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
