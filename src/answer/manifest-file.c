/* SPDX-License-Identifier: Apache-2.0 */
/* One pass reads a manifest and counts its leaves; comparing two walks both files again, a measure at a time. */
#include "answer/manifest-reader.h"

enum { NAME_MAX_LENGTH = 32 };

/* ---- members ---- */

static bool read_measure_name(struct manifest_reader *reader, enum measure_kind *ret_measure)
{
	char name[NAME_MAX_LENGTH + 1];
	if (!manifest_reader_text(reader, name, NAME_MAX_LENGTH) || !manifest_reader_expect(reader, ':'))
		return false;
	*ret_measure = measure_from_name(bytes_of_string(name));
	return *ret_measure != MEASURE_COUNT || manifest_reader_refuse(reader, "this version knows no such measure");
}

/* The next leaf of an array whose first bracket was taken; false behind the last, or where it failed. */
static bool next_leaf(struct manifest_reader *reader, bool is_first, unsigned char leaf[LEAF_SIZE])
{
	unsigned char before[LEAF_SIZE];
	if (manifest_reader_takes(reader, ']'))
		return false;
	memcpy(before, leaf, LEAF_SIZE);
	if ((!is_first && !manifest_reader_expect(reader, ',')) || !manifest_reader_hex(reader, leaf, LEAF_SIZE))
		return false;
	return is_first || memcmp(before, leaf, LEAF_SIZE) < 0 || manifest_reader_refuse(reader, "leaves are not ascending");
}

static bool read_leaves(struct manifest_reader *reader, struct manifest_file *file, enum measure_kind measure)
{
	struct merkle tree = {.count = 0};
	unsigned char leaf[LEAF_SIZE] = {0};
	if (file->counted[measure].is_counted)
		return manifest_reader_refuse(reader, "a measure stands twice");
	if (!manifest_reader_expect(reader, '['))
		return false;
	file->leaves_at[measure] = manifest_reader_offset(reader);
	while (next_leaf(reader, tree.count == 0, leaf))
		merkle_add(&tree, bytes_of(leaf, sizeof leaf));
	file->counted[measure].is_counted = true;
	file->counted[measure].size = tree.count;
	merkle_root(&tree, file->counted[measure].root);
	return reader->failed == STATUS_OK;
}

static bool read_tree(struct manifest_reader *reader, struct manifest_tree *tree)
{
	char name[NAME_MAX_LENGTH + 1];
	bool has_root = false, has_size = false;
	if (tree->is_counted)
		return manifest_reader_refuse(reader, "a tree stands twice");
	if (!manifest_reader_expect(reader, '{'))
		return false;
	do {
		if (!manifest_reader_text(reader, name, NAME_MAX_LENGTH) || !manifest_reader_expect(reader, ':'))
			return false;
		bool is_root = strcmp(name, "root") == 0;
		if (is_root ? has_root : has_size || strcmp(name, "size") != 0)
			return manifest_reader_refuse(reader, "a tree has a root and a size");
		if (is_root ? !manifest_reader_hex(reader, tree->root, sizeof tree->root)
		            : !manifest_reader_number(reader, &tree->size))
			return false;
		*(is_root ? &has_root : &has_size) = true;
	} while (manifest_reader_takes(reader, ','));
	if (!has_root || !has_size)
		return manifest_reader_refuse(reader, "a tree has a root and a size");
	tree->is_counted = true;
	return manifest_reader_expect(reader, '}');
}

static bool read_measures(struct manifest_reader *reader, struct manifest_file *file)
{
	enum measure_kind measure;
	if (manifest_reader_takes_null(reader))
		return true;
	file->has_leaves = true;
	if (!manifest_reader_expect(reader, '{'))
		return false;
	if (manifest_reader_takes(reader, '}'))
		return true;
	do
		if (!read_measure_name(reader, &measure) || !read_leaves(reader, file, measure))
			return false;
	while (manifest_reader_takes(reader, ','));
	return manifest_reader_expect(reader, '}');
}

static bool read_trees(struct manifest_reader *reader, struct manifest_file *file)
{
	enum measure_kind measure;
	if (manifest_reader_takes_null(reader))
		return true;
	file->has_trees = true;
	if (!manifest_reader_expect(reader, '{'))
		return false;
	if (manifest_reader_takes(reader, '}'))
		return true;
	do
		if (!read_measure_name(reader, &measure) || !read_tree(reader, &file->told.trees[measure]))
			return false;
	while (manifest_reader_takes(reader, ','));
	return manifest_reader_expect(reader, '}');
}

static bool read_size(struct manifest_reader *reader, struct manifest_file *file)
{
	if (manifest_reader_takes_null(reader))
		return true;
	file->told.has_size = true;
	return manifest_reader_number(reader, &file->told.size);
}

static bool read_version(struct manifest_reader *reader, struct manifest_file *file)
{
	uint64_t version;
	(void)file;
	if (!manifest_reader_number(reader, &version))
		return false;
	return version == MANIFEST_VERSION || manifest_reader_refuse(reader, "this is the version of a newer program");
}

static bool read_rules(struct manifest_reader *reader, struct manifest_file *file)
{
	return manifest_reader_text(reader, file->told.rules_version, MANIFEST_RULES_MAX);
}

#define READ_HEX(member) \
	static bool read_##member(struct manifest_reader *reader, struct manifest_file *file) \
	{ \
		return manifest_reader_hex(reader, file->told.member, sizeof file->told.member); \
	}
READ_HEX(root)
READ_HEX(public_key)
READ_HEX(scope_key)
READ_HEX(signature)

