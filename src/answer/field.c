/* SPDX-License-Identifier: Apache-2.0 */
/* One row per field. Values of closed lists are checked here, so backends need not. */
#include "answer/field.h"

#include "answer/range.h"
#include "base/clock.h"
#include "base/suggestion.h"
#include "model/media-family.h"
#include "scope/target.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct field_reading {
	struct arena *arena;
	struct query_node *node;
	unsigned *nodes;
	struct failure *reterr;
};

typedef enum status read_value(struct field_reading *reading, struct bytes value);

struct question_field {
	const char *name;
	enum query_field field;
	read_value *read;
	bool takes_list, takes_stars;
	const char *value, *help;
};

/* ---- refusals ---- */

enum { SHOWN_MAX = 150 };

static enum status refuse(struct field_reading *reading, struct bytes value, const char *why)
{
	char where[SHOWN_MAX + 1];
	size_t length = value.len < SHOWN_MAX ? value.len : SHOWN_MAX;
	for (size_t i = 0; i < length; i++)
		where[i] = (char)(value.at[i] == QUERY_STAR ? '*' : value.at[i]);
	where[length] = '\0';
	return fail(reading->reterr, STATUS_USAGE, where, "%s", why);
}

/* A value of a closed list that is none of it. */
struct closed_list {
	const char *what; /* "is no outcome" */
	const char *where_listed;
	const char *(*at)(size_t nth); /* NULL behind the last */
};

static enum status refuse_name(struct field_reading *reading, struct bytes value, const struct closed_list *list)
{
	char written[64], why[256];
	snprintf(written, sizeof written, "%.*s", (int)(value.len < 60 ? value.len : 60), (const char *)value.at);
	struct suggestion suggestion = suggestion_for(written);
	for (size_t i = 0; list->at(i) != NULL; i++)
		suggestion_consider(&suggestion, list->at(i));
	if (suggestion.nearest != NULL)
		snprintf(why, sizeof why, "%s; did you mean %s?", list->what, suggestion.nearest);
	else
		snprintf(why, sizeof why, "%s; %s", list->what, list->where_listed);
	return refuse(reading, value, why);
}

/* ---- nodes below ---- */

/* Makes the node one of "either of count terms", alike but for what the caller then sets; NULL when memory ended. */
static struct query_node *make_either(struct field_reading *reading, size_t count)
{
	struct query_node *terms = arena_allocate(reading->arena, count * sizeof *terms);
	const struct query_node **children = arena_allocate(reading->arena, count * sizeof(struct query_node *));
	if (terms == NULL || children == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		terms[i] = *reading->node;
		children[i] = &terms[i];
	}
	*reading->node = (struct query_node){
		.operation = QUERY_ANY, .children = children, .child_count = count, .low = INT64_MIN, .high = INT64_MAX};
	*reading->nodes += (unsigned)count;
	return terms;
}

/* ---- values ---- */

static enum status read_text(struct field_reading *reading, struct bytes value)
{
	reading->node->text = value;
	return STATUS_OK;
}

static enum status read_lower(struct field_reading *reading, struct bytes value)
{
	unsigned char *lower = arena_allocate(reading->arena, value.len + 1);
	if (lower == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < value.len; i++)
		lower[i] = value.at[i] < 0x80 ? (unsigned char)tolower(value.at[i]) : value.at[i];
	reading->node->text = bytes_of(lower, value.len);
	return STATUS_OK;
}

static enum status read_extension(struct field_reading *reading, struct bytes value)
{
	return read_lower(reading, value.len > 0 && value.at[0] == '.' ? bytes_from(value, 1) : value);
}

static const char *provider_at(size_t nth)
{
	return nth + 1 < PROVIDER_KIND_COUNT ? provider_name((enum provider_kind)(nth + 1)) : NULL;
}

