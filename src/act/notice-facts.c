/* SPDX-License-Identifier: Apache-2.0 */
#include "act/notice-facts.h"

#include "base/digest.h"
#include "gate/gate.h"

static enum status gather_elements(void *context, const struct minimised *document)
{
	struct told_facts *facts = context;
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		if (document->elements[element] > 0)
			facts->elements |= ELEMENT_BIT(element);
	return STATUS_OK;
}

static void take_sums(const struct lookup *sums, struct told_facts *facts)
{
	facts->documents = sums->documents;
	facts->people = sums->people;
	facts->addresses = sums->addresses;
	memcpy(facts->classes, sums->classes, sizeof facts->classes);
	facts->first_date = sums->first_date;
	facts->last_date = sums->last_date;
	facts->exposed_from = sums->exposed_from;
	facts->exposed_until = lookup_exposed_until(sums);
	facts->is_still_open = sums->is_still_open;
	facts->swept_at = sums->swept_at;
	facts->unseen_objects = sums->unseen_objects;
	facts->unseen_bytes = sums->unseen_bytes;
}

static void append_number(struct buffer *into, uint64_t number)
{
	unsigned char bytes[8];
	store_le64(bytes, number);
	buffer_append(into, bytes_of(bytes, sizeof bytes));
}

/* What would be told anew if it changed. */
static enum status find_edition(struct told_facts *facts)
{
	struct buffer told = buffer_with_ceiling(4096);
	unsigned char digest[DIGEST_SHA256_SIZE];
	append_number(&told, facts->documents);
	append_number(&told, facts->people);
	append_number(&told, facts->addresses);
	append_number(&told, facts->elements);
	append_number(&told, (uint64_t)facts->first_date);
	append_number(&told, (uint64_t)facts->last_date);
	append_number(&told, (uint64_t)facts->exposed_from);
	append_number(&told, (uint64_t)facts->exposed_until);
	append_number(&told, facts->is_still_open);
	for (size_t i = 0; i < CLASS_COUNT; i++)
		append_number(&told, facts->classes[i]);
	digest_sha256(buffer_bytes(&told), digest);
	memcpy(facts->edition, digest, NOTICE_EDITION_SIZE);
	enum status status = buffer_status(&told);
	buffer_free(&told);
	return status;
}

enum status notice_facts_find(struct catalog *catalog, struct incident *incident, struct bytes domain,
                              struct told_facts *ret_facts, struct failure *reterr)
{
	const struct gate_question question = {
		.subject = {.kind = SUBJECT_ORGANISATION, .name = domain},
		.incident_name = "",
		.limit = UINT64_MAX,
	};
	struct told_facts facts = {.domain = domain};
	struct gate_answer answer;
	enum status status = gate_ask(catalog, incident, &question, gather_elements, &facts, &answer, reterr);
	if (status == STATUS_OK)
		take_sums(&answer.sums, &facts);
	gate_answer_free(&answer);
	if (status == STATUS_OK && facts.documents == 0)
		return fail(reterr, STATUS_ABSENT, "organisation", "nothing of it was determined");
	if (status == STATUS_OK)
		status = find_edition(&facts);
	if (status == STATUS_OK)
		*ret_facts = facts;
	return status;
}
