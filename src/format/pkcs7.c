/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the Cryptographic Message Syntax (RFC 5652), in DER or BER: signed
 * data, as .p7m, .p7s and .p7c hold it. What it encloses is its one part, named
 * as the file without its last ending; where it encloses nothing, what was signed
 * is another file. Enveloped data are encrypted.
 */
#include "format/format.h"

#include "base/buffer.h"

#include <openssl/cms.h>
#include <openssl/err.h>

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

extern const struct format format_pkcs7;
const struct format format_pkcs7 = {
	.name = "pkcs7",
	.version = 1,
	.media_type = "application/pkcs7-mime",
	.bid = bid,
	.extract = extract,
};

enum { BID = 100, MESSAGE_MAX = 16 << 20, IDENTIFIER_AT_MAX = 8, PIECE = 256 << 10 };

/* Of its type: signed, enveloped, authenticated enveloped, and encrypted data. */
static const unsigned char pkcs7[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07};
enum { SIGNED = 2, ENVELOPED = 3, ENCRYPTED = 6 };

/* The last byte of the type's identifier; 0 if it has none of these. */
static unsigned char type_of(struct bytes head)
{
	size_t at = bytes_find(bytes_slice(head, 0, IDENTIFIER_AT_MAX + sizeof pkcs7), bytes_of(pkcs7, sizeof pkcs7));
	if (at == BYTES_NOT_FOUND || head.at[0] != 0x30 || at + sizeof pkcs7 >= head.len)
		return 0;
	return head.at[at + sizeof pkcs7];
}

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	unsigned char type = type_of(head);
	return type == SIGNED || type == ENVELOPED || type == ENCRYPTED ? BID : 0;
}

static enum status read_whole(struct source *source, struct buffer *into)
{
	while (into->len < source->size) {
		struct bytes view;
		enum status status = source_view(source, into->len, PIECE, &view);
		if (status != STATUS_OK || view.len == 0)
			return status != STATUS_OK ? status : STATUS_TRUNCATED;
		buffer_append(into, view);
		if (buffer_status(into) != STATUS_OK)
			return buffer_status(into);
	}
	return STATUS_OK;
}

static enum status emit_enclosed(const ASN1_OCTET_STRING *enclosed, struct source *source, struct emitter *emitter)
{
	size_t slash = bytes_find_last_byte(source->name, '/');
	struct bytes name = slash == BYTES_NOT_FOUND ? source->name : bytes_from(source->name, slash + 1);
	size_t dot = bytes_find_last_byte(name, '.');
	const struct child child = {
		.name = dot != BYTES_NOT_FOUND && dot > 0 ? bytes_slice(name, 0, dot) : name,
		.modified = CLOCK_UNKNOWN,
	};
	return emit_child(emitter, &child, bytes_of(ASN1_STRING_get0_data(enclosed), (size_t)ASN1_STRING_length(enclosed)));
}

static enum status emit_signed(CMS_ContentInfo *message, struct bytes whole, struct source *source, struct emitter *emitter)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(message);
	bool is_enclosing = content != NULL && *content != NULL;
	enum status status = STATUS_OK;
	/* Certificates alone travel as signed data that nobody signed. */
	if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(message)) > 0)
		status = emit_signature(emitter, &(struct signed_part){.kind = "pkcs7",
		                                                       .message = whole,
		                                                       .claimed = CLOCK_UNKNOWN,
		                                                       .covers = is_enclosing ? "the file that it encloses"
		                                                                              : "another file, not at hand"});
	return status == STATUS_OK && is_enclosing ? emit_enclosed(*content, source, emitter) : status;
}

static enum status extract_message(struct bytes whole, struct source *source, struct emitter *emitter)
{
	const unsigned char *at = whole.at;
	CMS_ContentInfo *message = d2i_CMS_ContentInfo(NULL, &at, (long)whole.len);
	enum status status = STATUS_OK;
	if (message == NULL) {
		emit_note(emitter, "its message could not be read");
		emit_unseen(emitter, whole.len);
		status = STATUS_MALFORMED;
	} else if (OBJ_obj2nid(CMS_get0_type(message)) == NID_pkcs7_signed) {
		status = emit_signed(message, whole, source, emitter);
	}
	CMS_ContentInfo_free(message);
	ERR_clear_error();
	return status;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct buffer whole = buffer_with_ceiling(MESSAGE_MAX);
	struct bytes head;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	if (type_of(head) != SIGNED) {
		emit_note(emitter, "enveloped: for the holders of its keys alone");
		emit_unseen(emitter, source->size);
		return STATUS_ENCRYPTED;
	}
	status = read_whole(source, &whole);
	if (status == STATUS_TOO_LARGE) {
		emit_note(emitter, "a message of more than %d MiB", MESSAGE_MAX >> 20);
		emit_unseen(emitter, source->size);
	}
	if (status == STATUS_OK)
		status = extract_message(buffer_bytes(&whole), source, emitter);
	buffer_free(&whole);
	return status;
}
