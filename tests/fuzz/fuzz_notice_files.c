/* SPDX-License-Identifier: Apache-2.0 */
/* What notices read of others' writing, any bytes: a contacts file, a security.txt, a message that came back. What is taken of it can
 * stand in an envelope, and nothing else happens. */
#include "act/bounce.h"
#include "act/notice-mail.h"
#include "act/recipients.h"
#include "base/text.h"

#include <stdlib.h>

enum { FILE_MAX = 64 * 1024, ARENA_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void read_contacts(struct bytes file, const char *path)
{
	struct arena arena = arena_with_ceiling(ARENA_MAX);
	struct contacts contacts;
	struct failure failure = {.why = ""};
	enum status status = contacts_read(file, path, &arena, &contacts, &failure);
	require(status == STATUS_OK || (status == STATUS_USAGE && failure.why[0] != '\0'));
	for (size_t i = 0; status == STATUS_OK && i < contacts.count; i++)
		require(notice_may_go_to(contacts.rows[i].address) && text_is_valid(contacts.rows[i].name));
	arena_free(&arena);
}

static void read_security_txt(struct bytes page)
{
	struct arena arena = arena_with_ceiling(ARENA_MAX);
	struct recipients found;
	const struct recipient_sources sources = {.domain = BYTES_LITERAL("contoso.com"), .contact = page, .security_txt = page};
	require(recipients_find(&sources, &arena, &found) == STATUS_OK);
	for (size_t i = 0; i < found.count; i++)
		for (size_t j = 0; j < i; j++)
			require(notice_may_go_to(found.at[i].address) && !bytes_equal(found.at[i].address, found.at[j].address));
	arena_free(&arena);
}

static enum status look_at(void *context, const struct bounce *bounce)
{
	require(bounce->message.len == 0 || bounce->message.len == NOTICE_MESSAGE_SIZE - 1);
	require(bounce->code.len == 0 || notice_code_is_well_formed(bounce->code));
	++*(size_t *)context;
	return STATUS_OK;
}

/* Its first byte says how messages lie in one another. */
static void read_bounces(struct bytes file)
{
	struct bounce_reading reading = {.arena = arena_with_ceiling(ARENA_MAX)};
	size_t messages = 0;
	uint32_t count = file.len > 0 ? file.at[0] % 5 + 1u : 1;
	for (uint32_t ordinal = count; ordinal-- > 0;) {
		struct document_record record = {
			.ordinal = ordinal,
			.parent = ordinal > 0 && file.len > 1 ? file.at[1] % (ordinal + 1u) : 0,
			.outcome = OUTCOME_READ,
			.media_type = ordinal % 2 == 0 ? BYTES_LITERAL("message/rfc822") : BYTES_LITERAL("text/plain"),
			.text = bytes_slice(file, ordinal * file.len / count, file.len / count),
		};
		require(bounce_take(&reading, &record) == STATUS_OK);
	}
	require(bounce_each(&reading, look_at, &messages) == STATUS_OK);
	require(messages <= count);
	bounce_reading_free(&reading);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct bytes file = bytes_of(data, size);
	if (size > FILE_MAX)
		return 0;
	read_contacts(file, "contacts.csv");
	read_contacts(file, "contacts.yaml");
	read_security_txt(file);
	read_bounces(file);
	return 0;
}
