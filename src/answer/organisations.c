/* SPDX-License-Identifier: Apache-2.0 */
/* Writing an organisation's members; name and country wait for the register. */
#include "answer/organisations.h"

void organisations_write(const struct organisation_summary *summary, struct json_writer *json)
{
	json_key(json, "domain");
	json_bytes(json, summary->domain);
	json_key(json, "name");
	json_null(json);
	json_key(json, "country");
	json_null(json);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "as_party", summary->as_party);
	json_member_unsigned(json, "mentions", summary->mentions);
	json_member_unsigned(json, "addresses", summary->addresses);
	json_member_time(json, "first_date", summary->first_date);
	json_member_time(json, "last_date", summary->last_date);
	json_key(json, "confidence");
	json_real(json, summary->confidence);
}
