/* SPDX-License-Identifier: Apache-2.0 */
/* What is listed comes from the tables that the program itself reads by. */
#include "cli/topic.h"

#include "answer/question.h"
#include "cli/help.h"
#include "model/custom-rule.h"
#include "model/finding.h"
#include "model/media-family.h"
#include "model/outcome.h"
#include "model/query.h"

#include <stdio.h>
#include <string.h>

static void heading(const struct topic_page *page, const char *text)
{
	page->heading(page->context, text);
}

static void paragraph(const struct topic_page *page, const char *text)
{
	page->paragraph(page->context, text);
}

static void term(const struct topic_page *page, const char *name, const char *means)
{
	page->term(page->context, name, means);
}

/* ---- outcomes ---- */

static void write_group(const struct topic_page *page, const char *name, enum outcome_group group)
{
	heading(page, name);
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++)
		if (outcome_group(outcome) == group)
			term(page, outcome_name(outcome), outcome_meaning(outcome));
}

static void write_outcomes(const struct topic_page *page)
{
	paragraph(page,
	          "Every object, and every part of one, ends in exactly one outcome; the note beside it says why. All but read "
	          "count as unseen. What could not be looked at is never told as not found.");
	write_group(page, "Read", OUTCOME_GROUP_READ);
	write_group(page, "Skipped", OUTCOME_GROUP_SKIPPED);
	write_group(page, "Failed", OUTCOME_GROUP_FAILED);
	paragraph(page,
	          "A sweep with any but read, listed_only, excluded, needs_ocr and special exits with 4. tidemark search "
	          "outcome:unread lists what was not wholly read, outcome:failed and outcome:skipped the groups; sweep --redo "
	          "outcome:NAME reads again what ended so.");
}

/* ---- search ---- */

static void append_name(struct buffer *into, const char *name)
{
	buffer_append_format(into, "%s%s", into->len > 0 ? ", " : "", name);
}

static void write_list(const struct topic_page *page, const char *what, const struct buffer *names)
{
	term(page, what, buffer_string(names));
}

static void write_closed_lists(const struct topic_page *page)
{
	struct buffer names = buffer_with_ceiling(16 * 1024);
	for (const struct media_family *family = media_families; family->name != NULL; family++)
		append_name(&names, family->name);
	write_list(page, "type:", &names);
	buffer_reset(&names);
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		append_name(&names, document_class_name(class));
	write_list(page, "class:", &names);
	buffer_reset(&names);
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (finding_kind_is_counted(kind))
			append_name(&names, finding_kind_name(kind));
	write_list(page, "entity:", &names);
	buffer_free(&names);
}

static void write_search(const struct topic_page *page)
{
	char name[64];
	paragraph(page, "Words beside each other must all occur. Case and marks do not count: Muller finds m\xC3\xBCller.");
	paragraph(
		page,
		"A word of four or more Latin letters also finds its inflections in English, German, French and Spanish, behind "
		"itself: invoice finds invoices, Rechnung finds Rechnungen. In quotation marks, before a star and behind NOT it stands "
		"for itself alone.");
	term(page, "\"statement of work\", \"invoice\"", "words in a row; a word exactly");
	term(page, "invoice*", "words that begin so");
	term(page, "a AND b, a OR b, NOT a, -a, ( )",
	     "operators are written in capitals; OR binds less tightly than what stands beside each other");
	term(page, "\\: \\\" \\* \\( \\)", "a colon, quotation mark, star or parenthesis of the text");
	heading(page, "Fields");
	const char *means;
	for (size_t i = 0; (means = question_field_at(i, name, sizeof name)) != NULL; i++)
		term(page, name, means);
	paragraph(
		page,
		"Sizes and times take ranges: size:4096, size:>1M, size:1k..2M, modified:2019, modified:2019-03..2021, modified:<90d. "
		"A comma parts values of which either will do: ext:pdf,docx. An unknown field or value is refused, with the nearest name.");
	heading(page, "Relevance");
	paragraph(
		page,
		"What a word adds is most in a title or in a file's name, less in a folder's, and less in the text, where five mentions "
		"are as good as more, a longer text counts less, and a word that makes up a tenth of a text hardly counts. An inflection "
		"adds less than the word itself, a rare word more than a common one. Where all words stand near each other, that adds, "
		"too.");
	heading(page, "Closed lists");
	write_closed_lists(page);
}

