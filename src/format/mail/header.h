/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header fields of a mail message or of one of its parts (RFC 5322 2.2,
 * RFC 2045 to 2047, RFC 2231), over a block of raw lines. Fields are taken one
 * after the other and never kept, so that a million of them cost nothing.
 * Encoded words, parameters and dates are read by GMime.
 */
#ifndef TIDEMARK_FORMAT_MAIL_HEADER_H
#define TIDEMARK_FORMAT_MAIL_HEADER_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

#include <stdint.h>

struct mail_field {
	struct bytes name, value; /* raw: the value may be folded and hold anything */
};

/** Once per process before it is sealed; again does nothing. */
enum status mail_header_prepare(void) MUST_CHECK;

/** Length of the field name that line begins with ("Subject: x" is 7), 0 if it is not the beginning of a
 * field. */
size_t mail_field_name_length(struct bytes line);

/** Whether line is an mbox envelope: "From ", a sender, a time and a year. */
bool mail_is_envelope(struct bytes line);

/** Whether line, "From " and a line break or an address alone, is an envelope that was written without a date: so far as what
 *  follows it shows, fields of mail. rest: what follows. */
bool mail_is_bare_envelope(struct bytes line, struct bytes rest);

/** The next field of a block, with its continuation lines; moves past it. False at the end. Lines that are no
 * field are passed over. */
bool mail_field_take(struct bytes *block, struct mail_field *ret_field);

/** The first field of that name; an empty value if there is none. */
struct bytes mail_field_find(struct bytes block, const char *name);

/** Appends a value unfolded, its encoded words decoded, as one line of UTF-8 (8-bit bytes are taken for
 * UTF-8, then for windows-1252). Values beyond 64 KiB are cut. */
void mail_value_append_decoded(struct bytes value, struct buffer *into);

/** A mail date, with its named zones, or RFC 3339; CLOCK_UNKNOWN if it is neither. */
int64_t mail_value_parse_date(struct bytes value);

/** How much the beginning of a document looks like mail: 0 no, then about ten for each field that only mail
 * has in that form, at most 100. head may be cut anywhere. */
int mail_head_score(struct bytes head);

enum mail_encoding { MAIL_IDENTITY, MAIL_BASE64, MAIL_QUOTED_PRINTABLE, MAIL_UUENCODE, MAIL_UNKNOWN_ENCODING };

/* What a part's own fields say of it. */
struct mail_content {
	char media_type[128]; /* lower case; empty if none was given or it could not be read */
	enum mail_encoding encoding;
	bool is_attachment;                                /* its disposition says so */
	bool is_flowed, deletes_space;                     /* format=flowed, delsp=yes (RFC 3676) */
	int64_t modified;                                  /* CLOCK_UNKNOWN if not given */
	struct buffer boundary, charset, name, smime_type; /* decoded parameters, empty if not given */
};

/** Reads a block of fields; mail_content_free frees what it holds, also after a failure. */
enum status mail_content_read(struct bytes block, struct mail_content *ret_content) MUST_CHECK;
void mail_content_free(struct mail_content *content);

#endif
