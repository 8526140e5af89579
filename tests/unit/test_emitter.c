/* SPDX-License-Identifier: Apache-2.0 */
/* The emitter with the real formats over archives made here: names, order, budgets, skips. */
#include "base/digest.h"
#include "reading/emitter.h"
#include "reading/worker.h"
#include "zip-kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- archives ---- */

static void append_member(struct buffer *tar, const char *name, struct bytes contents)
{
	unsigned char header[512] = {0};
	unsigned sum = 0;
	snprintf((char *)header, 100, "%s", name);
	memcpy(header + 100, "0000600", 8);
	memcpy(header + 108, "0000000", 8);
	memcpy(header + 116, "0000000", 8);
	snprintf((char *)header + 124, 12, "%011zo", contents.len);
	memcpy(header + 136, "00000000000", 12);
	memset(header + 148, ' ', 8);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof header; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
	buffer_append(tar, bytes_of(header, sizeof header));
	buffer_append(tar, contents);
	while (tar->len % 512 != 0)
		buffer_append_byte(tar, 0);
}

static void append_end(struct buffer *tar)
{
	for (unsigned i = 0; i < 1024; i++)
		buffer_append_byte(tar, 0);
}

struct member {
	const char *name, *text;
};

static struct buffer make_tar(const struct member *members, size_t count)
{
	struct buffer tar = buffer_with_ceiling(16 << 20);
	for (size_t i = 0; i < count; i++)
		append_member(&tar, members[i].name, bytes_of_string(members[i].text));
	append_end(&tar);
	assert_int_equal(buffer_status(&tar), STATUS_OK);
	return tar;
}

/* A letter within so many archives. */
static struct buffer make_nest(unsigned levels)
{
	struct buffer inner = buffer_with_ceiling(16 << 20);
	buffer_append_string(&inner, "Dear Anna, write to anna@contoso.com\n");
	for (unsigned i = 0; i < levels; i++) {
		struct buffer outer = buffer_with_ceiling(16 << 20);
		append_member(&outer, i == 0 ? "a.txt" : "a.tar", buffer_bytes(&inner));
		append_end(&outer);
		buffer_free(&inner);
		inner = outer;
	}
	return inner;
}

/* ---- a sink that remembers ---- */

enum { SEEN_MAX = 64 };

struct seen {
	struct {
		char path[256], shown[256], note[128];
		uint32_t ordinal, parent;
		enum outcome outcome;
		size_t findings, organisations, text;
		uint64_t unseen;
		bool has_sha256;
		unsigned char content_key[32];
	} documents[SEEN_MAX];
	size_t count;
	char begun[SEEN_MAX][256];
	size_t begun_count;
	enum status refusal; /* of the first document, if not OK */
	unsigned signs_left; /* of progress, before it is told to end; 0: never */
};

static void copy_path(char *into, size_t size, struct bytes path)
{
	snprintf(into, size, "%.*s", (int)path.len, path.len ? (const char *)path.at : "");
}

static enum status note_begin(void *context, struct bytes inner_path)
{
	struct seen *seen = context;
	if (seen->begun_count < SEEN_MAX)
		copy_path(seen->begun[seen->begun_count++], sizeof seen->begun[0], inner_path);
	return STATUS_OK;
}

#define TAIL "Nzg5MGFiY2RlZmdoaWo"
#define STARS "************************************************"
#define SIGNATURE "Zm9vYmFyYmF6cXV4MTIzNDU2" TAIL "01%3D"

static void assert_lacks_tail(struct bytes bytes)
{
	if (bytes_find(bytes, BYTES_LITERAL(TAIL)) != BYTES_NOT_FOUND)
		fail_msg("%.*s", (int)bytes.len, (const char *)bytes.at);
}

/* What goes to the sink is all that anybody ever learns of a document. */
static void assert_holds_no_signature(const struct document_record *record)
{
	const struct bytes all[] = {record->inner_path, record->shown_path, record->text, record->title,
	                            record->author,     record->language,   record->note};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		assert_lacks_tail(all[i]);
	for (size_t i = 0; i < record->finding_count; i++) {
		assert_lacks_tail(record->findings[i].value);
		assert_lacks_tail(record->findings[i].raw);
	}
	for (size_t i = 0; i < record->fact_count; i++)
		assert_lacks_tail(record->facts[i].value);
	for (size_t i = 0; i < record->organisation_count; i++)
		assert_lacks_tail(record->organisations[i].why);
}

