/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Azure by an identity rather than a key: a service's own (client credentials,
 * RFC 6749 4.4) or the machine's (managed identity), and what only that may do,
 * through Azure Resource Manager: the flag of an account that lets its
 * containers be public. Which hosts are asked is the environment's to say, as
 * Azure's own tools have it; plain http on the loopback alone.
 */
#ifndef TIDEMARK_PROVIDER_AZURE_IDENTITY_H
#define TIDEMARK_PROVIDER_AZURE_IDENTITY_H

#include "model/verdict.h"
#include "provider/provider.h"

enum azure_identity_kind { AZURE_IDENTITY_NONE = 0, AZURE_IDENTITY_CLIENT, AZURE_IDENTITY_MANAGED };

struct azure_identity {
	enum azure_identity_kind kind;
	struct bytes tenant, client, secret;
	struct bytes endpoint, header; /* of a managed identity: where it is asked for, what proves that we may */
	struct bytes login;            /* https://login.microsoftonline.com, without a slash behind it */
	struct bytes manager;          /* https://management.azure.com, likewise */
	struct bytes subscription;     /* may be empty: then no account's flag can be asked for */
};

/** USAGE where what is set makes no sense; reterr never shows a secret. Bytes in arena. */
enum status azure_identity_read(const struct secrets *secrets, struct arena *arena, struct azure_identity *ret_identity,
                                struct failure *reterr) MUST_CHECK;

enum azure_audience { AZURE_FOR_STORAGE, AZURE_FOR_MANAGER };
enum status azure_ask_token(const struct azure_identity *identity, enum azure_audience audience, struct arena *arena,
                            struct request *ret_request) MUST_CHECK;
/** "Bearer ...", in arena. MALFORMED when none came. */
enum status azure_read_token(struct bytes body, struct arena *arena, struct bytes *ret_bearer) MUST_CHECK;
/** Why none came, as the login host says it: "invalid_client"; empty if it does not. */
struct bytes azure_read_token_refusal(struct bytes body, struct arena *arena);

/** Where Resource Manager has the account: by its name, within the subscription. */
enum status azure_ask_account_place(const struct azure_identity *identity, struct bytes account, struct arena *arena,
                                    struct request *ret_request) MUST_CHECK;
/** /subscriptions/.../storageAccounts/NAME, in arena. ABSENT: none of that name. */
enum status azure_read_account_place(struct bytes body, struct bytes account, struct arena *arena,
                                     struct bytes *ret_place) MUST_CHECK;

enum status azure_ask_account(const struct azure_identity *identity, struct bytes place, struct arena *arena,
                              struct request *ret_request) MUST_CHECK;
enum status azure_ask_account_flag(const struct azure_identity *identity, struct bytes place, bool allows, struct arena *arena,
                                   struct request *ret_request) MUST_CHECK;
/** Whether its containers may be public. One that says nothing of it is of a time when all might. */
enum status azure_read_account(struct bytes body, struct arena *arena, enum answer *ret_allows) MUST_CHECK;

#endif
