/* SPDX-License-Identifier: Apache-2.0 */
#include "act/duties.h"

#include "act/regimes.h"
#include "base/clock.h"
#include "catalog/notices.h"

#include <stdlib.h>

enum { COLUMNS = 12, HOUR = 3600, DAY = 24 * HOUR, BASIS_MAX = 4096 };

static const char *const state_names[] = {"not_due", "unknown",   "running",      "overdue",
                                          "done",    "done_late", "not_required", "proposed"};

const char *duty_state_name(enum duty_state state)
{
	return state_names[state];
}

/* ---- the rows ---- */

static size_t cut_columns(const char *line, struct bytes columns[COLUMNS])
{
	struct bytes rest = bytes_of_string(line);
	size_t count = 0;
	while (count < COLUMNS) {
		size_t bar = bytes_find(rest, BYTES_LITERAL(" | "));
		columns[count++] = bytes_trim(bytes_slice(rest, 0, bar));
		if (bar == BYTES_NOT_FOUND)
			break;
		rest = bytes_from(rest, bar + 3);
	}
	return count;
}

static struct bytes unless_dash(struct bytes text)
{
	return bytes_equal_string(text, "-") ? BYTES_NONE : text;
}

static int64_t read_clock(struct bytes text)
{
	uint64_t number = 0;
	if (text.len < 2 || !bytes_parse_u64(bytes_slice(text, 0, text.len - 1), &number) || number > 10000)
		return 0;
	return (int64_t)number * (text.at[text.len - 1] == 'd' ? DAY : HOUR);
}

static void read_regime(const struct bytes columns[COLUMNS], struct regime *into)
{
	*into = (struct regime){
		.id = columns[0],
		.name = columns[1],
		.article = columns[2],
		.tells_people = bytes_equal_string(columns[3], "people"),
		.authority = unless_dash(columns[4]),
		.clock = read_clock(columns[5]),
		.is_from_telling = bytes_equal_string(columns[6], "people_told"),
		.region = columns[7],
		.in_force = columns[9],
		.source = columns[10],
		.read = columns[11],
	};
	if (!bytes_parse_u64(columns[8], &into->more_than))
		into->more_than = 0;
}

bool regime_at(size_t nth, struct regime *ret_regime)
{
	struct bytes columns[COLUMNS];
	for (const char *const *line = regimes_lines; *line != NULL; line++) {
		if (cut_columns(*line, columns) < COLUMNS || nth-- > 0)
			continue;
		read_regime(columns, ret_regime);
		return true;
	}
	return false;
}

bool regime_find(struct bytes written, struct regime *ret_regime)
{
	for (size_t i = 0; regime_at(i, ret_regime); i++)
		if (bytes_equal_nocase(written, ret_regime->id) || bytes_equal_nocase(written, ret_regime->name))
			return true;
	return false;
}

static size_t row_of(struct bytes id)
{
	struct regime regime;
	size_t row = 0;
	while (regime_at(row, &regime) && !bytes_equal_nocase(regime.id, id))
		row++;
	return row;
}

/* ---- facts ---- */

static enum status count_person(void *context, const struct person_summary *summary)
{
	struct duty_facts *facts = context;
	const char *country = summary->record.residence;
	size_t at = 0;
	facts->people++;
	while (at < facts->residence_count && memcmp(facts->residences[at].country, country, 2) != 0)
		at++;
	if (at == facts->residence_count) {
		if (at == sizeof facts->residences / sizeof *facts->residences)
			return STATUS_OK;
		memcpy(facts->residences[at].country, country, 3);
		facts->residence_count++;
	}
	facts->residences[at].people++;
	return STATUS_OK;
}

struct taking_decisions {
	struct duty_facts *facts;
	struct arena *arena;
};

