/* SPDX-License-Identifier: Apache-2.0 */
/* Within a sweep the turn is the sweep's; by itself a renewal draws its own. */
#include "catalog/renewals.h"

#include "catalog/inside.h"
#include "catalog/turn.h"

enum status renewal_begin(struct incident *incident, const struct renewal_plan *plan, struct failure *reterr)
{
	uint64_t turn = 0;
	if (!incident->is_for_sweep)
		return fail(reterr, STATUS_BROKEN, incident->place.folder, "the incident is open for reading only");
	if (incident->has_begun)
		return incident->backend->begin_renewal(incident->store, plan, 0, reterr);
	enum status status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->begin_renewal(incident->store, plan, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status renewal_next(struct incident *incident, struct buffer *cursor, size_t max, document_visitor *each, void *context,
                         struct failure *reterr)
{
	return incident->backend->renewable(incident->store, cursor, max, each, context, reterr);
}

enum status renewal_put(struct incident *incident, const struct renewed *renewed, size_t count, uint64_t *ret_altered,
                        struct failure *reterr)
{
	return incident->backend->renew(incident->store, renewed, count, ret_altered, reterr);
}

enum status renewal_end(struct incident *incident, struct failure *reterr)
{
	uint64_t turn = 0;
	if (incident->has_begun)
		return incident->backend->checkpoint(incident->store, false, reterr);
	enum status status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->leave(incident->store, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}
