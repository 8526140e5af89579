/* SPDX-License-Identifier: Apache-2.0 */
/* Writing an entity's members. */
#include "answer/entities.h"

#include "base/sum.h"

void entities_write(const struct entity_summary *summary, struct json_writer *json)
{
	json_key(json, "kind");
	json_string(json, finding_kind_name(summary->kind));
	json_key(json, "value");
	json_bytes(json, summary->value);
	json_member_unsigned(json, "references", summary->references);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "carved", summary->carved);
	json_member_at_least(json, sum_is_at_least(summary->references));
}
