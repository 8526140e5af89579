/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building a lexicon: the trie term by term, in a table of steps that grows;
 * then nodes by their depth, so that a failure is known before it is followed;
 * then all of it laid out in one block.
 */
#include "words/lexicon-parts.h"

#include <assert.h>
#include <stdlib.h>

enum { SINGLE_BITS_LEAST = 12, SINGLE_BITS_MOST = 22, PAIR_BITS_LEAST = 12, PAIR_BITS_MOST = 24, SLOT_BITS_LEAST = 8 };

struct building {
	uint64_t seed[2];
	struct lexicon_slot *slots;
	unsigned slot_bits;
	struct lexicon_node *nodes;
	uint64_t *words;   /* that led to each */
	uint32_t *parents; /* of each */
	uint32_t node_count, node_capacity;
	uint32_t single_count, pair_count;
};

/* ---- steps ---- */

/* The slot of a step, or the empty one where it belongs. */
static struct lexicon_slot *find_slot(struct lexicon_slot *slots, unsigned bits, uint64_t key)
{
	size_t mask = ((size_t)1 << bits) - 1, at = (size_t)key & mask;
	while (slots[at].child != 0 && slots[at].key != key)
		at = (at + 1) & mask;
	return &slots[at];
}

static enum status grow_slots(struct building *building)
{
	unsigned bits = building->slot_bits + 1;
	struct lexicon_slot *slots = calloc((size_t)1 << bits, sizeof *slots);
	if (slots == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < (size_t)1 << building->slot_bits; i++)
		if (building->slots[i].child != 0)
			*find_slot(slots, bits, building->slots[i].key) = building->slots[i];
	free(building->slots);
	building->slots = slots;
	building->slot_bits = bits;
	return STATUS_OK;
}

static enum status make_room(struct building *building)
{
	if (2 * (size_t)building->node_count >= (size_t)1 << building->slot_bits) {
		enum status status = grow_slots(building);
		if (status != STATUS_OK)
			return status;
	}
	if (building->node_count < building->node_capacity)
		return STATUS_OK;
	uint32_t capacity = building->node_capacity > 0 ? 2 * building->node_capacity : 1024;
	struct lexicon_node *nodes = realloc(building->nodes, capacity * sizeof *nodes);
	if (nodes != NULL)
		building->nodes = nodes;
	uint64_t *words = realloc(building->words, capacity * sizeof *words);
	if (words != NULL)
		building->words = words;
	uint32_t *parents = realloc(building->parents, capacity * sizeof *parents);
	if (parents != NULL)
		building->parents = parents;
	if (nodes == NULL || words == NULL || parents == NULL)
		return STATUS_NO_MEMORY;
	building->node_capacity = capacity;
	return STATUS_OK;
}

static void add_node(struct building *building, uint32_t parent, uint64_t word, uint32_t depth)
{
	building->words[building->node_count] = word;
	building->parents[building->node_count] = parent;
	building->nodes[building->node_count++] = (struct lexicon_node){0, 0, LEXICON_NO_TERM, depth};
}

static enum status step_from(struct building *building, uint32_t node, uint64_t word, uint32_t *ret_child)
{
	uint64_t key = lexicon_step_key(building->seed, node, word);
	enum status status = make_room(building);
	if (status != STATUS_OK)
		return status;
	struct lexicon_slot *slot = find_slot(building->slots, building->slot_bits, key);
	if (slot->child == 0) {
		*slot = (struct lexicon_slot){.key = key, .child = building->node_count};
		add_node(building, node, word, building->nodes[node].depth + 1);
		building->pair_count += building->nodes[slot->child].depth == 2;
	}
	*ret_child = slot->child;
	return STATUS_OK;
}

static uint32_t child_of(const struct building *building, uint32_t node, uint64_t word)
{
	return find_slot(building->slots, building->slot_bits, lexicon_step_key(building->seed, node, word))->child;
}

/* ---- terms ---- */

struct path {
	struct building *building;
	uint32_t node;
	enum status status;
};

static bool follow(void *context, uint64_t word, size_t from, size_t to)
{
	struct path *path = context;
	(void)from, (void)to;
	path->status = step_from(path->building, path->node, word, &path->node);
	return path->status == STATUS_OK;
}

