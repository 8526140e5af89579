/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parties that a structured business document states by its schema: UBL,
 * the cross industry messages of UN/CEFACT (ZUGFeRD, Factur-X, Order-X) and
 * FatturaPA. Read from the document's text, where XML that is data stands with
 * the path of each value before it (format/text/xml.c).
 */
#ifndef TIDEMARK_UNDERSTANDING_STATED_PARTY_H
#define TIDEMARK_UNDERSTANDING_STATED_PARTY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/fact.h"
#include "model/finding.h"

enum { STATED_HOSTS_MAX = 4 };

struct stated_party {
	enum organisation_part part;
	struct bytes name;                    /* of the firm, not of whom to ask for there */
	struct bytes hosts[STATED_HOSTS_MAX]; /* of its addresses and its site, as written */
	size_t host_count;
	struct bytes country; /* ISO 3166-1 alpha-2, of its address; may be empty */
	struct bytes vat;     /* may be empty */
};

struct stated_parties {
	const char *standard;               /* in words; NULL: none, and then there are no parties */
	struct stated_party of[PART_COUNT]; /* by part; one without a name, hosts and a VAT id is not stated */
};

/** Borrows from text. One pass over it, if facts name such a schema. */
struct stated_parties stated_parties_of(const struct fact *facts, size_t fact_count, struct bytes text);
/** What of one party whoever looks the text through again must know, where a part of the document stated it and not the text
 *  itself: a line each of standard, part's number, name, country, VAT id and hosts. */
void stated_party_append(struct buffer *into, const char *standard, const struct stated_party *party);
/** Takes such lines, in arena, among the parties. False if they are none. */
bool stated_party_read(struct bytes lines, struct arena *arena, struct stated_parties *parties);
bool stated_party_is_stated(const struct stated_party *party);

#endif
