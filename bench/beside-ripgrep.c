/* SPDX-License-Identifier: Apache-2.0 */
/* Medians of CPU time, since the machine may be busy; ours and ripgrep alternate. */
#define _GNU_SOURCE /* memfd_create */
#include "beside-ripgrep.h"

#include "base/text.h"
#include "detector/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ROUNDS_MAX = 99, PIECE = 256 * 1024 };

static void stop(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* CPU time of this process, or of its children that have ended. */
static double cpu_seconds(int who)
{
	struct rusage usage;
	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Lines of words, an address in about 400 bytes. */
static void write_sample(struct buffer *into)
{
	uint32_t state = 1;
	for (int line = 0; line < 4000; line++) {
		for (int word = 0; word < 12; word++) {
			state = state * 1664525 + 1013904223;
			for (uint32_t letters = 2 + (state >> 28); letters > 0; letters--)
				buffer_append_byte(into, (unsigned char)('a' + (state >> (letters % 20)) % 26));
			buffer_append_byte(into, word % 6 == 5 ? '.' : ' ');
		}
		if (line % 3 == 0)
			buffer_append_format(into, "first.last%d@mail%d.contoso.com", line, line % 50);
		buffer_append_byte(into, '\n');
	}
}

static void read_sample(struct buffer *into, const char *path)
{
	struct buffer raw = buffer_with_ceiling(1u << 30);
	unsigned char piece[65536];
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		stop("cannot open the file");
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(&raw, bytes_of(piece, got));
	fclose(file);
	text_append_repaired(into, buffer_bytes(&raw));
	buffer_free(&raw);
}

static int make_memory(struct bytes sample, size_t wanted, struct bytes *ret_text)
{
	size_t times = wanted / sample.len + 1, size = times * sample.len;
	int descriptor = memfd_create("bench", 0);
	if (descriptor < 0 || ftruncate(descriptor, (off_t)size) != 0)
		stop("no memory for the text");
	unsigned char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (at == MAP_FAILED)
		stop("no memory for the text");
	for (size_t i = 0; i < times; i++)
		memcpy(at + i * sample.len, sample.at, sample.len);
	*ret_text = bytes_of(at, size);
	return descriptor;
}

static enum status count_finding(void *context, const struct finding *finding)
{
	(void)finding;
	++*(size_t *)context;
	return STATUS_OK;
}

static double run_ours(struct bytes text, size_t *ret_count)
{
	struct scan *scan;
	*ret_count = 0;
	double start = cpu_seconds(RUSAGE_SELF);
	if (scan_start(count_finding, ret_count, &scan) != STATUS_OK)
		stop("scan_start failed");
	for (size_t at = 0; at < text.len;) {
		struct bytes piece = bytes_slice(text, at, PIECE);
		while (at + piece.len < text.len && (text.at[at + piece.len] & 0xC0) == 0x80)
			piece.len--;
		if (scan_feed(scan, piece) != STATUS_OK)
			stop("scan_feed failed");
		at += piece.len;
	}
	if (scan_finish(scan) != STATUS_OK)
		stop("scan_finish failed");
	double taken = cpu_seconds(RUSAGE_SELF) - start;
	scan_free(scan);
	return taken;
}

/* Lines of its output, or, where it counts itself, what it says. */
static double run_ripgrep(int descriptor, const char *options, bool counts, size_t *ret_count)
{
	char command[256], piece[65536] = "";
	*ret_count = 0;
	snprintf(command, sizeof command,
	         "rg -a -j1 --no-config %s '[A-Za-z0-9._%%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}' /proc/%ld/fd/%d", options,
	         (long)getpid(), descriptor);
	double start = cpu_seconds(RUSAGE_CHILDREN);
	FILE *pipe = popen(command, "r");
	if (pipe == NULL)
		stop("cannot start rg");
	for (size_t got; (got = fread(piece, 1, sizeof piece - 1, pipe)) > 0;)
		for (size_t i = 0; i < got; i++)
			*ret_count += piece[i] == '\n';
	pclose(pipe);
	if (counts)
		*ret_count = strtoul(piece, NULL, 10);
	return cpu_seconds(RUSAGE_CHILDREN) - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int bench_beside_ripgrep(const char *usage, int count, char **arguments, const char *options, bool counts)
{
	struct buffer sample = buffer_with_ceiling(1u << 30);
	struct bytes text;
	double ours[ROUNDS_MAX], theirs[ROUNDS_MAX];
	size_t our_count = 0, their_count = 0;
	if (count > 1)
		read_sample(&sample, arguments[1]);
	else
		write_sample(&sample);
	size_t megabytes = count > 2 ? strtoul(arguments[2], NULL, 10) : 256;
	int rounds = count > 3 ? atoi(arguments[3]) : 5;
	if (sample.len == 0 || megabytes == 0 || rounds < 1 || rounds > ROUNDS_MAX)
		stop(usage);
	int descriptor = make_memory(buffer_bytes(&sample), megabytes << 20, &text);
	if (detector_prepare_all() != STATUS_OK)
		stop("cannot prepare");
	for (int i = 0; i < rounds; i++) {
		ours[i] = run_ours(text, &our_count);
		theirs[i] = run_ripgrep(descriptor, options, counts, &their_count);
	}
	qsort(ours, (size_t)rounds, sizeof *ours, compare);
	qsort(theirs, (size_t)rounds, sizeof *theirs, compare);
	double our_time = ours[rounds / 2], their_time = theirs[rounds / 2], megabyte = 1e6;
	printf("text      %.0f MB\n", (double)text.len / megabyte);
	printf("tidemark  %.3f s  %.0f MB/s  %zu findings\n", our_time, (double)text.len / megabyte / our_time, our_count);
	printf("ripgrep   %.3f s  %.0f MB/s  %zu %s (rg -a %s)\n", their_time, (double)text.len / megabyte / their_time,
	       their_count, counts ? "lines" : "matches", options);
	printf("ratio     %.2f\n", their_time / our_time);
	buffer_free(&sample);
	return 0;
}
