/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of archives. Kinds with a long signature bid high; zip bids low,
 * since many a format is a zip with something particular in it, and tar
 * without its magic is told by the sum of its header. xar is not among them:
 * its reader in libarchive 3.6.2 never ends on a file whose links go round.
 */
#include "format/archive/kind.h"

#include "format/archive/zip-end.h"
#include "format/archive/zip-parts.h"

static bool is_zip(struct bytes head, struct source *source);
static bool is_appended_zip(struct bytes head, struct source *source);
static bool is_seven_zip(struct bytes head, struct source *source);
static bool is_rar(struct bytes head, struct source *source);
static bool is_rar5(struct bytes head, struct source *source);
static bool is_ustar(struct bytes head, struct source *source);
static bool is_old_tar(struct bytes head, struct source *source);
static bool is_cpio(struct bytes head, struct source *source);
static bool is_cab(struct bytes head, struct source *source);
static bool is_lha(struct bytes head, struct source *source);
static bool is_ar(struct bytes head, struct source *source);
static bool is_iso(struct bytes head, struct source *source);

static const struct archive_kind kinds[] = {
	{"application/zip", 40, is_zip, archive_read_support_format_zip, .is_seekable = true, .has_directory = true,
         .counts_members = zip_parts_declared},
	{"application/x-7z-compressed", 80, is_seven_zip, archive_read_support_format_7zip, .is_seekable = true},
	{"application/vnd.rar", 80, is_rar, archive_read_support_format_rar, .is_seekable = true, .is_of_dos = true},
	{"application/vnd.rar", 80, is_rar5, archive_read_support_format_rar5, .is_seekable = true},
	{"application/x-tar", 80, is_ustar, archive_read_support_format_tar, .is_seekable = false},
	{"application/x-cpio", 70, is_cpio, archive_read_support_format_cpio, .is_seekable = false},
	{"application/vnd.ms-cab-compressed", 70, is_cab, archive_read_support_format_cab, .is_of_dos = true},
	{"application/x-lzh-compressed", 60, is_lha, archive_read_support_format_lha, .is_of_dos = true, .needs_charset = true},
	{"application/x-archive", 70, is_ar, archive_read_support_format_ar, .is_seekable = false},
	{"application/x-tar", 60, is_old_tar, archive_read_support_format_tar, .is_seekable = false},
	{"application/x-iso9660-image", 70, is_iso, archive_read_support_format_iso9660, .is_seekable = false},
	{"application/zip", 62, is_appended_zip, archive_read_support_format_zip, .is_seekable = true, .has_directory = true,
         .counts_members = zip_parts_declared},
};

const struct archive_kind *archive_kind_recognise(struct bytes head, struct source *source)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].matches(head, source))
			return &kinds[i];
	return NULL;
}

static bool starts(struct bytes head, const char *magic, size_t length)
{
	return bytes_start_with(head, bytes_of(magic, length));
}

static bool is_zip(struct bytes head, struct source *source)
{
	(void)source;
	/* A member; the end of an empty one; a first volume's or a single segment's mark, then a member. */
	return starts(head, "PK\3\4", 4) || starts(head, "PK\5\6", 4) || starts(head, "PK00PK\3\4", 8) ||
	       starts(head, "PK\7\10PK\3\4", 8);
}

/* Behind a program that unpacks itself, a picture, a header of mail, or anything but containers whose own reader finds
 * what lies in them. */
static bool is_appended_zip(struct bytes head, struct source *source)
{
	struct zip_end end;
	if (starts(head, "\xD0\xCF\x11\xE0", 4) || starts(head, "SQLite format 3", 16) || starts(head, "%PDF-", 5))
		return false;
	return zip_end_find(source, &end);
}

static bool is_seven_zip(struct bytes head, struct source *source)
{
	(void)source;
	return starts(head, "7z\xBC\xAF\x27\x1C", 6);
}

static bool is_rar(struct bytes head, struct source *source)
{
	(void)source;
	return starts(head, "Rar!\x1A\x07\x00", 7);
}

static bool is_rar5(struct bytes head, struct source *source)
{
	(void)source;
	return starts(head, "Rar!\x1A\x07\x01\x00", 8);
}

