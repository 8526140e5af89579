/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/world.h"

#include "base/json.h"
#include "portal/proof-settings.h"
#include "process/prover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { DNS_PORT = 53, ANSWER_MAX = 1 << 20 };

/* ---- what serve was told ---- */

static enum status read_file(const char *option, const char *path, size_t most, struct buffer *into, struct failure *reterr)
{
	unsigned char piece[8192];
	*into = buffer_with_ceiling(most);
	if (path == NULL)
		return STATUS_OK;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t got = -1;
	while (descriptor >= 0 && (got = read(descriptor, piece, sizeof piece)) > 0)
		buffer_append(into, bytes_of(piece, (size_t)got));
	int why = errno;
	if (descriptor >= 0)
		close(descriptor);
	if (got < 0)
		return fail(reterr, STATUS_USAGE, option, "%.100s cannot be read (%s)", path, strerror(why));
	return buffer_status(into) == STATUS_TOO_LARGE ? fail(reterr, STATUS_USAGE, option, "%.100s is too large", path)
	                                               : buffer_status(into);
}

static enum status read_setup(const struct portal_settings *settings, struct prove_setup *setup, struct failure *reterr)
{
	*setup = (struct prove_setup){.milliseconds = 0};
	if (settings->resolvers.count > PROVE_RESOLVERS_MAX || settings->proof_allow.count > PROVE_NETWORKS_MAX)
		return fail(reterr, STATUS_USAGE, "--resolver", "at most %d of these, and %d of --proof-allow",
		            PROVE_RESOLVERS_MAX, PROVE_NETWORKS_MAX);
	for (size_t i = 0; i < settings->resolvers.count; i++)
		if (!ip_end_parse(bytes_of_string(settings->resolvers.at[i]), DNS_PORT,
		                  &setup->resolvers[setup->resolver_count++]))
			return fail(reterr, STATUS_USAGE, "--resolver", "'%.100s' is no address with a port",
			            settings->resolvers.at[i]);
	for (size_t i = 0; i < settings->proof_allow.count; i++)
		if (!ip_network_parse(bytes_of_string(settings->proof_allow.at[i]), &setup->allowed[setup->allowed_count++]))
			return fail(reterr, STATUS_USAGE, "--proof-allow", "'%.100s' is no network, as 10.1.0.0/16",
			            settings->proof_allow.at[i]);
	return STATUS_OK;
}

struct instruments {
	struct prover_plan plan;
	struct buffer anchor, authorities;
};

static enum status read_instruments(const struct portal_settings *settings, struct instruments *into, struct failure *reterr)
{
	*into = (struct instruments){.anchor = buffer_with_ceiling(0)};
	enum status status = read_setup(settings, &into->plan.setup, reterr);
	if (status == STATUS_OK)
		status = read_file("--trust-anchor", settings->trust_anchor, PROVE_ANCHOR_MAX, &into->anchor, reterr);
	if (status == STATUS_OK)
		status = read_file("--proof-ca", settings->proof_ca, PROVE_AUTHORITY_MAX, &into->authorities, reterr);
	into->plan.trust_anchor = buffer_bytes(&into->anchor);
	into->plan.authorities = buffer_bytes(&into->authorities);
	return status;
}

static void free_instruments(struct instruments *instruments)
{
	buffer_free(&instruments->anchor);
	buffer_free(&instruments->authorities);
}

enum status proof_settings_check(const struct portal_settings *settings, struct failure *reterr)
{
	struct instruments instruments;
	enum status status = read_instruments(settings, &instruments, reterr);
	free_instruments(&instruments);
	return status;
}

/* ---- looking ---- */

static enum status put_on_record(const struct world *world, struct bytes domain, enum proof_method method,
                                 const struct prove_answer *answer, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "subject", domain);
	json_member_string(&json, "method", proof_method_name(method));
	json_member_string(&json, "verdict", prove_verdict_name(answer->verdict));
	if (answer->reason != PROVE_NO_REASON)
		json_member_string(&json, "reason", prove_reason_name(answer->reason));
	json_key(&json, "validated");
	json_boolean(&json, answer->is_validated);
	json_member_unsigned(&json, "servers", answer->servers);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = desk_record(world->desk, "proof look", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status ask(const struct portal_settings *settings, enum proof_method method, struct bytes domain, const char *token,
                       struct arena *arena, struct prove_answer *answer, struct failure *reterr)
{
	struct instruments instruments;
	enum status status = read_instruments(settings, &instruments, reterr);
	instruments.plan.question = (struct prove_question){
		.method = method == PROOF_DNS ? PROVE_BY_DNS : PROVE_BY_HTTP,
		.name = domain,
		.token = bytes_of_string(token),
	};
	if (status == STATUS_OK)
		status = prover_ask(&instruments.plan, arena, answer, reterr);
	free_instruments(&instruments);
	return status;
}

enum status world_look(void *context, enum proof_method method, struct bytes domain, const char *token,
                       enum sighting *ret_sighting, struct failure *reterr)
{
	static const enum sighting sightings[] = {
		[PROVE_NOT_SEEN] = SIGHTING_NOT_SEEN,       [PROVE_SEEN] = SIGHTING_SEEN,
		[PROVE_SEEN_WRONG] = SIGHTING_WRONG,        [PROVE_REFUSED] = SIGHTING_REFUSED,
		[PROVE_UNREACHABLE] = SIGHTING_UNREACHABLE,
	};
	const struct world *world = context;
	struct arena arena = arena_with_ceiling(ANSWER_MAX);
	struct prove_answer answer;
	enum status status = ask(world->settings, method, domain, token, &arena, &answer, reterr);
	if (status == STATUS_OK)
		status = put_on_record(world, domain, method, &answer, reterr);
	if (status == STATUS_OK)
		*ret_sighting = sightings[answer.verdict];
	arena_free(&arena);
	return status;
}
