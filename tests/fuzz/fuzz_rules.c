/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of rules, a NUL, a text. What is accepted comes off the wire as it was
 * put there, is taken by the cell, and finds the same in the text however that is
 * cut into pieces: spans within it, in the rule's own name.
 */
#include "base/text.h"
#include "detector/custom.h"
#include "sweep/rules-file.h"
#include "wire/extract-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	assert(!writer->overflowed);
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

static void take(const struct custom_rules *rules)
{
	static struct wire_writer writer;
	char digest[CUSTOM_DIGEST_LENGTH + 1];
	extract_put_rules(&writer, rules);
	struct wire_reader reader = reader_over(&writer);
	assert(extract_get_rules(&reader, digest) == STATUS_OK && strcmp(digest, rules->digest) == 0);
	assert(custom_take_digest(digest) == STATUS_OK);
	for (size_t i = 0; i < rules->rule_count; i++) {
		struct custom_rule rule;
		extract_put_rule(&writer, &rules->rules[i]);
		reader = reader_over(&writer);
		assert(extract_get_rule(&reader, &rule) == STATUS_OK);
		assert(bytes_equal(rule.name, rules->rules[i].name) && rule.kind == rules->rules[i].kind);
		assert(custom_take_rule(&rule) == STATUS_OK);
	}
	for (size_t i = 0; i < rules->allowed_count; i++) {
		struct allowed allowed;
		extract_put_allowed(&writer, &rules->allowed[i]);
		reader = reader_over(&writer);
		assert(extract_get_allowed(&reader, &allowed) == STATUS_OK);
		assert(custom_take_allowed(&allowed) == STATUS_OK);
	}
}

struct tally {
	struct bytes text;
	uint64_t count, sum;
};

static enum status note(void *context, const struct finding *finding, uint64_t from, uint64_t to)
{
	struct tally *tally = context;
	assert(from < to && to <= tally->text.len && finding->from < finding->to && finding->value.len > 0);
	assert(bytes_start_with(finding->rule, BYTES_LITERAL("custom/")));
	assert(text_count(bytes_slice(tally->text, 0, (size_t)from)) == finding->from);
	(void)custom_allows(&(struct allowed_question){
		.kind = finding->kind, .value = finding->value, .raw = finding->raw, .path = BYTES_LITERAL("a/b.txt")});
	tally->count++;
	tally->sum += from * 31 + to + finding->kind;
	return STATUS_OK;
}

static struct tally scan(struct bytes text, size_t piece)
{
	struct tally tally = {.text = text};
	struct custom_scan *scan = NULL;
	assert(custom_scan_start(note, &tally, &scan) == STATUS_OK);
	for (size_t at = 0; at < text.len;) {
		size_t end = text.len - at > piece ? at + piece : text.len;
		while (end < text.len && (text.at[end] & 0xC0) == 0x80)
			end++;
		assert(custom_scan_feed(scan, bytes_slice(text, at, end - at)) == STATUS_OK);
		at = end;
	}
	assert(custom_scan_finish(scan) == STATUS_OK);
	custom_scan_free(scan);
	return tally;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	size_t nul = bytes_find_byte(input, '\0');
	struct bytes text = nul == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(input, nul + 1);
	struct arena arena = arena_with_ceiling(64 << 20);
	struct failure failure = {.why = ""};
	struct custom_rules rules;
	enum status status = rules_file_read(bytes_slice(input, 0, nul), "rules.yaml", &arena, &rules, &failure);
	assert(status == STATUS_OK || (status == STATUS_USAGE && failure.why[0] != '\0') || status == STATUS_NO_MEMORY);
	if (status == STATUS_OK) {
		take(&rules);
		if (text_is_valid(text)) {
			struct tally whole = scan(text, SIZE_MAX / 2), cut = scan(text, 7);
			assert(whole.count == cut.count && whole.sum == cut.sum);
		}
		custom_forget();
	}
	arena_free(&arena);
	return 0;
}
