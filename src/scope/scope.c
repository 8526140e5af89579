/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of three lists, all of one kind; a URL is located once for each provider and held against each. */
#include "scope/scope.h"

#include "base/percent.h"
#include "base/yaml.h"
#include "scope/address.h"
#include "scope/glob.h"
#include "scope/pattern.h"
#include "scope/place.h"
#include "scope/target.h"

#include <stdio.h>

struct scope_row {
	struct scope_row *next;
	struct pattern pattern;
	struct bytes authority;
	enum depth depth;
};

static const char *const depth_names[] = {
	[DEPTH_UNSET] = "unset",
	[DEPTH_NAMES] = "names",
	[DEPTH_PEEK] = "peek",
	[DEPTH_FULL] = "full",
};

const char *depth_name(enum depth depth)
{
	return (unsigned)depth <= DEPTH_FULL ? depth_names[depth] : "unset";
}

enum depth depth_from_name(struct bytes name)
{
	for (enum depth depth = DEPTH_NAMES; depth <= DEPTH_FULL; depth++)
		if (bytes_equal_string(name, depth_names[depth]))
			return depth;
	return DEPTH_UNSET;
}

struct scope scope_new(struct arena *arena)
{
	return (struct scope){.arena = arena};
}

static enum status add_row(struct scope *scope, struct scope_row **list, const struct scope_row *row)
{
	struct scope_row *copy = arena_allocate(scope->arena, sizeof *copy);
	if (copy == NULL)
		return STATUS_NO_MEMORY;
	*copy = *row;
	while (*list != NULL)
		list = &(*list)->next;
	*list = copy;
	return STATUS_OK;
}

/* ---- the scope file ---- */

struct scope_file {
	struct scope *scope;
	const char *name;
	struct failure *reterr;
};

static enum status refuse(const struct scope_file *file, const struct yaml_node *node, const char *why)
{
	return fail(file->reterr, STATUS_USAGE, file->name, "line %u: %s", node->line, why);
}

static enum status read_pattern(const struct scope_file *file, const struct yaml_node *node, struct pattern *ret_pattern)
{
	const char *why = NULL;
	if (node->kind != YAML_SCALAR)
		return refuse(file, node, "a target must be text");
	enum status status = pattern_parse(node->text, file->scope->arena, ret_pattern, &why);
	return status == STATUS_USAGE ? refuse(file, node, why) : status;
}

static enum status read_member(const struct scope_file *file, const struct yaml_node *node, struct scope_row *row,
                               bool *has_target)
{
	if (bytes_equal_string(node->key, "target")) {
		*has_target = true;
		return read_pattern(file, node, &row->pattern);
	}
	if (node->kind != YAML_SCALAR)
		return refuse(file, node, "must be text");
	if (bytes_equal_string(node->key, "authority")) {
		row->authority = yaml_is_null(node) ? BYTES_NONE : bytes_trim(node->text);
		return row->authority.len > SCOPE_TEXT_MAX ? refuse(file, node, "authority is too long") : STATUS_OK;
	}
	if (bytes_equal_string(node->key, "depth")) {
		row->depth = depth_from_name(node->text);
		return row->depth == DEPTH_UNSET ? refuse(file, node, "depth is names, peek or full") : STATUS_OK;
	}
	return refuse(file, node, "an entry has target, authority and depth only");
}

static enum status read_row(const struct scope_file *file, const struct yaml_node *node, struct scope_row **list)
{
	struct scope_row row = {.depth = DEPTH_UNSET};
	bool has_target = node->kind == YAML_SCALAR;
	enum status status = STATUS_OK;
	if (node->kind == YAML_SEQUENCE)
		return refuse(file, node, "an entry is a target, or has target, authority and depth");
	if (node->kind == YAML_SCALAR)
		status = read_pattern(file, node, &row.pattern);
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next)
		status = read_member(file, child, &row, &has_target);
	if (status == STATUS_OK && !has_target)
		return refuse(file, node, "an entry without a target");
	return status == STATUS_OK ? add_row(file->scope, list, &row) : status;
}

static enum status read_list(const struct scope_file *file, const struct yaml_node *node, struct scope_row **list)
{
	enum status status = STATUS_OK;
	if (yaml_is_null(node))
		return STATUS_OK;
	if (node->kind != YAML_SEQUENCE)
		return refuse(file, node, "allow and deny are lists");
	if (node->count > SCOPE_ROWS_MAX)
		return refuse(file, node, "too many entries");
	for (const struct yaml_node *child = node->first; child != NULL && status == STATUS_OK; child = child->next) {
		status = read_row(file, child, list);
		while (*list != NULL)
			list = &(*list)->next;
	}
	return status;
}

