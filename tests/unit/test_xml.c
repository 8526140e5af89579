/* SPDX-License-Identifier: Apache-2.0 */
/* xml: events in order, whatever the pieces; nothing explodes, nothing is fetched, the first failure sticks. */
#include "base/buffer.h"
#include "base/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct record {
	struct buffer events;
	enum status answer; /* what the next event of that kind says */
	char kind;
};

static enum status answer_of(const struct record *record, char kind)
{
	return record->kind == kind ? record->answer : STATUS_OK;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct record *record = context;
	buffer_append_format(&record->events, "<%s", name);
	for (; attributes[0] != NULL; attributes += 2)
		buffer_append_format(&record->events, " %s=%s", attributes[0], attributes[1]);
	buffer_append_byte(&record->events, '>');
	return answer_of(record, '<');
}

static enum status on_end(void *context, const char *name)
{
	struct record *record = context;
	buffer_append_format(&record->events, "</%s>", name);
	return answer_of(record, '/');
}

static enum status on_text(void *context, struct bytes text)
{
	struct record *record = context;
	buffer_append(&record->events, text);
	return answer_of(record, 't');
}

static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};

static struct record new_record(void)
{
	return (struct record){.events = buffer_with_ceiling(4 << 20)};
}

static void assert_events(struct bytes document, enum status status, const char *wanted)
{
	struct record record = new_record();
	enum status got = xml_parse(document, &events, &record);
	if (got != status)
		print_error("%.*s: %s\n", (int)document.len, (const char *)document.at, status_name(got));
	assert_int_equal(got, status);
	if (wanted != NULL)
		assert_string_equal(buffer_string(&record.events), wanted);
	buffer_free(&record.events);
}

static void assert_status(const char *document, enum status status)
{
	assert_events(bytes_of_string(document), status, NULL);
}

static void events_come_in_order(void **state)
{
	(void)state;
	assert_events(BYTES_LITERAL("<?xml version='1.0'?><a x='1' y:z='&amp;'>t&lt;<b/><!--no--><![CDATA[<&]]></a>"), STATUS_OK,
	              "<a x=1 y:z=&>t<<b></b><&</a>");
	assert_status("<a>\xC3\xA4&#x1F600;</a>", STATUS_OK);
	assert_events(BYTES_LITERAL("<a>\xC3\xA4&#x1F600;</a>"), STATUS_OK, "<a>\xC3\xA4\xF0\x9F\x98\x80</a>");
}

static void pieces_of_any_size_make_the_same_events(void **state)
{
	(void)state;
	struct bytes whole = BYTES_LITERAL("<?xml version='1.0' encoding='UTF-8'?><r><k a='\xE2\x82\xAC'>x\xC3\xA4y</k>&gt;</r>");
	for (size_t size = 1; size <= whole.len; size++) {
		struct record record = new_record();
		struct xml_parser *parser;
		assert_int_equal(xml_start(&events, &record, NULL, &parser), STATUS_OK);
		for (size_t at = 0; at < whole.len; at += size) {
			/* A copy of its own size, so that reading past a piece is seen. */
			struct bytes piece = bytes_slice(whole, at, size);
			unsigned char *copy = malloc(piece.len);
			assert_non_null(copy);
			memcpy(copy, piece.at, piece.len);
			assert_int_equal(xml_feed(parser, bytes_of(copy, piece.len)), STATUS_OK);
			free(copy);
		}
		assert_int_equal(xml_feed(parser, BYTES_NONE), STATUS_OK);
		assert_int_equal(xml_finish(parser), STATUS_OK);
		assert_string_equal(buffer_string(&record.events), "<r><k a=\xE2\x82\xAC>x\xC3\xA4y</k>></r>");
		xml_free(parser);
		buffer_free(&record.events);
	}
}

static void what_is_not_well_formed_is_malformed(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  " ",
	                                  "a",
	                                  "<a>",
	                                  "<a></b>",
	                                  "<a/><b/>",
	                                  "<a x=1/>",
	                                  "<a x='1' x='2'/>",
	                                  "<a>&b;</a>",
	                                  "<a>&#0;</a>",
	                                  "<a>\x01</a>",
	                                  "<a>\xFF</a>",
	                                  "<a>\xED\xA0\x80</a>",
	                                  "<a>]]></a>",
	                                  "<a/>x",
	                                  "<a",
	                                  NULL};
	for (size_t i = 0; bad[i] != NULL; i++)
		assert_status(bad[i], STATUS_MALFORMED);
	assert_events(BYTES_LITERAL("<a>\0</a>"), STATUS_MALFORMED, NULL);
}

