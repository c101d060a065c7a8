// Shows what the benchmark sees of trees: digests, working copies that are clean again, and bytes made
// from seeds that are the same everywhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { patternlessBytes } from '../../bench/random.js';
import { tinyFiles } from '../../bench/tiny-files.js';
import { parseReport } from '../../bench/timing.js';
import { listFiles, summarise, WorkingCopy } from '../../bench/tree.js';
import { Tree } from '../support/tree.js';

describe('a digest', () => {
  it('covers paths, sizes and contents, in the order of the paths', () => {
    using tree = new Tree({ 'b.js': 'two', 'a/c.js': 'three', 'B.js': 'one' });
    const expected = createHash('sha256')
      .update('B.js\0' + '3\0one' + 'a/c.js\0' + '5\0three' + 'b.js\0' + '3\0two')
      .digest('hex');
    assert.deepEqual(summarise(tree.path), { files: 3, bytes: 11, sha256: expected });
  });

  it('changes when a file is renamed or a byte moves from one file to the next', () => {
    using tree = new Tree({ a: 'xy', b: 'z' });
    using renamed = new Tree({ a: 'xy', c: 'z' });
    using moved = new Tree({ a: 'x', b: 'yz' });
    const digests = [tree, renamed, moved].map(({ path }) => summarise(path).sha256);
    assert.equal(new Set(digests).size, 3);
  });
});

describe('a working copy', () => {
  it('tells what was added, and is as before when cleaned', () => {
    using tree = new Tree({ 'a.js': 'one', 'b/c.css': 'two' });
    using place = new Tree();
    using copy = new WorkingCopy(tree.path, place.join('copy'));
    place.add({ 'copy/a.js.gz': '12345', 'copy/b/c.css.br': '123' });
    assert.deepEqual(
      [...copy.added()],
      [
        ['a.js.gz', 5],
        ['b/c.css.br', 3],
      ],
    );
    copy.clean();
    assert.deepEqual(listFiles(copy.folder), ['a.js', 'b/c.css']);
    assert.deepEqual(listFiles(tree.path), ['a.js', 'b/c.css']);
  });

  it('says so when a subject removed a source', () => {
    using tree = new Tree({ 'a.js': 'one' });
    using place = new Tree();
    using copy = new WorkingCopy(tree.path, place.join('copy'));
    rmSync(place.join('copy/a.js'));
    assert.throws(() => {
      copy.clean();
    }, /some are gone/);
  });
});

describe('what is made from a seed', () => {
  it('is the keystream of AES-128 in counter mode, the same every time', () => {
    // openssl enc -aes-128-ctr -K 5a5a... -iv 0, of eight bytes of zero
    const bytes = patternlessBytes(0, 8);
    assert.equal(bytes.toString('hex'), '7ec4e2ba09e1d6a3');
    assert.notDeepEqual(patternlessBytes(1, 8), bytes);
  });

  it('is tiny files that are all different, evenly divided among folders', () => {
    const files = tinyFiles(300, 10);
    const contents = files.map((file) => file.read().toString());
    assert.equal(new Set(contents).size, 300);
    assert.ok(files.every(({ bytes }) => bytes >= 30 && bytes <= 600));
    const inFirst = files.filter(({ relativePath }) => relativePath.startsWith('00/0000/'));
    assert.equal(inFirst.length, 30);
    assert.deepEqual(
      tinyFiles(300, 10).map((file) => file.read().toString()),
      contents,
    );
  });
});

describe('what GNU time writes', () => {
  it('is read from its last line', () => {
    assert.deepEqual(parseReport('1.25 0.75 2048\n'), { cpuMs: 2000, peakRssBytes: 2_097_152 });
    const remark = 'Command exited with non-zero status 3\n0.01 0.00 100\n';
    assert.deepEqual(parseReport(remark), { cpuMs: 10, peakRssBytes: 102_400 });
    assert.throws(() => parseReport('nonsense'), /unexpected/);
  });
});
