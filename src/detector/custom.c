/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window:  | reach behind | block: matches begin here | reach ahead |
 *
 * A rule with keywords is asked only where the window has one of them.
 */
#include "detector/custom.h"

#include "base/arena.h"
#include "base/text.h"
#include "detector/character.h"
#include "detector/checksum.h"
#include "detector/redact.h"
#include "regex/regex.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	BLOCK = 64 * 1024,
	MATCH_MAX = 2048,
	/* A match, what may stand between it and its keyword, and that. */
	REACH = MATCH_MAX + 4 * CUSTOM_WITHIN_MAX + CUSTOM_WORD_MAX,
	WINDOW = REACH + BLOCK + REACH + 16,
	RULE_NAME = 8 + CUSTOM_NAME_MAX + CUSTOM_DIGEST_LENGTH,
	PATTERN_MAX = CUSTOM_WORDS_MAX * (4 * CUSTOM_WORD_MAX + 1),
};

struct kept_rule {
	struct custom_rule rule; /* its words lie in the arena */
	char name[RULE_NAME + 1];
	struct regex *regex;
};

struct kept_allowed {
	struct allowed allowed;
	struct regex *pattern, *path;
};

/* Filled before the worker is sealed, then read alone. */
static struct {
	struct arena arena;
	char digest[CUSTOM_DIGEST_LENGTH + 1];
	struct kept_rule *rules;
	size_t rule_count;
	struct kept_allowed *allowed;
	size_t allowed_count;
} kept;

/* ---- taking them ---- */

static bool copy(struct bytes *bytes)
{
	if (bytes->len == 0)
		return true;
	*bytes = arena_copy(&kept.arena, *bytes);
	return bytes->at != NULL;
}

