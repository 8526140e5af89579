/* SPDX-License-Identifier: Apache-2.0 */
/* Names of measures, in both orders. */
#include "model/measure.h"

static const char *const names[MEASURE_COUNT] = {
	[MEASURE_OBJECTS] = "objects",
	[MEASURE_DOCUMENTS] = "documents",
	[MEASURE_PAGES] = "pages",
	[MEASURE_EMAILS] = "emails",
	[MEASURE_PEOPLE] = "people",
	[MEASURE_PHONES] = "phones",
	[MEASURE_ORGANISATIONS] = "organisations",
	[MEASURE_PROJECTS] = "projects",
	[MEASURE_INVOICES] = "invoices",
	[MEASURE_ORDERS] = "orders",
	[MEASURE_CONTRACTS] = "contracts",
	[MEASURE_SIGNED_DOCUMENTS] = "signed_documents",
	[MEASURE_COUNTRIES] = "countries",
};

static const enum measure_kind in_order[MEASURE_COUNT] = {
	MEASURE_CONTRACTS, MEASURE_COUNTRIES, MEASURE_DOCUMENTS,        MEASURE_EMAILS, MEASURE_INVOICES,
	MEASURE_OBJECTS,   MEASURE_ORDERS,    MEASURE_ORGANISATIONS,    MEASURE_PAGES,  MEASURE_PEOPLE,
	MEASURE_PHONES,    MEASURE_PROJECTS,  MEASURE_SIGNED_DOCUMENTS,
};

const char *measure_name(enum measure_kind measure)
{
	return names[measure];
}

enum measure_kind measure_from_name(struct bytes name)
{
	for (enum measure_kind measure = 0; measure < MEASURE_COUNT; measure++)
		if (bytes_equal_string(name, names[measure]))
			return measure;
	return MEASURE_COUNT;
}

enum measure_kind measure_in_order(unsigned nth)
{
	return in_order[nth];
}
