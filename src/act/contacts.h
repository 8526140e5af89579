/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's file of whom to tell beside an organisation: national CSIRTs, by
 * country and, where one is for a sector alone, by sector. CSV with a header of
 * these columns in any order, or (named .yaml or .yml) a list of such mappings,
 * alone or under `contacts:`
 *
 *   country,contact,name,sector,language
 *   DE,certbund@example.org,CERT-Bund,,de
 *
 * country (two letters; empty: any) and contact (an address) must be there.
 */
#ifndef TIDEMARK_ACT_CONTACTS_H
#define TIDEMARK_ACT_CONTACTS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

#define CONTACTS_FILE_MAX (4u << 20)

struct contact {
	struct bytes country, sector, name, address, language; /* all but address may be empty; country in capitals */
	size_t line;
};

struct contacts {
	struct contact *rows;
	size_t count;
};

/** All of it lies in arena. USAGE, with the line, for what is off. */
enum status contacts_read(struct bytes file, const char *path, struct arena *arena, struct contacts *ret_contacts,
                          struct failure *reterr) MUST_CHECK;
/** Whether a contact is named for an organisation of that country and sector. */
bool contact_is_for(const struct contact *contact, struct bytes country, struct bytes sector);

#endif
