/* SPDX-License-Identifier: Apache-2.0 */
/* A member is a row of a table: who reads it, and for which of the two lists. */
#include "sweep/rules-file.h"

#include "base/digest.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "base/yaml.h"
#include "regex/regex.h"

#include <stdio.h>
#include <stdlib.h>

struct reading {
	const char *name;
	struct arena *arena;
	struct failure *reterr;
};

struct member {
	const char *name;
	enum status (*read)(const struct reading *reading, const struct yaml_node *node, void *into);
};

/* ---- refusing ---- */

static enum status refuse(const struct reading *reading, const struct yaml_node *node, const char *why)
{
	return fail(reading->reterr, STATUS_USAGE, reading->name, "line %u: %s", node->line, why);
}

static const char *shown(struct bytes text, char into[64])
{
	snprintf(into, 64, "%.*s", (int)(text.len < 40 ? text.len : 40), text.len > 0 ? (const char *)text.at : "");
	return into;
}

/* Names the nearest of a list that NULL ends. */
static enum status refuse_name(const struct reading *reading, const struct yaml_node *node, struct bytes written,
                               const char *what, const char *const *names)
{
	char text[64];
	struct suggestion suggestion = suggestion_for(shown(written, text));
	for (; *names != NULL; names++)
		suggestion_consider(&suggestion, *names);
	return suggestion.nearest != NULL
	               ? fail(reading->reterr, STATUS_USAGE, reading->name, "line %u: '%s' is no %s; did you mean %s?",
	                      node->line, text, what, suggestion.nearest)
	               : fail(reading->reterr, STATUS_USAGE, reading->name,
	                      "line %u: '%s' is no %s; tidemark help rules names them", node->line, text, what);
}

/* ---- members ---- */

static enum status read_text(const struct reading *reading, const struct yaml_node *node, size_t most, struct bytes *ret_text)
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

/* One, or a list. */
static enum status read_words(const struct reading *reading, const struct yaml_node *node, struct bytes *words, size_t *count)
{
	enum status status = STATUS_OK;
	if (node->kind == YAML_SCALAR) {
		status = *count < CUSTOM_WORDS_MAX ? read_text(reading, node, CUSTOM_WORD_MAX, &words[*count])
		                                   : refuse(reading, node, "are more than 64 words");
		*count += status == STATUS_OK;
		return status;
	}
	if (node->kind != YAML_SEQUENCE || node->first == NULL)
		return refuse(reading, node, "must be text, or a list of texts");
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next)
		status = child->kind == YAML_SCALAR ? read_words(reading, child, words, count)
		                                    : refuse(reading, child, "must be text");
	return status;
}

static enum status read_choice(const struct reading *reading, const struct yaml_node *node, const char *what,
                               const char *const *names, size_t count, unsigned *ret_choice)
{
	const char *listed[CUSTOM_CHECKSUM_COUNT + CUSTOM_FORM_COUNT + 1] = {NULL};
	if (node->kind != YAML_SCALAR)
		return refuse(reading, node, "must be a word");
	for (unsigned i = 0; i < count; i++) {
		listed[i] = names[i];
		if (bytes_equal_string(node->text, names[i])) {
			*ret_choice = i;
			return STATUS_OK;
		}
	}
	return refuse_name(reading, node, node->text, what, listed);
}

static enum status read_kind(const struct reading *reading, const struct yaml_node *node, enum finding_kind *ret_kind)
{
	const char *names[FINDING_KIND_COUNT + 1] = {NULL};
	size_t count = 0;
	if (node->kind != YAML_SCALAR)
		return refuse(reading, node, "must be a kind of findings");
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (finding_kind_is_counted(kind))
			names[count++] = finding_kind_name(kind);
	*ret_kind = finding_kind_from_name(node->text);
	return *ret_kind != FINDING_KIND_COUNT ? STATUS_OK : refuse_name(reading, node, node->text, "kind of findings", names);
}

/* Compiled here to be known as good; the cell compiles its own. */
static enum status check_pattern(const struct reading *reading, const struct yaml_node *node, struct bytes pattern)
{
	struct regex *regex = NULL;
	struct failure failure = {.why = ""};
	enum status status = regex_compile(pattern, &regex, &failure);
	regex_free(regex);
	return status == STATUS_USAGE ? refuse(reading, node, failure.why) : status;
}

