/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A challenge's row, for the files that make, check, decide and mail one. What an asker holds is the id; what is published (the
 * token) and what is mailed (the code) follow from its digest under a key that only the catalog's holder has, so that neither
 * is kept and none of the three tells another.
 */
#ifndef TIDEMARK_CATALOG_CHALLENGE_H
#define TIDEMARK_CATALOG_CHALLENGE_H

#include "catalog/proving.h"

#define CHALLENGE_PAYLOAD_MAX (1 << 16)

/* Of a payload. The language is "de" or nothing, the code an invitation's that came along. */
enum challenge_text { TEXT_SUBJECT, TEXT_MAILBOX, TEXT_NETWORK, TEXT_LANGUAGE, TEXT_CODE, TEXT_COUNT };

#define SQL_OPEN_CHALLENGE "1"
#define SQL_WAITING "2"
#define SQL_GRANTED "3"
#define SQL_REPLACED "5"
_Static_assert(CHALLENGE_OPEN == 1 && CHALLENGE_WAITING == 2 && CHALLENGE_GRANTED == 3 && CHALLENGE_REPLACED == 5,
               "challenge.state");

/** "token" or "code" of the challenge with that digest of an id. */
void challenge_secret(const struct proving *proving, const char *purpose, const unsigned char id[KEYED_SIZE],
                      unsigned char into[SECRET_SIZE]);
void challenge_format(const unsigned char secret[SECRET_SIZE], char into[PROOF_SECRET_TEXT_SIZE]);

#endif
