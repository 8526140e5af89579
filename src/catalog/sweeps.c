/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same whatever keeps the incident: sweeps begin before they put, and changes draw turns. */
#include "catalog/sweeps.h"

#include "catalog/inside.h"
#include "catalog/turn.h"

#include <assert.h>

/* BROKEN if no sweep was begun on this handle. */
static enum status check(const struct incident *incident, struct failure *reterr)
{
	if (incident->has_begun)
		return STATUS_OK;
	return fail(reterr, STATUS_BROKEN, incident->place.folder, "no sweep was begun");
}

/* ---- beginning and end ---- */

static_assert(VAULT_KEY_SIZE == FINDING_SECRET_KEY_SIZE, "a key derived is a key for digests");

void sweep_secret_key(const struct incident *incident, unsigned char into[FINDING_SECRET_KEY_SIZE])
{
	struct vault_key key;
	vault_key_derive(&incident->place.key, "secrets", &key);
	memcpy(into, key.bytes, sizeof key.bytes);
	vault_key_wipe(&key);
}

enum status sweep_begin(struct incident *incident, const struct sweep_plan *plan, struct sweep_state *ret_state,
                        struct failure *reterr)
{
	struct sweep_state state = {.sweep = 0};
	uint64_t turn = 0;
	bool is_older = false;
	incident->has_begun = false;
	if (!incident->is_for_sweep)
		return fail(reterr, STATUS_BROKEN, incident->place.folder, "the incident is open for reading only");
	enum status status = turn_look_back(incident, &is_older, reterr);
	if (status == STATUS_OK)
		status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->begin(incident->store, plan, turn, &state, reterr);
	if (status == STATUS_OK)
		status = turn_tell(incident, reterr);
	if (status != STATUS_OK)
		return status;
	state.is_older_copy = is_older;
	incident->has_begun = true;
	*ret_state = state;
	return STATUS_OK;
}

enum status sweep_end(struct incident *incident, bool is_complete, struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = check(incident, reterr);
	if (status == STATUS_OK)
		status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->end(incident->store, is_complete, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status sweep_leave(struct incident *incident, struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = check(incident, reterr);
	if (status == STATUS_OK)
		status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->leave(incident->store, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status sweep_summarise(struct incident *incident, struct sweep_summary *ret_summary, struct failure *reterr)
{
	enum status status = incident->backend->summarise(incident->store, ret_summary, reterr);
	return status != STATUS_ABSENT ? status
	                               : fail(reterr, status, incident->place.folder, "no sweep was made of this incident yet");
}

/* ---- listing ---- */

enum status sweep_cursor(struct incident *incident, size_t target, struct buffer *ret_cursor, bool *ret_is_done)
{
	return incident->backend->cursor(incident->store, target, ret_cursor, ret_is_done);
}

enum status sweep_find_known(struct incident *incident, struct listed_object *objects, size_t count, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->find_known(incident->store, objects, count, reterr) : status;
}

enum status sweep_put_page(struct incident *incident, size_t target, const struct listed_object *objects, size_t count,
                           struct bytes next_cursor, bool is_last, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status != STATUS_OK
	               ? status
	               : incident->backend->put_page(incident->store, target, objects, count, next_cursor, is_last, reterr);
}

enum status sweep_note_refusal(struct incident *incident, size_t target, struct bytes said, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->note_refusal(incident->store, target, said, reterr) : status;
}

enum status sweep_note_listing(struct incident *incident, size_t target, enum listing_end end, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->note_listing(incident->store, target, end, reterr) : status;
}

enum status sweep_lacks_versions(struct incident *incident, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->lacks_versions(incident->store, reterr) : status;
}

/* ---- reading ---- */

enum status sweep_pending(struct incident *incident, struct buffer *cursor, size_t max, struct arena *arena,
                          struct pending_object *ret_objects, size_t *ret_count)
{
	return incident->backend->pending(incident->store, cursor, max, arena, ret_objects, ret_count);
}

enum status sweep_put(struct incident *incident, const struct sweep_entry *entries, size_t count, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->put(incident->store, entries, count, reterr) : status;
}

enum status sweep_give_up(struct incident *incident, size_t target, enum outcome outcome, struct bytes note,
                          struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->give_up(incident->store, target, outcome, note, reterr) : status;
}

enum status sweep_digests(struct incident *incident, size_t max, void (*each)(void *context, const unsigned char sha256[32]),
                          void *context, bool *ret_is_all, struct failure *reterr)
{
	return incident->backend->digests(incident->store, max, each, context, ret_is_all, reterr);
}

enum status sweep_adopt_twin(struct incident *incident, const struct id *object, const unsigned char sha256[32],
                             uint64_t fetched_bytes, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status != STATUS_OK ? status
	                           : incident->backend->adopt_twin(incident->store, object, sha256, fetched_bytes, reterr);
}

enum status sweep_checkpoint(struct incident *incident, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->checkpoint(incident->store, false, reterr) : status;
}

enum status sweep_checkpoint_if_due(struct incident *incident, struct failure *reterr)
{
	enum status status = check(incident, reterr);
	return status == STATUS_OK ? incident->backend->checkpoint(incident->store, true, reterr) : status;
}
