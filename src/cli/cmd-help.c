/* SPDX-License-Identifier: Apache-2.0 */
/* help: the pages made from the rows, for eyes, man and bash. */
#include "cli/help.h"
#include "cli/session.h"

static enum status help(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "man", .kind = OPTION_FLAG, .is_not_configured = true, .help = "Write the man page (roff) of COMMAND, or of tidemark"},
	{.name = "completion", .kind = OPTION_CHOICE, .choices = "bash", .is_not_configured = true,
	 .help = "Write what a shell reads to complete words"},
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"help sweep", "Read about one command"},
	{"help --man sweep", "Write its man page"},
	{"help --completion bash", "Write what bash reads to complete words"},
	{.line = NULL},
};

const struct command command_help = {
	.name = "help",
	.group = COMMAND_HELPS,
	.summary = "Tell about the commands",
	.operands = "[COMMAND [SUBCOMMAND]]",
	.operands_max = 2,
	.options = options,
	.examples = examples,
	.see_also = "version, doctor",
	.ignores_configuration = true,
	.execute = help,
};

enum { WIDTH = 80, PAGE_BYTES = 4 << 20 };

/* *ret_command is NULL for none, or for tidemark itself. */
static enum status find(const struct settings *settings, const struct command **ret_parent,
                        const struct command **ret_command, struct failure *reterr)
{
	const struct command *parent = NULL, *command = NULL;
	for (size_t i = 0; i < settings_operand_count(settings); i++) {
		const char *name = settings_operand(settings, i);
		const struct command *const *among = command == NULL ? command_registry : command->subcommands;
		if (i == 0 && strcmp(name, "tidemark") == 0)
			continue;
		parent = command;
		command = command_find(among, name);
		if (command == NULL)
			return fail(reterr, STATUS_USAGE, name, "there is no such command; tidemark --help lists them");
	}
	*ret_parent = parent;
	*ret_command = command;
	return STATUS_OK;
}

static enum status help(struct session *session, struct failure *reterr)
{
	const struct command *parent = NULL, *command = NULL;
	struct buffer page = buffer_with_ceiling(PAGE_BYTES);
	enum status status = find(session->settings, &parent, &command, reterr);
	if (status != STATUS_OK)
		return status;
	if (settings_has(session->settings, "completion"))
		completion_append_bash(&page, command_registry);
	else if (settings_flag(session->settings, "man"))
		manual_append_page(&page, command_registry, parent != NULL ? parent : command);
	else if (command == NULL)
		help_append_overall(&page, command_registry, WIDTH);
	else
		help_append_command(&page, parent, command, WIDTH);
	output_raw(session->output, buffer_bytes(&page));
	status = buffer_status(&page);
	buffer_free(&page);
	return status;
}
