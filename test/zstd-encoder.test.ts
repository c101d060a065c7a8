// Shows what zstd frames declare of themselves, parsed from their bytes: above all a window that browsers take,
// at every level and size. That they decode, and that chunks make the same bytes: see codec.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import { encode, StreamEncoder } from '../src/codec.js';
import { NO_ZSTD } from './support/capability.js';
import { script } from './support/sidecars.js';
import { frameLength, readFrameHeader } from './support/zstd-frame.js';

const MIB = 1024 * 1024;

/** What HTTP allows (RFC 9659, section 3). */
const MAX_WINDOW_BYTES = 8 * MIB;

/** A stream of whole blocks ends with an empty one: Node does not tell the encoder which chunk is the last. */
const BLOCK_BYTES = 128 * 1024;
const EMPTY_BLOCK_BYTES = 3;

const TEXT = Buffer.from(script(200_000));

/** Repeats from afar, so that the largest sources take no longer than small ones. */
function ofSize(bytes: number): Buffer {
  return Buffer.alloc(bytes, TEXT);
}

function encodeZstd(source: Buffer, level: number): Buffer {
  return encode(source, { contentCoding: 'zstd', level });
}

async function encodeInChunks(source: Buffer, level: number): Promise<Buffer> {
  const encoded: Buffer[] = [];
  const settings = { contentCoding: 'zstd', level } as const;
  const encoder = new StreamEncoder(settings, source.length, (chunk) => encoded.push(chunk));
  const firstBytes = Math.min(MIB, source.length >> 1);
  await encoder.write(source.subarray(0, firstBytes));
  await encoder.end(source.subarray(firstBytes));
  return Buffer.concat(encoded);
}

describe('a zstd frame', { skip: NO_ZSTD }, () => {
  it('has no window above 8 MiB, at any level', () => {
    for (let level = 1; level <= 22; level += 1) {
      for (const bytes of [0, 1, 1000, 70_000, 300_000]) {
        const { windowBytes } = readFrameHeader(encodeZstd(ofSize(bytes), level));
        assert.ok(windowBytes <= Math.max(bytes, 1024), `${windowBytes} at ${level}, ${bytes}`);
      }
    }
  });

  for (const [bytes, windowBytes] of [
    [8 * MIB, 8 * MIB],
    [8 * MIB + 1, 8 * MIB],
    [20 * MIB, 8 * MIB],
  ] as const) {
    it(`has one of ${windowBytes} for ${bytes} bytes at the best levels, in chunks as at once`, async () => {
      const source = ofSize(bytes);
      for (const level of [19, 22]) {
        const encoded = encodeZstd(source, level);
        const header = readFrameHeader(encoded);
        assert.equal(header.windowBytes, windowBytes);
        assert.ok(header.windowBytes <= MAX_WINDOW_BYTES);
        const inChunks = await encodeInChunks(source, level);
        assert.equal(readFrameHeader(inChunks).windowBytes, windowBytes);
        if (bytes % BLOCK_BYTES !== 0) assert.ok(inChunks.equals(encoded));
        else assert.equal(inChunks.length, encoded.length + EMPTY_BLOCK_BYTES);
      }
    });
  }

  it('decodes to its source at the best levels too', async () => {
    const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (encoded: Buffer) => Buffer };
    for (const source of [TEXT, randomBytes(100_000), Buffer.alloc(1000, 'a')]) {
      for (const level of [19, 22]) {
        const encoded = encodeZstd(source, level);
        assert.ok(zstdDecompressSync?.(encoded).equals(source));
        assert.ok((await encodeInChunks(source, level)).equals(encoded));
      }
    }
  });

  it('tells the size of its content, and has neither checksum nor dictionary', async () => {
    for (const bytes of [0, 1, 255, 256, 257, 65_791, 65_792, 2_000_000]) {
      const source = ofSize(bytes);
      for (const encoded of [encodeZstd(source, 3), await encodeInChunks(source, 3)]) {
        const { contentBytes, hasChecksum, hasDictionary } = readFrameHeader(encoded);
        assert.deepEqual([contentBytes, hasChecksum, hasDictionary], [bytes, false, false]);
      }
    }
  });

  it('is one frame, in chunks too, whatever the source', async () => {
    const sources = [ofSize(3_000_000), randomBytes(300_000), ofSize(4 * MIB), Buffer.alloc(0)];
    for (const source of [...sources, Buffer.alloc(2 * MIB, 'a')]) {
      for (const encoded of [encodeZstd(source, 9), await encodeInChunks(source, 9)]) {
        assert.equal(frameLength(encoded), encoded.length);
      }
    }
  });

  it('refuses to end a stream that is not as long as was said', async () => {
    const settings = { contentCoding: 'zstd', level: 3 } as const;
    const encoder = new StreamEncoder(settings, 2000, () => undefined);
    await assert.rejects(encoder.end(ofSize(1999)));
  });

  const hasZstd = spawnSync('zstd', ['--version']).status === 0;
  it('decodes with zstd itself', { skip: !hasZstd && 'there is no zstd here' }, () => {
    for (const bytes of [0, 1, 300, 100_000, 9 * MIB]) {
      const source = ofSize(bytes);
      const { status, stdout } = spawnSync('zstd', ['-dc'], {
        input: encodeZstd(source, bytes > MIB ? 22 : 19),
        maxBuffer: 16 * MIB,
      });
      assert.equal(status, 0);
      assert.ok(stdout.equals(source), String(bytes));
    }
  });
});

describe('a Node.js without zstd', { skip: !NO_ZSTD && 'this one has it' }, () => {
  it('says so when it is to encode with it all the same', () => {
    assert.throws(() => encodeZstd(TEXT, 3), /no zstd/);
  });
});
