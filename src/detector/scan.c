/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The streaming scan. Text is gathered into a window and looked through in
 * blocks that lie at fixed places of the document, however it was cut into
 * pieces; a detector sees its trigger with DETECTOR_REACH bytes on either
 * side, no more and no less. So findings depend on the document alone.
 *
 * window:  | reach behind | block: triggers are looked for here | reach ahead |
 *
 * Within a block triggers are visited in order: one look for all trigger bytes
 * and beginnings of digits (byte-lane.h), and one search for the literals of all
 * detectors (literals.h). Who is asked there follows from the bytes beside a
 * trigger, and from what is seen of a run (digit-run.h). Which of overlapping
 * matches are dropped is a matter of rank (detector.h).
 */
#include "detector/detector.h"

#include "base/text.h"
#include "detector/byte-lane.h"
#include "detector/digit-run.h"
#include "detector/literals.h"
#include "detector/redact.h"

#include <assert.h>
#include <stdlib.h>

enum {
	BLOCK = 64 * 1024,
	AHEAD = DETECTOR_REACH + 4, /* one sequence more, to see whether the view ends within one */
	WINDOW = DETECTOR_REACH + BLOCK + AHEAD,
	VALUE_MAX = 4 * DETECTOR_REACH,
	VALUES_MAX = 64 * BLOCK,
	RULES = 4,
};

/* Who watches which byte, a bit for each detector of LANE_TRIGGERS and byte: all have to agree. */
enum { WATCHES_MAX = 64 };

struct watches {
	size_t detectors[WATCHES_MAX]; /* in the registry's order */
	size_t count;
	uint64_t at[128], before[256], behind[256];
	struct byte_lane lane;
};

struct hit {
	struct match match; /* from and to within the window; value unset */
	size_t detector;
	size_t value, value_len; /* within values */
};

struct scan {
	detector_found *found;
	void *context;
	struct buffer *rules; /* RULES per detector: of what was read and what was carved, and the same of examples */
	size_t detector_count;
	struct watches watches;
	size_t *digit_detectors; /* of LANE_DIGITS */
	size_t digit_detector_count;

	struct buffer window;
	size_t block;               /* where the block begins in the window */
	size_t cursor;              /* a place in the window ... */
	uint64_t cursor_characters; /* ... and the code points of the document before it */
	uint64_t window_offset;     /* bytes of the document before the window */
	uint64_t reach[RANK_COUNT]; /* document offsets up to which matches of each rank reach */
	struct buffer turns;        /* document offsets (uint64_t) where carved text begins and ends, by turns */

	struct hit *hits;
	size_t hit_count, hit_capacity;
	struct buffer value, values, raw;
};

/* ---- the literals of all detectors, made once ---- */

struct owner {
	size_t detector, literal;
};

static struct {
	const struct literal **words;
	struct owner *owners; /* of each word */
	struct literals *sought;
} literals;

static size_t count_literals(void)
{
	size_t count = 0;
	for (const struct detector *const *detector = detector_registry; *detector != NULL; detector++)
		count += (*detector)->lane == LANE_LITERALS ? (*detector)->literal_count : 0;
	return count;
}

static enum status prepare_literals(void)
{
	size_t count = count_literals(), next = 0;
	if (count == 0 || literals.sought != NULL)
		return STATUS_OK;
	const struct literal **words = calloc(count, sizeof *words);
	struct owner *owners = calloc(count, sizeof *owners);
	enum status status = words != NULL && owners != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (size_t i = 0; status == STATUS_OK && detector_registry[i] != NULL; i++) {
		const struct detector *detector = detector_registry[i];
		for (size_t j = 0; detector->lane == LANE_LITERALS && j < detector->literal_count; j++) {
			words[next] = &detector->literals[j];
			owners[next++] = (struct owner){i, j};
		}
	}
	if (status == STATUS_OK)
		status = literals_make(words, count, &literals.sought);
	if (status != STATUS_OK) {
		free(words);
		free(owners);
		return status;
	}
	literals.words = words;
	literals.owners = owners;
	return STATUS_OK;
}

/* ---- starting and ending ---- */

enum status detector_prepare_all(void)
{
	for (const struct detector *const *detector = detector_registry; *detector != NULL; detector++) {
		enum status status = (*detector)->prepare ? (*detector)->prepare() : STATUS_OK;
		if (status != STATUS_OK)
			return status;
	}
	return prepare_literals();
}

static void reset(struct scan *scan)
{
	buffer_reset(&scan->window);
	scan->block = scan->cursor = 0;
	scan->cursor_characters = scan->window_offset = 0;
	memset(scan->reach, 0, sizeof scan->reach);
	scan->hit_count = 0;
	buffer_reset(&scan->turns);
}

