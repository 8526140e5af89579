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