static enum status note_document(void *context, const struct document_record *record)
{
	struct seen *seen = context;
	assert_holds_no_signature(record);
	if (seen->refusal != STATUS_OK)
		return seen->refusal;
	assert_true(seen->count < SEEN_MAX);
	copy_path(seen->documents[seen->count].path, sizeof seen->documents[0].path, record->inner_path);
	copy_path(seen->documents[seen->count].shown, sizeof seen->documents[0].shown, record->shown_path);
	copy_path(seen->documents[seen->count].note, sizeof seen->documents[0].note, record->note);
	seen->documents[seen->count].ordinal = record->ordinal;
	seen->documents[seen->count].parent = record->parent;
	seen->documents[seen->count].outcome = record->outcome;
	seen->documents[seen->count].findings = record->finding_count;
	seen->documents[seen->count].organisations = record->organisation_count;
	seen->documents[seen->count].text = record->text.len;
	seen->documents[seen->count].unseen = record->unseen_bytes;
	seen->documents[seen->count].has_sha256 = record->has_sha256;
	memcpy(seen->documents[seen->count].content_key, record->content_key, 32);
	seen->count++;
	return STATUS_OK;
}

static enum status note_progress(void *context)
{
	struct seen *seen = context;
	return seen->signs_left > 0 && --seen->signs_left == 0 ? STATUS_TIMED_OUT : STATUS_OK;
}

static enum status read_bytes(struct bytes bytes, struct extract_job *job, const struct emitter_limits *limits, struct seen *seen)
{
	const struct emitter_sink sink = {note_begin, note_document, note_progress, seen};
	struct source source = source_of_bytes(bytes);
	job->size = bytes.len;
	job->has_sha256 = true;
	if (job->allowance.output == 0)
		job->allowance = allowance_of_size(bytes.len, 1);
	digest_sha256(bytes, job->sha256);
	return emitter_read_object(&source, job, limits, &sink);
}

/* Reads a tar, which is freed, under these limits. */
static struct seen read_tar(struct buffer tar, const struct emitter_limits *limits)
{
	struct seen seen = {.count = 0};
	struct extract_job job = {.size = 0};
	assert_int_equal(read_bytes(buffer_bytes(&tar), &job, limits, &seen), STATUS_OK);
	buffer_free(&tar);
	assert_true(seen.count > 0);
	assert_int_equal(seen.documents[seen.count - 1].ordinal, 0);
	return seen;
}

static void assert_document(const struct seen *seen, const char *path, enum outcome outcome)
{
	size_t found = 0;
	for (size_t i = 0; i < seen->count; i++) {
		if (strcmp(seen->documents[i].path, path) != 0)
			continue;
		found++;
		if (seen->documents[i].outcome != outcome)
			fail_msg("%s is %s", path, outcome_name(seen->documents[i].outcome));
	}
	if (found != 1)
		fail_msg("%zu documents are called %s", found, path);
}

/* ---- tests ---- */

static void test_parts_come_before_their_whole(void **state)
{
	(void)state;
	struct seen seen = read_tar(make_nest(3), &emitter_default_limits);
	assert_int_equal(seen.count, 4);
	assert_string_equal(seen.documents[0].path, "a.tar!/a.tar!/a.txt");
	assert_string_equal(seen.documents[1].path, "a.tar!/a.tar");
	assert_string_equal(seen.documents[2].path, "a.tar");
	assert_string_equal(seen.documents[3].path, "");
	assert_string_equal(seen.begun[0], "");
	assert_string_equal(seen.begun[3], "a.tar!/a.tar!/a.txt");
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(seen.documents[i].ordinal, 3 - i);
		assert_int_equal(seen.documents[i].parent, i < 3 ? 2 - i : 0);
		assert_int_equal(seen.documents[i].outcome, OUTCOME_READ);
	}
	assert_true(seen.documents[0].findings >= 1);
}

