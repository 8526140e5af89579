/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark notify send: a plan's notices go out by the operator's own mail server, and as letters. */
#include "cli/notify-commands.h"

#include "act/notice-letters.h"
#include "cli/input-file.h"
#include "cli/interrupt.h"
#include "cli/notify-network.h"
#include "cli/session.h"
#include "mail/dkim.h"
#include "process/sender.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { KEY_MAX = 64 << 10 };

static enum status execute(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "from", .kind = OPTION_TEXT, .value = "ADDRESS", .help = "who sends it, and where bounces go; must be given"},
	{.name = "smtp", .kind = OPTION_TEXT, .value = "URL",
	 .help = "the mail server: smtp://[USER@]HOST[:PORT] or smtps://...; without it smtp://127.0.0.1, or letters alone; the password "
	         "stands in $TIDEMARK_SMTP_PASSWORD"},
	{.name = "smtp-ca", .kind = OPTION_PATH, .value = "FILE", .help = "authorities of the mail server, instead of the system's"},
	{.name = "dkim-key", .kind = OPTION_PATH, .value = "F", .help = "sign with this key (PEM: RSA or Ed25519)"},
	{.name = "dkim-selector", .kind = OPTION_TEXT, .value = "S", .help = "the key's selector below _domainkey of the sender's domain"},
	{.name = "letters", .kind = OPTION_PATH, .value = "DIR", .is_not_configured = true,
	 .help = "write a letter for each organisation into a folder, and letters.csv"},
	{.name = "again", .kind = OPTION_FLAG, .is_not_configured = true,
	 .help = "send once more what was handed over with no answer seen; it may arrive twice"},
	{.name = "pace", .kind = OPTION_UNSIGNED, .value = "SECONDS", .standard = "2", .high = 3600,
	 .help = "at least so long between two messages to one domain"},
	NOTIFY_NETWORK_OPTIONS,
	{.name = NULL},
};

const struct command command_notify_send = {
	.name = "send", .summary = "send what a plan names, and go on where that stopped",
	.description = "Of each organisation the first recipient is written to; the next one only once the server has refused the first, "
	               "or its message came back (tidemark notify bounces). The same command again goes on: what was sent is not sent "
	               "again. Where a message was handed over and no answer was seen, because the connection broke or this was ended, "
	               "nobody knows whether it went out: it is told as unknown and left, unless --again is given.\n\n"
	               "What is known is counted anew: where it is not what was planned, the notice is left, and planned again by "
	               "tidemark notify plan. Before anything is sent it is told how SPF, DKIM and DMARC of the sender's domain stand.",
	.operands = "PLAN", .operands_min = 1, .operands_max = 1, .options = options, .catalog = COMMAND_WRITES_CATALOG,
	.opens_incident = true, .journal = "notify send", .catches_interrupt = true, .execute = execute,
};
/* clang-format on */

struct mailing {
	struct session *session;
	struct plan *plan;
	struct sender_mail mail;
	struct buffer authorities;
	struct dkim_key *key;
	const char *selector;
	struct failure end; /* why the run ended early; where is empty if it did not */
};

/* ---- what it is sent with ---- */

static enum status read_relay(struct mailing *mailing, struct failure *reterr)
{
	const struct settings *settings = mailing->session->settings;
	const char *url = settings_has(settings, "smtp") ? settings_text(settings, "smtp") : "smtp://127.0.0.1";
	const char *authorities = settings_text(settings, "smtp-ca");
	mailing->mail.password = bytes_of_string(getenv("TIDEMARK_SMTP_PASSWORD"));
	if (!relay_parse(bytes_of_string(url), &mailing->mail.relay))
		return fail(reterr, STATUS_USAGE, "--smtp",
		            "smtp://[USER@]HOST[:PORT] or smtps://...; a password does not stand there");
	if (authorities == NULL)
		return STATUS_OK;
	enum status status = input_file_read(authorities, SEND_AUTHORITY_MAX, &mailing->authorities, reterr);
	mailing->mail.authorities = buffer_bytes(&mailing->authorities);
	return status;
}

