/* SPDX-License-Identifier: Apache-2.0 */
/* What can be proved, and the words that say how. */
#include "gate/verify.h"

#include "base/clock.h"
#include "catalog/register.h"
#include "gate/gate.h"
#include "understanding/attribute.h"
#include "understanding/lists.h"

enum { TEXT_MAX = 8192, SECONDS_A_YEAR = 31556952 };

const char *const verify_mailboxes[] = {"postmaster", "hostmaster", "security", "abuse", NULL};

bool verify_is_mailbox(struct bytes name)
{
	for (size_t i = 0; verify_mailboxes[i] != NULL; i++)
		if (bytes_equal_string(name, verify_mailboxes[i]))
			return true;
	return false;
}

/* ---- what proves what ---- */

struct bytes verify_domain(const struct subject *subject)
{
	size_t at = bytes_find_last_byte(subject->name, '@');
	return subject->kind == SUBJECT_PERSON && at != BYTES_NOT_FOUND ? bytes_from(subject->name, at + 1) : subject->name;
}

bool verify_registered_domain(const struct subject *subject, struct buffer *into)
{
	return attribute_registrable_domain(verify_domain(subject), into) == STATUS_OK;
}

bool verify_is_provable(const struct subject *subject, enum proof_method method)
{
	struct buffer registered = buffer_with_ceiling(TEXT_MAX);
	bool is_under_a_suffix = verify_registered_domain(subject, &registered);
	buffer_free(&registered);
	if (method == PROOF_INVITATION)
		return true;
	return is_under_a_suffix && (subject->kind == SUBJECT_ORGANISATION || method == PROOF_MAIL);
}

bool verify_is_providers(const struct subject *subject)
{
	if (subject->kind == SUBJECT_PERSON || domain_list_find(&tenants_list, subject->name) != NULL)
		return false;
	return domain_list_find(&freemail_list, subject->name) != NULL ||
	       domain_list_find(&mailboxes_list, subject->name) != NULL ||
	       domain_list_find(&infrastructure_list, subject->name) != NULL;
}

/* ---- who had it before ---- */

static enum status note_row(void *context, const struct register_row *row)
{
	(void)row;
	*(bool *)context = true;
	return STATUS_OK;
}

/* Whether the owner lists the domain among those he deals with today. */
static enum status is_current(struct incident *incident, const struct subject *subject, bool *ret_is, struct failure *reterr)
{
	struct buffer registered = buffer_with_ceiling(TEXT_MAX);
	bool is_listed = false;
	enum status status = STATUS_OK;
	if (verify_registered_domain(subject, &registered))
		status = incident_registered(incident, buffer_bytes(&registered), note_row, &is_listed, reterr);
	buffer_free(&registered);
	if (status == STATUS_OK)
		*ret_is = is_listed;
	return status;
}

enum status verify_needs_decision(struct catalog *catalog, struct incident *incident, const struct subject *subject,
                                  enum proof_method method, int64_t now, bool *ret_needs, struct failure *reterr)
{
	int64_t newest = CLOCK_UNKNOWN;
	bool is_listed = false;
	if (method == PROOF_INVITATION || verify_is_providers(subject)) {
		*ret_needs = method != PROOF_INVITATION;
		return STATUS_OK;
	}
	enum status status = gate_newest(catalog, incident, subject, &newest, reterr);
	if (status == STATUS_OK)
		status = is_current(incident, subject, &is_listed, reterr);
	if (status == STATUS_OK)
		*ret_needs = newest != CLOCK_UNKNOWN && newest < now - (int64_t)VERIFY_YEARS * SECONDS_A_YEAR && !is_listed;
	return status;
}

/* ---- instructions ---- */

