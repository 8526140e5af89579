/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the detectors see, for measures of their quality: texts on standard
 * input, each ended by a NUL, go out as a line of JSON each, its findings in
 * order: kind, subkind, value, raw, from, to (code points), confidence, rule.
 * Values of secrets are as the detector gives them: nothing here is kept.
 */
#include "base/json.h"
#include "base/text.h"
#include "detector/detector.h"

#include <stdio.h>
#include <stdlib.h>

static void require(enum status status, const char *what)
{
	if (status == STATUS_OK)
		return;
	fprintf(stderr, "detect-text: %s: %s\n", what, status_name(status));
	exit(1);
}

static enum status write_finding(void *context, const struct finding *finding)
{
	struct json_writer *json = context;
	json_begin_object(json);
	json_member_string(json, "kind", finding_kind_name(finding->kind));
	json_member_text(json, "subkind", finding->subkind);
	json_member_text(json, "value", finding->value);
	json_member_text(json, "raw", finding->raw);
	json_member_unsigned(json, "from", finding->from);
	json_member_unsigned(json, "to", finding->to);
	json_key(json, "confidence");
	json_real(json, (double)finding->confidence);
	json_member_text(json, "rule", finding->rule);
	json_end_object(json);
	return buffer_status(json->into);
}

static void detect(struct bytes bytes, struct buffer *text, struct buffer *line)
{
	struct json_writer json = json_writer_into(line);
	struct scan *scan;
	buffer_reset(text);
	buffer_reset(line);
	text_append_repaired(text, bytes);
	require(buffer_status(text), "text");
	json_begin_array(&json);
	require(scan_start(write_finding, &json, &scan), "scan");
	require(scan_feed(scan, buffer_bytes(text)), "scan");
	require(scan_finish(scan), "scan");
	scan_free(scan);
	json_end_array(&json);
	buffer_append_byte(line, '\n');
	require(buffer_status(line), "findings");
	if (fwrite(line->at, 1, line->len, stdout) != line->len)
		require(STATUS_BROKEN, "standard output");
}

int main(void)
{
	struct buffer text = buffer_with_ceiling(SIZE_MAX / 2), line = buffer_with_ceiling(SIZE_MAX / 2);
	char *given = NULL;
	size_t room = 0;
	ssize_t length;
	require(detector_prepare_all(), "prepare");
	while ((length = getdelim(&given, &room, 0, stdin)) > 0) {
		size_t end = (size_t)length;
		detect(bytes_of(given, given[end - 1] == '\0' ? end - 1 : end), &text, &line);
	}
	free(given);
	buffer_free(&text);
	buffer_free(&line);
	return ferror(stdin) ? 1 : 0;
}
