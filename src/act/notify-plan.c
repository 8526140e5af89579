/* SPDX-License-Identifier: Apache-2.0 */
/* Planning: whom to tell, in which order; and reading a plan's steps. */
#include "act/notify.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/hash.h"
#include "catalog/notices.h"
#include "catalog/register.h"

#include <stdlib.h>

enum { LIST_ARENA = 1 << 30, ONE_ARENA = 16 << 20, PAGE_MAX = 64 << 10 };

/* An organisation that may have to be told. */
struct candidate {
	struct bytes domain, country, sector;
	enum sector_rank rank;
	uint64_t documents;
	bool is_asked_for;
};

struct choosing {
	const struct notify_planning *planning;
	struct arena arena; /* lasts for the plan */
	struct candidate *list;
	size_t count, capacity;
	uint64_t without_domain;
	struct buffer cursor;
};

/* ---- who ---- */

static bool is_asked_for(const struct notify_planning *planning, struct bytes domain)
{
	for (size_t i = 0; i < planning->only_count; i++)
		if (bytes_equal(planning->only[i], domain))
			return true;
	return planning->only_count == 0;
}

static enum status add_candidate(struct choosing *choosing, const struct candidate *candidate)
{
	if (choosing->count == choosing->capacity) {
		size_t capacity = choosing->capacity * 2 + 256;
		struct candidate *list = realloc(choosing->list, capacity * sizeof *list);
		if (list == NULL)
			return STATUS_NO_MEMORY;
		choosing->list = list;
		choosing->capacity = capacity;
	}
	struct candidate copy = *candidate;
	copy.domain = arena_copy(&choosing->arena, candidate->domain);
	copy.country = candidate->country.len > 0 ? arena_copy(&choosing->arena, candidate->country) : BYTES_NONE;
	copy.sector = candidate->sector.len > 0 ? arena_copy(&choosing->arena, candidate->sector) : BYTES_NONE;
	copy.rank = sector_rank_of(copy.sector, copy.domain);
	choosing->list[choosing->count++] = copy;
	return copy.domain.len > 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Kept by IANA for examples (RFC 2606 3): documents name them, and nobody is behind them. */
static bool is_nobodys(struct bytes domain)
{
	return bytes_equal_string(domain, "example.com") || bytes_equal_string(domain, "example.net") ||
	       bytes_equal_string(domain, "example.org");
}

static enum status consider(void *context, const struct organisation_summary *summary)
{
	struct choosing *choosing = context;
	struct bytes domain = organisation_domain(summary->domain);
	if (summary->as_party == 0 || summary->relationship == RELATIONSHIP_OWN)
		return STATUS_OK;
	choosing->without_domain += domain.len == 0;
	if (domain.len == 0 || is_nobodys(domain) || !is_asked_for(choosing->planning, domain))
		return STATUS_OK;
	const struct candidate candidate = {
		.domain = domain,
		.country = summary->country,
		.sector = summary->sector,
		.documents = summary->as_party,
	};
	return add_candidate(choosing, &candidate);
}

static bool is_listed(const struct choosing *choosing, struct bytes domain)
{
	for (size_t i = 0; i < choosing->count; i++)
		if (bytes_equal(choosing->list[i].domain, domain))
			return true;
	return false;
}

/* Those asked for by name that no document names: said so in the plan. */
static enum status add_unknown(struct choosing *choosing)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < choosing->planning->only_count && status == STATUS_OK; i++)
		if (!is_listed(choosing, choosing->planning->only[i]))
			status = add_candidate(choosing, &(struct candidate){.domain = choosing->planning->only[i]});
	return status;
}

static int by_rank(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	if (a->documents != b->documents)
		return a->documents > b->documents ? -1 : 1;
	return bytes_compare(a->domain, b->domain);
}

