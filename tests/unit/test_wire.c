/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: what is written is read; what is cut, too long, out of order or out of bounds is refused. */
#define _GNU_SOURCE
#include "fill-fields.h"
#include "wire/extract-messages.h"
#include "wire/fetch-messages.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct house {
	int ends[2];
	struct wire_writer writer;
	unsigned char frame[WIRE_FRAME_MAX];
	struct arena arena;
	unsigned char state; /* of the conversation that is gathered */
	struct extract_gathering gathering;
};

static int set_up(void **state)
{
	struct house *house = calloc(1, sizeof *house);
	if (house == NULL || wire_pair(house->ends) != STATUS_OK)
		return -1;
	house->arena = arena_with_ceiling(64 << 20);
	house->gathering.arena = &house->arena;
	house->state = EXTRACT_READS;
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	struct house *house = *state;
	for (size_t i = 0; i < 2; i++)
		if (house->ends[i] >= 0)
			close(house->ends[i]);
	extract_gathering_free(&house->gathering);
	arena_free(&house->arena);
	free(house);
	return 0;
}

static struct wire_reader pass(struct house *house, int descriptor)
{
	struct wire_reader reader;
	assert_int_equal(wire_send(house->ends[0], &house->writer, descriptor), STATUS_OK);
	assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
	return reader;
}

static struct wire_reader reader_over(const struct house *house)
{
	return (struct wire_reader){
		.type = house->writer.frame[1],
		.rest = bytes_of(house->writer.frame + 2, house->writer.len - 2),
		.descriptor = -1,
	};
}

/* ---- fields ---- */

static void test_fields_come_back(void **state)
{
	struct house *house = *state;
	wire_begin(&house->writer, 7);
	wire_put_u8(&house->writer, 200);
	wire_put_u32(&house->writer, UINT32_MAX - 1);
	wire_put_u64(&house->writer, UINT64_MAX - 1);
	wire_put_bytes(&house->writer, BYTES_LITERAL("a\0b"));
	wire_put_bytes(&house->writer, BYTES_NONE);
	struct wire_reader reader = pass(house, -1);
	assert_int_equal(reader.type, 7);
	assert_int_equal(wire_get_u8(&reader), 200);
	assert_int_equal(wire_get_u32(&reader), UINT32_MAX - 1);
	assert_true(wire_get_u64(&reader) == UINT64_MAX - 1);
	assert_true(bytes_equal(wire_get_bytes(&reader, 3), BYTES_LITERAL("a\0b")));
	assert_int_equal(wire_get_bytes(&reader, 0).len, 0);
	assert_int_equal(wire_end(&reader), STATUS_OK);
}

static void test_reading_is_sticky_and_complete(void **state)
{
	struct house *house = *state;
	wire_begin(&house->writer, 1);
	wire_put_u32(&house->writer, 5);
	struct wire_reader reader = reader_over(house);
	assert_true(wire_get_u64(&reader) == 0);
	assert_int_equal(wire_get_u32(&reader), 0);
	assert_int_equal(wire_end(&reader), STATUS_MALFORMED);
	reader = reader_over(house);
	assert_int_equal(wire_end(&reader), STATUS_MALFORMED);
	reader = reader_over(house);
	assert_int_equal(wire_get_enum(&reader, 5), 0);
	assert_int_equal(wire_end(&reader), STATUS_MALFORMED);
	reader = reader_over(house);
	assert_int_equal(wire_get_enum(&reader, 6), 5);
	assert_int_equal(wire_end(&reader), STATUS_OK);
}

static void test_lengths_and_texts_are_checked(void **state)
{
	struct house *house = *state;
	const struct bytes bad[] = {BYTES_LITERAL("a\0b"), BYTES_LITERAL("\xff"), BYTES_LITERAL("\xed\xa0\x80"),
	                            BYTES_LITERAL("\xc0\x80")};
	for (size_t i = 0; i < 4; i++) {
		wire_begin(&house->writer, 1);
		wire_put_bytes(&house->writer, bad[i]);
		struct wire_reader reader = reader_over(house);
		wire_get_text(&reader, 100);
		assert_int_equal(wire_end(&reader), STATUS_MALFORMED);
	}
	wire_begin(&house->writer, 1);
	wire_put_bytes(&house->writer, BYTES_LITERAL("abcd"));
	struct wire_reader reader = reader_over(house);
	wire_get_bytes(&reader, 3);
	assert_int_equal(wire_end(&reader), STATUS_MALFORMED);
	wire_begin(&house->writer, 1);
	wire_put_u32(&house->writer, UINT32_MAX);
	reader = reader_over(house);
	assert_int_equal(wire_get_bytes(&reader, SIZE_MAX).len, 0);
	assert_int_equal(wire_end(&reader), STATUS_MALFORMED);
}

static void test_a_frame_that_overflowed_is_not_sent(void **state)
{
	struct house *house = *state;
	void *large = calloc(1, WIRE_FRAME_MAX);
	assert_non_null(large);
	wire_begin(&house->writer, 1);
	wire_put_bytes(&house->writer, bytes_of(large, WIRE_FRAME_MAX - 6));
	assert_int_equal(wire_room(&house->writer), 0);
	assert_int_equal(pass(house, -1).rest.len, WIRE_FRAME_MAX - 2);
	wire_put_u8(&house->writer, 1);
	assert_int_equal(wire_send(house->ends[0], &house->writer, -1), STATUS_BROKEN);
	free(large);
}

/* ---- the socket ---- */

static void test_a_descriptor_travels(void **state)
{
	struct house *house = *state;
	int memory = memfd_create("test", MFD_CLOEXEC);
	char byte = 0;
	assert_true(memory >= 0 && write(memory, "x", 1) == 1);
	wire_begin(&house->writer, 1);
	struct wire_reader reader = pass(house, memory);
	int taken = wire_take_descriptor(&reader);
	assert_true(taken >= 0 && taken != memory);
	assert_true(fcntl(taken, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(pread(taken, &byte, 1, 0), 1);
	assert_int_equal(byte, 'x');
	assert_int_equal(wire_take_descriptor(&reader), -1);
	close(taken);
	reader = pass(house, memory);
	taken = reader.descriptor;
	wire_drop(&reader);
	assert_int_equal(fcntl(taken, F_GETFD), -1);
	close(memory);
}

/* Receives one frame that nobody is interested in. */
static void pass_over(struct house *house)
{
	struct wire_reader reader;
	assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
}

static void send_raw(int socket, const void *at, size_t len, const int *descriptors, size_t count)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(4 * sizeof(int))];
	} control = {.room = {0}};
	struct iovec piece = {.iov_base = (void *)(uintptr_t)at, .iov_len = len};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	if (count > 0) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
	}
	assert_int_equal(sendmsg(socket, &message, 0), (ssize_t)len);
}

