/* SPDX-License-Identifier: Apache-2.0 */
/* Words to settings: parsing, values, sources in their order, and the pages made from the same rows. */
#define _GNU_SOURCE
#include "cli/arguments.h"
#include "cli/configuration.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "cli/targets.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a small set of commands ---- */

static enum status run(struct session *session, struct failure *reterr)
{
	(void)session;
	(void)reterr;
	return STATUS_OK;
}

static const struct option sweep_rows[] = {
	{.name = "jobs", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 64, .standard = "4", .help = "Lanes"},
	{.name = "max-object", .kind = OPTION_SIZE, .value = "SIZE", .help = "Largest object"},
	{.name = "sample", .kind = OPTION_SHARE, .value = "N|P%", .help = "Part of it"},
	{.name = "rate", .kind = OPTION_RATE, .value = "REQ/s", .high = 1000, .help = "Requests"},
	{.name = "keep-for", .kind = OPTION_DAYS, .value = "DAYS", .high = 3650, .standard = "90", .help = "Time kept"},
	{.name = "depth", .kind = OPTION_CHOICE, .choices = "names|peek|full", .help = "How far"},
	{.name = "exclude", .kind = OPTION_LIST, .value = "GLOB", .help = "Left out"},
	{.name = "output", .letter = 'o', .kind = OPTION_PATH, .value = "FILE", .help = "Where to"},
	{.name = "dry-run", .kind = OPTION_FLAG, .help = "Only say"},
	{.name = NULL},
};

static const struct option probe_rows[] = {
	{.name = "format", .kind = OPTION_CHOICE, .choices = "table|json|sarif", .standard = "table", .help = "How"},
	{.name = NULL},
};

static const struct command_example sweep_examples[] = {{"sweep DIR", "Read a folder"}, {.line = NULL}};

static const struct command command_sweep = {
	.name = "sweep",
	.group = COMMAND_FINDS,
	.summary = "Read what is there",
	.operands = "TARGET...",
	.operands_min = 1,
	.operands_max = COMMAND_ANY_NUMBER,
	.options = sweep_rows,
	.examples = sweep_examples,
	.see_also = "search, catalog",
	.execute = run,
};
static const struct command command_probe = {
	.name = "probe",
	.summary = "Ask",
	.operands = "TARGET",
	.operands_max = 1,
	.options = probe_rows,
	.execute = run,
};
static const struct command command_search = {
	.name = "search",
	.group = COMMAND_ANSWERS,
	.summary = "Find",
	.operands = "QUERY",
	.operands_min = 1,
	.operands_max = COMMAND_ANY_NUMBER,
	.takes_dash_words = true,
	.execute = run,
};
static const struct command command_verify = {.name = "verify", .summary = "Check", .execute = run};
static const struct command command_backup = {
	.name = "backup",
	.summary = "Copy",
	.operands = "DIR",
	.operands_min = 1,
	.operands_max = 1,
	.execute = run,
};
static const struct command *const catalog_commands[] = {&command_verify, &command_backup, NULL};
static const struct command command_catalog = {
	.name = "catalog",
	.group = COMMAND_KEEPS,
	.summary = "Care",
	.subcommands = catalog_commands,
};
static const struct command *const compare_commands[] = {&command_verify, NULL};
static const struct command command_scope = {
	.name = "scope",
	.group = COMMAND_ANSWERS,
	.summary = "Count",
	.subcommands = compare_commands,
	.execute = run,
};
const struct command *const command_registry[] = {
	&command_sweep, &command_probe, &command_search, &command_catalog, &command_scope, NULL,
};

/* ---- helpers ---- */