static void test_names_stay_apart(void **state)
{
	const struct member members[] = {{"a", "one"}, {"a", "two"}, {"b", "x"}, {"a", "three"}, {"a#2", "four"}};
	(void)state;
	struct seen seen = read_tar(make_tar(members, 5), &emitter_default_limits);
	const char *const paths[] = {"a", "a#2", "b", "a#3", "a#2#2", ""};
	assert_int_equal(seen.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(seen.documents[i].path, paths[i]);
}

static void test_a_name_taken_before_is_not_given_again(void **state)
{
	const struct member members[] = {{"a#2", "one"}, {"a", "two"}, {"a", "three"}, {"a", "four"}};
	(void)state;
	struct seen seen = read_tar(make_tar(members, 4), &emitter_default_limits);
	assert_int_equal(seen.count, 5);
	for (size_t i = 0; i < seen.count; i++)
		assert_document(&seen, seen.documents[i].path, OUTCOME_READ);
}

static void test_equal_parts_have_equal_content_keys(void **state)
{
	const struct member members[] = {{"a", "the same"}, {"b", "the same"}, {"c", "another"}};
	(void)state;
	struct seen seen = read_tar(make_tar(members, 3), &emitter_default_limits);
	assert_memory_equal(seen.documents[0].content_key, seen.documents[1].content_key, 32);
	assert_memory_not_equal(seen.documents[0].content_key, seen.documents[2].content_key, 32);
}

/* ---- names in other charsets ---- */

static struct seen read_zip(struct buffer zip)
{
	return read_tar(zip, &emitter_default_limits);
}

/* "Договор.zip" by DOS, of two "見積書.txt" by Windows. */
static void test_each_level_is_shown_by_its_own_charset(void **state)
{
	(void)state;
	const struct bytes inner_name = BYTES_LITERAL("\x8C\xA9\x90\xCF\x8F\x91"
	                                              ".txt"),
			   outer_name = BYTES_LITERAL("\x84\xAE\xA3\xAE\xA2\xAE\xE0"
	                                              ".zip");
	struct buffer inner = zip_make(
		(struct zip_member[]){{.name = inner_name, .contents = BYTES_LITERAL("one")},
	                              {.name = inner_name, .contents = BYTES_LITERAL("two")},
	                              {.name = BYTES_LITERAL("plain.txt"), .contents = BYTES_LITERAL("x")}},
		3);
	struct buffer outer = zip_make((struct zip_member[]){{.name = outer_name, .contents = buffer_bytes(&inner)},
	                                                     {.name = BYTES_LITERAL("a.zip"), .contents = buffer_bytes(&inner)}},
	                               2);
	buffer_free(&inner);
	struct seen seen = read_zip(outer);
	assert_int_equal(seen.count, 9);
	assert_string_equal(seen.documents[0].path, "\x84\xAE\xA3\xAE\xA2\xAE\xE0"
	                                            ".zip!/"
	                                            "\x8C\xA9\x90\xCF\x8F\x91"
	                                            ".txt");
	assert_string_equal(seen.documents[0].shown, "Договор.zip!/見積書.txt");
	assert_string_equal(seen.documents[1].shown, "Договор.zip!/見積書.txt#2");
	assert_string_equal(seen.documents[2].shown, "Договор.zip!/plain.txt");
	assert_string_equal(seen.documents[3].shown, "Договор.zip");
	assert_string_equal(seen.documents[4].shown, "a.zip!/見積書.txt");
	assert_string_equal(seen.documents[6].path, "a.zip!/plain.txt");
	assert_string_equal(seen.documents[6].shown, "");
	assert_string_equal(seen.documents[8].shown, "");
}

/* What lies in a part of that name has its name, or one of its own that nobody told the charset of. */
static void test_parts_of_a_part_are_shown_below_it(void **state)
{
	(void)state;
	struct buffer tar = make_tar(&(struct member){"b \xAB", "text"}, 1);
	static const unsigned char packed[] = {0x1F, 0x8B, 8, 0, 0,    0,    0,    0,    0, 3, 0xCB, 0x48, 0xCD,
	                                       0xC9, 0xC9, 7, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0,    0};
	struct buffer zip = zip_make((struct zip_member[]){{.name = BYTES_LITERAL("Pr\x81"
	                                                                          "fung.tar"),
	                                                    .contents = buffer_bytes(&tar)},
	                                                   {.name = BYTES_LITERAL("Gr\x94\xE1"
	                                                                          "e.csv.gz"),
	                                                    .contents = bytes_of(packed, sizeof packed)}},
	                             2);
	buffer_free(&tar);
	struct seen seen = read_zip(zip);
	assert_string_equal(seen.documents[0].shown, "Prüfung.tar!/b \xEF\xBF\xBD");
	assert_string_equal(seen.documents[1].shown, "Prüfung.tar");
	assert_string_equal(seen.documents[2].path, "Gr\x94\xE1"
	                                            "e.csv.gz!/Gr\x94\xE1"
	                                            "e.csv");
	assert_string_equal(seen.documents[2].shown, "Größe.csv.gz!/Größe.csv");
}

static void test_a_shown_name_holds_no_signature(void **state)
{
	(void)state;
	struct seen seen = read_zip(zip_make(&(struct zip_member){.name = BYTES_LITERAL("Pr\x81"
	                                                                                "fung?sv=1&sig=" SIGNATURE ".txt"),
	                                                          .contents = BYTES_LITERAL("x")},
	                                     1));
	assert_string_equal(seen.documents[0].shown, "Prüfung?sv=1&sig=" STARS ".txt");
}

/* Two names that differ in their signatures alone are siblings of one name. */
static void test_no_signature_leaves_the_cell(void **state)
{
	(void)state;
	const struct member members[] = {
		{"w?sv=1&sig=" SIGNATURE ".html",
	         "<html lang='?sig=" SIGNATURE "'><head><title>T https://a.blob.core.windows.net/c?sv=1&amp;sig=" SIGNATURE
	         "</title>"
	         "<meta name='author' content='A ?sv=1&amp;sig=" SIGNATURE "'></head><body>"
	         "AccountName=contoso;AccountKey=" SIGNATURE
	         ";EndpointSuffix=core.windows.net https://a.blob.core.windows.net/c;sig=" SIGNATURE
	         "<p>https://b.blob.core.windows.net/c?sv=1&amp;sig=" SIGNATURE "</p></body></html>"},
		{"w?sv=1&sig=Xm9vYmFyYmF6cXV4MTIzNDU2" TAIL "01%3D.html", "text"},
		{"mail.eml",
	         "From: \"?sv=1&sig=" SIGNATURE "\" <ann@contoso.com>\r\nTo: bo@fabrikam.com\r\nSubject: ?sv=1&sig=" SIGNATURE
	         "\r\n\r\n?sv=1&sig=" SIGNATURE "\r\n"},
	};
	struct seen seen = read_tar(make_tar(members, 3), &emitter_default_limits);
	assert_document(&seen, "w?sv=1&sig=" STARS ".html", OUTCOME_READ);
	assert_document(&seen, "w?sv=1&sig=" STARS ".html#2", OUTCOME_READ);
	assert_true(seen.documents[0].findings >= 3);
}

/* As the tail above tells: whether there is room for their findings or not, and in what only repeats them. */
static void test_no_secret_leaves_the_cell(void **state)
{
	(void)state;
#define TOKEN "gldt-" TAIL "9"
	const struct member members[] = {
		{"w " TOKEN ".html",
	         "<html><head><title>T " TOKEN "</title><meta name='author' content='password=x7" TAIL "'></head><body>"
	         "https://app:x7" TAIL "@db.contoso.com/ https://contoso.com/" TOKEN "/x ann@contoso.com"
	         "<p>password: x7" TAIL "</p><p>Authorization: Bearer x7" TAIL "</p></body></html>"},
		{"mail.eml", "From: \"" TOKEN "\" <ann@contoso.com>\r\nTo: bo@fabrikam.com\r\nSubject: password=x7" TAIL
	                     "\r\n\r\n" TOKEN "\r\n"},
	};
	struct emitter_limits limits = emitter_default_limits;
	for (uint32_t findings = 0; findings <= 400; findings = 5 * findings + 1) {
		limits.findings = findings < 100 ? findings : emitter_default_limits.findings;
		struct seen seen = read_tar(make_tar(members, 2), &limits);
		assert_document(&seen, "w gldt*********************.html",
		                limits.findings < 8 ? OUTCOME_TOO_LARGE : OUTCOME_READ);
	}
}

static void test_depth_is_a_budget(void **state)
{
	struct emitter_limits limits = emitter_default_limits;
	limits.depth = 4;
	(void)state;
	struct seen fits = read_tar(make_nest(3), &limits);
	assert_document(&fits, "", OUTCOME_READ);
	struct seen seen = read_tar(make_nest(4), &limits);
	assert_document(&seen, "", OUTCOME_BOMB);
	assert_int_equal(seen.count, 4);
	struct seen deep = read_tar(make_nest(emitter_default_limits.depth + 8), &emitter_default_limits);
	assert_document(&deep, "", OUTCOME_BOMB);
}

static void test_count_is_a_budget(void **state)
{
	const struct member members[] = {{"1", "x"}, {"2", "x"}, {"3", "x"}, {"4", "x"}, {"5", "x"}, {"6", "x"}};
	struct emitter_limits limits = emitter_default_limits;
	(void)state;
	limits.parts = 6;
	struct seen fits = read_tar(make_tar(members, 6), &limits);
	assert_document(&fits, "", OUTCOME_READ);
	limits.parts = 5;
	struct seen seen = read_tar(make_tar(members, 6), &limits);
	assert_document(&seen, "", OUTCOME_BOMB);
	assert_document(&seen, "5", OUTCOME_READ);
	assert_int_equal(seen.count, 6);
}

/* ---- output ---- */

/* Reads a tar, which is freed, with so many bytes of output. */
static struct seen read_with_output(struct buffer tar, uint64_t output)
{
	struct seen seen = {.count = 0};
	struct extract_job job = {.allowance = {output, UINT64_MAX}};
	assert_int_equal(read_bytes(buffer_bytes(&tar), &job, &emitter_default_limits, &seen), STATUS_OK);
	buffer_free(&tar);
	assert_true(seen.count > 0);
	assert_int_equal(seen.documents[seen.count - 1].ordinal, 0);
	return seen;
}

static size_t find_document(const struct seen *seen, const char *path)
{
	size_t at = 0;
	while (at < seen->count && strcmp(seen->documents[at].path, path) != 0)
		at++;
	assert_true(at < seen->count);
	return at;
}

static void assert_spent(const struct seen *seen, const char *path)
{
	size_t at = find_document(seen, path);
	assert_document(seen, path, OUTCOME_BOMB);
	assert_string_equal(seen->documents[at].note, budget_spent_output);
	assert_true(seen->documents[at].unseen > 0);
}

static struct buffer make_text(const char *pattern, unsigned lines)
{
	struct buffer text = buffer_with_ceiling(16 << 20);
	for (unsigned i = 0; i < lines; i++)
		buffer_append_format(&text, pattern, i, i);
	assert_int_equal(buffer_status(&text), STATUS_OK);
	return text;
}

static void test_text_is_paid_for_and_what_was_paid_is_kept(void **state)
{
	(void)state;
	struct buffer text = make_text("line %u of a long text\n", 20000);
	const struct member members[] = {{"a", "one"}, {"long", buffer_string(&text)}, {"z", "last"}};
	struct seen fits = read_with_output(make_tar(members, 3), 1 << 20);
	assert_document(&fits, "", OUTCOME_READ);
	struct seen seen = read_with_output(make_tar(members, 3), 100000);
	assert_int_equal(seen.count, 3);
	assert_document(&seen, "a", OUTCOME_READ);
	assert_spent(&seen, "long");
	assert_spent(&seen, "");
	size_t kept = seen.documents[find_document(&seen, "long")].text;
	assert_true(kept > 60000 && kept < 100000);
	buffer_free(&text);
}

static void test_findings_and_organisations_are_paid_for(void **state)
{
	(void)state;
	struct buffer text = make_text("a%u@c%u.com\n", 2000);
	const struct member members[] = {{"a", "x@fabrikam.com"}, {"dense", buffer_string(&text)}};
	struct seen fits = read_with_output(make_tar(members, 2), 4 << 20);
	size_t at = find_document(&fits, "dense");
	assert_document(&fits, "", OUTCOME_READ);
	assert_int_equal(fits.documents[at].findings, 2000);
	assert_int_equal(fits.documents[at].organisations, 2000);
	struct seen few = read_with_output(make_tar(members, 2), 150000);
	at = find_document(&few, "dense");
	assert_spent(&few, "dense");
	assert_spent(&few, "");
	assert_true(few.documents[at].findings > 200 && few.documents[at].findings < 1500);
	/* Room for all findings, but not for all whose they are. */
	struct seen nameless = read_with_output(make_tar(members, 2), 450000);
	at = find_document(&nameless, "dense");
	assert_spent(&nameless, "dense");
	assert_int_equal(nameless.documents[at].findings, 2000);
	assert_true(nameless.documents[at].organisations >= 8 && nameless.documents[at].organisations < 2000);
	buffer_free(&text);
}

/* The same bytes again cost the same again. */
static void test_documents_are_paid_for(void **state)
{
	struct member members[60];
	(void)state;
	for (size_t i = 0; i < 60; i++)
		members[i] = (struct member){"a", ""};
	struct seen seen = read_with_output(make_tar(members, 60), 20000);
	assert_spent(&seen, "");
	assert_true(seen.count > 20 && seen.count < 60);
	assert_document(&seen, "a", OUTCOME_READ);
	assert_document(&seen, "a#20", OUTCOME_READ);
}

static void test_all_levels_share_the_output(void **state)
{
	(void)state;
	struct buffer text = make_text("line %u\n", 4000);
	struct buffer inner = buffer_with_ceiling(1 << 20), outer = buffer_with_ceiling(1 << 20);
	append_member(&inner, "first.txt", buffer_bytes(&text));
	append_member(&inner, "second.txt", buffer_bytes(&text));
	append_end(&inner);
	append_member(&outer, "inner.tar", buffer_bytes(&inner));
	append_member(&outer, "never.txt", buffer_bytes(&text));
	append_end(&outer);
	struct seen seen = read_with_output(outer, 60000);
	assert_int_equal(seen.count, 4);
	assert_document(&seen, "inner.tar!/first.txt", OUTCOME_READ);
	assert_spent(&seen, "inner.tar!/second.txt");
	assert_spent(&seen, "inner.tar");
	assert_spent(&seen, "");
	buffer_free(&inner);
	buffer_free(&text);
}

/* ---- time ---- */

static void test_told_to_end_it_keeps_what_it_has(void **state)
{
	const struct member members[] = {{"a", "to anna@contoso.com"}, {"b", "two"}, {"c", "three"}};
	struct buffer tar = make_tar(members, 3);
	(void)state;
	struct extract_job job = {.size = 0};
	for (unsigned signs = 1; signs < 12; signs++) {
		struct seen seen = {.signs_left = signs};
		assert_int_equal(read_bytes(buffer_bytes(&tar), &job, &emitter_default_limits, &seen), STATUS_OK);
		size_t own = find_document(&seen, "");
		assert_int_equal(own, seen.count - 1);
		if (seen.signs_left > 0) {
			assert_true(signs > 3);
			assert_document(&seen, "", OUTCOME_READ);
			continue;
		}
		assert_document(&seen, "", OUTCOME_TIMED_OUT);
		assert_string_equal(seen.documents[own].note, budget_spent_time);
		assert_int_equal(seen.documents[own].unseen, tar.len);
		if (seen.count > 2)
			assert_document(&seen, "a", OUTCOME_READ);
	}
	buffer_free(&tar);
}

static void test_ratio_is_a_budget_above_its_floor(void **state)
{
	struct emitter_limits limits = emitter_default_limits;
	(void)state;
	limits.ratio = 1;
	struct seen fits = read_tar(make_nest(5), &limits);
	assert_document(&fits, "", OUTCOME_READ);
	limits.ratio_floor = 2000;
	struct seen seen = read_tar(make_nest(5), &limits);
	assert_document(&seen, "", OUTCOME_BOMB);
}

static void test_a_part_too_large_costs_itself(void **state)
{
	char *large = malloc(8001);
	(void)state;
	assert_non_null(large);
	memset(large, 'x', 8000);
	large[8000] = 0;
	const struct member members[] = {{"a", "one"}, {"large", large}, {"large", large}, {"z", "last"}};
	struct emitter_limits limits = emitter_default_limits;
	limits.part_bytes = 4000;
	struct seen seen = read_tar(make_tar(members, 4), &limits);
	free(large);
	assert_document(&seen, "a", OUTCOME_READ);
	assert_document(&seen, "large", OUTCOME_TOO_LARGE);
	assert_document(&seen, "large#2", OUTCOME_TOO_LARGE);
	assert_document(&seen, "z", OUTCOME_READ);
	assert_document(&seen, "", OUTCOME_READ);
	assert_false(seen.documents[1].has_sha256);
	assert_memory_not_equal(seen.documents[1].content_key, seen.documents[2].content_key, 32);
}

static void test_what_stands_before_a_cut_is_read(void **state)
{
	struct buffer tar = buffer_with_ceiling(16 << 20), text = make_text("write to anna%u@contoso.com\n", 100);
	(void)state;
	append_member(&tar, "whole.txt", BYTES_LITERAL("to bob@contoso.com\n"));
	append_member(&tar, "cut.txt", buffer_bytes(&text));
	append_member(&tar, "never.txt", BYTES_LITERAL("x"));
	buffer_truncate(&tar, 1024 + 512 + 600);
	struct seen seen = read_tar(tar, &emitter_default_limits);
	assert_document(&seen, "whole.txt", OUTCOME_READ);
	assert_document(&seen, "cut.txt", OUTCOME_TRUNCATED);
	assert_document(&seen, "", OUTCOME_TRUNCATED);
	size_t cut = find_document(&seen, "cut.txt");
	assert_int_equal(seen.documents[cut].text, 600);
	assert_true(seen.documents[cut].findings > 10);
	assert_int_equal(seen.documents[cut].unseen, text.len - 600);
	assert_false(seen.documents[cut].has_sha256);
	assert_true(seen.documents[cut].note[0] != '\0');
	buffer_free(&text);
}

static void test_skips_are_passed_over(void **state)
{
	const struct member members[] = {{"a", "one"}, {"bad", "two"}, {"bad", "three"}, {"z", "last"}};
	struct buffer tar = make_tar(members, 4);
	struct seen seen = {.count = 0};
	struct extract_job job = {.skips = {{BYTES_LITERAL("bad"), OUTCOME_CRASHED}}, .skip_count = 1};
	(void)state;
	assert_int_equal(read_bytes(buffer_bytes(&tar), &job, &emitter_default_limits, &seen), STATUS_OK);
	buffer_free(&tar);
	assert_document(&seen, "bad", OUTCOME_CRASHED);
	assert_document(&seen, "bad#2", OUTCOME_READ);
	assert_document(&seen, "z", OUTCOME_READ);
	assert_document(&seen, "", OUTCOME_READ);
	for (size_t i = 0; i < seen.begun_count; i++)
		assert_string_not_equal(seen.begun[i], "bad");
	assert_true(strlen(seen.documents[1].note) > 0);
}

static void test_faults_of_ours_are_no_outcomes(void **state)
{
	const struct member members[] = {{"a", "one"}, {"b", "two"}};
	struct buffer tar = make_tar(members, 2);
	const enum status faults[] = {STATUS_NO_SPACE, STATUS_BROKEN, STATUS_INTERRUPTED};
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct seen seen = {.refusal = faults[i]};
		struct extract_job job = {.size = 0};
		assert_int_equal(read_bytes(buffer_bytes(&tar), &job, &emitter_default_limits, &seen), faults[i]);
		assert_int_equal(seen.count, 0);
		assert_int_equal(seen.begun_count, 2);
	}
	buffer_free(&tar);
}

