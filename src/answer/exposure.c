/* SPDX-License-Identifier: Apache-2.0 */
/* Spans and their evidence. */
#include "answer/exposure.h"

static void write_observation(const struct observation *observation, struct json_writer *json)
{
	json_begin_object(json);
	json_member_string(json, "found", found_name(observation->found));
	json_key(json, "sweep");
	observation->sweep > 0 ? json_unsigned(json, observation->sweep) : json_null(json);
	json_member_time(json, "first_at", observation->first_at);
	json_member_time(json, "last_at", observation->last_at);
	json_member_text(json, "said", observation->said);
	json_end_object(json);
}

static enum status write_span(void *context, const struct exposure *exposure)
{
	struct json_writer *json = context;
	json_begin_object(json);
	json_member_string(json, "door", door_name(exposure->door));
	json_member_time(json, "first_seen", exposure->first_seen);
	json_member_time(json, "last_seen", exposure->last_seen);
	json_member_time(json, "closed_at", exposure->closed_at);
	json_key(json, "evidence");
	json_begin_array(json);
	for (size_t i = 0; i < exposure->evidence_count; i++)
		write_observation(&exposure->evidence[i], json);
	json_end_array(json);
	json_end_object(json);
	return STATUS_OK;
}

enum status exposure_write(struct incident *incident, const struct id *id, struct json_writer *json, struct failure *reterr)
{
	json_begin_array(json);
	enum status status = incident_exposures(incident, id, write_span, json, reterr);
	json_end_array(json);
	return status;
}
