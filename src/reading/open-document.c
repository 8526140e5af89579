/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering one document's text, findings and part names. */
#include "reading/open-document.h"

#include "base/mask.h"
#include "base/text.h"
#include "reading/registered.h"
#include "reading/allowed-secret.h"
#include "understanding/attribute.h"
#include "understanding/classify.h"
#include "understanding/person.h"
#include "understanding/signature.h"
#include "understanding/similarity.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	ARENA_MAX = 192 << 20,
	METADATA_MAX = 1 << 20,
	KEPT_MAX = 4000,
	PAID_PIECE = 4096,
	TABLES_MAX = 1 << 16,
	MENTIONS_MAX = 1 << 17, /* of those, roles and reasons are made; the rest are findings alone */
	CARVED_MAX = 1 << 16,
	/* Whose a document most surely is, its row says however little is left. */
	ORGANISATIONS_FREE = 8,
	/* Records of people go together in facts that long: most of a page. */
	PEOPLE_PIECE = 3900,
};

/* A copy without signatures and secrets. NULL: no memory. */
static struct bytes copy_masked(struct open_document *document, struct bytes bytes)
{
	struct bytes copy = arena_copy(&document->arena, bytes);
	if (copy.at != NULL) {
		unsigned char *at = (unsigned char *)(uintptr_t)copy.at;
		mask_signatures(at, copy.len);
		scan_mask_secrets(at, copy.len);
	}
	return copy;
}

/* ---- findings of an earlier look ---- */

struct earlier_span {
	uint64_t from, to, furthest; /* furthest: that any up to this one reaches */
	enum finding_kind kind;
};

static size_t count_earlier(const struct open_document *document)
{
	return document->earlier.len / sizeof(struct earlier_span);
}

/* The last that begins before a place; SIZE_MAX: none does. */
static size_t last_before(const struct earlier_span *spans, size_t count, uint64_t place)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (spans[middle].from < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* Among stars nobody finds anything: what stood there was found when it could be read. It is said already where one of its kind
 * was found about here; of a secret only what holds it whole, as a URL may, is something else. */
static bool is_of_earlier(const struct open_document *document, const struct finding *found)
{
	const struct earlier_span *spans = (const void *)document->earlier.at;
	size_t count = count_earlier(document);
	for (size_t i = last_before(spans, count, found->to); i != SIZE_MAX && spans[i].furthest > found->from; i--) {
		if (spans[i].to <= found->from)
			continue;
		bool holds = found->from <= spans[i].from && found->to >= spans[i].to &&
		             found->to - found->from > spans[i].to - spans[i].from;
		if (spans[i].kind == found->kind || (spans[i].kind == FINDING_SECRET && !holds))
			return true;
	}
	return false;
}

/* ---- findings ---- */

static enum status make_room_for_finding(struct open_document *document)
{
	if (document->finding_count < document->finding_capacity)
		return STATUS_OK;
	size_t capacity = document->finding_capacity ? 2 * document->finding_capacity : 64;
	struct finding *grown = realloc(document->findings, capacity * sizeof *grown);
	if (grown == NULL)
		return STATUS_NO_MEMORY;
	document->findings = grown;
	document->finding_capacity = capacity;
	return STATUS_OK;
}

/* What there is no room for is left out, and said so. */
static enum status add_finding(struct open_document *document, const struct finding *found)
{
	if (document->finding_count == document->finding_limit) {
		document->findings_cut = true;
		return STATUS_OK;
	}
	if (!budget_pay_finding(document->budget, found))
		return STATUS_BOMB;
	enum status status = make_room_for_finding(document);
	if (status != STATUS_OK)
		return status;
	struct finding finding = *found;
	finding.value = copy_masked(document, found->value);
	finding.raw = bytes_equal(found->raw, found->value) ? finding.value : copy_masked(document, found->raw);
	finding.subkind = arena_copy(&document->arena, found->subkind);
	finding.rule = arena_copy(&document->arena, found->rule);
	if (finding.value.at == NULL || finding.raw.at == NULL)
		document->findings_cut = true;
	else
		document->findings[document->finding_count++] = finding;
	return STATUS_OK;
}

/* ---- what is allowed ---- */

static enum status add_own_fact(void *context, const struct fact *given);

static bool is_digest(void *context, struct bytes value, struct bytes digest)
{
	struct found_secrets *secrets = context;
	char text[FINDING_SECRET_LENGTH];
	secrets_digest(secrets, value, text);
	return bytes_equal(bytes_of(text, sizeof text), digest);
}

/* is_earlier: the value of a secret is its digest. */
static bool is_allowed(struct open_document *document, const struct finding *finding, bool is_earlier)
{
	return custom_allows(&(struct allowed_question){
		.kind = finding->kind,
		.value = finding->value,
		.raw = finding->raw,
		.path = document->path,
		.is_digest = is_earlier && finding->kind == FINDING_SECRET ? is_digest : NULL,
		.context = &document->secrets,
	});
}

/* A secret's own words are stars from now on: who allows it no more finds it by this. */
static enum status note_allowed(struct open_document *document, const struct finding *finding)
{
	if (finding->kind != FINDING_SECRET) {
		document->allowed[finding->kind]++;
		return STATUS_OK;
	}
	struct buffer value = buffer_with_ceiling(FACT_VALUE_MAX);
	allowed_secret_append(finding, &value);
	struct fact fact = {
		.kind = FACT_ALLOWED,
		.name = bytes_of_string(finding_kind_name(FINDING_SECRET)),
		.value = buffer_bytes(&value),
		.from = finding->from,
		.to = finding->to,
		.confidence = finding->confidence,
	};
	enum status status = buffer_status(&value) == STATUS_OK ? add_own_fact(document, &fact) : buffer_status(&value);
	buffer_free(&value);
	return status;
}

static enum status note_counts_of_allowed(struct open_document *document)
{
	enum status status = STATUS_OK;
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT && status == STATUS_OK; kind++) {
		char number[FACT_NUMBER_SIZE];
		struct fact fact = fact_of_number(FACT_ALLOWED, finding_kind_name(kind), document->allowed[kind], number);
		if (document->allowed[kind] > 0 && finding_kind_is_counted(kind))
			status = add_own_fact(document, &fact);
	}
	return status;
}