static int count_descriptors(void)
{
	int count = 0;
	for (int i = 0; i < 1024; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

static void test_strange_frames_are_refused_and_leak_nothing(void **state)
{
	struct house *house = *state;
	const int descriptors[] = {0, 1, 2, 0};
	struct wire_reader reader;
	int before = count_descriptors();
	for (size_t count = 2; count <= 4; count++) {
		send_raw(house->ends[0], (unsigned char[]){WIRE_VERSION, 1}, 2, descriptors, count);
		assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_MALFORMED);
	}
	send_raw(house->ends[0], (unsigned char[]){WIRE_VERSION + 1, 1}, 2, descriptors, 1);
	assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_MALFORMED);
	send_raw(house->ends[0], (unsigned char[]){WIRE_VERSION}, 1, descriptors, 1);
	assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_MALFORMED);
	unsigned char *large = calloc(1, WIRE_FRAME_MAX + 1);
	assert_non_null(large);
	large[0] = WIRE_VERSION;
	send_raw(house->ends[0], large, WIRE_FRAME_MAX + 1, descriptors, 1);
	free(large);
	assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_MALFORMED);
	assert_int_equal(count_descriptors(), before);
}

static void test_ends_are_told_apart(void **state)
{
	struct house *house = *state;
	struct wire_reader reader;
	assert_int_equal(wire_receive(house->ends[1], 0, house->frame, &reader), STATUS_TIMED_OUT);
	assert_int_equal(wire_receive(house->ends[1], 20, house->frame, &reader), STATUS_TIMED_OUT);
	close(house->ends[0]);
	house->ends[0] = -1;
	assert_int_equal(wire_receive(house->ends[1], -1, house->frame, &reader), STATUS_END);
	wire_begin(&house->writer, 1);
	assert_int_equal(wire_send(house->ends[1], &house->writer, -1), STATUS_CRASHED);
}

static void test_who_does_not_read_is_not_waited_for(void **state)
{
	struct house *house = *state;
	static const unsigned char piece[WIRE_CHUNK];
	enum status status = STATUS_OK;
	unsigned sent = 0;
	wire_begin(&house->writer, 1);
	wire_put_bytes(&house->writer, bytes_of(piece, sizeof piece));
	while (sent < 1000 && (status = wire_send_within(house->ends[0], 20, &house->writer, -1)) == STATUS_OK)
		sent++;
	assert_int_equal(status, STATUS_TIMED_OUT);
	assert_in_range(sent, 1, 100);
	pass_over(house);
	assert_int_equal(wire_send_within(house->ends[0], 20, &house->writer, -1), STATUS_OK);
	close(house->ends[1]);
	house->ends[1] = -1;
	assert_int_equal(wire_send_within(house->ends[0], 20, &house->writer, -1), STATUS_CRASHED);
}

/* ---- memory ---- */

static int memory_with(int seals)
{
	int memory = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_true(memory >= 0 && write(memory, "12345", 5) == 5);
	assert_int_equal(fcntl(memory, F_ADD_SEALS, seals), 0);
	return memory;
}

static bool is_taken(int descriptor, uint64_t size)
{
	bool is = wire_is_sealed_memory(descriptor, size);
	close(descriptor);
	return is;
}

static void test_memory_is_sealed_and_of_its_size_or_refused(void **state)
{
	(void)state;
	const int all = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	static const int each[] = {F_SEAL_WRITE, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_SEAL};
	int ends[2];
	char path[64];
	assert_true(is_taken(memory_with(all), 5));
	assert_false(is_taken(memory_with(all), 4));
	assert_false(is_taken(memory_with(all), 6));
	assert_false(is_taken(memory_with(all), UINT64_MAX));
	for (size_t i = 0; i < sizeof each / sizeof *each; i++)
		assert_false(is_taken(memory_with(all & ~each[i]), 5));
	assert_int_equal(pipe(ends), 0);
	close(ends[1]);
	assert_false(is_taken(ends[0], 0));
	assert_false(is_taken(open("/", O_RDONLY | O_DIRECTORY), 0));
	assert_false(is_taken(open("/dev/null", O_RDWR), 0));
	assert_false(is_taken(open("/tmp", O_TMPFILE | O_RDWR, 0600), 0));
	assert_false(wire_is_sealed_memory(-1, 0));
	int memory = memory_with(all);
	snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
	assert_false(is_taken(open(path, O_PATH), 5));
	close(memory);
}

/* ---- messages of extract ---- */

#define JOB UINT64_C(0x8000000000000007)

/* clang-format off */
static const struct finding two_findings[] = {
	{.kind = 1, .value = {(const unsigned char *)"a@b.de", 6}, .raw = {(const unsigned char *)"A@b.de", 6}, .from = 0, .to = 6,
	 .confidence = 1.0f, .rule = {(const unsigned char *)"email", 5}},
	{.kind = 2, .value = {(const unsigned char *)"https://b.de/", 13}, .raw = {(const unsigned char *)"b.de", 4}, .from = 7, .to = 11,
	 .confidence = 0.5f, .rule = {(const unsigned char *)"url", 3}},
};
/* clang-format on */

static struct document_record a_record(struct bytes text)
{
	struct document_record record = {
		.ordinal = 3,
		.parent = 1,
		.inner_path = BYTES_LITERAL("a.zip!/\xff"
	                                    "b"),
		.size = 42,
		.modified = -5,
		.has_sha256 = true,
		.outcome = OUTCOME_READ,
		.unseen_bytes = 7,
		.note = BYTES_LITERAL("note"),
		.media_type = BYTES_LITERAL("text/plain"),
		.title = BYTES_LITERAL("Title"),
		.author = BYTES_LITERAL("J\xc3\xbcrgen"),
		.language = BYTES_LITERAL("de"),
		.created = 99,
		.text = text,
		.text_beyond = 12,
		.findings = two_findings,
		.finding_count = 2,
	};
	memset(record.sha256, 1, 32);
	memset(record.content_key, 2, 32);
	return record;
}

/* Sends a record in one go and gathers it; small enough for the socket's buffer. */
static const struct document_record *pass_document(struct house *house, const struct document_record *record)
{
	const struct document_record *came = NULL;
	assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, record), STATUS_OK);
	while (came == NULL) {
		struct wire_reader reader;
		assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
		assert_int_equal(permit_message(&extract_permits, &house->state, &reader), STATUS_OK);
		assert_true(extract_is_of_job(&reader, JOB));
		assert_int_equal(extract_gather(&house->gathering, &reader, &came), STATUS_OK);
	}
	return came;
}

static void test_every_field_comes_over(void **state)
{
	struct house *house = *state;
	struct document_record record = a_record(BYTES_LITERAL("text"));
	record.findings = NULL;
	record.finding_count = 0;
	fill_fields(&record.fields);
	const struct document_record *came = pass_document(house, &record);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (!field_is_equal(&field_table[i], &came->fields, &record.fields))
			fail_msg("%s did not come over", field_table[i].name);
}

/* Whatever else its length is, a word of a closed list is one of these. */
static bool is_of_closed_list(const struct field *field)
{
	return strcmp(field->name, "class") == 0 || strcmp(field->name, "signing") == 0;
}