static enum status take_decision(void *context, const struct notice_decision *decision)
{
	struct taking_decisions *taking = context;
	size_t row = row_of(decision->regime);
	if (decision->what == NOTICE_DECIDE_AWARE) {
		taking->facts->aware = decision->at;
		taking->facts->is_aware_said = true;
		return STATUS_OK;
	}
	if (row >= sizeof taking->facts->decisions / sizeof *taking->facts->decisions)
		return STATUS_OK;
	struct duty_decision *known = &taking->facts->decisions[row];
	switch (decision->what) {
	case NOTICE_DECIDE_AUTHORITY_TOLD: known->authority_told = decision->at; break;
	case NOTICE_DECIDE_PEOPLE_TOLD: known->people_told = decision->at; break;
	default:
		known->verdict = decision->what == NOTICE_DECIDE_TELL ? 1 : -1;
		known->verdict_at = decision->made;
		known->why = arena_copy(taking->arena, decision->why);
	}
	return STATUS_OK;
}

struct finding_creation {
	struct bytes name;
	int64_t created;
};

static enum status take_creation(void *context, const struct incident_summary *summary)
{
	struct finding_creation *finding = context;
	if (bytes_equal(summary->name, finding->name))
		finding->created = summary->created;
	return STATUS_OK;
}

enum status duty_facts_find(struct catalog *catalog, struct incident *incident, struct bytes incident_name, struct arena *arena,
                            struct duty_facts *ret_facts, struct failure *reterr)
{
	struct duty_facts facts = {.now = clock_now()};
	struct finding_creation finding = {incident_name, CLOCK_UNKNOWN};
	struct taking_decisions taking = {&facts, arena};
	struct buffer cursor = buffer_with_ceiling(1 << 16);
	const struct people_filter everybody = {.elements = 0};
	struct failure failure;
	for (size_t i = 0; i < sizeof facts.decisions / sizeof *facts.decisions; i++)
		facts.decisions[i] = (struct duty_decision){CLOCK_UNKNOWN, CLOCK_UNKNOWN, 0, CLOCK_UNKNOWN, BYTES_NONE};
	enum status status = catalog_list_incidents(catalog, take_creation, &finding, reterr);
	facts.aware = finding.created;
	if (status == STATUS_OK)
		status = incident_decisions(incident, take_decision, &taking, reterr);
	if (status == STATUS_OK) {
		status = incident_people(incident, &everybody, BYTES_NONE, count_person, &facts, &cursor, &failure);
		facts.has_people = status != STATUS_ABSENT;
		if (status != STATUS_OK && status != STATUS_END && status != STATUS_ABSENT && reterr != NULL)
			*reterr = failure;
		if (status == STATUS_END || status == STATUS_ABSENT)
			status = STATUS_OK;
	}
	buffer_free(&cursor);
	if (status == STATUS_OK)
		*ret_facts = facts;
	return status;
}

/* ---- residents ---- */

static struct bytes countries_of(struct bytes region)
{
	struct bytes columns[COLUMNS];
	for (const char *const *line = regimes_lines; *line != NULL; line++)
		if (cut_columns(*line, columns) == 3 && bytes_equal_string(columns[0], "region") &&
		    bytes_equal(columns[1], region))
			return columns[2];
	return BYTES_NONE;
}

void duty_count_residents(const struct duty_facts *facts, struct bytes region, uint64_t *ret_known, uint64_t *ret_unknown)
{
	struct bytes countries = countries_of(region);
	/* Of a part of a country nobody knows which of its people live there. */
	bool is_part = region.len > 3 && region.at[2] == '-';
	*ret_known = *ret_unknown = 0;
	for (size_t i = 0; i < facts->residence_count; i++) {
		struct bytes country = bytes_of_string(facts->residences[i].country);
		if (country.len == 0 || (is_part && bytes_equal(country, bytes_slice(region, 0, 2))))
			*ret_unknown += facts->residences[i].people;
		else if (!is_part && bytes_find(countries, country) != BYTES_NOT_FOUND)
			*ret_known += facts->residences[i].people;
	}
}

/* ---- one duty ---- */

static void append_time(struct buffer *into, int64_t time)
{
	char text[CLOCK_TEXT_SIZE];
	buffer_append_string(into, time == CLOCK_UNKNOWN ? "at a time that is not known" : clock_format(time, text));
}

