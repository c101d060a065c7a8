// Shows that variants decode to their source, that a stream makes the bytes that encoding at once makes,
// and that gzip headers name no time and no system. Files, and what is worth keeping, are not its business.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import { encode, StreamEncoder } from '../src/codec.js';
import type { CodecSettings } from '../src/job.js';
import { NO_ZSTD } from './support/capability.js';

const { brotliDecompressSync, gunzipSync, gzipSync } = zlib;

const { zstdDecompressSync } = zlib as {
  readonly zstdDecompressSync?: (encoded: Uint8Array) => Buffer;
};

/** Text that repeats at a distance, so that windows and block splits matter. */
function text(bytes: number): Buffer {
  const words = Array.from({ length: 2000 }, (_, index) => `word${(index * 7919) % 4099} `);
  let content = '';
  for (let index = 0; content.length < bytes; index = (index * 31 + 17) % words.length) {
    content += `${words[index] ?? ''}${content.length} `;
  }
  return Buffer.from(content.slice(0, bytes));
}

function decode(encoded: Uint8Array, { contentCoding }: CodecSettings): Buffer {
  if (contentCoding === 'zstd') return zstdDecompressSync?.(encoded) ?? Buffer.from('no zstd');
  return contentCoding === 'gzip' ? gunzipSync(encoded) : brotliDecompressSync(encoded);
}

async function encodeInChunks(
  source: Buffer,
  settings: CodecSettings,
  chunkBytes: number,
): Promise<Buffer> {
  const encoded: Buffer[] = [];
  const encoder = new StreamEncoder(settings, source.length, (chunk) => encoded.push(chunk));
  let offset = 0;
  for (; offset + chunkBytes < source.length; offset += chunkBytes) {
    await encoder.write(source.subarray(offset, offset + chunkBytes));
  }
  await encoder.end(source.subarray(offset));
  return Buffer.concat(encoded);
}

const SETTINGS: readonly CodecSettings[] = [
  { contentCoding: 'gzip', level: 0 },
  { contentCoding: 'gzip', level: 1 },
  { contentCoding: 'gzip', level: 9 },
  { contentCoding: 'br', quality: 0 },
  { contentCoding: 'br', quality: 5 },
  { contentCoding: 'br', quality: 9 },
  { contentCoding: 'br', quality: 11 },
  { contentCoding: 'zstd', level: 1 },
  { contentCoding: 'zstd', level: 12 },
];

describe('codec', () => {
  for (const settings of SETTINGS) {
    const name = JSON.stringify(settings);
    const skip = settings.contentCoding === 'zstd' && NO_ZSTD;

    it(`decodes to the source: ${name}`, { skip }, () => {
      for (const source of [
        Buffer.alloc(0),
        Buffer.from('a'),
        text(100_000),
        randomBytes(70_000),
      ]) {
        assert.deepEqual(decode(encode(source, settings), settings), source);
      }
    });

    it(`decodes to the source in chunks too: ${name}`, { skip }, async () => {
      const source = text(300_000);
      assert.deepEqual(decode(await encodeInChunks(source, settings, 65_536), settings), source);
    });

    if (settings.contentCoding === 'br' ? settings.quality < 2 : settings.level === 0) continue;
    it(`makes the same bytes in chunks as at once: ${name}`, { skip }, async () => {
      const source = text(1_200_000);
      const expected = encode(source, settings);
      for (const chunkBytes of [65_536, 500_000]) {
        const encoded = await encodeInChunks(source, settings, chunkBytes);
        assert.ok(encoded.equals(expected), `${chunkBytes}: ${encoded.length} ${expected.length}`);
      }
    });
  }

  it('writes a gzip header without time, name and platform (RFC 1952)', async () => {
    const settings: CodecSettings = { contentCoding: 'gzip', level: 9 };
    const expected = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    assert.deepEqual(encode(text(1000), settings).subarray(0, 10), expected);
    const inChunks = await encodeInChunks(text(1000), settings, 100);
    assert.deepEqual(inChunks.subarray(0, 10), expected);
  });
});

/** The window that a brotli stream declares in its first bits (RFC 7932, section 9.1). */
function windowOf(encoded: Uint8Array): number {
  const first = encoded[0] ?? 0;
  if ((first & 1) === 0) return 16;
  const high = (first >> 1) & 7;
  if (high !== 0) return 17 + high;
  const low = (first >> 4) & 7;
  return low === 0 ? 17 : 8 + low;
}

