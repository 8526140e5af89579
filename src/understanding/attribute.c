/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From findings to organisations: each finding's host gives a registrable
 * domain, each organisation's name a key of its own; what a schema states and
 * who signed besides. Each organisation gathers kinds of evidence (evidence.h),
 * and these make role, part, confidence and reason. A name and a domain are one
 * where the document states them for one party, or where the name is the domain's
 * label; look-alikes are other organisations: nothing is compared but exact
 * names. Work goes by hash tables and stays linear. Places have less to say:
 * folders' names, whatever is in them.
 */
#include "understanding/attribute.h"

#include "base/hash.h"
#include "model/person.h"
#include "base/text.h"
#include "model/signature.h"
#include "understanding/country.h"
#include "understanding/evidence.h"
#include "understanding/owner-name.h"
#include "understanding/stated-party.h"
#include "understanding/suffix.h"

#include <math.h>
#include <stdlib.h>

enum {
	PLACES_MAX = 20000,
	PLACES_OF_ONE_MAX = 64,
	SEVERAL = 3,
	COLUMN_MIN = 3,
	WHY_MAX = 2048,
	DOMAIN_MAX = 256,
	PLACE_FOLDERS_MAX = 16, /* of those called like a domain */
	LETTERHEADS_MAX = 2,    /* organisations by domain */
	PAGES_MIN = 3,          /* on which a line that repeats stands */
};

const unsigned attribute_version = 10;

static int compare(const void *left, const void *right);

static const float UNSETTLED_MAX = 0.94f, ANYONES_MAX = 0.5f, SURE = 0.9f, COLUMN_SHARE = 0.6f, PLACE_CONFIDENCE = 0.15f;

struct organisation {
	struct bytes key;  /* domain, or name (model/finding.h) */
	struct bytes name; /* as written where it was surest; may be empty */
	float name_weight;
	size_t joined_to;            /* the organisation that this name is of, or NO_ORGANISATION */
	enum organisation_part part; /* by its heaviest evidence that says one */
	float part_weight;
	char country[COUNTRY_LENGTH + 1];
	enum country_evidence country_by;
	float weights[EVIDENCE_KIND_COUNT];         /* by the surest finding of each kind; 0: none */
	struct bytes examples[EVIDENCE_KIND_COUNT]; /* the address or host of that finding */
	const char *field;                          /* the word of EVIDENCE_FIELD, or else of EVIDENCE_FIELD_ABOVE */
	const char *stated;                         /* the part of EVIDENCE_STATED */
	const char *register_field;                 /* likewise of the register's */
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
	uint64_t character_at;                                      /* a place in the text, both ways */
	size_t header_end;                                          /* of a mail: bytes to the first empty line */
	bool has_letterhead, is_table, is_mail, is_data, is_stated; /* stated: by a schema, which says who is who */
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

enum status attribute_host(struct bytes host, struct buffer *into)
{
	return suffix_append_host(into, host);
}

bool attribute_is_freemail(struct bytes domain)
{
	return domain_list_find(&freemail_list, domain) != NULL;
}

/* ---- tables ---- */

enum name_kind { NAME_HOST = 1, NAME_KEY, NAME_ADDRESS, NAME_OF_LIST, NAME_LABEL, NAME_LINE };

/* What the name stands for, NO_ORGANISATION at first; NULL when memory ended. Good until the next call. */
static uint64_t *enter_name(struct attributor *work, enum name_kind kind, struct bytes name, bool *ret_is_new)
{
	uint64_t *organisation = hash_table_enter(&work->names, hash_of(kind, name), ret_is_new);
	if (organisation != NULL && *ret_is_new)
		*organisation = NO_ORGANISATION;
	return organisation;
}

static enum status add_organisation(struct attributor *work, struct arena *arena, struct bytes key)
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
	*organisation = (struct organisation){.key = arena_copy(arena, key), .joined_to = NO_ORGANISATION};
	if (organisation->key.at == NULL)
		return STATUS_NO_MEMORY;
	work->count++;
	return STATUS_OK;
}