enum status scope_read(struct scope *scope, struct bytes yaml, const char *name, struct failure *reterr)
{
	struct scope_file file = {scope, name, reterr};
	const struct yaml_node *root = NULL;
	enum status status = yaml_parse(yaml, name, scope->arena, &root, reterr);
	if (status != STATUS_OK || root == NULL)
		return status;
	if (root->kind != YAML_MAPPING)
		return refuse(&file, root, "a scope file has allow: and deny: lists");
	for (const struct yaml_node *child = root->first; child != NULL && status == STATUS_OK; child = child->next) {
		if (bytes_equal_string(child->key, "allow"))
			status = read_list(&file, child, &scope->allow);
		else if (bytes_equal_string(child->key, "deny"))
			status = read_list(&file, child, &scope->deny);
		else
			status = refuse(&file, child, "a scope file has allow: and deny: lists only");
	}
	return status;
}

/* ---- questions ---- */

static bool is_denied(const struct scope *scope, const struct pattern_subject *subject)
{
	for (const struct scope_row *row = scope->deny; row != NULL; row = row->next)
		if (pattern_covers(&row->pattern, subject, PATTERN_ANY_FORM))
			return true;
	return false;
}

static bool is_listed(const struct scope_row *row, const struct pattern_subject *subject)
{
	for (; row != NULL; row = row->next)
		if (pattern_covers(&row->pattern, subject, PATTERN_SAME_ENDPOINT))
			return true;
	return false;
}

enum status scope_add_target(struct scope *scope, const struct target *target, struct failure *reterr)
{
	struct pattern_subject subject = pattern_subject_of_target(target);
	if (is_denied(scope, &subject)) {
		char where[160];
		snprintf(where, sizeof where, "%.*s", (int)(target->written.len < 150 ? target->written.len : 150),
		         (const char *)target->written.at);
		return fail(reterr, STATUS_USAGE, where, "a deny entry of the scope file covers it");
	}
	struct scope_row row = {.pattern = pattern_of_target(target)};
	return add_row(scope, &scope->targets, &row);
}

/* An endpoint of somebody's own may speak any protocol: what one reading of the URL denies is denied. */
bool scope_allows_url(const struct scope *scope, const char *method, struct bytes url)
{
	bool is_allowed = false;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return false;
	for (const struct address *const *address = address_registry; *address != NULL; address++) {
		struct place place;
		if (!place_locate(url, *address, &place))
			continue;
		struct pattern_subject subject = pattern_subject_of_place(&place);
		if (is_denied(scope, &subject))
			return false;
		is_allowed |= is_listed(scope->targets, &subject) || is_listed(scope->allow, &subject);
	}
	return is_allowed;
}

bool scope_allows_site(const struct scope *scope, const struct target *target, const char *container)
{
	struct pattern_subject subject = pattern_subject_of_target(target);
	subject.container = bytes_of_string(container);
	subject.path = BYTES_NONE;
	bool is_allowed = false;
	for (const struct scope_row *row = scope->allow; row != NULL; row = row->next)
		is_allowed |= pattern_covers(&row->pattern, &subject, PATTERN_ANY_FORM);
	return is_allowed && !is_denied(scope, &subject);
}

bool scope_allows_object(const struct scope *scope, const struct target *target, struct bytes object_name)
{
	struct pattern_subject subject = pattern_subject_of_target(target);
	subject.kind = PLACE_OBJECT;
	subject.path = object_name;
	return !is_denied(scope, &subject);
}

/* False if one of them leaves the port open. */
static bool mark_ports(const struct scope_row *row, bool is_in_scope[UINT16_MAX + 1])
{
	for (; row != NULL; row = row->next) {
		if (row->pattern.host.len == 0)
			continue; /* no URL is covered by it */
		if (row->pattern.port == 0)
			return false;
		is_in_scope[row->pattern.port] = true;
		if (row->pattern.port == 80)
			is_in_scope[443] = true; /* http may rise */
	}
	return true;
}

enum status scope_list_ports(const struct scope *scope, struct arena *arena, const uint16_t **ret_ports, size_t *ret_count)
{
	bool is_in_scope[UINT16_MAX + 1] = {false};
	size_t count = 0, written = 0;
	*ret_ports = NULL;
	*ret_count = 0;
	if (!mark_ports(scope->targets, is_in_scope) || !mark_ports(scope->allow, is_in_scope))
		return STATUS_OK;
	for (size_t port = 0; port <= UINT16_MAX; port++)
		count += is_in_scope[port];
	uint16_t *ports = arena_allocate(arena, (count + 1) * sizeof *ports);
	if (ports == NULL)
		return STATUS_NO_MEMORY;
	for (size_t port = 0; port <= UINT16_MAX; port++)
		if (is_in_scope[port])
			ports[written++] = (uint16_t)port;
	*ret_ports = ports;
	*ret_count = count;
	return STATUS_OK;
}

bool scope_find_authority(const struct scope *scope, const struct target *target, struct bytes *ret_authority,
                          enum depth *ret_depth)
{
	struct pattern_subject subject = pattern_subject_of_target(target);
	for (const struct scope_row *row = scope->allow; row != NULL; row = row->next) {
		if (row->authority.len > 0 && pattern_covers(&row->pattern, &subject, PATTERN_ANY_FORM)) {
			*ret_authority = row->authority;
			*ret_depth = row->depth;
			return true;
		}
	}
	return false;
}
