/* SPDX-License-Identifier: Apache-2.0 */
/* What the cell that listens counts, for /metrics: of a door as a whole, never of who asked or what was answered. */
#ifndef TIDEMARK_MODEL_PORTAL_FIGURE_H
#define TIDEMARK_MODEL_PORTAL_FIGURE_H

/* (name, metric, reason, type, help). Rows of one metric stand together; reason is its label, NULL where it has none. */
/* clang-format off */
#define PORTAL_FIGURES(row) \
	row(OPEN, "tidemark_portal_connections", NULL, "gauge", "Connections open now.") \
	row(ACCEPTED, "tidemark_portal_connections_total", NULL, "counter", "Connections accepted.") \
	row(REQUESTS, "tidemark_portal_requests_total", NULL, "counter", "Requests whose head was read.") \
	row(HANDED_ON, "tidemark_portal_handed_on_total", NULL, "counter", "Requests handed on to be answered.") \
	row(ASSETS, "tidemark_portal_assets_total", NULL, "counter", "Requests answered with embedded files.") \
	row(UNDER_WAY, "tidemark_portal_under_way", NULL, "gauge", "Requests handed on and not answered yet.") \
	row(CROWDED_OUT, "tidemark_portal_refused_total", "connections", "counter", "Connections and requests refused, by reason.") \
	row(ADDRESS_CONNECTIONS, "tidemark_portal_refused_total", "connections_of_an_address", "counter", NULL) \
	row(ADDRESS_RATE, "tidemark_portal_refused_total", "requests_of_an_address", "counter", NULL) \
	row(SLOW_HEAD, "tidemark_portal_refused_total", "slow_head", "counter", NULL) \
	row(SLOW_BODY, "tidemark_portal_refused_total", "slow_body", "counter", NULL) \
	row(SLOW_READER, "tidemark_portal_refused_total", "slow_reader", "counter", NULL) \
	row(MALFORMED, "tidemark_portal_refused_total", "malformed", "counter", NULL) \
	row(TOO_LARGE, "tidemark_portal_refused_total", "too_large", "counter", NULL) \
	row(WRONG_HOST, "tidemark_portal_refused_total", "host", "counter", NULL) \
	row(NO_ROUTE, "tidemark_portal_refused_total", "route", "counter", NULL) \
	row(WRONG_METHOD, "tidemark_portal_refused_total", "method", "counter", NULL) \
	row(WRONG_MEDIA, "tidemark_portal_refused_total", "media_type", "counter", NULL) \
	row(BUSY, "tidemark_portal_refused_total", "busy", "counter", NULL) \
	row(GONE, "tidemark_portal_gone_total", NULL, "counter", "Strangers who left before their reply was whole.")
/* clang-format on */

enum portal_figure {
#define PORTAL_FIGURE_NAME(name, metric, reason, type, help) PORTAL_FIGURE_##name,
	PORTAL_FIGURES(PORTAL_FIGURE_NAME)
#undef PORTAL_FIGURE_NAME
		PORTAL_FIGURE_COUNT
};

#endif
