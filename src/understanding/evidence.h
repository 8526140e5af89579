/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the place of an address or a name in a text says about whose the document
 * is: a mail header, a field such as "Bill to", the letterhead, a signature. One
 * table of kinds with their weights; nothing else weighs.
 *
 * Weights are how often such evidence alone was right where it was measured
 * (bench/quality/owners.mjs, half a; where fewer than ten were met, rounded
 * towards a half). A row's was not: whose row it is, its address says, as a mail's
 * header says whose mail. Kinds that settle it, a mail's own header and a schema, are as
 * sure as that and no surer; of the others confidence is 1 - (1-w1)(1-w2)... over
 * the kinds found, each once, and never as sure: they are seldom independent.
 */
#ifndef TIDEMARK_UNDERSTANDING_EVIDENCE_H
#define TIDEMARK_UNDERSTANDING_EVIDENCE_H

#include "model/finding.h"

enum evidence_kind {
	EVIDENCE_STATED,      /* the schema of a structured document says so */
	EVIDENCE_SIGNED,      /* the certificate of a signature that the document carries */
	EVIDENCE_HEADER,      /* address in From, To, Cc, ... of the mail that this is */
	EVIDENCE_QUOTED,      /* the same of a mail that is quoted in another or stands in some text */
	EVIDENCE_FIELD,       /* on a line behind "Bill to", "Customer", ... */
	EVIDENCE_FIELD_ABOVE, /* below such a line */
	EVIDENCE_LETTERHEAD,  /* near the top, alone or nearly so on its line */
	EVIDENCE_SIGNATURE,   /* behind a greeting, beside a telephone number */
	EVIDENCE_DEFINED,     /* a name that a contract's beginning makes one of its parties */
	EVIDENCE_BLOCK,       /* a name above a line for a signature */
	EVIDENCE_IMPRINT,     /* a name beside a register's number or a VAT id */
	EVIDENCE_REPEATED,    /* on a line that stands on several pages */
	EVIDENCE_ROW,         /* address of a person whom a row of a table is about */
	EVIDENCE_COLUMN,      /* most addresses of a table are the organisation's */
	EVIDENCE_SEVERAL,     /* three or more addresses of the organisation */
	EVIDENCE_ADDRESS,     /* an address anywhere */
	EVIDENCE_LINK,        /* a URL */
	EVIDENCE_HOST,        /* a host name */
	EVIDENCE_NAME,        /* an organisation's name anywhere */
	EVIDENCE_MACHINE,     /* put there by a machine: namespaces, storage hosts, mail relays */
	EVIDENCE_CARVED,      /* among strings of bytes that nobody read: perhaps never a name at all */
	/* What the register lists, by its name or a number: */
	EVIDENCE_REGISTER_NUMBER,
	EVIDENCE_REGISTER_HEADER,      /* as these */
	EVIDENCE_REGISTER_FIELD,       /* ... */
	EVIDENCE_REGISTER_FIELD_ABOVE, /* ... */
	EVIDENCE_REGISTER_LETTERHEAD,  /* near the top, and little beside it on its line */
	EVIDENCE_REGISTER_NAME,        /* anywhere */
	EVIDENCE_KIND_COUNT
};

struct evidence_row {
	float weight;
	bool makes_party, settles;
	const char *says; /* %s: the address, host or name; a second %s: the field's word, or the part */
};

extern const struct evidence_row evidence_table[EVIDENCE_KIND_COUNT];

struct evidence_place {
	unsigned kinds;              /* a bit per kind */
	const char *field;           /* of the list of words, where EVIDENCE_FIELD or EVIDENCE_FIELD_ABOVE is set */
	enum organisation_part part; /* that these make it */
};

/** Whether evidence of that kind is the register's. */
static inline bool evidence_is_of_register(enum evidence_kind kind)
{
	return kind >= EVIDENCE_REGISTER_NUMBER && kind <= EVIDENCE_REGISTER_NAME;
}

/** What stands around text[from, to). Looks at no more than some kilobytes. has_letterhead: the document is of a kind
 *  that has one. */
struct evidence_place evidence_of_place(struct bytes text, size_t from, size_t to, bool has_letterhead);

/** The same of a name. limit: where the next name begins, or the text ends; nothing behind that is this one's. */
struct evidence_place evidence_of_name(struct bytes text, size_t from, size_t to, size_t limit, bool has_letterhead);

/** The line that text[at] stands in, or as much of it as lines are looked at. */
struct bytes evidence_line(struct bytes text, size_t at);

/** Whether an address is of those by which lists and mailers are told to stop or start, or that send their reports. */
bool evidence_is_of_list(struct bytes address);

/** Whether text[from, ...) stands in the field of a mail by which a list names itself. */
bool evidence_is_lists_own(struct bytes text, size_t from);

/** Whether text[from, ...) stands in a field that machines wrote into a mail: where it came through, how it was checked, lists. */
bool evidence_is_in_trace(struct bytes text, size_t from);

#endif
