/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

#include "model/signature.h"
#include "understanding/attribute.h"
#include "understanding/owner-name.h"
#include "understanding/stated-party.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FINDINGS_MAX = 4000 };

struct document {
	struct arena arena;
	struct finding findings[FINDINGS_MAX];
	size_t count;
	const struct attribution *organisations;
	size_t organisation_count;
};

static enum status keep(void *context, const struct finding *found)
{
	struct document *document = context;
	struct finding *finding = &document->findings[document->count++];
	assert_true(document->count <= FINDINGS_MAX);
	*finding = *found;
	finding->value = arena_copy(&document->arena, found->value);
	finding->raw = arena_copy(&document->arena, found->raw);
	finding->rule = arena_copy(&document->arena, found->rule);
	return STATUS_OK;
}

static struct document *attribute_with(const char *media_type, const char *text, const struct fact *facts, size_t fact_count)
{
	struct document *document = calloc(1, sizeof *document);
	struct scan *scan;
	assert_non_null(document);
	document->arena = arena_with_ceiling(16 << 20);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(attribute_prepare(), STATUS_OK);
	assert_int_equal(scan_start(keep, document, &scan), STATUS_OK);
	assert_int_equal(scan_feed(scan, bytes_of_string(text)), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	scan_free(scan);
	const struct stated_parties stated = stated_parties_of(facts, fact_count, bytes_of_string(text));
	const struct attribution_input input = {
		.findings = document->findings,
		.finding_count = document->count,
		.media_type = bytes_of_string(media_type),
		.text = bytes_of_string(text),
		.facts = facts,
		.fact_count = fact_count,
		.stated = &stated,
	};
	assert_int_equal(attribute_document(&input, &document->arena, &document->organisations, &document->organisation_count),
	                 STATUS_OK);
	for (size_t i = 1; i < document->organisation_count; i++)
		assert_true(document->organisations[i - 1].confidence >= document->organisations[i].confidence);
	return document;
}

static struct document *attribute(const char *media_type, const char *text)
{
	return attribute_with(media_type, text, NULL, 0);
}

static void release(struct document *document)
{
	arena_free(&document->arena);
	free(document);
}

static const struct attribution *find(const struct document *document, const char *domain)
{
	for (size_t i = 0; i < document->organisation_count; i++)
		if (bytes_equal_string(document->organisations[i].domain, domain))
			return &document->organisations[i];
	return NULL;
}

static void assert_role(const struct document *document, const char *domain, enum organisation_role role)
{
	const struct attribution *organisation = find(document, domain);
	if (organisation == NULL)
		fail_msg("%s was not found", domain);
	else
		assert_int_equal(organisation->role, role);
}

static void mails_belong_to_both_sides(void **state)
{
	(void)state;
	struct document *mail = attribute(
		"message/rfc822", "From: Anna <anna@contoso.com>\nTo: bob@fabrikam.de,\n carl@mail.fabrikam.de\nSubject: x\n\n"
				  "Hello, see https://www.northwind.com/x and write to dora@litware.com or to eve@gmail.com.\n");
	assert_role(mail, "contoso.com", ORGANISATION_PARTY);
	assert_role(mail, "fabrikam.de", ORGANISATION_PARTY);
	assert_role(mail, "northwind.com", ORGANISATION_MENTION);
	assert_role(mail, "litware.com", ORGANISATION_MENTION);
	assert_null(find(mail, "gmail.com"));
	assert_true(find(mail, "litware.com")->confidence > find(mail, "northwind.com")->confidence);
	assert_true(bytes_equal_string(find(mail, "contoso.com")->why, "address anna@contoso.com in a mail header"));
	release(mail);
}

static void letters_name_their_parties(void **state)
{
	(void)state;
	struct document *invoice = attribute(
		"application/pdf",
		"Contoso Ltd\nwww.contoso.com\nbilling@contoso.com\n\nBill to:\nFabrikam GmbH\nann@fabrikam.de\n\n"
		"Supplier: sales@northwind.com\n\nA long line of prose that mentions, among many others, the address fred@litware.com.\n");
	assert_role(invoice, "contoso.com", ORGANISATION_PARTY);
	assert_role(invoice, "fabrikam.de", ORGANISATION_PARTY);
	assert_role(invoice, "northwind.com", ORGANISATION_PARTY);
	assert_role(invoice, "litware.com", ORGANISATION_MENTION);
	assert_true(bytes_find(find(invoice, "fabrikam.de")->why, BYTES_LITERAL("ann@fabrikam.de below \"bill to\"")) == 0);
	assert_true(bytes_equal_string(find(invoice, "northwind.com")->why, "sales@northwind.com beside \"supplier\""));
	release(invoice);
}

static struct document *attribute_invoice(const char *text)
{
	const struct fact schema[] = {
		{.kind = FACT_SCHEMA, .name = BYTES_LITERAL("root"), .value = BYTES_LITERAL("Invoice")},
		{.kind = FACT_SCHEMA,
	         .name = BYTES_LITERAL("namespace"),
	         .value = BYTES_LITERAL("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2")},
	};
	return attribute_with("application/xml", text, schema, 2);
}

static void assert_stated(const struct document *document, size_t nth, const char *key, const char *name,
                          enum organisation_part part, const char *country)
{
	assert_true(nth < document->organisation_count);
	const struct attribution *organisation = &document->organisations[nth];
	if (!bytes_equal_string(organisation->domain, key))
		fail_msg("%zu is %.*s, not %s", nth, (int)organisation->domain.len, (const char *)organisation->domain.at, key);
	assert_true(bytes_equal_string(organisation->name, name));
	assert_int_equal(organisation->role, ORGANISATION_PARTY);
	assert_int_equal(organisation->part, part);
	assert_string_equal(organisation->country, country);
}

/* Who sells stands first, however often the buyer's addresses stand there; and whose address a note holds is no party. */
static void schemata_state_their_parties(void **state)
{
	(void)state;
	struct document *invoice = attribute_invoice(
		"Invoice/Note: Questions to help@northwind.com\n"
		"Invoice/AccountingCustomerParty/Party/PartyName/Name: Fabrikam\n"
		"Invoice/AccountingCustomerParty/Party/PartyTaxScheme/CompanyID: EL123456789\n"
		"Invoice/AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode: DE\n"
		"Invoice/AccountingCustomerParty/Party/Contact/ElectronicMail: ann@fabrikam.gr\n"
		"Invoice/AccountingCustomerParty/Party/Contact/ElectronicMail: bob@fabrikam.gr\n"
		"Invoice/AccountingSupplierParty/Party/Contact/Name: Eve Adams\n"
		"Invoice/AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName: Contoso Maschinen\n"
		"Invoice/AccountingSupplierParty/Party/Contact/ElectronicMail: eve@gmail.com\n"
		"Invoice/AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode: AT\n"
		"Invoice/InvoiceLine/Item/SellerSupplierParty/Party/PartyName/Name: Litware\n");
	assert_stated(invoice, 0, "name:contoso maschinen", "Contoso Maschinen", PART_SELLER, "AT");
	assert_stated(invoice, 1, "fabrikam.gr", "Fabrikam", PART_BUYER, "GR");
	assert_role(invoice, "northwind.com", ORGANISATION_MENTION);
	assert_int_equal(invoice->organisation_count, 3);
	assert_true(bytes_equal_string(invoice->organisations[0].why, "Contoso Maschinen, the document's seller by its schema"));
	release(invoice);
}

/* A domain that is called as the party is, is the party's; two such are nobody's to choose between. */
static void a_name_and_its_domain_are_one(void **state)
{
	(void)state;
	static const char one[] = "Invoice/AccountingSupplierParty/Party/PartyName/Name: Contoso-Maschinen GmbH & Co. KG\n"
				  "Invoice/Note: www.contoso-maschinen.de\n";
	static const char two[] = "Invoice/AccountingSupplierParty/Party/PartyName/Name: Contoso Maschinen GmbH\n"
				  "Invoice/Note: www.contoso-maschinen.de and www.contosomaschinen.com\n";
	static const char alike[] = "Invoice/AccountingSupplierParty/Party/PartyName/Name: Contoso Maschinen GmbH\n"
				    "Invoice/Note: www.contoso.de and www.contoso-maschinen-group.com and c0ntosomaschinen.de\n";
	struct document *invoice = attribute_invoice(one);
	assert_stated(invoice, 0, "contoso-maschinen.de", "Contoso-Maschinen GmbH & Co. KG", PART_SELLER, "DE");
	assert_int_equal(invoice->organisation_count, 1);
	release(invoice);
	invoice = attribute_invoice(two);
	assert_stated(invoice, 0, "name:contoso maschinen gmbh", "Contoso Maschinen GmbH", PART_SELLER, "");
	assert_int_equal(invoice->organisation_count, 3);
	release(invoice);
	invoice = attribute_invoice(alike);
	assert_stated(invoice, 0, "name:contoso maschinen gmbh", "Contoso Maschinen GmbH", PART_SELLER, "");
	assert_int_equal(invoice->organisation_count, 4);
	release(invoice);
}

static void assert_key(const char *name, const char *key)
{
	struct buffer into = buffer_with_ceiling(1024);
	bool has_key = owner_name_append_key(&into, bytes_of_string(name));
	assert_int_equal(has_key, key != NULL);
	if (key != NULL && !bytes_equal_string(buffer_bytes(&into), key))
		fail_msg("%s gives %.*s", name, (int)into.len, (const char *)into.at);
	buffer_free(&into);
}

static void names_are_folded_to_keys(void **state)
{
	(void)state;
	assert_key("Contoso  Limited", "name:contoso ltd");
	assert_key("CONTOSO, LTD.", "name:contoso ltd");
	assert_key("Müller & Söhne S.A.R.L.", "name:muller sohne sarl");
	assert_key("Contoso GmbH", "name:contoso gmbh");
	assert_key("4711", NULL);
	assert_key("--", NULL);
	assert_key("", NULL);
	assert_key("\xFF", NULL);
}

static void contracts_name_their_parties_where_they_begin(void **state)
{
	(void)state;
	struct document *contract = attribute(
		"application/pdf",
		"AGREEMENT\n\nThis Agreement is made by and between Contoso Corporation, a Delaware corporation (the \"Company\"),\nand "
		"Fabrikam Holding GmbH (\"Recipient\"). Counsel was Northwind Legal LLP in this matter and in others.\n");
	assert_role(contract, "name:contoso corp", ORGANISATION_PARTY);
	assert_role(contract, "name:fabrikam holding gmbh", ORGANISATION_PARTY);
	assert_null(find(contract, "name:northwind legal llp"));
	release(contract);
}

static void who_signed_is_a_party(void **state)
{
	(void)state;
	struct buffer value = buffer_with_ceiling(1024);
	struct signature signature = {
		.kind = BYTES_LITERAL("pdf"),
		.signer = BYTES_LITERAL("Ann Lee"),
		.organisation = BYTES_LITERAL("Contoso Ltd"),
		.time = CLOCK_UNKNOWN,
		.intact = SIGNATURE_TRUE,
	};
	struct fact fact = signature_fact(&signature, &value);
	struct document *document = attribute_with("application/pdf", "Nothing else.\n", &fact, 1);
	assert_stated(document, 0, "name:contoso ltd", "Contoso Ltd", PART_SIGNATORY, "");
	release(document);
	buffer_free(&value);
	value = buffer_with_ceiling(1024);
	signature.intact = SIGNATURE_FALSE;
	fact = signature_fact(&signature, &value);
	document = attribute_with("application/pdf", "Nothing else.\n", &fact, 1);
	assert_int_equal(document->organisation_count, 0);
	release(document);
	buffer_free(&value);
}

/* Lists and their commands are nobody's; who writes to them still is. */
static void lists_are_no_parties(void **state)
{
	(void)state;
	struct document *mail = attribute(
		"message/rfc822",
		"From: Anna <anna@contoso.com>\nTo: talk@fabrikam.de\nCc: bob@fabrikam.de\nSubject: x\n\nHello\n"
		"To unsubscribe, e-mail: talk-unsubscribe@litware.com\nTel: 1, e-mail: majordomo@tailspin.com\n\n"
		"List-Post: <mailto:talk@fabrikam.de>\n");
	assert_role(mail, "contoso.com", ORGANISATION_PARTY);
	assert_int_equal(find(mail, "contoso.com")->part, PART_SENDER);
	assert_role(mail, "fabrikam.de", ORGANISATION_PARTY);
	assert_role(mail, "litware.com", ORGANISATION_MENTION);
	assert_role(mail, "tailspin.com", ORGANISATION_MENTION);
	release(mail);
	mail = attribute("message/rfc822",
	                 "From: anna@contoso.com\nTo: talk@fabrikam.de\n\nHello\nX-BeenThere: talk@fabrikam.de\n");
	assert_role(mail, "fabrikam.de", ORGANISATION_MENTION);
	release(mail);
}

/* Side by side, "Seller" and "Buyer" name columns, and which line follows says nothing. */
static void columns_make_no_parts(void **state)
{
	(void)state;
	struct document *document = attribute("application/pdf",
	                                      "..............................................................\n\n"
	                                      "Seller   Buyer\nann@contoso.com\n\nBuyer:\nbob@fabrikam.de\n");
	assert_role(document, "contoso.com", ORGANISATION_PARTY);
	assert_int_equal(find(document, "contoso.com")->part, PART_NONE);
	assert_int_equal(find(document, "fabrikam.de")->part, PART_BUYER);
	release(document);
}

/* Customers in an export are records of somebody's, and look-alikes in a report a list. */
static void lists_have_no_letterhead(void **state)
{
	(void)state;
	struct document *list = attribute("text/plain", "ann@contoso.co\nbob@c0ntoso.com\ncarl@contoso.com.evil.net\n");
	for (size_t i = 0; i < list->organisation_count; i++)
		assert_int_equal(list->organisations[i].role, ORGANISATION_MENTION);
	assert_int_equal(list->organisation_count, 3);
	release(list);
	list = attribute("application/json",
	                 "company: Contoso Ltd\ncontact: ann@contoso.com\nphone: 1\ncompany: Fabrikam GmbH\n");
	assert_role(list, "contoso.com", ORGANISATION_MENTION);
	assert_null(find(list, "name:fabrikam gmbh"));
	release(list);
}

static void parties_are_told_where_they_are_sure(void **state)
{
	(void)state;
	struct document *mail = attribute("message/rfc822", "From: anna@contoso.com\nTo: bob@cbvl.co.uk, carl@fabrikam.de\n\n"
	                                                    "From: eve@litware.com\nContact: dora@tailspin.com\n");
	assert_true(attribution_is_determined(find(mail, "contoso.com")));
	assert_true(attribution_is_determined(find(mail, "fabrikam.de")));
	/* Anyone may have a mailbox there; who is quoted has no part in this mail. */
	assert_int_equal(find(mail, "cbvl.co.uk")->role, ORGANISATION_PARTY);
	assert_false(attribution_is_determined(find(mail, "cbvl.co.uk")));
	assert_role(mail, "litware.com", ORGANISATION_MENTION);
	assert_role(mail, "tailspin.com", ORGANISATION_MENTION);
	release(mail);
	struct document *letter = attribute(
		"application/pdf",
		"Contoso Ltd\nann@contoso.com\nNorthwind GmbH\nHRB 1\n\nA long line of prose that mentions, among many others, x@litware.com.\n");
	assert_true(attribution_is_determined(find(letter, "contoso.com")));
	assert_true(bytes_equal_string(find(letter, "contoso.com")->name, "Contoso Ltd"));
	/* A name proves nobody, however sure it is. */
	assert_role(letter, "name:northwind gmbh", ORGANISATION_PARTY);
	assert_false(attribution_is_determined(find(letter, "name:northwind gmbh")));
	assert_false(attribution_is_determined(find(letter, "litware.com")));
	release(letter);
}

/* Whom a domain's ending places, and what is registered for what it spells. */
static void countries_have_evidence(void **state)
{
	(void)state;
	struct document *mail = attribute(
		"message/rfc822",
		"From: a@contoso.co.uk\nTo: b@fabrikam.de, c@litware.io, d@tailspin.com, e@wingtip.eu, f@example.gov\n");
	assert_string_equal(find(mail, "contoso.co.uk")->country, "GB");
	assert_int_equal(find(mail, "contoso.co.uk")->country_by, COUNTRY_BY_DOMAIN);
	assert_string_equal(find(mail, "fabrikam.de")->country, "DE");
	assert_string_equal(find(mail, "example.gov")->country, "US");
	assert_string_equal(find(mail, "litware.io")->country, "");
	assert_string_equal(find(mail, "tailspin.com")->country, "");
	assert_string_equal(find(mail, "wingtip.eu")->country, "");
	release(mail);
}

/* Of one text: the processor time of attributing size pieces of it, the findings made beforehand. */
static double measure(const char *const *pieces, size_t piece_count, size_t size)
{
	struct buffer text = buffer_with_ceiling(64 << 20);
	struct finding *findings = calloc(piece_count * size, sizeof *findings);
	struct arena arena = arena_with_ceiling(256 << 20);
	size_t count = 0;
	assert_non_null(findings);
	for (size_t i = 0; i < size; i++)
		for (size_t piece = 0; piece < piece_count; piece++) {
			char written[256];
			bool is_name = strstr(pieces[piece], "Ltd") != NULL;
			int length = snprintf(written, sizeof written, pieces[piece], i, i);
			const char *from = strrchr(written, is_name ? '|' : ' ');
			size_t lead = from != NULL ? (size_t)(from - written) + 1 : 0;
			findings[count++] = (struct finding){
				.kind = is_name ? FINDING_ORGANISATION_NAME : FINDING_EMAIL,
				.value = arena_copy(&arena, bytes_of(written + lead, (size_t)length - lead)),
				.from = text.len + lead,
				.to = text.len + (size_t)length,
				.confidence = 1,
				.rule = BYTES_LITERAL("x/1"),
			};
			findings[count - 1].raw = findings[count - 1].value;
			buffer_append(&text, bytes_of(written, (size_t)length));
			buffer_append_byte(&text, '\n');
		}
	const struct attribution_input input = {
		.findings = findings,
		.finding_count = count,
		.media_type = BYTES_LITERAL("text/plain"),
		.text = buffer_bytes(&text),
	};
	const struct attribution *organisations;
	size_t organisation_count;
	struct timespec before, after;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	assert_int_equal(attribute_document(&input, &arena, &organisations, &organisation_count), STATUS_OK);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	assert_true(organisation_count > 0);
	arena_free(&arena);
	free(findings);
	buffer_free(&text);
	return (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
}

/* Four times as many distinct domains and names cost about four times as much, and never sixteen. */
static void attribution_is_linear(void **state)
{
	(void)state;
	static const char *const domains[] = {"a a@d%zu.com"};
	static const char *const names[] = {"between |Firm %zu Ltd", "Supplier: x@firm%zu.com"};
	static const char *const letters[] = {"( ( ( \" a b c between by: a@b.cd"};
	static const struct {
		const char *const *pieces;
		size_t count;
	} texts[] = {{domains, 1}, {names, 2}, {letters, 1}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		double small = measure(texts[i].pieces, texts[i].count, 25000),
		       large = measure(texts[i].pieces, texts[i].count, 100000);
		if (large > 9 * small + 0.05)
			fail_msg("text %zu: %.3f s, of four times as much %.3f s", i, small, large);
	}
}

static void look_alikes_stay_apart(void **state)
{
	(void)state;
	struct document *document = attribute(
		"text/plain",
		"anna@contoso.com\nbob@contoso.co\ncarl@c0ntoso.com\ndora@contoso.com.evil.net\neve@mail.contoso.com\n");
	assert_int_equal(document->organisation_count, 4);
	assert_non_null(find(document, "contoso.com"));
	assert_non_null(find(document, "contoso.co"));
	assert_non_null(find(document, "c0ntoso.com"));
	assert_non_null(find(document, "evil.net"));
	release(document);
}

static void infrastructure_is_a_mention(void **state)
{
	(void)state;
	struct document *document = attribute(
		"application/xml",
		"xmlns=\"http://www.w3.org/2000/svg\" http://schemas.openxmlformats.org/x https://acct.blob.core.windows.net/c/k "
		"From: x@sf.net\nFacture\nwww.tcpdf.org\n");
	for (size_t i = 0; i < document->organisation_count; i++) {
		assert_int_equal(document->organisations[i].role, ORGANISATION_MENTION);
		assert_true(document->organisations[i].confidence < 0.2f);
	}
	assert_non_null(find(document, "windows.net"));
	assert_non_null(find(document, "sf.net"));
	assert_non_null(find(document, "tcpdf.org"));
	release(document);
}

static void identifiers_and_inner_names_are_nobodys(void **state)
{
	(void)state;
	struct document *schema = attribute(
		"application/xml",
		"http://www.w3.org/2000/svg https://schemas.openxmlformats.org/x http://schema.org urn:fdc:peppol.eu:2017 json-schema.org");
	assert_int_equal(schema->organisation_count, 0);
	release(schema);
	struct document *person = attribute("message/rfc822", "From: tim@w3.org\nTo: ann@contoso.com\n");
	assert_non_null(find(person, "w3.org"));
	release(person);
	struct document *inner = attribute(
		"text/plain",
		"From: a@corp.contoso.local\nTo: b@fabrikam.internal, c@hq.fabrikam.corp, d@srv.contoso.home.arpa, e@x.example.com, f@y.test\n");
	assert_int_equal(inner->organisation_count, 0);
	release(inner);
}

/* Hosts that a mail came through are no more than machines, and an address there makes nobody a party. */
static void traces_of_mail_are_machines(void **state)
{
	(void)state;
	struct document *mail = attribute(
		"message/rfc822",
		"From: ann@contoso.com\nTo: bob@fabrikam.de\n\nHello.\n\nPhone: 1 and e-mail\n"
		"Received: from mail.northwind.com (relay.litware.com [192.0.2.1]) by mx for <carl@litware.com>\n"
		"X-Mail: see www.tailspin.com\n");
	assert_role(mail, "contoso.com", ORGANISATION_PARTY);
	assert_role(mail, "fabrikam.de", ORGANISATION_PARTY);
	assert_role(mail, "northwind.com", ORGANISATION_MENTION);
	assert_role(mail, "litware.com", ORGANISATION_MENTION);
	assert_role(mail, "tailspin.com", ORGANISATION_MENTION);
	assert_true(find(mail, "northwind.com")->confidence < 0.06f);
	assert_true(find(mail, "tailspin.com")->confidence < 0.06f);
	release(mail);
}

static void tenants_are_organisations(void **state)
{
	(void)state;
	struct document *mail = attribute(
		"message/rfc822",
		"From: ann@tailspin.onmicrosoft.com\nTo: bob@tailspin.mail.onmicrosoft.com, eve@onmicrosoft.com\n");
	assert_int_equal(mail->organisation_count, 1);
	assert_role(mail, "tailspin.onmicrosoft.com", ORGANISATION_PARTY);
	release(mail);
}

/* What names a message has the form of an address and is evidence for nobody. */
static void message_ids_are_no_evidence(void **state)
{
	(void)state;
	struct document *mail = attribute("message/rfc822", "From: ann@contoso.com\nMessage-ID: <1.2@fabrikam.de>\n");
	assert_int_equal(mail->organisation_count, 1);
	assert_role(mail, "contoso.com", ORGANISATION_PARTY);
	release(mail);
}

static void tables_belong_to_most_of_their_addresses(void **state)
{
	(void)state;
	struct document *table = attribute(
		"text/csv",
		"name,x,address of some length here\nA,1,a@contoso.com\nB,1,b@contoso.com\nC,1,c@contoso.com\nD,1,d@fabrikam.com\n");
	assert_role(table, "contoso.com", ORGANISATION_PARTY);
	assert_role(table, "fabrikam.com", ORGANISATION_MENTION);
	release(table);
}

static void assert_owners(const char *path, const char *first, const char *second)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	const struct attribution *owners = NULL;
	const char *const expected[] = {first, second};
	size_t count = 0, wanted = first == NULL ? 0 : second == NULL ? 1 : 2;
	char why[128];
	assert_int_equal(attribute_prepare(), STATUS_OK);
	assert_int_equal(attribute_place(bytes_of_string(path), &arena, &owners, &count), STATUS_OK);
	assert_int_equal(count, wanted);
	for (size_t i = 0; i < count; i++) {
		snprintf(why, sizeof why, "the path alone: part %s", expected[i]);
		assert_true(bytes_equal_string(owners[i].domain, expected[i]));
		assert_int_equal(owners[i].role, ORGANISATION_PARTY);
		assert_true(owners[i].confidence < 0.2f);
		assert_true(bytes_equal_string(owners[i].why, why));
	}
	arena_free(&arena);
}

static void a_place_belongs_to_who_its_folders_are_called(void **state)
{
	(void)state;
	assert_owners("contoso.com/letter.txt", "contoso.com", NULL);
	assert_owners("2019/Mail.Contoso.co.uk/report.zip!/x.de", "contoso.co.uk", NULL);
	assert_owners("backup.zip!/fabrikam.com/list.zip!/x.txt", "fabrikam.com", NULL);
	assert_owners("contoso.com/www.contoso.com/fabrikam.com/litware.com/x", "contoso.com", "fabrikam.com");
	/* A file's name is no folder's, whatever it holds. */
	assert_owners("contoso.com", NULL, NULL);
	assert_owners("2019/contoso.com", NULL, NULL);
	assert_owners("contoso.com.zip!/x.txt", NULL, NULL);
	assert_owners("acct.blob.core.windows.net/gmail.com/1.2.3/10.0.0.1/com/./..//.com/x", NULL, NULL);
	assert_owners("a\xFF.com/\xC3.com/b c.com/x", NULL, NULL);
	assert_owners("", NULL, NULL);
}

/* Who chooses a path chooses how long we look at it. */
static void a_place_is_looked_at_no_longer_than_is_needed(void **state)
{
	(void)state;
	struct buffer path = buffer_with_ceiling(1 << 20);
	for (int i = 0; i < 16; i++)
		buffer_append_string(&path, "v1.2/");
	size_t length = path.len;
	buffer_append_string(&path, "contoso.com/x");
	assert_owners(buffer_string(&path), NULL, NULL);
	assert_owners(buffer_string(&path) + 5, "contoso.com", NULL);
	assert_int_equal(length, 80);
	buffer_free(&path);
}

static void a_content_says_nothing_of_its_place(void **state)
{
	(void)state;
	struct document *empty = attribute("image/png", "nothing here");
	assert_int_equal(empty->organisation_count, 0);
	release(empty);
}

static void more_evidence_never_lowers(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"............................................... ann@fabrikam.com",
		"............................................... ann@fabrikam.com\nTel: 1",
		"From: ann@fabrikam.com\n............................................... ann@fabrikam.com\nTel: 1",
		"From: ann@fabrikam.com\n.............................................. ann@fabrikam.com bob@fabrikam.com\nTel: 1 eve@fabrikam.com",
	};
	float before = 0;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct document *document = attribute("text/plain", texts[i]);
		assert_int_equal(document->organisation_count, 1);
		assert_true(document->organisations[0].confidence > before);
		before = document->organisations[0].confidence;
		release(document);
	}
	assert_true(before <= 0.99f);
}

