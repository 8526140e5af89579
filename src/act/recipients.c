/* SPDX-License-Identifier: Apache-2.0 */
#include "act/recipients.h"

#include "act/notice-mail.h"

#include <stdio.h>

static const char *const roles[] = {"security", "abuse", "postmaster", "hostmaster"};

static bool is_known(const struct recipients *recipients, struct bytes address)
{
	for (size_t i = 0; i < recipients->count; i++)
		if (bytes_equal(recipients->at[i].address, address))
			return true;
	return false;
}

static enum status add(struct recipients *recipients, struct bytes written, enum notice_finding found_by,
                       const struct contact *contact, struct arena *arena)
{
	unsigned char lower[NOTICE_ADDRESS_MAX];
	written = bytes_trim(written);
	if (!notice_may_go_to(written) || recipients->count == RECIPIENTS_MAX)
		return STATUS_OK;
	for (size_t i = 0; i < written.len; i++)
		lower[i] = (unsigned char)(written.at[i] >= 'A' && written.at[i] <= 'Z' ? written.at[i] + 32 : written.at[i]);
	if (is_known(recipients, bytes_of(lower, written.len)))
		return STATUS_OK;
	struct bytes address = arena_copy(arena, bytes_of(lower, written.len));
	if (address.len == 0)
		return STATUS_NO_MEMORY;
	recipients->at[recipients->count++] = (struct recipient){address, found_by, contact};
	return STATUS_OK;
}

static enum status add_listed(struct recipients *recipients, struct bytes list, struct arena *arena)
{
	enum status status = STATUS_OK;
	size_t from = 0;
	for (size_t i = 0; i <= list.len && status == STATUS_OK; i++) {
		if (i < list.len && strchr("; \t,", list.at[i]) == NULL)
			continue;
		status = add(recipients, bytes_slice(list, from, i - from), NOTICE_BY_REGISTER, NULL, arena);
		from = i + 1;
	}
	return status;
}

/* Contact: mailto:... (RFC 9116 2.5.3), the preferred first; what is a page or a telephone number is left out. */
static enum status add_security_txt(struct recipients *recipients, struct bytes text, struct arena *arena)
{
	enum status status = STATUS_OK;
	while (text.len > 0 && status == STATUS_OK) {
		size_t end = bytes_find_byte(text, '\n');
		struct bytes line = bytes_trim(bytes_slice(text, 0, end));
		text = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(text, end + 1);
		if (!bytes_start_with_nocase(line, BYTES_LITERAL("contact:")))
			continue;
		struct bytes value = bytes_trim(bytes_from(line, 8));
		if (bytes_start_with_nocase(value, BYTES_LITERAL("mailto:")))
			value = bytes_from(value, 7);
		status = add(recipients, bytes_slice(value, 0, bytes_find_byte(value, '?')), NOTICE_BY_SECURITY_TXT, NULL, arena);
	}
	return status;
}

static enum status add_role(struct recipients *recipients, const char *role, struct bytes domain, struct arena *arena)
{
	char address[NOTICE_ADDRESS_MAX + 1];
	int len = snprintf(address, sizeof address, "%s@%.*s", role, (int)domain.len, (const char *)domain.at);
	if (len < 0 || (size_t)len >= sizeof address)
		return STATUS_OK;
	return add(recipients, bytes_of(address, (size_t)len), NOTICE_BY_ROLE, NULL, arena);
}

enum status recipients_find(const struct recipient_sources *sources, struct arena *arena, struct recipients *ret_recipients)
{
	struct recipients recipients = {.count = 0};
	enum status status = add_listed(&recipients, sources->contact, arena);
	if (status == STATUS_OK)
		status = add_security_txt(&recipients, sources->security_txt, arena);
	for (size_t i = 0; i < sizeof roles / sizeof *roles && status == STATUS_OK; i++)
		status = add_role(&recipients, roles[i], sources->domain, arena);
	for (size_t i = 0; sources->contacts != NULL && i < sources->contacts->count && status == STATUS_OK; i++) {
		const struct contact *contact = &sources->contacts->rows[i];
		if (contact_is_for(contact, sources->country, sources->sector))
			status = add(&recipients, contact->address, NOTICE_BY_CONTACTS, contact, arena);
	}
	if (status == STATUS_OK)
		*ret_recipients = recipients;
	return status;
}
