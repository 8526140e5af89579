/* SPDX-License-Identifier: Apache-2.0 */
/* A block of a template is a line; values are looked up by name, and a block whose value is empty is left out. */
#include "act/notice-text.h"

#include "act/notices.h"
#include "base/clock.h"
#include "base/text.h"
#include "model/person.h"

#include <stdio.h>
#include <time.h>

enum { COLUMNS = 72, TEXT_MAX = 256 << 10, VALUE_MAX = 4096 };

static const char *const *const lines_of[NOTICE_LANGUAGE_COUNT] = {notices_en_lines, notices_de_lines};
static const char *const language_names[NOTICE_LANGUAGE_COUNT] = {"en", "de"};

const char *notice_language_name(enum notice_language language)
{
	return language_names[language];
}

/* ---- which language ---- */

static bool is_one_of(struct bytes country, const char *list)
{
	size_t at = bytes_find(bytes_of_string(list), country);
	return country.len == 2 && at != BYTES_NOT_FOUND && at % 3 == 0;
}

static struct notice_languages languages_of_country(struct bytes country)
{
	if (is_one_of(country, "DE AT LI"))
		return (struct notice_languages){{NOTICE_GERMAN}, 1};
	if (is_one_of(country, "CH LU"))
		return (struct notice_languages){{NOTICE_GERMAN, NOTICE_ENGLISH}, 2};
	return (struct notice_languages){{NOTICE_ENGLISH}, 1};
}

struct notice_languages notice_languages_for(struct bytes country, struct bytes domain)
{
	size_t dot = bytes_find_last_byte(domain, '.');
	struct bytes suffix = dot == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(domain, dot + 1);
	char upper[2];
	if (country.len == 2)
		return languages_of_country(country);
	/* Suffixes of two letters are countries', but for the European Union's. */
	if (suffix.len != 2 || bytes_equal(suffix, BYTES_LITERAL("eu")))
		return (struct notice_languages){{NOTICE_ENGLISH, NOTICE_GERMAN}, 2};
	for (size_t i = 0; i < 2; i++)
		upper[i] = (char)(suffix.at[i] >= 'a' && suffix.at[i] <= 'z' ? suffix.at[i] - 32 : suffix.at[i]);
	return languages_of_country(bytes_of(upper, 2));
}

bool notice_languages_parse(struct bytes text, struct notice_languages *ret_languages)
{
	struct notice_languages languages = {.count = 0};
	while (text.len > 0) {
		size_t plus = bytes_find_byte(text, '+');
		struct bytes one = bytes_slice(text, 0, plus);
		unsigned at = 0;
		while (at < NOTICE_LANGUAGE_COUNT && !bytes_equal_string(one, language_names[at]))
			at++;
		if (at == NOTICE_LANGUAGE_COUNT || languages.count == NOTICE_LANGUAGE_COUNT)
			return false;
		languages.at[languages.count++] = (enum notice_language)at;
		text = plus == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(text, plus + 1);
	}
	*ret_languages = languages;
	return languages.count > 0;
}

void notice_languages_append(const struct notice_languages *languages, struct buffer *into)
{
	for (size_t i = 0; i < languages->count; i++)
		buffer_append_format(into, "%s%s", i > 0 ? "+" : "", language_names[languages->at[i]]);
}

/* ---- templates ---- */

/* The next block of a section: its kind, its condition and its text. */
struct block {
	struct bytes kind, condition, text;
};

static bool is_section(const char *line)
{
	return line[0] == '[';
}

/* The first line behind "[name]"; NULL if there is none. */
static const char *const *find_section(enum notice_language language, const char *name)
{
	for (const char *const *line = lines_of[language]; *line != NULL; line++) {
		struct bytes at = bytes_of_string(*line);
		if (is_section(*line) && bytes_equal_string(bytes_slice(at, 1, at.len - 2), name))
			return line + 1;
	}
	return NULL;
}