static void check_registrable(const char *host, const char *domain)
{
	struct buffer into = buffer_with_ceiling(256);
	enum status status = attribute_registrable_domain(bytes_of_string(host), &into);
	assert_int_equal(status, domain ? STATUS_OK : STATUS_ABSENT);
	if (domain != NULL && !bytes_equal_string(buffer_bytes(&into), domain))
		fail_msg("%s gives %.*s, not %s", host, (int)into.len, (const char *)into.at, domain);
	buffer_free(&into);
}

static void cuts_to_registrable_domains(void **state)
{
	(void)state;
	check_registrable("contoso.com", "contoso.com");
	check_registrable("A.B.Contoso.Co.UK.", "contoso.co.uk");
	check_registrable("mail.contoso.co.za", "contoso.co.za");
	check_registrable("www.contoso.com.bd", "contoso.com.bd");
	check_registrable("www.müller.de", "xn--mller-kva.de");
	check_registrable("contoso.github.io", "contoso.github.io");
	check_registrable("a.b.city.kobe.jp", "city.kobe.jp");
	check_registrable("acct.blob.core.windows.net", "windows.net");
	check_registrable("bucket.s3.amazonaws.com", "amazonaws.com");
	check_registrable("www.ck", "www.ck");
	check_registrable("Tailspin.onmicrosoft.com", "tailspin.onmicrosoft.com");
	check_registrable("x.tailspin.onmicrosoft.com", "tailspin.onmicrosoft.com");
	check_registrable("tailspin.mail.onmicrosoft.com", "tailspin.onmicrosoft.com");
	check_registrable("onmicrosoft.com", NULL);
	check_registrable("mail.onmicrosoft.com", NULL);
	check_registrable("tailspin.sharepoint.com", "tailspin.sharepoint.com");
	check_registrable("co.uk", NULL);
	check_registrable("com", NULL);
	check_registrable("", NULL);
	check_registrable(".", NULL);
	check_registrable("10.0.0.1", NULL);
	check_registrable("contoso.invalidtld", NULL);
	check_registrable("a..com", NULL);
	check_registrable(".com", NULL);
	check_registrable("a b.com", NULL);
}

