/* SPDX-License-Identifier: Apache-2.0 */
/* What a verdict says of the doors, and what is new in it. */
#include "act/watch.h"

#include "base/digest.h"

/* ---- the words ---- */

static bool is_of_name(const struct evidence *evidence)
{
	return strcmp(evidence->method, "DNS") == 0;
}

/* Access lists are asked for beside: there are servers that show them to anyone. A site has an address of its own. */
static bool is_of_container(const struct evidence *evidence)
{
	return !is_of_name(evidence) && bytes_find(evidence->url, BYTES_LITERAL("comp=acl")) == BYTES_NOT_FOUND &&
	       bytes_find(evidence->url, BYTES_LITERAL(".web.")) == BYTES_NOT_FOUND &&
	       bytes_find(evidence->url, BYTES_LITERAL("-web/")) == BYTES_NOT_FOUND;
}

/* Who guards a door refuses each question in the same words; what differs was said by whatever stands in between. A name that is
 * not there answers for all of them. */
static bool is_refused_alike(const struct verdict *verdict)
{
	const struct evidence *first = NULL;
	size_t questions = 0, names = 0;
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		const struct evidence *evidence = &verdict->evidence[i];
		names += is_of_name(evidence);
		if (!is_of_container(evidence))
			continue;
		bool is_refusal = evidence->status == 401 || evidence->status == 403 || evidence->status == 404 ||
		                  evidence->status == 409;
		if (!is_refusal ||
		    (first != NULL && (evidence->status != first->status || !bytes_equal(evidence->code, first->code))))
			return false;
		first = evidence;
		questions++;
	}
	return questions >= 2 || (questions == 0 && names > 0 && verdict->kind == VERDICT_ABSENT);
}

bool watch_is_walled(const struct verdict *verdict)
{
	return verdict->kind == VERDICT_UNREACHABLE && verdict->anonymous.list == ANSWER_NO &&
	       verdict->anonymous.read == ANSWER_NO && is_refused_alike(verdict);
}

static uint64_t words_of(const struct verdict *verdict)
{
	unsigned char said[DIGEST_SHA256_SIZE] = {0};
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		unsigned char status[8];
		store_le64(status, verdict->evidence[i].status);
		const struct bytes parts[] = {bytes_of(said, sizeof said), bytes_of(status, sizeof status),
		                              bytes_of_string(verdict->evidence[i].method), verdict->evidence[i].code};
		digest_sha256_of(parts, 4, said);
	}
	return load_le64(said);
}

/* ---- the doors ---- */

static void note(struct watch_view *view, enum answer answer, enum door door, bool is_believed)
{
	if (answer == ANSWER_YES)
		view->open |= DOOR_BIT(door);
	else if (answer == ANSWER_NO && is_believed)
		view->shut |= DOOR_BIT(door);
}

/* Of a target that was busy or silent, a refusal in between is no word: what answered may not be what guards the door. */
struct watch_view watch_view_of(const struct verdict *verdict)
{
	struct watch_view view = {.kind = verdict->kind, .words = words_of(verdict)};
	bool is_believed = verdict->kind == VERDICT_LISTABLE || verdict->kind == VERDICT_READABLE ||
	                   verdict->kind == VERDICT_PRIVATE_OR_ABSENT || verdict->kind == VERDICT_ABSENT ||
	                   verdict->kind == VERDICT_ACCOUNT_OFF;
	note(&view, verdict->anonymous.list, DOOR_LIST, is_believed);
	note(&view, verdict->anonymous.read, DOOR_READ, is_believed);
	note(&view, verdict->anonymous.versions, DOOR_VERSION, is_believed);
	note(&view, verdict->anonymous.snapshots, DOOR_SNAPSHOT, is_believed);
	if (view.open == 0 && !is_refused_alike(verdict))
		view.shut = 0;
	note(&view, verdict->static_site, DOOR_STATIC_SITE, is_believed);
	return view;
}

struct watch_view watch_agree(const struct watch_view *first, const struct watch_view *second)
{
	struct watch_view both = {.open = first->open | second->open, .kind = second->kind, .words = second->words};
	if (first->kind == second->kind && first->words == second->words)
		both.shut = first->shut & second->shut & ~both.open;
	return both;
}

struct watch_step watch_compare(const struct watch_state *before, const struct watch_view *view, int64_t at)
{
	struct watch_step step = {.after = *before};
	if ((view->open | view->shut) == 0)
		return step;
	step.after.is_known = true;
	step.after.doors = (before->doors | view->open) & ~(view->shut & ~view->open);
	step.after.at = at;
	if (step.after.doors == 0 || view->open != 0)
		step.after.kind = view->kind;
	step.opened = step.after.doors & ~before->doors;
	step.closed = before->doors & ~step.after.doors;
	if (step.opened != 0)
		step.event = WATCH_OPENED;
	else if (step.closed != 0)
		step.event = step.after.doors == 0 ? WATCH_CLOSED : WATCH_NARROWED;
	return step;
}

void watch_compare_names(struct bytes before, struct bytes after, struct watch_names *names)
{
	size_t old = 0, new = 0;
	while (old + 8 <= before.len && new + 8 <= after.len) {
		int order = memcmp(before.at + old, after.at + new, 8);
		names->gone += order < 0;
		names->fresh += order > 0;
		old += order <= 0 ? 8 : 0;
		new += order >= 0 ? 8 : 0;
	}
	names->gone += (before.len - old) / 8;
	names->fresh += (after.len - new) / 8;
	names->is_compared = true;
}
