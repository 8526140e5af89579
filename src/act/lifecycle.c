/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read by base/yaml.h, of which JSON is a part. A rule of Azure's becomes one of
 * ours for each action and container it names; the cheapest actions first, since
 * there the cheapest wins.
 */
#include "act/lifecycle.h"

#include "base/json.h"
#include "base/yaml.h"

#include <stdio.h>
#include <stdlib.h>

/* Cheapest first. */
static const struct {
	const char *member, *tier; /* tier NULL: deletes */
} actions[] = {
	{"delete", NULL}, {"tierToArchive", "Archive"}, {"tierToCold", "Cold"}, {"tierToCool", "Cool"}, {"tierToHot", "Hot"},
};
static const struct {
	const char *member;
	enum policy_time by;
} ages[] = {
	{"daysAfterModificationGreaterThan", POLICY_MODIFIED},
	{"daysAfterCreationGreaterThan", POLICY_CREATED},
	{"daysAfterLastAccessTimeGreaterThan", POLICY_LAST_READ},
};
enum { ACTION_COUNT = sizeof actions / sizeof *actions, AGE_COUNT = sizeof ages / sizeof *ages };

/* ---- reading ---- */

struct lifecycle_reading {
	const char *name;
	struct arena *arena;
	lifecycle_misfit *each;
	void *context;
	struct policy_rule *rules;
	size_t count;
	struct failure *reterr;
};

static enum status refuse(const struct lifecycle_reading *reading, const struct yaml_node *node, const char *why)
{
	return fail(reading->reterr, STATUS_USAGE, reading->name, "line %u: %s", node->line, why);
}

static struct bytes text_of(const struct yaml_node *node)
{
	return node != NULL && node->kind == YAML_SCALAR && !yaml_is_null(node) ? node->text : BYTES_NONE;
}

static void misfit(const struct lifecycle_reading *reading, const struct yaml_node *rule, const char *what, const char *why)
{
	reading->each(reading->context, text_of(yaml_find(rule, "name")), what, why);
}

static bool is_one_of(struct bytes name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bytes_equal_string(name, *names))
			return true;
	return false;
}

/* "container/prefix" as a container and a glob. */
static bool read_prefix(const struct lifecycle_reading *reading, struct bytes prefix, struct bytes *ret_container,
                        struct bytes *ret_path)
{
	struct buffer text = buffer_with_ceiling(4096);
	size_t slash = bytes_find_byte(prefix, '/');
	bool has_slash = slash != BYTES_NOT_FOUND;
	if (bytes_find_byte(prefix, '*') != BYTES_NOT_FOUND || prefix.len == 0 || prefix.len > 1000)
		return false;
	buffer_append(&text, bytes_slice(prefix, 0, has_slash ? slash : prefix.len));
	buffer_append_string(&text, has_slash ? "" : "*");
	*ret_container = arena_copy(reading->arena, buffer_bytes(&text));
	buffer_reset(&text);
	buffer_append(&text, has_slash ? bytes_from(prefix, slash + 1) : BYTES_NONE);
	buffer_append_string(&text, "**");
	*ret_path = arena_copy(reading->arena, buffer_bytes(&text));
	buffer_free(&text);
	return ret_container->at != NULL && ret_path->at != NULL;
}

static enum status read_tags(const struct lifecycle_reading *reading, const struct yaml_node *rule, const struct yaml_node *list,
                             struct policy_match *match)
{
	struct retained_tag *tags = arena_allocate(reading->arena, (list->count + 1) * sizeof *tags);
	if (tags == NULL)
		return STATUS_NO_MEMORY;
	for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
		struct bytes op = text_of(yaml_find(node, "op"));
		struct bytes key = text_of(yaml_find(node, "name")), value = text_of(yaml_find(node, "value"));
		if ((op.len > 0 && !bytes_equal_string(op, "==")) || key.len == 0 || value.len == 0) {
			misfit(reading, rule, "blobIndexMatch", "only the comparison == of a name with a value has a place here");
			return STATUS_UNSUPPORTED;
		}
		struct retained_tag *tag = &tags[match->tag_count++];
		*tag = (struct retained_tag){arena_copy(reading->arena, key), arena_copy(reading->arena, value)};
		if (tag->key.at == NULL || tag->value.at == NULL)
			return STATUS_NO_MEMORY;
	}
	match->tags = tags;
	return STATUS_OK;
}

