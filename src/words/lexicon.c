/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at a block, and walking it along a text: one state, one step a word,
 * and along the failures as many steps back as there were steps forth.
 */
#include "words/lexicon.h"

#include "words/lexicon-parts.h"

/* ---- words that are not all ASCII ---- */

enum { WORD_MAX = 2 * LEXICON_TEXT_MAX };

struct run {
	const uint64_t *seed;
	lexicon_take *take;
	void *context;
	unsigned char word[WORD_MAX + 4];
	size_t len; /* beyond WORD_MAX: no name has such a word */
	size_t from, to;
};

static bool end_word(struct run *run)
{
	size_t len = run->len;
	run->len = 0;
	if (len == 0)
		return true;
	uint64_t hash = len <= WORD_MAX ? lexicon_hash_folded(run->seed, bytes_of(run->word, len)) : 0;
	return run->take(run->context, hash, run->from, run->to);
}

static bool take_point(struct run *run, uint32_t point, size_t from, size_t to)
{
	if (!text_is_word(point))
		return end_word(run);
	bool is_sign = text_is_cjk(point);
	if (is_sign && !end_word(run))
		return false;
	if (run->len == 0)
		run->from = from;
	run->to = to;
	run->len = run->len <= WORD_MAX ? run->len + text_encode(point, run->word + run->len) : run->len;
	return !is_sign || end_word(run);
}

/* The lengths are multiples of 2^64 over the golden ratio. */
/* clang-format off */
const struct lexicon_ones lexicon_ones[17] = {
	{0, 0, 0},
	{UINT64_C(0xFF), 0, UINT64_C(0x9E3779B97F4A7C15)},
	{UINT64_C(0xFFFF), 0, UINT64_C(0x3C6EF372FE94F82A)},
	{UINT64_C(0xFFFFFF), 0, UINT64_C(0xDAA66D2C7DDF743F)},
	{UINT64_C(0xFFFFFFFF), 0, UINT64_C(0x78DDE6E5FD29F054)},
	{UINT64_C(0xFFFFFFFFFF), 0, UINT64_C(0x1715609F7C746C69)},
	{UINT64_C(0xFFFFFFFFFFFF), 0, UINT64_C(0xB54CDA58FBBEE87E)},
	{UINT64_C(0xFFFFFFFFFFFFFF), 0, UINT64_C(0x538454127B096493)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), 0, UINT64_C(0xF1BBCDCBFA53E0A8)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFF), UINT64_C(0x8FF34785799E5CBD)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFF), UINT64_C(0x2E2AC13EF8E8D8D2)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFFFF), UINT64_C(0xCC623AF8783354E7)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFFFFFF), UINT64_C(0x6A99B4B1F77DD0FC)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFFFFFFFF), UINT64_C(0x8D12E6B76C84D11)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFFFFFFFFFF), UINT64_C(0xA708A824F612C926)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFFFFFFFFFFFF), UINT64_C(0x454021DE755D453B)},
	{UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xFFFFFFFFFFFFFFFF), UINT64_C(0xE3779B97F4A7C150)},
};
/* clang-format on */

/* Sixteen bytes at a time, zeroes behind the last; bits: set in all of them. */
static uint64_t hash_word(const uint64_t seed[2], struct bytes word, uint64_t bits)
{
	uint64_t hash = 0;
	do {
		unsigned char block[16] = {0};
		size_t len = word.len < sizeof block ? word.len : sizeof block;
		const struct lexicon_ones *ones = &lexicon_ones[len];
		memcpy(block, word.at, len);
		hash = lexicon_mix(((lexicon_load(block) | bits) & ones->low) ^ hash ^ seed[0],
		                   ((lexicon_load(block + 8) | bits) & ones->high) ^ seed[1] ^ ones->length);
		word = bytes_from(word, len);
	} while (word.len > 0);
	return hash;
}

uint64_t lexicon_hash_folded(const uint64_t seed[2], struct bytes word)
{
	return hash_word(seed, word, 0);
}

uint64_t lexicon_hash_ascii(const uint64_t seed[2], struct bytes word)
{
	return hash_word(seed, word, UINT64_C(0x2020202020202020));
}

bool lexicon_cut_run(const uint64_t seed[2], struct fold *fold, struct bytes text, size_t from, size_t to, lexicon_take *take,
                     void *context)
{
	struct run run = {.seed = seed, .take = take, .context = context};
	struct bytes rest = bytes_slice(text, from, to - from);
	struct folded folded;
	size_t at = from;
	while (fold_next(fold, &rest, &folded)) {
		size_t next = to - rest.len;
		for (unsigned i = 0; i < folded.count; i++)
			if (!take_point(&run, folded.points[i], at, next))
				return false;
		at = next;
	}
	return end_word(&run);
}