static enum status keep_finding(void *context, const struct finding *given)
{
	struct open_document *document = context;
	struct finding found = *given;
	char value[FINDING_SECRET_LENGTH];
	if (is_of_earlier(document, given))
		return STATUS_OK;
	bool is_passed_over = is_allowed(document, given, false);
	if (given->kind == FINDING_SECRET) {
		/* Whether or not it can be kept, its text shows no more of it. */
		enum status status = secrets_note(&document->secrets, given);
		if (status != STATUS_OK)
			return status;
		secrets_digest(&document->secrets, given->value, value);
		found.value = bytes_of(value, sizeof value);
	}
	return is_passed_over ? note_allowed(document, &found) : add_finding(document, &found);
}

/* Some of it; spans are in order. */
static bool was_carved(const struct open_document *document, uint64_t from, uint64_t to)
{
	const struct carved_span *spans = (const void *)document->carved.at;
	size_t count = document->carved.len / sizeof *spans;
	if (count > 0 && document->is_carving && spans[count - 1].from < to)
		return true;
	for (size_t i = count; i > 0 && spans[i - 1].to > from; i--)
		if (spans[i - 1].from < to)
			return true;
	return false;
}

/* By a rule of the owner's own. */
static enum status keep_custom(void *context, const struct finding *given, uint64_t from_byte, uint64_t to_byte)
{
	struct open_document *document = context;
	struct finding found = *given;
	struct buffer rule = buffer_with_ceiling(256);
	if (was_carved(document, from_byte, to_byte)) {
		buffer_append(&rule, given->rule);
		buffer_append_string(&rule, FINDING_CARVED_RULE);
		found.rule = buffer_bytes(&rule);
		found.confidence = given->confidence > FINDING_CARVED_CONFIDENCE ? FINDING_CARVED_CONFIDENCE : given->confidence;
	}
	enum status status = buffer_status(&rule) == STATUS_OK ? keep_finding(document, &found) : buffer_status(&rule);
	buffer_free(&rule);
	return status;
}

