/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To whom a notice goes, in the order in which they are turned to: the register's
 * contact, what the organisation's own security.txt says, addresses that every
 * domain is to have (RFC 2142, RFC 5321 4.5.1), then the CSIRT. Each once.
 */
#ifndef TIDEMARK_ACT_RECIPIENTS_H
#define TIDEMARK_ACT_RECIPIENTS_H

#include "act/contacts.h"
#include "model/notice.h"

#define RECIPIENTS_MAX 24

struct recipient {
	struct bytes address;
	enum notice_finding found_by;
	const struct contact *contact; /* of NOTICE_BY_CONTACTS, else NULL */
};

struct recipients {
	struct recipient at[RECIPIENTS_MAX];
	size_t count;
};

struct recipient_sources {
	struct bytes domain, country, sector;
	struct bytes contact;      /* the register's: an address, or several parted by ; or blanks */
	struct bytes security_txt; /* the file's text; empty: none was asked for, or there is none */
	const struct contacts *contacts;
};

/** Addresses in lower case, in arena. What is no address that mail can go to is left out. */
enum status recipients_find(const struct recipient_sources *sources, struct arena *arena,
                            struct recipients *ret_recipients) MUST_CHECK;

#endif