/* One too many of whatever it is, or what is none. */
static void test_no_field_goes_beyond_its_maximum(void **state)
{
	struct house *house = *state;
	static char long_text[WIRE_CHUNK];
	memset(long_text, 'x', sizeof long_text);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct field *field = &field_table[i];
		for (uint64_t more = 0; more <= 1 && field->kind != FIELD_TIME; more++) {
			struct document_record record = a_record(BYTES_LITERAL("text")), gathered;
			const struct document_record *came = &gathered;
			struct wire_reader reader;
			record.findings = NULL;
			record.finding_count = 0;
			fill_fields(&record.fields);
			if (field->kind == FIELD_SIZE)
				*field_size(field, &record.fields) = field->maximum + more;
			else
				*field_bytes(field, &record.fields) = bytes_of(long_text, field->maximum + more);
			house->state = EXTRACT_READS;
			assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, &record), STATUS_OK);
			assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
			assert_true(extract_is_of_job(&reader, JOB));
			bool is_refused = more > 0 || is_of_closed_list(field);
			if (extract_gather(&house->gathering, &reader, &came) != (is_refused ? STATUS_MALFORMED : STATUS_OK))
				fail_msg("%s of %s its maximum", field->name, more ? "more than" : "just");
		}
	}
}

/* What can be read as it is, is told as it is. */
static void test_a_readable_path_is_shown_as_no_other(void **state)
{
	struct house *house = *state;
	static const struct {
		const char *inner_path, *shown_path;
		enum status status;
	} paths[] = {
		{"a.zip!/\xff", "a.zip!/\xc3\xbf", STATUS_OK},     {"a.zip!/b", "a.zip!/c", STATUS_MALFORMED},
		{"a.zip!/b", "a.zip!/b", STATUS_MALFORMED},        {"a.zip!/\xff", "a.zip!/\xff", STATUS_MALFORMED},
		{"a.zip!/\xc3\xbf", "\xc3\xbf", STATUS_MALFORMED}, {"a.zip!/b", "", STATUS_OK},
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct document_record record = a_record(BYTES_LITERAL("text"));
		const struct document_record *came;
		struct wire_reader reader;
		record.findings = NULL;
		record.finding_count = 0;
		record.inner_path = bytes_of_string(paths[i].inner_path);
		record.shown_path = bytes_of_string(paths[i].shown_path);
		house->state = EXTRACT_READS;
		assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, &record), STATUS_OK);
		assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
		assert_true(extract_is_of_job(&reader, JOB));
		assert_int_equal(extract_gather(&house->gathering, &reader, &came), paths[i].status);
	}
}

static void assert_facts(const struct document_record *came, const struct fact *facts, size_t count)
{
	assert_int_equal(came->fact_count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(came->facts[i].kind, facts[i].kind);
		assert_true(bytes_equal(came->facts[i].name, facts[i].name) && bytes_equal(came->facts[i].value, facts[i].value));
		assert_true(came->facts[i].from == facts[i].from && came->facts[i].to == facts[i].to);
		assert_true(came->facts[i].confidence == facts[i].confidence);
	}
}

static void test_facts_come_over_in_one_frame_or_several(void **state)
{
	struct house *house = *state;
	static struct fact facts[40];
	static char long_value[FACT_VALUE_MAX];
	memset(long_value, 'v', sizeof long_value);
	for (size_t count = 0; count <= 40; count += 20) {
		for (size_t i = 0; i < count; i++)
			facts[i] = (struct fact){
				.kind = i % 2 ? FACT_SEEN : FACT_DECLARED,
				.name = BYTES_LITERAL("members"),
				.value = bytes_of(long_value, i % 3 ? i : sizeof long_value),
				.from = i,
				.to = i ? i + 3 : 0,
				.confidence = 0.5f,
			};
		struct document_record record = a_record(BYTES_LITERAL("forty-four letters and then some more of them"));
		record.facts = facts;
		record.fact_count = count;
		assert_facts(pass_document(house, &record), facts, count);
	}
}

static void test_a_document_comes_back(void **state)
{
	struct house *house = *state;
	struct document_record record = a_record(BYTES_LITERAL("A@b.de b.de\n"));
	const struct document_record *came = pass_document(house, &record);
	assert_int_equal(came->ordinal, 3);
	assert_int_equal(came->parent, 1);
	assert_true(bytes_equal(came->inner_path, record.inner_path) && bytes_equal(came->author, record.author));
	assert_true(came->modified == -5 && came->created == 99 && came->text_beyond == 12 && came->unseen_bytes == 7);
	assert_true(bytes_equal(came->text, record.text) && bytes_equal(came->note, record.note));
	assert_int_equal(came->finding_count, 2);
	assert_true(bytes_equal(came->findings[1].value, two_findings[1].value));
	assert_true(came->findings[1].to == 11 && came->findings[1].confidence == 0.5f);
	assert_memory_equal(came->content_key, record.content_key, 32);
}

/* 292277026596 is the year of the last second that 64 bits hold. */
static void test_times_that_no_date_can_say_come_as_unknown(void **state)
{
	struct house *house = *state;
	struct document_record record = a_record(BYTES_LITERAL("x"));
	record.finding_count = 0;
	record.modified = INT64_MAX;
	record.created = INT64_MIN + 1;
	const struct document_record *came = pass_document(house, &record);
	assert_true(came->modified == CLOCK_UNKNOWN && came->created == CLOCK_UNKNOWN);
	struct fetch_get asked;
	struct fetch_got got;
	struct wire_reader reader;
	fetch_put_get(&house->writer, &(struct fetch_get){.object = {.name = BYTES_LITERAL("a"),
	                                                             .modified = INT64_C(253402300800),
	                                                             .created = INT64_C(-62167219200)}});
	reader = reader_over(house);
	assert_int_equal(fetch_get_get(&reader, &asked), STATUS_OK);
	assert_true(asked.object.modified == CLOCK_UNKNOWN && asked.object.created == INT64_C(-62167219200));
	fetch_put_got(&house->writer, &(struct fetch_got){.modified = INT64_MIN});
	reader = reader_over(house);
	assert_int_equal(fetch_get_got(&reader, &got), STATUS_OK);
	assert_true(got.modified == CLOCK_UNKNOWN);
}

static unsigned frames_sent(struct house *house)
{
	struct wire_reader reader;
	unsigned count = 0;
	while (wire_receive(house->ends[1], 0, house->frame, &reader) == STATUS_OK)
		count++;
	return count;
}

static void test_a_document_that_fits_is_one_frame(void **state)
{
	struct house *house = *state;
	struct document_record record = a_record(BYTES_LITERAL("A@b.de b.de\n"));
	assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, &record), STATUS_OK);
	assert_int_equal(frames_sent(house), 1);
}

