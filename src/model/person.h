/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record: what of one person stands together in one place of a document, a
 * row of a table, a mail header, a signature block. Records travel and are kept
 * as facts (FACT_PERSON), many in one, so that a table of a million rows is some
 * ten thousand facts. What a person is, across documents, the catalog finds by
 * the keys that records share; what it then tells of one is a record, too, with
 * all that its records say.
 */
#ifndef TIDEMARK_MODEL_PERSON_H
#define TIDEMARK_MODEL_PERSON_H

#include "base/buffer.h"
#include "model/fact.h"
#include "model/finding.h"

/* Where it stands. Stored in catalogs by number: append only. */
enum person_source {
	PERSON_ROW = 1,
	PERSON_HEADER,
	PERSON_SIGNATURE,
	PERSON_FORM,
	PERSON_VCARD,
	PERSON_TEXT,
	PERSON_SOURCE_COUNT
};

/* Kinds of personal data, as laws name them. Stored in catalogs as bits: append only. */
enum person_element {
	ELEMENT_NAME,
	ELEMENT_CONTACT,
	ELEMENT_GOVERNMENT_ID,
	ELEMENT_FINANCIAL,
	ELEMENT_CREDENTIALS,
	ELEMENT_HEALTH,
	ELEMENT_DATE_OF_BIRTH,
	ELEMENT_LOCATION,
	ELEMENT_EMPLOYMENT,
	ELEMENT_OTHER,
	ELEMENT_COUNT
};
#define ELEMENT_BIT(element) (1u << (element))

#define PERSON_VALUES_MAX 24 /* of one list; what is more is left out */
#define PERSON_TEXT_MAX 200  /* bytes of a name, organisation, role */
#define PERSON_VALUE_MAX 320 /* of an address, number, identifier */

struct person_identifier {
	enum finding_kind kind; /* NATIONAL_ID, PASSPORT, IBAN or CARD */
	struct bytes subkind;
	struct bytes value; /* normalised */
};

struct person_record {
	enum person_source source;
	struct bytes name;
	struct bytes emails[PERSON_VALUES_MAX];
	size_t email_count;
	struct bytes phones[PERSON_VALUES_MAX]; /* E.164 where that is known, else as written */
	size_t phone_count;
	struct person_identifier identifiers[PERSON_VALUES_MAX];
	size_t identifier_count;
	struct bytes organisation, role; /* as written */
	struct bytes domain;             /* registrable, of an address of theirs that is no free-mail */
	char residence[3];               /* ISO 3166-1 alpha-2; empty: not known */
	bool is_residence_by_number;     /* by a telephone number alone: any address says more */
	unsigned elements;               /* of ELEMENT_BIT */
	bool has_place;                  /* table, from 1, and row of it, as in model/table.h */
	uint32_t table;
	uint64_t row;
	float confidence; /* 0..1 */
};

const char *person_source_name(enum person_source source);
const char *person_element_name(enum person_element element);
/** ELEMENT_COUNT if there is none of that name. */
enum person_element person_element_from_name(struct bytes name);

/** Appends to a list; what it has already, and what it has no room for, is left out. */
void person_add_email(struct person_record *record, struct bytes value);
void person_add_phone(struct person_record *record, struct bytes value);
void person_add_identifier(struct person_record *record, const struct person_identifier *identifier);

/** Appends it as a value of a fact holds it; no longer than FACT_VALUE_MAX. */
void person_append(struct buffer *into, const struct person_record *record);
/** Takes the next record off *rest, borrowed from it; false at its end, or where it is none. */
bool person_take(struct bytes *rest, struct person_record *ret_record);
/** Whether a fact's value is records from its beginning to its end, at least one. */
bool person_is_sound(struct bytes value);

#endif
