/* SPDX-License-Identifier: Apache-2.0 */
#include "words/person-words.h"

#include <stdlib.h>
#include <string.h>

/* Each list is sorted bytewise: preparing fails otherwise. */
/* clang-format off */
static const char *const labels[] = {
	"account executive", "account manager", "ansprechpartner", "ansprechpartnerin", "apoderado", "applicant",
	"approved by", "arbeitnehmer", "attention", "attn", "auditor", "auteur", "author", "authorised signatory",
	"authorized signatory", "autor", "bearbeiter", "bearbeiterin", "bénéficiaire", "candidate", "chef de projet",
	"commercial", "compilado por", "consultant", "contact", "contact name", "contact person", "contacto", "created by",
	"customer contact", "delegate", "director", "director de proyecto", "elaborado por", "emergency contact", "empleada",
	"empleado", "employee", "employee name", "firmado por", "full name", "geprüft von", "geschäftsführer",
	"geschäftsführerin", "gérant", "ihr ansprechpartner", "ihre ansprechpartnerin", "inhaber", "interlocuteur",
	"issued by", "kontakt", "kontaktperson", "mitarbeiter", "mitarbeiterin", "name of contact", "name of employee",
	"nom complet", "nom et prénom", "nombre completo", "nombre y apellidos", "ordered by", "owner", "patient",
	"patient name", "persona de contacto", "personne à contacter", "point of contact", "prepared by", "prepared for",
	"project lead", "project manager", "projektleiter", "projektleiterin", "representante", "representative",
	"represented by", "représenté par", "requested by", "responsable", "reviewed by", "sachbearbeiter",
	"sachbearbeiterin", "salarié", "sales representative", "signataire", "signatory", "signed by", "signé par",
	"student", "su contacto", "submitted by", "supervisor", "technical contact", "trabajador", "unterzeichner",
	"unterzeichnet von", "verfasser", "verfasserin", "versicherte", "versicherter", "vertreten durch",
	"vor- und nachname", "votre contact", "votre interlocuteur", "witness", "written by", "your contact",
};

static const char *const titles[] = {
	"dipl.-ing.", "dipl.-kfm.", "don", "dott.", "doña", "dr", "dr.", "dra.", "fr.", "frau", "herr", "herrn", "hr.",
	"ing.", "lic.", "m.", "madame", "mag.", "maître", "me.", "mlle", "mme", "monsieur", "mr", "mr.", "mrs", "mrs.", "ms",
	"ms.", "prof", "prof.", "ra", "señor", "señora", "sig.", "sir", "sr.", "sra.", "srta.",
};

static const char *const particles[] = {
	"af", "al", "av", "bin", "da", "de", "dei", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el", "ibn",
	"la", "las", "le", "los", "och", "op", "te", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur",
};

