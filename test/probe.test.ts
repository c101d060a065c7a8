// Shows that nothing is taken for incompressible that the best quality makes smaller: on data that is close
// to random in many ways, compared with the full encode. Files, and what is done then, are not its business.
import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { encode } from '../src/codec.js';
import type { CodecSettings } from '../src/job.js';
import { probe, probeChunks } from '../src/probe.js';
import { script } from './support/sidecars.js';

const BEST: CodecSettings = { contentCoding: 'br', quality: 11 };
const KIB = 1024;
const MB = 1_000_000;

/** Numbers from 0 to 1 that are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Normally distributed, about 0, with a deviation of 1: the sum of many that are not. */
function gaussian(seed: number): () => number {
  const next = numbers(seed);
  return () => {
    let sum = -6;
    for (let count = 0; count < 12; count += 1) sum += next();
    return sum;
  };
}

function bytesOf(length: number, next: (index: number) => number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = next(index);
  return bytes;
}

/** Random, with the same few bytes at the beginning of each record. */
function records(length: number, header: number, record: number): Buffer {
  const bytes = randomBytes(length);
  const same = randomBytes(header);
  for (let start = 0; start + header <= length; start += record) same.copy(bytes, start);
  return bytes;
}

function* chunksOf(source: Buffer, bytes: number) {
  for (let start = 0; start < source.length; start += bytes) {
    const chunk = source.subarray(start, start + bytes);
    yield { chunk, isLast: start + bytes >= source.length };
  }
}

async function probeInChunks(source: Buffer): Promise<number | undefined> {
  return probeChunks(source.length, () => chunksOf(source, 1024 * KIB), BEST);
}

/** The verdict, which has to be the same in chunks. */
async function isIncompressible(source: Buffer): Promise<boolean> {
  const encodedBytes = probe(source, BEST);
  assert.equal(await probeInChunks(source), encodedBytes);
  assert.ok(encodedBytes === undefined || encodedBytes >= source.length);
  return encodedBytes !== undefined;
}

/** The same bytes each time, as good as random: of others a repetition may be missed, very rarely. */
function drawnBytes(bytes: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}