static enum status read_provider(struct field_reading *reading, struct bytes value)
{
	static const struct closed_list list = {"is no provider", "there are azure, s3, gcs and folder", provider_at};
	if (provider_from_name(value) == PROVIDER_KIND_COUNT)
		return refuse_name(reading, value, &list);
	return read_text(reading, value);
}

/* As a target is written, or as every command prints it: then by its URL, which all forms of one have in common. What is no
 * target of ours may be a container of the catalog still. */
static enum status read_container(struct field_reading *reading, struct bytes value)
{
	struct target target;
	reading->node->text = value;
	if (bytes_find(value, BYTES_LITERAL("://")) == BYTES_NOT_FOUND)
		return STATUS_OK;
	enum status status = target_parse(value, reading->arena, &target, reading->reterr);
	if (status == STATUS_NO_MEMORY || (status == STATUS_USAGE && target_carries_signature(value)))
		return status;
	if (status == STATUS_OK && target.prefix.len > 0)
		return fail(reading->reterr, STATUS_USAGE, "container:", "names more than a container; ask for path: beside it");
	if (status == STATUS_OK)
		reading->node->text = target.container.url;
	return STATUS_OK;
}

static const char *class_at(size_t nth)
{
	return document_class_name((enum document_class)(nth + 1));
}

static enum status read_class(struct field_reading *reading, struct bytes value)
{
	static const struct closed_list list = {"is no class of documents", "tidemark help search names them", class_at};
	reading->node->class = document_class_from_name(value);
	return reading->node->class == CLASS_COUNT ? refuse_name(reading, value, &list) : read_text(reading, value);
}

/* ---- outcomes ---- */

static const struct {
	const char *name;
	enum outcome_group group;
} outcome_groups[] = {{"skipped", OUTCOME_GROUP_SKIPPED}, {"failed", OUTCOME_GROUP_FAILED}};
enum { OUTCOME_GROUPS = sizeof outcome_groups / sizeof *outcome_groups };

static const char *outcome_at(size_t nth)
{
	if (nth < OUTCOME_GROUPS)
		return outcome_groups[nth].name;
	size_t outcome = nth - OUTCOME_GROUPS + OUTCOME_READ;
	return outcome < OUTCOME_COUNT ? outcome_name((enum outcome)outcome) : outcome == OUTCOME_COUNT ? "unread" : NULL;
}

static uint64_t outcomes_named(struct bytes name)
{
	uint64_t outcomes = 0;
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++) {
		bool is_meant = bytes_equal_string(name, outcome_name(outcome)) ||
		                (bytes_equal_string(name, "unread") && outcome != OUTCOME_READ);
		for (size_t i = 0; i < OUTCOME_GROUPS; i++)
			is_meant |= bytes_equal_string(name, outcome_groups[i].name) &&
			            outcome_group(outcome) == outcome_groups[i].group;
		if (is_meant)
			outcomes |= UINT64_C(1) << outcome;
	}
	return outcomes & (UINT64_C(1) << OUTCOME_LISTED_ONLY) ? outcomes | (UINT64_C(1) << OUTCOME_PENDING) : outcomes;
}

static enum status read_outcome(struct field_reading *reading, struct bytes value)
{
	static const struct closed_list list = {"is no outcome", "tidemark help outcomes names them", outcome_at};
	reading->node->outcomes = outcomes_named(value);
	return reading->node->outcomes == 0 ? refuse_name(reading, value, &list) : read_text(reading, value);
}

/* ---- types ---- */

static const char *family_at(size_t nth)
{
	return media_families[nth].name;
}

