/* SPDX-License-Identifier: Apache-2.0 */
/* classify: schemata and structure first, then words in four languages; below its threshold nothing is called by a name. */
#include "understanding/classify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define UBL "urn:oasis:names:specification:ubl:schema:xsd:"

struct told {
	struct arena arena;
	struct classification is;
};

static struct told *classify(const struct classification_input *input)
{
	struct told *told = calloc(1, sizeof *told);
	assert_non_null(told);
	told->arena = arena_with_ceiling(1 << 20);
	assert_int_equal(classify_document(input, &told->arena, &told->is), STATUS_OK);
	assert_true(told->is.reason_count <= CLASSIFY_REASONS_MAX);
	assert_true(told->is.class == CLASS_NONE || told->is.reason_count > 0);
	return told;
}

static void release(struct told *told)
{
	arena_free(&told->arena);
	free(told);
}

static enum document_class class_of(const char *media_type, const char *title, const char *text)
{
	struct told *told = classify(&(struct classification_input){.media_type = bytes_of_string(media_type),
	                                                            .title = bytes_of_string(title),
	                                                            .text = bytes_of_string(text),
	                                                            .was_read = true});
	enum document_class class = told->is.class;
	release(told);
	return class;
}

static void reads_titles_in_four_languages(void **state)
{
	static const struct {
		const char *text;
		enum document_class class;
	} cases[] = {
		{"Contoso Ltd.\n1 Main Street\n\nINVOICE\nNumber: 4711\nAmount due: 12.00\n", CLASS_INVOICE},
		{"Rechnung Nr. 4711\nRechnungsdatum: 1.2.2020\nUSt-IdNr. DE1\n", CLASS_INVOICE},
		{"FACTURE N° 4711\nDate de facture : 01/02/2020\nNet à payer : 12,00\n", CLASS_INVOICE},
		{"Factura\nNúmero de factura: 4711\nBase imponible: 10,00\n", CLASS_INVOICE},
		{"Purchase Order\nPO number: 9\nShip to: Fabrikam\n", CLASS_PURCHASE_ORDER},
		{"Angebot\nAngebotsnummer 12\nWir bieten Ihnen an:\n", CLASS_QUOTE},
		{"MUTUAL NON-DISCLOSURE\nAGREEMENT\nbetween Contoso and Fabrikam\n", CLASS_NDA},
		{"Vertraulichkeitsvereinbarung\nzwischen A und B\n", CLASS_NDA},
		{"Master Services Agreement\nThis Agreement is entered into by and between A and B\n", CLASS_CONTRACT},
		{"Statement of Work\nPeriod of performance: one year\n", CLASS_STATEMENT_OF_WORK},
		{"Cahier des charges\nLivrables\n", CLASS_STATEMENT_OF_WORK},
		{"Certificate of Completion\nThe project has been completed. Accepted by:\n", CLASS_PROOF_OF_EXECUTION},
		{"Abnahmeprotokoll\nProjekt 7\n", CLASS_PROOF_OF_EXECUTION},
		{"Order Confirmation\nThank you for your order.\n", CLASS_ORDER_CONFIRMATION},
		{"Bulletin de paie\nSalaire brut 3000\n", CLASS_PAYSLIP},
		{"Curriculum Vitae\nWork experience\nEducation\n", CLASS_RESUME},
		{"Arztbrief\nDiagnose: gesund\n", CLASS_MEDICAL},
		{"Kontoauszug\nAlter Kontostand 1,00\n", CLASS_BANK_STATEMENT},
		{"Acta de reunión\nOrden del día\n", CLASS_MEETING_NOTES},
		{"Request for Proposal\nThis solicitation asks for a statement of work.\n", CLASS_OTHER},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum document_class class = class_of("application/pdf", "", cases[i].text);
		if (class != cases[i].class)
			fail_msg("%s is called %s", cases[i].text, document_class_name(class));
	}
}

static void does_not_guess(void **state)
{
	struct told *told = classify(&(struct classification_input){
		.media_type = BYTES_LITERAL("application/pdf"),
		.text = BYTES_LITERAL("We spoke about an invoice and the agenda of next week, among other things.\n"),
		.was_read = true});
	(void)state;
	assert_int_equal(told->is.class, CLASS_OTHER);
	assert_true(told->is.confidence < CLASSIFY_SURE);
	/* What is likeliest is told, as a guess. */
	assert_true(bytes_equal_string(told->is.reasons[0].name, "invoice"));
	assert_true(bytes_find(told->is.reasons[0].value, BYTES_LITERAL("not surely")) != BYTES_NOT_FOUND);
	release(told);
	assert_int_equal(class_of("application/pdf", "", "nothing of note"), CLASS_OTHER);
	/* A word within a sentence is no title. */
	assert_int_equal(
		class_of("application/pdf", "", "Please have a look at the purchase order that came in last week, thanks\n"),
		CLASS_OTHER);
	/* Nobody looked. */
	told = classify(&(struct classification_input){.media_type = BYTES_LITERAL("application/pdf"), .was_read = false});
	assert_int_equal(told->is.class, CLASS_NONE);
	assert_int_equal(told->is.reason_count, 0);
	release(told);
}

