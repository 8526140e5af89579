/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark notify breaches: the register of breaches (GDPR, Art. 33(5)), an incident a row. */
#include "cli/notify-commands.h"

#include "act/duties.h"
#include "act/reach.h"
#include "catalog/notices.h"
#include "cli/session.h"

static enum status execute(struct session *session, struct failure *reterr);

const struct command command_notify_breaches = {
	.name = "breaches",
	.summary = "list every incident of the catalog with what is known, done and decided",
	.description =
		"The register of breaches that a controller keeps: since when it was aware, how many people and records, what was "
		"decided about telling them and why, when authority and people were told, and whom notices reached.",
	.catalog = COMMAND_READS_CATALOG,
	.journal = "notify breaches",
	.execute = execute,
};

/* ---- one incident ---- */

struct breach {
	struct bytes name;
	char case_number[NOTICE_CASE_SIZE];
	struct duty_facts facts;
	struct ledger ledger;
	struct reach reach;
};

static enum status find_breach(struct catalog *catalog, struct arena *arena, struct breach *breach, struct failure *reterr)
{
	struct incident *incident = NULL;
	enum status status = incident_open(catalog, breach->name, INCIDENT_READ, &incident, reterr);
	if (status != STATUS_OK)
		return status;
	incident_case_number(incident, breach->case_number);
	status = duty_facts_find(catalog, incident, breach->name, arena, &breach->facts, reterr);
	if (status == STATUS_OK)
		status = incident_ledger(incident, arena, &breach->ledger, reterr);
	if (status == STATUS_OK)
		status = reach_find(incident, NULL, NULL, &breach->reach, reterr);
	incident_close(incident);
	return status;
}

static void write_decisions(const struct duty_facts *facts, struct json_writer *json)
{
	struct regime regime;
	json_key(json, "decisions");
	json_begin_array(json);
	for (size_t row = 0; row < sizeof facts->decisions / sizeof *facts->decisions && regime_at(row, &regime); row++) {
		const struct duty_decision *decision = &facts->decisions[row];
		if (decision->verdict == 0 && decision->authority_told == CLOCK_UNKNOWN && decision->people_told == CLOCK_UNKNOWN)
			continue;
		json_begin_object(json);
		json_member_text(json, "regime", regime.id);
		json_member_time(json, "authority_told", decision->authority_told);
		json_member_time(json, "people_told", decision->people_told);
		json_member_string(json, "people", decision->verdict == 0 ? NULL : decision->verdict > 0 ? "must" : "need-not");
		json_member_text(json, "why", decision->why);
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_breach(const struct breach *breach, struct json_writer *json)
{
	json_member_text(json, "incident", breach->name);
	json_member_string(json, "case", breach->case_number);
	json_member_time(json, "aware_since", breach->facts.aware);
	json_key(json, "aware_is_said");
	json_boolean(json, breach->facts.is_aware_said);
	json_key(json, "people");
	breach->ledger.has_people ? json_unsigned(json, breach->ledger.people.distinct) : json_null(json);
	json_key(json, "records");
	breach->ledger.has_people ? json_unsigned(json, breach->ledger.people.references) : json_null(json);
	json_member_unsigned(json, "organisations", breach->ledger.organisations.distinct);
	json_member_unsigned(json, "documents", breach->ledger.documents.references);
	json_member_unsigned(json, "unseen_objects", breach->ledger.unseen.objects);
	json_member_unsigned(json, "told", breach->reach.organisations);
	json_member_unsigned(json, "reached", breach->reach.reached);
	json_member_unsigned(json, "acknowledged", breach->reach.acknowledged);
	write_decisions(&breach->facts, json);
}

static enum status show_breach(struct session *session, const struct breach *breach)
{
	write_breach(breach, output_begin_item(session->output));
	const struct cell cells[] = {
		cell_toned(cell_text(breach->name), TONE_STRONG),
		cell_string(breach->case_number),
		cell_time(breach->facts.aware),
		breach->ledger.has_people ? cell_unsigned(breach->ledger.people.distinct) : CELL_EMPTY,
		breach->ledger.has_people ? cell_unsigned(breach->ledger.people.references) : CELL_EMPTY,
		cell_unsigned(breach->ledger.organisations.distinct),
		cell_unsigned(breach->reach.organisations),
		cell_unsigned(breach->reach.reached),
	};
	return output_end_item(session->output, cells);
}

/* ---- all of them ---- */

static enum status keep_name(void *context, const struct incident_summary *summary)
{
	struct buffer *names = context;
	buffer_append(names, summary->name);
	buffer_append_byte(names, '\0');
	return buffer_status(names);
}

/* Each in memory of its own: one at a time. */
static enum status show_each(struct session *session, struct bytes names, struct failure *reterr)
{
	enum status status = STATUS_OK;
	while (names.len > 0 && status == STATUS_OK) {
		struct arena arena = arena_with_ceiling(256u << 20);
		struct breach *breach = arena_allocate(&arena, sizeof *breach);
		size_t end = bytes_find_byte(names, '\0');
		status = breach == NULL ? STATUS_NO_MEMORY : STATUS_OK;
		if (breach != NULL)
			breach->name = bytes_slice(names, 0, end);
		if (status == STATUS_OK)
			status = find_breach(session->catalog, &arena, breach, reterr);
		if (status == STATUS_OK)
			status = show_breach(session, breach);
		arena_free(&arena);
		names = bytes_from(names, end + 1);
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "incident"},
		{.name = "case"},
		{.name = "aware_since"},
		{.name = "people", .align = COLUMN_RIGHT},
		{.name = "records", .align = COLUMN_RIGHT},
		{.name = "organisations", .align = COLUMN_RIGHT},
		{.name = "told", .align = COLUMN_RIGHT},
		{.name = "reached", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {
		.member = "breaches", .columns = columns, .column_count = sizeof columns / sizeof *columns};
	struct buffer names = buffer_with_ceiling(16u << 20);
	enum status status = catalog_list_incidents(session->catalog, keep_name, &names, reterr);
	output_begin_list(session->output, &list);
	if (status == STATUS_OK)
		status = show_each(session, buffer_bytes(&names), reterr);
	output_end_list(session->output);
	buffer_free(&names);
	return status;
}
