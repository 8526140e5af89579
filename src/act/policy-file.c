/* SPDX-License-Identifier: Apache-2.0 */
/* A member is a row of a table: who reads it, and for what. */
#include "act/policy-file.h"

#include "answer/range.h"
#include "answer/subject.h"
#include "base/digest.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "base/yaml.h"
#include "model/person.h"
#include "scope/glob.h"

#include <stdio.h>

enum { NAME_MAX_BYTES = 200, LIST_MAX = 1000, AGE_MAX = 100000, UNDO_DAYS_MAX = 365 };

struct policy_reading {
	const char *name;
	struct arena *arena;
	struct failure *reterr;
};

struct policy_member {
	const char *name;
	enum status (*read)(const struct policy_reading *reading, const struct yaml_node *node, void *into);
};

/* ---- refusing ---- */

static enum status refuse(const struct policy_reading *reading, const struct yaml_node *node, const char *why)
{
	return fail(reading->reterr, STATUS_USAGE, reading->name, "line %u: %s", node->line, why);
}

/* Names the nearest of a list that NULL ends. */
static enum status refuse_name(const struct policy_reading *reading, const struct yaml_node *node, struct bytes written,
                               const char *what, const char *const *names)
{
	char text[64];
	snprintf(text, sizeof text, "%.*s", (int)(written.len < 40 ? written.len : 40),
	         written.len > 0 ? (const char *)written.at : "");
	struct suggestion suggestion = suggestion_for(text);
	for (; *names != NULL; names++)
		suggestion_consider(&suggestion, *names);
	return suggestion.nearest != NULL
	               ? fail(reading->reterr, STATUS_USAGE, reading->name, "line %u: '%s' is no %s; did you mean %s?",
	                      node->line, text, what, suggestion.nearest)
	               : fail(reading->reterr, STATUS_USAGE, reading->name,
	                      "line %u: '%s' is no %s; tidemark help retention names them", node->line, text, what);
}

/* ---- values ---- */

static enum status read_text(const struct policy_reading *reading, const struct yaml_node *node, size_t most,
                             struct bytes *ret_text)
{
	char why[80];
	if (node->kind != YAML_SCALAR || yaml_is_null(node) || node->text.len == 0)
		return refuse(reading, node, "must be text");
	snprintf(why, sizeof why, "is longer than %zu bytes", most);
	if (node->text.len > most)
		return refuse(reading, node, why);
	if (!text_is_valid(node->text) || bytes_find_byte(node->text, 0) != BYTES_NOT_FOUND)
		return refuse(reading, node, "is not UTF-8");
	*ret_text = arena_copy(reading->arena, node->text);
	return ret_text->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* One, or a list; each is told by itself. */
static enum status read_each(const struct policy_reading *reading, const struct yaml_node *node,
                             enum status (*one)(const struct policy_reading *, const struct yaml_node *, void *), void *into)
{
	enum status status = STATUS_OK;
	if (node->kind == YAML_SCALAR && !yaml_is_null(node))
		return one(reading, node, into);
	if (node->kind != YAML_SEQUENCE || node->first == NULL)
		return refuse(reading, node, "must be one, or a list");
	if (node->count > LIST_MAX)
		return refuse(reading, node, "are more than 1000");
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next)
		status = child->kind == YAML_SCALAR ? one(reading, child, into) : refuse(reading, child, "must be a word");
	return status;
}

struct text_list {
	struct bytes *texts;
	size_t count, most;
	bool is_folded;
};

static enum status add_text(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct text_list *list = into;
	struct bytes text = BYTES_NONE;
	enum status status = read_text(reading, node, list->most, &text);
	if (status != STATUS_OK)
		return status;
	unsigned char *at = (unsigned char *)(uintptr_t)text.at;
	for (size_t i = 0; list->is_folded && i < text.len; i++)
		if (at[i] >= 'A' && at[i] <= 'Z')
			at[i] |= 0x20;
	list->texts[list->count++] = text;
	return STATUS_OK;
}

static enum status read_texts(const struct policy_reading *reading, const struct yaml_node *node, size_t most, bool is_folded,
                              const struct bytes **ret_texts, size_t *ret_count)
{
	size_t room = node->kind == YAML_SEQUENCE && node->count <= LIST_MAX ? node->count + 1 : 1;
	struct text_list list = {arena_allocate(reading->arena, room * sizeof *list.texts), 0, most, is_folded};
	if (list.texts == NULL)
		return STATUS_NO_MEMORY;
	enum status status = read_each(reading, node, add_text, &list);
	if (status == STATUS_OK) {
		*ret_texts = list.texts;
		*ret_count = list.count;
	}
	return status;
}

