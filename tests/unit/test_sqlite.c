/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite databases made by SQLite itself: each table's text is what SELECT
 * answers, whatever the page size, charset and kind of tree; and what is
 * damaged on purpose costs that, and ends.
 */
#include "format-test.h"

#include <sqlite3.h>
#include <stdio.h>

extern const struct format format_sqlite, format_sqlite_wal;

#define HEADER_PAGE_SIZE 16

/* ---- databases ---- */

static void run(sqlite3 *database, const char *sql)
{
	char *why = NULL;
	if (sqlite3_exec(database, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static sqlite3 *open_database(const char *sql)
{
	sqlite3 *database;
	assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
	run(database, sql);
	return database;
}

static struct buffer image_of(sqlite3 *database)
{
	sqlite3_int64 size;
	struct buffer image = buffer_with_ceiling(64 << 20);
	unsigned char *bytes = sqlite3_serialize(database, "main", &size, 0);
	assert_non_null(bytes);
	buffer_append(&image, bytes_of(bytes, (size_t)size));
	sqlite3_free(bytes);
	return image;
}

static struct buffer make(const char *sql)
{
	sqlite3 *database = open_database(sql);
	struct buffer image = image_of(database);
	sqlite3_close(database);
	return image;
}

/* ---- what SELECT answers, in the form of a table ---- */

static void append_cell(struct buffer *into, struct bytes text)
{
	bool needs_quotes = text.len > 0 && text.at[0] == '"';
	for (size_t i = 0; i < text.len; i++)
		needs_quotes |= text.at[i] == '\t' || text.at[i] == '\n' || text.at[i] == '\r';
	if (needs_quotes)
		buffer_append_byte(into, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (needs_quotes && text.at[i] == '"')
			buffer_append_byte(into, '"');
		buffer_append_byte(into, text.at[i]);
	}
	if (needs_quotes)
		buffer_append_byte(into, '"');
}

/* Up to the last cell that is not empty, as tables are written. */
static void append_row(struct buffer *into, sqlite3_stmt *rows, bool is_header)
{
	unsigned waiting = 0;
	for (int i = 0; i < sqlite3_column_count(rows); i++) {
		const void *text = is_header ? (const void *)sqlite3_column_name(rows, i) : sqlite3_column_text(rows, i);
		size_t length = is_header ? strlen(text) : (size_t)sqlite3_column_bytes(rows, i);
		for (; length > 0 && waiting > 0; waiting--)
			buffer_append_byte(into, '\t');
		append_cell(into, bytes_of(text, length));
		waiting++;
	}
	buffer_append_byte(into, '\n');
}

static struct buffer select_all(sqlite3 *database, const char *table)
{
	char sql[256];
	sqlite3_stmt *rows;
	struct buffer text = buffer_with_ceiling(64 << 20);
	snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
	assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &rows, NULL), SQLITE_OK);
	append_row(&text, rows, true);
	while (sqlite3_step(rows) == SQLITE_ROW)
		append_row(&text, rows, false);
	sqlite3_finalize(rows);
	return text;
}

/* Each table that this database has is a part, which says what SELECT says. */
static void assert_reads(const char *sql)
{
	sqlite3 *database = open_database(sql);
	struct buffer image = image_of(database);
	struct emitter mapped, viewed;
	sqlite3_stmt *names;
	size_t count = 0;
	assert_int_equal(read_as(&mapped, &format_sqlite, buffer_bytes(&image), true), STATUS_OK);
	assert_int_equal(read_as(&viewed, &format_sqlite, buffer_bytes(&image), false), STATUS_OK);
	assert_int_equal(sqlite3_prepare_v2(database,
	                                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
	                                    "'sqlite\\_%' ESCAPE '\\' AND rootpage > 0",
	                                    -1, &names, NULL),
	                 SQLITE_OK);
	for (; sqlite3_step(names) == SQLITE_ROW; count++) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		char path[256];
		snprintf(path, sizeof path, "table/%s", name);
		const struct recorded_part *part = recording_emitter_part(&mapped, path);
		struct buffer wanted = select_all(database, name);
		assert_non_null(part);
		assert_string_equal(buffer_string(&part->text), buffer_string(&wanted));
		assert_string_equal(part->note, "");
		assert_int_equal(part->how, STATUS_OK);
		assert_true(bytes_equal(buffer_bytes(&part->text), buffer_bytes(&recording_emitter_part(&viewed, path)->text)));
		buffer_free(&wanted);
	}
	assert_true(count > 0);
	assert_int_equal(mapped.part_count, count);
	sqlite3_finalize(names);
	recording_emitter_free(&mapped);
	recording_emitter_free(&viewed);
	buffer_free(&image);
	sqlite3_close(database);
}

