// SPDX-License-Identifier: Apache-2.0
// Makes two runs alike: document libraries stamp the time of day and random ids into what they
// write, so the process lives on a clock that stands still and draws from a seeded generator.
// Both are set anew for every document, from its own name and date.

const SystemDate = Date;
let now = SystemDate.UTC(2022, 7, 31);

class StillDate extends SystemDate {
  constructor(...parts) {
    super(...(parts.length ? parts : [now]));
  }
  static now() {
    return now;
  }
}

function seedOf(text) {
  let seed = 2166136261;
  for (const unit of text) seed = Math.imul(seed ^ unit.codePointAt(0), 16777619);
  return seed >>> 0;
}

export function generator(name) {
  let state = seedOf(`tidemark demo leak: ${name}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function dice(name) {
  const next = generator(name);
  const between = (low, high) => low + Math.floor(next() * (high - low + 1));
  return { between, pick: (list) => list[between(0, list.length - 1)] };
}

export function standStill(name, date) {
  process.env.TZ = 'UTC';
  now = date.getTime();
  globalThis.Date = StillDate;
  Math.random = generator(name);
}
