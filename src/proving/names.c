/* SPDX-License-Identifier: Apache-2.0 */
#include "proving/names.h"

#include "base/clock.h"
#include "base/text.h"
#include "proving/boundary.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
	GRACE = 4000,         /* milliseconds that others are waited for once one has answered */
	PATIENT = 1 << 30,    /* as long as there is time */
	ROOT_PATIENCE = 2000, /* milliseconds, for a resolver of this machine's own */
	NAME_SERVERS_MAX = 16,
	RANDOM_OCTETS = 10
};

#define PROOF_LABEL "_tidemark-proof."
#define PROOF_VALUE "tidemark-proof="

/* ---- whom to ask ---- */

/* Between us and a resolver of this machine stands nobody; where it knows no keys of the root at all, it is taken as it is. */
static bool is_own_without_root(const struct names *names, const struct ip_end *resolver)
{
	struct resolver_settings settings = {.forwarder = resolver};
	struct resolver *plain;
	if (!ip_address_is_own(&resolver->address) || resolver_new(&settings, &plain) != STATUS_OK)
		return false;
	struct lookup keys;
	lookup_begin(&keys, plain, ".", LOOKUP_DNSKEY);
	int64_t soon = clock_monotonic() + ROOT_PATIENCE;
	lookups_wait(&keys, 1, soon < names->until ? soon : names->until, 0);
	bool has_none = keys.state != LOOKUP_ANSWERED || keys.count == 0;
	lookup_end(&keys);
	resolver_free(plain);
	return has_none;
}

static enum status open_resolver(struct names *names, const struct ip_end *forwarder, struct bytes anchors)
{
	struct resolver_settings settings = {
		.forwarder = forwarder,
		.anchors = anchors,
		.allowed = names->setup->allowed,
		.allowed_count = names->setup->allowed_count,
	};
	enum status status = resolver_new(&settings, &names->asked[names->asked_count]);
	names->asked_count += status == STATUS_OK;
	return status;
}

/* Who is asked in the root's place; NULL: the root. */
static const struct ip_end *root_of(const struct prove_setup *setup)
{
	return setup->root.port != 0 ? &setup->root : NULL;
}

enum status names_open(const struct prove_setup *setup, const struct names_anchors *anchors, int64_t until,
                       struct names *ret_names)
{
	struct names names = {.setup = setup, .anchors = anchors->text, .until = until};
	enum status status = STATUS_OK;
	if (setup->resolver_count == 0)
		status = open_resolver(&names, root_of(setup), anchors->text);
	for (size_t i = 0; i < setup->resolver_count && status == STATUS_OK; i++) {
		bool is_bare = anchors->is_standard && is_own_without_root(&names, &setup->resolvers[i]);
		status = open_resolver(&names, &setup->resolvers[i], is_bare ? BYTES_NONE : anchors->text);
	}
	if (status == STATUS_OK)
		*ret_names = names;
	else
		names_close(&names);
	return status;
}

void names_close(struct names *names)
{
	while (names->asked_count > 0)
		resolver_free(names->asked[--names->asked_count]);
}

/* ---- one question to all of them ---- */

void names_ask(const struct names *names, const char *name, enum lookup_type type, struct lookup *ret_lookup)
{
	struct lookup lookups[PROVE_RESOLVERS_MAX];
	size_t chosen = 0;
	for (size_t i = 0; i < names->asked_count; i++)
		lookup_begin(&lookups[i], names->asked[i], name, type);
	lookups_wait(lookups, names->asked_count, names->until, GRACE);
	for (size_t i = 1; i < names->asked_count; i++)
		if (lookups[chosen].state != LOOKUP_BOGUS &&
		    (lookups[i].state == LOOKUP_BOGUS ||
		     (lookups[i].state == LOOKUP_ANSWERED && lookups[chosen].state != LOOKUP_ANSWERED)))
			chosen = i;
	bool is_over = lookups[chosen].state != LOOKUP_RUNS;
	for (size_t i = 0; i < names->asked_count; i++)
		if (i != chosen || !is_over)
			lookup_end(&lookups[i]);
	*ret_lookup = lookups[chosen];
}

static void add_addresses(const struct names *names, const struct lookup *lookup, struct names_addresses *addresses)
{
	for (size_t i = 0; i < lookup->count; i++) {
		struct ip_address address;
		if (!lookup_address(lookup, i, &address))
			continue;
		if (!ip_address_is_open(&address, names->setup->allowed, names->setup->allowed_count))
			addresses->has_closed = true;
		else if (addresses->count < NAMES_ADDRESSES_MAX)
			addresses->at[addresses->count++] = address;
	}
}

