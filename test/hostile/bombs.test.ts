// Shows that a sidecar of 10 MB that decodes to 10 GB costs neither memory nor time, in any kind of run
// that looks at what sidecars hold. Bombs in the cache are in cache-hostile.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib';
import type { CheckOptions, CompressOptions } from '../../src/index.js';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';

const BOMB_BYTES = 10 * 1024 ** 3;
const PART_BYTES = 64 * 1024 ** 2;
const PARTS = BOMB_BYTES / PART_BYTES;
const LIBRARY = new URL('../../src/index.js', import.meta.url).href;

/** One member of gzip that says it holds zeros for 10 GiB, and does. */
function oneMember(zeros: Buffer): Buffer {
  const part = deflateRawSync(zeros, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const header = Buffer.from('1f8b0800000000000003', 'hex');
  return Buffer.concat([
    header,
    ...Array<Buffer>(PARTS).fill(part),
    Buffer.from('0300', 'hex'),
    Buffer.alloc(8),
  ]);
}

/** What a process took that checks or runs: its peak of memory in MiB, and its seconds of CPU time. */
function costOf(
  root: string,
  options: CheckOptions | CompressOptions,
  isCheck: boolean,
): { mib: number; seconds: number; text: string } {
  const program = `
    const { check, compress } = await import(process.argv[1]);
    const options = JSON.parse(process.argv[3]);
    const report = await (${isCheck} ? check : compress)(process.argv[2], { cache: false, ...options });
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const seconds = (userCPUTime + systemCPUTime) / 1e6;
    console.log(JSON.stringify({ mib: maxRSS / 1024, seconds, text: JSON.stringify(report) }));`;
  const argv = ['--input-type=module', '-e', program, LIBRARY, root, JSON.stringify(options)];
  return JSON.parse(
    execFileSync(process.execPath, argv, { encoding: 'utf8', timeout: 60_000, maxBuffer: 2 ** 26 }),
  ) as never;
}

describe('a sidecar that decodes to 10 GiB', () => {
  it('is stale, for little memory and time, in a check and in every run', () => {
    const zeros = Buffer.alloc(PART_BYTES);
    const member = gzipSync(zeros, { level: 9 });
    const several = Buffer.concat(Array<Buffer>(PARTS).fill(member));
    const brotli = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    const stale = { gz: gzipSync('stale'), br: brotliCompressSync('stale') };
    using harmless = new Tree({
      'text.js': script(3000),
      'text.js.gz': stale.gz,
      'text.js.br': stale.br,
      'one.js': script(3000),
      'one.js.gz': stale.gz,
      'zeros.txt': Buffer.alloc(40_000_000),
      'zeros.txt.gz': stale.gz,
      'zeros.txt.br': stale.br,
    });
    using tree = new Tree({
      'text.js': script(3000),
      'text.js.gz': several,
      'text.js.br': brotli,
      'one.js': script(3000),
      'one.js.gz': oneMember(zeros),
      // It begins like the bomb, so that only the bound ends the decoding.
      'zeros.txt': Buffer.alloc(40_000_000),
      'zeros.txt.gz': several,
      'zeros.txt.br': brotli,
    });
    const runs: readonly (readonly [CompressOptions, boolean])[] = [
      [{}, true],
      [{ exclude: ['*.{js,txt}'], prune: true, dryRun: true }, false],
      [{ keepValid: true, brotliQuality: 1, gzipLevel: 1 }, false],
    ];
    for (const [options, isCheck] of runs) {
      const words = isCheck ? { brotliQuality: 1, gzipLevel: 1 } : options;
      const usual = costOf(harmless.path, words, isCheck);
      const { mib, seconds, text } = costOf(tree.path, words, isCheck);
      const what = `${JSON.stringify(options)}: ${mib} MiB, ${seconds} s, without bombs ${usual.seconds} s`;
      // 10 GiB take 10 s and more to decode; the whole of one part, held, would show as well.
      assert.ok(mib < 400 && seconds < 4 * usual.seconds + 4, what);
      if (isCheck) assert.equal(text.match(/"stale"/g)?.length, 6, text);
      else assert.match(text, /"failures":\[\]/);
    }
    assert.ok(tree.bytes('zeros.txt.gz').length < 2 ** 20);
    assert.ok(tree.bytes('text.js.gz').length < 3000);
  });
});