describe('brotli by the size of its source', () => {
  const content = text(200_000);
  /** Repeats from afar, so that the largest sources take no longer than small ones. */
  const ofSize = (bytes: number): Buffer => Buffer.alloc(bytes, content);

  const rows: readonly (readonly [upToBytes: number, window: number, nextWindow: number])[] = [
    [2 ** 16 - 16, 16, 18],
    [2 ** 18 - 16, 18, 20],
    [2 ** 20 - 16, 20, 21],
    [2 ** 21 - 16, 21, 22],
    [2 ** 22 - 16, 22, 23],
    [2 ** 23 - 16, 23, 24],
  ];
  for (const [upToBytes, window, nextWindow] of rows) {
    for (const [bytes, expected] of [
      [upToBytes, window],
      [upToBytes + 1, nextWindow],
    ] as const) {
      it(`has a window of 2^${expected} at ${bytes} bytes, in chunks as at once`, async () => {
        const source = ofSize(bytes);
        for (const quality of bytes <= 2 ** 18 ? [5, 11] : [5]) {
          const settings: CodecSettings = { contentCoding: 'br', quality };
          const encoded = encode(source, settings);
          // Below quality 10 a window of 2^16 would mean other hash tables.
          assert.equal(windowOf(encoded), quality < 10 ? Math.max(expected, 18) : expected);
          assert.ok(brotliDecompressSync(encoded).equals(source));
          const inChunks = await encodeInChunks(source, settings, 300_000);
          assert.ok(inChunks.equals(encoded), `${inChunks.length} ${encoded.length}`);
        }
      });
    }
  }

  it('has no window that the content-coding br does not know, at any quality', () => {
    for (let quality = 0; quality <= 11; quality += 1) {
      for (const bytes of [0, 1, 1000, 65_520, 65_521]) {
        const settings: CodecSettings = { contentCoding: 'br', quality };
        const window = windowOf(encode(ofSize(bytes), settings));
        assert.ok(window >= 16 && window <= 24, `${window} at ${quality}, ${bytes}`);
      }
    }
  });

  it('sees back to the first byte of its source', () => {
    for (const upToBytes of [2 ** 16 - 16, 2 ** 18 - 16]) {
      // Random, but for an end that repeats the beginning: less than 1 % the encoder would not mind.
      const source = randomBytes(upToBytes);
      const repeated = Math.floor(upToBytes / 40);
      source.copy(source, upToBytes - repeated, 0, repeated);
      const encoded = encode(source, { contentCoding: 'br', quality: 11 });
      assert.ok(encoded.length < upToBytes - repeated / 2, `${encoded.length} of ${upToBytes}`);
    }
  });
});

describe('gzip of a tiny source', () => {
  /** The end of what is taken for tiny lies at 3834: all sizes around it, and every 37th below. */
  const SIZES = [
    ...Array.from({ length: 108 }, (_, index) => 1 + 37 * index),
    ...Array.from({ length: 20 }, (_, index) => 3825 + index),
    4095,
    4096,
    4097,
  ];
  const contents: Readonly<Record<string, Buffer>> = {
    text: text(5000),
    random: randomBytes(5000),
    'one letter': Buffer.alloc(5000, 'a'),
    // The farthest that a window of 4 KiB sees back from the last byte.
    'what repeats from its beginning': Buffer.concat([randomBytes(1900), Buffer.alloc(3100)]),
  };
  contents['what repeats from its beginning']?.copyWithin(1900, 0, 1900);

  for (const [what, content] of Object.entries(contents)) {
    it(`is to the byte what zlib makes by default, but for the platform: ${what}`, async () => {
      for (const level of [1, 6, 9]) {
        const settings: CodecSettings = { contentCoding: 'gzip', level };
        for (const bytes of SIZES) {
          const source = content.subarray(0, bytes);
          const expected = gzipSync(source, { level });
          expected[9] = 255;
          assert.ok(encode(source, settings).equals(expected), `${bytes} bytes at ${level}`);
          if (bytes % 10 !== 0) continue;
          const inChunks = await encodeInChunks(source, settings, 1000);
          assert.ok(inChunks.equals(expected), `${bytes} bytes in chunks at ${level}`);
        }
      }
    });
  }

  it('is to the byte that also where the farthest repetition is just in reach', () => {
    // 258 bytes that repeat from as far back as sources of these sizes allow.
    for (let bytes = 3800; bytes <= 4400; bytes += 1) {
      const source = randomBytes(bytes);
      source.copy(source, bytes - 258, 0, 258);
      const expected = gzipSync(source, { level: 9 });
      expected[9] = 255;
      assert.ok(encode(source, { contentCoding: 'gzip', level: 9 }).equals(expected), `${bytes}`);
    }
  });

  it('decodes at every level', () => {
    for (let level = 0; level <= 9; level += 1) {
      for (const [what, content] of Object.entries(contents)) {
        for (const bytes of [1, 300, 2000, 3833, 3834, 3835]) {
          const source = content.subarray(0, bytes);
          const encoded = encode(source, { contentCoding: 'gzip', level });
          assert.ok(gunzipSync(encoded).equals(source), `${what}, ${bytes} at ${level}`);
        }
      }
    }
  });

  const hasGzip = spawnSync('gzip', ['--version']).status === 0;
  it('decodes with gzip itself', { skip: !hasGzip && 'there is no gzip here' }, () => {
    for (const bytes of [0, 1, 300, 3834, 3835]) {
      const source = text(5000).subarray(0, bytes);
      const input = encode(source, { contentCoding: 'gzip', level: 9 });
      const { status, stdout } = spawnSync('gzip', ['-dc'], { input });
      assert.deepEqual([status, stdout], [0, source]);
    }
  });
});
