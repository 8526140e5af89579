/* SPDX-License-Identifier: Apache-2.0 */
/* format/archive and format/compressed, on archives made here: members, what is encrypted or damaged, bombs. */
#include "format-test.h"
#include "zip-kit.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

extern const struct format format_archive, format_compressed;

/* ---- making archives ---- */

#define MADE_MAX (64u << 20)

struct making {
	struct archive *archive;
	struct buffer bytes;
};

static la_ssize_t keep_bytes(struct archive *archive, void *context, const void *from, size_t length)
{
	struct making *making = context;
	(void)archive;
	buffer_append(&making->bytes, bytes_of(from, length));
	return (la_ssize_t)length;
}

static void start_making(struct making *making, const char *format, int filter, const char *options)
{
	making->bytes = buffer_with_ceiling(MADE_MAX);
	making->archive = archive_write_new();
	assert_int_equal(archive_write_set_format_by_name(making->archive, format), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter(making->archive, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(making->archive, 1);
	assert_int_equal(archive_write_set_passphrase(making->archive, "secret"), ARCHIVE_OK);
	if (options != NULL)
		assert_int_equal(archive_write_set_options(making->archive, options), ARCHIVE_OK);
	assert_int_equal(archive_write_open(making->archive, making, NULL, keep_bytes, NULL), ARCHIVE_OK);
}

static struct archive_entry *new_entry(const char *name, unsigned type, int64_t size)
{
	struct archive_entry *entry = archive_entry_new();
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 1000000000, 0);
	if (type == AE_IFREG)
		archive_entry_set_size(entry, size);
	return entry;
}

static void add_entry(struct making *making, struct archive_entry *entry, struct bytes content)
{
	assert_true(archive_write_header(making->archive, entry) >= ARCHIVE_WARN);
	if (content.len > 0)
		assert_int_equal(archive_write_data(making->archive, content.at, content.len), content.len);
	archive_entry_free(entry);
}

static void add_file(struct making *making, const char *name, struct bytes content)
{
	add_entry(making, new_entry(name, AE_IFREG, (int64_t)content.len), content);
}

static struct bytes finish_making(struct making *making)
{
	assert_int_equal(archive_write_close(making->archive), ARCHIVE_OK);
	archive_write_free(making->archive);
	return buffer_bytes(&making->bytes);
}

static struct bytes make_one(struct making *making, const char *format, int filter, const char *name, struct bytes content)
{
	start_making(making, format, filter, NULL);
	add_file(making, name, content);
	return finish_making(making);
}

/* ---- reading them ---- */

static enum status read_archive(struct emitter *emitter, struct bytes bytes)
{
	return read_as(emitter, &format_archive, bytes, true);
}

static enum status read_named(struct emitter *emitter, struct bytes bytes, const char *name)
{
	struct source source = source_of_bytes(bytes);
	source.name = bytes_of_string(name);
	recording_emitter_start(emitter);
	return format_compressed.extract(&source, emitter);
}

static void append_noise(struct buffer *into, size_t length)
{
	uint32_t state = 1;
	for (size_t i = 0; i < length; i++) {
		state = state * 1664525u + 1013904223u;
		buffer_append_byte(into, (unsigned char)(state >> 24));
	}
}

/* ---- archives ---- */

static void reads_members_of_every_kind(void **state)
{
	(void)state;
	static const struct {
		const char *format, *media_type;
	} kinds[] = {
		{"zip", "application/zip"},
		{"ustar", "application/x-tar"},
		{"pax", "application/x-tar"},
		{"gnutar", "application/x-tar"},
		{"7zip", "application/x-7z-compressed"},
		{"newc", "application/x-cpio"},
		{"odc", "application/x-cpio"},
		{"argnu", "application/x-archive"},
		{"iso9660", "application/x-iso9660-image"},
	};
	struct buffer large = buffer_with_ceiling(MADE_MAX);
	append_noise(&large, 700000);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct making making;
		start_making(&making, kinds[i].format, ARCHIVE_FILTER_NONE, NULL);
		add_file(&making, "a.txt", BYTES_LITERAL("first\n"));
		add_file(&making, "b.bin", buffer_bytes(&large));
		add_file(&making, "empty", BYTES_NONE);
		struct bytes bytes = finish_making(&making);
		assert_true(bid_for(&format_archive, bytes, "") >= 40);
		for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
			struct emitter emitter;
			assert_int_equal(read_as(&emitter, &format_archive, bytes, is_mapped), STATUS_OK);
			assert_string_equal(emitter.media_type, kinds[i].media_type);
			assert_int_equal(emitter.child_count, 3);
			assert_child(&emitter, "a.txt", BYTES_LITERAL("first\n"), STATUS_OK);
			assert_child(&emitter, "b.bin", buffer_bytes(&large), STATUS_OK);
			assert_child(&emitter, "empty", BYTES_NONE, STATUS_OK);
			assert_int_equal(recording_emitter_child(&emitter, "a.txt")->modified, 1000000000);
			recording_emitter_free(&emitter);
		}
		buffer_free(&making.bytes);
	}
	buffer_free(&large);
}