/* "24mo", "2y", "90d", "6w" */
static bool parse_age(struct bytes text, uint32_t *ret_over, enum policy_unit *ret_unit)
{
	static const struct {
		const char *word;
		uint32_t factor;
		enum policy_unit unit;
	} units[] = {{"d", 1, POLICY_DAYS}, {"w", 7, POLICY_DAYS}, {"mo", 1, POLICY_MONTHS}, {"y", 12, POLICY_MONTHS}};
	uint64_t number;
	size_t digits = 0;
	while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
		digits++;
	if (!bytes_parse_u64(bytes_slice(text, 0, digits), &number) || number > AGE_MAX)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (bytes_equal_string(bytes_from(text, digits), units[i].word)) {
			*ret_over = (uint32_t)number * units[i].factor;
			*ret_unit = units[i].unit;
			return true;
		}
	return false;
}

/* ---- closed lists ---- */

static enum status add_class(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	const char *names[CLASS_COUNT + 1] = {NULL};
	enum document_class class = document_class_from_name(node->text);
	for (enum document_class each = CLASS_NONE + 1; each < CLASS_COUNT; each++)
		names[each - 1] = document_class_name(each);
	if (class == CLASS_NONE || class == CLASS_COUNT)
		return refuse_name(reading, node, node->text, "class", names);
	*(uint64_t *)into |= UINT64_C(1) << class;
	return STATUS_OK;
}

static enum status add_element(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	const char *names[ELEMENT_COUNT + 1] = {NULL};
	enum person_element element = person_element_from_name(node->text);
	for (enum person_element each = 0; each < ELEMENT_COUNT; each++)
		names[each] = person_element_name(each);
	if (element == ELEMENT_COUNT)
		return refuse_name(reading, node, node->text, "element", names);
	*(unsigned *)into |= ELEMENT_BIT(element);
	return STATUS_OK;
}

static enum status add_relationship(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	const char *names[RELATIONSHIP_COUNT + 1] = {NULL};
	enum relationship relationship = relationship_from_name(node->text);
	for (enum relationship each = RELATIONSHIP_UNKNOWN + 1; each < RELATIONSHIP_COUNT; each++)
		names[each - 1] = relationship_name(each);
	if (relationship == RELATIONSHIP_UNKNOWN || relationship == RELATIONSHIP_COUNT)
		return refuse_name(reading, node, node->text, "relationship", names);
	*(unsigned *)into |= RELATIONSHIP_BIT(relationship);
	return STATUS_OK;
}

/* ---- members of a match ---- */

static enum status read_container(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_text(reading, node, GLOB_PATTERN_MAX, &((struct policy_match *)into)->container);
}

static enum status read_path(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_match *match = into;
	return read_texts(reading, node, GLOB_PATTERN_MAX, false, &match->paths, &match->path_count);
}

static enum status read_except(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_match *match = into;
	return read_texts(reading, node, GLOB_PATTERN_MAX, false, &match->exceptions, &match->exception_count);
}

static enum status read_classes(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_each(reading, node, add_class, &((struct policy_match *)into)->classes);
}

static enum status read_elements(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_each(reading, node, add_element, &((struct policy_match *)into)->elements);
}

static enum status read_relationships(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_each(reading, node, add_relationship, &((struct policy_match *)into)->relationships);
}

/* What names nobody would hold nothing. */
static enum status check_organisation(const struct policy_reading *reading, const struct yaml_node *node, struct bytes written)
{
	struct subject subject;
	struct failure ignored;
	char why[160];
	enum status status = subject_read(written, reading->arena, &subject, &ignored);
	bool is_domain = status == STATUS_OK && subject.kind == SUBJECT_ORGANISATION;
	if (status == STATUS_NO_MEMORY || (is_domain && bytes_equal(subject.name, written)))
		return status;
	if (is_domain)
		snprintf(why, sizeof why, "an organisation is named by its own domain, %.*s",
		         (int)(subject.name.len < 100 ? subject.name.len : 100), (const char *)subject.name.at);
	else
		snprintf(why, sizeof why, "an organisation is named by its domain, as contoso.com");
	return refuse(reading, node, why);
}

