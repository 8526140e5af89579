/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/notice-api.h"

#include "catalog/notices.h"

enum status portal_acknowledge(struct portal_call *call, struct failure *reterr)
{
	const struct portal_reply head = {.code = 200, .content = PORTAL_JSON};
	struct failure failure = {.why = ""};
	enum status status = catalog_acknowledge_notice(call->desk->catalog, call->request->parameter, &failure);
	call->sink->is_on_schedule = true;
	if (status == STATUS_MALFORMED)
		return reply_problem(call->sink, call->request, 404, "Not found",
		                     "That is not a notice's code: it has 30 letters and digits, as the notice shows it.");
	if (status != STATUS_OK && status != STATUS_ABSENT) {
		*reterr = failure;
		return status;
	}
	return reply_whole(call->sink, &head, BYTES_LITERAL("{\"acknowledged\":true}"));
}
