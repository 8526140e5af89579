/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversations with providers, one text file each, given as arguments. Lines
 * that begin with "== " are steps; what follows belongs to them:
 *   == target WRITTEN            who is spoken to from here on
 *   == ask page|object|site|properties|acl [NAME=VALUE ...]   below: method and URL, headers; or the status's name
 *   == reply STATUS              below: headers, an empty line, the body
 *   == page last|next=CURSOR|STATUS [+versions] [+snapshots] [+deleted] [+ids]   below: an object a line
 *   == head WORDS                what the reply's head says of the object asked for, in the words of a page
 *   == refusal REASON STATUS CODE|- [tenant=T] [dialect=N]
 * A value ends before " NAME=" or at the line's end, so names may hold blanks.
 */
#include "base/buffer.h"
#include "provider/provider.h"
#include "scope/target.h"

#include <stdio.h>
#include <stdlib.h>

struct conversation {
	const char *file;
	unsigned line;
	struct arena arena;
	struct target target;
	const struct provider *provider;
	struct terms terms;
	struct reply reply;
	struct header headers[32];
	unsigned failed;
};

static void complain(struct conversation *talk, struct bytes got, struct bytes wanted)
{
	talk->failed++;
	fprintf(stderr, "%s:%u: got\n%.*s\nwanted\n%.*s\n", talk->file, talk->line, (int)got.len, (const char *)got.at,
	        (int)wanted.len, (const char *)wanted.at);
}

static void compare(struct conversation *talk, struct buffer *got, struct bytes wanted)
{
	if (!bytes_equal(bytes_trim(buffer_bytes(got)), bytes_trim(wanted)))
		complain(talk, buffer_bytes(got), wanted);
	buffer_free(got);
}

/* The value of NAME= in a step's words; up to the next known NAME=, or the end. */
static struct bytes word_of(struct bytes words, const char *name)
{
	static const char *const known[] = {" cursor=", " size=",   " include=", " dialect=", " name=", " version=", " snapshot=",
	                                    " offset=", " length=", " etag=",    " tenant=",  " head",  " next="};
	char wanted[32];
	snprintf(wanted, sizeof wanted, " %s=", name);
	size_t at = bytes_find(words, bytes_of_string(wanted));
	if (at == BYTES_NOT_FOUND)
		return BYTES_NONE;
	struct bytes rest = bytes_from(words, at + strlen(wanted));
	size_t end = rest.len;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t next = bytes_find(rest, bytes_of_string(known[i]));
		end = next < end ? next : end;
	}
	return bytes_slice(rest, 0, end);
}

static uint64_t number_of(struct bytes words, const char *name, uint64_t otherwise)
{
	uint64_t value;
	return bytes_parse_u64(word_of(words, name), &value) ? value : otherwise;
}

static bool has(struct bytes words, const char *word)
{
	return bytes_find(words, bytes_of_string(word)) != BYTES_NOT_FOUND;
}

static struct bytes take_line(struct bytes *rest)
{
	size_t end = bytes_find_byte(*rest, '\n');
	struct bytes line = bytes_slice(*rest, 0, end);
	*rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*rest, end + 1);
	return line;
}

static void start_with_target(struct conversation *talk, struct bytes words)
{
	struct failure failure = {.why = ""};
	talk->terms = (struct terms){.dialect = 0};
	if (target_parse(words, &talk->arena, &talk->target, &failure) != STATUS_OK) {
		fprintf(stderr, "%s:%u: %s\n", talk->file, talk->line, failure.why);
		exit(1);
	}
	talk->provider = provider_of(talk->target.container.provider);
}

static enum status word_request(struct conversation *talk, struct bytes words, struct request *ret_request)
{
	struct terms terms = {.dialect = (unsigned)number_of(words, "dialect", 0)};
	struct bytes include = word_of(words, "include");
	struct page_options options = {.size = (unsigned)number_of(words, "size", 0)};
	options.include = (has(include, "versions") ? PAGE_VERSIONS : 0) | (has(include, "snapshots") ? PAGE_SNAPSHOTS : 0) |
	                  (has(include, "deleted") ? PAGE_DELETED : 0);
	struct object object = {.name = word_of(words, "name"), .version = word_of(words, "version")};
	if (word_of(words, "snapshot").len > 0) {
		object.version = word_of(words, "snapshot");
		object.is_snapshot = true;
	}
	struct object_part part = {
		.offset = number_of(words, "offset", 0),
		.length = number_of(words, "length", OBJECT_SIZE_UNKNOWN),
		.is_head = has(words, " head"),
		.etag = word_of(words, "etag"),
	};
	if (bytes_start_with(words, BYTES_LITERAL("page")))
		return talk->provider->ask_page(&talk->target, &terms, &options, word_of(words, "cursor"), &talk->arena,
		                                ret_request);
	if (bytes_start_with(words, BYTES_LITERAL("object")))
		return talk->provider->ask_object(&talk->target, &terms, &object, &part, &talk->arena, ret_request);
	if (bytes_start_with(words, BYTES_LITERAL("site")))
		return talk->provider->ask_site(&talk->target, &terms, (unsigned)number_of(words, "nth", 0), &talk->arena,
		                                ret_request);
	enum question question = bytes_start_with(words, BYTES_LITERAL("acl")) ? QUESTION_ACL : QUESTION_PROPERTIES;
	return talk->provider->ask_container(&talk->target, &terms, question, &talk->arena, ret_request);
}

