// Shows how much memory an encode is taken to need and a run may take, by table, and that the memory of
// this machine is told as it is. What is made of it: see dispatch.test.ts.
import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import { describe, it } from 'node:test';
import type { CodecSettings } from '../src/job.js';
import { encodeMemoryBytes, memoryBudgetBytes, threadsWithinMemory } from '../src/memory.js';
import { usableMemoryBytes } from '../src/usable-memory.js';
import { ControlGroup } from './support/control-group.js';

const MIB = 1024 * 1024;
const GZIP: CodecSettings = { contentCoding: 'gzip', level: 9 };

function brotli(quality: number): CodecSettings {
  return { contentCoding: 'br', quality };
}

function zstd(level: number): CodecSettings {
  return { contentCoding: 'zstd', level };
}

describe('the memory of an encode', () => {
  const rows: readonly (readonly [sourceMib: number, codecs: CodecSettings[], mib: number])[] = [
    [0, [GZIP, brotli(11)], 12],
    [1, [GZIP, brotli(11)], 23],
    [1, [GZIP], 17],
    [1, [brotli(9)], 17],
    [1, [brotli(10)], 23],
    [4, [GZIP, brotli(11)], 56],
    [16, [GZIP, brotli(11)], 188],
    // Above the largest window, only what is held of the source grows.
    [32, [GZIP, brotli(11)], 220],
    [32, [GZIP, brotli(9)], 124],
    // And what is streamed is not held at all.
    [33, [GZIP, brotli(11)], 156],
    [100_000, [GZIP, brotli(11)], 156],
    // What is held is encoded with one after the other.
    [1, [GZIP, brotli(11), zstd(19)], 33],
    [1, [zstd(12)], 26],
    [8, [GZIP, zstd(22)], 180],
    [16, [GZIP, brotli(11), zstd(19)], 196],
    [32, [GZIP, brotli(11), zstd(19)], 228],
    // And what is streamed, with all at once.
    [33, [GZIP, zstd(19)], 164],
    [33, [GZIP, brotli(11), zstd(19)], 308],
    [33, [brotli(9), zstd(12)], 156],
  ];
  for (const [sourceMib, codecs, mib] of rows) {
    const names = codecs.map((codec) => Object.values(codec).join(' ')).join(' and ');
    it(`of ${sourceMib} MiB with ${names} is ${mib} MiB`, () => {
      assert.equal(encodeMemoryBytes(sourceMib * MIB, codecs), mib * MIB);
    });
  }

  it('is no less than what was measured at quality 11, and what the source itself takes', () => {
    for (const [sourceMib, measuredMib] of [
      [1 / 16, 4],
      [1, 16],
      [4, 45],
      [8, 70],
      [16, 148],
      [27, 157],
    ] as const) {
      const bytes = encodeMemoryBytes(sourceMib * MIB, [GZIP, brotli(11)]);
      assert.ok(bytes >= (sourceMib + measuredMib) * MIB, `${sourceMib} MiB: ${bytes / MIB} MiB`);
    }
  });
});

describe('the memory of an encode with zstd', () => {
  it('is no less than what was measured at level 22, and what the source itself takes', () => {
    for (const [sourceMib, measuredMib] of [
      [1 / 16, 2],
      [1 / 4, 6],
      [1, 18],
      [4, 70],
      [8, 138],
      [27, 143],
      [32, 143],
    ] as const) {
      const bytes = encodeMemoryBytes(sourceMib * MIB, [zstd(22)]);
      assert.ok(bytes >= (sourceMib + measuredMib) * MIB, `${sourceMib} MiB: ${bytes / MIB} MiB`);
    }
  });
});

describe('the memory of a run', () => {
  const rows: readonly (readonly [threads: number, usableMib: number, mib: number])[] = [
    [1, 2000, 256],
    [4, 2000, 256],
    [5, 2000, 320],
    [5, 64_000, 8000],
    [64, 24_000, 4096],
    [1024, 64_000, 32_000],
    [8, 512, 256],
    [1, 256, 128],
    [2, 128, 16],
    [16, 100, 0],
  ];
  for (const [threads, usableMib, mib] of rows) {
    it(`with ${threads} threads and ${usableMib} MiB to use is ${mib} MiB`, () => {
      assert.equal(memoryBudgetBytes(threads, usableMib * MIB), Math.max(1, mib * MIB));
    });
  }

  it('holds the largest encode there is, where the memory does not forbid it', () => {
    const largest = encodeMemoryBytes(Infinity, [GZIP, brotli(11)]);
    assert.ok(largest <= memoryBudgetBytes(1, Infinity));
  });
});

describe('the threads that there is memory for', () => {
  const rows: readonly (readonly [wanted: number, usableMib: number, threads: number])[] = [
    [2, 24_000, 2],
    [64, 24_000, 64],
    [1024, 24_000, 748],
    [64, 512, 14],
    [64, 256, 6],
    [64, 128, 2],
    [1, 128, 1],
    [64, 64, 1],
    [64, 10, 1],
  ];
  for (const [wanted, usableMib, threads] of rows) {
    it(`of ${wanted} in ${usableMib} MiB are ${threads}`, () => {
      assert.equal(threadsWithinMemory(wanted, usableMib * MIB), threads);
    });
  }
});

describe('the memory that this process may use', () => {
  it('is some, and no more than the machine has', () => {
    const bytes = usableMemoryBytes();
    assert.ok(Number.isFinite(bytes) && bytes > 0 && bytes <= totalmem(), String(bytes));
  });

  it('is what its control group allows', (t) => {
    using group = ControlGroup.create({ memoryBytes: 300 * MIB });
    if (group === undefined) {
      t.skip('no control group can be made here');
      return;
    }
    const module = new URL('../src/usable-memory.js', import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then((m) => console.log(m.usableMemoryBytes()))`;
    const { stdout, stderr } = group.run([process.execPath, '-e', code]);
    assert.deepEqual([stdout.trim(), stderr], [String(300 * MIB), '']);
  });
});
