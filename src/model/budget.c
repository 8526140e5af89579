/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prices, in bytes of a sealed catalog with its indexes, as measured on texts,
 * names and findings made to cost much: of what can be had many times for few
 * bytes of an object no kind costs more than its price by a tenth. A text that
 * is all new words, or new CJK signs, costs up to twice it; but of those an
 * object can hold no more than its own size.
 */
#include "model/budget.h"

#include "base/text.h"

const char budget_spent_output[] = "more comes out of it than an object of its size may cost; the rest was not read";
const char budget_spent_time[] = "takes more processor time than an object of its size may; the rest was not read";

/* An object of up to 1 MiB has the first, each byte beyond adds to it, no object has more than the last. */
#define SMALL_SIZE (UINT64_C(1) << 20)
#define OUTPUT_SMALL (UINT64_C(22) << 20)
#define OUTPUT_PER_BYTE UINT64_C(64)
#define OUTPUT_MAX (UINT64_C(8) << 30)
/* Processor time: each further MiB adds a quarter, up to 400 times. */
#define PROCESSOR_SHARE 4
#define PROCESSOR_MOST 400

enum {
	DOCUMENT_PRICE = 380,
	MENTION_PRICE = 40,
	ENTITY_PRICE = 60,
	ORGANISATION_PRICE = 40,
	ATTRIBUTION_PRICE = 60,
	FACT_PRICE = 60,
	SKETCH_PRICE = 60,
	PERSON_PRICE = 160,
	LABEL_PRICE = 64,
	/* A longer value is kept in pages of its own, of which it fills the last but in part. */
	LONG_VALUE = 900,
	PAGE = 4096,
	/* Host names stand in an index of their own, written backwards. */
	HOST_MAX = 253,
	KNOWN_MAX = 1 << 20,
	/* Folders that are called like a domain may own what is in them: so many of a path are looked at, so many do. */
	FOLDERS_MAX = 16,
	OWNERS_MAX = 2,
	/* Kinds of what is known, beside those of findings. */
	KNOWN_ORGANISATION = FINDING_KIND_COUNT,
	KNOWN_LABEL,
	KNOWN_FOLDER,
};

struct allowance allowance_of_size(uint64_t size, uint64_t seconds)
{
	uint64_t beyond = size > SMALL_SIZE ? size - SMALL_SIZE : 0;
	uint64_t shares = PROCESSOR_SHARE + beyond / SMALL_SIZE;
	bool is_most = beyond >= OUTPUT_MAX / OUTPUT_PER_BYTE;
	uint64_t output = OUTPUT_SMALL + (is_most ? 0 : beyond * OUTPUT_PER_BYTE);
	if (shares > PROCESSOR_SHARE * PROCESSOR_MOST)
		shares = PROCESSOR_SHARE * PROCESSOR_MOST;
	return (struct allowance){
		.output = is_most || output > OUTPUT_MAX ? OUTPUT_MAX : output,
		.processor_ms = seconds * 1000 / PROCESSOR_SHARE * shares,
	};
}

void budget_begin(struct budget *budget, uint64_t allowed)
{
	hash_table_free(&budget->known);
	budget->allowed = allowed;
	budget->spent = 0;
}

void budget_free(struct budget *budget)
{
	hash_table_free(&budget->known);
}

/* ---- prices ---- */

/* ASCII characters that repeat the one before: they make no word and pack to nothing. Counted as text_count_tails does. */
static size_t count_repeats(struct bytes text)
{
	size_t repeats = 0;
	for (size_t from = 1; from < text.len; from += UINT8_MAX) {
		size_t to = text.len - from < UINT8_MAX ? text.len : from + UINT8_MAX;
		uint8_t counted = 0;
		for (size_t i = from; i < to; i++)
			counted = (uint8_t)(counted + (text.at[i] == text.at[i - 1] && text.at[i] < 0x80));
		repeats += counted;
	}
	return repeats;
}

static uint64_t price_of_text(struct bytes text)
{
	return text.len + text.len / 4 - count_repeats(text) + text_count_tails(text) * 3 / 2;
}

/* A path's trigrams are an index. */
static uint64_t price_of_path(struct bytes path)
{
	return path.len * 5 / 2 + text_count_tails(path) * 6;
}

static uint64_t price_of_value(struct bytes value)
{
	return value.len + (value.len > LONG_VALUE ? PAGE : 0);
}

static uint64_t price_of_entity(struct bytes value)
{
	size_t host = value.len < HOST_MAX ? value.len : HOST_MAX;
	return ENTITY_PRICE + value.len + price_of_value(value) + 2 * host;
}

