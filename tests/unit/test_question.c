/* SPDX-License-Identifier: Apache-2.0 */
/* question: each query becomes the tree its grammar says, written out here as text; values are checked. */
#include "answer/question.h"
#include "answer/snippet.h"
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena = arena_with_ceiling(16 << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* clang-format off */
static const char *const field_names[] = {
	[QUERY_TEXT] = "text", [QUERY_NAME] = "name", [QUERY_PATH] = "path", [QUERY_EXTENSION] = "ext",
	[QUERY_CONTAINER] = "container", [QUERY_PROVIDER] = "provider", [QUERY_TYPE] = "type", [QUERY_CLASS] = "class",
	[QUERY_SIZE] = "size", [QUERY_MODIFIED] = "modified", [QUERY_EXPOSED] = "exposed", [QUERY_SHA256] = "sha256",
	[QUERY_ENTITY] = "entity", [QUERY_ORGANISATION] = "organisation", [QUERY_SIGNED] = "signed",
	[QUERY_OUTCOME] = "outcome", [QUERY_REGEX] = "re"};

/* <words>, with ... behind a prefix; what a star took is shown as ~. */
static void write_text(struct buffer *into, const struct query_node *node)
{
	buffer_append_byte(into, '<');
	for (size_t i = 0; i < node->text.len; i++)
		buffer_append_byte(into, node->text.at[i] == QUERY_STAR ? '~' : node->text.at[i]);
	buffer_append_string(into, node->is_prefix ? "...>" : ">");
}

static void write_term(struct buffer *into, const struct query_node *node)
{
	bool is_range = node->field == QUERY_SIZE || node->field == QUERY_MODIFIED || node->field == QUERY_EXPOSED;
	if (node->field != QUERY_TEXT)
		buffer_append_format(into, "%s:", field_names[node->field]);
	if (node->field == QUERY_ENTITY)
		buffer_append_format(into, "%s=", finding_kind_name(node->kind));
	if (is_range)
		buffer_append_format(into, "%lld..%lld", (long long)node->low, (long long)node->high);
	else
		write_text(into, node);
}

/* All as (a & b), any as (a | b), not as !a, a term as <words> or field:<value>. */
static void write_tree(struct buffer *into, const struct query_node *node)
{
	if (node->operation == QUERY_TERM) {
		write_term(into, node);
		return;
	}
	buffer_append_byte(into, node->operation == QUERY_NOT ? '!' : '(');
	for (size_t i = 0; i < node->child_count; i++) {
		if (i > 0)
			buffer_append_string(into, node->operation == QUERY_ALL ? " & " : " | ");
		write_tree(into, node->children[i]);
	}
	if (node->operation != QUERY_NOT)
		buffer_append_byte(into, ')');
}

struct row {
	const char *query, *tree;
};
/* clang-format on */

static void assert_tree(const char *query, const char *wanted)
{
	const struct query_node *root = NULL;
	struct failure failure = {.why = ""};
	struct buffer text = buffer_with_ceiling(1 << 16);
	enum status status = question_parse(bytes_of_string(query), &arena, &root, &failure);
	if (status == STATUS_OK && root != NULL)
		write_tree(&text, root);
	if (status != STATUS_OK || strcmp(buffer_string(&text), wanted) != 0)
		print_error("%s\n\tis %s, not %s %s\n", query, buffer_string(&text), wanted, failure.why);
	assert_int_equal(status, STATUS_OK);
	assert_string_equal(buffer_string(&text), wanted);
	buffer_free(&text);
}

static void assert_trees(const struct row *rows)
{
	for (; rows->query != NULL; rows++)
		assert_tree(rows->query, rows->tree);
}

static void assert_usage(const char *query, const char *why)
{
	const struct query_node unchanged = {.child_count = 0}, *root = &unchanged;
	struct failure failure = {.why = ""};
	enum status status = question_parse(bytes_of_string(query), &arena, &root, &failure);
	if (status != STATUS_USAGE || strstr(failure.why, why) == NULL)
		print_error("%s -> %s: %s\n", query, status_name(status), failure.why);
	assert_int_equal(status, STATUS_USAGE);
	assert_non_null(strstr(failure.why, why));
	assert_true(failure.where[0] != '\0');
	assert_ptr_equal(root, &unchanged);
}

static void nothing_asked_is_everything(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"", ""}, {" \t\r\n", ""}, {NULL, NULL}});
	const struct query_node *root = NULL;
	assert_int_equal(question_parse(BYTES_NONE, &arena, &root, NULL), STATUS_OK);
	assert_null(root);
}

