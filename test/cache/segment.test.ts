// Shows which files of a folder are segments, which of these a run may still add to, and how files of the
// cache are opened, whatever somebody has put at their names.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, renameSync, utimesSync } from 'node:fs';
import { platform } from 'node:os';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isSegmentFile,
  listSegments,
  newSegment,
  openToRead,
  readInto,
  recordsIn,
  segmentFolder,
  settledIndexPath,
  strayFiles,
} from '../../src/cache/segment.js';
import { ownerToken } from '../../src/temporary-file.js';
import { NO_LINKS } from '../support/capability.js';
import { Tree } from '../support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no FIFOs';

const [ID, YOUNGER_ID] = ['0123456789ab-01234567', '0123456789ac-00000000'];

/** The token of a process of this machine that has ended. */
function deadOwner(): string {
  const { pid } = spawnSync(process.execPath, ['--eval', '']);
  return `${ownerToken().split('-')[0] ?? ''}-${pid}-1`;
}

describe('a new segment', () => {
  it('has its files in the folder, under names of its own', () => {
    const [one, other] = [newSegment('/cache', false), newSegment('/cache', false)];
    assert.notEqual(one.id, other.id);
    assert.match(one.id, /^[0-9a-f]{12}-[0-9a-f]{8}$/);
    const names = [one.indexPath, one.packPath, one.usedPath].map((path) => basename(path));
    assert.deepEqual(names, [`${one.id}.index`, `${one.id}.pack`, `${one.id}.used`]);
    assert.ok(
      [one.indexPath, one.packPath, one.usedPath].every((path) => isSegmentFile(basename(path))),
    );
  });

  it('that is live names this process in its index, until it is settled', () => {
    using tree = new Tree();
    const segment = newSegment(tree.path, true);
    assert.equal(basename(segment.indexPath), `${segment.id}.${ownerToken()}.index`);
    tree.add({ [basename(segment.indexPath)]: '' });
    assert.deepEqual(listSegments(tree.path), [segment]);
    const settledPath = settledIndexPath(segment);
    renameSync(segment.indexPath, settledPath);
    const settled = { ...segment, indexPath: settledPath, isLive: false };
    assert.deepEqual(listSegments(tree.path), [settled]);
  });

  it('comes in the list before those that were begun before it', async () => {
    using tree = new Tree();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const segment = newSegment(tree.path, count % 2 === 0);
      tree.add({ [basename(segment.indexPath)]: '' });
      ids.unshift(segment.id);
      await delay(2);
    }
    assert.deepEqual(
      listSegments(tree.path).map(({ id }) => id),
      ids,
    );
  });
});

describe('the segments of a folder', () => {
  it('are those with an index, whatever else is there', () => {
    const token = ownerToken();
    using tree = new Tree({
      [`${ID}.index`]: '',
      [`${ID}.pack`]: '',
      [`${YOUNGER_ID}.${token}.index`]: '',
      '0123456789ad-00000000.pack': '',
      '0123456789ae-00000000.index.tmp': '',
      'readme.index': '',
      'x0123456789ab-01234567.index': '',
      '0123456789AB-01234567.index': '',
      '.index': '',
    });
    assert.deepEqual(
      listSegments(tree.path).map(({ id, isLive }) => [id, isLive]),
      [
        [YOUNGER_ID, true],
        [ID, false],
      ],
    );
  });

  it('are settled when the run that wrote them is no more', () => {
    using tree = new Tree({ [`${ID}.${deadOwner()}.index`]: '' });
    const [segment] = listSegments(tree.path);
    assert.equal(segment?.isLive, false);
    assert.equal(segment.packPath, tree.join(`${ID}.pack`));
  });

  it('are live for a day when the run was on another machine', () => {
    using tree = new Tree({ [`${ID}.00000000-1-1.index`]: '' });
    assert.equal(listSegments(tree.path)[0]?.isLive, true);
    const twoDaysAgo = Date.now() / 1000 - 48 * 3600;
    utimesSync(tree.join(`${ID}.00000000-1-1.index`), twoDaysAgo, twoDaysAgo);
    assert.equal(listSegments(tree.path)[0]?.isLive, false);
  });

  it('are none where there is no folder, or a file', () => {
    using tree = new Tree({ file: '' });
    for (const name of ['missing', 'file']) {
      assert.deepEqual(listSegments(tree.join(name)), []);
      assert.deepEqual(strayFiles(tree.join(name)), []);
    }
  });

  it('are in a folder of this format', () => {
    using tree = new Tree();
    assert.equal(segmentFolder(tree.path), tree.join('v1/segments'));
  });
});

