/* SPDX-License-Identifier: Apache-2.0 */
#include "act/draft.h"

#include "act/reach.h"
#include "base/clock.h"
#include "catalog/register.h"

enum { ARENA_MAX = 256 << 20, VALUE_MAX = 1 << 16 };

struct drafting {
	struct incident *incident;
	const struct regime *regime;
	const struct duty_facts *facts;
	const struct duty_decision *decision;
	struct arena arena;
	struct ledger ledger;
	struct reach reach;
	/* Of all containers: */
	uint64_t containers, opened;
	int64_t first_seen, last_seen, closed_at;
	bool is_open;
	struct buffer value, basis;
	enum status (*each)(void *context, const struct draft_field *field);
	void *context;
	enum status status;
};

/* The field that was filled in goes out; of another law its article does not count. */
static void put(struct drafting *drafting, const char *name, const char *label, const char *article)
{
	bool is_gdpr = bytes_start_with(drafting->regime->id, BYTES_LITERAL("gdpr"));
	const struct draft_field field = {name, label, is_gdpr ? article : NULL, buffer_bytes(&drafting->value),
	                                  buffer_bytes(&drafting->basis)};
	if (drafting->status == STATUS_OK)
		drafting->status = drafting->each(drafting->context, &field);
	buffer_reset(&drafting->value);
	buffer_reset(&drafting->basis);
}

static void rest_on(struct drafting *drafting, const char *basis)
{
	buffer_append_string(&drafting->basis, basis);
}

static void append_time(struct buffer *into, int64_t time)
{
	char text[CLOCK_TEXT_SIZE];
	buffer_append_string(into, clock_format(time, text));
}

static void append_listed(struct buffer *into, struct bytes name, uint64_t count)
{
	if (into->len > 0)
		buffer_append_string(into, ", ");
	buffer_append(into, name);
	buffer_append_format(into, " %llu", (unsigned long long)count);
}

static void append_breakdown(struct buffer *into, const struct breakdown *breakdown)
{
	for (size_t i = 0; i < breakdown->count; i++)
		append_listed(into, breakdown->rows[i].name, breakdown->rows[i].count);
}

/* ---- what it is filled from ---- */

static enum status take_container(void *context, const struct container_summary *summary)
{
	struct drafting *drafting = context;
	drafting->containers++;
	if (summary->exposed.first_seen == CLOCK_UNKNOWN)
		return STATUS_OK;
	drafting->opened++;
	if (drafting->first_seen == CLOCK_UNKNOWN || summary->exposed.first_seen < drafting->first_seen)
		drafting->first_seen = summary->exposed.first_seen;
	if (summary->exposed.last_seen != CLOCK_UNKNOWN && summary->exposed.last_seen > drafting->last_seen)
		drafting->last_seen = summary->exposed.last_seen;
	drafting->is_open |= summary->exposed.closed_at == CLOCK_UNKNOWN;
	if (summary->exposed.closed_at != CLOCK_UNKNOWN && summary->exposed.closed_at > drafting->closed_at)
		drafting->closed_at = summary->exposed.closed_at;
	return STATUS_OK;
}

static enum status take_own(void *context, const struct register_row *row)
{
	struct drafting *drafting = context;
	buffer_append(&drafting->value, row->name.len > 0 ? row->name : row->domains[0]);
	buffer_append_string(&drafting->value, " (");
	buffer_append(&drafting->value, row->domains[0]);
	buffer_append_byte(&drafting->value, ')');
	return STATUS_END;
}

static enum status gather(struct drafting *drafting, struct failure *reterr)
{
	enum status status = incident_ledger(drafting->incident, &drafting->arena, &drafting->ledger, reterr);
	if (status == STATUS_OK)
		status = incident_containers(drafting->incident, take_container, drafting, reterr);
	if (status == STATUS_OK)
		status = reach_find(drafting->incident, NULL, NULL, &drafting->reach, reterr);
	return status;
}

/* ---- fields ---- */

