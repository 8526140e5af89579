/* SPDX-License-Identifier: Apache-2.0 */
/* One loop over four libraries: see the header. */
#include "format/archive/salvage.h"

#include "format/archive/input.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

/* The first view of a stream is small, for there may be many small streams. */
enum { FIRST_SIZE = 1 << 12, INPUT_SIZE = 1 << 16, OUTPUT_SIZE = 1 << 16, HEAD_SIZE = 6 };
#define LZMA_MEMORY_MAX (UINT64_C(128) << 20)

struct salvaged_piece {
	const unsigned char *in;
	size_t in_left;
	unsigned char *out;
	size_t out_left;
};

union unpacker {
	z_stream gzip;
	bz_stream bzip2;
	lzma_stream xz;
	ZSTD_DStream *zstd;
};

enum salvage_step { STEP_ON, STEP_ENDED, STEP_BROKEN };

/* step moves a piece on, to the end of one stream. starts: whether these bytes begin a stream. */
struct method {
	bool (*begin)(union unpacker *unpacker);
	enum salvage_step (*step)(union unpacker *unpacker, struct salvaged_piece *piece);
	void (*end)(union unpacker *unpacker);
	bool (*starts)(struct bytes head);
};

static bool begin_gzip(union unpacker *unpacker)
{
	unpacker->gzip = (z_stream){0};
	return inflateInit2(&unpacker->gzip, 16 + MAX_WBITS) == Z_OK;
}

static enum salvage_step step_gzip(union unpacker *unpacker, struct salvaged_piece *piece)
{
	z_stream *stream = &unpacker->gzip;
	stream->next_in = (unsigned char *)(uintptr_t)piece->in;
	stream->avail_in = (uInt)piece->in_left;
	stream->next_out = piece->out;
	stream->avail_out = (uInt)piece->out_left;
	int result = inflate(stream, Z_SYNC_FLUSH);
	*piece = (struct salvaged_piece){stream->next_in, stream->avail_in, stream->next_out, stream->avail_out};
	if (result == Z_STREAM_END)
		return STEP_ENDED;
	return result == Z_OK || result == Z_BUF_ERROR ? STEP_ON : STEP_BROKEN;
}

static void end_gzip(union unpacker *unpacker)
{
	inflateEnd(&unpacker->gzip);
}

static bool starts_gzip(struct bytes head)
{
	return bytes_start_with(head, BYTES_LITERAL("\x1F\x8B"));
}

static bool begin_bzip2(union unpacker *unpacker)
{
	unpacker->bzip2 = (bz_stream){0};
	return BZ2_bzDecompressInit(&unpacker->bzip2, 0, 0) == BZ_OK;
}

static enum salvage_step step_bzip2(union unpacker *unpacker, struct salvaged_piece *piece)
{
	bz_stream *stream = &unpacker->bzip2;
	stream->next_in = (char *)(uintptr_t)piece->in;
	stream->avail_in = (unsigned)piece->in_left;
	stream->next_out = (char *)piece->out;
	stream->avail_out = (unsigned)piece->out_left;
	int result = BZ2_bzDecompress(stream);
	*piece = (struct salvaged_piece){(unsigned char *)stream->next_in, stream->avail_in, (unsigned char *)stream->next_out,
	                                 stream->avail_out};
	if (result == BZ_STREAM_END)
		return STEP_ENDED;
	return result == BZ_OK ? STEP_ON : STEP_BROKEN;
}

static void end_bzip2(union unpacker *unpacker)
{
	BZ2_bzDecompressEnd(&unpacker->bzip2);
}

static bool starts_bzip2(struct bytes head)
{
	return bytes_start_with(head, BYTES_LITERAL("BZh"));
}

static bool begin_xz(union unpacker *unpacker)
{
	unpacker->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_auto_decoder(&unpacker->xz, LZMA_MEMORY_MAX, 0) == LZMA_OK;
}

static enum salvage_step step_xz(union unpacker *unpacker, struct salvaged_piece *piece)
{
	lzma_stream *stream = &unpacker->xz;
	stream->next_in = piece->in;
	stream->avail_in = piece->in_left;
	stream->next_out = piece->out;
	stream->avail_out = piece->out_left;
	lzma_ret result = lzma_code(stream, LZMA_RUN);
	*piece = (struct salvaged_piece){stream->next_in, stream->avail_in, stream->next_out, stream->avail_out};
	if (result == LZMA_STREAM_END)
		return STEP_ENDED;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_ON : STEP_BROKEN;
}

static void end_xz(union unpacker *unpacker)
{
	lzma_end(&unpacker->xz);
}

/* Another of the same kind; the oldest kind is alone in its file. */
static bool starts_xz(struct bytes head)
{
	return bytes_start_with(head, BYTES_LITERAL("\xFD"
	                                            "7zXZ\0")) ||
	       bytes_start_with(head, BYTES_LITERAL("LZIP"));
}

