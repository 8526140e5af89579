/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one organisation's part in an incident, as far as a notice
 * tells it: counts, classes, dates, exposure. It comes through the gate, so that
 * no notice goes to whom the gate would tell nothing, and none says more than an
 * answer would.
 */
#ifndef TIDEMARK_ACT_NOTICE_FACTS_H
#define TIDEMARK_ACT_NOTICE_FACTS_H

#include "catalog/questions.h"
#include "model/document-class.h"
#include "model/notice.h"
#include "model/register.h"

struct told_facts {
	struct bytes domain;
	struct bytes country, sector; /* the register's, else what was found out; may be empty */
	struct bytes addressee;       /* of a letter, whose page is to be printed; else empty */
	uint64_t documents, people, addresses;
	uint64_t classes[CLASS_COUNT];
	unsigned elements; /* of ELEMENT_BIT: kinds of data of its people */
	int64_t first_date, last_date, exposed_from, exposed_until, swept_at;
	bool is_still_open;
	uint64_t unseen_objects, unseen_bytes;      /* of the whole incident, the same for all */
	unsigned char edition[NOTICE_EDITION_SIZE]; /* a digest of what is told; when it was counted, and what is unseen, aside */
};

/** ABSENT: the gate has nothing to say to it. country, sector and addressee are the caller's to fill. */
enum status notice_facts_find(struct catalog *catalog, struct incident *incident, struct bytes domain,
                              struct told_facts *ret_facts, struct failure *reterr) MUST_CHECK;

#endif
