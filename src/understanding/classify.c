/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which a document is asked: its schema, its structure, its words, the shape of its lines. */
#include "understanding/classify.h"

#include "base/buffer.h"
#include "understanding/class-schema.h"
#include "understanding/class-shape.h"
#include "understanding/class-vocabulary.h"

const unsigned classify_version = 2;

static const float BY_SCHEMA = 0.98f, BY_EMBEDDED = 0.95f, RIVALRY = 0.25f, SLIDES = 0.75f, SAYS = 0.05f;

enum { SENTENCE_MAX = 400, TAIL = 2048 };

struct classifier {
	const struct classification_input *input;
	struct arena *arena;
	struct classification *to;
	struct fact reasons[CLASSIFY_REASONS_MAX];
	size_t count;
	enum status status;
};

/* ---- sentences ---- */

static void give_reason(struct classifier *work, enum document_class class, float confidence, const struct buffer *sentence)
{
	struct bytes kept = arena_copy(work->arena, buffer_bytes(sentence));
	if (kept.at == NULL)
		work->status = STATUS_NO_MEMORY;
	if (work->count < CLASSIFY_REASONS_MAX)
		work->reasons[work->count++] = (struct fact){
			.kind = FACT_CLASS,
			.name = bytes_of_string(document_class_name(class)),
			.value = kept,
			.confidence = confidence,
		};
}

static void decide(struct classifier *work, enum document_class class, float confidence)
{
	work->to->class = class;
	work->to->confidence = confidence;
}

static void decide_by_shape(struct classifier *work, const struct class_shape *shape)
{
	struct buffer sentence = buffer_with_ceiling(SENTENCE_MAX);
	struct bytes type = bytes_slice(work->input->media_type, 0, 128);
	/* The only place for a type in a shape's sentence is its end. */
	const char *place = strstr(shape->says, "%.*s");
	buffer_append(&sentence, bytes_of(shape->says, place != NULL ? (size_t)(place - shape->says) : strlen(shape->says)));
	if (place != NULL) {
		buffer_append(&sentence, type);
		buffer_append_string(&sentence, place + strlen("%.*s"));
	}
	decide(work, shape->class, shape->confidence);
	give_reason(work, shape->class, shape->confidence, &sentence);
	buffer_free(&sentence);
}

/* ---- by schema ---- */

static bool decide_by_schema(struct classifier *work)
{
	struct class_schema schema = class_schema_of(work->input->facts, work->input->fact_count);
	struct buffer sentence = buffer_with_ceiling(SENTENCE_MAX);
	if (schema.class == CLASS_NONE)
		return false;
	buffer_append_format(&sentence, "its root element is %.*s of %s", (int)bytes_slice(schema.root, 0, 64).len,
	                     schema.root.at, schema.standard);
	if (schema.code.len > 0)
		buffer_append_format(&sentence, ", its kind is code %.*s", (int)bytes_slice(schema.code, 0, 16).len,
		                     schema.code.at);
	decide(work, schema.class, BY_SCHEMA);
	work->to->is_by_schema = true;
	give_reason(work, schema.class, BY_SCHEMA, &sentence);
	buffer_free(&sentence);
	return true;
}

/* An invoice for people with one for machines in it (Factur-X, ZUGFeRD): both are one. */
static bool decide_by_part(struct classifier *work)
{
	enum document_class class = work->input->embedded_class;
	struct buffer sentence = buffer_with_ceiling(SENTENCE_MAX);
	if (class == CLASS_NONE || class == CLASS_OTHER || !bytes_equal_string(work->input->media_type, "application/pdf"))
		return false;
	buffer_append_format(&sentence, "a file embedded in it is, by its schema, of class %s", document_class_name(class));
	decide(work, class, BY_EMBEDDED);
	give_reason(work, class, BY_EMBEDDED, &sentence);
	buffer_free(&sentence);
	return true;
}

/* ---- by words ---- */

/* An agreement to keep secrets is a contract: that it reads like one speaks against nothing. */
static bool are_rivals(enum document_class class, enum document_class other)
{
	return !(class == CLASS_NDA && other == CLASS_CONTRACT);
}

static void find_two(const struct vocabulary *vocabulary, enum document_class *best, enum document_class *second)
{
	*best = *second = CLASS_NONE;
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		if (vocabulary->scores[class] > vocabulary->scores[*best]) {
			*second = *best;
			*best = class;
		} else if (vocabulary->scores[class] > vocabulary->scores[*second]) {
			*second = class;
		}
	if (*best == CLASS_CONTRACT && vocabulary->scores[CLASS_NDA] >= CLASSIFY_SURE) {
		*best = CLASS_NDA;
		*second = CLASS_CONTRACT;
	}
}

static void tell_word(struct classifier *work, const struct vocabulary_match *match, float confidence)
{
	static const char *const places[] = {[CLASS_WORD_TITLE] = "a title says",
	                                     [CLASS_WORD_TEXT] = "its first page says",
	                                     [CLASS_WORD_COLUMN] = "a table has the column"};
	struct buffer sentence = buffer_with_ceiling(SENTENCE_MAX);
	buffer_append_format(&sentence, "%s \"%s\"", places[match->word->place], match->word->phrase);
	give_reason(work, match->word->class, confidence, &sentence);
	buffer_free(&sentence);
}

