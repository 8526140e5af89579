/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strangers may ask of the portal, and what it hands on of it. The cell that
 * listens (tidemark-portal) parses HTTP, finds the route in the table below, cuts the
 * query, a form or a JSON body into named fields, and hands on nothing else; the
 * desk behind it never sees a header, a path or a byte of HTTP.
 *
 *   stranger ──HTTP──> tidemark-portal ──struct portal_request──> tidemark serve
 *                                      <──struct portal_reply──
 *
 * A route belongs to one door. Each door has a process of its own, and the desk
 * refuses what comes through the wrong one, whatever the cell says.
 */
#ifndef TIDEMARK_MODEL_PORTAL_H
#define TIDEMARK_MODEL_PORTAL_H

#include "base/bytes.h"
#include "base/status.h"

enum portal_door { PORTAL_SUBJECTS, PORTAL_OPERATORS };

enum portal_method { PORTAL_GET, PORTAL_POST };

/* Who asks shows it by the bearer token of its header, or by a cookie of the door. */
enum portal_session { PORTAL_NO_SESSION, PORTAL_BEARER, PORTAL_COOKIE };

/* (name, door, method, path). A path segment `*` is the parameter: 1 to PORTAL_PARAMETER_MAX bytes. HEAD is answered as GET
 * without its body. What only the portal itself answers (assets, /api/v1/openapi.yaml, redirects) is no route. */
/* clang-format off */
#define PORTAL_ROUTES(row) \
	row(HEALTH, SUBJECTS, GET, "/healthz") \
	row(METRICS, SUBJECTS, GET, "/metrics") \
	row(PROOFS, SUBJECTS, POST, "/api/v1/proofs") \
	row(PROOF, SUBJECTS, POST, "/api/v1/proofs/*") \
	row(ANSWER, SUBJECTS, GET, "/api/v1/answer") \
	row(ANSWER_CSV, SUBJECTS, GET, "/api/v1/answer.csv") \
	row(ANSWER_HTML, SUBJECTS, GET, "/api/v1/answer.html") \
	row(ASKED, SUBJECTS, GET, "/api/v1/asked") \
	row(APPEALS, SUBJECTS, POST, "/api/v1/appeals") \
	row(ACKNOWLEDGE, SUBJECTS, POST, "/api/v1/notices/*/acknowledge") \
	row(PAGE_ASK, SUBJECTS, GET, "/") \
	row(PAGE_PROVE, SUBJECTS, GET, "/prove") \
	row(PAGE_BEGIN, SUBJECTS, POST, "/prove") \
	row(PAGE_CHECK, SUBJECTS, POST, "/prove/check") \
	row(PAGE_ANSWER, SUBJECTS, GET, "/answer") \
	row(PAGE_ANSWER_CSV, SUBJECTS, GET, "/answer.csv") \
	row(PAGE_ANSWER_JSON, SUBJECTS, GET, "/answer.json") \
	row(PAGE_ANSWER_HTML, SUBJECTS, GET, "/answer.html") \
	row(PAGE_ASKED, SUBJECTS, GET, "/asked") \
	row(PAGE_APPEAL, SUBJECTS, POST, "/appeal") \
	row(PAGE_LEAVE, SUBJECTS, POST, "/leave") \
	row(PAGE_FIND_NOTICE, SUBJECTS, GET, "/notice") \
	row(PAGE_NOTICE, SUBJECTS, GET, "/notice/*") \
	row(PAGE_ACKNOWLEDGE, SUBJECTS, POST, "/notice/*") \
	row(OPERATOR_HEALTH, OPERATORS, GET, "/healthz") \
	row(OPERATOR_METRICS, OPERATORS, GET, "/metrics") \
	row(OPERATOR_SIGN_IN, OPERATORS, GET, "/operator/sign-in") \
	row(OPERATOR_ENTER, OPERATORS, POST, "/operator/sign-in") \
	row(OPERATOR_LEAVE, OPERATORS, POST, "/operator/sign-out") \
	row(OPERATOR_OVERVIEW, OPERATORS, GET, "/operator") \
	row(OPERATOR_ORGANISATIONS, OPERATORS, GET, "/operator/organisations") \
	row(OPERATOR_ORGANISATION, OPERATORS, GET, "/operator/organisations/*") \
	row(OPERATOR_NOTICES, OPERATORS, GET, "/operator/notices") \
	row(OPERATOR_PROOFS, OPERATORS, GET, "/operator/proofs") \
	row(OPERATOR_DECIDE_PROOF, OPERATORS, POST, "/operator/proofs/*") \
	row(OPERATOR_DECIDE_APPEAL, OPERATORS, POST, "/operator/appeals/*") \
	row(OPERATOR_INVITE, OPERATORS, POST, "/operator/invitations") \
	row(OPERATOR_REVOKE, OPERATORS, POST, "/operator/revocations") \
	row(OPERATOR_SWEEP, OPERATORS, GET, "/operator/sweep") \
	row(OPERATOR_SWEEP_STATE, OPERATORS, GET, "/operator/sweep.json") \
	row(OPERATOR_JOURNAL, OPERATORS, GET, "/operator/journal") \
	row(OPERATOR_HELPDESK, OPERATORS, GET, "/operator/answer") \
	row(OPERATOR_ANSWER, OPERATORS, POST, "/operator/answer")
