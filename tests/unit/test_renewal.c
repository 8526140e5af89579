/* SPDX-License-Identifier: Apache-2.0 */
/* What was read is looked through again: the same rules say the same of it, from what was kept alone. */
#define _GNU_SOURCE /* memfd_create */
#include "base/digest.h"
#include "model/layout.h"
#include "reading/renewal.h"
#include "reading/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- keeping a document as it goes over the wire ---- */

struct kept {
	struct arena arena;
	struct buffer told; /* its frames */
	struct extract_gathering gathering;
	const struct document_record *record;
	bool keeps_all; /* else as a catalog does: of its findings those that its text does not show */
};

static enum status pass(void *context)
{
	(void)context;
	return STATUS_OK;
}

static enum status pass_begin(void *context, struct bytes inner_path)
{
	(void)context;
	assert_int_equal(inner_path.len, 0);
	return STATUS_OK;
}

static enum status keep(void *context, const struct document_record *given)
{
	struct kept *kept = context;
	static struct wire_writer writer;
	struct document_record record = *given;
	struct buffer findings = buffer_with_ceiling(1 << 20);
	int memory = memfd_create("test", MFD_CLOEXEC);
	for (size_t i = 0; i < record.finding_count; i++)
		if (kept->keeps_all || record.findings[i].kind == FINDING_SECRET ||
		    bytes_find_byte(record.findings[i].raw, '*') != BYTES_NOT_FOUND)
			buffer_append(&findings, bytes_of(&record.findings[i], sizeof record.findings[i]));
	record.findings = (const void *)findings.at;
	record.finding_count = findings.len / sizeof(struct finding);
	assert_int_equal(extract_write_document(memory, &writer, &record), STATUS_OK);
	off_t size = lseek(memory, 0, SEEK_END);
	kept->told = buffer_with_ceiling(1 << 26);
	assert_int_equal(pread(memory, buffer_extend(&kept->told, (size_t)size), (size_t)size, 0), size);
	close(memory);
	kept->arena = arena_with_ceiling(1 << 26);
	kept->gathering = (struct extract_gathering){.arena = &kept->arena};
	assert_int_equal(extract_take_document(&kept->gathering, buffer_bytes(&kept->told), &kept->record), STATUS_OK);
	buffer_free(&findings);
	return STATUS_OK;
}

static void forget(struct kept *kept)
{
	extract_gathering_free(&kept->gathering);
	buffer_free(&kept->told);
	arena_free(&kept->arena);
}

static void read_text(struct bytes bytes, const char *name, struct kept *kept)
{
	struct extract_job job = {.size = bytes.len, .has_sha256 = true, .allowance = allowance_of_size(bytes.len, 10)};
	struct source source = source_of_bytes(bytes);
	source.name = bytes_of_string(name);
	digest_sha256(bytes, job.sha256);
	assert_int_equal(
		emitter_read_object(&source, &job, &emitter_default_limits, &(struct emitter_sink){pass_begin, keep, pass, kept}),
		STATUS_OK);
}

static void renew(const struct kept *told, struct kept *kept)
{
	const struct extract_job job = {.is_renewal = true, .allowance = allowance_of_size(told->record->text.len, 10)};
	assert_int_equal(renewal_read(told->record, &job, &(struct emitter_sink){pass_begin, keep, pass, kept}), STATUS_OK);
}

static void assert_same(struct bytes a, struct bytes b)
{
	if (!bytes_equal(a, b))
		fail_msg("%.*s is not %.*s", (int)a.len, (const char *)a.at, (int)b.len, (const char *)b.at);
}