/* The organisation of a key, new or known. */
static enum status enter_key(struct attributor *work, struct arena *arena, struct bytes key, size_t *ret_index)
{
	bool is_new;
	uint64_t *organisation = enter_name(work, NAME_KEY, key, &is_new);
	if (organisation == NULL)
		return STATUS_NO_MEMORY;
	if (is_new)
		*organisation = work->count;
	*ret_index = *organisation;
	return is_new ? add_organisation(work, arena, key) : STATUS_OK;
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
	status = enter_key(work, arena, buffer_bytes(&work->name), ret_index);
	if (status == STATUS_OK)
		*enter_name(work, NAME_HOST, host, &is_new) = *ret_index;
	return status;
}

/* The one of a name, or NO_ORGANISATION where it is none. */
static enum status find_named(struct attributor *work, struct arena *arena, struct bytes name, size_t *ret_index)
{
	buffer_reset(&work->name);
	*ret_index = NO_ORGANISATION;
	return owner_name_append_key(&work->name, name) ? enter_key(work, arena, buffer_bytes(&work->name), ret_index)
	                                                : buffer_status(&work->name);
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
	/* How sure a rule is of an address was measured with what settles it. */
	bool is_sure = evidence_table[kind].settles && sureness >= SURE;
	float weight = evidence_table[kind].weight * (is_sure ? 1 : sureness);
	if (weight <= organisation->weights[kind])
		return;
	organisation->weights[kind] = weight;
	organisation->examples[kind] = example;
}

static void set_part(struct organisation *organisation, enum evidence_kind kind, enum organisation_part part)
{
	if (part == PART_NONE || evidence_table[kind].weight <= organisation->part_weight)
		return;
	organisation->part = part;
	organisation->part_weight = evidence_table[kind].weight;
}

static void add_kinds(struct organisation *organisation, const struct evidence_place *place, float sureness, struct bytes example)
{
	const unsigned fields = 1u << EVIDENCE_FIELD | 1u << EVIDENCE_FIELD_ABOVE;
	if (place->kinds & fields && (organisation->weights[EVIDENCE_FIELD] <= 0 || place->kinds & 1u << EVIDENCE_FIELD))
		organisation->field = place->field;
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++)
		if (place->kinds & 1u << kind) {
			add_evidence(organisation, kind, sureness, example);
			if (kind == EVIDENCE_HEADER || kind == EVIDENCE_QUOTED || fields & 1u << kind)
				set_part(organisation, kind, place->part);
		}
	if (place->kinds & 1u << EVIDENCE_BLOCK)
		set_part(organisation, EVIDENCE_BLOCK, PART_SIGNATORY);
}

/* What of a place's evidence counts in a document of that sort. */
static unsigned kinds_of_place(const struct attributor *work, unsigned kinds, size_t from)
{
	const unsigned fields = 1u << EVIDENCE_FIELD | 1u << EVIDENCE_FIELD_ABOVE;
	/* In its own header a mail says all of its parties; what its body holds is other people's. */
	if (work->is_mail && kinds & 1u << EVIDENCE_QUOTED && from < work->header_end)
		kinds = 1u << EVIDENCE_HEADER;
	else if (work->is_mail)
		kinds &= ~(fields | 1u << EVIDENCE_SIGNATURE | 1u << EVIDENCE_QUOTED);
	/* What stands around a cell is other people's, and so is a record's next field. */
	if (work->is_table || work->is_data)
		kinds &= ~(1u << EVIDENCE_SIGNATURE);
	return work->is_data ? kinds & ~fields : kinds;
}

