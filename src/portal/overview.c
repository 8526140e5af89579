/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/overview.h"

#include "base/clock.h"
#include "catalog/proofs.h"

#include <stdlib.h>

/* ---- containers ---- */

struct overview_gathering {
	struct overview *overview;
	struct overview_container *containers;
	struct arena *arena;
};

static void count_exposure(struct overview *overview, const struct container_summary *summary)
{
	if (summary->exposed.first_seen == CLOCK_UNKNOWN) {
		overview->never_open++;
		return;
	}
	overview->open += summary->exposed.closed_at == CLOCK_UNKNOWN;
	overview->closed += summary->exposed.closed_at != CLOCK_UNKNOWN;
	if (overview->first_seen == CLOCK_UNKNOWN || summary->exposed.first_seen < overview->first_seen)
		overview->first_seen = summary->exposed.first_seen;
	if (overview->last_seen == CLOCK_UNKNOWN || summary->exposed.last_seen > overview->last_seen)
		overview->last_seen = summary->exposed.last_seen;
}

static enum status add_container(void *context, const struct container_summary *summary)
{
	struct overview_gathering *gathering = context;
	struct overview *overview = gathering->overview;
	count_exposure(overview, summary);
	if (overview->container_count == OVERVIEW_CONTAINERS_MAX) {
		overview->containers_left_out++;
		return STATUS_OK;
	}
	struct overview_container *container = &gathering->containers[overview->container_count];
	*container = (struct overview_container){
		.url = arena_copy(gathering->arena, summary->container.url),
		.objects = summary->objects,
		.documents = summary->documents,
		.first_seen = summary->exposed.first_seen,
		.last_seen = summary->exposed.last_seen,
		.closed_at = summary->exposed.closed_at,
	};
	if (container->url.at == NULL && summary->container.url.len > 0)
		return STATUS_NO_MEMORY;
	overview->container_count++;
	return STATUS_OK;
}

/* Those without a span last. */
static int compare_containers(const void *left, const void *right)
{
	const struct overview_container *a = left, *b = right;
	int64_t first = a->first_seen == CLOCK_UNKNOWN ? INT64_MAX : a->first_seen;
	int64_t second = b->first_seen == CLOCK_UNKNOWN ? INT64_MAX : b->first_seen;
	return first != second ? (first > second) - (first < second) : bytes_compare(a->url, b->url);
}

static enum status read_containers(struct incident *incident, struct arena *arena, struct overview *overview,
                                   struct failure *reterr)
{
	struct overview_gathering gathering = {overview, NULL, arena};
	gathering.containers = arena_allocate(arena, OVERVIEW_CONTAINERS_MAX * sizeof *gathering.containers);
	if (gathering.containers == NULL)
		return STATUS_NO_MEMORY;
	enum status status = incident_containers(incident, add_container, &gathering, reterr);
	if (overview->container_count > 1)
		qsort(gathering.containers, overview->container_count, sizeof *gathering.containers, compare_containers);
	overview->containers = gathering.containers;
	return status;
}

/* ---- what waits ---- */

static enum status count_waiting(void *context, const struct waiting_challenge *waiting)
{
	(void)waiting;
	++*(uint64_t *)context;
	return STATUS_OK;
}

static enum status count_appeal(void *context, const struct appeal *appeal)
{
	*(uint64_t *)context += appeal->state == APPEAL_OPEN;
	return STATUS_OK;
}

/* Those that the register calls the owner itself are nobody to be told. */
static uint64_t count_own(const struct breakdown *by_relationship)
{
	for (size_t i = 0; by_relationship->is_known && i < by_relationship->count; i++)
		if (bytes_equal_string(by_relationship->rows[i].name, relationship_name(RELATIONSHIP_OWN)))
			return by_relationship->rows[i].count;
	return 0;
}

static void count_untold(struct overview *overview)
{
	uint64_t others = overview->ledger.organisations.distinct - count_own(&overview->ledger.by_relationship);
	overview->untold = others > overview->reach.organisations ? others - overview->reach.organisations : 0;
}

/* ---- all ---- */

enum status overview_read(struct incident *incident, int64_t now, struct arena *arena, struct overview *ret_overview,
                          struct failure *reterr)
{
	struct overview overview = {.first_seen = CLOCK_UNKNOWN, .last_seen = CLOCK_UNKNOWN};
	enum status status = incident_ledger(incident, arena, &overview.ledger, reterr);
	if (status == STATUS_OK)
		status = incident_coverage(incident, &overview.coverage, reterr);
	if (status == STATUS_OK)
		status = incident_swept_at(incident, &overview.swept_at, reterr);
	if (status == STATUS_OK)
		status = read_containers(incident, arena, &overview, reterr);
	if (status == STATUS_OK)
		status = challenges_waiting(incident, now, count_waiting, &overview.proofs_waiting, reterr);
	if (status == STATUS_OK)
		status = appeals(incident, BYTES_NONE, count_appeal, &overview.appeals_open, reterr);
	if (status == STATUS_OK)
		status = reach_find(incident, NULL, NULL, &overview.reach, reterr);
	if (status == STATUS_OK) {
		count_untold(&overview);
		*ret_overview = overview;
	}
	return status;
}