static void words_beside_each_other_must_all_occur(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"cat", "<cat>"},
	                                  {" cat ", "<cat>"},
	                                  {"cat dog", "(<cat> & <dog>)"},
	                                  {"a  b\tc\nd", "(<a> & <b> & <c> & <d>)"},
	                                  {"a.b@c-d", "<a.b@c-d>"},
	                                  {"\xC3\xA4rger", "<\xC3\xA4rger>"},
	                                  {"or and OR2 ORacle", "(<or> & <and> & <OR2> & <ORacle>)"},
	                                  {"a AND b", "(<a> & <b>)"},
	                                  {"a AND b OR c", "((<a> & <b>) | <c>)"},
	                                  {"a AND(b)", "(<a> & <b>)"},
	                                  {"\"AND\" a", "(<AND> & <a>)"},
	                                  {"a ANDy", "(<a> & <ANDy>)"},
	                                  {NULL, NULL}});
}

static void or_binds_less_tightly(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"a OR b", "(<a> | <b>)"},
	                                  {"a b OR c d", "((<a> & <b>) | (<c> & <d>))"},
	                                  {"a OR b OR c", "(<a> | <b> | <c>)"},
	                                  {"a (b OR c)", "(<a> & (<b> | <c>))"},
	                                  {"(a OR b) c", "((<a> | <b>) & <c>)"},
	                                  {"a OR(b c)", "(<a> | (<b> & <c>))"},
	                                  {"(a)OR(b)", "(<a> | <b>)"},
	                                  {"\"OR\" a", "(<OR> & <a>)"},
	                                  {NULL, NULL}});
}

static void a_minus_negates_what_it_touches(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"-a", "!<a>"},
	                                  {"a -b", "(<a> & !<b>)"},
	                                  {"-(a OR b) c", "(!(<a> | <b>) & <c>)"},
	                                  {"-\"a b\"", "!<a b>"},
	                                  {"-ext:pdf", "!ext:<pdf>"},
	                                  {"a-b", "<a-b>"},
	                                  {"-", "<->"},
	                                  {"a - b", "(<a> & <-> & <b>)"},
	                                  {"--a", "!<-a>"},
	                                  {"-a OR -b", "(!<a> | !<b>)"},
	                                  {"NOT a", "!<a>"},
	                                  {"a NOT b", "(<a> & !<b>)"},
	                                  {"a AND NOT b", "(<a> & !<b>)"},
	                                  {"NOT (a OR b)", "!(<a> | <b>)"},
	                                  {"NOT ext:pdf", "!ext:<pdf>"},
	                                  {"NOT NOT a", "<a>"},
	                                  {"NOT -a", "<a>"},
	                                  {"NOTa \"NOT\" not", "(<NOTa> & <NOT> & <not>)"},
	                                  {NULL, NULL}});
}

static void quotes_make_phrases(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"\"statement of work\"", "<statement of work>"},
	                                  {"\"a OR (b\" c", "(<a OR (b> & <c>)"},
	                                  {"\"a: b\"", "<a: b>"},
	                                  {"\"name:x\"", "<name:x>"},
	                                  {"\"a\"\"b\"", "(<a> & <b>)"},
	                                  {"\"a \\\"b\\\" \\\\ \\c\"", "<a \"b\" \\ \\c>"},
	                                  {"\"5 * 5\"", "<5 * 5>"},
	                                  {NULL, NULL}});
}