/* Addresses speak by any place, links and names by the field they stand in. */
static void add_place(struct attributor *work, struct organisation *organisation, const struct finding *finding,
                      struct bytes example)
{
	if (work->is_stated || work->places >= PLACES_MAX || organisation->places >= PLACES_OF_ONE_MAX)
		return;
	work->places++;
	organisation->places++;
	size_t from = find_byte(work, finding->from), to = find_byte(work, finding->to);
	if (to <= from || to > work->input->text.len)
		return;
	struct evidence_place place = evidence_of_place(work->input->text, from, to, work->has_letterhead);
	/* A link says something of a party beside its word alone. */
	if (finding->kind != FINDING_EMAIL)
		place.kinds &= place.part != PART_NONE ? 1u << EVIDENCE_FIELD : 0;
	place.kinds = kinds_of_place(work, place.kinds, from);
	add_kinds(organisation, &place, finding->confidence, example);
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

/* A list's own addresses stand behind the text, with the fields that machines wrote: they are gathered first. */
static enum status gather_lists(struct attributor *work)
{
	for (size_t i = 0; i < work->input->finding_count && work->is_mail; i++) {
		const struct finding *finding = &work->input->findings[i];
		bool is_new;
		if (finding->kind != FINDING_EMAIL || work->places >= PLACES_MAX)
			continue;
		size_t from = find_byte(work, finding->from);
		if (from > work->input->text.len || !evidence_is_lists_own(work->input->text, from))
			continue;
		work->places++;
		if (enter_name(work, NAME_OF_LIST, finding->value, &is_new) == NULL)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

static bool is_lists(const struct attributor *work, struct bytes address)
{
	return evidence_is_of_list(address) || hash_table_find(&work->names, hash_of(NAME_OF_LIST, address)) != NULL;
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
	if (is_address && is_lists(work, finding->value)) {
		add_evidence(organisation, EVIDENCE_MACHINE, finding->confidence, host);
		return STATUS_OK;
	}
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
	add_evidence(organisation, finding->kind == FINDING_URL ? EVIDENCE_LINK : EVIDENCE_HOST, finding->confidence, host);
	add_place(work, organisation, finding, host);
	return STATUS_OK;
}

/* ---- names ---- */

static void set_name(struct organisation *organisation, struct bytes name, float weight)
{
	if (weight <= organisation->name_weight)
		return;
	organisation->name = bytes_slice(name, 0, ORGANISATION_NAME_MAX);
	while (organisation->name.len > 0 && organisation->name.len < name.len &&
	       (name.at[organisation->name.len] & 0xC0) == 0x80)
		organisation->name.len--;
	organisation->name_weight = weight;
}

/* How often a line that is a name or holds one stands in the document. */
static bool is_repeated(struct attributor *work, size_t from)
{
	bool is_new;
	uint64_t *count = enter_name(work, NAME_LINE, evidence_line(work->input->text, from), &is_new);
	if (count == NULL)
		return false;
	*count = is_new ? 1 : *count + 1;
	return *count >= PAGES_MIN;
}

static void add_name_place(struct attributor *work, struct organisation *organisation, size_t nth)
{
	const struct finding *finding = &work->input->findings[nth];
	if (work->is_stated || work->is_mail || work->is_data || work->places >= PLACES_MAX ||
	    organisation->places >= PLACES_OF_ONE_MAX)
		return;
	work->places++;
	organisation->places++;
	size_t from = find_byte(work, finding->from), to = find_byte(work, finding->to), limit = work->input->text.len;
	size_t next = nth + 1;
	while (next < work->input->finding_count && work->input->findings[next].kind != FINDING_ORGANISATION_NAME)
		next++;
	if (next < work->input->finding_count)
		limit = find_byte(work, work->input->findings[next].from);
	if (to <= from || to > work->input->text.len)
		return;
	struct evidence_place place = evidence_of_name(work->input->text, from, to, limit > to ? limit : to,
	                                               work->has_letterhead);
	if (work->has_letterhead && is_repeated(work, from))
		place.kinds |= 1u << EVIDENCE_REPEATED;
	add_kinds(organisation, &place, finding->confidence, finding->value);
}

static enum status weigh_name(struct attributor *work, struct arena *arena, size_t nth)
{
	const struct finding *finding = &work->input->findings[nth];
	size_t index;
	enum status status = find_named(work, arena, finding->value, &index);
	if (status != STATUS_OK || index == NO_ORGANISATION)
		return status;
	struct organisation *organisation = &work->organisations[index];
	set_name(organisation, finding->value, finding->confidence / 2);
	if (finding_is_carved(finding)) {
		add_evidence(organisation, EVIDENCE_CARVED, finding->confidence, finding->value);
		return STATUS_OK;
	}
	add_evidence(organisation, EVIDENCE_NAME, finding->confidence, finding->value);
	add_name_place(work, organisation, nth);
	return STATUS_OK;
}

/* ---- what is stated ---- */

static bool is_label_of(struct bytes name, struct bytes domain)
{
	struct buffer a = buffer_with_ceiling(2 * ORGANISATION_KEY_MAX), b = buffer_with_ceiling(2 * ORGANISATION_KEY_MAX);
	bool is_same = owner_name_append_label(&a, name) && owner_name_append_domain_label(&b, domain) &&
	               bytes_equal(buffer_bytes(&a), buffer_bytes(&b));
	buffer_free(&a);
	buffer_free(&b);
	return is_same;
}

/* Of the hosts of a party's addresses the one that is called like it, or else the first that is anyone's. */
static enum status find_domain_of(struct attributor *work, struct arena *arena, const struct stated_party *party,
                                  size_t *ret_index)
{
	enum status status = STATUS_OK;
	*ret_index = NO_ORGANISATION;
	for (size_t i = 0; i < party->host_count && status == STATUS_OK; i++) {
		size_t index = NO_ORGANISATION;
		if (domain_list_find(&infrastructure_list, party->hosts[i]) == NULL)
			status = find_organisation(work, arena, party->hosts[i], &index);
		if (status != STATUS_OK || index == NO_ORGANISATION)
			continue;
		if (*ret_index == NO_ORGANISATION || is_label_of(party->name, work->organisations[index].key))
			*ret_index = index;
	}
	return status;
}

static void set_country(struct organisation *organisation, struct bytes code, enum country_evidence by)
{
	if (code.len != COUNTRY_LENGTH || by <= organisation->country_by)
		return;
	memcpy(organisation->country, code.at, COUNTRY_LENGTH);
	organisation->country_by = by;
}

static enum status add_party(struct attributor *work, struct arena *arena, const struct stated_party *party)
{
	size_t owner = NO_ORGANISATION, named = NO_ORGANISATION;
	enum status status = find_domain_of(work, arena, party, &owner);
	if (status == STATUS_OK && party->name.len > 0)
		status = find_named(work, arena, party->name, &named);
	if (status != STATUS_OK)
		return status;
	if (owner == NO_ORGANISATION)
		owner = named;
	else if (named != NO_ORGANISATION && work->organisations[named].joined_to == NO_ORGANISATION)
		work->organisations[named].joined_to = owner;
	if (owner == NO_ORGANISATION)
		return STATUS_OK;
	struct organisation *organisation = &work->organisations[owner];
	add_evidence(organisation, EVIDENCE_STATED, 1, party->name.len > 0 ? party->name : organisation->key);
	if (organisation->stated == NULL)
		organisation->stated = organisation_part_name(party->part);
	set_part(organisation, EVIDENCE_STATED, party->part);
	set_name(organisation, party->name, 1);
	set_country(organisation, country_of_vat(party->vat), COUNTRY_BY_VAT);
	set_country(organisation, party->country, COUNTRY_BY_ADDRESS);
	return STATUS_OK;
}

static enum status add_parties(struct attributor *work, struct arena *arena, const struct stated_parties *parties)
{
	enum status status = STATUS_OK;
	for (enum organisation_part part = PART_NONE + 1; parties != NULL && part < PART_COUNT && status == STATUS_OK; part++)
		if (stated_party_is_stated(&parties->of[part]))
			status = add_party(work, arena, &parties->of[part]);
	return status;
}

/* Whose certificates signed: by the address in them, or else the organisation's name. */
static enum status add_signers(struct attributor *work, struct arena *arena)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < work->input->fact_count && status == STATUS_OK; i++) {
		struct signature signature;
		size_t index = NO_ORGANISATION;
		if (!signature_of_fact(&work->input->facts[i], &signature) || signature.intact == SIGNATURE_FALSE ||
		    bytes_find(signature.kind, BYTES_LITERAL("timestamp")) != BYTES_NOT_FOUND)
			continue;
		size_t at = bytes_find_last_byte(signature.email, '@');
		if (at != BYTES_NOT_FOUND)
			status = find_organisation(work, arena, bytes_from(signature.email, at + 1), &index);
		if (status == STATUS_OK && index == NO_ORGANISATION && signature.organisation.len > 0)
			status = find_named(work, arena, signature.organisation, &index);
		if (status != STATUS_OK || index == NO_ORGANISATION)
			continue;
		struct organisation *organisation = &work->organisations[index];
		add_evidence(organisation, EVIDENCE_SIGNED, 1, at != BYTES_NOT_FOUND ? signature.email : signature.organisation);
		set_part(organisation, EVIDENCE_SIGNED, PART_SIGNATORY);
		set_name(organisation, signature.organisation, evidence_table[EVIDENCE_SIGNED].weight);
	}
	return status;
}

/* ---- names and domains that are one ---- */

static void join(struct organisation *owner, struct organisation *named)
{
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++) {
		if (named->weights[kind] <= owner->weights[kind])
			continue;
		owner->weights[kind] = named->weights[kind];
		owner->examples[kind] = named->examples[kind];
		if (kind == EVIDENCE_FIELD || (kind == EVIDENCE_FIELD_ABOVE && owner->weights[EVIDENCE_FIELD] <= 0))
			owner->field = named->field;
		if (kind == EVIDENCE_STATED)
			owner->stated = named->stated;
	}
	if (named->part_weight > owner->part_weight) {
		owner->part = named->part;
		owner->part_weight = named->part_weight;
	}
	set_name(owner, named->name, named->name_weight);
	set_country(owner, bytes_of_string(named->country), named->country_by);
}

