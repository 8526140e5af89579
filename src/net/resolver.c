/* SPDX-License-Identifier: Apache-2.0 */
#include "net/resolver.h"

#include "base/clock.h"

#include <arpa/nameser.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <unbound.h>

enum { ANCHOR_TEXT_MAX = 64 << 10, WAITED_MAX = 128, CLASS_IN = 1 };

struct resolver {
	struct ub_ctx *context;
};

/* ---- making one ---- */

/* libunbound's places: "192.0.2.1@53". */
static void write_end(const struct ip_end *end, char into[NETWORK_TEXT_SIZE + 8])
{
	char address[NETWORK_TEXT_SIZE];
	snprintf(into, NETWORK_TEXT_SIZE + 8, "%s@%u", ip_address_write(&end->address, address), end->port);
}

/* The next line, without its comment. */
static struct bytes take_line(struct bytes *text)
{
	size_t end = bytes_find_byte(*text, '\n');
	struct bytes line = bytes_slice(*text, 0, end);
	*text = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*text, end + 1);
	return bytes_slice(line, 0, bytes_find_byte(line, ';'));
}

/* Brackets hold a record of several lines together: libunbound wants one line each. */
static enum status add_anchors(struct ub_ctx *context, struct bytes text)
{
	struct buffer record = buffer_with_ceiling(ANCHOR_TEXT_MAX);
	int depth = 0, failed = 0;
	while (text.len > 0 && failed == 0) {
		struct bytes line = take_line(&text);
		for (size_t i = 0; i < line.len; i++) {
			unsigned char c = line.at[i];
			depth += (c == '(') - (c == ')');
			buffer_append_byte(&record, c == '(' || c == ')' || c < ' ' ? ' ' : c);
		}
		buffer_append_byte(&record, ' ');
		if (depth > 0)
			continue;
		if (bytes_trim(buffer_bytes(&record)).len > 0)
			failed = ub_ctx_add_ta(context, buffer_string(&record));
		buffer_reset(&record);
	}
	enum status status = buffer_status(&record) == STATUS_OK && failed == 0 && depth == 0 ? STATUS_OK : STATUS_USAGE;
	buffer_free(&record);
	return status;
}

/* Wherever a delegation leads, no datagram goes to what is not open. */
static int close_networks(struct ub_ctx *context, const struct resolver_settings *settings)
{
	size_t count;
	const struct ip_network *closed = ip_networks_closed(&count);
	int failed = ub_ctx_set_option(context, "do-not-query-localhost:", "no");
	for (size_t i = 0; i < count && failed == 0; i++) {
		char address[NETWORK_TEXT_SIZE], network[NETWORK_TEXT_SIZE + 8];
		bool is_needed = (settings->forwarder != NULL && ip_network_holds(&closed[i], &settings->forwarder->address)) ||
		                 (settings->server != NULL && ip_network_holds(&closed[i], &settings->server->address));
		for (size_t j = 0; j < settings->allowed_count; j++)
			is_needed |= ip_networks_meet(&closed[i], &settings->allowed[j]);
		if (is_needed)
			continue;
		snprintf(network, sizeof network, "%s/%u", ip_address_write(&closed[i].first, address), closed[i].bits);
		failed = ub_ctx_set_option(context, "do-not-query-address:", network);
	}
	return failed;
}

static int set_options(struct ub_ctx *context)
{
	static const char *const options[][2] = {
		{"aggressive-nsec:", "no"}, /* each name is asked for */
		{"msg-cache-size:", "1m"},  {"rrset-cache-size:", "1m"},
		{"key-cache-size:", "1m"},  {"infra-cache-numhosts:", "500"},
	};
	int failed = 0;
	for (size_t i = 0; i < sizeof options / sizeof *options && failed == 0; i++)
		failed = ub_ctx_set_option(context, options[i][0], options[i][1]);
	return failed;
}

static enum status set_places(struct ub_ctx *context, const struct resolver_settings *settings)
{
	char place[NETWORK_TEXT_SIZE + 8];
	int failed = 0;
	if (settings->forwarder != NULL) {
		write_end(settings->forwarder, place);
		failed = ub_ctx_set_fwd(context, place);
	}
	if (failed == 0 && settings->zone != NULL) {
		write_end(settings->server, place);
		failed = ub_ctx_set_stub(context, settings->zone, place, 0);
	}
	return failed == 0 ? STATUS_OK : STATUS_BROKEN;
}

