/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer and the reader of a plan's file agree on. Internal to act/. */
#ifndef TIDEMARK_ACT_PLAN_FORM_H
#define TIDEMARK_ACT_PLAN_FORM_H

#include "catalog/plans.h"
#include "vault/signing.h"

#define PLAN_TAIL_BEGINS "],\"blast\":"
#define PLAN_HASH_BEGINS ",\"hash\":\""

/** What is signed: the hash and whose plan it is. */
struct plan_message {
	unsigned char bytes[16 + PLAN_DIGEST_SIZE + INCIDENT_IDENTITY_SIZE];
};

static inline struct bytes plan_message_of(const struct incident *incident, const unsigned char hash[PLAN_DIGEST_SIZE],
                                           struct plan_message *message)
{
	memcpy(message->bytes, "tidemark-plan-1\0", 16);
	memcpy(message->bytes + 16, hash, PLAN_DIGEST_SIZE);
	incident_identity(incident, message->bytes + 16 + PLAN_DIGEST_SIZE);
	return bytes_of(message->bytes, sizeof message->bytes);
}

#endif