struct fixture {
	struct arena arena;
	struct arguments arguments;
	const struct settings *settings;
	struct failure failure;
	char home[64];
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	fixture->arena = arena_with_ceiling(64 << 20);
	strcpy(fixture->home, "/tmp/test_options.XXXXXX");
	if (mkdtemp(fixture->home) == NULL)
		return 1;
	setenv("HOME", fixture->home, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("TIDEMARK_CATALOG");
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char path[160];
	static const char *const left[] = {
		"config.yaml", ".config/tidemark/config.yaml", ".config/tidemark", ".config", "list", ""};
	for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
		snprintf(path, sizeof path, "%s/%s", fixture->home, left[i]);
		remove(path);
	}
	arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

static enum status parse(struct fixture *fixture, const char *line)
{
	static char words[1024];
	static char *argv[32];
	int argc = 1;
	snprintf(words, sizeof words, "%s", line);
	argv[0] = (char *)(uintptr_t) "tidemark";
	for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	memset(&fixture->failure, 0, sizeof fixture->failure);
	return arguments_parse(argc, argv, command_registry, &fixture->arena, &fixture->arguments, &fixture->failure);
}

static enum status resolve(struct fixture *fixture, const char *line)
{
	enum status status = parse(fixture, line);
	if (status != STATUS_OK)
		return status;
	return settings_resolve(&fixture->arguments, command_registry, &fixture->arena, &fixture->settings, &fixture->failure);
}

static void assert_refused(struct fixture *fixture, const char *line, const char *where, const char *why)
{
	assert_int_equal(resolve(fixture, line), STATUS_USAGE);
	assert_string_equal(fixture->failure.where, where);
	if (strstr(fixture->failure.why, why) == NULL)
		fail_msg("'%s' does not say '%s'", fixture->failure.why, why);
}

static void write_file(struct fixture *fixture, const char *name, const char *text)
{
	char path[160];
	snprintf(path, sizeof path, "%s/%s", fixture->home, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* ---- words ---- */

static void options_of_all_commands_stand_anywhere(void **state)
{
	struct fixture *fixture = *state;
	static const char *const lines[] = {
		"--incident x catalog backup d", "catalog --incident x backup d", "catalog backup --incident x d",
		"catalog backup d --incident x", "catalog backup d --incident=x", "catalog --incident=x backup -- d",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_int_equal(resolve(fixture, lines[i]), STATUS_OK);
		assert_ptr_equal(fixture->arguments.command, &command_backup);
		assert_ptr_equal(fixture->arguments.parent, &command_catalog);
		assert_string_equal(settings_text(fixture->settings, "incident"), "x");
		assert_string_equal(settings_operand(fixture->settings, 0), "d");
	}
	assert_string_equal(arguments_command_line(&fixture->arguments, &fixture->arena), "catalog backup");
}

static void own_options_stand_behind_the_command(void **state)
{
	struct fixture *fixture = *state;
	assert_refused(fixture, "--jobs 3 sweep d", "--jobs", "is an option of sweep");
	assert_int_equal(resolve(fixture, "sweep d --jobs 3 e"), STATUS_OK);
	assert_int_equal(settings_number(fixture->settings, "jobs"), 3);
	assert_int_equal(settings_operand_count(fixture->settings), 2);
}

static void two_dashes_end_options(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(resolve(fixture, "sweep -- --jobs -"), STATUS_OK);
	assert_string_equal(settings_operand(fixture->settings, 0), "--jobs");
	assert_string_equal(settings_operand(fixture->settings, 1), "-");
	assert_int_equal(resolve(fixture, "sweep - -q"), STATUS_OK);
	assert_string_equal(settings_operand(fixture->settings, 0), "-");
	assert_true(settings_flag(fixture->settings, "quiet"));
}

static void search_takes_words_with_a_dash(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(resolve(fixture, "search offer -draft -name:old -q"), STATUS_OK);
	assert_string_equal(settings_operands_joined(fixture->settings), "offer -draft -name:old");
	assert_true(settings_flag(fixture->settings, "quiet"));
	assert_int_equal(resolve(fixture, "search -- -q"), STATUS_OK);
	assert_string_equal(settings_operands_joined(fixture->settings), "-q");
	assert_refused(fixture, "search --draft", "--draft", "no such option");
	assert_refused(fixture, "sweep -draft d", "-draft", "no such option");
}

static void slips_are_answered_with_what_was_meant(void **state)
{
	struct fixture *fixture = *state;
	assert_refused(fixture, "swep d", "swep", "did you mean sweep?");
	assert_refused(fixture, "catalog verfy", "verfy", "did you mean verify?");
	assert_refused(fixture, "sweep --job 3 d", "--job", "did you mean --jobs?");
	assert_refused(fixture, "sweep --depth ful d", "--depth", "did you mean full?");
	assert_refused(fixture, "zzzzzz", "zzzzzz", "tidemark --help");
	assert_refused(fixture, "catalog", "SUBCOMMAND", "verify or backup");
	assert_refused(fixture, "sweep", "TARGET...", "is missing");
	assert_refused(fixture, "catalog backup a b", "b", "too many");
	assert_refused(fixture, "sweep d --jobs", "--jobs", "needs a value");
	assert_refused(fixture, "sweep d --help=x", "--help=x", "takes no value");
}

static void a_command_with_subcommands_runs_by_itself_too(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(parse(fixture, "scope"), STATUS_OK);
	assert_ptr_equal(fixture->arguments.command, &command_scope);
	assert_int_equal(parse(fixture, "scope verify"), STATUS_OK);
	assert_ptr_equal(fixture->arguments.parent, &command_scope);
	assert_refused(fixture, "scope verifi", "verifi", "did you mean verify?");
}

static void help_needs_no_operands(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(parse(fixture, "sweep --help"), STATUS_OK);
	assert_true(fixture->arguments.wants_help);
	assert_int_equal(parse(fixture, "-h"), STATUS_OK);
	assert_true(fixture->arguments.wants_help);
	assert_int_equal(parse(fixture, "--version"), STATUS_OK);
	assert_true(fixture->arguments.wants_version);
}

static void short_options_take_values(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(resolve(fixture, "sweep d -o plan"), STATUS_OK);
	assert_string_equal(settings_text(fixture->settings, "output"), "plan");
	assert_int_equal(resolve(fixture, "sweep -oplan d"), STATUS_OK);
	assert_string_equal(settings_text(fixture->settings, "output"), "plan");
}

/* ---- values ---- */

static void sizes_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t size;
	} good[] = {
		{"0", 0},
		{"512", 512},
		{"10M", 10485760},
		{"2GiB", UINT64_C(2) << 30},
		{"1.5k", 1536},
		{"1 kB", 1000},
		{"3MB", 3000000},
		{"1T", UINT64_C(1) << 40},
		{"7b", 7},
		{"1e", UINT64_C(1) << 60},
		{"15E", UINT64_C(15) << 60},
		{"18446744073709551615", UINT64_MAX},
	};
	static const char *const bad[] = {"",     "M",    "-1",  "1X", "1Mx", "1..2M", "16E", "99999999999999999999",
	                                  "1.5.", "0x10", "1e3k"};
	uint64_t size;
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(option_parse_size(bytes_of_string(good[i].text), &size));
		assert_true(size == good[i].size);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (option_parse_size(bytes_of_string(bad[i]), &size))
			fail_msg("'%s' was taken for a size", bad[i]);
}

static void values_keep_their_bounds(void **state)
{
	struct fixture *fixture = *state;
	struct share share;
	assert_refused(fixture, "sweep d --jobs 0", "--jobs", "between 1 and 64");
	assert_refused(fixture, "sweep d --jobs 65", "--jobs", "between 1 and 64");
	assert_refused(fixture, "sweep d --jobs many", "--jobs", "whole number");
	assert_refused(fixture, "sweep d --jobs 70 --jobs 3", "--jobs", "between 1 and 64");
	assert_refused(fixture, "sweep d --sample 101%", "--sample", "at most 100%");
	assert_refused(fixture, "sweep d --sample 0", "--sample", "above 0");
	assert_refused(fixture, "sweep d --rate 0", "--rate", "above 0");
	assert_refused(fixture, "sweep d --rate 1001", "--rate", "at most 1000");
	assert_refused(fixture, "sweep d --max-object huge", "--max-object", "a size");
	assert_refused(fixture, "sweep d --output=", "--output", "a path");
	assert_int_equal(resolve(fixture, "sweep d --sample 2.5% --rate 30/min --keep-for 30d --max-object 1k --jobs 2 --jobs 3"),
	                 STATUS_OK);
	assert_true(settings_share(fixture->settings, "sample", &share));
	assert_true(share.is_percent && share.percent > 2.4 && share.percent < 2.6);
	assert_true(settings_rate(fixture->settings, "rate") > 0.49 && settings_rate(fixture->settings, "rate") < 0.51);
	assert_int_equal(settings_number(fixture->settings, "keep-for"), 30);
	assert_int_equal(settings_number(fixture->settings, "max-object"), 1024);
	assert_int_equal(settings_number(fixture->settings, "jobs"), 3);
}

static void a_command_may_replace_a_row_of_all_commands(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(resolve(fixture, "--format sarif probe x"), STATUS_OK);
	assert_true(settings_is(fixture->settings, "format", "sarif"));
	assert_refused(fixture, "--format sarif search x", "--format", "is not one of");
	assert_refused(fixture, "probe x --format csv", "--format", "is not one of");
}

static void lists_keep_their_order(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(resolve(fixture, "sweep d --exclude a --exclude=b"), STATUS_OK);
	assert_int_equal(settings_list_count(fixture->settings, "exclude"), 2);
	assert_string_equal(settings_list_at(fixture->settings, "exclude", 1), "b");
	assert_int_equal(resolve(fixture, "sweep d"), STATUS_OK);
	assert_int_equal(settings_list_count(fixture->settings, "exclude"), 0);
	assert_false(settings_has(fixture->settings, "exclude"));
}

/* ---- sources ---- */

static void sources_win_in_their_order(void **state)
{
	struct fixture *fixture = *state;
	char line[256], path[160];
	snprintf(path, sizeof path, "%s/.config", fixture->home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/.config/tidemark", fixture->home);
	mkdir(path, 0700);
	write_file(fixture, ".config/tidemark/config.yaml", "catalog: /user\nincident: user\nquiet: yes\nsweep:\n  jobs: 7\n");
	write_file(fixture, "config.yaml",
	           "catalog: ~/given\nsweep:\n  exclude: ['*.iso', \"*.vhd\"]\n  incident: section\nscope:\n  incident: other\n");
	assert_int_equal(resolve(fixture, "sweep d"), STATUS_OK);
	assert_string_equal(settings_text(fixture->settings, "catalog"), "/user");
	assert_int_equal(settings_number(fixture->settings, "jobs"), 7);
	assert_true(settings_flag(fixture->settings, "quiet"));
	assert_int_equal(settings_origin(fixture->settings, "jobs"), ORIGIN_CONFIGURATION);
	assert_int_equal(settings_origin(fixture->settings, "keep-for"), ORIGIN_DEFAULT);
	snprintf(line, sizeof line, "sweep d --config %s/config.yaml", fixture->home);
	assert_int_equal(resolve(fixture, line), STATUS_OK);
	snprintf(path, sizeof path, "%s/given", fixture->home);
	assert_string_equal(settings_text(fixture->settings, "catalog"), path);
	assert_string_equal(settings_text(fixture->settings, "incident"), "section");
	assert_int_equal(settings_list_count(fixture->settings, "exclude"), 2);
	assert_false(settings_has(fixture->settings, "scope"));
	setenv("TIDEMARK_CATALOG", "/environment", 1);
	assert_int_equal(resolve(fixture, line), STATUS_OK);
	assert_string_equal(settings_text(fixture->settings, "catalog"), "/environment");
	snprintf(line, sizeof line, "sweep d --config %s/config.yaml --catalog /flag --quiet=no", fixture->home);
	assert_int_equal(resolve(fixture, line), STATUS_OK);
	assert_string_equal(settings_text(fixture->settings, "catalog"), "/flag");
	assert_false(settings_flag(fixture->settings, "quiet"));
}

static void a_misspelt_key_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"incdent: x\n", "line 1: nothing is set by 'incdent'; did you mean incident?"},
		{"\nsweep:\n  job: 3\n", "line 3: nothing is set by 'job'; did you mean jobs?"},
		{"sweep: 3\n", "line 1: below sweep stand its options"},
		{"sweep: {jobs: 900}\n", "line 1: jobs: '900' is not between 1 and 64"},
		{"quiet: maybe\n", "line 1: quiet must be true or false"},
		{"incident: [a, b]\n", "line 1: incident must be one value"},
		{"config: x\n", "nothing is set by 'config'"},
		{"- a\n", "a configuration is lines of key: value"},
		{"incident: \"a\\0b\"\n", "a NUL character"},
	};
	struct fixture *fixture = *state;
	char line[256], path[160];
	snprintf(path, sizeof path, "%s/config.yaml", fixture->home);
	snprintf(line, sizeof line, "sweep d --config %s", path);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		write_file(fixture, "config.yaml", cases[i].text);
		assert_refused(fixture, line, path, cases[i].why);
	}
	write_file(fixture, "config.yaml", "");
	assert_int_equal(resolve(fixture, line), STATUS_OK);
	remove(path);
	assert_int_equal(resolve(fixture, line), STATUS_ABSENT);
}