/* A secret comes as its digest, and with stars, or not at all. */
static void test_a_secret_comes_masked(void **state)
{
	static const struct {
		const char *value, *raw;
		bool is_masked;
	} cases[] = {
		{"abcdefghijklmnopqrstuvwxyz", "ghp_****", true},
		{"abcdefghijklmnopqrstuvwxyz", "\xC3\x97\xC3\x97", true},
		{"abcdefghijklmnopqrstuvwxyz", "-----BEGIN PRIVATE KEY-----\n****", true},
		{"abcdefghijklmnopqrstuvwxyz", "-----BEGIN RSA PRIVATE KEY-----\n****\n**\n-----END RSA PRIVATE KEY-----", true},
		{"abcdefghijklmnopqrstuvwxyz", "-----BEGIN PRIVATE KEY-----\nMIIEv****", false},
		{"abcdefghijklmnopqrstuvwxyz", "-----BEGIN words that nobody starred", false},
		{"abcdefghijklmnopqrstuvwxyz", "-----BEGIN PRIVATE KEY-----\n****\n-----END PRIVATE KEY-----MIIEv", false},
		{"abcdefghijklmnopqrstuvwxyz", "-----BEGIN PRIVATE KEY-----\n****\n-----END of it", false},
		{"abcdefghijklmnopqrstuvwxyz", "ghp_a***", false},
		{"abcdefghijklmnopqrstuvwxyz", "пароль", false},
		{"abcdefghijklmnopqrstuvwxy1", "ghp_****", false},
		{"ghp_secret", "ghp_****", false},
	};
	struct house *house = *state;
	struct wire_reader reader;
	const struct document_record *came;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct document_record record = a_record(BYTES_LITERAL("eleven code points"));
		struct finding finding = {.kind = FINDING_SECRET,
		                          .value = bytes_of_string(cases[i].value),
		                          .raw = bytes_of_string(cases[i].raw),
		                          .to = 4,
		                          .rule = BYTES_LITERAL("secret/1")};
		record.findings = &finding;
		record.finding_count = 1;
		assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, &record), STATUS_OK);
		assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
		assert_true(extract_is_of_job(&reader, JOB));
		assert_int_equal(extract_gather(&house->gathering, &reader, &came),
		                 cases[i].is_masked ? STATUS_OK : STATUS_MALFORMED);
	}
}

/* Its findings alone are more than one frame holds. */
static void test_a_document_with_many_findings_comes_back(void **state)
{
	enum { MANY = 2500 };
	struct house *house = *state;
	struct finding *findings = calloc(MANY, sizeof *findings);
	struct document_record record = a_record(BYTES_LITERAL("A@b.de b.de\n"));
	assert_non_null(findings);
	for (size_t i = 0; i < MANY; i++)
		findings[i] = two_findings[i % 2];
	record.findings = findings;
	record.finding_count = MANY;
	const struct document_record *came = pass_document(house, &record);
	assert_int_equal(came->finding_count, MANY);
	assert_true(bytes_equal(came->findings[MANY - 1].value, two_findings[1].value) && bytes_equal(came->text, record.text));
	free(findings);
}

static void test_text_is_cut_between_characters(void **state)
{
	struct house *house = *state;
	struct buffer text = buffer_with_ceiling(1 << 20);
	buffer_append_byte(&text, 'x');
	while (text.len < WIRE_CHUNK + 1000)
		buffer_append_string(&text, "\xf0\x9f\x8c\x8a");
	struct document_record record = a_record(buffer_bytes(&text));
	assert_true(bytes_equal(pass_document(house, &record)->text, record.text));
	buffer_free(&text);
}

static enum status gather_writer(struct house *house)
{
	const struct document_record *record;
	struct wire_reader reader = reader_over(house);
	if (permit_message(&extract_permits, &house->state, &reader) != STATUS_OK)
		return STATUS_MALFORMED;
	return extract_gather(&house->gathering, &reader, &record);
}

/* The head of a document as a worker might word it. */
struct head {
	uint32_t ordinal, parent, outcome, findings, organisations, facts;
	struct bytes path, shown_path, media_type, class, signing;
	uint64_t size, unseen, beyond;
};

#define HONEST_HEAD \
	{ \
		.ordinal = 1, .outcome = OUTCOME_READ, .path = BYTES_LITERAL("path"), .media_type = BYTES_LITERAL("text/plain"), \
		.class = BYTES_LITERAL("other"), .size = 4 \
	}

static void put_head(struct house *house, const struct head *head)
{
	wire_begin(&house->writer, EXTRACT_DOCUMENT);
	wire_put_u32(&house->writer, head->ordinal);
	wire_put_u32(&house->writer, head->parent);
	wire_put_bytes(&house->writer, head->path);
	wire_put_bytes(&house->writer, BYTES_NONE);
	wire_put_bytes(&house->writer, bytes_of("01234567890123456789012345678901", 32));
	wire_put_u32(&house->writer, head->outcome);
	wire_put_u64(&house->writer, head->size);
	wire_put_u64(&house->writer, 0);
	wire_put_u64(&house->writer, head->unseen);
	wire_put_bytes(&house->writer, BYTES_LITERAL("note"));
	wire_put_bytes(&house->writer, head->shown_path);
	wire_put_bytes(&house->writer, head->media_type);
	for (unsigned i = 0; i < 3; i++)
		wire_put_bytes(&house->writer, BYTES_LITERAL("text"));
	wire_put_u64(&house->writer, 0);
	wire_put_bytes(&house->writer, head->class);
	wire_put_bytes(&house->writer, head->signing);
	wire_put_u64(&house->writer, head->beyond);
	wire_put_u32(&house->writer, head->findings);
	wire_put_u32(&house->writer, head->organisations);
	wire_put_u32(&house->writer, head->facts);
}

static void begin_document(struct house *house, uint32_t findings, uint32_t outcome)
{
	struct head head = HONEST_HEAD;
	head.findings = findings;
	head.outcome = outcome;
	put_head(house, &head);
}

static void put_text(struct house *house)
{
	wire_begin(&house->writer, EXTRACT_TEXT);
	wire_put_bytes(&house->writer, BYTES_LITERAL("text"));
}

static void put_finding_frame(struct house *house, uint32_t kind, uint64_t from, uint64_t to, uint32_t confidence)
{
	wire_begin(&house->writer, EXTRACT_FINDINGS);
	wire_put_u32(&house->writer, kind);
	wire_put_bytes(&house->writer, BYTES_NONE);
	wire_put_bytes(&house->writer, BYTES_LITERAL("value"));
	wire_put_bytes(&house->writer, BYTES_LITERAL("raw"));
	wire_put_u64(&house->writer, from);
	wire_put_u64(&house->writer, to);
	wire_put_u32(&house->writer, confidence);
	wire_put_bytes(&house->writer, BYTES_LITERAL("rule"));
}

/* Up to its text of four characters. */
static void start_again(struct house *house, uint32_t findings)
{
	house->state = EXTRACT_READS;
	arena_reset(&house->arena);
	begin_document(house, findings, OUTCOME_READ);
	assert_int_equal(gather_writer(house), STATUS_OK);
	put_text(house);
	assert_int_equal(gather_writer(house), STATUS_OK);
}

static void test_order_is_kept(void **state)
{
	struct house *house = *state;
	const unsigned char outside[] = {
		EXTRACT_TEXT, EXTRACT_FINDINGS, EXTRACT_ORGANISATIONS, EXTRACT_FACTS, EXTRACT_DOCUMENT_END, EXTRACT_DONE, 0, 255};
	for (size_t i = 0; i < sizeof outside; i++) {
		house->state = EXTRACT_READS;
		wire_begin(&house->writer, outside[i]);
		assert_int_equal(gather_writer(house), STATUS_MALFORMED);
	}
	start_again(house, 1);
	begin_document(house, 0, OUTCOME_READ);
	assert_int_equal(gather_writer(house), STATUS_MALFORMED);
	start_again(house, 1);
	put_finding_frame(house, 1, 0, 4, 1000000);
	assert_int_equal(gather_writer(house), STATUS_OK);
	put_text(house);
	assert_int_equal(gather_writer(house), STATUS_MALFORMED);
}

