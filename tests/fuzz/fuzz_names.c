/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strangers' servers say of names: the first byte chooses between an
 * answer's packet, the bytes of one record, and a URL that a redirect leads to.
 */
#include "net/exchange.h"
#include "net/resolver.h"

#include <assert.h>
#include <stdlib.h>
#include <unbound.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PACKET, RECORD, URL, KINDS };

static void check_name(const char *name)
{
	size_t length = strlen(name);
	assert(length < RESOLVER_NAME_SIZE);
	for (size_t i = 0; i < length; i++)
		assert((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') ||
		       strchr("-_.", name[i]) != NULL);
}

static void read_packet(unsigned char *packet, size_t size)
{
	struct ub_result result = {.answer_packet = packet, .answer_len = (int)size};
	struct lookup lookup = {.result = &result};
	char aliases[RESOLVER_ALIASES_MAX][RESOLVER_NAME_SIZE];
	size_t count = lookup_aliases(&lookup, aliases);
	assert(count <= RESOLVER_ALIASES_MAX);
	for (size_t i = 0; i < count; i++)
		check_name(aliases[i]);
}

static void read_record(unsigned char *record, size_t size)
{
	char *data[] = {(char *)record, NULL};
	int lengths[] = {(int)size};
	struct ub_result result = {.data = data, .len = lengths, .havedata = 1};
	struct lookup lookup = {.result = &result, .type = LOOKUP_TXT, .state = LOOKUP_ANSWERED, .count = 1};
	struct buffer text = buffer_with_ceiling(1 << 16);
	char host[RESOLVER_NAME_SIZE];
	struct ip_address address;
	if (lookup_append_text(&lookup, 0, &text))
		assert(text.len < size);
	if (lookup_host(&lookup, 0, host))
		check_name(host);
	lookup.type = LOOKUP_A;
	assert(lookup_address(&lookup, 0, &address) == (size == 4));
	lookup.type = LOOKUP_AAAA;
	assert(lookup_address(&lookup, 0, &address) == (size == 16));
	assert(lookup_record(&lookup, 1).len == 0);
	buffer_free(&text);
}

static void read_url(struct bytes url)
{
	struct web_place place;
	if (!web_place_read(url, &place))
		return;
	assert(place.port > 0 && place.host[0] != '\0' && strlen(place.host) < sizeof place.host);
	for (const char *c = place.host; *c != '\0'; c++)
		assert((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || strchr("-_.:", *c) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 1 << 16)
		return 0;
	/* Of its own size, so that a sanitizer sees what is read beyond it. */
	unsigned char *copy = malloc(size - 1 > 0 ? size - 1 : 1);
	if (copy == NULL)
		return 0;
	memcpy(copy, data + 1, size - 1);
	switch (data[0] % KINDS) {
	case PACKET: read_packet(copy, size - 1); break;
	case RECORD: read_record(copy, size - 1); break;
	default: read_url(bytes_of(copy, size - 1)); break;
	}
	free(copy);
	return 0;
}
