/* SPDX-License-Identifier: Apache-2.0 */
/* A short list, looked through from its beginning: two hundred places at most. */
#include "sweep/handed.h"

#include <string.h>

static size_t find(const struct handed *handed, const struct id *id)
{
	size_t at = 0;
	while (at < handed->count && !id_equal(handed->objects[at].id, *id))
		at++;
	return at;
}

void handed_add(struct handed *handed, const struct id *id, uint64_t memory)
{
	size_t at = handed->count++;
	memset(&handed->objects[at], 0, sizeof handed->objects[at]);
	handed->objects[at].id = *id;
	handed->objects[at].memory = memory;
	handed->memory += memory;
}

void handed_forget(struct handed *handed, const struct id *id)
{
	size_t at = find(handed, id);
	if (at == handed->count)
		return;
	handed->memory -= handed->objects[at].memory;
	handed->objects[at] = handed->objects[--handed->count];
}

void handed_claim(struct handed *handed, const struct id *id, const unsigned char sha256[32])
{
	size_t at = find(handed, id);
	if (at == handed->count)
		return;
	handed->objects[at].has_claim = true;
	memcpy(handed->objects[at].claim, sha256, sizeof handed->objects[at].claim);
}

bool handed_is_claimed(const struct handed *handed, const unsigned char sha256[32])
{
	for (size_t i = 0; i < handed->count; i++)
		if (handed->objects[i].has_claim && memcmp(handed->objects[i].claim, sha256, 32) == 0)
			return true;
	return false;
}
