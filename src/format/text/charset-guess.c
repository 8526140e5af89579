/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which charset a text is in. In order: a byte order mark; what was declared,
 * unless the bytes contradict it; UTF-8, which other text is valid in by no
 * accident; UTF-16 by its zero bytes; escapes of ISO-2022; then uchardet, whose
 * rarer answers are believed only where the bytes bear them out; then what its
 * words say of DOS and Mac OS. Text that is mostly ASCII and nothing else is
 * windows-1252. UTF-16 that begins later takes no part.
 */
#include "base/buffer.h"
#include "base/text.h"
#include "format/text/charset-table.h"
#include "format/text/charset.h"
#include "format/text/wide.h"

#include <uchardet.h>

enum { SAMPLE_MAX = 1 << 16 };

struct byte_census {
	size_t length, nuls, controls, highs;
	size_t leads;     /* bytes that may begin a sequence of UTF-8 */
	size_t ill;       /* bytes that stand in no well-formed sequence, one that the end cuts aside */
	size_t sequences; /* well-formed ones of several bytes, at least */
};

static bool is_control(unsigned char c)
{
	if (c >= 0x20)
		return c == 0x7F;
	return !((c >= '\b' && c <= '\r') || c == 0x1A || c == 0x1B);
}

/* Eight letters of plain text at once: nothing to count. */
static bool is_plain_word(const unsigned char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	uint64_t below_space = (word - UINT64_C(0x2020202020202020)) & ~word;
	uint64_t is_delete = (word ^ UINT64_C(0x7F7F7F7F7F7F7F7F)) - UINT64_C(0x0101010101010101);
	return ((word | below_space | is_delete) & UINT64_C(0x8080808080808080)) == 0;
}

/* Bytes that stand in no well-formed sequence; one that the end cuts is none of them. */
static size_t count_ill(struct bytes text)
{
	size_t ill = 0;
	uint32_t c;
	for (;;) {
		text = bytes_from(text, text_valid_length(text));
		if (text.len == 0)
			return ill;
		size_t needs = text.at[0] >= 0xF5   ? 0
		               : text.at[0] >= 0xF0 ? 4
		               : text.at[0] >= 0xE0 ? 3
		               : text.at[0] >= 0xC2 ? 2
		                                    : 0;
		bool is_cut = needs > text.len;
		for (size_t i = 1; i < text.len && is_cut; i++)
			is_cut = (text.at[i] & 0xC0) == 0x80;
		if (is_cut)
			return ill;
		text = bytes_from(text, text_decode(text, &c));
		ill++;
	}
}

static void add_to_census(struct byte_census *census, struct bytes sample)
{
	census->length += sample.len;
	for (size_t i = 0; i < sample.len; i++) {
		while (i + 8 < sample.len && is_plain_word(sample.at + i))
			i += 8;
		unsigned char c = sample.at[i];
		census->nuls += c == 0;
		census->controls += is_control(c);
		census->highs += c >= 0x80;
		census->leads += c >= 0xC0;
	}
	census->ill += count_ill(sample);
}

/* Of what is no UTF-16: that is told by itself. */
static struct byte_census take_census(struct bytes sample)
{
	struct byte_census census = {0};
	struct wide_start start;
	while (wide_find_start(sample, &start)) {
		add_to_census(&census, bytes_slice(sample, 0, start.at));
		sample = bytes_from(sample, start.at);
		size_t length = wide_length(sample, start.is_big_endian, true);
		if (length == 0)
			break;
		sample = bytes_from(sample, length);
	}
	add_to_census(&census, sample);
	census.sequences = census.leads > census.ill ? census.leads - census.ill : 0;
	return census;
}

/* A few bytes that are ill-formed among many that are not were damaged; no text in another charset looks like that. */
static bool is_utf8(const struct byte_census *census)
{
	return census->ill == 0 || census->ill * 4 <= census->sequences;
}

/* Text holds hardly any control characters, and zeros only where a file was damaged. */
static bool is_binary(const struct byte_census *census)
{
	if (is_utf8(census))
		return census->controls > census->length / 64 || census->nuls > census->length / 256;
	return census->controls > census->length / 128 || census->nuls > 0;
}

