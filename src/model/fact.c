/* SPDX-License-Identifier: Apache-2.0 */
#include "model/fact.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const names[FACT_KIND_COUNT] = {
	[FACT_DECLARED] = "declared", [FACT_SEEN] = "seen",           [FACT_SCHEMA] = "schema",
	[FACT_CLASS] = "class",       [FACT_SIGNATURE] = "signature", [FACT_SKETCH] = "sketch",
	[FACT_PERSON] = "person",     [FACT_LAYOUT] = "layout",       [FACT_ALLOWED] = "allowed",
};

const char *fact_kind_name(enum fact_kind kind)
{
	return kind < FACT_KIND_COUNT && names[kind] != NULL ? names[kind] : "unknown";
}

bool fact_kind_is_told(enum fact_kind kind)
{
	return kind != FACT_CLASS && kind != FACT_PERSON && kind != FACT_ALLOWED;
}

struct fact fact_of_number(enum fact_kind kind, const char *name, uint64_t number, char into[FACT_NUMBER_SIZE])
{
	snprintf(into, FACT_NUMBER_SIZE, "%" PRIu64, number);
	return (struct fact){
		.kind = kind,
		.name = bytes_of_string(name),
		.value = bytes_of_string(into),
		.confidence = 1,
	};
}
