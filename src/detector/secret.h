/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets: what opens something to whoever holds it. Parts of the detectors
 * secret.c (formats that begin with words of their own, and what a name next
 * to it tells) and secret-mark.c (what a single byte gives away). Whoever finds
 * one only says where it stands: it is never tried.
 */
#ifndef TIDEMARK_DETECTOR_SECRET_H
#define TIDEMARK_DETECTOR_SECRET_H

#include "detector/detector.h"

/* One that was read. */
struct secret {
	size_t from, to;   /* bytes of the text */
	size_t head, tail; /* of these, what may be shown: nothing of the secret's own, and no more than SECRET_HEAD in front */
	const char *subkind;
	float confidence;
	bool is_example;
};

#define SECRET_HEAD FINDING_SECRET_SHOWN

/** Fills a match from it; value: the secret's characters without blanks and line ends. */
void secret_fill(struct bytes text, const struct secret *secret, struct match *match);

/* ---- secret-shape.c: what a string of characters looks like ---- */

enum secret_alphabet {
	SECRET_DIGITS,
	SECRET_HEX,
	SECRET_HEX_WORD,  /* and _ */
	SECRET_UPPER,     /* A-Z 0-9 */
	SECRET_LOWER,     /* a-z 0-9 */
	SECRET_ALNUM,     /* A-Z a-z 0-9 */
	SECRET_WORD,      /* and _ */
	SECRET_DASHED,    /* alphanumeric and - */
	SECRET_URL64,     /* base64url: and - _ */
	SECRET_URL64_DOT, /* and . */
	SECRET_BASE64,    /* base64 with its padding: alphanumeric + / = */
	SECRET_TOKEN,     /* base64url . = : | */
	SECRET_ALPHABET_COUNT
};

bool secret_is_of(enum secret_alphabet alphabet, unsigned char c);
/** Behind the run of such characters from at, of at most so many. */
size_t secret_run_end(struct bytes text, size_t at, enum secret_alphabet alphabet, size_t most);

struct secret_shape {
	size_t digits, uppers, lowers, others, variety; /* variety: how many different bytes */
};
struct secret_shape secret_shape_of(struct bytes text);
/** Whether somebody drew it: neither word nor identifier nor filling. For a dozen characters and more. */
bool secret_looks_random(struct bytes text);
/** Whether it stands for a secret in a manual or a form: xxxx, ...EXAMPLE, changeme, 1234567890. */
bool secret_is_example(struct bytes text);
/** Whether nothing that belongs to a token stands before at: letters of escapes (\n, %22) do not. */
bool secret_begins(struct bytes text, size_t at);

/* ---- what stands at a literal; false: no secret ---- */

/* secret-key.c: private keys in armour, from -----BEGIN on. */
bool secret_read_armour(struct bytes text, size_t at, struct secret *ret_secret);
/* PuTTY's, from Private-Lines on. */
bool secret_read_putty(struct bytes text, size_t at, struct secret *ret_secret);

/* secret-jwt.c: JSON Web Tokens (RFC 7519, 7515 3), from eyJ on. */
bool secret_read_jwt(struct bytes text, size_t at, struct secret *ret_secret);

/* secret-assignment.c: the value of what is called password, token, api_key and the like; length: of the literal at at. */
bool secret_read_assignment(struct bytes text, size_t at, size_t length, struct secret *ret_secret);

/* secret-header.c: Authorization: Basic ..., Bearer ...; curl -u name:password. */
bool secret_read_header(struct bytes text, size_t at, size_t length, struct secret *ret_secret);
bool secret_read_user_option(struct bytes text, size_t at, size_t length, struct secret *ret_secret);
/* -p PASSWORD of commands that take it so. */
bool secret_read_password_option(struct bytes text, size_t at, size_t length, struct secret *ret_secret);

/* The nth argument of a call whose arguments begin at at, if all up to it are strings. */
bool secret_read_argument(struct bytes text, size_t at, size_t nth, struct secret *ret_secret);

#endif