static const char *guess_by_mark(struct bytes sample)
{
	if (bytes_start_with(sample, BYTES_LITERAL("\xEF\xBB\xBF")))
		return "utf-8";
	if (bytes_start_with(sample, BYTES_LITERAL("\xFF\xFE\0\0")))
		return "utf-32le";
	if (bytes_start_with(sample, BYTES_LITERAL("\0\0\xFE\xFF")))
		return "utf-32be";
	if (bytes_start_with(sample, BYTES_LITERAL("\xFF\xFE")))
		return "utf-16le";
	if (bytes_start_with(sample, BYTES_LITERAL("\xFE\xFF")))
		return "utf-16be";
	return NULL;
}

/* ---- UTF-16 ---- */

struct wide_census {
	size_t letters, ascii, wrong;
};

/* Not to the end where more than that is wrong. */
static struct wide_census take_wide_census(struct bytes sample, bool is_big_endian, size_t most_wrong)
{
	struct wide_census census = {0};
	bool expects_low = false;
	for (size_t i = 0; i + 2 <= sample.len && census.wrong <= most_wrong; i += 2) {
		uint16_t c = is_big_endian ? load_be16(sample.at + i) : load_le16(sample.at + i);
		bool is_low = (c & 0xFC00) == 0xDC00;
		census.letters++;
		census.ascii += (c >= 0x20 && c < 0x7F) || (c >= '\t' && c <= '\r');
		census.wrong += is_low != expects_low || wide_is_wrong(c);
		expects_low = (c & 0xFC00) == 0xD800;
	}
	return census;
}

static const char *guess_wide(struct bytes sample)
{
	if (sample.len < 4 || bytes_find_byte(sample, 0) == BYTES_NOT_FOUND)
		return NULL;
	size_t most_wrong = sample.len / 2 / 500;
	for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
		if (wide_is_narrow_line(sample, is_big_endian))
			continue;
		struct wide_census census = take_wide_census(sample, is_big_endian, most_wrong);
		if (census.wrong <= most_wrong && census.ascii * 32 >= census.letters)
			return is_big_endian ? "utf-16be" : "utf-16le";
	}
	return NULL;
}

/* A mark of a wide charset may also be two bytes of something else. */
static const char *confirm_mark(const char *marked, struct bytes sample)
{
	if (strncmp(marked, "utf-16", 6) != 0)
		return marked;
	size_t most_wrong = (sample.len - 2) / 2 / 50;
	struct wide_census census = take_wide_census(bytes_from(sample, 2), strcmp(marked, "utf-16be") == 0, most_wrong);
	return census.wrong <= most_wrong ? marked : NULL;
}

/* ---- declared ---- */

static bool is_contradicted(const struct charset *declared, const struct byte_census *census)
{
	switch (declared->kind) {
	case CHARSET_UTF8: return census->ill > census->sequences;
	case CHARSET_SINGLE: return is_utf8(census) && census->sequences >= 2;
	case CHARSET_DOUBLE: return is_utf8(census) && census->sequences >= 8;
	case CHARSET_SEVEN: return census->highs > 0;
	default: return census->nuls == 0;
	}
}

/* ---- guessing ---- */

static const char *guess_seven_bit(struct bytes sample)
{
	static const char *const escapes[][2] = {
		{"\033$B", "iso-2022-jp"},  {"\033$@", "iso-2022-jp"},  {"\033(J", "iso-2022-jp"},
		{"\033$)C", "iso-2022-kr"}, {"\033$)A", "iso-2022-cn"}, {"\033$)G", "iso-2022-cn"},
	};
	if (bytes_find_byte(sample, 0x1B) == BYTES_NOT_FOUND)
		return NULL;
	for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
		if (bytes_find(sample, bytes_of_string(escapes[i][0])) != BYTES_NOT_FOUND)
			return escapes[i][1];
	return NULL;
}

static const struct charset *ask_uchardet(struct bytes sample)
{
	const struct charset *charset = NULL;
	uchardet_t detector = uchardet_new();
	if (detector == NULL)
		return NULL;
	if (uchardet_handle_data(detector, (const char *)sample.at, sample.len) == 0) {
		uchardet_data_end(detector);
		charset = charset_find(bytes_of_string(uchardet_get_charset(detector)));
	}
	uchardet_delete(detector);
	return charset;
}