enum status custom_take_digest(const char digest[CUSTOM_DIGEST_LENGTH + 1])
{
	if (kept.rules != NULL)
		return STATUS_MALFORMED;
	kept.arena = arena_with_ceiling(64u << 20);
	memcpy(kept.digest, digest, sizeof kept.digest);
	kept.rules = calloc(CUSTOM_RULES_MAX, sizeof *kept.rules);
	kept.allowed = calloc(ALLOWED_MAX, sizeof *kept.allowed);
	return kept.rules != NULL && kept.allowed != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* What is no letter or digit goes by its number. */
static void append_literal(struct buffer *pattern, struct bytes literal)
{
	for (size_t i = 0; i < literal.len; i++) {
		unsigned char c = literal.at[i];
		if (c < 0x80 && !character_is_alphanumeric(c))
			buffer_append_format(pattern, "\\x%02X", c);
		else
			buffer_append_byte(pattern, c);
	}
}

static enum status compile(const struct custom_rule *rule, struct regex **ret_regex)
{
	struct failure ignored;
	struct buffer pattern = buffer_with_ceiling(PATTERN_MAX);
	if (rule->pattern.len > 0)
		buffer_append(&pattern, rule->pattern);
	for (size_t i = 0; i < rule->literal_count; i++) {
		if (i > 0)
			buffer_append_byte(&pattern, '|');
		append_literal(&pattern, rule->literals[i]);
	}
	enum status status = buffer_status(&pattern);
	if (status == STATUS_OK)
		status = regex_compile(buffer_bytes(&pattern), ret_regex, &ignored);
	buffer_free(&pattern);
	return status == STATUS_USAGE || status == STATUS_TOO_LARGE ? STATUS_MALFORMED : status;
}

enum status custom_take_rule(const struct custom_rule *given)
{
	if (kept.rules == NULL || kept.rule_count == CUSTOM_RULES_MAX)
		return STATUS_MALFORMED;
	struct kept_rule *rule = &kept.rules[kept.rule_count];
	rule->rule = *given;
	bool is_whole = copy(&rule->rule.name) && copy(&rule->rule.pattern);
	for (size_t i = 0; i < given->literal_count; i++)
		is_whole = copy(&rule->rule.literals[i]) && is_whole;
	for (size_t i = 0; i < given->keyword_count; i++)
		is_whole = copy(&rule->rule.keywords[i]) && is_whole;
	if (!is_whole)
		return STATUS_NO_MEMORY;
	snprintf(rule->name, sizeof rule->name, "custom/%.*s@%s", (int)given->name.len, (const char *)given->name.at,
	         kept.digest);
	enum status status = compile(&rule->rule, &rule->regex);
	kept.rule_count += status == STATUS_OK;
	return status;
}

static enum status compile_if_any(struct bytes pattern, struct regex **ret_regex)
{
	struct failure ignored;
	enum status status = pattern.len > 0 ? regex_compile(pattern, ret_regex, &ignored) : STATUS_OK;
	return status == STATUS_USAGE ? STATUS_MALFORMED : status;
}

enum status custom_take_allowed(const struct allowed *given)
{
	if (kept.allowed == NULL || kept.allowed_count == ALLOWED_MAX)
		return STATUS_MALFORMED;
	struct kept_allowed *allowed = &kept.allowed[kept.allowed_count];
	allowed->allowed = *given;
	if (!copy(&allowed->allowed.value))
		return STATUS_NO_MEMORY;
	enum status status = compile_if_any(given->pattern, &allowed->pattern);
	if (status == STATUS_OK)
		status = compile_if_any(given->path, &allowed->path);
	kept.allowed_count += status == STATUS_OK;
	return status;
}

void custom_forget(void)
{
	for (size_t i = 0; i < kept.rule_count; i++)
		regex_free(kept.rules[i].regex);
	for (size_t i = 0; i < kept.allowed_count; i++) {
		regex_free(kept.allowed[i].pattern);
		regex_free(kept.allowed[i].path);
	}
	free(kept.rules);
	free(kept.allowed);
	arena_free(&kept.arena);
	kept.rules = NULL;
	kept.allowed = NULL;
	kept.rule_count = kept.allowed_count = 0;
	kept.digest[0] = '\0';
}

/* ---- what is allowed ---- */

static bool is_value(const struct allowed_question *question, struct bytes value)
{
	if (bytes_equal(value, question->value) || bytes_equal(value, question->raw))
		return true;
	return question->is_digest != NULL && question->is_digest(question->context, value, question->value);
}

/* What there is no memory to find is not allowed. */
static bool is_found(struct regex *regex, struct bytes text)
{
	bool is_found = false;
	return regex_find(regex, text, &is_found) == STATUS_OK && is_found;
}

bool custom_allows(const struct allowed_question *question)
{
	for (size_t i = 0; i < kept.allowed_count; i++) {
		const struct kept_allowed *allowed = &kept.allowed[i];
		if (allowed->allowed.kind != FINDING_KIND_COUNT && allowed->allowed.kind != question->kind)
			continue;
		if (allowed->path != NULL && !is_found(allowed->path, question->path))
			continue;
		if (allowed->allowed.value.len > 0 && !is_value(question, allowed->allowed.value))
			continue;
		if (allowed->pattern != NULL && !is_found(allowed->pattern, question->value) &&
		    !is_found(allowed->pattern, question->raw))
			continue;
		return true;
	}
	return false;
}

/* ---- scanning ---- */

struct custom_scan {
	custom_found *found;
	void *context;
	struct buffer window, value, raw;
	size_t block;           /* where the block begins in the window */
	uint64_t window_offset; /* bytes of the document before the window */
	size_t cursor;          /* a place in the window ... */
	uint64_t characters;    /* ... and the code points of the document before it */
	/* of the rule at hand */
	const struct kept_rule *rule;
	struct buffer keywords; /* of struct place */
	enum status status;
};

struct place {
	size_t from, to;
};

enum status custom_scan_start(custom_found *found, void *context, struct custom_scan **ret_scan)
{
	*ret_scan = NULL;
	if (kept.rule_count == 0)
		return STATUS_OK;
	struct custom_scan *scan = calloc(1, sizeof *scan);
	if (scan == NULL)
		return STATUS_NO_MEMORY;
	scan->found = found;
	scan->context = context;
	scan->window = buffer_with_ceiling(WINDOW);
	scan->value = scan->raw = buffer_with_ceiling(4 * MATCH_MAX);
	scan->keywords = buffer_with_ceiling(SIZE_MAX / 2);
	*ret_scan = scan;
	return STATUS_OK;
}

void custom_scan_free(struct custom_scan *scan)
{
	if (scan == NULL)
		return;
	buffer_free(&scan->window);
	buffer_free(&scan->value);
	buffer_free(&scan->raw);
	buffer_free(&scan->keywords);
	free(scan);
}

/* ---- near a keyword ---- */

static int compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	return left->from < right->from ? -1 : left->from > right->from;
}

