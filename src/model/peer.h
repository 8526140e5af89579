/* SPDX-License-Identifier: Apache-2.0 */
/* An address that somebody came from, and how much of it is told or counted. */
#ifndef TIDEMARK_MODEL_PEER_H
#define TIDEMARK_MODEL_PEER_H

#include "base/bytes.h"

#define PEER_TEXT_SIZE 64
#define PEER_ASKER_SIZE 9

/** "192.0.2.0/24", "2001:db8:1::/48"; empty of what is no address. An IPv4 address mapped into IPv6 is one of IPv4. Returns into. */
const char *peer_network(struct bytes address, char into[PEER_TEXT_SIZE]);
/** What is counted as one asker: an IPv4 address, or an IPv6 network of 64 bits; all that is no address is one. */
void peer_asker(struct bytes address, unsigned char into[PEER_ASKER_SIZE]);

#endif
