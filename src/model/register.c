/* SPDX-License-Identifier: Apache-2.0 */
#include "model/register.h"

static const char *const names[RELATIONSHIP_COUNT] = {NULL, "customer", "prospect", "partner", "supplier", "own"};

const char *relationship_name(enum relationship relationship)
{
	return names[relationship];
}

enum relationship relationship_from_name(struct bytes name)
{
	enum relationship relationship = RELATIONSHIP_CUSTOMER;
	while (relationship < RELATIONSHIP_COUNT && !bytes_equal_nocase(name, bytes_of_string(names[relationship])))
		relationship++;
	return relationship;
}