static void parentheses_nest(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"((a))", "<a>"},
	                                  {"(a b)", "(<a> & <b>)"},
	                                  {"(a (b OR (c -d)))", "(<a> & (<b> | (<c> & !<d>)))"},
	                                  {"a(b)c", "(<a> & <b> & <c>)"},
	                                  {"a ()", "<a>"},
	                                  {"()", ""},
	                                  {"( ) b", "<b>"},
	                                  {NULL, NULL}});
}

/* What is empty at the beginning says nothing; it does not make the rest unsaid, for then a search answers with everything. */
static void an_empty_beginning_does_not_swallow_the_rest(void **state)
{
	(void)state;
	assert_tree("() a", "<a>");
}

static void an_empty_phrase_does_not_swallow_the_rest(void **state)
{
	(void)state;
	assert_tree("\"\" a", "<a>");
}

/* A guess at what was meant would answer another question. */
static void what_is_left_open_is_refused(void **state)
{
	(void)state;
	static const struct row rows[] = {{"\"open to the end", "quotation mark is never closed"},
	                                  {"a \"b\" \"", "quotation mark is never closed"},
	                                  {"name:\"a b", "quotation mark is never closed"},
	                                  {"\"a\\\"", "quotation mark is never closed"},
	                                  {"(a", "parenthesis is never closed"},
	                                  {"a ((b) c", "parenthesis is never closed"},
	                                  {"(", "parenthesis is never closed"},
	                                  {"a )b", "parenthesis closes none"},
	                                  {")", "parenthesis closes none"},
	                                  {"(a) )", "parenthesis closes none"},
	                                  {"re:/open", "never closed by a slash"},
	                                  {"re:/open\\", "never closed by a slash"},
	                                  {"re:/open\\/", "never closed by a slash"},
	                                  {"a OR", "OR stands"},
	                                  {"OR a", "OR stands"},
	                                  {"a OR OR b", "OR stands"},
	                                  {"(OR a)", "OR stands"},
	                                  {"(a OR) b", "OR stands"},
	                                  {"a AND", "AND stands"},
	                                  {"AND", "AND stands"},
	                                  {"a AND AND b", "AND stands"},
	                                  {"a OR AND b", "AND stands"},
	                                  {"NOT", "NOT stands"},
	                                  {"a NOT", "NOT stands"},
	                                  {"(a NOT) b", "NOT stands"},
	                                  {NULL, NULL}};
	for (size_t i = 0; rows[i].query != NULL; i++)
		assert_usage(rows[i].query, rows[i].tree);
}

static void a_star_ends_a_word_or_stands_in_names(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"inv*", "<inv...>"},
	                                  {"a inv*", "(<a> & <inv...>)"},
	                                  {"-inv*", "!<inv...>"},
	                                  {"*", ""},
	                                  {"a *", "<a>"},
	                                  {"inv\\*", "<inv*>"},
	                                  {"name:inv*.pdf", "name:<inv~.pdf>"},
	                                  {"path:*/2021/*", "path:<~/2021/~>"},
	                                  {"name:\"a*b\"", "name:<a*b>"},
	                                  {"name:a\\*b", "name:<a*b>"},
	                                  {"email:*@contoso.com", "entity:email=<~@contoso.com>"},
	                                  {"entity:url=http*", "entity:url=<http~>"},
	                                  {"type:image/*", "type:<image/>"},
	                                  {NULL, NULL}});
	assert_usage("in*ce", "a star ends a word");
	assert_usage("*ice", "a star ends a word");
	assert_usage("ext:p*", "no star");
	assert_usage("type:*", "star behind a slash alone");
	assert_usage("sha256:*", "no star");
}