static enum status choose(struct choosing *choosing, struct failure *reterr)
{
	enum status status = incident_organisations(choosing->planning->incident, BYTES_NONE, consider, choosing,
	                                            &choosing->cursor, reterr);
	if (status == STATUS_END)
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = add_unknown(choosing);
	if (status == STATUS_OK && choosing->count > 0)
		qsort(choosing->list, choosing->count, sizeof *choosing->list, by_rank);
	return status == STATUS_NO_MEMORY ? fail(reterr, status, "plan", "memory is used up") : status;
}

/* ---- to whom ---- */

struct writing {
	const struct notify_planning *planning;
	struct plan_writer *writer;
	struct notify_planned *planned;
	struct arena arena;         /* of the organisation at hand */
	struct hash_table failures; /* by organisation and address: whether the last notice to it failed */
	struct failure *reterr;
};

struct contact_taking {
	struct arena *arena;
	struct bytes contact;
};

static enum status take_contact(void *context, const struct register_row *row)
{
	struct contact_taking *taking = context;
	taking->contact = row->contact.len > 0 ? arena_copy(taking->arena, row->contact) : BYTES_NONE;
	return STATUS_OK;
}

static enum status find_recipients(struct writing *writing, const struct candidate *candidate, struct recipients *ret_recipients)
{
	const struct notify_planning *planning = writing->planning;
	struct contact_taking taking = {&writing->arena, BYTES_NONE};
	struct buffer page = buffer_with_ceiling(PAGE_MAX);
	enum status status = incident_registered(planning->incident, candidate->domain, take_contact, &taking, writing->reterr);
	if (status == STATUS_ABSENT)
		status = STATUS_OK;
	if (status == STATUS_OK && planning->look_up != NULL)
		status = planning->look_up(planning->context, candidate->domain, &page, writing->reterr);
	const struct recipient_sources sources = {
		.domain = candidate->domain,
		.country = candidate->country,
		.sector = candidate->sector,
		.contact = taking.contact,
		.security_txt = buffer_bytes(&page),
		.contacts = planning->contacts,
	};
	if (status == STATUS_OK)
		status = recipients_find(&sources, &writing->arena, ret_recipients);
	buffer_free(&page);
	return status;
}

/* ---- whom earlier notices did not reach ---- */

static uint64_t address_hash(struct bytes organisation, struct bytes recipient)
{
	return hash_of(1, recipient) ^ (hash_of(2, organisation) << 1 | 1);
}

/* By the latest notice of each, whatever it told. */
static enum status note_failure(void *context, const struct notice *notice)
{
	struct writing *writing = context;
	bool is_new = false;
	uint64_t *has_failed = hash_table_enter(&writing->failures,
	                                        address_hash(notice->name.organisation, notice->name.recipient), &is_new);
	if (has_failed == NULL)
		return STATUS_NO_MEMORY;
	if (notice->begun != CLOCK_UNKNOWN)
		*has_failed = notice->was_refused && notice->state != NOTICE_STATE_ACKNOWLEDGED;
	return STATUS_OK;
}

static bool has_failed(const struct writing *writing, struct bytes organisation, struct bytes recipient)
{
	const uint64_t *failed = hash_table_find(&writing->failures, address_hash(organisation, recipient));
	return failed != NULL && *failed != 0;
}

/* Those that refused or bounced come behind the organisation's others, and before its CSIRT. */
static void put_failed_last(const struct writing *writing, struct bytes organisation, struct recipients *recipients)
{
	struct recipients sorted = {.count = 0};
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < recipients->count; i++) {
			const struct recipient *one = &recipients->at[i];
			int turn = one->found_by == NOTICE_BY_CONTACTS ? 2 : has_failed(writing, organisation, one->address);
			if (turn == pass)
				sorted.at[sorted.count++] = *one;
		}
	*recipients = sorted;
}

/* ---- the file ---- */

struct step_members {
	const struct candidate *candidate;
	const struct recipient *recipient; /* NULL: of a step that is left */
	const char *languages;
	unsigned turn;
	bool is_alongside;
};

