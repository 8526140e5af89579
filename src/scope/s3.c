/* SPDX-License-Identifier: Apache-2.0 */
/* S3 and its kin: recognised, so that a target of theirs is refused by name; not swept yet. */
#include "scope/address.h"

static const char *const schemes[] = {"s3", "s3+http", "s3+https", NULL};
static const char *const proofs[] = {
	"x-amz-signature", "x-amz-credential", "x-amz-security-token", "awsaccesskeyid", "ossaccesskeyid", NULL,
};

extern const struct address address_s3;
const struct address address_s3 = {.provider = PROVIDER_S3, .title = "S3", .schemes = schemes, .proofs = proofs};
