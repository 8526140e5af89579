/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures (ISO 32000-2 12.8): the value of a signature field holds a message
 * (Contents) and says which bytes of the file it is over (ByteRange). That is
 * read as it stands: a range need not end where the file does, and what lies
 * behind it was never signed. A usage right (Perms) is no signature of anybody's.
 */
#include "format/pdf/parts.h"

#include <stdio.h>

enum { SIGNATURES_MAX = 64, COVERS_MAX = 128, MESSAGE_MAX = 1 << 20 };

/* How each kind is called (12.8.3 and ETSI EN 319 142-1). */
static const struct {
	const char *name, *kind;
	bool is_sha1_enclosed;
} kinds[] = {
	{"adbe.pkcs7.detached", "pdf", false},    {"adbe.pkcs7.sha1", "pdf", true},     {"ETSI.CAdES.detached", "pdf", false},
	{"ETSI.RFC3161", "pdf-timestamp", false}, {"adbe.x509.rsa_sha1", "pdf", false},
};

static void read_kind(const char *name, struct signed_part *part)
{
	part->kind = "pdf";
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(name, kinds[i].name) == 0) {
			part->kind = kinds[i].kind;
			part->is_sha1_enclosed = kinds[i].is_sha1_enclosed;
		}
}

/* Pairs of offset and length. */
static void read_ranges(struct pdf_parts *parts, pdf_obj *value, struct signed_part *part)
{
	fz_context *context = parts->context;
	pdf_obj *pairs = pdf_dict_get(context, value, PDF_NAME(ByteRange));
	int count = pdf_array_len(context, pairs) / 2;
	for (int i = 0; i < count && i < SIGNED_RANGES_MAX; i++) {
		int64_t from = pdf_to_int64(context, pdf_array_get(context, pairs, 2 * i));
		int64_t length = pdf_to_int64(context, pdf_array_get(context, pairs, 2 * i + 1));
		if (from < 0 || length < 0 || length > INT64_MAX - from) {
			part->range_count = 0;
			return;
		}
		part->ranges[i].from = (uint64_t)from;
		part->ranges[i].to = (uint64_t)(from + length);
		part->range_count++;
	}
}

/* One gap, as long as the message in hexadecimal digits and its brackets, or a little more. */
static bool is_gap_the_message(const struct signed_part *part)
{
	uint64_t gap = part->ranges[1].from - part->ranges[0].to;
	return part->ranges[1].from >= part->ranges[0].to && gap >= 2 * (uint64_t)part->message.len &&
	       gap <= 2 * (uint64_t)part->message.len + 16;
}

static void describe_ranges(const struct pdf_parts *parts, const struct signed_part *part, char covers[COVERS_MAX])
{
	uint64_t size = parts->source->size, end = part->range_count > 0 ? part->ranges[part->range_count - 1].to : 0;
	bool is_plain = part->range_count == 2 && part->ranges[0].from == 0 && is_gap_the_message(part);
	if (part->range_count == 0)
		snprintf(covers, COVERS_MAX, "it does not say what it covers");
	else if (end > size)
		snprintf(covers, COVERS_MAX, "bytes that are not there: the file is shorter");
	else if (!is_plain)
		snprintf(covers, COVERS_MAX, "a part: bytes within the signed range were left out");
	else if (end == size)
		snprintf(covers, COVERS_MAX, "whole document");
	else
		snprintf(covers, COVERS_MAX, "a part: %llu bytes behind the signed range were added or changed later",
		         (unsigned long long)(size - end));
}

static void emit_checked(struct pdf_parts *parts, pdf_obj *value, struct bytes message)
{
	fz_context *context = parts->context;
	char covers[COVERS_MAX];
	int64_t claimed = pdf_dict_get_date(context, value, PDF_NAME(M));
	struct signed_part part = {
		.message = message,
		.source = parts->source,
		.claimed = claimed > 0 ? claimed : CLOCK_UNKNOWN,
		.covers = covers,
	};
	read_kind(pdf_dict_get_name(context, value, PDF_NAME(SubFilter)), &part);
	read_ranges(parts, value, &part);
	describe_ranges(parts, &part, covers);
	pdf_parts_put(parts, emit_signature(parts->emitter, &part));
}

void pdf_parts_emit_signature(struct pdf_parts *parts, pdf_obj *field)
{
	fz_context *context = parts->context;
	pdf_obj *value = pdf_dict_get(context, field, PDF_NAME(V));
	char *message = NULL;
	if (!pdf_name_eq(context, pdf_dict_get_inheritable(context, field, PDF_NAME(FT)), PDF_NAME(Sig)) ||
	    !pdf_is_dict(context, value) || !pdf_is_string(context, pdf_dict_get(context, value, PDF_NAME(Contents))) ||
	    !pdf_is_array(context, pdf_dict_get(context, value, PDF_NAME(ByteRange))) || parts->signatures == SIGNATURES_MAX)
		return;
	parts->signatures++;
	size_t length = pdf_signature_contents(context, parts->document, field, &message);
	fz_var(message);
	fz_try(context) emit_checked(parts, value, bytes_of(message, length < MESSAGE_MAX ? length : MESSAGE_MAX));
	fz_always(context) fz_free(context, message);
	fz_catch(context) fz_rethrow(context);
}
