/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of endings serves both ways: from a base to its forms, and from a form
 * to the bases that it may be of. After the plurals, cases and tenses that school
 * grammars of the four languages give; accents and umlauts are folded away before.
 */
#include "words/forms.h"

#include "words/tokenizer.h"

#include <string.h>

/* C: a consonant, V: a vowel, N: what takes a plain s; other letters are themselves. */
struct ending {
	const char *base;    /* how the base ends */
	const char *dropped; /* the letters of it that go */
	const char *added;
};

/* clang-format off */
static const struct ending endings[] = {
	/* several of them */
	{"N", "", "s"}, {"s", "", "es"}, {"x", "", "es"}, {"z", "", "es"},
	/* English */
	{"Cy", "y", "ies"}, {"Cy", "y", "ied"}, {"C", "", "ed"}, {"C", "", "ing"}, {"e", "", "d"}, {"e", "e", "ing"},
	{"CVb", "", "bed"}, {"CVb", "", "bing"}, {"CVd", "", "ded"}, {"CVd", "", "ding"}, {"CVg", "", "ged"}, {"CVg", "", "ging"},
	{"CVl", "", "led"}, {"CVl", "", "ling"}, {"CVm", "", "med"}, {"CVm", "", "ming"}, {"CVn", "", "ned"}, {"CVn", "", "ning"},
	{"CVp", "", "ped"}, {"CVp", "", "ping"}, {"CVr", "", "red"}, {"CVr", "", "ring"}, {"CVt", "", "ted"}, {"CVt", "", "ting"},
	/* German; "C", "", "es" is a genitive, and the plural of Spanish and of English hisses too */
	{"C", "", "es"}, {"C", "", "e"}, {"C", "", "en"}, {"e", "", "n"}, {"el", "", "n"}, {"er", "", "n"}, {"ei", "", "en"},
	{"in", "", "nen"}, {"nis", "", "se"}, {"nis", "", "sen"}, {"a", "a", "en"}, {"o", "o", "en"}, {"um", "um", "en"},
	{"amt", "", "er"}, {"amt", "", "ern"}, {"bild", "", "er"}, {"bild", "", "ern"}, {"blatt", "", "er"}, {"blatt", "", "ern"},
	{"buch", "", "er"}, {"buch", "", "ern"}, {"fach", "", "er"}, {"fach", "", "ern"}, {"feld", "", "er"}, {"feld", "", "ern"},
	{"geld", "", "er"}, {"geld", "", "ern"}, {"glied", "", "er"}, {"glied", "", "ern"}, {"gut", "", "er"}, {"gut", "", "ern"},
	{"gehalt", "", "er"}, {"gehalt", "", "ern"}, {"haus", "", "er"}, {"haus", "", "ern"}, {"kind", "", "er"}, {"kind", "", "ern"},
	{"land", "", "er"}, {"land", "", "ern"}, {"schild", "", "er"}, {"schild", "", "ern"}, {"wort", "", "er"}, {"wort", "", "ern"},
	/* French */
	{"al", "al", "aux"}, {"au", "", "x"}, {"eu", "", "x"},
	/* Spanish */
	{"z", "z", "ces"},
};
/* clang-format on */

static bool is_vowel(char letter)
{
	return memchr("aeiou", letter, 5) != NULL;
}

static bool is_of(char class, char letter)
{
	switch (class) {
	case 'C': return !is_vowel(letter);
	case 'V': return is_vowel(letter);
	case 'N': return memchr("sxz", letter, 3) == NULL;
	default: return class == letter;
	}
}

static bool ends_as(struct bytes word, const char *pattern)
{
	size_t length = strlen(pattern);
	if (word.len < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_of(pattern[i], (char)word.at[word.len - length + i]))
			return false;
	return true;
}

struct bytes forms_at(const struct forms *forms, size_t nth)
{
	return bytes_of(forms->texts[nth], forms->lengths[nth]);
}

/* stem and ending, unless it is there already or there is no more room. */
static void add_form(struct forms *forms, struct bytes stem, const char *ending)
{
	size_t length = strlen(ending);
	if (forms->count == FORMS_MAX || stem.len + length > FORM_SIZE_MAX || stem.len < FORMS_BEGINNING_LEAST)
		return;
	char *text = forms->texts[forms->count];
	memcpy(text, stem.at, stem.len);
	memcpy(text + stem.len, ending, length);
	struct bytes form = bytes_of(text, stem.len + length);
	for (size_t i = 0; i < forms->count; i++)
		if (bytes_equal(forms_at(forms, i), form))
			return;
	forms->lengths[forms->count++] = (unsigned char)form.len;
}

/* What word may be a form of, behind itself. */
static void add_bases(struct forms *forms)
{
	struct bytes word = forms_at(forms, 0);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		const struct ending *ending = &endings[i];
		if (!ends_as(word, ending->added))
			continue;
		size_t before = forms->count;
		add_form(forms, bytes_slice(word, 0, word.len - strlen(ending->added)), ending->dropped);
		if (forms->count == before)
			continue;
		struct bytes base = forms_at(forms, before);
		if (base.len < FORMS_LETTERS_LEAST || !ends_as(base, ending->base))
			forms->count = before;
	}
}

static void add_forms_of(struct forms *forms, struct bytes base)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_as(base, endings[i].base))
			add_form(forms, bytes_slice(base, 0, base.len - strlen(endings[i].dropped)), endings[i].added);
}

static int take_only_word(void *context, const struct token *token)
{
	struct forms *forms = context;
	bool is_plain = forms->count == 0 && token->points == token->text.len && token->points >= FORMS_LETTERS_LEAST &&
	                token->points <= FORMS_LETTERS_MOST;
	for (size_t i = 0; is_plain && i < token->text.len; i++)
		is_plain = token->text.at[i] >= 'a' && token->text.at[i] <= 'z';
	if (!is_plain)
		return 1;
	add_form(forms, token->text, "");
	return 0;
}

bool forms_make(struct fold *fold, struct bytes text, struct forms *ret)
{
	ret->count = 0;
	if (tokenizer_split(fold, text, true, take_only_word, ret) != 0 || ret->count == 0)
		return false;
	add_bases(ret);
	size_t bases = ret->count;
	for (size_t i = 0; i < bases; i++)
		add_forms_of(ret, forms_at(ret, i));
	return true;
}

struct bytes forms_beginning(const struct forms *forms)
{
	struct bytes beginning = forms_at(forms, 0);
	for (size_t i = 1; i < forms->count; i++) {
		struct bytes form = forms_at(forms, i);
		size_t length = 0;
		while (length < beginning.len && length < form.len && beginning.at[length] == form.at[length])
			length++;
		beginning.len = length;
	}
	return beginning;
}