static void test_a_peek_says_what_it_is_and_reads_nothing(void **state)
{
	const struct member members[] = {{"a", "one"}, {"b", "two"}};
	struct buffer tar = make_tar(members, 2);
	struct seen seen = {.count = 0};
	struct extract_job job = {.is_peek = true};
	(void)state;
	assert_int_equal(read_bytes(buffer_bytes(&tar), &job, &emitter_default_limits, &seen), STATUS_OK);
	buffer_free(&tar);
	assert_int_equal(seen.count, 1);
	assert_document(&seen, "", OUTCOME_LISTED_ONLY);
}

static void test_an_empty_object_is_read(void **state)
{
	struct seen seen = {.count = 0};
	struct extract_job job = {.size = 0};
	(void)state;
	assert_int_equal(read_bytes(BYTES_NONE, &job, &emitter_default_limits, &seen), STATUS_OK);
	assert_int_equal(seen.count, 1);
	assert_document(&seen, "", OUTCOME_READ);
}

/* ---- parts that their whole's format reads itself ---- */

static struct buffer load_database(void)
{
	struct buffer contents = buffer_with_ceiling(1 << 20);
	FILE *file = fopen("tests/golden/sqlite/people/crm.sqlite", "rb");
	assert_non_null(file);
	unsigned char *room = buffer_extend(&contents, (1 << 20) - 1);
	buffer_truncate(&contents, fread(room, 1, (1 << 20) - 1, file));
	fclose(file);
	return contents;
}

