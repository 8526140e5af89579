/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What proves who asks, made from the secrets of the environment. Apart from
 * provider.h, so that the program that only hands secrets on links no reader
 * of anybody's replies. One file per provider, NAME-credential.c, its const
 * struct on top; the name in meson.build registers it.
 */
#ifndef TIDEMARK_PROVIDER_CREDENTIAL_H
#define TIDEMARK_PROVIDER_CREDENTIAL_H

#include "base/arena.h"
#include "model/secret.h"
#include "model/target.h"

enum credential_kind { CREDENTIAL_NONE = 0, CREDENTIAL_SHARED_KEY, CREDENTIAL_SIGNATURE };

struct credential {
	enum credential_kind kind;
	enum provider_kind provider;
	struct bytes account; /* the only one it is ever used for */
	struct bytes key;     /* decoded */
	struct bytes query;   /* a shared access signature, without its question mark */
	const char *source;   /* the variable that held what proves it, for a person */
};

struct credentials {
	enum provider_kind provider;
	/** Environment variables that hold its secrets, as users of the provider's own tools set them; ended by NULL. */
	const char *const *names;
	/** Likewise those that this version makes nothing of: all set and nothing else, a person is told. */
	const char *const *later_names;
	/** All that tidemark-act takes, those of names among them; ended by NULL. NULL: nothing can be changed there. */
	const char *const *acting_names;
	/** CREDENTIAL_NONE when the secrets prove nothing. USAGE when one names no account or is not what it should be; reterr
	 *  never shows it. */
	enum status (*read)(const struct secrets *secrets, struct arena *arena, struct credential *ret_credential,
	                    struct failure *reterr);
};

/** Generated: of every provider of the web kind, ended by NULL. */
extern const struct credentials *const credentials_registry[];

/** Whether this credential may be shown to this target: it names its account, at the provider's own hosts or on the
 *  loopback; for any other endpoint it must be named with it, as HOST:PORT/ACCOUNT. */
bool credential_fits(const struct credential *credential, const struct target *target);

#endif
