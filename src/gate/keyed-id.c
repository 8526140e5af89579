/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/keyed-id.h"

#include "base/digest.h"

struct id keyed_id_of(const unsigned char key[CATALOG_GATE_KEY_SIZE], const struct subject *subject, struct id id)
{
	unsigned char name[DIGEST_SHA256_SIZE], mac[DIGEST_SHA256_SIZE], message[1 + DIGEST_SHA256_SIZE + ID_SIZE];
	struct id keyed;
	digest_sha256(subject->name, name);
	message[0] = (unsigned char)subject->kind;
	memcpy(message + 1, name, sizeof name);
	memcpy(message + 1 + sizeof name, id.bytes, ID_SIZE);
	digest_hmac_sha256(bytes_of(key, CATALOG_GATE_KEY_SIZE), bytes_of(message, sizeof message), mac);
	memcpy(keyed.bytes, mac, ID_SIZE);
	return keyed;
}