static void test_values_of_all_kinds(void **state)
{
	(void)state;
	assert_reads(
		"CREATE TABLE t (a, b TEXT, c INTEGER, d REAL, e BLOB);"
		"INSERT INTO t VALUES (1, 'Anna', -7, 0.5, 'x'), (NULL, '', 9223372036854775807, -1234567.5, NULL),"
		" (127, 'Bergstr\xC3\xB6m', -32769, 12.25, 3), (-9223372036854775808, '\xF0\x9F\x93\xA7', 8388608, 0.1, x'6869'),"
		" (2147483648, 'a' || char(9) || 'b', 549755813888, 100.5, 0), ('\"q\"', 'two' || char(10) || 'lines \"q\"', 0, 1.75, 1);");
}

static void test_columns_are_where_the_schema_has_them(void **state)
{
	(void)state;
	assert_reads(
		"CREATE TABLE t (id INTEGER PRIMARY KEY, \"a, b\" TEXT DEFAULT '(', [c)] VARCHAR(10, 2) CHECK ([c)] <> ','),"
		" `d` /* e, */ INT, -- f,\n g DECIMAL(3,1) REFERENCES o(x) ON DELETE CASCADE, 'h', CONSTRAINT k UNIQUE (g, d),"
		" FOREIGN KEY (d) REFERENCES o (y));"
		"INSERT INTO t VALUES (5, 'x', 'y', 1, 2, 3), (900, 'x2', 'y2', 4, 5.5, 6);"
		"CREATE TABLE late (a INTEGER, b, PRIMARY KEY (a));"
		"INSERT INTO late VALUES (3, 'x');"
		"ALTER TABLE late ADD COLUMN n INT DEFAULT -5; ALTER TABLE late ADD COLUMN s TEXT DEFAULT 'it''s';"
		"ALTER TABLE late ADD COLUMN later; INSERT INTO late VALUES (4, 'y', 1, 'z', 2);"
		"CREATE TABLE falling (a INTEGER PRIMARY KEY DESC, b); INSERT INTO falling VALUES (3, 'x'), (NULL, 'y');"
		"CREATE TABLE stored (a INT, b AS (a + 1) STORED, c); INSERT INTO stored (a, c) VALUES (1, 'c');"
		"CREATE TABLE named (\"primary\" INT, \"a\"\"b\" TEXT); INSERT INTO named VALUES (1, 'x');"
		"CREATE TABLE copied AS SELECT * FROM t;");
}

static void test_trees_of_keys(void **state)
{
	(void)state;
	assert_reads(
		"CREATE TABLE w (a TEXT, b INT, c TEXT, PRIMARY KEY (c COLLATE NOCASE DESC, a)) WITHOUT ROWID, STRICT;"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
		" INSERT INTO w SELECT 'a' || i, i, 'c' || (i * 7919 % 3001) FROM n;"
		"CREATE TABLE one (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO one VALUES ('x', 1), ('y', zeroblob(0));");
}

/* Three levels of pages, and texts that go on over many pages, in all sizes of pages. */
static void test_sizes(void **state)
{
	(void)state;
	for (int size = 512; size <= 65536; size *= 2) {
		char sql[1024];
		snprintf(sql, sizeof sql,
		         "PRAGMA page_size = %d; CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, n INT);"
		         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
		         " INSERT INTO t SELECT i * 3, 'row ' || i, i FROM n;"
		         "INSERT INTO t SELECT 100000 + value, replace(hex(zeroblob(value)), '0', 'x'), value FROM"
		         " (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value * 3 / 2 + 1 FROM n WHERE value < 300000)"
		         " SELECT value FROM n);",
		         size);
		assert_reads(sql);
	}
}