/* Reads "0-9A-Z_" into those bytes' bits. */
static void permit(uint64_t bits[256], uint64_t watch, const char *bytes)
{
	for (unsigned byte = 0; bytes == NULL && byte < 256; byte++)
		bits[byte] |= watch;
	for (; bytes != NULL && *bytes != '\0'; bytes++) {
		unsigned from = (unsigned char)bytes[0], to = from;
		if (bytes[1] == '-' && bytes[2] != '\0') {
			to = (unsigned char)bytes[2];
			bytes += 2;
		}
		for (; from <= to; from++)
			bits[from] |= watch;
	}
}

static const struct beside *beside_of(const struct detector *detector, char trigger)
{
	static const struct beside anything = {0};
	for (const struct beside *beside = detector->beside; beside != NULL && beside->triggers != NULL; beside++)
		if (strchr(beside->triggers, trigger) != NULL)
			return beside;
	return &anything;
}

static void add_watch(struct watches *watches, size_t detector, char trigger)
{
	assert(watches->count < WATCHES_MAX);
	const struct beside *beside = beside_of(detector_registry[detector], trigger);
	uint64_t watch = UINT64_C(1) << watches->count;
	watches->detectors[watches->count++] = detector;
	watches->at[(unsigned char)trigger] |= watch;
	permit(watches->before, watch, beside->before);
	permit(watches->behind, watch, beside->behind);
}

static enum status make_watches(struct scan *scan)
{
	char triggers[WATCHES_MAX + 1] = "";
	scan->digit_detectors = calloc(scan->detector_count + 1, sizeof *scan->digit_detectors);
	if (scan->digit_detectors == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < scan->detector_count; i++) {
		const struct detector *detector = detector_registry[i];
		if (detector->lane == LANE_DIGITS)
			scan->digit_detectors[scan->digit_detector_count++] = i;
		for (const char *at = detector->lane == LANE_TRIGGERS ? detector->triggers : ""; *at != '\0'; at++) {
			triggers[scan->watches.count] = *at;
			add_watch(&scan->watches, i, *at);
		}
	}
	byte_lane_make(triggers, scan->digit_detector_count > 0, &scan->watches.lane);
	return STATUS_OK;
}

static enum status make_rules(struct scan *scan)
{
	scan->rules = calloc(RULES * scan->detector_count + 1, sizeof *scan->rules);
	if (scan->rules == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < RULES * scan->detector_count; i++) {
		const struct detector *detector = detector_registry[i / RULES];
		scan->rules[i] = buffer_with_ceiling(64);
		buffer_append_format(&scan->rules[i], "%s/%u%s%s", detector->name, detector->version,
		                     i % RULES >= 2 ? FINDING_EXAMPLE_RULE : "", i % 2 ? FINDING_CARVED_RULE : "");
		if (buffer_status(&scan->rules[i]) != STATUS_OK)
			return buffer_status(&scan->rules[i]);
	}
	return STATUS_OK;
}

enum status scan_start(detector_found *found, void *context, struct scan **ret_scan)
{
	struct scan *scan = calloc(1, sizeof *scan);
	if (scan == NULL)
		return STATUS_NO_MEMORY;
	scan->found = found;
	scan->context = context;
	scan->window = buffer_with_ceiling(WINDOW);
	scan->value = buffer_with_ceiling(VALUE_MAX);
	scan->values = buffer_with_ceiling(VALUES_MAX);
	scan->raw = buffer_with_ceiling(VALUE_MAX);
	scan->turns = buffer_with_ceiling(SIZE_MAX / 2);
	while (detector_registry[scan->detector_count] != NULL)
		scan->detector_count++;
	enum status status = make_rules(scan);
	if (status == STATUS_OK)
		status = make_watches(scan);
	if (status != STATUS_OK) {
		scan_free(scan);
		return status;
	}
	*ret_scan = scan;
	return STATUS_OK;
}

void scan_free(struct scan *scan)
{
	if (scan == NULL)
		return;
	for (size_t i = 0; scan->rules != NULL && i < RULES * scan->detector_count; i++)
		buffer_free(&scan->rules[i]);
	free(scan->rules);
	free(scan->digit_detectors);
	free(scan->hits);
	buffer_free(&scan->window);
	buffer_free(&scan->value);
	buffer_free(&scan->values);
	buffer_free(&scan->raw);
	buffer_free(&scan->turns);
	free(scan);
}

/* ---- matching ---- */

