/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tidemark-extract whose workers are taken over by what they read: it stands
 * beside tidemark under that name, in the cell of the true one, speaks the
 * protocol, and does as the file "mode" beside it says. Objects whose names
 * begin with "good" are read honestly, as is whatever a mode does not speak of.
 *
 * The file: a mode, or "byname" (then an object called bad-MODE meets that one,
 * and all others are read honestly), and for those that name bytes they never saw (poison,
 * ownsha) the SHA-256 of these in hexadecimal; else it is that of "victim\n".
 */
#define _GNU_SOURCE
#include "base/digest.h"
#include "reading/emitter.h"
#include "reading/forking.h"
#include "reading/worker.h"
#include "sandbox/sandbox.h"
#include "wire/extract-messages.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { SOCKET = 3 };

static struct {
	char mode[32];
	unsigned char victim[32];
} orders;

static int line;           /* a worker's socket */
static uint64_t number;    /* of its job */
static unsigned jobs;      /* it was given so far */
static bool is_taken_over; /* by an earlier one: whatever it is given now */
static bool is_hoarding;
static unsigned char frame[WIRE_FRAME_MAX];
static struct wire_writer writer;

/* ---- orders ---- */

static FILE *open_mode(const char *beside)
{
	char path[4096];
	const char *slash = strrchr(beside, '/');
	snprintf(path, sizeof path, "%.*s/mode", slash != NULL ? (int)(slash - beside) : 1, slash != NULL ? beside : ".");
	return fopen(path, "re");
}

/* As it was called; a link leads elsewhere. */
static void read_orders(const char *called)
{
	char own[4000] = "", victim[65] = "";
	FILE *file = open_mode(called);
	if (file == NULL && readlink("/proc/self/exe", own, sizeof own - 1) > 0)
		file = open_mode(own);
	digest_sha256(BYTES_LITERAL("victim\n"), orders.victim);
	if (file == NULL || fscanf(file, "%31s %64s", orders.mode, victim) < 1)
		orders.mode[0] = '\0';
	if (digest_parse_hex(bytes_of_string(victim), orders.victim, sizeof orders.victim) != STATUS_OK && victim[0] != '\0')
		_exit(2);
	if (file != NULL)
		fclose(file);
}

/* ---- saying things ---- */

static void say(void)
{
	if (wire_send(line, &writer, -1) != STATUS_OK)
		_exit(0);
}

static void wait_for(int64_t milliseconds)
{
	const struct timespec span = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
	nanosleep(&span, NULL);
}

static void sleep_for_ever(void)
{
	for (;;)
		wait_for(1000);
}

static void begin(const char *path)
{
	extract_put_begin(&writer, number, bytes_of_string(path));
	say();
}

static void progress(void)
{
	extract_put_sign(&writer, EXTRACT_PROGRESS, number);
	say();
}

static void done(void)
{
	extract_put_sign(&writer, EXTRACT_DONE, number);
	say();
}

static struct document_record plain(uint32_t ordinal, const char *path, const char *text)
{
	struct document_record record = {
		.ordinal = ordinal,
		.inner_path = bytes_of_string(path),
		.size = strlen(text),
		.modified = CLOCK_UNKNOWN,
		.outcome = OUTCOME_READ,
		.media_type = BYTES_LITERAL("text/plain"),
		.created = CLOCK_UNKNOWN,
		.text = bytes_of_string(text),
	};
	digest_sha256_of((struct bytes[]){record.inner_path, record.text}, 2, record.content_key);
	return record;
}

static void tell(const struct document_record *record)
{
	if (extract_send_document(line, &writer, number, record) != STATUS_OK)
		_exit(0);
}

static void tell_plain(uint32_t ordinal, const char *path, const char *text)
{
	struct document_record record = plain(ordinal, path, text);
	tell(&record);
}

static void tell_own_and_end(void)
{
	tell_plain(0, "", "own words\n");
	done();
}

static void claim(struct document_record *record)
{
	record->has_sha256 = true;
	memcpy(record->sha256, orders.victim, sizeof record->sha256);
	memcpy(record->content_key, orders.victim, sizeof record->content_key);
}

/* ---- honest reading ---- */

static enum status pass_begin(void *context, struct bytes inner_path)
{
	(void)context;
	extract_put_begin(&writer, number, inner_path);
	return wire_send(line, &writer, -1);
}

static enum status pass_document(void *context, const struct document_record *record)
{
	(void)context;
	return extract_send_document(line, &writer, number, record);
}