void names_find(const struct names *names, const char *host, struct names_addresses *ret_addresses)
{
	struct names_addresses addresses = {.is_failed = true, .is_secure = true};
	const enum lookup_type types[] = {LOOKUP_A, LOOKUP_AAAA};
	for (size_t i = 0; i < 2; i++) {
		struct lookup lookup;
		names_ask(names, host, types[i], &lookup);
		addresses.is_bogus |= lookup.state == LOOKUP_BOGUS;
		addresses.is_failed &= lookup.state != LOOKUP_ANSWERED;
		addresses.is_secure &= lookup.is_secure;
		add_addresses(names, &lookup, &addresses);
		lookup_end(&lookup);
	}
	*ret_addresses = addresses;
}

/* ---- texts ---- */

static void refuse(struct prove_answer *answer, enum prove_reason reason)
{
	answer->verdict = PROVE_REFUSED;
	answer->reason = reason;
}

static void give_up(const struct names *names, struct prove_answer *answer)
{
	answer->verdict = PROVE_UNREACHABLE;
	answer->reason = clock_monotonic() >= names->until ? PROVE_TIMED_OUT : PROVE_NO_NAME_SERVICE;
}

static enum status keep_texts(const struct lookup *lookup, struct arena *arena, struct prove_answer *answer)
{
	struct buffer raw = buffer_with_ceiling(1 << 16), text = buffer_with_ceiling(1 << 18);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < lookup->count && answer->text_count < PROVE_TEXTS_MAX && status == STATUS_OK; i++) {
		buffer_reset(&raw);
		buffer_reset(&text);
		if (!lookup_append_text(lookup, i, &raw))
			continue;
		text_append_repaired(&text, buffer_bytes(&raw));
		struct bytes cut = bytes_slice(buffer_bytes(&text), 0, PROVE_TEXT_MAX);
		cut.len = text_valid_length(cut);
		answer->texts[answer->text_count++] = arena_copy(arena, cut);
		status = buffer_status(&text);
	}
	buffer_free(&raw);
	buffer_free(&text);
	return status;
}

enum status names_list_texts(const struct names *names, const char *name, struct arena *arena, struct prove_answer *ret_answer)
{
	struct prove_answer answer = {.verdict = PROVE_NOT_SEEN};
	struct lookup lookup;
	enum status status = STATUS_OK;
	names_ask(names, name, LOOKUP_TXT, &lookup);
	answer.is_validated = lookup.is_secure;
	answer.servers = lookup.state == LOOKUP_ANSWERED;
	if (lookup.state == LOOKUP_BOGUS)
		refuse(&answer, PROVE_BOGUS);
	else if (lookup.state != LOOKUP_ANSWERED)
		give_up(names, &answer);
	else
		status = keep_texts(&lookup, arena, &answer);
	if (answer.text_count > 0)
		answer.verdict = PROVE_SEEN;
	lookup_end(&lookup);
	if (status == STATUS_OK)
		*ret_answer = answer;
	return status;
}

/* ---- the servers of a zone ---- */

struct zone_servers {
	char zone[RESOLVER_NAME_SIZE];
	struct ip_address at[PROVE_SERVERS_MAX];
	size_t count;
	bool has_closed, has_more;
};

static bool has_alias(const struct lookup *lookup)
{
	char aliases[RESOLVER_ALIASES_MAX][RESOLVER_NAME_SIZE];
	return lookup_aliases(lookup, aliases) > 0;
}

/* The zone that a name lies in: the nearest above it that has name servers. The lookup has them; the caller ends it. */
static bool find_zone(const struct names *names, const char *name, struct lookup *ret_lookup, struct prove_answer *answer)
{
	for (; name != NULL; name = strchr(name, '.') != NULL ? strchr(name, '.') + 1 : NULL) {
		names_ask(names, name, LOOKUP_NS, ret_lookup);
		if (ret_lookup->state == LOOKUP_BOGUS)
			refuse(answer, PROVE_BOGUS);
		else if (ret_lookup->state != LOOKUP_ANSWERED)
			give_up(names, answer);
		else if (ret_lookup->count > 0 && !has_alias(ret_lookup))
			return true;
		bool is_over = ret_lookup->state != LOOKUP_ANSWERED;
		lookup_end(ret_lookup);
		if (is_over)
			return false;
	}
	give_up(names, answer);
	return false;
}

static void add_server(const struct names *names, const struct ip_address *address, struct zone_servers *servers)
{
	for (size_t i = 0; i < servers->count; i++)
		if (memcmp(&servers->at[i], address, sizeof *address) == 0)
			return;
	if (!ip_address_is_open(address, names->setup->allowed, names->setup->allowed_count))
		servers->has_closed = true;
	else if (servers->count == PROVE_SERVERS_MAX)
		servers->has_more = true;
	else
		servers->at[servers->count++] = *address;
}

