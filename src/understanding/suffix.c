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
		/* A country may stand in the list by what lies below it alone: co.za, *.bd. */
		if (i == 1 && !is_public && registrable == NULL)
			return NULL;
		if (is_public)
			registrable = suffix > name ? label_before(name, suffix) : NULL;
	}
	return registrable;
}

/* The customer's name below a provider's suffix; a suffix below a suffix names the same customers. */
static enum status append_tenant(struct buffer *into, const char *name, const char *suffix)
{
	size_t length = strlen(name) - strlen(suffix);
	if (length == 0)
		return STATUS_ABSENT;
	const char *label = label_before(name, name + length);
	const char *above = domain_list_find(&tenants_list, bytes_of_string(strchr(suffix, '.') + 1));
	buffer_append(into, bytes_of(label, (size_t)(name + length - label)));
	buffer_append_string(into, above != NULL ? above : suffix);
	return buffer_status(into);
}

enum status suffix_append_registrable(struct buffer *into, struct bytes host)
{
	char name[NAME_MAX_LENGTH + 1];
	if (!normalise(host, name))
		return STATUS_ABSENT;
	const char *tenants = domain_list_find(&tenants_list, bytes_of_string(name));
	if (tenants != NULL)
		return append_tenant(into, name, tenants);
	const char *registrable = find_registrable(name);
	if (registrable == NULL)
		return STATUS_ABSENT;
	if (domain_list_find(&infrastructure_list, bytes_of_string(registrable)) == NULL) {
		const char *with_private = psl_registrable_domain(psl_builtin(), name);
		registrable = with_private != NULL ? with_private : registrable;
	}
	buffer_append_string(into, registrable);
	return buffer_status(into);
}

enum status suffix_append_host(struct buffer *into, struct bytes host)
{
	char name[NAME_MAX_LENGTH + 1];
	if (!normalise(host, name))
		return STATUS_ABSENT;
	buffer_append_string(into, name);
	return buffer_status(into);
}
