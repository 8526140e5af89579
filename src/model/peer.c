/* SPDX-License-Identifier: Apache-2.0 */
#include "model/peer.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { V4 = 4, V6 = 16 };

/* Of how many bytes it is; 0: none. */
static size_t parse(struct bytes address, unsigned char into[V6])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[INET6_ADDRSTRLEN + 1];
	if (address.len == 0 || address.len >= sizeof text)
		return 0;
	memcpy(text, address.at, address.len);
	text[address.len] = '\0';
	char *zone = strchr(text, '%');
	if (zone != NULL)
		*zone = '\0';
	if (inet_pton(AF_INET, text, into) == 1)
		return V4;
	if (inet_pton(AF_INET6, text, into) != 1)
		return 0;
	if (memcmp(into, mapped, sizeof mapped) != 0)
		return V6;
	memmove(into, into + sizeof mapped, V4);
	return V4;
}

const char *peer_network(struct bytes address, char into[PEER_TEXT_SIZE])
{
	unsigned char raw[V6] = {0};
	char text[INET6_ADDRSTRLEN];
	size_t size = parse(address, raw), kept = size == V4 ? 3 : 6;
	into[0] = '\0';
	if (size == 0)
		return into;
	memset(raw + kept, 0, size - kept);
	if (inet_ntop(size == V4 ? AF_INET : AF_INET6, raw, text, sizeof text) != NULL)
		snprintf(into, PEER_TEXT_SIZE, "%s/%zu", text, 8 * kept);
	return into;
}

void peer_asker(struct bytes address, unsigned char into[PEER_ASKER_SIZE])
{
	unsigned char raw[V6] = {0};
	size_t size = parse(address, raw);
	memset(into, 0, PEER_ASKER_SIZE);
	into[0] = (unsigned char)size;
	memcpy(into + 1, raw, size == V4 ? V4 : 8);
}