static void keeps_names_as_they_are(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	start_making(&making, "zip", ARCHIVE_FILTER_NONE, NULL);
	add_file(&making, "Angebote/K\xC3\xB6ln.txt", BYTES_LITERAL("1"));
	add_file(&making, "old-\x81\x82.txt", BYTES_LITERAL("2"));
	add_file(&making, "../../etc/passwd", BYTES_LITERAL("3"));
	struct bytes bytes = finish_making(&making);
	assert_int_equal(read_archive(&emitter, bytes), STATUS_OK);
	assert_child(&emitter, "Angebote/K\xC3\xB6ln.txt", BYTES_LITERAL("1"), STATUS_OK);
	assert_child(&emitter, "old-\x81\x82.txt", BYTES_LITERAL("2"), STATUS_OK);
	assert_child(&emitter, "../../etc/passwd", BYTES_LITERAL("3"), STATUS_OK);
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
}

static void passes_over_what_holds_no_data(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	start_making(&making, "ustar", ARCHIVE_FILTER_NONE, NULL);
	add_entry(&making, new_entry("folder", AE_IFDIR, 0), BYTES_NONE);
	add_file(&making, "folder/file", BYTES_LITERAL("x"));
	struct archive_entry *entry = new_entry("folder/soft", AE_IFLNK, 0);
	archive_entry_set_symlink(entry, "/etc/passwd");
	add_entry(&making, entry, BYTES_NONE);
	entry = new_entry("folder/hard", AE_IFREG, 0);
	archive_entry_set_hardlink(entry, "folder/file");
	add_entry(&making, entry, BYTES_NONE);
	add_entry(&making, new_entry("pipe", AE_IFIFO, 0), BYTES_NONE);
	struct bytes bytes = finish_making(&making);
	assert_int_equal(read_archive(&emitter, bytes), STATUS_OK);
	assert_int_equal(emitter.child_count, 1);
	assert_non_null(strstr(emitter.note, "links"));
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
}

static void reads_old_tars_by_their_sum(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	struct bytes bytes = make_one(&making, "ustar", ARCHIVE_FILTER_NONE, "old.txt", BYTES_LITERAL("v7"));
	unsigned char *header = making.bytes.at;
	unsigned sum = 0;
	memset(header + 257, 0, 512 - 257);
	memset(header + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
	assert_true(bid_for(&format_archive, bytes, "") >= 50);
	assert_int_equal(read_archive(&emitter, bytes), STATUS_OK);
	assert_child(&emitter, "old.txt", BYTES_LITERAL("v7"), STATUS_OK);
	recording_emitter_free(&emitter);
	header[0] ^= 1;
	assert_int_equal(bid_for(&format_archive, bytes, ""), 0);
	buffer_free(&making.bytes);
}

static void says_what_is_encrypted(void **state)
{
	(void)state;
	static const char *const options[] = {"zip:encryption=zipcrypt", "zip:encryption=aes256"};
	for (size_t i = 0; i < 2; i++) {
		struct making making;
		struct emitter emitter;
		start_making(&making, "zip", ARCHIVE_FILTER_NONE, options[i]);
		add_file(&making, "a.txt", BYTES_LITERAL("one"));
		add_file(&making, "b.txt", BYTES_LITERAL("two"));
		struct bytes bytes = finish_making(&making);
		assert_int_equal(read_archive(&emitter, bytes), STATUS_ENCRYPTED);
		assert_child(&emitter, "a.txt", BYTES_NONE, STATUS_ENCRYPTED);
		assert_child(&emitter, "b.txt", BYTES_NONE, STATUS_ENCRYPTED);
		recording_emitter_free(&emitter);
		buffer_free(&making.bytes);
	}
}

/* Where the nth local header of a zip begins. */
static size_t find_member(struct bytes zip, unsigned nth)
{
	size_t at = 0;
	for (;;) {
		size_t next = bytes_find(bytes_from(zip, at), BYTES_LITERAL("PK\3\4"));
		assert_true(next != BYTES_NOT_FOUND);
		at += next;
		if (nth-- == 0)
			return at;
		at += 4;
	}
}

/* ---- names ---- */

static void assert_shown(const struct emitter *emitter, size_t nth, const char *name, const char *shown_name)
{
	assert_true(nth < emitter->child_count);
	assert_string_equal(buffer_string(&emitter->children[nth].name), name);
	assert_string_equal(buffer_string(&emitter->children[nth].shown_name), shown_name);
}

static struct zip_member named(const char *name)
{
	return (struct zip_member){.name = bytes_of_string(name), .contents = BYTES_LITERAL("contents")};
}

/* Shift_JIS, which ends a sign with the byte of a backslash; one charset for all, and none for what is UTF-8. */
static void shows_names_in_the_charset_of_all(void **state)
{
	(void)state;
	struct emitter emitter;
	struct buffer zip = zip_make((struct zip_member[]){named("\x8C_\x96\xF1\x8F\x91/\x83\x5C\x83t\x83g\x95\x5C.txt"),
	                                                   named("plain.txt"),
	                                                   named("Gr\xC3\xB6\xC3\x9F"
	                                                         "e.txt"),
	                                                   named("\x8C\xA9\x90\xCF\x8F\x91\x88\xEA\x97\x97.txt")},
	                             4);
	for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
		assert_int_equal(read_as(&emitter, &format_archive, buffer_bytes(&zip), is_mapped), STATUS_OK);
		assert_int_equal(emitter.child_count, 4);
		assert_shown(&emitter, 0, "\x8C_\x96\xF1\x8F\x91/\x83\x5C\x83t\x83g\x95\x5C.txt", "契約書/ソフト表.txt");
		assert_shown(&emitter, 1, "plain.txt", "");
		assert_shown(&emitter, 2,
		             "Gr\xC3\xB6\xC3\x9F"
		             "e.txt",
		             "");
		assert_shown(&emitter, 3, "\x8C\xA9\x90\xCF\x8F\x91\x88\xEA\x97\x97.txt", "見積書一覧.txt");
		recording_emitter_free(&emitter);
	}
	/* Behind other bytes, and without its directory. */
	struct buffer behind = buffer_with_ceiling(MADE_MAX);
	buffer_append_string(&behind, "#!/bin/sh\nexit 0\n");
	buffer_append(&behind, buffer_bytes(&zip));
	assert_int_equal(read_archive(&emitter, buffer_bytes(&behind)), STATUS_OK);
	assert_shown(&emitter, 0, "\x8C_\x96\xF1\x8F\x91/\x83\x5C\x83t\x83g\x95\x5C.txt", "契約書/ソフト表.txt");
	recording_emitter_free(&emitter);
	read_archive(&emitter, bytes_slice(buffer_bytes(&zip), 0, bytes_find(buffer_bytes(&zip), BYTES_LITERAL("PK\1\2"))));
	assert_shown(&emitter, 0, "\x8C_\x96\xF1\x8F\x91/\x83\x5C\x83t\x83g\x95\x5C.txt", "契約書/ソフト表.txt");
	recording_emitter_free(&emitter);
	buffer_free(&behind);
	buffer_free(&zip);
}

