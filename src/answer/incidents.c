/* SPDX-License-Identifier: Apache-2.0 */
/* Writing an incident's members. */
#include "answer/incidents.h"

void incidents_write(const struct incident_summary *summary, struct json_writer *json)
{
	json_key(json, "name");
	json_bytes(json, summary->name);
	json_member_time(json, "created", summary->created);
	json_member_time(json, "last_sweep", summary->last_sweep);
	json_member_unsigned(json, "objects", summary->objects);
	json_member_unsigned(json, "documents", summary->documents);
	json_key(json, "unfinished");
	json_boolean(json, summary->has_unfinished_sweep);
}