static void write_step_members(void *context, struct json_writer *json)
{
	static const char *const ranks[] = {
		[SECTOR_GOVERNMENT] = "government", [SECTOR_CRITICAL] = "critical infrastructure", [SECTOR_OTHER] = "other"};
	const struct step_members *members = context;
	json_member_string(json, "rank", ranks[members->candidate->rank]);
	json_member_text(json, "country", members->candidate->country);
	json_member_text(json, "sector", members->candidate->sector);
	if (members->recipient == NULL)
		return;
	json_member_string(json, "channel", notice_channel_name(NOTICE_MAIL));
	json_member_string(json, "found_by", notice_finding_name(members->recipient->found_by));
	json_member_string(json, "language", members->languages);
	json_member_unsigned(json, "turn", members->turn);
	json_key(json, "alongside");
	json_boolean(json, members->is_alongside);
}

static const char *why_of(const struct recipient *recipient)
{
	switch (recipient->found_by) {
	case NOTICE_BY_REGISTER: return "the register names it as contact for notices";
	case NOTICE_BY_SECURITY_TXT: return "the organisation's security.txt names it";
	case NOTICE_BY_ROLE: return "a role address that a domain is to have";
	default: return "the operator's contacts name it for this country or sector";
	}
}

static struct notice_languages languages_of(const struct candidate *candidate, const struct recipient *recipient)
{
	struct notice_languages languages;
	if (recipient->contact != NULL && notice_languages_parse(recipient->contact->language, &languages))
		return languages;
	return notice_languages_for(candidate->country, candidate->domain);
}

static struct bytes hex_of(const unsigned char edition[NOTICE_EDITION_SIZE], struct buffer *into)
{
	digest_append_hex(into, bytes_of(edition, NOTICE_EDITION_SIZE));
	return buffer_bytes(into);
}

static enum status put_recipient(struct writing *writing, const struct candidate *candidate, const struct recipient *recipient,
                                 const struct told_facts *facts, unsigned turn)
{
	struct buffer edition = buffer_with_ceiling(64), languages = buffer_with_ceiling(16);
	struct notice_languages spoken = languages_of(candidate, recipient);
	bool is_csirt = recipient->found_by == NOTICE_BY_CONTACTS;
	notice_languages_append(&spoken, &languages);
	struct step_members members = {candidate, recipient, buffer_string(&languages), turn,
	                               is_csirt && candidate->rank != SECTOR_OTHER};
	const struct plan_step step = {
		.target = candidate->domain,
		.object = recipient->address,
		.version = hex_of(facts->edition, &edition),
		.action = is_csirt ? BYTES_LITERAL("inform-csirt") : BYTES_LITERAL("notice"),
		.why = bytes_of_string(why_of(recipient)),
		.state = STEP_PLANNED,
		.size = OBJECT_SIZE_UNKNOWN,
	};
	enum status status = plan_put_step(writing->writer, &step, write_step_members, &members, writing->reterr);
	buffer_free(&edition);
	buffer_free(&languages);
	return status;
}

static enum status put_left(struct writing *writing, const struct candidate *candidate)
{
	struct step_members members = {.candidate = candidate};
	const struct plan_step step = {
		.target = candidate->domain,
		.action = BYTES_LITERAL("notice"),
		.why = BYTES_LITERAL("asked for by name"),
		.state = STEP_LEFT,
		.reason = BYTES_LITERAL("nothing of it was determined, so there is nothing to tell it"),
		.size = OBJECT_SIZE_UNKNOWN,
	};
	writing->planned->left++;
	return plan_put_step(writing->writer, &step, write_step_members, &members, writing->reterr);
}

