/* SPDX-License-Identifier: Apache-2.0 */
/* Rates are smoothed over samples of half a second, so that the time left does not jump. */
#define _GNU_SOURCE
#include "cli/progress.h"

#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/cell.h"
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { REDRAW_MS = 100, LINE_MS = 5000, SAMPLE_MS = 500, QUIET_MS = 1000, WIDTH_DEFAULT = 100, WIDTH_MAX = 400 };

struct progress {
	int descriptor;
	bool is_terminal, is_always, is_drawn;
	int64_t began_at, shown_at, sampled_at; /* 0: never */
	uint64_t sampled_done, sampled_bytes;
	double rate, byte_rate;
	struct buffer line;
};

enum status progress_new(int descriptor, const char *mode, struct progress **ret_progress)
{
	bool is_terminal = isatty(descriptor) == 1;
	*ret_progress = NULL;
	if (strcmp(mode, "never") == 0 || (strcmp(mode, "auto") == 0 && !is_terminal))
		return STATUS_OK;
	struct progress *progress = calloc(1, sizeof *progress);
	if (progress == NULL)
		return STATUS_NO_MEMORY;
	progress->descriptor = descriptor;
	progress->is_terminal = is_terminal;
	progress->is_always = strcmp(mode, "always") == 0;
	progress->line = buffer_with_ceiling(64 * 1024);
	*ret_progress = progress;
	return STATUS_OK;
}

void progress_free(struct progress *progress)
{
	if (progress == NULL)
		return;
	progress_clear(progress);
	buffer_free(&progress->line);
	free(progress);
}

/* ---- the line ---- */

/* Parts of the line in their order, and how long each is kept where room is short: the lowest longest. */
enum progress_part { PART_SHARE, PART_COUNT, PART_RATE, PART_BYTE_RATE, PART_LEFT, PART_FAILED, PARTS };
static const int part_rank[PARTS] = {
	[PART_SHARE] = 0, [PART_FAILED] = 1, [PART_LEFT] = 2, [PART_COUNT] = 3, [PART_RATE] = 4, [PART_BYTE_RATE] = 5,
};
enum { PART_ROOM = 80, CURRENT_ROOM = 13 };

struct parts {
	struct buffer text[PARTS];
	bool is_out[PARTS];
};

static void write_count(struct buffer *into, const struct progress_figures *figures)
{
	unsigned long long done = figures->done, total = figures->total;
	if (total == 0)
		buffer_append_format(into, "%llu %s", done, figures->unit);
	else
		buffer_append_format(into, "%llu of %llu %s%s", done, total, figures->unit,
		                     figures->is_total_final ? "" : " listed so far");
}

/* Small objects take their time by number, large ones by bytes: what takes longer counts. */
static double seconds_left(const struct progress_figures *figures, double rate, double byte_rate)
{
	double by_count = (double)(figures->total - figures->done) / rate;
	double by_bytes = figures->bytes_total > figures->bytes && byte_rate >= 1
	                          ? (double)(figures->bytes_total - figures->bytes) / byte_rate
	                          : 0;
	return by_bytes > by_count ? by_bytes : by_count;
}

static void write_time_left(struct buffer *into, const struct progress_figures *figures, double rate, double byte_rate)
{
	if (!figures->is_total_final || rate <= 0 || figures->done >= figures->total)
		return;
	double seconds = seconds_left(figures, rate, byte_rate);
	if (seconds < 3600)
		buffer_append_format(into, "%d:%02d left", (int)seconds / 60, (int)seconds % 60);
	else if (seconds < 100 * 3600.0)
		buffer_append_format(into, "%d h %02d min left", (int)seconds / 3600, (int)seconds / 60 % 60);
	else
		buffer_append_format(into, "%.0f days left", seconds / 86400);
}

static void write_parts(struct parts *parts, const struct progress_figures *figures, double rate, double byte_rate)
{
	if (figures->total > 0 && figures->is_total_final)
		buffer_append_format(
			&parts->text[PART_SHARE], "%d%%",
			figures->done >= figures->total ? 100 : (int)((double)figures->done * 100 / (double)figures->total));
	write_count(&parts->text[PART_COUNT], figures);
	if (rate > 0)
		buffer_append_format(&parts->text[PART_RATE], rate < 10 ? "%.1f/s" : "%.0f/s", rate);
	if (rate > 0 && byte_rate >= 1) {
		cell_append_human_size(&parts->text[PART_BYTE_RATE], (uint64_t)byte_rate);
		buffer_append_string(&parts->text[PART_BYTE_RATE], "/s");
	}
	write_time_left(&parts->text[PART_LEFT], figures, rate, byte_rate);
	if (figures->failed > 0)
		buffer_append_format(&parts->text[PART_FAILED], "%llu failed", (unsigned long long)figures->failed);
	for (enum progress_part part = 0; part < PARTS; part++)
		parts->is_out[part] = parts->text[part].len == 0;
}

static size_t width_of(const struct parts *parts)
{
	size_t width = 0;
	for (enum progress_part part = 0; part < PARTS; part++)
		if (!parts->is_out[part])
			width += text_width(buffer_bytes(&parts->text[part])) + 2;
	return width;
}

