/* SPDX-License-Identifier: Apache-2.0 */
#include "act/watch-schedule.h"

enum { BACKOFF_LEAST = 1000, BACKOFF_MOST = 900000, JITTER_SHARE = 10 };

bool watch_every_parse(struct bytes text, int64_t *ret_milliseconds)
{
	static const struct {
		const char *name;
		int64_t milliseconds;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
	int64_t number = 0;
	size_t digits = 0;
	for (; digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9'; digits++) {
		if (number > WATCH_EVERY_MOST)
			return false;
		number = number * 10 + (text.at[digits] - '0');
	}
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (digits == 0 || !bytes_equal(bytes_from(text, digits), bytes_of_string(units[i].name)))
			continue;
		if (number == 0 || number > WATCH_EVERY_MOST / units[i].milliseconds)
			return false;
		*ret_milliseconds = number * units[i].milliseconds;
		return true;
	}
	return false;
}

static int64_t draw(int64_t below, uint64_t random)
{
	return (int64_t)(random % ((uint64_t)below + 1));
}

int64_t watch_schedule_next(struct watch_schedule *schedule, int64_t now, uint64_t random)
{
	int64_t jitter = draw(schedule->every / JITTER_SHARE, random);
	/* Behind by more than a round, or ahead of the clock: from now on. */
	if (schedule->beat > now || now - schedule->beat >= schedule->every)
		schedule->beat = now;
	schedule->beat += schedule->every;
	int64_t due = schedule->beat + jitter;
	return due > now ? due : now;
}

void watch_backoff_fail(struct watch_backoff *backoff, int64_t now, uint64_t random)
{
	int64_t wait = BACKOFF_LEAST;
	for (unsigned i = 0; i < backoff->failures && wait < BACKOFF_MOST; i++)
		wait *= 2;
	if (wait > BACKOFF_MOST)
		wait = BACKOFF_MOST;
	wait = wait - wait / 4 + draw(wait / 4, random);
	backoff->failures++;
	backoff->due = now + wait;
}

bool watch_backoff_is_due(const struct watch_backoff *backoff, int64_t now)
{
	return backoff->failures == 0 || now >= backoff->due || backoff->due - now > BACKOFF_MOST;
}
