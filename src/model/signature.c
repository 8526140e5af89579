/* SPDX-License-Identifier: Apache-2.0 */
/* A signature as the value of a fact: its members in their order, a line each. */
#include "model/signature.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MEMBERS = 7, MEMBER_MAX = 512 };

/* A line: what would end it early is blank. */
static void append_line(struct buffer *into, struct bytes text)
{
	struct bytes kept = bytes_slice(text, 0, MEMBER_MAX);
	while (kept.len > 0 && kept.len < text.len && (text.at[kept.len] & 0xC0) == 0x80)
		kept.len--;
	for (size_t i = 0; i < kept.len; i++)
		buffer_append_byte(into, kept.at[i] < ' ' ? ' ' : kept.at[i]);
	buffer_append_byte(into, '\n');
}

struct fact signature_fact(const struct signature *signature, struct buffer *into)
{
	static const char *const truths[] = {"?", "true", "false"};
	size_t from = into->len;
	/* The first line is never empty: blanks at either end of a fact's value are cut. */
	append_line(into, signature->covers.len > 0 ? signature->covers : BYTES_LITERAL("unknown"));
	append_line(into, bytes_of_string(truths[signature->intact]));
	if (signature->time != CLOCK_UNKNOWN)
		buffer_append_format(into, "%" PRId64, signature->time);
	buffer_append_byte(into, '\n');
	append_line(into, signature->signer);
	append_line(into, signature->organisation);
	append_line(into, signature->email);
	append_line(into, signature->chain);
	return (struct fact){
		.kind = FACT_SIGNATURE,
		.name = signature->kind,
		.value = bytes_from(buffer_bytes(into), from),
		.confidence = 1,
	};
}

static int64_t read_time(struct bytes text)
{
	uint64_t seconds;
	bool is_before = text.len > 0 && text.at[0] == '-';
	if (!bytes_parse_u64(bytes_from(text, is_before), &seconds) || seconds > INT64_MAX / 2)
		return CLOCK_UNKNOWN;
	return is_before ? -(int64_t)seconds : (int64_t)seconds;
}

bool signature_of_fact(const struct fact *fact, struct signature *ret_signature)
{
	struct bytes members[MEMBERS], rest = fact->value;
	if (fact->kind != FACT_SIGNATURE)
		return false;
	for (size_t i = 0; i < MEMBERS; i++) {
		size_t end = bytes_find_byte(rest, '\n');
		members[i] = bytes_slice(rest, 0, end == BYTES_NOT_FOUND ? rest.len : end);
		rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, end + 1);
	}
	*ret_signature = (struct signature){
		.kind = fact->name,
		.covers = members[0],
		.intact = bytes_equal_string(members[1], "true")    ? SIGNATURE_TRUE
	                  : bytes_equal_string(members[1], "false") ? SIGNATURE_FALSE
	                                                            : SIGNATURE_UNKNOWN,
		.time = read_time(members[2]),
		.signer = members[3],
		.organisation = members[4],
		.email = members[5],
		.chain = members[6],
	};
	return true;
}