static bool count_word(void *context, uint64_t hash, size_t from, size_t to)
{
	(void)hash, (void)from, (void)to;
	++*(size_t *)context;
	return true;
}

size_t lexicon_count_words(struct fold *fold, struct bytes text)
{
	const uint64_t seed[2] = {0, 0};
	size_t count = 0;
	lexicon_cut(seed, fold, text, count_word, &count);
	return count;
}

/* ---- looking at a block ---- */

static bool is_within(const struct lexicon_head *head, uint32_t at, uint32_t len)
{
	return at <= head->string_size && len <= head->string_size - at;
}

static bool is_sound_text(const struct lexicon *lexicon, uint32_t at, uint32_t len)
{
	if (!is_within(lexicon->head, at, len))
		return false;
	struct bytes text = bytes_of(lexicon->strings + at, len);
	return text_is_valid(text) && bytes_find_byte(text, 0) == BYTES_NOT_FOUND;
}

static bool has_sound_nodes(const struct lexicon *lexicon)
{
	const struct lexicon_node *nodes = lexicon->nodes;
	uint32_t count = lexicon->head->node_count;
	if (nodes[0].failure != 0 || nodes[0].output != 0 || nodes[0].term != LEXICON_NO_TERM || nodes[0].depth != 0)
		return false;
	for (uint32_t i = 1; i < count; i++) {
		const struct lexicon_node *node = &nodes[i];
		if (node->depth == 0 || node->depth > LEXICON_WORDS_MAX || node->failure >= count ||
		    nodes[node->failure].depth >= node->depth)
			return false;
		if (node->term != LEXICON_NO_TERM && node->term >= lexicon->head->term_count)
			return false;
		if (node->output != 0 && (node->output >= count || nodes[node->output].term == LEXICON_NO_TERM ||
		                          nodes[node->output].depth > node->depth))
			return false;
	}
	return true;
}

static bool has_sound_slots(const struct lexicon *lexicon)
{
	size_t count = (size_t)1 << lexicon->head->slot_bits;
	for (size_t i = 0; i < count; i++)
		if (lexicon->slots[i].child >= lexicon->head->node_count)
			return false;
	return true;
}

static bool has_sound_texts(const struct lexicon *lexicon)
{
	for (uint32_t i = 0; i < lexicon->head->term_count; i++) {
		const struct lexicon_row *row = &lexicon->rows[i];
		if (row->owner >= lexicon->head->owner_count || row->kind >= LEXICON_KIND_COUNT || row->is_exact > 1 ||
		    row->text_length == 0 || row->text_length > LEXICON_TEXT_MAX ||
		    !is_sound_text(lexicon, row->text, row->text_length))
			return false;
	}
	for (uint32_t i = 0; i < lexicon->head->owner_count; i++) {
		const struct lexicon_holder *holder = &lexicon->holders[i];
		if (!is_sound_text(lexicon, holder->domain, holder->domain_length) ||
		    !is_sound_text(lexicon, holder->name, holder->name_length))
			return false;
	}
	return true;
}

enum status lexicon_open(struct bytes block, struct lexicon *ret_lexicon)
{
	const struct lexicon_head *head = (const void *)block.at;
	if (block.len < sizeof *head || block.len > LEXICON_SIZE_MAX || (uintptr_t)block.at % 8 != 0 ||
	    memcmp(head->magic, LEXICON_MAGIC, sizeof head->magic) != 0 || head->size != block.len)
		return STATUS_MALFORMED;
	if (head->single_bits < 6 || head->single_bits > 30 || head->pair_bits < 6 || head->pair_bits > 30 ||
	    head->slot_bits < 1 || head->slot_bits > 26 || head->node_count == 0 || head->node_count > LEXICON_SIZE_MAX ||
	    head->term_count > LEXICON_TERMS_MAX || head->owner_count > LEXICON_OWNERS_MAX ||
	    head->string_size > LEXICON_SIZE_MAX)
		return STATUS_MALFORMED;
	struct lexicon_layout layout = lexicon_lay_out(head);
	if (layout.end != block.len)
		return STATUS_MALFORMED;
	struct lexicon lexicon = {
		.block = block,
		.head = head,
		.singles = (const void *)(block.at + layout.singles),
		.pairs = (const void *)(block.at + layout.pairs),
		.slots = (const void *)(block.at + layout.slots),
		.nodes = (const void *)(block.at + layout.nodes),
		.rows = (const void *)(block.at + layout.rows),
		.holders = (const void *)(block.at + layout.holders),
		.strings = block.at + layout.strings,
	};
	if (!has_sound_nodes(&lexicon) || !has_sound_slots(&lexicon) || !has_sound_texts(&lexicon))
		return STATUS_MALFORMED;
	*ret_lexicon = lexicon;
	return STATUS_OK;
}