static enum status pass_nothing(void *context)
{
	(void)context;
	return STATUS_OK;
}

static void read_honestly(const struct extract_job *job, int descriptor)
{
	const struct emitter_sink sink = {.begin = pass_begin, .document = pass_document, .progress = pass_nothing};
	size_t size = descriptor >= 0 ? (size_t)job->size : 0;
	void *at = size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : NULL;
	struct source source = source_of_bytes(bytes_of(at, size));
	source.name = job->name;
	if (at == MAP_FAILED || emitter_read_object(&source, job, &emitter_default_limits, &sink) != STATUS_OK)
		_exit(1);
	if (size > 0)
		munmap(at, size);
	done();
}

/* ---- modes ---- */

/* As often as agreed, and nothing else. */
static void say_progress(const struct extract_job *job)
{
	(void)job;
	begin("");
	for (;;) {
		progress();
		wait_for(EXTRACT_PROGRESS_MS);
	}
}

/* The same, and it is not idle. */
static void toil(const struct extract_job *job)
{
	struct timespec since, now;
	(void)job;
	begin("");
	tell_plain(1, "part.txt", "a finished part\n");
	for (;;) {
		progress();
		clock_gettime(CLOCK_MONOTONIC, &since);
		do
			clock_gettime(CLOCK_MONOTONIC, &now);
		while ((now.tv_sec - since.tv_sec) * 1000 + (now.tv_nsec - since.tv_nsec) / 1000000 < EXTRACT_PROGRESS_MS);
	}
}

static void flood_with_progress(const struct extract_job *job)
{
	(void)job;
	for (;;)
		progress();
}

static void say_nothing(const struct extract_job *job)
{
	(void)job;
	sleep_for_ever();
}

/* The object's own document, in pieces, of which none has come yet. */
static void open_document(uint32_t findings, uint32_t organisations)
{
	struct document_record record = plain(0, "", "");
	wire_begin(&writer, EXTRACT_DOCUMENT);
	wire_put_u64(&writer, number);
	wire_put_u32(&writer, 0);
	wire_put_u32(&writer, 0);
	wire_put_bytes(&writer, BYTES_NONE);
	wire_put_bytes(&writer, BYTES_NONE);
	wire_put_bytes(&writer, bytes_of(record.content_key, sizeof record.content_key));
	wire_put_u32(&writer, OUTCOME_READ);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (field_is_bytes(&field_table[i]))
			wire_put_bytes(&writer, BYTES_NONE);
		else
			wire_put_u64(&writer, 0);
	}
	wire_put_u32(&writer, findings);
	wire_put_u32(&writer, organisations);
	wire_put_u32(&writer, 0);
	say();
}

static void tell_text(struct bytes text)
{
	wire_begin(&writer, EXTRACT_TEXT);
	wire_put_u64(&writer, number);
	wire_put_bytes(&writer, text);
	say();
}

/* A text that grows by a letter now and then. */
static void trickle(const struct extract_job *job)
{
	(void)job;
	open_document(0, 0);
	for (;;) {
		tell_text(BYTES_LITERAL("x"));
		wait_for(EXTRACT_PROGRESS_MS);
	}
}

static void want(uint64_t offset)
{
	extract_put_want(&writer, number, offset);
	say();
}

static bool take_window(void)
{
	struct wire_reader reader;
	if (wire_receive(line, -1, frame, &reader) != STATUS_OK)
		_exit(0);
	wire_drop(&reader);
	return reader.type == EXTRACT_WINDOW;
}

/* Where there are none, or beyond the end. */
static void want_no_window(const struct extract_job *job)
{
	want(job->is_windowed ? (job->size / EXTRACT_WINDOW_SIZE + 1) * EXTRACT_WINDOW_SIZE : 0);
	sleep_for_ever();
}

/* The same one, again and again. */
static void want_for_ever(const struct extract_job *job)
{
	(void)job;
	do
		want(0);
	while (take_window());
	sleep_for_ever();
}

/* And never takes what it was given. */
static void want_unread(const struct extract_job *job)
{
	(void)job;
	for (;;)
		want(0);
}

/* Of the first job again: the whole of it, under its number. */
static void say_again(const struct extract_job *job)
{
	static uint64_t first;
	if (jobs == 1)
		first = job->number;
	number = first;
	tell_plain(0, "", "of the first object\n");
	done();
}

static void tell_documents(const struct extract_job *job)
{
	(void)job;
	begin("");
	for (uint32_t nth = 1;; nth++) {
		char name[32];
		snprintf(name, sizeof name, "%u.txt", nth);
		tell_plain(nth, name, "");
	}
}

