/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the heading of a column and the label of a line say that stands there of
 * a person, in English, German, French and Spanish; and what else of an address
 * or a country is known by words. Lists are ours, of 2026-11.
 */
#ifndef TIDEMARK_UNDERSTANDING_PERSON_FIELD_H
#define TIDEMARK_UNDERSTANDING_PERSON_FIELD_H

#include "base/buffer.h"
#include "base/status.h"
#include "words/fold.h"

enum person_field {
	PERSON_FIELD_NONE,
	PERSON_FIELD_EMAIL,
	PERSON_FIELD_PHONE,
	PERSON_FIELD_NAME,
	PERSON_FIELD_GIVEN,
	PERSON_FIELD_SURNAME,
	PERSON_FIELD_ORG,
	PERSON_FIELD_ROLE,
	PERSON_FIELD_EMPLOYMENT, /* staff number, department, day of hiring */
	PERSON_FIELD_STREET,
	PERSON_FIELD_POSTCODE,
	PERSON_FIELD_CITY,
	PERSON_FIELD_STATE,
	PERSON_FIELD_COUNTRY,
	PERSON_FIELD_DOB,
	PERSON_FIELD_GOVERNMENT,
	PERSON_FIELD_FINANCIAL,
	PERSON_FIELD_CREDENTIALS,
	PERSON_FIELD_HEALTH,
	PERSON_FIELD_LOCATION,
	PERSON_FIELD_OTHER,
	PERSON_FIELD_COUNT
};

struct person_label {
	enum person_field field;
	uint64_t whose;  /* of the words before it ("manager" of "manager email"); 0: none */
	unsigned number; /* behind it; 0: none */
};

/** BROKEN if a list is out of order. */
enum status person_field_prepare(void) MUST_CHECK;
/** What a heading or label says; PERSON_FIELD_NONE where it is none of ours. */
struct person_label person_field_read(struct fold *fold, struct bytes heading);
/** The kinds of personal data that a filled field of that kind is: bits of ELEMENT_BIT. */
unsigned person_field_elements(enum person_field field);

/** Whether an address is a post's, a machine's or a list's, and nobody's own: info@, noreply@, bounce-12ab=...@. */
bool person_is_shared_address(struct bytes address);
/** ISO 3166-1 alpha-2 of a country by name (four languages) or code. False: none that is known. */
bool person_country(struct fold *fold, struct bytes written, char into[3]);
/** That of a number in E.164 where its calling code is of one country alone. */
bool person_country_of_phone(struct bytes number, char into[3]);
/** Whether a line names a post: "Sales Manager", "Geschäftsführerin". */
bool person_is_role(struct fold *fold, struct bytes line);

#endif