static struct seen read_database(struct extract_job *job, const struct emitter_limits *limits)
{
	struct seen seen = {.count = 0};
	struct buffer database = load_database();
	assert_int_equal(read_bytes(buffer_bytes(&database), job, limits, &seen), STATUS_OK);
	buffer_free(&database);
	return seen;
}

static void test_tables_are_parts_of_their_own(void **state)
{
	static const char *const paths[] = {"table/customer",     "table/balance", "table/scan!/3/page!/page",
	                                    "table/scan!/3/page", "table/scan",    ""};
	static const uint32_t parents[] = {0, 0, 4, 3, 0, 0};
	(void)state;
	struct extract_job job = {.size = 0};
	struct seen seen = read_database(&job, &emitter_default_limits), again = read_database(&job, &emitter_default_limits);
	assert_int_equal(seen.count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(seen.documents[i].path, paths[i]);
		assert_int_equal(seen.documents[i].parent, parents[i]);
		assert_int_equal(seen.documents[i].outcome, OUTCOME_READ);
		/* The same table of the same bytes reads alike. */
		assert_memory_equal(seen.documents[i].content_key, again.documents[i].content_key, 32);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(seen.documents[i].content_key, seen.documents[j].content_key, 32);
	}
	assert_false(seen.documents[0].has_sha256);
	assert_string_equal(seen.begun[1], "table/customer");
}