static enum status prepare(struct ub_ctx *context, const struct resolver_settings *settings)
{
	if (set_options(context) != 0 || close_networks(context, settings) != 0 || ub_ctx_async(context, 1) != 0)
		return STATUS_BROKEN;
	enum status status = set_places(context, settings);
	if (status == STATUS_OK)
		status = add_anchors(context, settings->anchors);
	/* The first that reads the anchors. Names below "test." are whoever's serves them, not libunbound's to deny. */
	if (status == STATUS_OK && ub_ctx_zone_remove(context, "test.") != 0)
		status = settings->anchors.len > 0 ? STATUS_USAGE : STATUS_BROKEN;
	return status;
}

enum status resolver_new(const struct resolver_settings *settings, struct resolver **ret_resolver)
{
	struct resolver *resolver = calloc(1, sizeof *resolver);
	if (resolver != NULL)
		resolver->context = ub_ctx_create();
	if (resolver == NULL || resolver->context == NULL) {
		free(resolver);
		return STATUS_NO_MEMORY;
	}
	/* Whose name is odd is no affair of standard error. */
	enum status status = ub_ctx_debugout(resolver->context, NULL) == 0 ? prepare(resolver->context, settings) : STATUS_BROKEN;
	if (status != STATUS_OK) {
		resolver_free(resolver);
		return status;
	}
	*ret_resolver = resolver;
	return STATUS_OK;
}

void resolver_free(struct resolver *resolver)
{
	if (resolver == NULL)
		return;
	ub_ctx_delete(resolver->context);
	free(resolver);
}

/* ---- asking ---- */

static void take_result(void *context, int error, struct ub_result *result)
{
	struct lookup *lookup = context;
	lookup->result = result;
	lookup->state = LOOKUP_FAILED;
	if (error != 0 || result == NULL)
		return;
	if (result->bogus)
		lookup->state = LOOKUP_BOGUS;
	else if (result->rcode == ns_r_noerror || result->rcode == ns_r_nxdomain)
		lookup->state = LOOKUP_ANSWERED;
	lookup->is_secure = result->secure && !result->bogus;
	lookup->is_absent = result->nxdomain;
	while (lookup->state == LOOKUP_ANSWERED && result->havedata && result->data[lookup->count] != NULL)
		lookup->count++;
}

void lookup_begin(struct lookup *lookup, struct resolver *resolver, const char *name, enum lookup_type type)
{
	*lookup = (struct lookup){.resolver = resolver, .type = type, .state = LOOKUP_RUNS};
	int length = snprintf(lookup->name, sizeof lookup->name, "%s", name);
	if (length <= 0 || (size_t)length >= sizeof lookup->name ||
	    ub_resolve_async(resolver->context, lookup->name, (int)type, CLASS_IN, lookup, take_result, &lookup->id) != 0)
		lookup->state = LOOKUP_FAILED;
}

void lookups_wait(struct lookup *lookups, size_t count, int64_t until, int64_t grace)
{
	bool has_answer = false;
	for (;;) {
		struct pollfd ends[WAITED_MAX];
		struct resolver *of[WAITED_MAX];
		size_t waiting = 0;
		int64_t now = clock_monotonic();
		for (size_t i = 0; i < count && waiting < WAITED_MAX; i++) {
			if (lookups[i].state == LOOKUP_RUNS) {
				of[waiting] = lookups[i].resolver;
				ends[waiting++] = (struct pollfd){.fd = ub_fd(lookups[i].resolver->context), .events = POLLIN};
			} else if (lookups[i].state == LOOKUP_ANSWERED && !has_answer) {
				has_answer = true;
				until = until < now + grace ? until : now + grace;
			}
		}
		if (waiting == 0 || now >= until)
			return;
		if (poll(ends, (nfds_t)waiting, (int)(until - now)) <= 0)
			continue;
		for (size_t i = 0; i < waiting; i++)
			if (ends[i].revents != 0)
				ub_process(of[i]->context);
	}
}

