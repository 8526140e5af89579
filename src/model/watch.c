/* SPDX-License-Identifier: Apache-2.0 */
#include "model/watch.h"

const char *watch_event_name(enum watch_event event)
{
	static const char *const names[WATCH_EVENT_COUNT] = {"none", "opened", "narrowed", "closed", "contents"};
	return (unsigned)event < WATCH_EVENT_COUNT ? names[event] : "none";
}

const char *watch_channel_name(enum watch_channel channel)
{
	static const char *const names[WATCH_CHANNEL_COUNT] = {NULL, "webhook", "mail", "syslog", "command"};
	return (unsigned)channel < WATCH_CHANNEL_COUNT ? names[channel] : NULL;
}

const char *watch_state_name(const struct watch_state *state)
{
	if (!state->is_known)
		return NULL;
	if ((state->doors & (DOOR_BIT(DOOR_LIST) | DOOR_BIT(DOOR_VERSION) | DOOR_BIT(DOOR_SNAPSHOT))) != 0)
		return "listable";
	if ((state->doors & DOOR_BIT(DOOR_READ)) != 0)
		return "readable";
	if ((state->doors & DOOR_BIT(DOOR_STATIC_SITE)) != 0)
		return "static_site";
	return verdict_name(state->kind);
}