static void assert_alike(const struct document_record *a, const struct document_record *b)
{
	assert_same(a->text, b->text);
	assert_same(a->class, b->class);
	assert_same(a->signing, b->signing);
	assert_same(a->title, b->title);
	assert_same(a->media_type, b->media_type);
	assert_int_equal(a->outcome, b->outcome);
	assert_int_equal(a->finding_count, b->finding_count);
	for (size_t i = 0; i < a->finding_count; i++) {
		const struct finding *x = &a->findings[i], *y = &b->findings[i];
		assert_int_equal(x->kind, y->kind);
		assert_same(x->value, y->value);
		assert_same(x->raw, y->raw);
		assert_same(x->rule, y->rule);
		assert_same(x->subkind, y->subkind);
		assert_int_equal(x->from, y->from);
		assert_int_equal(x->to, y->to);
		assert_true(x->confidence >= y->confidence && x->confidence <= y->confidence);
	}
	assert_int_equal(a->organisation_count, b->organisation_count);
	for (size_t i = 0; i < a->organisation_count; i++)
		assert_same(a->organisations[i].domain, b->organisations[i].domain);
	assert_int_equal(a->fact_count, b->fact_count);
	for (size_t i = 0; i < a->fact_count; i++) {
		assert_int_equal(a->facts[i].kind, b->facts[i].kind);
		assert_same(a->facts[i].value, b->facts[i].value);
	}
}

static void renews_alike(struct bytes bytes, const char *name, size_t findings)
{
	struct kept all = {.keeps_all = true}, some = {.keeps_all = false}, again = {.keeps_all = true};
	read_text(bytes, name, &all);
	read_text(bytes, name, &some);
	assert_true(all.record->finding_count >= findings);
	assert_true(some.record->finding_count < all.record->finding_count);
	renew(&some, &again);
	assert_alike(all.record, again.record);
	forget(&all);
	forget(&some);
	forget(&again);
}

static const char letter[] =
	"Dear Anna, write to anna@contoso.com or see https://bob:hunter2xyz@files.contoso.com/a?sig=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA%3D%3D\n"
	"The key is AKIAQ3EGRZ7NLMX52PTV, the IBAN DE89 3704 0044 0532 0130 00; *bold* and **anna@contoso.com**.\n"
	"password = \"wq8Zk2pLx9Vt\"\n";

static void what_its_text_does_not_show_is_still_found(void **state)
{
	(void)state;
	renews_alike(bytes_of_string(letter), "letter.txt", 5);
}

static void a_table_is_still_one(void **state)
{
	(void)state;
	renews_alike(BYTES_LITERAL("name;mail;iban\nAnna Berg;anna@contoso.com;DE89370400440532013000\n"
	                           "Bob Tal;bob@fabrikam.com;GB33BUKB20201555555555\n"),
	             "people.csv", 4);
}

/* Strings of bytes that nobody read: what is found in them is as unsure as it was. */
static void what_was_carved_is_still_carved(void **state)
{
	(void)state;
	static const unsigned char before[] = {0, 1, 2, 3, 0xff, 0xfe, 0, 0, 7, 0, 0, 1};
	struct buffer bytes = buffer_with_ceiling(1 << 16);
	for (unsigned i = 0; i < 40; i++) {
		buffer_append(&bytes, bytes_of(before, sizeof before));
		buffer_append_format(&bytes, "anna%u@contoso.com", i);
	}
	struct kept all = {.keeps_all = true};
	read_text(buffer_bytes(&bytes), "x.bin", &all);
	assert_true(all.record->finding_count > 0 && finding_is_carved(&all.record->findings[0]));
	forget(&all);
	renews_alike(buffer_bytes(&bytes), "x.bin", 40);
	buffer_free(&bytes);
}

/* ---- spans ---- */

struct written {
	struct fact facts[64];
	struct arena arena;
	size_t count;
};

static enum status note(void *context, const struct fact *fact)
{
	struct written *written = context;
	assert_true(written->count < 64 && fact->value.len <= FACT_VALUE_MAX);
	written->facts[written->count] = *fact;
	written->facts[written->count++].value = arena_copy(&written->arena, fact->value);
	return STATUS_OK;
}

