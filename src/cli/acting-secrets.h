/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment holds for commands that change something outside. */
#ifndef TIDEMARK_CLI_ACTING_SECRETS_H
#define TIDEMARK_CLI_ACTING_SECRETS_H

#include "model/object.h"
#include "model/secret.h"

/** Of the variables that a provider's acting names; borrowed from the environment. */
struct secrets acting_secrets(enum provider_kind provider);

#endif
