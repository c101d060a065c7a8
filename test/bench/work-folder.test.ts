// Shows that work folders of benchmarks that were killed go, and those of live ones stay.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { makeWorkFolder } from '../../bench/work-folder.js';
import { Tree } from '../support/tree.js';

describe('a work folder', () => {
  it('takes the place of those whose process is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    using place = new Tree({
      [`wn-compress-bench-${pid}-dead/a.js`]: 'x',
      [`wn-compress-bench-${process.ppid}-live/a.js`]: 'x',
      'other/a.js': 'x',
    });
    const folder = makeWorkFolder(place.path);
    assert.ok(basename(folder).startsWith(`wn-compress-bench-${process.pid}-`));
    const expected = [
      'other/a.js',
      basename(folder),
      `wn-compress-bench-${process.ppid}-live/a.js`,
    ];
    assert.deepEqual(place.list(), expected.sort());
  });
});