/* %D domain, %T token, %M mailbox, %S subject. One row a method; of an address, and of a domain. */
struct wording {
	const char *english, *german;
};
/* clang-format off */
static const struct wording of_domains[PROOF_METHOD_END] = {
	[PROOF_DNS] = {
		"Publish a TXT record at _tidemark-proof.%D with the value tidemark-proof=%T and then check. Name servers may take a "
		"while to show it to everybody. Once it is proved, the record may go.",
		"Veröffentlichen Sie unter _tidemark-proof.%D einen TXT-Eintrag mit dem Wert tidemark-proof=%T und prüfen Sie dann. Bis "
		"alle Nameserver ihn zeigen, kann es dauern. Ist der Nachweis erbracht, darf der Eintrag wieder weg."},
	[PROOF_HTTP] = {
		"Put a text file at https://%D/.well-known/tidemark-proof.txt that holds tidemark-proof=%T and nothing else, and then "
		"check. The site's certificate must be valid. Once it is proved, the file may go.",
		"Legen Sie unter https://%D/.well-known/tidemark-proof.txt eine Textdatei ab, in der tidemark-proof=%T und sonst nichts "
		"steht, und prüfen Sie dann. Das Zertifikat der Seite muss gültig sein. Ist der Nachweis erbracht, darf die Datei wieder weg."},
	[PROOF_MAIL] = {
		"A code goes to %M@%D if that address can be written to, at most three times a day. Enter it here within an hour. Nobody "
		"asks you to open a link.",
		"Ein Code geht an %M@%D, sofern dort Post ankommt, höchstens dreimal am Tag. Geben Sie ihn binnen einer Stunde hier ein. "
		"Niemand verlangt, dass Sie einen Link öffnen."},
	[PROOF_INVITATION] = {
		"Enter the code that you were given by those who run this. It can be used once.",
		"Geben Sie den Code ein, den Sie von den Betreibern dieser Stelle bekommen haben. Er gilt einmal."},
};
static const struct wording of_addresses[PROOF_METHOD_END] = {
	[PROOF_DNS] = {
		"An address is proved by a code that is sent to it, or by an invitation. Choose one of these.",
		"Eine Adresse wird durch einen Code nachgewiesen, der an sie geht, oder durch eine Einladung. Wählen Sie eines davon."},
	[PROOF_HTTP] = {
		"An address is proved by a code that is sent to it, or by an invitation. Choose one of these.",
		"Eine Adresse wird durch einen Code nachgewiesen, der an sie geht, oder durch eine Einladung. Wählen Sie eines davon."},
	[PROOF_MAIL] = {
		"A code goes to %S if that address can be written to, at most three times a day. Enter it here within an hour. Nobody asks "
		"you to open a link.",
		"Ein Code geht an %S, sofern dort Post ankommt, höchstens dreimal am Tag. Geben Sie ihn binnen einer Stunde hier ein. Niemand "
		"verlangt, dass Sie einen Link öffnen."},
	[PROOF_INVITATION] = {
		"Enter the code that you were given by those who run this. It can be used once.",
		"Geben Sie den Code ein, den Sie von den Betreibern dieser Stelle bekommen haben. Er gilt einmal."},
};
/* clang-format on */

static void append_worded(const char *words, const struct subject *subject, const char *token, struct bytes mailbox,
                          struct buffer *into)
{
	for (const char *at = words; *at != '\0'; at++) {
		if (*at != '%') {
			buffer_append_byte(into, (unsigned char)*at);
			continue;
		}
		switch (*++at) {
		case 'D': buffer_append(into, verify_domain(subject)); break;
		case 'T': buffer_append_string(into, token); break;
		case 'M': buffer_append(into, mailbox); break;
		default: buffer_append(into, subject->name); break;
		}
	}
}

static struct bytes word(const char *words, const struct subject *subject, const char *token, struct bytes mailbox,
                         struct arena *arena)
{
	struct buffer text = buffer_with_ceiling(TEXT_MAX);
	append_worded(words, subject, token, mailbox, &text);
	struct bytes copy = buffer_status(&text) == STATUS_OK ? arena_copy(arena, buffer_bytes(&text)) : BYTES_NONE;
	buffer_free(&text);
	return copy;
}

enum status verify_instruct(const struct subject *subject, enum proof_method method, const char *token, struct bytes mailbox,
                            bool is_german, struct arena *arena, struct verify_record *ret_record)
{
	bool is_domain = subject->kind == SUBJECT_ORGANISATION;
	const struct wording *wording = is_domain ? &of_domains[method] : &of_addresses[method];
	struct verify_record record = {
		.text = word(is_german ? wording->german : wording->english, subject, token, mailbox, arena)};
	if (record.text.at == NULL)
		return STATUS_NO_MEMORY;
	if (is_domain && (method == PROOF_DNS || method == PROOF_HTTP)) {
		record.name = word(method == PROOF_DNS ? "_tidemark-proof.%D" : "https://%D/.well-known/tidemark-proof.txt",
		                   subject, token, mailbox, arena);
		record.value = word("tidemark-proof=%T", subject, token, mailbox, arena);
		if (record.name.at == NULL || record.value.at == NULL)
			return STATUS_NO_MEMORY;
	}
	*ret_record = record;
	return STATUS_OK;
}
