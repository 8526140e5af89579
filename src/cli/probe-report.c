/* SPDX-License-Identifier: Apache-2.0 */
/* Three forms of one verdict. */
#include "cli/probe-report.h"

#include <stdio.h>

static void put_answer(struct json_writer *json, const char *key, enum answer answer)
{
	json_key(json, key);
	if (answer == ANSWER_NOT_ESTABLISHED)
		json_null(json);
	else
		json_boolean(json, answer == ANSWER_YES);
}

static void put_bytes(struct json_writer *json, const char *key, struct bytes text)
{
	json_key(json, key);
	if (text.len == 0)
		json_null(json);
	else
		json_bytes(json, text);
}

static void put_string(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_number(struct json_writer *json, const char *key, uint64_t number)
{
	json_key(json, key);
	json_unsigned(json, number);
}

static void put_time(struct json_writer *json, const char *key, int64_t time)
{
	json_key(json, key);
	json_time(json, time);
}

/* ---- our own ---- */

static void put_anonymous(struct json_writer *json, const struct verdict *verdict)
{
	json_key(json, "anonymous");
	json_begin_object(json);
	put_answer(json, "list", verdict->anonymous.list);
	put_answer(json, "read", verdict->anonymous.read);
	put_answer(json, "versions", verdict->anonymous.versions);
	put_answer(json, "snapshots", verdict->anonymous.snapshots);
	put_answer(json, "deleted", verdict->anonymous.deleted);
	put_answer(json, "acl", verdict->anonymous.acl);
	put_answer(json, "write", verdict->anonymous.write);
	json_end_object(json);
}

static void put_one_evidence(struct json_writer *json, const struct evidence *evidence)
{
	json_begin_object(json);
	put_string(json, "method", evidence->method);
	put_bytes(json, "url", evidence->url);
	json_key(json, "status");
	if (evidence->status == 0)
		json_null(json);
	else
		json_unsigned(json, evidence->status);
	put_bytes(json, "code", evidence->code);
	put_time(json, "at", evidence->at);
	json_end_object(json);
}

static void put_evidence(struct json_writer *json, const struct verdict *verdict)
{
	json_key(json, "evidence");
	json_begin_array(json);
	for (size_t i = 0; i < verdict->evidence_count; i++)
		put_one_evidence(json, &verdict->evidence[i]);
	json_end_array(json);
}

void probe_report_members(struct json_writer *json, const struct probed *probed)
{
	const struct verdict *verdict = probed->verdict;
	const struct container *container = &probed->target->container;
	put_string(json, "target", probed->written);
	put_string(json, "url", probed->url);
	put_string(json, "provider", provider_name(container->provider));
	put_bytes(json, "account", container->account);
	put_bytes(json, "container", container->name);
	put_string(json, "verdict", verdict_name(verdict->kind));
	put_anonymous(json, verdict);
	put_answer(json, "static_site", verdict->static_site);
	put_bytes(json, "static_site_why", verdict->static_site_why);
	put_bytes(json, "tenant", verdict->tenant);
	put_time(json, "observed_at", verdict->observed_at);
	put_bytes(json, "vantage", verdict->vantage);
	put_evidence(json, verdict);
	put_bytes(json, "advice", verdict->advice);
}

const char *probe_report_meaning(const struct verdict *verdict)
{
	switch (verdict->kind) {
	case VERDICT_LISTABLE:
		return "anyone can list what is in it";
	case VERDICT_READABLE:
		return "anyone who knows a name can read the object";
	case VERDICT_PRIVATE_OR_ABSENT:
		return "a stranger is refused, or it does not exist";
	case VERDICT_ABSENT:
		return "it does not exist";
	case VERDICT_ACCOUNT_OFF:
		return "its account is switched off";
	case VERDICT_UNREACHABLE:
		return "nothing answered";
	case VERDICT_THROTTLED:
		return "the server asks to come back later";
	default:
		return "what a stranger can do was not established";
	}
}

/* ---- SARIF ---- */

struct rule {
	const char *id, *level, *kind, *about;
	unsigned severity;               /* of OCSF: 1 informational .. 5 critical, 0 unknown */
};

enum rule_index {
	RULE_LISTABLE, RULE_READABLE, RULE_STATIC_SITE, RULE_CLOSED, RULE_NOT_ESTABLISHED,
	RULE_COUNT
};

static const struct rule rules[RULE_COUNT] = {
	[RULE_LISTABLE] = {"listable", "error", "fail", "Anyone can list the container.", 5},
	[RULE_READABLE] = {"readable", "error", "fail", "Anyone who knows a name can read objects of the container.", 4},
	[RULE_STATIC_SITE] = {"static-site", "warning", "fail", "The account serves a static site to anyone.", 3},
	[RULE_CLOSED] = {"closed", "none", "pass", "A stranger is refused.", 1},
	[RULE_NOT_ESTABLISHED] = {"not-established", "none", "open", "What a stranger can do was not established.", 0},
};

static enum rule_index rule_for(const struct verdict *verdict)
{
	switch (verdict->kind) {
	case VERDICT_LISTABLE:
		return RULE_LISTABLE;
	case VERDICT_READABLE:
		return RULE_READABLE;
	case VERDICT_PRIVATE_OR_ABSENT:
	case VERDICT_ABSENT:
	case VERDICT_ACCOUNT_OFF:
		return verdict->static_site == ANSWER_YES ? RULE_STATIC_SITE : RULE_CLOSED;
	default:
		return verdict->static_site == ANSWER_YES ? RULE_STATIC_SITE : RULE_NOT_ESTABLISHED;
	}
}

static void put_sentence(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_begin_object(json);
	put_string(json, "text", text);
	json_end_object(json);
}

void probe_report_begin_sarif(struct json_writer *json)
{
	json_begin_object(json);
	put_string(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	put_string(json, "version", "2.1.0");
	json_key(json, "runs");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "tool");
	json_begin_object(json);
	json_key(json, "driver");
	json_begin_object(json);
	put_string(json, "name", "tidemark");
	put_string(json, "version", TIDEMARK_VERSION);
	json_key(json, "rules");
	json_begin_array(json);
	for (size_t i = 0; i < RULE_COUNT; i++) {
		json_begin_object(json);
		put_string(json, "id", rules[i].id);
		put_sentence(json, "shortDescription", rules[i].about);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
	json_end_object(json);
	json_key(json, "results");
	json_begin_array(json);
}

static void put_location(struct json_writer *json, const char *url)
{
	json_key(json, "locations");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "physicalLocation");
	json_begin_object(json);
	json_key(json, "artifactLocation");
	json_begin_object(json);
	put_string(json, "uri", url);
	json_end_object(json);
	json_end_object(json);
	json_end_object(json);
	json_end_array(json);
}

static void append_message(struct buffer *into, const struct probed *probed)
{
	buffer_append_format(into, "%s: %s.", probed->url, probe_report_meaning(probed->verdict));
	if (probed->verdict->advice.len > 0) {
		buffer_append_byte(into, ' ');
		buffer_append(into, probed->verdict->advice);
	}
}

static void put_result(struct json_writer *json, const struct probed *probed, enum rule_index index)
{
	struct buffer message = buffer_with_ceiling(256 * 1024);
	append_message(&message, probed);
	json_begin_object(json);
	put_string(json, "ruleId", rules[index].id);
	put_number(json, "ruleIndex", (uint64_t)index);
	put_string(json, "kind", rules[index].kind);
	put_string(json, "level", rules[index].level);
	put_sentence(json, "message", buffer_string(&message));
	put_location(json, probed->url);
	json_key(json, "properties");
	json_begin_object(json);
	probe_report_members(json, probed);
	json_end_object(json);
	json_end_object(json);
	buffer_free(&message);
}

void probe_report_sarif(struct json_writer *json, const struct probed *probed)
{
	enum rule_index index = rule_for(probed->verdict);
	put_result(json, probed, index);
	if (probed->verdict->static_site == ANSWER_YES && index != RULE_STATIC_SITE)
		put_result(json, probed, RULE_STATIC_SITE);
}

void probe_report_end_sarif(struct json_writer *json)
{
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}

/* ---- OCSF ---- */

static void put_metadata(struct json_writer *json)
{
	json_key(json, "metadata");
	json_begin_object(json);
	put_string(json, "version", "1.3.0");
	json_key(json, "product");
	json_begin_object(json);
	put_string(json, "name", "tidemark");
	put_string(json, "vendor_name", "Tidemark");
	put_string(json, "version", TIDEMARK_VERSION);
	json_end_object(json);
	json_key(json, "profiles");
	json_begin_array(json);
	json_string(json, "cloud");
	json_end_array(json);
	json_end_object(json);
}

static void put_cloud(struct json_writer *json, const struct container *container)
{
	static const char *const names[PROVIDER_KIND_COUNT] = {
		[PROVIDER_AZURE] = "Azure", [PROVIDER_S3] = "AWS", [PROVIDER_GCS] = "GCP", [PROVIDER_FOLDER] = "Unknown",
	};
	json_key(json, "cloud");
	json_begin_object(json);
	put_string(json, "provider", names[container->provider]);
	if (container->account.len > 0) {
		json_key(json, "account");
		json_begin_object(json);
		put_bytes(json, "uid", container->account);
		json_end_object(json);
	}
	json_end_object(json);
}

static void put_finding(struct json_writer *json, const struct probed *probed, const struct rule *rule)
{
	char uid[512];
	snprintf(uid, sizeof uid, "tidemark/%s/%.400s", rule->id, probed->url);
	json_key(json, "finding_info");
	json_begin_object(json);
	put_string(json, "uid", uid);
	put_string(json, "title", rule->about);
	put_string(json, "desc", probe_report_meaning(probed->verdict));
	json_key(json, "types");
	json_begin_array(json);
	json_string(json, "Data Exposure");
	json_end_array(json);
	json_end_object(json);
}

static void put_resource(struct json_writer *json, const struct probed *probed)
{
	json_key(json, "resources");
	json_begin_array(json);
	json_begin_object(json);
	put_string(json, "uid", probed->url);
	put_bytes(json, "name", probed->target->container.name);
	put_string(json, "type", "Storage Container");
	json_end_object(json);
	json_end_array(json);
	json_key(json, "evidences");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "data");
	json_begin_object(json);
	probe_report_members(json, probed);
	json_end_object(json);
	json_end_object(json);
	json_end_array(json);
}