static const char *const no_names[] = {
	"abteilung", "account", "accounting", "accounts", "address", "admin", "administration", "administrator", "adresse",
	"advertising", "advisor", "affiliate", "ag", "agency", "alert", "alerts", "amt", "and", "announce", "answer", "api",
	"app", "apps", "archive", "archives", "assistance", "association", "attachment", "auto", "automatic", "bank",
	"benefits", "best", "betreff", "billing", "board", "bot", "buchhaltung", "bulletin", "business", "buy", "by",
	"calendar", "care", "casino", "center", "centre", "chair", "chat", "city", "class", "client", "clients", "cloud",
	"club", "co", "college", "committee", "community", "company", "compta", "comptabilité", "conference", "confirmation",
	"contact", "contacts", "control", "copy", "corp", "corporate", "corporation", "council", "course", "credit",
	"customer", "customers", "daily", "data", "date", "datum", "deal", "deals", "delivery", "department", "dept", "desk",
	"dev", "developer", "developers", "digest", "direct", "direction", "discount", "discuss", "division", "document",
	"dépt", "e-mail", "editor", "editors", "einkauf", "email", "engineering", "erreur", "error", "et", "european",
	"events", "exchange", "facility", "facturación", "faculty", "fax", "feedback", "finance", "firma", "for", "forum",
	"foundation", "free", "fundación", "general", "gesellschaft", "global", "gmbh", "government", "great", "group",
	"groups", "gruppe", "headlines", "health", "help", "helpdesk", "helpline", "hilfe", "history", "home", "hospital",
	"hotel", "hotline", "hr", "human", "in", "inc", "inc.", "info", "information", "informations", "infos", "institut",
	"institute", "international", "internet", "investor", "investors", "invoice", "invoices", "it", "job", "jobs",
	"journal", "kg", "kundendienst", "kundenservice", "lab", "labs", "legal", "library", "limited", "list", "list-owner",
	"listserv", "llc", "llp", "logistics", "ltd", "ltd.", "magazine", "mail", "mailer", "mailer-daemon", "mailing",
	"maintenance", "management", "manager", "marketing", "media", "member", "members", "membership", "message",
	"microsoft", "ml", "mobile", "mortgage", "n/a", "name", "national", "network", "news", "newsletter", "no-reply",
	"nom", "nombre", "none", "noreply", "not", "notification", "notifications", "number", "nummer", "of", "offer",
	"offers", "office", "online", "operations", "operator", "order", "orders", "organisation", "organization", "owner",
	"page", "partner", "partners", "payment", "payments", "payroll", "personal", "phone", "police", "polizei", "post",
	"postmaster", "president", "press", "privacy", "procurement", "product", "program", "programme", "project",
	"projekt", "promotions", "public", "purchasing", "quality", "rechnung", "recruiting", "recruitment", "registrar",
	"registration", "relations", "reminder", "remote", "reply", "report", "reports", "request", "requests", "research",
	"reservations", "resources", "s.a.", "s.l.", "sa", "safety", "sales", "sarl", "sas", "savings", "school", "schule",
	"science", "secretariat", "secretary", "security", "sekretariat", "server", "service", "services", "shipping",
	"shop", "signature", "site", "sl", "software", "solutions", "sons", "special", "specialist", "staff", "state",
	"status", "store", "street", "studio", "subject", "subscriber", "subscribers", "subscriptions", "support", "sur",
	"survey", "system", "systems", "talk", "tbd", "team", "technical", "technologies", "technology", "tel", "telefon",
	"test", "the", "ticket", "tickets", "tips", "title", "today", "top", "training", "travel", "treasurer", "und",
	"unit", "universidad", "university", "universität", "université", "unknown", "unsubscribe", "update", "updates",
	"user", "users", "ventas", "verein", "vertrieb", "verwaltung", "via", "web", "webmaster", "website", "weekly",
	"welcome", "with", "your",
};
/* clang-format on */

struct list {
	const char *const *words;
	size_t count;
};

#define LIST_OF(words) ((struct list){words, sizeof(words) / sizeof *(words)})

/* Most differ in their first byte. */
static int compare_words(const void *key, const void *word)
{
	const struct bytes lower = *(const struct bytes *)key;
	const char *text = *(const char *const *)word;
	int first = (lower.len > 0 ? lower.at[0] : 0) - (unsigned char)text[0];
	return first != 0 ? first : bytes_compare(lower, bytes_of_string(text));
}

static bool is_among(struct list list, struct bytes lower)
{
	return bsearch(&lower, list.words, list.count, sizeof *list.words, compare_words) != NULL;
}

static bool is_sorted(struct list list)
{
	for (size_t i = 1; i < list.count; i++)
		if (strcmp(list.words[i - 1], list.words[i]) >= 0)
			return false;
	return true;
}

/* Whether a label ends in three bytes of which the lower five bits have this hash. */
enum { HASH_BITS = 12 };
static bool label_ends[1 << HASH_BITS];

static size_t hash_end(const unsigned char *end)
{
	uint32_t low = (uint32_t)(end[-3] & 31) << 10 | (uint32_t)(end[-2] & 31) << 5 | (end[-1] & 31);
	return low * UINT32_C(0x9E3779B1) >> (32 - HASH_BITS);
}

bool person_may_end_label(struct bytes text, size_t to)
{
	if (to < 3)
		return false;
	const unsigned char *end = text.at + to;
	return ((end[-3] | end[-2] | end[-1]) & 0x80) != 0 || label_ends[hash_end(end)];
}

enum status person_words_prepare(void)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		label_ends[hash_end((const unsigned char *)labels[i] + strlen(labels[i]))] = true;
	const struct list lists[] = {LIST_OF(labels), LIST_OF(titles), LIST_OF(particles), LIST_OF(no_names)};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (!is_sorted(lists[i]))
			return STATUS_BROKEN;
	return STATUS_OK;
}

bool person_is_label(struct bytes lower)
{
	return is_among(LIST_OF(labels), lower);
}

bool person_is_title(struct bytes lower)
{
	return is_among(LIST_OF(titles), lower);
}

bool person_is_particle(struct bytes lower)
{
	return is_among(LIST_OF(particles), lower);
}

bool person_is_no_name(struct bytes lower)
{
	return is_among(LIST_OF(no_names), lower);
}
