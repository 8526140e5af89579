/* SPDX-License-Identifier: Apache-2.0 */
/* Reading, comparing, and the table of what is not public. */
#include "model/network.h"

#include <arpa/inet.h>
#include <string.h>

enum { V4_BITS = 32, V6_BITS = 128 };

/* RFC 6890, and the registries of special purpose addresses that it began, as of October 2026. Of IPv6 all but 2000::/3 is not public
 * (RFC 4291 2.4), so the rows below it name what of that is not. */
/* clang-format off */
static const struct ip_network closed[] = {
	{{{0}, false}, 8},                /* this network */
	{{{10}, false}, 8},               /* private (RFC 1918) */
	{{{100, 64}, false}, 10},         /* between a carrier and its customers (RFC 6598) */
	{{{127}, false}, 8},              /* this machine */
	{{{169, 254}, false}, 16},        /* this link (RFC 3927), where clouds keep their metadata */
	{{{172, 16}, false}, 12},         /* private */
	{{{192, 0, 0}, false}, 24},       /* protocols' own (RFC 6890) */
	{{{192, 0, 2}, false}, 24},       /* examples (RFC 5737) */
	{{{192, 31, 196}, false}, 24},    /* AS112 (RFC 7535) */
	{{{192, 52, 193}, false}, 24},    /* AMT (RFC 7450) */
	{{{192, 88, 99}, false}, 24},     /* 6to4 relays (RFC 7526) */
	{{{192, 168}, false}, 16},        /* private */
	{{{192, 175, 48}, false}, 24},    /* AS112 (RFC 7534) */
	{{{198, 18}, false}, 15},         /* benchmarks (RFC 2544) */
	{{{198, 51, 100}, false}, 24},    /* examples */
	{{{203, 0, 113}, false}, 24},     /* examples */
	{{{224}, false}, 3},              /* groups, what is reserved, everybody */
	{{{0}, true}, 3},                 /* ::, ::1, and what is no IPv4 address in disguise */
	{{{0x20, 0x01}, true}, 23},       /* protocols' own, Teredo, ORCHID (RFC 2928) */
	{{{0x20, 0x01, 0x0d, 0xb8}, true}, 32}, /* examples (RFC 3849) */
	{{{0x26, 0x20, 0, 0x4f, 0x80}, true}, 48}, /* AS112 */
	{{{0x3f, 0xff}, true}, 20},       /* examples (RFC 9637) */
	{{{0x40}, true}, 2},              /* not given out */
	{{{0x80}, true}, 1},              /* the same; sites' own (fc00::/7), links' own (fe80::/10), groups (ff00::/8) */
};
/* clang-format on */

const struct ip_network *ip_networks_closed(size_t *ret_count)
{
	*ret_count = sizeof closed / sizeof *closed;
	return closed;
}

static bool copy_text(struct bytes written, char into[NETWORK_TEXT_SIZE])
{
	if (written.len == 0 || written.len >= NETWORK_TEXT_SIZE || bytes_find_byte(written, 0) != BYTES_NOT_FOUND)
		return false;
	memcpy(into, written.at, written.len);
	into[written.len] = '\0';
	return true;
}

bool ip_address_parse(struct bytes written, struct ip_address *ret_address)
{
	char text[NETWORK_TEXT_SIZE];
	struct ip_address address = {.is_v6 = bytes_find_byte(written, ':') != BYTES_NOT_FOUND};
	if (!copy_text(written, text) || inet_pton(address.is_v6 ? AF_INET6 : AF_INET, text, address.octets) != 1)
		return false;
	*ret_address = address;
	return true;
}

static unsigned width_of(const struct ip_address *address)
{
	return address->is_v6 ? V6_BITS : V4_BITS;
}

static bool agree(const struct ip_address *one, const struct ip_address *other, unsigned bits)
{
	if (one->is_v6 != other->is_v6 || memcmp(one->octets, other->octets, bits / 8) != 0)
		return false;
	unsigned rest = bits % 8;
	return rest == 0 || (one->octets[bits / 8] ^ other->octets[bits / 8]) >> (8 - rest) == 0;
}

