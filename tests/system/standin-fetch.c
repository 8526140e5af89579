/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tidemark-fetch that was taken over: it stands beside tidemark under that
 * name, speaks the protocol, and lies as the file "mode" beside it says. What
 * the mode does not speak of it does honestly, and so to any target that is not
 * called bad: two letters of ten bytes, in a container that may be listed. The
 * mode "byname" is that of the target's own name: bad-MODE.
 */
#define _GNU_SOURCE
#include "base/digest.h"
#include "wire/fetch-messages.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { CONTROL = 3, LANES_MAX = 64 };
enum seals { SEALS_ALL = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL };

static char mode[64], folder[PATH_MAX];
static int lanes[LANES_MAX];
static size_t lane_count;
static unsigned char frame[WIRE_FRAME_MAX];
static struct wire_writer writer;
static uint64_t pages; /* so many were answered */

static const char letter[] = "Hello you\n";
#define LETTER_SIZE (sizeof letter - 1)
#define LARGE (UINT64_C(100) << 20)

static bool is(const char *name)
{
	return strcmp(mode, name) == 0;
}

static bool begins(const char *name)
{
	return strncmp(mode, name, strlen(name)) == 0;
}

static void read_mode(void)
{
	char path[PATH_MAX + 8];
	ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
	folder[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	snprintf(path, sizeof path, "%s/mode", folder);
	FILE *file = fopen(path, "re");
	if (file == NULL || fscanf(file, "%63s", mode) != 1)
		mode[0] = '\0';
	if (file != NULL)
		fclose(file);
}

static void say_on(int socket, int descriptor)
{
	if (wire_send(socket, &writer, descriptor) != STATUS_OK)
		exit(0);
}

static void wait_for_ever(void)
{
	for (;;)
		pause();
}

/* ---- set-up ---- */

static void fail_with(int socket, enum status status, uint64_t fetched)
{
	fetch_put_failed(&writer, &(struct fetch_failed){
					  .status = status,
					  .fetched = fetched,
					  .where = BYTES_LITERAL("where"),
					  .why = BYTES_LITERAL("\x1b[31mso it is said\x1b[0m"),
				  });
	say_on(socket, -1);
}

/* Of a target called bad-MODE. */
static void take_mode_of_name(struct bytes target)
{
	size_t at = bytes_find(target, BYTES_LITERAL("bad-")), length = 0;
	struct bytes name = at != BYTES_NOT_FOUND ? bytes_from(target, at + sizeof "bad-" - 1) : BYTES_NONE;
	while (length < name.len && length < sizeof mode - 1 &&
	       ((name.at[length] >= 'a' && name.at[length] <= 'z') || (name.at[length] >= '0' && name.at[length] <= '9') ||
	        name.at[length] == '-'))
		length++;
	if (length > 0)
		memcpy(mode, name.at, length);
	mode[length] = '\0';
}

static void take_setup(void)
{
	struct wire_reader reader;
	for (;;) {
		if (wire_receive(CONTROL, -1, frame, &reader) != STATUS_OK)
			exit(1);
		if (reader.type == FETCH_LANE && lane_count < LANES_MAX)
			lanes[lane_count++] = wire_take_descriptor(&reader);
		if (reader.type == FETCH_TARGET && bytes_find(reader.rest, BYTES_LITERAL("bad")) == BYTES_NOT_FOUND)
			mode[0] = '\0';
		else if (reader.type == FETCH_TARGET && is("byname"))
			take_mode_of_name(reader.rest);
		wire_drop(&reader);
		if (reader.type == FETCH_SETUP_END)
			return;
	}
}

static void get_ready(void)
{
	if (is("notready"))
		wait_for_ever();
	if (is("setup-absent"))
		fail_with(CONTROL, STATUS_ABSENT, 0);
	if (is("setup-usage"))
		fail_with(CONTROL, STATUS_USAGE, 0);
	if (is("setup-memory"))
		fail_with(CONTROL, STATUS_NO_MEMORY, 0);
	if (is("stderr")) {
		for (int i = 0; i < 100000; i++)
			fputs("\x1b]0;owned\x07\x1b[31mraw words\x1b[0m\n", stderr);
		exit(1);
	}
	fetch_put_empty(&writer, FETCH_READY);
	say_on(CONTROL, -1);
}

/* ---- listings ---- */

static struct object object_of(const char *name, uint64_t size)
{
	return (struct object){
		.name = bytes_of_string(name),
		.size = size,
		.modified = 1500000000,
		.created = 1500000000,
		.etag = BYTES_LITERAL("e"),
		.media_type = BYTES_LITERAL("text/plain"),
	};
}

static void put_objects(const struct object *objects, size_t count)
{
	fetch_put_objects(&writer, objects, count);
	say_on(CONTROL, -1);
}

static void end_page(const char *next)
{
	fetch_put_page_end(&writer, bytes_of_string(next), next == NULL);
	say_on(CONTROL, -1);
}

/* New names for ever, and no end of the page. */
static void never_end_page(bool with_objects)
{
	struct object objects[100];
	char names[100][64];
	for (uint64_t n = 0;; n++) {
		for (size_t i = 0; i < 100; i++) {
			snprintf(names[i], sizeof names[i], "folder/of/many/names/o-%llu-%zu.txt", (unsigned long long)n, i);
			objects[i] = object_of(names[i], 10);
		}
		if (with_objects)
			put_objects(objects, 100);
		else {
			wire_begin(&writer, FETCH_OBJECTS);
			say_on(CONTROL, -1);
		}
	}
}

/* Of objects that are always the same, or always the same so many. */
static void put_same(uint64_t different)
{
	struct object objects[50];
	char names[50][32];
	for (size_t i = 0; i < 50; i++) {
		snprintf(names[i], sizeof names[i], "o-%llu.txt", (unsigned long long)((pages * 50 + i) % different));
		objects[i] = object_of(names[i], 10);
	}
	put_objects(objects, 50);
}

static void put_flat(const char *name)
{
	const struct object object = object_of(name, LETTER_SIZE);
	put_objects(&object, 1);
}

static void answer_list(void)
{
	char next[32];
	snprintf(next, sizeof next, "c%llu", (unsigned long long)pages);
	if (is("nolist"))
		wait_for_ever();
	if (is("endlesspage") || is("emptyframes"))
		never_end_page(is("endlesspage"));
	if (is("hugesizes")) {
		struct object huge[] = {object_of("a.txt", UINT64_MAX - 1), object_of("b.txt", UINT64_C(1) << 63),
		                        object_of("c.txt", OBJECT_SIZE_MAX)};
		put_objects(huge, 3);
	} else if (is("samecursor")) {
		end_page("again");
		return;
	} else if (is("circle")) {
		snprintf(next, sizeof next, "c%llu", (unsigned long long)(pages % 7));
		put_same(UINT64_MAX);
		end_page(next);
		return;
	} else if (is("cursors") || is("samenames") || is("manynames")) {
		if (!is("cursors"))
			put_same(is("samenames") ? 50 : 5000);
		end_page(next);
		return;
	} else if (is("foreign")) {
		put_flat("of-another/prefix.txt");
	} else if (is("dots")) {
		put_flat("x/../../escaped.txt");
	} else if (is("absolute")) {
		put_flat("/etc/passwd");
	} else if (begins("window")) {
		const struct object large = object_of("large.bin", LARGE);
		put_objects(&large, 1);
	} else if (is("textless")) {
		struct object odd = object_of("a.txt", 10);
		odd.version = BYTES_LITERAL("\xff\xfe");
		wire_begin(&writer, FETCH_OBJECTS);
		wire_put_u8(&writer, 0);
		wire_put_bytes(&writer, odd.name);
		wire_put_bytes(&writer, odd.version);
		say_on(CONTROL, -1);
	} else if (is("list-broken")) {
		fail_with(CONTROL, STATUS_BROKEN, 0);
		return;
	} else {
		put_flat("a.txt");
		put_flat("b.txt");
	}
	end_page(NULL);
}

/* ---- contents ---- */

static int memory_of(const void *contents, size_t length, size_t size, int seals)
{
	int memory = memfd_create("lie", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0 || write(memory, contents, length) != (ssize_t)length || ftruncate(memory, (off_t)size) != 0 ||
	    fcntl(memory, F_ADD_SEALS, seals) != 0)
		exit(1);
	return memory;
}

static int strange_descriptor(void)
{
	int ends[2];
	char path[PATH_MAX + 8];
	snprintf(path, sizeof path, "%s/mode", folder);
	if (is("pipe"))
		return pipe2(ends, O_CLOEXEC) == 0 ? ends[0] : -1;
	if (is("directory"))
		return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (is("file"))
		return open(path, O_RDONLY | O_CLOEXEC);
	if (is("tmpfs"))
		return open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (is("socket"))
		return dup(CONTROL);
	return -1;
}

static int memory_for_mode(void)
{
	if (is("badseal"))
		return memory_of(letter, LETTER_SIZE, LETTER_SIZE, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	if (is("noseal"))
		return memory_of(letter, LETTER_SIZE, LETTER_SIZE, 0);
	if (is("unsealed"))
		return memory_of(letter, LETTER_SIZE, LETTER_SIZE, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
	if (is("badsize"))
		return memory_of(letter, LETTER_SIZE, 1 << 20, SEALS_ALL);
	if (is("tooshort"))
		return memory_of(letter, 3, 3, SEALS_ALL);
	int strange = strange_descriptor();
	return strange >= 0 ? strange : memory_of(letter, LETTER_SIZE, LETTER_SIZE, SEALS_ALL);
}

/* One GOT after the other field by field, so that nothing is put right on the way. */
static void send_got(int socket, const struct fetch_got *got, int memory)
{
	wire_begin(&writer, FETCH_GOT);
	wire_put_u64(&writer, got->size);
	wire_put_u64(&writer, got->fetched);
	wire_put_u8(&writer, got->is_windowed);
	wire_put_bytes(&writer, bytes_of(got->sha256, got->has_sha256 ? sizeof got->sha256 : 0));
	wire_put_bytes(&writer, got->note);
	wire_put_bytes(&writer, got->etag);
	wire_put_bytes(&writer, got->md5);
	wire_put_u64(&writer, (uint64_t)got->modified);
	say_on(socket, memory);
	if (memory >= 0)
		close(memory);
}

static struct fetch_got honest_got(void)
{
	struct fetch_got got = {.size = LETTER_SIZE,
	                        .fetched = LETTER_SIZE,
	                        .has_sha256 = true,
	                        .etag = BYTES_LITERAL("e"),
	                        .modified = 1500000000};
	digest_sha256(bytes_of(letter, LETTER_SIZE), got.sha256);
	return got;
}

static void answer_windowed(int socket)
{
	struct fetch_got got = {.size = LARGE, .is_windowed = true, .etag = BYTES_LITERAL("e"), .modified = 1500000000};
	if (is("window-sha"))
		got.has_sha256 = true;
	if (is("window-size"))
		got.size = OBJECT_SIZE_MAX;
	send_got(socket, &got, -1);
}

static void progress_for_ever(int socket, uint64_t step)
{
	for (uint64_t received = step;; received += step) {
		fetch_put_progress(&writer, received);
		say_on(socket, -1);
	}
}

static void answer_get(int socket)
{
	struct fetch_got got = honest_got();
	if (is("noget"))
		wait_for_ever();
	if (is("die"))
		raise(SIGKILL);
	if (is("progress"))
		progress_for_ever(socket, 1);
	if (is("steps"))
		progress_for_ever(socket, FETCH_PROGRESS_BYTES);
	if (begins("window")) {
		answer_windowed(socket);
		return;
	}
	if (begins("failed-")) {
		static const struct {
			const char *mode;
			enum status status;
		} rows[] = {
			{"failed-end", STATUS_END},         {"failed-ok", STATUS_OK},
			{"failed-crashed", STATUS_CRASHED}, {"failed-memory", STATUS_NO_MEMORY},
			{"failed-broken", STATUS_BROKEN},   {"failed-interrupted", STATUS_INTERRUPTED},
			{"failed-space", STATUS_NO_SPACE},  {"failed-ocr", STATUS_NEEDS_OCR},
			{"failed-counts", STATUS_DENIED},
		};
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			if (is(rows[i].mode))
				fail_with(socket, rows[i].status, is("failed-counts") ? UINT64_MAX : 0);
		return;
	}
	int memory = memory_for_mode();
	if (is("counts"))
		got.size = 3;
	else if (is("badsize"))
		got.size = got.fetched = LETTER_SIZE;
	else if (is("tmpfs"))
		got.size = got.fetched = 0;
	else if (is("partial"))
		got.size = 1 << 20; /* and a digest of all of it */
	else if (is("hugegot"))
		got.size = UINT64_MAX;
	else if (is("hugecounts"))
		got.fetched = UINT64_MAX;
	else if (is("oddmd5"))
		got.md5 = BYTES_LITERAL("abc");
	else if (is("nomemory")) {
		close(memory);
		memory = -1;
	} else if (is("both"))
		got.is_windowed = true;
	else if (is("note"))
		got.note = BYTES_LITERAL("\xff");
	send_got(socket, &got, memory);
}

static void answer_range(int socket, uint64_t offset)
{
	static unsigned char bytes[2 * FETCH_WINDOW_SIZE];
	uint32_t length = FETCH_WINDOW_SIZE;
	size_t size = FETCH_WINDOW_SIZE;
	memset(bytes, 'x', sizeof bytes);
	if (is("windowlong"))
		size = 2 * FETCH_WINDOW_SIZE;
	if (is("windowshort"))
		length = 100;
	if (is("window-elsewhere"))
		offset += FETCH_WINDOW_SIZE;
	if (is("window-silent"))
		wait_for_ever();
	int memory = memory_of(bytes, size, size, is("window-noseal") ? 0 : SEALS_ALL);
	wire_begin(&writer, FETCH_WINDOW);
	wire_put_u64(&writer, offset);
	wire_put_u32(&writer, is("window-claim") ? 2 * FETCH_WINDOW_SIZE : length);
	say_on(socket, is("window-none") ? -1 : memory);
	close(memory);
}

/* ---- verdicts ---- */

static void answer_probe(void)
{
	struct evidence evidence = {.method = "GET", .url = BYTES_LITERAL("http://127.0.0.1/acme/open"), .status = 200, .at = 1};
	struct verdict verdict = {.kind = VERDICT_LISTABLE,
	                          .anonymous.list = ANSWER_YES,
	                          .observed_at = INT64_MAX,
	                          .evidence = &evidence,
	                          .evidence_count = 1,
	                          .advice = BYTES_LITERAL("\x1b[31madvice\x1b[0m")};
	if (is("noverdict"))
		wait_for_ever();
	if (is("probe-absent"))
		fail_with(CONTROL, STATUS_ABSENT, 0);
	if (is("probe-memory"))
		fail_with(CONTROL, STATUS_NO_MEMORY, 0);
	if (is("verdict-kind"))
		verdict.kind = VERDICT_PRIVATE_OR_ABSENT;
	if (is("verdict-unheard"))
		verdict.evidence_count = 0;
	if (is("verdict-silent"))
		evidence.status = 0;
	if (is("verdict-status"))
		evidence.status = 4000000000u;
	if (is("verdict-times"))
		evidence.at = INT64_MIN + 1;
	fetch_put_verdict(&writer, &verdict);
	if (is("verdict-counts"))
		store_le32(writer.frame + writer.len - 47 - 4, UINT32_MAX); /* in front of the one row of evidence */
	if (is("verdict-tail"))
		wire_put_u8(&writer, 1);
	say_on(CONTROL, -1);
}

/* ---- serving ---- */

static void serve(int socket)
{
	struct wire_reader reader;
	struct fetch_get get;
	uint64_t offset = 0;
	if (wire_receive(socket, -1, frame, &reader) != STATUS_OK)
		exit(0);
	wire_drop(&reader);
	switch (reader.type) {
	case FETCH_LIST:
		answer_list();
		pages++;
		break;
	case FETCH_PROBE: answer_probe(); break;
	case FETCH_GET:
		if (fetch_get_get(&reader, &get) == STATUS_OK)
			answer_get(socket);
		break;
	case FETCH_RANGE:
		if (fetch_get_range(&reader, &offset) == STATUS_OK)
			answer_range(socket, offset);
		break;
	default: exit(1);
	}
}

/* Answers that nobody asked for, and never reads. */
static void talk_without_listening(void)
{
	char cursor[40000];
	memset(cursor, 'c', sizeof cursor - 1);
	cursor[sizeof cursor - 1] = '\0';
	for (unsigned i = 0;; i++) {
		snprintf(cursor, 16, "%015u", i);
		cursor[15] = 'c';
		end_page(cursor);
	}
}

int main(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	read_mode();
	take_setup();
	get_ready();
	if (is("deaf"))
		talk_without_listening();
	for (;;) {
		struct pollfd ready[LANES_MAX + 1] = {{.fd = CONTROL, .events = POLLIN}};
		for (size_t i = 0; i < lane_count; i++)
			ready[i + 1] = (struct pollfd){.fd = lanes[i], .events = POLLIN};
		poll(ready, (nfds_t)lane_count + 1, -1);
		for (size_t i = 0; i <= lane_count; i++)
			if (ready[i].revents & POLLIN)
				serve(ready[i].fd);
			else if (ready[i].revents != 0 && i == 0)
				return 0;
			else if (ready[i].revents != 0)
				lanes[i - 1] = -1;
	}
}