/* Two domains of one label are nobody's to choose between. */
#define SEVERAL_DOMAINS (NO_ORGANISATION - 1)

static enum status enter_labels(struct attributor *work)
{
	for (size_t i = 0; i < work->count; i++) {
		bool is_new;
		buffer_reset(&work->name);
		if (organisation_is_by_name(work->organisations[i].key) ||
		    !owner_name_append_domain_label(&work->name, work->organisations[i].key))
			continue;
		uint64_t *index = enter_name(work, NAME_LABEL, buffer_bytes(&work->name), &is_new);
		if (index == NULL)
			return STATUS_NO_MEMORY;
		*index = is_new ? i : SEVERAL_DOMAINS;
	}
	return STATUS_OK;
}

static size_t find_label(struct attributor *work, struct bytes name)
{
	static bool (*const labels[])(struct buffer *, struct bytes) = {owner_name_append_label, owner_name_append_whole_label};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		buffer_reset(&work->name);
		if (!labels[i](&work->name, name))
			continue;
		const uint64_t *index = hash_table_find(&work->names, hash_of(NAME_LABEL, buffer_bytes(&work->name)));
		if (index != NULL)
			return *index < work->count ? *index : NO_ORGANISATION;
	}
	return NO_ORGANISATION;
}

static enum status join_names(struct attributor *work)
{
	enum status status = enter_labels(work);
	for (size_t i = 0; i < work->count && status == STATUS_OK; i++) {
		struct organisation *named = &work->organisations[i];
		if (!organisation_is_by_name(named->key))
			continue;
		if (named->joined_to == NO_ORGANISATION)
			named->joined_to = find_label(work, named->name);
		if (named->joined_to != NO_ORGANISATION)
			join(&work->organisations[named->joined_to], named);
	}
	return status;
}

