/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of a zip file by name, for formats that live in one and want
 * known parts in an order of their own (APPNOTE 6.3.9: 4.3.7, 4.3.12, 4.3.14
 * to 4.3.16). Everything the directory claims is checked before it is used. A
 * file whose directory is gone is listed by its local headers.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_ZIP_PARTS_H
#define TIDEMARK_FORMAT_ARCHIVE_ZIP_PARTS_H

#include "base/buffer.h"
#include "format/format.h"

struct zip_part {
	struct bytes name; /* as written, but with / for \ */
	uint64_t header_offset;
	uint64_t packed_size;
	uint64_t size; /* as declared */
	uint32_t crc32;
	uint16_t method, flags;
	bool is_guessed; /* from a local header: sizes and checksum are not known */
};

struct zip_parts {
	struct zip_part *at; /* in natural order of names: part2 before part10, letters without case */
	size_t count, capacity;
	struct buffer names; /* the directory's bytes, which names point into */
	bool is_damaged;     /* listed by local headers */
};

/** MALFORMED if there are no members at all, BOMB beyond bounds no honest file reaches, or what reading came to.
 *  parts is to be freed whatever comes back. */
enum status zip_parts_open(struct source *source, struct zip_parts *parts) MUST_CHECK;
void zip_parts_free(struct zip_parts *parts);

/** How many members the end record of a zip file says it has, folders included; ABSENT if there is no such record. */
enum status zip_parts_declared(struct source *source, uint64_t *ret_count) MUST_CHECK;

/* A member's name as its header writes it. */
struct zip_name {
	struct bytes raw;
	struct bytes extra;     /* its extra fields */
	bool is_utf8;           /* the header says so (bit 11) */
	uint64_t header_offset; /* of its local header */
};
/* Of a local header (4.3.7): its size without the name behind it, and where bit 11 of its flags stands. */
enum { ZIP_HEADER_SIZE = 30, ZIP_FLAGS_HIGH = 7, ZIP_FLAG_UTF8_HIGH = 1 << 3 };
typedef enum status zip_parts_take_name(void *context, const struct zip_name *name);

/** The names of all members as the directory has them, or local headers where that is gone; what they point to is good during
 *  the call. OK also where there are none; or the first status of take that is not OK. */
enum status zip_parts_visit_names(struct source *source, zip_parts_take_name *take, void *context) MUST_CHECK;

/** Letters without case, as OPC demands; NULL if there is none. Of several of one name it is one of them. */
const struct zip_part *zip_parts_find(const struct zip_parts *parts, struct bytes name);

#define ZIP_TYPE_SIZE 128
/** The kind that a zip file of documents says it is in its first member, "mimetype" (ODF 1.3 part 2, 3.3; OCF 3.3, 4.3), into
 *  the buffer; empty if there is none. */
struct bytes zip_parts_type(struct bytes head, struct source *source, char type[static ZIP_TYPE_SIZE]);

typedef enum status zip_parts_take(void *context, struct bytes piece);

/** Unpacks a member piece by piece. ENCRYPTED, UNSUPPORTED (its method), MALFORMED, BOMB once *budget (may be NULL)
 *  bytes are spent, or the first status of take that is not OK. */
enum status zip_parts_read(struct source *source, const struct zip_part *part, uint64_t *budget, zip_parts_take *take,
                           void *context) MUST_CHECK;

#endif