/* Parts of many findings, each of another entity and another rule. */
static void tell_findings(const struct extract_job *job)
{
	enum { AT_ONCE = 500 };
	static char values[AT_ONCE][24], rules[AT_ONCE][24];
	static struct finding findings[AT_ONCE];
	(void)job;
	begin("");
	for (uint32_t nth = 1;; nth++) {
		char name[32];
		snprintf(name, sizeof name, "%u.txt", nth);
		struct document_record record = plain(nth, name, "planted words, many of them\n");
		for (unsigned i = 0; i < AT_ONCE; i++) {
			snprintf(values[i], sizeof values[i], "%x.%x.example", nth, i);
			snprintf(rules[i], sizeof rules[i], "%x/%x", nth, i);
			findings[i] = (struct finding){.kind = FINDING_DOMAIN,
			                               .value = bytes_of_string(values[i]),
			                               .raw = bytes_of_string(values[i]),
			                               .rule = bytes_of_string(rules[i]),
			                               .from = 0,
			                               .to = 7,
			                               .confidence = 1};
		}
		record.findings = findings;
		record.finding_count = AT_ONCE;
		tell(&record);
	}
}

static void tell_one_document(const struct extract_job *job)
{
	(void)job;
	for (uint32_t nth = 0;; nth++) {
		char text[64];
		snprintf(text, sizeof text, "planted %u\n", nth);
		tell_plain(1, "part.txt", text);
	}
}

static void tell_object_twice(const struct extract_job *job)
{
	(void)job;
	tell_plain(0, "", "planted once\n");
	tell_plain(0, "", "planted twice\n");
	done();
}

static void poison(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(1, "part.txt", "planted words\n");
	claim(&record);
	tell(&record);
	tell_own_and_end();
}

static void claim_object(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "planted words\n");
	claim(&record);
	record.size = 1;
	tell(&record);
	done();
}

/* Behind DONE: of this job, of a guessed next one, and no message at all. */
static void tail(const struct extract_job *job)
{
	(void)job;
	tell_own_and_end();
	for (uint64_t i = 0; i < 3; i++) {
		number += i;
		tell_plain(0, "", "planted words\n");
		done();
	}
	wire_begin(&writer, 200);
	say();
}

static void claim_sizes(const struct extract_job *job)
{
	(void)job;
	for (uint32_t nth = 1; nth <= 2; nth++) {
		struct document_record record = plain(nth, nth == 1 ? "a" : "b", "");
		record.outcome = OUTCOME_TOO_LARGE;
		record.size = record.unseen_bytes = INT64_MAX;
		tell(&record);
	}
	tell_own_and_end();
}

/* As much as a part may say of itself. */
static void claim_largest(const struct extract_job *job)
{
	(void)job;
	for (uint32_t nth = 1; nth <= 2000; nth++) {
		char name[32];
		snprintf(name, sizeof name, "%u", nth);
		struct document_record record = plain(nth, name, "");
		record.outcome = OUTCOME_TOO_LARGE;
		record.size = record.unseen_bytes = OBJECT_SIZE_MAX;
		tell(&record);
	}
	struct document_record own = plain(0, "", "");
	own.unseen_bytes = own.size = OBJECT_SIZE_MAX;
	tell(&own);
	done();
}

static void tell_circle(const struct extract_job *job)
{
	(void)job;
	for (uint32_t nth = 1; nth <= 2; nth++) {
		struct document_record record = plain(nth, nth == 1 ? "a" : "b", "");
		record.parent = 3 - nth;
		tell(&record);
	}
	tell_own_and_end();
}

static void tell_orphan(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(200, "a", "an orphan's words\n");
	record.parent = 100;
	tell(&record);
	tell_own_and_end();
}

/* A part without a path would have the object's own id. */
static void tell_nameless(const struct extract_job *job)
{
	(void)job;
	tell_plain(1, "", "planted words\n");
	tell_own_and_end();
}

static void tell_strange_paths(const struct extract_job *job)
{
	static char longest[EXTRACT_PATH_MAX + 1];
	const char *const paths[] = {
		"../../../../tmp/slipped", "/etc/passwd", "\x1b]0;owned\x07\x1b[31mred", "a\nb\r\tc", "\xff\xfe", "!/!/",
		"\xe2\x80\xaexe.txt",      longest,
	};
	(void)job;
	memset(longest, 'x', EXTRACT_PATH_MAX);
	for (uint32_t nth = 0; nth < sizeof paths / sizeof *paths; nth++)
		tell_plain(nth + 1, paths[nth], "strange\n");
	tell_own_and_end();
}

