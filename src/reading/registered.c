/* SPDX-License-Identifier: Apache-2.0 */
/* From matches of the lexicon to findings, beside those that detectors made. */
#include "reading/registered.h"

#include "base/text.h"
#include "words/lexicon.h"

#include <stdlib.h>

const unsigned registered_version = 1;

enum { LONGER_NAME_MAX = 256 }; /* code points before a mention where a name that holds it may begin */

static const float NAME_CONFIDENCE = 0.95f, WORD_CONFIDENCE = 0.85f, DOUBTFUL_CONFIDENCE = 0.4f, NUMBER_CONFIDENCE = 0.9f;

/* Set before the first worker is forked, and never again. */
static struct {
	struct fold *fold;
	struct lexicon lexicon;
	bool has_lexicon;
} registered;

enum status registered_prepare(void)
{
	return registered.fold != NULL ? STATUS_OK : fold_new(&registered.fold);
}

bool registered_has_names(void)
{
	return registered.has_lexicon;
}

enum status registered_use(struct bytes block)
{
	enum status status = lexicon_open(block, &registered.lexicon);
	registered.has_lexicon = status == STATUS_OK;
	return status;
}

/* ---- longer names ---- */

static bool is_form(struct bytes word)
{
	static const char *const forms[] = {"ab",
	                                    "ag",
	                                    "ah",
	                                    "and",
	                                    "aps",
	                                    "as",
	                                    "asa",
	                                    "bhd",
	                                    "bv",
	                                    "co",
	                                    "company",
	                                    "corp",
	                                    "corporation",
	                                    "de",
	                                    "doo",
	                                    "eg",
	                                    "ek",
	                                    "eurl",
	                                    "ev",
	                                    "gmbh",
	                                    "inc",
	                                    "kft",
	                                    "kg",
	                                    "kgaa",
	                                    "kk",
	                                    "incorporated",
	                                    "limited",
	                                    "lda",
	                                    "llc",
	                                    "llp",
	                                    "lp",
	                                    "ltd",
	                                    "ltda",
	                                    "mbh",
	                                    "nv",
	                                    "ohg",
	                                    "oy",
	                                    "oyj",
	                                    "partg",
	                                    "plc",
	                                    "pte",
	                                    "pty",
	                                    "sa",
	                                    "sarl",
	                                    "sas",
	                                    "sasu",
	                                    "sci",
	                                    "sdn",
	                                    "se",
	                                    "sl",
	                                    "slu",
	                                    "snc",
	                                    "sp",
	                                    "spa",
	                                    "spol",
	                                    "srl",
	                                    "ug",
	                                    "zrt",
	                                    "zoo",
	                                    "et",
	                                    "haftungsbeschränkt"};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (bytes_equal_nocase(word, bytes_of_string(forms[i])))
			return true;
	return word.len == 1; /* of S. A. */
}

static bool is_word_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
}

/* Takes the next word off; empty at the end. */
static struct bytes next_word(struct bytes *rest)
{
	size_t from = 0, to;
	while (from < rest->len && !is_word_byte(rest->at[from]))
		from++;
	for (to = from; to < rest->len && is_word_byte(rest->at[to]);)
		to++;
	struct bytes word = bytes_slice(*rest, from, to - from);
	*rest = bytes_from(*rest, to);
	return word;
}

static bool has_words(struct bytes text)
{
	return next_word(&text).len > 0;
}

static bool is_made_of_forms(struct bytes text)
{
	for (struct bytes word; (word = next_word(&text)).len > 0;)
		if (!is_form(word))
			return false;
	return true;
}

static bool ends_with_form(struct bytes text)
{
	struct bytes last = BYTES_NONE;
	for (struct bytes word; (word = next_word(&text)).len > 0;)
		last = word;
	return last.len > 1 && is_form(last);
}

/* ---- looking through ---- */

struct looking {
	const struct registered_question *question;
	registered_found *found;
	void *context;
	size_t at;           /* a place in the text ... */
	uint64_t characters; /* ... and the code points before it */
	size_t first;        /* of the findings that may still hold a mention */
	size_t turn;         /* the first of the carved spans that may hold one */
	struct buffer rule;
};

static uint64_t characters_before(struct looking *looking, size_t at)
{
	looking->characters += text_count(bytes_slice(looking->question->text, looking->at, at - looking->at));
	looking->at = at;
	return looking->characters;
}

