/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark retain: what is past its time, what that would have spared, and its destruction. */
#include "cli/input-file.h"
#include "cli/retain-commands.h"

static const struct command *const subcommands[] = {
	&command_retain_policy, &command_retain_whatif, &command_retain_plan,        &command_retain_approve,
	&command_retain_apply,  &command_retain_undo,   &command_retain_certificate, NULL,
};

static const struct command_example examples[] = {
	{"retain whatif --policy policy.yaml", "see what a policy would have spared"},
	{"retain policy explain 2019/offer.pdf --policy policy.yaml", "see why it stays, or goes"},
	{"retain policy import azure lifecycle.json", "begin with the rules an account has"},
	{"retain plan --policy policy.yaml -o plan.json", "see what would go, and write it down"},
	{"retain approve plan.json --user maria", "agree, as a second person"},
	{"retain apply plan.json --ticket INC-4711", "destroy it, and see it gone"},
	{"retain certificate ID --html certificate.html", "print what was destroyed"},
	{.line = NULL},
};

const struct command command_retain = {
	.name = "retain",
	.group = COMMAND_KEEPS,
	.summary = "tell what is past its time, destroy it, and prove it",
	.description =
		"A policy says how long what is kept: rules with conditions, of which the first that matches decides, and holds, "
		"which always win. docs/retain.md has its words.",
	.subcommands = subcommands,
	.examples = examples,
	.see_also = "scope, catalog, journal",
};

enum status retain_read_policy(struct session *session, struct policy *ret_policy, struct failure *reterr)
{
	const char *path = settings_text(session->settings, "policy");
	struct buffer text = buffer_with_ceiling(POLICY_FILE_MAX);
	if (path == NULL)
		return fail(reterr, STATUS_USAGE, "--policy", "name the file that says how long what is kept");
	enum status status = input_file_read(path, POLICY_FILE_MAX, &text, reterr);
	if (status == STATUS_OK)
		status = policy_file_read(buffer_bytes(&text), path, session->arena, ret_policy, reterr);
	buffer_free(&text);
	return status;
}
