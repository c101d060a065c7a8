// Owns chance that is the same on every machine: a generator of numbers and one of bytes, both from a
// seed. Knows nothing of files.
import { Buffer } from 'node:buffer';
import { createCipheriv } from 'node:crypto';

/** Draws numbers from 0 to below 1, in the same order for the same seed (mulberry32). */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Bytes in which no codec finds a pattern: the keystream of AES-128 in counter mode (NIST SP 800-38A)
 * under a fixed key.
 *
 * @param stream - which stream; equal ones give equal bytes
 */
export function patternlessBytes(stream: number, bytes: number): Buffer {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(stream, 0);
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 0x5a), counter);
  return cipher.update(Buffer.alloc(bytes));
}