/* Leaves out what says least until the rest has room beside something of the current name; never the last part. */
static void fit(struct parts *parts, size_t room)
{
	for (int rank = PARTS - 1; rank > 0 && width_of(parts) > room; rank--)
		for (enum progress_part part = 0; part < PARTS; part++)
			if (part_rank[part] == rank && (part != PART_COUNT || !parts->is_out[PART_SHARE]))
				parts->is_out[part] = true;
}

static void append_current(struct buffer *into, struct bytes current, unsigned width)
{
	struct buffer escaped = buffer_with_ceiling(64 * 1024);
	size_t used = text_width(buffer_bytes(into)) + 2;
	if (current.len > 0 && used + 8 < width) {
		text_append_escaped(&escaped, bytes_slice(current, 0, 4096));
		buffer_append_string(into, ": ");
		table_append_cut(into, buffer_bytes(&escaped), width - used, true);
	}
	buffer_free(&escaped);
}

void progress_append_line(struct buffer *into, const struct progress_figures *figures, double rate, double byte_rate,
                          unsigned width)
{
	struct buffer line = buffer_with_ceiling(64 * 1024);
	struct parts parts;
	for (enum progress_part part = 0; part < PARTS; part++)
		parts.text[part] = buffer_with_ceiling(PART_ROOM);
	write_parts(&parts, figures, rate, byte_rate);
	fit(&parts, width > 2 * CURRENT_ROOM ? width - CURRENT_ROOM : width);
	for (enum progress_part part = 0; part < PARTS; part++) {
		if (!parts.is_out[part])
			buffer_append_format(&line, "%s%s", line.len > 0 ? ", " : "", buffer_string(&parts.text[part]));
		buffer_free(&parts.text[part]);
	}
	append_current(&line, figures->current, width);
	table_append_cut(into, buffer_bytes(&line), width, false);
	buffer_free(&line);
}

/* ---- drawing ---- */

static void put(struct progress *progress)
{
	ssize_t written = write(progress->descriptor, progress->line.at, progress->line.len);
	(void)written; /* nobody looks: then nobody misses it */
}

static unsigned find_width(const struct progress *progress)
{
	struct winsize size;
	if (ioctl(progress->descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
		return WIDTH_DEFAULT;
	return size.ws_col <= WIDTH_MAX ? size.ws_col - 1u : WIDTH_MAX;
}

static void smooth(double *rate, uint64_t before, uint64_t after, int64_t milliseconds)
{
	double sample = after >= before ? (double)(after - before) * 1000 / (double)milliseconds : 0;
	*rate = *rate > 0 ? *rate * 0.8 + sample * 0.2 : sample;
}

static void take_sample(struct progress *progress, const struct progress_figures *figures, int64_t now)
{
	int64_t passed = now - progress->sampled_at;
	if (progress->sampled_at != 0 && passed < SAMPLE_MS)
		return;
	if (progress->sampled_at != 0) {
		smooth(&progress->rate, progress->sampled_done, figures->done, passed);
		smooth(&progress->byte_rate, progress->sampled_bytes, figures->bytes, passed);
	}
	progress->sampled_at = now;
	progress->sampled_done = figures->done;
	progress->sampled_bytes = figures->bytes;
}

/* What is over within a second needs no line. */
static bool is_due(struct progress *progress, int64_t quiet, int64_t now)
{
	if (progress->began_at == 0)
		progress->began_at = now;
	if (now - progress->began_at < quiet ||
	    (progress->shown_at != 0 && now - progress->shown_at < (progress->is_terminal ? REDRAW_MS : LINE_MS)))
		return false;
	progress->shown_at = now;
	return true;
}

static void begin_line(struct progress *progress)
{
	buffer_reset(&progress->line);
	buffer_append_string(&progress->line, progress->is_terminal ? "\r" : "tidemark: ");
}

static void end_line(struct progress *progress)
{
	buffer_append_string(&progress->line, progress->is_terminal ? "\x1b[K" : "\n");
	put(progress);
	progress->is_drawn = true;
}

static unsigned room(const struct progress *progress)
{
	return progress->is_terminal ? find_width(progress) : WIDTH_MAX;
}

void progress_show(struct progress *progress, const struct progress_figures *figures, int64_t now)
{
	if (progress == NULL)
		return;
	take_sample(progress, figures, now);
	if (!is_due(progress, QUIET_MS, now))
		return;
	begin_line(progress);
	progress_append_line(&progress->line, figures, progress->rate, progress->byte_rate, room(progress));
	end_line(progress);
}

void progress_show_waiting(struct progress *progress, const char *doing, int64_t now)
{
	if (progress == NULL || !is_due(progress, progress->is_always ? 0 : QUIET_MS, now))
		return;
	int64_t seconds = (now - progress->began_at) / 1000;
	begin_line(progress);
	buffer_append_format(&progress->line, "%s, %lld:%02lld; Ctrl-C ends it", doing, (long long)seconds / 60,
	                     (long long)seconds % 60);
	end_line(progress);
}

void progress_clear(struct progress *progress)
{
	if (progress == NULL || !progress->is_drawn || !progress->is_terminal)
		return;
	buffer_reset(&progress->line);
	buffer_append_string(&progress->line, "\r\x1b[K");
	put(progress);
	progress->is_drawn = false;
}
