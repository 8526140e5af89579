/* SPDX-License-Identifier: Apache-2.0 */
#include "proving/proving.h"

#include "base/clock.h"
#include "net/exchange.h"
#include "net/net.h"
#include "proving/page.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARENA_MAX = 1 << 20, PORTS_MAX = PROVE_RESOLVERS_MAX + 3 };

struct proving {
	int control;
	struct arena arena;
	struct prove_setup setup;
	struct prove_question question;
	struct buffer anchors, authorities, user_agent;
	bool has_standard_anchors;
	uint16_t ports[PORTS_MAX];
	size_t port_count;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/* ---- set-up ---- */

/* The root's keys, as systems keep them. */
static enum status read_standard_anchors(struct buffer *into)
{
	static const char *const paths[] = {"/usr/share/dns/root.key", "/usr/share/dnssec-root/trusted-key.key",
	                                    "/etc/unbound/root.key"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		unsigned char text[8192];
		int file = open(paths[i], O_RDONLY | O_CLOEXEC);
		ssize_t got = file >= 0 ? read(file, text, sizeof text) : -1;
		if (file >= 0)
			close(file);
		if (got > 0) {
			buffer_append(into, bytes_of(text, (size_t)got));
			return buffer_status(into);
		}
	}
	return STATUS_ABSENT;
}

static enum status append_piece(struct buffer *into, struct wire_reader *reader)
{
	struct bytes piece;
	enum status status = prove_get_piece(reader, &piece);
	if (status == STATUS_OK)
		buffer_append(into, piece);
	return status == STATUS_OK ? buffer_status(into) : status;
}

static enum status take_question(struct proving *proving, struct wire_reader *reader)
{
	struct prove_question question;
	enum status status = prove_get_question(reader, &question);
	if (status != STATUS_OK)
		return status;
	question.name = arena_copy(&proving->arena, question.name);
	question.token = arena_copy(&proving->arena, question.token);
	proving->question = question;
	return question.name.at != NULL ? STATUS_END : STATUS_NO_MEMORY;
}

/* END: it is complete. */
static enum status take_frame(struct proving *proving, unsigned char *state, struct wire_reader *reader)
{
	if (permit_message(&prove_permits, state, reader) != STATUS_OK)
		return STATUS_MALFORMED;
	switch (reader->type) {
	case PROVE_SETUP: return prove_get_setup(reader, &proving->setup);
	case PROVE_ANCHOR: return append_piece(&proving->anchors, reader);
	case PROVE_AUTHORITY: return append_piece(&proving->authorities, reader);
	default: return take_question(proving, reader);
	}
}

static enum status take_setup(struct proving *proving)
{
	unsigned char state = PROVE_AWAITS_SETUP;
	enum status status;
	do {
		struct wire_reader reader;
		status = wire_receive(proving->control, -1, proving->frame, &reader);
		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_CRASHED : status;
		status = take_frame(proving, &state, &reader);
		wire_drop(&reader);
	} while (status == STATUS_OK);
	return status == STATUS_END ? STATUS_OK : status;
}

static bool asks_the_web(const struct proving *proving)
{
	return proving->question.method == PROVE_BY_HTTP || proving->question.method == PROVE_SECURITY_TXT;
}

static void list_ports(struct proving *proving)
{
	const struct prove_setup *setup = &proving->setup;
	if (asks_the_web(proving))
		proving->ports[proving->port_count++] = setup->https_port != 0 ? setup->https_port : 443;
	for (size_t i = 0; i < setup->resolver_count; i++)
		proving->ports[proving->port_count++] = setup->resolvers[i].port;
	if (setup->dns_port != 0)
		proving->ports[proving->port_count++] = setup->dns_port;
	if (setup->root.port != 0)
		proving->ports[proving->port_count++] = setup->root.port;
}

static enum status prepare(struct proving *proving, struct failure *reterr)
{
	net_user_agent(&proving->user_agent, TIDEMARK_VERSION, BYTES_NONE);
	list_ports(proving);
	if (exchange_prepare() != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "prove", "libcurl does not start");
	proving->has_standard_anchors = proving->anchors.len == 0;
	if (proving->has_standard_anchors && read_standard_anchors(&proving->anchors) != STATUS_OK)
		return fail(reterr, STATUS_USAGE, "prove",
		            "this machine has no trust anchor for DNSSEC: install dns-root-data, or name one (--trust-anchor)");
	if (asks_the_web(proving) && proving->authorities.len == 0 &&
	    exchange_read_authorities(&proving->authorities) != STATUS_OK)
		return fail(reterr, STATUS_USAGE, "prove", "this machine has no authorities of TLS: install ca-certificates");
	return buffer_status(&proving->user_agent);
}

static enum status send_failed(struct proving *proving, const char *why)
{
	prove_put_failed(&proving->writer, bytes_of_string(why));
	return wire_send(proving->control, &proving->writer, -1);
}

enum status proving_accept(int control, struct proving **ret_proving)
{
	struct failure failure = {.why = "its set-up made no sense"};
	struct proving *proving = calloc(1, sizeof *proving);
	if (proving == NULL)
		return STATUS_NO_MEMORY;
	proving->control = control;
	proving->arena = arena_with_ceiling(ARENA_MAX);
	proving->anchors = buffer_with_ceiling(PROVE_ANCHOR_MAX);
	proving->authorities = buffer_with_ceiling(PROVE_AUTHORITY_MAX);
	proving->user_agent = buffer_with_ceiling(4096);
	enum status status = take_setup(proving);
	if (status == STATUS_OK)
		status = prepare(proving, &failure);
	if (status != STATUS_OK) {
		enum status sent = send_failed(proving, failure.why);
		(void)sent;
		proving_free(proving);
		return status;
	}
	*ret_proving = proving;
	return STATUS_OK;
}

const uint16_t *proving_ports(const struct proving *proving, size_t *ret_count)
{
	*ret_count = proving->port_count;
	return proving->ports;
}

void proving_free(struct proving *proving)
{
	if (proving == NULL)
		return;
	buffer_free(&proving->anchors);
	buffer_free(&proving->authorities);
	buffer_free(&proving->user_agent);
	arena_free(&proving->arena);
	free(proving);
}

/* ---- answering ---- */

static enum status answer(struct proving *proving, const struct names *names, struct prove_answer *ret_answer)
{
	const struct page_settings settings = {
		.names = names,
		.authorities = buffer_bytes(&proving->authorities),
		.user_agent = buffer_string(&proving->user_agent),
	};
	const struct prove_question *question = &proving->question;
	char *name = arena_copy_string(&proving->arena, question->name);
	if (name == NULL)
		return STATUS_NO_MEMORY;
	switch (question->method) {
	case PROVE_BY_DNS: return names_prove(names, question, ret_answer);
	case PROVE_TXT: return names_list_texts(names, name, &proving->arena, ret_answer);
	case PROVE_BY_HTTP: return page_prove(&settings, question, ret_answer);
	default: return page_read_security(&settings, question, &proving->arena, ret_answer);
	}
}

enum status proving_answer(struct proving *proving)
{
	const struct prove_setup *setup = &proving->setup;
	const struct names_anchors anchors = {buffer_bytes(&proving->anchors), proving->has_standard_anchors};
	int64_t until = clock_monotonic() + (setup->milliseconds > 0 ? setup->milliseconds : PROVE_MILLISECONDS);
	struct prove_answer found;
	struct names names;
	enum status status = names_open(setup, &anchors, until, &names);
	if (status == STATUS_USAGE)
		return send_failed(proving, "the trust anchors are no DS or DNSKEY records");
	if (status == STATUS_OK) {
		status = answer(proving, &names, &found);
		names_close(&names);
	}
	if (status != STATUS_OK)
		return send_failed(proving, status_name(status));
	prove_put_answer(&proving->writer, &found);
	return wire_send(proving->control, &proving->writer, -1);
}