static enum status read_organisations(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_match *match = into;
	enum status status = read_texts(reading, node, 255, true, &match->organisations, &match->organisation_count);
	for (size_t i = 0; i < match->organisation_count && status == STATUS_OK; i++)
		status = check_organisation(reading, node, match->organisations[i]);
	return status;
}

static enum status read_tag(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_match *match = into;
	if (node->kind != YAML_MAPPING || node->count == 0 || node->count > 10)
		return refuse(reading, node, "must be one to ten tags, as {owner: sales}");
	struct retained_tag *tags = arena_allocate(reading->arena, node->count * sizeof *tags);
	enum status status = tags != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next) {
		struct retained_tag *tag = &tags[match->tag_count];
		status = read_text(reading, child, 256, &tag->value);
		if (status == STATUS_OK && (tag->key = arena_copy(reading->arena, child->key)).at == NULL)
			status = refuse(reading, child, "a tag without a name");
		match->tag_count += status == STATUS_OK;
	}
	match->tags = tags;
	return status;
}

static enum status read_size(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_match *match = into;
	if (node->kind != YAML_SCALAR || !range_parse_size(node->text, &match->low, &match->high))
		return refuse(reading, node, "must be a size, as \">1M\" or \"1k..2M\"");
	match->has_size = true;
	return STATUS_OK;
}

static enum status read_by(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"dated", "created", "modified", "last_read", NULL};
	for (unsigned i = 0; node->kind == YAML_SCALAR && i < POLICY_TIME_COUNT; i++)
		if (bytes_equal_string(node->text, names[i])) {
			((struct policy_match *)into)->by = i;
			return STATUS_OK;
		}
	return refuse_name(reading, node, node->text, "time", names);
}

static enum status read_over(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_match *match = into;
	if (node->kind != YAML_SCALAR || !parse_age(node->text, &match->over, &match->unit))
		return refuse(reading, node, "must be an age, as 24mo, 2y, 90d or 6w");
	match->has_age = true;
	return STATUS_OK;
}

static enum status read_members(const struct policy_reading *reading, const struct yaml_node *node,
                                const struct policy_member *members, const char *what, void *into)
{
	enum status status = STATUS_OK;
	if (node->kind != YAML_MAPPING)
		return refuse(reading, node, "must have members");
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next) {
		const char *names[16] = {NULL};
		const struct policy_member *found = NULL;
		for (size_t i = 0; members[i].name != NULL; i++) {
			names[i] = members[i].name;
			if (bytes_equal_string(child->key, members[i].name))
				found = &members[i];
		}
		status = found != NULL ? found->read(reading, child, into) : refuse_name(reading, child, child->key, what, names);
	}
	return status;
}

static enum status read_age(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	static const struct policy_member members[] = {{"by", read_by}, {"over", read_over}, {NULL, NULL}};
	struct policy_match *match = into;
	match->by = POLICY_TIME_COUNT;
	enum status status = read_members(reading, node, members, "member of an age", into);
	if (status == STATUS_OK && (!match->has_age || match->by == POLICY_TIME_COUNT))
		return refuse(reading, node, "an age says by which time and over what: {by: dated, over: 24mo}");
	return status;
}

static const struct policy_member match_members[] = {
	{"container", read_container},
	{"path", read_path},
	{"except", read_except},
	{"class", read_classes},
	{"element", read_elements},
	{"organisation", read_organisations},
	{"relationship", read_relationships},
	{"tag", read_tag},
	{"size", read_size},
	{"age", read_age},
	{NULL, NULL},
};

/* What would match everything is more likely a slip of the pen. */
static enum status read_match(const struct policy_reading *reading, const struct yaml_node *node, struct policy_match *match)
{
	enum status status = read_members(reading, node, match_members, "member of match", match);
	if (status == STATUS_OK && node->first == NULL)
		return refuse(reading, node, "it matches everything; say so by path: \"**\"");
	return status;
}

/* ---- rules and holds ---- */

static enum status read_name(const struct policy_reading *reading, const struct yaml_node *node, struct bytes *ret_name)
{
	return read_text(reading, node, NAME_MAX_BYTES, ret_name);
}

