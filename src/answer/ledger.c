/* SPDX-License-Identifier: Apache-2.0 */
/* Counts both ways, what was not seen, the sample if it is one, and each container's part. */
#include "answer/ledger.h"

#include "answer/coverage.h"
#include "answer/hit.h"
#include "answer/manifest.h"
#include "answer/sampling.h"
#include "base/sum.h"

#include <stdio.h>

/* resolved is null where nothing tells which values stand for one thing; of documents each family counts once. A measure not
 * built yet is null itself. */
static void begin_measure(const char *name, const struct measure *measure, struct json_writer *json)
{
	json_key(json, name);
	json_begin_object(json);
	json_member_unsigned(json, "references", measure->references);
	json_member_unsigned(json, "distinct", measure->distinct);
	json_key(json, "resolved");
	measure->is_resolved ? json_unsigned(json, measure->resolved) : json_null(json);
	json_member_at_least(json, sum_is_at_least(measure->references));
}

static void write_measure(const char *name, const struct measure *measure, struct json_writer *json)
{
	if (measure == NULL) {
		json_key(json, name);
		json_null(json);
		return;
	}
	begin_measure(name, measure, json);
	json_end_object(json);
}

static void write_carved(const struct measure *carved, struct json_writer *json)
{
	json_key(json, "carved");
	json_begin_object(json);
	json_member_unsigned(json, "references", carved->references);
	json_member_unsigned(json, "distinct", carved->distinct);
	json_member_at_least(json, sum_is_at_least(carved->references));
	json_end_object(json);
}

/* Of findings of a kind: null where nobody looked for it. */
static void write_findings(const struct ledger_answer *answer, const char *name, enum finding_kind kind,
                           const struct measure *measure, struct json_writer *json)
{
	if (!coverage_is_looked_for(answer->coverage, kind)) {
		json_key(json, name);
		json_null(json);
		return;
	}
	begin_measure(name, measure, json);
	if (kind == FINDING_EMAIL)
		write_carved(&answer->ledger->carved_emails, json);
	/* What was not read stands in unseen, too. */
	if (answer->coverage->older_rules[kind] + answer->coverage->expired > 0)
		coverage_write_missing(answer->coverage, kind, json);
	json_end_object(json);
}

static void write_counts(const struct ledger_answer *answer, struct json_writer *json)
{
	const struct ledger *ledger = answer->ledger;
	json_key(json, "counts");
	json_begin_object(json);
	write_measure("objects", &ledger->objects, json);
	write_measure("documents", &ledger->documents, json);
	write_findings(answer, "emails", FINDING_EMAIL, &ledger->emails, json);
	write_measure("organisations", &ledger->organisations, json);
	write_measure("organisations_by_name", &ledger->organisations_by_name, json);
	write_measure("signed_documents", &ledger->signed_documents, json);
	write_findings(answer, "phones", FINDING_PHONE, &ledger->phones, json);
	write_findings(answer, "projects", FINDING_PROJECT, &ledger->projects, json);
	write_findings(answer, "invoices", FINDING_INVOICE, &ledger->invoices, json);
	write_findings(answer, "orders", FINDING_ORDER, &ledger->orders, json);
	write_findings(answer, "contracts", FINDING_CONTRACT, &ledger->contracts, json);
	write_measure("pages", &ledger->pages, json);
	write_measure("people", ledger->has_people ? &ledger->people : NULL, json);
	write_measure("countries", ledger->has_countries ? &ledger->countries : NULL, json);
	json_end_object(json);
}

static void write_years(const struct ledger *ledger, struct json_writer *json)
{
	char year[16];
	json_key(json, "by_year");
	json_begin_object(json);
	for (size_t i = 0; i < ledger->year_count; i++) {
		snprintf(year, sizeof year, "%d", ledger->years[i].year);
		json_member_unsigned(json, year, ledger->years[i].documents);
	}
	json_end_object(json);
}

/* What is in here, read and not. */
static void write_types(const struct ledger *ledger, struct json_writer *json)
{
	json_key(json, "by_type");
	json_begin_object(json);
	for (size_t i = 0; i < ledger->type_count; i++) {
		const struct type_measure *type = &ledger->types[i];
		char name[256];
		snprintf(name, sizeof name, "%.*s", type->media_type.len > 0 ? (int)type->media_type.len : 7,
		         type->media_type.len > 0 ? (const char *)type->media_type.at : "unknown");
		json_key(json, name);
		json_begin_object(json);
		json_member_unsigned(json, "documents", type->documents);
		json_member_unsigned(json, "read", type->read);
		json_end_object(json);
	}
	json_end_object(json);
}

/* Of what was read: what nobody could look into has no class. */
static void write_classes(const struct ledger *ledger, struct json_writer *json)
{
	json_key(json, "by_class");
	json_begin_object(json);
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		if (ledger->classes[class] > 0)
			json_member_unsigned(json, document_class_name(class), ledger->classes[class]);
	json_end_object(json);
}

