/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "process/listener.h"

#include "process/handed-memory.h"

#include <stdio.h>
#include <unistd.h>

enum { START_MS = 30000 };

/* ---- set-up ---- */

static enum status send_pem(struct listener *listener, enum portal_message type, struct bytes pem)
{
	int memory = -1;
	if (pem.len == 0)
		return STATUS_OK;
	enum status status = handed_memory_make("tidemark-tls", pem, &memory);
	if (status != STATUS_OK)
		return status;
	portal_put_pem(&listener->writer, type, (uint32_t)pem.len);
	status = wire_send(listener->process.socket, &listener->writer, memory);
	close(memory);
	return status;
}

static enum status send_setup(struct listener *listener, const struct listener_plan *plan)
{
	portal_put_setup(&listener->writer, &plan->setup);
	enum status status = wire_send(listener->process.socket, &listener->writer, -1);
	if (status == STATUS_OK)
		status = send_pem(listener, PORTAL_CERTIFICATE, plan->certificate);
	if (status == STATUS_OK)
		status = send_pem(listener, PORTAL_KEY, plan->key);
	portal_put_empty(&listener->writer, PORTAL_SETUP_END);
	return status == STATUS_OK ? wire_send(listener->process.socket, &listener->writer, -1) : status;
}

static enum status hear_ready(struct listener *listener, struct failure *reterr)
{
	struct wire_reader reader;
	struct bytes why;
	enum status status = wire_receive(listener->process.socket, START_MS, listener->frame, &reader);
	if (status == STATUS_OK)
		status = permit_message(&portal_permits, &listener->state, &reader);
	if (status == STATUS_OK && reader.type == PORTAL_READY)
		status = portal_get_ready(&reader, &listener->port);
	else if (status == STATUS_OK && portal_get_failed(&reader, &why) == STATUS_OK)
		return fail(reterr, STATUS_DENIED, "tidemark-portal", "%.*s", (int)why.len, (const char *)why.at);
	if (status == STATUS_OK)
		return STATUS_OK;
	char words[PROCESS_WORDS_SIZE];
	spawn_words(&listener->process, words);
	return fail(reterr, STATUS_BROKEN, "tidemark-portal", "did not come up%s%s", words[0] != '\0' ? ": " : "", words);
}

enum status listener_start(struct listener *listener, const struct listener_plan *plan, struct failure *reterr)
{
	listener->process = PROCESS_NONE;
	listener->state = PORTAL_COMES_UP;
	listener->last_number = 0;
	enum status status = spawn_start("tidemark-portal", &listener->process, reterr);
	if (status != STATUS_OK)
		return status;
	/* One that does not take its set-up has words of its own for it. */
	if (send_setup(listener, plan) == STATUS_NO_MEMORY)
		status = fail(reterr, STATUS_NO_MEMORY, "tidemark-portal", "there was no memory to hand its key on in");
	else
		status = hear_ready(listener, reterr);
	if (status != STATUS_OK)
		spawn_end(&listener->process);
	return status;
}

/* ---- hearing ---- */

static enum status get_message(struct listener *listener, struct wire_reader *reader, struct listener_message *message)
{
	enum status status;
	switch (reader->type) {
	case PORTAL_REQUEST:
		message->what = LISTENER_REQUEST;
		status = portal_get_request(reader, &message->request);
		if (status == STATUS_OK && message->request.number <= listener->last_number)
			return STATUS_MALFORMED;
		if (status == STATUS_OK)
			listener->last_number = message->request.number;
		return status;
	case PORTAL_CANCEL:
		message->what = LISTENER_CANCEL;
		status = portal_get_number(reader, &message->number);
		break;
	case PORTAL_TOOK:
		message->what = LISTENER_TOOK;
		status = portal_get_took(reader, &message->number, &message->bytes);
		break;
	default: message->what = LISTENER_FIGURES; return portal_get_figures(reader, message->figures);
	}
	return status == STATUS_OK && message->number > listener->last_number ? STATUS_MALFORMED : status;
}

enum status listener_hear(struct listener *listener, struct listener_message *ret_message)
{
	struct wire_reader reader;
	enum status status = wire_receive(listener->process.socket, 0, listener->frame, &reader);
	if (status == STATUS_CRASHED)
		return STATUS_END;
	if (status == STATUS_OK)
		status = permit_message(&portal_permits, &listener->state, &reader);
	return status == STATUS_OK ? get_message(listener, &reader, ret_message) : status;
}
