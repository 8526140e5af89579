/* SPDX-License-Identifier: Apache-2.0 */
/* Names of doors and of what is found there. */
#include "model/exposure.h"

const char *door_name(enum door door)
{
	static const char *const names[DOOR_COUNT] = {
		[DOOR_LIST] = "list",
		[DOOR_READ] = "read",
		[DOOR_VERSION] = "version",
		[DOOR_SNAPSHOT] = "snapshot",
		[DOOR_STATIC_SITE] = "static_site",
		[DOOR_SIGNED_LINK] = "signed_link",
	};
	return names[door];
}

const char *found_name(enum found found)
{
	static const char *const names[FOUND_COUNT] = {
		[FOUND_OPEN] = "open",
		[FOUND_REFUSED] = "refused",
		[FOUND_GONE] = "gone",
	};
	return names[found];
}
