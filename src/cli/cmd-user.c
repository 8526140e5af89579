/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark user: who may use the operator's pages. */
#include "cli/session.h"

#include "base/clock.h"
#include "catalog/users.h"
#include "cli/password.h"

#include <string.h>

static enum status add(struct session *session, struct failure *reterr);
static enum status list(struct session *session, struct failure *reterr);
static enum status take_out(struct session *session, struct failure *reterr);

static const struct option add_options[] = {
	{.name = "role",
         .kind = OPTION_TEXT,
         .value = "R",
         .is_not_configured = true,
         .help = "admin, analyst, notifier, auditor or helpdesk; must be given"},
	{.name = NULL},
};

static const struct command command_add = {
	.name = "add",
	.summary = "let somebody in, or give them another role and password",
	.description =
		"The password is asked for on the terminal and not shown, or is the first line of standard input: 8 to 1,024 bytes. "
		"Of one that is there already role and password become these, and whoever is signed in as it no longer is.\n\n"
		"admin may do everything; analyst looks at what was found and decides on appeals; notifier tells organisations, "
		"invites them and decides on their proofs; auditor reads everything, the journal too, and changes nothing; helpdesk "
		"answers one verified subject at a time, and sees nothing else.",
	.operands = "NAME",
	.operands_min = 1,
	.operands_max = 1,
	.options = add_options,
	.catalog = COMMAND_WRITES_CATALOG,
	.execute = add,
};

static const struct command command_list = {
	.name = "list",
	.summary = "list who may use the operator's pages",
	.catalog = COMMAND_READS_CATALOG,
	.journal = "user list",
	.execute = list,
};

static const struct command command_remove = {
	.name = "remove",
	.summary = "let somebody in no longer, from this moment on",
	.operands = "NAME",
	.operands_min = 1,
	.operands_max = 1,
	.catalog = COMMAND_WRITES_CATALOG,
	.execute = take_out,
};

static const struct command *const subcommands[] = {&command_add, &command_list, &command_remove, NULL};

static const struct command_example examples[] = {
	{"user add anna --role admin", "let Anna in; the password is asked for"},
	{"user add desk --role helpdesk < password.txt", "take the password from a file's first line"},
	{"user remove anna", "end all that Anna has open, at once"},
	{.line = NULL},
};

const struct command command_user = {
	.name = "user",
	.group = COMMAND_KEEPS,
	.summary = "say who may use the operator's pages, and as what",
	.description =
		"Users are the catalog's, for all its incidents. On the command line whoever holds the catalog's key may do "
		"everything; users are for the pages of tidemark serve.",
	.subcommands = subcommands,
	.examples = examples,
	.see_also = "serve, journal",
};

static struct bytes named(const struct session *session)
{
	return bytes_of_string(settings_operand(session->settings, 0));
}

static enum status put_on_record(struct session *session, const char *verb, const char *role, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "name", named(session));
	if (role != NULL)
		json_member_string(&json, "role", role);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, verb, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

/* ---- add ---- */

static enum status read_role(const struct session *session, enum user_role *ret_role, struct failure *reterr)
{
	const char *written = settings_text(session->settings, "role");
	if (written == NULL)
		return fail(reterr, STATUS_USAGE, "--role", "must be given: admin, analyst, notifier, auditor or helpdesk");
	*ret_role = user_role_from_name(bytes_of_string(written));
	if (*ret_role == USER_ROLE_COUNT)
		return fail(reterr, STATUS_USAGE, "--role", "is admin, analyst, notifier, auditor or helpdesk, not %.40s",
		            written);
	return STATUS_OK;
}

static void show_added(struct session *session, const struct new_user *user, bool was_there)
{
	struct json_writer *json = output_members(session->output);
	json_member_text(json, "name", user->name);
	json_member_string(json, "role", user_role_name(user->role));
	json_key(json, "was_there");
	json_boolean(json, was_there);
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "name", "Name", cell_text(user->name));
	output_field(session->output, "role", "Role", cell_string(user_role_name(user->role)));
	if (was_there)
		session_note(session, "was there already: role and password are these now, and its sessions have ended");
}

static enum status add(struct session *session, struct failure *reterr)
{
	char password[USER_PASSWORD_MAX + 2] = "";
	struct new_user user = {.name = named(session), .now = clock_now()};
	bool was_there = false;
	enum status status = user_check_name(user.name, reterr);
	if (status == STATUS_OK)
		status = read_role(session, &user.role, reterr);
	if (status == STATUS_OK)
		status = password_read(password, reterr);
	user.password = bytes_of_string(password);
	if (status == STATUS_OK)
		status = put_on_record(session, "user add", user_role_name(user.role), reterr);
	if (status == STATUS_OK)
		status = catalog_add_user(session->catalog, &user, &was_there, reterr);
	explicit_bzero(password, sizeof password);
	if (status == STATUS_OK)
		show_added(session, &user, was_there);
	return status;
}

/* ---- list and remove ---- */

static enum status show_user(void *context, const struct user *user)
{
	struct session *session = context;
	struct json_writer *json = output_begin_item(session->output);
	json_member_text(json, "name", user->name);
	json_member_string(json, "role", user_role_name(user->role));
	json_member_time(json, "added_at", user->added);
	json_member_time(json, "changed_at", user->changed);
	json_member_time(json, "signed_in_at", user->signed_in);
	json_member_unsigned(json, "sessions", user->sessions);
	const struct cell cells[] = {
		cell_toned(cell_text(user->name), TONE_STRONG),
		cell_string(user_role_name(user->role)),
		cell_time(user->added),
		cell_time(user->changed),
		cell_time(user->signed_in),
		cell_unsigned(user->sessions),
	};
	return output_end_item(session->output, cells);
}

static enum status list(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "name", .may_shrink = true},
		{.name = "role"},
		{.name = "added_at", .title = "ADDED", .rank = 3},
		{.name = "changed_at", .title = "CHANGED", .rank = 4},
		{.name = "signed_in_at", .title = "SIGNED IN", .rank = 1},
		{.name = "sessions", .rank = 2, .align = COLUMN_RIGHT},
	};
	static const struct output_list users = {
		.member = "users",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nobody yet; tidemark user add NAME --role admin lets the first one in.",
	};
	output_begin_list(session->output, &users);
	enum status status = catalog_users(session->catalog, clock_now(), show_user, session, reterr);
	output_end_list(session->output);
	return status;
}

static enum status take_out(struct session *session, struct failure *reterr)
{
	enum status status = put_on_record(session, "user remove", NULL, reterr);
	if (status == STATUS_OK)
		status = catalog_remove_user(session->catalog, named(session), reterr);
	if (status != STATUS_OK)
		return status;
	json_member_text(output_members(session->output), "removed", named(session));
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "removed", "Removed", cell_text(named(session)));
	return STATUS_OK;
}