/* What the header says is UTF-8 takes no part in telling the charset of the others. */
static void believes_what_says_it_is_utf8(void **state)
{
	(void)state;
	struct emitter emitter;
	struct zip_member members[] = {named("\x84\xAE\xA3\xAE\xA2\xAE\xE0.txt"), named("\x84\xAE\xA3\xAE\xA2\xAE\xE0.doc"),
	                               named("Pr\x81"
	                                     "fung.txt")};
	members[0].flags = members[1].flags = ZIP_UTF8;
	struct buffer zip = zip_make(members, 3);
	/* As the worker has it: there libarchive has no name at all for what is not what it says. */
	setlocale(LC_ALL, "C.UTF-8");
	for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
		assert_int_equal(read_as(&emitter, &format_archive, buffer_bytes(&zip), is_mapped), STATUS_OK);
		assert_int_equal(emitter.child_count, 3);
		assert_shown(&emitter, 0, "\x84\xAE\xA3\xAE\xA2\xAE\xE0.txt", "");
		assert_shown(&emitter, 1, "\x84\xAE\xA3\xAE\xA2\xAE\xE0.doc", "");
		assert_string_equal(buffer_string(&emitter.children[1].bytes), "contents");
		assert_shown(&emitter, 2,
		             "Pr\x81"
		             "fung.txt",
		             "Prüfung.txt");
		recording_emitter_free(&emitter);
	}
	setlocale(LC_ALL, "C");
	buffer_free(&zip);
}

/* A program that knew nothing of the field renamed the member, so the field is of the name before. */
static void a_unicode_path_of_another_name_is_not_believed(void **state)
{
	(void)state;
	struct emitter emitter;
	struct buffer fitting = buffer_with_ceiling(1024), stale = buffer_with_ceiling(1024);
	zip_append_unicode_path(&fitting, BYTES_LITERAL("Prüfung.txt"),
	                        BYTES_LITERAL("Pr\x81"
	                                      "fung.txt"));
	zip_append_unicode_path(&stale, BYTES_LITERAL("Vertrag.txt"), BYTES_LITERAL("another.txt"));
	struct zip_member members[] = {named("Pr\x81"
	                                     "fung.txt"),
	                               named("Gr\x94\xE1"
	                                     "e.txt")};
	members[0].extra = buffer_bytes(&fitting);
	members[1].extra = buffer_bytes(&stale);
	struct buffer zip = zip_make(members, 2);
	/* As the worker has it: libarchive takes the field's path into the locale's charset. */
	setlocale(LC_ALL, "C.UTF-8");
	assert_int_equal(read_archive(&emitter, buffer_bytes(&zip)), STATUS_OK);
	setlocale(LC_ALL, "C");
	assert_int_equal(emitter.child_count, 2);
	assert_shown(&emitter, 0, "Prüfung.txt", "");
	assert_shown(&emitter, 1,
	             "Gr\x94\xE1"
	             "e.txt",
	             "Größe.txt");
	recording_emitter_free(&emitter);
	buffer_free(&fitting);
	buffer_free(&stale);
	buffer_free(&zip);
}

