/* SPDX-License-Identifier: Apache-2.0 */
/* The measures of the count ledger, by name. Which things each counts is told in docs/counting.md. */
#ifndef TIDEMARK_MODEL_MEASURE_H
#define TIDEMARK_MODEL_MEASURE_H

#include "base/bytes.h"
#include "base/status.h"

/* In the order in which people are told of them. */
enum measure_kind {
	MEASURE_OBJECTS,
	MEASURE_DOCUMENTS,
	MEASURE_PAGES,
	MEASURE_EMAILS,
	MEASURE_PEOPLE,
	MEASURE_PHONES,
	MEASURE_ORGANISATIONS,
	MEASURE_PROJECTS,
	MEASURE_INVOICES,
	MEASURE_ORDERS,
	MEASURE_CONTRACTS,
	MEASURE_SIGNED_DOCUMENTS,
	MEASURE_COUNTRIES,
	MEASURE_COUNT
};

const char *measure_name(enum measure_kind measure);
/** MEASURE_COUNT if there is none of that name. */
enum measure_kind measure_from_name(struct bytes name);
/** The nth by the bytes of its name, as a manifest has them. */
enum measure_kind measure_in_order(unsigned nth);

/** One thing of a measure, as a manifest holds it: ascending and once each within a measure, and the measures in their order.
 *  leaf NULL: the measure begins. */
#define LEAF_SIZE 32
typedef enum status leaf_visitor(void *context, enum measure_kind measure, const unsigned char *leaf);

#endif
