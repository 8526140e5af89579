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
#include <sys/ioctl.h>
#include <unistd.h>

enum { REDRAW_MS = 100, LINE_MS = 5000, SAMPLE_MS = 500, WIDTH_DEFAULT = 100, WIDTH_MAX = 400 };

struct progress {
	int descriptor;
	bool is_terminal, is_drawn;
	int64_t shown_at, sampled_at;   /* 0: never */
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

static void append_share(struct buffer *into, const struct progress_figures *figures)
{
	unsigned long long done = figures->done, total = figures->total;
	if (total == 0)
		buffer_append_format(into, "%llu objects", done);
	else if (figures->is_total_final)
		buffer_append_format(into, "%llu of %llu objects (%llu%%)", done, total,
		                     (unsigned long long)((double)done * 100 / (double)total));
	else
		buffer_append_format(into, "%llu of %llu objects listed so far", done, total);
}

static void append_rate(struct buffer *into, double rate, double byte_rate)
{
	if (rate <= 0)
		return;
	buffer_append_format(into, rate < 10 ? ", %.1f/s" : ", %.0f/s", rate);
	if (byte_rate >= 1) {
		buffer_append_string(into, ", ");
		cell_append_human_size(into, (uint64_t)byte_rate);
		buffer_append_string(into, "/s");
	}
}

static void append_time_left(struct buffer *into, const struct progress_figures *figures, double rate)
{
	if (!figures->is_total_final || rate <= 0 || figures->done >= figures->total)
		return;
	double seconds = (double)(figures->total - figures->done) / rate;
	if (seconds < 3600)
		buffer_append_format(into, ", %d:%02d left", (int)seconds / 60, (int)seconds % 60);
	else if (seconds < 100 * 3600.0)
		buffer_append_format(into, ", %d h %02d min left", (int)seconds / 3600, (int)seconds / 60 % 60);
	else
		buffer_append_format(into, ", %.0f days left", seconds / 86400);
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

void progress_append_line(struct buffer *into, const struct progress_figures *figures, double rate,
                          double byte_rate, unsigned width)
{
	struct buffer line = buffer_with_ceiling(64 * 1024);
	append_share(&line, figures);
	append_rate(&line, rate, byte_rate);
	append_time_left(&line, figures, rate);
	if (figures->failed > 0)
		buffer_append_format(&line, ", %llu failed", (unsigned long long)figures->failed);
	append_current(&line, figures->current, width);
	table_append_cut(into, buffer_bytes(&line), width, false);
	buffer_free(&line);
}

/* ---- drawing ---- */

static void put(struct progress *progress)
{
	ssize_t written = write(progress->descriptor, progress->line.at, progress->line.len);
	(void)written;                  /* nobody looks: then nobody misses it */
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

void progress_show(struct progress *progress, const struct progress_figures *figures, int64_t now)
{
	if (progress == NULL)
		return;
	take_sample(progress, figures, now);
	if (progress->shown_at != 0 && now - progress->shown_at < (progress->is_terminal ? REDRAW_MS : LINE_MS))
		return;
	progress->shown_at = now;
	buffer_reset(&progress->line);
	if (progress->is_terminal)
		buffer_append_byte(&progress->line, '\r');
	else
		buffer_append_string(&progress->line, "tidemark: ");
	progress_append_line(&progress->line, figures, progress->rate, progress->byte_rate,
	                     progress->is_terminal ? find_width(progress) : WIDTH_MAX);
	buffer_append_string(&progress->line, progress->is_terminal ? "\x1b[K" : "\n");
	put(progress);
	progress->is_drawn = true;
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
