/* SPDX-License-Identifier: Apache-2.0 */
/* A register holds the longest run of zeros that the hashes sent to it began with. */
#include "process/listing-watch.h"

#include "base/hash.h"

#include <math.h>

enum { HASH_NAME = 1, HASH_VERSION };
enum { CURSOR_MAX = 64 << 10, REGISTER_BITS = 14, PAGES_IN_VAIN_MAX = 2000 };
/* So many objects may be named twice; among so many different ones a page need raise no register to be new. */
#define REPEATED_MAX 10000
#define MANY 1000000.0

void listing_watch_init(struct listing_watch *watch)
{
	*watch = (struct listing_watch){
		.marked = buffer_with_ceiling(CURSOR_MAX),
		.sum = LISTING_WATCH_REGISTERS,
		.empty_registers = LISTING_WATCH_REGISTERS,
	};
}

void listing_watch_free(struct listing_watch *watch)
{
	buffer_free(&watch->marked);
}

void listing_watch_begin(struct listing_watch *watch, struct bytes cursor, int64_t now)
{
	if (cursor.len == 0) {
		listing_watch_free(watch);
		listing_watch_init(watch);
	}
	watch->has_new = watch->has_objects = false;
	watch->asked_at = now;
}

void listing_watch_note(struct listing_watch *watch, const struct object *object)
{
	uint64_t hash = hash_of(HASH_NAME, object->name);
	if (object->version.len > 0)
		hash ^= hash_of(HASH_VERSION, object->version);
	unsigned char *place = &watch->registers[hash >> (64 - REGISTER_BITS)];
	unsigned char run = (unsigned char)(1 + __builtin_clzll(hash << REGISTER_BITS | UINT64_C(1) << (REGISTER_BITS - 1)));
	watch->objects++;
	watch->has_objects = true;
	if (run <= *place)
		return;
	watch->has_new = true;
	watch->empty_registers -= *place == 0;
	watch->sum += ldexp(1, -run) - ldexp(1, -*place);
	*place = run;
}

/* How many different ones there were, give or take a hundredth. */
static double count_different(const struct listing_watch *watch)
{
	const double registers = LISTING_WATCH_REGISTERS;
	double count = 0.7213 / (1 + 1.079 / registers) * registers * registers / watch->sum;
	if (count < 2.5 * registers && watch->empty_registers > 0)
		count = registers * log(registers / watch->empty_registers);
	return count;
}

static bool leads_in_circles(struct listing_watch *watch, struct bytes cursor, struct bytes next)
{
	if (bytes_equal(next, cursor) || (watch->pages > 0 && bytes_equal(next, buffer_bytes(&watch->marked))))
		return true;
	if ((watch->pages & (watch->pages + 1)) == 0) {
		buffer_reset(&watch->marked);
		buffer_append(&watch->marked, next);
	}
	watch->pages++;
	return false;
}

enum status listing_watch_end(struct listing_watch *watch, struct bytes cursor, struct bytes next, int64_t patience, int64_t now,
                              struct failure *reterr)
{
	double different = count_different(watch);
	if (leads_in_circles(watch, cursor, next))
		return fail(reterr, STATUS_MALFORMED, "listing", "it leads in circles");
	if ((double)watch->objects > 2 * different + REPEATED_MAX)
		return fail(reterr, STATUS_MALFORMED, "listing", "it names the same objects again and again");
	if (watch->has_new || (watch->has_objects && different > MANY)) {
		watch->pages_in_vain = 0;
		watch->in_vain = 0;
		return STATUS_OK;
	}
	watch->in_vain += now - watch->asked_at;
	if (watch->in_vain >= patience || ++watch->pages_in_vain > PAGES_IN_VAIN_MAX)
		return fail(reterr, STATUS_TIMED_OUT, "listing", "page after page brings nothing new");
	return STATUS_OK;
}