/* The sum of a tar header, its own field counted as blanks; signed is how some old ones added. */
static bool has_tar_sum(struct bytes head)
{
	enum { HEADER = 512, FIELD = 148, FIELD_END = 156 };
	uint32_t wanted = 0;
	int32_t sum = 0, signed_sum = 0;
	if (head.len < HEADER)
		return false;
	size_t at = FIELD, digits = 0;
	while (at < FIELD_END && head.at[at] == ' ')
		at++;
	for (; at < FIELD_END && head.at[at] >= '0' && head.at[at] <= '7'; at++, digits++)
		wanted = wanted * 8 + (uint32_t)(head.at[at] - '0');
	for (size_t i = 0; i < HEADER; i++) {
		bool in_field = i >= FIELD && i < FIELD_END;
		sum += in_field ? ' ' : head.at[i];
		signed_sum += in_field ? ' ' : (signed char)head.at[i];
	}
	return digits > 0 && (wanted == (uint32_t)sum || (int64_t)wanted == signed_sum);
}

static bool is_ustar(struct bytes head, struct source *source)
{
	(void)source;
	return starts(bytes_from(head, 257), "ustar", 5) && has_tar_sum(head);
}

/* Blanks, octal digits, an end: what a number of an old tar looks like. */
static bool is_octal(struct bytes field)
{
	size_t at = 0, digits = 0;
	while (at < field.len && field.at[at] == ' ')
		at++;
	for (; at < field.len && field.at[at] >= '0' && field.at[at] <= '7'; at++)
		digits++;
	for (; at < field.len; at++)
		if (field.at[at] != ' ' && field.at[at] != '\0')
			return false;
	return digits > 0;
}

static bool is_old_tar(struct bytes head, struct source *source)
{
	(void)source;
	return head.len > 0 && head.at[0] != '\0' && has_tar_sum(head) && is_octal(bytes_slice(head, 100, 8)) &&
	       is_octal(bytes_slice(head, 124, 12)) && is_octal(bytes_slice(head, 136, 12));
}

static bool is_digits(struct bytes field)
{
	for (size_t i = 0; i < field.len; i++) {
		unsigned char byte = field.at[i];
		if (!((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F')))
			return false;
	}
	return field.len > 0;
}

/* The binary form: device, inode, mode, ..., the length of a name that ends in a NUL. */
static bool is_binary_cpio(struct bytes head)
{
	bool is_little = starts(head, "\xC7\x71", 2), is_big = starts(head, "\x71\xC7", 2);
	if ((!is_little && !is_big) || head.len < 26)
		return false;
	uint16_t mode = is_little ? load_le16(head.at + 6) : load_be16(head.at + 6);
	size_t name = is_little ? load_le16(head.at + 20) : load_be16(head.at + 20);
	unsigned type = mode >> 12;
	bool is_type = type == 1 || type == 2 || type == 4 || type == 6 || type == 8 || type == 10 || type == 12;
	return is_type && name > 1 && name <= 4096 && (26 + name > head.len || head.at[26 + name - 1] == '\0');
}

static bool is_cpio(struct bytes head, struct source *source)
{
	(void)source;
	if (starts(head, "070701", 6) || starts(head, "070702", 6))
		return head.len >= 110 && is_digits(bytes_slice(head, 6, 104));
	if (starts(head, "070707", 6))
		return head.len >= 76 && is_digits(bytes_slice(head, 6, 70));
	return is_binary_cpio(head);
}

static bool is_cab(struct bytes head, struct source *source)
{
	(void)source;
	return starts(head, "MSCF\0\0\0\0", 8) && head.len > 25 && head.at[25] == 1; /* major version */
}

static bool is_lha(struct bytes head, struct source *source)
{
	(void)source;
	return head.len > 22 && head.at[2] == '-' && head.at[3] == 'l' && (head.at[4] == 'h' || head.at[4] == 'z') &&
	       head.at[6] == '-' && head.at[20] <= 3;
}

static bool is_ar(struct bytes head, struct source *source)
{
	(void)source;
	return starts(head, "!<arch>\n", 8);
}

static bool is_iso(struct bytes head, struct source *source)
{
	struct bytes descriptor;
	(void)head;
	if (source->size < 36864 || source_view(source, 32768, 8, &descriptor) != STATUS_OK)
		return false;
	return descriptor.len >= 7 && starts(bytes_from(descriptor, 1), "CD001", 5) && descriptor.at[0] <= 3;
}