static void check_ask(struct conversation *talk, struct bytes words, struct bytes below)
{
	struct request request;
	struct buffer got = buffer_with_ceiling(1 << 20);
	enum status status = word_request(talk, words, &request);
	if (status != STATUS_OK) {
		buffer_append_string(&got, status_name(status));
	} else {
		buffer_append_format(&got, "%s ", request.method);
		buffer_append(&got, request.url);
		for (size_t i = 0; i < request.header_count; i++) {
			buffer_append_byte(&got, '\n');
			buffer_append(&got, request.headers[i].name);
			buffer_append_string(&got, ": ");
			buffer_append(&got, request.headers[i].value);
		}
	}
	compare(talk, &got, below);
}

static void take_reply(struct conversation *talk, struct bytes words, struct bytes below)
{
	uint64_t status = 0;
	size_t count = 0;
	if (!bytes_parse_u64(bytes_trim(words), &status))
		complain(talk, words, BYTES_LITERAL("a status"));
	for (struct bytes line; (line = take_line(&below)).len > 0;) {
		size_t colon = bytes_find_byte(line, ':');
		talk->headers[count++] = (struct header){bytes_slice(line, 0, colon), bytes_trim(bytes_from(line, colon + 1))};
	}
	talk->reply = (struct reply){.status = (unsigned)status, .headers = talk->headers, .header_count = count, .body = below};
}

static void append_object(struct buffer *into, const struct object *object)
{
	char time[CLOCK_TEXT_SIZE];
	buffer_append_string(into, "\nname=");
	buffer_append(into, object->name);
	if (object->version.len > 0) {
		buffer_append_string(into, object->is_snapshot ? " snapshot=" : " version=");
		buffer_append(into, object->version);
	}
	if (object->current_version.len > 0) {
		buffer_append_string(into, " current=");
		buffer_append(into, object->current_version);
	}
	buffer_append_string(into, object->is_deleted ? " deleted" : "");
	if (object->kept_days > 0)
		buffer_append_format(into, " days=%u", (unsigned)object->kept_days);
	if (object->size == OBJECT_SIZE_UNKNOWN)
		buffer_append_string(into, " size=?");
	else
		buffer_append_format(into, " size=%llu", (unsigned long long)object->size);
	if (object->etag.len > 0)
		buffer_append_format(into, " etag=%.*s", (int)object->etag.len, (const char *)object->etag.at);
	if (object->modified != CLOCK_UNKNOWN)
		buffer_append_format(into, " modified=%s", clock_format(object->modified, time));
	if (object->created != CLOCK_UNKNOWN)
		buffer_append_format(into, " created=%s", clock_format(object->created, time));
	buffer_append_string(into, object->md5.len == 16 ? " md5" : "");
	buffer_append_string(into, object->is_archived ? " archived" : "");
	if (object->tier.len > 0)
		buffer_append_format(into, " tier=%.*s", (int)object->tier.len, (const char *)object->tier.at);
	if (object->media_type.len > 0)
		buffer_append_format(into, " type=%.*s", (int)object->media_type.len, (const char *)object->media_type.at);
}

static void append_shown(struct buffer *into, const struct page *page)
{
	buffer_append_string(into, page->shown & PAGE_VERSIONS ? " +versions" : "");
	buffer_append_string(into, page->shown & PAGE_SNAPSHOTS ? " +snapshots" : "");
	buffer_append_string(into, page->shown & PAGE_DELETED ? " +deleted" : "");
	buffer_append_string(into, page->has_version_ids ? " +ids" : "");
}

static void check_page(struct conversation *talk, struct bytes words, struct bytes below)
{
	struct page page;
	struct buffer got = buffer_with_ceiling(1 << 20), wanted = buffer_with_ceiling(1 << 20);
	enum status status = talk->provider->read_page(&talk->target, talk->reply.body, &talk->arena, &page);
	if (status != STATUS_OK) {
		buffer_append_string(&got, status_name(status));
	} else {
		buffer_append_string(&got, page.is_last ? "last" : "next=");
		buffer_append(&got, page.is_last ? BYTES_NONE : page.next);
		append_shown(&got, &page);
		for (size_t i = 0; i < page.count; i++)
			append_object(&got, &page.objects[i]);
	}
	buffer_append(&wanted, words);
	buffer_append_byte(&wanted, '\n');
	buffer_append(&wanted, below);
	compare(talk, &got, buffer_bytes(&wanted));
	buffer_free(&wanted);
}