static void spans_come_back_as_they_were(void **state)
{
	(void)state;
	enum { SPANS = 3000 };
	static struct carved_span carved[SPANS];
	static struct table_span tables[SPANS];
	struct written written = {.arena = arena_with_ceiling(1 << 24)};
	struct buffer first = buffer_with_ceiling(1 << 20), second = buffer_with_ceiling(1 << 20);
	for (uint64_t i = 0; i < SPANS; i++) {
		carved[i] = (struct carved_span){i * 1000, i * 1000 + 999};
		tables[i] = (struct table_span){i * 1000 + 1, i * 1000 + 500, i % 2 ? ';' : '\t', i % 3 == 0};
	}
	assert_int_equal(layout_write_carved(carved, SPANS, note, &written), STATUS_OK);
	assert_int_equal(layout_write_tables(tables, SPANS, note, &written), STATUS_OK);
	assert_true(written.count > 2 && written.count < 30);
	for (size_t i = 0; i < written.count; i++)
		layout_read(&written.facts[i], SPANS * 1000, &first, &second);
	assert_int_equal(first.len, sizeof carved);
	assert_memory_equal(first.at, carved, sizeof carved);
	const struct table_span *read = (const void *)second.at;
	assert_int_equal(second.len, sizeof tables);
	for (size_t i = 0; i < SPANS; i++)
		assert_true(read[i].from == tables[i].from && read[i].to == tables[i].to &&
		            read[i].delimiter == tables[i].delimiter && read[i].has_header == tables[i].has_header);
	buffer_free(&first);
	buffer_free(&second);
	arena_free(&written.arena);
}

/* Of whatever somebody wrote there, only spans within the text, in order. */
static void spans_of_nobodys_making_are_left_out(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value;
		size_t carved, tables;
	} rows[] = {
		{"carved", "0-5 7-9", 2, 0},
		{"carved", "7-9 0-5", 1, 0},
		{"carved", "0-101", 0, 0},
		{"carved", "5-5 6-7", 1, 0},
		{"carved", "0-5/9/1", 0, 0},
		{"carved", "-", 0, 0},
		{"carved", "18446744073709551616-5", 0, 0},
		{"table", "0-5/59/1", 0, 1},
		{"table", "0-5", 0, 0},
		{"table", "0-5/300/1", 0, 0},
		{"table", "", 0, 0},
		{"other", "0-5", 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer carved = buffer_with_ceiling(1 << 16), tables = buffer_with_ceiling(1 << 16);
		struct fact fact = {FACT_LAYOUT, bytes_of_string(rows[i].name), bytes_of_string(rows[i].value), 0, 0, 1};
		layout_read(&fact, 100, &carved, &tables);
		assert_int_equal(carved.len / sizeof(struct carved_span), rows[i].carved);
		assert_int_equal(tables.len / sizeof(struct table_span), rows[i].tables);
		buffer_free(&carved);
		buffer_free(&tables);
	}
}

/* ---- frames in memory ---- */

static void a_document_in_memory_is_whole_or_refused(void **state)
{
	(void)state;
	struct kept all = {.keeps_all = true};
	const struct document_record *record;
	read_text(bytes_of_string(letter), "letter.txt", &all);
	struct bytes told = buffer_bytes(&all.told);
	for (size_t length = 0; length < told.len; length++) {
		struct arena arena = arena_with_ceiling(1 << 24);
		struct extract_gathering gathering = {.arena = &arena};
		assert_int_equal(extract_take_document(&gathering, bytes_slice(told, 0, length), &record), STATUS_MALFORMED);
		extract_gathering_free(&gathering);
		arena_free(&arena);
	}
	struct buffer twice = buffer_with_ceiling(1 << 20);
	struct arena arena = arena_with_ceiling(1 << 24);
	struct extract_gathering gathering = {.arena = &arena};
	buffer_append(&twice, told);
	buffer_append(&twice, told);
	assert_int_equal(extract_take_document(&gathering, buffer_bytes(&twice), &record), STATUS_MALFORMED);
	extract_gathering_free(&gathering);
	arena_free(&arena);
	buffer_free(&twice);
	forget(&all);
}

static int prepare(void **state)
{
	(void)state;
	return worker_prepare() == STATUS_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_its_text_does_not_show_is_still_found),
		cmocka_unit_test(a_table_is_still_one),
		cmocka_unit_test(what_was_carved_is_still_carved),
		cmocka_unit_test(spans_come_back_as_they_were),
		cmocka_unit_test(spans_of_nobodys_making_are_left_out),
		cmocka_unit_test(a_document_in_memory_is_whole_or_refused),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}
