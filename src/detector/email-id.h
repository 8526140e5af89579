/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has the form of an address and names a message, a part or an event:
 * Message-ID, In-Reply-To and References (RFC 5322 3.6.4), Content-ID (RFC 2045
 * 7, RFC 2392), UID of calendars (RFC 5545 3.8.4.7). Its label tells it, in
 * fields of mail, in JSON, in logs; without a label, only a shape that no
 * mailbox has, between angle brackets. Belongs to email.c.
 */
#ifndef TIDEMARK_DETECTOR_EMAIL_ID_H
#define TIDEMARK_DETECTOR_EMAIL_ID_H

#include "base/bytes.h"

/** Whether text[from, to), an address with that local part, is such a name. */
bool email_id_is(struct bytes text, size_t from, size_t to, struct bytes local);

#endif