static enum status read_pattern(const struct reading *reading, const struct yaml_node *node, struct bytes *ret_pattern)
{
	enum status status = read_text(reading, node, REGEX_PATTERN_MAX, ret_pattern);
	return status == STATUS_OK ? check_pattern(reading, node, *ret_pattern) : status;
}

static enum status read_number(const struct reading *reading, const struct yaml_node *node, double low, double high,
                               double *ret_number)
{
	char text[64], why[80], *end = NULL;
	double number = node->kind == YAML_SCALAR ? strtod(shown(node->text, text), &end) : 0;
	snprintf(why, sizeof why, "must be a number from %g to %g", low, high);
	if (node->kind != YAML_SCALAR || node->text.len == 0 || *end != '\0' || !(number >= low && number <= high))
		return refuse(reading, node, why);
	*ret_number = number;
	return STATUS_OK;
}

static enum status read_name(const struct reading *reading, const struct yaml_node *node, void *into)
{
	struct custom_rule *rule = into;
	enum status status = read_text(reading, node, CUSTOM_NAME_MAX, &rule->name);
	if (status == STATUS_OK && !custom_name_is_valid(rule->name))
		return refuse(reading, node, "a name is made of a to z, 0 to 9, - and _");
	return status;
}

static enum status read_rule_kind(const struct reading *reading, const struct yaml_node *node, void *into)
{
	return read_kind(reading, node, &((struct custom_rule *)into)->kind);
}

static enum status read_rule_pattern(const struct reading *reading, const struct yaml_node *node, void *into)
{
	return read_pattern(reading, node, &((struct custom_rule *)into)->pattern);
}

static enum status read_literals(const struct reading *reading, const struct yaml_node *node, void *into)
{
	struct custom_rule *rule = into;
	return read_words(reading, node, rule->literals, &rule->literal_count);
}

static enum status read_keywords(const struct reading *reading, const struct yaml_node *node, void *into)
{
	struct custom_rule *rule = into;
	return read_words(reading, node, rule->keywords, &rule->keyword_count);
}

static enum status read_within(const struct reading *reading, const struct yaml_node *node, void *into)
{
	double number = 0;
	enum status status = read_number(reading, node, 0, CUSTOM_WITHIN_MAX, &number);
	((struct custom_rule *)into)->within = (uint32_t)number;
	return status;
}

static enum status read_checksum(const struct reading *reading, const struct yaml_node *node, void *into)
{
	unsigned choice = 0;
	enum status status = read_choice(reading, node, "checksum", custom_checksum_names, CUSTOM_CHECKSUM_COUNT, &choice);
	((struct custom_rule *)into)->checksum = choice;
	return status;
}

static enum status read_form(const struct reading *reading, const struct yaml_node *node, void *into)
{
	unsigned choice = 0;
	enum status status = read_choice(reading, node, "form", custom_form_names, CUSTOM_FORM_COUNT, &choice);
	((struct custom_rule *)into)->form = choice;
	return status;
}

static enum status read_confidence(const struct reading *reading, const struct yaml_node *node, void *into)
{
	double number = 0;
	enum status status = read_number(reading, node, 0, 1, &number);
	((struct custom_rule *)into)->confidence = (float)number;
	return status;
}

static enum status read_allowed_kind(const struct reading *reading, const struct yaml_node *node, void *into)
{
	return read_kind(reading, node, &((struct allowed *)into)->kind);
}

static enum status read_allowed_value(const struct reading *reading, const struct yaml_node *node, void *into)
{
	return read_text(reading, node, ALLOWED_VALUE_MAX, &((struct allowed *)into)->value);
}

static enum status read_allowed_pattern(const struct reading *reading, const struct yaml_node *node, void *into)
{
	return read_pattern(reading, node, &((struct allowed *)into)->pattern);
}

