// Shows what counts as the proof that encoded bytes decode to a source: nothing more and nothing less than
// the source, at once or in chunks of any size, and at a bounded cost whatever the bytes claim to hold.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import type { ContentCoding } from '../src/content-coding.js';
import { canDecode, chunksDecodeTo, decodesTo } from '../src/decoder.js';
import { script } from './support/sidecars.js';

type Encode = (source: Uint8Array) => Buffer;

const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: Encode };

/** Each as quick as it can be: how well it encodes is of no importance here. */
const ENCODERS: readonly (readonly [ContentCoding, Encode])[] = [
  ['gzip', (source) => zlib.gzipSync(source, { level: 1 })],
  [
    'br',
    (source) =>
      zlib.brotliCompressSync(source, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  ],
  ...(zstdCompressSync === undefined ? [] : [['zstd', zstdCompressSync] as const]),
];

const GIB = 1024 ** 3;

function* inChunks(bytes: Buffer, chunkBytes: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes);
  }
}

/** The verdict of both ways, which is to be one and the same. */
async function verdictOn(
  encoded: Buffer,
  source: Buffer,
  coding: ContentCoding,
  chunkBytes: readonly [ofEncoded: number, ofSource: number] = [7, 1000],
): Promise<boolean> {
  const [encodedChunk, sourceChunk] = chunkBytes;
  const whole = decodesTo(encoded, source, coding);
  const chunks = [inChunks(encoded, encodedChunk), inChunks(source, sourceChunk)] as const;
  assert.equal(await chunksDecodeTo(...chunks, coding), whole, 'both ways agree');
  return whole;
}

function withByte(bytes: Buffer, position: number, mask: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[position] = (changed[position] ?? 0) ^ mask;
  return changed;
}

describe('this Node', () => {
  it('decodes gzip and br, and zstd where it has that', () => {
    assert.ok(canDecode('gzip') && canDecode('br'));
    assert.equal(canDecode('zstd'), zstdCompressSync !== undefined);
  });

  it(
    'proves nothing of a content-coding that it cannot decode',
    { skip: canDecode('zstd') },
    async () => {
      const empty = Buffer.alloc(0);
      assert.equal(decodesTo(empty, empty, 'zstd'), false);
      assert.equal(await chunksDecodeTo([], [], 'zstd'), false);
    },
  );
});

