/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark serve: the portal, where an affected organisation proves who it is and reads its part. */
#include "cli/interrupt.h"
#include "cli/session.h"

#include "portal/serve.h"

#include <stdlib.h>

static enum status serve(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "format", .kind = OPTION_CHOICE, .choices = "table|json|jsonl", .standard = "table",
	 .help = "how the line with the addresses is written"},
	{.name = "listen", .kind = OPTION_TEXT, .value = "ADDRESS:PORT", .standard = "127.0.0.1:8900",
	 .help = "where subjects' requests are taken; port 0 is a free one"},
	{.name = "operator-listen", .kind = OPTION_TEXT, .value = "ADDRESS:PORT", .standard = "127.0.0.1:8901",
	 .help = "where the operators' are, by a process of its own"},
	{.name = "tls-cert", .kind = OPTION_PATH, .value = "FILE", .help = "certificates in PEM, the server's own first"},
	{.name = "tls-key", .kind = OPTION_PATH, .value = "FILE", .help = "its key in PEM"},
	{.name = "url", .kind = OPTION_TEXT, .value = "URL",
	 .help = "as people reach it, https://leak.example.com: requests for another host are refused, and letters name it"},
	{.name = "resolver", .kind = OPTION_LIST, .value = "HOST:PORT",
	 .help = "ask this server for the records of proofs instead of each zone's own; where there are several, all must agree"},
	{.name = "trust-anchor", .kind = OPTION_PATH, .value = "FILE", .help = "what signatures of zones are held against [default: the root's]"},
	{.name = "proof-ca", .kind = OPTION_PATH, .value = "FILE",
	 .help = "authorities for the certificates of sites that hold a proof, in PEM [default: the system's]"},
	{.name = "proof-allow", .kind = OPTION_LIST, .value = "CIDR",
	 .help = "addresses at which a proof may lie although they are private"},
	{.name = "proofs-open", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 1000, .standard = "5",
	 .help = "proofs that one address may have under way for one subject"},
	{.name = "proofs-per-hour", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 1000000, .standard = "20",
	 .help = "proofs that one address may begin in an hour"},
	{.name = "smtp", .kind = OPTION_TEXT, .value = "URL", .help = "server for the codes sent by mail, smtp://host:port [default: none are sent]"},
	{.name = "connections", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 100000, .standard = "4096",
	 .help = "connections open at once, of each door; past it the one that has been idle longest is closed"},
	{.name = "connections-per-address", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 100000, .standard = "256",
	 .help = "of one address, or one network of IPv6 (/64)"},
	{.name = "requests-per-minute", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 10000000, .standard = "600",
	 .help = "of one address; more is answered 429"},
	{.name = "threads", .kind = OPTION_UNSIGNED, .value = "N", .low = 1, .high = 60, .standard = "6",
	 .help = "that answer subjects at once"},
	{.name = NULL},
};
/* clang-format on */

static const struct command_example examples[] = {
	{"serve", "try it on this machine: http://127.0.0.1:8900, for operators http://127.0.0.1:8901"},
	{"serve --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem --url https://leak.example.com", "answer the world"},
	{"serve --url https://leak.example.com", "behind a proxy on this machine that ends TLS and sets X-Forwarded-For"},
	{.line = NULL},
};

const struct command command_serve = {
	.name = "serve",
	.group = COMMAND_ANSWERS,
	.summary = "run the portal for affected organisations, and the operator's pages",
	.description =
		"Prints one line with its addresses as soon as it answers. Two programs of their own listen, one for subjects and one "
		"for operators; they hold no key but TLS's, open no file and connect nowhere, and hand on what they parsed of a request. "
		"One that dies is started again.\n\n"
		"At more than this machine it needs TLS, its own or a proxy's on this machine, which --url then says. "
		"/healthz tells whether it answers, /metrics to this machine alone what it counts; neither knows of subjects.\n\n"
		"SIGTERM or Ctrl-C ends it: what is under way is finished, for at most five seconds.",
	.options = options,
	.examples = examples,
	.see_also = "sweep, lookup, doctor",
	.catches_interrupt = true,
	.execute = serve,
};

/* ---- settings ---- */

