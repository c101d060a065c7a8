// Shows the defaults, the limits of each option, and the usage errors beyond them. What the options then
// do is shown where they do it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { DEFAULT_EXCLUDED_EXTENSIONS } from '../src/excluded-extensions.js';
import { UsageError } from '../src/errors.js';
import { resolveOptions, type CompressOptions } from '../src/options.js';
import { availableThreads } from '../src/parallelism.js';
import { NO_ZSTD } from './support/capability.js';

const DEFAULTS = {
  skipExtensions: DEFAULT_EXCLUDED_EXTENSIONS,
  include: [],
  exclude: [],
  minSize: 1,
  maxRatio: 1,
  gzip: true,
  brotli: true,
  zstd: false,
  gzipLevel: 9,
  brotliQuality: 11,
  zstdLevel: 19,
  threads: availableThreads(),
  follow: false,
  dryRun: false,
  keepValid: false,
  prune: false,
  cache: true,
  cacheMaxSize: 2 ** 30,
  force: false,
};

describe('options', () => {
  it('that are left out or undefined have their defaults', () => {
    const undefinedOptions = { gzip: undefined, threads: undefined, onEvent: undefined };
    assert.deepEqual(resolveOptions(), DEFAULTS);
    assert.deepEqual(resolveOptions(undefinedOptions as unknown as CompressOptions), DEFAULTS);
  });

  it('that are given stand as they are, at their limits too', () => {
    const low: CompressOptions = {
      skipExtensions: [],
      include: ['!(a|b)', '\\!x'],
      exclude: ['map/**'],
      minSize: 0,
      maxRatio: 0,
      gzip: false,
      gzipLevel: 0,
      brotliQuality: 0,
      zstdLevel: 1,
      threads: 1,
      follow: true,
      dryRun: true,
      keepValid: true,
      prune: 'all',
      cache: false,
      cacheDir: 'x',
      cacheMaxSize: 0,
      force: true,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    };
    assert.deepEqual(resolveOptions(low), { ...DEFAULTS, ...low });
    const high: CompressOptions = {
      skipExtensions: ['.tar.gz', 'png', ''],
      minSize: Number.MAX_SAFE_INTEGER,
      maxRatio: 1,
      brotli: false,
      gzipLevel: 9,
      brotliQuality: 11,
      zstd: false,
      zstdLevel: 22,
      threads: 1024,
    };
    assert.deepEqual(resolveOptions(high), { ...DEFAULTS, ...high });
  });

  const EXTENSIONS = 'a list of extensions such as "png"';
  const GLOBS =
    'a list of globs without a leading "!" (use the opposite option, or "\\!" for the character)';
  const BYTES = 'a whole number of bytes, 0 or more';
  const rows: readonly [option: string, allowed: string, values: readonly unknown[]][] = [
    ['skipExtensions', EXTENSIONS, ['png', [1], ['a/b'], ['a\\b'], ['*.png'], null]],
    ['include', GLOBS, ['*.js', [''], [1], ['!*.js'], {}]],
    ['exclude', GLOBS, ['*.js', [''], [null], ['*.js', '!keep.js']]],
    ['minSize', BYTES, [-1, 1.5, NaN, Infinity, 2 ** 53, '1', null]],
    ['maxRatio', 'a number from 0 to 1', [-0.1, 1.1, NaN, '0.9', null]],
    ['gzip', 'true or false', [1, 'true', null]],
    ['brotli', 'true or false', [0, 'false', null]],
    ['gzipLevel', 'a whole number from 0 to 9', [-1, 10, 1.5, NaN, '9']],
    ['brotliQuality', 'a whole number from 0 to 11', [-1, 12, 0.5, NaN, '11']],
    ['zstd', 'true or false', [1, 'true', null]],
    ['zstdLevel', 'a whole number from 1 to 22', [-1, 0, 23, 1.5, NaN, '19']],
    ['threads', 'a whole number from 1 to 1024', [0, -1, 1025, 1.5, NaN, Infinity, '2']],
    ['follow', 'true or false', ['yes', null]],
    ['dryRun', 'true or false', ['no', null]],
    ['keepValid', 'true or false', [1, null]],
    ['prune', 'true, false or "all"', ['yes', 1, null]],
    ['cache', 'true or false', ['no', null]],
    ['cacheDir', 'the path of a folder', ['', 'a\0b', 1, null]],
    ['cacheMaxSize', BYTES, [-1, 1.5, NaN, '1gb', null]],
    ['force', 'true or false', ['yes', null]],
    ['onEvent', 'a function', [{}, null]],
    ['signal', 'an AbortSignal', [{}, null, new AbortController()]],
  ];
  for (const [option, allowed, values] of rows) {
    for (const value of values) {
      it(`${option} of ${inspect(value, { depth: 1 })} is a usage error`, () => {
        assertUsageError({ [option]: value }, option, value, allowed);
      });
    }
  }

  it('that do not exist are a usage error that lists those that do', () => {
    const allowed =
      'one of skipExtensions, include, exclude, minSize, maxRatio, gzip, brotli, zstd, gzipLevel, ' +
      'brotliQuality, zstdLevel, threads, shard, follow, dryRun, keepValid, prune, cache, cacheDir, cacheMaxSize, force, ' +
      'onEvent, signal';
    assertUsageError({ level: 9 }, 'level', 9, allowed);
    assertUsageError({ toString: 1 }, 'toString', 1, allowed);
  });

  it('that leave no content-coding are a usage error', () => {
    const allowed = 'at least one of gzip, brotli and zstd to be on';
    assertUsageError({ gzip: false, brotli: false }, 'brotli', false, allowed);
    assertUsageError({ gzip: false, brotli: false, zstd: false }, 'brotli', false, allowed);
  });

  it('may leave zstd alone on', { skip: NO_ZSTD }, () => {
    const zstd = { gzip: false, brotli: false, zstd: true };
    assert.deepEqual(resolveOptions(zstd), { ...DEFAULTS, ...zstd });
  });

  it('that ask for zstd where there is none say which Node.js has it', { skip: !NO_ZSTD }, () => {
    const message =
      /^zstd: this Node\.js has no zstd; 22\.15 and later have it, .*: use one of them, or leave zstd off$/;
    assert.throws(
      () => resolveOptions({ zstd: true }),
      (error) =>
        error instanceof UsageError && error.option === 'zstd' && message.test(error.message),
    );
  });
});

function assertUsageError(options: object, option: string, value: unknown, allowed: string): void {
  assert.throws(
    () => resolveOptions(options),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.deepEqual(
        { option: error.option, value: error.value, allowed: error.allowed, code: error.code },
        { option, value, allowed, code: 'ERR_WN_COMPRESS_USAGE' },
      );
      assert.ok(error.message.startsWith(`${option}: expected ${allowed}, got `), error.message);
      return true;
    },
  );
}