/* clang-format on */

enum portal_route {
#define PORTAL_ROUTE_NAME(name, door, method, path) PORTAL_ROUTE_##name,
	PORTAL_ROUTES(PORTAL_ROUTE_NAME)
#undef PORTAL_ROUTE_NAME
		PORTAL_ROUTE_COUNT
};

enum {
	PORTAL_PARAMETER_MAX = 256,
	PORTAL_TOKEN_MAX = 128,
	PORTAL_FIELDS_MAX = 16,
	PORTAL_FIELD_NAME_MAX = 64,
	PORTAL_FIELD_MAX = 8192, /* bytes of a field's value */
	PORTAL_BODY_MAX = 32768, /* bytes of a request's body; more is refused by the cell, 413 */
	PORTAL_PEER_MAX = 64,    /* an address as text, no port */
	PORTAL_HEADER_MAX = 512, /* bytes of a reply's location, file name and cookie */
};

struct portal_field {
	struct bytes name, value; /* UTF-8 without NUL */
};

struct portal_request {
	uint64_t number; /* the cell's, given back in the reply */
	enum portal_door door;
	enum portal_route route;
	enum portal_session session;
	struct bytes token;     /* what the session shows; empty where there is none */
	struct bytes parameter; /* of the path, its percent signs undone; empty where it has none */
	struct bytes peer;      /* the address it came from */
	struct bytes language;  /* the best of Accept-Language that is among "en", "de"; else "en" */
	bool wants_problem;     /* JSON came, or is asked for: errors are application/problem+json, else pages */
	bool is_same_origin;    /* Origin or Sec-Fetch-Site said so, or neither was there */
	struct portal_field fields[PORTAL_FIELDS_MAX];
	size_t field_count;
};

enum portal_content {
	PORTAL_JSON,
	PORTAL_PROBLEM,
	PORTAL_HTML,
	PORTAL_CSV,
	PORTAL_PLAIN,
	PORTAL_PROMETHEUS,
	PORTAL_CONTENT_COUNT
};

/* Every reply is no-store, and has the headers of its content alike, whatever it says. */
struct portal_reply {
	uint16_t code; /* of HTTP */
	enum portal_content content;
	struct bytes location;  /* for 303, a path of this door; may be empty */
	struct bytes file_name; /* offered for download under; may be empty */
	struct bytes cookie;    /* sets the door's cookie to this token; may be empty */
	bool forgets_cookie;
	uint32_t retry_after; /* seconds; 0: none */
};

/** The door, the method and the path of a route, as its row has them. */
enum portal_door portal_route_door(enum portal_route route);
enum portal_method portal_route_method(enum portal_route route);
const char *portal_route_path(enum portal_route route);
/** The row's name: "OPERATOR_HEALTH". */
const char *portal_route_name(enum portal_route route);

/** Whether its code is one of HTTP's, and its location, file name and cookie can stand in a header and say nothing else there: a
 *  path of this door, a plain name, the characters of a token. */
bool portal_reply_is_sound(const struct portal_reply *reply);

/** The value of a field; empty where it is not there. */
struct bytes portal_field(const struct portal_request *request, const char *name);

#endif
