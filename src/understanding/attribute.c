/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From findings to organisations: each finding's host gives a registrable
 * domain, each domain gathers kinds of evidence (evidence.h), and these make
 * role, confidence and reason. Look-alikes are other organisations: nothing
 * is compared but exact names. Work goes by hash tables and stays linear.
 * Places have less to say: folders' names, whatever is in them.
 */
#include "understanding/attribute.h"

#include "base/hash.h"
#include "understanding/evidence.h"
#include "understanding/suffix.h"

#include <math.h>
#include <stdlib.h>

enum {
	PLACES_MAX = 20000,
	PLACES_OF_ONE_MAX = 64,
	SEVERAL = 3,
	COLUMN_MIN = 3,
	WHY_MAX = 512,
	DOMAIN_MAX = 256,
	PLACE_FOLDERS_MAX = 16, /* of those called like a domain */
};

const unsigned attribute_version = 4;

static int compare(const void *left, const void *right);

static const float CONFIDENCE_MAX = 0.99f, COLUMN_SHARE = 0.6f, PLACE_CONFIDENCE = 0.15f;

struct organisation {
	struct bytes domain;
	float weights[EVIDENCE_KIND_COUNT];         /* by the surest finding of each kind; 0: none */
	struct bytes examples[EVIDENCE_KIND_COUNT]; /* the address or host of that finding */
	const char *field;                          /* the word of EVIDENCE_FIELD, or else of EVIDENCE_FIELD_ABOVE */
	size_t addresses;                           /* distinct ones */
	size_t places;                              /* looked at so far */
};

#define NO_ORGANISATION SIZE_MAX

struct attributor {
	const struct attribution_input *input;
	struct organisation *organisations;
	size_t count, capacity;
	struct hash_table names; /* of each host and domain the organisation behind it */
	struct buffer name;
	size_t addresses; /* distinct ones of all that are no free-mail */
	size_t places;
	size_t byte_at;
	uint64_t character_at; /* a place in the text, both ways */
	bool has_letterhead, is_table, is_mail;
};

/* glibc's qsort asks the system once how much memory there is, when it sorts a kilobyte or more for the first time: before a
 * process is sealed, that is. */
static void prepare_sorting(void)
{
	struct attribution items[64] = {{.confidence = 0}};
	qsort(items, sizeof items / sizeof *items, sizeof *items, compare);
}

enum status attribute_prepare(void)
{
	prepare_sorting();
	return suffix_prepare();
}

enum status attribute_registrable_domain(struct bytes host, struct buffer *into)
{
	return suffix_append_registrable(into, host);
}

bool attribute_is_freemail(struct bytes domain)
{
	return domain_list_find(&freemail_list, domain) != NULL;
}

/* ---- tables ---- */

enum name_kind { NAME_HOST = 1, NAME_DOMAIN, NAME_ADDRESS };

/* What the name stands for, NO_ORGANISATION at first; NULL when memory ended. Good until the next call. */
static uint64_t *enter_name(struct attributor *work, enum name_kind kind, struct bytes name, bool *ret_is_new)
{
	uint64_t *organisation = hash_table_enter(&work->names, hash_of(kind, name), ret_is_new);
	if (organisation != NULL && *ret_is_new)
		*organisation = NO_ORGANISATION;
	return organisation;
}