static void knows_freemail(void **state)
{
	(void)state;
	assert_true(attribute_is_freemail(BYTES_LITERAL("gmail.com")));
	assert_true(attribute_is_freemail(BYTES_LITERAL("GMX.net")));
	assert_true(attribute_is_freemail(BYTES_LITERAL("vip.qq.com")));
	assert_false(attribute_is_freemail(BYTES_LITERAL("contoso.com")));
	assert_false(attribute_is_freemail(BYTES_LITERAL("notgmail.com")));
	assert_false(attribute_is_freemail(BYTES_LITERAL("com")));
	assert_false(attribute_is_freemail(BYTES_NONE));
}

static void stops_at_the_arena(void **state)
{
	(void)state;
	struct document *document = attribute("text/plain", "a@contoso.com b@fabrikam.com");
	const struct attribution_input input = {.findings = document->findings, .finding_count = document->count};
	for (size_t ceiling = 0; ceiling < 400; ceiling += 16) {
		struct arena arena = arena_with_ceiling(ceiling);
		const struct attribution *organisations = NULL;
		size_t count = 0;
		enum status status = attribute_document(&input, &arena, &organisations, &count);
		assert_true(status == STATUS_NO_MEMORY || (status == STATUS_OK && count == 2));
		arena_free(&arena);
	}
	release(document);
}

