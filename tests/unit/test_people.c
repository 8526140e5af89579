/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

#include "model/person.h"
#include "understanding/attribute.h"
#include "understanding/person.h"
#include "words/person-name.h"

#include <stdio.h>
#include <stdlib.h>

enum { FINDINGS_MAX = 4000 };

struct document {
	struct arena arena;
	struct finding findings[FINDINGS_MAX];
	size_t count;
	struct buffer records; /* as a fact holds them */
	struct buffer names;   /* found in columns, a line each */
	size_t record_count;
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

static enum status keep_record(void *context, const struct person_record *record)
{
	struct document *document = context;
	document->record_count++;
	person_append(&document->records, record);
	return STATUS_OK;
}

static enum status keep_name(void *context, const struct finding *finding)
{
	struct document *document = context;
	buffer_append(&document->names, finding->value);
	buffer_append_byte(&document->names, '\n');
	return STATUS_OK;
}

static struct document *read_people(struct bytes text, char delimiter)
{
	struct document *document = calloc(1, sizeof *document);
	struct scan *scan;
	struct table_span table = {.to = text.len, .delimiter = (unsigned char)delimiter};
	assert_non_null(document);
	document->arena = arena_with_ceiling(64 << 20);
	document->records = document->names = buffer_with_ceiling(64 << 20);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(attribute_prepare(), STATUS_OK);
	assert_int_equal(person_prepare(), STATUS_OK);
	assert_int_equal(scan_start(keep, document, &scan), STATUS_OK);
	assert_int_equal(scan_feed(scan, text), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	scan_free(scan);
	const struct person_sink sink = {document, keep_record, keep_name, NULL};
	assert_int_equal(person_read(
				 &(struct person_input){
					 .text = text,
					 .tables = delimiter != '\0' ? &table : NULL,
					 .table_count = delimiter != '\0',
					 .findings = document->findings,
					 .finding_count = document->count,
				 },
				 &sink),
	                 STATUS_OK);
	return document;
}

static void forget(struct document *document)
{
	buffer_free(&document->records);
	buffer_free(&document->names);
	arena_free(&document->arena);
	free(document);
}

/* A line a record: source|name|emails|phones|organisation|role|residence|elements. */
static void check(const char *text, char delimiter, const char *expected)
{
	struct document *document = read_people(bytes_of_string(text), delimiter);
	struct buffer told = buffer_with_ceiling(1 << 20);
	struct bytes rest = buffer_bytes(&document->records);
	struct person_record record;
	while (rest.len > 0) {
		assert_true(person_take(&rest, &record));
		buffer_append_format(&told, "%s|%.*s|", person_source_name(record.source), (int)record.name.len, record.name.at);
		for (size_t i = 0; i < record.email_count; i++)
			buffer_append_format(&told, "%s%.*s", i > 0 ? "," : "", (int)record.emails[i].len, record.emails[i].at);
		buffer_append_byte(&told, '|');
		for (size_t i = 0; i < record.phone_count; i++)
			buffer_append_format(&told, "%s%.*s", i > 0 ? "," : "", (int)record.phones[i].len, record.phones[i].at);
		buffer_append_format(&told, "|%.*s|%.*s|%s|", (int)record.organisation.len, record.organisation.at,
		                     (int)record.role.len, record.role.at, record.residence);
		for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
			if (record.elements & ELEMENT_BIT(element))
				buffer_append_format(&told, "%s ", person_element_name(element));
		buffer_append_byte(&told, '\n');
	}
	assert_string_equal(buffer_string(&told), expected);
	buffer_free(&told);
	forget(document);
}

static void test_row_is_a_record(void **state)
{
	(void)state;
	check("Name,Email,Phone,Company,Job Title,Country\n"
	      "Anna Schmidt,anna.schmidt@contoso.com,+49 30 1234567,Contoso GmbH,Buyer,Deutschland\n"
	      "\"O'Brien, Sean\",sean@gmail.com,,,,IE\n",
	      ',',
	      "row|Anna Schmidt|anna.schmidt@contoso.com|+49301234567|Contoso GmbH|Buyer|DE|name contact location employment \n"
	      "row|Sean O'Brien|sean@gmail.com||||IE|name contact location \n");
}

static void test_headings_in_four_languages(void **state)
{
	(void)state;
	check("Vorname;Nachname;E-Mail-Adresse;Geburtsdatum;Blutgruppe\nJörg;Müller;joerg@firma.example;1980-01-02;A+\n", ';',
	      "row|Jörg Müller|joerg@firma.example|||||name contact health date_of_birth \n");
	check("Prénom;Nom;Courriel;Salaire;Groupe sanguin\nZoé;Petit;zoe@exemple.example;2500;O-\n", ';',
	      "row|Zoé Petit|zoe@exemple.example|||||name contact financial health \n");
	check("Nombre;Apellidos;Correo electrónico;DNI;Contraseña\nJosé;García Ruiz;jose@ejemplo.example;12345678;x1y2z3\n", ';',
	      "row|José García Ruiz|jose@ejemplo.example|||||name contact government_id credentials \n");
	check("first_name,lastName,emailAddress,Diagnosis,Gender\nAnn,Lee,ann@contoso.example,asthma,f\n", ',',
	      "row|Ann Lee|ann@contoso.example|||||name contact health other \n");
}

/* Nine in ten cells are addresses: so is the column, whatever stands above it. */
static void test_cells_decide_against_headings(void **state)
{
	struct buffer text = buffer_with_ceiling(1 << 20);
	(void)state;
	buffer_append_string(&text, "Email,Name\n");
	for (int i = 0; i < 10; i++)
		buffer_append_format(&text, "Anna Berg,anna.berg%c@contoso.com\n", 'a' + i);
	struct document *document = read_people(buffer_bytes(&text), ',');
	struct bytes rest = buffer_bytes(&document->records);
	struct person_record record;
	assert_int_equal(document->record_count, 10);
	assert_true(person_take(&rest, &record));
	assert_true(bytes_equal_string(record.name, "Anna Berg"));
	assert_true(bytes_equal_string(record.emails[0], "anna.berga@contoso.com"));
	forget(document);
	buffer_free(&text);
}

static void test_one_row_may_be_the_other_way_round(void **state)
{
	(void)state;
	check("Name,Email\nAnna Berg,anna@contoso.com\nben@contoso.com,Ben Alder\n", ',',
	      "row|Anna Berg|anna@contoso.com|||||name contact \n"
	      "row|Ben Alder|ben@contoso.com|||||name contact \n");
}

static void test_headings_tell_people_of_a_row_apart(void **state)
{
	(void)state;
	check("Employee Name,Email,Manager Name,Manager Email\n"
	      "Anna Berg,anna@contoso.com,Ben Alder,ben@contoso.com\n",
	      ',',
	      "row|Anna Berg|anna@contoso.com|||||name contact \n"
	      "row|Ben Alder|ben@contoso.com|||||name contact \n");
	check("Contact 1 Name,Contact 1 Email,Contact 2 Name,Contact 2 Email\n"
	      "Anna Berg,anna@contoso.com,Ben Alder,ben@contoso.com\n",
	      ',',
	      "row|Anna Berg|anna@contoso.com|||||name contact \n"
	      "row|Ben Alder|ben@contoso.com|||||name contact \n");
	check("Name,Email 1,Email 2\nAnna Berg,anna@contoso.com,anna@gmail.com\n", ',',
	      "row|Anna Berg|anna@contoso.com,anna@gmail.com|||||name contact \n");
}

/* Swapped headings, and several addresses in a cell. */
static void test_addresses_together_fill_a_cell(void **state)
{
	(void)state;
	check("Name,Email\n\"anna.berg@contoso.com; aberg@gmail.com\",Anna Berg\nben.alder@contoso.com,Ben Alder\n"
	      "eve.clark@contoso.com,Eve Clark\n",
	      ',',
	      "row|Anna Berg|anna.berg@contoso.com,aberg@gmail.com|||||name contact \n"
	      "row|Ben Alder|ben.alder@contoso.com|||||name contact \n"
	      "row|Eve Clark|eve.clark@contoso.com|||||name contact \n");
}

/* A post's mailbox, a firm, a product, a lone name are no people. */
static void check_identifier(const char *text, const char *subkind, const char *value)
{
	struct document *document = read_people(bytes_of_string(text), ',');
	struct bytes rest = buffer_bytes(&document->records);
	struct person_record record;
	assert_true(person_take(&rest, &record));
	assert_int_equal(record.identifier_count, value != NULL);
	if (value != NULL) {
		assert_true(bytes_equal_string(record.identifiers[0].subkind, subkind));
		assert_true(bytes_equal_string(record.identifiers[0].value, value));
	}
	assert_true(record.elements & (ELEMENT_BIT(ELEMENT_GOVERNMENT_ID) | ELEMENT_BIT(ELEMENT_FINANCIAL)));
	forget(document);
}

/* What fails its check is personal data all the same, and no key. */
static void test_identifiers(void **state)
{
	(void)state;
	check_identifier("Name,SSN\nAnna Berg,536-90-4399\n", "us-ssn", "536904399");
	check_identifier("Name,SSN\nAnna Berg,000-12-3456\n", NULL, NULL);
	check_identifier("Name,IBAN\nAnna Berg,DE02120300000000202051\n", "", "DE02120300000000202051");
	check_identifier("Name,IBAN\nAnna Berg,DE03120300000000202051\n", NULL, NULL);
}

static void test_who_is_nobody(void **state)
{
	(void)state;
	check("Company,Email,Phone\nContoso,info@contoso.com,+49 30 1234567\nFabrikam,no-reply@fabrikam.com,\n", ',', "");
	check("Product Name,Price\nBlue Chair,10\nRed Table,20\nGreen Lamp,30\n", ',', "");
	check("Name\nAnna Berg\nBen Alder\n", ',', "");
	check("From: Anna Berg <anna@contoso.com>\nTo: fork@lists.example\nList-Post: <mailto:fork@lists.example>\n\nHello\n",
	      '\0', "header|Anna Berg|anna@contoso.com|||||name contact \n");
	check("Write to sales@contoso.com or bounce-12=ab@lists.contoso.com.\n", '\0', "");
}

static void test_mail(void **state)
{
	(void)state;
	check("From: Anna Berg <anna@contoso.com>\nTo: ben@fabrikam.com, support@contoso.com\n"
	      "Message-ID: <12ab@mx.contoso.com>\n\nDear Ben,\n\nKind regards,\nAnna Berg\nHead of Sales\nContoso Ltd.\n"
	      "Tel. +44 20 7946 0123\n\n> Name: Eve Clark\n> Email: eve@contoso.com\n",
	      '\0',
	      "signature|Anna Berg|anna@contoso.com|+442079460123|Contoso Ltd|Head of Sales||name contact employment \n"
	      "form|Eve Clark|eve@contoso.com|||||name contact \n"
	      "header|Anna Berg|anna@contoso.com|||||name contact \n"
	      "header||ben@fabrikam.com|||||contact \n");
}

static void test_form_and_card(void **state)
{
	(void)state;
	check("Patient name: Anna Berg\nDate of birth: 04.03.1980\nDiagnosis: asthma\nPhone: +49 30 1234567\n", '\0',
	      "form|Anna Berg||+49301234567|||DE|name contact health date_of_birth \n");
	check("Name: blue-chair\nTitle: Chairs of the world\n", '\0', "");
	check("BEGIN:VCARD\nVERSION:3.0\nN:Berg;Anna;;;\nFN:Anna Berg\nORG:Fabrikam\nTITLE:Engineer\nTEL:+33 1 23 45 67 89\n"
	      "EMAIL:anna@fabrikam.com\nBDAY:1980-01-01\nADR:;;Main St 1;Springfield;IL;12345;United States\nEND:VCARD\n",
	      '\0',
	      "vcard|Anna Berg|anna@fabrikam.com|+33123456789|Fabrikam|Engineer|US|"
	      "name contact date_of_birth location employment \n");
}

/* A form of one person that another's address stands in; as found in the demo's proofs of execution. */
static void test_anothers_address_in_a_form(void **state)
{
	(void)state;
	check("Contact: Peter Novak <peter.novak@northwindtraders.com>\nRole: Buyer\nEmail: dana.whitlock@fabrikam.com\n", '\0',
	      "form|Peter Novak|peter.novak@northwindtraders.com|||Buyer||name contact employment \n"
	      "text||dana.whitlock@fabrikam.com|||||contact \n");
	check("Name: Anna Berg\nEmail: bluebird77@gmail.com\n", '\0', "form|Anna Berg|bluebird77@gmail.com|||||name contact \n");
}

static void test_names_of_a_column_are_findings(void **state)
{
	(void)state;
	struct document *document = read_people(BYTES_LITERAL("Name\tRole\nBERG, ANNA\tBuyer\nDr. Ben Alder\tClerk\n"), '\t');
	assert_string_equal(buffer_string(&document->names), "Anna Berg\nBen Alder\n");
	forget(document);
}

/* Where one stands in a form, a card or a signature block, once each; not where a detector had it. */
static void test_names_of_blocks_are_findings(void **state)
{
	(void)state;
	struct document *document = read_people(
		BYTES_LITERAL(
			"Günter grüßt.\n\nBest regards,\nMaria Keller\nHead of Sales\nmaria.keller@fabrikam.com\n\n"
			"Name: Paul Weber\nE-mail: paul.weber@contoso.com\n\nBest regards,\nThe whole team\nsales@fabrikam.com\n"),
		'\0');
	assert_string_equal(buffer_string(&document->names), "Maria Keller\nPaul Weber\n");
	forget(document);
}

static void test_equal_forms_are_one_record(void **state)
{
	struct buffer text = buffer_with_ceiling(1 << 20);
	(void)state;
	for (int i = 0; i < 1000; i++)
		buffer_append_string(&text, "Name: Anna Berg\nEmail: anna@contoso.com\n\n");
	struct document *document = read_people(buffer_bytes(&text), '\0');
	assert_int_equal(document->record_count, 1);
	forget(document);
	buffer_reset(&text);
	buffer_append_string(&text, "Name,Email\n");
	for (int i = 0; i < 1000; i++)
		buffer_append_string(&text, "Anna Berg,anna@contoso.com\n");
	document = read_people(buffer_bytes(&text), ',');
	assert_int_equal(document->record_count, 1000);
	forget(document);
	buffer_free(&text);
}

static bool agree(const char *a, const char *b)
{
	struct fold *fold;
	struct buffer left = buffer_with_ceiling(1000), right = buffer_with_ceiling(1000);
	assert_int_equal(fold_new(&fold), STATUS_OK);
	person_name_fold(fold, bytes_of_string(a), &left);
	person_name_fold(fold, bytes_of_string(b), &right);
	bool is_one = person_names_agree(buffer_bytes(&left), buffer_bytes(&right));
	buffer_free(&left);
	buffer_free(&right);
	fold_free(fold);
	return is_one;
}

static void test_names_agree(void **state)
{
	(void)state;
	assert_true(agree("Anna Schmidt", "Schmidt Anna"));
	assert_true(agree("Anna Schmidt", "A. Schmidt"));
	assert_true(agree("Anna Schmidt", "Anna M. Schmidt"));
	assert_true(agree("Anna Schmidt", "Anna"));
	assert_true(agree("Jürgen Groß", "Juergen Gross"));
	assert_true(agree("Anna Meyerhof", "Anna Meierhof"));
	assert_true(agree("Anna Schmidt", "Anna Weber"));
	assert_true(agree("", "Anna Weber"));
	assert_false(agree("Anna Schmidt", "Peter Schmidt"));
	assert_false(agree("Anna Schmidt", "Ben Weber"));
	assert_false(agree("A. S.", "A. S. Weber"));
}

static void test_records_travel(void **state)
{
	struct buffer text = buffer_with_ceiling(FACT_VALUE_MAX);
	struct person_record record = {.source = PERSON_VCARD, .name = BYTES_LITERAL("Anna\nBerg"), .elements = 3, .row = 7};
	struct bytes rest;
	(void)state;
	record.has_place = true;
	record.table = 2;
	record.confidence = 0.5f;
	memcpy(record.residence, "DE", 3);
	person_add_email(&record, BYTES_LITERAL("anna@contoso.com"));
	person_add_email(&record, BYTES_LITERAL("anna@contoso.com"));
	person_add_identifier(&record,
	                      &(struct person_identifier){FINDING_IBAN, BYTES_NONE, BYTES_LITERAL("DE02120300000000202051")});
	person_append(&text, &record);
	person_append(&text, &record);
	assert_true(person_is_sound(buffer_bytes(&text)));
	rest = buffer_bytes(&text);
	assert_true(person_take(&rest, &record) && person_take(&rest, &record));
	assert_int_equal(rest.len, 0);
	assert_true(bytes_equal_string(record.name, "Anna Berg"));
	assert_int_equal(record.email_count, 1);
	assert_int_equal(record.identifiers[0].kind, FINDING_IBAN);
	assert_true(record.has_place && record.table == 2 && record.row == 7);
	/* What a worker that was taken over might say. */
	assert_false(person_is_sound(BYTES_LITERAL("")));
	assert_false(person_is_sound(BYTES_LITERAL("S9\n")));
	assert_false(person_is_sound(BYTES_LITERAL("S1\nQx\n")));
	assert_false(person_is_sound(BYTES_LITERAL("S1\nM99999 5\n")));
	assert_false(person_is_sound(BYTES_LITERAL("S1\nI1  x\n")));
	assert_false(person_is_sound(BYTES_LITERAL("S1\nCde\n")));
	assert_false(person_is_sound(BYTES_LITERAL("Nx\nS1\n")));
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_row_is_a_record),
		cmocka_unit_test(test_headings_in_four_languages),
		cmocka_unit_test(test_cells_decide_against_headings),
		cmocka_unit_test(test_one_row_may_be_the_other_way_round),
		cmocka_unit_test(test_headings_tell_people_of_a_row_apart),
		cmocka_unit_test(test_addresses_together_fill_a_cell),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_who_is_nobody),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_form_and_card),
		cmocka_unit_test(test_anothers_address_in_a_form),
		cmocka_unit_test(test_names_of_a_column_are_findings),
		cmocka_unit_test(test_names_of_blocks_are_findings),
		cmocka_unit_test(test_equal_forms_are_one_record),
		cmocka_unit_test(test_names_agree),
		cmocka_unit_test(test_records_travel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
