/* SPDX-License-Identifier: Apache-2.0 */
/* Walking up a name label by label. */
#include "understanding/suffix.h"

#include <idn2.h>
#include <libpsl.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 253, LABEL_MAX_LENGTH = 63, SUFFIX_LABELS_MAX = 6 };

enum status suffix_prepare(void)
{
	return psl_builtin() != NULL ? STATUS_OK : STATUS_BROKEN;
}

static unsigned char to_lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

/* Lower case, checked to be labels of letters, digits, hyphens and underscores. */
static bool lower_labels(const char *name, size_t length, char into[NAME_MAX_LENGTH + 1])
{
	size_t label = 0;
	if (length == 0 || length > NAME_MAX_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = to_lower((unsigned char)name[i]);
		bool is_sound = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
		label = c == '.' ? 0 : label + 1;
		if ((c == '.' ? i == 0 || name[i - 1] == '.' : !is_sound) || label > LABEL_MAX_LENGTH)
			return false;
		into[i] = (char)c;
	}
	into[length] = '\0';
	return name[length - 1] != '.';
}

static bool normalise(struct bytes host, char into[NAME_MAX_LENGTH + 1])
{
	char text[2 * NAME_MAX_LENGTH + 1];
	char *ascii = NULL;
	bool is_ascii = true;
	if (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || host.len >= sizeof text || memchr(host.at, 0, host.len) != NULL)
		return false;
	for (size_t i = 0; i < host.len; i++)
		is_ascii &= host.at[i] < 0x80;
	if (is_ascii)
		return lower_labels((const char *)host.at, host.len, into);
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';
	if (idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
		return false;
	bool is_sound = lower_labels(ascii, strlen(ascii), into);
	idn2_free(ascii);
	return is_sound;
}

/* Where the label before a place begins; both are at labels' beginnings, at > 0. */
static const char *label_before(const char *name, const char *at)
{
	at--;
	while (at > name && at[-1] != '.')
		at--;
	return at;
}

/* The registrable domain within name by ICANN's section, or NULL. */
static const char *find_registrable(const char *name)
{
	const char *registrable = NULL, *suffix = name + strlen(name) + 1;
	for (int i = 0; i < SUFFIX_LABELS_MAX && suffix > name; i++) {
		suffix = label_before(name, suffix);
		bool is_public = psl_is_public_suffix2(psl_builtin(), suffix, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
		if (i == 0 && !is_public)
			return NULL;
		if (is_public)
			registrable = suffix > name ? label_before(name, suffix) : NULL;
	}
	return registrable;
}

enum status suffix_append_registrable(struct buffer *into, struct bytes host)
{
	char name[NAME_MAX_LENGTH + 1];
	if (!normalise(host, name))
		return STATUS_ABSENT;
	const char *registrable = find_registrable(name);
	if (registrable == NULL)
		return STATUS_ABSENT;
	if (!suffix_list_has(&infrastructure_list, bytes_of_string(registrable))) {
		const char *with_private = psl_registrable_domain(psl_builtin(), name);
		registrable = with_private != NULL ? with_private : registrable;
	}
	buffer_append_string(into, registrable);
	return buffer_status(into);
}

static bool has_exactly(const struct domain_list *list, struct bytes name)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_compare(bytes_of_string(list->domains[middle]), name);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool suffix_list_has(const struct domain_list *list, struct bytes name)
{
	unsigned char lower[NAME_MAX_LENGTH];
	if (name.len > sizeof lower)
		return false;
	for (size_t i = 0; i < name.len; i++)
		lower[i] = to_lower(name.at[i]);
	struct bytes rest = bytes_of(lower, name.len);
	for (;;) {
		if (has_exactly(list, rest))
			return true;
		size_t dot = bytes_find_byte(rest, '.');
		if (dot == BYTES_NOT_FOUND)
			return false;
		rest = bytes_from(rest, dot + 1);
	}
}