static void shows_backslashes_of_dos_as_slashes(void **state)
{
	(void)state;
	struct emitter emitter;
	struct buffer zip = zip_make((struct zip_member[]){named("Pr\x81"
	                                                         "fung\\Gr\x94\xE1"
	                                                         "e.txt")},
	                             1);
	assert_int_equal(read_archive(&emitter, buffer_bytes(&zip)), STATUS_OK);
	assert_string_equal(buffer_string(&emitter.children[0].shown_name), "Prüfung/Größe.txt");
	recording_emitter_free(&emitter);
	buffer_free(&zip);
}

static void goes_on_behind_a_damaged_member(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	struct buffer text = buffer_with_ceiling(MADE_MAX);
	for (int i = 0; i < 20000; i++)
		buffer_append_format(&text, "line %d of a text that deflates\n", i * 7919);
	start_making(&making, "zip", ARCHIVE_FILTER_NONE, NULL);
	add_file(&making, "a.txt", BYTES_LITERAL("whole"));
	add_file(&making, "b.txt", buffer_bytes(&text));
	add_file(&making, "c.txt", BYTES_LITERAL("whole too"));
	struct bytes bytes = finish_making(&making);
	size_t middle = find_member(bytes, 1) + 4000;
	memset(making.bytes.at + middle, 0xFF, 64);
	assert_int_equal(read_archive(&emitter, bytes), STATUS_MALFORMED);
	assert_int_equal(emitter.child_count, 3);
	assert_child(&emitter, "a.txt", BYTES_LITERAL("whole"), STATUS_OK);
	assert_int_equal(recording_emitter_child(&emitter, "b.txt")->how, STATUS_MALFORMED);
	assert_child(&emitter, "c.txt", BYTES_LITERAL("whole too"), STATUS_OK);
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
	buffer_free(&text);
}

static void reads_what_came_of_a_truncated_archive(void **state)
{
	(void)state;
	static const char *const formats[] = {"zip", "ustar"};
	struct buffer noise = buffer_with_ceiling(MADE_MAX);
	append_noise(&noise, 100000);
	for (size_t i = 0; i < 2; i++) {
		struct making making;
		struct emitter emitter;
		start_making(&making, formats[i], ARCHIVE_FILTER_NONE, NULL);
		add_file(&making, "a.txt", BYTES_LITERAL("whole"));
		add_file(&making, "b.bin", buffer_bytes(&noise));
		struct bytes bytes = finish_making(&making);
		enum status status = read_archive(&emitter, bytes_slice(bytes, 0, 50000));
		assert_int_equal(status, STATUS_TRUNCATED);
		assert_child(&emitter, "a.txt", BYTES_LITERAL("whole"), STATUS_OK);
		assert_int_equal(recording_emitter_child(&emitter, "b.bin")->how, STATUS_TRUNCATED);
		recording_emitter_free(&emitter);
		buffer_free(&making.bytes);
	}
	buffer_free(&noise);
}

/* Reads and frees; whatever a library said of it, the note says it in our words. */
static void assert_noted(struct bytes bytes, const struct format *format, enum status status, const char *note)
{
	struct emitter emitter;
	assert_int_equal(read_as(&emitter, format, bytes, true), status);
	assert_string_equal(emitter.note, note);
	recording_emitter_free(&emitter);
}

