/* SPDX-License-Identifier: Apache-2.0 */
/* catalog: what it is, whether it is whole, a copy of it, and its erasure. */
#include "cli/session.h"

#include "base/clock.h"
#include "base/digest.h"

static enum status show_info(struct session *session, struct failure *reterr);
static enum status verify(struct session *session, struct failure *reterr);
static enum status back_up(struct session *session, struct failure *reterr);
static enum status purge(struct session *session, struct failure *reterr);

static const struct option purge_options[] = {
	{.name = "expired",
         .kind = OPTION_FLAG,
         .is_not_configured = true,
         .help = "erase only texts and findings whose time is over (sweep --keep-for), in one incident or in all"},
	{.name = "yes",
         .letter = 'y',
         .kind = OPTION_FLAG,
         .is_not_configured = true,
         .help = "do not ask; needed where there is no terminal"},
	{.name = NULL},
};

static const struct command command_info = {
	.name = "info",
	.summary = "tell where the catalog is, how large, and what it holds",
	.catalog = COMMAND_READS_CATALOG,
	.execute = show_info,
};

static const struct command command_verify = {
	.name = "verify",
	.summary = "open every page of every file and check structure, counts and journal",
	.description =
		"Exits with 1 when something is damaged, and names the place; also when an incident is an older copy that was "
		"put back, or the journal is. Reads only.",
	.catalog = COMMAND_READS_CATALOG,
	.execute = verify,
};

static const struct command command_backup = {
	.name = "backup",
	.summary = "make a consistent copy of the catalog in a new directory",
	.description = "The copy is sealed under the same key, which is not part of it: keep the key elsewhere.",
	.operands = "DIR",
	.operands_min = 1,
	.operands_max = 1,
	.catalog = COMMAND_READS_CATALOG,
	.journal = "catalog backup",
	.execute = back_up,
};

static const struct command command_purge = {
	.name = "purge",
	.summary = "erase an incident for good, or what has expired",
	.description = "With --incident the incident's key is erased, then its folder: nothing of it can be read again here. "
		       "Backups hold what they held; destroy them too. With --expired only texts and findings whose time is "
		       "over go. One of the two must be given; --incident counts only as a flag here.\n\n"
		       "It says what goes, and asks.",
	.options = purge_options,
	.catalog = COMMAND_WRITES_CATALOG,
	.execute = purge,
};

static const struct command *const subcommands[] = {
	&command_info, &command_verify, &command_backup, &command_purge, NULL,
};

static const struct command_example examples[] = {
	{"catalog info", "see where the catalog is and what it holds"},
	{"catalog verify", "check every page after a crash of the machine"},
	{"catalog backup /mnt/safe/tidemark-backup", "copy the catalog while it is in use"},
	{"catalog purge --expired --yes", "from a timer: erase what has been kept long enough"},
	{"catalog purge --incident summer", "destroy one incident"},
	{.line = NULL},
};

const struct command command_catalog = {
	.name = "catalog",
	.group = COMMAND_KEEPS,
	.summary = "describe, check, copy or purge the catalog",
	.subcommands = subcommands,
	.examples = examples,
	.see_also = "incidents, journal, doctor",
};

static void put_member(struct session *session, const char *key, const char *text)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, key);
	json_string(json, text);
}

static void put_count(struct session *session, const char *key, uint64_t count)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, key);
	json_unsigned(json, count);
}

/* ---- info ---- */

static enum status show_info(struct session *session, struct failure *reterr)
{
	struct catalog_info info;
	struct output *output = session->output;
	enum status status = catalog_describe(session->catalog, &info, reterr);
	if (status != STATUS_OK)
		return status;
	put_member(session, "directory", session->place.directory);
	put_member(session, "key_file", session->place.key_file);
	put_count(session, "schema", info.schema);
	put_count(session, "bytes", info.bytes);
	put_count(session, "incidents", info.incidents);
	put_count(session, "journal_entries", info.journal_entries);
	struct json_writer *json = output_members(output);
	json_key(json, "created");
	json_time(json, info.created);
	output_begin_page(output, BYTES_NONE);
	output_field(output, "directory", "Directory", cell_string(session->place.directory));
	output_field(output, "key_file", "Key file", cell_string(session->place.key_file));
	output_field(output, "schema", "Schema", cell_unsigned(info.schema));
	output_field(output, "bytes", "Size", cell_size(info.bytes));
	output_field(output, "incidents", "Incidents", cell_unsigned(info.incidents));
	output_field(output, "journal_entries", "Journal entries", cell_unsigned(info.journal_entries));
	output_field(output, "created", "Created", cell_time(info.created));
	return STATUS_OK;
}

/* ---- verify ---- */

static const struct column damage_columns[] = {
	{.name = "file", .may_shrink = true, .keeps_end = true},
	{.name = "page", .align = COLUMN_RIGHT},
	{.name = "what", .may_shrink = true},
};

static const struct output_list damage_list = {
	.member = "damage",
	.columns = damage_columns,
	.column_count = sizeof damage_columns / sizeof *damage_columns,
};

struct verifying {
	struct session *session;
	uint64_t damages;
};

