/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of each Signature element that stands in no other: its first certificate, which
 * is the signer's, and the time it claims (XAdES, or the one that Office writes).
 */
#include "format/office/package-signatures.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <time.h>

enum { SIGNATURES_MAX = 64, CERTIFICATE_MAX = 64 << 10, TIME_MAX = 64 };

struct xml_signature {
	struct package *package;
	const char *kind;
	unsigned depth; /* of Signature elements */
	bool has_certificate, has_time;
	struct buffer *taken;      /* what the text at hand goes to; NULL: nowhere */
	struct buffer certificate; /* base64 */
	struct buffer time;
	unsigned count; /* so far */
};

static bool is_named(const char *name, const char *local)
{
	return strcmp(xml_local_name(name), local) == 0;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct xml_signature *signature = context;
	(void)attributes;
	signature->taken = NULL;
	signature->depth += is_named(name, "Signature");
	if (signature->depth != 1)
		return STATUS_OK;
	if (is_named(name, "X509Certificate") && !signature->has_certificate)
		signature->taken = &signature->certificate;
	else if ((is_named(name, "SigningTime") || is_named(name, "Value") || is_named(name, "date")) && !signature->has_time)
		signature->taken = &signature->time;
	return STATUS_OK;
}

static enum status on_text(void *context, struct bytes text)
{
	struct xml_signature *signature = context;
	for (size_t i = 0; signature->taken != NULL && i < text.len; i++)
		if (text.at[i] > ' ')
			buffer_append_byte(signature->taken, text.at[i]);
	return STATUS_OK;
}

/* 2021-03-04T05:06:07Z, whatever stands between the seconds and the zone; other zones are not read. */
static int64_t read_time(const struct buffer *text)
{
	struct tm parts = {0};
	const char *written = buffer_string(text);
	if (text->len < 20 || written[text->len - 1] != 'Z' ||
	    sscanf(written, "%4d-%2d-%2dT%2d:%2d:%2d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
	           &parts.tm_min, &parts.tm_sec) != 6)
		return CLOCK_UNKNOWN;
	parts.tm_year -= 1900;
	parts.tm_mon--;
	return (int64_t)timegm(&parts);
}

static enum status emit_one(struct xml_signature *signature)
{
	struct buffer certificate = buffer_with_ceiling(CERTIFICATE_MAX);
	struct bytes base64 = buffer_bytes(&signature->certificate);
	unsigned char *into = base64.len > 0 ? buffer_extend(&certificate, base64.len / 4 * 3 + 3) : NULL;
	int length = into != NULL ? EVP_DecodeBlock(into, base64.at, (int)base64.len) : -1;
	const struct signed_part part = {
		.kind = signature->kind,
		.certificate = length > 0 ? bytes_of(into, (size_t)length) : BYTES_NONE,
		.claimed = read_time(&signature->time),
		.covers = "the members that it names; not checked",
	};
	enum status status = package_flush(signature->package);
	if (status == STATUS_OK)
		status = emit_signature(signature->package->emitter, &part);
	buffer_free(&certificate);
	return status;
}

static enum status on_end(void *context, const char *name)
{
	struct xml_signature *signature = context;
	signature->has_certificate |= signature->taken == &signature->certificate;
	signature->has_time |= signature->taken == &signature->time && signature->time.len > 0;
	signature->taken = NULL;
	if (!is_named(name, "Signature") || signature->depth == 0 || --signature->depth > 0)
		return STATUS_OK;
	enum status status = signature->count++ < SIGNATURES_MAX ? emit_one(signature) : STATUS_OK;
	signature->has_certificate = signature->has_time = false;
	buffer_reset(&signature->certificate);
	buffer_reset(&signature->time);
	return status;
}

enum status package_emit_signatures(struct package *package, const char *kind, size_t part)
{
	static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};
	struct xml_signature signature = {
		.package = package,
		.kind = kind,
		.certificate = buffer_with_ceiling(CERTIFICATE_MAX),
		.time = buffer_with_ceiling(TIME_MAX),
	};
	enum status status = package_parse(package, part, &events, &signature);
	buffer_free(&signature.certificate);
	buffer_free(&signature.time);
	return status;
}
