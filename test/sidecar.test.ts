import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { occupantOf, removeSidecar, SidecarComparison, TemporarySidecar } from '../src/sidecar.js';
import { isTemporaryName, temporaryPrefix } from '../src/temporary-file.js';
import { Tree } from './support/tree.js';

const PREFIX = temporaryPrefix(process.pid);
const ON_WINDOWS = process.platform === 'win32' && 'Windows has no such permission bits';
const AS_USER = process.getuid?.() !== 0 && 'only root may give files away';

function write(tree: Tree, source: string, content: string): void {
  using temporary = new TemporarySidecar(tree.join(`${source}.gz`), PREFIX);
  temporary.append(Buffer.from(content));
  temporary.moveIntoPlace(statSync(tree.join(source), { bigint: true }));
}

describe('temporary sidecar', () => {
  it('appears whole, over a file or a link, and never through the link', () => {
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

  it('has the owner of its source', { skip: ON_WINDOWS || AS_USER }, async () => {
    const { chownSync } = await import('node:fs');
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

describe('sidecar comparison', () => {
  const table: readonly [sidecar: string, accepted: readonly string[], isEqual: boolean][] = [
    ['abc', ['abc'], true],
    ['abc', ['a', '', 'bc'], true],
    ['', [], true],
    ['abc', ['ab'], false],
    ['abc', ['abcd'], false],
    ['abc', ['abd'], false],
    ['x'.repeat(200_000), ['x'.repeat(150_000), 'x'.repeat(50_000)], true],
    ['x'.repeat(200_000), ['x'.repeat(200_000 - 1), 'y'], false],
  ];
  for (const [sidecar, accepted, isEqual] of table) {
    it(`${isEqual ? 'equals' : 'differs'}: ${sidecar.length} bytes, ${accepted.length} chunks`, () => {
      using tree = new Tree({ sidecar });
      using comparison = new SidecarComparison(tree.join('sidecar'));
      for (const chunk of accepted) comparison.accept(Buffer.from(chunk));
      assert.equal(comparison.isEqual(), isEqual);
    });
  }

  it('never follows a link', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({ target: 'abc', sidecar: { link: 'target' } });
    using comparison = new SidecarComparison(tree.join('sidecar'));
    comparison.accept(Buffer.from('abc'));
    assert.equal(comparison.isEqual(), false);
  });

  it('mends times and mode, and nothing when they are right', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({ a: 'source', 'a.gz': 'abc' });
    chmodSync(tree.join('a'), 0o640);
    utimesSync(tree.join('a'), 1000, 2000.5);
    utimesSync(tree.join('a.gz'), 1, 1);
    const source = statSync(tree.join('a'), { bigint: true });
    const mend = () => {
      using comparison = new SidecarComparison(tree.join('a.gz'));
      comparison.mend(source);
      return lstatSync(tree.join('a.gz'), { bigint: true });
    };
    const mended = mend();
    assert.equal(mended.mode & 0o777n, 0o640n);
    assert.ok(mended.mtimeNs >= source.mtimeNs && mended.mtimeNs - source.mtimeNs < 1_000_000n);
    assert.equal(mend().ctimeNs, mended.ctimeNs);
    assert.equal(readFileSync(tree.join('a.gz'), 'utf8'), 'abc');
  });
});

describe('occupant of a sidecar name', () => {
  it('tells files, directories and others apart, and removes all but directories', () => {
    using tree = new Tree({ file: 'abc', target: 'abc', link: { link: 'target' } });
    mkdirSync(tree.join('folder'));
    const kinds = ['missing', 'file', 'folder', 'link'].map((name) => occupantOf(tree.join(name)));
    assert.deepEqual(kinds, ['nothing', 'file', 'directory', 'other']);
    const removed = ['missing', 'file', 'link'].map((name) => removeSidecar(tree.join(name)));
    assert.deepEqual(removed, [false, true, true]);
    assert.throws(() => removeSidecar(tree.join('folder')), { syscall: 'unlink' });
    assert.deepEqual(tree.list(), ['folder', 'target']);
  });
});