static void test_a_skipped_table_is_passed_over(void **state)
{
	(void)state;
	struct extract_job job = {.skips = {{BYTES_LITERAL("table/customer"), OUTCOME_CRASHED}}, .skip_count = 1};
	struct seen seen = read_database(&job, &emitter_default_limits);
	assert_document(&seen, "table/customer", OUTCOME_CRASHED);
	assert_document(&seen, "table/balance", OUTCOME_READ);
	assert_document(&seen, "", OUTCOME_READ);
	for (size_t i = 0; i < seen.begun_count; i++)
		assert_string_not_equal(seen.begun[i], "table/customer");
}

/* What ends an object ends the tables that are open in it, and all are told. */
static void test_tables_end_with_their_object(void **state)
{
	(void)state;
	struct extract_job job = {.allowance = {.output = 1500, .processor_ms = 1000}};
	struct seen seen = read_database(&job, &emitter_default_limits);
	assert_string_equal(seen.documents[seen.count - 1].path, "");
	assert_int_equal(seen.documents[seen.count - 1].outcome, OUTCOME_BOMB);
	assert_int_equal(seen.documents[seen.count - 2].outcome, OUTCOME_BOMB);
	struct emitter_limits limits = emitter_default_limits;
	struct extract_job few = {.size = 0};
	limits.parts = 2;
	seen = read_database(&few, &limits);
	assert_document(&seen, "table/balance", OUTCOME_READ);
	assert_document(&seen, "", OUTCOME_BOMB);
}