/* The weightiest words of a class. */
static void tell_words(struct classifier *work, struct vocabulary *vocabulary, enum document_class class, float confidence)
{
	while (work->count < CLASSIFY_REASONS_MAX) {
		struct vocabulary_match *heaviest = NULL;
		for (size_t i = 0; i < vocabulary->match_count; i++) {
			struct vocabulary_match *match = &vocabulary->matches[i];
			if (match->word->class == class && match->weight > SAYS &&
			    (heaviest == NULL || match->weight > heaviest->weight))
				heaviest = match;
		}
		if (heaviest == NULL)
			return;
		tell_word(work, heaviest, confidence);
		heaviest->weight = 0;
	}
}

/* "other" where nothing is sure; with what is likeliest, so that a person can judge. */
static void decide_unsurely(struct classifier *work, struct vocabulary *vocabulary, enum document_class best, float confidence)
{
	struct buffer sentence = buffer_with_ceiling(SENTENCE_MAX);
	decide(work, CLASS_OTHER, 0);
	if (best == CLASS_NONE || vocabulary->scores[best] < SAYS)
		buffer_append_string(&sentence, "nothing in its structure or its first words names a class");
	else if (best == CLASS_OTHER)
		buffer_append_string(&sentence, "it calls itself something that is none of the classes");
	else
		buffer_append_format(&sentence, "most like %s, but not surely: %.2f where %.2f is asked for",
		                     document_class_name(best), (double)confidence, (double)CLASSIFY_SURE);
	give_reason(work, best != CLASS_NONE ? best : CLASS_OTHER, confidence, &sentence);
	if (best != CLASS_NONE)
		tell_words(work, vocabulary, best, confidence);
	buffer_free(&sentence);
}

/* Where the lines of metadata at the end name a program for slides, pages are slides. */
static bool is_of_slides(struct bytes text)
{
	static const char *const programs[] = {"PowerPoint", "Impress", "Keynote", "Google Slides"};
	struct bytes tail = bytes_from(text, text.len > TAIL ? text.len - TAIL : 0);
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		size_t at = bytes_find(tail, bytes_of_string(programs[i]));
		size_t line = at == BYTES_NOT_FOUND ? 0 : bytes_find_last_byte(bytes_slice(tail, 0, at), '\n');
		struct bytes name = at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(tail, line == BYTES_NOT_FOUND ? 0 : line + 1);
		if (bytes_start_with(name, BYTES_LITERAL("Creator: ")) || bytes_start_with(name, BYTES_LITERAL("Producer: ")) ||
		    bytes_start_with(name, BYTES_LITERAL("CreatorTool: ")))
			return true;
	}
	return false;
}

static bool is_sheet(struct bytes media_type)
{
	return bytes_start_with(media_type, BYTES_LITERAL("text/csv")) ||
	       bytes_start_with(media_type, BYTES_LITERAL("text/tab-separated-values"));
}

static enum status decide_by_words(struct classifier *work, const struct class_shape *shape)
{
	const struct classification_input *input = work->input;
	struct vocabulary vocabulary;
	enum document_class best, second;
	enum status status = vocabulary_weigh(&(struct vocabulary_input){input->title, input->text, input->tables,
	                                                                 input->table_count, is_sheet(input->media_type)},
	                                      &vocabulary);
	if (status != STATUS_OK)
		return status;
	find_two(&vocabulary, &best, &second);
	float rival = are_rivals(best, second) ? vocabulary.scores[second] : 0;
	float confidence = best == CLASS_NONE ? 0 : vocabulary.scores[best] * (1 - RIVALRY * rival);
	/* Web pages and settings are full of words; a title is asked for besides. */
	bool is_sure = confidence >= CLASSIFY_SURE && best != CLASS_OTHER &&
	               (shape->class == CLASS_NONE || vocabulary.has_title[best]);
	if (is_sure) {
		decide(work, best, confidence);
		tell_words(work, &vocabulary, best, confidence);
	} else if (shape->class != CLASS_NONE) {
		decide_by_shape(work, shape);
	} else if (input->was_read) {
		decide_unsurely(work, &vocabulary, best, confidence);
	}
	return STATUS_OK;
}

static enum status decide_open(struct classifier *work, struct class_shape shape)
{
	const struct classification_input *input = work->input;
	if (shape.class == CLASS_NONE && bytes_equal_string(input->media_type, "application/json"))
		shape = class_shape_of_fields(input->text);
	else if (shape.class == CLASS_NONE && (bytes_equal_string(input->media_type, "text/plain") ||
	                                       bytes_equal_string(input->media_type, "application/sql")))
		shape = class_shape_of_lines(input->text);
	else if (shape.class == CLASS_NONE && bytes_equal_string(input->media_type, "application/pdf") &&
	         is_of_slides(input->text))
		shape = (struct class_shape){CLASS_PRESENTATION, false, "a program for slides made it (%.*s)", SLIDES};
	if (shape.class != CLASS_NONE && shape.is_final) {
		decide_by_shape(work, &shape);
		return STATUS_OK;
	}
	return decide_by_words(work, &shape);
}

enum status classify_document(const struct classification_input *input, struct arena *arena,
                              struct classification *ret_classification)
{
	struct classification classification = {.class = CLASS_NONE};
	struct classifier work = {.input = input, .arena = arena, .to = &classification, .status = STATUS_OK};
	struct class_shape shape = class_shape_of_type(input->media_type);
	if (!decide_by_schema(&work) && !decide_by_part(&work))
		work.status = decide_open(&work, shape);
	struct fact *reasons = arena_allocate(arena, sizeof work.reasons);
	if (work.status == STATUS_OK && reasons == NULL)
		work.status = STATUS_NO_MEMORY;
	if (work.status != STATUS_OK)
		return work.status;
	memcpy(reasons, work.reasons, work.count * sizeof *reasons);
	classification.reasons = reasons;
	classification.reason_count = work.count;
	*ret_classification = classification;
	return STATUS_OK;
}
