/* SPDX-License-Identifier: Apache-2.0 */
/* policy: what a file says, what it comes to for an object, and what of it Azure's lifecycle rules can say. */
#include "act/lifecycle.h"
#include "act/policy-file.h"
#include "model/person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ALL(text) bytes_of_string(text)

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena = arena_with_ceiling(64 << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct policy read_policy(const char *yaml)
{
	struct failure failure = {.why = ""};
	struct policy policy = {.rule_count = 0};
	enum status status = policy_file_read(ALL(yaml), "policy.yaml", &arena, &policy, &failure);
	if (status != STATUS_OK)
		print_error("%s: %s\n", failure.where, failure.why);
	assert_int_equal(status, STATUS_OK);
	return policy;
}

/* ---- what is decided ---- */

#define NOW "2026-11-30T12:00:00Z"

struct decision_case {
	const char *about, *yaml;
	/* The object. */
	const char *name, *modified;
	uint64_t size;
	/* Its document. */
	const char *dated;
	enum document_class class;
	bool is_unread;
	unsigned elements, relationships;
	const char *organisation;
	/* What comes of it. */
	enum policy_verdict verdict;
	const char *by;
};

#define ONE(match, action) "rules: [{name: r, match: " match ", action: " action "}]"
#define OLD "age: {by: dated, over: 24mo}"

/* clang-format off */
static const struct decision_case decision_cases[] = {
	{.about = "past its age", .yaml = ONE("{" OLD "}", "delete"), .dated = "2024-11-30T11:59:59Z", .verdict = POLICY_GOES, .by = "r"},
	{.about = "of its age to the second", .yaml = ONE("{" OLD "}", "delete"), .dated = "2024-11-30T12:00:00Z", .verdict = POLICY_STAYS},
	{.about = "by days", .yaml = ONE("{age: {by: dated, over: 30d}}", "delete"), .dated = "2026-10-31T11:59:59Z", .verdict = POLICY_GOES, .by = "r"},
	{.about = "by weeks", .yaml = ONE("{age: {by: dated, over: 2w}}", "delete"), .dated = "2026-11-17T00:00:00Z", .verdict = POLICY_STAYS},
	{.about = "by years", .yaml = ONE("{age: {by: dated, over: 2y}}", "delete"), .dated = "2024-01-01T00:00:00Z", .verdict = POLICY_GOES, .by = "r"},
	{.about = "an age nobody knows", .yaml = ONE("{" OLD "}", "delete"), .verdict = POLICY_UNDECIDED, .by = "r"},
	{.about = "nobody knows when it was read", .yaml = ONE("{age: {by: last_read, over: 1y}}", "delete"), .dated = "2001-01-01", .verdict = POLICY_UNDECIDED, .by = "r"},
	{.about = "by when it was modified", .yaml = ONE("{age: {by: modified, over: 1y}}", "delete"), .modified = "2024-01-01", .dated = "2026-01-01", .verdict = POLICY_GOES, .by = "r"},
	{.about = "a glob of the last part", .yaml = ONE("{path: '*.pdf'}", "delete"), .name = "a/b/c.pdf", .verdict = POLICY_GOES, .by = "r"},
	{.about = "a star stays within a part", .yaml = ONE("{path: 'a/*.pdf'}", "delete"), .name = "a/b/c.pdf", .verdict = POLICY_STAYS},
	{.about = "two stars do not", .yaml = ONE("{path: 'a/**.pdf'}", "delete"), .name = "a/b/c.pdf", .verdict = POLICY_GOES, .by = "r"},
	{.about = "two stars alone begin at the beginning", .yaml = ONE("{path: 'b**'}", "delete"), .name = "a/b.pdf", .verdict = POLICY_STAYS},
	{.about = "an exception", .yaml = ONE("{path: '**', except: ['a/**', '*.txt']}", "delete"), .name = "a/b.pdf", .verdict = POLICY_STAYS},
	{.about = "no exception", .yaml = ONE("{path: '**', except: ['a/**', '*.txt']}", "delete"), .name = "b/b.pdf", .verdict = POLICY_GOES, .by = "r"},
	{.about = "one of several paths", .yaml = ONE("{path: ['x/**', 'b/**']}", "delete"), .name = "b/b.pdf", .verdict = POLICY_GOES, .by = "r"},
	{.about = "a container", .yaml = ONE("{container: 'back*'}", "delete"), .verdict = POLICY_GOES, .by = "r"},
	{.about = "another container", .yaml = ONE("{container: 'front*'}", "delete"), .verdict = POLICY_STAYS},
	{.about = "a class", .yaml = ONE("{class: [invoice, contract]}", "delete"), .class = CLASS_CONTRACT, .verdict = POLICY_GOES, .by = "r"},
	{.about = "another class", .yaml = ONE("{class: invoice}", "delete"), .class = CLASS_CONTRACT, .verdict = POLICY_STAYS},
	{.about = "a class nobody knows", .yaml = ONE("{class: invoice}", "delete"), .is_unread = true, .verdict = POLICY_UNDECIDED, .by = "r"},
	{.about = "an archive not wholly read", .yaml = ONE("{class: invoice}", "delete"), .class = CLASS_ARCHIVE, .is_unread = true, .verdict = POLICY_UNDECIDED, .by = "r"},
	{.about = "an element", .yaml = ONE("{element: [health, financial]}", "delete"), .elements = ELEMENT_BIT(ELEMENT_HEALTH), .verdict = POLICY_GOES, .by = "r"},
	{.about = "no such element", .yaml = ONE("{element: health}", "delete"), .elements = ELEMENT_BIT(ELEMENT_NAME), .verdict = POLICY_STAYS},
	{.about = "elements of what was not read", .yaml = ONE("{element: health}", "delete"), .is_unread = true, .verdict = POLICY_UNDECIDED, .by = "r"},
	{.about = "a party, in any case", .yaml = ONE("{organisation: [Contoso.com]}", "delete"), .organisation = "contoso.com", .verdict = POLICY_GOES, .by = "r"},
	{.about = "another party", .yaml = ONE("{organisation: [contoso.com]}", "delete"), .organisation = "fabrikam.com", .verdict = POLICY_STAYS},
	{.about = "a relationship", .yaml = ONE("{relationship: prospect}", "delete"), .relationships = RELATIONSHIP_BIT(RELATIONSHIP_PROSPECT), .verdict = POLICY_GOES, .by = "r"},
	{.about = "another relationship", .yaml = ONE("{relationship: prospect}", "delete"), .relationships = RELATIONSHIP_BIT(RELATIONSHIP_CUSTOMER), .verdict = POLICY_STAYS},
	{.about = "tags nobody read", .yaml = ONE("{tag: {keep: 'no'}}", "delete"), .verdict = POLICY_UNDECIDED, .by = "r"},
	{.about = "a size", .yaml = ONE("{size: '>1k'}", "delete"), .size = 1025, .verdict = POLICY_GOES, .by = "r"},
	{.about = "just not", .yaml = ONE("{size: '>1k'}", "delete"), .size = 1024, .verdict = POLICY_STAYS},
	{.about = "all conditions must hold", .yaml = ONE("{class: invoice, " OLD "}", "delete"), .class = CLASS_INVOICE, .dated = "2026-01-01", .verdict = POLICY_STAYS},
	{.about = "one that fails is enough, whatever is unknown", .yaml = ONE("{class: invoice, " OLD "}", "delete"), .is_unread = true, .dated = "2026-01-01", .verdict = POLICY_STAYS},
	{.about = "a tier", .yaml = ONE("{path: '**'}", "'tier:Archive'"), .verdict = POLICY_MOVES, .by = "r"},
	{.about = "a report", .yaml = ONE("{path: '**'}", "report"), .verdict = POLICY_REPORTED, .by = "r"},
	{.about = "the first rule decides", .yaml = "rules: [{name: a, match: {class: contract}, action: report}, {name: b, match: {path: '**'}, action: delete}]",
	 .class = CLASS_CONTRACT, .verdict = POLICY_REPORTED, .by = "a"},
	{.about = "the second where the first does not match", .yaml = "rules: [{name: a, match: {class: contract}, action: report}, {name: b, match: {path: '**'}, action: delete}]",
	 .class = CLASS_INVOICE, .verdict = POLICY_GOES, .by = "b"},
	{.about = "none where the first might", .yaml = "rules: [{name: a, match: {class: contract}, action: report}, {name: b, match: {path: '**'}, action: delete}]",
	 .is_unread = true, .verdict = POLICY_UNDECIDED, .by = "a"},
	{.about = "the second where the first would do the same", .yaml = "rules: [{name: a, match: {class: contract}, action: delete}, {name: b, match: {path: '**'}, action: delete}]",
	 .is_unread = true, .verdict = POLICY_GOES, .by = "b"},
	{.about = "a hold wins", .yaml = ONE("{path: '**'}", "delete") "\nholds: [{name: h, match: {organisation: contoso.com}}]",
	 .organisation = "contoso.com", .verdict = POLICY_HELD, .by = "h"},
	{.about = "a hold on others does not", .yaml = ONE("{path: '**'}", "delete") "\nholds: [{name: h, match: {organisation: contoso.com}}]",
	 .organisation = "fabrikam.com", .verdict = POLICY_GOES, .by = "r"},
	{.about = "a hold that cannot be ruled out wins", .yaml = ONE("{path: '**'}", "delete") "\nholds: [{name: h, match: {organisation: contoso.com}}]",
	 .is_unread = true, .verdict = POLICY_HELD, .by = "h"},
	{.about = "a hold on its last day", .yaml = ONE("{path: '**'}", "delete") "\nholds: [{name: h, match: {path: '**'}, until: '2026-11-30T12:00:01Z'}]",
	 .verdict = POLICY_HELD, .by = "h"},
	{.about = "a hold that is over", .yaml = ONE("{path: '**'}", "delete") "\nholds: [{name: h, match: {path: '**'}, until: '2026-11-30T12:00:00Z'}]",
	 .verdict = POLICY_GOES, .by = "r"},
	{.about = "no rule", .yaml = "rules: []", .verdict = POLICY_STAYS},
};
/* clang-format on */

static int64_t time_of(const char *text)
{
	return text != NULL ? clock_parse_rfc3339(ALL(text)) : CLOCK_UNKNOWN;
}

static void decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof decision_cases / sizeof *decision_cases; i++) {
		const struct decision_case *c = &decision_cases[i];
		struct policy policy = read_policy(c->yaml);
		struct bytes organisation = ALL(c->organisation != NULL ? c->organisation : "");
		const struct retained_object object = {
			.container.name = ALL("backup"),
			.object = {.name = ALL(c->name != NULL ? c->name : "a.pdf"),
		                   .size = c->size,
		                   .modified = time_of(c->modified),
		                   .created = CLOCK_UNKNOWN},
			.last_read = CLOCK_UNKNOWN,
		};
		const struct retained_document document = {
			.was_read = !c->is_unread,
			.class = c->class == CLASS_NONE && !c->is_unread ? CLASS_OTHER : c->class,
			.elements = c->elements,
			.relationships = c->relationships,
			.organisations = &organisation,
			.organisation_count = c->organisation != NULL,
			.dated = time_of(c->dated),
		};
		struct policy_decision decision = policy_decide(&policy, time_of(NOW), &object, &document);
		struct bytes by = decision.hold != NULL   ? decision.hold->name
		                  : decision.rule != NULL ? decision.rule->name
		                                          : BYTES_NONE;
		if (decision.verdict != c->verdict || !bytes_equal_string(by, c->by != NULL ? c->by : ""))
			fail_msg("%s: %s by '%.*s'", c->about, policy_verdict_name(decision.verdict), (int)by.len,
			         by.len > 0 ? (const char *)by.at : "");
	}
}