/* The age that an action waits for. UNSUPPORTED where there is none that fits. */
static enum status read_age(const struct lifecycle_reading *reading, const struct yaml_node *rule, const struct yaml_node *action,
                            struct policy_match *match)
{
	for (const struct yaml_node *node = action->first; node != NULL; node = node->next) {
		uint64_t days;
		unsigned i = 0;
		while (i < AGE_COUNT && !bytes_equal_string(node->key, ages[i].member))
			i++;
		if (i == AGE_COUNT || match->has_age) {
			misfit(reading, rule, i == AGE_COUNT ? "daysAfterLastTierChangeGreaterThan" : ages[i].member,
			       "a rule here waits for one age: modified, created or last_read; the action is left out");
			return STATUS_UNSUPPORTED;
		}
		if (!bytes_parse_u64(text_of(node), &days) || days > 100000)
			return refuse(reading, node, "must be a number of days");
		match->has_age = true;
		match->by = ages[i].by;
		match->over = (uint32_t)days;
		match->unit = POLICY_DAYS;
	}
	return match->has_age ? STATUS_OK : refuse(reading, action, "an action without an age");
}

static enum status add_rule(struct lifecycle_reading *reading, struct bytes name, unsigned action, unsigned nth,
                            const struct policy_match *match)
{
	char text[300];
	if (reading->count == POLICY_RULES_MAX)
		return STATUS_TOO_LARGE;
	int length = snprintf(text, sizeof text, nth > 0 ? "%.*s, %s, %u" : "%.*s, %s", (int)(name.len < 160 ? name.len : 160),
	                      name.len > 0 ? (const char *)name.at : "", actions[action].member, nth + 1);
	struct policy_rule *rule = &reading->rules[reading->count];
	*rule = (struct policy_rule){
		.name = arena_copy(reading->arena, bytes_of(text, (size_t)length)),
		.match = *match,
		.action = actions[action].tier != NULL ? POLICY_TIER : POLICY_DELETE,
		.tier = actions[action].tier != NULL ? bytes_of_string(actions[action].tier) : BYTES_NONE,
	};
	reading->count += rule->name.at != NULL;
	return rule->name.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A rule for each container that its prefixes name. */
static enum status add_by_prefixes(struct lifecycle_reading *reading, const struct yaml_node *rule,
                                   const struct yaml_node *prefixes, unsigned action, struct policy_match *match)
{
	struct bytes name = text_of(yaml_find(rule, "name")), container, path;
	size_t first = reading->count;
	enum status status = STATUS_OK;
	for (const struct yaml_node *node = prefixes->first; node != NULL && status == STATUS_OK; node = node->next) {
		if (!read_prefix(reading, text_of(node), &container, &path)) {
			misfit(reading, rule, "prefixMatch",
			       "a prefix with * in it means itself there and a pattern here: left out");
			continue;
		}
		size_t same = first;
		while (same < reading->count && !bytes_equal(reading->rules[same].match.container, container))
			same++;
		if (same == reading->count) {
			struct bytes *paths = arena_allocate(reading->arena, (prefixes->count + 1) * sizeof *paths);
			if (paths == NULL)
				return STATUS_NO_MEMORY;
			match->container = container;
			match->paths = paths;
			match->path_count = 0;
			status = add_rule(reading, name, action, (unsigned)(same - first), match);
		}
		if (status == STATUS_OK) {
			struct policy_match *into = &reading->rules[same].match;
			((struct bytes *)(uintptr_t)into->paths)[into->path_count++] = path;
		}
	}
	return status;
}

static enum status read_action(struct lifecycle_reading *reading, const struct yaml_node *rule, const struct yaml_node *filters,
                               const struct yaml_node *given, unsigned action)
{
	static const struct bytes everything = {(const unsigned char *)"**", 2};
	const struct yaml_node *prefixes = yaml_find(filters, "prefixMatch"), *tags = yaml_find(filters, "blobIndexMatch");
	struct policy_match match = {.has_age = false};
	enum status status = read_age(reading, rule, given, &match);
	if (status == STATUS_OK && tags != NULL && tags->count > 0)
		status = read_tags(reading, rule, tags, &match);
	if (status == STATUS_UNSUPPORTED)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	if (prefixes != NULL && prefixes->count > 0)
		return add_by_prefixes(reading, rule, prefixes, action, &match);
	match.paths = &everything;
	match.path_count = 1;
	return add_rule(reading, text_of(yaml_find(rule, "name")), action, 0, &match);
}

/* What has no place here, told once for each rule. */
static void tell_misfits(const struct lifecycle_reading *reading, const struct yaml_node *rule,
                         const struct yaml_node *definition)
{
	static const char *const known[] = {"delete", "tierToArchive", "tierToCold", "tierToCool", "tierToHot", NULL};
	const struct yaml_node *filters = yaml_find(definition, "filters"), *given = yaml_find(definition, "actions");
	const struct yaml_node *types = yaml_find(filters, "blobTypes"), *base = yaml_find(given, "baseBlob");
	if (types != NULL && types->count > 0)
		misfit(reading, rule, "blobTypes", "kinds of blobs are not told apart here: the rule is for all of them");
	if (yaml_find(given, "snapshot") != NULL)
		misfit(reading, rule, "snapshot", "a snapshot is decided as an object of its own, by the same rules: left out");
	if (yaml_find(given, "version") != NULL)
		misfit(reading, rule, "version", "a version is decided as an object of its own, by the same rules: left out");
	for (const struct yaml_node *node = base != NULL ? base->first : NULL; node != NULL; node = node->next)
		if (!is_one_of(node->key, known))
			misfit(reading, rule, "baseBlob", "has an action that has no place here: left out");
}

static enum status read_rule(struct lifecycle_reading *reading, const struct yaml_node *rule, unsigned action)
{
	const struct yaml_node *definition = yaml_find(rule, "definition"), *enabled = yaml_find(rule, "enabled");
	const struct yaml_node *given = yaml_find(yaml_find(yaml_find(definition, "actions"), "baseBlob"),
	                                          actions[action].member);
	bool is_enabled = true;
	if (rule->kind != YAML_MAPPING || definition == NULL || text_of(yaml_find(rule, "name")).len == 0)
		return refuse(reading, rule, "a rule has a name and a definition");
	if (enabled != NULL && yaml_as_boolean(enabled, &is_enabled) && !is_enabled) {
		if (action == 0)
			misfit(reading, rule, "enabled", "the rule is switched off there: left out");
		return STATUS_OK;
	}
	if (action == 0)
		tell_misfits(reading, rule, definition);
	return given != NULL ? read_action(reading, rule, yaml_find(definition, "filters"), given, action) : STATUS_OK;
}

enum status lifecycle_read(struct bytes json, const char *name, struct arena *arena, lifecycle_misfit *each, void *context,
                           struct policy *ret_policy, struct failure *reterr)
{
	struct lifecycle_reading reading = {name, arena, each, context, NULL, 0, reterr};
	const struct yaml_node *root = NULL;
	enum status status = yaml_parse(json, name, arena, &root, reterr);
	if (status != STATUS_OK)
		return status;
	/* The Resource Manager wraps it once or twice. */
	for (unsigned i = 0; i < 2; i++) {
		const struct yaml_node *inner = yaml_find(root, i == 0 ? "properties" : "policy");
		root = inner != NULL ? inner : root;
	}
	const struct yaml_node *list = yaml_find(root, "rules");
	if (list == NULL || list->kind != YAML_SEQUENCE)
		return fail(reterr, STATUS_USAGE, name, "is no lifecycle policy: it has no list of rules");
	reading.rules = arena_allocate(arena, POLICY_RULES_MAX * sizeof *reading.rules);
	status = reading.rules != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (unsigned action = 0; action < ACTION_COUNT; action++)
		for (const struct yaml_node *node = list->first; node != NULL && status == STATUS_OK; node = node->next)
			status = read_rule(&reading, node, action);
	if (status == STATUS_TOO_LARGE)
		return fail(reterr, STATUS_USAGE, name, "makes more than %d rules", POLICY_RULES_MAX);
	if (status == STATUS_OK)
		*ret_policy = (struct policy){.rules = reading.rules, .rule_count = reading.count};
	return status;
}

/* ---- writing ---- */

/* The beginning that a glob stands for; false where it is more than a beginning. */
static bool as_prefix(struct bytes glob, struct bytes *ret_prefix)
{
	size_t star = bytes_find_byte(glob, '*');
	if (star == BYTES_NOT_FOUND || star + 2 != glob.len || glob.at[star + 1] != '*')
		return false;
	*ret_prefix = bytes_slice(glob, 0, star);
	return true;
}

static const char *why_no_prefix(const struct policy_match *match)
{
	struct bytes prefix;
	bool is_everywhere = match->container.len == 0;
	if (!is_everywhere && bytes_find_byte(match->container, '*') != BYTES_NOT_FOUND)
		return "container: a pattern is no prefix";
	if (match->path_count > LIFECYCLE_FILTERS_MAX)
		return "path: more than ten prefixes";
	for (size_t i = 0; i < match->path_count; i++)
		if (!as_prefix(match->paths[i], &prefix))
			return "path: only what ends in ** and has no * before is a prefix";
		else if (is_everywhere && prefix.len > 0)
			return "path: a prefix there begins with its container";
	return NULL;
}

/* NULL: a rule over there can say the same. */
static const char *why_not(const struct policy_rule *rule)
{
	const struct policy_match *match = &rule->match;
	if (rule->action == POLICY_REPORT)
		return "action: report has no place there";
	if (match->exception_count > 0)
		return "except: there are no exceptions there";
	if (match->classes != 0)
		return "class: nothing is known of contents there";
	if (match->elements != 0)
		return "element: nothing is known of contents there";
	if (match->organisation_count > 0)
		return "organisation: nothing is known of contents there";
	if (match->relationships != 0)
		return "relationship: nothing is known of contents there";
	if (match->has_size)
		return "size: there is no such condition there";
	if (match->tag_count > LIFECYCLE_FILTERS_MAX)
		return "tag: more than ten";
	if (!match->has_age)
		return "age: a rule there must have one";
	if (match->by == POLICY_DATED)
		return "age: by dated, what a document says of itself, has no place there";
	return why_no_prefix(match);
}

/* Whether no object can fit both, by what can be told from containers and prefixes. */
static bool are_apart(const struct policy_match *a, const struct policy_match *b)
{
	struct bytes one, other;
	if (a->container.len > 0 && b->container.len > 0 && bytes_find_byte(a->container, '*') == BYTES_NOT_FOUND &&
	    bytes_find_byte(b->container, '*') == BYTES_NOT_FOUND && !bytes_equal(a->container, b->container))
		return true;
	for (size_t i = 0; i < a->path_count; i++)
		for (size_t j = 0; j < b->path_count; j++)
			if (!as_prefix(a->paths[i], &one) || !as_prefix(b->paths[j], &other) || bytes_start_with(one, other) ||
			    bytes_start_with(other, one))
				return false;
	return a->path_count > 0 && b->path_count > 0;
}

static unsigned cost_of(const struct policy_rule *rule)
{
	for (unsigned i = 1; rule->action == POLICY_TIER && i < ACTION_COUNT; i++)
		if (bytes_equal_nocase(rule->tier, bytes_of_string(actions[i].tier)))
			return i;
	return rule->action == POLICY_DELETE ? 0 : ACTION_COUNT;
}

/* There the cheapest action wins: a rule before this one that does less would lose, and so would a hold. */
static const char *why_overruled(const struct policy *policy, size_t nth)
{
	const struct policy_rule *rule = &policy->rules[nth];
	for (size_t i = 0; i < policy->hold_count; i++)
		if (!are_apart(&policy->holds[i].match, &rule->match))
			return "holds: there are none there, and this rule would take what they keep";
	for (size_t i = 0; i < nth; i++)
		if (cost_of(&policy->rules[i]) > cost_of(rule) && !are_apart(&policy->rules[i].match, &rule->match))
			return "order: a rule before it keeps what the cheaper action there would take";
	return NULL;
}

/* As many days as so many months can have: never sooner than here. */
static unsigned long days_of(const struct policy_match *match)
{
	unsigned long most = 0;
	if (match->unit == POLICY_DAYS)
		return match->over;
	for (int month = 0; month < 4800; month++) {
		int64_t end = month + (int64_t)match->over;
		int64_t from = clock_from_civil(2000 + month / 12, month % 12 + 1, 1, 0, 0, 0);
		int64_t to = clock_from_civil((int)(2000 + end / 12), (int)(end % 12) + 1, 1, 0, 0, 0);
		unsigned long days = (unsigned long)((to - from) / 86400);
		most = days > most ? days : most;
	}
	return most;
}

static void write_filters(const struct policy_match *match, struct json_writer *json)
{
	json_key(json, "filters");
	json_begin_object(json);
	json_key(json, "blobTypes");
	json_begin_array(json);
	json_string(json, "blockBlob");
	json_end_array(json);
	if (match->container.len > 0) {
		json_key(json, "prefixMatch");
		json_begin_array(json);
		for (size_t i = 0; i < (match->path_count > 0 ? match->path_count : 1); i++) {
			struct buffer text = buffer_with_ceiling(4096);
			struct bytes prefix = BYTES_NONE;
			buffer_append(&text, match->container);
			buffer_append_byte(&text, '/');
			if (match->path_count > 0 && as_prefix(match->paths[i], &prefix))
				buffer_append(&text, prefix);
			json_bytes(json, buffer_bytes(&text));
			buffer_free(&text);
		}
		json_end_array(json);
	}
	if (match->tag_count > 0) {
		json_key(json, "blobIndexMatch");
		json_begin_array(json);
		for (size_t i = 0; i < match->tag_count; i++) {
			json_begin_object(json);
			json_member_text(json, "name", match->tags[i].key);
			json_member_string(json, "op", "==");
			json_member_text(json, "value", match->tags[i].value);
			json_end_object(json);
		}
		json_end_array(json);
	}
	json_end_object(json);
}

/* Letters, digits and hyphens; its number tells two apart that would be alike. */
static void write_name(const struct policy_rule *rule, size_t nth, struct json_writer *json)
{
	char name[128];
	size_t length = 0;
	for (size_t i = 0; i < rule->name.len && length < 100; i++) {
		unsigned char c = rule->name.at[i];
		bool is_fit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		name[length++] = is_fit ? (char)c : '-';
	}
	snprintf(name + length, sizeof name - length, "-%zu", nth + 1);
	json_member_string(json, "name", name);
}

static void write_rule(const struct policy_rule *rule, size_t nth, struct json_writer *json)
{
	const char *age = NULL;
	for (unsigned i = 0; i < AGE_COUNT; i++)
		age = ages[i].by == rule->match.by ? ages[i].member : age;
	json_begin_object(json);
	json_key(json, "enabled");
	json_boolean(json, true);
	write_name(rule, nth, json);
	json_member_string(json, "type", "Lifecycle");
	json_key(json, "definition");
	json_begin_object(json);
	write_filters(&rule->match, json);
	json_key(json, "actions");
	json_begin_object(json);
	json_key(json, "baseBlob");
	json_begin_object(json);
	json_key(json, actions[cost_of(rule)].member);
	json_begin_object(json);
	json_member_unsigned(json, age, days_of(&rule->match));
	json_end_object(json);
	json_end_object(json);
	json_end_object(json);
	json_end_object(json);
	json_end_object(json);
}

static void tell_whole(const struct policy *policy, lifecycle_misfit *each, void *context)
{
	for (size_t i = 0; i < policy->hold_count; i++)
		each(context, policy->holds[i].name, "holds",
		     "there are none in a lifecycle policy: set a legal hold or an immutability policy");
	if (policy->needs_second)
		each(context, BYTES_NONE, "approval", "nobody is asked there");
	if (policy->undo_days > 0)
		each(context, BYTES_NONE, "undo_days",
		     "that is the account's soft delete, which a lifecycle policy does not set");
}

void lifecycle_append(const struct policy *policy, lifecycle_misfit *each, void *context, struct buffer *into)
{
	struct json_writer json = json_writer_into(into);
	size_t written = 0;
	json_begin_object(&json);
	json_key(&json, "rules");
	json_begin_array(&json);
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		const char *why = why_not(rule);
		if (why == NULL && cost_of(rule) >= ACTION_COUNT)
			why = "action: there is no such tier there";
		if (why == NULL)
			why = why_overruled(policy, i);
		if (why == NULL && written == LIFECYCLE_RULES_MAX)
			why = "rules: more than a hundred";
		if (why != NULL) {
			each(context, rule->name, "rule", why);
			continue;
		}
		if (rule->match.unit == POLICY_MONTHS)
			each(context, rule->name, "age", "months are written as the most days they can have");
		each(context, rule->name, "blobTypes",
		     "it is for block blobs alone there; versions and snapshots stay unless a rule names them");
		write_rule(rule, i, &json);
		written++;
	}
	json_end_array(&json);
	json_end_object(&json);
	tell_whole(policy, each, context);
}
