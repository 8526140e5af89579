/* SPDX-License-Identifier: Apache-2.0 */
#include "model/notice.h"

static const char *const state_names[NOTICE_STATE_COUNT] = {"planned", "sent", "refused", "bounced", "acknowledged", "escalated"};
static const char *const channel_names[NOTICE_CHANNEL_COUNT] = {"mail", "letter"};
static const char *const finding_names[NOTICE_FINDING_COUNT] = {"register", "security.txt", "role", "contacts"};

const char *notice_state_name(enum notice_state state)
{
	return state_names[state];
}

const char *notice_channel_name(enum notice_channel channel)
{
	return channel_names[channel];
}

const char *notice_finding_name(enum notice_finding finding)
{
	return finding_names[finding];
}

static unsigned find(const char *const *names, unsigned count, struct bytes name)
{
	unsigned at = 0;
	while (at < count && !bytes_equal_string(name, names[at]))
		at++;
	return at;
}

enum notice_finding notice_finding_from_name(struct bytes name)
{
	return (enum notice_finding)find(finding_names, NOTICE_FINDING_COUNT, name);
}
