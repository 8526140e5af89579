/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of XML in a package: what they refer to are its members. */
#include "format/office/package-signatures.h"

#include "base/percent.h"
#include "format/xml-signature.h"

#include <openssl/evp.h>

struct member_digest {
	struct package *package;
	EVP_MD_CTX *digest;
};

static enum status add_piece(void *context, struct bytes piece)
{
	struct member_digest *member = context;
	EVP_DigestUpdate(member->digest, piece.at, piece.len);
	return emit_progress(member->package->emitter);
}

bool package_digest(struct package *package, size_t part, const char *algorithm, unsigned char digest[XML_SIGNATURE_DIGEST_MAX],
                    size_t *ret_length)
{
	const EVP_MD *kind = EVP_get_digestbyname(algorithm);
	struct member_digest member = {package, EVP_MD_CTX_new()};
	unsigned length = 0;
	bool is_made = kind != NULL && member.digest != NULL && EVP_DigestInit_ex(member.digest, kind, NULL) == 1 &&
	               zip_parts_read(package->source, &package->zip.at[part], &package->budget, add_piece, &member) ==
	                       STATUS_OK &&
	               EVP_DigestFinal_ex(member.digest, digest, &length) == 1;
	EVP_MD_CTX_free(member.digest);
	*ret_length = length;
	return is_made;
}

static bool digest_member(void *context, struct bytes uri, const char *algorithm, unsigned char digest[XML_SIGNATURE_DIGEST_MAX],
                          size_t *ret_length)
{
	struct package *package = context;
	struct buffer name = buffer_with_ceiling(4096);
	bool is_made = false;
	percent_append_decoded(&name, uri);
	size_t part = buffer_status(&name) == STATUS_OK ? package_find(package, buffer_bytes(&name)) : PACKAGE_NO_PART;
	if (part != PACKAGE_NO_PART)
		is_made = package_digest(package, part, algorithm, digest, ret_length);
	buffer_free(&name);
	return is_made;
}

static enum status flush_package(void *context)
{
	return package_flush(context);
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	xml_signature_start(context, name, attributes);
	return STATUS_OK;
}

static enum status on_text(void *context, struct bytes text)
{
	xml_signature_text(context, text);
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	return xml_signature_end(context, name);
}

enum status package_emit_signatures(struct package *package, const char *kind, size_t part)
{
	static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};
	struct xml_signature signature = xml_signature_new(kind, "the members that it names; not checked", package->emitter);
	signature.flush = flush_package;
	signature.digest = digest_member;
	signature.context = package;
	enum status status = package_parse(package, part, &events, &signature);
	xml_signature_free(&signature);
	return status;
}
