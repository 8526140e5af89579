/* SPDX-License-Identifier: Apache-2.0 */
/* Additive increase, multiplicative decrease. */
#include "net/governor.h"

enum { BACK_OFF_MAX = 30000, LEVEL_MAX = 16 };

int64_t governor_wait(const struct governor *governor, int64_t now)
{
	if (governor->under_way >= (unsigned)governor->window)
		return -1;
	int64_t ready = governor->paused_until;
	if (governor->rate > 0 && governor->next_slot > ready)
		ready = governor->next_slot;
	return ready > now ? ready - now : 0;
}

int64_t governor_pause(const struct governor *governor, int64_t now)
{
	return governor->paused_until > now ? governor->paused_until - now : 0;
}

void governor_start(struct governor *governor, int64_t now)
{
	governor->under_way++;
	if (governor->rate > 0) {
		int64_t from = governor->next_slot > now ? governor->next_slot : now;
		int64_t interval = (int64_t)(1000.0 / governor->rate);
		governor->next_slot = from + (interval > 0 ? interval : 0);
	}
}

void governor_end(struct governor *governor)
{
	governor->under_way--;
}

void governor_hear_answer(struct governor *governor)
{
	governor->answered++;
	governor->silences = 0;
	governor->level = 0;
	governor->window += 1.0 / governor->window;
	if (governor->window > governor->width)
		governor->window = governor->width;
}

void governor_hear_silence(struct governor *governor)
{
	governor->silences++;
}

bool governor_is_lost(const struct governor *governor)
{
	return governor->silences > 2 * governor->width;
}

int64_t governor_back_off(const struct governor *governor, unsigned level, uint64_t random)
{
	int64_t whole = (int64_t)governor->first_back_off << (level < LEVEL_MAX ? level : LEVEL_MAX);
	if (whole > BACK_OFF_MAX)
		whole = BACK_OFF_MAX;
	return whole - (int64_t)(random % (uint64_t)(whole / 2 + 1));
}

int64_t governor_hear_busy(struct governor *governor, int64_t now, int64_t retry_after, uint64_t random)
{
	int64_t delay = retry_after >= 0 ? retry_after : governor_back_off(governor, governor->level, random);
	governor->silences = 0;
	if (retry_after >= 0 && now + retry_after > governor->paused_until)
		governor->paused_until = now + retry_after;
	if (now >= governor->raise_after) {
		governor->raise_after = now + delay;
		governor->window = governor->window > 2 ? governor->window / 2 : 1;
		if (retry_after < 0 && governor->level < LEVEL_MAX)
			governor->level++;
	}
	return delay;
}