enum status open_document_found_earlier(struct open_document *document, const struct finding *findings, size_t count)
{
	enum status status = STATUS_OK;
	uint64_t furthest = 0;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		furthest = findings[i].to > furthest ? findings[i].to : furthest;
		struct earlier_span span = {findings[i].from, findings[i].to, furthest, findings[i].kind};
		buffer_append(&document->earlier, bytes_of(&span, sizeof span));
		status = buffer_status(&document->earlier);
		if (status == STATUS_OK)
			status = is_allowed(document, &findings[i], true) ? note_allowed(document, &findings[i])
			                                                  : add_finding(document, &findings[i]);
	}
	return status;
}

static int compare_places(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;
	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return left->to != right->to ? (left->to > right->to ? -1 : 1) : (left->kind > right->kind) - (left->kind < right->kind);
}

enum status open_document_start(struct open_document *document, struct budget *budget, uint32_t finding_limit,
                                const unsigned char secret_key[FINDING_SECRET_KEY_SIZE])
{
	*document = (struct open_document){
		.budget = budget,
		.arena = arena_with_ceiling(ARENA_MAX),
		.record = {.modified = CLOCK_UNKNOWN, .created = CLOCK_UNKNOWN},
		.inner_path = buffer_with_ceiling(OPEN_DOCUMENT_PATH_MAX),
		.shown_path = buffer_with_ceiling(OPEN_DOCUMENT_PATH_MAX),
		.text = buffer_with_ceiling(RECORD_TEXT_MAX),
		.metadata = buffer_with_ceiling(METADATA_MAX),
		.tables = buffer_with_ceiling(TABLES_MAX * sizeof(struct table_span)),
		.carved = buffer_with_ceiling(CARVED_MAX * sizeof(struct carved_span)),
		.finding_limit = finding_limit,
		.secrets = secrets_under(secret_key),
		.earlier = buffer_with_ceiling(SIZE_MAX / 2),
		.ends_line = true,
	};
	enum status status = scan_start(keep_finding, document, &document->scan);
	return status == STATUS_OK ? custom_scan_start(keep_custom, document, &document->custom) : status;
}

/* To the last whole sequence within length bytes. */
static struct bytes cut(struct bytes valid, size_t length)
{
	if (length >= valid.len)
		return valid;
	while (length > 0 && (valid.at[length] & 0xC0) == 0x80)
		length--;
	return bytes_slice(valid, 0, length);
}

/* As much of it as can be paid, and is. */
static struct bytes pay_text(struct open_document *document, struct bytes text)
{
	size_t paid = 0;
	if (budget_pay_text(document->budget, text))
		return text;
	while (paid < text.len) {
		struct bytes piece = cut(bytes_from(text, paid), PAID_PIECE);
		if (!budget_pay_text(document->budget, piece))
			break;
		paid += piece.len;
	}
	return bytes_slice(text, 0, paid);
}

enum status open_document_text(struct open_document *document, struct bytes valid)
{
	if (valid.len == 0)
		return STATUS_OK;
	struct bytes fits = cut(valid, document->record.text_beyond > 0 ? 0 : RECORD_TEXT_MAX - document->text.len);
	struct bytes kept = pay_text(document, fits);
	bool is_paid = kept.len == fits.len;
	buffer_append(&document->text, kept);
	if (buffer_status(&document->text) != STATUS_OK)
		return buffer_status(&document->text);
	if (is_paid)
		document->record.text_beyond += bytes_from(valid, fits.len).len;
	else
		valid = kept;
	if (valid.len > 0)
		document->ends_line = valid.at[valid.len - 1] == '\n';
	enum status status = scan_feed(document->scan, valid);
	if (status == STATUS_OK)
		status = custom_scan_feed(document->custom, valid);
	return is_paid || status != STATUS_OK ? status : STATUS_BOMB;
}

/* Of a document with more tables than one may have the rest are text like any other. */
enum status open_document_begin_table(struct open_document *document, unsigned char delimiter, bool has_header)
{
	struct table_span span = {.from = document->text.len, .to = UINT64_MAX, .delimiter = delimiter, .has_header = has_header};
	if (document->tables.len + sizeof span <= document->tables.ceiling)
		buffer_append(&document->tables, bytes_of(&span, sizeof span));
	return buffer_status(&document->tables);
}

static struct table_span *last_table(struct open_document *document)
{
	struct table_span *tables = (void *)document->tables.at;
	size_t count = document->tables.len / sizeof *tables;
	return count > 0 ? &tables[count - 1] : NULL;
}

