/* SPDX-License-Identifier: Apache-2.0 */
/* help: the pages made from the rows, for eyes, man and bash. */
#include "cli/help.h"
#include "cli/session.h"

static enum status help(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "man",
         .kind = OPTION_FLAG,
         .is_not_configured = true,
         .help = "write the man page (roff) of COMMAND, or of tidemark"},
	{.name = "topic",
         .kind = OPTION_FLAG,
         .is_not_configured = true,
         .help = "of a command and a topic of one name the topic alone"},
	{.name = "completion",
         .kind = OPTION_CHOICE,
         .choices = "bash|zsh|fish",
         .is_not_configured = true,
         .help = "write what a shell reads to complete words"},
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"help sweep", "read about one command"},
	{"help outcomes", "read about a topic: outcomes, search, rules, retention, targets, exit-codes, catalog"},
	{"help --man sweep", "write its man page"},
	{"help --completion bash", "write what bash reads to complete words"},
	{.line = NULL},
};

const struct command command_help = {
	.name = "help",
	.group = COMMAND_HELPS,
	.summary = "tell about the commands and topics",
	.operands = "[COMMAND [SUBCOMMAND] | TOPIC]",
	.operands_max = 2,
	.options = options,
	.examples = examples,
	.see_also = "version, doctor",
	.ignores_configuration = true,
	.execute = help,
};

enum { WIDTH = 80, PAGE_BYTES = 4 << 20 };

struct subject {
	const struct command *parent, *command; /* command NULL: none, or tidemark itself */
	const struct topic *topic;              /* one of the same name as a command is shown below it */
};

static enum status find_topic(const struct settings *settings, struct subject *ret, struct failure *reterr)
{
	const char *name = settings_operand_count(settings) == 1 ? settings_operand(settings, 0) : "";
	ret->topic = topic_find(name);
	if (ret->topic == NULL)
		return fail(reterr, STATUS_USAGE, name, "there is no such topic; tidemark --help lists them");
	return STATUS_OK;
}

static enum status find(const struct settings *settings, struct subject *ret, struct failure *reterr)
{
	struct failure ignored;
	if (settings_flag(settings, "topic"))
		return find_topic(settings, ret, reterr);
	bool is_topic = find_topic(settings, ret, &ignored) == STATUS_OK;
	for (size_t i = 0; i < settings_operand_count(settings); i++) {
		const char *name = settings_operand(settings, i);
		const struct command *const *among = ret->command == NULL ? command_registry : ret->command->subcommands;
		if (i == 0 && strcmp(name, "tidemark") == 0)
			continue;
		ret->parent = ret->command;
		ret->command = command_find(among, name);
		if (ret->command == NULL && !is_topic)
			return fail(reterr, STATUS_USAGE, name, "there is no such command or topic; tidemark --help lists them");
	}
	return STATUS_OK;
}

static void append_man_page(struct buffer *page, const struct subject *subject)
{
	if (subject->topic != NULL && subject->command == NULL)
		manual_append_topic(page, subject->topic);
	else
		manual_append_page(page, command_registry, subject->parent != NULL ? subject->parent : subject->command);
}

static void append_text(struct buffer *page, const struct subject *subject)
{
	if (subject->command != NULL)
		help_append_command(page, subject->parent, subject->command, WIDTH);
	if (subject->command != NULL && subject->topic != NULL)
		buffer_append_byte(page, '\n');
	if (subject->topic != NULL)
		help_append_topic(page, subject->topic, WIDTH);
	else if (subject->command == NULL)
		help_append_overall(page, command_registry, WIDTH);
}

static void append_completion(struct buffer *page, const struct settings *settings)
{
	if (settings_is(settings, "completion", "fish"))
		completion_append_fish(page, command_registry);
	else if (settings_is(settings, "completion", "zsh"))
		completion_append_zsh(page, command_registry);
	else
		completion_append_bash(page, command_registry);
}

static enum status help(struct session *session, struct failure *reterr)
{
	struct subject subject = {.command = NULL};
	struct buffer page = buffer_with_ceiling(PAGE_BYTES);
	enum status status = find(session->settings, &subject, reterr);
	if (status != STATUS_OK)
		return status;
	if (settings_has(session->settings, "completion"))
		append_completion(&page, session->settings);
	else if (settings_flag(session->settings, "man"))
		append_man_page(&page, &subject);
	else
		append_text(&page, &subject);
	output_raw(session->output, buffer_bytes(&page));
	status = buffer_status(&page);
	buffer_free(&page);
	return status;
}