static void says_why_members_were_not_read(void **state)
{
	(void)state;
	struct making making;
	struct buffer noise = buffer_with_ceiling(MADE_MAX), zip = zip_make((struct zip_member[]){named("a"), named("b")}, 2);
	size_t directory = bytes_find(buffer_bytes(&zip), BYTES_LITERAL("PK\1\2"));
	append_noise(&noise, 100000);
	zip.at[31] ^= 1;
	assert_noted(buffer_bytes(&zip), &format_archive, STATUS_OK,
	             "what is packed in it does not have the checksum it should (0x785011e9 should be 0xb4fa1177)");
	zip.at[31] ^= 1;
	zip.at[8] = zip.at[directory + 10] = 96;
	assert_noted(buffer_bytes(&zip), &format_archive, STATUS_OK, "holds what is packed in a way that is not read (96: jpeg)");
	zip.at[8] = zip.at[directory + 10] = 0;
	zip.at[6] = zip.at[directory + 8] = 1;
	assert_noted(buffer_bytes(&zip), &format_archive, STATUS_OK, "1 of its 2 members need a password");
	buffer_free(&zip);
	make_one(&making, "zip", ARCHIVE_FILTER_NONE, "a", buffer_bytes(&noise));
	assert_noted(bytes_slice(buffer_bytes(&making.bytes), 0, 50000), &format_archive, STATUS_TRUNCATED,
	             "ends before what is in it does");
	buffer_free(&making.bytes);
	make_one(&making, "ustar", ARCHIVE_FILTER_NONE, "a", buffer_bytes(&noise));
	assert_noted(bytes_slice(buffer_bytes(&making.bytes), 0, 50000), &format_archive, STATUS_TRUNCATED,
	             "ends before what is in it does");
	buffer_free(&making.bytes);
	make_one(&making, "7zip", ARCHIVE_FILTER_NONE, "a", buffer_bytes(&noise));
	making.bytes.at[making.bytes.len - 8] ^= 0x55;
	assert_noted(buffer_bytes(&making.bytes), &format_archive, STATUS_MALFORMED,
	             "is damaged: what it says of its members cannot be");
	buffer_free(&making.bytes);
	static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD};
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		make_one(&making, "raw", filters[i], "x", buffer_bytes(&noise));
		assert_noted(bytes_slice(buffer_bytes(&making.bytes), 0, 50000), &format_compressed, STATUS_TRUNCATED,
		             "ends before what is in it does");
		buffer_free(&making.bytes);
	}
	buffer_free(&noise);
}

/* A tar may say in a few bytes that gigabytes of its member are zeros. */
static void shortens_holes(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	const int64_t size = INT64_C(1) << 32;
	start_making(&making, "pax", ARCHIVE_FILTER_NONE, NULL);
	struct archive_entry *entry = new_entry("disk.img", AE_IFREG, size);
	archive_entry_sparse_add_entry(entry, size - 4, 4);
	assert_int_equal(archive_write_header(making.archive, entry), ARCHIVE_OK);
	archive_entry_free(entry);
	static const unsigned char zeros[1 << 20];
	for (int64_t left = size - 4; left > 0; left -= (int64_t)sizeof zeros)
		if (archive_write_data(making.archive, zeros, left < (int64_t)sizeof zeros ? (size_t)left : sizeof zeros) < 0)
			fail_msg("hole not written");
	assert_int_equal(archive_write_data(making.archive, "tail", 4), 4);
	struct bytes bytes = finish_making(&making);
	assert_true(bytes.len < 20000);
	assert_int_equal(read_archive(&emitter, bytes), STATUS_OK);
	const struct recorded_child *child = recording_emitter_child(&emitter, "disk.img");
	assert_true(child->bytes.len < 32u << 20);
	assert_true(bytes_end_with(buffer_bytes(&child->bytes), BYTES_LITERAL("tail")));
	assert_non_null(strstr(emitter.note, "holes"));
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
}

