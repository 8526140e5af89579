/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding and checking the messages of the role `prove`. */
#include "wire/prove-messages.h"

enum { WHY_MAX = 1024, LABEL_MAX = 63, MILLISECONDS_MAX = 600000 };

static const struct permit rows[] = {
	{PROVE_AWAITS_ANSWER, PROVE_ANSWER, PROVE_IS_ASKED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{PROVE_AWAITS_ANSWER, PROVE_FAILED, PROVE_IS_ASKED, PERMIT_NO_DESCRIPTOR, 4 + WHY_MAX},

	{PROVE_AWAITS_SETUP, PROVE_SETUP, PROVE_AWAITS_QUESTION, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{PROVE_AWAITS_QUESTION, PROVE_ANCHOR, PROVE_AWAITS_QUESTION, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{PROVE_AWAITS_QUESTION, PROVE_AUTHORITY, PROVE_AWAITS_QUESTION, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{PROVE_AWAITS_QUESTION, PROVE_QUESTION, PROVE_IS_ASKED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
};
const struct permit_table prove_permits = {rows, sizeof rows / sizeof *rows};

/* ---- set-up ---- */

static void put_address(struct wire_writer *writer, const struct ip_address *address)
{
	wire_put_bytes(writer, bytes_of(address->octets, address->is_v6 ? 16 : 4));
}

static struct ip_address get_address(struct wire_reader *reader)
{
	struct ip_address address = {.is_v6 = false};
	struct bytes octets = wire_get_bytes(reader, sizeof address.octets);
	address.is_v6 = octets.len == 16;
	if (octets.len == 4 || octets.len == 16)
		memcpy(address.octets, octets.at, octets.len);
	else
		reader->failed = true;
	return address;
}

static uint16_t get_port(struct wire_reader *reader)
{
	return (uint16_t)wire_get_enum(reader, UINT16_MAX + 1);
}

static void put_end(struct wire_writer *writer, const struct ip_end *end)
{
	put_address(writer, &end->address);
	wire_put_u32(writer, end->port);
}

static struct ip_end get_end(struct wire_reader *reader)
{
	struct ip_end end = {.address = get_address(reader)};
	end.port = get_port(reader);
	return end;
}

void prove_put_setup(struct wire_writer *writer, const struct prove_setup *setup)
{
	wire_begin(writer, PROVE_SETUP);
	wire_put_u32(writer, (uint32_t)setup->resolver_count);
	for (size_t i = 0; i < setup->resolver_count; i++)
		put_end(writer, &setup->resolvers[i]);
	wire_put_u32(writer, (uint32_t)setup->allowed_count);
	for (size_t i = 0; i < setup->allowed_count; i++) {
		put_address(writer, &setup->allowed[i].first);
		wire_put_u32(writer, setup->allowed[i].bits);
	}
	wire_put_u32(writer, setup->milliseconds);
	wire_put_u32(writer, setup->https_port);
	wire_put_u32(writer, setup->dns_port);
	put_end(writer, &setup->root);
}

static struct ip_network get_network(struct wire_reader *reader)
{
	struct ip_network network = {.first = get_address(reader)};
	network.bits = wire_get_enum(reader, network.first.is_v6 ? 129 : 33);
	return network;
}

enum status prove_get_setup(struct wire_reader *reader, struct prove_setup *ret_setup)
{
	struct prove_setup setup = {.resolver_count = wire_get_enum(reader, PROVE_RESOLVERS_MAX + 1)};
	for (size_t i = 0; i < setup.resolver_count; i++) {
		setup.resolvers[i] = get_end(reader);
		reader->failed |= setup.resolvers[i].port == 0;
	}
	setup.allowed_count = wire_get_enum(reader, PROVE_NETWORKS_MAX + 1);
	for (size_t i = 0; i < setup.allowed_count; i++)
		setup.allowed[i] = get_network(reader);
	setup.milliseconds = wire_get_enum(reader, MILLISECONDS_MAX + 1);
	setup.https_port = get_port(reader);
	setup.dns_port = get_port(reader);
	setup.root = get_end(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_setup = setup;
	return status;
}

void prove_put_piece(struct wire_writer *writer, enum prove_message type, struct bytes piece)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_bytes(writer, piece);
}

enum status prove_get_piece(struct wire_reader *reader, struct bytes *ret_piece)
{
	struct bytes piece = wire_get_text(reader, WIRE_CHUNK);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_piece = piece;
	return status;
}

/* ---- questions ---- */

/* Labels of lower-case letters, digits, hyphens and underscores, two at least. */
static bool is_name(struct bytes name)
{
	size_t label = 0, labels = 1;
	if (name.len == 0 || name.len > PROVE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
		if (c == '.' ? label == 0 : !is_letter || label == LABEL_MAX)
			return false;
		labels += c == '.';
		label = c == '.' ? 0 : label + 1;
	}
	return label > 0 && labels > 1;
}

/* So that it stands in a record and on a line as it is. */
static bool is_token(struct bytes token)
{
	for (size_t i = 0; i < token.len; i++)
		if (token.at[i] <= 0x20 || token.at[i] >= 0x7f || token.at[i] == '"' || token.at[i] == '\\')
			return false;
	return token.len > 0;
}

static bool wants_token(enum prove_method method)
{
	return method == PROVE_BY_DNS || method == PROVE_BY_HTTP;
}

void prove_put_question(struct wire_writer *writer, const struct prove_question *question)
{
	wire_begin(writer, PROVE_QUESTION);
	wire_put_u32(writer, question->method);
	wire_put_bytes(writer, question->name);
	wire_put_bytes(writer, question->token);
}

enum status prove_get_question(struct wire_reader *reader, struct prove_question *ret_question)
{
	struct prove_question question = {.method = wire_get_enum(reader, PROVE_METHOD_COUNT)};
	question.name = wire_get_bytes(reader, PROVE_NAME_MAX);
	question.token = wire_get_bytes(reader, PROVE_TOKEN_MAX);
	bool makes_sense = is_name(question.name) &&
	                   (wants_token(question.method) ? is_token(question.token) : question.token.len == 0);
	enum status status = makes_sense ? wire_end(reader) : STATUS_MALFORMED;
	if (status == STATUS_OK)
		*ret_question = question;
	return status;
}

/* ---- answers ---- */

static bool goes_with(enum prove_verdict verdict, enum prove_reason reason)
{
	switch (verdict) {
	case PROVE_NOT_SEEN:
	case PROVE_SEEN:
	case PROVE_SEEN_WRONG: return reason == PROVE_NO_REASON;
	case PROVE_REFUSED: return reason >= PROVE_BOGUS && reason <= PROVE_REDIRECTS;
	case PROVE_UNREACHABLE: return reason >= PROVE_NO_NAME_SERVICE && reason < PROVE_REASON_COUNT;
	}
	return false;
}

/* Texts and pages are what was seen, and nothing else's. */
static bool is_sound(const struct prove_answer *answer)
{
	bool has_contents = answer->text_count > 0 || answer->page.len > 0;
	return goes_with(answer->verdict, answer->reason) && (!has_contents || answer->verdict == PROVE_SEEN);
}

void prove_put_answer(struct wire_writer *writer, const struct prove_answer *answer)
{
	wire_begin(writer, PROVE_ANSWER);
	wire_put_u32(writer, answer->verdict);
	wire_put_u32(writer, answer->reason);
	wire_put_u8(writer, answer->is_validated);
	wire_put_u32(writer, answer->servers);
	wire_put_u32(writer, (uint32_t)answer->text_count);
	for (size_t i = 0; i < answer->text_count; i++)
		wire_put_bytes(writer, answer->texts[i]);
	wire_put_bytes(writer, answer->page);
}

static struct bytes get_kept(struct wire_reader *reader, struct arena *arena, size_t max, bool *is_kept)
{
	struct bytes text = wire_get_text(reader, max);
	if (text.len == 0)
		return BYTES_NONE;
	text = arena_copy(arena, text);
	*is_kept &= text.at != NULL;
	return text;
}

enum status prove_get_answer(struct wire_reader *reader, struct arena *arena, struct prove_answer *ret_answer)
{
	bool is_kept = true;
	struct prove_answer answer = {.verdict = wire_get_enum(reader, PROVE_UNREACHABLE + 1)};
	answer.reason = wire_get_enum(reader, PROVE_REASON_COUNT);
	answer.is_validated = wire_get_u8(reader) == 1;
	answer.servers = wire_get_enum(reader, PROVE_SERVERS_MAX + 1);
	answer.text_count = wire_get_enum(reader, PROVE_TEXTS_MAX + 1);
	for (size_t i = 0; i < answer.text_count; i++)
		answer.texts[i] = get_kept(reader, arena, PROVE_TEXT_MAX, &is_kept);
	answer.page = get_kept(reader, arena, PROVE_PAGE_MAX, &is_kept);
	if (!is_kept)
		return STATUS_NO_MEMORY;
	if (wire_end(reader) != STATUS_OK || !is_sound(&answer))
		return STATUS_MALFORMED;
	*ret_answer = answer;
	return STATUS_OK;
}

void prove_put_failed(struct wire_writer *writer, struct bytes why)
{
	prove_put_piece(writer, PROVE_FAILED, bytes_slice(why, 0, WHY_MAX));
}

enum status prove_get_failed(struct wire_reader *reader, struct bytes *ret_why)
{
	struct bytes why = wire_get_text(reader, WHY_MAX);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_why = why;
	return status;
}