static void find_servers(const struct names *names, const struct lookup *hosts, struct zone_servers *servers)
{
	struct lookup lookups[2 * NAME_SERVERS_MAX];
	size_t count = 0;
	servers->has_more = hosts->count > NAME_SERVERS_MAX;
	for (size_t i = 0; i < hosts->count && i < NAME_SERVERS_MAX; i++) {
		char host[RESOLVER_NAME_SIZE];
		if (!lookup_host(hosts, i, host))
			continue;
		lookup_begin(&lookups[count++], names->asked[0], host, LOOKUP_A);
		lookup_begin(&lookups[count++], names->asked[0], host, LOOKUP_AAAA);
	}
	lookups_wait(lookups, count, names->until, GRACE);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < lookups[i].count; j++) {
			struct ip_address address;
			if (lookup_address(&lookups[i], j, &address))
				add_server(names, &address, servers);
		}
		lookup_end(&lookups[i]);
	}
}

static bool find_zone_servers(const struct names *names, const char *name, struct zone_servers *servers,
                              struct prove_answer *answer)
{
	struct lookup hosts;
	if (!find_zone(names, name, &hosts, answer))
		return false;
	snprintf(servers->zone, sizeof servers->zone, "%s", hosts.name);
	find_servers(names, &hosts, servers);
	lookup_end(&hosts);
	if (servers->has_more)
		refuse(answer, PROVE_TOO_LARGE);
	else if (servers->count == 0 && servers->has_closed)
		refuse(answer, PROVE_CLOSED_ADDRESS);
	else if (servers->count == 0)
		give_up(names, answer);
	return servers->count > 0 && !servers->has_more;
}

static enum status open_server(const struct names *names, const struct zone_servers *servers, size_t index,
                               struct resolver **ret_resolver)
{
	struct ip_end end = {servers->at[index], names->setup->dns_port != 0 ? names->setup->dns_port : 53};
	struct resolver_settings settings = {
		.forwarder = root_of(names->setup),
		.zone = servers->zone,
		.server = &end,
		.anchors = names->anchors,
		.allowed = names->setup->allowed,
		.allowed_count = names->setup->allowed_count,
	};
	return resolver_new(&settings, ret_resolver);
}

/* ---- a proof ---- */

/* What each is asked: the proof, and a name beside it that nobody can have made. */
struct proof_lookups {
	struct lookup at[2 * PROVE_SERVERS_MAX];
	size_t count;
};

static void write_names(const char *subject, char proof[RESOLVER_NAME_SIZE + 32], char sibling[RESOLVER_NAME_SIZE + 32])
{
	unsigned char random[RANDOM_OCTETS] = {0};
	char word[2 * RANDOM_OCTETS + 1];
	if (getrandom(random, sizeof random, 0) < 0)
		abort();
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(word + 2 * i, 3, "%02x", random[i]);
	snprintf(proof, RESOLVER_NAME_SIZE + 32, PROOF_LABEL "%s", subject);
	snprintf(sibling, RESOLVER_NAME_SIZE + 32, "_tidemark-%s.%s", word, subject);
}

static enum prove_verdict compare(const struct lookup *lookup, const char *token)
{
	char wanted[sizeof PROOF_VALUE + PROVE_TOKEN_MAX];
	enum prove_verdict verdict = PROVE_NOT_SEEN;
	struct buffer text = buffer_with_ceiling(1 << 16);
	snprintf(wanted, sizeof wanted, PROOF_VALUE "%s", token);
	for (size_t i = 0; i < lookup->count && verdict != PROVE_SEEN; i++) {
		buffer_reset(&text);
		if (!lookup_append_text(lookup, i, &text))
			continue;
		if (bytes_equal_string(bytes_trim(buffer_bytes(&text)), wanted))
			verdict = PROVE_SEEN;
		else if (bytes_start_with(bytes_trim(buffer_bytes(&text)), BYTES_LITERAL(PROOF_VALUE)))
			verdict = PROVE_SEEN_WRONG;
	}
	buffer_free(&text);
	return verdict;
}

static bool leaves(const struct lookup *lookup, const char *subject)
{
	char aliases[RESOLVER_ALIASES_MAX][RESOLVER_NAME_SIZE];
	size_t count = lookup_aliases(lookup, aliases);
	for (size_t i = 0; i < count; i++)
		if (!boundary_holds(subject, aliases[i]))
			return true;
	return false;
}