#define NESTED "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;'><!ENTITY z '&y;&y;'>]>"

static void entities_made_of_entities_are_a_bomb(void **state)
{
	(void)state;
	assert_status(NESTED "<a>&z;</a>", STATUS_BOMB);
	assert_status(NESTED "<a/>", STATUS_BOMB);
	assert_status("<!DOCTYPE a [<!ENTITY x '&x;'>]><a>&x;</a>", STATUS_BOMB);
	assert_status("<!DOCTYPE a [<!ENTITY x 'abc&'>]><a/>", STATUS_MALFORMED);
}

static void an_entity_of_plain_text_is_what_it_says(void **state)
{
	(void)state;
	assert_events(BYTES_LITERAL("<!DOCTYPE a [<!ENTITY x 'ha'>]><a>&x;&x;</a>"), STATUS_OK, "<a>haha</a>");
}

static void nothing_outside_is_fetched(void **state)
{
	(void)state;
	struct record record = new_record();
	enum status status = xml_parse(BYTES_LITERAL("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"), &events,
	                               &record);
	assert_true(status == STATUS_BOMB || status == STATUS_OK || status == STATUS_MALFORMED);
	assert_true(bytes_find(buffer_bytes(&record.events), BYTES_LITERAL("root")) == BYTES_NOT_FOUND);
	buffer_free(&record.events);
	assert_status("<!DOCTYPE a SYSTEM 'http://192.0.2.1/x.dtd'><a/>", STATUS_OK);
}

/* expat's value is no C string: behind it lies what was there before, here the rest of a second declaration of x, which
 * counts for nothing. Looking for a NUL finds the & of that. */
static void the_value_of_an_entity_ends_where_its_length_says(void **state)
{
	(void)state;
	assert_events(BYTES_LITERAL("<!DOCTYPE a [<!ENTITY x 'a'><!ENTITY x 'bbbb&amp;bbbb'><!ENTITY y 'c'>]><a>&y;</a>"),
	              STATUS_OK, "<a>c</a>");
	assert_events(BYTES_LITERAL("<!DOCTYPE a [<!ENTITY x ''>]><a>&x;</a>"), STATUS_OK, "<a></a>");
	for (size_t length = 1; length < 3000; length = length * 2 + 1) {
		struct buffer document = buffer_with_ceiling(1 << 16);
		buffer_append_string(&document, "<!DOCTYPE a [<!ENTITY x '");
		for (size_t i = 0; i < length; i++)
			buffer_append_byte(&document, 'v');
		buffer_append_string(&document, "'>]><a/>");
		assert_events(buffer_bytes(&document), STATUS_OK, "<a></a>");
		buffer_free(&document);
	}
}

static enum status status_at_depth(size_t depth)
{
	struct buffer document = buffer_with_ceiling(1 << 20);
	struct record record = new_record();
	for (size_t i = 0; i < depth; i++)
		buffer_append_string(&document, "<a>");
	for (size_t i = 0; i < depth; i++)
		buffer_append_string(&document, "</a>");
	enum status status = xml_parse(buffer_bytes(&document), &events, &record);
	buffer_free(&document);
	buffer_free(&record.events);
	return status;
}

static void depth_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(status_at_depth(XML_DEPTH_MAX), STATUS_OK);
	assert_int_equal(status_at_depth(XML_DEPTH_MAX + 1), STATUS_BOMB);
	assert_int_equal(status_at_depth(50000), STATUS_BOMB);
	struct buffer document = buffer_with_ceiling(1 << 20);
	buffer_append_string(&document, "<a>");
	for (size_t i = 0; i < 2 * XML_DEPTH_MAX; i++)
		buffer_append_string(&document, "<b/>");
	buffer_append_string(&document, "</a>");
	assert_int_equal(xml_parse(buffer_bytes(&document), &(struct xml_events){.start = NULL}, NULL), STATUS_OK);
	buffer_free(&document);
}

/* ---- attributes ---- */

static void append_attributes(struct buffer *document, size_t count, const char *rest)
{
	for (size_t i = 0; i < count; i++)
		buffer_append_format(document, " a%zu%s", i, rest);
}

