/* SPDX-License-Identifier: Apache-2.0 */
/* The register's file: what is taken, what is refused by name, and what is an error with its line. */
#include "register/register.h"

#include "understanding/attribute.h"
#include "words/lexicon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* Behind our headers: it defines a macro called fail. */
#include <cmocka.h>

static void append_reading(struct buffer *into, const struct register_reading *reading)
{
	static const char *const kinds[] = {"", "~", "#"};
	for (size_t i = 0; i < reading->count; i++) {
		const struct register_row *row = &reading->rows[i];
		for (size_t j = 0; j < row->domain_count; j++) {
			buffer_append_string(into, j > 0 ? "+" : "");
			buffer_append(into, row->domains[j]);
		}
		buffer_append_format(into, "(%s,", row->relationship ? relationship_name(row->relationship) : "");
		buffer_append(into, row->country);
		buffer_append_byte(into, ')');
		for (size_t j = 0; j < row->term_count; j++) {
			buffer_append_format(into, " %s", kinds[row->terms[j].kind]);
			buffer_append(into, row->terms[j].text);
		}
		buffer_append_byte(into, '\n');
	}
	for (size_t i = 0; i < reading->refusal_count; i++) {
		buffer_append_format(into, "%zu %s ", reading->refusals[i].line, reading->refusals[i].what);
		buffer_append(into, reading->refusals[i].text);
		buffer_append_byte(into, '\n');
	}
}

static void check(const char *file, const char *read)
{
	struct arena arena = arena_with_ceiling(64 << 20);
	struct buffer told = buffer_with_ceiling(1 << 20);
	struct register_reading reading;
	struct failure failure = {.why = ""};
	assert_int_equal(attribute_prepare(), STATUS_OK);
	enum status status = register_read(bytes_of_string(file), &arena, &reading, &failure);
	if (status == STATUS_OK)
		append_reading(&told, &reading);
	else
		buffer_append_format(&told, "%s: %s", failure.where, failure.why);
	if (!bytes_equal_string(buffer_bytes(&told), read))
		fail_msg("of:\n%s\nread:\n%s\nnot:\n%s", file, buffer_string(&told), read);
	buffer_free(&told);
	arena_free(&arena);
}

static void rows_are_read(void **state)
{
	(void)state;
	check("domain\ncontoso.com\n", "contoso.com(,)\n");
	check("\xEF\xBB\xBFName,DOMAIN,Numbers\r\n\"Contoso \"\"Süd\"\", AG\",Contoso.COM,K-10234; K-77777 ;\r\n",
	      "contoso.com(,) Contoso \"Süd\", AG #K-10234 #K-77777\n");
	check("country,relationship,domain,aliases\nde,Customer,contoso.com;contoso.de,Contoso;;Contoso Energie\n\nus,own,fabrikam.com,\n",
	      "contoso.com+contoso.de(customer,DE) ~Contoso ~Contoso Energie\nfabrikam.com(own,US)\n");
	check("domain,name\nb\xC3\xBC"
	      "cher.de,Bücherei Nord\ncontoso.onmicrosoft.com,\n",
	      "xn--bcher-kva.de(,) Bücherei Nord\ncontoso.onmicrosoft.com(,)\n");
	check("domain,name,aliases\ncontoso.com,Contoso,contoso;CONTOSO\n", "contoso.com(,) Contoso\n");
}

static void what_means_nobody_is_refused(void **state)
{
	(void)state;
	check("domain,name\nco.uk,Suffix Ltd\ngmail.com,Mail\nwww.contoso.com,Contoso\ncom,\nlocalhost,\n",
	      "2 domain co.uk\n2 row Suffix Ltd\n3 domain gmail.com\n3 row Mail\n4 domain www.contoso.com\n4 row Contoso\n"
	      "5 domain com\n5 row com\n6 domain localhost\n6 row localhost\n");
	check("domain,aliases\ncontoso.com;co.uk,Contoso;Orange;ORANGE;Germany;Deutschland;May;août;Peter;ab;Sap;SAP;3M;2023;Müller;&\n",
	      "contoso.com(,) ~Contoso ~SAP ~3M\n2 domain co.uk\n2 alias Orange\n2 alias ORANGE\n2 alias Germany\n2 alias Deutschland\n"
	      "2 alias May\n2 alias août\n2 alias Peter\n2 alias ab\n2 alias Sap\n2 alias 2023\n2 alias Müller\n2 alias &\n");
	check("domain,numbers\ncontoso.com,12;1234;123456;1234567;A-1;AB-123;20240131;31122024;none\n",
	      "contoso.com(,) #1234567 #AB-123\n2 number 12\n2 number 1234\n2 number 123456\n2 number A-1\n2 number 20240131\n"
	      "2 number 31122024\n2 number none\n");
	/* What means two means neither. */
	check("domain,name,aliases\na.com,Northwind,Litware\nb.com,NORTHWIND,Fabrikam\nc.com,Northwind,\n",
	      "a.com(,) ~Litware\nb.com(,) ~Fabrikam\nc.com(,)\n3 name NORTHWIND\n2 name Northwind\n4 name Northwind\n");
}