/* What one of them says, by its two lookups. False: it has not answered both. */
static bool judge(const struct lookup *proof, const struct lookup *sibling, const char *subject, const char *token,
                  struct prove_answer *ret_answer)
{
	struct prove_answer answer = {.is_validated = proof->is_secure && sibling->is_secure};
	if (proof->state == LOOKUP_BOGUS || sibling->state == LOOKUP_BOGUS)
		refuse(&answer, PROVE_BOGUS);
	else if (proof->state != LOOKUP_ANSWERED || sibling->state != LOOKUP_ANSWERED)
		return false;
	else if (sibling->count > 0 || has_alias(sibling))
		refuse(&answer, PROVE_WILDCARD);
	else if (leaves(proof, subject))
		refuse(&answer, PROVE_LEAVES);
	else
		answer.verdict = compare(proof, token);
	*ret_answer = answer;
	return true;
}

/* All that answer must say the same; of the operator's resolvers all must answer. */
static void conclude(const struct names *names, const struct proof_lookups *lookups, const char *subject, const char *token,
                     struct prove_answer *answer)
{
	bool is_validated = true, differs = false;
	for (size_t i = 0; i < lookups->count; i += 2) {
		struct prove_answer one;
		if (!judge(&lookups->at[i], &lookups->at[i + 1], subject, token, &one))
			continue;
		differs |= answer->servers > 0 && (one.verdict != answer->verdict || one.reason != answer->reason);
		answer->servers++;
		is_validated &= one.is_validated;
		if (one.verdict == PROVE_REFUSED || answer->servers == 1) {
			answer->verdict = one.verdict;
			answer->reason = one.reason;
		}
	}
	answer->is_validated = is_validated && answer->servers > 0;
	bool are_all_needed = names->setup->resolver_count > 0;
	if (differs && answer->verdict != PROVE_REFUSED)
		refuse(answer, PROVE_DISAGREEMENT);
	else if (answer->verdict != PROVE_REFUSED &&
	         (answer->servers == 0 || (are_all_needed && 2 * answer->servers < lookups->count)))
		give_up(names, answer);
}

static void ask_each(const struct names *names, struct resolver *const *servers, size_t count,
                     const struct prove_question *question, struct prove_answer *answer)
{
	char subject[RESOLVER_NAME_SIZE], token[PROVE_TOKEN_MAX + 1];
	char proof[RESOLVER_NAME_SIZE + 32], sibling[RESOLVER_NAME_SIZE + 32];
	struct proof_lookups lookups = {.count = 0};
	snprintf(subject, sizeof subject, "%.*s", (int)question->name.len, (const char *)question->name.at);
	snprintf(token, sizeof token, "%.*s", (int)question->token.len, (const char *)question->token.at);
	write_names(subject, proof, sibling);
	for (size_t i = 0; i < count; i++) {
		lookup_begin(&lookups.at[lookups.count++], servers[i], proof, LOOKUP_TXT);
		lookup_begin(&lookups.at[lookups.count++], servers[i], sibling, LOOKUP_TXT);
	}
	lookups_wait(lookups.at, lookups.count, names->until, names->setup->resolver_count > 0 ? PATIENT : GRACE);
	conclude(names, &lookups, subject, token, answer);
	for (size_t i = 0; i < lookups.count; i++)
		lookup_end(&lookups.at[i]);
}

static enum status ask_zone(const struct names *names, const struct prove_question *question, struct prove_answer *answer)
{
	char name[RESOLVER_NAME_SIZE + 32];
	struct zone_servers found = {.count = 0};
	struct resolver *servers[PROVE_SERVERS_MAX];
	size_t count = 0;
	enum status status = STATUS_OK;
	snprintf(name, sizeof name, PROOF_LABEL "%.*s", (int)question->name.len, (const char *)question->name.at);
	if (!find_zone_servers(names, name, &found, answer))
		return STATUS_OK;
	for (; count < found.count && status == STATUS_OK; count += status == STATUS_OK)
		status = open_server(names, &found, count, &servers[count]);
	if (status == STATUS_OK)
		ask_each(names, servers, count, question, answer);
	while (count > 0)
		resolver_free(servers[--count]);
	return status;
}

enum status names_prove(const struct names *names, const struct prove_question *question, struct prove_answer *ret_answer)
{
	struct prove_answer answer = {.verdict = PROVE_NOT_SEEN};
	enum status status = STATUS_OK;
	if (names->setup->resolver_count > 0)
		ask_each(names, names->asked, names->asked_count, question, &answer);
	else
		status = ask_zone(names, question, &answer);
	if (status == STATUS_OK)
		*ret_answer = answer;
	return status;
}
