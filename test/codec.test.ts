// Shows that variants decode to their source, that a stream makes the bytes that encoding at once makes,
// and that gzip headers name no time and no system. Files, and what is worth keeping, are not its business.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { encode, StreamEncoder } from '../src/codec.js';
import type { CodecSettings } from '../src/job.js';

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
];

describe('codec', () => {
  for (const settings of SETTINGS) {
    const name = JSON.stringify(settings);

    it(`decodes to the source: ${name}`, () => {
      for (const source of [
        Buffer.alloc(0),
        Buffer.from('a'),
        text(100_000),
        randomBytes(70_000),
      ]) {
        assert.deepEqual(decode(encode(source, settings), settings), source);
      }
    });

    it(`decodes to the source in chunks too: ${name}`, async () => {
      const source = text(300_000);
      assert.deepEqual(decode(await encodeInChunks(source, settings, 65_536), settings), source);
    });

    if (settings.contentCoding === 'br' ? settings.quality < 2 : settings.level === 0) continue;
    it(`makes the same bytes in chunks as at once: ${name}`, async () => {
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
