/* SPDX-License-Identifier: Apache-2.0 */
/* Which member is signed by which, and whether what a manifest says of others still holds. */
#include "format/office/asic.h"

#include "base/percent.h"
#include "format/office/package-signatures.h"

#include <openssl/evp.h>

enum { MESSAGES_MAX = 64, MESSAGE_MAX = 16 << 20, CONTENT_MAX = 64 << 20, MANIFESTS_MAX = 64, DIGEST_MAX = 256 };

#define FOLDER "META-INF/"

static bool is_own(struct bytes name)
{
	return bytes_start_with_nocase(name, BYTES_LITERAL(FOLDER)) || bytes_equal_string(name, "mimetype") ||
	       bytes_end_with(name, BYTES_LITERAL("/"));
}

static bool is_called(struct bytes name, const char *word, const char *ending)
{
	struct bytes rest = bytes_from(name, strlen(FOLDER));
	return bytes_start_with_nocase(name, BYTES_LITERAL(FOLDER)) &&
	       bytes_find(rest, bytes_of_string(word)) != BYTES_NOT_FOUND && bytes_end_with(name, bytes_of_string(ending));
}

/* The one member that is signed where nothing names others; PACKAGE_NO_PART: there is none, or there are several. */
static size_t find_content(const struct package *package)
{
	size_t found = PACKAGE_NO_PART;
	for (size_t i = 0; i < package->zip.count; i++) {
		if (is_own(package->zip.at[i].name))
			continue;
		if (found != PACKAGE_NO_PART)
			return PACKAGE_NO_PART;
		found = i;
	}
	return found;
}

/* ---- manifests ---- */

struct manifest {
	struct package *package;
	struct bytes signature; /* the member it is asked about */
	bool is_of_it;          /* it refers to that */
	bool is_altered, is_unchecked;
	size_t part; /* at hand; PACKAGE_NO_PART */
	const char *algorithm;
	bool takes;
	struct buffer value;
};

static size_t find_member(const struct package *package, const char *uri)
{
	struct buffer name = buffer_with_ceiling(4096);
	percent_append_decoded(&name, bytes_of_string(uri));
	size_t part = buffer_status(&name) == STATUS_OK ? package_find(package, buffer_bytes(&name)) : PACKAGE_NO_PART;
	buffer_free(&name);
	return part;
}

static bool is_signed_by(const struct manifest *manifest, const char *uri)
{
	size_t part = uri != NULL ? find_member(manifest->package, uri) : PACKAGE_NO_PART;
	return part != PACKAGE_NO_PART && bytes_equal(manifest->package->zip.at[part].name, manifest->signature);
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct manifest *manifest = context;
	const char *local = xml_local_name(name), *uri = xml_attribute(attributes, "URI");
	manifest->takes = strcmp(local, "DigestValue") == 0;
	if (strcmp(local, "SigReference") == 0) {
		manifest->is_of_it |= is_signed_by(manifest, uri);
	} else if (strcmp(local, "DataObjectReference") == 0) {
		manifest->part = uri != NULL ? find_member(manifest->package, uri) : PACKAGE_NO_PART;
		manifest->algorithm = NULL;
		manifest->is_unchecked |= manifest->part == PACKAGE_NO_PART;
		buffer_reset(&manifest->value);
	} else if (strcmp(local, "DigestMethod") == 0) {
		manifest->algorithm = xml_signature_algorithm(xml_attribute(attributes, "Algorithm"));
	}
	return STATUS_OK;
}

static enum status on_text(void *context, struct bytes text)
{
	struct manifest *manifest = context;
	for (size_t i = 0; manifest->takes && i < text.len; i++)
		if (text.at[i] > ' ')
			buffer_append_byte(&manifest->value, text.at[i]);
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	struct manifest *manifest = context;
	manifest->takes = false;
	if (strcmp(xml_local_name(name), "DataObjectReference") != 0 || manifest->part == PACKAGE_NO_PART)
		return STATUS_OK;
	unsigned char digest[XML_SIGNATURE_DIGEST_MAX];
	size_t length = 0;
	bool is_made = manifest->algorithm != NULL &&
	               package_digest(manifest->package, manifest->part, manifest->algorithm, digest, &length);
	manifest->is_unchecked |= !is_made;
	manifest->is_altered |= is_made && !xml_signature_is_digest(&manifest->value, bytes_of(digest, length));
	manifest->part = PACKAGE_NO_PART;
	return STATUS_OK;
}

