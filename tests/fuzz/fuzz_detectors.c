/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text, cut anywhere: detectors must not crash, and a scan in pieces must
 * find what the scan of the whole finds. The first byte chooses the cuts, the
 * second repeats the text so that it crosses the scan's blocks. Attribution is
 * run on what was found.
 */
#include "base/text.h"
#include "detector/detector.h"
#include "understanding/attribute.h"
#include "understanding/stated-party.h"

#include <stdlib.h>

enum { REPORT_MAX = 32 << 20, TEXT_MAX = 256 * 1024, KEPT_MAX = 2000 };

struct report {
	struct buffer lines;
	struct arena arena;
	struct finding findings[KEPT_MAX];
	size_t count;
};

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* But for a few characters of its beginning, or a key's markers. */
static bool is_starred(struct bytes raw)
{
	size_t shown = 0;
	for (size_t i = 0; i < raw.len; i++)
		shown += raw.at[i] > ' ' && strchr("*" FINDING_STARS, raw.at[i]) == NULL;
	return shown <= FINDING_SECRET_SHOWN || bytes_start_with(raw, BYTES_LITERAL("-----BEGIN "));
}

static void start_report(struct report *report)
{
	report->lines = buffer_with_ceiling(REPORT_MAX);
	report->arena = arena_with_ceiling(REPORT_MAX);
	report->count = 0;
}

static enum status report_finding(void *context, const struct finding *finding)
{
	struct report *report = context;
	require(finding->from < finding->to && finding->value.len > 0 && text_is_valid(finding->value));
	require(finding->confidence > 0 && finding->confidence <= 1);
	require(finding->kind != FINDING_SECRET || is_starred(finding->raw));
	buffer_append_format(&report->lines, "%d %llu %llu ", finding->kind, (unsigned long long)finding->from,
	                     (unsigned long long)finding->to);
	buffer_append(&report->lines, finding->value);
	buffer_append_byte(&report->lines, '\n');
	if (report->count < KEPT_MAX) {
		struct finding *kept = &report->findings[report->count++];
		*kept = *finding;
		kept->value = arena_copy(&report->arena, finding->value);
		kept->raw = arena_copy(&report->arena, finding->raw);
		kept->rule = arena_copy(&report->arena, finding->rule); /* the scan is freed before it is read */
	}
	return STATUS_OK;
}

static void scan_in_pieces(struct bytes text, size_t step, struct report *report)
{
	struct scan *scan;
	require(scan_start(report_finding, report, &scan) == STATUS_OK);
	for (size_t at = 0; at < text.len;) {
		size_t end = step > 0 ? at + step : text.len;
		while (end < text.len && (text.at[end] & 0xC0) == 0x80)
			end++;
		require(scan_feed(scan, bytes_slice(text, at, end - at)) == STATUS_OK);
		step = step > 0 ? step * 7 % 4093 + 1 : 0;
		at = end;
	}
	require(scan_finish(scan) == STATUS_OK);
	scan_free(scan);
}

static void require_sound(const struct attribution *organisations, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		require(organisations[i].confidence > 0 && organisations[i].confidence < 1 && organisations[i].why.len > 0);
		require(text_is_valid(organisations[i].domain) && text_is_valid(organisations[i].name) &&
		        text_is_valid(organisations[i].why) && organisations[i].domain.len <= ORGANISATION_KEY_MAX &&
		        organisations[i].name.len <= ORGANISATION_NAME_MAX);
		require((organisations[i].country[0] == 0) == (organisations[i].country_by == COUNTRY_UNKNOWN));
	}
}

static void attribute(struct bytes text, struct report *report)
{
	static const char *const types[] = {"", "text/plain", "text/csv", "message/rfc822"};
	const struct attribution *organisations;
	size_t count;
	const struct fact schema[] = {
		{.kind = FACT_SCHEMA, .name = BYTES_LITERAL("root"), .value = BYTES_LITERAL("Invoice")},
		{.kind = FACT_SCHEMA,
	         .name = BYTES_LITERAL("namespace"),
	         .value = BYTES_LITERAL("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2")},
	};
	const struct stated_parties stated = stated_parties_of(schema, text.len % 3 == 0 ? 2 : 0, text);
	const struct attribution_input input = {
		.findings = report->findings,
		.finding_count = report->count,
		.media_type = bytes_of_string(types[text.len % 4]),
		.text = text,
		.stated = &stated,
	};
	require(attribute_document(&input, &report->arena, &organisations, &count) == STATUS_OK);
	require_sound(organisations, count);
	require(attribute_place(text, &report->arena, &organisations, &count) == STATUS_OK && count <= PLACE_OWNERS_MAX);
	require_sound(organisations, count);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct report whole, cut; /* too large for a stack */
	static bool is_prepared;
	struct buffer text = buffer_with_ceiling(4 * TEXT_MAX);
	require(is_prepared || (detector_prepare_all() == STATUS_OK && attribute_prepare() == STATUS_OK));
	is_prepared = true;
	if (size < 2 || size > TEXT_MAX)
		return 0;
	size_t times = 1 + (data[1] == 255 && size < 1000 ? 70000 / size : 0);
	for (size_t i = 0; i < times; i++)
		text_append_repaired(&text, bytes_of(data + 2, size - 2));
	start_report(&whole);
	start_report(&cut);
	scan_in_pieces(buffer_bytes(&text), 0, &whole);
	scan_in_pieces(buffer_bytes(&text), 1 + data[0] * 17u, &cut);
	require(bytes_equal(buffer_bytes(&whole.lines), buffer_bytes(&cut.lines)));
	attribute(buffer_bytes(&text), &whole);
	buffer_free(&text);
	buffer_free(&whole.lines);
	buffer_free(&cut.lines);
	arena_free(&whole.arena);
	arena_free(&cut.arena);
	return 0;
}