static void test_counts_and_bounds_are_kept(void **state)
{
	struct house *house = *state;
	const struct {
		uint32_t kind;
		uint64_t from, to;
		uint32_t confidence;
	} bad[] = {
		{0, 0, 4, 1},
		{FINDING_KIND_COUNT, 0, 4, 1},
		{1, 4, 4, 1},
		{1, 5, 4, 1},
		{1, 0, 4, 1000001},
		/* Beyond the text. */
		{1, 0, 5, 1},
		{1, 4, 5, 1},
		{1, UINT64_MAX - 4, UINT64_MAX, 1},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		start_again(house, 1);
		put_finding_frame(house, bad[i].kind, bad[i].from, bad[i].to, bad[i].confidence);
		assert_int_equal(gather_writer(house), STATUS_MALFORMED);
	}
	start_again(house, 1);
	wire_begin(&house->writer, EXTRACT_DOCUMENT_END);
	assert_int_equal(gather_writer(house), STATUS_MALFORMED);
	start_again(house, 0);
	put_finding_frame(house, 1, 0, 4, 1);
	assert_int_equal(gather_writer(house), STATUS_MALFORMED);
	const uint32_t outcomes[] = {OUTCOME_PENDING, OUTCOME_COUNT, UINT32_MAX};
	for (size_t i = 0; i < 3; i++) {
		house->state = EXTRACT_READS;
		begin_document(house, 0, outcomes[i]);
		assert_int_equal(gather_writer(house), STATUS_MALFORMED);
	}
	house->state = EXTRACT_READS;
	begin_document(house, RECORD_FINDINGS_MAX + 1, OUTCOME_READ);
	assert_int_equal(gather_writer(house), STATUS_MALFORMED);
}

static enum status gather_new_head(struct house *house, const struct head *head)
{
	house->state = EXTRACT_READS;
	put_head(house, head);
	return gather_writer(house);
}

static void test_facts_that_no_honest_worker_tells_are_refused(void **state)
{
	struct house *house = *state;
	static char long_value[FACT_VALUE_MAX + 1];
	memset(long_value, 'v', sizeof long_value);
	const struct fact honest = {FACT_SEEN, BYTES_LITERAL("pages"), BYTES_LITERAL("3"), 0, 4, 1};
	struct fact facts[] = {honest, honest, honest, honest, honest, honest, honest, honest, honest};
	facts[1].kind = 0;
	facts[2].kind = FACT_KIND_COUNT;
	facts[3].name = BYTES_NONE;
	facts[4].name = BYTES_LITERAL("two words");
	facts[5].value = bytes_of(long_value, sizeof long_value);
	facts[6].value = BYTES_LITERAL("\xff");
	facts[7].to = 5;
	facts[8].from = facts[8].to = 2;
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		struct document_record record = a_record(BYTES_LITERAL("text"));
		const struct document_record *came;
		struct wire_reader reader;
		record.finding_count = 0;
		record.text_beyond = 0;
		record.facts = &facts[i];
		record.fact_count = 1;
		house->state = EXTRACT_READS;
		assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, &record), STATUS_OK);
		assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
		assert_true(extract_is_of_job(&reader, JOB));
		assert_int_equal(extract_gather(&house->gathering, &reader, &came), i == 0 ? STATUS_OK : STATUS_MALFORMED);
	}
	struct head head = HONEST_HEAD;
	head.facts = RECORD_FACTS_MAX + 1;
	assert_int_equal(gather_new_head(house, &head), STATUS_MALFORMED);
	head.facts = 1;
	assert_int_equal(gather_new_head(house, &head), STATUS_OK);
	wire_begin(&house->writer, EXTRACT_DOCUMENT_END);
	assert_int_equal(gather_writer(house), STATUS_MALFORMED);
}

/* Every number of a head has a maximum, and its words and places are such as an honest worker's. */
static void test_heads_that_no_honest_worker_words_are_refused(void **state)
{
	struct house *house = *state;
	const uint64_t too_large = OBJECT_SIZE_MAX + 1;
	const struct head honest = HONEST_HEAD;
	struct head heads[] = {
		honest, honest, honest, honest, honest, honest, honest, honest, honest, honest,
		honest, honest, honest, honest, honest, honest, honest, honest, honest,
	};
	heads[0].size = too_large;
	heads[1].size = INT64_MAX;
	heads[2].unseen = too_large;
	heads[3].beyond = UINT64_MAX;
	heads[4].ordinal = RECORD_PARTS_MAX + 1;
	heads[5].parent = 1;
	heads[6].parent = 2;
	heads[7].ordinal = 0;
	heads[8].path = BYTES_NONE;
	heads[9].ordinal = heads[9].parent = UINT32_MAX;
	heads[10].organisations = RECORD_FINDINGS_MAX + 1;
	heads[11].media_type = BYTES_LITERAL("text/plain\x1b[2J");
	heads[12].media_type = BYTES_LITERAL("text plain");
	heads[13].media_type = BYTES_LITERAL("text/pl\xc3\xa4in");
	heads[14].outcome = OUTCOME_COUNT;
	heads[15].shown_path = BYTES_LITERAL("another");
	heads[16].class = BYTES_LITERAL("planted");
	heads[17].class = BYTES_LITERAL("Invoice");
	heads[18].signing = BYTES_LITERAL("perhaps");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		assert_int_equal(gather_new_head(house, &heads[i]), STATUS_MALFORMED);
	assert_int_equal(gather_new_head(house, &honest), STATUS_OK);
	const struct head largest = {
		.ordinal = RECORD_PARTS_MAX,
		.parent = RECORD_PARTS_MAX - 1,
		.outcome = OUTCOME_TOO_LARGE,
		.path = BYTES_LITERAL("a!/b"),
		.size = OBJECT_SIZE_MAX,
		.unseen = OBJECT_SIZE_MAX,
		.findings = RECORD_FINDINGS_MAX,
		.organisations = RECORD_FINDINGS_MAX,
	};
	assert_int_equal(gather_new_head(house, &largest), STATUS_OK);
	/* What is announced takes no memory before it comes. */
	assert_true(house->gathering.findings.capacity < 4096 && house->gathering.organisations.capacity < 4096);
}

static enum status gather_owner_of(struct house *house, struct bytes domain, const char *name, uint32_t part, const char *country,
                                   uint32_t country_by)
{
	struct head head = HONEST_HEAD;
	head.organisations = 1;
	assert_int_equal(gather_new_head(house, &head), STATUS_OK);
	wire_begin(&house->writer, EXTRACT_ORGANISATIONS);
	wire_put_bytes(&house->writer, domain);
	wire_put_u32(&house->writer, ORGANISATION_PARTY);
	wire_put_u32(&house->writer, 1000000);
	wire_put_bytes(&house->writer, BYTES_LITERAL("why"));
	wire_put_bytes(&house->writer, bytes_of_string(name));
	wire_put_u32(&house->writer, part);
	wire_put_bytes(&house->writer, bytes_of_string(country));
	wire_put_u32(&house->writer, country_by);
	return gather_writer(house);
}

static enum status gather_owner(struct house *house, struct bytes domain)
{
	return gather_owner_of(house, domain, "", PART_NONE, "", COUNTRY_UNKNOWN);
}