static enum status put_damage(void *context, const struct damage *damage)
{
	struct verifying *verifying = context;
	struct json_writer *json = output_begin_item(verifying->session->output);
	verifying->damages++;
	json_key(json, "file");
	json_bytes(json, damage->file);
	json_key(json, "page");
	json_unsigned(json, damage->page);
	json_key(json, "what");
	json_bytes(json, damage->what);
	const struct cell cells[] = {
		cell_text(damage->file),
		cell_unsigned(damage->page),
		cell_toned(cell_text(damage->what), TONE_BAD),
	};
	return output_end_item(verifying->session->output, cells);
}

struct journal_state {
	uint64_t entries, bad;
	bool is_intact;
};

static enum status check_journal(struct session *session, struct journal_state *ret_state, struct failure *reterr)
{
	unsigned char head[DIGEST_SHA256_SIZE];
	struct journal_state state = {.is_intact = true};
	enum status status = journal_verify(session->catalog, &state.entries, &state.bad, head, reterr);
	if (status == STATUS_MALFORMED) {
		state.is_intact = false;
		status = STATUS_OK;
	}
	if (status == STATUS_OK)
		*ret_state = state;
	return status;
}

static void put_verdict(struct session *session, uint64_t pages, uint64_t damages, const struct journal_state *journal)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, "pages");
	json_unsigned(json, pages);
	json_key(json, "journal");
	json_begin_object(json);
	json_key(json, "entries");
	json_unsigned(json, journal->entries);
	json_key(json, "intact");
	json_boolean(json, journal->is_intact);
	json_key(json, "bad");
	if (journal->is_intact)
		json_null(json);
	else
		json_unsigned(json, journal->bad);
	json_end_object(json);
	json_key(json, "intact");
	json_boolean(json, damages == 0 && journal->is_intact);
}

static void tell_verdict(struct session *session, uint64_t pages, uint64_t damages, const struct journal_state *journal)
{
	struct output *output = session->output;
	bool is_intact = damages == 0 && journal->is_intact;
	output_begin_page(output, BYTES_NONE);
	output_field(output, "pages", "Pages opened", cell_unsigned(pages));
	output_field(output, "journal_entries", "Journal entries", cell_unsigned(journal->entries));
	if (!journal->is_intact)
		output_field(output, "journal_bad", "Journal broken at", cell_toned(cell_unsigned(journal->bad), TONE_BAD));
	output_field(output, "intact", "Intact", cell_toned(cell_boolean(is_intact), is_intact ? TONE_GOOD : TONE_BAD));
	if (!is_intact)
		session_warn(session, session->place.directory,
		             "is damaged; restore a backup, or purge the incident whose file it is and sweep again");
}

static enum status verify(struct session *session, struct failure *reterr)
{
	struct verifying verifying = {.session = session};
	struct journal_state journal;
	struct failure why = {.why = ""};
	uint64_t pages = 0;
	output_begin_list(session->output, &damage_list);
	enum status status = catalog_verify(session->catalog, put_damage, &verifying, &pages, &why);
	output_end_list(session->output);
	if (status == STATUS_MALFORMED && verifying.damages > 0)
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = check_journal(session, &journal, &why);
	if (status != STATUS_OK) {
		*reterr = why;
		return status;
	}
	put_verdict(session, pages, verifying.damages, &journal);
	tell_verdict(session, pages, verifying.damages, &journal);
	session->exit_code = verifying.damages == 0 && journal.is_intact ? EXIT_DONE : EXIT_FAILED;
	return STATUS_OK;
}

/* ---- backup ---- */

static enum status back_up(struct session *session, struct failure *reterr)
{
	const char *directory = settings_operand(session->settings, 0);
	int64_t started = clock_monotonic();
	enum status status = catalog_backup(session->catalog, directory, reterr);
	if (status != STATUS_OK)
		return status;
	double seconds = (double)(clock_monotonic() - started) / 1000;
	put_member(session, "directory", session->place.directory);
	put_member(session, "backup", directory);
	struct json_writer *json = output_members(session->output);
	json_key(json, "seconds");
	json_real(json, seconds);
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "directory", "Catalog", cell_string(session->place.directory));
	output_field(session->output, "backup", "Copy", cell_string(directory));
	output_field(session->output, "seconds", "Seconds", cell_real(seconds));
	output_note(session->output, "The key is not part of the copy: %s", session->place.key_file);
	return STATUS_OK;
}

/* ---- purge ---- */

static const struct column purge_columns[] = {
	{.name = "incident", .may_shrink = true},   {.name = "erased"},
	{.name = "objects", .align = COLUMN_RIGHT}, {.name = "documents", .align = COLUMN_RIGHT},
	{.name = "bytes", .align = COLUMN_RIGHT},
};

static const struct output_list purge_list = {
	.member = "purged",
	.columns = purge_columns,
	.column_count = sizeof purge_columns / sizeof *purge_columns,
	.nothing = "There is no incident to purge.",
};

/* Gathered first: purging while listing would pull the list away, and the person is asked once. */
struct purge {
	struct arena *arena;
	bool is_named, only_expired;
	int64_t expired_by;
	struct purge_item {
		struct purge_forecast forecast;
		struct purge_item *next;
	} * first, **end;
};