void open_document_end_table(struct open_document *document)
{
	struct table_span *span = last_table(document);
	if (span != NULL && span->to == UINT64_MAX)
		span->to = document->text.len;
}

static struct carved_span *last_carved(struct open_document *document)
{
	struct carved_span *carved = (void *)document->carved.at;
	size_t count = document->carved.len / sizeof *carved;
	return count > 0 ? &carved[count - 1] : NULL;
}

/* Spans that stand together, or but for a line's end, are one; what is past the most there may be belongs to the last. */
enum status open_document_carve(struct open_document *document, bool is_carved_next)
{
	struct carved_span *last = last_carved(document), span = {document->text.len, document->text.len};
	document->is_carving = is_carved_next;
	bool is_full = document->carved.len + sizeof span > document->carved.ceiling;
	if (!is_carved_next && last != NULL)
		last->to = document->text.len;
	else if (is_carved_next && (last == NULL || (last->to + 1 < span.from && !is_full)))
		buffer_append(&document->carved, bytes_of(&span, sizeof span));
	if (buffer_status(&document->carved) != STATUS_OK)
		return buffer_status(&document->carved);
	return scan_turn(document->scan, is_carved_next);
}

struct bytes open_document_keep(struct open_document *document, struct bytes text)
{
	struct buffer repaired = buffer_with_ceiling(4 * KEPT_MAX);
	text_append_repaired(&repaired, bytes_slice(text, 0, KEPT_MAX));
	mask_signatures(repaired.at, repaired.len);
	scan_mask_secrets(repaired.at, repaired.len);
	struct bytes whole = bytes_trim(buffer_bytes(&repaired));
	struct bytes kept = bytes_slice(whole, 0, KEPT_MAX);
	while (kept.len > 0 && kept.len < whole.len && (whole.at[kept.len] & 0xC0) == 0x80)
		kept.len--;
	kept = arena_copy(&document->arena, kept);
	buffer_free(&repaired);
	return kept;
}

static enum status make_room_for_fact(struct open_document *document)
{
	if (document->fact_count < document->fact_capacity)
		return STATUS_OK;
	size_t capacity = document->fact_capacity ? 2 * document->fact_capacity : 8;
	struct fact *grown = realloc(document->facts, capacity * sizeof *grown);
	if (grown == NULL)
		return STATUS_NO_MEMORY;
	document->facts = grown;
	document->fact_capacity = capacity;
	return STATUS_OK;
}

/* One that lives as long as the document. */
static enum status add_fact(struct open_document *document, const struct fact *fact)
{
	if (document->fact_count == RECORD_FACTS_MAX)
		return STATUS_OK;
	if (!budget_pay_fact(document->budget, fact))
		return STATUS_BOMB;
	enum status status = make_room_for_fact(document);
	if (status == STATUS_OK)
		document->facts[document->fact_count++] = *fact;
	return status;
}

/* Its value lives as long as the document. */
static enum status keep_fact(struct open_document *document, const struct fact *given)
{
	struct fact fact = *given;
	fact.name = arena_copy(&document->arena, given->name);
	if (fact.name.at == NULL)
		return STATUS_NO_MEMORY;
	return add_fact(document, &fact);
}

enum status open_document_fact(struct open_document *document, const struct fact *given)
{
	struct fact fact = *given;
	if (document->fact_count == RECORD_FACTS_MAX)
		return STATUS_OK;
	fact.value = open_document_keep(document, given->value);
	if (given->value.len > 0 && fact.value.at == NULL)
		return STATUS_NO_MEMORY;
	return keep_fact(document, &fact);
}

/* Words and numbers of ours. */
static enum status add_own_fact(void *context, const struct fact *given)
{
	struct open_document *document = context;
	struct fact fact = *given;
	fact.value = arena_copy(&document->arena, given->value);
	return fact.value.at != NULL ? keep_fact(document, &fact) : STATUS_NO_MEMORY;
}

static enum status note_embedded(struct open_document *document)
{
	struct buffer lines = buffer_with_ceiling(FACT_VALUE_MAX);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < PART_COUNT && document->embedded.standard != NULL && status == STATUS_OK; i++) {
		if (!stated_party_is_stated(&document->embedded.of[i]))
			continue;
		buffer_reset(&lines);
		stated_party_append(&lines, document->embedded.standard, &document->embedded.of[i]);
		if (buffer_status(&lines) == STATUS_OK)
			status = add_own_fact(document, &(struct fact){
								.kind = FACT_SCHEMA,
								.name = BYTES_LITERAL("part_party"),
								.value = buffer_bytes(&lines),
								.confidence = 1,
							});
	}
	buffer_free(&lines);
	return status;
}

