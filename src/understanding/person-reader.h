/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of people share: findings by their bytes, what is known of one person so far, and whom was told already. */
#ifndef TIDEMARK_UNDERSTANDING_PERSON_READER_H
#define TIDEMARK_UNDERSTANDING_PERSON_READER_H

#include "base/hash.h"
#include "understanding/person-field.h"
#include "understanding/person.h"

/* A finding of a kind that tells of people, by its bytes in the text. */
struct person_spot {
	size_t from, to;
	const struct finding *finding;
};

struct person_reader {
	const struct person_input *input;
	const struct person_sink *sink;
	struct fold *fold;
	struct person_spot *spots; /* in order */
	size_t spot_count;
	struct hash_table told; /* records, and addresses of records */
	size_t counted;         /* bytes of the text whose characters were */
	uint64_t character;     /* at that place */
	struct buffer scratch;
};

/* One person while the pieces are gathered. */
struct person_draft {
	struct person_record record;
	struct bytes given, surname; /* as written */
	struct buffer text;          /* of a name that was put together */
	unsigned char number[9];     /* of social security, where its column says that it is one */
	unsigned fields;             /* kinds of fields seen, a bit each */
	float confidence;
};

/** The first spot that ends behind a byte. */
size_t person_spot_after(const struct person_reader *reader, size_t at);
/** The spot that fills text[from, to), or nearly; the first of addresses that do so together; NULL: none. */
struct person_spot *person_spot_filling(const struct person_reader *reader, size_t from, size_t to);

void person_draft_begin(struct person_draft *draft, enum person_source source, float confidence);
void person_draft_free(struct person_draft *draft);
/** Takes what a finding says of somebody. False: that is nothing, as of an address that is a post's. */
bool person_draft_take(struct person_draft *draft, struct person_spot *spot);
/** Takes a labelled value, of text[from, to). */
void person_draft_take_field(struct person_reader *reader, struct person_draft *draft, enum person_field field, size_t from,
                             size_t to);
/** Hands it on, where there is somebody and no equal record was. Ends the draft. */
enum status person_draft_finish(struct person_reader *reader, struct person_draft *draft);

/** Tells text[from, to) as a finding of a name, where it is one of two words at least and no detector found one there. */
enum status person_tell_name(struct person_reader *reader, size_t from, size_t to, float confidence,
                             struct bytes rule) MUST_CHECK;

/** Whether a mail's header names somebody there: "From", "Cc", "Von". */
bool person_is_header_name(struct bytes name);

enum status person_read_tables(struct person_reader *reader) MUST_CHECK;
enum status person_read_blocks(struct person_reader *reader) MUST_CHECK;

#endif