static void begin_for_ever(const struct extract_job *job)
{
	(void)job;
	for (;;)
		begin("deeper");
}

/* Two parts begun, and none ended: what fell is the inner one, again and again, each time under another name. */
static void begin_others(const struct extract_job *job)
{
	char name[32];
	begin("");
	snprintf(name, sizeof name, "part-%zu", job->skip_count);
	begin(name);
	wait_for(3600000);
}

/* Parts of many facts, each long and new. */
static void tell_facts(const struct extract_job *job)
{
	enum { AT_ONCE = 200, LENGTH = 400 };
	static char values[AT_ONCE][LENGTH + 1];
	static struct fact facts[AT_ONCE];
	(void)job;
	begin("");
	for (uint32_t nth = 1;; nth++) {
		char name[32];
		snprintf(name, sizeof name, "%u.txt", nth);
		struct document_record record = plain(nth, name, "");
		for (unsigned i = 0; i < AT_ONCE; i++) {
			memset(values[i], 'a' + (int)(i % 26), LENGTH);
			snprintf(values[i], LENGTH, "%x-%x", nth, i);
			values[i][strlen(values[i])] = '-';
			facts[i] = (struct fact){.kind = FACT_SEEN,
			                         .name = BYTES_LITERAL("members"),
			                         .value = bytes_of_string(values[i]),
			                         .confidence = 1};
		}
		record.facts = facts;
		record.fact_count = AT_ONCE;
		tell(&record);
	}
}

static void tell_fact(struct fact fact)
{
	struct document_record record = plain(0, "", "short\n");
	record.facts = &fact;
	record.fact_count = 1;
	tell(&record);
	done();
}

static void know_beyond(const struct extract_job *job)
{
	(void)job;
	tell_fact((struct fact){.kind = FACT_SEEN,
	                        .name = BYTES_LITERAL("pages"),
	                        .value = BYTES_LITERAL("1"),
	                        .from = 1000000,
	                        .to = 1000001,
	                        .confidence = 1});
}

static void know_strange_kind(const struct extract_job *job)
{
	(void)job;
	tell_fact((struct fact){
		.kind = (enum fact_kind)200, .name = BYTES_LITERAL("pages"), .value = BYTES_LITERAL("1"), .confidence = 1});
}

/* Numbers that are none, and one larger than there is. */
static void know_no_number(const struct extract_job *job)
{
	(void)job;
	const struct fact facts[] = {
		{.kind = FACT_DECLARED, .name = BYTES_LITERAL("pages"), .value = BYTES_LITERAL("planted"), .confidence = 1},
		{.kind = FACT_DECLARED,
	         .name = BYTES_LITERAL("rows"),
	         .value = BYTES_LITERAL("99999999999999999999999"),
	         .confidence = 1},
		{.kind = FACT_SEEN, .name = BYTES_LITERAL("rows"), .value = BYTES_LITERAL("-1"), .confidence = 1},
		{.kind = FACT_SEEN, .name = BYTES_LITERAL("members"), .value = BYTES_LITERAL("3"), .confidence = 1},
	};
	struct document_record record = plain(0, "", "short\n");
	record.facts = facts;
	record.fact_count = sizeof facts / sizeof *facts;
	tell(&record);
	done();
}

static void find_beyond(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "short\n");
	const struct finding finding = {
		.kind = FINDING_EMAIL,
		.value = BYTES_LITERAL("a@contoso.com"),
		.raw = BYTES_LITERAL("a@contoso.com"),
		.from = 1000000,
		.to = 1000013,
		.confidence = 1,
		.rule = BYTES_LITERAL("email/1"),
	};
	record.findings = &finding;
	record.finding_count = 1;
	tell(&record);
	done();
}

static void tell_secret(const char *value, const char *raw)
{
	struct document_record record = plain(0, "", "planted\n");
	const struct finding finding = {
		.kind = FINDING_SECRET,
		.subkind = BYTES_LITERAL("password"),
		.value = bytes_of_string(value),
		.raw = bytes_of_string(raw),
		.to = 7,
		.confidence = 1,
		.rule = BYTES_LITERAL("secret/1"),
	};
	record.findings = &finding;
	record.finding_count = 1;
	tell(&record);
	done();
}