/* Whether it is met for the first time. */
static bool is_new(struct budget *budget, unsigned kind, struct bytes text)
{
	bool is_new = true;
	uint64_t hash = hash_of(kind, text);
	if (budget->known.count >= KNOWN_MAX)
		return hash_table_find(&budget->known, hash) == NULL;
	return hash_table_enter(&budget->known, hash, &is_new) == NULL || is_new;
}

static uint64_t price_of_label(struct budget *budget, struct bytes label)
{
	return label.len > 0 && is_new(budget, KNOWN_LABEL, label) ? LABEL_PRICE + label.len + price_of_value(label) : 0;
}

/* Each new owner is an organisation with a reason, each document of its another attribution. */
static uint64_t price_of_folders(struct budget *budget, struct bytes path)
{
	uint64_t price = 0, count = 0;
	for (size_t slash; (slash = bytes_find_byte(path, '/')) != BYTES_NOT_FOUND && count < FOLDERS_MAX;
	     path = bytes_from(path, slash + 1)) {
		struct bytes folder = bytes_slice(path, 0, slash);
		if (bytes_find_byte(folder, '.') == BYTES_NOT_FOUND)
			continue;
		if (is_new(budget, KNOWN_FOLDER, folder))
			price += ORGANISATION_PRICE + LABEL_PRICE + 4 * folder.len;
		count++;
	}
	return price + ATTRIBUTION_PRICE * (count < OWNERS_MAX ? count : OWNERS_MAX);
}

static bool pay(struct budget *budget, uint64_t price)
{
	if (price > budget->allowed - budget->spent)
		return false;
	budget->spent += price;
	return true;
}

/* ---- paying ---- */

bool budget_pay_text(struct budget *budget, struct bytes text)
{
	return pay(budget, price_of_text(text));
}

bool budget_pay_finding(struct budget *budget, const struct finding *finding)
{
	uint64_t price = MENTION_PRICE + price_of_label(budget, finding->rule) + price_of_label(budget, finding->subkind);
	if (is_new(budget, finding->kind, finding->value))
		price += price_of_entity(finding->value);
	if (!bytes_equal(finding->raw, finding->value))
		price += price_of_value(finding->raw);
	return pay(budget, price);
}

bool budget_pay_organisation(struct budget *budget, const struct attribution *organisation)
{
	uint64_t price = ATTRIBUTION_PRICE + price_of_value(organisation->why) + price_of_value(organisation->name);
	if (is_new(budget, KNOWN_ORGANISATION, organisation->domain))
		price += ORGANISATION_PRICE + 3 * organisation->domain.len;
	return pay(budget, price);
}

/* A record's own row, its person's, and the keys by which people are found: each says once more what the record says. */
static uint64_t price_of_people(const struct fact *fact)
{
	uint64_t records = fact->value.len > 0;
	for (size_t i = 0; i + 1 < fact->value.len; i++)
		records += fact->value.at[i] == '\n' && fact->value.at[i + 1] == 'S';
	return fact->kind == FACT_PERSON ? records * PERSON_PRICE + fact->value.len : 0;
}

bool budget_pay_fact(struct budget *budget, const struct fact *fact)
{
	/* Their pages are filled by two thirds; a sketch has seventeen rows in an index. */
	uint64_t index = fact->kind == FACT_SKETCH ? SKETCH_PRICE + fact->value.len : 0;
	return pay(budget, FACT_PRICE + price_of_label(budget, fact->name) + price_of_value(fact->value) + fact->value.len / 2 +
	                           index + price_of_people(fact));
}

bool budget_pay_document(struct budget *budget, const struct document_record *record)
{
	/* A title's words are indexed. */
	struct bytes shown = record->shown_path.len > 0 ? record->shown_path : record->inner_path;
	uint64_t price = DOCUMENT_PRICE + price_of_path(shown) + price_of_folders(budget, shown) + 2 * record->title.len;
	if (record->shown_path.len > 0)
		price += price_of_value(record->inner_path);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct field *field = &field_table[i];
		if (field->kind == FIELD_WORD)
			price += price_of_label(budget, field_get_bytes(field, &record->fields));
		else if (field->kind == FIELD_TEXT)
			price += price_of_value(field_get_bytes(field, &record->fields));
	}
	return pay(budget, price);
}

bool budget_pay_record(struct budget *budget, const struct document_record *record)
{
	bool is_paid = budget_pay_document(budget, record) && budget_pay_text(budget, record->text);
	for (size_t i = 0; i < record->finding_count && is_paid; i++)
		is_paid = budget_pay_finding(budget, &record->findings[i]);
	for (size_t i = 0; i < record->organisation_count && is_paid; i++)
		is_paid = budget_pay_organisation(budget, &record->organisations[i]);
	for (size_t i = 0; i < record->fact_count && is_paid; i++)
		is_paid = budget_pay_fact(budget, &record->facts[i]);
	return is_paid;
}