static enum status add_terms(struct building *building, struct fold *fold, const struct lexicon_term *terms, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct path path = {building, 0, STATUS_OK};
		assert(terms[i].text.len > 0 && terms[i].text.len <= LEXICON_TEXT_MAX);
		lexicon_cut(building->seed, fold, terms[i].text, follow, &path);
		if (path.status != STATUS_OK)
			return path.status;
		struct lexicon_node *node = &building->nodes[path.node];
		assert(node->depth > 0 && node->depth <= LEXICON_WORDS_MAX);
		if (node->term != LEXICON_NO_TERM)
			continue;
		node->term = (uint32_t)i;
		building->single_count += node->depth == 1;
	}
	return STATUS_OK;
}

/* ---- failures ---- */

/* Nodes by depth, the root left out. */
static uint32_t *sort_by_depth(const struct building *building)
{
	size_t starts[LEXICON_WORDS_MAX + 2] = {0};
	uint32_t *order = malloc((building->node_count + (size_t)1) * sizeof *order);
	if (order == NULL)
		return NULL;
	for (uint32_t i = 1; i < building->node_count; i++)
		starts[building->nodes[i].depth + 1]++;
	for (size_t depth = 1; depth <= LEXICON_WORDS_MAX + 1; depth++)
		starts[depth] += starts[depth - 1];
	for (uint32_t i = 1; i < building->node_count; i++)
		order[starts[building->nodes[i].depth]++] = i;
	return order;
}

static void find_failure(struct building *building, uint32_t at)
{
	struct lexicon_node *nodes = building->nodes;
	uint32_t failure = nodes[building->parents[at]].failure;
	uint64_t word = building->words[at];
	uint32_t child = 0;
	if (nodes[at].depth > 1) {
		child = child_of(building, failure, word);
		while (child == 0 && failure != 0) {
			failure = nodes[failure].failure;
			child = child_of(building, failure, word);
		}
	}
	nodes[at].failure = child;
}

static enum status find_failures(struct building *building)
{
	uint32_t *order = sort_by_depth(building);
	enum status status = order != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (uint32_t i = 0; status == STATUS_OK && i + 1 < building->node_count; i++)
		find_failure(building, order[i]);
	for (uint32_t i = 0; status == STATUS_OK && i + 1 < building->node_count; i++) {
		struct lexicon_node *node = &building->nodes[order[i]];
		node->output = node->term != LEXICON_NO_TERM ? order[i] : building->nodes[node->failure].output;
	}
	free(order);
	return status;
}

/* ---- the block ---- */

static unsigned bits_for(size_t count, unsigned least, unsigned most)
{
	unsigned bits = least;
	while (bits < most && (size_t)1 << bits < count)
		bits++;
	return bits;
}

static void set_bit(uint64_t *filter, unsigned bits, uint64_t hash)
{
	uint64_t bit = hash >> (64 - bits);
	filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void fill_filters(const struct building *building, const struct lexicon_head *head, const struct lexicon_layout *layout,
                         unsigned char *block)
{
	uint64_t *singles = (void *)(block + layout->singles), *pairs = (void *)(block + layout->pairs);
	for (uint32_t i = 1; i < building->node_count; i++) {
		const struct lexicon_node *node = &building->nodes[i];
		if (node->depth == 1 && node->term != LEXICON_NO_TERM)
			set_bit(singles, head->single_bits, building->words[i]);
		if (node->depth == 2)
			set_bit(pairs, head->pair_bits, lexicon_pair(building->words[building->parents[i]], building->words[i]));
	}
}

static uint32_t put_string(struct buffer *strings, struct bytes text)
{
	uint32_t at = (uint32_t)strings->len;
	buffer_append(strings, text);
	return at;
}

static void fill_rows(struct lexicon_row *rows, const struct lexicon_term *terms, size_t count, struct buffer *strings)
{
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct lexicon_row){
			.owner = terms[i].owner,
			.text = put_string(strings, terms[i].text),
			.text_length = (uint16_t)terms[i].text.len,
			.kind = (uint8_t)terms[i].kind,
			.is_exact = terms[i].is_exact,
		};
}