static int prepare(void **state)
{
	(void)state;
	return worker_prepare() == STATUS_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_come_before_their_whole),
		cmocka_unit_test(test_names_stay_apart),
		cmocka_unit_test(test_a_name_taken_before_is_not_given_again),
		cmocka_unit_test(test_equal_parts_have_equal_content_keys),
		cmocka_unit_test(test_each_level_is_shown_by_its_own_charset),
		cmocka_unit_test(test_parts_of_a_part_are_shown_below_it),
		cmocka_unit_test(test_a_shown_name_holds_no_signature),
		cmocka_unit_test(test_no_signature_leaves_the_cell),
		cmocka_unit_test(test_no_secret_leaves_the_cell),
		cmocka_unit_test(test_depth_is_a_budget),
		cmocka_unit_test(test_count_is_a_budget),
		cmocka_unit_test(test_text_is_paid_for_and_what_was_paid_is_kept),
		cmocka_unit_test(test_findings_and_organisations_are_paid_for),
		cmocka_unit_test(test_documents_are_paid_for),
		cmocka_unit_test(test_all_levels_share_the_output),
		cmocka_unit_test(test_told_to_end_it_keeps_what_it_has),
		cmocka_unit_test(test_ratio_is_a_budget_above_its_floor),
		cmocka_unit_test(test_a_part_too_large_costs_itself),
		cmocka_unit_test(test_tables_are_parts_of_their_own),
		cmocka_unit_test(test_a_skipped_table_is_passed_over),
		cmocka_unit_test(test_tables_end_with_their_object),
		cmocka_unit_test(test_skips_are_passed_over),
		cmocka_unit_test(test_what_stands_before_a_cut_is_read),
		cmocka_unit_test(test_faults_of_ours_are_no_outcomes),
		cmocka_unit_test(test_a_peek_says_what_it_is_and_reads_nothing),
		cmocka_unit_test(test_an_empty_object_is_read),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}
