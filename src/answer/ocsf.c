/* SPDX-License-Identifier: Apache-2.0 */
/* A detection finding with its cloud, resource and evidence. */
#include "answer/ocsf.h"

#include "answer/probe-rule.h"

#include <stdio.h>

void ocsf_write_metadata(struct json_writer *json)
{
	json_key(json, "metadata");
	json_begin_object(json);
	json_member_string(json, "version", "1.3.0");
	json_key(json, "product");
	json_begin_object(json);
	json_member_string(json, "name", "tidemark");
	json_member_string(json, "vendor_name", "Tidemark");
	json_member_string(json, "version", TIDEMARK_VERSION);
	json_end_object(json);
	json_key(json, "profiles");
	json_begin_array(json);
	json_string(json, "cloud");
	json_end_array(json);
	json_end_object(json);
}

void ocsf_write_cloud(const struct container *container, struct json_writer *json)
{
	static const char *const names[PROVIDER_KIND_COUNT] = {
		[PROVIDER_AZURE] = "Azure",
		[PROVIDER_S3] = "AWS",
		[PROVIDER_GCS] = "GCP",
		[PROVIDER_FOLDER] = "Unknown",
	};
	json_key(json, "cloud");
	json_begin_object(json);
	json_member_string(json, "provider", names[container->provider]);
	if (container->account.len > 0) {
		json_key(json, "account");
		json_begin_object(json);
		json_member_text(json, "uid", container->account);
		json_end_object(json);
	}
	json_end_object(json);
}

static void put_finding(struct json_writer *json, const struct probed *probed, const struct probe_rule *rule)
{
	char uid[512];
	snprintf(uid, sizeof uid, "tidemark/%s/%.400s", rule->id, probed->url);
	json_key(json, "finding_info");
	json_begin_object(json);
	json_member_string(json, "uid", uid);
	json_member_string(json, "title", rule->about);
	json_member_string(json, "desc", probed_meaning(probed->verdict));
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
	json_member_string(json, "uid", probed->url);
	json_member_text(json, "name", probed->target->container.name);
	json_member_string(json, "type", "Storage Container");
	json_end_object(json);
	json_end_array(json);
	json_key(json, "evidences");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "data");
	json_begin_object(json);
	probed_write(probed, json);
	json_end_object(json);
	json_end_object(json);
	json_end_array(json);
}

static void put_class(struct json_writer *json)
{
	json_member_unsigned(json, "category_uid", 2);
	json_member_string(json, "category_name", "Findings");
	json_member_unsigned(json, "class_uid", 2004);
	json_member_string(json, "class_name", "Detection Finding");
	json_member_unsigned(json, "activity_id", 1);
	json_member_string(json, "activity_name", "Create");
	json_member_unsigned(json, "type_uid", 200401);
	json_member_string(json, "type_name", "Detection Finding: Create");
}

void ocsf_write(const struct probed *probed, struct json_writer *json)
{
	static const char *const severities[] = {"Unknown", "Informational", "Low", "Medium", "High", "Critical"};
	const struct verdict *verdict = probed->verdict;
	const struct probe_rule *rule = &probe_rules[probe_rule_of(verdict)];
	struct buffer message = buffer_with_ceiling(256 * 1024);
	probed_append_message(&message, probed);
	json_begin_object(json);
	put_class(json);
	json_member_unsigned(json, "severity_id", rule->severity);
	json_member_string(json, "severity", severities[rule->severity]);
	json_member_unsigned(json, "status_id", 1);
	json_member_string(json, "status", "New");
	json_key(json, "time");
	json_integer(json, verdict->observed_at == CLOCK_UNKNOWN ? 0 : verdict->observed_at * 1000);
	json_member_string(json, "message", buffer_string(&message));
	ocsf_write_metadata(json);
	ocsf_write_cloud(&probed->target->container, json);
	put_finding(json, probed, rule);
	put_resource(json, probed);
	struct buffer advice = buffer_with_ceiling(64 * 1024);
	probed_append_advice(&advice, probed);
	if (advice.len > 0) {
		json_key(json, "remediation");
		json_begin_object(json);
		json_member_text(json, "desc", buffer_bytes(&advice));
		json_end_object(json);
	}
	buffer_free(&advice);
	json_end_object(json);
	buffer_free(&message);
}
