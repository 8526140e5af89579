/* SPDX-License-Identifier: Apache-2.0 */
/* Writing an organisation's members; the register wins over what documents say. */
#include "answer/organisations.h"

void organisations_write(const struct organisation_summary *summary, struct json_writer *json)
{
	json_member_text(json, "domain", organisation_domain(summary->domain));
	json_member_text(json, "name", summary->name);
	json_member_text(json, "country", summary->country);
	json_member_text(json, "sector", summary->sector);
	json_member_string(json, "sector_by",
	                   summary->sector.len == 0        ? NULL
	                   : summary->is_sector_registered ? "register"
	                                                   : "domain");
	json_member_string(json, "relationship", relationship_name(summary->relationship));
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "as_party", summary->as_party);
	json_member_unsigned(json, "mentions", summary->mentions);
	json_member_unsigned(json, "addresses", summary->addresses);
	json_member_time(json, "first_date", summary->first_date);
	json_member_time(json, "last_date", summary->last_date);
	json_key(json, "confidence");
	json_real(json, summary->confidence);
}