/* ---- the register ---- */

enum { BESIDE_LETTERHEAD_MAX = 24 };

/* Little stands behind it on its line. */
static bool is_alone_to_the_end(struct bytes text, size_t to)
{
	struct bytes rest = bytes_slice(text, to, BESIDE_LETTERHEAD_MAX + 1);
	return bytes_slice(rest, 0, bytes_find_byte(rest, '\n')).len <= BESIDE_LETTERHEAD_MAX;
}

/* A name speaks by the place it stands in, as an address does. */
static void add_register_place(struct attributor *work, struct organisation *organisation, const struct register_mention *mention)
{
	static const enum evidence_kind kinds[][2] = {
		{EVIDENCE_HEADER, EVIDENCE_REGISTER_HEADER},
		{EVIDENCE_FIELD, EVIDENCE_REGISTER_FIELD},
		{EVIDENCE_FIELD_ABOVE, EVIDENCE_REGISTER_FIELD_ABOVE},
		{EVIDENCE_LETTERHEAD, EVIDENCE_REGISTER_LETTERHEAD},
	};
	struct bytes text = work->input->text;
	if (work->places >= PLACES_MAX || organisation->places >= PLACES_OF_ONE_MAX)
		return;
	work->places++;
	organisation->places++;
	size_t from = find_byte(work, mention->from), to = find_byte(work, mention->to);
	if (to <= from || to > text.len)
		return;
	struct evidence_place place = evidence_of_place(text, from, to, work->has_letterhead);
	place.kinds = kinds_of_place(work, place.kinds, from);
	if (place.kinds & 1u << EVIDENCE_LETTERHEAD && !is_alone_to_the_end(text, to))
		place.kinds &= ~(1u << EVIDENCE_LETTERHEAD);
	if (place.field != NULL && (organisation->register_field == NULL || place.kinds & 1u << EVIDENCE_FIELD))
		organisation->register_field = place.field;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (place.kinds & 1u << kinds[i][0])
			add_evidence(organisation, kinds[i][1], mention->confidence, mention->term);
}