static void test_owners_have_names_and_countries(void **state)
{
	struct house *house = *state;
	struct bytes key = BYTES_LITERAL("name:contoso gmbh");
	assert_int_equal(gather_owner_of(house, key, "Contoso GmbH", PART_SELLER, "DE", COUNTRY_BY_VAT), STATUS_OK);
	assert_int_equal(gather_owner_of(house, key, "", PART_NONE, "", COUNTRY_UNKNOWN), STATUS_OK);
	assert_int_equal(gather_owner_of(house, key, "x\xFF", PART_NONE, "", COUNTRY_UNKNOWN), STATUS_MALFORMED);
	assert_int_equal(gather_owner_of(house, key, "x", PART_COUNT, "", COUNTRY_UNKNOWN), STATUS_MALFORMED);
	assert_int_equal(gather_owner_of(house, key, "x", PART_NONE, "de", COUNTRY_BY_VAT), STATUS_MALFORMED);
	assert_int_equal(gather_owner_of(house, key, "x", PART_NONE, "D", COUNTRY_BY_VAT), STATUS_MALFORMED);
	assert_int_equal(gather_owner_of(house, key, "x", PART_NONE, "DE", COUNTRY_UNKNOWN), STATUS_MALFORMED);
	assert_int_equal(gather_owner_of(house, key, "x", PART_NONE, "", COUNTRY_BY_VAT), STATUS_MALFORMED);
	assert_int_equal(gather_owner(house, BYTES_LITERAL("name:")), STATUS_MALFORMED);
	assert_int_equal(gather_owner(house, BYTES_LITERAL("name:\x1b[2J")), STATUS_MALFORMED);
	assert_int_equal(gather_owner(house, BYTES_LITERAL("name:\xFF")), STATUS_MALFORMED);
}

static void test_owners_are_domains(void **state)
{
	struct house *house = *state;
	const char *const strange[] = {
		"",
		"contoso",
		".",
		"contoso.",
		".com",
		"contoso..com",
		"Contoso.com",
		"con toso.com",
		"contoso.com\n",
		"contoso.com/",
		("b\xc3\xbc"
	         "cher.de"),
		"\x1b[2J.com",
		"a@contoso.com",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
	};
	const char *const plain[] = {"contoso.com", "xn--bcher-kva.de", "co.uk", "_dmarc.contoso.com", "0.example"};
	for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
		assert_int_equal(gather_owner(house, bytes_of_string(strange[i])), STATUS_MALFORMED);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		assert_int_equal(gather_owner(house, bytes_of_string(plain[i])), STATUS_OK);
}

/* What was said of another job, or of none, is not of this one. */
static void test_frames_name_their_job(void **state)
{
	struct house *house = *state;
	uint64_t offset;
	extract_put_want(&house->writer, JOB, 5);
	struct wire_reader reader = reader_over(house);
	assert_true(extract_is_of_job(&reader, JOB));
	assert_int_equal(extract_get_want(&reader, &offset), STATUS_OK);
	assert_int_equal(offset, 5);
	reader = reader_over(house);
	assert_false(extract_is_of_job(&reader, JOB + 1));
	extract_put_empty(&house->writer, EXTRACT_PROGRESS);
	reader = reader_over(house);
	assert_false(extract_is_of_job(&reader, 0));
}

/* A peer that does not read is told nothing more, and nobody waits for it. */
static void test_a_frame_is_handed_to_who_has_read_the_last(void **state)
{
	struct house *house = *state;
	struct wire_reader reader;
	extract_put_window(&house->writer, 0, 0, STATUS_ABSENT);
	assert_false(wire_has_something(house->ends[1]));
	assert_int_equal(wire_hand(house->ends[0], &house->writer, -1), STATUS_OK);
	assert_true(wire_has_something(house->ends[1]));
	assert_int_equal(wire_hand(house->ends[0], &house->writer, -1), STATUS_BUSY);
	assert_int_equal(wire_receive(house->ends[1], 1000, house->frame, &reader), STATUS_OK);
	assert_int_equal(wire_hand(house->ends[0], &house->writer, -1), STATUS_OK);
	close(house->ends[1]);
	house->ends[1] = -1;
	assert_int_equal(wire_hand(house->ends[0], &house->writer, -1), STATUS_CRASHED);
	assert_true(wire_has_something(house->ends[0]));
}

/* ---- every message, cut at every byte, and one byte too long ---- */

static enum status read_message(struct house *house, struct wire_reader *reader)
{
	union {
		struct extract_job job;
		struct fetch_setup setup;
		struct fetch_list list;
		struct fetch_get get;
		struct fetch_got got;
		struct fetch_failed failed;
		struct verdict verdict;
		struct bytes bytes;
	} into;
	const struct document_record *record;
	uint64_t offset;
	uint32_t length;
	bool is_last;
	switch (reader->type) {
	case EXTRACT_WHOLE_DOCUMENT:
		if (!extract_is_of_job(reader, JOB))
			return STATUS_MALFORMED;
		/* fall through */
	case EXTRACT_DOCUMENT: return extract_gather(&house->gathering, reader, &record);
	case FETCH_VERDICT: return fetch_get_verdict(reader, &house->arena, &into.verdict);
	case FETCH_GOT: return fetch_get_got(reader, &into.got);
	case FETCH_FAILED: return fetch_get_failed(reader, &into.failed);
	case FETCH_GET: return fetch_get_get(reader, &into.get);
	case FETCH_LIST: return fetch_get_list(reader, &into.list);
	case FETCH_WINDOW: return fetch_get_window(reader, &offset, &length);
	case FETCH_PROGRESS: return fetch_get_progress(reader, &offset);
	case FETCH_PAGE_END: return fetch_get_page_end(reader, &into.bytes, &is_last);
	default: return reader->type == FETCH_SETUP ? fetch_get_setup(reader, &into.setup) : extract_get_job(reader, &into.job);
	}
}

static void assert_read_only_whole(struct house *house)
{
	struct wire_reader reader;
	for (size_t len = 2; len < house->writer.len; len++) {
		reader = reader_over(house);
		reader.rest.len = len - 2;
		assert_int_equal(read_message(house, &reader), STATUS_MALFORMED);
	}
	reader = reader_over(house);
	assert_int_equal(read_message(house, &reader), STATUS_OK);
	wire_put_u8(&house->writer, 0);
	reader = reader_over(house);
	assert_int_equal(read_message(house, &reader), STATUS_MALFORMED);
}

static const struct object an_object = {
	.name = {(const unsigned char *)"a/\xff", 3},
	.version = {(const unsigned char *)"v", 1},
	.is_snapshot = true,
	.size = 9,
	.modified = 1,
	.created = CLOCK_UNKNOWN,
	.etag = {(const unsigned char *)"e", 1},
	.md5 = {(const unsigned char *)"0123456789abcdef", 16},
};