/* As scope/glob.h has it; without a slash it is about the last part of the path. The cell knows patterns alone. */
static void append_glob(struct buffer *pattern, struct bytes glob)
{
	buffer_append_string(pattern, bytes_find_byte(glob, '/') == BYTES_NOT_FOUND ? "^(?:[\\s\\S]*/)?" : "^");
	if (bytes_start_with(glob, BYTES_LITERAL("**/"))) {
		buffer_append_string(pattern, "(?:[\\s\\S]*/)?");
		glob = bytes_from(glob, 3);
	}
	for (size_t i = 0; i < glob.len; i++) {
		unsigned char c = glob.at[i];
		bool is_double = c == '*' && i + 1 < glob.len && glob.at[i + 1] == '*';
		if (c == '*')
			buffer_append_string(pattern, is_double ? "[\\s\\S]*" : "[^/]*");
		else if (c < 0x80 && !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
			buffer_append_format(pattern, "\\x%02X", c);
		else
			buffer_append_byte(pattern, c);
		i += is_double;
	}
	buffer_append_byte(pattern, '$');
}

static enum status read_path(const struct reading *reading, const struct yaml_node *node, void *into)
{
	struct allowed *allowed = into;
	struct buffer pattern = buffer_with_ceiling(REGEX_PATTERN_MAX);
	struct bytes glob = BYTES_NONE;
	enum status status = read_text(reading, node, 1024, &glob);
	if (status == STATUS_OK) {
		append_glob(&pattern, glob);
		status = buffer_status(&pattern) == STATUS_TOO_LARGE ? refuse(reading, node, "is too long")
		                                                     : buffer_status(&pattern);
	}
	if (status == STATUS_OK) {
		allowed->path = arena_copy(reading->arena, buffer_bytes(&pattern));
		status = allowed->path.at != NULL ? check_pattern(reading, node, allowed->path) : STATUS_NO_MEMORY;
	}
	buffer_free(&pattern);
	return status;
}

static enum status read_why(const struct reading *reading, const struct yaml_node *node, void *into)
{
	struct bytes ignored;
	(void)into;
	return read_text(reading, node, ALLOWED_VALUE_MAX, &ignored);
}

static const struct member rule_members[] = {
	{"name", read_name},
	{"kind", read_rule_kind},
	{"pattern", read_rule_pattern},
	{"literal", read_literals},
	{"literals", read_literals},
	{"keyword", read_keywords},
	{"within", read_within},
	{"checksum", read_checksum},
	{"normalise", read_form},
	{"confidence", read_confidence},
	{NULL, NULL},
};
static const struct member allow_members[] = {
	{"kind", read_allowed_kind},
	{"value", read_allowed_value},
	{"pattern", read_allowed_pattern},
	{"path", read_path},
	{"why", read_why},
	{NULL, NULL},
};

static enum status read_members(const struct reading *reading, const struct yaml_node *node, const struct member *members,
                                void *into)
{
	enum status status = STATUS_OK;
	if (node->kind != YAML_MAPPING)
		return refuse(reading, node, "must have members, as name: and kind:");
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next) {
		const char *names[16] = {NULL};
		const struct member *found = NULL;
		for (size_t i = 0; members[i].name != NULL; i++) {
			names[i] = members[i].name;
			if (bytes_equal_string(child->key, members[i].name))
				found = &members[i];
		}
		status = found != NULL ? found->read(reading, child, into)
		                       : refuse_name(reading, child, child->key, "member of it", names);
	}
	return status;
}

/* ---- the lists ---- */

/* Whether the literals fit into one pattern is tried as the cell will. */
static enum status check_rule(const struct reading *reading, const struct yaml_node *node, const struct custom_rule *rule)
{
	if (rule->name.len == 0)
		return refuse(reading, node, "a rule without a name");
	if (rule->kind == 0)
		return refuse(reading, node, "a rule without a kind");
	if ((rule->pattern.len > 0) == (rule->literal_count > 0))
		return refuse(reading, node, "a rule has either a pattern or literals");
	size_t states = 0;
	for (size_t i = 0; i < rule->literal_count; i++)
		states += rule->literals[i].len + 1;
	return states + 1 < REGEX_STATES_MAX ? STATUS_OK
	                                     : refuse(reading, node, "its literals are too long together; make two rules");
}

