/* SPDX-License-Identifier: Apache-2.0 */
#include "answer/copies.h"

#include "base/digest.h"

const char *copies_state(const struct copy_holding *copy)
{
	return copy->attested != CLOCK_UNKNOWN ? "attested" : copy->requested != CLOCK_UNKNOWN ? "requested" : "held";
}

void copies_write(const struct copy_holding *copy, struct json_writer *json)
{
	char id[ID_TEXT_SIZE];
	struct buffer hex = buffer_with_ceiling(128);
	if (copy->has_sha256)
		digest_append_hex(&hex, bytes_of(copy->sha256, sizeof copy->sha256));
	json_member_string(json, "id", id_format(copy->id, id));
	json_member_text(json, "holder", copy->holder);
	json_member_text(json, "what", copy->what);
	json_member_time(json, "since", copy->since);
	json_member_string(json, "state", copies_state(copy));
	json_member_text(json, "evidence", copy->evidence);
	json_member_text(json, "evidence_sha256", buffer_bytes(&hex));
	json_member_time(json, "added_at", copy->added);
	json_member_time(json, "requested_at", copy->requested);
	json_member_time(json, "attested_at", copy->attested);
	json_member_text(json, "attested_by", copy->attested_by);
	json_member_unsigned(json, "entries", copy->entries);
	json_member_time(json, "first_seen", copy->first_seen);
	json_member_time(json, "last_seen", copy->last_seen);
	buffer_free(&hex);
}

struct letter_word {
	const char *name;
	struct bytes text;
};

static void append_filled(const char *letter, const struct letter_word *words, size_t count, struct buffer *into)
{
	struct bytes rest = bytes_of_string(letter);
	while (rest.len > 0) {
		size_t begin = bytes_find_byte(rest, '{'), end = bytes_find_byte(rest, '}');
		buffer_append(into, bytes_slice(rest, 0, begin));
		if (begin == BYTES_NOT_FOUND || end == BYTES_NOT_FOUND)
			return;
		for (size_t i = 0; i < count; i++)
			if (bytes_equal_string(bytes_slice(rest, begin + 1, end - begin - 1), words[i].name))
				buffer_append(into, words[i].text);
		rest = bytes_from(rest, end + 1);
	}
}

enum status copies_write_request(const struct copy_holding *copy, struct bytes language, struct buffer *into,
                                 struct failure *reterr)
{
	char id[ID_TEXT_SIZE], since[CLOCK_TEXT_SIZE];
	const struct letter_word words[] = {
		{"HOLDER", copy->holder},
		{"WHAT", copy->what},
		{"SINCE", bytes_of_string(clock_format(copy->since, since))},
		{"EVIDENCE", copy->evidence},
		{"ID", bytes_of_string(id_format(copy->id, id))},
	};
	bool is_german = bytes_equal_string(language, "de");
	if (!is_german && !bytes_equal_string(language, "en"))
		return fail(reterr, STATUS_USAGE, "--language", "is en or de");
	append_filled(is_german ? copies_de : copies_en, words, sizeof words / sizeof *words, into);
	return buffer_status(into);
}

void copies_write_seen(const struct seen_by_others *seen, struct json_writer *json)
{
	json_key(json, "seen_by_others");
	if (seen->entries == 0) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	json_member_time(json, "first_at", seen->first);
	json_member_time(json, "last_at", seen->last);
	json_member_unsigned(json, "entries", seen->entries);
	json_member_unsigned(json, "copies", seen->copies);
	json_end_object(json);
}