/* A central directory of 40 MB, each record of which would cost its reader several times its size. */
static void calls_a_directory_that_fills_memory_a_bomb(void **state)
{
	(void)state;
	unsigned char record[46] = {'P', 'K', 1, 2, 20, 0, 20, 0}, end[22] = {'P', 'K', 5, 6};
	const uint32_t count = 900000, size = count * (uint32_t)sizeof record;
	struct buffer zip = buffer_with_ceiling(MADE_MAX);
	struct emitter emitter;
	buffer_append(&zip, bytes_of("PK\3\4"
	                             "\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	                             30));
	for (uint32_t i = 0; i < count; i++)
		buffer_append(&zip, bytes_of(record, sizeof record));
	store_le32(end + 8, 0xFFFFFFFF);
	store_le32(end + 12, size);
	store_le32(end + 16, 30);
	buffer_append(&zip, bytes_of(end, sizeof end));
	assert_int_equal(read_archive(&emitter, buffer_bytes(&zip)), STATUS_BOMB);
	assert_int_equal(emitter.child_count, 0);
	recording_emitter_free(&emitter);
	buffer_free(&zip);
}

static void stops_as_soon_as_the_emitter_refuses(void **state)
{
	(void)state;
	static const char *const formats[] = {"zip", "ustar", "7zip"};
	for (size_t i = 0; i < 3; i++) {
		struct making making;
		struct emitter emitter;
		start_making(&making, formats[i], ARCHIVE_FILTER_NONE, NULL);
		add_entry(&making, new_entry("d", AE_IFDIR, 0), BYTES_NONE);
		add_file(&making, "d/a", BYTES_LITERAL("1"));
		add_file(&making, "d/b", BYTES_LITERAL("2"));
		struct bytes bytes = finish_making(&making);
		assert_int_equal(read_archive(&emitter, bytes), STATUS_OK);
		recording_emitter_free(&emitter);
		assert_obeys(&format_archive, bytes);
		buffer_free(&making.bytes);
	}
}

static void leaves_other_files_alone(void **state)
{
	(void)state;
	struct buffer noise = buffer_with_ceiling(MADE_MAX);
	append_noise(&noise, 40000);
	const struct bytes others[] = {
		BYTES_NONE,
		BYTES_LITERAL("PK"),
		BYTES_LITERAL("plain text, nothing else\n"),
		BYTES_LITERAL("%PDF-1.4\n"),
		BYTES_LITERAL("070701 is a number\n"),
		BYTES_LITERAL("MZ\x90\0 a program, and no more"),
		buffer_bytes(&noise),
		BYTES_LITERAL("\x1F\x8B"),
		BYTES_LITERAL("BZh, said he, and that was all"),
		BYTES_LITERAL("]\0\0\0 a bracket"),
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_int_equal(bid_for(&format_archive, others[i], ""), 0);
		assert_int_equal(bid_for(&format_compressed, others[i], ""), 0);
	}
	buffer_free(&noise);
}

/* ---- compressed files ---- */

static void undoes_every_compression(void **state)
{
	(void)state;
	static const struct {
		int filter;
		const char *media_type;
	} kinds[] = {
		{ARCHIVE_FILTER_GZIP, "application/gzip"},   {ARCHIVE_FILTER_BZIP2, "application/x-bzip2"},
		{ARCHIVE_FILTER_XZ, "application/x-xz"},     {ARCHIVE_FILTER_LZMA, "application/x-lzma"},
		{ARCHIVE_FILTER_LZIP, "application/x-lzip"}, {ARCHIVE_FILTER_ZSTD, "application/zstd"},
		{ARCHIVE_FILTER_LZ4, "application/x-lz4"},   {ARCHIVE_FILTER_COMPRESS, "application/x-compress"},
	};
	struct buffer content = buffer_with_ceiling(MADE_MAX);
	append_noise(&content, 300000);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct making making;
		struct bytes bytes = make_one(&making, "raw", kinds[i].filter, "x", buffer_bytes(&content));
		assert_true(bid_for(&format_compressed, bytes, "") >= 40);
		for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
			struct emitter emitter;
			assert_int_equal(read_as(&emitter, &format_compressed, bytes, is_mapped), STATUS_OK);
			assert_string_equal(emitter.media_type, kinds[i].media_type);
			assert_int_equal(emitter.child_count, 1);
			assert_true(bytes_equal(buffer_bytes(&emitter.children[0].bytes), buffer_bytes(&content)));
			recording_emitter_free(&emitter);
		}
		buffer_free(&making.bytes);
	}
	buffer_free(&content);
}

static void names_its_part_after_the_file(void **state)
{
	(void)state;
	static const char *const names[][2] = {
		{"data.csv.gz", "data.csv"},
		{"backup.TGZ", "backup.tar"},
		{"a/b/c.txt.GZ", "c.txt"},
		{"logo.svgz", "logo.svg"},
		{"plain", "plain"},
		{"data.bin", "data.bin"},
		{".gz", ".gz"},
		{"", "data"},
	};
	struct making making;
	struct bytes bytes = make_one(&making, "raw", ARCHIVE_FILTER_GZIP, "x", BYTES_LITERAL("text"));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct emitter emitter;
		assert_int_equal(read_named(&emitter, bytes, names[i][0]), STATUS_OK);
		assert_child(&emitter, names[i][1], BYTES_LITERAL("text"), STATUS_OK);
		recording_emitter_free(&emitter);
	}
	buffer_free(&making.bytes);
}

static void reads_all_members_and_one_layer(void **state)
{
	(void)state;
	struct making making, outer;
	struct emitter emitter;
	struct bytes bytes = make_one(&making, "raw", ARCHIVE_FILTER_GZIP, "x", BYTES_LITERAL("one "));
	struct bytes twice = make_one(&outer, "raw", ARCHIVE_FILTER_GZIP, "y", bytes);
	assert_int_equal(read_named(&emitter, twice, "x.gz.gz"), STATUS_OK);
	assert_child(&emitter, "x.gz", bytes, STATUS_OK);
	recording_emitter_free(&emitter);
	struct buffer both = buffer_with_ceiling(MADE_MAX);
	buffer_append(&both, bytes);
	buffer_append(&both, bytes);
	assert_int_equal(read_named(&emitter, buffer_bytes(&both), "x.gz"), STATUS_OK);
	assert_child(&emitter, "x", BYTES_LITERAL("one one "), STATUS_OK);
	recording_emitter_free(&emitter);
	buffer_free(&both);
	buffer_free(&making.bytes);
	buffer_free(&outer.bytes);
	bytes = make_one(&making, "raw", ARCHIVE_FILTER_GZIP, "x", BYTES_NONE);
	assert_int_equal(read_named(&emitter, bytes, "nothing.gz"), STATUS_OK);
	assert_child(&emitter, "nothing", BYTES_NONE, STATUS_OK);
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
}