static bool take_block(const char *const **line, struct block *ret_block)
{
	if (*line == NULL || **line == NULL || is_section(**line))
		return false;
	struct bytes whole = bytes_of_string(**line);
	size_t bar = bytes_find(whole, BYTES_LITERAL(" | "));
	struct bytes head = bytes_slice(whole, 0, bar);
	size_t mark = bytes_find_byte(head, '?');
	*ret_block = (struct block){
		.kind = bytes_slice(head, 0, mark),
		.condition = mark == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(head, mark + 1),
		.text = bar == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(whole, bar + 3),
	};
	(*line)++;
	return true;
}

static struct bytes word(enum notice_language language, const char *name)
{
	const char *const *line = find_section(language, "words");
	struct block block;
	while (take_block(&line, &block))
		if (bytes_equal_string(block.kind, name))
			return block.text;
	return BYTES_NONE;
}

/* ---- numbers, dates, sizes ---- */

void notice_append_number(struct buffer *into, enum notice_language language, uint64_t number)
{
	struct bytes mark = word(language, "thousands");
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buffer_append(into, mark);
		buffer_append_byte(into, (unsigned char)digits[i]);
	}
}

static void append_size(struct buffer *into, enum notice_language language, uint64_t bytes)
{
	static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
	double value = (double)bytes;
	size_t unit = 0;
	while (value >= 1000 && unit + 1 < sizeof units / sizeof *units) {
		value /= 1000;
		unit++;
	}
	char text[32];
	snprintf(text, sizeof text, unit == 0 || value >= 100 ? "%.0f" : "%.1f", value);
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '.')
			buffer_append(into, word(language, "decimal"));
		else
			buffer_append_byte(into, (unsigned char)*at);
	}
	buffer_append_format(into, " %s", units[unit]);
}

static struct bytes nth_word(struct bytes text, unsigned n)
{
	for (; n > 0; n--)
		text = bytes_from(text, bytes_find_byte(text, ' ') + 1);
	return bytes_slice(text, 0, bytes_find_byte(text, ' '));
}

void notice_append_date(struct buffer *into, enum notice_language language, int64_t time)
{
	time_t seconds = (time_t)time;
	struct tm civil;
	struct bytes format = word(language, "date");
	if (time == CLOCK_UNKNOWN || gmtime_r(&seconds, &civil) == NULL)
		return;
	for (size_t i = 0; i < format.len; i++) {
		struct bytes rest = bytes_from(format, i);
		if (bytes_start_with(rest, BYTES_LITERAL("{day}"))) {
			buffer_append_format(into, "%d", civil.tm_mday);
			i += 4;
		} else if (bytes_start_with(rest, BYTES_LITERAL("{month}"))) {
			buffer_append(into, nth_word(word(language, "months"), (unsigned)civil.tm_mon));
			i += 6;
		} else if (bytes_start_with(rest, BYTES_LITERAL("{year}"))) {
			buffer_append_format(into, "%d", civil.tm_year + 1900);
			i += 5;
		} else {
			buffer_append_byte(into, format.at[i]);
		}
	}
}

/* ---- values ---- */

static const char *const value_names[] = {
	"domain",       "who",           "case",         "code",   "documents", "classes",   "first_date", "last_date",
	"exposed_from", "exposed_until", "still_open",   "people", "elements",  "addresses", "unseen",     "unseen_objects",
	"seen_open",    "not_seen_open", "unseen_bytes", "swept",  "portal",    "postal",    "phone",      "no_portal",
	"country",      "sector",
};
enum { VALUES = sizeof value_names / sizeof *value_names };

struct values {
	struct buffer at[VALUES];
	struct buffer none;
};

static struct buffer *value(struct values *values, struct bytes name)
{
	for (size_t i = 0; i < VALUES; i++)
		if (bytes_equal_string(name, value_names[i]))
			return &values->at[i];
	return &values->none;
}

static struct buffer *named(struct values *values, const char *name)
{
	return value(values, bytes_of_string(name));
}

static void set_count(struct values *values, const char *name, enum notice_language language, uint64_t number)
{
	if (number > 0)
		notice_append_number(named(values, name), language, number);
}

static void append_listed(struct buffer *into, struct bytes item)
{
	if (into->len > 0)
		buffer_append_string(into, ", ");
	buffer_append(into, item);
}