static bool is_taken(const struct custom_rule *rules, size_t count, struct bytes name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(rules[i].name, name))
			return true;
	return false;
}

static enum status read_rules(const struct reading *reading, const struct yaml_node *list, struct custom_rules *rules)
{
	struct custom_rule *all = arena_allocate(reading->arena, (list->count + 1) * sizeof *all);
	enum status status = all != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	if (list->count > CUSTOM_RULES_MAX)
		return refuse(reading, list, "more than 256 rules");
	for (const struct yaml_node *node = list->first; node != NULL && status == STATUS_OK; node = node->next) {
		struct custom_rule rule = {.within = CUSTOM_WITHIN, .confidence = 0.9f};
		status = read_members(reading, node, rule_members, &rule);
		if (status == STATUS_OK)
			status = check_rule(reading, node, &rule);
		if (status == STATUS_OK && is_taken(all, rules->rule_count, rule.name))
			status = refuse(reading, node, "another rule has this name");
		if (status == STATUS_OK)
			all[rules->rule_count++] = rule;
	}
	rules->rules = all;
	return status;
}

static enum status read_allowed(const struct reading *reading, const struct yaml_node *list, struct custom_rules *rules)
{
	struct allowed *all = arena_allocate(reading->arena, (list->count + 1) * sizeof *all);
	enum status status = all != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	if (list->count > ALLOWED_MAX)
		return refuse(reading, list, "more than 1024 entries");
	for (const struct yaml_node *node = list->first; node != NULL && status == STATUS_OK; node = node->next) {
		struct allowed allowed = {.kind = FINDING_KIND_COUNT};
		status = read_members(reading, node, allow_members, &allowed);
		if (status == STATUS_OK && allowed.value.len + allowed.pattern.len + allowed.path.len == 0)
			status = refuse(reading, node, "it allows everything; say a value, a pattern or a path");
		if (status == STATUS_OK)
			all[rules->allowed_count++] = allowed;
	}
	rules->allowed = all;
	return status;
}

static enum status read_root(const struct reading *reading, const struct yaml_node *root, struct custom_rules *rules)
{
	static const char *const names[] = {"rules", "allow", NULL};
	enum status status = STATUS_OK;
	if (root == NULL)
		return fail(reading->reterr, STATUS_USAGE, reading->name, "is empty; it has rules: and allow: lists");
	if (root->kind != YAML_MAPPING)
		return refuse(reading, root, "a file of rules has rules: and allow: lists");
	for (const struct yaml_node *child = root->first; child != NULL && status == STATUS_OK; child = child->next) {
		bool is_rules = bytes_equal_string(child->key, "rules");
		if (!is_rules && !bytes_equal_string(child->key, "allow"))
			return refuse_name(reading, child, child->key, "list of such a file", names);
		if (yaml_is_null(child))
			continue;
		if (child->kind != YAML_SEQUENCE)
			return refuse(reading, child, "must be a list");
		status = is_rules ? read_rules(reading, child, rules) : read_allowed(reading, child, rules);
	}
	return status;
}

enum status rules_file_read(struct bytes yaml, const char *name, struct arena *arena, struct custom_rules *ret_rules,
                            struct failure *reterr)
{
	const struct reading reading = {name, arena, reterr};
	const struct yaml_node *root = NULL;
	struct custom_rules rules = {.digest = ""};
	unsigned char digest[DIGEST_SHA256_SIZE];
	enum status status = yaml_parse(yaml, name, arena, &root, reterr);
	if (status == STATUS_OK)
		status = read_root(&reading, root, &rules);
	if (status != STATUS_OK)
		return status;
	struct buffer digits = buffer_with_ceiling(64);
	digest_sha256(yaml, digest);
	digest_append_hex(&digits, bytes_of(digest, CUSTOM_DIGEST_LENGTH / 2));
	snprintf(rules.digest, sizeof rules.digest, "%s", buffer_string(&digits));
	status = buffer_status(&digits);
	buffer_free(&digits);
	if (status == STATUS_OK)
		*ret_rules = rules;
	return status;
}