static enum status add_organisation(struct attributor *work, struct arena *arena, struct bytes domain)
{
	if (work->count == work->capacity) {
		size_t capacity = work->capacity ? 2 * work->capacity : 16;
		struct organisation *grown = realloc(work->organisations, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		work->organisations = grown;
		work->capacity = capacity;
	}
	struct organisation *organisation = &work->organisations[work->count];
	*organisation = (struct organisation){.domain = arena_copy(arena, domain)};
	if (organisation->domain.at == NULL)
		return STATUS_NO_MEMORY;
	work->count++;
	return STATUS_OK;
}

static bool is_nobodys(struct bytes host)
{
	return attribute_is_freemail(host) || domain_list_find(&internal_names_list, host) != NULL;
}

/* The organisation behind a host, or NO_ORGANISATION: free-mail, reserved or internal, no suffix, an IP address. */
static enum status find_organisation(struct attributor *work, struct arena *arena, struct bytes host, size_t *ret_index)
{
	bool is_new;
	enum status status = STATUS_OK;
	uint64_t *organisation = enter_name(work, NAME_HOST, host, &is_new);
	if (organisation == NULL)
		return STATUS_NO_MEMORY;
	*ret_index = *organisation;
	buffer_reset(&work->name);
	if (!is_new || is_nobodys(host) || attribute_registrable_domain(host, &work->name) != STATUS_OK)
		return buffer_status(&work->name);
	struct bytes domain = buffer_bytes(&work->name);
	organisation = enter_name(work, NAME_DOMAIN, domain, &is_new);
	if (organisation == NULL)
		return STATUS_NO_MEMORY;
	if (is_new) {
		*organisation = work->count;
		status = add_organisation(work, arena, domain);
	}
	*ret_index = *organisation;
	*enter_name(work, NAME_HOST, host, &is_new) = *ret_index;
	return status;
}

/* ---- findings ---- */

/* The host in a finding's value. */
static struct bytes finding_host(const struct finding *finding)
{
	struct bytes value = finding->value;
	if (finding->kind == FINDING_EMAIL)
		return bytes_from(value, bytes_find_last_byte(value, '@') + 1);
	if (finding->kind == FINDING_DOMAIN)
		return value;
	size_t slashes = bytes_find(value, BYTES_LITERAL("://"));
	struct bytes host = slashes == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(value, slashes + 3);
	size_t end = 0;
	while (end < host.len && host.at[end] != '/' && host.at[end] != ':' && host.at[end] != '?' && host.at[end] != '#')
		end++;
	return bytes_slice(host, 0, end);
}

static bool is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* The byte offset of a code point, from where we stood last: findings come nearly in order. */
static size_t find_byte(struct attributor *work, uint64_t character)
{
	struct bytes text = work->input->text;
	while (work->character_at < character && work->byte_at < text.len) {
		work->byte_at++;
		while (work->byte_at < text.len && is_tail(text.at[work->byte_at]))
			work->byte_at++;
		work->character_at++;
	}
	while (work->character_at > character && work->byte_at > 0) {
		work->byte_at--;
		while (work->byte_at > 0 && is_tail(text.at[work->byte_at]))
			work->byte_at--;
		work->character_at--;
	}
	return work->byte_at;
}

static void add_evidence(struct organisation *organisation, enum evidence_kind kind, float sureness, struct bytes example)
{
	float weight = evidence_table[kind].weight * sureness;
	if (weight <= organisation->weights[kind])
		return;
	organisation->weights[kind] = weight;
	organisation->examples[kind] = example;
}

/* Addresses speak by any place, links and names by the field they stand in. */
static void add_place(struct attributor *work, struct organisation *organisation, const struct finding *finding,
                      struct bytes example)
{
	const unsigned fields = 1u << EVIDENCE_FIELD | 1u << EVIDENCE_FIELD_ABOVE;
	if (work->places >= PLACES_MAX || organisation->places >= PLACES_OF_ONE_MAX)
		return;
	work->places++;
	organisation->places++;
	size_t from = find_byte(work, finding->from), to = find_byte(work, finding->to);
	if (to <= from || to > work->input->text.len)
		return;
	struct evidence_place place = evidence_of_place(work->input->text, from, to, work->has_letterhead);
	if (finding->kind != FINDING_EMAIL)
		place.kinds &= fields;
	/* What stands around a cell is other people's. */
	if (work->is_table)
		place.kinds &= ~(1u << EVIDENCE_SIGNATURE);
	if (place.kinds & fields && (organisation->weights[EVIDENCE_FIELD] <= 0 || place.kinds & 1u << EVIDENCE_FIELD))
		organisation->field = place.field;
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++)
		if (place.kinds & 1u << kind)
			add_evidence(organisation, kind, finding->confidence, example);
}

/* Of the machines that a mail came through; looked for as often as places are. */
static bool is_traced(struct attributor *work, const struct finding *finding)
{
	if (!work->is_mail || work->places >= PLACES_MAX)
		return false;
	size_t from = find_byte(work, finding->from);
	return from <= work->input->text.len && evidence_is_in_trace(work->input->text, from);
}

static enum status count_address(struct attributor *work, struct organisation *organisation, struct bytes address)
{
	bool is_new;
	if (enter_name(work, NAME_ADDRESS, address, &is_new) == NULL)
		return STATUS_NO_MEMORY;
	organisation->addresses += is_new;
	work->addresses += is_new;
	return STATUS_OK;
}

/* Identifiers of schemata, which nobody visits. */
static bool is_namespace(struct bytes host)
{
	return domain_list_find(&namespaces_list, host) != NULL;
}

