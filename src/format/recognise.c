/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which format a document is in: every format looks at its first bytes and
 * says how sure it is; the surest reads it. Of equals the first registered wins.
 */
#include "format/format.h"

static const struct format *find_highest(struct source *source, int *ret_bid)
{
	const struct format *best = NULL;
	unsigned char copy[FORMAT_HEAD_SIZE];
	struct bytes head;
	int highest = 0;
	*ret_bid = 0;
	if (source_view(source, 0, FORMAT_HEAD_SIZE, &head) != STATUS_OK)
		return NULL;
	/* Bidders may take further views, which would move the bytes they look at. */
	if (head.len > 0)
		memcpy(copy, head.at, head.len);
	head.at = copy;
	for (size_t i = 0; format_registry[i] != NULL; i++) {
		int bid = format_registry[i]->bid(head, source);
		if (bid > highest) {
			highest = bid;
			best = format_registry[i];
		}
	}
	*ret_bid = highest;
	return best;
}

const struct format *format_recognise(struct source *source)
{
	int bid;
	return find_highest(source, &bid);
}

int format_highest_bid(struct bytes bytes)
{
	struct source source = source_of_bytes(bytes);
	int bid;
	find_highest(&source, &bid);
	return bid;
}

enum status format_prepare_all(void)
{
	for (size_t i = 0; format_registry[i] != NULL; i++) {
		enum status status = format_registry[i]->prepare ? format_registry[i]->prepare() : STATUS_OK;
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}
