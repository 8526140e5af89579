/* SPDX-License-Identifier: Apache-2.0 */
/* journal: every look-up, search, disclosure and destruction, and whether the chain of them is whole. */
#include "answer/journal-entry.h"
#include "answer/range.h"
#include "cli/session.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/suggestion.h"

#include <stdio.h>

static enum status show_entries(struct session *session, struct failure *reterr);
static enum status verify(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option show_options[] = {
	{.name = "since", .kind = OPTION_TEXT, .value = "T", .is_not_configured = true,
	 .help = "only entries of then and later: 2022-08-01, 2022-08, 2022, a time in RFC 3339, or <90d"},
	{.name = "verb", .kind = OPTION_TEXT, .value = "V", .is_not_configured = true,
	 .help = "only entries of this command, or of all of its subcommands: search, catalog, catalog purge"},
	{.name = "limit", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .help = "most entries to show; the rest from --cursor on"},
	{.name = "cursor", .kind = OPTION_UNSIGNED, .value = "C", .low = 1, .is_not_configured = true,
	 .help = "go on where an earlier answer's next points"},
	{.name = NULL},
};
/* clang-format on */

static const struct command command_show = {
	.name = "show",
	.summary = "show who asked what, newest first",
	.options = show_options,
	.catalog = COMMAND_READS_CATALOG,
	.execute = show_entries,
};

static const struct command command_verify = {
	.name = "verify",
	.summary = "check that every entry follows from its predecessor, and every incident is as far as they say",
	.description =
		"Exits with 1 when one does not, and names it; also when an incident is an older copy that was put back, or "
		"the journal is. Keep the head elsewhere: a journal that was cut short or made anew has another one.",
	.catalog = COMMAND_READS_CATALOG,
	.execute = verify,
};

static const struct command *const subcommands[] = {&command_show, &command_verify, NULL};

static const struct command_example examples[] = {
	{"journal show --limit 20", "see what was asked last"},
	{"journal show --verb search --since 2026-09", "see who searched for what since September"},
	{"journal show --format jsonl", "hand every entry to another program"},
	{"journal verify", "prove that nothing was changed, removed or put back"},
	{.line = NULL},
};

const struct command command_journal = {
	.name = "journal",
	.group = COMMAND_KEEPS,
	.summary = "show or verify the record of every look-up",
	.subcommands = subcommands,
	.examples = examples,
	.see_also = "catalog, incidents",
};

/* ---- show ---- */

static const struct column columns[] = {
	{.name = "sequence", .title = "SEQ", .align = COLUMN_RIGHT},
	{.name = "time"},
	{.name = "verb"},
	{.name = "incident", .rank = 2},
	{.name = "operator", .rank = 1},
	{.name = "detail", .may_shrink = true},
	{.name = "hash", .rank = COLUMN_CSV_ONLY},
};

static const struct output_list list = {
	.member = "entries",
	.columns = columns,
	.column_count = sizeof columns / sizeof *columns,
	.nothing = "No entry.",
};

struct journal_showing {
	struct output *output;
	uint64_t left; /* entries still wanted */
	bool is_cut;   /* there are more */
	uint64_t last; /* sequence shown last */
	struct buffer hash;
};

static enum status put_entry(void *context, const struct journal_entry *entry)
{
	struct journal_showing *showing = context;
	if (showing->left == 0) {
		showing->is_cut = true;
		return STATUS_END;
	}
	showing->left--;
	showing->last = entry->sequence;
	buffer_reset(&showing->hash);
	digest_append_hex(&showing->hash, bytes_of(entry->hash, sizeof entry->hash));
	journal_entry_write(entry, output_begin_item(showing->output));
	const struct cell cells[] = {
		cell_unsigned(entry->sequence),
		cell_time(entry->time),
		cell_text(entry->verb),
		cell_text(entry->incident),
		cell_text(entry->operator_name),
		entry->detail.len > 0 ? cell_text(entry->detail) : cell_toned(cell_string("(erased)"), TONE_DIM),
		cell_text(buffer_bytes(&showing->hash)),
	};
	return output_end_item(showing->output, cells);
}

/* An entry's verb begins with the command it is of, or tells that a sweep found an older copy put back. */
static enum status check_verb(const char *verb, struct failure *reterr)
{
	char first[32];
	snprintf(first, sizeof first, "%.*s", (int)strcspn(verb, " "), verb);
	if (command_find(command_registry, first) != NULL || strcmp(verb, "older copy") == 0)
		return STATUS_OK;
	struct suggestion suggestion = suggestion_for(first);
	for (const struct command *const *command = command_registry; *command != NULL; command++)
		suggestion_consider(&suggestion, (*command)->name);
	if (suggestion.nearest == NULL)
		return fail(reterr, STATUS_USAGE, "--verb", "there is no command '%.60s'; tidemark help lists them", verb);
	return fail(reterr, STATUS_USAGE, "--verb", "there is no command '%.60s'; did you mean %s?", verb, suggestion.nearest);
}

static enum status read_question(const struct settings *settings, struct journal_question *question, struct failure *reterr)
{
	const char *since = settings_text(settings, "since"), *verb = settings_text(settings, "verb");
	*question = (struct journal_question){
		.before = settings_number(settings, "cursor"),
		.since = INT64_MIN,
		.verb = bytes_of_string(verb),
	};
	if (since != NULL && !range_parse_since(bytes_of_string(since), clock_now(), &question->since))
		return fail(reterr, STATUS_USAGE, "--since",
		            "'%.60s' is not a time to begin at; write 2022-08-01, 2022-08, 2022 or <90d", since);
	return verb != NULL ? check_verb(verb, reterr) : STATUS_OK;
}

static enum status show_entries(struct session *session, struct failure *reterr)
{
	struct journal_question question;
	uint64_t limit = settings_number(session->settings, "limit");
	struct journal_showing showing = {
		.output = session->output,
		.left = limit > 0 ? limit : UINT64_MAX,
		.hash = buffer_with_ceiling(256),
	};
	enum status status = read_question(session->settings, &question, reterr);
	if (status != STATUS_OK)
		return status;
	output_begin_list(session->output, &list);
	status = journal_show(session->catalog, &question, put_entry, &showing, reterr);
	output_end_list(session->output);
	if (showing.is_cut)
		output_note(session->output, "There are more: --cursor %llu", (unsigned long long)showing.last);
	struct json_writer *json = output_members(session->output);
	json_key(json, "next");
	if (showing.is_cut)
		json_unsigned(json, showing.last);
	else
		json_null(json);
	buffer_free(&showing.hash);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- verify ---- */

struct journal_verifying {
	struct session *session;
	uint64_t entries, bad;
	unsigned char head[DIGEST_SHA256_SIZE];
	bool is_intact; /* the chain is */
	uint64_t disagreements;
};

static enum status put_disagreement(void *context, const struct damage *damage)
{
	struct journal_verifying *verifying = context;
	struct json_writer *json = output_members(verifying->session->output);
	verifying->disagreements++;
	json_begin_object(json);
	json_key(json, "file");
	json_bytes(json, damage->file);
	json_key(json, "what");
	json_bytes(json, damage->what);
	json_end_object(json);
	session_warn(verifying->session, "journal", "%.*s", (int)damage->what.len, (const char *)damage->what.at);
	return STATUS_OK;
}

/* A chain that does not hold says nothing of incidents. */
static enum status compare_incidents(struct journal_verifying *verifying, struct failure *reterr)
{
	struct json_writer *json = output_members(verifying->session->output);
	json_key(json, "disagreements");
	json_begin_array(json);
	enum status status = STATUS_OK;
	if (verifying->is_intact)
		status = journal_compare(verifying->session->catalog, put_disagreement, verifying, reterr);
	json_end_array(output_members(verifying->session->output));
	return status == STATUS_MALFORMED && verifying->disagreements > 0 ? STATUS_OK : status;
}

static void show_verdict(const struct journal_verifying *verifying)
{
	struct output *output = verifying->session->output;
	bool is_intact = verifying->is_intact && verifying->disagreements == 0;
	struct buffer hex = buffer_with_ceiling(256);
	digest_append_hex(&hex, bytes_of(verifying->head, sizeof verifying->head));
	struct json_writer *json = output_members(output);
	json_key(json, "entries");
	json_unsigned(json, verifying->entries);
	json_key(json, "intact");
	json_boolean(json, is_intact);
	json_key(json, "bad");
	if (verifying->is_intact)
		json_null(json);
	else
		json_unsigned(json, verifying->bad);
	json_key(json, "head");
	json_string(json, verifying->is_intact ? buffer_string(&hex) : NULL);
	output_begin_page(output, BYTES_NONE);
	output_field(output, "entries", "Entries", cell_unsigned(verifying->entries));
	output_field(output, "intact", "Intact", cell_toned(cell_boolean(is_intact), is_intact ? TONE_GOOD : TONE_BAD));
	output_field(output, "bad", "First bad entry",
	             verifying->is_intact ? CELL_EMPTY : cell_toned(cell_unsigned(verifying->bad), TONE_BAD));
	output_field(output, "disagreements", "Incidents of another time", cell_unsigned(verifying->disagreements));
	output_field(output, "head", "Head", verifying->is_intact ? cell_text(buffer_bytes(&hex)) : CELL_EMPTY);
	buffer_free(&hex);
}

static enum status verify(struct session *session, struct failure *reterr)
{
	struct journal_verifying verifying = {.session = session};
	struct failure why = {.why = ""};
	enum status status = journal_verify(session->catalog, &verifying.entries, &verifying.bad, verifying.head, &why);
	verifying.is_intact = status == STATUS_OK;
	if (status == STATUS_MALFORMED)
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = compare_incidents(&verifying, &why);
	if (status != STATUS_OK) {
		*reterr = why;
		return status;
	}
	show_verdict(&verifying);
	if (!verifying.is_intact)
		session_warn(session, "journal", "entry %llu does not follow from its predecessor; compare a backup",
		             (unsigned long long)verifying.bad);
	session->exit_code = verifying.is_intact && verifying.disagreements == 0 ? EXIT_DONE : EXIT_FAILED;
	return STATUS_OK;
}
