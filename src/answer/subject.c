/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a subject, and telling what is under its name. */
#include "answer/subject.h"

#include "understanding/attribute.h"

enum { SHOWN_MAX = 150, DOMAIN_MAX = 512, NAME_CEILING = 1024 };

static void append_lower(struct buffer *into, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		buffer_append_byte(into, text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] + ('a' - 'A') : text.at[i]);
}

/* An address stays whole; a domain is brought up to what is registered, where that is asked for. */
static enum status append_name(struct bytes written, bool is_brought_up, struct buffer *into)
{
	size_t at = bytes_find_last_byte(written, '@');
	if (at == BYTES_NOT_FOUND)
		return is_brought_up ? attribute_registrable_domain(written, into) : attribute_host(written, into);
	if (at == 0 || bytes_find_byte(written, ' ') != BYTES_NOT_FOUND)
		return STATUS_ABSENT;
	append_lower(into, bytes_slice(written, 0, at + 1));
	return attribute_host(bytes_from(written, at + 1), into);
}

static bool is_registrable(struct bytes name)
{
	struct buffer domain = buffer_with_ceiling(DOMAIN_MAX);
	bool is = attribute_registrable_domain(name, &domain) == STATUS_OK && bytes_equal(buffer_bytes(&domain), name);
	buffer_free(&domain);
	return is;
}

static enum status read(struct bytes written, bool is_brought_up, struct arena *arena, struct subject *ret_subject,
                        const char *why, struct failure *reterr)
{
	struct buffer name = buffer_with_ceiling(NAME_CEILING);
	struct bytes trimmed = bytes_trim(written);
	enum status status = append_name(trimmed, is_brought_up, &name);
	if (status == STATUS_ABSENT || status == STATUS_TOO_LARGE)
		status = fail(reterr, STATUS_USAGE, arena_copy_string(arena, bytes_slice(written, 0, SHOWN_MAX)), "%s", why);
	if (status == STATUS_OK) {
		bool is_address = bytes_find_byte(trimmed, '@') != BYTES_NOT_FOUND;
		*ret_subject = (struct subject){is_address ? SUBJECT_PERSON : SUBJECT_ORGANISATION,
		                                arena_copy(arena, buffer_bytes(&name)), false};
		ret_subject->is_registrable = !is_address && (is_brought_up || is_registrable(ret_subject->name));
		status = ret_subject->name.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	buffer_free(&name);
	return status;
}

enum status subject_read(struct bytes written, struct arena *arena, struct subject *ret_subject, struct failure *reterr)
{
	return read(written, true, arena, ret_subject, "is neither a domain under a known suffix nor an e-mail address", reterr);
}

enum status subject_read_as_asked(struct bytes written, struct arena *arena, struct subject *ret_subject, struct failure *reterr)
{
	return read(written, false, arena, ret_subject, "is neither a host name nor an e-mail address", reterr);
}

const char *subject_kind_name(enum subject_kind kind)
{
	return kind == SUBJECT_PERSON ? "person" : "organisation";
}

/* Findings are written as we keep names; most are told apart by that alone. */
static bool is_surely_elsewhere(struct bytes name, struct bytes host)
{
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = host.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
			return false;
	}
	return host.len > 0 && host.at[host.len - 1] != '.' && !bytes_end_with(host, name);
}

bool subject_has_host(const struct subject *subject, struct bytes host)
{
	if (is_surely_elsewhere(subject->name, host))
		return false;
	if (subject->is_registrable && bytes_equal(host, subject->name))
		return true;
	struct buffer domain = buffer_with_ceiling(DOMAIN_MAX);
	bool has = subject->kind == SUBJECT_ORGANISATION && attribute_registrable_domain(host, &domain) == STATUS_OK &&
	           bytes_equal(buffer_bytes(&domain), subject->name);
	buffer_free(&domain);
	return has;
}

bool subject_has_address(const struct subject *subject, struct bytes address)
{
	size_t at = bytes_find_last_byte(address, '@');
	if (subject->kind == SUBJECT_PERSON)
		return bytes_equal(address, subject->name);
	return at != BYTES_NOT_FOUND && subject_has_host(subject, bytes_from(address, at + 1));
}