describe('stray files', () => {
  it('are packs and lists without an index, and what was never finished', () => {
    const others = {
      [`${ID}.${ownerToken()}.index`]: '',
      [`${ID}.pack`]: '',
      [`${ID}.used`]: '',
      'someone.txt': '',
      'someone.pack': '',
    };
    const strays = [
      '0123456789ad-00000000.pack',
      '0123456789ae-00000000.used',
      '0123456789af-00000000.index.tmp',
    ];
    using tree = new Tree({ ...others, ...Object.fromEntries(strays.map((name) => [name, ''])) });
    assert.deepEqual(
      strayFiles(tree.path).sort(),
      strays.map((name) => tree.join(name)),
    );
  });

  it('and the files of segments are known by their names, and no others are', () => {
    const rows: Readonly<Record<string, boolean>> = {
      [`${ID}.index`]: true,
      [`${ID}.pack`]: true,
      [`${ID}.used`]: true,
      [`${ID}.${ownerToken()}.index`]: true,
      [`${ID}.index.tmp`]: true,
      [`${ID}.pack.gz`]: false,
      [ID]: false,
      'a.pack': false,
      'a.js': false,
    };
    for (const [name, isOurs] of Object.entries(rows))
      assert.equal(isSegmentFile(name), isOurs, name);
  });
});

describe('a file of the cache', () => {
  it('is opened with its size, and read from anywhere as far as there is something', () => {
    using tree = new Tree({ a: 'abcdef' });
    const file = openToRead(tree.join('a'));
    assert.ok(file);
    try {
      assert.equal(file.size, 6);
      const into = Buffer.alloc(4);
      assert.deepEqual([readInto(file.fd, into, 1), into.toString()], [4, 'bcde']);
      assert.deepEqual([readInto(file.fd, into, 4), into.toString()], [2, 'efde']);
      assert.equal(readInto(file.fd, into, 6), 0);
    } finally {
      closeSync(file.fd);
    }
    assert.equal(readInto(file.fd, Buffer.alloc(4), 0), 0);
  });

  it('is none when nothing is there, or a folder', () => {
    using tree = new Tree({ 'folder/a': '' });
    for (const name of ['missing', 'folder']) assert.equal(openToRead(tree.join(name)), undefined);
  });

  it(
    'is none when it is a link, and what that leads to is not opened',
    { skip: NO_LINKS || ON_WINDOWS },
    () => {
      using tree = new Tree({ a: 'abc', link: { link: 'a' } });
      assert.equal(openToRead(tree.join('link')), undefined);
    },
  );

  it('is none when it is a FIFO, for whose writer nobody waits', { skip: ON_WINDOWS }, () => {
    using tree = new Tree();
    execFileSync('mkfifo', [tree.join('fifo')]);
    assert.equal(openToRead(tree.join('fifo')), undefined);
  });

  it('leaves nothing open that is not used', { skip: platform() !== 'linux' && 'no /proc' }, () => {
    using tree = new Tree({ 'folder/a': '' });
    execFileSync('mkfifo', [tree.join('fifo')]);
    for (const name of ['folder', 'fifo', 'missing']) openToRead(tree.join(name));
    const open = execFileSync('sh', ['-c', 'ls -l /proc/$PPID/fd'], { encoding: 'utf8' });
    assert.ok(!open.includes(tree.path), open);
  });

  it('holds as many records as are whole', () => {
    assert.deepEqual([0, 63, 64, 127, 128, 6400].map(recordsIn), [0, 0, 1, 1, 2, 100]);
  });
});
