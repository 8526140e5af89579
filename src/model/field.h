/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What describes a document, a row each. Records and views have a member of
 * every row; wire, letters, budget, catalog and answers go through the table.
 * So a new field of the content is its row here and its column in the table
 * content; one of the place is besides put by whoever makes rows of document.
 */
#ifndef TIDEMARK_MODEL_FIELD_H
#define TIDEMARK_MODEL_FIELD_H

#include "base/bytes.h"
#include "base/clock.h"
#include "model/object.h"

enum field_kind {
	FIELD_TEXT, /* struct bytes: valid UTF-8, at most maximum bytes */
	FIELD_WORD, /* struct bytes: one of few words of ours, ASCII without spaces */
	FIELD_TIME, /* int64_t, or CLOCK_UNKNOWN */
	FIELD_SIZE  /* uint64_t, at most maximum */
};

enum field_answer {
	FIELD_OF_ANSWERS, /* show has a member of its name */
	FIELD_OF_HITS,    /* the same, and every hit has it */
	FIELD_OF_NONE     /* told to nobody by itself */
};

/* member, kind, maximum, where answers have it, its heading on show's page (NULL: not there). */
#define FIELDS_OF_PLACE(ROW) \
	ROW(size, SIZE, OBJECT_SIZE_MAX, FIELD_OF_HITS, "size") \
	/* as the container of the part says */ \
	ROW(modified, TIME, 0, FIELD_OF_HITS, "modified") \
	ROW(unseen_bytes, SIZE, OBJECT_SIZE_MAX, FIELD_OF_ANSWERS, NULL) \
	/* why it was not (wholly) read; may be empty */ \
	ROW(note, TEXT, 4096, FIELD_OF_ANSWERS, "note") \
	/* its path where that is not UTF-8 and a charset was told for it; else empty: of a record the inner path, of a view the whole */ \
	ROW(shown_path, TEXT, 8192, FIELD_OF_NONE, NULL)

#define FIELDS_OF_CONTENT(ROW) \
	ROW(media_type, WORD, 128, FIELD_OF_HITS, "type") \
	ROW(title, TEXT, 4096, FIELD_OF_ANSWERS, "title") \
	ROW(author, TEXT, 4096, FIELD_OF_ANSWERS, "author") \
	ROW(language, TEXT, 4096, FIELD_OF_ANSWERS, NULL) \
	/* as the document says */ \
	ROW(created, TIME, 0, FIELD_OF_ANSWERS, "created") \
	/* what it is (model/document-class.h), as far as that is known */ \
	ROW(class, WORD, 32, FIELD_OF_HITS, "class") \
	/* true or false: whether it carries signatures; empty: not looked for */ \
	ROW(signing, WORD, 8, FIELD_OF_NONE, "signed") \
	/* bytes of text looked through but not kept: past RECORD_TEXT_MAX, or by --keep */ \
	ROW(text_beyond, SIZE, OBJECT_SIZE_MAX, FIELD_OF_NONE, NULL)

#define FIELD_TYPE_TEXT struct bytes
#define FIELD_TYPE_WORD struct bytes
#define FIELD_TYPE_TIME int64_t
#define FIELD_TYPE_SIZE uint64_t
#define FIELD_MEMBER(member, kind, ...) FIELD_TYPE_##kind member;
#define FIELD_ONE(...) +1
#define FIELD_PLACE_COUNT (0 FIELDS_OF_PLACE(FIELD_ONE))
#define FIELD_COUNT (FIELD_PLACE_COUNT FIELDS_OF_CONTENT(FIELD_ONE))

struct document_fields {
	FIELDS_OF_PLACE(FIELD_MEMBER)
	FIELDS_OF_CONTENT(FIELD_MEMBER)
};

/* The members of a struct that has them all, by their names and as one: title is fields.title. */
#define DOCUMENT_FIELDS \
	union { \
		struct { \
			FIELDS_OF_PLACE(FIELD_MEMBER) \
			FIELDS_OF_CONTENT(FIELD_MEMBER) \
		}; \
		struct document_fields fields; \
	}

struct field {
	const char *name;
	size_t offset; /* in struct document_fields */
	enum field_kind kind;
	uint64_t maximum;
	enum field_answer answer;
	const char *heading;
};

/* Those of the place first: the others begin at FIELD_PLACE_COUNT. */
extern const struct field field_table[FIELD_COUNT];

/* Each of a field of that kind alone. */
struct bytes *field_bytes(const struct field *field, struct document_fields *fields);
int64_t *field_time(const struct field *field, struct document_fields *fields);
uint64_t *field_size(const struct field *field, struct document_fields *fields);
struct bytes field_get_bytes(const struct field *field, const struct document_fields *fields);
int64_t field_get_time(const struct field *field, const struct document_fields *fields);
uint64_t field_get_size(const struct field *field, const struct document_fields *fields);

bool field_is_bytes(const struct field *field);
/** Whether it says the same in both. */
bool field_is_equal(const struct field *field, const struct document_fields *a, const struct document_fields *b);

#endif