static bool is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* What a detector may see of the window around at, cut at sequences. *ret_from: where it begins. */
static struct bytes view_around(struct bytes window, size_t at, size_t *ret_from)
{
	size_t from = at > DETECTOR_REACH ? at - DETECTOR_REACH : 0;
	size_t to = window.len - at > DETECTOR_REACH ? at + DETECTOR_REACH : window.len;
	while (from < at && is_tail(window.at[from]))
		from++;
	while (to < window.len && is_tail(window.at[to]))
		to--;
	*ret_from = from;
	return bytes_slice(window, from, to - from);
}

/* By start, longer first; of two that one detector says of the same span, the surer: the other lies within it. */
static bool comes_after(const struct hit *a, const struct hit *b)
{
	if (a->match.from != b->match.from)
		return a->match.from > b->match.from;
	if (a->match.to != b->match.to)
		return a->match.to < b->match.to;
	return a->detector == b->detector && a->match.confidence < b->match.confidence;
}

/* Keeps hits by start, longer first; triggers come in order, so a hit moves past few others. */
static enum status add_hit(struct scan *scan, size_t detector, const struct match *match)
{
	if (scan->hit_count == scan->hit_capacity) {
		size_t capacity = scan->hit_capacity ? 2 * scan->hit_capacity : 64;
		struct hit *grown = realloc(scan->hits, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		scan->hits = grown;
		scan->hit_capacity = capacity;
	}
	struct hit hit = {*match, detector, scan->values.len, scan->value.len};
	size_t at = scan->hit_count++;
	for (; at > 0 && comes_after(&scan->hits[at - 1], &hit); at--)
		scan->hits[at] = scan->hits[at - 1];
	scan->hits[at] = hit;
	buffer_append(&scan->values, buffer_bytes(&scan->value));
	return buffer_status(&scan->values);
}

static enum status ask_detector(struct scan *scan, size_t detector, size_t at, size_t literal)
{
	size_t from;
	struct bytes view = view_around(buffer_bytes(&scan->window), at, &from);
	struct match match = {.value = &scan->value, .literal = literal};
	buffer_reset(&scan->value);
	if (!detector_registry[detector]->match(view, at - from, &match))
		return STATUS_OK;
	if (buffer_status(&scan->value) == STATUS_TOO_LARGE)
		return STATUS_OK;
	if (buffer_status(&scan->value) != STATUS_OK)
		return buffer_status(&scan->value);
	assert(match.from < match.to && match.to <= view.len && match.head + match.tail <= match.to - match.from);
	match.from += from;
	match.to += from;
	return add_hit(scan, detector, &match);
}

static unsigned char byte_at(const struct scan *scan, size_t at)
{
	return at < scan->window.len ? scan->window.at[at] : ' ';
}

static enum status ask_at_trigger(struct scan *scan, size_t at)
{
	const struct watches *watches = &scan->watches;
	enum status status = STATUS_OK;
	uint64_t willing = watches->at[scan->window.at[at]] & watches->before[at > 0 ? scan->window.at[at - 1] : ' '] &
	                   watches->behind[byte_at(scan, at + 1)];
	for (; willing != 0 && status == STATUS_OK; willing &= willing - 1)
		status = ask_detector(scan, watches->detectors[__builtin_ctzll(willing)], at, 0);
	return status;
}

static enum status ask_at_digits(struct scan *scan, size_t at)
{
	struct digit_run run = digit_run_at(buffer_bytes(&scan->window), at);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < scan->digit_detector_count && status == STATUS_OK; i++) {
		const struct detector *detector = detector_registry[scan->digit_detectors[i]];
		if (detector->wants == NULL || detector->wants(&run))
			status = ask_detector(scan, scan->digit_detectors[i], at, 0);
	}
	return status;
}

static enum status ask_at_byte(struct scan *scan, size_t at)
{
	bool is_digit = scan->window.at[at] >= '0' && scan->window.at[at] <= '9';
	return is_digit ? ask_at_digits(scan, at) : ask_at_trigger(scan, at);
}

static size_t find_literal(const struct scan *scan, size_t from, size_t end)
{
	return literals.sought != NULL ? literals_find(literals.sought, buffer_bytes(&scan->window), from, end) : end;
}

static enum status ask_at_literal(struct scan *scan, size_t at)
{
	enum status status = STATUS_OK;
	size_t cursor = 0, word;
	while (status == STATUS_OK && literals_next(literals.sought, buffer_bytes(&scan->window), at, &cursor, &word))
		status = ask_detector(scan, literals.owners[word].detector, at, literals.owners[word].literal);
	return status;
}

