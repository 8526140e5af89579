/* SPDX-License-Identifier: Apache-2.0 */
/* Google Cloud Storage: recognised, so that a target of it is refused by name; not swept yet. */
#include "scope/address.h"

static const char *const schemes[] = {"gs", "gs+http", "gs+https", NULL};
static const char *const proofs[] = {"x-goog-signature", "x-goog-credential", "googleaccessid", NULL};

extern const struct address address_gcs;
const struct address address_gcs = {
	.provider = PROVIDER_GCS,
	.title = "Google Cloud Storage",
	.schemes = schemes,
	.proofs = proofs,
};