static void commas_part_values_of_which_either_will_do(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"ext:pdf,DOCX", "(ext:<pdf> | ext:<docx>)"},
	                                  {"-ext:pdf,docx", "!(ext:<pdf> | ext:<docx>)"},
	                                  {"ext:pdf,docx a", "((ext:<pdf> | ext:<docx>) & <a>)"},
	                                  {"outcome:bomb,crashed", "(outcome:<bomb> | outcome:<crashed>)"},
	                                  {"name:a,b", "name:<a,b>"},
	                                  {"ext:a\\,b", "ext:<a,b>"},
	                                  {"email:a@b.c,D@e.f", "(entity:email=<a@b.c> | entity:email=<d@e.f>)"},
	                                  {NULL, NULL}});
	assert_usage("ext:pdf,", "no value");
	assert_usage("ext:,pdf", "no value");
	assert_usage("outcome:bomb,bom", "did you mean bomb?");
}

static void a_family_is_all_its_media_types(void **state)
{
	(void)state;
	assert_trees((const struct row[]){
		{"type:PDF", "type:<application/pdf>"},
		{"type:image", "type:<image/>"},
		{"type:image/", "type:<image/>"},
		{"type:text/html", "type:<text/html>"},
		{"type:presentation",
	         "(type:<application/vnd.openxmlformats-officedocument.presentationml.> | "
	         "type:<application/vnd.oasis.opendocument.presentation> | type:<application/vnd.ms-powerpoint>)"},
		{NULL, NULL}});
	assert_usage("type:sheets", "did you mean sheet?");
	assert_usage("type:pfd", "no media type and no family");
}

static void outcomes_have_groups(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		enum outcome has, lacks;
	} rows[] = {
		{"outcome:read", OUTCOME_READ, OUTCOME_PENDING},     {"outcome:unread", OUTCOME_BOMB, OUTCOME_READ},
		{"outcome:unread", OUTCOME_PENDING, OUTCOME_READ},   {"outcome:unread", OUTCOME_NEEDS_OCR, OUTCOME_READ},
		{"outcome:skipped", OUTCOME_EXCLUDED, OUTCOME_BOMB}, {"outcome:failed", OUTCOME_CRASHED, OUTCOME_EXCLUDED},
		{"outcome:failed", OUTCOME_DENIED, OUTCOME_PENDING}, {"outcome:listed_only", OUTCOME_PENDING, OUTCOME_EXCLUDED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct query_node *root = NULL;
		assert_int_equal(question_parse(bytes_of_string(rows[i].query), &arena, &root, NULL), STATUS_OK);
		assert_true(root->outcomes & (UINT64_C(1) << rows[i].has));
		assert_false(root->outcomes & (UINT64_C(1) << rows[i].lacks));
	}
}

