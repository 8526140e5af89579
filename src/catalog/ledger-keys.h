/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two keys of a manifest. The scope key is an incident's: made of the
 * incident's own key, until that of another party is taken in its place, which
 * is kept in tidemark.db, wrapped under the incident's key, so that erasing the
 * incident erases it. The signing key is the catalog's, made of its key.
 */
#ifndef TIDEMARK_CATALOG_LEDGER_KEYS_H
#define TIDEMARK_CATALOG_LEDGER_KEYS_H

#include "catalog/catalog.h"
#include "vault/key.h"

enum status incident_scope_key(struct incident *incident, struct vault_key *ret_key, struct failure *reterr) MUST_CHECK;
/** The catalog must be open to append. */
enum status incident_take_scope_key(struct incident *incident, const struct vault_key *key, struct failure *reterr) MUST_CHECK;

void incident_signing_key(const struct incident *incident, struct vault_key *ret_key);

#endif
