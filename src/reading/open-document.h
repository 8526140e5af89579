/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One document while it is being read: its text, metadata, findings and the
 * names of its parts so far. Belongs to reading/emitter.c.
 */
#ifndef TIDEMARK_READING_OPEN_DOCUMENT_H
#define TIDEMARK_READING_OPEN_DOCUMENT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "detector/custom.h"
#include "detector/detector.h"
#include "model/budget.h"
#include "model/document-class.h"
#include "model/record.h"
#include "model/sketch.h"
#include "model/register.h"
#include "model/table.h"
#include "model/layout.h"
#include "reading/secrets.h"
#include "understanding/stated-party.h"

/* Bytes of an inner path; a deeper or longer one is refused as a bomb. */
#define OPEN_DOCUMENT_PATH_MAX 8192

struct open_document {
	struct budget *budget; /* of the object */
	struct arena arena;    /* everything the record points to */
	struct document_record record;
	struct buffer inner_path, shown_path; /* shown_path: see model/field.h */
	struct buffer text;
	struct buffer metadata; /* lines for the end of the text */
	struct scan *scan;
	struct custom_scan *custom; /* of the owner's own rules; NULL: there are none */
	struct bytes path;          /* the whole one, for what is allowed where; borrowed */
	uint64_t allowed[FINDING_KIND_COUNT];
	struct finding *findings;
	size_t finding_count, finding_capacity;
	uint32_t finding_limit;
	bool findings_cut;
	struct found_secrets secrets;
	struct buffer earlier; /* of struct earlier_span (open-document.c): where findings of an earlier look stand */
	struct buffer tables;  /* of struct table_span */
	struct buffer carved;  /* of struct carved_span */
	struct register_mention *mentions;
	size_t mention_count, mention_capacity;
	bool is_carving; /* the last of them is not over */
	struct fact *facts;
	size_t fact_count, fact_capacity;
	struct hash_table part_names; /* how often each was used */
	bool ends_line;
	bool has_sketch, is_sketched;           /* is_sketched: nobody makes another */
	struct sketch sketch;                   /* of the text without the metadata behind it */
	struct stated_parties stated;           /* who its schema says takes part, once it is finished */
	struct stated_parties embedded;         /* and that of its first such part */
	enum document_class schema_class;       /* by its own schema, once it is finished; CLASS_NONE */
	enum document_class embedded_class;     /* of the first part that has one so */
	enum status (*progress)(void *context); /* asked while finishing takes its time; NULL: nobody is */
	void *progress_context;
};

enum status open_document_start(struct open_document *document, struct budget *budget, uint32_t finding_limit,
                                const unsigned char secret_key[FINDING_SECRET_KEY_SIZE]) MUST_CHECK;
/** Valid UTF-8; kept up to RECORD_TEXT_MAX, looked through to its end. BOMB when the budget is spent: what could be paid is
 *  kept. */
enum status open_document_text(struct open_document *document, struct bytes valid) MUST_CHECK;
/** Before any text: findings of an earlier look at it, by where they begin, whose words it does not show any more. They are of
 *  this document, and what is found across them is none. BOMB as of text. */
enum status open_document_found_earlier(struct open_document *document, const struct finding *findings, size_t count) MUST_CHECK;
/** What is appended until the end is a table. An unfinished one ends with the document. */
enum status open_document_begin_table(struct open_document *document, unsigned char delimiter, bool has_header) MUST_CHECK;
void open_document_end_table(struct open_document *document);
/** What is appended until it is turned back was carved (model/finding.h). */
enum status open_document_carve(struct open_document *document, bool is_carved_next) MUST_CHECK;
/** Copied, its value repaired and cut to what a fact may hold. BOMB when the budget is spent; what is more than a document may
 *  have is left out. */
enum status open_document_fact(struct open_document *document, const struct fact *fact) MUST_CHECK;
/** A copy that lives as long as the document, repaired to UTF-8, its signatures and secrets masked, cut to 4,000 bytes. */
struct bytes open_document_keep(struct open_document *document, struct bytes text);
/** Which one of its name a new part is: 1, 2, ... ; 0 when memory ended. */
uint32_t open_document_count_name(struct open_document *document, struct bytes name);
/** Appends the metadata lines, ends the scan, attributes: the record is complete, also with BOMB: then the budget did not
 *  suffice for all of that. */
enum status open_document_finish(struct open_document *document) MUST_CHECK;
/** What a part says of who takes part in it, its whole says, too, if it is the first that does. */
enum status open_document_take_parties(struct open_document *document, const struct open_document *part) MUST_CHECK;
void open_document_free(struct open_document *document);

#endif