static enum status weigh_finding(struct attributor *work, struct arena *arena, const struct finding *finding)
{
	size_t index;
	struct bytes host = finding_host(finding);
	bool is_address = finding->kind == FINDING_EMAIL;
	if (host.len == 0 || host.len > DOMAIN_MAX || (!is_address && is_namespace(host)))
		return STATUS_OK;
	enum status status = find_organisation(work, arena, host, &index);
	if (status != STATUS_OK || index == NO_ORGANISATION)
		return status;
	struct organisation *organisation = &work->organisations[index];
	if (finding->kind == FINDING_STORAGE_URL || domain_list_find(&infrastructure_list, host) != NULL) {
		add_evidence(organisation, EVIDENCE_MACHINE, finding->confidence, host);
		return STATUS_OK;
	}
	if (finding_is_carved(finding)) {
		add_evidence(organisation, EVIDENCE_CARVED, finding->confidence, host);
		return STATUS_OK;
	}
	bool is_trace = is_traced(work, finding);
	work->places += is_trace;
	if (is_address) {
		status = count_address(work, organisation, finding->value);
		add_evidence(organisation, EVIDENCE_ADDRESS, finding->confidence, finding->value);
		if (!is_trace)
			add_place(work, organisation, finding, finding->value);
		return status;
	}
	if (is_trace) {
		add_evidence(organisation, EVIDENCE_MACHINE, finding->confidence, host);
		return STATUS_OK;
	}
	add_evidence(organisation, finding->kind == FINDING_URL ? EVIDENCE_LINK : EVIDENCE_NAME, finding->confidence, host);
	add_place(work, organisation, finding, host);
	return STATUS_OK;
}

/* Evidence that needs all findings. */
static void weigh_counts(struct attributor *work)
{
	for (size_t i = 0; i < work->count; i++) {
		struct organisation *organisation = &work->organisations[i];
		struct bytes example = organisation->examples[EVIDENCE_ADDRESS];
		if (organisation->addresses >= SEVERAL)
			add_evidence(organisation, EVIDENCE_SEVERAL, 1, example);
		if (work->is_table && organisation->addresses >= COLUMN_MIN &&
		    (float)organisation->addresses >= COLUMN_SHARE * (float)work->addresses)
			add_evidence(organisation, EVIDENCE_COLUMN, 1, example);
	}
}

/* ---- the answer ---- */

static enum status append_why(struct buffer *into, const struct organisation *organisation)
{
	enum evidence_kind best = 0;
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++)
		if (organisation->weights[kind] > organisation->weights[best])
			best = kind;
	struct bytes example = organisation->examples[best];
	bool has_field = best == EVIDENCE_FIELD || best == EVIDENCE_FIELD_ABOVE;
	for (const char *c = evidence_table[best].says, *field = organisation->field; *c != '\0'; c++) {
		if (c[0] != '%') {
			buffer_append_byte(into, (unsigned char)*c);
			continue;
		}
		bool is_second = has_field && example.at == NULL;
		buffer_append(into, is_second ? bytes_of_string(field) : example);
		example = BYTES_NONE;
		c++;
	}
	return buffer_status(into);
}

static bool find_role(const struct organisation *organisation, float *ret_confidence)
{
	float doubt = 1;
	bool is_party = false;
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++) {
		doubt *= 1 - organisation->weights[kind];
		is_party |= organisation->weights[kind] > 0 && evidence_table[kind].makes_party;
	}
	*ret_confidence = fminf(1 - doubt, CONFIDENCE_MAX);
	return is_party;
}

/* The surest first. */
static int compare(const void *left, const void *right)
{
	const struct attribution *a = left, *b = right;
	if (a->confidence < b->confidence || a->confidence > b->confidence)
		return a->confidence < b->confidence ? 1 : -1;
	return bytes_compare(a->domain, b->domain);
}

static enum status write_answer(struct attributor *work, struct arena *arena, struct attribution **ret_items)
{
	struct attribution *items = arena_allocate(arena, (work->count + 1) * sizeof *items);
	struct buffer why = buffer_with_ceiling(WHY_MAX);
	enum status status = items != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (size_t i = 0; i < work->count && status == STATUS_OK; i++) {
		const struct organisation *organisation = &work->organisations[i];
		items[i].domain = organisation->domain;
		items[i].role = find_role(organisation, &items[i].confidence) ? ORGANISATION_PARTY : ORGANISATION_MENTION;
		buffer_reset(&why);
		status = append_why(&why, organisation);
		items[i].why = arena_copy(arena, buffer_bytes(&why));
		if (status == STATUS_OK && items[i].why.at == NULL)
			status = STATUS_NO_MEMORY;
	}
	buffer_free(&why);
	if (status != STATUS_OK)
		return status;
	qsort(items, work->count, sizeof *items, compare);
	*ret_items = items;
	return STATUS_OK;
}

static bool is_kind(struct bytes media_type, const char *beginning)
{
	return bytes_start_with_nocase(media_type, bytes_of_string(beginning));
}

