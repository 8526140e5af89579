/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/notify-network.h"

#include "cli/input-file.h"
#include "cli/interrupt.h"

#include <stdio.h>

enum { LOOK_UP_MS = 5000, ANSWER_ARENA = 16 << 20 };

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

static const struct fetch_wait wait = {.is_interrupted = is_interrupted};

/* ---- what was told ---- */

static enum status read_resolvers(struct session *session, struct prove_setup *setup, struct failure *reterr)
{
	size_t count = settings_list_count(session->settings, "resolver");
	if (count > PROVE_RESOLVERS_MAX)
		return fail(reterr, STATUS_USAGE, "--resolver", "at most %d can be asked", PROVE_RESOLVERS_MAX);
	for (size_t i = 0; i < count; i++) {
		const char *written = settings_list_at(session->settings, "resolver", i);
		if (!ip_end_parse(bytes_of_string(written), 53, &setup->resolvers[i]))
			return fail(reterr, STATUS_USAGE, "--resolver", "an address and a port, as 192.0.2.53:53, not '%s'",
			            written);
	}
	setup->resolver_count = count;
	return STATUS_OK;
}

static enum status read_allowed(struct session *session, struct prove_setup *setup, struct failure *reterr)
{
	size_t count = settings_list_count(session->settings, "proof-allow");
	if (count > PROVE_NETWORKS_MAX)
		return fail(reterr, STATUS_USAGE, "--proof-allow", "at most %d networks", PROVE_NETWORKS_MAX);
	for (size_t i = 0; i < count; i++) {
		const char *written = settings_list_at(session->settings, "proof-allow", i);
		if (!ip_network_parse(bytes_of_string(written), &setup->allowed[i]))
			return fail(reterr, STATUS_USAGE, "--proof-allow", "a network, as 10.0.0.0/8, not '%s'", written);
	}
	setup->allowed_count = count;
	return STATUS_OK;
}

enum status notify_network_read(struct session *session, struct notify_network *network, struct failure *reterr)
{
	const char *authorities = settings_text(session->settings, "proof-ca");
	*network = (struct notify_network){.setup = {.milliseconds = LOOK_UP_MS},
	                                   .authorities = buffer_with_ceiling(PROVE_AUTHORITY_MAX)};
	enum status status = read_resolvers(session, &network->setup, reterr);
	if (status == STATUS_OK)
		status = read_allowed(session, &network->setup, reterr);
	if (status == STATUS_OK && authorities != NULL)
		status = input_file_read(authorities, PROVE_AUTHORITY_MAX, &network->authorities, reterr);
	return status;
}

void notify_network_free(struct notify_network *network)
{
	buffer_free(&network->authorities);
}

/* ---- asking ---- */

static enum status ask(struct notify_network *network, enum prove_method method, struct bytes name, struct arena *arena,
                       struct prove_answer *ret_answer, struct failure *reterr)
{
	const struct prover_plan plan = {
		.setup = network->setup,
		.question = {.method = method, .name = name},
		.authorities = buffer_bytes(&network->authorities),
		.wait = &wait,
	};
	struct failure failure;
	enum status status = prover_ask(&plan, arena, ret_answer, &failure);
	if (status == STATUS_CRASHED || status == STATUS_USAGE) {
		*ret_answer = (struct prove_answer){.verdict = PROVE_UNREACHABLE, .reason = PROVE_TIMED_OUT};
		return STATUS_OK;
	}
	if (status != STATUS_OK && reterr != NULL)
		*reterr = failure;
	return status;
}

enum status notify_network_security_txt(struct notify_network *network, struct bytes domain, struct buffer *into,
                                        struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(ANSWER_ARENA);
	struct prove_answer answer;
	enum status status = ask(network, PROVE_SECURITY_TXT, domain, &arena, &answer, reterr);
	if (status == STATUS_OK && answer.verdict == PROVE_SEEN)
		buffer_append(into, answer.page);
	arena_free(&arena);
	return status;
}

/* ---- how the sender's domain stands ---- */

/* Names that no public name service knows (RFC 2606, RFC 6761, RFC 9476). */
static bool is_reserved(struct bytes domain)
{
	static const char *const reserved[] = {"test", "example", "invalid", "localhost", "local", "internal", "alt"};
	size_t dot = bytes_find_last_byte(domain, '.');
	struct bytes last = dot == BYTES_NOT_FOUND ? domain : bytes_from(domain, dot + 1);
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (bytes_equal_nocase(last, bytes_of_string(reserved[i])))
			return true;
	return false;
}

static struct bytes beginning_with(const struct prove_answer *answer, const char *beginning)
{
	for (size_t i = 0; i < answer->text_count; i++)
		if (bytes_start_with_nocase(answer->texts[i], bytes_of_string(beginning)))
			return answer->texts[i];
	return BYTES_NONE;
}

static void note(struct notify_standing *standing, const char *state, struct bytes record)
{
	standing->state = state;
	snprintf(standing->record, sizeof standing->record, "%.*s", (int)record.len,
	         record.len > 0 ? (const char *)record.at : "");
}

static enum status look(struct notify_network *network, const char *name, const char *beginning, struct notify_standing *into,
                        struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(ANSWER_ARENA);
	struct prove_answer answer;
	enum status status = ask(network, PROVE_TXT, bytes_of_string(name), &arena, &answer, reterr);
	if (status == STATUS_OK && answer.verdict != PROVE_SEEN && answer.verdict != PROVE_NOT_SEEN)
		note(into, "unknown", bytes_of_string(prove_reason_name(answer.reason)));
	else if (status == STATUS_OK)
		note(into, beginning_with(&answer, beginning).len > 0 ? "found" : "missing", beginning_with(&answer, beginning));
	arena_free(&arena);
	return status;
}

enum status notify_network_check_sender(struct notify_network *network, struct bytes domain, const char *selector,
                                        struct notify_sender_standing *ret_standing, struct failure *reterr)
{
	struct notify_sender_standing standing = {{.state = "unknown"}, {.state = "unknown"}, {.state = "unknown"}};
	char name[512];
	enum status status = STATUS_OK;
	if (!is_reserved(domain)) {
		snprintf(name, sizeof name, "%.*s", (int)domain.len, (const char *)domain.at);
		status = look(network, name, "v=spf1", &standing.spf, reterr);
		snprintf(name, sizeof name, "_dmarc.%.*s", (int)domain.len, (const char *)domain.at);
		if (status == STATUS_OK)
			status = look(network, name, "v=DMARC1", &standing.dmarc, reterr);
		snprintf(name, sizeof name, "%s._domainkey.%.*s", selector != NULL ? selector : "", (int)domain.len,
		         (const char *)domain.at);
		/* A record of a key may do without its version (RFC 6376 3.6.1). */
		if (status == STATUS_OK && selector != NULL)
			status = look(network, name, "", &standing.dkim, reterr);
	}
	if (selector == NULL)
		note(&standing.dkim, "unsigned", BYTES_NONE);
	if (status == STATUS_OK)
		*ret_standing = standing;
	return status;
}