static struct told *classify_schema(const char *root, const char *space, const char *code)
{
	const struct fact facts[] = {
		{.kind = FACT_SCHEMA, .name = BYTES_LITERAL("root"), .value = bytes_of_string(root)},
		{.kind = FACT_SCHEMA, .name = BYTES_LITERAL("namespace"), .value = bytes_of_string(space)},
		{.kind = FACT_SCHEMA, .name = BYTES_LITERAL("type_code"), .value = bytes_of_string(code)},
	};
	return classify(&(struct classification_input){
		.media_type = BYTES_LITERAL("application/xml"), .facts = facts, .fact_count = 3, .was_read = true});
}

static void obeys_schemata(void **state)
{
	static const struct {
		const char *root, *space, *code;
		enum document_class class;
	} cases[] = {
		{"Invoice", UBL "Invoice-2", "380", CLASS_INVOICE},
		{"CreditNote", UBL "CreditNote-2", "381", CLASS_INVOICE},
		{"Order", UBL "Order-2", "220", CLASS_PURCHASE_ORDER},
		{"OrderResponse", UBL "OrderResponse-2", "", CLASS_ORDER_CONFIRMATION},
		{"Catalogue", UBL "Catalogue-2", "", CLASS_PRICE_LIST},
		{"OrderCancellation", UBL "OrderCancellation-2", "", CLASS_OTHER},
		{"CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "384", CLASS_INVOICE},
		{"SCRDMCCBDACIOMessageStructure", "urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:1", "231",
	         CLASS_ORDER_CONFIRMATION},
		{"SCRDMCCBDACIOMessageStructure", "urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:1", "220",
	         CLASS_PURCHASE_ORDER},
		{"FatturaElettronica", "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2", "TD01", CLASS_INVOICE},
		{"Document", "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "", CLASS_BANK_STATEMENT},
		/* Anybody may call an element so. */
		{"Invoice", "urn:somebody", "", CLASS_OTHER},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct told *told = classify_schema(cases[i].root, cases[i].space, cases[i].code);
		if (told->is.class != cases[i].class)
			fail_msg("%s is called %s", cases[i].root, document_class_name(told->is.class));
		assert_true(told->is.is_by_schema == (i + 1 < sizeof cases / sizeof *cases));
		release(told);
	}
}

static void takes_the_class_of_an_embedded_invoice(void **state)
{
	struct classification_input input = {.media_type = BYTES_LITERAL("application/pdf"),
	                                     .text = BYTES_LITERAL("Order confirmation\n"),
	                                     .was_read = true,
	                                     .embedded_class = CLASS_INVOICE};
	(void)state;
	struct told *told = classify(&input);
	assert_int_equal(told->is.class, CLASS_INVOICE);
	assert_false(told->is.is_by_schema);
	release(told);
	/* In a mail it is another document. */
	input.media_type = BYTES_LITERAL("message/rfc822");
	told = classify(&input);
	assert_int_equal(told->is.class, CLASS_MAIL);
	release(told);
}

static void knows_structures(void **state)
{
	(void)state;
	assert_int_equal(class_of("message/rfc822", "", "INVOICE\nInvoice number: 1\n"), CLASS_MAIL);
	assert_int_equal(class_of("image/png", "", ""), CLASS_IMAGE);
	assert_int_equal(class_of("video/mp4", "", ""), CLASS_MEDIA);
	assert_int_equal(class_of("application/zip", "", ""), CLASS_ARCHIVE);
	assert_int_equal(class_of("application/vnd.sqlite3", "", ""), CLASS_DATABASE);
	assert_int_equal(class_of("application/x-mssql-backup", "", ""), CLASS_BACKUP);
	assert_int_equal(
		class_of("application/vnd.openxmlformats-officedocument.presentationml.presentation", "", "Price list\n"),
		CLASS_PRESENTATION);
	assert_int_equal(class_of("text/html", "", "Terms and conditions of this agreement, by and between the parties\n"),
	                 CLASS_WEB_PAGE);
	assert_int_equal(class_of("text/html", "Invoice 4711", "Invoice\nInvoice number 4711\n"), CLASS_INVOICE);
	assert_int_equal(class_of("application/pdf", "", "Our plans\nCreator: Microsoft PowerPoint 2016\n"), CLASS_PRESENTATION);
}

/* What a short offer and the notes of a meeting say of themselves; the title alone is too little. */
static void titles_that_could_be_anything_need_a_second_word(void **state)
{
	(void)state;
	assert_int_equal(class_of("application/pdf", "", "Offer OFF-1\nTotal: USD 10.00\nValid for 60 days.\n"), CLASS_QUOTE);
	assert_int_equal(class_of("application/pdf", "", "Offer OFF-1\nTotal: USD 10.00\n"), CLASS_OTHER);
	assert_int_equal(class_of("text/plain", "", "Notes NOTE-1: Contoso\nPresent: Anna, Tom\nAction: Tom sends the list\n"),
	                 CLASS_MEETING_NOTES);
	assert_int_equal(class_of("text/plain", "", "Notes of a traveller\nIt rained.\n"), CLASS_OTHER);
}

static void knows_lines(void **state)
{
	(void)state;
	assert_int_equal(class_of("text/plain", "",
	                          "2020-01-01 10:00:00 a\n2020-01-01 10:00:01 b\n2020-01-01 10:00:02 c\n"
	                          "2020-01-01 10:00:03 d\n2020-01-01 10:00:04 e\n"),
	                 CLASS_LOG);
	assert_int_equal(class_of("text/plain", "",
	                          "10.0.0.1 - - [01/Jan/2020:10:00:00 +0000] \"GET /\" 200\n"
	                          "10.0.0.1 - - [01/Jan/2020:10:00:00 +0000] \"GET /\" 200\n"
	                          "10.0.0.1 - - [01/Jan/2020:10:00:00 +0000] \"GET /\" 200\n"
	                          "10.0.0.1 - - [01/Jan/2020:10:00:00 +0000] \"GET /\" 200\n"
	                          "10.0.0.1 - - [01/Jan/2020:10:00:00 +0000] \"GET /\" 200\n"),
	                 CLASS_LOG);
	assert_int_equal(class_of("text/plain", "", "10:00:01 invoice a\n10:00:02 invoice b\n10:00:03 invoice c\n"), CLASS_LOG);
	assert_int_not_equal(class_of("text/plain", "", "10:00:01 invoice a\n10:00:02 invoice b\nand so on\n"), CLASS_LOG);
	assert_int_equal(class_of("text/plain", "", "#include <stdio.h>\nint main(void)\n{\n\tputs(\"a\");\n\treturn 0;\n}\n"),
	                 CLASS_SOURCE_CODE);
	assert_int_equal(class_of("text/plain", "", "[server]\nhost = a.example\nport = 1\nuser=b\npassword=c\n"),
	                 CLASS_CONFIGURATION);
	assert_int_equal(class_of("application/json", "",
	                          "id: 1\ntext: From a\nReceived: from b\nMessage-ID: <1@c>\nFrom: a@c\n"
	                          "To: d@c\nSubject: e\nDate: now\n"),
	                 CLASS_MAIL);
	assert_int_equal(class_of("text/plain", "", "Dear Anna,\nthe weather here is fine and we hope to see you soon again.\n"),
	                 CLASS_OTHER);
}

static void reads_columns(void **state)
{
	static const char sheet[] = "SKU\tDescription\tUnit price\n1\ta\t2\n";
	const struct table_span table = {.from = 0, .to = sizeof sheet - 1, .delimiter = '\t', .has_header = true};
	(void)state;
	struct told *told = classify(&(struct classification_input){.media_type = BYTES_LITERAL("text/tab-separated-values"),
	                                                            .text = BYTES_LITERAL(sheet),
	                                                            .tables = &table,
	                                                            .table_count = 1,
	                                                            .was_read = true});
	assert_int_equal(told->is.class, CLASS_PRICE_LIST);
	assert_true(bytes_find(told->is.reasons[0].value, BYTES_LITERAL("column \"unit price\"")) != BYTES_NOT_FOUND);
	release(told);
}

/* Megabytes of what costs most: words that begin phrases, lines without end, cells without end. It only has to end. */
static void stands_the_worst(void **state)
{
	enum { SIZE = 4 << 20 };
	static const char *const pieces[] = {"invoice ", "statement of ", "a\n", "\t", "=", "confidentiality and non ",
	                                     "\xC3\xA9"};
	char *text = malloc(SIZE);
	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t length = strlen(pieces[i]), size = SIZE / length * length;
		for (size_t at = 0; at < size; at += length)
			memcpy(text + at, pieces[i], length);
		const struct table_span table = {.from = 0, .to = size, .delimiter = '\t'};
		release(classify(&(struct classification_input){.media_type = BYTES_LITERAL("text/plain"),
		                                                .title = bytes_of(text, size),
		                                                .text = bytes_of(text, size),
		                                                .tables = &table,
		                                                .table_count = 1,
		                                                .was_read = true}));
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_titles_in_four_languages),
		cmocka_unit_test(does_not_guess),
		cmocka_unit_test(obeys_schemata),
		cmocka_unit_test(takes_the_class_of_an_embedded_invoice),
		cmocka_unit_test(knows_structures),
		cmocka_unit_test(titles_that_could_be_anything_need_a_second_word),
		cmocka_unit_test(knows_lines),
		cmocka_unit_test(reads_columns),
		cmocka_unit_test(stands_the_worst),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
