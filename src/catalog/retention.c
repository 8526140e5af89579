/* SPDX-License-Identifier: Apache-2.0 */
/* These questions go on to the backend. */
#include "catalog/retention.h"

#include "catalog/inside.h"

enum status incident_retained(struct incident *incident, unsigned facts, retained_visitor *each, void *context,
                              struct failure *reterr)
{
	return incident->backend->retained(incident->store, NULL, facts, each, context, reterr);
}

enum status incident_retained_object(struct incident *incident, const struct id *id, unsigned facts, retained_visitor *each,
                                     void *context, struct failure *reterr)
{
	return incident->backend->retained(incident->store, id, facts, each, context, reterr);
}

enum status incident_whatif(struct incident *incident, unsigned facts, retained_visitor *each, whatif_judge *judge, void *context,
                            struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr)
{
	return incident->backend->whatif(incident->store, facts, each, judge, context, ret_measures, reterr);
}
