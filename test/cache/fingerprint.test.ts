// Shows what changes the key of a cache entry, each of these alone, and that nothing else does: not the
// process, the folder or the environment in which it is made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { digestOf, KEY_BYTES, keyOf } from '../../src/cache/fingerprint.js';
import type { CodecSettings } from '../../src/job.js';
import { Tree } from '../support/tree.js';

const MIB = 1024 ** 2;
const DIGEST = digestOf(Buffer.from('a source'));

function gzip(level: number): CodecSettings {
  return { contentCoding: 'gzip', level };
}

function br(quality: number): CodecSettings {
  return { contentCoding: 'br', quality };
}

function zstd(level: number): CodecSettings {
  return { contentCoding: 'zstd', level };
}

function keyText(codec: CodecSettings, sourceBytes = 5000, digest = DIGEST): string {
  return keyOf(digest, codec, sourceBytes).toString('hex');
}

/** How many different keys there are among these. */
function distinct(keys: readonly string[]): number {
  return new Set(keys).size;
}

describe('the digest of a source', () => {
  it('is its SHA-256', () => {
    for (const text of ['', 'a', 'x'.repeat(100_000)]) {
      const expected = createHash('sha256').update(text).digest();
      assert.deepEqual(digestOf(Buffer.from(text)), expected);
    }
  });
});

describe('a key', () => {
  it('has 32 bytes, and is the same for the same', () => {
    for (const codec of [gzip(9), br(11)]) {
      const key = keyOf(DIGEST, codec, 5000);
      assert.equal(key.length, KEY_BYTES);
      assert.deepEqual(keyOf(Buffer.from(DIGEST), { ...codec }, 5000), key);
    }
  });

  it('leaves the digest that it is made of as it is', () => {
    const digest = Buffer.from(DIGEST);
    keyOf(digest, gzip(9), 5000);
    assert.deepEqual(digest, DIGEST);
  });

  it('is another for each source: any byte of its digest counts', () => {
    const digests = Array.from({ length: DIGEST.length }, (_, index) => {
      const other = Buffer.from(DIGEST);
      other[index] = (other[index] ?? 0) ^ 1;
      return other;
    });
    const keys = [DIGEST, ...digests].map((digest) => keyText(gzip(9), 5000, digest));
    assert.equal(distinct(keys), 33);
  });

  it('is another for each content-coding, level and quality', () => {
    const levels = Array.from({ length: 10 }, (_, level) => gzip(level));
    const qualities = Array.from({ length: 12 }, (_, quality) => br(quality));
    const zstdLevels = Array.from({ length: 22 }, (_, index) => zstd(index + 1));
    const keys = [...levels, ...qualities, ...zstdLevels].map((codec) => keyText(codec));
    assert.equal(distinct(keys), 44);
  });

  const SIZES: readonly (readonly [what: string, codec: CodecSettings, at: number])[] = [
    ['the window and memory that gzip takes for it', gzip(9), 4096 - 262],
    ['the window that brotli takes for it', br(11), 2 ** 16 - 16],
    ['the block that brotli takes for it', br(5), 2 ** 18 - 16],
    ['the largest window of brotli', br(11), 2 ** 23 - 16],
    ['whether it is looked at first', br(11), 2 ** 16 - 1],
    ['whether it is streamed', gzip(0), 32 * MIB],
  ];
  for (const [what, codec, at] of SIZES) {
    it(`is another by the size of the source through ${what}`, () => {
      assert.equal(keyText(codec, at), keyText(codec, at - 1));
      assert.notEqual(keyText(codec, at), keyText(codec, at + 1));
      assert.equal(keyText(codec, at + 1), keyText(codec, at + 2));
    });
  }

  it('is none the other for the size as such', () => {
    assert.equal(keyText(gzip(9), 4000), keyText(gzip(9), 32 * MIB));
    assert.equal(keyText(br(9), 2 ** 18 - 15), keyText(br(9), 2 ** 20 - 16));
    assert.equal(keyText(zstd(19), 1), keyText(zstd(19), 32 * MIB));
  });
});

describe('a key in another process', () => {
  const fingerprint = new URL('../../src/cache/fingerprint.js', import.meta.url).href;
  const script = `
    import { digestOf, keyOf } from ${JSON.stringify(fingerprint)};
    const digest = digestOf(Buffer.from('a source'));
    const keys = [
      { contentCoding: 'gzip', level: 9 },
      { contentCoding: 'br', quality: 11 },
      { contentCoding: 'zstd', level: 19 },
    ]
      .map((codec) => keyOf(digest, codec, 5000).toString('hex'));
    console.log(keys.join(' '));`;
  const here = [keyText(gzip(9)), keyText(br(11)), keyText(zstd(19))];

  /** The keys of gzip, brotli and zstd, as a process finds them that starts with some code of its own. */
  function keysBehind(code: string, cwd?: string): string[] {
    const argv = ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
    const options = { cwd, encoding: 'utf8', env: { ...process.env, LANG: 'C', TZ: 'Asia/Tokyo' } };
    const output = execFileSync(
      process.execPath,
      [...argv, '--input-type=module', '--eval', script],
      options as { encoding: 'utf8' },
    );
    return output.trim().split(' ');
  }

  it('is the same, whatever its folder, locale and time zone', () => {
    using tree = new Tree();
    assert.deepEqual(keysBehind('', tree.path), here);
  });

  it('is another when that has another release of the codec, and no key of another codec is', () => {
    const withRelease = (codec: string): string =>
      `const versions = { ...process.versions, ${codec}: '99.0' };
       Object.defineProperty(process, 'versions', { value: versions });`;
    const [gzipByZlib, brByZlib] = keysBehind(withRelease('zlib'));
    assert.notEqual(gzipByZlib, here[0]);
    assert.equal(brByZlib, here[1]);
    const [gzipByBrotli, brByBrotli] = keysBehind(withRelease('brotli'));
    assert.equal(gzipByBrotli, here[0]);
    assert.notEqual(brByBrotli, here[1]);
    const byZstd = keysBehind(withRelease('zstd'));
    assert.deepEqual(byZstd.slice(0, 2), here.slice(0, 2));
    assert.notEqual(byZstd[2], here[2]);
    // Neither V8 nor Node itself encodes a byte.
    assert.deepEqual(keysBehind(withRelease('v8')), here);
    assert.deepEqual(keysBehind(withRelease('node')), here);
  });

  it('is another on another architecture', () => {
    const code = `import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
      os.arch = () => 'riscv64'; syncBuiltinESMExports();`;
    const [gzipKey, brKey] = keysBehind(code);
    assert.notEqual(gzipKey, here[0]);
    assert.notEqual(brKey, here[1]);
  });
});