/* Whether some of it lies in carved text; places come in order. */
static bool is_carved(struct looking *looking, size_t from, size_t to)
{
	const struct registered_question *question = looking->question;
	while (looking->turn < question->carved_count && question->carved[looking->turn].to <= from)
		looking->turn++;
	return looking->turn < question->carved_count && question->carved[looking->turn].from < to;
}

/* Whether a name that was guessed is longer by more than the form of its company. raw: of the guess. */
static bool is_other_name(const struct finding *guessed, const struct finding *finding)
{
	if (guessed->from < finding->from)
		return true;
	size_t own = text_offset(guessed->raw, finding->to - guessed->from);
	struct bytes rest = bytes_from(guessed->raw, own);
	return !is_made_of_forms(rest) || (has_words(rest) && ends_with_form(finding->raw));
}

/* What was guessed of the same words gives way; of a longer name this one is a part. */
static bool meet_guesses(struct looking *looking, const struct finding *finding)
{
	struct finding *findings = looking->question->findings;
	size_t count = looking->question->finding_count;
	bool is_doubtful = false;
	while (looking->first < count && findings[looking->first].from + LONGER_NAME_MAX < finding->from)
		looking->first++;
	for (size_t i = looking->first; i < count && findings[i].from < finding->to; i++) {
		struct finding *guessed = &findings[i];
		if (guessed->kind != FINDING_ORGANISATION_NAME || guessed->to <= finding->from)
			continue;
		bool holds = guessed->from <= finding->from && guessed->to >= finding->to;
		if (holds && is_other_name(guessed, finding))
			is_doubtful = true;
		else
			guessed->kind = (enum finding_kind)0;
	}
	return is_doubtful;
}

static struct bytes say_rule(struct looking *looking, bool was_carved)
{
	buffer_reset(&looking->rule);
	buffer_append_format(&looking->rule, "register/%u%s", registered_version, was_carved ? FINDING_CARVED_RULE : "");
	return buffer_bytes(&looking->rule);
}

static float confidence_of(const struct lexicon_term *term, bool is_doubtful, bool was_carved)
{
	bool is_one_word = bytes_find_byte(term->text, ' ') == BYTES_NOT_FOUND;
	float confidence = term->kind == LEXICON_NUMBER ? NUMBER_CONFIDENCE
	                   : is_doubtful                ? DOUBTFUL_CONFIDENCE
	                   : is_one_word                ? WORD_CONFIDENCE
	                                                : NAME_CONFIDENCE;
	return was_carved && confidence > FINDING_CARVED_CONFIDENCE ? FINDING_CARVED_CONFIDENCE : confidence;
}

static enum status meet(void *context, const struct lexicon_match *match)
{
	struct looking *looking = context;
	struct lexicon_term term = lexicon_term_at(&registered.lexicon, match->term);
	struct lexicon_owner owner = lexicon_owner_at(&registered.lexicon, term.owner);
	bool was_carved = is_carved(looking, match->from, match->to), is_number = term.kind == LEXICON_NUMBER;
	struct finding finding = {
		.kind = FINDING_ORGANISATION_NAME,
		.subkind = is_number ? BYTES_LITERAL(REGISTERED_NUMBER) : BYTES_NONE,
		.value = owner.name.len > 0 ? owner.name : owner.domain,
		.raw = bytes_slice(looking->question->text, match->from, match->to - match->from),
		.from = characters_before(looking, match->from),
		.rule = say_rule(looking, was_carved),
	};
	finding.to = characters_before(looking, match->to);
	bool is_doubtful = meet_guesses(looking, &finding) && !is_number;
	finding.confidence = confidence_of(&term, is_doubtful, was_carved);
	const struct register_mention mention = {
		.domain = owner.domain,
		.term = term.text,
		.from = finding.from,
		.to = finding.to,
		.confidence = finding.confidence,
		.is_number = is_number,
		.is_doubtful = is_doubtful,
		.is_carved = was_carved,
	};
	return looking->found(looking->context, &finding, &mention);
}

enum status registered_find(const struct registered_question *question, registered_found *found, void *context)
{
	struct looking looking = {.question = question, .found = found, .context = context, .rule = buffer_with_ceiling(64)};
	if (!registered.has_lexicon)
		return STATUS_OK;
	enum status status = lexicon_find(&registered.lexicon, registered.fold, question->text, meet, &looking);
	buffer_free(&looking.rule);
	return status;
}