static void test_cut_frames_are_refused(void **state)
{
	struct house *house = *state;
	const struct evidence evidence[] = {{.method = "GET", .url = BYTES_LITERAL("https://a/"), .status = 200, .at = 5}};
	const struct verdict verdict = {.kind = VERDICT_LISTABLE,
	                                .anonymous.list = ANSWER_YES,
	                                .advice = BYTES_LITERAL("x"),
	                                .evidence = evidence,
	                                .evidence_count = 1};
	struct document_record record = a_record(BYTES_LITERAL("A@b.de b.de\n"));
	begin_document(house, 0, OUTCOME_READ);
	assert_read_only_whole(house);
	assert_int_equal(extract_send_document(house->ends[0], &house->writer, JOB, &record), STATUS_OK);
	assert_read_only_whole(house);
	fetch_put_verdict(&house->writer, &verdict);
	assert_read_only_whole(house);
	fetch_put_got(&house->writer, &(struct fetch_got){.size = 1, .has_sha256 = true, .note = BYTES_LITERAL("n")});
	assert_read_only_whole(house);
	fetch_put_failed(&house->writer, &(struct fetch_failed){STATUS_DENIED, 3, BYTES_LITERAL("where"), BYTES_LITERAL("why")});
	assert_read_only_whole(house);
	fetch_put_get(&house->writer, &(struct fetch_get){.object = an_object, .length = 1024});
	assert_read_only_whole(house);
	fetch_put_list(&house->writer, &(struct fetch_list){.include = 1, .cursor = BYTES_LITERAL("c")});
	assert_read_only_whole(house);
	fetch_put_window(&house->writer, 1 << 20, 5);
	assert_read_only_whole(house);
	fetch_put_page_end(&house->writer, BYTES_LITERAL("next"), true);
	assert_read_only_whole(house);
	fetch_put_progress(&house->writer, 1 << 20);
	assert_read_only_whole(house);
	fetch_put_setup(&house->writer, &(struct fetch_setup){.rate = 2.5,
	                                                      .connections = 3,
	                                                      .secrets = {.at = {{BYTES_LITERAL("NAME"), BYTES_LITERAL("v")},
	                                                                         {BYTES_LITERAL("OTHER"), BYTES_NONE}},
	                                                                  .count = 2}});
	house->writer.frame[1] = FETCH_SETUP;
	assert_read_only_whole(house);
}

static void test_a_job_comes_back(void **state)
{
	struct house *house = *state;
	struct extract_job job =
				   {
					   .size = 7,
					   .is_windowed = true,
					   .has_sha256 = true,
					   .allowance = {1 << 20, 40000},
					   .name = BYTES_LITERAL("n\xff"),
					   .skips = {{BYTES_LITERAL("a!/b"), OUTCOME_CRASHED},
	                                             {BYTES_LITERAL("c"), OUTCOME_TIMED_OUT}},
					   .skip_count = 2,
				   },
			   came;
	extract_put_job(&house->writer, &job);
	struct wire_reader reader = reader_over(house);
	assert_int_equal(extract_get_job(&reader, &came), STATUS_OK);
	assert_true(came.size == 7 && came.is_windowed && !came.is_peek && came.has_sha256 && bytes_equal(came.name, job.name));
	assert_true(came.allowance.output == 1 << 20 && came.allowance.processor_ms == 40000);
	assert_int_equal(came.skip_count, 2);
	assert_true(bytes_equal(came.skips[1].inner_path, job.skips[1].inner_path) && came.skips[1].outcome == OUTCOME_TIMED_OUT);
}

static enum status status_of_secrets(struct house *house, const struct secrets *secrets, struct fetch_setup *ret_came)
{
	fetch_put_setup(&house->writer,
	                &(struct fetch_setup){.rate = 1, .operator_name = BYTES_LITERAL("n"), .secrets = *secrets});
	struct wire_reader reader = reader_over(house);
	return fetch_get_setup(&reader, ret_came);
}

static void test_secrets_come_back_by_name_and_are_few(void **state)
{
	static char letters[SECRET_VALUE_MAX + 2];
	struct house *house = *state;
	struct secrets secrets = {.at = {{BYTES_LITERAL("ONE_KEY"), BYTES_LITERAL(" a\0b ")}, {BYTES_LITERAL("TWO"), BYTES_NONE}},
	                          .count = 2};
	struct fetch_setup came;
	assert_int_equal(status_of_secrets(house, &secrets, &came), STATUS_OK);
	assert_int_equal(came.secrets.count, 2);
	assert_true(bytes_equal(secrets_find(&came.secrets, "ONE_KEY"), BYTES_LITERAL("a\0b")));
	assert_int_equal(secrets_find(&came.secrets, "TWO").len + secrets_find(&came.secrets, "THREE").len, 0);
	memset(letters, 'x', sizeof letters - 1);
	secrets.at[0].value = bytes_of(letters, SECRET_VALUE_MAX);
	assert_int_equal(status_of_secrets(house, &secrets, &came), STATUS_OK);
	secrets.at[0].value = bytes_of(letters, SECRET_VALUE_MAX + 1);
	assert_int_equal(status_of_secrets(house, &secrets, &came), STATUS_MALFORMED);
	secrets.at[0] = (struct named_secret){bytes_of(letters, SECRET_NAME_MAX + 1), BYTES_NONE};
	assert_int_equal(status_of_secrets(house, &secrets, &came), STATUS_MALFORMED);
	secrets.at[0] = (struct named_secret){BYTES_NONE, BYTES_LITERAL("v")};
	assert_int_equal(status_of_secrets(house, &secrets, &came), STATUS_MALFORMED);
	for (secrets.count = 0; secrets.count < SECRETS_MAX; secrets.count++)
		secrets.at[secrets.count] = (struct named_secret){BYTES_LITERAL("N"), bytes_of(letters, SECRET_VALUE_MAX)};
	assert_int_equal(status_of_secrets(house, &secrets, &came), STATUS_OK);
	fetch_put_setup(&house->writer, &(struct fetch_setup){.rate = 1, .secrets = secrets});
	house->writer.frame[26]++; /* one more than are kept: the count stands behind four numbers and a name */
	struct wire_reader reader = reader_over(house);
	assert_int_equal(fetch_get_setup(&reader, &came), STATUS_MALFORMED);
}

static void test_objects_fill_frames_and_come_back(void **state)
{
	struct house *house = *state;
	enum { COUNT = 3000 };
	struct object *objects = calloc(COUNT, sizeof *objects), came;
	size_t sent = 0, frames = 0;
	assert_non_null(objects);
	for (size_t i = 0; i < COUNT; i++) {
		objects[i] = an_object;
		objects[i].size = i;
	}
	while (sent < COUNT) {
		size_t put = fetch_put_objects(&house->writer, objects + sent, COUNT - sent);
		struct wire_reader reader = pass(house, -1);
		for (size_t i = 0; i < put; i++) {
			assert_int_equal(fetch_get_object(&reader, &came), STATUS_OK);
			assert_true(came.size == sent + i && bytes_equal(came.name, an_object.name) && came.is_snapshot &&
			            !came.is_deleted);
		}
		assert_int_equal(fetch_get_object(&reader, &came), STATUS_END);
		sent += put;
		frames++;
	}
	assert_true(frames > 1);
	free(objects);
}

static enum status status_of_got(struct house *house, struct fetch_got got)
{
	struct fetch_got came;
	fetch_put_got(&house->writer, &got);
	struct wire_reader reader = reader_over(house);
	return fetch_get_got(&reader, &came);
}