/* Into the catalog, so that status knows who is to be told before anybody was. */
static enum status put_down(struct writing *writing, const struct candidate *candidate, const struct recipients *recipients,
                            const struct told_facts *facts)
{
	struct notice_attempt attempts[RECIPIENTS_MAX];
	for (size_t i = 0; i < recipients->count; i++) {
		struct notice_languages languages = languages_of(candidate, &recipients->at[i]);
		attempts[i] = (struct notice_attempt){
			.name = {candidate->domain, recipients->at[i].address, NOTICE_MAIL, {0}},
			.found_by = recipients->at[i].found_by,
			.language = bytes_of_string(notice_language_name(languages.at[0])),
		};
		memcpy(attempts[i].name.edition, facts->edition, NOTICE_EDITION_SIZE);
	}
	return incident_plan_notices(writing->planning->incident, attempts, recipients->count, writing->reterr);
}

static enum status put_organisation(struct writing *writing, const struct candidate *candidate)
{
	const struct notify_planning *planning = writing->planning;
	struct told_facts facts;
	struct recipients recipients = {.count = 0};
	arena_reset(&writing->arena);
	enum status status = notice_facts_find(planning->catalog, planning->incident, candidate->domain, &facts, writing->reterr);
	if (status == STATUS_ABSENT)
		return planning->only_count > 0 ? put_left(writing, candidate) : STATUS_OK;
	if (status == STATUS_OK)
		status = find_recipients(writing, candidate, &recipients);
	put_failed_last(writing, candidate->domain, &recipients);
	for (size_t i = 0; i < recipients.count && status == STATUS_OK; i++)
		status = put_recipient(writing, candidate, &recipients.at[i], &facts, (unsigned)i + 1);
	if (status == STATUS_OK)
		status = put_down(writing, candidate, &recipients, &facts);
	writing->planned->organisations++;
	writing->planned->notices += recipients.count;
	writing->planned->ranks[candidate->rank]++;
	return status;
}

static void write_sender(void *context, struct json_writer *json)
{
	const struct notice_sender *sender = context;
	json_key(json, "sender");
	json_begin_object(json);
	json_member_text(json, "name", sender->who);
	json_member_text(json, "postal", sender->postal);
	json_member_text(json, "phone", sender->phone);
	json_member_text(json, "portal", sender->portal);
	json_member_text(json, "case", sender->case_number);
	json_end_object(json);
}

static void write_blast(void *context, struct json_writer *json)
{
	const struct notify_planned *planned = context;
	json_member_unsigned(json, "organisations", planned->organisations);
	json_member_unsigned(json, "notices", planned->notices);
	json_member_unsigned(json, "government", planned->ranks[SECTOR_GOVERNMENT]);
	json_member_unsigned(json, "critical_infrastructure", planned->ranks[SECTOR_CRITICAL]);
	json_member_unsigned(json, "other", planned->ranks[SECTOR_OTHER]);
	json_member_unsigned(json, "left", planned->left);
	json_member_unsigned(json, "without_domain", planned->without_domain);
}

static enum status write_steps(struct writing *writing, const struct choosing *choosing)
{
	const struct notify_planning *planning = writing->planning;
	enum status status = STATUS_OK;
	for (size_t i = 0; i < choosing->count && status == STATUS_OK; i++) {
		if (planning->goes_on != NULL && !planning->goes_on(planning->context, i, choosing->count))
			return fail(writing->reterr, STATUS_INTERRUPTED, "", "interrupted");
		status = put_organisation(writing, &choosing->list[i]);
	}
	return status;
}

enum status notify_plan(const struct notify_planning *planning, const struct plan_sink *sink, struct notify_planned *ret_planned,
                        struct failure *reterr)
{
	struct choosing choosing = {
		.planning = planning, .arena = arena_with_ceiling(LIST_ARENA), .cursor = buffer_with_ceiling(1 << 16)};
	struct notify_planned planned = {.head = plan_new_head(PLAN_NOTIFY, planning->incident_name, clock_now())};
	struct writing writing = {
		.planning = planning, .planned = &planned, .arena = arena_with_ceiling(ONE_ARENA), .reterr = reterr};
	struct notice_sender sender = planning->sender;
	enum status status = choose(&choosing, reterr);
	if (status == STATUS_OK)
		status = incident_notices(planning->incident, BYTES_NONE, note_failure, &writing, reterr);
	planned.without_domain = choosing.without_domain;
	if (status == STATUS_OK)
		status = plan_begin(&planned.head, planning->incident, sink, write_sender, &sender, &writing.writer, reterr);
	if (status == STATUS_OK) {
		status = write_steps(&writing, &choosing);
		if (status == STATUS_OK)
			status = plan_end(writing.writer, write_blast, &planned, &planned.head, reterr);
		else
			plan_abandon(writing.writer);
	}
	free(choosing.list);
	arena_free(&choosing.arena);
	arena_free(&writing.arena);
	hash_table_free(&writing.failures);
	buffer_free(&choosing.cursor);
	if (status == STATUS_OK)
		*ret_planned = planned;
	return status;
}