bool ip_network_parse(struct bytes written, struct ip_network *ret_network)
{
	struct ip_network network;
	size_t slash = bytes_find_byte(written, '/');
	uint64_t bits;
	if (!ip_address_parse(bytes_slice(written, 0, slash), &network.first))
		return false;
	if (slash == BYTES_NOT_FOUND)
		bits = width_of(&network.first);
	else if (!bytes_parse_u64(bytes_from(written, slash + 1), &bits) || bits > width_of(&network.first))
		return false;
	network.bits = (unsigned)bits;
	struct ip_address masked = network.first;
	for (unsigned i = network.bits; i < width_of(&masked); i++)
		masked.octets[i / 8] &= (unsigned char)~(0x80u >> i % 8);
	if (memcmp(masked.octets, network.first.octets, sizeof masked.octets) != 0)
		return false;
	*ret_network = network;
	return true;
}

static bool parse_port(struct bytes written, uint16_t *ret_port)
{
	uint64_t port;
	if (!bytes_parse_u64(written, &port) || port == 0 || port > UINT16_MAX)
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

bool ip_end_parse(struct bytes written, uint16_t usual_port, struct ip_end *ret_end)
{
	struct ip_end end = {.port = usual_port};
	struct bytes host = written, port = BYTES_NONE;
	size_t closing = bytes_find_byte(written, ']'), colon = bytes_find_last_byte(written, ':');
	if (written.len > 0 && written.at[0] == '[') {
		if (closing == BYTES_NOT_FOUND)
			return false;
		host = bytes_slice(written, 1, closing - 1);
		port = bytes_from(written, closing + 1);
		if (port.len > 0 && port.at[0] != ':')
			return false;
	} else if (colon != BYTES_NOT_FOUND && colon == bytes_find_byte(written, ':')) {
		host = bytes_slice(written, 0, colon);
		port = bytes_from(written, colon);
	}
	bool is_port_sound = port.len == 0 ? usual_port != 0 : parse_port(bytes_from(port, 1), &end.port);
	if (!is_port_sound || !ip_address_parse(host, &end.address))
		return false;
	*ret_end = end;
	return true;
}

bool ip_network_holds(const struct ip_network *network, const struct ip_address *address)
{
	return agree(&network->first, address, network->bits);
}

bool ip_networks_meet(const struct ip_network *one, const struct ip_network *other)
{
	return agree(&one->first, &other->first, one->bits < other->bits ? one->bits : other->bits);
}

static struct ip_address v4_within(const struct ip_address *address, size_t offset)
{
	struct ip_address inner = {.is_v6 = false};
	memcpy(inner.octets, address->octets + offset, 4);
	return inner;
}

/* An IPv4 address in IPv6's clothes. */
static struct ip_address unwrap(const struct ip_address *address)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff}, translated[12] = {0x00, 0x64, 0xff, 0x9b};
	if (!address->is_v6)
		return *address;
	if (memcmp(address->octets, mapped, sizeof mapped) == 0 || memcmp(address->octets, translated, sizeof translated) == 0)
		return v4_within(address, 12);
	if (address->octets[0] == 0x20 && address->octets[1] == 0x02)
		return v4_within(address, 2);
	return *address;
}

static bool is_of(const struct ip_network *networks, size_t count, const struct ip_address *address)
{
	for (size_t i = 0; i < count; i++)
		if (ip_network_holds(&networks[i], address))
			return true;
	return false;
}

bool ip_address_is_open(const struct ip_address *address, const struct ip_network *allowed, size_t allowed_count)
{
	struct ip_address meant = unwrap(address);
	return is_of(allowed, allowed_count, address) || is_of(allowed, allowed_count, &meant) ||
	       !is_of(closed, sizeof closed / sizeof *closed, &meant);
}

bool ip_address_is_own(const struct ip_address *address)
{
	static const struct ip_network own[] = {{{{127}, false}, 8}, {{{[15] = 1}, true}, 128}};
	return is_of(own, sizeof own / sizeof *own, address);
}

bool ip_host_is_own(struct bytes host)
{
	struct ip_address address;
	return bytes_equal_nocase(host, BYTES_LITERAL("localhost")) ||
	       (ip_address_parse(host, &address) && ip_address_is_own(&address));
}

const char *ip_address_write(const struct ip_address *address, char into[NETWORK_TEXT_SIZE])
{
	if (inet_ntop(address->is_v6 ? AF_INET6 : AF_INET, address->octets, into, NETWORK_TEXT_SIZE) == NULL)
		into[0] = '\0';
	return into;
}