/* The manifest a signature is over; PACKAGE_NO_PART. What it says of members is held against them. */
static enum status find_manifest(struct package *package, struct bytes signature, struct manifest *ret_manifest, size_t *ret_part)
{
	static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};
	size_t looked_at = 0;
	*ret_part = PACKAGE_NO_PART;
	for (size_t i = 0; i < package->zip.count && looked_at < MANIFESTS_MAX; i++) {
		struct bytes name = package->zip.at[i].name;
		if (!bytes_start_with_nocase(name, BYTES_LITERAL(FOLDER "ASiCManifest")) ||
		    !bytes_end_with(name, BYTES_LITERAL(".xml")))
			continue;
		struct manifest manifest = {.package = package,
		                            .signature = signature,
		                            .part = PACKAGE_NO_PART,
		                            .value = buffer_with_ceiling(DIGEST_MAX)};
		unsigned damaged = package->damaged_parts;
		enum status status = package_parse(package, i, &events, &manifest);
		buffer_free(&manifest.value);
		if (status != STATUS_OK)
			return status;
		looked_at++;
		if (!manifest.is_of_it)
			continue;
		manifest.is_unchecked |= package->damaged_parts > damaged;
		*ret_manifest = manifest;
		*ret_part = i;
		return STATUS_OK;
	}
	return STATUS_OK;
}

/* ---- messages ---- */

static enum status keep_piece(void *context, struct bytes piece)
{
	buffer_append(context, piece);
	return buffer_status(context);
}

/* END: it could not be read, or is too large. */
static enum status unpack(struct package *package, size_t part, struct buffer *into)
{
	unsigned damaged = package->damaged_parts;
	enum status status = package_read(package, part, keep_piece, into);
	if (status == STATUS_TOO_LARGE || (status == STATUS_OK && package->damaged_parts > damaged))
		return STATUS_END;
	return status;
}

static enum status emit_message(struct package *package, struct bytes message, size_t content, const struct manifest *manifest,
                                bool is_by_manifest)
{
	struct buffer covered = buffer_with_ceiling(CONTENT_MAX);
	enum status status = content != PACKAGE_NO_PART ? unpack(package, content, &covered) : STATUS_END;
	struct source source = source_of_bytes(buffer_bytes(&covered));
	struct signed_part part = {
		.kind = "asic",
		.message = message,
		.claimed = CLOCK_UNKNOWN,
		.covers = is_by_manifest ? "the members that its manifest names" : "the one member beside it",
		.is_altered = is_by_manifest && manifest->is_altered,
		.is_unchecked = is_by_manifest && manifest->is_unchecked,
	};
	if (status == STATUS_OK && covered.len > 0) {
		part.source = &source;
		part.ranges[0].to = source.size;
		part.range_count = 1;
	}
	if (status == STATUS_OK || status == STATUS_END)
		status = emit_signature(package->emitter, &part);
	buffer_free(&covered);
	return status;
}

static enum status emit_by_message(struct package *package, size_t part)
{
	struct buffer message = buffer_with_ceiling(MESSAGE_MAX);
	struct manifest manifest = {.package = package};
	size_t content;
	enum status status = unpack(package, part, &message);
	if (status == STATUS_OK)
		status = find_manifest(package, package->zip.at[part].name, &manifest, &content);
	if (status == STATUS_OK) {
		bool is_by_manifest = content != PACKAGE_NO_PART;
		status = emit_message(package, buffer_bytes(&message), is_by_manifest ? content : find_content(package),
		                      &manifest, is_by_manifest);
	}
	buffer_free(&message);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status emit_all(struct package *package)
{
	enum status status = STATUS_OK;
	size_t messages = 0;
	for (size_t i = 0; i < package->zip.count && status == STATUS_OK && messages < MESSAGES_MAX; i++) {
		struct bytes name = package->zip.at[i].name;
		bool is_message = is_called(name, "signature", ".p7s") || is_called(name, "timestamp", ".tst");
		bool is_xml = is_called(name, "signature", ".xml");
		messages += is_message || is_xml;
		if (is_message)
			status = emit_by_message(package, i);
		else if (is_xml)
			status = package_emit_signatures(package, "asic", i);
	}
	return status;
}

enum status asic_emit_signatures(struct source *source, struct emitter *emitter)
{
	struct package package;
	enum status status = package_open(&package, "signatures", source, emitter);
	if (status == STATUS_OK)
		status = emit_all(&package);
	package_close(&package);
	/* What is wrong with the archive is told by who reads its members. */
	return status == STATUS_MALFORMED || status == STATUS_BOMB || status == STATUS_UNSUPPORTED || status == STATUS_END ||
	                       status == STATUS_TRUNCATED
	               ? STATUS_OK
	               : status;
}