/* The same letter, once read and once cut out of bytes that nobody read. */
static void carved_strings_make_nobody_a_party(void **state)
{
	(void)state;
	static const char text[] = "From: anna@contoso.com\nBill to: bob@contoso.com, carl@contoso.com\n";
	struct document *document = attribute("application/octet-stream", text);
	assert_role(document, "contoso.com", ORGANISATION_PARTY);
	for (size_t i = 0; i < document->count; i++)
		document->findings[i].rule = BYTES_LITERAL("email/1/carved");
	const struct attribution_input input = {
		.findings = document->findings,
		.finding_count = document->count,
		.media_type = BYTES_LITERAL("application/octet-stream"),
		.text = bytes_of_string(text),
	};
	assert_int_equal(attribute_document(&input, &document->arena, &document->organisations, &document->organisation_count),
	                 STATUS_OK);
	assert_role(document, "contoso.com", ORGANISATION_MENTION);
	assert_true(find(document, "contoso.com")->confidence < 0.2f);
	release(document);
}

static void a_table_has_no_signature(void **state)
{
	(void)state;
	static const char text[] = "id\tname\temail\n1\tAnna\tanna@contoso.com\n";
	struct document *table = attribute("text/tab-separated-values", text);
	assert_role(table, "contoso.com", ORGANISATION_MENTION);
	release(table);
}

