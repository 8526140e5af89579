/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the Azure provider: its parts, one file each.
 */
#ifndef TIDEMARK_PROVIDER_AZURE_H
#define TIDEMARK_PROVIDER_AZURE_H

#include "base/buffer.h"
#include "provider/provider.h"

/** azure-listing.c: List Blobs' EnumerationResults (docs: "List Blobs (REST API)"). */
enum status azure_read_page(const struct target *target, struct bytes body, struct arena *arena, struct page *ret_page);

/** azure-refusal.c: x-ms-error-code first, then the body's <Error><Code>, then the bare status. */
enum status azure_read_refusal(const struct reply *reply, struct terms *terms, struct arena *arena, struct refusal *ret_refusal);

/** azure-names.c */
bool azure_is_log_container(struct bytes container);
bool azure_is_inventory(struct bytes name);

/** azure-credential.c */
extern const struct credentials credentials_azure;

/** azure-sign.c: Shared Key, or a shared access signature; and x-ms-client-request-id for everybody. */
enum status azure_sign(struct request *request, const struct target *target, const struct credential *credential,
                       const struct occasion *occasion, struct arena *arena);

/** What Shared Key signs (docs: "Authorize with Shared Key", 2015-02-21 and later), for tests to look at. */
void azure_append_string_to_sign(struct buffer *into, const struct request *request, struct bytes account);

/** Where its account answers, and its container. */
void azure_append_account(struct buffer *url, const struct target *target);
void azure_append_container(struct buffer *url, const struct target *target);
/** An object in it, of that version. False, and nothing appended, where its name cannot be asked for by URL. */
bool azure_append_object(struct buffer *url, const struct target *target, const struct object *object);
/** The request for a URL in these terms; url is freed. UNSUPPORTED past the oldest. */
enum status azure_finish(struct buffer *url, const char *method, const struct terms *terms, struct arena *arena,
                         struct request *ret_request) MUST_CHECK;

/** The x-ms-version of these terms; NULL past the oldest. */
const char *azure_version(const struct terms *terms);

#endif