static enum status put_controller(struct drafting *drafting, struct failure *reterr)
{
	struct buffer cursor = buffer_with_ceiling(1 << 16);
	enum status status = incident_register(drafting->incident, RELATIONSHIP_OWN, BYTES_NONE, take_own, drafting, &cursor,
	                                       reterr);
	buffer_free(&cursor);
	rest_on(drafting, drafting->value.len > 0 ? "the register's row whose relationship is own"
	                                          : "the register has no row whose relationship is own");
	put(drafting, "controller", "Who reports", "33(1)");
	rest_on(drafting, "to be named by who reports");
	put(drafting, "dpo_contact", "Data protection officer or other contact", "33(3)(b)");
	return status;
}

static void put_times(struct drafting *drafting)
{
	append_time(&drafting->value, drafting->facts->aware);
	rest_on(drafting, drafting->facts->is_aware_said ? "the operator put it down"
	                                                 : "when the first sweep began; notify decide "
	                                                   "--aware says otherwise");
	put(drafting, "aware_since", "Aware since", "33(1)");
	if (drafting->regime->clock > 0 && drafting->facts->aware != CLOCK_UNKNOWN &&
	    drafting->facts->now <= drafting->facts->aware + drafting->regime->clock) {
		buffer_append_string(&drafting->value, "none: the time has not run out");
		rest_on(drafting, "the clock of the regime");
	} else {
		rest_on(drafting, "the time has run out, or no clock is stated: to be given by who reports");
	}
	put(drafting, "reasons_for_delay", "Reasons for a delay", "33(1)");
}

static void put_nature(struct drafting *drafting)
{
	struct buffer *value = &drafting->value;
	if (drafting->opened > 0) {
		buffer_append_format(value,
		                     "loss of confidentiality: %llu of %llu containers could be reached by strangers from ",
		                     (unsigned long long)drafting->opened, (unsigned long long)drafting->containers);
		append_time(value, drafting->first_seen);
		buffer_append_string(value, " or earlier; ");
		if (drafting->is_open)
			buffer_append_string(value, "some were not seen closed yet");
		else {
			buffer_append_string(value, "seen closed by ");
			append_time(value, drafting->closed_at);
		}
	}
	rest_on(drafting, drafting->opened > 0 ? "observations of strangers' requests"
	                                       : "no request of a stranger's was observed: to be stated by who reports");
	put(drafting, "nature", "Nature of the breach", "33(3)(a)");
	rest_on(drafting, "access logs were not read: whether somebody took it is unknown");
	put(drafting, "taken_by_others", "Whether data was taken", "33(3)(a)");
}

static void put_people(struct drafting *drafting)
{
	const struct ledger *ledger = &drafting->ledger;
	append_breakdown(&drafting->value, &ledger->by_relationship);
	rest_on(drafting,
	        "organisations by what the register says they are to the owner; which of their people are concerned as what, "
	        "is to be stated by who reports");
	put(drafting, "categories_of_people", "Categories of people", "33(3)(a)");
	if (ledger->has_people)
		buffer_append_format(&drafting->value, "%s%llu", ledger->unseen.objects > 0 ? "at least " : "",
		                     (unsigned long long)ledger->people.distinct);
	rest_on(drafting, ledger->has_people
	                          ? "people told apart by their records when the last sweep ended (scope: people, distinct)"
	                          : "people are told apart when a sweep ends");
	put(drafting, "number_of_people", "Approximate number of people", "33(3)(a)");
	append_breakdown(&drafting->value, &ledger->by_element);
	rest_on(drafting, "how many people each kind was found of (scope: by_element)");
	put(drafting, "categories_of_data", "Categories of data", "33(3)(a)");
	if (ledger->has_people)
		buffer_append_format(&drafting->value, "%s%llu", ledger->unseen.objects > 0 ? "at least " : "",
		                     (unsigned long long)ledger->people.references);
	rest_on(drafting, "records of people in every place where they stand (scope: people, references)");
	put(drafting, "number_of_records", "Approximate number of records", "33(3)(a)");
	for (size_t i = 0; i < drafting->facts->residence_count; i++) {
		const struct duty_residence *residence = &drafting->facts->residences[i];
		append_listed(&drafting->value,
		              residence->country[0] != '\0' ? bytes_of_string(residence->country) : BYTES_LITERAL("not known"),
		              residence->people);
	}
	rest_on(drafting, "residence by addresses, else by telephone numbers");
	put(drafting, "residence", "Where they live", NULL);
}

