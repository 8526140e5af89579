/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/postman.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/queue.h"
#include "catalog/notices.h"
#include "catalog/proofs.h"
#include "catalog/register.h"
#include "gate/verify.h"
#include "portal/proof-mail.h"
#include "process/sender.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEASE_SECONDS = 120, SEND_WITHIN_MS = 30000, PAUSE_MS = 1000, MAIL_MAX = 1 << 16, ADDRESS_SIZE = 320 };

enum status postman_check(const struct portal_settings *settings, struct failure *reterr)
{
	struct relay relay;
	if (settings->smtp != NULL && !relay_parse(bytes_of_string(settings->smtp), &relay))
		return fail(reterr, STATUS_USAGE, "--smtp", "is no smtp://[USER@]HOST[:PORT] or smtps://...");
	return STATUS_OK;
}

/* ---- who writes, and to whom ---- */

/* As people see it: without scheme. */
static struct bytes host_of(const struct portal_settings *settings)
{
	struct bytes url = bytes_of_string(settings->url);
	size_t scheme = bytes_find(url, BYTES_LITERAL("://"));
	return scheme == BYTES_NOT_FOUND ? url : bytes_from(url, scheme + 3);
}

/* The relay's user where that is an address, else proof@ the portal's host. */
static struct bytes sender_of(const struct portal_settings *settings, const struct relay *relay, char into[ADDRESS_SIZE])
{
	struct bytes host = host_of(settings);
	size_t port = bytes_find_byte(host, ':');
	if (proof_mail_may_go_to(relay->user))
		return relay->user;
	host = bytes_slice(host, 0, port);
	snprintf(into, ADDRESS_SIZE, "proof@%.*s", (int)(host.len < 255 ? host.len : 255), (const char *)host.at);
	return proof_mail_may_go_to(bytes_of_string(into)) ? bytes_of_string(into) : BYTES_LITERAL("proof@localhost");
}

static struct bytes recipient_of(const struct proof_mail *mail, struct arena *arena)
{
	struct buffer address = buffer_with_ceiling(ADDRESS_SIZE);
	if (mail->mailbox.len == 0)
		return mail->subject;
	buffer_append(&address, mail->mailbox);
	buffer_append_byte(&address, '@');
	buffer_append(&address, mail->subject);
	struct bytes copy = buffer_status(&address) == STATUS_OK ? arena_copy(arena, buffer_bytes(&address)) : BYTES_NONE;
	buffer_free(&address);
	return copy;
}

struct contact {
	struct arena *arena;
	struct bytes address;
};

static enum status take_contact(void *context, const struct register_row *row)
{
	struct contact *contact = context;
	contact->address = arena_copy(contact->arena, row->contact);
	return STATUS_OK;
}

/* The owner's own contact of a domain; empty where the register has none. */
static struct bytes contact_of(struct desk *desk, const struct proof_mail *mail, struct arena *arena)
{
	struct contact contact = {arena, BYTES_NONE};
	struct failure ignored;
	if (mail->mailbox.len > 0 &&
	    incident_registered(desk->incident, mail->subject, take_contact, &contact, &ignored) != STATUS_OK)
		return BYTES_NONE;
	return contact.address;
}

/* ---- sending ---- */

struct sending_round {
	struct desk *desk;
	const struct portal_settings *settings;
	const struct fetch_wait *wait;
	const struct proof_mail *mail;
	struct relay relay;
	struct arena *arena;
};