static void put_class(struct json_writer *json)
{
	put_number(json, "category_uid", 2);
	put_string(json, "category_name", "Findings");
	put_number(json, "class_uid", 2004);
	put_string(json, "class_name", "Detection Finding");
	put_number(json, "activity_id", 1);
	put_string(json, "activity_name", "Create");
	put_number(json, "type_uid", 200401);
	put_string(json, "type_name", "Detection Finding: Create");
}

void probe_report_ocsf(struct json_writer *json, const struct probed *probed)
{
	static const char *const severities[] = {"Unknown", "Informational", "Low", "Medium", "High", "Critical"};
	const struct verdict *verdict = probed->verdict;
	const struct rule *rule = &rules[rule_for(verdict)];
	struct buffer message = buffer_with_ceiling(256 * 1024);
	append_message(&message, probed);
	json_begin_object(json);
	put_class(json);
	put_number(json, "severity_id", rule->severity);
	put_string(json, "severity", severities[rule->severity]);
	put_number(json, "status_id", 1);
	put_string(json, "status", "New");
	json_key(json, "time");
	json_integer(json, verdict->observed_at == CLOCK_UNKNOWN ? 0 : verdict->observed_at * 1000);
	put_string(json, "message", buffer_string(&message));
	put_metadata(json);
	put_cloud(json, &probed->target->container);
	put_finding(json, probed, rule);
	put_resource(json, probed);
	if (verdict->advice.len > 0) {
		json_key(json, "remediation");
		json_begin_object(json);
		put_bytes(json, "desc", verdict->advice);
		json_end_object(json);
	}
	json_end_object(json);
	buffer_free(&message);
}