#define DIGITS "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef"
#define LOWERED "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void fields_read_their_values(void **state)
{
	(void)state;
	assert_trees((const struct row[]){
		{"name:Report", "name:<Report>"},
		{"path:a/b", "path:<a/b>"},
		{"ext:PDF", "ext:<pdf>"},
		{"ext:.Pdf", "ext:<pdf>"},
		{"container:backup", "container:<backup>"},
		{"container:/mnt/disk", "container:</mnt/disk>"},
		{"container:az://contoso/backup", "container:<https://contoso.blob.core.windows.net/backup>"},
		{"container:https://contoso.blob.core.windows.net/backup/",
	         "container:<https://contoso.blob.core.windows.net/backup>"},
		{"container:s3://backup", "container:<s3://backup>"},
		{"container:file:///not/there", "container:<file:///not/there>"},
		{"provider:azure", "provider:<azure>"},
		{"provider:folder", "provider:<folder>"},
		{"type:Text/Plain", "type:<text/plain>"},
		{"class:invoice", "class:<invoice>"},
		{"outcome:bomb", "outcome:<bomb>"},
		{"organisation:Example.COM", "organisation:<example.com>"},
		{"sha256:" DIGITS, "sha256:<" LOWERED ">"},
		{"signed:yes", "signed:<true>"},
		{"signed:TRUE", "signed:<true>"},
		{"signed:no", "signed:<false>"},
		{"email:Jane@Example.COM", "entity:email=<jane@example.com>"},
		{"domain:Example.COM", "entity:domain=<example.com>"},
		{"entity:ip=192.0.2.1", "entity:ip=<192.0.2.1>"},
		{"entity:iban=de89-3704*", "entity:iban=<DE893704~>"},
		{"entity:\"phone=0049 (0)30/901820\"", "entity:phone=<+4930901820>"},
		{"entity:card=4111-1111-1111-1111", "entity:card=<4111111111111111>"},
		{"entity:invoice=RE-2015/5", "entity:invoice=<RE-2015/5>"},
		{"entity:url=http://x/?a=b", "entity:url=<http://x/?a=b>"},
		{"name:\"a b\" c", "(name:<a b> & <c>)"},
		{"name:\"a:(b)\"", "name:<a:(b)>"},
		{"-name:\"a b\"", "!name:<a b>"},
		{"(name:a)b", "(name:<a> & <b>)"},
		{"name:a:b", "name:<a:b>"},
		{"size:1k..2M", "size:1024..2097152"},
		{"size:>1kB", "size:1001..9223372036854775807"},
		{"modified:2019", "modified:1546300800..1577836799"},
		{"exposed:2019-03", "exposed:1551398400..1554076799"},
		{NULL, NULL}});
}

static void regular_expressions_stand_between_slashes(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"re:/a b(c|d)/ e", "(re:<a b(c|d)> & <e>)"},
	                                  {"re:/a\\/b/", "re:<a\\/b>"},
	                                  {"re:/\\\\/ x", "(re:<\\\\> & <x>)"},
	                                  {"re:\"a b\"", "re:<a b>"},
	                                  {"re:a.b", "re:<a.b>"},
	                                  {NULL, NULL}});
}

static void what_is_called_like_no_field_is_refused(void **state)
{
	(void)state;
	assert_trees((const struct row[]){{"http://example.com/", "<http://example.com/>"},
	                                  {"10:30", "<10:30>"},
	                                  {"Name:x", "name:<x>"},
	                                  {"EXT:pdf", "ext:<pdf>"},
	                                  {":x", "<:x>"},
	                                  {"names\\:x", "<names:x>"},
	                                  {"a name:x", "(<a> & name:<x>)"},
	                                  {":", "<:>"},
	                                  {"a.b:c", "<a.b:c>"},
	                                  {"\"subject: offer\"", "<subject: offer>"},
	                                  {NULL, NULL}});
	assert_usage("names:x", "did you mean name?");
	assert_usage("emial:x@y.z", "did you mean email?");
	assert_usage("a OR (b titel:x)", "no such field");
	assert_usage("x:name:y", "no such field");
	assert_usage("zzz:x", "\\: is a colon of the text");
}

static void bad_values_are_refused_with_a_reason(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"provider:ftp", "no provider"},
		{"provider:unknwn", "there are azure"},
		{"provider:AZURE", "did you mean azure?"},
		{"outcome:great", "no outcome"},
		{"outcome:unraed", "did you mean unread?"},
		{"class:invoise", "did you mean invoice?"},
		{"class:thing", "no class"},
		{"entity:emial=x", "did you mean email?"},
		{"outcome:pending", "no outcome"},
		{"sha256:abc", "no SHA-256"},
		{"sha256:" DIGITS "0", "no SHA-256"},
		{"sha256:g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "no SHA-256"},
		{"size:big", "no range"},
		{"size:1..2..3", "no range"},
		{"size:-1", "no range"},
		{"modified:soon", "no span"},
		{"exposed:2019-13", "no span"},
		{"signed:maybe", "yes or no"},
		{"entity:ip", "KIND=VALUE"},
		{"entity:ip=", "KIND=VALUE"},
		{"entity:=x", "KIND=VALUE"},
		{"entity:shoe=42", "no kind"},
		{"name:", "no value"},
		{"name: x", "no value"},
		{"name:\"\"", "no value"},
		{"re://", "no value"},
		{"(name:)", "no value"},
		{"a OR (b -size:x)", "no range"},
		{NULL, NULL}};
	for (size_t i = 0; rows[i].query != NULL; i++)
		assert_usage(rows[i].query, rows[i].tree);
	assert_usage("a\xFF", "UTF-8");
	assert_usage("name:\xC3", "UTF-8");
}