static enum status read_key(struct mailing *mailing, struct failure *reterr)
{
	const char *path = settings_text(mailing->session->settings, "dkim-key");
	struct buffer pem = buffer_with_ceiling(KEY_MAX);
	mailing->selector = settings_text(mailing->session->settings, "dkim-selector");
	if ((path == NULL) != (mailing->selector == NULL))
		return fail(reterr, STATUS_USAGE, path == NULL ? "--dkim-key" : "--dkim-selector",
		            "a key and its selector go together; give both or neither");
	if (path == NULL)
		return STATUS_OK;
	enum status status = input_file_read(path, KEY_MAX, &pem, reterr);
	if (status == STATUS_OK)
		status = dkim_key_read(buffer_bytes(&pem), &mailing->key, reterr);
	if (pem.at != NULL)
		explicit_bzero(pem.at, pem.len);
	buffer_free(&pem);
	return status;
}

static enum status read_from(struct mailing *mailing, struct failure *reterr)
{
	struct bytes from = bytes_trim(bytes_of_string(settings_text(mailing->session->settings, "from")));
	if (from.len == 0)
		return fail(reterr, STATUS_USAGE, "--from", "name the address that sends it");
	if (!notice_may_go_to(from))
		return fail(reterr, STATUS_USAGE, "--from", "is not an address alone, as privacy@example.com");
	mailing->mail.from = from;
	return STATUS_OK;
}

/* ---- what is done with each ---- */

static enum status sign(void *context, struct bytes message, struct buffer *into, struct failure *reterr)
{
	const struct mailing *mailing = context;
	return dkim_sign(mailing->key, notice_domain_of(mailing->mail.from), bytes_of_string(mailing->selector), message,
	                 clock_now(), into, reterr);
}