static enum status status_with_attributes(size_t count, const char *before, const char *value)
{
	struct buffer document = buffer_with_ceiling(64 << 20);
	struct record record = new_record();
	buffer_append_format(&document, "%s<a", before);
	append_attributes(&document, count, value);
	buffer_append_string(&document, "></a>");
	enum status status = xml_parse(buffer_bytes(&document), &events, &record);
	buffer_free(&document);
	buffer_free(&record.events);
	return status;
}

static void attributes_of_an_element_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(status_with_attributes(XML_ATTRIBUTES_MAX, "", "=''"), STATUS_OK);
	assert_int_equal(status_with_attributes(XML_ATTRIBUTES_MAX + 1, "", "=''"), STATUS_MALFORMED);
	assert_int_equal(status_with_attributes(XML_ATTRIBUTES_MAX, "<?x y='?>", "=\"=='>\""), STATUS_OK);
	assert_int_equal(status_with_attributes(XML_ATTRIBUTES_MAX + 1, "<?x y='?>", "=\"=='>\""), STATUS_MALFORMED);
	assert_int_equal(status_with_attributes(XML_ATTRIBUTES_MAX + 1,
	                                        "<!DOCTYPE a [<!-- ' > --><!ENTITY e \"<a '\"><?y \"?>]><!--\"-->", "=''"),
	                 STATUS_MALFORMED);
}

/* Signs of equality everywhere but in tags, and many small tags. */
static void only_attributes_are_counted(void **state)
{
	static const char *const around[][2] = {
		{"<a>", "</a>"},       {"<a><!-- ", " --></a>"}, {"<a><![CDATA[<a ", "]]></a>"},
		{"<a><?x ", "?></a>"}, {"<a b='", "'/>"},        {"<!DOCTYPE a [<!ENTITY e \"", "\">]><a/>"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		struct buffer document = buffer_with_ceiling(1 << 20);
		buffer_append_string(&document, around[i][0]);
		for (size_t n = 0; n < 2 * XML_ATTRIBUTES_MAX; n++)
			buffer_append_string(&document, "= ");
		buffer_append_string(&document, around[i][1]);
		assert_events(buffer_bytes(&document), STATUS_OK, NULL);
		buffer_free(&document);
	}
	struct buffer document = buffer_with_ceiling(1 << 20);
	buffer_append_string(&document, "<a>");
	for (size_t n = 0; n < 2 * XML_ATTRIBUTES_MAX; n++)
		buffer_append_string(&document, "<b c=''/>");
	buffer_append_string(&document, "</a>");
	assert_events(buffer_bytes(&document), STATUS_OK, NULL);
	buffer_free(&document);
}

/* Four million of them in one tag: what stops it is the tag's beginning, not what expat has made of the whole. */
static void too_many_attributes_are_not_gone_through(void **state)
{
	enum { MANY = 4000000 };
	struct buffer document = buffer_with_ceiling(64 << 20);
	struct xml_parser *parser;
	(void)state;
	buffer_append_string(&document, "<a");
	append_attributes(&document, MANY, "=''");
	buffer_append_string(&document, "/>");
	assert_int_equal(xml_start(&events, NULL, NULL, &parser), STATUS_OK);
	assert_int_equal(xml_feed(parser, buffer_bytes(&document)), STATUS_MALFORMED);
	assert_true(xml_looked_at(parser) < document.len / 20);
	assert_string_equal(xml_reason(parser), "more attributes than are read");
	xml_free(parser);
	buffer_free(&document);
}

static enum status status_with_declared(size_t declared, const char *otherwise, size_t elements)
{
	struct buffer document = buffer_with_ceiling(64 << 20);
	buffer_append_string(&document, "<!DOCTYPE a [<!ATTLIST b");
	append_attributes(&document, declared, otherwise);
	buffer_append_string(&document, ">]><a>");
	for (size_t i = 0; i < elements; i++)
		buffer_append_string(&document, "<b/>");
	buffer_append_string(&document, "</a>");
	enum status status = xml_parse(buffer_bytes(&document), &(struct xml_events){.start = NULL}, NULL);
	buffer_free(&document);
	return status;
}

static void declared_attributes_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(status_with_declared(1024, " CDATA #IMPLIED", 10000), STATUS_OK);
	assert_int_equal(status_with_declared(1025, " CDATA #IMPLIED", 1), STATUS_MALFORMED);
	assert_int_equal(status_with_declared(1025, " CDATA 'x'", 1), STATUS_MALFORMED);
	assert_int_equal(status_with_declared(3, " CDATA 'x'", 50000), STATUS_OK);
	assert_int_equal(status_with_declared(1000, " CDATA 'x'", 60), STATUS_OK);
	assert_int_equal(status_with_declared(1000, " CDATA 'x'", 1000), STATUS_BOMB);
}