static enum status read_rule_name(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_name(reading, node, &((struct policy_rule *)into)->name);
}

static enum status read_rule_match(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_match(reading, node, &((struct policy_rule *)into)->match);
}

/* One of the actions' names, written as there. */
static enum status read_tier(const struct policy_reading *reading, const struct yaml_node *node, const char *const *names,
                             struct policy_rule *rule)
{
	const struct bytes before = BYTES_LITERAL("tier:");
	size_t at = 0;
	while (names[at] != NULL && !bytes_equal_string(node->text, names[at]))
		at++;
	if (names[at] == NULL || !bytes_start_with(node->text, before))
		return refuse_name(reading, node, node->text, "action", names);
	rule->action = POLICY_TIER;
	rule->tier = arena_copy(reading->arena, bytes_from(node->text, before.len));
	return rule->tier.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_action(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"delete", "report", "tier:Cool", "tier:Cold", "tier:Archive", "tier:Hot", NULL};
	struct policy_rule *rule = into;
	if (node->kind != YAML_SCALAR)
		return refuse(reading, node, "must be delete, report or tier:NAME");
	if (bytes_equal_string(node->text, "delete"))
		rule->action = POLICY_DELETE;
	else if (bytes_equal_string(node->text, "report"))
		rule->action = POLICY_REPORT;
	else
		return read_tier(reading, node, names, rule);
	return STATUS_OK;
}

static enum status read_hold_name(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_name(reading, node, &((struct policy_hold *)into)->name);
}

static enum status read_hold_match(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	return read_match(reading, node, &((struct policy_hold *)into)->match);
}

static enum status read_until(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	struct policy_hold *hold = into;
	hold->until = node->kind == YAML_SCALAR ? clock_parse_rfc3339(node->text) : CLOCK_UNKNOWN;
	return hold->until != CLOCK_UNKNOWN ? STATUS_OK : refuse(reading, node, "must be a day or a time, as 2027-06-30");
}

static const struct policy_member rule_members[] = {
	{"name", read_rule_name}, {"match", read_rule_match}, {"action", read_action}, {NULL, NULL}};
static const struct policy_member hold_members[] = {
	{"name", read_hold_name}, {"match", read_hold_match}, {"until", read_until}, {NULL, NULL}};

static enum status read_rule(const struct policy_reading *reading, const struct yaml_node *node, struct policy_rule *rule)
{
	*rule = (struct policy_rule){.action = POLICY_ACTION_COUNT};
	enum status status = read_members(reading, node, rule_members, "member of a rule", rule);
	if (status != STATUS_OK)
		return status;
	if (rule->name.len == 0)
		return refuse(reading, node, "a rule without a name");
	if (yaml_find(node, "match") == NULL)
		return refuse(reading, node, "a rule without a match");
	return rule->action != POLICY_ACTION_COUNT ? STATUS_OK : refuse(reading, node, "a rule without an action");
}

static enum status read_hold(const struct policy_reading *reading, const struct yaml_node *node, struct policy_hold *hold)
{
	*hold = (struct policy_hold){.until = CLOCK_UNKNOWN};
	enum status status = read_members(reading, node, hold_members, "member of a hold", hold);
	if (status != STATUS_OK)
		return status;
	if (hold->name.len == 0)
		return refuse(reading, node, "a hold without a name");
	return yaml_find(node, "match") != NULL ? STATUS_OK : refuse(reading, node, "a hold without a match");
}

static enum status read_rules(const struct policy_reading *reading, const struct yaml_node *list, struct policy *policy)
{
	struct policy_rule *rules = arena_allocate(reading->arena, (list->count + 1) * sizeof *rules);
	enum status status = rules != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (const struct yaml_node *node = list->first; node != NULL && status == STATUS_OK; node = node->next) {
		struct policy_rule *rule = &rules[policy->rule_count];
		status = read_rule(reading, node, rule);
		for (size_t i = 0; i < policy->rule_count && status == STATUS_OK; i++)
			if (bytes_equal(rules[i].name, rule->name))
				status = refuse(reading, node, "another rule has this name");
		policy->rule_count += status == STATUS_OK;
	}
	policy->rules = rules;
	return status;
}

