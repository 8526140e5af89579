/* SPDX-License-Identifier: Apache-2.0 */
/* What serve was told of proofs, before anything is served: resolvers, anchors, authorities, networks. */
#ifndef TIDEMARK_PORTAL_PROOF_SETTINGS_H
#define TIDEMARK_PORTAL_PROOF_SETTINGS_H

#include "portal/settings.h"

/** USAGE where an option makes no sense. */
enum status proof_settings_check(const struct portal_settings *settings, struct failure *reterr) MUST_CHECK;

#endif
