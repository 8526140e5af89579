/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sweep is about to do, before a single request is made: its targets,
 * how deep each goes and on whose authority, and with which credentials. Made
 * by cmd-sweep.c, shown by --dry-run, carried out by sweep/.
 */
#ifndef TIDEMARK_CLI_SWEEP_PLAN_H
#define TIDEMARK_CLI_SWEEP_PLAN_H

#include "register/register.h"
#include "cli/session.h"
#include "provider/credential.h"
#include "scope/scope.h"
#include "sweep/rules-file.h"
#include "sweep/sweep.h"

/* What the environment holds for one provider. */
struct sweep_credential {
	struct secrets secrets;
	struct credential credential; /* CREDENTIAL_NONE: a stranger's requests */
	enum status status;           /* they make no sense, which matters to targets of the provider only */
	struct failure failure;
};

struct sweep_intent {
	struct sweep_settings settings;
	struct sweep_run_target *targets;
	struct bytes *authorities; /* per target; empty: none needed or none given */
	size_t target_count;
	size_t passed_over;  /* targets that cannot be listed: a folder that is not there, another provider's */
	struct target *gone; /* folders among those, where kept texts are looked through again */
	size_t gone_count;
	struct bytes authority; /* all of authorities, each once */
	struct scope scope;
	struct buffer scope_yaml;
	struct fetch_setup setup;
	struct custom_rules rules; /* of --rules */
	struct sweep_credential credentials[PROVIDER_KIND_COUNT];
	uint64_t keep_days;
	struct register_seeking seeking; /* once the incident is open */
};

/** Reads settings, scope file, environment and targets. USAGE for what does not go together: contents of strangers' containers
 *  without authority above all. Notes on stderr say where a depth was lowered. */
enum status sweep_intent_read(struct session *session, struct sweep_intent *ret_intent, struct failure *reterr) MUST_CHECK;
/** Whether it is asked for that what was read is looked through again, as far as its text was kept. */
bool sweep_intent_renews(const struct sweep_intent *intent);
void sweep_intent_free(struct sweep_intent *intent);

/** --dry-run. */
void sweep_intent_show(struct session *session, const struct sweep_intent *intent);

#endif