for (const [coding, encode] of ENCODERS) {
  describe(`the proof of ${coding}`, () => {
    const source = Buffer.from(script(20_000));
    const encoded = encode(source);

    it('accepts sources of any size, also of nothing', async () => {
      for (const bytes of [0, 1, 63, 64, 65, 20_000, 300_000]) {
        const content = Buffer.from(script(bytes));
        assert.ok(await verdictOn(encode(content), content, coding), String(bytes));
      }
    });

    it('refuses what is cut short anywhere', async () => {
      for (let length = 0; length < encoded.length; length += 1) {
        assert.equal(decodesTo(encoded.subarray(0, length), source, coding), false, `${length}`);
      }
      for (const length of [
        0,
        1,
        10,
        encoded.length >> 1,
        encoded.length - 8,
        encoded.length - 1,
      ]) {
        assert.equal(await verdictOn(encoded.subarray(0, length), source, coding), false);
      }
    });

    it('refuses bytes behind the end: zeros, others, few or many', async () => {
      for (const trail of [
        Buffer.alloc(1),
        Buffer.alloc(8),
        Buffer.alloc(5000),
        Buffer.from('x'),
        randomBytes(5000),
        encoded,
        Buffer.concat([Buffer.alloc(4), encode(Buffer.alloc(0))]),
      ]) {
        const longer = Buffer.concat([encoded, trail]);
        assert.equal(await verdictOn(longer, source, coding), false);
        const borders = [encoded.length, 1000] as const;
        assert.equal(await verdictOn(longer, source, coding, borders), false);
        assert.equal(await verdictOn(longer, source, coding, [longer.length, 1000]), false);
      }
    });

    it('refuses another source of the same size, wherever it differs', async () => {
      for (const position of [0, 1, 9999, 19_999]) {
        assert.equal(await verdictOn(encoded, withByte(source, position, 1), coding), false);
      }
    });

    it('refuses what decodes to the beginning of the source, or to more than it', async () => {
      const longer = Buffer.concat([source, Buffer.from('\n')]);
      assert.equal(await verdictOn(encoded, longer, coding), false);
      assert.equal(await verdictOn(encoded, source.subarray(0, -1), coding), false);
      assert.equal(await verdictOn(encoded, Buffer.alloc(0), coding), false);
      assert.equal(await verdictOn(encode(Buffer.alloc(0)), source, coding), false);
      assert.equal(await verdictOn(encode(Buffer.from('a')), Buffer.alloc(0), coding), false);
    });

    it('refuses nothing at all, and noise', async () => {
      assert.equal(await verdictOn(Buffer.alloc(0), Buffer.alloc(0), coding), false);
      assert.equal(await verdictOn(Buffer.alloc(0), source, coding), false);
      for (let round = 0; round < 50; round += 1) {
        assert.equal(await verdictOn(randomBytes(1000), source, coding), false);
      }
    });

    it('is a verdict and no error, whichever byte is damaged', async () => {
      for (let position = 0; position < encoded.length; position += 11) {
        const damaged = withByte(encoded, position, 0xff);
        // Some bytes of a header say nothing of the content: then it still decodes to the source.
        await verdictOn(damaged, source, coding, [100, 100]);
      }
    });

    it('is the same wherever the chunks of either side end', async () => {
      const content = Buffer.from(script(3000));
      const good = encode(content);
      const borders = fc.integer({ min: 1, max: 4000 });
      await fc.assert(
        fc.asyncProperty(borders, borders, fc.nat(2), async (encodedChunk, sourceChunk, fault) => {
          const bytes = [good, good.subarray(0, -1), Buffer.concat([good, Buffer.alloc(3)])][fault];
          assert.ok(bytes);
          const verdict = await verdictOn(bytes, content, coding, [encodedChunk, sourceChunk]);
          assert.equal(verdict, fault === 0);
        }),
        { numRuns: 150 },
      );
    });

    it('passes over empty chunks', async () => {
      const none = Buffer.alloc(0);
      const chunks = [none, encoded.subarray(0, 10), none, encoded.subarray(10), none];
      assert.ok(await chunksDecodeTo(chunks, [none, source, none], coding));
      assert.equal(await chunksDecodeTo([...chunks, Buffer.alloc(1)], [source], coding), false);
    });

    it('reads no more of the encoded bytes once they differ', async () => {
      let pulled = 0;
      const chunks = function* (): Generator<Buffer> {
        for (const chunk of inChunks(encode(randomBytes(5_000_000)), 10_000)) {
          pulled += 1;
          yield chunk;
        }
      };
      assert.equal(await chunksDecodeTo(chunks(), [Buffer.alloc(5_000_000)], coding), false);
      assert.ok(pulled < 100, `${pulled} chunks`);
    });

    it('tells what goes wrong with the reading of either side', async () => {
      const failing = function* (): Generator<Buffer> {
        yield encoded.subarray(0, 100);
        throw new Error('unreadable');
      };
      await assert.rejects(chunksDecodeTo(failing(), [source], coding), /unreadable/);
      const failingSource = function* (): Generator<Buffer> {
        yield source.subarray(0, 100);
        throw new TypeError('unreadable');
      };
      await assert.rejects(chunksDecodeTo([encoded], failingSource(), coding), /unreadable/);
    });

    it('refuses a bomb at once, and holds no more of it than the source is long', async () => {
      const bomb = await bombOf(coding);
      const peakBefore = process.resourceUsage().maxRSS;
      const start = performance.now();
      // What it begins with is right.
      const zeros = Buffer.alloc(100_000);
      assert.equal(await verdictOn(bomb, zeros, coding, [65_536, 65_536]), false);
      assert.equal(await verdictOn(bomb, Buffer.alloc(0), coding, [65_536, 65_536]), false);
      assert.equal(await verdictOn(bomb, source, coding, [bomb.length, 65_536]), false);
      const durationMs = performance.now() - start;
      const grownMiB = (process.resourceUsage().maxRSS - peakBefore) / 1024;
      // To decode it six times takes several seconds, and to hold it once 1024 MiB.
      assert.ok(durationMs < 2500, `${durationMs} ms`);
      assert.ok(grownMiB < 100, `${grownMiB} MiB`);
    });
  });
}

/** Encoded bytes that decode to 1 GiB of zeros, made without ever holding these. */
async function bombOf(coding: ContentCoding): Promise<Buffer> {
  // Members one behind the other are as good as one, and frames of zstd likewise.
  const zeros = Buffer.alloc(GIB / 64);
  if (coding !== 'br') {
    const encode = ENCODERS.find(([one]) => one === coding)?.[1];
    assert.ok(encode);
    const member = encode(zeros);
    return Buffer.concat(Array.from({ length: 64 }, () => member));
  }
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 };
  const source = Readable.from(Array.from({ length: 64 }, () => zeros));
  return buffer(source.pipe(zlib.createBrotliCompress({ params })));
}

describe('several gzip members', () => {
  const source = Buffer.from(script(5000));
  const members = [source.subarray(0, 1000), source.subarray(1000, 1000), source.subarray(1000)];
  const encoded = Buffer.concat(members.map((member) => zlib.gzipSync(member)));

  it('are one proof, wherever the chunks end', async () => {
    const border = zlib.gzipSync(source.subarray(0, 1000)).length;
    for (const chunkBytes of [1, 2, border - 1, border, border + 1, encoded.length]) {
      assert.ok(await verdictOn(encoded, source, 'gzip', [chunkBytes, 999]), String(chunkBytes));
    }
  });

  it('are none when one is missing, damaged, or too many', async () => {
    const [first] = members.map((member) => zlib.gzipSync(member));
    assert.ok(first);
    for (const bytes of [
      encoded.subarray(first.length),
      encoded.subarray(0, first.length),
      Buffer.concat([encoded, zlib.gzipSync('x')]),
      withByte(encoded, first.length - 5, 1),
      withByte(encoded, encoded.length - 5, 1),
    ]) {
      assert.equal(await verdictOn(bytes, source, 'gzip'), false);
    }
  });
});
