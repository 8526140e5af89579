/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same whatever keeps them: changes draw turns, and are made under the incident's lock. */
#include "catalog/copies.h"

#include "catalog/inside.h"
#include "catalog/turn.h"

static enum status draw(struct incident *incident, uint64_t *ret_turn, struct failure *reterr)
{
	if (!incident->is_for_sweep)
		return fail(reterr, STATUS_BROKEN, incident->place.folder, "the incident is open for reading only");
	return turn_draw(incident, ret_turn, reterr);
}

enum status incident_put_copy(struct incident *incident, const struct copy_holding *copy, const struct index_entry *entries,
                              size_t count, uint64_t *ret_new, struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->put_copy(incident->store, copy, entries, count, turn, ret_new, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status incident_mark_copy(struct incident *incident, const struct id *id, int64_t when, struct bytes by,
                               struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->mark_copy(incident->store, id, when, by, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status incident_copies(struct incident *incident, copy_visitor *each, void *context, struct failure *reterr)
{
	return incident->backend->copies(incident->store, each, context, reterr);
}

enum status incident_seen_by_others(struct incident *incident, const struct container *container, const struct bytes *object,
                                    struct seen_by_others *ret_seen, struct failure *reterr)
{
	return incident->backend->seen_by_others(incident->store, container, object, ret_seen, reterr);
}
