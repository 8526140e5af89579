/* SPDX-License-Identifier: Apache-2.0 */
/* The nearest by edit distance, or the one of which the beginning was written. */
#include "base/suggestion.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SUGGESTION_LENGTH_MAX = 48 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Edit distance by rows (Levenshtein), without case. */
static unsigned distance_of(const char *a, const char *b)
{
	size_t b_len = strlen(b);
	unsigned row[SUGGESTION_LENGTH_MAX + 1];
	for (unsigned j = 0; j <= b_len; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
			unsigned above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1, diagonal + !same);
			diagonal = above;
		}
	}
	return row[b_len];
}

struct suggestion suggestion_for(const char *written)
{
	return (struct suggestion){.written = written, .distance = UINT32_MAX};
}

void suggestion_consider(struct suggestion *suggestion, const char *candidate)
{
	size_t written_len = strlen(suggestion->written), len = strlen(candidate);
	if (written_len > SUGGESTION_LENGTH_MAX || len > SUGGESTION_LENGTH_MAX || written_len < 2)
		return;
	unsigned distance = distance_of(suggestion->written, candidate);
	if (len > written_len && strncmp(candidate, suggestion->written, written_len) == 0)
		distance = 1;
	if (distance < suggestion->distance && distance <= 1 + (unsigned)len / 4) {
		suggestion->nearest = candidate;
		suggestion->distance = distance;
	}
}