static void the_journal_keeps_what_was_asked(void **state)
{
	struct fixture *fixture = *state;
	struct buffer text = buffer_with_ceiling(4096);
	struct json_writer json = json_writer_into(&text);
	assert_int_equal(resolve(fixture, "sweep d --jobs 3 --exclude a --exclude b --catalog /c"), STATUS_OK);
	json_begin_object(&json);
	settings_describe(fixture->settings, &json);
	json_end_object(&json);
	assert_string_equal(buffer_string(&text),
	                    "{\"operands\":[\"d\"],\"options\":{\"jobs\":\"3\",\"exclude\":[\"a\",\"b\"]}}");
	buffer_free(&text);
}

/* ---- lists of targets ---- */

static void targets_come_from_files_and_operands(void **state)
{
	struct fixture *fixture = *state;
	struct target_list targets;
	char line[256];
	write_file(fixture, "list", "\xEF\xBB\xBF# ours\r\n\r\naz://a/b\r\n  /some dir  \n#no\nlast");
	snprintf(line, sizeof line, "sweep first @%s/list", fixture->home);
	assert_int_equal(resolve(fixture, line), STATUS_OK);
	assert_int_equal(targets_expand(fixture->settings, &fixture->arena, &targets, &fixture->failure), STATUS_OK);
	assert_int_equal(targets.count, 4);
	assert_string_equal(targets.written[0], "first");
	assert_string_equal(targets.written[1], "az://a/b");
	assert_string_equal(targets.written[2], "/some dir");
	assert_string_equal(targets.written[3], "last");
	write_file(fixture, "list", "# nothing\n\n");
	snprintf(line, sizeof line, "sweep @%s/list", fixture->home);
	assert_int_equal(resolve(fixture, line), STATUS_OK);
	assert_int_equal(targets_expand(fixture->settings, &fixture->arena, &targets, &fixture->failure), STATUS_USAGE);
	assert_int_equal(resolve(fixture, "sweep @/nowhere/at/all"), STATUS_OK);
	assert_int_equal(targets_expand(fixture->settings, &fixture->arena, &targets, &fixture->failure), STATUS_ABSENT);
}