/* Where the next one of its first letter stands, in either case. */
static size_t next_beginning(struct bytes text, size_t at, unsigned char first)
{
	const unsigned char *small = memchr(text.at + at, character_to_lower(first), text.len - at);
	size_t end = small != NULL ? (size_t)(small - text.at) : text.len;
	if (!character_is_letter(first))
		return end;
	const unsigned char *capital = memchr(text.at + at, character_to_upper(first), end - at);
	return capital != NULL ? (size_t)(capital - text.at) : end;
}

static enum status find_keywords(struct custom_scan *scan)
{
	struct bytes text = buffer_bytes(&scan->window);
	const struct custom_rule *rule = &scan->rule->rule;
	buffer_reset(&scan->keywords);
	for (size_t i = 0; i < rule->keyword_count; i++) {
		struct bytes word = rule->keywords[i];
		for (size_t at = 0; at + word.len <= text.len; at++) {
			at = next_beginning(text, at, word.at[0]);
			if (at + word.len <= text.len && bytes_start_with_nocase(bytes_from(text, at), word))
				buffer_append(&scan->keywords,
				              bytes_of(&(struct place){at, at + word.len}, sizeof(struct place)));
		}
	}
	size_t count = scan->keywords.len / sizeof(struct place);
	if (count > 1 && rule->keyword_count > 1)
		qsort(scan->keywords.at, count, sizeof(struct place), compare_places);
	return buffer_status(&scan->keywords);
}

/* The first that begins at or behind a place. */
static size_t first_from(const struct place *places, size_t count, size_t at)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (places[middle].from < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_within(const struct custom_scan *scan, size_t from, size_t to)
{
	uint32_t within = scan->rule->rule.within;
	return to <= from || to - from <= within ||
	       (to - from <= 4 * (size_t)within &&
	        text_count(bytes_slice(buffer_bytes(&scan->window), from, to - from)) <= within);
}

/* The nearest on either side; of those that overlap each other, words are short. */
static bool is_near_keyword(const struct custom_scan *scan, size_t from, size_t to)
{
	const struct place *places = (const void *)scan->keywords.at;
	size_t count = scan->keywords.len / sizeof *places;
	if (scan->rule->rule.keyword_count == 0)
		return true;
	size_t at = first_from(places, count, from);
	for (size_t i = at; i > 0 && at - i < CUSTOM_WORDS_MAX; i--)
		if (is_within(scan, places[i - 1].to, from))
			return true;
	return at < count && is_within(scan, to, places[at].from);
}

/* ---- a match ---- */

/* Numbers are asked for without what groups them (answer/field.c), hosts in lower case: so they are kept. */
static bool is_number(enum finding_kind kind)
{
	return kind == FINDING_PHONE || kind == FINDING_IBAN || kind == FINDING_CARD || kind == FINDING_VAT_ID ||
	       kind == FINDING_NATIONAL_ID || kind == FINDING_PASSPORT;
}

static bool parts_groups(unsigned char c)
{
	return c != 0 && strchr(" .-/()", c) != NULL;
}

static void normalise(const struct custom_rule *rule, struct bytes raw, struct buffer *value)
{
	enum custom_form form = is_number(rule->kind) && rule->form != FORM_DIGITS            ? FORM_UPPER
	                        : rule->kind == FINDING_EMAIL || rule->kind == FINDING_DOMAIN ? FORM_LOWER
	                                                                                      : rule->form;
	for (size_t i = 0; i < raw.len; i++) {
		unsigned char c = raw.at[i];
		if (is_number(rule->kind) && parts_groups(c))
			continue;
		if (form == FORM_UPPER)
			c = character_to_upper(c);
		if (form == FORM_LOWER)
			c = character_to_lower(c);
		if (form != FORM_DIGITS || character_is_digit(c))
			buffer_append_byte(value, c);
	}
}

/* Over letters and digits alone, letters as capitals. */
static bool is_checked(enum custom_checksum checksum, struct bytes raw)
{
	unsigned char room[64];
	size_t length = 0, letters = 0;
	if (checksum == CHECKSUM_NONE)
		return true;
	for (size_t i = 0; i < raw.len && length < sizeof room; i++) {
		unsigned char c = raw.at[i];
		if (!character_is_alphanumeric(c))
			continue;
		letters += !character_is_digit(c);
		room[length++] = character_to_upper(c);
	}
	struct bytes digits = bytes_of(room, length);
	if (length < 2 || (letters > 0 && checksum != CHECKSUM_MOD_97))
		return false;
	switch (checksum) {
	case CHECKSUM_LUHN: return checksum_luhn(digits);
	case CHECKSUM_MOD_97: return checksum_mod_97(digits) == 1;
	case CHECKSUM_MOD_11_10: return checksum_mod_11_10(digits);
	case CHECKSUM_VERHOEFF: return checksum_verhoeff(digits);
	case CHECKSUM_GS1: return checksum_gs1(digits);
	default: return false;
	}
}

static uint64_t characters_before(struct custom_scan *scan, size_t at)
{
	struct bytes window = buffer_bytes(&scan->window);
	if (at >= scan->cursor)
		scan->characters += text_count(bytes_slice(window, scan->cursor, at - scan->cursor));
	else
		scan->characters -= text_count(bytes_slice(window, at, scan->cursor - at));
	scan->cursor = at;
	return scan->characters;
}

static bool take_match(void *context, size_t from, size_t to)
{
	struct custom_scan *scan = context;
	const struct custom_rule *rule = &scan->rule->rule;
	struct bytes raw = bytes_slice(buffer_bytes(&scan->window), from, to - from);
	if (!is_near_keyword(scan, from, to) || !is_checked(rule->checksum, raw))
		return true;
	buffer_reset(&scan->value);
	normalise(rule, raw, &scan->value);
	if (rule->kind == FINDING_SECRET) {
		buffer_reset(&scan->raw);
		buffer_append(&scan->raw, raw);
		if (buffer_status(&scan->raw) == STATUS_OK)
			redact_stars(scan->raw.at, scan->raw.len);
		raw = buffer_bytes(&scan->raw);
	}
	if (scan->value.len == 0)
		return true;
	struct finding finding = {
		.kind = rule->kind,
		.subkind = rule->name,
		.value = buffer_bytes(&scan->value),
		.raw = raw,
		.confidence = rule->confidence,
		.rule = bytes_of_string(scan->rule->name),
	};
	finding.from = characters_before(scan, from);
	finding.to = characters_before(scan, to);
	scan->status = buffer_status(&scan->value) != STATUS_OK ? buffer_status(&scan->value) : buffer_status(&scan->raw);
	if (scan->status == STATUS_OK)
		scan->status = scan->found(scan->context, &finding, scan->window_offset + from, scan->window_offset + to);
	return scan->status == STATUS_OK;
}

/* ---- blocks ---- */

static enum status look_through(struct custom_scan *scan, size_t end)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < kept.rule_count && status == STATUS_OK; i++) {
		scan->rule = &kept.rules[i];
		scan->status = STATUS_OK;
		if (scan->rule->rule.keyword_count > 0)
			status = find_keywords(scan);
		if (status != STATUS_OK || (scan->rule->rule.keyword_count > 0 && scan->keywords.len == 0))
			continue;
		status = regex_each(scan->rule->regex, buffer_bytes(&scan->window), scan->block, end, MATCH_MAX, take_match,
		                    scan);
		if (status == STATUS_OK)
			status = scan->status;
	}
	return status;
}