/* What the register lists is found by other words than its domain. */
static enum status weigh_mention(struct attributor *work, struct arena *arena, const struct register_mention *mention)
{
	size_t index;
	enum status status = enter_key(work, arena, mention->domain, &index);
	if (status != STATUS_OK)
		return status;
	struct organisation *organisation = &work->organisations[index];
	if (mention->is_carved) {
		add_evidence(organisation, EVIDENCE_CARVED, mention->confidence, mention->term);
		return STATUS_OK;
	}
	add_evidence(organisation, mention->is_number ? EVIDENCE_REGISTER_NUMBER : EVIDENCE_REGISTER_NAME, mention->confidence,
	             mention->term);
	if (!mention->is_number && !mention->is_doubtful)
		add_register_place(work, organisation, mention);
	return STATUS_OK;
}

/* ---- rows ---- */

static enum status weigh_row(struct attributor *work, struct arena *arena, const struct person_record *record)
{
	size_t index;
	enum status status = enter_key(work, arena, record->domain, &index);
	if (status == STATUS_OK)
		add_evidence(&work->organisations[index], EVIDENCE_ROW, 1, record->emails[0]);
	return status;
}

/* Of a table with a customer a row, each row is that customer's. */
static enum status weigh_rows(struct attributor *work, struct arena *arena)
{
	const struct attribution_input *input = work->input;
	struct person_record record;
	enum status status = STATUS_OK;
	for (size_t i = 0; i < input->fact_count && status == STATUS_OK; i++) {
		struct bytes rest = input->facts[i].value;
		while (input->facts[i].kind == FACT_PERSON && status == STATUS_OK && person_take(&rest, &record))
			if (record.source == PERSON_ROW && record.has_place && record.domain.len > 0 && record.email_count > 0)
				status = weigh_row(work, arena, &record);
	}
	return status;
}

/* A letter has one head and one address; where more stand near the top it is a list. */
static void weigh_letterheads(struct attributor *work)
{
	size_t count = 0;
	for (size_t i = 0; i < work->count; i++)
		count += work->organisations[i].weights[EVIDENCE_LETTERHEAD] > 0 &&
		         !organisation_is_by_name(work->organisations[i].key);
	for (size_t i = 0; i < work->count && count > LETTERHEADS_MAX; i++)
		work->organisations[i].weights[EVIDENCE_LETTERHEAD] = 0;
}

