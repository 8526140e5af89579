/* SPDX-License-Identifier: Apache-2.0 */
/* What tidemark asks of tidemark-fetch in its roles `prove` and `send`, and how it signs a mail before, from a command line of
 * NAME=VALUE words; prints JSON. */
#include "base/json.h"
#include "mail/dkim.h"
#include "process/prover.h"
#include "process/sender.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

struct words {
	int count;
	char **at;
};

/* The nth word of that name; NULL: there is none. */
static const char *find(const struct words *words, const char *name, int nth)
{
	size_t length = strlen(name);
	for (int i = 0; i < words->count; i++)
		if (strncmp(words->at[i], name, length) == 0 && words->at[i][length] == '=' && nth-- == 0)
			return words->at[i] + length + 1;
	return NULL;
}

static struct bytes find_bytes(const struct words *words, const char *name)
{
	return bytes_of_string(find(words, name, 0));
}

static uint32_t find_number(const struct words *words, const char *name)
{
	const char *value = find(words, name, 0);
	return value != NULL ? (uint32_t)strtoul(value, NULL, 10) : 0;
}

static struct bytes read_named(const struct words *words, const char *name, struct buffer *into)
{
	const char *path = find(words, name, 0);
	FILE *file = path != NULL ? fopen(path, "rb") : NULL;
	unsigned char piece[4096];
	for (size_t got; file != NULL && (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(into, bytes_of(piece, got));
	if (file != NULL)
		fclose(file);
	return buffer_bytes(into);
}

static int refuse(const char *what)
{
	fprintf(stderr, "run-errand: %s\n", what);
	return 2;
}

static void print(struct json_writer *json, enum status status, const struct failure *failure)
{
	json_member_string(json, "status", status_name(status));
	if (status != STATUS_OK)
		json_member_string(json, "why", failure->why);
	json_end_object(json);
	puts(buffer_string(json->into));
}

/* ---- prove ---- */

static bool read_places(const struct words *words, struct prove_setup *setup)
{
	bool is_read = true;
	const char *value;
	for (int i = 0; (value = find(words, "resolver", i)) != NULL && i < PROVE_RESOLVERS_MAX; i++)
		is_read &= ip_end_parse(bytes_of_string(value), 53, &setup->resolvers[setup->resolver_count++]);
	for (int i = 0; (value = find(words, "allow", i)) != NULL && i < PROVE_NETWORKS_MAX; i++)
		is_read &= ip_network_parse(bytes_of_string(value), &setup->allowed[setup->allowed_count++]);
	value = find(words, "root", 0);
	return is_read && (value == NULL || ip_end_parse(bytes_of_string(value), 53, &setup->root));
}

static int prove(const struct words *words, struct json_writer *json)
{
	static const char *const methods[PROVE_METHOD_COUNT] = {"dns", "http", "txt", "security.txt"};
	struct buffer anchor = buffer_with_ceiling(FILE_MAX), authorities = buffer_with_ceiling(FILE_MAX);
	struct arena arena = arena_with_ceiling(1 << 20);
	struct failure failure = {.why = ""};
	struct prove_answer answer = {.verdict = PROVE_NOT_SEEN};
	struct prover_plan plan = {
		.question = {PROVE_METHOD_COUNT, find_bytes(words, "name"), find_bytes(words, "token")},
		.trust_anchor = read_named(words, "anchor", &anchor),
		.authorities = read_named(words, "ca", &authorities),
		.setup.milliseconds = find_number(words, "milliseconds"),
		.setup.https_port = (uint16_t)find_number(words, "https-port"),
		.setup.dns_port = (uint16_t)find_number(words, "dns-port"),
	};
	for (size_t i = 0; i < PROVE_METHOD_COUNT; i++)
		if (bytes_equal_string(find_bytes(words, "method"), methods[i]))
			plan.question.method = (enum prove_method)i;
	if (plan.question.method == PROVE_METHOD_COUNT || !read_places(words, &plan.setup))
		return refuse("no such method, resolver, network or root");
	enum status status = prover_ask(&plan, &arena, &answer, &failure);
	if (status == STATUS_OK) {
		json_member_string(json, "verdict", prove_verdict_name(answer.verdict));
		json_member_string(json, "reason", prove_reason_name(answer.reason));
		json_key(json, "validated");
		json_boolean(json, answer.is_validated);
		json_member_unsigned(json, "servers", answer.servers);
		json_key(json, "texts");
		json_begin_array(json);
		for (size_t i = 0; i < answer.text_count; i++)
			json_bytes(json, answer.texts[i]);
		json_end_array(json);
		json_member_text(json, "page", answer.page);
	}
	print(json, status, &failure);
	buffer_free(&anchor);
	buffer_free(&authorities);
	arena_free(&arena);
	return 0;
}

/* ---- send ---- */

static void print_sent(struct json_writer *json, enum status status, const struct sender_result *result,
                       const struct failure *failure)
{
	if (status == STATUS_OK) {
		json_member_string(json, "verdict", send_verdict_name(result->verdict));
		json_member_string(json, "stage", send_stage_name(result->stage));
		json_member_unsigned(json, "code", result->code);
		json_key(json, "encrypted");
		json_boolean(json, result->is_encrypted);
		json_member_string(json, "words", result->words);
	}
	print(json, status, failure);
}

static int mail(const struct words *words, struct json_writer *json)
{
	struct buffer message = buffer_with_ceiling(FILE_MAX), authorities = buffer_with_ceiling(FILE_MAX);
	struct failure failure = {.why = ""};
	struct sender_result result = {.code = 0};
	struct sender_mail told = {
		.password = find_bytes(words, "password"),
		.from = find_bytes(words, "from"),
		.to = find_bytes(words, "to"),
		.message = read_named(words, "message", &message),
		.may_be_plain = find(words, "plain", 0) != NULL,
		.authorities = read_named(words, "ca", &authorities),
		.milliseconds = find_number(words, "milliseconds"),
	};
	if (!relay_parse(find_bytes(words, "url"), &told.relay))
		return refuse("no such relay");
	enum status status = sender_mail(&told, &result, &failure);
	print_sent(json, status, &result, &failure);
	buffer_free(&message);
	buffer_free(&authorities);
	return 0;
}

static int post(const struct words *words, struct json_writer *json)
{
	struct buffer authorities = buffer_with_ceiling(FILE_MAX);
	struct failure failure = {.why = ""};
	struct sender_result result = {.code = 0};
	const struct send_header header = {BYTES_LITERAL("X-Signature"), find_bytes(words, "signature")};
	struct sender_post told = {
		.url = find_bytes(words, "url"),
		.headers = &header,
		.header_count = header.value.len > 0,
		.body = find_bytes(words, "body"),
		.authorities = read_named(words, "ca", &authorities),
		.milliseconds = find_number(words, "milliseconds"),
	};
	enum status status = sender_post(&told, &result, &failure);
	print_sent(json, status, &result, &failure);
	buffer_free(&authorities);
	return 0;
}

/* ---- sign ---- */

static int sign(const struct words *words, struct json_writer *json)
{
	struct buffer pem = buffer_with_ceiling(FILE_MAX), message = buffer_with_ceiling(FILE_MAX);
	struct buffer record = buffer_with_ceiling(FILE_MAX), field = buffer_with_ceiling(FILE_MAX);
	struct failure failure = {.why = ""};
	struct dkim_key *key = NULL;
	enum status status = dkim_key_read(read_named(words, "key", &pem), &key, &failure);
	if (status == STATUS_OK)
		status = dkim_key_record(key, &record);
	if (status == STATUS_OK)
		status = dkim_sign(key, find_bytes(words, "domain"), find_bytes(words, "selector"),
		                   read_named(words, "message", &message), find_number(words, "now"), &field, &failure);
	if (status == STATUS_OK) {
		json_member_text(json, "record", buffer_bytes(&record));
		json_member_text(json, "field", buffer_bytes(&field));
	}
	print(json, status, &failure);
	dkim_key_free(key);
	buffer_free(&pem);
	buffer_free(&message);
	buffer_free(&record);
	buffer_free(&field);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct words *words, struct json_writer *json);
	} errands[] = {{"prove", prove}, {"mail", mail}, {"post", post}, {"sign", sign}};
	struct buffer text = buffer_with_ceiling(FILE_MAX);
	struct json_writer json = json_writer_into(&text);
	const struct words words = {argc - 2, argv + 2};
	int code = 2;
	json_begin_object(&json);
	for (size_t i = 0; argc >= 2 && i < sizeof errands / sizeof *errands; i++)
		if (strcmp(argv[1], errands[i].name) == 0)
			code = errands[i].run(&words, &json);
	buffer_free(&text);
	return code;
}
