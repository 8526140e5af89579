/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register: the owner's own list of organisations, and where a document names
 * one of them. An organisation is named by the first of its domains.
 */
#ifndef TIDEMARK_MODEL_REGISTER_H
#define TIDEMARK_MODEL_REGISTER_H

#include "base/bytes.h"

#include <stdint.h>

/* What it is to the owner. Stored in catalogs by number: append only. */
enum relationship {
	RELATIONSHIP_UNKNOWN,
	RELATIONSHIP_CUSTOMER,
	RELATIONSHIP_PROSPECT,
	RELATIONSHIP_PARTNER,
	RELATIONSHIP_SUPPLIER,
	RELATIONSHIP_OWN,
	RELATIONSHIP_COUNT
};

/** NULL of RELATIONSHIP_UNKNOWN. */
const char *relationship_name(enum relationship relationship);
/** In any case; RELATIONSHIP_COUNT if there is none of that name. */
enum relationship relationship_from_name(struct bytes name);

enum register_term_kind { REGISTER_NAME, REGISTER_ALIAS, REGISTER_NUMBER };

/* What an organisation is found by in text. */
struct register_term {
	enum register_term_kind kind;
	struct bytes text;
};

/* An organisation of the register. Empty: not said. */
struct register_row {
	const struct bytes *domains; /* registrable; the first names it */
	size_t domain_count;
	struct bytes name, sector, country, contact; /* country: two letters of ISO 3166-1 */
	enum relationship relationship;
	const struct register_term *terms; /* that are sought; its name among them unless that is too common */
	size_t term_count;
};

/* When it was imported, and of which bytes. */
struct register_state {
	bool is_there;
	int64_t imported;
	unsigned char sha256[32];
	uint64_t rows, terms;
};

/* A name, an alias or a number of the register in a document's text. */
struct register_mention {
	struct bytes domain;
	struct bytes term; /* as the register has it */
	uint64_t from, to; /* code points */
	float confidence;
	bool is_number;   /* of a customer or a contract: nobody else's papers have it */
	bool is_doubtful; /* within a longer name, which may be somebody else's */
	bool is_carved;   /* model/finding.h */
};

#endif
