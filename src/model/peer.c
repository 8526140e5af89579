/* SPDX-License-Identifier: Apache-2.0 */
#include "model/peer.h"

#include "model/network.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { V4_TOLD = 3, V6_TOLD = 6, V4_COUNTED = 4, V6_COUNTED = 8 }; /* bytes */

/* False for what is no address. */
static bool read_address(struct bytes written, struct ip_address *address)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (!ip_address_parse(bytes_slice(written, 0, bytes_find_byte(written, '%')), address))
		return false;
	if (address->is_v6 && memcmp(address->octets, mapped, sizeof mapped) == 0) {
		memmove(address->octets, address->octets + sizeof mapped, V4_COUNTED);
		address->is_v6 = false;
	}
	return true;
}

const char *peer_network(struct bytes written, char into[PEER_TEXT_SIZE])
{
	struct ip_address address;
	char text[INET6_ADDRSTRLEN];
	into[0] = '\0';
	if (!read_address(written, &address))
		return into;
	size_t told = address.is_v6 ? V6_TOLD : V4_TOLD;
	memset(address.octets + told, 0, sizeof address.octets - told);
	if (inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.octets, text, sizeof text) != NULL)
		snprintf(into, PEER_TEXT_SIZE, "%s/%zu", text, 8 * told);
	return into;
}

void peer_asker(struct bytes written, unsigned char into[PEER_ASKER_SIZE])
{
	struct ip_address address;
	memset(into, 0, PEER_ASKER_SIZE);
	if (!read_address(written, &address))
		return;
	into[0] = address.is_v6 ? V6_COUNTED : V4_COUNTED;
	memcpy(into + 1, address.octets, address.is_v6 ? V6_COUNTED : V4_COUNTED);
}
