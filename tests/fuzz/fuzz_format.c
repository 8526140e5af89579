/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a format: the one that FUZZED_FORMAT names (for a fuzzing engine
 * the build makes a program for each of the registry), else the one that the
 * first argument names: mapped and by views alike, and no call after a
 * refusal. So many calls are allowed and then refused: bombs are no finding
 * here, going on is.
 */
#include "recording-emitter.h"

#include <stdlib.h>

#ifdef FUZZED_FORMAT
extern const struct format FUZZED_FORMAT;
static const struct format *fuzzed = &FUZZED_FORMAT;
#else
static const struct format *fuzzed;
#endif

enum { CALLS_MAX = 500 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* Takes the name away, where it is one. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	for (size_t i = 0; fuzzed == NULL && *argc > 1 && format_registry[i] != NULL; i++)
		if (strcmp(format_registry[i]->name, (*argv)[1]) == 0) {
			fuzzed = format_registry[i];
			(*argv)[1] = (*argv)[0];
			++*argv;
			--*argc;
		}
	require(fuzzed != NULL);
	return 0;
}

static void prepare_once(void)
{
	static bool is_prepared;
	if (is_prepared)
		return;
	require(fuzzed->prepare == NULL || fuzzed->prepare() == STATUS_OK);
	is_prepared = true;
}

static void bid_for(struct bytes bytes)
{
	struct source mapped = source_of_bytes(bytes), viewed = recording_unmapped_source(&bytes);
	struct bytes head = bytes_slice(bytes, 0, FORMAT_HEAD_SIZE);
	int bid = fuzzed->bid(head, &mapped);
	require(bid >= 0 && bid <= 100 && fuzzed->bid(head, &viewed) == bid);
	free(viewed.view);
}

static enum status read_into(struct emitter *emitter, struct bytes bytes, bool is_mapped)
{
	recording_emitter_start(emitter);
	emitter->calls_allowed = CALLS_MAX;
	enum status status = recording_emitter_read(emitter, fuzzed, bytes, is_mapped);
	require(emitter->calls_after_stop == 0);
	require(!emitter->is_stopped || status == emitter->refusal);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emitter mapped, viewed;
	struct bytes bytes = bytes_of(data, size);
	prepare_once();
	bid_for(bytes);
	enum status by_map = read_into(&mapped, bytes, true), by_view = read_into(&viewed, bytes, false);
	/* Views may cut what is emitted otherwise: where a refusal falls is their own. */
	if (!mapped.is_stopped && !viewed.is_stopped) {
		require(by_map == by_view && mapped.child_count == viewed.child_count);
		require(bytes_equal(buffer_bytes(&mapped.text), buffer_bytes(&viewed.text)));
	}
	recording_emitter_free(&mapped);
	recording_emitter_free(&viewed);
	return 0;
}