static void months_end_where_they_must(void **state)
{
	static const struct {
		const char *at;
		uint32_t months;
		const char *cutoff;
	} cases[] = {
		{"2024-03-31T10:00:00Z", 1, "2024-02-29T10:00:00Z"},     {"2023-03-31T10:00:00Z", 1, "2023-02-28T10:00:00Z"},
		{"2024-02-29T10:00:00Z", 12, "2023-02-28T10:00:00Z"},    {"2026-11-30T12:00:00Z", 24, "2024-11-30T12:00:00Z"},
		{"2026-01-15T00:00:00Z", 1, "2025-12-15T00:00:00Z"},     {"2026-01-15T00:00:00Z", 0, "2026-01-15T00:00:00Z"},
		{"2026-01-15T00:00:00Z", 99999, "0000-01-01T00:00:00Z"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[CLOCK_TEXT_SIZE];
		const struct policy_match match = {.has_age = true, .over = cases[i].months, .unit = POLICY_MONTHS};
		assert_string_equal(clock_format(policy_cutoff(&match, time_of(cases[i].at)), text), cases[i].cutoff);
	}
}

/* An object goes only with everything in it. */
static void what_keeps_most_counts(void **state)
{
	struct policy policy = read_policy("rules:\n"
	                                   "  - {name: papers, match: {class: invoice}, action: delete}\n"
	                                   "  - {name: slides, match: {class: presentation}, action: 'tier:Cool'}\n"
	                                   "  - {name: films, match: {class: media}, action: 'tier:Archive'}\n");
	const struct retained_object object = {.object = {.name = ALL("a.zip")}};
	static const struct {
		enum document_class classes[3];
		enum policy_verdict verdict;
	} cases[] = {
		{{CLASS_INVOICE, CLASS_INVOICE, CLASS_INVOICE}, POLICY_GOES},
		{{CLASS_INVOICE, CLASS_CONTRACT, CLASS_INVOICE}, POLICY_STAYS},
		{{CLASS_INVOICE, CLASS_PRESENTATION, CLASS_INVOICE}, POLICY_MOVES},
		{{CLASS_MEDIA, CLASS_PRESENTATION, CLASS_INVOICE}, POLICY_DIVIDED},
		{{CLASS_INVOICE, CLASS_NONE, CLASS_CONTRACT}, POLICY_UNDECIDED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_vote vote = policy_vote_begin();
		for (size_t k = 0; k < 3; k++) {
			const struct retained_document document = {.class = cases[i].classes[k],
			                                           .was_read = cases[i].classes[k] != CLASS_NONE};
			struct policy_decision decision = policy_decide(&policy, 0, &object, &document);
			policy_vote_add(&vote, &decision);
		}
		assert_int_equal(policy_vote_end(&vote).verdict, cases[i].verdict);
	}
	struct policy_vote nobody = policy_vote_begin();
	assert_int_equal(policy_vote_end(&nobody).verdict, POLICY_STAYS);
	assert_true(policy_abstains(&(struct retained_document){.class = CLASS_ARCHIVE, .has_parts = true, .was_read = true}));
	assert_false(policy_abstains(&(struct retained_document){.class = CLASS_ARCHIVE, .has_parts = true}));
}

/* ---- what is refused ---- */

static void refuses(void **state)
{
	static const struct {
		const char *yaml, *says;
	} cases[] = {
		{"", "is empty"},
		{"holds: []", "without rules"},
		{"rulez: []", "did you mean rules?"},
		{"rules: [{name: a, match: {path: x}, action: delete, acton: y}]", "did you mean action?"},
		{"rules: [{name: a, match: {pth: x}, action: delete}]", "did you mean path?"},
		{"rules: [{name: a, match: {class: invioce}, action: delete}]", "did you mean invoice?"},
		{"rules: [{name: a, match: {element: helth}, action: delete}]", "did you mean health?"},
		{"rules: [{name: a, match: {relationship: custmer}, action: delete}]", "did you mean customer?"},
		{"rules: [{name: a, match: {age: {by: date, over: 1y}}, action: delete}]", "did you mean dated?"},
		{"rules: [{name: a, match: {age: {by: dated}}, action: delete}]", "over what"},
		{"rules: [{name: a, match: {age: {by: dated, over: 24}}, action: delete}]", "must be an age"},
		{"rules: [{name: a, match: {age: {by: dated, over: 24m}}, action: delete}]", "must be an age"},
		{"rules: [{name: a, match: {size: big}, action: delete}]", "must be a size"},
		{"rules: [{name: a, match: {}, action: delete}]", "matches everything"},
		{"rules: [{name: a, match: {path: x}, action: delte}]", "did you mean delete?"},
		{"rules: [{name: a, match: {path: x}, action: 'tier:'}]", "is no action"},
		{"rules: [{name: a, match: {path: x}, action: 'tier:Archve'}]", "did you mean tier:Archive?"},
		{"rules: []\nholds: [{name: h, match: {organisation: contoso}}]", "by its domain"},
		{"rules: []\nholds: [{name: h, match: {organisation: [contoso.com, 'Contoso Ltd.']}}]", "by its domain"},
		{"rules: []\nholds: [{name: h, match: {organisation: eu.contoso.com}}]", "its own domain, contoso.com"},
		{"rules: []\nholds: [{name: h, match: {organisation: anna@contoso.com}}]", "by its domain"},
		{"rules: [{name: a, match: {path: x}}]", "without an action"},
		{"rules: [{name: a, action: delete}]", "without a match"},
		{"rules: [{match: {path: x}, action: delete}]", "without a name"},
		{"rules: [{name: a, match: {path: x}, action: delete}, {name: a, match: {path: y}, action: delete}]",
	         "another rule"},
		{"rules: []\nholds: [{name: h, match: {path: x}, until: soon}]", "must be a day"},
		{"rules: []\nholds: [{name: h}]", "without a match"},
		{"rules: []\napproval: third", "is no approval"},
		{"rules: []\nundo_days: 400", "0 to 365"},
		{"rules: []\nrules: []", "line 2"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy policy;
		struct failure failure = {.why = ""};
		assert_int_equal(policy_file_read(ALL(cases[i].yaml), "p.yaml", &arena, &policy, &failure), STATUS_USAGE);
		if (strstr(failure.why, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].yaml, failure.why);
	}
}

/* ---- there and back ---- */

struct misfits {
	char said[4096];
};

static void note_misfit(void *context, struct bytes rule, const char *what, const char *why)
{
	struct misfits *misfits = context;
	size_t length = strlen(misfits->said);
	snprintf(misfits->said + length, sizeof misfits->said - length, "[%.*s] %s: %s\n", (int)rule.len,
	         rule.len > 0 ? (const char *)rule.at : "", what, why);
}

static void writes_what_it_reads(void **state)
{
	static const char yaml[] =
		"rules:\n"
		"  - {name: 'a \"quoted\\\\ name', match: {container: b, path: ['x/**', 'y\"z'], except: '*.keep', class: [invoice, nda],"
		" element: [health], organisation: [contoso.com], relationship: [customer, own], tag: {k: v, 'k 2': 'v 2'}, size: 1k..2M,"
		" age: {by: created, over: 3y}}, action: 'tier:Cool'}\n"
		"holds: [{name: h, match: {size: '<5'}, until: 2027-01-01}]\napproval: second\nundo_days: 14\n";
	struct buffer first = buffer_with_ceiling(1 << 20), second = buffer_with_ceiling(1 << 20);
	(void)state;
	struct policy policy = read_policy(yaml);
	policy_file_append(&policy, &first);
	struct policy again = read_policy(buffer_string(&first));
	policy_file_append(&again, &second);
	assert_string_equal(buffer_string(&first), buffer_string(&second));
	assert_true(again.needs_second && again.undo_days == 14 && again.hold_count == 1);
	assert_int_equal(again.rules[0].match.low, 1024);
	assert_int_equal(again.rules[0].match.over, 36);
	buffer_free(&first);
	buffer_free(&second);
}

static void takes_azures(void **state)
{
	static const char json[] =
		"{\"policy\":{\"rules\":[{\"enabled\":true,\"name\":\"old\",\"type\":\"Lifecycle\",\"definition\":{\"actions\":{"
		"\"baseBlob\":{\"tierToCool\":{\"daysAfterModificationGreaterThan\":30},\"delete\":"
		"{\"daysAfterModificationGreaterThan\":730}},\"snapshot\":{\"delete\":{\"daysAfterCreationGreaterThan\":90}}},"
		"\"filters\":{\"blobTypes\":[\"blockBlob\"],\"prefixMatch\":[\"logs/app\",\"logs/web\",\"backup\"],"
		"\"blobIndexMatch\":[{\"name\":\"keep\",\"op\":\"==\",\"value\":\"no\"}]}}},"
		"{\"enabled\":false,\"name\":\"off\",\"type\":\"Lifecycle\",\"definition\":{\"actions\":{\"baseBlob\":{\"delete\":"
		"{\"daysAfterModificationGreaterThan\":1}}}}}]}}";
	struct policy policy;
	struct misfits misfits = {""};
	struct failure failure = {.why = ""};
	(void)state;
	assert_int_equal(lifecycle_read(ALL(json), "azure.json", &arena, note_misfit, &misfits, &policy, &failure), STATUS_OK);
	assert_int_equal(policy.rule_count, 4);
	assert_int_equal(policy.rules[0].action, POLICY_DELETE);
	assert_true(bytes_equal_string(policy.rules[0].match.container, "logs"));
	assert_int_equal(policy.rules[0].match.path_count, 2);
	assert_true(bytes_equal_string(policy.rules[0].match.paths[0], "app**"));
	assert_true(bytes_equal_string(policy.rules[1].match.container, "backup*"));
	assert_int_equal(policy.rules[2].action, POLICY_TIER);
	assert_int_equal(policy.rules[2].match.over, 30);
	assert_non_null(strstr(misfits.said, "[old] blobTypes"));
	assert_non_null(strstr(misfits.said, "[old] snapshot"));
	assert_non_null(strstr(misfits.said, "[off] enabled"));
	struct buffer yaml = buffer_with_ceiling(1 << 20);
	policy_file_append(&policy, &yaml);
	read_policy(buffer_string(&yaml));
	buffer_free(&yaml);
}

static void hands_out_what_fits_alone(void **state)
{
	static const struct {
		const char *yaml, *writes, *says;
	} cases[] = {
		{ONE("{container: c, path: 'x/**', age: {by: modified, over: 24mo}}", "delete"), "\"c/x/\"", "most days"},
		{ONE("{container: c, path: 'x/**', age: {by: modified, over: 24mo}}", "delete"),
	         "{\"daysAfterModificationGreaterThan\":731}", "most days"},
		{ONE("{age: {by: created, over: 90d}, tag: {k: v}}", "'tier:Archive'"),
	         "\"tierToArchive\":{\"daysAfterCreationGreaterThan\":90}", "block blobs"},
		{ONE("{path: '**', except: '*.x', age: {by: modified, over: 1d}}", "delete"), "\"rules\":[]", "except"},
		{ONE("{class: invoice, age: {by: modified, over: 1d}}", "delete"), "\"rules\":[]", "class"},
		{ONE("{age: {by: dated, over: 1d}}", "delete"), "\"rules\":[]", "dated"},
		{ONE("{path: '*.log', age: {by: modified, over: 1d}}", "delete"), "\"rules\":[]", "prefix"},
		{ONE("{path: '**'}", "delete"), "\"rules\":[]", "must have one"},
		{ONE("{age: {by: modified, over: 1d}}", "report"), "\"rules\":[]", "report"},
		{ONE("{container: c, age: {by: modified, over: 1d}}", "delete") "\nholds: [{name: h, match: {class: contract}}]",
	         "\"rules\":[]", "what they keep"},
		{ONE("{container: c, age: {by: modified, over: 1d}}", "delete") "\nholds: [{name: h, match: {container: d}}]",
	         "\"c/\"", "[h] holds"},
		{"rules: [{name: a, match: {container: c, age: {by: modified, over: 9d}}, action: 'tier:Cool'},"
	         " {name: b, match: {container: c, age: {by: modified, over: 1d}}, action: delete}]",
	         "\"tierToCool\"", "[b] rule: order"},
		{"rules: [{name: a, match: {container: c, path: 'x/**', age: {by: modified, over: 9d}}, action: 'tier:Cool'},"
	         " {name: b, match: {container: c, path: 'y/**', age: {by: modified, over: 1d}}, action: delete}]",
	         "\"delete\"", "[b] blobTypes"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct misfits misfits = {""};
		struct buffer json = buffer_with_ceiling(1 << 20);
		struct policy policy = read_policy(cases[i].yaml);
		lifecycle_append(&policy, note_misfit, &misfits, &json);
		if (strstr(buffer_string(&json), cases[i].writes) == NULL || strstr(misfits.said, cases[i].says) == NULL)
			fail_msg("%s\n%s\n%s", cases[i].yaml, buffer_string(&json), misfits.said);
		buffer_free(&json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides),
		cmocka_unit_test(months_end_where_they_must),
		cmocka_unit_test(what_keeps_most_counts),
		cmocka_unit_test(refuses),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(takes_azures),
		cmocka_unit_test(hands_out_what_fits_alone),
	};
	return cmocka_run_group_tests(tests, start, end);
}