/* Evidence that needs all findings. */
static void weigh_counts(struct attributor *work)
{
	weigh_letterheads(work);
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

static void append_says(struct buffer *into, const struct organisation *organisation, enum evidence_kind kind)
{
	const char *field = evidence_is_of_register(kind) ? organisation->register_field : organisation->field;
	struct bytes words[] = {
		bytes_slice(organisation->examples[kind], 0, ORGANISATION_KEY_MAX),
		bytes_of_string(kind == EVIDENCE_STATED ? organisation->stated : field),
	};
	size_t word = 0;
	for (const char *c = evidence_table[kind].says; *c != '\0'; c++) {
		if (c[0] != '%') {
			buffer_append_byte(into, (unsigned char)*c);
			continue;
		}
		text_append_repaired(into, words[word++]);
		c++;
	}
}

/* The surest of some kinds; its weight is 0 if there is none. */
static enum evidence_kind find_best(const struct organisation *organisation, bool of_register)
{
	enum evidence_kind best = of_register ? EVIDENCE_REGISTER_NUMBER : 0;
	for (enum evidence_kind kind = best; kind < EVIDENCE_KIND_COUNT; kind++)
		if (organisation->weights[kind] > organisation->weights[best])
			best = kind;
	return best;
}

/* The surest, and what the register says besides. */
static enum status append_why(struct buffer *into, const struct organisation *organisation)
{
	enum evidence_kind best = find_best(organisation, false), registered = find_best(organisation, true);
	append_says(into, organisation, best);
	if (registered != best && organisation->weights[registered] > 0) {
		buffer_append_string(into, "; ");
		append_says(into, organisation, registered);
	}
	return buffer_status(into);
}

static bool find_role(const struct organisation *organisation, float *ret_confidence)
{
	float doubt = 1;
	float settled = 0;
	bool is_party = false;
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++) {
		doubt *= 1 - organisation->weights[kind];
		if (evidence_table[kind].settles)
			settled = fmaxf(settled, organisation->weights[kind]);
		is_party |= organisation->weights[kind] > 0 && evidence_table[kind].makes_party;
	}
	/* What settles it is as sure of all parties, whatever else stands there of one of them. */
	*ret_confidence = settled > 0 ? settled : fminf(1 - doubt, UNSETTLED_MAX);
	if (domain_list_find(&mailboxes_list, organisation->key) != NULL)
		*ret_confidence = fminf(*ret_confidence, ANYONES_MAX);
	return is_party;
}

/* Rows are its, and nothing else makes it a party. */
static bool is_party_by_rows_alone(const struct organisation *organisation)
{
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++)
		if (kind != EVIDENCE_ROW && organisation->weights[kind] > 0 && evidence_table[kind].makes_party)
			return false;
	return organisation->weights[EVIDENCE_ROW] > 0;
}

static enum organisation_part part_of(const struct organisation *organisation)
{
	bool is_known = organisation->part != PART_NONE || !is_party_by_rows_alone(organisation);
	return is_known ? organisation->part : PART_ROWS;
}

/* Not a host that was entered for a party and speaks for nobody; and a name that is only spoken of is a finding, and no more. */
static bool is_told(const struct organisation *organisation)
{
	bool is_by_name = organisation_is_by_name(organisation->key), is_told = false;
	for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++)
		is_told |= organisation->weights[kind] > 0 && (!is_by_name || evidence_table[kind].makes_party);
	return is_told && organisation->joined_to == NO_ORGANISATION;
}

/* The surest first; of those as sure, who sells before who buys. */
static int compare(const void *left, const void *right)
{
	const struct attribution *a = left, *b = right;
	if (a->confidence < b->confidence || a->confidence > b->confidence)
		return a->confidence < b->confidence ? 1 : -1;
	unsigned a_part = a->part == PART_NONE ? PART_COUNT : a->part, b_part = b->part == PART_NONE ? PART_COUNT : b->part;
	return a_part != b_part ? (a_part < b_part ? -1 : 1) : bytes_compare(a->domain, b->domain);
}

static enum status write_one(const struct organisation *organisation, struct buffer *why, struct arena *arena,
                             struct attribution *item)
{
	*item = (struct attribution){.domain = organisation->key, .country_by = organisation->country_by};
	item->role = find_role(organisation, &item->confidence) ? ORGANISATION_PARTY : ORGANISATION_MENTION;
	item->part = item->role == ORGANISATION_PARTY ? part_of(organisation) : PART_NONE;
	memcpy(item->country, organisation->country, sizeof item->country);
	if (item->country_by == COUNTRY_UNKNOWN && !organisation_is_by_name(item->domain)) {
		country_of_domain(item->domain, item->country);
		item->country_by = item->country[0] != '\0' ? COUNTRY_BY_DOMAIN : COUNTRY_UNKNOWN;
	}
	buffer_reset(why);
	enum status status = append_why(why, organisation);
	item->why = arena_copy(arena, buffer_bytes(why));
	item->name = organisation->name.len > 0 ? arena_copy(arena, organisation->name) : BYTES_NONE;
	bool is_whole = item->why.at != NULL && (organisation->name.len == 0 || item->name.at != NULL);
	return status == STATUS_OK && !is_whole ? STATUS_NO_MEMORY : status;
}

