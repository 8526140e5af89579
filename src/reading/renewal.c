/* SPDX-License-Identifier: Apache-2.0 */
/* The text goes through an open document as a format would put it there, with its tables and what was carved where they stood. */
#include "reading/renewal.h"

#include "model/layout.h"
#include "reading/allowed-secret.h"
#include "reading/open-document.h"

#include <stdlib.h>

enum { PIECE = 64 << 10 };

struct renewal {
	const struct document_record *told;
	const struct emitter_sink *sink;
	struct open_document document;
};

static enum status take_facts(struct renewal *renewal)
{
	struct open_document *document = &renewal->document;
	struct bytes part_class = BYTES_LITERAL("part_class");
	enum status status = STATUS_OK;
	document->is_sketched = true; /* of the text as it came: here secrets are stars */
	for (size_t i = 0; i < renewal->told->fact_count && status == STATUS_OK; i++) {
		const struct fact *fact = &renewal->told->facts[i];
		if (fact->kind == FACT_LAYOUT)
			layout_read(fact, renewal->told->text.len, &document->carved, &document->tables);
		else if (fact->kind == FACT_SCHEMA && bytes_equal(fact->name, part_class))
			document->embedded_class = document_class_from_name(fact->value);
		else if (fact->kind == FACT_SCHEMA && bytes_equal_string(fact->name, "part_party"))
			stated_party_read(fact->value, &document->arena, &document->embedded);
		else if (fact->kind == FACT_SKETCH)
			document->has_sketch = sketch_of_fact(fact, &document->sketch);
		else if (fact_kind_is_told(fact->kind))
			status = open_document_fact(document, fact);
	}
	if (document->embedded_class == CLASS_COUNT)
		document->embedded_class = CLASS_NONE;
	return status;
}

static size_t boundary(struct bytes text, uint64_t at)
{
	size_t place = at < text.len ? (size_t)at : text.len;
	while (place > 0 && place < text.len && (text.at[place] & 0xC0) == 0x80)
		place--;
	return place;
}

static enum status feed(struct renewal *renewal, size_t from, size_t to)
{
	struct bytes text = renewal->told->text;
	enum status status = STATUS_OK;
	while (from < to && status == STATUS_OK) {
		size_t end = to - from > PIECE ? boundary(text, from + PIECE) : to;
		status = open_document_text(&renewal->document, bytes_slice(text, from, end - from));
		if (status == STATUS_OK)
			status = renewal->sink->progress(renewal->sink->context);
		from = end;
	}
	return status;
}

/* The spans are there from the first: nothing is noted of them again. */
static enum status feed_all(struct renewal *renewal)
{
	struct open_document *document = &renewal->document;
	struct bytes text = renewal->told->text;
	const struct carved_span *spans = (const void *)document->carved.at;
	size_t count = document->carved.len / sizeof *spans, at = 0;
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		size_t from = boundary(text, spans[i].from), to = boundary(text, spans[i].to);
		status = feed(renewal, at, from);
		if (status == STATUS_OK)
			status = scan_turn(document->scan, true);
		if (status == STATUS_OK)
			status = feed(renewal, from, to);
		if (status == STATUS_OK)
			status = scan_turn(document->scan, false);
		at = to;
	}
	return status == STATUS_OK ? feed(renewal, at, text.len) : status;
}

static void take_fields(struct renewal *renewal)
{
	const struct document_record *told = renewal->told;
	struct document_record *record = &renewal->document.record;
	record->fields = told->fields;
	record->class = record->signing = BYTES_NONE;
	record->title = told->title.len > 0 ? open_document_keep(&renewal->document, told->title) : BYTES_NONE;
	record->author = told->author.len > 0 ? open_document_keep(&renewal->document, told->author) : BYTES_NONE;
	record->outcome = told->outcome;
	record->has_sha256 = told->has_sha256;
	memcpy(record->sha256, told->sha256, sizeof record->sha256);
	memcpy(record->content_key, told->content_key, sizeof record->content_key);
}

static int compare_places(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;
	return left->from < right->from ? -1 : left->from > right->from;
}

/* What was allowed then may not be now, and the other way round. */
static enum status take_findings(struct renewal *renewal)
{
	const struct document_record *told = renewal->told;
	struct buffer all = buffer_with_ceiling(SIZE_MAX / 2);
	struct finding secret;
	buffer_append(&all, bytes_of(told->findings, told->finding_count * sizeof *told->findings));
	for (size_t i = 0; i < told->fact_count; i++)
		if (allowed_secret_read(&told->facts[i], &secret))
			buffer_append(&all, bytes_of(&secret, sizeof secret));
	size_t count = all.len / sizeof secret;
	if (count > 1 && buffer_status(&all) == STATUS_OK)
		qsort(all.at, count, sizeof secret, compare_places);
	enum status status = buffer_status(&all);
	if (status == STATUS_OK)
		status = open_document_found_earlier(&renewal->document, (const void *)all.at, count);
	buffer_free(&all);
	return status;
}

static enum status look_through(struct renewal *renewal)
{
	struct document_record *record = &renewal->document.record;
	take_fields(renewal);
	enum status status = renewal->sink->begin(renewal->sink->context, BYTES_NONE);
	if (status == STATUS_OK)
		status = take_facts(renewal);
	if (status == STATUS_OK)
		status = take_findings(renewal);
	if (status == STATUS_OK)
		status = feed_all(renewal);
	bool was_ended = status == STATUS_BOMB || status == STATUS_TIMED_OUT;
	if (status != STATUS_OK && !was_ended)
		return status;
	enum status finished = open_document_finish(&renewal->document);
	if (finished != STATUS_OK && finished != STATUS_BOMB)
		return finished;
	if (was_ended || finished == STATUS_BOMB)
		record->outcome = was_ended ? outcome_of_status(status) : OUTCOME_BOMB;
	return renewal->sink->document(renewal->sink->context, record);
}

enum status renewal_read(const struct document_record *told, const struct extract_job *job, const struct emitter_sink *sink)
{
	struct renewal *renewal = calloc(1, sizeof *renewal);
	struct budget budget = {.allowed = 0};
	if (renewal == NULL)
		return STATUS_NO_MEMORY;
	renewal->told = told;
	renewal->sink = sink;
	budget_begin(&budget, job->allowance.output);
	enum status status = open_document_start(&renewal->document, &budget, emitter_default_limits.findings, job->secret_key);
	renewal->document.path = job->name;
	if (status == STATUS_OK)
		status = look_through(renewal);
	open_document_free(&renewal->document);
	budget_free(&budget);
	free(renewal);
	return status;
}
