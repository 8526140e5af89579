/* SPDX-License-Identifier: Apache-2.0 */
/* One loop over four libraries: see the header. */
#include "format/archive/salvage.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT_SIZE = 1 << 16, OUTPUT_SIZE = 1 << 16 };
#define LZMA_MEMORY_MAX (UINT64_C(128) << 20)

struct piece {
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

/* step moves a piece on; false where nothing more can come of the stream. */
struct method {
	bool (*begin)(union unpacker *unpacker);
	bool (*step)(union unpacker *unpacker, struct piece *piece);
	void (*end)(union unpacker *unpacker);
};

static bool begin_gzip(union unpacker *unpacker)
{
	unpacker->gzip = (z_stream){0};
	return inflateInit2(&unpacker->gzip, 16 + MAX_WBITS) == Z_OK;
}

static bool step_gzip(union unpacker *unpacker, struct piece *piece)
{
	z_stream *stream = &unpacker->gzip;
	stream->next_in = (unsigned char *)(uintptr_t)piece->in;
	stream->avail_in = (uInt)piece->in_left;
	stream->next_out = piece->out;
	stream->avail_out = (uInt)piece->out_left;
	int result = inflate(stream, Z_SYNC_FLUSH);
	*piece = (struct piece){stream->next_in, stream->avail_in, stream->next_out, stream->avail_out};
	if (result == Z_STREAM_END)
		return piece->in_left > 0 && inflateReset(stream) == Z_OK;
	return result == Z_OK || result == Z_BUF_ERROR;
}

static void end_gzip(union unpacker *unpacker)
{
	inflateEnd(&unpacker->gzip);
}

static bool begin_bzip2(union unpacker *unpacker)
{
	unpacker->bzip2 = (bz_stream){0};
	return BZ2_bzDecompressInit(&unpacker->bzip2, 0, 0) == BZ_OK;
}

static bool step_bzip2(union unpacker *unpacker, struct piece *piece)
{
	bz_stream *stream = &unpacker->bzip2;
	stream->next_in = (char *)(uintptr_t)piece->in;
	stream->avail_in = (unsigned)piece->in_left;
	stream->next_out = (char *)piece->out;
	stream->avail_out = (unsigned)piece->out_left;
	int result = BZ2_bzDecompress(stream);
	*piece = (struct piece){(unsigned char *)stream->next_in, stream->avail_in, (unsigned char *)stream->next_out,
	                        stream->avail_out};
	if (result == BZ_STREAM_END && piece->in_left > 0) {
		BZ2_bzDecompressEnd(stream);
		return begin_bzip2(unpacker);
	}
	return result == BZ_OK;
}

static void end_bzip2(union unpacker *unpacker)
{
	BZ2_bzDecompressEnd(&unpacker->bzip2);
}

static bool begin_xz(union unpacker *unpacker)
{
	unpacker->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_auto_decoder(&unpacker->xz, LZMA_MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK;
}

static bool step_xz(union unpacker *unpacker, struct piece *piece)
{
	lzma_stream *stream = &unpacker->xz;
	stream->next_in = piece->in;
	stream->avail_in = piece->in_left;
	stream->next_out = piece->out;
	stream->avail_out = piece->out_left;
	lzma_ret result = lzma_code(stream, LZMA_RUN);
	*piece = (struct piece){stream->next_in, stream->avail_in, stream->next_out, stream->avail_out};
	return result == LZMA_OK || result == LZMA_BUF_ERROR;
}

static void end_xz(union unpacker *unpacker)
{
	lzma_end(&unpacker->xz);
}

static bool begin_zstd(union unpacker *unpacker)
{
	unpacker->zstd = ZSTD_createDStream();
	return unpacker->zstd != NULL;
}

static bool step_zstd(union unpacker *unpacker, struct piece *piece)
{
	ZSTD_inBuffer in = {piece->in, piece->in_left, 0};
	ZSTD_outBuffer out = {piece->out, piece->out_left, 0};
	size_t result = ZSTD_decompressStream(unpacker->zstd, &out, &in);
	*piece = (struct piece){piece->in + in.pos, piece->in_left - in.pos, piece->out + out.pos, piece->out_left - out.pos};
	return !ZSTD_isError(result);
}

static void end_zstd(union unpacker *unpacker)
{
	ZSTD_freeDStream(unpacker->zstd);
}

static const struct method methods[] = {
	[SALVAGE_GZIP] = {begin_gzip, step_gzip, end_gzip},
	[SALVAGE_BZIP2] = {begin_bzip2, step_bzip2, end_bzip2},
	[SALVAGE_XZ] = {begin_xz, step_xz, end_xz},
	[SALVAGE_ZSTD] = {begin_zstd, step_zstd, end_zstd},
};

/* All that a view yields; what lies before *skip is passed over. *ret_goes_on: the stream does. */
static enum status unpack_view(const struct method *method, union unpacker *unpacker, struct bytes view, uint64_t *skip,
                               struct emitter *emitter, bool *ret_goes_on)
{
	unsigned char output[OUTPUT_SIZE];
	struct piece piece = {.in = view.at, .in_left = view.len};
	enum status status = STATUS_OK;
	bool is_full = true;
	*ret_goes_on = true;
	while (status == STATUS_OK && *ret_goes_on && (piece.in_left > 0 || is_full)) {
		size_t had = piece.in_left;
		piece.out = output;
		piece.out_left = sizeof output;
		*ret_goes_on = method->step(unpacker, &piece);
		struct bytes made = bytes_of(output, sizeof output - piece.out_left);
		size_t passed = made.len < *skip ? made.len : (size_t)*skip;
		*skip -= passed;
		is_full = piece.out_left == 0;
		*ret_goes_on = *ret_goes_on && (made.len > 0 || piece.in_left < had || had == 0);
		made = bytes_from(made, passed);
		status = made.len > 0 ? emit_child_bytes(emitter, made) : emit_progress(emitter);
	}
	return status;
}

enum status salvage_emit(struct source *source, enum salvage_kind kind, uint64_t skip, struct emitter *emitter)
{
	const struct method *method = &methods[kind];
	union unpacker unpacker;
	if (kind == SALVAGE_NONE || !method->begin(&unpacker))
		return STATUS_OK;
	enum status status = STATUS_OK;
	bool goes_on = true;
	for (uint64_t at = 0; status == STATUS_OK && goes_on;) {
		struct bytes view;
		status = source_view(source, at, INPUT_SIZE, &view);
		if (status != STATUS_OK || view.len == 0)
			break;
		at += view.len;
		status = unpack_view(method, &unpacker, view, &skip, emitter, &goes_on);
	}
	method->end(&unpacker);
	return status;
}
