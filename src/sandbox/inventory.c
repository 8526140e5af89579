/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the tables role by role and puts their conditions into words. */
#define _GNU_SOURCE
#include "sandbox/inventory.h"

#include "base/buffer.h"
#include "sandbox/rules.h"

#include <errno.h>

enum { WORDS_MAX = 4096 };

struct inventory_telling {
	bool (*tell)(void *context, const struct sandbox_entry *entry);
	void *context;
	struct sandbox_layers layers;
	struct buffer words;
	bool is_over;
};

static void tell(struct inventory_telling *telling, struct sandbox_entry entry)
{
	entry.when = buffer_bytes(&telling->words);
	if (!telling->is_over)
		telling->is_over = !telling->tell(telling->context, &entry);
	buffer_reset(&telling->words);
}

/* ---- calls ---- */

/* "A, B or C" */
static void append_values(struct buffer *words, const struct named_number *values)
{
	for (size_t i = 0; values[i].name != NULL; i++) {
		if (i > 0)
			buffer_append_string(words, values[i + 1].name != NULL ? ", " : " or ");
		buffer_append_string(words, values[i].name);
	}
}

static void append_condition(struct buffer *words, const struct condition *condition)
{
	if (words->len > 0)
		buffer_append_string(words, "; ");
	buffer_append_format(words, "%s ", condition->name);
	if (condition->kind == CONDITION_IS)
		append_values(words, condition->values);
	if (condition->kind == CONDITION_IS && condition->ignored.name != NULL)
		buffer_append_format(words, ", %s aside", condition->ignored.name);
	if (condition->kind == CONDITION_IS_NULL)
		buffer_append_string(words, "NULL");
	if (condition->kind == CONDITION_IS_OWN)
		buffer_append_string(words, "its own");
	if (condition->with.name != NULL)
		buffer_append_format(words, "with %s", condition->with.name);
	if (condition->without.name != NULL)
		buffer_append_format(words, "%swithout %s", condition->with.name != NULL ? ", " : "", condition->without.name);
}

static void tell_call(struct inventory_telling *telling, enum sandbox_role role, const struct call_row *row, const char *call)
{
	for (const struct condition *condition = row->conditions; condition != NULL && condition->kind != CONDITION_END;
	     condition++)
		append_condition(&telling->words, condition);
	if (row->error != 0)
		buffer_append_format(&telling->words, "%sanswers %s", telling->words.len > 0 ? "; " : "",
		                     strerrorname_np(row->error));
	tell(telling, (struct sandbox_entry){
			      .cell = role_names[role],
			      .layer = "seccomp",
			      .verdict = row->error == 0 ? "allowed" : "refused",
			      .what = call,
			      .why = row->why,
			      .is_held = telling->layers.has_seccomp,
		      });
}

static void tell_calls(struct inventory_telling *telling, enum sandbox_role role)
{
	for (const struct call_row *row = call_rows; row < call_rows + call_row_count; row++)
		if (is_of_role(row->roles, role))
			for (const struct named_number *call = row->calls; call->name != NULL; call++)
				tell_call(telling, role, row, call->name);
	tell(telling, (struct sandbox_entry){
			      .cell = role_names[role],
			      .layer = "seccomp",
			      .verdict = "killed",
			      .what = "every other call",
			      .why = "nothing it does needs one",
			      .is_held = telling->layers.has_seccomp,
		      });
}

/* ---- Landlock and limits ---- */

static void tell_let_through(struct inventory_telling *telling, enum sandbox_role role, const char *what, const char *why,
                             int abi)
{
	tell(telling, (struct sandbox_entry){
			      .cell = role_names[role],
			      .layer = "landlock",
			      .verdict = "allowed",
			      .what = what,
			      .why = why,
			      .is_held = telling->layers.landlock_abi >= abi,
		      });
}

static void tell_landlock(struct inventory_telling *telling, enum sandbox_role role)
{
	for (size_t i = 0; i < landlock_row_count; i++) {
		const struct landlock_row *row = &landlock_rows[i];
		buffer_append_format(&telling->words, "from ABI %d on", row->abi);
		tell(telling, (struct sandbox_entry){
				      .cell = role_names[role],
				      .layer = "landlock",
				      .verdict = "refused",
				      .what = row->what,
				      .why = row->why,
				      .is_held = telling->layers.landlock_abi >= row->abi,
			      });
	}
	if (role == SANDBOX_WALK)
		tell_let_through(telling, role, "read and list beneath its target", "the folder it walks", SANDBOX_ABI_FILES);
	for (size_t i = 0; i < file_row_count && is_of_role(OF_LOOKING, role); i++) {
		buffer_append_string(&telling->words, "read");
		tell_let_through(telling, role, file_rows[i].path, file_rows[i].why, SANDBOX_ABI_FILES);
	}
	for (size_t i = 0; i < port_row_count; i++) {
		if (!is_of_role(port_rows[i].roles, role))
			continue;
		buffer_append_string(&telling->words, port_rows[i].when);
		tell_let_through(telling, role, "port of TCP", port_rows[i].why, SANDBOX_ABI_PORTS);
	}
}

static void tell_limits(struct inventory_telling *telling, enum sandbox_role role)
{
	for (size_t i = 0; i < limit_row_count; i++) {
		if (!is_of_role(limit_rows[i].roles, role))
			continue;
		buffer_append_format(&telling->words, "%llu", (unsigned long long)limit_rows[i].most);
		tell(telling, (struct sandbox_entry){
				      .cell = role_names[role],
				      .layer = "limit",
				      .verdict = "limited",
				      .what = limit_rows[i].name,
				      .why = limit_rows[i].why,
				      .is_held = true,
			      });
	}
}

void sandbox_tell(bool (*teller)(void *context, const struct sandbox_entry *entry), void *context)
{
	struct inventory_telling telling = {
		.tell = teller,
		.context = context,
		.layers = sandbox_layers(),
		.words = buffer_with_ceiling(WORDS_MAX),
	};
	for (enum sandbox_role role = 0; role < SANDBOX_ROLE_COUNT && !telling.is_over; role++) {
		tell_calls(&telling, role);
		tell_landlock(&telling, role);
		tell_limits(&telling, role);
	}
	buffer_free(&telling.words);
}
