/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fact: one thing known of a document that is no mention in its text and has
 * no field of its own, as what it declares of itself. Each kind says what its
 * names are; a new kind is a word here, and travels and is kept as all others.
 */
#ifndef TIDEMARK_MODEL_FACT_H
#define TIDEMARK_MODEL_FACT_H

#include "base/bytes.h"

#define FACT_NAME_MAX 128
#define FACT_VALUE_MAX 8192

/* Stored in catalogs by number: append only. */
enum fact_kind {
	/* How many members (of an archive, folders included), pages, rows (of all sheets, from each one's first to its last): in
	 * decimal. */
	FACT_DECLARED = 1, /* as the container says */
	FACT_SEEN,         /* as were read */
	/* Of an XML document: its root element ("root"), that one's namespace ("namespace"), the code of the kind of document it
	 * says it is ("type_code": UNTDID 1001, or FatturaPA's TD list). Of any document: the class of a part of it that is told by
	 * such a schema ("part_class"), and who takes part by it (a "part_party" each: understanding/stated-party.h). */
	FACT_SCHEMA,
	/* Why it is taken for what it is: the name is a class, the value a sentence, the confidence that class's. */
	FACT_CLASS,
	/* A signature it carries, as model/signature.h writes it; the name is its kind. */
	FACT_SIGNATURE,
	/* Its text in a few hundred bytes (model/sketch.h); told to nobody. */
	FACT_SKETCH,
	/* Records of people, as model/person.h writes them; the name is "records". */
	FACT_PERSON,
	/* What stands where in the text, which the text alone does not tell and whoever looks it through again must know: spans of
	 * bytes, as model/layout.h writes them; the names are "carved" and "table". */
	FACT_LAYOUT,
	/* What was found and is allowed, so that it is not reported: the name is a kind of findings, the value how many. Of secrets,
	 * whose text shows no more of them, each by itself, where it stands: DIGEST SUBKIND RULE RAW; a subkind that is none is "-". */
	FACT_ALLOWED,
	FACT_KIND_COUNT
};

struct fact {
	enum fact_kind kind;
	struct bytes name;  /* a word of ours: ASCII without spaces */
	struct bytes value; /* valid UTF-8 without NUL; may be empty */
	uint64_t from, to;  /* code points of the text it was read from; both 0: of no place in it */
	float confidence;   /* 0..1 */
};

const char *fact_kind_name(enum fact_kind kind);
/** Whether a format told it, of bytes that may be gone; else it follows from the text and is told anew with it. */
bool fact_kind_is_told(enum fact_kind kind);

#define FACT_NUMBER_SIZE 21
/** One that a number is the value of; written into a buffer that must outlive it. */
struct fact fact_of_number(enum fact_kind kind, const char *name, uint64_t number, char into[FACT_NUMBER_SIZE]);

#endif
