// Shows that a sidecar appears whole or not at all, with the metadata of its source, and what is found
// and removed at its name. Which bytes it holds is not judged here: see variant and codec.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, linkSync, mkdirSync, statSync, utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { occupantOf, removeSidecar, TemporarySidecar } from '../src/sidecar.js';
import { isTemporaryName, temporaryPrefix } from '../src/temporary-file.js';
import { NO_LINKS } from './support/capability.js';
import { FOLDER, Tree } from './support/tree.js';

const PREFIX = temporaryPrefix(process.pid);
const ON_WINDOWS = process.platform === 'win32' && 'Windows has no such permission bits';
const AS_USER = process.getuid?.() !== 0 && 'only root may give files away';

function write(tree: Tree, source: string, content: string): void {
  using temporary = new TemporarySidecar(tree.join(`${source}.gz`), PREFIX);
  temporary.append(Buffer.from(content));
  temporary.moveIntoPlace(statSync(tree.join(source), { bigint: true }));
}

describe('temporary sidecar', () => {
  it('appears whole, over a file or a link, and never through it', { skip: NO_LINKS }, () => {
    using tree = new Tree({
      a: 'source',
      'a.gz': 'old',
      b: 'source',
      victim: 'precious',
      'b.gz': { link: 'victim' },
    });
    write(tree, 'a', 'new');
    write(tree, 'b', 'new');
    assert.deepEqual(tree.snapshot(), {
      a: 'source',
      'a.gz': 'new',
      b: 'source',
      'b.gz': 'new',
      victim: 'precious',
    });
  });

  it('has a short hidden name in the same folder until then, and is gone when given up', () => {
    const name = 'n'.repeat(252);
    using tree = new Tree({ [name]: 'source' });
    {
      using temporary = new TemporarySidecar(tree.join(`${name}.gz`), PREFIX);
      temporary.append(Buffer.from('half'));
      const [temporaryName, ...others] = tree.list();
      assert.deepEqual(others, [name]);
      assert.ok(isTemporaryName(temporaryName ?? ''), temporaryName);
      assert.equal(
        statSync(tree.join(temporaryName ?? '')).mode & 0o777,
        ON_WINDOWS ? 0o666 : 0o600,
      );
    }
    assert.deepEqual(tree.list(), [name]);
  });

  it('fails on a directory and leaves nothing behind', () => {
    using tree = new Tree({ a: 'source', 'a.gz/keep': '' });
    assert.throws(
      () => {
        write(tree, 'a', 'new');
      },
      { syscall: 'rename' },
    );
    assert.deepEqual(tree.list(), ['a', 'a.gz/keep']);
  });

  it('has the permission bits of its source, whatever the umask', { skip: ON_WINDOWS }, () => {
    const umask = process.umask(0o077);
    try {
      for (const mode of [0o644, 0o664, 0o600, 0o444, 0o755, 0o4755]) {
        using tree = new Tree({ a: 'source' });
        chmodSync(tree.join('a'), mode);
        write(tree, 'a', 'new');
        assert.equal(statSync(tree.join('a.gz')).mode & 0o7777, mode & 0o777);
      }
    } finally {
      process.umask(umask);
    }
  });

  it('has the owner of its source', { skip: ON_WINDOWS || AS_USER }, () => {
    using tree = new Tree({ a: 'source' });
    chownSync(tree.join('a'), 12345, 54321);
    write(tree, 'a', 'new');
    const { uid, gid } = statSync(tree.join('a.gz'));
    assert.deepEqual([uid, gid], [12345, 54321]);
  });

  it('has the times of its source, within a millisecond and never older', () => {
    using tree = new Tree({ a: 'source' });
    const times = [0, 1, 0.5, 1e9, 1_600_000_000.123456, 1_699_999_999.999999, 4_000_000_000.25];
    for (let index = 0; index < 200; index += 1) times.push(1.7e9 + Math.random() * 1e8);
    for (const time of times) {
      utimesSync(tree.join('a'), time / 2, time);
      write(tree, 'a', 'new');
      const source = statSync(tree.join('a'), { bigint: true });
      const sidecar = statSync(tree.join('a.gz'), { bigint: true });
      const ageNs = sidecar.mtimeNs - source.mtimeNs;
      assert.ok(ageNs >= 0n && ageNs < 1_000_000n, `${time}: ${ageNs} ns`);
      const atimeDifferenceNs = Number(sidecar.atimeNs - source.atimeNs);
      assert.ok(Math.abs(atimeDifferenceNs) < 1e6, `${time}: ${atimeDifferenceNs} ns`);
    }
  });
});

describe('occupant of a sidecar name', () => {
  const kindsOf = (tree: Tree, names: readonly string[]) => {
    const source = statSync(tree.join('source'), { bigint: true });
    return names.map((name) => occupantOf(tree.join(name), tree.join('source'), source));
  };

  it('tells files and directories apart, and removes all but directories', () => {
    using tree = new Tree({ source: 'abc', file: 'abc' });
    mkdirSync(tree.join('folder'));
    assert.deepEqual(kindsOf(tree, ['missing', 'file', 'folder']), [
      'nothing',
      'file',
      'directory',
    ]);
    const removed = ['missing', 'file'].map((name) => removeSidecar(tree.join(name)));
    assert.deepEqual(removed, [false, true]);
    assert.throws(() => removeSidecar(tree.join('folder')), { syscall: 'unlink' });
    assert.deepEqual(tree.list(), ['folder', 'source']);
  });

  it('is a link when that leads to no folder, and the link is removed', { skip: NO_LINKS }, () => {
    using tree = new Tree({
      source: 'abc',
      link: { link: 'source' },
      broken: { link: 'nowhere' },
      folder: FOLDER,
      leads: { link: 'folder' },
    });
    assert.deepEqual(kindsOf(tree, ['link', 'broken', 'leads']), ['link', 'link', 'directory']);
    assert.equal(removeSidecar(tree.join('link')), true);
    assert.deepEqual(tree.snapshot(), {
      broken: '→ nowhere',
      folder: 'folder/',
      leads: '→ folder',
      source: 'abc',
    });
  });

  it('is the source when that is a link to it', { skip: NO_LINKS }, () => {
    using tree = new Tree({ source: { link: 'source.gz' }, 'source.gz': 'abc' });
    assert.deepEqual(kindsOf(tree, ['source.gz']), ['source']);
  });

  it('is a file like any other when it is a hard link to the source', () => {
    using tree = new Tree({ source: 'abc' });
    linkSync(tree.join('source'), tree.join('twin'));
    assert.deepEqual(kindsOf(tree, ['twin']), ['file']);
  });
});
