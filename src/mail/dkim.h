/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A DKIM-Signature for a message of ours (RFC 6376; RFC 8463 for Ed25519):
 * relaxed/relaxed, SHA-256, by an RSA key of 1,024 bits or more or an Ed25519 key
 * in PEM. Signed are From, To, Cc, Subject, Date, Message-ID, Reply-To,
 * MIME-Version, Content-Type, Content-Transfer-Encoding and List-Unsubscribe, as
 * far as they stand there, From once more than it does: so none can be added.
 */
#ifndef TIDEMARK_MAIL_DKIM_H
#define TIDEMARK_MAIL_DKIM_H

#include "base/buffer.h"

#include <stdint.h>

struct dkim_key;

/** USAGE: no such key, or too short a one. */
enum status dkim_key_read(struct bytes pem, struct dkim_key **ret_key, struct failure *reterr) MUST_CHECK;
void dkim_key_free(struct dkim_key *key);

/** The record that must stand at SELECTOR._domainkey.DOMAIN: "v=DKIM1; k=rsa; p=...". */
enum status dkim_key_record(const struct dkim_key *key, struct buffer *into) MUST_CHECK;
/** Whether a TXT record found there is this key's. */
bool dkim_record_fits(const struct dkim_key *key, struct bytes record);

/** Appends "DKIM-Signature: ...CRLF", which goes before message. message: RFC 5322, lines end with CRLF. domain, selector:
 *  A-labels. now: seconds of the epoch. USAGE: no From, or no names. */
enum status dkim_sign(const struct dkim_key *key, struct bytes domain, struct bytes selector, struct bytes message, int64_t now,
                      struct buffer *into, struct failure *reterr) MUST_CHECK;

#endif
