/* SPDX-License-Identifier: Apache-2.0 */
/* Writing an entry's members; who and what are null once the key to it is erased. */
#include "answer/journal-entry.h"

#include "base/digest.h"

void journal_entry_write(const struct journal_entry *entry, struct json_writer *json)
{
	struct buffer hash = buffer_with_ceiling(256);
	digest_append_hex(&hash, bytes_of(entry->hash, sizeof entry->hash));
	json_member_unsigned(json, "sequence", entry->sequence);
	json_member_time(json, "time", entry->time);
	json_key(json, "verb");
	json_bytes(json, entry->verb);
	json_member_text(json, "incident", entry->incident);
	json_member_text(json, "operator", entry->operator_name);
	json_key(json, "detail");
	entry->detail.len > 0 ? json_raw(json, entry->detail) : json_null(json);
	json_key(json, "hash");
	json_bytes(json, buffer_bytes(&hash));
	buffer_free(&hash);
}
