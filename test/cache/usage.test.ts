// Shows that the time of the last use is kept for each record of a segment, and that a list which is
// missing, short or no list costs nothing but the knowledge.
import assert from 'node:assert/strict';
import { statSync, truncateSync, utimesSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { newSegment, type Segment } from '../../src/cache/segment.js';
import { noteUse, nowSeconds, readUsage, writeUsage } from '../../src/cache/usage.js';
import { NO_LINKS } from '../support/capability.js';
import { Tree } from '../support/tree.js';

/** A segment whose index was written at second 1000. */
function segmentIn(tree: Tree): Segment {
  const segment = newSegment(tree.path, false);
  tree.add({ [basename(segment.indexPath)]: '' });
  utimesSync(segment.indexPath, 1000, 1000);
  return segment;
}

describe('the use of a segment', () => {
  it('comes back as it was written, up to the last second that four bytes hold', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    const usage = Uint32Array.of(0, 1, 1_700_000_000, 2 ** 32 - 1);
    writeUsage(segment, usage);
    assert.deepEqual(readUsage(segment, 4), usage);
    assert.deepEqual(
      tree.list(),
      [segment.indexPath, segment.usedPath].map((path) => basename(path)),
    );
  });

  it('is the time of writing where nothing is noted', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    assert.deepEqual(readUsage(segment, 2), Uint32Array.of(1000, 1000));
    assert.deepEqual(readUsage({ ...segment, indexPath: tree.join('x') }, 1), Uint32Array.of(0));
  });

  it('is read as far as the list goes, and no further than there are records', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    writeUsage(segment, Uint32Array.of(1, 2, 3));
    assert.deepEqual(readUsage(segment, 2), Uint32Array.of(1, 2));
    assert.deepEqual(readUsage(segment, 5), Uint32Array.of(1, 2, 3, 1000, 1000));
    truncateSync(segment.usedPath, 7);
    assert.deepEqual(readUsage(segment, 3), Uint32Array.of(1, 1000, 1000));
  });

  it('is not read through a link', { skip: NO_LINKS || process.platform === 'win32' }, () => {
    using tree = new Tree({ other: Buffer.alloc(4, 9) });
    const segment = segmentIn(tree);
    tree.add({ [basename(segment.usedPath)]: { link: 'other' } });
    assert.deepEqual(readUsage(segment, 1), Uint32Array.of(1000));
  });

  it('is noted for those records that were used, as of now, and left for the others', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    writeUsage(segment, Uint32Array.of(5, 6, 7));
    const before = nowSeconds();
    noteUse(segment, 4, (number) => number === 1 || number === 3);
    const [first, second, third, fourth] = readUsage(segment, 4);
    assert.deepEqual([first, third], [5, 7]);
    for (const time of [second, fourth]) {
      assert.ok(time !== undefined && time >= before && time <= nowSeconds());
    }
  });

  it('costs no write when nothing was used, or the segment is gone', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    noteUse(segment, 3, () => false);
    noteUse({ ...segment, indexPath: tree.join('gone') }, 3, () => true);
    assert.deepEqual(tree.list(), [basename(segment.indexPath)]);
    noteUse(segment, 3, () => true);
    assert.equal(statSync(segment.usedPath).size, 12);
  });
});