static void put_unseen(struct drafting *drafting)
{
	buffer_append_format(&drafting->value, "%llu objects, %llu bytes", (unsigned long long)drafting->ledger.unseen.objects,
	                     (unsigned long long)drafting->ledger.unseen.bytes);
	rest_on(drafting, "what could not be read (scope: unseen); what is found in it later is supplied in phases");
	put(drafting, "not_read", "Not read so far", "33(4)");
}

static void put_judgement(struct drafting *drafting)
{
	const struct duty_decision *decision = drafting->decision;
	rest_on(drafting, "a judgement: to be stated by who reports");
	put(drafting, "consequences", "Likely consequences", "33(3)(c)");
	if (drafting->opened > 0 && !drafting->is_open) {
		buffer_append_string(&drafting->value, "all containers that were seen open were seen closed by ");
		append_time(&drafting->value, drafting->closed_at);
	}
	if (drafting->reach.organisations > 0)
		buffer_append_format(
			&drafting->value, "%snotices for %llu organisations: %llu reached, %llu acknowledged, %llu unreachable",
			drafting->value.len > 0 ? "; " : "", (unsigned long long)drafting->reach.organisations,
			(unsigned long long)drafting->reach.reached, (unsigned long long)drafting->reach.acknowledged,
			(unsigned long long)drafting->reach.unreachable);
	rest_on(drafting, "observations and notices on record; further measures are to be stated by who reports");
	put(drafting, "measures", "Measures taken or proposed", "33(3)(d)");
	if (decision->verdict != 0) {
		buffer_append_string(&drafting->value, decision->verdict > 0 ? "people are told: " : "people are not told: ");
		buffer_append(&drafting->value, decision->why);
	}
	rest_on(drafting,
	        decision->verdict != 0 ? "the operator's decision, on record" : "not decided; notify decide puts it down");
	put(drafting, "people_told", "Whether people are told, and why", "34");
}

static const struct duty_decision *decision_of(const struct duty_facts *facts, const struct regime *regime)
{
	struct regime row;
	size_t nth = 0;
	/* Whether people are told is decided under the law's own row for them, where it has one. */
	for (size_t i = 0; regime_at(i, &row); i++) {
		if (bytes_equal(row.id, regime->id))
			nth = i;
		if (bytes_equal(row.name, regime->name) && facts->decisions[i].verdict != 0)
			return &facts->decisions[i];
	}
	return &facts->decisions[nth];
}

enum status draft_each(struct incident *incident, const struct regime *regime, const struct duty_facts *facts,
                       enum status (*each)(void *context, const struct draft_field *field), void *context, struct failure *reterr)
{
	struct drafting drafting = {
		.incident = incident,
		.regime = regime,
		.facts = facts,
		.decision = decision_of(facts, regime),
		.arena = arena_with_ceiling(ARENA_MAX),
		.first_seen = CLOCK_UNKNOWN,
		.last_seen = CLOCK_UNKNOWN,
		.closed_at = CLOCK_UNKNOWN,
		.value = buffer_with_ceiling(VALUE_MAX),
		.basis = buffer_with_ceiling(VALUE_MAX),
		.each = each,
		.context = context,
	};
	enum status status = gather(&drafting, reterr);
	if (status == STATUS_OK)
		status = put_controller(&drafting, reterr);
	if (status == STATUS_OK) {
		put_times(&drafting);
		put_nature(&drafting);
		put_people(&drafting);
		put_unseen(&drafting);
		put_judgement(&drafting);
		status = drafting.status;
	}
	arena_free(&drafting.arena);
	buffer_free(&drafting.value);
	buffer_free(&drafting.basis);
	return status;
}
