/* SPDX-License-Identifier: Apache-2.0 */
/* Why the cell answers a request by itself. code 0: it does not. */
#ifndef TIDEMARK_LISTENING_REFUSAL_H
#define TIDEMARK_LISTENING_REFUSAL_H

#include "model/portal-figure.h"

#include <stdint.h>

struct refusal {
	uint16_t code; /* of HTTP */
	enum portal_figure figure;
	const char *title, *detail;
	const char *allow;    /* methods, for 405 */
	const char *location; /* for 308 */
};

#define REFUSAL_NONE ((struct refusal){.code = 0})

static inline struct refusal refuse(uint16_t code, enum portal_figure figure, const char *title, const char *detail)
{
	return (struct refusal){.code = code, .figure = figure, .title = title, .detail = detail};
}

static inline struct refusal refuse_malformed(const char *detail)
{
	return refuse(400, PORTAL_FIGURE_MALFORMED, "Bad request", detail);
}

#endif