static enum status read_holds(const struct policy_reading *reading, const struct yaml_node *list, struct policy *policy)
{
	struct policy_hold *holds = arena_allocate(reading->arena, (list->count + 1) * sizeof *holds);
	enum status status = holds != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (const struct yaml_node *node = list->first; node != NULL && status == STATUS_OK; node = node->next) {
		struct policy_hold *hold = &holds[policy->hold_count];
		status = read_hold(reading, node, hold);
		for (size_t i = 0; i < policy->hold_count && status == STATUS_OK; i++)
			if (bytes_equal(holds[i].name, hold->name))
				status = refuse(reading, node, "another hold has this name");
		policy->hold_count += status == STATUS_OK;
	}
	policy->holds = holds;
	return status;
}

/* ---- the whole ---- */

static enum status read_rule_list(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	if (node->kind != YAML_SEQUENCE || node->count > POLICY_RULES_MAX)
		return refuse(reading, node, "must be a list of at most 1000 rules");
	return read_rules(reading, node, into);
}

static enum status read_hold_list(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	if (yaml_is_null(node))
		return STATUS_OK;
	if (node->kind != YAML_SEQUENCE || node->count > POLICY_RULES_MAX)
		return refuse(reading, node, "must be a list of at most 1000 holds");
	return read_holds(reading, node, into);
}

static enum status read_approval(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"none", "second", NULL};
	struct policy *policy = into;
	policy->needs_second = node->kind == YAML_SCALAR && bytes_equal_string(node->text, "second");
	if (policy->needs_second || (node->kind == YAML_SCALAR && bytes_equal_string(node->text, "none")))
		return STATUS_OK;
	return refuse_name(reading, node, node->text, "approval", names);
}

static enum status read_undo_days(const struct policy_reading *reading, const struct yaml_node *node, void *into)
{
	uint64_t days = 0;
	if (node->kind != YAML_SCALAR || !bytes_parse_u64(node->text, &days) || days > UNDO_DAYS_MAX)
		return refuse(reading, node, "must be a number of days from 0 to 365");
	((struct policy *)into)->undo_days = (unsigned)days;
	return STATUS_OK;
}

static const struct policy_member policy_members[] = {{"rules", read_rule_list},
                                                      {"holds", read_hold_list},
                                                      {"approval", read_approval},
                                                      {"undo_days", read_undo_days},
                                                      {NULL, NULL}};

static enum status note_digest(struct bytes yaml, struct policy *policy)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	struct buffer digits = buffer_with_ceiling(128);
	digest_sha256(yaml, digest);
	digest_append_hex(&digits, bytes_of(digest, POLICY_DIGEST_LENGTH / 2));
	snprintf(policy->digest, sizeof policy->digest, "%s", buffer_string(&digits));
	enum status status = buffer_status(&digits);
	buffer_free(&digits);
	return status;
}

enum status policy_file_read(struct bytes yaml, const char *name, struct arena *arena, struct policy *ret_policy,
                             struct failure *reterr)
{
	const struct policy_reading reading = {name, arena, reterr};
	const struct yaml_node *root = NULL;
	struct policy policy = {.digest = ""};
	enum status status = yaml_parse(yaml, name, arena, &root, reterr);
	if (status == STATUS_OK && root == NULL)
		return fail(reterr, STATUS_USAGE, name, "is empty; a policy has rules:");
	if (status == STATUS_OK)
		status = read_members(&reading, root, policy_members, "member of a policy", &policy);
	if (status == STATUS_OK && yaml_find(root, "rules") == NULL)
		status = refuse(&reading, root, "a policy without rules:");
	if (status == STATUS_OK)
		status = note_digest(yaml, &policy);
	if (status == STATUS_OK)
		*ret_policy = policy;
	return status;
}

/* ---- writing ---- */

static void append_quoted(struct bytes text, struct buffer *into)
{
	buffer_append_byte(into, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (c < 0x20 || c == 0x7F)
			buffer_append_format(into, "\\x%02X", c);
		else if (c == '"' || c == '\\')
			buffer_append_format(into, "\\%c", c);
		else
			buffer_append_byte(into, c);
	}
	buffer_append_byte(into, '"');
}

static void append_texts(const char *member, const struct bytes *texts, size_t count, struct buffer *into)
{
	for (size_t i = 0; i < count; i++) {
		buffer_append_format(into, i == 0 ? "      %s: [" : ", ", member);
		append_quoted(texts[i], into);
	}
	buffer_append_string(into, count > 0 ? "]\n" : "");
}