describe('a probe', () => {
  const LENGTH = 150_000;
  const text = Buffer.from(script(3 * LENGTH));
  const incompressible: Readonly<Record<string, Buffer>> = {
    'is random': randomBytes(LENGTH),
    'is random, and just large enough': randomBytes(64 * KIB),
    'is random, and ends with a short slice': randomBytes(64 * KIB + 1),
    'is encrypted': createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(
      Buffer.alloc(LENGTH),
    ),
    'is random, in gzip': gzipSync(randomBytes(LENGTH)),
  };
  for (const [what, source] of Object.entries(incompressible)) {
    it(`takes for incompressible what ${what}`, async () => {
      assert.ok(await isIncompressible(source));
      assert.ok(encode(source, BEST).length >= source.length);
    });
  }

  const gauss = gaussian(1);
  const even = numbers(2);
  const half = randomBytes(LENGTH);
  const doubtful: Readonly<Record<string, Buffer>> = {
    'is text': text,
    'is text, compressed by gzip': gzipSync(text, { level: 6 }),
    'is text, compressed badly': gzipSync(text, { level: 1 }),
    'is many small compressed parts, as an archive or images are': Buffer.concat(
      Array.from({ length: 100 }, (_, index) =>
        Buffer.concat([
          Buffer.from(`PK\u0003\u0004\u0014\0\0\0\u0008\0file-${index}.txt`),
          deflateSync(text.subarray(index * 900, index * 900 + 8000)),
        ]),
      ),
    ),
    'has 250 of 256 values': bytesOf(LENGTH, () => Math.floor(even() * 250)),
    'has 240 of 256 values': bytesOf(LENGTH, () => Math.floor(even() * 240)),
    'is normally distributed, narrowly': bytesOf(LENGTH, () => Math.round(gauss() * 60)),
    'is normally distributed, less narrowly': bytesOf(LENGTH, () => Math.round(gauss() * 70)),
    'is normally distributed, widely': bytesOf(LENGTH, () => Math.round(gauss() * 80)),
    'is noise of 16 bits': Buffer.from(
      Int16Array.from({ length: LENGTH / 2 }, () => gauss() * 9000).buffer,
    ),
    'is numbers of 32 bits': Buffer.from(
      Float32Array.from({ length: LENGTH / 4 }, () => gauss()).buffer,
    ),
    'is numbers of 64 bits': Buffer.from(
      Float64Array.from({ length: LENGTH / 8 }, () => even()).buffer,
    ),
    'has one byte in 32 that is always the same': bytesOf(LENGTH, (index) =>
      index % 32 === 0 ? 0 : even() * 256,
    ),
    'has 128 values in turns of 1 KiB': bytesOf(
      LENGTH,
      (index) => (even() * 128) | (((index >> 10) % 2) << 7),
    ),
    'has records of 256 bytes with the same four first': records(LENGTH, 4, 256),
    'has records of 512 bytes with the same eight first': records(LENGTH, 8, 512),
    'has records of 1024 bytes with the same sixteen first': records(LENGTH, 16, 1024),
    'has packets of 188 bytes with the same four first': records(LENGTH, 4, 188),
    'is random twice': Buffer.concat([half, half]),
  };
  for (const [what, source] of Object.entries(doubtful)) {
    it(`takes for incompressible only what the best quality makes no smaller: ${what}`, async () => {
      if (await isIncompressible(source)) {
        const encodedBytes = encode(source, BEST).length;
        assert.ok(encodedBytes >= source.length, `${encodedBytes} of ${source.length}`);
      }
    });
  }

  it('finds one slice of text among random ones, wherever that is', async () => {
    for (const place of [0, 200_000, 1024 * KIB - 8 * KIB, 2 * MB - 16 * KIB]) {
      const source = randomBytes(2 * MB);
      text.copy(source, place, 0, 16 * KIB);
      assert.equal(await isIncompressible(source), false, String(place));
    }
  });

  it('finds random bytes that are repeated from afar', async () => {
    for (const distance of [2 * MB, 6 * MB, 15 * MB]) {
      const source = drawnBytes(distance + MB);
      source.copy(source, distance, 0, MB);
      assert.equal(await isIncompressible(source), false, `${distance}`);
    }
  });

  it('looks at brotli from quality 10 on only, and at nothing below 64 KiB', async () => {
    const source = randomBytes(64 * KIB);
    const rows: readonly (readonly [bytes: number, codec: CodecSettings, isLooked: boolean])[] = [
      [64 * KIB, { contentCoding: 'br', quality: 11 }, true],
      [64 * KIB, { contentCoding: 'br', quality: 10 }, true],
      [64 * KIB, { contentCoding: 'br', quality: 9 }, false],
      [64 * KIB, { contentCoding: 'gzip', level: 9 }, false],
      [64 * KIB - 1, { contentCoding: 'br', quality: 11 }, false],
      [0, { contentCoding: 'br', quality: 11 }, false],
    ];
    for (const [bytes, codec, isLooked] of rows) {
      const looked = source.subarray(0, bytes);
      let reads = 0;
      const readChunks = () => {
        reads += 1;
        return chunksOf(looked, 16 * KIB);
      };
      assert.equal(probe(looked, codec) !== undefined, isLooked, `${bytes} ${codec.contentCoding}`);
      assert.equal((await probeChunks(bytes, readChunks, codec)) !== undefined, isLooked);
      assert.equal(reads > 0, isLooked);
    }
  });

  it('reads no further than to the first chunk that can become smaller', async () => {
    const source = Buffer.concat([randomBytes(64 * KIB), text.subarray(0, 128 * KIB)]);
    const read: number[] = [];
    const readChunks = function* () {
      for (const { chunk, isLast } of chunksOf(source, 32 * KIB)) {
        read.push(chunk.length);
        yield { chunk, isLast };
      }
    };
    assert.equal(await probeChunks(source.length, readChunks, BEST), undefined);
    assert.equal(read.length, 3);
  });

  it('passes on what goes wrong with the source', async () => {
    const readChunks = function* () {
      yield { chunk: randomBytes(64 * KIB), isLast: false };
      throw new Error('changed');
    };
    await assert.rejects(probeChunks(128 * KIB, readChunks, BEST), { message: 'changed' });
  });
});