static void set_classes(struct values *values, enum notice_language language, const struct told_facts *facts)
{
	struct buffer *into = named(values, "classes");
	char name[64];
	for (unsigned i = CLASS_NONE + 1; i < CLASS_COUNT; i++) {
		if (facts->classes[i] == 0)
			continue;
		snprintf(name, sizeof name, "class.%s", document_class_name((enum document_class)i));
		append_listed(into, word(language, name));
		buffer_append_byte(into, ' ');
		notice_append_number(into, language, facts->classes[i]);
	}
}

static void set_elements(struct values *values, enum notice_language language, unsigned elements)
{
	char name[64];
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++) {
		if ((elements & ELEMENT_BIT(element)) == 0)
			continue;
		snprintf(name, sizeof name, "element.%s", person_element_name(element));
		append_listed(named(values, "elements"), word(language, name));
	}
}

static void set_facts(struct values *values, enum notice_language language, const struct told_facts *facts)
{
	buffer_append(named(values, "domain"), facts->domain);
	buffer_append(named(values, "country"), facts->country);
	buffer_append(named(values, "sector"), facts->sector);
	set_count(values, "documents", language, facts->documents);
	set_count(values, "people", language, facts->people);
	set_count(values, "addresses", language, facts->addresses);
	set_classes(values, language, facts);
	set_elements(values, language, facts->elements);
	notice_append_date(named(values, "first_date"), language, facts->first_date);
	notice_append_date(named(values, "last_date"), language, facts->last_date);
	notice_append_date(named(values, "exposed_from"), language, facts->exposed_from);
	notice_append_date(named(values, "exposed_until"), language, facts->exposed_until);
	notice_append_date(named(values, "swept"), language, facts->swept_at);
	buffer_append_string(named(values, facts->exposed_from == CLOCK_UNKNOWN ? "not_seen_open" : "seen_open"), "yes");
	if (facts->is_still_open)
		buffer_append_string(named(values, "still_open"), "yes");
	if (facts->unseen_objects > 0) {
		buffer_append_string(named(values, "unseen"), "yes");
		set_count(values, "unseen_objects", language, facts->unseen_objects);
		append_size(named(values, "unseen_bytes"), language, facts->unseen_bytes);
	}
}

static void set_values(struct values *values, enum notice_language language, const struct told_facts *facts,
                       const struct notice_sender *sender, const char *code)
{
	for (size_t i = 0; i < VALUES; i++)
		buffer_reset(&values->at[i]);
	set_facts(values, language, facts);
	buffer_append(named(values, "who"), sender->who);
	buffer_append(named(values, "case"), sender->case_number);
	buffer_append(named(values, "portal"), sender->portal);
	buffer_append(named(values, "postal"), sender->postal);
	buffer_append(named(values, "phone"), sender->phone);
	if (sender->portal.len == 0)
		buffer_append_string(named(values, "no_portal"), "yes");
	buffer_append_string(named(values, "code"), code);
}

/* ---- putting them in ---- */

void notice_append_safely(struct buffer *into, struct bytes text, bool is_page)
{
	while (text.len > 0) {
		uint32_t code_point;
		size_t len = text_decode(text, &code_point);
		if (code_point == TEXT_INVALID || text_is_unsafe(code_point))
			buffer_append_byte(into, ' ');
		else if (is_page && code_point == '<')
			buffer_append_string(into, "&lt;");
		else if (is_page && code_point == '>')
			buffer_append_string(into, "&gt;");
		else if (is_page && code_point == '&')
			buffer_append_string(into, "&amp;");
		else if (is_page && code_point == '"')
			buffer_append_string(into, "&quot;");
		else
			buffer_append(into, bytes_slice(text, 0, len));
		text = bytes_from(text, len);
	}
}

static void fill(struct values *values, struct bytes template, bool is_page, struct buffer *into)
{
	while (template.len > 0) {
		size_t open = bytes_find_byte(template, '{');
		notice_append_safely(into, bytes_slice(template, 0, open), is_page);
		if (open == BYTES_NOT_FOUND)
			return;
		template = bytes_from(template, open + 1);
		size_t close = bytes_find_byte(template, '}');
		notice_append_safely(into, buffer_bytes(value(values, bytes_slice(template, 0, close))), is_page);
		template = bytes_from(template, close + 1);
	}
}

