/* SPDX-License-Identifier: Apache-2.0 */
#include "model/relay.h"

#include "model/network.h"

enum { HOST_MAX = 253, USER_MAX = 320, ADDRESS_MAX = 254, LOCAL_MAX = 64 };

static bool is_plain(struct bytes text, const char *but)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= 0x20 || text.at[i] == 0x7f || strchr(but, text.at[i]) != NULL)
			return false;
	return true;
}

static bool is_host(struct bytes host, bool is_bracketed)
{
	struct ip_address address;
	bool is_sound = host.len > 0 && host.len <= HOST_MAX;
	if (is_bracketed)
		return ip_address_parse(host, &address) && address.is_v6;
	for (size_t i = 0; i < host.len && is_sound; i++) {
		unsigned char c = host.at[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
		is_sound = is_word || c == '-' || c == '_';
	}
	return is_sound;
}

static bool take_port(struct bytes written, uint16_t usual, uint16_t *ret_port)
{
	uint64_t port = usual;
	if (written.len > 0 && (written.at[0] != ':' || !bytes_parse_u64(bytes_from(written, 1), &port)))
		return false;
	*ret_port = (uint16_t)port;
	return port > 0 && port <= UINT16_MAX;
}

bool relay_parse(struct bytes url, struct relay *ret_relay)
{
	const struct bytes plain = BYTES_LITERAL("smtp://"), tls = BYTES_LITERAL("smtps://");
	struct relay relay = {.is_tls = bytes_start_with_nocase(url, tls)};
	if (!relay.is_tls && !bytes_start_with_nocase(url, plain))
		return false;
	struct bytes rest = bytes_from(url, relay.is_tls ? tls.len : plain.len);
	if (rest.len > 0 && rest.at[rest.len - 1] == '/')
		rest.len--;
	size_t at = bytes_find_last_byte(rest, '@');
	if (at != BYTES_NOT_FOUND) {
		relay.user = bytes_slice(rest, 0, at);
		rest = bytes_from(rest, at + 1);
		if (relay.user.len == 0 || relay.user.len > USER_MAX || !is_plain(relay.user, ":/\\%"))
			return false;
	}
	bool is_bracketed = rest.len > 0 && rest.at[0] == '[';
	size_t end = bytes_find_byte(rest, is_bracketed ? ']' : ':');
	relay.host = bytes_slice(rest, is_bracketed, end == BYTES_NOT_FOUND ? rest.len : end - is_bracketed);
	struct bytes port = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, end + is_bracketed);
	if ((is_bracketed && end == BYTES_NOT_FOUND) || !is_host(relay.host, is_bracketed) ||
	    !take_port(port, relay.is_tls ? 465 : 25, &relay.port))
		return false;
	*ret_relay = relay;
	return true;
}

bool relay_may_carry(struct bytes address)
{
	size_t at = bytes_find_byte(address, '@');
	bool is_sound = at != BYTES_NOT_FOUND && at > 0 && at <= LOCAL_MAX && at + 1 < address.len && address.len <= ADDRESS_MAX;
	return is_sound && bytes_find_last_byte(address, '@') == at && is_plain(address, "<>()[]\\,;:\"");
}