static void write_breakdown(const char *name, const struct breakdown *breakdown, struct json_writer *json)
{
	json_key(json, name);
	if (!breakdown->is_known) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	for (size_t i = 0; i < breakdown->count; i++) {
		char key[256];
		snprintf(key, sizeof key, "%.*s", (int)(breakdown->rows[i].name.len < 255 ? breakdown->rows[i].name.len : 255),
		         (const char *)breakdown->rows[i].name.at);
		json_member_unsigned(json, key, breakdown->rows[i].count);
	}
	json_end_object(json);
}

/* Of parts of objects: members, attachments. Their bytes lie within their objects', as they came out of them. */
static void write_unseen_parts(const struct ledger *ledger, struct json_writer *json)
{
	uint64_t documents = 0, bytes = 0;
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		documents += ledger->unseen_parts[outcome].documents;
		sum_add(&bytes, ledger->unseen_parts[outcome].bytes);
	}
	json_key(json, "parts");
	json_begin_object(json);
	json_member_unsigned(json, "documents", documents);
	json_member_unsigned(json, "bytes", bytes);
	json_member_at_least(json, sum_is_at_least(bytes));
	json_key(json, "by_outcome");
	json_begin_object(json);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		if (ledger->unseen_parts[outcome].documents == 0)
			continue;
		json_key(json, outcome_name(outcome));
		json_begin_object(json);
		json_member_unsigned(json, "documents", ledger->unseen_parts[outcome].documents);
		json_member_unsigned(json, "bytes", ledger->unseen_parts[outcome].bytes);
		json_member_at_least(json, sum_is_at_least(ledger->unseen_parts[outcome].bytes));
		json_end_object(json);
	}
	json_end_object(json);
	json_end_object(json);
}

static void write_unseen(const struct ledger *ledger, struct json_writer *json)
{
	json_key(json, "unseen");
	json_begin_object(json);
	json_member_unsigned(json, "objects", ledger->unseen.objects);
	json_member_unsigned(json, "bytes", ledger->unseen.bytes);
	json_member_at_least(json, sum_is_at_least(ledger->unseen.bytes));
	json_key(json, "by_outcome");
	json_begin_object(json);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		if (ledger->unseen_by_outcome[outcome].objects == 0)
			continue;
		json_key(json, outcome_name(outcome));
		json_begin_object(json);
		json_member_unsigned(json, "objects", ledger->unseen_by_outcome[outcome].objects);
		json_member_unsigned(json, "bytes", ledger->unseen_by_outcome[outcome].bytes);
		json_member_at_least(json, sum_is_at_least(ledger->unseen_by_outcome[outcome].bytes));
		json_end_object(json);
	}
	json_end_object(json);
	write_unseen_parts(ledger, json);
	json_end_object(json);
}

static void write_head(const struct ledger_answer *answer, struct json_writer *json)
{
	json_key(json, "incident");
	json_string(json, answer->name);
	json_member_time(json, "as_of", answer->as_of);
	json_key(json, "rules_version");
	json_bytes(json, answer->ledger->rules_version);
	write_counts(answer, json);
	write_years(answer->ledger, json);
	write_types(answer->ledger, json);
	write_classes(answer->ledger, json);
	write_breakdown("by_country", &answer->ledger->by_country, json);
	write_breakdown("by_sector", &answer->ledger->by_sector, json);
	write_breakdown("by_relationship", &answer->ledger->by_relationship, json);
	write_breakdown("by_element", &answer->ledger->by_element, json);
	write_unseen(answer->ledger, json);
	json_key(json, "sampling");
	sampling_write(answer->sampling, json);
	json_key(json, "manifest");
	if (answer->manifest != NULL)
		manifest_write_summary(answer->manifest, json);
	else
		json_null(json);
}

static enum status write_container(void *context, const struct container_summary *summary)
{
	struct json_writer *json = context;
	json_begin_object(json);
	json_key(json, "container");
	json_bytes(json, summary->container.name);
	hit_write_target(&summary->container, json);
	json_key(json, "url");
	json_bytes(json, summary->container.url);
	json_member_unsigned(json, "objects", summary->objects);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "bytes", summary->bytes);
	json_member_unsigned(json, "unseen_objects", summary->unseen_objects);
	json_member_unsigned(json, "unseen_bytes", summary->unseen_bytes);
	json_member_at_least(json, sum_is_at_least(summary->bytes) || sum_is_at_least(summary->unseen_bytes));
	json_end_object(json);
	return STATUS_OK;
}

enum status ledger_write(const struct ledger_answer *answer, struct json_writer *json, struct failure *reterr)
{
	write_head(answer, json);
	json_key(json, "by_container");
	json_begin_array(json);
	enum status status = incident_containers(answer->incident, write_container, json, reterr);
	json_end_array(json);
	return status;
}
