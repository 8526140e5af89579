/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses, networks and ends of connections as plain data, and which addresses
 * are nobody's business of a stranger's name: what RFC 6890 and its registries
 * keep for private networks, the machine itself, its link, carriers, tests and
 * groups. An IPv4 address in IPv6's clothes (mapped, 6to4, NAT64) is that IPv4
 * address.
 */
#ifndef TIDEMARK_MODEL_NETWORK_H
#define TIDEMARK_MODEL_NETWORK_H

#include "base/bytes.h"

#define NETWORK_TEXT_SIZE 64

struct ip_address {
	unsigned char octets[16]; /* of IPv4 the first four, the rest 0 */
	bool is_v6;
};

struct ip_network {
	struct ip_address first;
	unsigned bits;
};

struct ip_end {
	struct ip_address address;
	uint16_t port;
};

/** "192.0.2.1", "2001:db8::1", no brackets, no zone. */
bool ip_address_parse(struct bytes written, struct ip_address *ret_address);
/** CIDR, as "10.0.0.0/8"; an address alone is a network of one. False where bits beyond the prefix are set. */
bool ip_network_parse(struct bytes written, struct ip_network *ret_network);
/** "192.0.2.1:53", "[2001:db8::1]:53"; usual_port where there is none, 0: there must be one. */
bool ip_end_parse(struct bytes written, uint16_t usual_port, struct ip_end *ret_end);

bool ip_network_holds(const struct ip_network *network, const struct ip_address *address);
bool ip_networks_meet(const struct ip_network *one, const struct ip_network *other);

/** Whether a stranger's name may lead us there: it is public, or one of allowed. */
bool ip_address_is_open(const struct ip_address *address, const struct ip_network *allowed, size_t allowed_count);
/** The networks that are not public. */
const struct ip_network *ip_networks_closed(size_t *ret_count);

/** Whether it is this machine's own, to itself: 127.0.0.0/8, ::1. */
bool ip_address_is_own(const struct ip_address *address);
/** The same of a host's name: such an address, or localhost. */
bool ip_host_is_own(struct bytes host);

/** Written out; returns into. */
const char *ip_address_write(const struct ip_address *address, char into[NETWORK_TEXT_SIZE]);

#endif