void lookup_end(struct lookup *lookup)
{
	if (lookup->resolver != NULL && lookup->state == LOOKUP_RUNS)
		ub_cancel(lookup->resolver->context, lookup->id);
	ub_resolve_free(lookup->result);
	*lookup = (struct lookup){.state = LOOKUP_FAILED};
}

/* ---- reading answers ---- */

struct bytes lookup_record(const struct lookup *lookup, size_t index)
{
	const struct ub_result *result = lookup->result;
	return index < lookup->count ? bytes_of(result->data[index], (size_t)result->len[index]) : BYTES_NONE;
}

bool lookup_append_text(const struct lookup *lookup, size_t index, struct buffer *into)
{
	struct bytes record = lookup_record(lookup, index);
	bool is_text = record.len > 0;
	while (record.len > 0 && is_text) {
		is_text = record.at[0] < record.len;
		buffer_append(into, bytes_slice(record, 1, record.at[0]));
		record = bytes_from(record, 1u + record.at[0]);
	}
	return is_text && buffer_status(into) == STATUS_OK;
}

bool lookup_address(const struct lookup *lookup, size_t index, struct ip_address *ret_address)
{
	struct bytes record = lookup_record(lookup, index);
	struct ip_address address = {.is_v6 = lookup->type == LOOKUP_AAAA};
	if (record.len != (address.is_v6 ? 16 : 4))
		return false;
	memcpy(address.octets, record.at, record.len);
	*ret_address = address;
	return true;
}

static bool is_host_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Labels of letters, digits, hyphens and underscores, of a name that is not compressed. */
static bool read_host(struct bytes wire, char into[RESOLVER_NAME_SIZE])
{
	size_t length = 0;
	while (wire.len > 0 && wire.at[0] > 0) {
		size_t label = wire.at[0];
		if (label > 63 || label >= wire.len || length + label + 2 > RESOLVER_NAME_SIZE)
			return false;
		if (length > 0)
			into[length++] = '.';
		for (size_t i = 1; i <= label; i++) {
			unsigned char c = wire.at[i] >= 'A' && wire.at[i] <= 'Z' ? wire.at[i] | 0x20 : wire.at[i];
			if (!is_host_byte(c))
				return false;
			into[length++] = (char)c;
		}
		wire = bytes_from(wire, label + 1);
	}
	into[length] = '\0';
	return length > 0 && wire.len == 1;
}

bool lookup_host(const struct lookup *lookup, size_t index, char into[RESOLVER_NAME_SIZE])
{
	return read_host(lookup_record(lookup, index), into);
}

/* "" where it cannot be read. */
static void read_alias(const ns_msg *message, const ns_rr *record, char into[RESOLVER_NAME_SIZE])
{
	unsigned char wire[NS_MAXCDNAME];
	int used = ns_name_unpack(ns_msg_base(*message), ns_msg_end(*message), ns_rr_rdata(*record), wire, sizeof wire);
	size_t length = 0;
	while (used > 0 && length < sizeof wire && wire[length] > 0)
		length += 1u + wire[length];
	if (used <= 0 || length >= sizeof wire || !read_host(bytes_of(wire, length + 1), into))
		into[0] = '\0';
}

size_t lookup_aliases(const struct lookup *lookup, char into[RESOLVER_ALIASES_MAX][RESOLVER_NAME_SIZE])
{
	const struct ub_result *result = lookup->result;
	ns_msg message;
	size_t count = 0;
	if (result == NULL || result->answer_packet == NULL || result->answer_len <= 0)
		return 0;
	bool is_read = ns_initparse(result->answer_packet, result->answer_len, &message) == 0;
	for (int i = 0; is_read && i < ns_msg_count(message, ns_s_an); i++) {
		ns_rr record;
		is_read = ns_parserr(&message, ns_s_an, i, &record) == 0;
		if (!is_read || (ns_rr_type(record) != ns_t_cname && ns_rr_type(record) != ns_t_dname))
			continue;
		if (count == RESOLVER_ALIASES_MAX)
			is_read = false;
		else
			read_alias(&message, &record, into[count++]);
	}
	if (!is_read) {
		count = count < RESOLVER_ALIASES_MAX ? count : RESOLVER_ALIASES_MAX - 1;
		into[count++][0] = '\0';
	}
	return count;
}
