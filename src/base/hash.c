/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <stdlib.h>
#include <sys/auxv.h>

enum { CAPACITY_AT_FIRST = 32 };

/* ---- SipHash-1-3 ---- */

struct sip {
	uint64_t a, b, c, d;
};

static uint64_t turn(uint64_t value, unsigned by)
{
	return value << by | value >> (64 - by);
}

static void mix(struct sip *sip)
{
	sip->a += sip->b;
	sip->c += sip->d;
	sip->b = turn(sip->b, 13) ^ sip->a;
	sip->d = turn(sip->d, 16) ^ sip->c;
	sip->a = turn(sip->a, 32);
	sip->c += sip->b;
	sip->a += sip->d;
	sip->b = turn(sip->b, 17) ^ sip->c;
	sip->d = turn(sip->d, 21) ^ sip->a;
	sip->c = turn(sip->c, 32);
}

static void take(struct sip *sip, uint64_t word)
{
	sip->d ^= word;
	mix(sip);
	sip->a ^= word;
}

/* The last bytes, below eight of them, and the length. */
static uint64_t last_word(struct bytes rest, size_t length)
{
	uint64_t word = (uint64_t)length << 56;
	for (size_t i = 0; i < rest.len; i++)
		word |= (uint64_t)rest.at[i] << (8 * i);
	return word;
}

uint64_t hash_keyed(const unsigned char key[HASH_KEY_SIZE], struct bytes text)
{
	uint64_t low = load_le64(key), high = load_le64(key + 8);
	struct sip sip = {low ^ UINT64_C(0x736f6d6570736575), high ^ UINT64_C(0x646f72616e646f6d),
	                  low ^ UINT64_C(0x6c7967656e657261), high ^ UINT64_C(0x7465646279746573)};
	size_t at = 0;
	for (; text.len - at >= 8; at += 8)
		take(&sip, load_le64(text.at + at));
	take(&sip, last_word(bytes_from(text, at), text.len));
	sip.c ^= 0xff;
	for (int i = 0; i < 3; i++)
		mix(&sip);
	return sip.a ^ sip.b ^ sip.c ^ sip.d;
}

/* The process's key: sixteen bytes that the kernel lays beside every program it starts (AT_RANDOM of getauxval(3)). No
 * system call, which a sealed process could not make, and no state. */
uint64_t hash_of(unsigned kind, struct bytes text)
{
	unsigned char key[HASH_KEY_SIZE] = {0};
	const void *random = (const void *)getauxval(AT_RANDOM);
	if (random != NULL)
		memcpy(key, random, sizeof key);
	key[HASH_KEY_SIZE - 1] ^= (unsigned char)kind;
	uint64_t hash = hash_keyed(key, text);
	return hash != 0 ? hash : 1;
}

/* ---- tables ---- */

static struct hash_slot *place_of(struct hash_slot *slots, size_t capacity, uint64_t hash)
{
	size_t at = (size_t)hash & (capacity - 1);
	while (slots[at].hash != 0 && slots[at].hash != hash)
		at = (at + 1) & (capacity - 1);
	return &slots[at];
}

static bool grow(struct hash_table *table)
{
	size_t capacity = table->capacity > 0 ? 2 * table->capacity : CAPACITY_AT_FIRST;
	struct hash_slot *slots = calloc(capacity, sizeof *slots);
	if (slots == NULL)
		return false;
	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].hash != 0)
			*place_of(slots, capacity, table->slots[i].hash) = table->slots[i];
	free(table->slots);
	table->slots = slots;
	table->capacity = capacity;
	return true;
}

uint64_t *hash_table_find(const struct hash_table *table, uint64_t hash)
{
	if (table->count == 0)
		return NULL;
	struct hash_slot *slot = place_of(table->slots, table->capacity, hash);
	return slot->hash != 0 ? &slot->value : NULL;
}

uint64_t *hash_table_enter(struct hash_table *table, uint64_t hash, bool *ret_is_new)
{
	if (2 * table->count >= table->capacity && !grow(table))
		return NULL;
	struct hash_slot *slot = place_of(table->slots, table->capacity, hash);
	*ret_is_new = slot->hash == 0;
	if (*ret_is_new) {
		*slot = (struct hash_slot){.hash = hash};
		table->count++;
	}
	return &slot->value;
}

void hash_table_free(struct hash_table *table)
{
	free(table->slots);
	*table = (struct hash_table){.count = 0};
}
