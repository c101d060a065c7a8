// Shows that a source which is replaced, truncated, grown, deleted or turned into something else while it is
// read never gets a sidecar of mixed content, with a process beside the run that does nothing else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import { assertTree, decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';
import { until } from '../support/until.js';

const ON_WINDOWS = process.platform === 'win32' && 'what POSIX does with open files';

const OTHER = script(500);

/**
 * Changes the files `0.js` to `<files - 1>.js` of the working folder at random until it is ended. Each version
 * of one is a line of its own, repeated; in place it comes in three writes, so that the file is for a while
 * made of two versions. These are further apart than the ticks of a file system's clock, within which a change
 * that keeps the size cannot be seen.
 */
const MUTATOR = `
const fs = require('fs');
const { execFileSync } = require('child_process');
const [files, lines, pauseMs] = process.argv.slice(1).map(Number);
const random = (n) => Math.floor(Math.random() * n);
const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms) => void Atomics.wait(cell, 0, 0, ms);
let version = 0;
const content = () => ('version ' + String((version += 1)).padStart(9, '0') + '\\n').repeat(lines);
const inPlace = (path, flags) => {
  const text = content();
  const fd = fs.openSync(path, flags);
  for (const part of [0, 1, 2]) {
    pause(15 + random(10));
    fs.writeSync(fd, text.slice(part * text.length / 3, (part + 1) * text.length / 3));
  }
  fs.closeSync(fd);
};
const acts = [
  (path) => { fs.writeFileSync('.new', content()); fs.renameSync('.new', path); },
  (path) => inPlace(path, 'r+'),
  (path) => inPlace(path, 'w'),
  (path) => fs.truncateSync(path, 18 * random(lines)),
  (path) => fs.appendFileSync(path, 'version 000000000\\n'.repeat(random(lines))),
  (path) => fs.rmSync(path, { recursive: true, force: true }),
  (path) => { fs.rmSync(path, { recursive: true, force: true }); fs.mkdirSync(path); },
  (path) => { fs.rmSync(path, { recursive: true, force: true }); fs.symlinkSync('other', path); },
  (path) => { fs.rmSync(path, { recursive: true, force: true }); execFileSync('mkfifo', [path]); },
];
for (;;) {
  const path = random(files) + '.js';
  try { acts[random(acts.length)](path); } catch {}
  pause(random(pauseMs));
  try {
    // So that it does not stay for long what is no source.
    if (!fs.lstatSync(path).isFile()) fs.rmSync(path, { recursive: true });
  } catch {}
  try { if (!fs.existsSync(path)) fs.writeFileSync(path, content()); } catch {}
}
`;

/** Asserts that a file was like this at some moment: of one version, or a newer one up to a third's end. */
function assertOneVersion(content: string, lines: number, what: string): void {
  const all = content.split('\n').filter((line) => line !== '' && line !== 'version 000000000');
  const starts = all.flatMap((line, index) => (line === all[index - 1] ? [] : [index]));
  const isOne = starts.length <= 1 || [lines / 3, (2 * lines) / 3].includes(starts[1] ?? NaN);
  assert.ok(isOne && starts.length <= 2, `${what} is mixed at ${starts.slice(0, 9).join()}`);
}

/** How many sidecars were decoded, each of one version alone, and how many of a version that came later. */
function countWhole(tree: Tree, lines: number): { whole: number; later: number } {
  let later = 0;
  const sidecars = tree.list().filter((path) => isSidecarPath(path));
  for (const path of sidecars) {
    if (!lstatSync(tree.join(path)).isFile()) continue;
    const content = decodeSidecar(tree, path).toString();
    // What the source was a link to for a while.
    if (content === OTHER) continue;
    assertOneVersion(content, lines, path);
    if (/^version 0*[1-9]/.test(content)) later += 1;
  }
  return { whole: sidecars.length, later };
}

/** What shows that a file was changed or replaced, or is gone. */
function identityOf(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? '' : [stats.ino, stats.size, stats.mtimeNs].join(' ');
}