/* ---- the register ---- */

/* What a register says of a text: each of its terms where it first stands. */
static struct document *attribute_mentions(const char *media_type, const char *text, struct register_mention *mentions,
                                           size_t count)
{
	struct document *document = calloc(1, sizeof *document);
	struct bytes whole = bytes_of_string(text);
	assert_non_null(document);
	document->arena = arena_with_ceiling(16 << 20);
	for (size_t i = 0; i < count; i++) {
		size_t at = bytes_find(whole, mentions[i].term);
		assert_true(at != BYTES_NOT_FOUND);
		mentions[i].from = text_count(bytes_slice(whole, 0, at));
		mentions[i].to = mentions[i].from + text_count(mentions[i].term);
	}
	const struct attribution_input input = {
		.media_type = bytes_of_string(media_type), .text = whole, .mentions = mentions, .mention_count = count};
	assert_int_equal(attribute_document(&input, &document->arena, &document->organisations, &document->organisation_count),
	                 STATUS_OK);
	return document;
}

static void check_mention(const char *media_type, const char *text, struct register_mention mention, enum organisation_role role,
                          const char *why)
{
	mention.domain = BYTES_LITERAL("contoso.com");
	struct document *document = attribute_mentions(media_type, text, &mention, 1);
	const struct attribution *contoso = find(document, "contoso.com");
	assert_non_null(contoso);
	if (contoso->role != role)
		fail_msg("%s: is no %s", text, role == ORGANISATION_PARTY ? "party" : "mention");
	if (!bytes_equal_string(contoso->why, why))
		fail_msg("%s: %.*s", text, (int)contoso->why.len, (const char *)contoso->why.at);
	release(document);
}

