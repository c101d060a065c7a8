// Shows that sidecars are never older than their sources, and are left alone by the next run, whatever the
// time of the source and however finely the file system counts; and that no clock hides a change.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { mountImage, mountSmall } from '../support/mount.js';
import { assertTree, script } from '../support/sidecars.js';
import { figure } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';

const NOT_LINUX = process.platform !== 'linux' && "needs GNU's touch";

const NOW_S = Math.floor(Date.now() / 1000);

/** Seconds since 1970, as text: a number would lose the nanoseconds. */
const TIMES = [
  '0',
  '-1',
  '-0.000000001',
  '-631152000.999999999',
  '-2147483648',
  '0.000000001',
  '1000000000.999999999',
  '1699999999.999999500',
  '1700000000.123456789',
  `${NOW_S + 86_400}.5`,
  `${NOW_S + 20 * 31_557_600}.000000999`,
  '2147483647.999999999',
  '2147483648.000000001',
  '4294967296.5',
  '15032385535.999999999',
];

/** A file system, and by how much younger than its source a sidecar may become on it. */
interface Place {
  readonly mountPlace: (tree: Tree) => Disposable | undefined;
  readonly mostNs: bigint;
}

/** File systems by how finely they count: nanoseconds, whole seconds, two seconds. */
const PLACES: Readonly<Record<string, Place>> = {
  'of temporary files': {
    mountPlace: () => ({ [Symbol.dispose]: () => undefined }),
    mostNs: 1_000_000n,
  },
  'in memory': {
    mountPlace: (tree) => mountSmall(tree.join('disk'), 4000),
    mostNs: 1_000_000n,
  },
  'that counts in seconds': {
    mountPlace: (tree) =>
      mountImage(tree.join('disk'), tree.join('image'), ['mkfs.ext4', '-q', '-I', '128']),
    mostNs: 1_000_000_000n,
  },
  'that counts in two seconds': {
    mountPlace: (tree) => mountImage(tree.join('disk'), tree.join('image'), ['mkfs.vfat']),
    mostNs: 2_000_000_000n,
  },
};

function timesOf(path: string) {
  const { mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return { mtimeNs, ctimeNs };
}

describe('the time of a source', { skip: NOT_LINUX }, () => {
  const counts = { sidecars: 0, places: 0 };
  for (const [name, { mountPlace, mostNs }] of Object.entries(PLACES)) {
    it(`is never after that of its sidecars, on a file system ${name}`, async (t) => {
      using tree = new Tree();
      mkdirSync(tree.join('disk'));
      using disk = mountPlace(tree);
      if (disk === undefined) {
        t.skip('only root may mount one, and only where the system knows it');
        return;
      }
      const sources = TIMES.map((time, index) => {
        const path = `disk/${index}.js`;
        tree.add({ [path]: script(1000, index + 1) });
        spawnSync('touch', ['-d', `@${time}`, tree.join(path)]);
        return path;
      });
      const options = { brotliQuality: 4, include: ['disk/*.js'] };
      assert.deepEqual((await compress(tree.path, options)).failures, []);
      const sidecars = sources.flatMap((path) => [`${path}.br`, `${path}.gz`]);
      const before = sidecars.map((path) => {
        const { mtimeNs } = timesOf(tree.join(path.slice(0, -3)));
        const sidecar = timesOf(tree.join(path));
        const ageNs = sidecar.mtimeNs - mtimeNs;
        assert.ok(ageNs >= 0n && ageNs <= mostNs, `${path}: ${mtimeNs}, ${ageNs} ns`);
        return sidecar;
      });
      const { totals } = await compress(tree.path, options);
      const { gzip, br } = totals.contentCodings;
      assert.deepEqual([gzip?.unchanged, br?.unchanged], [sources.length, sources.length]);
      for (const [index, path] of sidecars.entries()) {
        assert.deepEqual(timesOf(tree.join(path)), before[index], path);
      }
      counts.sidecars += sidecars.length;
      counts.places += 1;
    });
  }

  it('is counted', () => {
    const { sidecars, places } = counts;
    figure('clocks', `${sidecars} sidecars, ${TIMES.length} times on ${places} file systems`);
  });

  for (const [what, seconds] of [
    ['set back', NOW_S - 100_000],
    ['set forward', NOW_S + 100_000],
  ] as const) {
    it(`does not hide a change that was made by a clock that was ${what}`, async () => {
      using tree = new Tree({ 'a.js': script(3000) });
      await compress(tree.path);
      writeFileSync(tree.join('a.js'), script(3000, 2));
      utimesSync(tree.join('a.js'), seconds, seconds);
      await compress(tree.path);
      assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
      const [source, sidecar] = [timesOf(tree.join('a.js')), timesOf(tree.join('a.js.gz'))];
      const ageNs = sidecar.mtimeNs - source.mtimeNs;
      assert.ok(ageNs >= 0n && ageNs < 1_000_000n, `${ageNs} ns`);
    });
  }
});
