/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates are gathered until it is plain that there are several. */
#include "answer/reference.h"

#include "answer/hit.h"
#include "base/buffer.h"
#include "scope/target.h"

enum { TOLD = 3, NAME_MAX_TOLD = 32 };

struct candidates {
	bool with_place;       /* they differ in it, not in their names */
	size_t count, current; /* current: what stands there now */
	struct id first, first_current;
	struct buffer told;
};

static void tell(struct candidates *candidates, const struct document_view *view)
{
	char id[ID_TEXT_SIZE];
	struct buffer place = buffer_with_ceiling(1 << 20);
	if (candidates->with_place)
		target_append_container(&view->container, &place);
	else
		buffer_append(&place, hit_name(document_view_path(view)));
	struct bytes shown = buffer_bytes(&place);
	size_t cut = shown.len > NAME_MAX_TOLD ? shown.len - NAME_MAX_TOLD : 0;
	while (cut > 0 && cut < shown.len && (shown.at[cut] & 0xC0) == 0x80)
		cut++;
	buffer_append_format(&candidates->told, "%s%s (%s", candidates->count > 0 ? ", " : "", id_format(view->id, id),
	                     cut > 0 ? "..." : "");
	buffer_append(&candidates->told, bytes_from(shown, cut));
	buffer_append_byte(&candidates->told, ')');
	buffer_free(&place);
}

static enum status take(void *context, const struct document_view *view)
{
	struct candidates *candidates = context;
	bool is_current = view->version.len == 0 && !view->is_gone && !view->is_superseded;
	if (candidates->count < TOLD)
		tell(candidates, view);
	if (candidates->count++ == 0)
		candidates->first = view->id;
	if (is_current && candidates->current++ == 0)
		candidates->first_current = view->id;
	return candidates->count > TOLD && (!candidates->with_place || candidates->current > 1) ? STATUS_END : STATUS_OK;
}

static enum status choose(struct candidates *candidates, struct bytes written, struct id *ret_id, struct failure *reterr)
{
	char where[64];
	bool is_plain = candidates->count == 1 || (candidates->with_place && candidates->current == 1);
	if (is_plain) {
		*ret_id = candidates->count == 1 ? candidates->first : candidates->first_current;
		return STATUS_OK;
	}
	struct buffer shown = buffer_with_ceiling(sizeof where - 1);
	buffer_append(&shown, bytes_slice(written, 0, sizeof where - 2));
	enum status status = fail(reterr, STATUS_ABSENT, buffer_string(&shown), "%s: %s%s",
	                          candidates->with_place ? "lies in several places; name an id"
	                                                 : "several ids begin so; write more of it",
	                          buffer_string(&candidates->told), candidates->count > TOLD ? ", ..." : "");
	buffer_free(&shown);
	return status;
}

static enum status find_at_path(struct incident *incident, struct bytes written, struct id *ret_id, bool *ret_found,
                                struct failure *reterr)
{
	struct candidates candidates = {.with_place = true, .told = buffer_with_ceiling(4096)};
	enum status status = incident_at_path(incident, written, take, &candidates, reterr);
	*ret_found = candidates.count > 0;
	if (status == STATUS_OK && *ret_found)
		status = choose(&candidates, written, ret_id, reterr);
	buffer_free(&candidates.told);
	return status;
}

static enum status find_beginning(struct incident *incident, struct bytes written, struct id *ret_id, bool *ret_found,
                                  struct failure *reterr)
{
	struct candidates candidates = {.told = buffer_with_ceiling(4096)};
	struct id low, high;
	*ret_found = false;
	if (!id_parse_beginning(written, &low, &high))
		return STATUS_OK;
	enum status status = incident_between(incident, &low, &high, take, &candidates, reterr);
	*ret_found = candidates.count > 0;
	if (status == STATUS_OK && *ret_found)
		status = choose(&candidates, written, ret_id, reterr);
	buffer_free(&candidates.told);
	return status;
}

enum status reference_find(struct incident *incident, struct bytes written, struct id *ret_id, struct failure *reterr)
{
	bool is_found = false;
	enum status status = STATUS_OK;
	if (written.len == ID_TEXT_SIZE - 1)
		status = find_beginning(incident, written, ret_id, &is_found, reterr);
	if (status == STATUS_OK && !is_found)
		status = find_at_path(incident, written, ret_id, &is_found, reterr);
	if (status == STATUS_OK && !is_found && written.len < ID_TEXT_SIZE - 1)
		status = find_beginning(incident, written, ret_id, &is_found, reterr);
	if (status != STATUS_OK || is_found)
		return status;
	char where[64];
	size_t len = written.len < sizeof where - 1 ? written.len : sizeof where - 1;
	memcpy(where, written.at, len);
	where[len] = '\0';
	return fail(reterr, STATUS_ABSENT, where, "no document has this id or path; tidemark search shows both");
}