static enum status keep_forecast(void *context, const struct purge_forecast *forecast)
{
	struct purge *purge = context;
	struct purge_item *item = arena_allocate(purge->arena, sizeof *item);
	if (item == NULL)
		return STATUS_NO_MEMORY;
	item->forecast = *forecast;
	item->forecast.incident = arena_copy(purge->arena, forecast->incident);
	item->next = NULL;
	*purge->end = item;
	purge->end = &item->next;
	return STATUS_OK;
}

static void tell_forecast(struct session *session, const struct purge *purge, const struct purge_forecast *forecast)
{
	struct buffer text = buffer_with_ceiling(4096), incident = buffer_with_ceiling(1 << 20);
	buffer_append(&incident, forecast->incident);
	if (!forecast->is_known)
		buffer_append_string(&text, "what it holds cannot be counted: tidemark catalog verify says why; ");
	else if (!purge->only_expired)
		buffer_append_format(&text, "%llu objects, %llu documents, ", (unsigned long long)forecast->objects,
		                     (unsigned long long)forecast->documents);
	else
		buffer_append_format(&text, "texts and findings of %llu documents, ", (unsigned long long)forecast->documents);
	cell_append_human_size(&text, forecast->bytes);
	buffer_append_string(&text, purge->only_expired ? " of text, are over" : " on disk: all of it");
	if (forecast->is_known || !purge->only_expired)
		session_warn(session, buffer_string(&incident), "%s", buffer_string(&text));
	buffer_free(&incident);
	buffer_free(&text);
}

static enum status confirm_purge(struct session *session, const struct purge *purge, struct failure *reterr)
{
	if (settings_flag(session->settings, "yes") || purge->first == NULL)
		return STATUS_OK;
	for (const struct purge_item *item = purge->first; item != NULL; item = item->next)
		tell_forecast(session, purge, &item->forecast);
	return session_confirm(session, "This is erased for good; backups hold what they held.", "--yes", reterr);
}

/* Under no incident's key: the record of a destruction must outlive what it destroyed. */
static enum status journal_purge(struct session *session, struct bytes incident, bool only_expired, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(64 * 1024);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_key(&json, "incident");
	json_bytes(&json, incident);
	json_key(&json, "expired_only");
	json_boolean(&json, only_expired);
	json_end_object(&json);
	enum status status = session_journal(session, "catalog purge", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static void put_purged(struct json_writer *json, const char *erased, const struct purge_forecast *forecast)
{
	const struct {
		const char *name;
		bool is_known;
		uint64_t number;
	} counts[] = {
		{"objects", forecast->is_known, forecast->objects},
		{"documents", forecast->is_known, forecast->documents},
		{"bytes", true, forecast->bytes},
	};
	json_key(json, "incident");
	json_bytes(json, forecast->incident);
	json_key(json, "erased");
	json_string(json, erased);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		json_key(json, counts[i].name);
		counts[i].is_known ? json_unsigned(json, counts[i].number) : json_null(json);
	}
}

static enum status purge_one(struct session *session, const struct purge *purge, const struct purge_forecast *forecast,
                             struct failure *reterr)
{
	enum status status = journal_purge(session, forecast->incident, purge->only_expired, reterr);
	if (status == STATUS_OK)
		status = catalog_purge(session->catalog, forecast->incident, purge->expired_by, reterr);
	if (status != STATUS_OK)
		return status;
	const char *erased = purge->only_expired ? "expired" : "everything";
	put_purged(output_begin_item(session->output), erased, forecast);
	const struct cell cells[] = {
		cell_text(forecast->incident),
		cell_string(erased),
		forecast->is_known ? cell_unsigned(forecast->objects) : CELL_EMPTY,
		forecast->is_known ? cell_unsigned(forecast->documents) : CELL_EMPTY,
		cell_size(forecast->bytes),
	};
	return output_end_item(session->output, cells);
}

static enum status purge(struct session *session, struct failure *reterr)
{
	struct purge purge = {
		.arena = session->arena,
		.is_named = settings_origin(session->settings, "incident") == ORIGIN_FLAG,
		.only_expired = settings_flag(session->settings, "expired"),
	};
	purge.end = &purge.first;
	if (!purge.is_named && !purge.only_expired)
		return fail(reterr, STATUS_USAGE, "catalog purge", "name what is to be erased: --incident NAME, or --expired");
	purge.expired_by = purge.only_expired ? clock_now() : 0;
	enum status status = catalog_foresee(session->catalog, bytes_of_string(purge.is_named ? session->incident_name : NULL),
	                                     purge.expired_by, keep_forecast, &purge, reterr);
	if (status == STATUS_OK)
		status = confirm_purge(session, &purge, reterr);
	if (status != STATUS_OK)
		return status;
	output_begin_list(session->output, &purge_list);
	for (struct purge_item *item = purge.first; status == STATUS_OK && item != NULL; item = item->next)
		status = purge_one(session, &purge, &item->forecast, reterr);
	output_end_list(session->output);
	return status;
}