/* As its value, which is a digest; as it was written, which has stars; behind the marker of a key. */
static void tell_secret_value(const struct extract_job *job)
{
	(void)job;
	tell_secret("planted-secret-in-the-open", "plan**********************");
}

static void tell_secret_raw(const struct extract_job *job)
{
	(void)job;
	tell_secret("abcdefghijklmnopqrstuvwxyz", "planted-secret");
}

static void tell_secret_armour(const struct extract_job *job)
{
	(void)job;
	tell_secret("abcdefghijklmnopqrstuvwxyz", "-----BEGIN PRIVATE KEY-----\nplanted-secret\n");
}

/* A name that can be read, and another beside it. */
static void show_another_path(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(1, "harmless.txt", "planted words\n");
	record.shown_path = BYTES_LITERAL("good-a.txt");
	tell(&record);
	tell_own_and_end();
}

/* A name that cannot be read, shown as what would lead elsewhere, speak to a terminal, or be another's. */
static void show_strange_paths(const struct extract_job *job)
{
	static const char *const shown[] = {"../../../../tmp/slipped", "\x1b]0;owned\x07\x1b[31mred", "\xe2\x80\xaexe.txt",
	                                    "a\nb\r\tc", "good-b.zip!/first.txt"};
	char path[16];
	(void)job;
	for (uint32_t nth = 0; nth < sizeof shown / sizeof *shown; nth++) {
		snprintf(path, sizeof path, "\xff%u", nth);
		struct document_record record = plain(nth + 1, path, "strange\n");
		record.shown_path = bytes_of_string(shown[nth]);
		tell(&record);
	}
	tell_own_and_end();
}

static void tell_strange_class(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "planted words\n");
	record.class = BYTES_LITERAL("planted");
	tell(&record);
	done();
}

static void tell_strange_signing(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "planted words\n");
	record.signing = BYTES_LITERAL("planted");
	tell(&record);
	done();
}

static void know_strange_class(const struct extract_job *job)
{
	(void)job;
	tell_fact((struct fact){
		.kind = FACT_CLASS, .name = BYTES_LITERAL("planted"), .value = BYTES_LITERAL("so it is said"), .confidence = 1});
}

/* A signature of no form at all, and words in it that want to speak to a terminal. */
static void know_strange_signature(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "planted words\n");
	const struct fact fact = {.kind = FACT_SIGNATURE,
	                          .name = BYTES_LITERAL("planted"),
	                          .value = BYTES_LITERAL("\x1b[31mred\nyes, wholly\nnever\n\x1b]0;owned\x07"),
	                          .confidence = 1};
	record.facts = &fact;
	record.fact_count = 1;
	tell(&record);
	done();
}

static void name_strange_owner(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "short\n");
	const struct attribution owner = {
		.domain = BYTES_LITERAL("\x1b[31mno domain\n"),
		.role = ORGANISATION_PARTY,
		.confidence = 1,
		.why = BYTES_LITERAL("so it is said"),
	};
	record.organisations = &owner;
	record.organisation_count = 1;
	tell(&record);
	done();
}

static void tell_strange_outcome(const struct extract_job *job)
{
	(void)job;
	struct document_record record = plain(0, "", "short\n");
	record.outcome = (enum outcome)200;
	tell(&record);
	done();
}

/* Memory is to be had for what comes, not for what is announced. */
static void announce_much(const struct extract_job *job)
{
	(void)job;
	open_document(RECORD_FINDINGS_MAX, RECORD_FINDINGS_MAX);
	sleep_for_ever();
}

/* Larger than any that is kept. */
static void tell_text_for_ever(const struct extract_job *job)
{
	static unsigned char text[WIRE_CHUNK];
	(void)job;
	memset(text, 'x', sizeof text);
	open_document(0, 0);
	for (;;)
		tell_text(bytes_of(text, sizeof text));
}

/* Once it has read one object, and for none of its own. */
static void die_later(const struct extract_job *job)
{
	(void)job;
	if (jobs > 1)
		_exit(1);
	tell_own_and_end();
}

static void sleep_later(const struct extract_job *job)
{
	(void)job;
	if (jobs > 1)
		sleep_for_ever();
	tell_own_and_end();
}

/* Keeps what every object was handed over in. */
static void hoard(const struct extract_job *job)
{
	char text[32];
	(void)job;
	is_hoarding = true;
	snprintf(text, sizeof text, "hoard of %u\n", jobs);
	tell_plain(0, "", text);
	done();
}

static void end_at_once(const struct extract_job *job)
{
	(void)job;
	done();
}

