/* SPDX-License-Identifier: Apache-2.0 */
/* What /metrics tells of a door: as its cell counted last, and how often that was started again. */
#ifndef TIDEMARK_PORTAL_FIGURES_H
#define TIDEMARK_PORTAL_FIGURES_H

#include "model/portal-figure.h"

#include <stdint.h>

struct portal_figures {
	uint64_t of_cell[PORTAL_FIGURE_COUNT];
	uint64_t restarts;
};

#endif