/* ---- the others ---- */

static void write_targets(const struct topic_page *page)
{
	term(page, "https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX]", "Azure Blob Storage");
	term(page, "az://ACCOUNT/CONTAINER[/PREFIX]", "the same container, written shorter");
	term(page, "az+http://HOST:PORT/ACCOUNT/CONTAINER, az+https://...",
	     "any endpoint that speaks Azure's protocol, by path: an emulator, an own cloud");
	term(page, "DIR, file:///DIR", "a local folder: an offline copy, a mirror, a seized disk");
	term(page, "-, @FILE",
	     "one target a line, from standard input or a file; empty lines and those that begin with # are passed over");
	paragraph(page, "s3:// and gs:// and their hosts are read as targets, in scope files too, and cannot be asked yet.");
	paragraph(
		page,
		"Credentials come from the variables that az users have set: AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or "
		"AZURE_STORAGE_SAS_TOKEN; they go to the account they name alone. Without them, or with --anonymous, requests are a "
		"stranger's, and contents are read only where --authority or an allow entry of --scope says on whose authority. A target "
		"that carries a signature is refused.");
}

static void write_words(const struct topic_page *page, const char *what, const char *const *words, size_t count)
{
	struct buffer names = buffer_with_ceiling(1024);
	for (size_t i = 0; i < count; i++)
		append_name(&names, words[i]);
	write_list(page, what, &names);
	buffer_free(&names);
}

static void write_rules(const struct topic_page *page)
{
	paragraph(
		page,
		"tidemark sweep --rules FILE looks for what you name, beside all it looks for by itself, and does not report what you "
		"allow. FILE is YAML with two lists, rules: and allow:; schema/rules.json describes it. What is not known in it, or not "
		"bounded, is refused with its line.");
	heading(page, "A rule");
	term(page, "name", "a to z, 0 to 9, - and _; the findings' subkind. Their rule is custom/NAME@ and a digest of the file");
	term(page, "kind", "the kind of findings that it finds, as entities --kind has them");
	term(page, "literal, literals", "a text, or several, as written, wherever it stands; or");
	term(page, "pattern",
	     "a regular expression in linear time (as re: of searches), of up to 2,048 bytes; ^ and $ are ends of lines, (?i) makes any "
	     "case do");
	term(page, "keyword, within",
	     "words of which one must stand near, in any case; and within how many characters: 100, at most 1,000");
	write_words(page, "checksum", custom_checksum_names, CUSTOM_CHECKSUM_COUNT);
	write_words(page, "normalise", custom_form_names, CUSTOM_FORM_COUNT);
	term(page, "confidence", "0 to 1; 0.9 where nothing is said");
	paragraph(
		page,
		"Values of numbers (phone, iban, card, vat_id, national_id, passport) are kept in capitals and without what groups them, "
		"addresses and domains in lower case, as searches ask for them.");
	paragraph(page,
	          "A secret is kept as others are: stars and a digest. 256 rules at most, of 64 literals and 64 keywords each.");
	heading(page, "What is allowed");
	term(page, "value, pattern", "what is found and is this, as written or normalised; or what a pattern is found in");
	term(page, "path",
	     "in documents whose path this matches: * stays within a part, ** does not; without a slash, by its last part");
	term(page, "kind", "of this kind alone; all that are said must hold");
	term(page, "why", "for whoever reads the file");
	paragraph(
		page,
		"What is allowed is in no answer and is counted in the sweep's summary as allowed; a secret that is allowed is masked in "
		"the text all the same. A file that changed is another version of the rules: sweep --redo all --rules FILE looks through "
		"the texts that were kept, without fetching anything. A sweep without --rules has none.");
	heading(page, "Example");
	term(page, "rules:", "");
	term(page, "  - {name: apollo, kind: project, literals: [Apollo, Artemis]}", "");
	term(page, "  - {name: staff-number, kind: national_id, pattern: 'S-\\d{6}', keyword: [staff], checksum: luhn}", "");
	term(page, "allow:", "");
	term(page, "  - {kind: email, value: noreply@contoso.com, why: our own}", "");
}