/* ---- long tokens ---- */

struct long_token {
	const char *before, *repeated, *after;
	bool has_names; /* each repetition is led by a name of its own */
};

static const struct long_token long_tokens[] = {
	{"<a><!--", "= >'<word ", "--></a>", false},
	{"<a><?x ", "= >'<word ", "?></a>", false},
	{"<a b=\"", "= >'word ", "\"/>", false},
	{"<a", "='>'", "/>", true},
	{"<!DOCTYPE a [<!ENTITY e '", "= >word ", "'>]><a>&e;</a>", false},
	{"<a>", "= ]>word&gt;", "</a>", false},
	{"<a><![CDATA[", "= ]>]]word ", "]]></a>", false},
	{"<!DOCTYPE a [<!ATTLIST a", " CDATA #IMPLIED", ">]><a/>", true},
};

static struct buffer long_document(const struct long_token *token, size_t count)
{
	struct buffer document = buffer_with_ceiling(64 << 20);
	buffer_append_string(&document, token->before);
	for (size_t i = 0; i < count; i++)
		if (token->has_names)
			buffer_append_format(&document, " b%zu%s", i, token->repeated);
		else
			buffer_append_string(&document, token->repeated);
	buffer_append_string(&document, token->after);
	return document;
}

static uint64_t look_at(struct bytes whole, size_t size, struct record *record)
{
	struct xml_parser *parser;
	assert_int_equal(xml_start(&events, record, NULL, &parser), STATUS_OK);
	for (size_t at = 0; at < whole.len; at += size)
		assert_int_equal(xml_feed(parser, bytes_slice(whole, at, size)), STATUS_OK);
	assert_int_equal(xml_finish(parser), STATUS_OK);
	uint64_t looked_at = xml_looked_at(parser);
	xml_free(parser);
	return looked_at;
}

/* However long, no token is gone through more than a few times on the whole, nor differently. */
static void a_long_token_costs_in_proportion(void **state)
{
	enum { PIECE = 4096, LEAST = 512 * 1024 };
	(void)state;
	for (size_t i = 0; i < sizeof long_tokens / sizeof *long_tokens; i++) {
		const struct long_token *token = &long_tokens[i];
		for (size_t count = token->has_names ? 1000 : 100000, most = token->has_names ? 1000 : 400000; count <= most;
		     count *= 2) {
			struct buffer document = long_document(token, count);
			struct record in_pieces = new_record(), at_once = new_record();
			in_pieces.events.ceiling = at_once.events.ceiling = 64 << 20;
			uint64_t looked_at = look_at(buffer_bytes(&document), PIECE, &in_pieces);
			if (looked_at > 4 * document.len + LEAST)
				fail_msg("%s...: %zu bytes, looked at %llu", token->before, document.len,
				         (unsigned long long)looked_at);
			look_at(buffer_bytes(&document), document.len, &at_once);
			assert_true(bytes_equal(buffer_bytes(&in_pieces.events), buffer_bytes(&at_once.events)));
			buffer_free(&document);
			buffer_free(&in_pieces.events);
			buffer_free(&at_once.events);
		}
	}
}

static void what_was_not_read_is_given_back(void **state)
{
	struct record record = new_record();
	struct xml_parser *parser;
	(void)state;
	assert_int_equal(xml_start(&events, &record, NULL, &parser), STATUS_OK);
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("<a>x<b c='")), STATUS_OK);
	assert_true(bytes_equal_string(xml_unread(parser), "<b c='"));
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("one ")), STATUS_OK);
	assert_true(bytes_equal_string(xml_unread(parser), "<b c='one "));
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("two <")), STATUS_MALFORMED);
	assert_true(bytes_equal_string(xml_unread(parser), "<b c='one "));
	xml_free(parser);
	assert_int_equal(xml_start(&events, &record, NULL, &parser), STATUS_OK);
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("<a>x<b c='1'/>")), STATUS_OK);
	assert_int_equal(xml_unread(parser).len, 0);
	xml_free(parser);
	buffer_free(&record.events);
}