/* Asks at the literals that begin before a place, or at it; *literal goes on to the next behind it. */
static enum status ask_at_literals(struct scan *scan, size_t upto, size_t end, size_t *literal)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK && *literal < end && *literal <= upto) {
		status = ask_at_literal(scan, *literal);
		*literal = find_literal(scan, *literal + 1, end);
	}
	return status;
}

static enum status match_block(struct scan *scan, size_t end)
{
	enum status status = STATUS_OK;
	struct bytes window = buffer_bytes(&scan->window);
	scan->hit_count = 0;
	buffer_reset(&scan->values);
	size_t literal = find_literal(scan, scan->block, end);
	for (size_t from = scan->block; from < end; from += BYTE_LANE_STRIDE) {
		uint64_t places = byte_lane_mask(&scan->watches.lane, window, from, end);
		for (; places != 0 && status == STATUS_OK; places &= places - 1) {
			size_t at = from + (size_t)__builtin_ctzll(places);
			if (literal <= at)
				status = ask_at_literals(scan, at, end, &literal);
			if (status == STATUS_OK)
				status = ask_at_byte(scan, at);
		}
	}
	return status == STATUS_OK ? ask_at_literals(scan, end, end, &literal) : status;
}

/* ---- handing on ---- */

/* Code points of the document before a place in the window. */
static uint64_t characters_before(struct scan *scan, size_t at)
{
	struct bytes window = buffer_bytes(&scan->window);
	if (at >= scan->cursor)
		scan->cursor_characters += text_count(bytes_slice(window, scan->cursor, at - scan->cursor));
	else
		scan->cursor_characters -= text_count(bytes_slice(window, at, scan->cursor - at));
	scan->cursor = at;
	return scan->cursor_characters;
}

/* Whether what it would say is said already, by a match of a rank that it yields to. */
static bool is_covered(struct scan *scan, const struct hit *hit)
{
	const struct detector *detector = detector_registry[hit->detector];
	uint64_t from = scan->window_offset + hit->match.from, to = scan->window_offset + hit->match.to;
	for (enum rank rank = 0; rank < RANK_COUNT; rank++)
		if ((detector->yields_to & RANK_BIT(rank)) != 0 && (rank == detector->rank ? to : from + 1) <= scan->reach[rank])
			return true;
	if (scan->reach[detector->rank] < to)
		scan->reach[detector->rank] = to;
	return false;
}

/* ---- what was carved ---- */

static size_t count_turns(const struct scan *scan)
{
	return scan->turns.len / sizeof(uint64_t);
}

static uint64_t turn_at(const struct scan *scan, size_t index)
{
	uint64_t turn;
	memcpy(&turn, scan->turns.at + index * sizeof turn, sizeof turn);
	return turn;
}

/* Whether some of it lies in carved text. */
static bool is_carved(const struct scan *scan, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < count_turns(scan) && turn_at(scan, i) < to; i += 2)
		if (i + 1 == count_turns(scan) || turn_at(scan, i + 1) > from)
			return true;
	return false;
}

static void forget_turns(struct scan *scan)
{
	size_t gone = 0;
	while (gone + 2 <= count_turns(scan) && turn_at(scan, gone + 1) <= scan->window_offset)
		gone += 2;
	buffer_consume(&scan->turns, gone * sizeof(uint64_t));
}

enum status scan_turn(struct scan *scan, bool is_carved_next)
{
	uint64_t turn = scan->window_offset + scan->window.len;
	if (count_turns(scan) % 2 != is_carved_next)
		buffer_append(&scan->turns, bytes_of(&turn, sizeof turn));
	return buffer_status(&scan->turns);
}

