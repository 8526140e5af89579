/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of detectors: scans a text and writes what was found as one string, values of one kind joined by a space. */
#ifndef TIDEMARK_TESTS_SCAN_TEXT_H
#define TIDEMARK_TESTS_SCAN_TEXT_H

#include "base/text.h"
#include "detector/detector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Behind our headers: it defines a macro called fail. */
#include <cmocka.h>

struct example {
	const char *text, *values;
};

struct scan_text_context {
	enum finding_kind kind;
	struct buffer *values, *raws;
	struct bytes text;
};

static inline enum status scan_text_found(void *context, const struct finding *finding)
{
	struct scan_text_context *list = context;
	if (finding->kind != list->kind)
		return STATUS_OK;
	if (list->values->len > 0)
		buffer_append_string(list->values, " ");
	buffer_append(list->values, finding->value);
	if (list->raws->len > 0)
		buffer_append_string(list->raws, " ");
	buffer_append(list->raws, finding->raw);
	size_t from = text_offset(list->text, finding->from), to = text_offset(list->text, finding->to);
	assert_true(from < to && to <= list->text.len);
	if (bytes_find(finding->raw, BYTES_LITERAL("***")) == BYTES_NOT_FOUND)
		assert_true(bytes_equal(finding->raw, bytes_slice(list->text, from, to - from)));
	assert_true(finding->confidence > 0 && finding->confidence <= 1);
	return STATUS_OK;
}

/* The buffers are emptied first; raws may be NULL. */
static inline void scan_text(enum finding_kind kind, struct bytes text, struct buffer *values, struct buffer *raws)
{
	struct buffer unused = buffer_with_ceiling(1 << 20);
	struct scan_text_context context = {kind, values, raws ? raws : &unused, text};
	struct scan *scan;
	buffer_reset(values);
	if (raws != NULL)
		buffer_reset(raws);
	assert_int_equal(scan_start(scan_text_found, &context, &scan), STATUS_OK);
	assert_int_equal(scan_feed(scan, text), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	scan_free(scan);
	buffer_free(&unused);
}

static inline void check_examples(enum finding_kind kind, const struct example *examples, size_t count)
{
	struct buffer values = buffer_with_ceiling(1 << 20);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	for (size_t i = 0; i < count; i++) {
		scan_text(kind, bytes_of_string(examples[i].text), &values, NULL);
		if (!bytes_equal_string(buffer_bytes(&values), examples[i].values))
			fail_msg("in: %s\nfound: %.*s\nnot: %s", examples[i].text, (int)values.len, (const char *)values.at,
			         examples[i].values);
	}
	buffer_free(&values);
}

#define CHECK_EXAMPLES(kind, examples) check_examples(kind, examples, sizeof examples / sizeof examples[0])

#endif