static void fill_holders(struct lexicon_holder *holders, const struct lexicon_owner *owners, size_t count, struct buffer *strings)
{
	for (size_t i = 0; i < count; i++) {
		struct bytes name = bytes_slice(owners[i].name, 0, LEXICON_TEXT_MAX);
		holders[i] = (struct lexicon_holder){
			.domain = put_string(strings, owners[i].domain),
			.name = put_string(strings, name),
			.domain_length = (uint16_t)owners[i].domain.len,
			.name_length = (uint16_t)name.len,
		};
	}
}

static size_t count_string_bytes(const struct lexicon_owner *owners, size_t owner_count, const struct lexicon_term *terms,
                                 size_t term_count)
{
	size_t size = 0;
	for (size_t i = 0; i < term_count; i++)
		size += terms[i].text.len;
	for (size_t i = 0; i < owner_count; i++)
		size += owners[i].domain.len + bytes_slice(owners[i].name, 0, LEXICON_TEXT_MAX).len;
	return size;
}

static enum status lay_out(const struct building *building, const struct lexicon_owner *owners, size_t owner_count,
                           const struct lexicon_term *terms, size_t term_count, struct buffer *into)
{
	struct lexicon_head head = {
		.seed = {building->seed[0], building->seed[1]},
		.single_bits = bits_for(16 * (size_t)building->single_count, SINGLE_BITS_LEAST, SINGLE_BITS_MOST),
		.pair_bits = bits_for(32 * (size_t)building->pair_count, PAIR_BITS_LEAST, PAIR_BITS_MOST),
		.slot_bits = building->slot_bits,
		.node_count = building->node_count,
		.term_count = (uint32_t)term_count,
		.owner_count = (uint32_t)owner_count,
		.string_size = count_string_bytes(owners, owner_count, terms, term_count),
	};
	memcpy(head.magic, LEXICON_MAGIC, sizeof head.magic);
	struct lexicon_layout layout = lexicon_lay_out(&head);
	head.size = layout.end;
	if (layout.end > LEXICON_SIZE_MAX)
		return STATUS_TOO_LARGE;
	struct buffer strings = buffer_with_ceiling(LEXICON_SIZE_MAX);
	unsigned char *block = buffer_extend(into, layout.end);
	if (block == NULL)
		return buffer_status(into);
	memset(block, 0, layout.end);
	memcpy(block, &head, sizeof head);
	fill_filters(building, &head, &layout, block);
	memcpy(block + layout.slots, building->slots, sizeof *building->slots << building->slot_bits);
	memcpy(block + layout.nodes, building->nodes, building->node_count * sizeof *building->nodes);
	fill_rows((void *)(block + layout.rows), terms, term_count, &strings);
	fill_holders((void *)(block + layout.holders), owners, owner_count, &strings);
	enum status status = buffer_status(&strings);
	if (status == STATUS_OK && strings.len > 0)
		memcpy(block + layout.strings, strings.at, strings.len);
	buffer_free(&strings);
	return status;
}

static enum status build(struct building *building, struct fold *fold, const struct lexicon_owner *owners, size_t owner_count,
                         const struct lexicon_term *terms, size_t term_count, struct buffer *into)
{
	building->slot_bits = SLOT_BITS_LEAST;
	building->slots = calloc((size_t)1 << SLOT_BITS_LEAST, sizeof *building->slots);
	enum status status = building->slots != NULL ? make_room(building) : STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return status;
	add_node(building, 0, 0, 0);
	status = add_terms(building, fold, terms, term_count);
	if (status == STATUS_OK)
		status = find_failures(building);
	return status == STATUS_OK ? lay_out(building, owners, owner_count, terms, term_count, into) : status;
}

enum status lexicon_build(struct fold *fold, const unsigned char seed[LEXICON_SEED_SIZE], const struct lexicon_owner *owners,
                          size_t owner_count, const struct lexicon_term *terms, size_t term_count, struct buffer *into)
{
	struct building building = {.seed = {load_le64(seed), load_le64(seed + 8)}};
	if (owner_count > LEXICON_OWNERS_MAX || term_count > LEXICON_TERMS_MAX)
		return STATUS_TOO_LARGE;
	enum status status = build(&building, fold, owners, owner_count, terms, term_count, into);
	free(building.slots);
	free(building.nodes);
	free(building.words);
	free(building.parents);
	return status;
}
