// Tests how many files this process may yet open, by opening some, and how many threads that is enough for.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { test } from 'node:test';
import { openableFiles, threadsWithinFiles } from '../src/open-files.js';

test('the files that are open already are counted', (t) => {
  if (!existsSync('/proc/self/limits')) {
    assert.equal(openableFiles(), Infinity);
    t.skip('only Linux tells');
    return;
  }
  const before = openableFiles();
  const opened = Array.from({ length: 5 }, () => openSync(devNull, 'r'));
  const after = openableFiles();
  for (const fd of opened) closeSync(fd);
  assert.equal(before - after, 5);
});

test('there is always one thread, and never more than are wanted', () => {
  const rows = [
    [64, Infinity, 64],
    [4, 1000, 4],
    [64, 256, 24],
    [64, 40, 2],
    [64, 3, 1],
    [1, -5, 1],
  ] as const;
  for (const [wanted, openable, threads] of rows) {
    assert.equal(threadsWithinFiles(wanted, openable), threads, `${wanted} with ${openable}`);
  }
});