/* ---- reading one back ---- */

struct notice_sender notify_sender_of(const struct plan *plan)
{
	const struct json_value *sender = json_find(plan_get_members(plan), "sender");
	return (struct notice_sender){
		.who = json_text_of(sender, "name"),
		.postal = json_text_of(sender, "postal"),
		.phone = json_text_of(sender, "phone"),
		.portal = json_text_of(sender, "portal"),
		.case_number = json_text_of(sender, "case"),
	};
}

static bool read_step(const struct json_value *all, struct notify_step *into)
{
	const struct json_value *alongside = json_find(all, "alongside");
	const struct plan_step *step = &into->step;
	*into = (struct notify_step){
		.step = *step,
		.name = {.organisation = step->target, .recipient = step->object, .channel = NOTICE_MAIL},
		.found_by = notice_finding_from_name(json_text_of(all, "found_by")),
		.variant = bytes_equal_string(step->action, "inform-csirt") ? NOTICE_TO_CSIRT : NOTICE_TO_ORGANISATION,
		.country = json_text_of(all, "country"),
		.sector = json_text_of(all, "sector"),
		.is_alongside = alongside != NULL && alongside->kind == JSON_TRUE,
		.is_left = step->state == STEP_LEFT,
	};
	if (into->is_left)
		return step->target.len > 0;
	return step->target.len > 0 && into->found_by < NOTICE_FINDING_COUNT && notice_may_go_to(step->object) &&
	       digest_parse_hex(step->version, into->name.edition, NOTICE_EDITION_SIZE) == STATUS_OK &&
	       notice_languages_parse(json_text_of(all, "language"), &into->languages);
}

enum status notify_next(struct plan *plan, struct notify_step *ret_step, struct failure *reterr)
{
	const struct json_value *all = NULL;
	enum status status = plan_next(plan, &ret_step->step, &all, reterr);
	if (status == STATUS_OK && !read_step(all, ret_step))
		return fail(reterr, STATUS_MALFORMED, "plan", "holds a step that is no notice; plan anew");
	return status;
}

enum status notify_compose_step(struct catalog *catalog, struct incident *incident, const struct notify_step *step,
                                const struct notice_sender *sender, struct notice_text *ret_text, struct failure *reterr)
{
	struct told_facts facts;
	char code[NOTICE_CODE_SIZE];
	enum status status = notice_facts_find(catalog, incident, step->name.organisation, &facts, reterr);
	if (status == STATUS_ABSENT ||
	    (status == STATUS_OK && memcmp(facts.edition, step->name.edition, NOTICE_EDITION_SIZE) != 0))
		return fail(reterr, STATUS_CHANGED, "notice", "what is known has changed since it was planned; plan anew");
	if (status != STATUS_OK)
		return status;
	facts.country = step->country;
	facts.sector = step->sector;
	facts.addressee = step->addressee;
	incident_notice_code(incident, &step->name, code);
	status = notice_compose(&facts, sender, step->variant, &step->languages, code, ret_text);
	if (status != STATUS_OK) {
		notice_text_free(ret_text);
		return fail(reterr, status, "notice",
		            status == STATUS_TOO_LARGE ? "is longer than a notice may be" : "memory is used up");
	}
	return status;
}
