/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets as they were set: the names of environment variables and what those
 * hold. Which of them make a credential is the provider's to say.
 */
#ifndef TIDEMARK_MODEL_SECRET_H
#define TIDEMARK_MODEL_SECRET_H

#include "base/bytes.h"

#define SECRETS_MAX 12
#define SECRET_NAME_MAX 64
#define SECRET_VALUE_MAX 8192

struct named_secret {
	struct bytes name, value;
};

struct secrets {
	struct named_secret at[SECRETS_MAX];
	size_t count;
};

/** Without the blanks around it; empty if it is not set. */
struct bytes secrets_find(const struct secrets *secrets, const char *name);

#endif
