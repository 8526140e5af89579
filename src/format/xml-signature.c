/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a signature between its beginning and its end. */
#include "format/xml-signature.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SIGNATURES_MAX = 64, REFERENCES_MAX = 1000, CERTIFICATE_MAX = 64 << 10, TIME_MAX = 64, URI_MAX = 4096, DIGEST_MAX = 256 };

struct xml_signature xml_signature_new(const char *kind, const char *covers, struct emitter *emitter)
{
	return (struct xml_signature){
		.kind = kind,
		.covers = covers,
		.emitter = emitter,
		.certificate = buffer_with_ceiling(CERTIFICATE_MAX),
		.digest_value = buffer_with_ceiling(DIGEST_MAX),
		.time = buffer_with_ceiling(TIME_MAX),
		.uri = buffer_with_ceiling(URI_MAX),
	};
}

void xml_signature_free(struct xml_signature *signature)
{
	buffer_free(&signature->certificate);
	buffer_free(&signature->digest_value);
	buffer_free(&signature->time);
	buffer_free(&signature->uri);
}

static bool is_named(const char *name, const char *local)
{
	return strcmp(xml_local_name(name), local) == 0;
}

/* ---- references ---- */

const char *xml_signature_algorithm(const char *uri)
{
	static const char *const known[][2] = {
		{"http://www.w3.org/2001/04/xmlenc#sha256", "SHA256"},
		{"http://www.w3.org/2001/04/xmlenc#sha512", "SHA512"},
		{"http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA384"},
		{"http://www.w3.org/2000/09/xmldsig#sha1", "SHA1"},
	};
	for (size_t i = 0; uri != NULL && i < sizeof known / sizeof *known; i++)
		if (strcmp(uri, known[i][0]) == 0)
			return known[i][1];
	return NULL;
}

static void begin_reference(struct xml_signature *signature, const char *const *attributes)
{
	const char *uri = xml_attribute(attributes, "URI");
	signature->is_in_reference = true;
	signature->has_transforms = false;
	signature->algorithm = NULL;
	buffer_reset(&signature->uri);
	buffer_reset(&signature->digest_value);
	if (uri != NULL)
		buffer_append_string(&signature->uri, uri);
}

static int decode(const struct buffer *base64, struct buffer *into)
{
	size_t padding = 0;
	while (padding < 2 && base64->len > padding && base64->at[base64->len - 1 - padding] == '=')
		padding++;
	unsigned char *at = base64->len > 0 ? buffer_extend(into, base64->len / 4 * 3 + 3) : NULL;
	int length = at != NULL ? EVP_DecodeBlock(at, base64->at, (int)base64->len) : -1;
	return length < (int)padding ? -1 : length - (int)padding;
}

bool xml_signature_is_digest(const struct buffer *base64, struct bytes digest)
{
	struct buffer said = buffer_with_ceiling(DIGEST_MAX);
	int length = decode(base64, &said);
	bool is_same = length > 0 && bytes_equal(bytes_of(said.at, (size_t)length), digest);
	buffer_free(&said);
	return is_same;
}

/* A file that is referred to as it stands is not what was signed, if its digest is another. */
static void end_reference(struct xml_signature *signature)
{
	struct bytes uri = buffer_bytes(&signature->uri);
	unsigned char digest[XML_SIGNATURE_DIGEST_MAX];
	size_t length = 0;
	bool is_file = uri.len > 0 && uri.at[0] != '#' && !signature->has_transforms && signature->algorithm != NULL;
	signature->is_in_reference = false;
	if (is_file && signature->digest != NULL && signature->references++ < REFERENCES_MAX && signature->digest_value.len > 0 &&
	    signature->digest(signature->context, uri, signature->algorithm, digest, &length))
		signature->is_altered |= !xml_signature_is_digest(&signature->digest_value, bytes_of(digest, length));
}

/* ---- events ---- */

static void note_namespace(struct xml_signature *signature, const char *const *attributes)
{
	for (; attributes[0] != NULL && !signature->has_namespace; attributes += 2)
		signature->has_namespace = strncmp(attributes[0], "xmlns", 5) == 0 &&
		                           strcmp(attributes[1], XML_SIGNATURE_NAMESPACE) == 0;
}

static void start_within(struct xml_signature *signature, const char *name, const char *const *attributes)
{
	if (is_named(name, "X509Certificate") && !signature->has_certificate)
		signature->taken = &signature->certificate;
	else if ((is_named(name, "SigningTime") || is_named(name, "Value") || is_named(name, "date")) && !signature->has_time)
		signature->taken = &signature->time;
	else if (is_named(name, "SignedInfo"))
		signature->is_in_info = true;
	else if (is_named(name, "SignatureValue"))
		signature->is_signed = true;
	if (!signature->is_in_info)
		return;
	if (is_named(name, "Reference"))
		begin_reference(signature, attributes);
	else if (is_named(name, "Transform"))
		signature->has_transforms = true;
	else if (is_named(name, "DigestMethod"))
		signature->algorithm = xml_signature_algorithm(xml_attribute(attributes, "Algorithm"));
	else if (is_named(name, "DigestValue"))
		signature->taken = &signature->digest_value;
}

void xml_signature_start(struct xml_signature *signature, const char *name, const char *const *attributes)
{
	signature->taken = NULL;
	note_namespace(signature, attributes);
	signature->depth += is_named(name, "Signature");
	if (signature->depth == 1)
		start_within(signature, name, attributes);
}

void xml_signature_text(struct xml_signature *signature, struct bytes text)
{
	for (size_t i = 0; signature->taken != NULL && i < text.len; i++)
		if (text.at[i] > ' ')
			buffer_append_byte(signature->taken, text.at[i]);
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
	int length = decode(&signature->certificate, &certificate);
	const struct signed_part part = {
		.kind = signature->kind,
		.certificate = length > 0 ? bytes_of(certificate.at, (size_t)length) : BYTES_NONE,
		.claimed = read_time(&signature->time),
		.covers = signature->covers,
		.is_altered = signature->is_altered,
	};
	enum status status = signature->flush != NULL ? signature->flush(signature->context) : STATUS_OK;
	if (status == STATUS_OK)
		status = emit_signature(signature->emitter, &part);
	buffer_free(&certificate);
	return status;
}

static void forget(struct xml_signature *signature)
{
	signature->has_certificate = signature->has_time = signature->is_signed = signature->is_altered = false;
	signature->is_in_info = signature->is_in_reference = false;
	signature->references = 0;
	buffer_reset(&signature->certificate);
	buffer_reset(&signature->time);
}

enum status xml_signature_end(struct xml_signature *signature, const char *name)
{
	signature->has_certificate |= signature->taken == &signature->certificate;
	signature->has_time |= signature->taken == &signature->time && signature->time.len > 0;
	signature->taken = NULL;
	if (signature->is_in_reference && is_named(name, "Reference"))
		end_reference(signature);
	if (is_named(name, "SignedInfo"))
		signature->is_in_info = false;
	if (!is_named(name, "Signature") || signature->depth == 0 || --signature->depth > 0)
		return STATUS_OK;
	bool is_one = signature->is_signed && signature->has_namespace && signature->count < SIGNATURES_MAX;
	signature->count += is_one;
	enum status status = is_one ? emit_one(signature) : STATUS_OK;
	forget(signature);
	return status;
}