static void charsets_are_declared_or_given(void **state)
{
	(void)state;
	assert_events(BYTES_LITERAL("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>"), STATUS_OK, "<a>\xC3\xA4</a>");
	assert_events(BYTES_LITERAL("\xFF\xFE<\0a\0/\0>\0"), STATUS_OK, "<a></a>");
	assert_events(BYTES_LITERAL("\xFE\xFF\0<\0a\0>\0\xE4\0<\0/\0a\0>"), STATUS_OK, "<a>\xC3\xA4</a>");
	assert_events(BYTES_LITERAL("\xEF\xBB\xBF<a/>"), STATUS_OK, "<a></a>");
	assert_events(BYTES_LITERAL("<?xml version='1.0' encoding='x-none'?><a/>"), STATUS_MALFORMED, NULL);
	struct record record = new_record();
	struct xml_parser *parser;
	assert_int_equal(xml_start(&events, &record, "ISO-8859-1", &parser), STATUS_OK);
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("<?xml version='1.0' encoding='UTF-8'?><a>\xE4</a>")), STATUS_OK);
	assert_int_equal(xml_finish(parser), STATUS_OK);
	assert_string_equal(buffer_string(&record.events), "<a>\xC3\xA4</a>");
	xml_free(parser);
	buffer_free(&record.events);
}

static void an_events_answer_stops_and_sticks(void **state)
{
	(void)state;
	static const struct {
		char kind;
		const char *seen;
	} rows[] = {{'<', "<a>"}, {'t', "<a>x"}, {'/', "<a>x<b></b>"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record record = new_record();
		struct xml_parser *parser;
		record.kind = rows[i].kind;
		record.answer = STATUS_END;
		assert_int_equal(xml_start(&events, &record, NULL, &parser), STATUS_OK);
		assert_int_equal(xml_feed(parser, BYTES_LITERAL("<a>x<b/>y<c/></a>")), STATUS_END);
		assert_string_equal(buffer_string(&record.events), rows[i].seen);
		assert_int_equal(xml_feed(parser, BYTES_LITERAL("<a/>")), STATUS_END);
		assert_int_equal(xml_finish(parser), STATUS_END);
		assert_string_equal(buffer_string(&record.events), rows[i].seen);
		xml_free(parser);
		buffer_free(&record.events);
	}
}

static void errors_stick_and_know_their_line(void **state)
{
	(void)state;
	struct xml_parser *parser;
	assert_int_equal(xml_start(&(struct xml_events){.start = NULL}, NULL, NULL, &parser), STATUS_OK);
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("<a>\n\n<b></c></a>")), STATUS_MALFORMED);
	assert_int_equal(xml_line(parser), 3);
	assert_int_equal(xml_feed(parser, BYTES_LITERAL("\n")), STATUS_MALFORMED);
	assert_int_equal(xml_finish(parser), STATUS_MALFORMED);
	assert_int_equal(xml_line(parser), 3);
	xml_free(parser);
	xml_free(NULL);
}

static void names_lose_their_prefix(void **state)
{
	(void)state;
	const char *const attributes[] = {"x:id", "1", "name", "2", "y:name", "3", NULL};
	assert_string_equal(xml_local_name("a"), "a");
	assert_string_equal(xml_local_name("w:a"), "a");
	assert_string_equal(xml_attribute(attributes, "id"), "1");
	assert_string_equal(xml_attribute(attributes, "name"), "2");
	assert_null(xml_attribute(attributes, "i"));
	assert_null(xml_attribute(attributes + 6, "id"));
	assert_null(xml_attribute(NULL, "id"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_come_in_order),
		cmocka_unit_test(pieces_of_any_size_make_the_same_events),
		cmocka_unit_test(what_is_not_well_formed_is_malformed),
		cmocka_unit_test(entities_made_of_entities_are_a_bomb),
		cmocka_unit_test(an_entity_of_plain_text_is_what_it_says),
		cmocka_unit_test(nothing_outside_is_fetched),
		cmocka_unit_test(the_value_of_an_entity_ends_where_its_length_says),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(charsets_are_declared_or_given),
		cmocka_unit_test(an_events_answer_stops_and_sticks),
		cmocka_unit_test(errors_stick_and_know_their_line),
		cmocka_unit_test(names_lose_their_prefix),
		cmocka_unit_test(attributes_of_an_element_are_bounded),
		cmocka_unit_test(only_attributes_are_counted),
		cmocka_unit_test(too_many_attributes_are_not_gone_through),
		cmocka_unit_test(declared_attributes_are_bounded),
		cmocka_unit_test(a_long_token_costs_in_proportion),
		cmocka_unit_test(what_was_not_read_is_given_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
