/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked by machines that watch this one: whether it answers, and what the doors count. Neither knows of subjects. */
#include "portal/machine.h"

#include "portal/figures.h"

enum { METRICS_MAX = 64 << 10 };

enum status portal_health(struct portal_call *call, struct failure *reterr)
{
	(void)reterr;
	return reply_whole(call->sink, &(struct portal_reply){.code = 200, .content = PORTAL_PLAIN}, BYTES_LITERAL("ok\n"));
}

/* ---- metrics ---- */

static const struct {
	const char *metric, *reason, *type, *help;
} rows[] = {
#define ROW(name, metric, reason, type, help) {metric, reason, type, help},
	PORTAL_FIGURES(ROW)
#undef ROW
};

static void append_heading(struct buffer *into, const char *metric, const char *type, const char *help)
{
	buffer_append_format(into, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, type);
}

static void append_row(struct buffer *into, size_t row, const char *door, uint64_t value)
{
	if (rows[row].help != NULL)
		append_heading(into, rows[row].metric, rows[row].type, rows[row].help);
	buffer_append_format(into, "%s{door=\"%s\"", rows[row].metric, door);
	if (rows[row].reason != NULL)
		buffer_append_format(into, ",reason=\"%s\"", rows[row].reason);
	buffer_append_format(into, "} %llu\n", (unsigned long long)value);
}

/* The cell asks for it to be refused already; that is not taken on its word. */
static bool is_of_machine(struct bytes peer)
{
	return bytes_start_with(peer, BYTES_LITERAL("127.")) || bytes_equal_string(peer, "::1");
}

enum status portal_metrics(struct portal_call *call, struct failure *reterr)
{
	static const char restarts[] = "tidemark_portal_restarts_total";
	const char *door = call->request->door == PORTAL_OPERATORS ? "operators" : "subjects";
	struct buffer body = buffer_with_ceiling(METRICS_MAX);
	if (!is_of_machine(call->request->peer))
		return fail(reterr, STATUS_ABSENT, "metrics", "are told to this machine alone");
	for (size_t row = 0; row < PORTAL_FIGURE_COUNT; row++)
		append_row(&body, row, door, call->figures->of_cell[row]);
	append_heading(&body, restarts, "counter", "Times that the program which listens had to be started again.");
	buffer_append_format(&body, "%s{door=\"%s\"} %llu\n", restarts, door, (unsigned long long)call->figures->restarts);
	enum status status = buffer_status(&body);
	if (status == STATUS_OK)
		status = reply_whole(call->sink, &(struct portal_reply){.code = 200, .content = PORTAL_PROMETHEUS},
		                     buffer_bytes(&body));
	buffer_free(&body);
	return status;
}