static void explain(const struct duty_facts *facts, const struct duty_decision *decision, struct duty *duty, uint64_t known,
                    uint64_t unknown)
{
	struct buffer *basis = &duty->basis;
	if (!facts->has_people)
		buffer_append_string(basis, "people are told apart when a sweep ends: none did yet");
	else
		buffer_append_format(basis, "%llu people found, %llu of them known to live in %.*s, of %llu it is not known",
		                     (unsigned long long)facts->people, (unsigned long long)known, (int)duty->regime.region.len,
		                     (const char *)duty->regime.region.at, (unsigned long long)unknown);
	if (duty->regime.more_than > 0)
		buffer_append_format(basis, "; where more than %llu are told", (unsigned long long)duty->regime.more_than);
	buffer_append_string(basis, "; aware ");
	append_time(basis, facts->aware);
	buffer_append_string(basis, facts->is_aware_said ? ", as the operator put down"
	                                                 : ", when the first sweep began: say otherwise "
	                                                   "by notify decide --aware");
	if (decision->verdict != 0) {
		buffer_append_format(basis, "; decided that people %s be told: ", decision->verdict > 0 ? "must" : "need not");
		buffer_append(basis, decision->why);
	}
	buffer_append_string(basis, "; ");
	buffer_append(basis, duty->regime.source);
	buffer_append_string(basis, ", read ");
	buffer_append(basis, duty->regime.read);
}

static enum duty_state state_of(const struct duty_facts *facts, const struct duty_decision *decision, const struct duty *duty,
                                uint64_t known, uint64_t unknown)
{
	int64_t told = duty->regime.tells_people ? decision->people_told : decision->authority_told;
	if (bytes_equal_string(duty->regime.in_force, "proposed"))
		return DUTY_PROPOSED;
	if (told != CLOCK_UNKNOWN)
		return duty->due_at != CLOCK_UNKNOWN && told > duty->due_at ? DUTY_DONE_LATE : DUTY_DONE;
	if (duty->regime.tells_people && decision->verdict < 0)
		return DUTY_NOT_REQUIRED;
	if (facts->has_people && known == 0 && unknown <= duty->regime.more_than)
		return DUTY_NOT_DUE;
	bool is_surely_due = known > duty->regime.more_than || (duty->regime.tells_people && decision->verdict > 0);
	if (!is_surely_due)
		return DUTY_UNKNOWN;
	return duty->due_at != CLOCK_UNKNOWN && facts->now > duty->due_at ? DUTY_OVERDUE : DUTY_RUNNING;
}

/* Of a duty that begins when people are told: of the same law's, by the beginning of its id. */
static int64_t people_told_under(const struct duty_facts *facts, struct bytes id)
{
	struct regime regime;
	for (size_t i = 0; regime_at(i, &regime); i++)
		if (regime.tells_people && bytes_start_with(id, regime.id))
			return facts->decisions[i].people_told;
	return CLOCK_UNKNOWN;
}

static void fill_duty(const struct duty_facts *facts, size_t row, struct duty *duty)
{
	const struct duty_decision *decision = &facts->decisions[row];
	uint64_t known = 0, unknown = 0;
	int64_t from = duty->regime.is_from_telling ? people_told_under(facts, duty->regime.id) : facts->aware;
	duty_count_residents(facts, duty->regime.region, &known, &unknown);
	duty->due_at = duty->regime.clock > 0 && from != CLOCK_UNKNOWN ? from + duty->regime.clock : CLOCK_UNKNOWN;
	duty->state = state_of(facts, decision, duty, known, unknown);
	if (duty->state == DUTY_NOT_DUE || duty->state == DUTY_PROPOSED)
		duty->due_at = CLOCK_UNKNOWN;
	explain(facts, decision, duty, known, unknown);
}

enum status duties_each(const struct duty_facts *facts, enum status (*each)(void *context, const struct duty *duty),
                        void *context)
{
	struct duty duty = {.basis = buffer_with_ceiling(BASIS_MAX)};
	enum status status = STATUS_OK;
	for (size_t row = 0; row < sizeof facts->decisions / sizeof *facts->decisions && regime_at(row, &duty.regime); row++) {
		buffer_reset(&duty.basis);
		fill_duty(facts, row, &duty);
		status = buffer_status(&duty.basis);
		if (status == STATUS_OK)
			status = each(context, &duty);
		if (status != STATUS_OK)
			break;
	}
	buffer_free(&duty.basis);
	return status;
}