static enum status put_on_record(const struct sending_round *round, struct bytes to, enum send_verdict verdict,
                                 struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "subject", round->mail->subject);
	json_member_text(&json, "to", to);
	json_member_string(&json, "verdict", send_verdict_name(verdict));
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = desk_record(round->desk, "proof mail", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

/* REFUSED, too, where there is nobody it may go to. */
static enum status send_to(const struct sending_round *round, struct bytes to, enum send_verdict *ret_verdict,
                           struct failure *reterr)
{
	char sender[ADDRESS_SIZE], number[NOTICE_CASE_SIZE];
	struct buffer message = buffer_with_ceiling(MAIL_MAX);
	struct sender_result result = {.verdict = SEND_REFUSED};
	incident_case_number(round->desk->incident, number);
	const struct proof_letter letter = {
		.from = sender_of(round->settings, &round->relay, sender),
		.to = to,
		.subject = round->mail->subject,
		.host = host_of(round->settings),
		.case_number = bytes_of_string(number),
		.code = round->mail->code,
		.expires = round->mail->expires,
		.now = clock_now(),
		.is_german = round->mail->is_german,
	};
	enum status status = proof_mail_write(&letter, &message);
	if (status == STATUS_OK)
		status = sender_mail(&(struct sender_mail){.relay = round->relay,
		                                           .password = bytes_of_string(round->settings->smtp_password),
		                                           .from = letter.from,
		                                           .to = to,
		                                           .message = buffer_bytes(&message),
		                                           .milliseconds = SEND_WITHIN_MS,
		                                           .wait = round->wait},
		                     &result, reterr);
	buffer_free(&message);
	if (status != STATUS_OK && status != STATUS_MALFORMED && status != STATUS_USAGE)
		return status;
	*ret_verdict = status == STATUS_OK ? result.verdict : SEND_REFUSED;
	return put_on_record(round, to, *ret_verdict, reterr);
}

static enum status send_mail(struct sending_round *round, struct failure *reterr)
{
	enum send_verdict verdict = SEND_REFUSED, other;
	struct bytes to = recipient_of(round->mail, round->arena), contact = contact_of(round->desk, round->mail, round->arena);
	enum status status = send_to(round, to, &verdict, reterr);
	bool is_over = verdict != SEND_LATER && verdict != SEND_UNREACHABLE;
	if (status == STATUS_OK && is_over && contact.len > 0 && !bytes_equal(contact, to))
		status = send_to(round, contact, &other, reterr);
	return status == STATUS_OK && is_over ? proof_mail_done(round->desk->incident, round->mail->number, reterr) : status;
}

enum status postman_send_next(struct desk *desk, const struct portal_settings *settings, const struct fetch_wait *wait,
                              struct arena *arena, struct failure *reterr)
{
	struct proof_mail mail;
	struct sending_round round = {.desk = desk, .settings = settings, .wait = wait, .mail = &mail, .arena = arena};
	if (settings->smtp == NULL || !relay_parse(bytes_of_string(settings->smtp), &round.relay))
		return STATUS_ABSENT;
	enum status status = proof_mail_take(desk->incident, clock_now(), LEASE_SECONDS, arena, &mail, reterr);
	return status == STATUS_OK ? send_mail(&round, reterr) : status;
}

/* ---- the thread ---- */

struct postman {
	const struct portal_settings *settings;
	struct queue *end; /* closed: go */
	struct desk desk;
	struct arena arena;
	atomic_bool is_ended;
	pthread_t thread;
};

static bool is_ended(void *context)
{
	return atomic_load(&((struct postman *)context)->is_ended);
}

static enum status work_once(struct postman *postman)
{
	struct failure failure;
	const struct fetch_wait wait = {is_ended, postman};
	enum status status = desk_open(&postman->desk, CATALOG_APPEND, NULL, &failure);
	if (status == STATUS_OK)
		status = desk_open_incident(&postman->desk, INCIDENT_READ, &failure);
	if (status == STATUS_OK)
		status = postman_send_next(&postman->desk, postman->settings, &wait, &postman->arena, &failure);
	if (status != STATUS_OK && status != STATUS_ABSENT)
		desk_close(&postman->desk);
	arena_reset(&postman->arena);
	return status;
}

static void *work(void *context)
{
	struct postman *postman = context;
	void *nothing;
	while (!is_ended(postman))
		if (work_once(postman) != STATUS_OK && queue_take_within(postman->end, PAUSE_MS, &nothing) == STATUS_END)
			break;
	desk_close(&postman->desk);
	return NULL;
}

enum status postman_start(const struct portal_settings *settings, struct postman **ret_postman, struct failure *reterr)
{
	*ret_postman = NULL;
	if (settings->smtp == NULL)
		return STATUS_OK;
	struct postman *postman = calloc(1, sizeof *postman);
	if (postman == NULL || queue_new(1, &postman->end) != STATUS_OK) {
		free(postman);
		return fail(reterr, STATUS_NO_MEMORY, "serve", "no memory");
	}
	postman->settings = settings;
	postman->arena = arena_with_ceiling(MAIL_MAX << 4);
	postman->desk = (struct desk){
		.place = settings->place, .incident_name = settings->incident_name, .operator_name = settings->operator_name};
	if (pthread_create(&postman->thread, NULL, work, postman) != 0) {
		queue_free(postman->end);
		free(postman);
		return fail(reterr, STATUS_NO_MEMORY, "serve", "no thread could be started");
	}
	*ret_postman = postman;
	return STATUS_OK;
}

void postman_stop(struct postman *postman)
{
	if (postman == NULL)
		return;
	atomic_store(&postman->is_ended, true);
	queue_close(postman->end);
	pthread_join(postman->thread, NULL);
	queue_free(postman->end);
	arena_free(&postman->arena);
	free(postman);
}
