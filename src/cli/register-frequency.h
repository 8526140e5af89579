/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a catalog knows: a word that stands in a great part of what was read
 * means nobody, whatever any list says. The owner's own names may stand
 * everywhere, and so may a name that is the domain's own.
 */
#ifndef TIDEMARK_CLI_REGISTER_FREQUENCY_H
#define TIDEMARK_CLI_REGISTER_FREQUENCY_H

#include "catalog/catalog.h"
#include "register/register.h"

enum status register_frequency_refuse(struct incident *incident, struct register_reading *reading, struct arena *arena,
                                      struct failure *reterr) MUST_CHECK;

#endif