static void mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	check("", "line 1: the file is empty; its first line names the columns");
	check("name\nContoso\n", "line 1: there is no column domain; the first line names the columns");
	check("domain,zzz\n", "line 1: column \"zzz\" is no column; there are domain, name, aliases, relationship, sector, "
	                      "country, contact, numbers");
	check("domain,alias\n", "line 1: column \"alias\" is no column; did you mean aliases?");
	check("domain;name\n", "line 1: column \"domain;name\" is no column: columns are parted by commas, not by semicolons");
	check("domain,domain\n", "line 1: column \"domain\" stands twice");
	check("domain,name\na.com,A,B\n", "line 2: row \"a.com\" has 3 fields, the header 2");
	check("domain,name\n,Contoso\n", "line 2: domain \"\" is missing: an organisation is named by its domain");
	check("domain\ncontoso.com\nfabrikam.com\nContoso.com\n", "line 4: domain \"Contoso.com\" stands in line 2 already");
	check("domain,relationship\na.com,client\n",
	      "line 2: relationship \"client\" is none; there are customer, prospect, partner, supplier, own");
	check("domain,country\na.com,Germany\n", "line 2: country \"Germany\" is no country's code; write DE");
	check("domain,country\na.com,XX\n",
	      "line 2: country \"XX\" is no country's code; two letters of ISO 3166-1 are meant, as DE");
	check("domain,contact\na.com,somebody\n", "line 2: contact \"somebody\" is no e-mail address");
	check("domain,name\na.com,\"A\nB\"\n", "line 2: name \"A\nB\" has a line end or another control character in it");
	check("domain,name\na.com,\"A\nb.com,B\n", "line 2: has a quotation mark that is not closed");
	check("domain,name\na.com,A \"B\"\n",
	      "line 2: has a quotation mark within a field; put the whole field in marks and double those in it");
	check("domain,name\na.com,\"A\"B\n", "line 2: goes on behind a closed quotation mark");
	check("domain,name\na.com,A\rb.com,B\n", "line 2: has a carriage return without a line feed");
	check("domain,name\na.com,A\nb.com,M\xFCller\n", "line 3: is not UTF-8; save it as UTF-8");
	check("\xFF\xFE"
	      "d",
	      "line 1: is UTF-16; save it as UTF-8");
}

static void a_lexicon_is_made_of_rows(void **state)
{
	static const char file[] =
		"domain,name,aliases,numbers\ncontoso.com,Contoso AG,Global Services,K-10234\nfabrikam.com,,,\n";
	struct arena arena = arena_with_ceiling(64 << 20);
	struct buffer block = buffer_with_ceiling(LEXICON_SIZE_MAX);
	struct register_reading reading;
	struct lexicon lexicon;
	struct failure failure;
	(void)state;
	assert_int_equal(register_read(BYTES_LITERAL(file), &arena, &reading, &failure), STATUS_OK);
	assert_int_equal(register_make_lexicon(reading.rows, reading.count, &block), STATUS_OK);
	assert_int_equal(lexicon_open(buffer_bytes(&block), &lexicon), STATUS_OK);
	assert_int_equal(lexicon_count_terms(&lexicon), 3);
	assert_false(lexicon_term_at(&lexicon, 0).is_exact);
	assert_true(lexicon_term_at(&lexicon, 1).is_exact); /* made of common words */
	assert_int_equal(lexicon_term_at(&lexicon, 2).kind, LEXICON_NUMBER);
	assert_true(bytes_equal_string(lexicon_owner_at(&lexicon, 0).domain, "contoso.com"));
	buffer_reset(&block);
	assert_int_equal(register_make_lexicon(reading.rows + 1, 1, &block), STATUS_OK);
	assert_int_equal(block.len, 0);
	buffer_free(&block);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(what_means_nobody_is_refused),
		cmocka_unit_test(mistakes_are_told_with_their_line),
		cmocka_unit_test(a_lexicon_is_made_of_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
