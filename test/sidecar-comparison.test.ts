// Shows when a sidecar counts as what a variant would be, and what of it is mended then. Compares bytes
// that stand for encoded ones: no codec is needed to tell equal from different.
import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import { SidecarComparison } from '../src/sidecar-comparison.js';
import { Tree } from './support/tree.js';

const ON_WINDOWS =
  process.platform === 'win32' && 'Windows has no such permission bits, links and open files';

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

  it(
    'differs when another file has taken the place of the sidecar since',
    { skip: ON_WINDOWS },
    () => {
      using tree = new Tree({ sidecar: 'abc', other: 'abc' });
      using comparison = new SidecarComparison(tree.join('sidecar'));
      comparison.accept(Buffer.from('abc'));
      assert.equal(comparison.isEqual(), true);
      renameSync(tree.join('other'), tree.join('sidecar'));
      assert.equal(comparison.isEqual(), false);
    },
  );

  it('differs when the sidecar is gone since, or has grown', { skip: ON_WINDOWS }, () => {
    for (const disturb of [
      rmSync,
      (path: string) => {
        appendFileSync(path, 'd');
      },
    ]) {
      using tree = new Tree({ sidecar: 'abc' });
      using comparison = new SidecarComparison(tree.join('sidecar'));
      comparison.accept(Buffer.from('abc'));
      assert.equal(comparison.isEqual(), true);
      disturb(tree.join('sidecar'));
      assert.equal(comparison.isEqual(), false);
    }
  });

  it('differs when there is no sidecar, or a folder', () => {
    using tree = new Tree({ 'folder/a': '' });
    for (const name of ['missing', 'folder']) {
      using comparison = new SidecarComparison(tree.join(name));
      comparison.accept(Buffer.from(''));
      assert.equal(comparison.isEqual(), false, name);
    }
  });

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
      assert.equal(comparison.canMend(source), true);
      comparison.mend(source);
      return lstatSync(tree.join('a.gz'), { bigint: true });
    };
    const mended = mend();
    assert.equal(mended.mode & 0o777n, 0o640n);
    assert.ok(mended.mtimeNs >= source.mtimeNs && mended.mtimeNs - source.mtimeNs < 1_000_000n);
    assert.equal(mend().ctimeNs, mended.ctimeNs);
    assert.equal(readFileSync(tree.join('a.gz'), 'utf8'), 'abc');
  });

  it('mends nothing that has other names too', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({ a: 'source', 'a.gz': 'abc' });
    linkSync(tree.join('a.gz'), tree.join('backup'));
    utimesSync(tree.join('a'), 1000, 2000.5);
    const before = lstatSync(tree.join('backup'), { bigint: true });
    using comparison = new SidecarComparison(tree.join('a.gz'));
    const source = statSync(tree.join('a'), { bigint: true });
    assert.equal(comparison.canMend(source), false);
    comparison.mend(source);
    const after = lstatSync(tree.join('backup'), { bigint: true });
    assert.deepEqual([after.mtimeNs, after.ctimeNs], [before.mtimeNs, before.ctimeNs]);
  });

  it('reads the whole when it has just that size, at any moment of a comparison', () => {
    using tree = new Tree({ sidecar: 'abc', empty: '', 'folder/a': '' });
    using comparison = new SidecarComparison(tree.join('sidecar'));
    assert.equal(comparison.readWhole(3)?.toString(), 'abc');
    comparison.accept(Buffer.from('ab'));
    assert.equal(comparison.readWhole(3)?.toString(), 'abc');
    for (const bytes of [0, 2, 4, 2 ** 40]) assert.equal(comparison.readWhole(bytes), undefined);
    comparison.accept(Buffer.from('c'));
    assert.equal(comparison.isEqual(), true);
    using empty = new SidecarComparison(tree.join('empty'));
    assert.equal(empty.readWhole(0)?.length, 0);
    for (const name of ['missing', 'folder']) {
      using none = new SidecarComparison(tree.join(name));
      assert.equal(none.readWhole(0), undefined);
      assert.equal(none.opened, undefined);
    }
  });

  it('reads nothing of what has shrunk since it was opened', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({ sidecar: 'abc' });
    using comparison = new SidecarComparison(tree.join('sidecar'));
    truncateSync(tree.join('sidecar'), 2);
    assert.equal(comparison.readWhole(3), undefined);
    assert.equal(comparison.isUntouched(), false);
  });

  it('is untouched as long as the same file stands there, as it was', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({ sidecar: 'abc', other: 'abc' });
    using comparison = new SidecarComparison(tree.join('sidecar'));
    comparison.accept(Buffer.from('x'));
    assert.equal(comparison.isUntouched(), true);
    utimesSync(tree.join('sidecar'), 1, 1);
    assert.equal(comparison.isUntouched(), false);
    using missing = new SidecarComparison(tree.join('missing'));
    assert.equal(missing.isUntouched(), false);
  });

  it('is like its source in owner, mode and times, or is not', { skip: ON_WINDOWS }, () => {
    const changes: Record<string, (path: string) => void> = {
      nothing: () => undefined,
      mode: (path) => {
        chmodSync(path, 0o600);
      },
      times: (path) => {
        utimesSync(path, 1000, 3000);
      },
      ...(process.getuid?.() === 0
        ? {
            owner: (path) => {
              chownSync(path, 1234, 0);
            },
            group: (path) => {
              chownSync(path, 0, 1234);
            },
          }
        : {}),
    };
    for (const [what, change] of Object.entries(changes)) {
      using tree = new Tree({ a: 'source', 'a.gz': 'abc' });
      for (const name of ['a', 'a.gz']) {
        chmodSync(tree.join(name), 0o644);
        utimesSync(tree.join(name), 1000, 2000);
      }
      change(tree.join('a.gz'));
      using comparison = new SidecarComparison(tree.join('a.gz'));
      const source = statSync(tree.join('a'), { bigint: true });
      assert.equal(comparison.isLike(source), what === 'nothing', what);
    }
  });
});
