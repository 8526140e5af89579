/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What watching knows of one target: the doors at which strangers get in, as
 * bits, as far as somebody's answer said so. An answer that did not come changes
 * nothing. Also the ways in which a change is told.
 */
#ifndef TIDEMARK_MODEL_WATCH_H
#define TIDEMARK_MODEL_WATCH_H

#include "model/exposure.h"
#include "model/verdict.h"

#define DOOR_BIT(door) (1u << (door))

enum watch_event { WATCH_NONE = 0, WATCH_OPENED, WATCH_NARROWED, WATCH_CLOSED, WATCH_CONTENTS, WATCH_EVENT_COUNT };

/* Stored in catalogs by number: append only. */
enum watch_channel { WATCH_WEBHOOK = 1, WATCH_MAIL, WATCH_SYSLOG, WATCH_COMMAND, WATCH_CHANNEL_COUNT };

struct watch_state {
	bool is_known; /* somebody looked, now or before */
	unsigned doors;
	enum verdict_kind kind; /* of the last look that was judged; 0: none was */
	int64_t at;             /* of that look */
};

/* The names of a listing that came to its end, against those of the one before it. */
struct watch_names {
	bool is_listed, is_compared;
	uint64_t count, fresh, gone;
	int64_t last_write; /* the newest time of writing among them; CLOCK_UNKNOWN */
};

/* One change, as it is told. */
struct watch_change {
	const char *id; /* of its alert: the same however often it is told */
	const char *target;
	const struct container *container;
	struct bytes incident;
	enum watch_event event;
	const char *from, *to; /* as watch_state_name; from NULL: nobody had looked */
	unsigned opened, closed;
	int64_t at;
	const struct verdict *verdict;
	struct watch_names names;
};

/** "opened", "narrowed", "closed", "contents". */
const char *watch_event_name(enum watch_event event);
/** "webhook", "mail", "syslog", "command". */
const char *watch_channel_name(enum watch_channel channel);
/** The widest door that stands open ("listable", "readable", "static_site"), else how it is shut ("private-or-absent"); NULL where
 *  nobody looked. */
const char *watch_state_name(const struct watch_state *state);

#endif
