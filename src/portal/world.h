/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into the world for what a proof published, as serve was told to: by tidemark-fetch, in a process of its own. */
#ifndef TIDEMARK_PORTAL_WORLD_H
#define TIDEMARK_PORTAL_WORLD_H

#include "portal/asking.h"
#include "portal/settings.h"

struct world {
	const struct portal_settings *settings;
	struct desk *desk; /* where it stands what was seen, and why something does not count */
};
/** context: a struct world. Only SIGHTING_SEEN proves. What nobody could find out is UNREACHABLE. */
asking_look world_look;

#endif