static void append_bits(const char *member, uint64_t bits, unsigned count, const char *(*name_of)(unsigned), struct buffer *into)
{
	bool is_first = true;
	for (unsigned i = 0; i < count; i++) {
		if ((bits & (UINT64_C(1) << i)) == 0)
			continue;
		buffer_append_format(into, is_first ? "      %s: [" : ", ", member);
		buffer_append_string(into, name_of(i));
		is_first = false;
	}
	buffer_append_string(into, is_first ? "" : "]\n");
}

static const char *name_class(unsigned class)
{
	return document_class_name(class);
}

static const char *name_element(unsigned element)
{
	return person_element_name(element);
}

static const char *name_relationship(unsigned relationship)
{
	return relationship_name(relationship);
}

static void append_size(const struct policy_match *match, struct buffer *into)
{
	buffer_append_string(into, "      size: \"");
	if (match->low != INT64_MIN)
		buffer_append_format(into, "%lld", (long long)match->low);
	buffer_append_string(into, "..");
	if (match->high != INT64_MAX)
		buffer_append_format(into, "%lld", (long long)match->high);
	buffer_append_string(into, "\"\n");
}

static void append_match(const struct policy_match *match, struct buffer *into)
{
	static const char *const times[] = {"dated", "created", "modified", "last_read"};
	buffer_append_string(into, "    match:\n");
	if (match->container.len > 0) {
		buffer_append_string(into, "      container: ");
		append_quoted(match->container, into);
		buffer_append_byte(into, '\n');
	}
	append_texts("path", match->paths, match->path_count, into);
	append_texts("except", match->exceptions, match->exception_count, into);
	append_bits("class", match->classes, CLASS_COUNT, name_class, into);
	append_bits("element", match->elements, ELEMENT_COUNT, name_element, into);
	append_texts("organisation", match->organisations, match->organisation_count, into);
	append_bits("relationship", match->relationships, RELATIONSHIP_COUNT, name_relationship, into);
	for (size_t i = 0; i < match->tag_count; i++) {
		buffer_append_string(into, i == 0 ? "      tag: {" : ", ");
		append_quoted(match->tags[i].key, into);
		buffer_append_string(into, ": ");
		append_quoted(match->tags[i].value, into);
	}
	buffer_append_string(into, match->tag_count > 0 ? "}\n" : "");
	if (match->has_size)
		append_size(match, into);
	if (match->has_age)
		buffer_append_format(into, "      age: {by: %s, over: %u%s}\n", times[match->by], match->over,
		                     match->unit == POLICY_MONTHS ? "mo" : "d");
}

static void append_name(struct bytes name, struct buffer *into)
{
	buffer_append_string(into, "  - name: ");
	append_quoted(name, into);
	buffer_append_byte(into, '\n');
}

static void append_rule(const struct policy_rule *rule, struct buffer *into)
{
	append_name(rule->name, into);
	append_match(&rule->match, into);
	buffer_append_string(into, "    action: ");
	if (rule->action == POLICY_TIER) {
		struct buffer tier = buffer_with_ceiling(128);
		buffer_append_format(&tier, "tier:%.*s", (int)rule->tier.len, (const char *)rule->tier.at);
		append_quoted(buffer_bytes(&tier), into);
		buffer_free(&tier);
	} else {
		buffer_append_string(into, rule->action == POLICY_DELETE ? "delete" : "report");
	}
	buffer_append_byte(into, '\n');
}

void policy_file_append(const struct policy *policy, struct buffer *into)
{
	char until[CLOCK_TEXT_SIZE];
	buffer_append_string(into, policy->rule_count > 0 ? "rules:\n" : "rules: []\n");
	for (size_t i = 0; i < policy->rule_count; i++)
		append_rule(&policy->rules[i], into);
	buffer_append_string(into, policy->hold_count > 0 ? "holds:\n" : "");
	for (size_t i = 0; i < policy->hold_count; i++) {
		append_name(policy->holds[i].name, into);
		append_match(&policy->holds[i].match, into);
		if (policy->holds[i].until != CLOCK_UNKNOWN)
			buffer_append_format(into, "    until: %s\n", clock_format(policy->holds[i].until, until));
	}
	buffer_append_format(into, "approval: %s\nundo_days: %u\n", policy->needs_second ? "second" : "none", policy->undo_days);
}