static enum status list_of(struct session *session, const char *name, struct portal_texts *ret_texts)
{
	size_t count = settings_list_count(session->settings, name);
	const char **texts = arena_allocate(session->arena, (count + 1) * sizeof *texts);
	if (texts == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		texts[i] = settings_list_at(session->settings, name, i);
	*ret_texts = (struct portal_texts){texts, count};
	return STATUS_OK;
}

/* As browsers write it: in lower case, without a slash or the scheme's own port. A portal has its host for itself. */
static enum status read_url(struct session *session, const char **ret_url, struct failure *reterr)
{
	struct bytes url = bytes_of_string(settings_text(session->settings, "url"));
	size_t scheme = bytes_start_with_nocase(url, BYTES_LITERAL("https://"))  ? 8
	                : bytes_start_with_nocase(url, BYTES_LITERAL("http://")) ? 7
	                                                                         : 0;
	struct bytes port = scheme == 8 ? BYTES_LITERAL(":443") : BYTES_LITERAL(":80");
	if (url.len == 0)
		return STATUS_OK;
	if (bytes_end_with(url, BYTES_LITERAL("/")))
		url.len--;
	if (bytes_end_with(url, port))
		url.len -= port.len;
	if (scheme == 0 || url.len <= scheme || url.len > 255 || bytes_find_byte(bytes_from(url, scheme), '/') != BYTES_NOT_FOUND)
		return fail(reterr, STATUS_USAGE, "--url", "is the address of a host, as https://leak.example.com");
	char *kept = arena_copy_string(session->arena, url);
	if (kept == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "--url", "no memory");
	for (char *at = kept; *at != '\0'; at++)
		*at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
	*ret_url = kept;
	return STATUS_OK;
}

static enum status read_settings(struct session *session, struct portal_settings *portal, struct failure *reterr)
{
	const struct settings *settings = session->settings;
	*portal = (struct portal_settings){
		.place = session->place,
		.incident_name = session->incident_name,
		.operator_name = session->desk.operator_name,
		.listen = {settings_text(settings, "listen"), settings_text(settings, "operator-listen")},
		.tls_certificate = settings_text(settings, "tls-cert"),
		.tls_key = settings_text(settings, "tls-key"),
		.trust_anchor = settings_text(settings, "trust-anchor"),
		.proof_ca = settings_text(settings, "proof-ca"),
		.proofs_open = (uint32_t)settings_number(settings, "proofs-open"),
		.proofs_per_hour = (uint32_t)settings_number(settings, "proofs-per-hour"),
		.smtp = settings_text(settings, "smtp"),
		.smtp_password = getenv("TIDEMARK_SMTP_PASSWORD"),
		.connections = (uint32_t)settings_number(settings, "connections"),
		.connections_per_address = (uint32_t)settings_number(settings, "connections-per-address"),
		.requests_per_minute = (uint32_t)settings_number(settings, "requests-per-minute"),
		.threads = (uint32_t)settings_number(settings, "threads"),
	};
	enum status status = list_of(session, "resolver", &portal->resolvers);
	if (status == STATUS_OK)
		status = list_of(session, "proof-allow", &portal->proof_allow);
	if (status != STATUS_OK)
		return fail(reterr, status, "serve", "no memory");
	return read_url(session, &portal->url, reterr);
}

/* ---- watching ---- */

static bool is_ended(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

static void tell_addresses(void *context, const char *subjects, const char *operators)
{
	struct session *session = context;
	struct buffer line = buffer_with_ceiling(4096);
	if (output_get_format(session->output) == OUTPUT_TABLE) {
		buffer_append_format(&line, "%s answers; for operators %s\n", subjects, operators);
	} else {
		struct json_writer json = json_writer_into(&line);
		json_begin_object(&json);
		json_member_string(&json, "url", subjects);
		json_member_string(&json, "operator_url", operators);
		json_end_object(&json);
		buffer_append_byte(&line, '\n');
	}
	output_raw(session->output, buffer_bytes(&line));
	output_flush(session->output);
	buffer_free(&line);
}

static void warn(void *context, const char *what)
{
	session_warn(context, "", "%s", what);
}

/* ---- all of it ---- */

/* A portal tells nobody anything that is on no record. */
static enum status open_catalog(struct session *session, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1u << 20);
	struct json_writer json = json_writer_into(&detail);
	session->desk.may_be_off_record = false;
	enum status status = session_open_catalog(session, CATALOG_CREATE, reterr);
	json_begin_object(&json);
	settings_describe(session->settings, &json);
	json_end_object(&json);
	if (status == STATUS_OK)
		status = session_journal(session, "serve", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status serve(struct session *session, struct failure *reterr)
{
	struct portal_settings portal;
	const struct serve_watch watch = {session, is_ended, tell_addresses, warn};
	enum status status = read_settings(session, &portal, reterr);
	if (status == STATUS_OK)
		status = open_catalog(session, reterr);
	return status == STATUS_OK ? serve_run(&portal, &watch, reterr) : status;
}
