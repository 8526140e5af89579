/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a container's members. */
#include "answer/containers.h"

#include "answer/copies.h"
#include "answer/hit.h"
#include "base/clock.h"
#include "base/sum.h"

const char *containers_listing_name(enum listing_end listing)
{
	static const char *const names[] = {
		[LISTING_COMPLETE] = "complete",
		[LISTING_PARTIAL] = "partial",
		[LISTING_REFUSED] = "refused",
		[LISTING_UNREACHABLE] = "unreachable",
	};
	return (unsigned)listing < sizeof names / sizeof *names ? names[listing] : NULL;
}

void containers_write(const struct container_summary *summary, struct json_writer *json)
{
	json_key(json, "container");
	json_bytes(json, summary->container.name);
	hit_write_target(&summary->container, json);
	json_key(json, "provider");
	json_string(json, provider_name(summary->container.provider));
	json_member_text(json, "account", summary->container.account);
	json_key(json, "url");
	json_bytes(json, summary->container.url);
	json_member_unsigned(json, "objects", summary->objects);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "bytes", summary->bytes);
	json_member_at_least(json, sum_is_at_least(summary->bytes));
	json_key(json, "unseen");
	json_begin_object(json);
	json_member_unsigned(json, "objects", summary->unseen_objects);
	json_member_unsigned(json, "bytes", summary->unseen_bytes);
	json_member_at_least(json, sum_is_at_least(summary->unseen_bytes));
	json_end_object(json);
	json_key(json, "exposed");
	json_begin_object(json);
	json_member_time(json, "first_seen", summary->exposed.first_seen);
	json_member_time(json, "last_seen", summary->exposed.last_seen);
	json_member_time(json, "closed_at", summary->exposed.closed_at);
	json_end_object(json);
	copies_write_seen(&summary->others, json);
	json_member_time(json, "last_sweep", summary->last_sweep);
	json_key(json, "listing");
	const char *listing = containers_listing_name(summary->listing);
	listing != NULL ? json_string(json, listing) : json_null(json);
	json_member_time(json, "last_write", summary->last_write);
	json_member_time(json, "last_read", summary->last_read);
	json_member_time(json, "last_taken", summary->last_taken);
	json_key(json, "dormant");
	enum answer dormant = containers_are_dormant(summary->last_write, summary->last_read, clock_now());
	dormant == ANSWER_NOT_ESTABLISHED ? json_null(json) : json_boolean(json, dormant == ANSWER_YES);
}

enum answer containers_are_dormant(int64_t last_write, int64_t last_read, int64_t now)
{
	bool is_written = last_write != CLOCK_UNKNOWN && now - last_write < DORMANT_SECONDS;
	bool is_read = last_read != CLOCK_UNKNOWN && now - last_read < DORMANT_SECONDS;
	if (is_written || is_read)
		return ANSWER_NO;
	return last_write != CLOCK_UNKNOWN && last_read != CLOCK_UNKNOWN ? ANSWER_YES : ANSWER_NOT_ESTABLISHED;
}
