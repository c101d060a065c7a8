// Shows that a record comes back as it was written, that other bytes are none, and that any damage to it or
// to the bytes it speaks of is noticed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../src/cache/fingerprint.js';
import {
  isIntact,
  KIND_AT,
  moveRecord,
  NO_DIGEST,
  readRecord,
  RECORD_BYTES,
  writeRecord,
  type CacheRecord,
} from '../../src/cache/record.js';

const RECORD: CacheRecord = {
  key: digestOf(Buffer.from('key')),
  contentCoding: 'br',
  isKept: true,
  encodedBytes: 1234,
  encodeMs: 56.7,
  offset: 8901,
};
const DIGEST = digestOf(Buffer.from('encoded bytes'));

function written(record: CacheRecord, digest: Buffer = DIGEST): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  writeRecord(bytes, record, digest);
  return bytes;
}

function withBit(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

describe('a record', () => {
  it('comes back as it was written, and is intact', () => {
    const SIX_BYTES = 2 ** 48 - 1;
    const record = fc.record({
      key: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => Buffer.from(key)),
      contentCoding: fc.constantFrom('gzip', 'br', 'zstd' as const),
      isKept: fc.boolean(),
      encodedBytes: fc.nat(SIX_BYTES),
      encodeMs: fc.nat(2 ** 32 - 1).map((tenths) => tenths / 10),
      offset: fc.nat(SIX_BYTES),
    });
    fc.assert(
      fc.property(record, fc.boolean(), (one, hasDigest) => {
        const digest = hasDigest ? DIGEST : NO_DIGEST;
        const bytes = written(one, digest);
        assert.deepEqual(readRecord(bytes), { ...one });
        assert.ok(isIntact(bytes, digest));
      }),
    );
  });

  it('holds times to a tenth of a millisecond, and no more than it has room for', () => {
    const rows: readonly (readonly [number, number])[] = [
      [0, 0],
      [0.04, 0],
      [0.05, 0.1],
      [12.34, 12.3],
      [1e12, (2 ** 32 - 1) / 10],
    ];
    for (const [encodeMs, expected] of rows) {
      assert.equal(readRecord(written({ ...RECORD, encodeMs }))?.encodeMs, expected);
    }
  });

  it('fills all of its bytes, whatever was there before', () => {
    const bytes = Buffer.alloc(RECORD_BYTES, 0xff);
    writeRecord(bytes, RECORD, DIGEST);
    assert.deepEqual(bytes, written(RECORD));
  });

  it('is none when its kind or content-coding is unknown', () => {
    for (let value = 0; value < 256; value += 1) {
      const [kind, coding] = [written(RECORD), written(RECORD)];
      kind[KIND_AT] = value;
      coding[KIND_AT - 1] = value;
      assert.equal(readRecord(kind) !== undefined, value === 1 || value === 2, `kind ${value}`);
      assert.equal(readRecord(coding) !== undefined, value < 3, `content-coding ${value}`);
    }
    assert.equal(readRecord(Buffer.alloc(RECORD_BYTES)), undefined);
  });

  it('is moved without another change, and stays intact', () => {
    const bytes = written(RECORD);
    moveRecord(bytes, 2 ** 40);
    assert.deepEqual(readRecord(bytes), { ...RECORD, offset: RECORD.offset + 2 ** 40 });
    assert.ok(isIntact(bytes, DIGEST));
    moveRecord(bytes, -(2 ** 40) - RECORD.offset);
    assert.deepEqual(readRecord(bytes), { ...RECORD, offset: 0 });
    assert.deepEqual(bytes, written({ ...RECORD, offset: 0 }));
  });
});

describe('damage', () => {
  it('to any bit of a record is noticed, but for its offset', () => {
    for (const [record, digest] of [
      [RECORD, DIGEST],
      [{ ...RECORD, isKept: false }, NO_DIGEST],
    ] as const) {
      const bytes = written(record, digest);
      for (let bit = 0; bit < RECORD_BYTES * 8; bit += 1) {
        const isOffset = bit >= 46 * 8 && bit < 52 * 8;
        assert.equal(isIntact(withBit(bytes, bit), digest), isOffset, `bit ${bit}`);
      }
    }
  });

  it('to any bit of the encoded bytes is noticed, through their digest', () => {
    const encoded = Buffer.from('the encoded bytes');
    const bytes = written(RECORD, digestOf(encoded));
    for (let bit = 0; bit < encoded.length * 8; bit += 1) {
      assert.equal(isIntact(bytes, digestOf(withBit(encoded, bit))), false, `bit ${bit}`);
    }
    for (const other of [encoded.subarray(1), encoded.subarray(0, -1), Buffer.alloc(0)]) {
      assert.equal(isIntact(bytes, digestOf(other)), false);
    }
    assert.equal(isIntact(bytes, NO_DIGEST), false);
    assert.ok(isIntact(bytes, digestOf(encoded)));
  });

  it('shows when the parts of two records are mixed up', () => {
    const [one, other] = [written(RECORD), written({ ...RECORD, key: DIGEST })];
    const mixed = Buffer.concat([one.subarray(0, 32), other.subarray(32)]);
    assert.equal(isIntact(mixed, DIGEST), false);
  });
});