static void a_registered_name_speaks_by_its_place(void **state)
{
	const struct register_mention name = {.term = BYTES_LITERAL("Contoso Söhne"), .confidence = 0.95f};
	const struct register_mention number = {.term = BYTES_LITERAL("K-10234"), .confidence = 0.95f, .is_number = true};
	struct register_mention doubtful = name, carved = name;
	doubtful.is_doubtful = true;
	carved.is_carved = true;
	(void)state;
	check_mention("text/plain", "Ünter all of them, only last year, there was also some of Contoso Söhne in what we saw",
	              name, ORGANISATION_MENTION, "register: name Contoso Söhne");
	check_mention("text/plain", "Bill to: Contoso Söhne, Berlin\n", name, ORGANISATION_PARTY,
	              "register: name Contoso Söhne beside \"bill to\"");
	check_mention("text/plain", "Customer\nContoso Söhne\nBerlin\n", name, ORGANISATION_PARTY,
	              "register: name Contoso Söhne below \"customer\"");
	check_mention("message/rfc822", "Organization: Contoso Söhne\n\nGood morning\n", name, ORGANISATION_PARTY,
	              "register: name Contoso Söhne in a mail header");
	check_mention("application/pdf", "Contoso Söhne\nInvoice\n", name, ORGANISATION_PARTY,
	              "register: name Contoso Söhne near the top");
	check_mention("application/pdf", "Contoso Söhne told the press today that nothing will change\n", name,
	              ORGANISATION_MENTION, "register: name Contoso Söhne");
	check_mention("text/plain", "yours is K-10234 as before", number, ORGANISATION_PARTY, "register: number K-10234");
	check_mention("text/plain", "Bill to: Contoso Söhne", doubtful, ORGANISATION_MENTION, "register: name Contoso Söhne");
	check_mention("text/plain", "Bill to: Contoso Söhne", carved, ORGANISATION_MENTION,
	              "Contoso Söhne, among strings of bytes that were not read");
}

