/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of one kind, as members and as a sentence. */
#include "answer/coverage.h"

const char coverage_nobody_looked[] = "Not looked for: no rule looked through any document for this, so none is no answer.";

bool coverage_has_all(const struct coverage *coverage, uint64_t kinds)
{
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if ((kinds & FINDING_KIND_BIT(kind)) != 0 && !coverage_is_looked_for(coverage, kind))
			return false;
	return true;
}

/* FINDING_KIND_COUNT: the set is empty. */
static enum finding_kind least_of(const struct coverage *coverage, uint64_t kinds)
{
	enum finding_kind least = FINDING_KIND_COUNT;
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if ((kinds & FINDING_KIND_BIT(kind)) != 0 &&
		    (least == FINDING_KIND_COUNT || coverage_missing(coverage, kind) > coverage_missing(coverage, least)))
			least = kind;
	return least;
}

void coverage_write_missing(const struct coverage *coverage, enum finding_kind kind, struct json_writer *json)
{
	json_key(json, "not_looked_through");
	json_begin_object(json);
	json_member_unsigned(json, "documents", coverage_missing(coverage, kind));
	json_member_unsigned(json, "older_rules", coverage->older_rules[kind]);
	json_member_unsigned(json, "not_read", coverage->not_read);
	json_member_unsigned(json, "expired", coverage->expired);
	json_end_object(json);
}

void coverage_write(const struct coverage *coverage, uint64_t kinds, struct json_writer *json)
{
	enum finding_kind least = least_of(coverage, kinds);
	json_key(json, "looked_for");
	json_boolean(json, coverage_has_all(coverage, kinds));
	if (least != FINDING_KIND_COUNT) {
		coverage_write_missing(coverage, least, json);
	} else {
		json_key(json, "not_looked_through");
		json_null(json);
	}
}

static void append_part(struct buffer *into, uint64_t count, const char *what)
{
	if (count > 0)
		buffer_append_format(into, "%s%llu %s", into->len > 0 ? ", " : "", (unsigned long long)count, what);
}

void coverage_append_note(const struct coverage *coverage, uint64_t kinds, struct buffer *into)
{
	enum finding_kind least = least_of(coverage, kinds);
	if (least == FINDING_KIND_COUNT || coverage_missing(coverage, least) == 0)
		return;
	struct buffer parts = buffer_with_ceiling(1024);
	append_part(&parts, coverage->older_rules[least], "read by older rules (tidemark sweep --redo all)");
	append_part(&parts, coverage->not_read, "not wholly read (tidemark search outcome:unread)");
	append_part(&parts, coverage->expired, "expired");
	buffer_append_format(into, "Not looked through: of %llu documents, %s.", (unsigned long long)coverage->documents,
	                     buffer_string(&parts));
	buffer_free(&parts);
}