static void look_at_media_type(struct attributor *work)
{
	struct bytes type = work->input->media_type;
	bool is_program = is_kind(type, "text/x-") || is_kind(type, "text/xml") || is_kind(type, "text/css") ||
	                  is_kind(type, "text/javascript") || is_kind(type, "application/json") ||
	                  is_kind(type, "application/xml") || is_kind(type, "application/x-");
	work->is_table = is_kind(type, "text/csv") || is_kind(type, "text/tab-separated-values") ||
	                 is_kind(type, "application/vnd.ms-excel") ||
	                 is_kind(type, "application/vnd.openxmlformats-officedocument.spreadsheetml");
	work->is_mail = is_kind(type, "message/");
	work->has_letterhead = !is_program && !work->is_table && !work->is_mail;
}

enum status attribute_document(const struct attribution_input *input, struct arena *arena,
                               const struct attribution **ret_organisations, size_t *ret_count)
{
	struct attributor work = {.input = input, .name = buffer_with_ceiling(DOMAIN_MAX)};
	struct attribution *items = NULL;
	enum status status = STATUS_OK;
	look_at_media_type(&work);
	for (size_t i = 0; i < input->finding_count && status == STATUS_OK; i++) {
		enum finding_kind kind = input->findings[i].kind;
		if (kind == FINDING_EMAIL || kind == FINDING_DOMAIN || kind == FINDING_URL || kind == FINDING_STORAGE_URL)
			status = weigh_finding(&work, arena, &input->findings[i]);
	}
	weigh_counts(&work);
	if (status == STATUS_OK)
		status = write_answer(&work, arena, &items);
	if (status == STATUS_OK) {
		*ret_organisations = items;
		*ret_count = work.count;
	}
	free(work.organisations);
	hash_table_free(&work.names);
	buffer_free(&work.name);
	return status;
}

/* ---- places ---- */

/* A file's name says nothing: the last part of a path, nor one with parts of its own, which ends in "!". */
static bool is_domain_like(struct bytes folder)
{
	return folder.len <= DOMAIN_MAX && bytes_find_byte(folder, '.') != BYTES_NOT_FOUND && folder.at[folder.len - 1] != '!';
}

static bool is_among(const struct attribution *items, size_t count, struct bytes domain)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(items[i].domain, domain))
			return true;
	return false;
}

static enum status add_owner(struct attribution *items, size_t *count, struct bytes domain, struct arena *arena)
{
	struct buffer why = buffer_with_ceiling(WHY_MAX);
	buffer_append_string(&why, "the path alone: part ");
	buffer_append(&why, domain);
	struct attribution owner = {
		.domain = arena_copy(arena, domain),
		.role = ORGANISATION_PARTY,
		.confidence = PLACE_CONFIDENCE,
		.why = arena_copy(arena, buffer_bytes(&why)),
	};
	bool is_whole = buffer_status(&why) == STATUS_OK && owner.domain.at != NULL && owner.why.at != NULL;
	buffer_free(&why);
	if (is_whole)
		items[(*count)++] = owner;
	return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Of a folder, if it is called like the domain of an organisation. */
static enum status weigh_folder(struct bytes folder, struct attribution *items, size_t *count, struct buffer *name,
                                struct arena *arena)
{
	buffer_reset(name);
	if (domain_list_find(&infrastructure_list, folder) != NULL || attribute_is_freemail(folder) ||
	    attribute_registrable_domain(folder, name) != STATUS_OK || is_among(items, *count, buffer_bytes(name)))
		return buffer_status(name);
	return add_owner(items, count, buffer_bytes(name), arena);
}

enum status attribute_place(struct bytes path, struct arena *arena, const struct attribution **ret_organisations,
                            size_t *ret_count)
{
	struct attribution *items = NULL;
	struct buffer name = buffer_with_ceiling(DOMAIN_MAX);
	struct bytes rest = path;
	enum status status = STATUS_OK;
	size_t count = 0, looked_at = 0;
	for (size_t slash; count < PLACE_OWNERS_MAX && looked_at < PLACE_FOLDERS_MAX && status == STATUS_OK &&
	                   (slash = bytes_find_byte(rest, '/')) != BYTES_NOT_FOUND;
	     rest = bytes_from(rest, slash + 1)) {
		struct bytes folder = bytes_slice(rest, 0, slash);
		if (!is_domain_like(folder))
			continue;
		looked_at++;
		if (items == NULL)
			items = arena_allocate(arena, PLACE_OWNERS_MAX * sizeof *items);
		status = items != NULL ? weigh_folder(folder, items, &count, &name, arena) : STATUS_NO_MEMORY;
	}
	buffer_free(&name);
	if (status != STATUS_OK)
		return status;
	*ret_organisations = items;
	*ret_count = count;
	return STATUS_OK;
}