static void keeps_what_came_before_the_damage(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	struct buffer noise = buffer_with_ceiling(MADE_MAX);
	append_noise(&noise, 300000);
	struct bytes bytes = make_one(&making, "raw", ARCHIVE_FILTER_GZIP, "x", buffer_bytes(&noise));
	assert_int_equal(read_named(&emitter, bytes_slice(bytes, 0, bytes.len / 2), "x.gz"), STATUS_TRUNCATED);
	assert_int_equal(emitter.children[0].how, STATUS_TRUNCATED);
	assert_true(emitter.children[0].bytes.len > 50000);
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
	buffer_free(&noise);
}

/* libarchive keeps up to 64 KiB that it could tell; a short file would come to nothing at all. */
static void gives_all_that_stands_before_a_cut(void **state)
{
	(void)state;
	static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ,   ARCHIVE_FILTER_LZMA,
	                              ARCHIVE_FILTER_LZIP, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2};
	struct buffer noise = buffer_with_ceiling(MADE_MAX);
	append_noise(&noise, 2000000);
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct making making;
		struct bytes bytes = make_one(&making, "raw", filters[i], "x", buffer_bytes(&noise));
		bool is_blockwise = filters[i] == ARCHIVE_FILTER_ZSTD || filters[i] == ARCHIVE_FILTER_BZIP2;
		for (size_t cut = is_blockwise ? 1500000 : 40000; cut <= 1500000; cut += 1460000) {
			struct emitter emitter;
			assert_int_equal(read_named(&emitter, bytes_slice(bytes, 0, cut), "x.gz"), STATUS_TRUNCATED);
			struct bytes came = buffer_bytes(&emitter.children[0].bytes);
			assert_int_equal(emitter.children[0].how, STATUS_TRUNCATED);
			assert_true(came.len + (is_blockwise ? 1000000 : 1000 + cut / 50) > cut);
			assert_true(bytes_equal(came, bytes_slice(buffer_bytes(&noise), 0, came.len)));
			recording_emitter_free(&emitter);
		}
		buffer_free(&making.bytes);
	}
	buffer_free(&noise);
}

static void says_what_stands_behind_the_end(void **state)
{
	(void)state;
	static const struct {
		const struct format *format;
		const char *kind;
		int filter;
	} kinds[] = {
		{&format_compressed, "raw", ARCHIVE_FILTER_GZIP}, {&format_compressed, "raw", ARCHIVE_FILTER_BZIP2},
		{&format_compressed, "raw", ARCHIVE_FILTER_XZ},   {&format_compressed, "raw", ARCHIVE_FILTER_LZIP},
		{&format_compressed, "raw", ARCHIVE_FILTER_ZSTD}, {&format_compressed, "raw", ARCHIVE_FILTER_LZ4},
		{&format_archive, "zip", ARCHIVE_FILTER_NONE},    {&format_archive, "ustar", ARCHIVE_FILTER_NONE},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		for (int has_text = 0; has_text < 2; has_text++) {
			struct making making;
			struct emitter emitter;
			make_one(&making, kinds[i].kind, kinds[i].filter, "x", BYTES_LITERAL("within"));
			memset(buffer_extend(&making.bytes, 700), 0, 700);
			if (has_text)
				buffer_append_string(&making.bytes, "behind@its.example\n");
			assert_int_equal(read_as(&emitter, kinds[i].format, buffer_bytes(&making.bytes), true), STATUS_OK);
			assert_true(bytes_equal_string(buffer_bytes(&emitter.children[0].bytes), "within"));
			assert_string_equal(recording_emitter_text(&emitter), has_text ? "behind@its.example\n" : "");
			assert_int_equal(emitter.unseen, has_text ? 19 : 0);
			recording_emitter_free(&emitter);
			buffer_free(&making.bytes);
		}
	}
}

/* Nothing lies between: also where streams follow each other. */
static void says_what_stands_right_behind_the_end(void **state)
{
	(void)state;
	static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ,
	                              ARCHIVE_FILTER_LZIP, ARCHIVE_FILTER_ZSTD,  ARCHIVE_FILTER_LZ4};
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
			struct making making;
			struct emitter emitter;
			struct buffer twice = buffer_with_ceiling(MADE_MAX);
			struct bytes bytes = make_one(&making, "raw", filters[i], "x", BYTES_LITERAL("within"));
			buffer_append(&twice, bytes);
			buffer_append(&twice, bytes);
			buffer_append_string(&twice, "behind@its.example\n");
			assert_int_equal(read_as(&emitter, &format_compressed, buffer_bytes(&twice), is_mapped), STATUS_OK);
			assert_string_equal(buffer_string(&emitter.children[0].bytes), "withinwithin");
			assert_string_equal(recording_emitter_text(&emitter), "behind@its.example\n");
			assert_string_equal(emitter.note, "19 bytes behind its end: strings only");
			recording_emitter_free(&emitter);
			buffer_free(&making.bytes);
			buffer_free(&twice);
		}
	}
}