static void test_charsets(void **state)
{
	(void)state;
	static const char *const encodings[] = {"UTF-16le", "UTF-16be"};
	for (size_t i = 0; i < 2; i++) {
		char sql[512];
		snprintf(sql, sizeof sql,
		         "PRAGMA encoding = '%s'; CREATE TABLE \"\xC3\xA4\" (\"\xC3\xB6\" TEXT, b);"
		         "INSERT INTO \"\xC3\xA4\" VALUES ('Z\xC3\xBC"
		         "rich \xF0\x9F\x93\xA7', 'anna@contoso.com');"
		         "INSERT INTO \"\xC3\xA4\" VALUES (replace(hex(zeroblob(9000)), '00', '\xC3\xA9'), 2);",
		         encodings[i]);
		assert_reads(sql);
	}
}

static struct emitter read_image(struct buffer *image, enum status wanted)
{
	struct emitter emitter;
	assert_int_equal(read_as(&emitter, &format_sqlite, buffer_bytes(image), true), wanted);
	return emitter;
}

static void test_the_schema_is_text_and_nothing_of_it_runs(void **state)
{
	(void)state;
	struct buffer image = make("CREATE TABLE t (a, b AS (a || '@computed.example') VIRTUAL, c DEFAULT (abs(random())));"
	                           "INSERT INTO t (a, c) VALUES ('x', 1); CREATE VIEW v AS SELECT a || '@view.example' FROM t;"
	                           "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 'ann@trigger.example'; END;"
	                           "CREATE VIRTUAL TABLE f USING fts5(body); INSERT INTO f VALUES ('to ann@contoso.com');");
	struct emitter emitter = read_image(&image, STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "CREATE VIEW v AS SELECT a || '@view.example' FROM t\n");
	assert_contains(recording_emitter_text(&emitter), "ann@trigger.example");
	assert_string_equal(buffer_string(&recording_emitter_part(&emitter, "table/t")->text), "a\tb\tc\nx\t\t1\n");
	assert_string_equal(buffer_string(&recording_emitter_part(&emitter, "table/f_content")->text),
	                    "id\tc0\n1\tto ann@contoso.com\n");
	assert_null(recording_emitter_part(&emitter, "table/f"));
	assert_null(recording_emitter_part(&emitter, "table/v"));
	/* The words of the inverted list, cut where they begin alike, are nobody's. */
	assert_int_equal(emitter.carved.len, 0);
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

static void test_rows_are_counted_and_so_does_its_catalog(void **state)
{
	(void)state;
	struct buffer image = make("CREATE TABLE t (a); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1), (2), (3); ANALYZE;"
	                           "INSERT INTO t VALUES (4); CREATE TABLE u (a);");
	struct emitter emitter = read_image(&image, STATUS_OK);
	assert_int_equal(recording_emitter_part(&emitter, "table/t")->rows, 4);
	assert_int_equal(recording_emitter_part(&emitter, "table/t")->catalog_rows, 3);
	assert_int_equal(recording_emitter_part(&emitter, "table/u")->rows, 0);
	assert_true(recording_emitter_part(&emitter, "table/u")->catalog_rows == ROWS_UNKNOWN);
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

static void test_documents_in_cells_are_parts(void **state)
{
	(void)state;
	struct buffer image = make(
		"CREATE TABLE t (id, scan BLOB);"
		"INSERT INTO t VALUES (1, CAST('%PDF-1.4' || replace(hex(zeroblob(3000000)), '0', char(10)) AS BLOB)),"
		" (2, CAST('ann@contoso.com' AS BLOB)), (3, x'00FF10'), (4, CAST(replace('0000000000bob@fabrikam.com0000000', '0',"
		" char(1, 0)) AS BLOB)), (5, x'89504E470D0A1A0A0000000D4948445200000000000000000000000000000000000000000000');");
	struct emitter emitter = read_image(&image, STATUS_OK);
	const struct recorded_part *part = recording_emitter_part(&emitter, "table/t");
	assert_string_equal(buffer_string(&part->text), "id\tscan\n1\n2\tann@contoso.com\n3\t00ff10\n4\n5\nbob@fabrikam.com\n");
	assert_string_equal(buffer_string(&emitter.carved), "bob@fabrikam.com\n");
	assert_string_equal(part->note, "1 binary values: strings only");
	assert_int_equal(part->unseen, 50);
	assert_int_equal(emitter.child_count, 2);
	assert_int_equal(recording_emitter_child(&emitter, "1/scan")->bytes.len, 6000008);
	assert_int_equal(recording_emitter_child(&emitter, "5/scan")->how, STATUS_OK);
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

static void test_a_log_beside_it_is_told(void **state)
{
	(void)state;
	struct buffer image = make("CREATE TABLE t (a); INSERT INTO t VALUES ('x');");
	image.at[18] = image.at[19] = 2;
	struct emitter emitter = read_image(&image, STATUS_OK);
	assert_contains(emitter.note, "write-ahead log");
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

/* Of a log the rows as the last commit left them, and nothing behind it. */
static void test_a_log_tells_its_rows(void **state)
{
	(void)state;
	struct buffer log = load_golden("sqlite-wal/changes/crm.sqlite-wal");
	struct emitter emitter;
	assert_true(bid_for(&format_sqlite_wal, buffer_bytes(&log), "") > 48);
	assert_int_equal(read_as(&emitter, &format_sqlite_wal, buffer_bytes(&log), false), STATUS_OK);
	const char *rows = buffer_string(&recording_emitter_part(&emitter, "table/rows")->text);
	assert_contains(rows, "CREATE TABLE customer(id integer primary key,name text,email text)\n");
	assert_contains(rows, "\tIngrid Bergstrom\tingrid@fabrikam.com\n");
	assert_null(strstr(rows, "ingrid.bergstrom@contoso.com"));
	assert_string_equal(buffer_string(&recording_emitter_part(&emitter, "table/keys")->text), "key of dora@litware.com\t7\n");
	recording_emitter_free(&emitter);
	/* A frame that was not written whole ends it: the commit before counts. */
	log.at[log.len - 1] ^= 1;
	assert_int_equal(read_as(&emitter, &format_sqlite_wal, buffer_bytes(&log), true), STATUS_OK);
	assert_string_equal(buffer_string(&recording_emitter_part(&emitter, "table/keys")->text), "");
	assert_contains(emitter.note, "behind its last commit");
	assert_int_equal(emitter.unseen, 1048);
	recording_emitter_free(&emitter);
	log.at[log.len - 1] ^= 1;
	log.at[24] ^= 1;
	assert_int_equal(read_as(&emitter, &format_sqlite_wal, buffer_bytes(&log), true), STATUS_MALFORMED);
	recording_emitter_free(&emitter);
	log.at[24] ^= 1;
	assert_survives(&format_sqlite_wal, &log, 7);
	assert_obeys(&format_sqlite_wal, buffer_bytes(&log));
	buffer_free(&log);
}

/* ---- damage ---- */

static const char two_tables[] =
	"PRAGMA page_size = 512; CREATE TABLE a (s); CREATE TABLE b (s);"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO a SELECT 'first ' || i FROM n;"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO b SELECT 'second ' || i FROM n;"
	"INSERT INTO b VALUES (replace(hex(zeroblob(3000)), '0', 'y'));";

static void test_what_stands_before_a_cut_is_kept(void **state)
{
	(void)state;
	struct buffer image = make(two_tables);
	buffer_truncate(&image, image.len - 512 * 8);
	struct emitter emitter = read_image(&image, STATUS_TRUNCATED);
	const struct recorded_part *a = recording_emitter_part(&emitter, "table/a"),
				   *b = recording_emitter_part(&emitter, "table/b");
	assert_int_equal(a->how, STATUS_OK);
	assert_int_equal(a->rows, 200);
	assert_int_equal(b->how, STATUS_TRUNCATED);
	assert_contains(b->note, "behind the end of the file");
	assert_contains(buffer_string(&b->text), "second 100\n");
	assert_contains(emitter.note, "1 of its tables");
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

/* Of a table's first page in the image that points to others, as a number; 0 if there is none. */
static size_t find_inner_page(const struct buffer *image, size_t page_size)
{
	for (size_t at = page_size; at < image->len; at += page_size)
		if (image->at[at] == 5)
			return at;
	return 0;
}

static void store_be32(unsigned char *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void test_a_damaged_page_costs_its_rows(void **state)
{
	(void)state;
	struct buffer image = make(two_tables);
	size_t inner = find_inner_page(&image, 512);
	size_t cell = load_be16(image.at + inner + 12), child = (load_be32(image.at + inner + cell) - 1) * (size_t)512;
	memset(image.at + child, 0xFF, 512);
	struct emitter emitter = read_image(&image, STATUS_MALFORMED);
	const struct recorded_part *a = recording_emitter_part(&emitter, "table/a");
	assert_int_equal(a->how, STATUS_MALFORMED);
	assert_in_range(a->rows, 150, 199);
	assert_contains(buffer_string(&a->text), "first 200\n");
	assert_int_equal(recording_emitter_part(&emitter, "table/b")->how, STATUS_OK);
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

static void test_circles_end(void **state)
{
	(void)state;
	struct buffer image = make(two_tables);
	size_t inner = find_inner_page(&image, 512);
	/* All children of a page are that page, then its last one is. */
	for (unsigned i = 0; i < load_be16(image.at + inner + 3); i++)
		store_be32(image.at + inner + load_be16(image.at + inner + 12 + 2 * i), (uint32_t)(inner / 512 + 1));
	struct emitter emitter = read_image(&image, STATUS_MALFORMED);
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

/* Thousands of cells that are one and the same text make no gigabytes. */
static void test_a_page_is_worth_no_more_than_itself(void **state)
{
	(void)state;
	struct buffer image = make(
		"PRAGMA page_size = 65536; CREATE TABLE t (s); INSERT INTO t VALUES (replace(hex(zeroblob(20000)), '0', 'z'));");
	unsigned char *page = image.at + 65536;
	unsigned count = 5000;
	assert_int_equal(page[0], 0x0D);
	page[3] = (unsigned char)(count >> 8);
	page[4] = (unsigned char)count;
	for (unsigned i = 1; i < count; i++)
		memcpy(page + 8 + 2 * i, page + 8, 2);
	struct emitter emitter = read_image(&image, STATUS_MALFORMED);
	assert_in_range(recording_emitter_part(&emitter, "table/t")->text.len, 40000, 65536);
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

static const char small[] = "PRAGMA page_size = 512; CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, b BLOB);"
			    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
			    " INSERT INTO t SELECT i, 'text ' || i, zeroblob(i * 9) FROM n;"
			    "CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO w SELECT s, id FROM t; ANALYZE;";

static void test_survives_cuts_and_flips(void **state)
{
	(void)state;
	struct buffer image = make(small);
	assert_survives(&format_sqlite, &image, 3);
	buffer_free(&image);
}

static void test_returns_what_the_emitter_says(void **state)
{
	(void)state;
	struct buffer image = make(small);
	assert_obeys(&format_sqlite, buffer_bytes(&image));
	buffer_free(&image);
}

static void test_bids_on_databases_alone(void **state)
{
	(void)state;
	struct buffer image = make("CREATE TABLE t (a);");
	assert_true(bid_for(&format_sqlite, buffer_bytes(&image), "x.txt") > 48);
	assert_int_equal(bid_for(&format_sqlite, bytes_slice(buffer_bytes(&image), 0, 50), "x.db"), 0);
	assert_int_equal(bid_for(&format_sqlite, BYTES_LITERAL("SQLite format 3 is described here"), "x.db"), 0);
	image.at[HEADER_PAGE_SIZE] = 0x33;
	struct emitter emitter = read_image(&image, STATUS_MALFORMED);
	assert_contains(emitter.note, "header");
	recording_emitter_free(&emitter);
	buffer_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_of_all_kinds),
		cmocka_unit_test(test_columns_are_where_the_schema_has_them),
		cmocka_unit_test(test_trees_of_keys),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_the_schema_is_text_and_nothing_of_it_runs),
		cmocka_unit_test(test_rows_are_counted_and_so_does_its_catalog),
		cmocka_unit_test(test_documents_in_cells_are_parts),
		cmocka_unit_test(test_a_log_beside_it_is_told),
		cmocka_unit_test(test_a_log_tells_its_rows),
		cmocka_unit_test(test_what_stands_before_a_cut_is_kept),
		cmocka_unit_test(test_a_damaged_page_costs_its_rows),
		cmocka_unit_test(test_circles_end),
		cmocka_unit_test(test_a_page_is_worth_no_more_than_itself),
		cmocka_unit_test(test_survives_cuts_and_flips),
		cmocka_unit_test(test_returns_what_the_emitter_says),
		cmocka_unit_test(test_bids_on_databases_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