static enum status hand_on(struct scan *scan, const struct hit *hit)
{
	bool was_carved = scan->turns.len > 0 &&
	                  is_carved(scan, scan->window_offset + hit->match.from, scan->window_offset + hit->match.to);
	struct bytes raw = bytes_slice(buffer_bytes(&scan->window), hit->match.from, hit->match.to - hit->match.from);
	if (hit->match.kind == FINDING_URL || hit->match.kind == FINDING_STORAGE_URL) {
		buffer_reset(&scan->raw);
		redact_append(&scan->raw, raw, REDACT_MASK);
		raw = buffer_bytes(&scan->raw);
		if (buffer_status(&scan->raw) != STATUS_OK)
			return buffer_status(&scan->raw);
	}
	if (hit->match.kind == FINDING_SECRET) {
		buffer_reset(&scan->raw);
		buffer_append(&scan->raw, raw);
		if (buffer_status(&scan->raw) != STATUS_OK)
			return buffer_status(&scan->raw);
		redact_stars(scan->raw.at + hit->match.head, raw.len - hit->match.head - hit->match.tail);
		raw = buffer_bytes(&scan->raw);
	}
	struct finding finding = {
		.kind = hit->match.kind,
		.subkind = bytes_of_string(hit->match.subkind),
		.raw = raw,
		.value = bytes_slice(buffer_bytes(&scan->values), hit->value, hit->value_len),
		.from = characters_before(scan, hit->match.from),
		.confidence = hit->match.confidence,
		.rule = buffer_bytes(&scan->rules[RULES * hit->detector + 2 * hit->match.is_example + was_carved]),
	};
	if (was_carved && finding.confidence > FINDING_CARVED_CONFIDENCE)
		finding.confidence = FINDING_CARVED_CONFIDENCE;
	if (hit->match.is_example && finding.confidence > FINDING_EXAMPLE_CONFIDENCE)
		finding.confidence = FINDING_EXAMPLE_CONFIDENCE;
	finding.to = characters_before(scan, hit->match.to);
	assert(finding_kind_is_looked_for(finding.kind)); /* or answers would say that nobody looked */
	return scan->found(scan->context, &finding);
}

/* The block ends at end; what lies ahead of it is in the window already. */
static enum status look_through(struct scan *scan, size_t end)
{
	enum status status = match_block(scan, end);
	for (size_t i = 0; i < scan->hit_count && status == STATUS_OK; i++)
		if (!is_covered(scan, &scan->hits[i]))
			status = hand_on(scan, &scan->hits[i]);
	return status;
}

static void slide(struct scan *scan, size_t block)
{
	size_t gone = block > DETECTOR_REACH ? block - DETECTOR_REACH : 0;
	characters_before(scan, gone);
	buffer_consume(&scan->window, gone);
	scan->window_offset += gone;
	scan->cursor = 0;
	scan->block = block - gone;
	if (scan->turns.len > 0)
		forget_turns(scan);
}

enum status scan_feed(struct scan *scan, struct bytes text)
{
	enum status status = STATUS_OK;
	while (text.len > 0 && status == STATUS_OK) {
		struct bytes piece = bytes_slice(text, 0, scan->block + BLOCK + AHEAD - scan->window.len);
		buffer_append(&scan->window, piece);
		text = bytes_from(text, piece.len);
		status = buffer_status(&scan->window);
		if (status != STATUS_OK || scan->window.len < scan->block + BLOCK + AHEAD)
			continue;
		status = look_through(scan, scan->block + BLOCK);
		slide(scan, scan->block + BLOCK);
	}
	return status;
}

enum status scan_finish(struct scan *scan)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK && scan->block < scan->window.len) {
		size_t end = scan->window.len - scan->block > BLOCK ? scan->block + BLOCK : scan->window.len;
		status = look_through(scan, end);
		slide(scan, end);
	}
	reset(scan);
	return status;
}

/* ---- secrets in what is no document's text ---- */

static void mask_at(unsigned char *text, size_t len, size_t detector, size_t at, size_t literal)
{
	size_t from;
	struct bytes view = view_around(bytes_of(text, len), at, &from);
	struct buffer value = buffer_with_ceiling(VALUE_MAX);
	struct match match = {.value = &value, .literal = literal};
	if (detector_registry[detector]->match(view, at - from, &match))
		redact_stars(text + from + match.from + match.head, match.to - match.from - match.head - match.tail);
	buffer_free(&value);
}

void scan_mask_secrets(unsigned char *text, size_t len)
{
	struct bytes whole = bytes_of(text, len);
	for (size_t i = 0; detector_registry[i] != NULL; i++) {
		const struct detector *detector = detector_registry[i];
		if (detector->rank != RANK_SECRET || detector->lane != LANE_TRIGGERS)
			continue;
		for (const char *trigger = detector->triggers; *trigger != '\0'; trigger++)
			for (size_t at = 0; at < len; at++) {
				const unsigned char *found = memchr(text + at, *trigger, len - at);
				if (found == NULL)
					break;
				at = (size_t)(found - text);
				mask_at(text, len, i, at, 0);
			}
	}
	for (size_t at = 0; literals.sought != NULL && (at = literals_find(literals.sought, whole, at, len)) < len; at++) {
		size_t cursor = 0, word;
		while (literals_next(literals.sought, whole, at, &cursor, &word))
			if (detector_registry[literals.owners[word].detector]->rank == RANK_SECRET)
				mask_at(text, len, literals.owners[word].detector, at, literals.owners[word].literal);
	}
}