static const struct {
	const char *name;
	bool (*read)(struct manifest_reader *reader, struct manifest_file *file);
} members[] = {
	{"measures", read_measures},   {"public_key", read_public_key}, {"root", read_root},
	{"rules_version", read_rules}, {"scope_key", read_scope_key},   {"signature", read_signature},
	{"size", read_size},           {"trees", read_trees},           {"version", read_version},
};
enum { MEMBERS = sizeof members / sizeof *members };

static bool read_member(struct manifest_reader *reader, struct manifest_file *file, unsigned *seen)
{
	char name[NAME_MAX_LENGTH + 1];
	if (!manifest_reader_text(reader, name, NAME_MAX_LENGTH) || !manifest_reader_expect(reader, ':'))
		return false;
	for (unsigned i = 0; i < MEMBERS; i++) {
		if (strcmp(name, members[i].name) != 0)
			continue;
		if (*seen >> i & 1)
			return manifest_reader_refuse(reader, "a member stands twice");
		*seen |= 1u << i;
		return members[i].read(reader, file);
	}
	return manifest_reader_refuse(reader, "this version knows no such member");
}

static void read_object(struct manifest_reader *reader, struct manifest_file *file)
{
	unsigned seen = 0;
	if (!manifest_reader_expect(reader, '{'))
		return;
	do
		if (!read_member(reader, file, &seen))
			return;
	while (manifest_reader_takes(reader, ','));
	if (!manifest_reader_expect(reader, '}'))
		return;
	if (seen != (1u << MEMBERS) - 1)
		manifest_reader_refuse(reader, "a member is missing");
	else if (manifest_reader_peek(reader) >= 0)
		manifest_reader_refuse(reader, "something stands behind its end");
}

enum status manifest_file_read(const struct manifest_source *source, struct manifest_file *ret_file, struct failure *reterr)
{
	struct manifest_reader reader;
	struct manifest_file file = {.has_leaves = false};
	manifest_reader_begin(&reader, source, 0);
	read_object(&reader, &file);
	if (!file.has_leaves)
		memcpy(file.counted, file.told.trees, sizeof file.counted);
	enum status status = manifest_reader_end(&reader, reterr);
	if (status == STATUS_OK)
		*ret_file = file;
	return status;
}

/* ---- does it hold ---- */

static bool trees_are_equal(const struct manifest_tree *a, const struct manifest_tree *b)
{
	return a->is_counted == b->is_counted &&
	       (!a->is_counted || (a->size == b->size && memcmp(a->root, b->root, sizeof a->root) == 0));
}

bool manifest_file_holds(const struct manifest_file *file)
{
	struct manifest recomputed = file->told;
	unsigned char root[DIGEST_SHA256_SIZE];
	uint64_t size = 0;
	bool are_equal = true;
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++) {
		const struct manifest_tree *counted = &file->counted[measure];
		recomputed.trees[measure] = *counted;
		if (counted->is_counted && __builtin_add_overflow(size, counted->size, &size))
			return false;
		are_equal = are_equal && (!file->has_trees || trees_are_equal(counted, &file->told.trees[measure]));
	}
	manifest_root_of(&recomputed, root);
	return are_equal && (!file->told.has_size || file->told.size == size) && memcmp(root, file->told.root, sizeof root) == 0;
}

/* ---- comparing ---- */

/* The leaves of one measure of one file, from its array's first bracket on. */
struct walk {
	struct manifest_reader reader;
	unsigned char leaf[LEAF_SIZE];
	bool has_leaf;
};

static void begin_walk(struct walk *walk, const struct manifest_source *source, uint64_t at)
{
	manifest_reader_begin(&walk->reader, source, at);
	memset(walk->leaf, 0, LEAF_SIZE);
	walk->has_leaf = next_leaf(&walk->reader, true, walk->leaf);
}

static void go_on(struct walk *walk)
{
	walk->has_leaf = next_leaf(&walk->reader, false, walk->leaf);
}

static void compare_measure(struct walk *a, struct walk *b, struct manifest_overlap *overlap)
{
	overlap->is_known = true;
	while (a->has_leaf || b->has_leaf) {
		int order = !b->has_leaf ? -1 : !a->has_leaf ? 1 : memcmp(a->leaf, b->leaf, LEAF_SIZE);
		++*(order == 0 ? &overlap->both : order < 0 ? &overlap->only_a : &overlap->only_b);
		if (order <= 0)
			go_on(a);
		if (order >= 0)
			go_on(b);
	}
}

enum status manifest_file_compare(const struct manifest_source *source_a, const struct manifest_file *a,
                                  const struct manifest_source *source_b, const struct manifest_file *b,
                                  struct manifest_overlap ret_overlaps[MEASURE_COUNT], struct failure *reterr)
{
	struct manifest_overlap overlaps[MEASURE_COUNT] = {{.is_known = false}};
	struct walk walk_a, walk_b;
	enum status status = STATUS_OK;
	for (unsigned measure = 0; measure < MEASURE_COUNT && status == STATUS_OK; measure++) {
		if (!a->counted[measure].is_counted || !b->counted[measure].is_counted)
			continue;
		begin_walk(&walk_a, source_a, a->leaves_at[measure]);
		begin_walk(&walk_b, source_b, b->leaves_at[measure]);
		compare_measure(&walk_a, &walk_b, &overlaps[measure]);
		status = manifest_reader_end(&walk_a.reader, reterr);
		if (status == STATUS_OK)
			status = manifest_reader_end(&walk_b.reader, reterr);
	}
	if (status == STATUS_OK)
		memcpy(ret_overlaps, overlaps, sizeof overlaps);
	return status;
}
