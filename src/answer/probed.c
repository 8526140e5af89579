/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a verdict with the requests that prove it. */
#include "answer/probed.h"

#include "answer/remedy.h"

static void put_answer(struct json_writer *json, const char *key, enum answer answer)
{
	json_key(json, key);
	if (answer == ANSWER_NOT_ESTABLISHED)
		json_null(json);
	else
		json_boolean(json, answer == ANSWER_YES);
}

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
	json_member_string(json, "method", evidence->method);
	json_member_text(json, "url", evidence->url);
	json_key(json, "status");
	evidence->status != 0 ? json_unsigned(json, evidence->status) : json_null(json);
	json_member_text(json, "code", evidence->code);
	json_member_time(json, "at", evidence->at);
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

static void put_commands(const struct probed *probed, struct json_writer *json)
{
	struct buffer command = buffer_with_ceiling(16 * 1024);
	json_key(json, "commands");
	json_begin_array(json);
	for (size_t i = 0; remedy_append(&command, probed->target, probed->verdict, i); i++) {
		json_bytes(json, buffer_bytes(&command));
		buffer_reset(&command);
	}
	json_end_array(json);
	buffer_free(&command);
}

void probed_write(const struct probed *probed, struct json_writer *json)
{
	const struct verdict *verdict = probed->verdict;
	const struct container *container = &probed->target->container;
	json_member_string(json, "target", probed->written);
	json_member_string(json, "url", probed->url);
	json_member_string(json, "provider", provider_name(container->provider));
	json_member_text(json, "account", container->account);
	json_member_text(json, "container", container->name);
	json_member_string(json, "verdict", verdict_name(verdict->kind));
	put_anonymous(json, verdict);
	put_answer(json, "static_site", verdict->static_site);
	json_member_text(json, "static_site_why", verdict->static_site_why);
	put_answer(json, "secondary", verdict->secondary);
	json_member_text(json, "secondary_why", verdict->secondary_why);
	put_answer(json, "inventories", verdict->inventories);
	json_member_text(json, "inventories_why", verdict->inventories_why);
	json_member_text(json, "tenant", verdict->tenant);
	json_member_time(json, "observed_at", verdict->observed_at);
	json_member_text(json, "vantage", verdict->vantage);
	put_evidence(json, verdict);
	known_write_signatures(probed->known, probed->target, json);
	put_commands(probed, json);
	struct buffer advice = buffer_with_ceiling(64 * 1024);
	probed_append_advice(&advice, probed);
	json_member_text(json, "advice", buffer_bytes(&advice));
	buffer_free(&advice);
}

const char *probed_meaning(const struct verdict *verdict)
{
	switch (verdict->kind) {
	case VERDICT_LISTABLE: return "anyone can list what is in it";
	case VERDICT_READABLE: return "anyone who knows a name can read the object";
	case VERDICT_PRIVATE_OR_ABSENT: return "a stranger is refused, or it does not exist";
	case VERDICT_ABSENT: return "it does not exist";
	case VERDICT_ACCOUNT_OFF: return "its account is switched off";
	case VERDICT_UNREACHABLE: return "nothing answered";
	case VERDICT_THROTTLED: return "the server asks to come back later";
	default: return "what a stranger can do was not established";
	}
}

void probed_append_advice(struct buffer *into, const struct probed *probed)
{
	struct buffer command = buffer_with_ceiling(16 * 1024);
	buffer_append(into, probed->verdict->advice);
	if (probed->known != NULL)
		known_append_advice(probed->known, into);
	for (size_t i = 0; remedy_append(&command, probed->target, probed->verdict, i); i++) {
		buffer_append_string(into, i == 0 ? " By the Azure CLI: " : "; ");
		buffer_append(into, buffer_bytes(&command));
		buffer_reset(&command);
	}
	buffer_free(&command);
}

void probed_append_message(struct buffer *into, const struct probed *probed)
{
	buffer_append_format(into, "%s: %s.", probed->url, probed_meaning(probed->verdict));
	size_t before = into->len;
	buffer_append_byte(into, ' ');
	probed_append_advice(into, probed);
	if (into->len == before + 1)
		buffer_truncate(into, before);
}