/* ---- pages ---- */

static void every_row_is_in_help_man_page_and_completion(void **state)
{
	struct buffer help = buffer_with_ceiling(1 << 20), page = buffer_with_ceiling(1 << 20);
	struct buffer completion = buffer_with_ceiling(1 << 20), name = buffer_with_ceiling(256);
	(void)state;
	help_append_command(&help, NULL, &command_sweep, 80);
	manual_append_page(&page, command_registry, &command_sweep);
	completion_append_bash(&completion, command_registry);
	for (const struct option *row = sweep_rows; row->name != NULL; row++) {
		buffer_reset(&name);
		buffer_append_format(&name, "--%s", row->name);
		assert_non_null(strstr(buffer_string(&help), buffer_string(&name)));
		assert_non_null(strstr(buffer_string(&completion), buffer_string(&name)));
	}
	assert_non_null(strstr(buffer_string(&help), "Lanes; 1 to 64 [default: 4]"));
	assert_non_null(strstr(buffer_string(&page), "\\fB\\-\\-max\\-object\\fR \\fISIZE\\fR"));
	assert_non_null(strstr(buffer_string(&page), ".BR tidemark\\-search (1)"));
	buffer_reset(&page);
	manual_append_page(&page, command_registry, NULL);
	assert_non_null(strstr(buffer_string(&page), ".TH TIDEMARK 1 "));
	buffer_free(&help);
	buffer_free(&page);
	buffer_free(&completion);
	buffer_free(&name);
}

static void help_keeps_to_its_width(void **state)
{
	struct buffer help = buffer_with_ceiling(1 << 20);
	(void)state;
	help_append_overall(&help, command_registry, 80);
	help_append_command(&help, NULL, &command_sweep, 40);
	size_t column = 0;
	for (size_t i = 0; i < help.len; i++) {
		column = help.at[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 80);
	}
	buffer_free(&help);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(options_of_all_commands_stand_anywhere),
		TEST(own_options_stand_behind_the_command),
		TEST(two_dashes_end_options),
		TEST(search_takes_words_with_a_dash),
		TEST(slips_are_answered_with_what_was_meant),
		TEST(a_command_with_subcommands_runs_by_itself_too),
		TEST(help_needs_no_operands),
		TEST(short_options_take_values),
		TEST(sizes_are_read),
		TEST(values_keep_their_bounds),
		TEST(a_command_may_replace_a_row_of_all_commands),
		TEST(lists_keep_their_order),
		TEST(sources_win_in_their_order),
		TEST(a_misspelt_key_is_refused),
		TEST(the_journal_keeps_what_was_asked),
		TEST(targets_come_from_files_and_operands),
		TEST(every_row_is_in_help_man_page_and_completion),
		TEST(help_keeps_to_its_width),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
