/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy asks of an object: what the container says of it, and of each
 * document in it what it is and whose. Objects are passed one by one, each
 * followed by its documents, the object's own first: none is held whole.
 */
#ifndef TIDEMARK_MODEL_RETENTION_H
#define TIDEMARK_MODEL_RETENTION_H

#include "base/status.h"
#include "model/document-class.h"
#include "model/measure.h"
#include "model/object.h"
#include "model/register.h"

#define RELATIONSHIP_BIT(relationship) (1u << (relationship))

struct retained_tag {
	struct bytes key, value;
};

struct retained_object {
	struct id id;
	struct container container;
	struct object object; /* as it was listed, or fetched since */
	int64_t last_read;    /* CLOCK_UNKNOWN: nobody told */
	bool has_tags;        /* they are known, all of them */
	const struct retained_tag *tags;
	size_t tag_count;
	bool is_gone; /* a later listing no longer had it */
};

struct retained_document {
	struct bytes path; /* as people read it */
	bool was_read;     /* wholly; else nothing can be ruled out of what follows */
	bool has_parts;    /* documents of their own */
	enum document_class class;
	unsigned elements;                 /* kinds of personal data in its records (model/person.h) */
	const struct bytes *organisations; /* parties: keys (model/finding.h) */
	size_t organisation_count;
	unsigned relationships; /* of those that the register knows: RELATIONSHIP_BIT each */
	int64_t dated;          /* as the document says, else when it was modified; else that of what it is part of */
};

/** document NULL: the object begins. */
typedef enum status retained_visitor(void *context, const struct retained_object *object,
                                     const struct retained_document *document);

/* Which facts a policy asks for: what nobody asks is not looked up, and left empty. */
enum retained_facts { RETAINED_ELEMENTS = 1, RETAINED_ORGANISATIONS = 2 };

/* ---- what would have gone ---- */

#define WHATIF_LEVELS 32

/** Up to which level it goes: an object of level n goes at the levels 1 to n, at 0 never. Called once an object is complete. */
typedef unsigned whatif_judge(void *context, const struct retained_object *object);

/* Of a measure, how many things go at a level and at none higher: a thing goes with the last of its places. [0]: those that
 * stay. */
struct whatif_measure {
	bool is_counted;
	uint64_t things[WHATIF_LEVELS + 1];
};

#endif
