/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing: an address lies within a few slots of where its hash points, so nothing is ever moved. */
#include "listening/crowd.h"

#include "base/hash.h"

#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdlib.h>

enum { PROBES = 16, SLOTS_LEAST = 4096, KIND = 0x70 };
#define MINUTE INT64_C(60000)

struct address_slot {
	struct crowd_key key;
	uint32_t open;
	int64_t allowance; /* sixty-thousandths of a request: a minute gives per_minute of them back */
	int64_t seen;      /* 0: free */
};

struct crowd {
	struct address_slot *slots;
	size_t count; /* a power of two */
	uint32_t per_address, per_minute;
};

enum status crowd_new(uint32_t connections, uint32_t per_address, uint32_t per_minute, struct crowd **ret_crowd)
{
	struct crowd *crowd = calloc(1, sizeof *crowd);
	if (crowd == NULL)
		return STATUS_NO_MEMORY;
	crowd->count = SLOTS_LEAST;
	while (crowd->count < (size_t)connections * 4)
		crowd->count *= 2;
	crowd->per_address = per_address;
	crowd->per_minute = per_minute;
	crowd->slots = calloc(crowd->count, sizeof *crowd->slots);
	if (crowd->slots == NULL) {
		free(crowd);
		return STATUS_NO_MEMORY;
	}
	*ret_crowd = crowd;
	return STATUS_OK;
}

void crowd_free(struct crowd *crowd)
{
	if (crowd != NULL)
		free(crowd->slots);
	free(crowd);
}

/* ---- addresses ---- */

static struct crowd_key key_of_six(const struct in6_addr *address)
{
	struct crowd_key key = {.network = {6}};
	if (IN6_IS_ADDR_V4MAPPED(address)) {
		key.network[0] = 4;
		memcpy(key.network + 1, address->s6_addr + 12, 4);
	} else {
		memcpy(key.network + 1, address->s6_addr, 8);
	}
	return key;
}

struct crowd_key crowd_key_of(const struct sockaddr *address)
{
	struct crowd_key key = {.network = {0}};
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, address, sizeof four);
		key.network[0] = 4;
		memcpy(key.network + 1, &four.sin_addr, 4);
	} else if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;
		memcpy(&six, address, sizeof six);
		key = key_of_six(&six.sin6_addr);
	}
	return key;
}

struct crowd_key crowd_key_of_text(struct bytes address, struct crowd_key other)
{
	char text[64];
	struct in6_addr six;
	struct crowd_key key = {.network = {4}};
	if (address.len >= sizeof text)
		return other;
	memcpy(text, address.at, address.len);
	text[address.len] = '\0';
	if (inet_pton(AF_INET, text, key.network + 1) == 1)
		return key;
	return inet_pton(AF_INET6, text, &six) == 1 ? key_of_six(&six) : other;
}

/* ---- slots ---- */

static bool is_of(const struct address_slot *slot, const struct crowd_key *key)
{
	return slot->seen != 0 && memcmp(&slot->key, key, sizeof *key) == 0;
}

static struct address_slot *nth_of(const struct crowd *crowd, uint64_t hash, size_t nth)
{
	return &crowd->slots[(hash + nth) & (crowd->count - 1)];
}

/* The one that was seen longest ago of those that have nothing open. */
static struct address_slot *make_room(const struct crowd *crowd, uint64_t hash)
{
	struct address_slot *oldest = NULL;
	for (size_t i = 0; i < PROBES; i++) {
		struct address_slot *slot = nth_of(crowd, hash, i);
		if (slot->open == 0 && (oldest == NULL || slot->seen < oldest->seen))
			oldest = slot;
	}
	return oldest;
}

static struct address_slot *find(const struct crowd *crowd, const struct crowd_key *key)
{
	uint64_t hash = hash_of(KIND, bytes_of(key->network, sizeof key->network));
	for (size_t i = 0; i < PROBES; i++)
		if (is_of(nth_of(crowd, hash, i), key))
			return nth_of(crowd, hash, i);
	return NULL;
}

static struct address_slot *enter(struct crowd *crowd, const struct crowd_key *key, int64_t now)
{
	int64_t most = crowd->per_minute * MINUTE;
	struct address_slot *slot = find(crowd, key);
	if (slot == NULL) {
		slot = make_room(crowd, hash_of(KIND, bytes_of(key->network, sizeof key->network)));
		if (slot == NULL)
			return NULL;
		*slot = (struct address_slot){.key = *key, .allowance = most, .seen = now};
	}
	slot->allowance += (now - slot->seen < MINUTE ? now - slot->seen : MINUTE) * crowd->per_minute;
	slot->allowance = slot->allowance < most ? slot->allowance : most;
	slot->seen = now;
	return slot;
}

bool crowd_enter(struct crowd *crowd, struct crowd_key key, int64_t now)
{
	struct address_slot *slot = enter(crowd, &key, now);
	if (slot == NULL || slot->open >= crowd->per_address)
		return false;
	slot->open++;
	return true;
}

void crowd_leave(struct crowd *crowd, struct crowd_key key)
{
	struct address_slot *slot = find(crowd, &key);
	if (slot != NULL && slot->open > 0)
		slot->open--;
}

bool crowd_ask(struct crowd *crowd, struct crowd_key key, int64_t now)
{
	struct address_slot *slot = enter(crowd, &key, now);
	if (slot == NULL || slot->allowance < MINUTE)
		return false;
	slot->allowance -= MINUTE;
	return true;
}
