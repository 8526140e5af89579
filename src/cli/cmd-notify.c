/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark notify: affected organisations are told, and it is known which of them were reached. */
#include "cli/notify-commands.h"

static const struct command *const subcommands[] = {
	&command_notify_plan,   &command_notify_preview, &command_notify_send,   &command_notify_bounces,
	&command_notify_status, &command_notify_draft,   &command_notify_decide, NULL,
};

static const struct command_example examples[] = {
	{"notify plan --contacts csirts.csv -o notices.plan", "whom to tell, in which order"},
	{"notify preview notices.plan contoso.com", "what Contoso would read"},
	{"notify send notices.plan --from privacy@example.com --smtp smtp://mail.example.com", "tell them; again to go on"},
	{"notify bounces /var/mail/privacy", "what came back"},
	{"notify status", "who was reached, and what is due when"},
	{"notify draft gdpr", "the authority's form, as far as it is known"},
	{.line = NULL},
};

const struct command command_notify = {
	.name = "notify",
	.group = COMMAND_ANSWERS,
	.summary = "tell affected organisations, and know who was reached",
	.description =
		"A notice tells one organisation what is known of its own part, and nothing of anybody else's: counts, kinds, dates. "
		"It asks for no click, says how to check that it is genuine, and has a code that acknowledges it and proves nothing. "
		"Only organisations are told that the gate would answer (tidemark lookup --as-subject).\n\n"
		"The same is never told twice to the same recipient, whatever plans are made; who has more to be told is told again.",
	.subcommands = subcommands,
	.examples = examples,
	.see_also = "lookup, organisations, register, journal",
};
