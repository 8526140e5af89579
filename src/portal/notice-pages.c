/* SPDX-License-Identifier: Apache-2.0 */
/* That a notice arrived. A code of ours and one that is none are answered alike. */
#include "base/percent.h"
#include "catalog/notices.h"
#include "portal/page-call.h"
#include "portal/subject-pages.h"

enum status portal_page_notice(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	const struct notice_facts facts = {.code = call->request->parameter,
	                                   .is_acknowledged = portal_field(call->request, "done").len > 0};
	enum status status = page_call_begin(&here, call, "", reterr); /* its links lead to itself */
	if (status == STATUS_OK) {
		page_notice(&here.page, &facts);
		status = page_call_reply(&here, 200);
	}
	page_call_end(&here);
	return status;
}

static enum status go_to(struct page_call *here, struct bytes code, bool is_done)
{
	struct buffer path = buffer_with_ceiling(PORTAL_HEADER_MAX);
	buffer_append_string(&path, "/notice/");
	percent_append_encoded(&path, code, false);
	if (is_done)
		buffer_append_string(&path, "?done=1");
	enum status status = buffer_status(&path) == STATUS_OK ? page_call_go(here, buffer_string(&path), BYTES_NONE)
	                                                       : page_call_refuse(here, STATUS_USAGE);
	buffer_free(&path);
	return status;
}

/* A form cannot write a path. */
enum status portal_page_find_notice(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct bytes code = bytes_trim(portal_field(call->request, "code"));
	enum status status = page_call_begin(&here, call, NULL, reterr);
	if (status == STATUS_OK)
		status = code.len > 0 && code.len <= PORTAL_PARAMETER_MAX ? go_to(&here, code, false)
		                                                          : page_call_go(&here, "/", BYTES_NONE);
	page_call_end(&here);
	return status;
}

static enum status acknowledge(struct page_call *here, struct failure *reterr)
{
	struct bytes code = here->call->request->parameter;
	enum status status = catalog_acknowledge_notice(here->call->desk->catalog, code, reterr);
	if (status != STATUS_OK && status != STATUS_ABSENT && status != STATUS_MALFORMED)
		return status;
	return go_to(here, code, true);
}

enum status portal_page_acknowledge(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	enum status status = page_call_begin(&here, call, NULL, reterr);
	if (status == STATUS_OK)
		status = page_call_has_form(&here) ? acknowledge(&here, reterr) : page_call_refuse_form(&here);
	page_call_end(&here);
	return status;
}
