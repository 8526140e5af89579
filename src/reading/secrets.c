/* SPDX-License-Identifier: Apache-2.0 */
/* Noted as they are found, sorted when the document ends. */
#include "reading/secrets.h"

#include "base/digest.h"
#include "base/text.h"
#include "detector/detector.h"

#include <stdlib.h>

enum { LINE_LEAST = 16, TAIL_DASHES = 5 };

struct noted_secret {
	uint64_t from, to;                     /* code points */
	size_t raw, raw_len, value, value_len; /* within bytes */
};

struct found_secrets secrets_under(const unsigned char key[FINDING_SECRET_KEY_SIZE])
{
	struct found_secrets secrets = {.noted = buffer_with_ceiling(SIZE_MAX / 2), .bytes = buffer_with_ceiling(SIZE_MAX / 2)};
	memcpy(secrets.key, key, sizeof secrets.key);
	return secrets;
}

void secrets_free(struct found_secrets *secrets)
{
	explicit_bzero(secrets->key, sizeof secrets->key);
	if (secrets->bytes.len > 0)
		explicit_bzero(secrets->bytes.at, secrets->bytes.len);
	buffer_free(&secrets->noted);
	buffer_free(&secrets->bytes);
}

enum status secrets_note(struct found_secrets *secrets, const struct finding *finding)
{
	struct noted_secret noted = {.from = finding->from, .to = finding->to};
	noted.raw = secrets->bytes.len;
	noted.raw_len = finding->raw.len;
	buffer_append(&secrets->bytes, finding->raw);
	noted.value = secrets->bytes.len;
	noted.value_len = finding->value.len;
	buffer_append(&secrets->bytes, finding->value);
	buffer_append(&secrets->noted, bytes_of(&noted, sizeof noted));
	return buffer_status(&secrets->bytes) != STATUS_OK ? buffer_status(&secrets->bytes) : buffer_status(&secrets->noted);
}

void secrets_digest(const struct found_secrets *secrets, struct bytes value, char into[FINDING_SECRET_LENGTH])
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_hmac_sha256(bytes_of(secrets->key, sizeof secrets->key), value, digest);
	digest_format_base32(bytes_of(digest, 16), into);
}

static int compare_noted(const void *a, const void *b)
{
	const struct noted_secret *left = a, *right = b;
	return left->from < right->from ? -1 : left->from > right->from;
}

static size_t sorted(struct found_secrets *secrets, struct noted_secret **ret_noted)
{
	size_t count = secrets->noted.len / sizeof(struct noted_secret);
	*ret_noted = (void *)secrets->noted.at;
	if (count > 0)
		qsort(*ret_noted, count, sizeof **ret_noted, compare_noted);
	return count;
}

/* ---- the text ---- */

static bool is_of_base64(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

/* Lines of a key's armour of which the detector saw the beginning alone. */
static void star_lines(unsigned char *text, size_t at, size_t len)
{
	while (at < len) {
		size_t end = at;
		while (end < len && is_of_base64(text[end]))
			end++;
		size_t next = end;
		while (next < len && text[next] <= ' ')
			next++;
		bool is_last = next == len || text[next] == '-';
		if (end - at < LINE_LEAST && !(is_last && end > at))
			return;
		memset(text + at, '*', end - at);
		at = next;
	}
}

/* What has become a star there becomes one here; what is one already stays. */
static void star_as(unsigned char *text, size_t len, struct bytes raw)
{
	for (size_t i = 0; i < raw.len && i < len; i++)
		if (raw.at[i] == '*' || text[i] >= 0x80)
			text[i] = raw.at[i];
}

void secrets_star(struct found_secrets *secrets, unsigned char *text, size_t len)
{
	struct noted_secret *noted;
	size_t count = sorted(secrets, &noted), at = 0;
	uint64_t passed = 0;
	for (size_t i = 0; i < count; i++) {
		struct bytes raw = bytes_slice(buffer_bytes(&secrets->bytes), noted[i].raw, noted[i].raw_len);
		at += text_offset(bytes_of(text + at, len - at), (size_t)(noted[i].from - passed));
		passed = noted[i].from;
		star_as(text + at, len - at, raw);
		if (bytes_start_with(raw, BYTES_LITERAL("-----BEGIN ")) && !bytes_end_with(raw, BYTES_LITERAL("-----")) &&
		    at + raw.len < len)
			star_lines(text, at + raw.len, len);
	}
}

/* ---- the other findings ---- */

static void star_within(struct bytes text, struct bytes secret)
{
	for (size_t at = 0; secret.len > 0 && at + secret.len <= text.len; at++)
		if (bytes_start_with_nocase(bytes_from(text, at), secret)) {
			memset((unsigned char *)(uintptr_t)text.at + at, '*', secret.len);
			at += secret.len - 1;
		}
}

/* The last that begins before a place; SIZE_MAX: none does. */
static size_t last_before(const struct noted_secret *noted, size_t count, uint64_t place)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (noted[middle].from < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* Whether it may be kept. */
static bool sift(const struct found_secrets *secrets, const struct noted_secret *noted, size_t count, struct finding *finding)
{
	for (size_t i = last_before(noted, count, finding->to); i != SIZE_MAX && noted[i].to > finding->from; i--) {
		if (finding->from > noted[i].from || finding->to < noted[i].to ||
		    (finding->from == noted[i].from && finding->to == noted[i].to))
			return false;
		struct bytes value = bytes_slice(buffer_bytes(&secrets->bytes), noted[i].value, noted[i].value_len);
		star_within(finding->value, value);
		star_within(finding->raw, value);
	}
	return true;
}

size_t secrets_sift(struct found_secrets *secrets, struct finding *findings, size_t count)
{
	struct noted_secret *noted;
	size_t noted_count = sorted(secrets, &noted), kept = 0;
	if (noted_count == 0)
		return count;
	for (size_t i = 0; i < count; i++)
		if (findings[i].kind == FINDING_SECRET || sift(secrets, noted, noted_count, &findings[i]))
			findings[kept++] = findings[i];
	return kept;
}
