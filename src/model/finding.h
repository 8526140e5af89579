/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finding: one occurrence of an entity in a document's text. Spans are
 * code-point offsets in that text, from inclusive, to exclusive.
 */
#ifndef TIDEMARK_MODEL_FINDING_H
#define TIDEMARK_MODEL_FINDING_H

#include "base/bytes.h"

/* Stored in catalogs by number: append only. */
enum finding_kind {
	FINDING_EMAIL = 1,
	FINDING_DOMAIN,
	FINDING_URL,
	FINDING_STORAGE_URL,
	FINDING_PHONE,
	FINDING_PERSON,
	FINDING_ORGANISATION_NAME,
	FINDING_POSTAL_ADDRESS,
	FINDING_IP,
	FINDING_IBAN,
	FINDING_CARD,
	FINDING_VAT_ID,
	FINDING_NATIONAL_ID,
	FINDING_PASSPORT,
	FINDING_DATE_OF_BIRTH,
	FINDING_AMOUNT,
	FINDING_PROJECT,
	FINDING_INVOICE,
	FINDING_ORDER,
	FINDING_CONTRACT,
	FINDING_QUOTE,
	FINDING_SECRET,
	FINDING_MESSAGE_ID, /* shown as email of subkind message-id, counted nowhere: it names a message, not somebody */
	FINDING_KIND_COUNT
};

struct finding {
	enum finding_kind kind;
	struct bytes subkind; /* empty where the kind has none */
	struct bytes value;   /* normalised */
	struct bytes raw;     /* as written */
	uint64_t from, to;    /* code points */
	float confidence;     /* 0..1 */
	struct bytes rule;    /* which rule found it, as "email/1" */
};

/* What was found in strings carved out of bytes that nobody read may never have stood there as one: columns lie side by side.
 * Its rule ends so, and it is no surer than this. */
#define FINDING_CARVED_RULE "/carved"
#define FINDING_CARVED_CONFIDENCE 0.5f
bool finding_is_carved(const struct finding *finding);

/* What has the form of a secret and is a manual's or a test's (AKIAIOSFODNN7EXAMPLE, sk_test_..., xxxx) opens nothing. Its rule
 * ends so (before FINDING_CARVED_RULE), and it is no surer than this. */
#define FINDING_EXAMPLE_RULE "/example"
#define FINDING_EXAMPLE_CONFIDENCE 0.3f

/* The value of a secret: 128 bits of its HMAC-SHA-256 under the incident's own key for that, in base32. Equal secrets of an
 * incident are seen to be equal; the secret itself is kept nowhere. */
#define FINDING_SECRET_KEY_SIZE 32
#define FINDING_SECRET_LENGTH 26
/* Of what was written, as many characters of its beginning are shown (ghp_, AKIA), the markers of a key's armour, and no more.
 * Stars for what is not ASCII have as many bytes: MULTIPLICATION SIGN, ASTERISK OPERATOR, SIX SPOKED ASTERISK. */
#define FINDING_SECRET_SHOWN 4
#define FINDING_STARS "\xC3\x97\xE2\x88\x97\xF0\x9F\x9E\xB6"

const char *finding_kind_name(enum finding_kind kind);
/** Whether findings of that kind are counted and listed, or only shown with their document. */
bool finding_kind_is_counted(enum finding_kind kind);
/** Whether rules of this version look for that kind. What a catalog was looked through for, model/coverage.h says. */
bool finding_kind_is_looked_for(enum finding_kind kind);

/* A set of kinds: a bit each. Stored in catalogs. */
#define FINDING_KIND_BIT(kind) (UINT64_C(1) << (kind))
/** All that rules of this version look for. */
uint64_t finding_kinds_looked_for(void);
/** FINDING_KIND_COUNT if there is none of that name. */
enum finding_kind finding_kind_from_name(struct bytes name);

/** An organisation a document belongs to (party) or speaks of (mention). */
enum organisation_role { ORGANISATION_MENTION = 1, ORGANISATION_PARTY = 2 };

/* What a party is in its document, where that is known; PART_ROWS: rows of its tables are the party's, and nothing else says that
 * the document is. Stored in catalogs by number: append only; those that stand first are told first where two are as sure. */
enum organisation_part { PART_NONE, PART_SELLER, PART_BUYER, PART_SENDER, PART_RECIPIENT, PART_SIGNATORY, PART_ROWS, PART_COUNT };
/** NULL of PART_NONE. */
const char *organisation_part_name(enum organisation_part part);

/* An organisation is named by its registrable domain, in A-labels and lower case. One of which a document gives the name alone
 * is named by that: these letters, and the name folded. No domain has a colon, so nobody can prove to be it, and nothing that a
 * subject asks for finds it. */
#define ORGANISATION_BY_NAME "name:"
#define ORGANISATION_KEY_MAX 253
#define ORGANISATION_NAME_MAX 200
bool organisation_is_by_name(struct bytes key);
/** The domain that a key is; empty where it is a name. */
struct bytes organisation_domain(struct bytes key);

/* By what a country is known, the surest last. Stored in catalogs by number: append only. */
enum country_evidence {
	COUNTRY_UNKNOWN,
	COUNTRY_BY_DOMAIN,
	COUNTRY_BY_FORM,
	COUNTRY_BY_PHONE,
	COUNTRY_BY_ADDRESS,
	COUNTRY_BY_VAT
};
#define COUNTRY_LENGTH 2

struct attribution {
	struct bytes domain; /* the organisation's key */
	struct bytes name;   /* as the document writes it; may be empty */
	enum organisation_role role;
	enum organisation_part part;
	char country[COUNTRY_LENGTH + 1]; /* ISO 3166-1 alpha-2, large letters; empty: unknown */
	enum country_evidence country_by;
	float confidence; /* how often what speaks for it was right where that was measured */
	struct bytes why; /* a sentence a person can check */
};

/* From here on it is told to others whose a document is; below, that is "not determined". Measured by bench/quality/owners.mjs over
 * all of its sets, attribution 10, parties by rows alone (PART_ROWS) left out: of 2,180 parties that were as sure as that, 2 were
 * wrong, so no more than 0.33 % are (Wilson's interval, 95 %). Of these 1,520 are of mails, whose truth is what their headers say:
 * that one is forged it does not tell. 64 are of structured documents (0 wrong, at most 5.7 %), 19 of real pages and contracts (0
 * wrong, at most 17 %), 577 of a leak that was generated, by few models (2 wrong, at most 1.3 %). Of a row of a shared table its
 * address says whose it is; the truth of that leak calls all 57 that are parties by rows alone mentions of its table, so it measures
 * nothing there. */
#define ATTRIBUTION_DETERMINED 0.75f
/** Whether it is a party by its domain, as sure as that. */
bool attribution_is_determined(const struct attribution *attribution);

#endif