static void a_nul_is_no_hexadecimal_digit(void **state)
{
	(void)state;
	unsigned char query[7 + 64] = "sha256:" LOWERED;
	const struct query_node *root = NULL;
	query[20] = '\0';
	assert_int_equal(question_parse(bytes_of(query, sizeof query), &arena, &root, NULL), STATUS_USAGE);
}

static enum status parse_repeated(const char *piece, size_t times, const char *last, struct failure *reterr)
{
	struct buffer query = buffer_with_ceiling(1 << 20);
	const struct query_node *root = NULL;
	for (size_t i = 0; i < times; i++)
		buffer_append_string(&query, piece);
	buffer_append_string(&query, last);
	enum status status = question_parse(buffer_bytes(&query), &arena, &root, reterr);
	buffer_free(&query);
	return status;
}

static void terms_and_depth_are_bounded(void **state)
{
	(void)state;
	struct failure failure = {.why = ""};
	assert_int_equal(parse_repeated("a ", QUESTION_TERMS_MAX - 1, "", NULL), STATUS_OK);
	assert_int_equal(parse_repeated("a ", QUESTION_TERMS_MAX + 1, "", &failure), STATUS_USAGE);
	assert_non_null(strstr(failure.why, "512"));
	assert_int_equal(parse_repeated("a OR ", QUESTION_TERMS_MAX + 1, "a", &failure), STATUS_USAGE);
	assert_int_equal(parse_repeated("-a ", QUESTION_TERMS_MAX, "", &failure), STATUS_USAGE);
	assert_int_equal(parse_repeated("(", 64, "a", &failure), STATUS_USAGE);
	assert_non_null(strstr(failure.why, "never closed"));
	assert_int_equal(parse_repeated("(", 65, "a", &failure), STATUS_USAGE);
	assert_int_equal(parse_repeated("-(", 100000, "a", &failure), STATUS_USAGE);
	assert_non_null(strstr(failure.why, "deep"));
	assert_int_equal(parse_repeated("(a) ", 200, "", NULL), STATUS_OK);
	assert_int_equal(parse_repeated(": ", 100000, "", &failure), STATUS_USAGE);
	assert_int_equal(parse_repeated("x", 500000, "", NULL), STATUS_OK);
}

static void an_arena_too_small_is_no_memory(void **state)
{
	(void)state;
	const struct query_node *root = NULL;
	struct arena small = arena_with_ceiling(64);
	assert_int_equal(question_parse(BYTES_LITERAL("a b"), &small, &root, NULL), STATUS_NO_MEMORY);
	assert_null(root);
	arena_free(&small);
}

static void assert_words(const char *query, const char *wanted)
{
	const struct query_node *root = NULL;
	struct snippet_words words;
	struct buffer text = buffer_with_ceiling(1 << 16);
	assert_int_equal(question_parse(bytes_of_string(query), &arena, &root, NULL), STATUS_OK);
	assert_int_equal(snippet_words_of(root, &arena, &words), STATUS_OK);
	for (size_t i = 0; i < words.count; i++)
		buffer_append_format(&text, "%.*s ", (int)words.words[i].len, (const char *)words.words[i].at);
	assert_string_equal(buffer_string(&text), wanted);
	snippet_words_free(&words);
	buffer_free(&text);
}

