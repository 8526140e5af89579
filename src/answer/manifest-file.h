/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Manifests as they come from another party: read as strangers' bytes. The one
 * form is taken that manifest.h writes, with members in any order and white
 * space between them; what is unknown, stands twice or out of order is refused.
 * Memory does not grow with the file.
 */
#ifndef TIDEMARK_ANSWER_MANIFEST_FILE_H
#define TIDEMARK_ANSWER_MANIFEST_FILE_H

#include "answer/manifest.h"

struct manifest_source {
	const char *name; /* for errors */
	/** Up to room bytes from offset on into into; none: the end. */
	enum status (*read_at)(void *context, uint64_t offset, unsigned char *into, size_t room, size_t *ret_got);
	void *context;
};

struct manifest_file {
	struct manifest told;                        /* as the file says */
	bool has_leaves, has_trees;                  /* of the file: without either nothing can be recomputed */
	struct manifest_tree counted[MEASURE_COUNT]; /* recomputed from leaves; without them the file's own trees */
	uint64_t leaves_at[MEASURE_COUNT];           /* offset of each array */
};

/** MALFORMED says at which byte, and why. */
enum status manifest_file_read(const struct manifest_source *source, struct manifest_file *ret_file,
                               struct failure *reterr) MUST_CHECK;

/** Whether root, size and trees follow from what the file has; of one with neither leaves nor trees there is nothing to tell. */
bool manifest_file_holds(const struct manifest_file *file);

struct manifest_overlap {
	bool is_known; /* both counted it */
	uint64_t both, only_a, only_b;
};
/** Both have leaves, and were read from these sources. */
enum status manifest_file_compare(const struct manifest_source *source_a, const struct manifest_file *a,
                                  const struct manifest_source *source_b, const struct manifest_file *b,
                                  struct manifest_overlap ret_overlaps[MEASURE_COUNT], struct failure *reterr) MUST_CHECK;

#endif