static enum status record(void *context, const struct notify_step *step, struct failure *reterr)
{
	const struct mailing *mailing = context;
	struct buffer detail = buffer_with_ceiling(8192);
	struct json_writer json = json_writer_into(&detail);
	char id[ID_TEXT_SIZE];
	json_begin_object(&json);
	json_member_string(&json, "plan", id_format(plan_get_head(mailing->plan)->id, id));
	json_member_text(&json, "organisation", step->name.organisation);
	json_member_text(&json, "recipient", step->name.recipient);
	json_member_string(&json, "channel", notice_channel_name(step->name.channel));
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(mailing->session, "notify tell", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static bool pause_between(void *context, uint32_t milliseconds)
{
	int64_t until = clock_monotonic() + milliseconds;
	(void)context;
	while (!interrupt_is_asked() && clock_monotonic() < until)
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	return !interrupt_is_asked();
}

/* ACCEPTED and UNKNOWN are final; what the server says before it was named a recipient is said of us, not of them. */
static void conclude(const struct sender_result *result, struct notify_outcome *outcome)
{
	bool is_ours = result->stage < SEND_AT_RECIPIENT;
	switch (result->verdict) {
	case SEND_ACCEPTED: outcome->event = NOTICE_SENT; break;
	case SEND_REFUSED: outcome->event = is_ours ? NOTICE_DEFERRED : NOTICE_REFUSED; break;
	case SEND_UNKNOWN: outcome->event = NOTICE_HANDED_OVER; break;
	default: outcome->event = NOTICE_DEFERRED; break;
	}
	outcome->is_end = is_ours && result->verdict != SEND_ACCEPTED && result->verdict != SEND_UNKNOWN;
	if (result->code != 0)
		snprintf(outcome->reason, sizeof outcome->reason, "%u %s", result->code, result->words);
	else
		snprintf(outcome->reason, sizeof outcome->reason, "%s", result->words);
}

static enum status carry(void *context, struct bytes to, struct bytes message, enum status (*hand_over)(void *, struct failure *),
                         void *handing, struct notify_outcome *ret_outcome, struct failure *reterr)
{
	struct mailing *mailing = context;
	struct sender_result result;
	mailing->mail.to = to;
	mailing->mail.message = message;
	mailing->mail.hand_over = hand_over;
	mailing->mail.context = handing;
	enum status status = sender_mail(&mailing->mail, &result, reterr);
	if (status != STATUS_OK)
		return status;
	conclude(&result, ret_outcome);
	if (ret_outcome->is_end)
		fail(&mailing->end, STATUS_UNREACHABLE, settings_text(mailing->session->settings, "smtp"),
		     "the mail server takes nothing from us (%s): %s", send_stage_name(result.stage), ret_outcome->reason);
	return STATUS_OK;
}

static void told(void *context, const struct notify_told *told)
{
	struct mailing *mailing = context;
	struct session *session = mailing->session;
	struct json_writer *json = output_begin_item(session->output);
	const char *state = told->is_unknown ? "unknown" : notice_state_name(told->state);
	json_member_text(json, "organisation", told->step->name.organisation);
	json_member_text(json, "recipient", told->step->name.recipient);
	json_member_string(json, "found_by", notice_finding_name(told->step->found_by));
	json_member_string(json, "state", notice_state_name(told->state));
	json_key(json, "unknown");
	json_boolean(json, told->is_unknown);
	json_key(json, "new");
	json_boolean(json, told->is_new);
	json_member_text(json, "reason", bytes_of_string(told->reason));
	const struct cell cells[] = {
		cell_toned(cell_text(told->step->name.organisation), TONE_STRONG),
		cell_text(told->step->name.recipient),
		cell_toned(cell_string(state), told->is_unknown ? TONE_DOUBT : TONE_PLAIN),
		cell_boolean(told->is_new),
		cell_string(told->reason),
	};
	if (output_end_item(session->output, cells) != STATUS_OK)
		return; /* nobody reads: what is sent is on record all the same */
}

/* ---- before and after ---- */

static void write_standing(struct json_writer *json, const char *name, const struct notify_standing *standing)
{
	json_key(json, name);
	json_begin_object(json);
	json_member_string(json, "state", standing->state);
	json_member_text(json, "record", bytes_of_string(standing->record));
	json_end_object(json);
}

static void warn_of(struct session *session, const char *what, const struct notify_standing *standing, const char *advice)
{
	if (standing->state[0] == 'm')
		session_warn(session, what, "the sender's domain has none: %s", advice);
	else if (standing->state[0] == 'u' && standing->state[2] == 'k')
		session_note(session, "%s of the sender's domain is not known: %s", what,
		             standing->record[0] != '\0' ? standing->record : "no public name service knows it");
}

static void compare_key(struct mailing *mailing, struct notify_sender_standing *standing)
{
	if (mailing->key != NULL && standing->dkim.state[0] == 'f' &&
	    !dkim_record_fits(mailing->key, bytes_of_string(standing->dkim.record)))
		standing->dkim.state = "another key";
}

static enum status check_sender(struct mailing *mailing, struct failure *reterr)
{
	struct session *session = mailing->session;
	struct notify_network network = {.setup = {.resolver_count = 0}};
	struct notify_sender_standing standing;
	struct bytes domain = notice_domain_of(mailing->mail.from);
	enum status status = notify_network_read(session, &network, reterr);
	if (status == STATUS_OK)
		status = notify_network_check_sender(&network, domain, mailing->selector, &standing, reterr);
	notify_network_free(&network);
	if (status != STATUS_OK)
		return status;
	compare_key(mailing, &standing);
	struct json_writer *json = output_members(session->output);
	json_key(json, "sender");
	json_begin_object(json);
	json_member_text(json, "domain", domain);
	write_standing(json, "spf", &standing.spf);
	write_standing(json, "dkim", &standing.dkim);
	write_standing(json, "dmarc", &standing.dmarc);
	json_end_object(json);
	warn_of(session, "SPF", &standing.spf, "many servers will take these notices for forged");
	warn_of(session, "DKIM", &standing.dkim, "publish the key's record first");
	warn_of(session, "DMARC", &standing.dmarc, "recipients cannot tell forgeries of your domain");
	if (standing.dkim.state[0] == 'a')
		session_warn(session, "DKIM", "the selector's record is of another key: signatures will not hold");
	if (mailing->key == NULL)
		session_note(session, "notices are not signed (--dkim-key): some servers will distrust them");
	return STATUS_OK;
}

static void show_counts(struct session *session, const struct notify_sent *sent)
{
	struct json_writer *json = output_members(session->output);
	json_member_unsigned(json, "done", sent->done);
	json_member_unsigned(json, "told_before", sent->before);
	json_member_unsigned(json, "left", sent->left);
	json_member_unsigned(json, "failed", sent->deferred + sent->exhausted);
	json_member_unsigned(json, "refused", sent->refused);
	json_member_unsigned(json, "deferred", sent->deferred);
	json_member_unsigned(json, "unknown", sent->unknown);
	json_member_unsigned(json, "exhausted", sent->exhausted);
	output_note(session->output, "%llu sent, %llu told before, %llu refused, %llu not taken now, %llu left",
	            (unsigned long long)sent->done, (unsigned long long)sent->before, (unsigned long long)sent->refused,
	            (unsigned long long)sent->deferred, (unsigned long long)sent->left);
	if (sent->unknown > 0)
		output_note(session->output,
		            "%llu were handed over with no answer seen: they may have gone out; --again sends them once more",
		            (unsigned long long)sent->unknown);
	if (sent->exhausted > 0)
		output_note(session->output, "%llu organisations have nobody left to turn to; --letters DIR writes letters",
		            (unsigned long long)sent->exhausted);
	if (sent->left > 0 || sent->deferred > 0 || sent->exhausted > 0 || sent->unknown > 0)
		session->exit_code = EXIT_IN_PART;
}

static enum status send_mails(struct mailing *mailing, struct notify_sending *sending, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "organisation"},
		{.name = "recipient"},
		{.name = "state"},
		{.name = "new", .title = "NOW"},
		{.name = "reason", .may_shrink = true},
	};
	static const struct output_list list = {
		.member = "notices",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nothing was to be sent.",
	};
	struct session *session = mailing->session;
	struct notify_sent sent;
	enum status status = check_sender(mailing, reterr);
	if (status != STATUS_OK)
		return status;
	output_begin_list(session->output, &list);
	status = notify_send(sending, &sent, reterr);
	output_end_list(session->output);
	if (status != STATUS_OK && status != STATUS_INTERRUPTED)
		return status;
	show_counts(session, &sent);
	if (status == STATUS_INTERRUPTED)
		return fail(reterr, status, "", "interrupted; the same command goes on");
	if (mailing->end.where[0] != '\0') {
		session_warn(session, mailing->end.where, "%s", mailing->end.why);
		session->exit_code = sent.done > 0 ? EXIT_IN_PART : EXIT_FAILED;
	}
	return STATUS_OK;
}

