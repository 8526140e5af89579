/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names the rules by which things are found and attributed, so that two catalogs know whether they counted by the same: a
 * digest over the declared versions of formats, detectors and attribution, and over what the lists hold. What needs the bytes
 * of an object stands apart from what needs its text alone: FORMATS.DETECTION. Run by the build; writes rules-version.h, with
 * what it was made of. A changed comment changes nothing.
 */
#include "base/buffer.h"
#include "base/digest.h"
#include "detector/detector.h"
#include "format/format.h"
#include "model/cloud-host.h"
#include "model/domain-list.h"
#include "reading/registered.h"
#include "understanding/attribute.h"
#include "understanding/class-words.h"
#include "understanding/classify.h"
#include "understanding/lists.h"
#include "understanding/person.h"
#include "understanding/signature.h"
#include "understanding/similarity.h"

#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>

/* A version of 0 is no rule: formats that tests misbehave by. */
static void name_formats(struct buffer *into)
{
	for (const struct format *const *format = format_registry; *format != NULL; format++)
		if ((*format)->version > 0)
			buffer_append_format(into, "format %s/%u\n", (*format)->name, (*format)->version);
	buffer_append_format(into, "signatures %u\n", signature_version);
	buffer_append_format(into, "similarity %u\n", similarity_version);
}

static void name_detectors(struct buffer *into)
{
	for (const struct detector *const *detector = detector_registry; *detector != NULL; detector++) {
		buffer_append_format(into, "detector %s/%u", (*detector)->name, (*detector)->version);
		for (const char *const *data = (*detector)->data; *data != NULL; data++)
			buffer_append_format(into, " %s", *data);
		buffer_append_byte(into, '\n');
	}
}

static void name_lists(struct buffer *into)
{
	buffer_append_format(into, "attribution %u\n", attribute_version);
	buffer_append_format(into, "register %u\n", registered_version);
	buffer_append_format(into, "classification %u\n", classify_version);
	buffer_append_format(into, "people %u\n", person_version);
	buffer_append_format(into, "words of classes %s\n", class_words_sha256);
	buffer_append_format(into, "list free-mail %s\n", freemail_list.sha256);
	buffer_append_format(into, "list infrastructure %s\n", infrastructure_list.sha256);
	buffer_append_format(into, "list generic countries %s\n", generic_countries_list.sha256);
	buffer_append_format(into, "list mailboxes %s\n", mailboxes_list.sha256);
	buffer_append_format(into, "list namespaces %s\n", namespaces_list.sha256);
	buffer_append_format(into, "list tenants %s\n", tenants_list.sha256);
	buffer_append_format(into, "list internal names %s\n", internal_names_list.sha256);
	buffer_append_format(into, "list cloud hosts %s\n", cloud_hosts_sha256);
	buffer_append_format(into, "list public suffixes %s\n", psl_builtin_sha1sum());
}

/* What was named, and 64 bits of its digest. */
static enum status define(const char *macro, const char *before, const struct buffer *names)
{
	struct buffer digits = buffer_with_ceiling(1024);
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_sha256_of((struct bytes[]){buffer_bytes(names)}, 1, digest);
	digest_append_hex(&digits, bytes_of(digest, 8));
	enum status status = buffer_status(names) != STATUS_OK ? buffer_status(names) : buffer_status(&digits);
	if (status == STATUS_OK)
		printf("/* Made by tools/rules-version of:\n%s*/\n#define %s \"%s%s\"\n", buffer_string(names), macro, before,
		       buffer_string(&digits));
	buffer_free(&digits);
	return status;
}

int main(void)
{
	struct buffer formats = buffer_with_ceiling(1 << 20), detection = buffer_with_ceiling(1 << 20);
	name_formats(&formats);
	name_detectors(&detection);
	name_lists(&detection);
	bool is_defined = define("TIDEMARK_FORMATS_VERSION", "3-", &formats) == STATUS_OK &&
	                  define("TIDEMARK_DETECTION_VERSION", "", &detection) == STATUS_OK;
	buffer_free(&formats);
	buffer_free(&detection);
	return is_defined ? EXIT_SUCCESS : EXIT_FAILURE;
}
