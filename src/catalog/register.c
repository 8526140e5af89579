/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same whatever keeps the register: changes draw turns, and are made under the incident's lock. */
#include "catalog/register.h"

#include "catalog/inside.h"
#include "catalog/turn.h"

/* ---- copies ---- */

static bool copy_text(struct bytes *text, struct arena *arena)
{
	if (text->len == 0)
		return true;
	*text = arena_copy(arena, *text);
	return text->at != NULL;
}

enum status register_row_copy(const struct register_row *row, struct arena *arena, struct register_row *ret_row)
{
	struct register_row copy = *row;
	struct bytes *domains = arena_allocate(arena, (row->domain_count + 1) * sizeof *domains);
	struct register_term *terms = arena_allocate(arena, (row->term_count + 1) * sizeof *terms);
	bool is_whole = domains != NULL && terms != NULL && copy_text(&copy.name, arena) && copy_text(&copy.sector, arena) &&
	                copy_text(&copy.country, arena) && copy_text(&copy.contact, arena);
	for (size_t i = 0; is_whole && i < row->domain_count; i++) {
		domains[i] = row->domains[i];
		is_whole = copy_text(&domains[i], arena);
	}
	for (size_t i = 0; is_whole && i < row->term_count; i++) {
		terms[i] = row->terms[i];
		is_whole = copy_text(&terms[i].text, arena);
	}
	if (!is_whole)
		return STATUS_NO_MEMORY;
	copy.domains = domains;
	copy.terms = terms;
	*ret_row = copy;
	return STATUS_OK;
}

/* ---- changes ---- */

static enum status begin_change(struct incident *incident, uint64_t *ret_turn, struct failure *reterr)
{
	if (!incident->is_for_sweep)
		return fail(reterr, STATUS_BROKEN, incident->place.folder, "the incident is open for reading only");
	return turn_draw(incident, ret_turn, reterr);
}

enum status incident_put_register(struct incident *incident, const struct register_state *state, const struct register_row *rows,
                                  size_t count, struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = begin_change(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->put_register(incident->store, state, rows, count, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

enum status incident_remove_registered(struct incident *incident, struct bytes domain, register_visitor *each, void *context,
                                       struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = begin_change(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->remove_registered(incident->store, domain, each, context, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

/* ---- questions ---- */

enum status incident_register_state(struct incident *incident, struct register_state *ret_state, struct failure *reterr)
{
	return incident->backend->register_state(incident->store, ret_state, reterr);
}

enum status incident_register(struct incident *incident, enum relationship relationship, struct bytes cursor,
                              register_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	enum status status = incident->backend->registered(incident->store, relationship, cursor, each, context, ret_cursor,
	                                                   reterr);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status incident_registered(struct incident *incident, struct bytes domain, register_visitor *each, void *context,
                                struct failure *reterr)
{
	return incident->backend->find_registered(incident->store, domain, each, context, reterr);
}

enum status incident_word_contents(struct incident *incident, struct bytes word, uint64_t *ret_contents, uint64_t *ret_all,
                                   struct failure *reterr)
{
	return incident->backend->word_contents(incident->store, word, ret_contents, ret_all, reterr);
}