static enum status write_letters(struct mailing *mailing, const struct notify_sending *sending, struct failure *reterr)
{
	const char *directory = settings_text(mailing->session->settings, "letters");
	uint64_t count = 0, left = 0;
	if (directory == NULL)
		return STATUS_OK;
	enum status status = notice_letters_write(sending, directory, &count, &left, reterr);
	if (status != STATUS_OK)
		return status;
	struct json_writer *json = output_members(mailing->session->output);
	json_key(json, "letters");
	json_begin_object(json);
	json_member_string(json, "directory", directory);
	json_member_unsigned(json, "count", count);
	json_member_unsigned(json, "left", left);
	json_end_object(json);
	output_note(mailing->session->output, "%llu letters lie in %s; letters.csv has a row for each", (unsigned long long)count,
	            directory);
	if (left == 0)
		return STATUS_OK;
	output_note(mailing->session->output, "%llu were left out: what is known has changed since it was planned; plan anew",
	            (unsigned long long)left);
	mailing->session->exit_code = EXIT_IN_PART;
	return STATUS_OK;
}

static enum status send(struct mailing *mailing, struct failure *reterr)
{
	struct session *session = mailing->session;
	bool is_mailed = settings_has(session->settings, "smtp") || !settings_has(session->settings, "letters");
	char id[ID_TEXT_SIZE];
	struct notify_sending sending = {
		.catalog = session->catalog,
		.incident = session->incident,
		.plan = mailing->plan,
		.from = mailing->mail.from,
		.is_again = settings_flag(session->settings, "again"),
		.pace = (uint32_t)settings_number(session->settings, "pace") * 1000,
		.carry = carry,
		.sign = mailing->key != NULL ? sign : NULL,
		.record = record,
		.told = told,
		.pause = pause_between,
		.context = mailing,
	};
	json_member_string(output_members(session->output), "plan", id_format(plan_get_head(mailing->plan)->id, id));
	enum status status = write_letters(mailing, &sending, reterr);
	return status == STATUS_OK && is_mailed ? send_mails(mailing, &sending, reterr) : status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct mailing mailing = {
		.session = session, .authorities = buffer_with_ceiling(SEND_AUTHORITY_MAX), .end = {.where = ""}};
	enum status status = read_from(&mailing, reterr);
	if (status == STATUS_OK)
		status = read_relay(&mailing, reterr);
	if (status == STATUS_OK)
		status = read_key(&mailing, reterr);
	if (status == STATUS_OK)
		status = plan_open(settings_operand(session->settings, 0), PLAN_NOTIFY, session->incident, PLAN_TO_APPLY,
		                   clock_now(), &mailing.plan, reterr);
	if (status == STATUS_OK)
		status = send(&mailing, reterr);
	plan_free(mailing.plan);
	dkim_key_free(mailing.key);
	buffer_free(&mailing.authorities);
	return status;
}