static void hand_a_descriptor_on(const struct extract_job *job)
{
	(void)job;
	extract_put_begin(&writer, number, BYTES_NONE);
	if (wire_send(line, &writer, line) != STATUS_OK)
		_exit(0);
	sleep_for_ever();
}

static void write_to_terminal(const struct extract_job *job)
{
	static const char words[] = "\x1b]0;owned\x07\x1b[2J\x1b[31mraw words\xc2\x9b"
				    "31m\n";
	for (int i = 0; i < 10000; i++)
		if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
			break;
	(void)job;
	tell_own_and_end();
}

/* clang-format off */
static const struct mode {
	const char *name;
	void (*act)(const struct extract_job *job);
} modes[] = {
	{"progress", say_progress}, {"flood", flood_with_progress}, {"silent", say_nothing}, {"trickle", trickle},
	{"want", want_no_window}, {"wants", want_for_ever}, {"deaf", want_unread}, {"again", say_again},
	{"docs", tell_documents}, {"findings", tell_findings}, {"toil", toil}, {"sameordinal", tell_one_document}, {"twice", tell_object_twice}, {"poison", poison},
	{"ownsha", claim_object}, {"tail", tail}, {"sizes", claim_sizes}, {"largest", claim_largest}, {"circle", tell_circle},
	{"orphan", tell_orphan}, {"nameless", tell_nameless}, {"paths", tell_strange_paths}, {"begin", begin_for_ever},
	{"parts", begin_others}, {"spans", find_beyond}, {"owner", name_strange_owner}, {"outcome", tell_strange_outcome},
	{"announce", announce_much}, {"text", tell_text_for_ever}, {"early", end_at_once}, {"descriptor", hand_a_descriptor_on},
	{"stderr", write_to_terminal}, {"dielater", die_later}, {"sleeplater", sleep_later},
	{"hoard", hoard}, {"facts", tell_facts}, {"factspan", know_beyond}, {"factkind", know_strange_kind}, {"factnumber", know_no_number},
	{"secretvalue", tell_secret_value}, {"secretraw", tell_secret_raw}, {"secretarmour", tell_secret_armour},
	{"shownother", show_another_path}, {"shownpaths", show_strange_paths}, {"class", tell_strange_class},
	{"signing", tell_strange_signing}, {"factclass", know_strange_class}, {"factsignature", know_strange_signature},
};
/* clang-format on */

/* ---- a worker's life ---- */

static bool is_ordered(const char *mode, struct bytes object)
{
	const struct bytes bad = BYTES_LITERAL("bad-");
	if (strcmp(orders.mode, "byname") != 0)
		return strcmp(orders.mode, mode) == 0;
	return bytes_start_with(object, bad) && bytes_equal_string(bytes_from(object, bad.len), mode);
}

static void serve(const struct extract_job *job, int descriptor)
{
	jobs++;
	number = job->number;
	bool is_good = bytes_start_with(job->name, BYTES_LITERAL("good")) && !is_taken_over;
	for (size_t i = 0; i < sizeof modes / sizeof *modes && !is_good; i++) {
		if (is_ordered(modes[i].name, job->name)) {
			is_taken_over = strstr(modes[i].name, "later") != NULL;
			modes[i].act(job);
			return;
		}
	}
	read_honestly(job, descriptor);
}

static int live(int socket)
{
	struct failure failure;
	const struct sandbox_powers powers = {.role = SANDBOX_EXTRACT, .directory = -1};
	if (sandbox_die_with_starter() != STATUS_OK || sandbox_seal(&powers, &failure) != STATUS_OK)
		return 1;
	line = socket;
	extract_put_empty(&writer, EXTRACT_READY);
	say();
	for (;;) {
		struct wire_reader reader;
		struct extract_job job;
		if (wire_receive(line, -1, frame, &reader) != STATUS_OK)
			return 0;
		int descriptor = wire_take_descriptor(&reader);
		if (reader.type == EXTRACT_JOB && extract_get_job(&reader, &job) == STATUS_OK)
			serve(&job, descriptor);
		if (descriptor >= 0 && !is_hoarding)
			close(descriptor);
	}
}

int main(int argc, char **argv)
{
	read_orders(argc > 0 ? argv[0] : "");
	if (sandbox_prepare_child() != STATUS_OK || setlocale(LC_ALL, "C.UTF-8") == NULL || worker_prepare() != STATUS_OK)
		return 1;
	return forking_serve(SOCKET, live) == STATUS_OK ? 0 : 1;
}