static void write_retention(const struct topic_page *page)
{
	paragraph(
		page,
		"A policy (retain --policy FILE) is YAML: rules:, holds:, approval: none or second, undo_days: N. "
		"schema/retention-policy.json describes it; what is not known in it is refused with its line. The first rule that "
		"matches decides, a hold always wins. An object goes only with everything in it: each document in it has a vote, and "
		"what keeps most counts; an archive is its members. What a rule asks and nobody knows, as the class of what was not "
		"read, is no match and no miss: then a hold holds, and where the rule might decide otherwise nothing is done.");
	heading(page, "A rule: name, match and action");
	term(page, "action", "delete, report, or tier:NAME, as tier:Archive");
	heading(page, "What match asks; all that is said must hold, of a list one");
	term(page, "container", "a pattern of its name");
	term(page, "path, except",
	     "patterns of the object's name: * stays within a part, ** does not; without / and **, of its last part");
	term(page, "class, element",
	     "what a document is, and which kinds of personal data it has of anybody, as scope lists them");
	term(page, "organisation, relationship", "parties by domain, or by what the register says they are");
	term(page, "tag", "{KEY: VALUE}; tags are not read yet, so nothing is decided by them");
	term(page, "size", "\">1M\", \"1k..2M\"");
	term(page, "age", "{by: dated|created|modified|last_read, over: 24mo}; d, w, mo, y");
	heading(page, "A hold: name, match, and until (a day), where it ends");
	heading(page, "Example");
	term(page, "rules:", "");
	term(page,
	     "  - {name: old, match: {path: \"sales/**\", except: [\"*.keep\"], age: {by: dated, over: 24mo}}, action: delete}",
	     "");
	term(page, "holds:", "");
	term(page, "  - {name: lawsuit, match: {organisation: [contoso.com]}, until: 2027-06-30}", "");
}

static void write_exit_codes(const struct topic_page *page)
{
	char number[16];
	for (const struct help_exit_code *code = help_exit_codes; code->means != NULL; code++) {
		snprintf(number, sizeof number, "%d", code->code);
		term(page, number, code->means);
	}
}

static void write_catalog(const struct topic_page *page)
{
	paragraph(
		page,
		"Everything found is kept in one directory: --catalog DIR, else $TIDEMARK_CATALOG, else $XDG_DATA_HOME/tidemark, else "
		"~/.local/share/tidemark. The first sweep makes it. Nothing is written outside of it but its key.");
	paragraph(
		page,
		"The key is a file of 32 random bytes, DIR.key beside the catalog, or --key-file, $TIDEMARK_KEY_FILE, or "
		"$CREDENTIALS_DIRECTORY/tidemark.key. All contents are sealed by it: keep a copy of it elsewhere, and no copy of it beside "
		"a backup. Without it nothing can be read, by anybody.");
	paragraph(
		page,
		"An incident is a dossier within the catalog (--incident NAME), with a key of its own: purging it destroys that key first. "
		"Texts and findings expire so many days after the last sweep that saw their object (sweep --keep-for).");
	paragraph(
		page,
		"Every look-up, search and sweep is in a journal, each entry chained to the one before. tidemark journal verify checks the "
		"chain, tidemark catalog verify every page, tidemark catalog backup DIR makes a copy, tidemark catalog purge destroys.");
}

const struct topic topics[] = {
	{"outcomes", "how the reading of an object can end", write_outcomes},
	{"search", "the language of queries", write_search},
	{"rules", "rules of your own, and what is allowed", write_rules},
	{"retention", "how a policy says how long what is kept", write_retention},
	{"targets", "how containers and folders are written, and with which credentials", write_targets},
	{"exit-codes", "what the exit code says", write_exit_codes},
	{"catalog", "where everything is kept, and its key", write_catalog},
	{.name = NULL},
};

const struct topic *topic_find(const char *name)
{
	for (const struct topic *topic = topics; topic->name != NULL; topic++)
		if (strcmp(topic->name, name) == 0)
			return topic;
	return NULL;
}