static void test_counts_of_an_object_must_agree(void **state)
{
	struct house *house = *state;
	assert_int_equal(status_of_got(house, (struct fetch_got){.size = 5, .fetched = 5}), STATUS_OK);
	assert_int_equal(status_of_got(house, (struct fetch_got){.size = 5, .fetched = 6}), STATUS_MALFORMED);
	assert_int_equal(status_of_got(house, (struct fetch_got){.size = UINT64_MAX, .fetched = 5}), STATUS_MALFORMED);
	assert_int_equal(status_of_got(house, (struct fetch_got){.size = OBJECT_SIZE_MAX + 1, .fetched = 5}), STATUS_MALFORMED);
	assert_int_equal(status_of_got(house, (struct fetch_got){.size = 5, .md5 = BYTES_LITERAL("short")}), STATUS_MALFORMED);
}

static void test_only_what_fetching_comes_to_is_a_failure(void **state)
{
	struct house *house = *state;
	static const enum status no[] = {STATUS_OK,      STATUS_END,       STATUS_ENCRYPTED,   STATUS_BOMB,
	                                 STATUS_CRASHED, STATUS_NEEDS_OCR, STATUS_INTERRUPTED, STATUS_NO_SPACE};
	struct fetch_failed came;
	for (enum status status = STATUS_OK; status < STATUS_COUNT; status++) {
		bool is_one = true;
		for (size_t i = 0; i < sizeof no / sizeof *no; i++)
			is_one &= no[i] != status;
		fetch_put_failed(&house->writer, &(struct fetch_failed){.status = status});
		struct wire_reader reader = reader_over(house);
		assert_int_equal(fetch_get_failed(&reader, &came), is_one ? STATUS_OK : STATUS_MALFORMED);
	}
}

/* Fields longer than any provider's are not sent: what reads them takes them for a lie. */
static void test_long_fields_are_cut_or_refused_before_they_are_sent(void **state)
{
	struct house *house = *state;
	struct buffer letters = buffer_with_ceiling(1 << 20);
	struct object object = an_object, came;
	while (letters.len < 20000)
		buffer_append_string(&letters, "\xf0\x9f\x8c\x8a");
	object.media_type = bytes_slice(buffer_bytes(&letters), 0, 6001);
	object.tier = bytes_slice(buffer_bytes(&letters), 0, 90);
	assert_int_equal(fetch_put_objects(&house->writer, &object, 1), 1);
	struct wire_reader reader = reader_over(house);
	assert_int_equal(fetch_get_object(&reader, &came), STATUS_OK);
	assert_true(came.media_type.len == 4096 && came.tier.len == 64);
	struct bytes *const fields[] = {&object.name, &object.version, &object.etag};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct bytes kept = *fields[i];
		*fields[i] = buffer_bytes(&letters);
		assert_int_equal(fetch_put_objects(&house->writer, &object, 1), 0);
		*fields[i] = kept;
	}
	buffer_free(&letters);
}

static enum status status_of_verdict(struct house *house, struct verdict verdict)
{
	struct verdict came;
	fetch_put_verdict(&house->writer, &verdict);
	struct wire_reader reader = reader_over(house);
	return fetch_get_verdict(&reader, &house->arena, &came);
}

static void test_a_verdict_must_agree_with_itself(void **state)
{
	struct house *house = *state;
	const struct evidence answered = {.method = "GET", .url = BYTES_LITERAL("https://a/"), .status = 200, .at = 5},
			      silent = {.method = "GET", .url = BYTES_LITERAL("https://a/")},
			      odd = {.method = "GET", .url = BYTES_LITERAL("https://a/"), .status = 1000};
	struct verdict verdict = {.kind = VERDICT_LISTABLE,
	                          .anonymous.list = ANSWER_YES,
	                          .anonymous.read = ANSWER_YES,
	                          .evidence = &answered,
	                          .evidence_count = 1};
	assert_int_equal(status_of_verdict(house, verdict), STATUS_OK);
	for (enum verdict_kind kind = 0; kind <= VERDICT_KIND_COUNT; kind++) {
		verdict.kind = kind;
		assert_int_equal(status_of_verdict(house, verdict), kind == VERDICT_LISTABLE ? STATUS_OK : STATUS_MALFORMED);
	}
	verdict.kind = VERDICT_READABLE;
	verdict.anonymous.list = ANSWER_NO;
	assert_int_equal(status_of_verdict(house, verdict), STATUS_OK);
	verdict.evidence = &silent;
	assert_int_equal(status_of_verdict(house, verdict), STATUS_MALFORMED);
	verdict.evidence = &odd;
	assert_int_equal(status_of_verdict(house, verdict), STATUS_MALFORMED);
	verdict.evidence_count = 0;
	assert_int_equal(status_of_verdict(house, verdict), STATUS_MALFORMED);
	verdict = (struct verdict){.kind = VERDICT_UNREACHABLE};
	assert_int_equal(status_of_verdict(house, verdict), STATUS_OK);
	verdict.static_site = ANSWER_YES;
	assert_int_equal(status_of_verdict(house, verdict), STATUS_MALFORMED);
	verdict = (struct verdict){.kind = VERDICT_ABSENT};
	assert_int_equal(status_of_verdict(house, verdict), STATUS_MALFORMED);
}

#define WIRE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_TEST(test_fields_come_back),
		WIRE_TEST(test_reading_is_sticky_and_complete),
		WIRE_TEST(test_lengths_and_texts_are_checked),
		WIRE_TEST(test_a_frame_that_overflowed_is_not_sent),
		WIRE_TEST(test_a_descriptor_travels),
		WIRE_TEST(test_strange_frames_are_refused_and_leak_nothing),
		WIRE_TEST(test_ends_are_told_apart),
		WIRE_TEST(test_a_document_comes_back),
		WIRE_TEST(test_every_field_comes_over),
		WIRE_TEST(test_facts_come_over_in_one_frame_or_several),
		WIRE_TEST(test_facts_that_no_honest_worker_tells_are_refused),
		WIRE_TEST(test_no_field_goes_beyond_its_maximum),
		WIRE_TEST(test_a_readable_path_is_shown_as_no_other),
		WIRE_TEST(test_a_document_that_fits_is_one_frame),
		WIRE_TEST(test_a_secret_comes_masked),
		WIRE_TEST(test_a_document_with_many_findings_comes_back),
		WIRE_TEST(test_text_is_cut_between_characters),
		WIRE_TEST(test_order_is_kept),
		WIRE_TEST(test_counts_and_bounds_are_kept),
		WIRE_TEST(test_heads_that_no_honest_worker_words_are_refused),
		WIRE_TEST(test_owners_are_domains),
		WIRE_TEST(test_owners_have_names_and_countries),
		WIRE_TEST(test_frames_name_their_job),
		WIRE_TEST(test_a_frame_is_handed_to_who_has_read_the_last),
		WIRE_TEST(test_cut_frames_are_refused),
		WIRE_TEST(test_a_job_comes_back),
		WIRE_TEST(test_secrets_come_back_by_name_and_are_few),
		WIRE_TEST(test_objects_fill_frames_and_come_back),
		WIRE_TEST(test_who_does_not_read_is_not_waited_for),
		WIRE_TEST(test_memory_is_sealed_and_of_its_size_or_refused),
		WIRE_TEST(test_counts_of_an_object_must_agree),
		WIRE_TEST(test_only_what_fetching_comes_to_is_a_failure),
		WIRE_TEST(test_long_fields_are_cut_or_refused_before_they_are_sent),
		WIRE_TEST(test_a_verdict_must_agree_with_itself),
		WIRE_TEST(test_times_that_no_date_can_say_come_as_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
