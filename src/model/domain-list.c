/* SPDX-License-Identifier: Apache-2.0 */
/* Looking a name up label by label, from the longest. */
#include "model/domain-list.h"

enum { NAME_MAX_LENGTH = 253 };

static const char *find_exactly(const struct domain_list *list, struct bytes name)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_compare(bytes_of_string(list->domains[middle]), name);
		if (order == 0)
			return list->domains[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *domain_list_find(const struct domain_list *list, struct bytes name)
{
	unsigned char lower[NAME_MAX_LENGTH];
	if (name.len > sizeof lower)
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (unsigned char)(name.at[i] | 0x20) : name.at[i];
	for (struct bytes rest = bytes_of(lower, name.len);;) {
		const char *found = find_exactly(list, rest);
		size_t dot = found == NULL ? bytes_find_byte(rest, '.') : BYTES_NOT_FOUND;
		if (dot == BYTES_NOT_FOUND)
			return found;
		rest = bytes_from(rest, dot + 1);
	}
}
