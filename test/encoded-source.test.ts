// Shows that equal bytes are encoded once for each codec, and that no more than a batch of them is
// remembered: the variant of an encode that was spared is the very same buffer.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { encode } from '../src/codec.js';
import { EncodedSource, RecentSources } from '../src/encoded-source.js';
import type { CodecSettings } from '../src/job.js';
import { script } from './support/sidecars.js';

const GZIP: CodecSettings = { contentCoding: 'gzip', level: 9 };
const BROTLI: CodecSettings = { contentCoding: 'br', quality: 5 };

function text(bytes: number, seed = 1): Buffer {
  return Buffer.from(script(bytes, seed));
}

function wholeOf(source: EncodedSource, codec: CodecSettings): Buffer {
  const encoded = source.encode(codec);
  assert.ok('whole' in encoded);
  return encoded.whole;
}

describe('an encoded source', () => {
  it('holds the variant of each codec, made once', () => {
    const source = new EncodedSource(text(5000));
    const [gzip, br] = [wholeOf(source, GZIP), wholeOf(source, BROTLI)];
    assert.ok(gunzipSync(gzip).equals(text(5000)));
    assert.ok(brotliDecompressSync(br).equals(text(5000)));
    assert.equal(wholeOf(source, GZIP), gzip);
    assert.equal(wholeOf(source, BROTLI), br);
  });

  it('tells codecs of one content-coding apart by their settings', () => {
    const source = new EncodedSource(text(50_000));
    for (const quality of [1, 5, 11]) {
      const codec: CodecSettings = { contentCoding: 'br', quality };
      assert.ok(wholeOf(source, codec).equals(encode(source.content, codec)), String(quality));
    }
  });

  it('holds just a size, no smaller than the source, of what is too large to be kept', () => {
    const source = new EncodedSource(randomBytes(100_000));
    const codec: CodecSettings = { contentCoding: 'br', quality: 11 };
    const encoded = source.encode(codec);
    assert.ok('tooLargeBytes' in encoded && encoded.tooLargeBytes >= 100_000);
    assert.equal(source.encode(codec), encoded);
    // gzip is quick anyway, and is encoded whole.
    assert.ok(gunzipSync(wholeOf(source, GZIP)).equals(source.content));
  });
});

describe('recent sources', () => {
  it('know equal bytes again, whichever buffer they come in', () => {
    const recent = new RecentSources();
    for (const bytes of [0, 1, 5000, 100_000, 1_000_000]) {
      const first = recent.of(text(bytes));
      assert.equal(recent.of(text(bytes)), first, String(bytes));
      assert.equal(wholeOf(recent.of(text(bytes)), GZIP), wholeOf(first, GZIP));
    }
  });

  it('tell sources of one size apart, also by the last byte alone', () => {
    for (const bytes of [1000, 1_000_000]) {
      const recent = new RecentSources();
      const other = text(bytes);
      other[bytes - 1] = 0;
      const contents = [text(bytes), other, text(bytes, 2)];
      for (const content of contents) {
        assert.ok(gunzipSync(wholeOf(recent.of(content), GZIP)).equals(content));
      }
    }
  });

  it('know all of one size again that fit into 64 KiB, in whatever order they come', () => {
    const recent = new RecentSources();
    const contents = Array.from({ length: 16 }, (_, index) => text(4096, index + 1));
    const sources = contents.map((content) => recent.of(content));
    assert.equal(new Set(sources).size, 16);
    contents.forEach((content, index) => {
      assert.equal(recent.of(Buffer.from(content)), sources[index]);
    });
  });

  it('forget what was before when there is no room, or another size comes', () => {
    const isKnown = (first: Buffer, ...others: readonly Buffer[]): boolean => {
      const recent = new RecentSources();
      const source = recent.of(first);
      for (const other of others) recent.of(other);
      return recent.of(Buffer.from(first)) === source;
    };
    assert.ok(isKnown(text(40_000), text(40_000, 2)));
    assert.ok(!isKnown(text(40_000), text(40_000, 2), text(40_000, 3)));
    assert.ok(!isKnown(text(65_536), text(65_536, 2)));
    assert.ok(!isKnown(text(1000), text(1001)));
    const many = Array.from({ length: 17 }, (_, index) => text(4096, index + 1));
    assert.ok(!isKnown(many[0] ?? text(0), ...many.slice(1)));
  });
});
