// Tests what is told of a run while it goes on: how far it is, how long it will take, in what words.
// The events are made up; how it looks while a real run goes on is shown in terminal.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLine, terminalLine } from '../../src/cli/progress-line.js';
import { ProgressState, type ProgressView } from '../../src/cli/progress-state.js';
import { textWidth } from '../../src/cli/text-width.js';
import type { RunEvent } from '../../src/index.js';

const planned = (sources: number, sourceBytes: number, threads: number): RunEvent => ({
  type: 'planned',
  sources,
  sourceBytes,
  threads,
});
const started = (relativePath: string, sourceBytes: number): RunEvent => ({
  type: 'source-started',
  relativePath,
  sourceBytes,
});
const settled = (relativePath: string, sourceBytes: number, durationMs: number): RunEvent => ({
  type: 'source-settled',
  sourceBytes,
  outcome: {
    status: 'settled',
    relativePath,
    sourceBytes,
    durationMs,
    savedMs: 0,
    stale: [],
    variants: [
      { status: 'unchanged', contentCoding: 'gzip', encodedBytes: sourceBytes / 2 },
      { status: 'unchanged', contentCoding: 'br', encodedBytes: sourceBytes / 4 },
    ],
  },
});

test('percent is by bytes, moves while a single source is encoded, and is 100 only at the end', () => {
  const state = new ProgressState();
  assert.equal(state.view(0).phase, 'scanning');
  state.update(planned(1, 10_000_000, 1), 0);
  state.update(started('app.js', 10_000_000), 0);
  const seen = [1000, 5000, 15_000, 100_000, 1_000_000].map((now) => state.view(now).percent);
  assert.ok(
    seen.every(
      (percent, index) => percent > 0 && percent < 100 && percent >= (seen[index - 1] ?? 0),
    ),
    String(seen),
  );
  assert.equal(state.view(5000).timeLeftMs, undefined);
  state.update(settled('app.js', 10_000_000, 1_000_000), 1_000_000);
  assert.equal(state.view(1_000_000).percent, 100);
  assert.equal(state.view(1_000_000).savedBytes, 7_500_000);
});

test('the time left is what the work so far lets expect, on all threads', () => {
  const state = new ProgressState();
  state.update(planned(4, 8_000_000, 2), 0);
  state.update(started('a', 2_000_000), 0);
  state.update(started('b', 2_000_000), 0);
  state.update(settled('a', 2_000_000, 4000), 4000);
  state.update(settled('b', 2_000_000, 4000), 4000);
  state.update(started('c', 2_000_000), 4000);
  state.update(started('d', 2_000_000), 4000);
  assert.equal(Math.round(state.view(4000).timeLeftMs ?? 0), 4000);
  assert.equal(Math.round(state.view(6000).timeLeftMs ?? 0), 2000);
  assert.equal(state.view(6000).percent, 75);
});

test('the time left is never less than the largest running source needs', () => {
  const state = new ProgressState();
  state.update(planned(2, 11_000_000, 8), 0);
  state.update(started('small', 1_000_000), 0);
  state.update(started('large', 10_000_000), 0);
  state.update(settled('small', 1_000_000, 2000), 2000);
  assert.equal(Math.round((state.view(2000).timeLeftMs ?? 0) / 1000), 18);
  assert.equal(state.view(2000).slowest, 'large');
});

test('no time left is told before there is something to judge by', () => {
  const state = new ProgressState();
  state.update(planned(3, 3_000_000, 1), 0);
  state.update(started('a', 1_000_000), 0);
  state.update(settled('a', 1_000_000, 1000), 1000);
  assert.equal(state.view(1000).timeLeftMs, undefined);
  assert.equal(typeof state.view(2500).timeLeftMs, 'number');
  assert.equal(state.view(2500).slowest, undefined);
});

test('a hundred thousand sources are followed in no time', () => {
  const state = new ProgressState();
  const begin = performance.now();
  state.update(planned(100_000, 100_000_000, 4), 0);
  for (let index = 0; index < 100_000; index += 1) {
    state.update(started(`${index}.js`, 1000), index);
    state.update(settled(`${index}.js`, 1000, 1), index);
  }
  assert.equal(state.view(100_000).percent, 100);
  assert.ok(performance.now() - begin < 2000);
});

const view: ProgressView = {
  phase: 'compressing',
  sources: 3179,
  settled: 1204,
  percent: 42,
  savedBytes: 12_900_000,
  timeLeftMs: 7800,
  slowest: undefined,
};

test('the line of a terminal keeps within its columns and names the slowest source at the tail', () => {
  assert.equal(terminalLine(view, 80, false), '42%  1,204/3,179 files  12.3 MiB saved  8 s left');
  const tail = { ...view, slowest: 'vendor/件名/a-very-long-name-of-a-bundle\n.min.js' };
  for (let columns = 1; columns <= 120; columns += 1) {
    assert.ok(textWidth(terminalLine(tail, columns, false)) <= columns, String(columns));
  }
  assert.equal(
    terminalLine(tail, 76, false),
    '42%  1,204/3,179 files  12.3 MiB saved  8 s left  vendor/件名/…ndle\\n.min.js',
  );
  assert.match(
    terminalLine(tail, 120, false),
    /vendor\/件名\/a-very-long-name-of-a-bundle\\n\.min\.js$/,
  );
  assert.match(terminalLine(view, 80, true), /12\.3 MiB to save/);
});

test('the line of a pipe says the same in words', () => {
  assert.equal(
    plainLine({ ...view, slowest: 'a\nb.js' }, false),
    'wn-compress: 42%, 1,204/3,179 files, 12.3 MiB saved, about 8 s left, working on a\\nb.js',
  );
});