static bool begin_zstd(union unpacker *unpacker)
{
	unpacker->zstd = ZSTD_createDStream();
	return unpacker->zstd != NULL;
}

static enum salvage_step step_zstd(union unpacker *unpacker, struct salvaged_piece *piece)
{
	ZSTD_inBuffer in = {piece->in, piece->in_left, 0};
	ZSTD_outBuffer out = {piece->out, piece->out_left, 0};
	size_t result = ZSTD_decompressStream(unpacker->zstd, &out, &in);
	*piece = (struct salvaged_piece){piece->in + in.pos, piece->in_left - in.pos, piece->out + out.pos,
	                                 piece->out_left - out.pos};
	return result == 0 ? STEP_ENDED : ZSTD_isError(result) ? STEP_BROKEN : STEP_ON;
}

static void end_zstd(union unpacker *unpacker)
{
	ZSTD_freeDStream(unpacker->zstd);
}

/* A frame, or one to be skipped (RFC 8878, 3.1). */
static bool starts_zstd(struct bytes head)
{
	return head.len >= 4 && (load_le32(head.at) == ZSTD_MAGICNUMBER ||
	                         (load_le32(head.at) & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START);
}

static const struct method methods[] = {
	[SALVAGE_GZIP] = {begin_gzip, step_gzip, end_gzip, starts_gzip},
	[SALVAGE_BZIP2] = {begin_bzip2, step_bzip2, end_bzip2, starts_bzip2},
	[SALVAGE_XZ] = {begin_xz, step_xz, end_xz, starts_xz},
	[SALVAGE_ZSTD] = {begin_zstd, step_zstd, end_zstd, starts_zstd},
};

/* All that a view yields up to the end of a stream; what lies before *skip is passed over. *ret_left: bytes of it that are
 * behind that end. */
static enum status unpack_view(const struct method *method, union unpacker *unpacker, struct bytes view, uint64_t *skip,
                               struct emitter *emitter, enum salvage_step *ret_step, size_t *ret_left)
{
	unsigned char output[OUTPUT_SIZE];
	struct salvaged_piece piece = {.in = view.at, .in_left = view.len};
	enum status status = STATUS_OK;
	bool is_full = true;
	*ret_step = STEP_ON;
	while (status == STATUS_OK && *ret_step == STEP_ON && (piece.in_left > 0 || is_full)) {
		size_t had = piece.in_left;
		piece.out = output;
		piece.out_left = sizeof output;
		*ret_step = method->step(unpacker, &piece);
		struct bytes made = bytes_of(output, sizeof output - piece.out_left);
		size_t passed = made.len < *skip ? made.len : (size_t)*skip;
		*skip -= passed;
		is_full = piece.out_left == 0;
		if (*ret_step == STEP_ON && made.len == 0 && piece.in_left == had && had > 0)
			*ret_step = STEP_BROKEN;
		made = bytes_from(made, passed);
		status = made.len > 0 ? emit_child_bytes(emitter, made) : emit_progress(emitter);
	}
	*ret_left = piece.in_left;
	return status;
}

/* One stream from *at on, which is moved behind it. */
static enum status unpack_stream(const struct method *method, struct source *source, uint64_t *at, uint64_t *skip,
                                 struct emitter *emitter, enum salvage_step *ret_step)
{
	union unpacker unpacker;
	enum status status = STATUS_OK;
	*ret_step = method->begin(&unpacker) ? STEP_ON : STEP_BROKEN;
	if (*ret_step == STEP_BROKEN)
		return STATUS_OK;
	for (size_t wanted = FIRST_SIZE; status == STATUS_OK && *ret_step == STEP_ON; wanted = INPUT_SIZE) {
		struct bytes view;
		size_t left = 0;
		status = source_view(source, *at, wanted, &view);
		if (status != STATUS_OK || view.len == 0)
			break;
		size_t length = view.len;
		status = unpack_view(method, &unpacker, view, skip, emitter, ret_step, &left);
		*at += length - left;
	}
	method->end(&unpacker);
	return status;
}

enum status salvage_emit(struct source *source, enum salvage_kind kind, uint64_t skip, struct emitter *emitter, uint64_t *ret_end)
{
	const struct method *method = &methods[kind];
	uint64_t at = 0, end = 0;
	enum salvage_step step = STEP_ENDED;
	enum status status = STATUS_OK;
	*ret_end = 0;
	while (kind != SALVAGE_NONE && status == STATUS_OK && step == STEP_ENDED) {
		struct bytes head;
		status = unpack_stream(method, source, &at, &skip, emitter, &step);
		if (status != STATUS_OK || step != STEP_ENDED)
			break;
		end = at;
		status = archive_skip_zeros(source, &at, emitter);
		if (status == STATUS_OK)
			status = source_view(source, at, HEAD_SIZE, &head);
		if (status == STATUS_OK && !method->starts(head)) {
			*ret_end = end;
			break;
		}
	}
	return status;
}