describe('sources that a process keeps changing', { skip: ON_WINDOWS }, () => {
  for (const { what, files, lines, pauseMs, options, times } of [
    {
      what: 'held in memory',
      files: 6,
      lines: 3000,
      pauseMs: 25,
      options: { brotliQuality: 5 },
      times: rounds(6, 300),
    },
    {
      what: 'streamed',
      files: 1,
      lines: 1_899_000,
      pauseMs: 2500,
      options: { brotliQuality: 0, gzipLevel: 1 },
      times: rounds(2, 25),
    },
  ]) {
    it(`fail or are tried again, and no sidecar is mixed, ${what}`, async (t) => {
      const line = 'version 000000000\n';
      using tree = new Tree({ other: OTHER });
      const paths = Array.from({ length: files }, (_, index) => `${index}.js`);
      for (const path of paths) tree.add({ [path]: line.repeat(lines) });
      const words = ['-e', MUTATOR, String(files), String(lines), String(pauseMs)];
      const before = new Map(paths.map((path) => [path, identityOf(tree.join(path))]));
      const mutator = spawn(process.execPath, words, { cwd: tree.path, stdio: 'ignore' });
      const gone = once(mutator, 'exit');
      const counts = { failed: 0, whole: 0, later: 0 };
      try {
        await until(() => paths.some((path) => identityOf(tree.join(path)) !== before.get(path)));
        for (let round = 0; round < times; round += 1) {
          const report = await compress(tree.path, { ...options, include: ['*.js'] });
          counts.failed += report.failures.length;
          const { whole, later } = countWhole(tree, lines);
          counts.whole += whole;
          counts.later += later;
          for (const { code, message } of report.failures) {
            assert.match(code, /^(ECHANGED|ENOENT|ENOTREG|EISDIR|EEXIST|ELOOP)$/);
            assert.ok(message.length > 20, message);
          }
        }
        assert.deepEqual([mutator.exitCode, mutator.signalCode], [null, null]);
      } finally {
        mutator.kill('SIGKILL');
        await gone;
      }
      // In a few runs chance may have it that none got so far.
      assert.ok(counts.later > 0 || times < 5, JSON.stringify(counts));
      rmSync(tree.join('.new'), { force: true });
      for (const path of paths) rmSync(tree.join(path), { recursive: true, force: true });
      for (const path of paths) tree.add({ [path]: line.repeat(lines / 2) });
      const last = await compress(tree.path, { ...options, include: ['*.js'] });
      assert.deepEqual(last.failures, []);
      assertTree(tree, ['other', ...paths.flatMap((path) => [path, `${path}.br`, `${path}.gz`])]);
      const text = `${times} runs, ${counts.failed} failures said, none of ${counts.whole} sidecars behind them mixed`;
      t.diagnostic(text);
      figure(`changing-${what === 'streamed' ? 'streamed' : 'whole'}`, text);
    });
  }
});

describe('a source that is changed so that its size and time stay', { skip: ON_WINDOWS }, () => {
  /** Does a change and sets the time back: only the file's number, or the time of its status, tells. */
  const CHANGES: Readonly<Record<string, (path: string, content: string) => void>> = {
    'replaced by another file': (path, content) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(`${path}.new`, content);
      utimesSync(`${path}.new`, atime, mtime);
      renameSync(`${path}.new`, path);
    },
    // Its beginning at once, so that nobody meets it half changed.
    'written over in place': (path, content) => {
      const { atime, mtime } = statSync(path);
      const fd = openSync(path, 'r+');
      writeSync(fd, content.slice(0, 3000), 0);
      closeSync(fd);
      utimesSync(path, atime, mtime);
    },
  };

  for (const [what, change] of Object.entries(CHANGES)) {
    it(`is noticed while it is encoded: ${what}`, async () => {
      // Streamed, so that a temporary file shows when it is in the encoders.
      using tree = new Tree({ 'a.js': script(1_000_000).repeat(34) });
      const path = tree.join('a.js');
      utimesSync(path, 1_600_000_000, 1_600_000_000);
      const other = script(1_000_000, 2).repeat(34);
      const options = { brotliQuality: 5, gzipLevel: 6 };
      const running = compress(tree.path, options);
      await until(() => tree.list().some((name) => name.endsWith('.tmp')));
      change(path, other);
      const { failures } = await running;
      assert.deepEqual(failures, []);
      // What it was made of at first is gone.
      assert.equal(tree.bytes('a.js').toString('latin1', 0, 3000), other.slice(0, 3000));
      assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
    });

    it(`is noticed by the next run: ${what}`, async () => {
      using tree = new Tree({ 'a.js': script(3000) });
      const path = tree.join('a.js');
      utimesSync(path, 1_600_000_000, 1_600_000_000);
      await compress(tree.path);
      change(path, script(3000, 2));
      await compress(tree.path);
      assert.equal(tree.bytes('a.js').toString(), script(3000, 2));
      assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
    });
  }
});