size_t lexicon_count_terms(const struct lexicon *lexicon)
{
	return lexicon->head->term_count;
}

struct lexicon_term lexicon_term_at(const struct lexicon *lexicon, size_t term)
{
	const struct lexicon_row *row = &lexicon->rows[term];
	return (struct lexicon_term){row->owner, (enum lexicon_kind)row->kind, row->is_exact,
	                             bytes_of(lexicon->strings + row->text, row->text_length)};
}

struct lexicon_owner lexicon_owner_at(const struct lexicon *lexicon, size_t owner)
{
	const struct lexicon_holder *holder = &lexicon->holders[owner];
	return (struct lexicon_owner){bytes_of(lexicon->strings + holder->domain, holder->domain_length),
	                              bytes_of(lexicon->strings + holder->name, holder->name_length)};
}

/* ---- what stands between and around words ---- */

enum gap { GAP_JOINS, GAP_COMMA, GAP_ENDS };

enum { GAP_MAX = 8, MARKS_MAX = 2, ABBREVIATION_MAX = 4 };

/* Letters and digits as a name is bounded by them; what is not ASCII counts. */
static bool is_word_byte(unsigned char c)
{
	unsigned char lower = c | 0x20;
	return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c >= 0x80;
}

/* Bytes of a mark that may join words, other than ASCII: a blank that does not break, an apostrophe, hyphens, a dash. */
static size_t joining_mark(struct bytes gap)
{
	static const char *const marks[] = {"\xC2\xA0", "\xE2\x80\x99", "\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x93"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (bytes_start_with(gap, bytes_of_string(marks[i])))
			return strlen(marks[i]);
	return 0;
}

/* before: the length of the word before it, by which a dot ends a sentence or does not. */
static enum gap weigh_gap(struct bytes gap, size_t before)
{
	enum gap answer = GAP_JOINS;
	unsigned lines = 0, marks = 0;
	if (gap.len > GAP_MAX)
		return GAP_ENDS;
	for (size_t i = 0; i < gap.len; i++) {
		bool is_last = i + 1 == gap.len;
		switch (gap.at[i]) {
		case ' ':
		case '\r': break;
		case '\n': lines++; break;
		case '-':
		case '\'':
		case '&':
		case '+': marks++; break;
		case '.':
			marks++;
			if (!is_last && before > ABBREVIATION_MAX)
				return GAP_ENDS;
			break;
		case ',': answer = GAP_COMMA; break;
		default: {
			size_t len = joining_mark(bytes_from(gap, i));
			if (len == 0)
				return GAP_ENDS;
			marks += len > 2;
			i += len - 1;
		}
		}
	}
	return lines > 1 || marks > MARKS_MAX ? GAP_ENDS : answer;
}

/* A part of an address, a host or a file's name is no name of anybody. */
static bool is_part_of_address(struct bytes text, size_t from, size_t to)
{
	unsigned char before = from > 0 ? text.at[from - 1] : ' ', after = to < text.len ? text.at[to] : ' ';
	bool has_more_before = from > 1 && is_word_byte(text.at[from - 2]);
	bool has_more_after = to + 1 < text.len && is_word_byte(text.at[to + 1]);
	return before == '@' || before == '_' || before == '\\' || before == '=' ||
	       (before == '/' && from > 1 && !has_more_before) || (before == '.' && has_more_before) || after == '@' ||
	       after == '_' || after == '\\' || (after == '.' && has_more_after);
}

/* A number goes on behind what binds digits. */
static bool is_part_of_number(struct bytes text, size_t from, size_t to)
{
	static const char binds[] = "-.,/:_#+";
	bool before = from > 1 && strchr(binds, text.at[from - 1]) != NULL && is_word_byte(text.at[from - 2]);
	bool after = to + 1 < text.len && strchr(binds, text.at[to]) != NULL && is_word_byte(text.at[to + 1]);
	return before || after;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\r';
}

/* Whether it is written so, blanks alike. */
static bool is_written_so(struct bytes raw, struct bytes term, bool is_any_case)
{
	size_t i = 0, j = 0;
	while (i < raw.len && j < term.len) {
		if (is_blank(raw.at[i]) && is_blank(term.at[j])) {
			while (i < raw.len && is_blank(raw.at[i]))
				i++;
			while (j < term.len && is_blank(term.at[j]))
				j++;
			continue;
		}
		struct bytes a = bytes_of(&raw.at[i++], 1), b = bytes_of(&term.at[j++], 1);
		if (is_any_case ? !bytes_equal_nocase(a, b) : a.at[0] != b.at[0])
			return false;
	}
	return i == raw.len && j == term.len;
}

/* ---- walking ---- */

struct place {
	size_t from, to;
	bool has_comma; /* before it */
};

struct walk {
	const struct lexicon *lexicon;
	struct bytes text;
	lexicon_found *found;
	void *context;
	const uint64_t *singles, *pairs; /* its filters */
	unsigned single_shift, pair_shift;
	uint32_t state;     /* of two words or more; else 0: then only the last word counts */
	uint64_t last_word; /* and where it stands: */
	size_t last_from, last_to;
	size_t words, comma;                    /* in places so far, and up to the last behind a comma */
	struct place places[LEXICON_WORDS_MAX]; /* of the words that led to the state, behind one another */
	struct lexicon_match pending;           /* until it is plain that no longer one begins where it does */
	bool has_pending;
	size_t taken; /* up to where the text is somebody's name */
	enum status status;
};

static const struct place *place_of(const struct walk *walk, size_t back)
{
	return &walk->places[(walk->words - 1 - back) % LEXICON_WORDS_MAX];
}

static void put_place(struct walk *walk, size_t from, size_t to, bool has_comma)
{
	walk->places[walk->words++ % LEXICON_WORDS_MAX] = (struct place){from, to, has_comma};
	walk->comma = has_comma ? walk->words : walk->comma;
}

/* The child that a word leads to, 0 if none. */
static uint32_t step(const struct lexicon *lexicon, uint32_t node, uint64_t word)
{
	const struct lexicon_head *head = lexicon->head;
	uint64_t key = lexicon_step_key(head->seed, node, word);
	size_t mask = ((size_t)1 << head->slot_bits) - 1, at = (size_t)key & mask;
	for (unsigned probe = 0; probe < LEXICON_PROBES_MAX && lexicon->slots[at].child != 0; probe++, at = (at + 1) & mask)
		if (lexicon->slots[at].key == key) {
			uint32_t child = lexicon->slots[at].child;
			return lexicon->nodes[child].depth == lexicon->nodes[node].depth + 1 ? child : 0;
		}
	return 0;
}

/* "Contoso, Inc." is one; what a list has side by side is none. */
static bool has_no_comma(const struct walk *walk, size_t depth)
{
	static const char *const forms[] = {"inc", "incorporated", "corp", "corporation", "ltd", "limited", "llc",
	                                    "llp", "lp",           "plc",  "gmbh",        "ag",  "kg",      "sa",
	                                    "sas", "sarl",         "srl",  "spa",         "bv",  "nv"};
	const struct place *last = place_of(walk, 0);
	bool is_form = false;
	if (walk->words - walk->comma + 1 >= depth)
		return true;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		is_form |= bytes_equal_nocase(bytes_slice(walk->text, last->from, last->to - last->from),
		                              bytes_of_string(forms[i]));
	for (size_t back = is_form; back + 1 < depth; back++)
		if (place_of(walk, back)->has_comma)
			return false;
	return true;
}

/* Whether the term of a node is what stands there. Tells its place. */
static bool fits(const struct walk *walk, const struct lexicon_node *node, struct lexicon_match *ret_match)
{
	struct lexicon_term term = lexicon_term_at(walk->lexicon, node->term);
	size_t from = place_of(walk, node->depth - 1)->from, to = place_of(walk, 0)->to;
	struct bytes raw = bytes_slice(walk->text, from, to - from);
	*ret_match = (struct lexicon_match){node->term, from, to};
	/* Marks at its ends belong to no word of it, and are as they may be: "Inc." */
	while (term.text.len > 0 && !is_word_byte(term.text.at[term.text.len - 1]))
		term.text.len--;
	while (term.text.len > 0 && !is_word_byte(term.text.at[0]))
		term.text = bytes_from(term.text, 1);
	if (is_part_of_address(walk->text, from, to))
		return false;
	if (term.kind == LEXICON_NUMBER)
		return !is_part_of_number(walk->text, from, to) && is_written_so(raw, term.text, true);
	if (term.is_exact)
		return is_written_so(raw, term.text, false);
	return bytes_find_byte(term.text, ',') != BYTES_NOT_FOUND || has_no_comma(walk, node->depth);
}

static void hand_on(struct walk *walk)
{
	if (!walk->has_pending)
		return;
	walk->has_pending = false;
	walk->taken = walk->pending.to;
	walk->status = walk->found(walk->context, &walk->pending);
}

static void consider(struct walk *walk, const struct lexicon_match *match)
{
	if (match->from < walk->taken)
		return;
	if (walk->has_pending && match->from > walk->pending.from) {
		if (match->from < walk->pending.to)
			return;
		hand_on(walk);
	}
	walk->pending = *match;
	walk->has_pending = true;
}

/* The longest term that ends at the last word, the state being a node. */
static void take_outputs(struct walk *walk, uint32_t state)
{
	const struct lexicon_node *nodes = walk->lexicon->nodes;
	struct lexicon_match match;
	for (uint32_t node = nodes[state].output; node != 0; node = nodes[nodes[node].failure].output)
		if (fits(walk, &nodes[node], &match)) {
			consider(walk, &match);
			return;
		}
}

/* Nothing that is still being walked began so early. from: where that begins. */
static void settle(struct walk *walk, size_t from)
{
	if (walk->has_pending && from > walk->pending.from)
		hand_on(walk);
}

static enum gap gap_before(const struct walk *walk, size_t from)
{
	return weigh_gap(bytes_slice(walk->text, walk->last_to, from - walk->last_to), walk->last_to - walk->last_from);
}

/* The node of a word and, where it joins it, the one before; then nothing was under way. */
static uint32_t set_out(struct walk *walk, uint64_t word, size_t from, size_t to)
{
	const struct lexicon *lexicon = walk->lexicon;
	uint32_t first = walk->last_to > 0 ? step(lexicon, 0, walk->last_word) : 0;
	uint32_t both = first != 0 ? step(lexicon, first, word) : 0;
	enum gap gap = both != 0 ? gap_before(walk, from) : GAP_ENDS;
	if (gap == GAP_ENDS) {
		put_place(walk, from, to, false);
		return step(lexicon, 0, word);
	}
	put_place(walk, walk->last_from, walk->last_to, false);
	put_place(walk, from, to, gap == GAP_COMMA);
	return both;
}

/* The node that a word leads to from what is under way. */
static uint32_t go_on(struct walk *walk, uint64_t word, size_t from, size_t to)
{
	const struct lexicon *lexicon = walk->lexicon;
	enum gap gap = gap_before(walk, from);
	uint32_t node = gap == GAP_ENDS ? 0 : walk->state, child = step(lexicon, node, word);
	while (child == 0 && node != 0) {
		node = lexicon->nodes[node].failure;
		child = step(lexicon, node, word);
	}
	put_place(walk, from, to, gap == GAP_COMMA);
	return child;
}

static bool walk_on(struct walk *walk, uint64_t word, size_t from, size_t to)
{
	uint32_t node = walk->state != 0 ? go_on(walk, word, from, to) : set_out(walk, word, from, to);
	size_t depth = walk->lexicon->nodes[node].depth;
	settle(walk, depth > 0 ? place_of(walk, depth - 1)->from : to);
	take_outputs(walk, node);
	walk->state = depth > 1 ? node : 0;
	return walk->status == STATUS_OK;
}

/* Most words begin nothing, and nothing is under way. */
static inline bool take_word(void *context, uint64_t word, size_t from, size_t to)
{
	struct walk *walk = context;
	unsigned begins = lexicon_filter_has(walk->singles, walk->single_shift, word) |
	                  lexicon_filter_has(walk->pairs, walk->pair_shift, lexicon_pair(walk->last_word, word));
	bool goes_on = true;
	if (__builtin_expect(begins != 0 || walk->state != 0 || walk->has_pending, 0))
		goes_on = walk_on(walk, word, from, to);
	walk->last_word = word;
	walk->last_from = from;
	walk->last_to = to;
	return goes_on;
}

enum status lexicon_find(const struct lexicon *lexicon, struct fold *fold, struct bytes text, lexicon_found *found, void *context)
{
	struct walk walk = {
		.lexicon = lexicon,
		.text = text,
		.found = found,
		.context = context,
		.singles = lexicon->singles,
		.pairs = lexicon->pairs,
		.single_shift = 64 - lexicon->head->single_bits,
		.pair_shift = 64 - lexicon->head->pair_bits,
	};
	const uint64_t seed[2] = {lexicon->head->seed[0], lexicon->head->seed[1]};
	if (lexicon->head->term_count == 0)
		return STATUS_OK;
	if (lexicon_cut(seed, fold, text, take_word, &walk))
		hand_on(&walk);
	return walk.status;
}