/* Offsets count from the zip's beginning, or from the document's. */
static void opens_a_zip_behind_anything(void **state)
{
	(void)state;
	static const char *const before[] = {"#!/bin/sh\nexec unzip $0\n", "\xFF\xD8\xFF\xE0 a picture", "MZ a program",
	                                     "From: ann@its.example\n\n",
	                                     ("\x7F"
	                                      "ELF")};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		for (uint32_t shift = 0; shift < 2; shift++) {
			struct making making;
			struct emitter emitter;
			struct buffer file = buffer_with_ceiling(MADE_MAX);
			struct bytes zip = make_one(&making, "zip", ARCHIVE_FILTER_NONE, "a.txt", BYTES_LITERAL("within"));
			size_t length = strlen(before[i]);
			buffer_append_string(&file, before[i]);
			buffer_append(&file, zip);
			/* The end is 22 bytes long, without a comment. */
			unsigned char *end = file.at + file.len - 22;
			if (shift) {
				unsigned char *entry = file.at + length + load_le32(end + 16);
				store_le32(end + 16, load_le32(end + 16) + (uint32_t)length);
				store_le32(entry + 42, load_le32(entry + 42) + (uint32_t)length);
			}
			buffer_append_string(&file, "packed@its.example");
			file.at[file.len - 18 - 2] = 18;
			assert_true(bid_for(&format_archive, buffer_bytes(&file), "") > 48);
			for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
				assert_int_equal(read_as(&emitter, &format_archive, buffer_bytes(&file), is_mapped), STATUS_OK);
				assert_child_text(&emitter, "a.txt", "within", STATUS_OK);
				assert_contains(buffer_string(&emitter.metadata), "Comment: packed@its.example");
				assert_int_equal(emitter.unseen, length);
				recording_emitter_free(&emitter);
			}
			buffer_free(&file);
			buffer_free(&making.bytes);
		}
	}
}

/* Ten gigabytes of zeros in ten megabytes: the emitter's budget ends it, and nothing is kept meanwhile. */
static void passes_the_end_of_a_budget_up(void **state)
{
	(void)state;
	struct making making;
	struct emitter emitter;
	struct buffer zeros = buffer_with_ceiling(MADE_MAX), bomb = buffer_with_ceiling(MADE_MAX);
	memset(buffer_extend(&zeros, 50u << 20), 0, 50u << 20);
	struct bytes bytes = make_one(&making, "raw", ARCHIVE_FILTER_GZIP, "x", buffer_bytes(&zeros));
	buffer_free(&zeros);
	for (int i = 0; i < 200; i++)
		buffer_append(&bomb, bytes);
	assert_int_equal(buffer_status(&bomb), STATUS_OK);
	recording_emitter_start(&emitter);
	emitter.calls_allowed = 1000;
	assert_int_equal(recording_emitter_read(&emitter, &format_compressed, buffer_bytes(&bomb), true), STATUS_BOMB);
	assert_int_equal(emitter.calls_after_stop, 0);
	recording_emitter_free(&emitter);
	buffer_free(&making.bytes);
	buffer_free(&bomb);
}

static int prepare(void **state)
{
	(void)state;
	return format_archive.prepare() == STATUS_OK ? 0 : 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_members_of_every_kind),
		cmocka_unit_test(keeps_names_as_they_are),
		cmocka_unit_test(passes_over_what_holds_no_data),
		cmocka_unit_test(reads_old_tars_by_their_sum),
		cmocka_unit_test(says_what_is_encrypted),
		cmocka_unit_test(shows_names_in_the_charset_of_all),
		cmocka_unit_test(believes_what_says_it_is_utf8),
		cmocka_unit_test(a_unicode_path_of_another_name_is_not_believed),
		cmocka_unit_test(shows_backslashes_of_dos_as_slashes),
		cmocka_unit_test(goes_on_behind_a_damaged_member),
		cmocka_unit_test(reads_what_came_of_a_truncated_archive),
		cmocka_unit_test(says_why_members_were_not_read),
		cmocka_unit_test(shortens_holes),
		cmocka_unit_test(calls_a_directory_that_fills_memory_a_bomb),
		cmocka_unit_test(stops_as_soon_as_the_emitter_refuses),
		cmocka_unit_test(leaves_other_files_alone),
		cmocka_unit_test(undoes_every_compression),
		cmocka_unit_test(names_its_part_after_the_file),
		cmocka_unit_test(reads_all_members_and_one_layer),
		cmocka_unit_test(keeps_what_came_before_the_damage),
		cmocka_unit_test(gives_all_that_stands_before_a_cut),
		cmocka_unit_test(says_what_stands_behind_the_end),
		cmocka_unit_test(says_what_stands_right_behind_the_end),
		cmocka_unit_test(opens_a_zip_behind_anything),
		cmocka_unit_test(passes_the_end_of_a_budget_up),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}