/* What whoever looks through this text again could not tell from it. */
static enum status note_layout(struct open_document *document)
{
	enum status status = layout_write_carved((void *)document->carved.at, document->carved.len / sizeof(struct carved_span),
	                                         add_own_fact, document);
	if (status == STATUS_OK)
		status = layout_write_tables((void *)document->tables.at, document->tables.len / sizeof(struct table_span),
		                             add_own_fact, document);
	if (status == STATUS_OK)
		status = note_embedded(document);
	if (status == STATUS_OK && document->embedded_class != CLASS_NONE)
		status = add_own_fact(document, &(struct fact){
							.kind = FACT_SCHEMA,
							.name = BYTES_LITERAL("part_class"),
							.value = bytes_of_string(document_class_name(document->embedded_class)),
							.confidence = 1,
						});
	return status;
}

uint32_t open_document_count_name(struct open_document *document, struct bytes name)
{
	bool is_new;
	uint64_t *count = hash_table_enter(&document->part_names, hash_of(0, name), &is_new);
	return count != NULL ? (uint32_t)++ * count : 0;
}

static enum status end_text(struct open_document *document)
{
	enum status status = STATUS_OK;
	if (document->metadata.len > 0) {
		if (!document->ends_line)
			status = open_document_text(document, BYTES_LITERAL("\n"));
		if (status == STATUS_OK)
			status = open_document_text(document, buffer_bytes(&document->metadata));
	}
	if (status != STATUS_OK && status != STATUS_BOMB)
		return status;
	enum status ended = scan_finish(document->scan);
	if (ended == STATUS_OK)
		ended = custom_scan_finish(document->custom);
	return ended != STATUS_OK ? ended : status;
}

/* ---- what the register lists ---- */