static bool is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

static void slide(struct custom_scan *scan, size_t block)
{
	size_t gone = block > REACH ? block - REACH : 0;
	while (gone > 0 && is_tail(scan->window.at[gone]))
		gone--;
	characters_before(scan, gone);
	buffer_consume(&scan->window, gone);
	scan->window_offset += gone;
	scan->cursor = 0;
	scan->block = block - gone;
}

/* A block ends before a whole sequence. */
static size_t block_end(const struct custom_scan *scan)
{
	size_t end = scan->block + BLOCK < scan->window.len ? scan->block + BLOCK : scan->window.len;
	while (end < scan->window.len && end > scan->block && is_tail(scan->window.at[end]))
		end--;
	return end;
}

enum status custom_scan_feed(struct custom_scan *scan, struct bytes text)
{
	enum status status = STATUS_OK;
	while (scan != NULL && text.len > 0 && status == STATUS_OK) {
		size_t full = scan->block + BLOCK + REACH;
		struct bytes piece = bytes_slice(text, 0, full - scan->window.len);
		buffer_append(&scan->window, piece);
		text = bytes_from(text, piece.len);
		status = buffer_status(&scan->window);
		if (status != STATUS_OK || scan->window.len < full)
			continue;
		size_t end = block_end(scan);
		status = look_through(scan, end);
		slide(scan, end);
	}
	return status;
}

enum status custom_scan_finish(struct custom_scan *scan)
{
	enum status status = STATUS_OK;
	while (scan != NULL && status == STATUS_OK && scan->block < scan->window.len) {
		size_t end = block_end(scan);
		status = look_through(scan, end);
		slide(scan, end);
	}
	return status;
}