static void words_for_snippets_are_the_indexs_and_never_negated(void **state)
{
	(void)state;
	assert_words("", "");
	assert_words("Hello \"Big W\xC3\x96rld\" -secret", "hello big world ");
	assert_words("(a OR -(b c)) name:d ext:pdf", "a ");
	assert_words("email:Jane@Example.com", "jane example com ");
	assert_words("inv* b", "inv b ");
	assert_words("... ---x", "");
	assert_words("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "\xE6\x97\xA5\xE6\x9C\xAC \xE6\x9C\xAC\xE8\xAA\x9E ");
}

static void words_for_snippets_are_bounded(void **state)
{
	(void)state;
	const struct query_node *root = NULL;
	struct snippet_words words;
	struct buffer query = buffer_with_ceiling(1 << 16);
	for (int i = 0; i < SNIPPET_WORDS_MAX + 8; i++)
		buffer_append_format(&query, "w%d ", i);
	assert_int_equal(question_parse(buffer_bytes(&query), &arena, &root, NULL), STATUS_OK);
	assert_int_equal(snippet_words_of(root, &arena, &words), STATUS_OK);
	assert_int_equal(words.count, SNIPPET_WORDS_MAX);
	snippet_words_free(&words);
	buffer_free(&query);
}

static void assert_place(const char *query, const char *text, size_t weight, const char *from)
{
	const struct query_node *root = NULL;
	struct snippet_words words;
	size_t at = SIZE_MAX;
	assert_int_equal(question_parse(bytes_of_string(query), &arena, &root, NULL), STATUS_OK);
	assert_int_equal(snippet_words_of(root, &arena, &words), STATUS_OK);
	assert_int_equal(snippet_find(bytes_of_string(text), &words, &at), weight);
	if (weight > 0)
		assert_string_equal(text + at, from);
	snippet_words_free(&words);
}

static void a_snippet_is_where_most_of_it_stands_together(void **state)
{
	(void)state;
	const char far[] =
		"invoice of somebody. ............................................................................................"
		"............................................ The invoice 42 is paid";
	assert_place("invoice 42", far, 2, "invoice 42 is paid");
	assert_place("42 invoice", far, 2, "invoice 42 is paid");
	assert_place("somebody", far, 1, far + 11);
	assert_place("\"b c\"", "b, c b d c b c d", 2, "b, c b d c b c d");
	assert_place("\"b d\"", "b, c b d c b c d", 2, "b d c b c d");
	assert_place("\"a b\"", "b a a b", 2, "a b");
	assert_place("\"a c\"", "a b c", 0, NULL);
	assert_place("inv*", "an old invoice", 1, "invoice");
	assert_place("inv", "an old invoice", 0, NULL);
	assert_place("invoice", "all old invoices", 1, "invoices");
	assert_place("invoices", "AN OLD INVOICE", 1, "INVOICE");
	assert_place("\"invoice\"", "all old invoices", 0, NULL);
	assert_place("invoice*", "invoicelike", 1, "invoicelike");
	assert_place("invoice", "invoicelike", 0, NULL);
	assert_place("old invoice", "old things, and old invoices", 2, "old invoices");
	assert_place("email:*@contoso.com", "fabrikam.com anna@contoso.com", 2, "contoso.com");
}

/* The line with each mark in brackets. */
static void assert_marks(const char *query, const char *line, size_t most, const char *wanted)
{
	const struct query_node *root = NULL;
	struct snippet_words words;
	struct snippet_mark marks[8];
	struct buffer shown = buffer_with_ceiling(1 << 16);
	size_t at = 0;
	assert_int_equal(question_parse(bytes_of_string(query), &arena, &root, NULL), STATUS_OK);
	assert_int_equal(snippet_words_of(root, &arena, &words), STATUS_OK);
	size_t count = snippet_mark(bytes_of_string(line), &words, marks, most);
	for (size_t i = 0; i < count; i++) {
		assert_true(at <= marks[i].from && marks[i].from < marks[i].to && marks[i].to <= strlen(line));
		buffer_append_format(&shown, "%.*s[%.*s]", (int)(marks[i].from - at), line + at,
		                     (int)(marks[i].to - marks[i].from), line + marks[i].from);
		at = marks[i].to;
	}
	buffer_append_string(&shown, line + at);
	assert_string_equal(buffer_string(&shown), wanted);
	snippet_words_free(&words);
	buffer_free(&shown);
}

static void what_matched_is_marked_as_it_stands_there(void **state)
{
	(void)state;
	assert_marks("invoice", "Invoice, two invoices, invoicelike", 8, "[Invoice], two [invoices], invoicelike");
	assert_marks("\"invoice\"", "Invoice, two invoices", 8, "[Invoice], two invoices");
	assert_marks("inv*", "Invoice, two inventories", 8, "[Invoice], two [inventories]");
	assert_marks("Vertrag", "Vertr\xC3\xA4ge", 8, "[Vertr\xC3\xA4ge]");
	assert_marks("\"a b\" \"b c\"", "x a b c, a b", 8, "x [a b c], [a b]");
	assert_marks("\"a b c\" b", "a b c", 8, "[a b c]");
	assert_marks("a", "a a a", 2, "[a] [a] a");
	assert_marks("a -b", "a b", 8, "[a] b");
	assert_marks("ext:pdf", "a b pdf", 8, "a b pdf");
	assert_marks("a", "", 8, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_asked_is_everything, start, end),
		cmocka_unit_test_setup_teardown(words_beside_each_other_must_all_occur, start, end),
		cmocka_unit_test_setup_teardown(or_binds_less_tightly, start, end),
		cmocka_unit_test_setup_teardown(a_minus_negates_what_it_touches, start, end),
		cmocka_unit_test_setup_teardown(quotes_make_phrases, start, end),
		cmocka_unit_test_setup_teardown(parentheses_nest, start, end),
		cmocka_unit_test_setup_teardown(an_empty_beginning_does_not_swallow_the_rest, start, end),
		cmocka_unit_test_setup_teardown(an_empty_phrase_does_not_swallow_the_rest, start, end),
		cmocka_unit_test_setup_teardown(what_is_left_open_is_refused, start, end),
		cmocka_unit_test_setup_teardown(a_star_ends_a_word_or_stands_in_names, start, end),
		cmocka_unit_test_setup_teardown(commas_part_values_of_which_either_will_do, start, end),
		cmocka_unit_test_setup_teardown(a_family_is_all_its_media_types, start, end),
		cmocka_unit_test_setup_teardown(outcomes_have_groups, start, end),
		cmocka_unit_test_setup_teardown(fields_read_their_values, start, end),
		cmocka_unit_test_setup_teardown(regular_expressions_stand_between_slashes, start, end),
		cmocka_unit_test_setup_teardown(what_is_called_like_no_field_is_refused, start, end),
		cmocka_unit_test_setup_teardown(bad_values_are_refused_with_a_reason, start, end),
		cmocka_unit_test_setup_teardown(a_nul_is_no_hexadecimal_digit, start, end),
		cmocka_unit_test_setup_teardown(terms_and_depth_are_bounded, start, end),
		cmocka_unit_test_setup_teardown(an_arena_too_small_is_no_memory, start, end),
		cmocka_unit_test_setup_teardown(words_for_snippets_are_the_indexs_and_never_negated, start, end),
		cmocka_unit_test_setup_teardown(words_for_snippets_are_bounded, start, end),
		cmocka_unit_test_setup_teardown(a_snippet_is_where_most_of_it_stands_together, start, end),
		cmocka_unit_test_setup_teardown(what_matched_is_marked_as_it_stands_there, start, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
