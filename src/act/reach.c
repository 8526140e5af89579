/* SPDX-License-Identifier: Apache-2.0 */
/* Two walks: what is the latest of each recipient, and what of each organisation came of it. */
#include "act/reach.h"

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/notices.h"

enum { KIND_RECIPIENT, KIND_ORGANISATION };
enum { IS_ACKNOWLEDGED = 1, IS_REACHED = 2, IS_WAITING = 4, IS_SEEN = 8 };

struct reaching {
	struct hash_table latest;        /* by recipient: how many notices it has, then how many are yet to come */
	struct hash_table organisations; /* by organisation: bits */
	notice_visitor *each;
	void *context;
};

static uint64_t recipient_hash(const struct notice *notice)
{
	uint64_t organisation = hash_of(KIND_ORGANISATION, notice->name.organisation);
	return hash_of(KIND_RECIPIENT + 2u * (unsigned)notice->name.channel, notice->name.recipient) ^ (organisation << 1 | 1);
}

static enum status count_recipient(void *context, const struct notice *notice)
{
	struct reaching *reaching = context;
	bool is_new = false;
	uint64_t *count = hash_table_enter(&reaching->latest, recipient_hash(notice), &is_new);
	if (count == NULL)
		return STATUS_NO_MEMORY;
	++*count;
	return STATUS_OK;
}

static uint64_t bits_of(const struct notice *notice)
{
	if (notice->state == NOTICE_STATE_ACKNOWLEDGED)
		return IS_SEEN | IS_ACKNOWLEDGED | IS_REACHED;
	if (notice->state == NOTICE_STATE_SENT && !notice->is_unknown)
		return IS_SEEN | IS_REACHED;
	if (notice->state == NOTICE_STATE_SENT || notice->state == NOTICE_STATE_PLANNED)
		return IS_SEEN | IS_WAITING;
	return IS_SEEN;
}

static enum status weigh(void *context, const struct notice *notice)
{
	struct reaching *reaching = context;
	uint64_t *to_come = hash_table_find(&reaching->latest, recipient_hash(notice));
	bool is_new = false, is_replaced = to_come != NULL && --*to_come > 0 && notice->begun == CLOCK_UNKNOWN;
	if (is_replaced)
		return STATUS_OK;
	if (notice->found_by != NOTICE_BY_CONTACTS) {
		uint64_t *bits = hash_table_enter(&reaching->organisations, hash_of(KIND_ORGANISATION, notice->name.organisation),
		                                  &is_new);
		if (bits == NULL)
			return STATUS_NO_MEMORY;
		*bits |= bits_of(notice);
	}
	return reaching->each != NULL ? reaching->each(reaching->context, notice) : STATUS_OK;
}

static void sum(const struct hash_table *organisations, struct reach *reach)
{
	for (size_t i = 0; i < organisations->capacity; i++) {
		uint64_t bits = organisations->slots[i].hash != 0 ? organisations->slots[i].value : 0;
		if ((bits & IS_SEEN) == 0)
			continue;
		reach->organisations++;
		reach->acknowledged += (bits & IS_ACKNOWLEDGED) != 0;
		reach->reached += (bits & IS_REACHED) != 0;
		reach->unreachable += (bits & (IS_REACHED | IS_WAITING)) == 0;
		reach->waiting += (bits & IS_REACHED) == 0 && (bits & IS_WAITING) != 0;
	}
}

enum status reach_find(struct incident *incident, notice_visitor *each, void *context, struct reach *ret_reach,
                       struct failure *reterr)
{
	struct reaching reaching = {.each = each, .context = context};
	struct reach reach = {.organisations = 0};
	enum status status = incident_notices(incident, BYTES_NONE, count_recipient, &reaching, reterr);
	if (status == STATUS_OK)
		status = incident_notices(incident, BYTES_NONE, weigh, &reaching, reterr);
	sum(&reaching.organisations, &reach);
	hash_table_free(&reaching.latest);
	hash_table_free(&reaching.organisations);
	if (status == STATUS_OK)
		*ret_reach = reach;
	return status;
}