/* ---- plain text ---- */

/* In lines of COLUMNS, broken at blanks; first and rest stand at their beginnings. */
static void append_wrapped(struct buffer *into, struct bytes text, const char *first, const char *rest)
{
	size_t column = strlen(first);
	buffer_append_string(into, first);
	for (bool is_first = true; text.len > 0; is_first = false) {
		size_t blank = bytes_find_byte(text, ' ');
		struct bytes one = bytes_slice(text, 0, blank);
		size_t width = text_width(one);
		if (!is_first && column + 1 + width > COLUMNS) {
			buffer_append_format(into, "\n%s", rest);
			column = strlen(rest);
		} else if (!is_first) {
			buffer_append_byte(into, ' ');
			column++;
		}
		buffer_append(into, one);
		column += width;
		text = blank == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(text, blank + 1);
	}
	buffer_append_byte(into, '\n');
}

static void append_underline(struct buffer *into, struct bytes heading)
{
	for (size_t i = text_width(heading); i > 0; i--)
		buffer_append_byte(into, '-');
	buffer_append_byte(into, '\n');
}

static void append_plain(struct buffer *into, struct bytes kind, struct bytes text, bool follows_item)
{
	bool is_item = bytes_equal_string(kind, "li");
	if (into->len > 0 && !(is_item && follows_item))
		buffer_append_byte(into, '\n');
	if (bytes_equal_string(kind, "code")) {
		append_wrapped(into, text, "    ", "    ");
		return;
	}
	append_wrapped(into, text, is_item ? "* " : "", is_item ? "  " : "");
	if (bytes_equal_string(kind, "h"))
		append_underline(into, text);
}

/* ---- the page ---- */

static const char page_head[] = "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
				"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
static const char page_style[] =
	"</title>\n</head>\n<body style=\"margin:0;background:#ffffff;color:#1b2733;font:16px/1.5 system-ui,sans-serif\">\n"
	"<div style=\"max-width:38em;margin:0 auto;padding:1.5em\">\n"
	"<div style=\"border-top:3px solid #0b5572;margin-bottom:1.5em\"></div>\n";

static void append_element(struct buffer *into, struct bytes kind, struct bytes escaped)
{
	if (bytes_equal_string(kind, "h"))
		buffer_append_string(into, "<h2 style=\"font-size:1.1em;margin:1.6em 0 .4em\">");
	else if (bytes_equal_string(kind, "li"))
		buffer_append_string(into, "<li>");
	else if (bytes_equal_string(kind, "code"))
		buffer_append_string(into, "<pre style=\"font-size:1.1em;border:1px solid #9aa7b2;padding:.7em\">");
	else
		buffer_append_string(into, "<p style=\"margin:.6em 0\">");
	buffer_append(into, escaped);
	buffer_append_string(into, bytes_equal_string(kind, "h")      ? "</h2>\n"
	                           : bytes_equal_string(kind, "li")   ? "</li>\n"
	                           : bytes_equal_string(kind, "code") ? "</pre>\n"
	                                                              : "</p>\n");
}

static void turn_list(struct buffer *page, bool was_item, bool is_item)
{
	if (is_item && !was_item)
		buffer_append_string(page, "<ul style=\"margin:.6em 0\">\n");
	if (was_item && !is_item)
		buffer_append_string(page, "</ul>\n");
}

/* Of a letter: to whom, and its paper. */
static void append_addressee(struct buffer *page, const struct told_facts *facts, enum notice_language language)
{
	if (facts->addressee.len == 0)
		return;
	buffer_append_string(page, "<style>@page { size: A4; margin: 2.5cm 2cm } h2 { break-after: avoid }</style>\n"
	                           "<p style=\"margin:2.5em 0 3.5em\">");
	notice_append_safely(page, facts->addressee, true);
	buffer_append_string(page, "<br>");
	notice_append_safely(page, facts->domain, true);
	buffer_append_string(page, "</p>\n<p>");
	notice_append_date(page, language, clock_now());
	buffer_append_string(page, "</p>\n");
}