static enum status keep_mention(struct open_document *document, const struct register_mention *mention)
{
	if (document->mention_count == MENTIONS_MAX)
		return STATUS_OK;
	if (document->mention_count == document->mention_capacity) {
		size_t capacity = document->mention_capacity ? 2 * document->mention_capacity : 64;
		struct register_mention *grown = realloc(document->mentions, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		document->mentions = grown;
		document->mention_capacity = capacity;
	}
	document->mentions[document->mention_count++] = *mention;
	return STATUS_OK;
}

static enum status keep_registered(void *context, const struct finding *finding, const struct register_mention *mention)
{
	struct open_document *document = context;
	enum status status = keep_mention(document, mention);
	return status == STATUS_OK ? keep_finding(document, finding) : status;
}

/* Two runs, each by its beginnings, into one. What gave way is left out. */
static enum status merge_findings(struct open_document *document, size_t first_count)
{
	size_t count = document->finding_count, i = 0, j = first_count, merged = 0;
	struct finding *findings = document->findings, *into = malloc((count + 1) * sizeof *into);
	if (into == NULL)
		return STATUS_NO_MEMORY;
	while (i < first_count || j < count) {
		bool is_first = j == count || (i < first_count && findings[i].from <= findings[j].from);
		const struct finding *next = is_first ? &findings[i++] : &findings[j++];
		if (next->kind != 0)
			into[merged++] = *next;
	}
	free(findings);
	document->findings = into;
	document->finding_capacity = count + 1;
	document->finding_count = merged;
	return STATUS_OK;
}

static enum status find_registered(struct open_document *document)
{
	size_t before = document->finding_count;
	/* keep_finding moves the findings as it adds to them: those that are looked at are a copy. */
	struct finding *findings = malloc((before + 1) * sizeof *findings);
	if (findings == NULL)
		return STATUS_NO_MEMORY;
	if (before > 0)
		memcpy(findings, document->findings, before * sizeof *findings);
	const struct registered_question question = {
		.text = buffer_bytes(&document->text),
		.findings = findings,
		.finding_count = before,
		.carved = (const void *)document->carved.at,
		.carved_count = document->carved.len / sizeof(struct carved_span),
	};
	enum status status = registered_find(&question, keep_registered, document);
	bool has_more = document->finding_count > before;
	if (has_more)
		memcpy(document->findings, findings, before * sizeof *findings);
	free(findings);
	enum status merged = has_more ? merge_findings(document, before) : STATUS_OK;
	return merged != STATUS_OK ? merged : status;
}

/* The surest come first. */
static enum status pay_organisations(struct open_document *document)
{
	struct document_record *record = &document->record;
	size_t count = record->organisation_count, paid = 0;
	while (paid < count && budget_pay_organisation(document->budget, &record->organisations[paid]))
		paid++;
	if (paid == count)
		return STATUS_OK;
	record->organisation_count = paid > ORGANISATIONS_FREE ? paid : count < ORGANISATIONS_FREE ? count : ORGANISATIONS_FREE;
	return STATUS_BOMB;
}

/* What it is, and why. */
static enum status classify(struct open_document *document)
{
	struct document_record *record = &document->record;
	struct classification classification;
	if (record->outcome == OUTCOME_LISTED_ONLY)
		return STATUS_OK;
	enum status status = classify_document(
		&(struct classification_input){
			.media_type = record->media_type,
			.title = record->title,
			.text = record->text,
			.tables = record->tables,
			.table_count = record->table_count,
			.facts = document->facts,
			.fact_count = document->fact_count,
			.was_read = record->outcome == OUTCOME_READ,
			.embedded_class = document->embedded_class,
		},
		&document->arena, &classification);
	if (status != STATUS_OK)
		return status;
	record->class = bytes_of_string(document_class_name(classification.class));
	if (classification.is_by_schema)
		document->schema_class = classification.class;
	for (size_t i = 0; i < classification.reason_count && status == STATUS_OK; i++)
		status = open_document_fact(document, &classification.reasons[i]);
	return status;
}

/* ---- people ---- */

struct people {
	struct open_document *document;
	struct buffer records, names; /* on their way into a fact; of struct finding */
};

static enum status flush_people(struct people *people)
{
	struct open_document *document = people->document;
	struct fact fact = {.kind = FACT_PERSON, .name = BYTES_LITERAL("records"), .confidence = 1};
	if (people->records.len == 0 || document->fact_count == RECORD_FACTS_MAX)
		return STATUS_OK;
	fact.value = arena_copy(&document->arena, buffer_bytes(&people->records));
	if (fact.value.at == NULL)
		return STATUS_TOO_LARGE;
	buffer_reset(&people->records);
	return keep_fact(document, &fact);
}

static enum status keep_person(void *context, const struct person_record *record)
{
	struct people *people = context;
	size_t before = people->records.len;
	person_append(&people->records, record);
	if (buffer_status(&people->records) != STATUS_OK)
		return buffer_status(&people->records);
	if (people->records.len <= PEOPLE_PIECE || before == 0)
		return STATUS_OK;
	buffer_truncate(&people->records, before);
	enum status status = flush_people(people);
	person_append(&people->records, record);
	return status == STATUS_OK ? buffer_status(&people->records) : status;
}

static enum status keep_name(void *context, const struct finding *found)
{
	struct people *people = context;
	struct finding name = *found;
	name.value = arena_copy(&people->document->arena, found->value);
	name.raw = arena_copy(&people->document->arena, found->raw);
	if (name.value.at == NULL || name.raw.at == NULL)
		return STATUS_NO_MEMORY;
	buffer_append(&people->names, bytes_of(&name, sizeof name));
	return buffer_status(&people->names);
}

/* Names in columns of names stand among the other findings, by their places. */
static enum status add_names(struct open_document *document, const struct buffer *names)
{
	enum status status = STATUS_OK;
	const struct finding *found = (const void *)names->at;
	size_t count = names->len / sizeof *found;
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = keep_finding(document, &found[i]);
	if (count > 0)
		qsort(document->findings, document->finding_count, sizeof *document->findings, compare_places);
	return status;
}

static enum status tell_progress(void *context)
{
	const struct people *people = context;
	const struct open_document *document = people->document;
	return document->progress != NULL ? document->progress(document->progress_context) : STATUS_OK;
}

/* Who is in it. What the budget does not suffice for is left out, and the document told a bomb. */
static enum status find_people(struct open_document *document)
{
	const struct document_record *record = &document->record;
	struct people people = {
		.document = document,
		.records = buffer_with_ceiling(FACT_VALUE_MAX + PEOPLE_PIECE),
		.names = buffer_with_ceiling(RECORD_FINDINGS_MAX * sizeof(struct finding)),
	};
	const struct person_sink sink = {
		.context = &people,
		.record = keep_person,
		.name = keep_name,
		.progress = tell_progress,
	};
	if (record->outcome == OUTCOME_LISTED_ONLY)
		return STATUS_OK;
	enum status status = person_read(
		&(struct person_input){
			.media_type = record->media_type,
			.text = record->text,
			.tables = record->tables,
			.table_count = record->table_count,
			.findings = document->findings,
			.finding_count = document->finding_count,
		},
		&sink);
	if (status == STATUS_OK)
		status = flush_people(&people);
	if (status == STATUS_OK)
		status = add_names(document, &people.names);
	buffer_free(&people.records);
	buffer_free(&people.names);
	return status;
}

/* Of a damaged document only what is intact counts: else who knows what a signature was over. Where not all was read, signatures
 * may be in what was not. */
static struct bytes tell_signing(const struct open_document *document)
{
	bool was_read = document->record.outcome == OUTCOME_READ, is_told = false;
	for (size_t i = 0; i < document->fact_count; i++) {
		struct signature signature;
		if (!signature_of_fact(&document->facts[i], &signature))
			continue;
		if (document->record.outcome != OUTCOME_MALFORMED || signature.intact == SIGNATURE_TRUE)
			return BYTES_LITERAL("true");
		is_told = true;
	}
	bool is_unsigned = was_read && !is_told && signature_is_looked_for(document->record.media_type) &&
	                   bytes_find(buffer_bytes(&document->text), BYTES_LITERAL("-----BEGIN PGP SIGN")) == BYTES_NOT_FOUND;
	return is_unsigned ? BYTES_LITERAL("false") : BYTES_NONE;
}

/* ---- the sketch ---- */

/* Of a text that was read to its end, and of nothing else: that beginnings are alike says little. What a picture or a sound says
 * of itself is no text. */
static bool has_own_text(const struct open_document *document)
{
	const struct document_record *record = &document->record;
	static const char *const without[] = {"image/", "audio/", "video/"};
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		if (bytes_start_with(record->media_type, bytes_of_string(without[i])))
			return false;
	return record->outcome == OUTCOME_READ && record->text_beyond == 0 && !document->findings_cut;
}

/* Before secrets are starred: texts that differ in these alone are not the same. */
static enum status sketch_text(struct open_document *document, struct bytes text)
{
	if (document->is_sketched)
		return STATUS_OK;
	enum status status = similarity_sketch(document->secrets.key, text, &document->sketch);
	document->has_sketch = status == STATUS_OK;
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status tell_sketch(struct open_document *document)
{
	char value[SKETCH_VALUE_SIZE];
	if (!document->has_sketch || !has_own_text(document))
		return STATUS_OK;
	enum status status = similarity_note_findings(document->secrets.key, document->findings, document->finding_count,
	                                              &document->sketch);
	struct fact fact = sketch_fact(&document->sketch, value);
	if (status == STATUS_OK)
		fact.value = arena_copy(&document->arena, fact.value);
	return status == STATUS_OK && fact.value.at == NULL ? STATUS_NO_MEMORY
	       : status == STATUS_OK                        ? add_fact(document, &fact)
	                                                    : status;
}

enum status open_document_finish(struct open_document *document)
{
	struct document_record *record = &document->record;
	struct bytes body = buffer_bytes(&document->text);
	open_document_end_table(document);
	enum status sketched = sketch_text(document, body);
	if (sketched != STATUS_OK)
		return sketched;
	enum status status = end_text(document);
	if (status != STATUS_OK && status != STATUS_BOMB)
		return status;
	enum status registered = status == STATUS_OK && registered_has_names() ? find_registered(document) : STATUS_OK;
	if (registered != STATUS_OK && registered != STATUS_BOMB)
		return registered;
	status = registered == STATUS_OK ? status : registered;
	/* Detectors have seen them; whoever reads the text need not be able to use them. */
	secrets_star(&document->secrets, document->text.at, document->text.len);
	document->finding_count = secrets_sift(&document->secrets, document->findings, document->finding_count);
	if (document->finding_count > 0 && (document->earlier.len > 0 || document->custom != NULL))
		qsort(document->findings, document->finding_count, sizeof *document->findings, compare_places);
	mask_signatures(document->text.at, document->text.len);
	record->inner_path = buffer_bytes(&document->inner_path);
	record->shown_path = buffer_bytes(&document->shown_path);
	record->text = buffer_bytes(&document->text);
	record->tables = (void *)document->tables.at;
	record->table_count = document->tables.len / sizeof *record->tables;
	record->findings = document->findings;
	record->finding_count = document->finding_count;
	enum status noted = note_layout(document); /* what was told stands before what follows from it */
	if (noted != STATUS_OK && noted != STATUS_BOMB)
		return noted;
	if (noted == STATUS_OK)
		noted = note_counts_of_allowed(document);
	if (noted != STATUS_OK && noted != STATUS_BOMB)
		return noted;
	enum status classified = classify(document);
	if (classified != STATUS_OK && classified != STATUS_BOMB)
		return classified;
	enum status peopled = find_people(document);
	if (peopled == STATUS_TOO_LARGE)
		document->findings_cut = true;
	else if (peopled == STATUS_TIMED_OUT && record->outcome == OUTCOME_READ)
		record->outcome = OUTCOME_TIMED_OUT;
	else if (peopled != STATUS_OK && peopled != STATUS_BOMB && peopled != STATUS_TIMED_OUT)
		return peopled;
	record->findings = document->findings;
	record->finding_count = document->finding_count;
	record->signing = tell_signing(document);
	enum status told = tell_sketch(document);
	if (told != STATUS_OK && told != STATUS_BOMB)
		return told;
	record->facts = document->facts;
	record->fact_count = document->fact_count;
	if (document->findings_cut && record->outcome == OUTCOME_READ) {
		record->outcome = OUTCOME_TOO_LARGE;
		record->note = BYTES_LITERAL("more findings than one document may have; the rest were not recorded");
	}
	document->stated = stated_parties_of(document->facts, document->fact_count, record->text);
	enum status attributed = attribute_document(
		&(struct attribution_input){
			.findings = record->findings,
			.finding_count = record->finding_count,
			.media_type = record->media_type,
			.text = record->text,
			.facts = document->facts,
			.fact_count = document->fact_count,
			.stated = &document->stated,
			.embedded = &document->embedded,
			.mentions = document->mentions,
			.mention_count = document->mention_count,
		},
		&document->arena, &record->organisations, &record->organisation_count);
	if (attributed != STATUS_OK)
		return attributed;
	bool is_paid = classified == STATUS_OK && peopled != STATUS_BOMB && told == STATUS_OK && noted == STATUS_OK;
	is_paid &= pay_organisations(document) == STATUS_OK;
	is_paid &= budget_pay_document(document->budget, record);
	return is_paid ? status : STATUS_BOMB;
}

/* False when memory ended. */
static bool keep_copy(struct open_document *document, struct bytes *bytes)
{
	bool is_empty = bytes->len == 0;
	*bytes = arena_copy(&document->arena, *bytes);
	return is_empty || bytes->at != NULL;
}

enum status open_document_take_parties(struct open_document *document, const struct open_document *part)
{
	bool is_whole = true;
	if (document->embedded.standard != NULL || part->stated.standard == NULL)
		return STATUS_OK;
	document->embedded = part->stated;
	for (size_t i = 0; i < PART_COUNT; i++) {
		struct stated_party *party = &document->embedded.of[i];
		is_whole &= keep_copy(document, &party->name) && keep_copy(document, &party->country) &&
		            keep_copy(document, &party->vat);
		for (size_t host = 0; host < party->host_count; host++)
			is_whole &= keep_copy(document, &party->hosts[host]);
	}
	return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

void open_document_free(struct open_document *document)
{
	scan_free(document->scan);
	custom_scan_free(document->custom);
	secrets_free(&document->secrets);
	free(document->findings);
	free(document->facts);
	free(document->mentions);
	hash_table_free(&document->part_names);
	buffer_free(&document->inner_path);
	buffer_free(&document->shown_path);
	buffer_free(&document->text);
	buffer_free(&document->metadata);
	buffer_free(&document->tables);
	buffer_free(&document->carved);
	buffer_free(&document->earlier);
	arena_free(&document->arena);
}