static void check_head(struct conversation *talk, struct bytes words)
{
	struct object object = {.size = OBJECT_SIZE_UNKNOWN, .modified = CLOCK_UNKNOWN, .created = CLOCK_UNKNOWN};
	struct buffer got = buffer_with_ceiling(1 << 20), wanted = buffer_with_ceiling(1 << 20);
	if (talk->provider->read_object(&talk->reply, &talk->arena, &object) != STATUS_OK)
		exit(1);
	append_object(&got, &object);
	buffer_append_string(&wanted, "name= ");
	buffer_append(&wanted, words);
	compare(talk, &got, buffer_bytes(&wanted));
	buffer_free(&wanted);
}

static void check_refusal(struct conversation *talk, struct bytes words)
{
	static const char *const reasons[] = {
		[REFUSAL_OTHER] = "other",
		[REFUSAL_BUSY] = "busy",
		[REFUSAL_PASSING] = "passing",
		[REFUSAL_TERMS] = "terms",
		[REFUSAL_PRIVATE_OR_ABSENT] = "private-or-absent",
		[REFUSAL_DENIED] = "denied",
		[REFUSAL_CONTAINER_ABSENT] = "container-absent",
		[REFUSAL_OBJECT_ABSENT] = "object-absent",
		[REFUSAL_ACCOUNT_OFF] = "account-off",
		[REFUSAL_FIREWALL] = "firewall",
		[REFUSAL_SUSPENDED] = "suspended",
		[REFUSAL_ARCHIVED] = "archived",
		[REFUSAL_CHANGED] = "changed",
		[REFUSAL_RANGE] = "range",
		[REFUSAL_CREDENTIAL] = "credential",
		[REFUSAL_INSECURE] = "insecure",
		[REFUSAL_UNSUPPORTED] = "unsupported",
	};
	struct refusal refusal;
	struct buffer got = buffer_with_ceiling(4096);
	unsigned dialect = talk->terms.dialect;
	if (talk->provider->read_refusal(&talk->reply, &talk->terms, &talk->arena, &refusal) != STATUS_OK)
		exit(1);
	buffer_append_format(&got, "%s %s ", reasons[refusal.reason], status_name(refusal.status));
	buffer_append(&got, refusal.code.len > 0 ? refusal.code : BYTES_LITERAL("-"));
	if (refusal.tenant.len > 0)
		buffer_append_format(&got, " tenant=%.*s", (int)refusal.tenant.len, (const char *)refusal.tenant.at);
	if (talk->terms.dialect != dialect)
		buffer_append_format(&got, " dialect=%u", talk->terms.dialect);
	compare(talk, &got, words);
}

static void take_step(struct conversation *talk, struct bytes line, struct bytes below)
{
	line = bytes_from(line, 3);
	size_t blank = bytes_find_byte(line, ' ');
	struct bytes verb = bytes_slice(line, 0, blank),
		     words = blank == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(line, blank + 1);
	if (bytes_equal_string(verb, "target"))
		start_with_target(talk, words);
	else if (bytes_equal_string(verb, "ask"))
		check_ask(talk, words, below);
	else if (bytes_equal_string(verb, "reply"))
		take_reply(talk, words, below);
	else if (bytes_equal_string(verb, "page"))
		check_page(talk, words, below);
	else if (bytes_equal_string(verb, "head"))
		check_head(talk, words);
	else if (bytes_equal_string(verb, "refusal"))
		check_refusal(talk, words);
	else
		complain(talk, line, BYTES_LITERAL("a step"));
}

static void run(struct conversation *talk, struct bytes text)
{
	struct bytes step = BYTES_NONE;
	size_t from = 0;
	unsigned line_number = 0;
	for (struct bytes rest = text; rest.len > 0;) {
		size_t at = text.len - rest.len;
		struct bytes line = take_line(&rest);
		line_number++;
		if (!bytes_start_with(line, BYTES_LITERAL("== ")))
			continue;
		if (step.len > 0)
			take_step(talk, step, bytes_slice(text, from, at - from));
		step = line;
		talk->line = line_number;
		from = text.len - rest.len;
	}
	take_step(talk, step, bytes_from(text, from));
}

static unsigned run_file(const char *name)
{
	struct conversation talk = {.file = name, .arena = arena_with_ceiling(16 << 20)};
	struct buffer text = buffer_with_ceiling(4 << 20);
	FILE *file = fopen(name, "rb");
	char piece[4096];
	if (file == NULL) {
		perror(name);
		return 1;
	}
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(&text, bytes_of(piece, got));
	fclose(file);
	run(&talk, buffer_bytes(&text));
	buffer_free(&text);
	arena_free(&talk.arena);
	return talk.failed;
}

int main(int argc, char **argv)
{
	unsigned failed = 0;
	for (int i = 1; i < argc; i++) {
		unsigned differences = run_file(argv[i]);
		printf("%s %d - %s\n", differences > 0 ? "not ok" : "ok", i, argv[i]);
		failed += differences;
	}
	printf("1..%d\n", argc - 1);
	return failed > 0 || argc < 2;
}
