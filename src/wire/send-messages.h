/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One message that tidemark-fetch hands to the operator's mail server, or one
 * POST to one URL, in its role `send`, and what became of it. A process sends one:
 *
 *   tidemark ──MAIL or POST, HEADER*, AUTHORITY*, BODY*, END──> tidemark-fetch send
 *            <──READY──     of a mail, when all of it has gone but its end: they do not have it yet
 *            ──GO──>
 *            <──SENT── or <──FAILED──
 */
#ifndef TIDEMARK_WIRE_SEND_MESSAGES_H
#define TIDEMARK_WIRE_SEND_MESSAGES_H

#include "model/sending.h"
#include "wire/permit.h"

enum send_message {
	SEND_MAIL = 1,
	SEND_POST,
	SEND_HEADER,
	SEND_AUTHORITY,
	SEND_BODY,
	SEND_END,
	SEND_GO,
	SEND_SENT = 32,
	SEND_FAILED,
	SEND_READY,
};

enum send_state {
	SEND_AWAITS_VERDICT, /* tidemark */
	SEND_AWAITS_END,     /* it has said GO */
	SEND_AWAITS_FIRST,   /* tidemark-fetch */
	SEND_AWAITS_POST,    /* headers too */
	SEND_AWAITS_BODY,
	SEND_AWAITS_GO,
	SEND_IS_ASKED, /* nothing more, either side */
	SEND_STATE_COUNT
};
extern const struct permit_table send_permits;

#define SEND_ADDRESS_MAX 254
#define SEND_HOST_MAX 253
#define SEND_SECRET_MAX 1024
#define SEND_URL_MAX 2048
#define SEND_HEADERS_MAX 16
#define SEND_HEADER_MAX 4096
#define SEND_BODY_MAX (8u << 20)
#define SEND_AUTHORITY_MAX (4u << 20)
#define SEND_WORDS_MAX 500
#define SEND_MILLISECONDS 120000

struct send_mail {
	struct bytes host;
	uint16_t port;
	bool is_tls;                 /* from the first byte; else STARTTLS */
	bool may_be_plain;           /* goes on without TLS where none is offered */
	struct bytes user, password; /* may be empty */
	struct bytes from, to;       /* envelope; from may be empty (a bounce's) */
	uint32_t milliseconds;       /* for all of it; 0: SEND_MILLISECONDS */
};

struct send_post {
	struct bytes url; /* https; http to the machine itself */
	uint32_t milliseconds;
};

struct send_header {
	struct bytes name, value;
};

struct send_result {
	enum send_verdict verdict;
	enum send_stage stage;
	uint32_t code;      /* of the last reply; 0: there was none */
	bool is_encrypted;  /* it went by TLS */
	struct bytes words; /* of the last reply, or why there is none: text, at most SEND_WORDS_MAX */
};

void send_put_mail(struct wire_writer *writer, const struct send_mail *mail);
/** MALFORMED also where an address cannot stand in an envelope. */
enum status send_get_mail(struct wire_reader *reader, struct send_mail *ret_mail) MUST_CHECK;
void send_put_post(struct wire_writer *writer, const struct send_post *post);
enum status send_get_post(struct wire_reader *reader, struct send_post *ret_post) MUST_CHECK;
void send_put_header(struct wire_writer *writer, const struct send_header *header);
/** MALFORMED also where it would be more than one header. */
enum status send_get_header(struct wire_reader *reader, struct send_header *ret_header) MUST_CHECK;

/** type: SEND_AUTHORITY (PEM; none: the system's) or SEND_BODY. */
void send_put_piece(struct wire_writer *writer, enum send_message type, struct bytes piece);
enum status send_get_piece(struct wire_reader *reader, struct bytes *ret_piece) MUST_CHECK;
/** A message without fields: END, READY or GO. */
void send_put_sign(struct wire_writer *writer, enum send_message type);

void send_put_result(struct wire_writer *writer, const struct send_result *result);
/** Words borrow from the frame. */
enum status send_get_result(struct wire_reader *reader, struct send_result *ret_result) MUST_CHECK;
void send_put_failed(struct wire_writer *writer, struct bytes why);
enum status send_get_failed(struct wire_reader *reader, struct bytes *ret_why) MUST_CHECK;

#endif
