/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/standing.h"

#include "base/clock.h"

struct standing standing_of_none(void)
{
	return (struct standing){
		.told = CLOCK_UNKNOWN, .reached = CLOCK_UNKNOWN, .proved = CLOCK_UNKNOWN, .answered = CLOCK_UNKNOWN};
}

static void take_later(int64_t *time, int64_t other)
{
	*time = other > *time ? other : *time;
}

void standing_add(struct standing *standing, const struct notice *notice)
{
	bool failed = notice->state == NOTICE_STATE_REFUSED || notice->state == NOTICE_STATE_BOUNCED || notice->was_refused;
	bool went_out = notice->state == NOTICE_STATE_SENT || notice->state == NOTICE_STATE_ACKNOWLEDGED;
	standing->notices++;
	if (notice->found_by == NOTICE_BY_CONTACTS)
		return; /* what its CSIRT was told reaches the CSIRT */
	if (failed || went_out)
		standing->came_back = failed;
	if (went_out)
		take_later(&standing->told, notice->at);
	if (went_out && !notice->is_unknown)
		take_later(&standing->reached, notice->at);
}

static enum status add(void *context, const struct notice *notice)
{
	standing_add(context, notice);
	return STATUS_OK;
}

enum status standing_of(struct incident *incident, struct bytes organisation, struct standing *ret_standing,
                        struct failure *reterr)
{
	struct standing standing = standing_of_none();
	struct subject_state state;
	enum status status = incident_notices(incident, organisation, add, &standing, reterr);
	if (status == STATUS_OK)
		status = subject_state_of(incident, organisation, &state, reterr);
	if (status != STATUS_OK)
		return status;
	standing.proved = state.proved;
	standing.answered = state.answered;
	standing.asked = state.asked;
	*ret_standing = standing;
	return STATUS_OK;
}
