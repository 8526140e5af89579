/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same whatever keeps them: changes draw turns, and are made under the incident's lock. */
#include "catalog/reads.h"

#include "catalog/inside.h"
#include "catalog/turn.h"

static enum status draw(struct incident *incident, uint64_t *ret_turn, struct failure *reterr)
{
	if (!incident->is_for_sweep)
		return fail(reterr, STATUS_BROKEN, incident->place.folder, "the incident is open for reading only");
	return turn_draw(incident, ret_turn, reterr);
}

enum status incident_begin_log(struct incident *incident, const unsigned char sha256[32], uint64_t *ret_file, bool *ret_is_known,
                               struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->begin_log(incident->store, sha256, clock_now(), turn, ret_file, ret_is_known, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status incident_put_accesses(struct incident *incident, uint64_t file, const struct access_record *records, size_t count,
                                  uint64_t *ret_new, struct failure *reterr)
{
	return incident->backend->put_accesses(incident->store, file, records, count, ret_new, reterr);
}

enum status incident_end_log(struct incident *incident, uint64_t file, const struct log_file *figures, struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->end_log(incident->store, file, figures, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status incident_reads_spans(struct incident *incident, reads_span_visitor *each, void *context, struct failure *reterr)
{
	return incident->backend->reads_spans(incident->store, each, context, reterr);
}

enum status incident_reads_sums(struct incident *incident, struct reads_sums *ret_sums, struct failure *reterr)
{
	return incident->backend->reads_sums(incident->store, ret_sums, reterr);
}

enum status incident_reads_networks(struct incident *incident, reads_network_visitor *each, void *context, struct failure *reterr)
{
	return incident->backend->reads_networks(incident->store, each, context, reterr);
}

enum status incident_reads_objects(struct incident *incident, reads_object_visitor *each, void *context, struct failure *reterr)
{
	return incident->backend->reads_objects(incident->store, each, context, reterr);
}

enum status incident_reads_organisations(struct incident *incident, reads_organisation_visitor *each, void *context,
                                         struct failure *reterr)
{
	return incident->backend->reads_organisations(incident->store, each, context, reterr);
}

enum status incident_reads_of_object(struct incident *incident, const struct container *container, struct bytes name,
                                     struct bytes version, struct reads_seen *ret_seen, struct failure *reterr)
{
	return incident->backend->reads_of_object(incident->store, container, name, version, ret_seen, reterr);
}

enum status incident_reads_of_container(struct incident *incident, const struct container *container, struct reads_seen *ret_seen,
                                        struct failure *reterr)
{
	return incident->backend->reads_of_container(incident->store, container, ret_seen, reterr);
}
