/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys as text: PEM (RFC 7468; OpenSSL's older kinds), OpenSSH's,
 * OpenPGP's (RFC 9580 6.2), and PuTTY's own (its manual, appendix C). Their
 * markers are shown, all between them is stars. A body of which the end lies
 * beyond DETECTOR_REACH is found as far as it is seen; whoever keeps the text
 * stars the rest.
 */
#include "detector/character.h"
#include "detector/secret.h"

#define DASHES "-----"

enum { LABEL_MAX = 60, BODY_LEAST = 40, LINE_LEAST = 16, LINES_MAX = 99 };

static size_t behind_blanks(struct bytes text, size_t at)
{
	while (at < text.len && text.at[at] <= ' ')
		at++;
	return at;
}

/* Behind the label's dashes, if it is a private key's: RSA PRIVATE KEY, PGP PRIVATE KEY BLOCK. 0: it is none. */
static size_t read_label(struct bytes text, size_t at)
{
	struct bytes line = bytes_slice(text, at, LABEL_MAX);
	size_t end = bytes_find(line, BYTES_LITERAL(DASHES));
	struct bytes label = bytes_slice(line, 0, end);
	if (end == BYTES_NOT_FOUND || bytes_find(label, BYTES_LITERAL("PRIVATE KEY")) == BYTES_NOT_FOUND)
		return 0;
	for (size_t i = 0; i < label.len; i++)
		if (!character_is_upper(label.at[i]) && !character_is_digit(label.at[i]) && label.at[i] != ' ')
			return 0;
	return at + end + sizeof DASHES - 1;
}

bool secret_read_armour(struct bytes text, size_t at, struct secret *ret_secret)
{
	size_t body = read_label(text, at + sizeof "-----BEGIN " - 1);
	if (body == 0)
		return false;
	struct bytes rest = bytes_from(text, body);
	size_t length = bytes_find(rest, BYTES_LITERAL(DASHES));
	bool has_end = length != BYTES_NOT_FOUND;
	struct bytes inside = bytes_slice(rest, 0, length);
	struct secret secret = {at, body + inside.len, body - at, 0, "private-key", 0.97f, false};
	if (has_end && bytes_start_with(bytes_from(rest, length), BYTES_LITERAL(DASHES "END "))) {
		size_t close = read_label(text, body + length + sizeof DASHES "END " - 1);
		secret.tail = close > 0 ? close - secret.to : 0;
		secret.to += secret.tail;
	}
	/* Prose about keys has a marker, and no body behind it. */
	size_t longest = 0, last = 0;
	for (size_t i = 0, end; i < inside.len; i = end + 1) {
		end = secret_run_end(inside, i, SECRET_BASE64, SIZE_MAX);
		longest = end - i > longest ? end - i : longest;
		last = end - i >= LINE_LEAST ? end : last;
	}
	if (longest < BODY_LEAST)
		return false;
	if (!has_end)
		secret.to = body + last;
	secret.is_example = secret_shape_of(inside).variety < 16;
	*ret_secret = secret;
	return true;
}

bool secret_read_putty(struct bytes text, size_t at, struct secret *ret_secret)
{
	size_t from = at + sizeof "Private-Lines:" - 1, lines = 0;
	while (from < text.len && text.at[from] == ' ')
		from++;
	for (; character_is_digit(character_at(text, from)) && lines <= LINES_MAX; from++)
		lines = lines * 10 + (size_t)(text.at[from] - '0');
	from = behind_blanks(text, from);
	size_t to = from, end = from;
	for (; lines > 0 && end < text.len; lines--) {
		to = secret_run_end(text, end, SECRET_BASE64, 80);
		if (to == end)
			return false;
		end = behind_blanks(text, to);
	}
	if (to < from + BODY_LEAST)
		return false;
	*ret_secret = (struct secret){from, to, 0, 0, "private-key", 0.95f, false};
	return true;
}