/* ---- all of it ---- */

static const char *section_of(enum notice_variant variant)
{
	return variant == NOTICE_TO_CSIRT ? "csirt" : "organisation";
}

static void append_body(struct values *values, enum notice_language language, enum notice_variant variant,
                        struct notice_text *text)
{
	const char *const *line = find_section(language, section_of(variant));
	struct buffer filled = buffer_with_ceiling(TEXT_MAX);
	struct block block;
	bool was_item = false;
	while (take_block(&line, &block)) {
		if (bytes_equal_string(block.kind, "subject") ||
		    (block.condition.len > 0 && value(values, block.condition)->len == 0))
			continue;
		bool is_item = bytes_equal_string(block.kind, "li");
		buffer_reset(&filled);
		fill(values, block.text, false, &filled);
		append_plain(&text->plain, block.kind, buffer_bytes(&filled), was_item);
		buffer_reset(&filled);
		fill(values, block.text, true, &filled);
		turn_list(&text->page, was_item, is_item);
		append_element(&text->page, block.kind, buffer_bytes(&filled));
		was_item = is_item;
	}
	turn_list(&text->page, was_item, false);
	buffer_free(&filled);
}

static void append_subject(struct values *values, enum notice_language language, enum notice_variant variant, bool is_page,
                           struct buffer *into)
{
	const char *const *line = find_section(language, section_of(variant));
	struct block block;
	while (take_block(&line, &block))
		if (bytes_equal_string(block.kind, "subject"))
			fill(values, block.text, is_page, into);
}

static void begin_language(enum notice_language language, bool is_first, bool has_more, struct notice_text *text)
{
	if (is_first && has_more) {
		append_plain(&text->plain, BYTES_LITERAL("p"), word(language, "both"), false);
		append_element(&text->page, BYTES_LITERAL("p"), word(language, "both"));
	}
	if (!is_first) {
		buffer_append_string(&text->plain, "\n\n");
		buffer_append_format(&text->page, "<hr>\n<div lang=\"%s\">\n", language_names[language]);
	}
}

static enum status status_of(const struct notice_text *text)
{
	enum status status = buffer_status(&text->subject);
	if (status == STATUS_OK)
		status = buffer_status(&text->plain);
	return status == STATUS_OK ? buffer_status(&text->page) : status;
}

enum status notice_compose(const struct told_facts *facts, const struct notice_sender *sender, enum notice_variant variant,
                           const struct notice_languages *languages, const char *code, struct notice_text *ret_text)
{
	struct notice_text text = {buffer_with_ceiling(VALUE_MAX), buffer_with_ceiling(TEXT_MAX), buffer_with_ceiling(TEXT_MAX)};
	struct values values = {.none = buffer_with_ceiling(0)};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < VALUES; i++)
		values.at[i] = buffer_with_ceiling(VALUE_MAX);
	for (size_t i = 0; i < languages->count; i++) {
		enum notice_language language = languages->at[i];
		set_values(&values, language, facts, sender, code);
		if (i == 0) {
			append_subject(&values, language, variant, false, &text.subject);
			buffer_append_format(&text.page, page_head, language_names[language]);
			append_subject(&values, language, variant, true, &text.page);
			buffer_append_string(&text.page, page_style);
			append_addressee(&text.page, facts, language);
		}
		begin_language(language, i == 0, languages->count > 1, &text);
		append_body(&values, language, variant, &text);
		buffer_append_string(&text.page, i > 0 ? "</div>\n" : "");
	}
	buffer_append_string(&text.page, "</div>\n</body>\n</html>\n");
	for (size_t i = 0; i < VALUES && status == STATUS_OK; i++)
		status = buffer_status(&values.at[i]);
	for (size_t i = 0; i < VALUES; i++)
		buffer_free(&values.at[i]);
	*ret_text = text;
	return status == STATUS_OK ? status_of(&text) : status;
}

void notice_text_free(struct notice_text *text)
{
	buffer_free(&text->subject);
	buffer_free(&text->plain);
	buffer_free(&text->page);
}