static enum status read_type(struct field_reading *reading, struct bytes value)
{
	static const struct closed_list list = {"is no media type and no family of them",
	                                        "tidemark help search names the families", family_at};
	enum status status = read_lower(reading, value);
	if (status != STATUS_OK)
		return status;
	struct bytes text = reading->node->text;
	if (bytes_end_with(text, bytes_of((const char[]){'/', QUERY_STAR}, 2)))
		text.len--;
	reading->node->text = text;
	if (bytes_find_byte(text, QUERY_STAR) != BYTES_NOT_FOUND)
		return refuse(reading, value, "type: takes a star behind a slash alone, as image/*");
	if (bytes_find_byte(text, '/') != BYTES_NOT_FOUND)
		return STATUS_OK;
	const struct media_family *family = media_family_find(text);
	if (family == NULL)
		return refuse_name(reading, value, &list);
	size_t count = 0;
	while (family->types[count] != NULL)
		count++;
	if (count == 1)
		return read_text(reading, bytes_of_string(family->types[0]));
	struct query_node *terms = make_either(reading, count);
	for (size_t i = 0; terms != NULL && i < count; i++)
		terms[i].text = bytes_of_string(family->types[i]);
	return terms != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- ranges and digests ---- */

static enum status read_sha256(struct field_reading *reading, struct bytes value)
{
	enum status status = read_lower(reading, value);
	struct bytes text = reading->node->text;
	for (size_t i = 0; i < text.len && status == STATUS_OK; i++)
		if (memchr("0123456789abcdef", text.at[i], 16) == NULL)
			status = refuse(reading, value, "is no SHA-256: 64 hexadecimal digits");
	return status == STATUS_OK && text.len != 64 ? refuse(reading, value, "is no SHA-256: 64 hexadecimal digits") : status;
}

static enum status read_size(struct field_reading *reading, struct bytes value)
{
	return range_parse_size(value, &reading->node->low, &reading->node->high)
	               ? STATUS_OK
	               : refuse(reading, value, "is no range of sizes; write 4096, >1M, <=10k or 1k..2M");
}

static enum status read_time(struct field_reading *reading, struct bytes value)
{
	return range_parse_time(value, clock_now(), &reading->node->low, &reading->node->high)
	               ? STATUS_OK
	               : refuse(reading, value, "is no span of time; write 2019, 2019-03..2021, 2020-05-01, >2020 or <90d");
}

static enum status read_signed(struct field_reading *reading, struct bytes value)
{
	bool yes = bytes_equal_nocase(value, BYTES_LITERAL("yes")) || bytes_equal_nocase(value, BYTES_LITERAL("true"));
	bool no = bytes_equal_nocase(value, BYTES_LITERAL("no")) || bytes_equal_nocase(value, BYTES_LITERAL("false"));
	reading->node->text = yes ? BYTES_LITERAL("true") : BYTES_LITERAL("false");
	return yes || no ? STATUS_OK : refuse(reading, value, "signed: takes yes or no");
}

static const struct {
	const char *name;
	enum query_field field;
} states[] = {{"gone", QUERY_GONE}, {"signed", QUERY_SIGNED}, {"carved", QUERY_CARVED}};
enum { STATES = sizeof states / sizeof *states };

static const char *state_at(size_t nth)
{
	return nth < STATES ? states[nth].name : NULL;
}

static enum status read_state(struct field_reading *reading, struct bytes value)
{
	static const struct closed_list list = {"is nothing that a document can be", "there are gone, signed and carved",
	                                        state_at};
	for (size_t i = 0; i < STATES; i++)
		if (bytes_equal_nocase(value, bytes_of_string(states[i].name))) {
			reading->node->field = states[i].field;
			return read_text(reading, BYTES_LITERAL("true"));
		}
	return refuse_name(reading, value, &list);
}

/* ---- entities ---- */

static const char *kind_at(size_t nth)
{
	enum finding_kind kind = (enum finding_kind)(nth + FINDING_EMAIL);
	return kind < FINDING_KIND_COUNT && finding_kind_is_counted(kind) ? finding_kind_name(kind) : NULL;
}

/* Numbers are found as they are kept, and as people write them: in groups, with dashes, a telephone's calling code behind 00. */
static enum status read_number(struct field_reading *reading, struct bytes value)
{
	bool is_phone = reading->node->kind == FINDING_PHONE;
	unsigned char *number = arena_allocate(reading->arena, value.len + 1);
	size_t len = 0;
	if (number == NULL)
		return STATUS_NO_MEMORY;
	if (is_phone && bytes_start_with(value, BYTES_LITERAL("00"))) {
		number[len++] = '+';
		value = bytes_from(value, 2);
	}
	for (size_t i = 0; i < value.len; i++) {
		bool is_trunk = is_phone && bytes_start_with(bytes_from(value, i), BYTES_LITERAL("(0)"));
		if (is_trunk)
			i += 2;
		else if (strchr(" .-/()", value.at[i]) == NULL || value.at[i] == '\0')
			number[len++] = (unsigned char)toupper(value.at[i]);
	}
	reading->node->text = bytes_of(number, len);
	return len > 0 ? STATUS_OK : read_text(reading, value);
}

static enum status read_entity(struct field_reading *reading, struct bytes value)
{
	static const struct closed_list list = {"is no kind of entity", "tidemark help search names them", kind_at};
	size_t equals = bytes_find_byte(value, '=');
	if (equals == BYTES_NOT_FOUND || equals == 0 || equals + 1 == value.len)
		return refuse(reading, value, "entity: takes KIND=VALUE, as entity:ip=192.0.2.1");
	struct bytes kind = bytes_slice(value, 0, equals);
	reading->node->kind = finding_kind_from_name(kind);
	if (reading->node->kind == FINDING_KIND_COUNT)
		return refuse_name(reading, kind, &list);
	value = bytes_from(value, equals + 1);
	switch (reading->node->kind) {
	case FINDING_PHONE:
	case FINDING_IBAN:
	case FINDING_CARD:
	case FINDING_VAT_ID:
	case FINDING_NATIONAL_ID:
	case FINDING_PASSPORT: return read_number(reading, value);
	default: return read_text(reading, value);
	}
}

static enum status read_email(struct field_reading *reading, struct bytes value)
{
	reading->node->kind = FINDING_EMAIL;
	return read_lower(reading, value);
}

static enum status read_domain(struct field_reading *reading, struct bytes value)
{
	reading->node->kind = FINDING_DOMAIN;
	return read_lower(reading, value);
}

static enum status read_person(struct field_reading *reading, struct bytes value)
{
	reading->node->kind = FINDING_PERSON;
	return read_lower(reading, value);
}

/* ---- the rows ---- */

/* clang-format off */
static const struct question_field fields[] = {
	{.name = "name", .field = QUERY_NAME, .read = read_text, .takes_stars = true,
	 .value = "TEXT", .help = "the last part of the path holds it; a star is anything between"},
	{.name = "path", .field = QUERY_PATH, .read = read_text, .takes_stars = true,
	 .value = "TEXT", .help = "the path holds it, likewise; parts of an object are joined by !/"},
	{.name = "ext", .field = QUERY_EXTENSION, .read = read_extension, .takes_list = true,
	 .value = "EXTENSION", .help = "what follows the last dot of the name"},
	{.name = "container", .field = QUERY_CONTAINER, .read = read_container,
	 .value = "NAME", .help = "in that container: its name, ACCOUNT/NAME, or as it is printed: az://ACCOUNT/NAME, URL, DIR"},
	{.name = "provider", .field = QUERY_PROVIDER, .read = read_provider, .takes_list = true,
	 .value = "NAME", .help = "azure, s3, gcs or folder"},
	{.name = "type", .field = QUERY_TYPE, .read = read_type, .takes_list = true,
	 .value = "TYPE", .help = "a media type, as text/html or image/*, or a family of them"},
	{.name = "class", .field = QUERY_CLASS, .read = read_class, .takes_list = true,
	 .value = "CLASS", .help = "what the document is: an invoice, a contract, ..."},
	{.name = "size", .field = QUERY_SIZE, .read = read_size,
	 .value = "SIZE", .help = "of that size"},
	{.name = "modified", .field = QUERY_MODIFIED, .read = read_time,
	 .value = "TIME", .help = "last modified then"},
	{.name = "dated", .field = QUERY_DATED, .read = read_time,
	 .value = "TIME", .help = "its own date then: a mail's, a document's properties, else modified"},
	{.name = "exposed", .field = QUERY_EXPOSED, .read = read_time,
	 .value = "TIME", .help = "a stranger could reach it then"},
	{.name = "sha256", .field = QUERY_SHA256, .read = read_sha256, .takes_list = true,
	 .value = "DIGEST", .help = "with these bytes"},
	{.name = "entity", .field = QUERY_ENTITY, .read = read_entity, .takes_stars = true,
	 .value = "KIND=VALUE", .help = "an entity stands in it"},
	{.name = "email", .field = QUERY_ENTITY, .read = read_email, .takes_list = true, .takes_stars = true,
	 .value = "ADDRESS", .help = "the address stands in it; *@contoso.com is any there"},
	{.name = "domain", .field = QUERY_ENTITY, .read = read_domain, .takes_list = true,
	 .value = "DOMAIN", .help = "the domain stands in it, or an address or host beneath it"},
	{.name = "organisation", .field = QUERY_ORGANISATION, .read = read_lower, .takes_list = true,
	 .value = "DOMAIN", .help = "it belongs to, or speaks of, that organisation"},
	{.name = "person", .field = QUERY_ENTITY, .read = read_person, .takes_stars = true,
	 .value = "NAME", .help = "the person stands in it"},
	{.name = "signed", .field = QUERY_SIGNED, .read = read_signed,
	 .value = "yes|no", .help = "whether it bears a digital signature"},
	{.name = "is", .field = QUERY_CARVED, .read = read_state, .takes_list = true,
	 .value = "STATE", .help = "gone (no longer listed), signed, or carved (findings among strings of unread bytes)"},
	{.name = "outcome", .field = QUERY_OUTCOME, .read = read_outcome, .takes_list = true,
	 .value = "OUTCOME", .help = "how its reading ended: a name, or unread, failed, skipped"},
	{.name = "re", .field = QUERY_REGEX, .read = read_text,
	 .value = "/REGEX/", .help = "the path matches; in time linear to its length"},
};
/* clang-format on */
enum { FIELDS = sizeof fields / sizeof *fields };

const struct question_field *field_find(struct bytes name)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (bytes_equal_nocase(name, bytes_of_string(fields[i].name)))
			return &fields[i];
	return NULL;
}

