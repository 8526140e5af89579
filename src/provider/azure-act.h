/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Azure's write verbs, and the questions that go before them: worded and read,
 * pure as the rest of this folder. A library of its own: what does not link it
 * cannot ask Azure to change anything.
 */
#ifndef TIDEMARK_PROVIDER_AZURE_ACT_H
#define TIDEMARK_PROVIDER_AZURE_ACT_H

#include "model/act.h"
#include "provider/provider.h"

/* ---- containers ---- */

/** What Get Container ACL tells (asked by the provider's ask_container). */
struct azure_acl {
	struct bytes level;         /* "container", "blob" or empty */
	struct bytes policies;      /* its body, SignedIdentifiers, as it came: sent back with a change, or they would be lost */
	struct bytes etag;          /* without quotes */
	struct bytes last_modified; /* as it came */
};
/** Bytes in arena. MALFORMED when it is no access list. */
enum status azure_read_acl(const struct reply *reply, struct arena *arena, struct azure_acl *ret_acl) MUST_CHECK;
/** Set Container ACL: that level and these policies, if nothing was modified since. */
enum status azure_ask_set_acl(const struct target *target, const struct terms *terms, const struct azure_acl *acl,
                              struct arena *arena, struct request *ret_request) MUST_CHECK;
/** Lease and holds, of the head of a container's or a blob's properties. */
void azure_read_holds(const struct reply *reply, struct act_found *found);

/* ---- the account's blob service ---- */

struct azure_service {
	struct bytes site; /* the element StaticWebsite, as it came; empty: there is none */
	enum answer has_site, has_soft_delete, may_delete_permanently;
	uint32_t retention_days;
};
enum status azure_ask_service(const struct target *target, const struct terms *terms, struct arena *arena,
                              struct request *ret_request) MUST_CHECK;
enum status azure_read_service(struct bytes body, struct arena *arena, struct azure_service *ret_service) MUST_CHECK;
/** Set Blob Service Properties, of the site alone: what is not named stays. site: an element StaticWebsite; empty: it is off. */
enum status azure_ask_set_site(const struct target *target, const struct terms *terms, struct bytes site, struct arena *arena,
                               struct request *ret_request) MUST_CHECK;

/* ---- objects ---- */

/** DELETE, DELETE_PERMANENTLY, UNDELETE, SET_TIER. The condition on the etag goes with a current object alone: versions and
 *  snapshots never change. */
enum status azure_ask_step(const struct target *target, const struct terms *terms, const struct act_step *step,
                           struct arena *arena, struct request *ret_request) MUST_CHECK;
/** Several of them as one Blob Batch. credential may be NULL. */
enum status azure_ask_batch(const struct target *target, const struct terms *terms, const struct act_step *steps, size_t count,
                            const struct credential *credential, struct bytes bearer, const struct occasion *occasion,
                            struct arena *arena, struct request *ret_request) MUST_CHECK;
/** Calls each with the place of a step in the batch and the reply to it. MALFORMED when it is no such reply. */
enum status azure_read_batch(const struct reply *reply, size_t count, struct arena *arena,
                             void (*each)(void *context, size_t index, const struct reply *reply), void *context) MUST_CHECK;

/** What a refusal of a write means. code: the provider's word, may be empty. */
enum act_result azure_mean_refusal(unsigned status, struct bytes code);

#endif
