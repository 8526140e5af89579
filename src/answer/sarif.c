/* SPDX-License-Identifier: Apache-2.0 */
/* One run, its rules, and a result for each thing found. */
#include "answer/sarif.h"

#include "answer/probe-rule.h"

static void put_sentence(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_begin_object(json);
	json_member_string(json, "text", text);
	json_end_object(json);
}

void sarif_begin(struct json_writer *json)
{
	json_begin_object(json);
	json_member_string(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_member_string(json, "version", "2.1.0");
	json_key(json, "runs");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "tool");
	json_begin_object(json);
	json_key(json, "driver");
	json_begin_object(json);
	json_member_string(json, "name", "tidemark");
	json_member_string(json, "version", TIDEMARK_VERSION);
	json_key(json, "rules");
	json_begin_array(json);
	for (size_t i = 0; i < PROBE_RULE_COUNT; i++) {
		json_begin_object(json);
		json_member_string(json, "id", probe_rules[i].id);
		put_sentence(json, "shortDescription", probe_rules[i].about);
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
	json_member_string(json, "uri", url);
	json_end_object(json);
	json_end_object(json);
	json_end_object(json);
	json_end_array(json);
}

static void put_result(struct json_writer *json, const struct probed *probed, enum probe_rule_kind index)
{
	struct buffer message = buffer_with_ceiling(256 * 1024);
	probed_append_message(&message, probed);
	json_begin_object(json);
	json_member_string(json, "ruleId", probe_rules[index].id);
	json_member_unsigned(json, "ruleIndex", (uint64_t)index);
	json_member_string(json, "kind", probe_rules[index].kind);
	json_member_string(json, "level", probe_rules[index].level);
	put_sentence(json, "message", buffer_string(&message));
	put_location(json, probed->url);
	json_key(json, "properties");
	json_begin_object(json);
	probed_write(probed, json);
	json_end_object(json);
	json_end_object(json);
	buffer_free(&message);
}

void sarif_write(const struct probed *probed, struct json_writer *json)
{
	enum probe_rule_kind index = probe_rule_of(probed->verdict);
	put_result(json, probed, index);
	if (probed->verdict->static_site == ANSWER_YES && index != PROBE_RULE_STATIC_SITE)
		put_result(json, probed, PROBE_RULE_STATIC_SITE);
}

void sarif_end(struct json_writer *json)
{
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}