/* How many of a hundred bytes above 0x7F become no character. */
static size_t count_misfits(const struct charset *charset, struct bytes sample, const struct byte_census *census)
{
	struct buffer decoded = buffer_with_ceiling(4 * SAMPLE_MAX);
	size_t misfits = 0;
	if (charset_append_decoded(&decoded, bytes_of_string(charset->name), sample) != STATUS_OK)
		misfits = census->highs;
	struct bytes rest = buffer_bytes(&decoded);
	for (size_t at; (at = bytes_find(rest, BYTES_LITERAL("\xEF\xBF\xBD"))) != BYTES_NOT_FOUND; misfits++)
		rest = bytes_from(rest, at + 3);
	buffer_free(&decoded);
	return misfits * 100 / (census->highs + 1);
}

static bool is_latin(const struct charset *charset)
{
	static const char *const latin[] = {"windows-1250", "iso-8859-2",  "windows-1254", "windows-1257", "iso-8859-13",
	                                    "iso-8859-15",  "iso-8859-16", "ibm852",       "x-mac-ce"};
	for (size_t i = 0; i < sizeof latin / sizeof latin[0]; i++)
		if (strcmp(charset->name, latin[i]) == 0)
			return true;
	return strcmp(charset->name, "windows-1252") == 0;
}

/* Scripts other than Latin fill a text; a few bytes above 0x7F in a lot of ASCII are accents or quotation marks. */
static bool is_believable(const struct charset *charset, const struct byte_census *census)
{
	if (is_latin(charset))
		return census->highs >= 10 && census->highs * 50 >= census->length;
	return census->highs >= 4 && census->highs * 8 >= census->length;
}

/* Lines drawn by DOS: one byte over and over, which other charsets have letters for. */
static bool is_drawn(struct bytes sample, const struct byte_census *census)
{
	enum { LINE_MIN = 4 };
	size_t drawn = 0, run = 0;
	for (size_t i = 0; i < sample.len; i++) {
		bool is_frame = sample.at[i] >= 0xB0 && sample.at[i] <= 0xDF;
		run = !is_frame ? 0 : run > 0 && sample.at[i] == sample.at[i - 1] ? run + 1 : 1;
		drawn += run == LINE_MIN ? LINE_MIN : run > LINE_MIN;
	}
	return drawn * 3 >= census->highs;
}

static const char *guess_eight_bit(struct bytes sample, const struct byte_census *census)
{
	const struct charset *charset = ask_uchardet(sample);
	if (charset == NULL || charset->kind == CHARSET_UTF8 || charset->kind == CHARSET_WIDE ||
	    !is_believable(charset, census) || count_misfits(charset, sample, census) > 2)
		return charset_weigh_latin(sample, "windows-1252");
	if (is_latin(charset))
		return charset_weigh_latin(sample, charset->name);
	bool is_dos = charset->kind != CHARSET_SINGLE || strncmp(charset->name, "ibm", 3) == 0;
	return !is_dos && is_drawn(sample, census) ? charset_weigh_latin(sample, "ibm437") : charset->name;
}

static const char *guess(struct bytes sample, struct bytes declared_name, bool may_ask)
{
	sample = bytes_slice(sample, 0, SAMPLE_MAX);
	const char *marked = guess_by_mark(sample);
	if (marked != NULL)
		marked = confirm_mark(marked, sample);
	if (marked != NULL)
		return marked;
	const char *wide = guess_wide(sample);
	if (wide != NULL)
		return wide;
	struct byte_census census = take_census(sample);
	if (is_binary(&census))
		return NULL;
	const struct charset *declared = charset_find(declared_name);
	if (declared != NULL && !is_contradicted(declared, &census))
		return declared->name;
	if (census.highs == 0) {
		const char *seven = guess_seven_bit(sample);
		return seven ? seven : "utf-8";
	}
	if (is_utf8(&census))
		return "utf-8";
	return may_ask ? guess_eight_bit(sample, &census) : "windows-1252";
}

const char *charset_guess(struct bytes sample, struct bytes declared)
{
	return guess(sample, declared, true);
}

const char *charset_sniff(struct bytes sample, struct bytes declared)
{
	return guess(sample, declared, false);
}