static enum status write_answer(struct attributor *work, struct arena *arena, struct attribution **ret_items, size_t *ret_count)
{
	struct attribution *items = arena_allocate(arena, (work->count + 1) * sizeof *items);
	struct buffer why = buffer_with_ceiling(WHY_MAX);
	enum status status = items != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	size_t count = 0;
	for (size_t i = 0; i < work->count && status == STATUS_OK; i++)
		if (is_told(&work->organisations[i]))
			status = write_one(&work->organisations[i], &why, arena, &items[count++]);
	buffer_free(&why);
	if (status != STATUS_OK)
		return status;
	qsort(items, count, sizeof *items, compare);
	*ret_items = items;
	*ret_count = count;
	return STATUS_OK;
}

static bool is_kind(struct bytes media_type, const char *beginning)
{
	return bytes_start_with_nocase(media_type, bytes_of_string(beginning));
}

static void look_at_media_type(struct attributor *work)
{
	struct bytes type = work->input->media_type;
	work->is_data = is_kind(type, "application/json") || is_kind(type, "application/yaml") || is_kind(type, "text/yaml") ||
	                is_kind(type, "application/x-yaml") || is_kind(type, "text/x-yaml") ||
	                is_kind(type, "application/x-ndjson");
	bool is_program = work->is_data || is_kind(type, "text/x-") || is_kind(type, "text/xml") || is_kind(type, "text/css") ||
	                  is_kind(type, "text/javascript") || is_kind(type, "application/json") ||
	                  is_kind(type, "application/xml") || is_kind(type, "application/x-");
	work->is_table = is_kind(type, "text/csv") || is_kind(type, "text/tab-separated-values") ||
	                 is_kind(type, "application/vnd.ms-excel") ||
	                 is_kind(type, "application/vnd.openxmlformats-officedocument.spreadsheetml");
	work->is_mail = is_kind(type, "message/");
	work->has_letterhead = !is_program && !work->is_table && !work->is_mail;
}

static bool has_schema(const struct stated_parties *parties)
{
	return parties != NULL && parties->standard != NULL;
}

enum status attribute_document(const struct attribution_input *input, struct arena *arena,
                               const struct attribution **ret_organisations, size_t *ret_count)
{
	struct attributor work = {.input = input, .name = buffer_with_ceiling(2 * ORGANISATION_KEY_MAX)};
	struct attribution *items = NULL;
	size_t count = 0;
	work.is_stated = has_schema(input->stated) || has_schema(input->embedded);
	look_at_media_type(&work);
	if (work.is_mail)
		work.header_end = bytes_find(input->text, BYTES_LITERAL("\n\n"));
	enum status status = gather_lists(&work);
	for (size_t i = 0; i < input->finding_count && status == STATUS_OK; i++) {
		enum finding_kind kind = input->findings[i].kind;
		if (kind == FINDING_EMAIL || kind == FINDING_DOMAIN || kind == FINDING_URL || kind == FINDING_STORAGE_URL)
			status = weigh_finding(&work, arena, &input->findings[i]);
		/* What the register lists comes as mentions. */
		else if (kind == FINDING_ORGANISATION_NAME &&
		         !bytes_start_with(input->findings[i].rule, BYTES_LITERAL("register/")))
			status = weigh_name(&work, arena, i);
	}
	for (size_t i = 0; i < input->mention_count && status == STATUS_OK; i++)
		status = weigh_mention(&work, arena, &input->mentions[i]);
	if (status == STATUS_OK)
		status = weigh_rows(&work, arena);
	weigh_counts(&work);
	if (status == STATUS_OK)
		status = add_parties(&work, arena, input->stated);
	if (status == STATUS_OK)
		status = add_parties(&work, arena, input->embedded);
	if (status == STATUS_OK)
		status = add_signers(&work, arena);
	if (status == STATUS_OK)
		status = join_names(&work);
	if (status == STATUS_OK)
		status = write_answer(&work, arena, &items, &count);
	if (status == STATUS_OK) {
		*ret_organisations = items;
		*ret_count = count;
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