static void the_register_adds_to_what_addresses_say(void **state)
{
	const struct finding address = {.kind = FINDING_EMAIL,
	                                .value = BYTES_LITERAL("anna@contoso.com"),
	                                .raw = BYTES_LITERAL("anna@contoso.com"),
	                                .rule = BYTES_LITERAL("email/1"),
	                                .from = 6,
	                                .to = 22,
	                                .confidence = 0.95f};
	const struct register_mention name = {.domain = BYTES_LITERAL("contoso.com"),
	                                      .term = BYTES_LITERAL("Contoso"),
	                                      .from = 24,
	                                      .to = 31,
	                                      .confidence = 0.95f};
	const struct attribution *alone, *both;
	struct arena arena = arena_with_ceiling(1 << 20);
	size_t count = 0;
	struct attribution_input input = {.findings = &address,
	                                  .finding_count = 1,
	                                  .media_type = BYTES_LITERAL("message/rfc822"),
	                                  .text = BYTES_LITERAL("From: anna@contoso.com\n\nContoso\n")};
	(void)state;
	assert_int_equal(attribute_prepare(), STATUS_OK);
	assert_int_equal(attribute_document(&input, &arena, &alone, &count), STATUS_OK);
	input.mentions = &name;
	input.mention_count = 1;
	assert_int_equal(attribute_document(&input, &arena, &both, &count), STATUS_OK);
	assert_int_equal(count, 1);
	assert_true(both->confidence >= alone->confidence);
	assert_true(bytes_equal_string(both->why, "address anna@contoso.com in a mail header; register: name Contoso"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registered_name_speaks_by_its_place),
		cmocka_unit_test(the_register_adds_to_what_addresses_say),
		cmocka_unit_test(carved_strings_make_nobody_a_party),
		cmocka_unit_test(a_table_has_no_signature),
		cmocka_unit_test(mails_belong_to_both_sides),
		cmocka_unit_test(letters_name_their_parties),
		cmocka_unit_test(look_alikes_stay_apart),
		cmocka_unit_test(schemata_state_their_parties),
		cmocka_unit_test(a_name_and_its_domain_are_one),
		cmocka_unit_test(names_are_folded_to_keys),
		cmocka_unit_test(contracts_name_their_parties_where_they_begin),
		cmocka_unit_test(who_signed_is_a_party),
		cmocka_unit_test(lists_are_no_parties),
		cmocka_unit_test(columns_make_no_parts),
		cmocka_unit_test(lists_have_no_letterhead),
		cmocka_unit_test(parties_are_told_where_they_are_sure),
		cmocka_unit_test(countries_have_evidence),
		cmocka_unit_test(attribution_is_linear),
		cmocka_unit_test(infrastructure_is_a_mention),
		cmocka_unit_test(identifiers_and_inner_names_are_nobodys),
		cmocka_unit_test(tenants_are_organisations),
		cmocka_unit_test(traces_of_mail_are_machines),
		cmocka_unit_test(message_ids_are_no_evidence),
		cmocka_unit_test(tables_belong_to_most_of_their_addresses),
		cmocka_unit_test(a_place_belongs_to_who_its_folders_are_called),
		cmocka_unit_test(a_place_is_looked_at_no_longer_than_is_needed),
		cmocka_unit_test(a_content_says_nothing_of_its_place),
		cmocka_unit_test(more_evidence_never_lowers),
		cmocka_unit_test(cuts_to_registrable_domains),
		cmocka_unit_test(knows_freemail),
		cmocka_unit_test(stops_at_the_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
