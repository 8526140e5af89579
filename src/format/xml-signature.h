/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of XML (XML-DSig, XAdES), wherever they stand: of each Signature
 * element that stands in no other its first certificate, which is the signer's,
 * the time it claims, and what it refers to. Whether the signature itself is right
 * takes the canonical form of XML, which nobody here makes: where all that could
 * be checked is right, that says no more than "not known".
 */
#ifndef TIDEMARK_FORMAT_XML_SIGNATURE_H
#define TIDEMARK_FORMAT_XML_SIGNATURE_H

#include "base/buffer.h"
#include "base/xml.h"
#include "format/emitter.h"

#define XML_SIGNATURE_DIGEST_MAX 64
#define XML_SIGNATURE_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

/* SHA-1, SHA-256, ...; digest: of a file as it stands. False: there is no such file, or it could not be read. */
typedef bool xml_signature_digest(void *context, struct bytes uri, const char *algorithm,
                                  unsigned char digest[XML_SIGNATURE_DIGEST_MAX], size_t *ret_length);

struct xml_signature {
	const char *kind, *covers;
	struct emitter *emitter;
	enum status (*flush)(void *context); /* before anything is emitted */
	xml_signature_digest *digest;        /* NULL: nothing can be checked */
	void *context;                       /* of both */

	unsigned depth; /* of Signature elements */
	bool has_certificate, has_time, has_namespace, is_signed;
	bool is_in_info, is_in_reference, has_transforms, is_altered;
	const char *algorithm; /* of the reference at hand; NULL: another */
	struct buffer *taken;  /* what the text at hand goes to; NULL: nowhere */
	struct buffer certificate, digest_value;
	struct buffer time, uri;
	unsigned count, references;
};

/** What OpenSSL calls the digest of that URI; NULL where it is none of ours. */
const char *xml_signature_algorithm(const char *uri);
/** Whether base64 says that digest. */
bool xml_signature_is_digest(const struct buffer *base64, struct bytes digest);

struct xml_signature xml_signature_new(const char *kind, const char *covers, struct emitter *emitter);
void xml_signature_free(struct xml_signature *signature);

/** To be called for each event of a document. */
void xml_signature_start(struct xml_signature *signature, const char *name, const char *const *attributes);
void xml_signature_text(struct xml_signature *signature, struct bytes text);
enum status xml_signature_end(struct xml_signature *signature, const char *name) MUST_CHECK;

#endif