const char *field_nearest(struct bytes name)
{
	char written[64];
	snprintf(written, sizeof written, "%.*s", (int)(name.len < 60 ? name.len : 60), (const char *)name.at);
	struct suggestion suggestion = suggestion_for(written);
	for (size_t i = 0; i < FIELDS; i++)
		suggestion_consider(&suggestion, fields[i].name);
	return suggestion.nearest;
}

const struct question_field *field_at(size_t nth)
{
	return nth < FIELDS ? &fields[nth] : NULL;
}

const char *field_help(const struct question_field *field)
{
	return field->help;
}

const char *field_value_name(const struct question_field *field)
{
	return field->value;
}

const char *field_name(const struct question_field *field)
{
	return field->name;
}

bool field_is_regex(const struct question_field *field)
{
	return field->field == QUERY_REGEX;
}

bool field_takes_list(const struct question_field *field)
{
	return field->takes_list;
}

enum status field_read(const struct question_field *field, struct bytes value, struct arena *arena, struct query_node *node,
                       unsigned *nodes, struct failure *reterr)
{
	struct field_reading reading = {arena, node, nodes, reterr};
	node->field = field->field;
	if (!field->takes_stars && bytes_find_byte(value, QUERY_STAR) != BYTES_NOT_FOUND && field->field != QUERY_TYPE)
		return refuse(&reading, value, "this field takes no star");
	return field->read(&reading, value);
}
