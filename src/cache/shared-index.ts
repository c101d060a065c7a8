// Owns the index in memory: the records of all segments in a hash table that every thread of a run sees
// without a copy. Knows no file.
import { Buffer } from 'node:buffer';
import type { IndexMemory } from './cache-settings.js';
import { KEY_BYTES } from './fingerprint.js';
import { readRecord, RECORD_BYTES } from './record.js';

/**
 * Slots that are looked at for a key. Keys are digests, and of those so many never stand in a row in a
 * table that is half empty; but one who means harm could make all begin alike.
 */
const MAX_PROBES = 64;

const NO_SLOT = -1;

/** An index of `count` records, whose bytes are yet to be filled in. */
export function createIndexMemory(count: number): IndexMemory {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(count, 1) * 2));
  return {
    records: new SharedArrayBuffer(count * RECORD_BYTES),
    slots: new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT),
    used: new SharedArrayBuffer(count),
  };
}

/** The records of a cache, by key. */
export class SharedIndex {
  /** The bytes of all records. */
  readonly bytes: Buffer;
  readonly #slots: Int32Array;
  readonly #used: Uint8Array;

  constructor(memory: IndexMemory) {
    this.bytes = Buffer.from(memory.records);
    this.#slots = new Int32Array(memory.slots);
    this.#used = new Uint8Array(memory.used);
  }

  /** The bytes of a record. */
  recordAt(number: number): Buffer {
    return this.bytes.subarray(number * RECORD_BYTES, (number + 1) * RECORD_BYTES);
  }

  /** Makes a record be found, unless there is one of its key already, or its bytes are none. */
  insert(number: number): void {
    const record = readRecord(this.recordAt(number));
    if (record === undefined) return;
    const slot = this.#slotOf(record.key);
    if (slot !== NO_SLOT && this.#slots[slot] === 0) this.#slots[slot] = number + 1;
  }

  /** The number of the record with a key. */
  find(key: Buffer): number | undefined {
    const slot = this.#slotOf(key);
    const number = slot === NO_SLOT ? -1 : (this.#slots[slot] ?? 0) - 1;
    return number < 0 ? undefined : number;
  }

  /** Notes that this run has used a record. */
  markUsed(number: number): void {
    this.#used[number] = 1;
  }

  /** Whether this run has used a record. */
  isUsed(number: number): boolean {
    return this.#used[number] === 1;
  }

  /** The slot with the record of a key, or else the one that is free for it. */
  #slotOf(key: Buffer): number {
    const mask = this.#slots.length - 1;
    const first = key.readUInt32LE(0);
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (first + probe) & mask;
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0 || this.#hasKey(number, key)) return slot;
    }
    return NO_SLOT;
  }

  #hasKey(number: number, key: Buffer): boolean {
    const start = number * RECORD_BYTES;
    return this.bytes.compare(key, 0, KEY_BYTES, start, start + KEY_BYTES) === 0;
  }
}
