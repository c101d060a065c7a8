// Shows what becomes of a variant that is restored, started over, or already there: on real files, with
// bytes that stand for encoded ones. What whole runs make of variants is shown in compress.test.ts.
import assert from 'node:assert/strict';
import { appendFileSync, linkSync, renameSync, statSync, utimesSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import { SourceChanged } from '../src/source.js';
import { temporaryPrefix } from '../src/temporary-file.js';
import { Variant, type VariantSettings } from '../src/variant.js';
import { NO_LINKS } from './support/capability.js';
import { Tree, type Entry } from './support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows replaces no open file';

const SETTINGS: VariantSettings = {
  maxRatio: 1,
  dryRun: false,
  temporaryPrefix: temporaryPrefix(process.pid),
};
const SOURCE = 'x'.repeat(100);

/** A tree with a source, and what stands at the name of its sidecar, with the times of the source. */
function treeWith(sidecar?: Entry): Tree {
  const tree = new Tree({ a: SOURCE, ...(sidecar === undefined ? {} : { 'a.gz': sidecar }) });
  utimesSync(tree.join('a'), 1000, 2000);
  if (typeof sidecar === 'string') utimesSync(tree.join('a.gz'), 1000, 2000);
  return tree;
}

function variantIn(tree: Tree, settings: Partial<VariantSettings> = {}): Variant {
  const source = statSync(tree.join('a'), { bigint: true });
  const isOccupied = tree.list().some((name) => name.startsWith('a.gz'));
  return new Variant('gzip', tree.join('a'), source, { ...SETTINGS, ...settings }, isOccupied);
}

describe('a variant that came from the cache', () => {
  it('is restored, whole or in chunks, over nothing or another', () => {
    for (const sidecar of [undefined, 'old']) {
      for (const isWhole of [true, false]) {
        using tree = treeWith(sidecar);
        using variant = variantIn(tree);
        if (isWhole) variant.acceptWhole(Buffer.from('encoded'), true);
        else {
          variant.markRestored();
          for (const chunk of ['enc', 'oded']) variant.acceptChunk(Buffer.from(chunk));
        }
        assert.deepEqual(variant.settle(), {
          status: 'restored',
          contentCoding: 'gzip',
          encodedBytes: 7,
          replaced: sidecar !== undefined,
        });
        assert.deepEqual(tree.snapshot(), { a: SOURCE, 'a.gz': 'encoded' });
      }
    }
  });

  it('is unchanged where it is there already, and discarded where it is too large', () => {
    using tree = treeWith('encoded');
    using same = variantIn(tree);
    same.acceptWhole(Buffer.from('encoded'), true);
    assert.equal(same.settle().status, 'unchanged');
    using tooLarge = variantIn(tree, { maxRatio: 0.06 });
    tooLarge.acceptWhole(Buffer.from('encoded'), true);
    assert.equal(tooLarge.settle().status, 'discarded');
    assert.deepEqual(tree.snapshot(), { a: SOURCE });
  });
});

describe('a variant that is started over', () => {
  it('is what came since then, and nothing of what came before', () => {
    for (const sidecar of [undefined, 'old', 'bad']) {
      using tree = treeWith(sidecar);
      using variant = variantIn(tree);
      variant.markRestored();
      for (const chunk of ['ba', 'd']) variant.acceptChunk(Buffer.from(chunk));
      variant.startOver();
      assert.deepEqual(tree.list(), sidecar === undefined ? ['a'] : ['a', 'a.gz']);
      for (const chunk of ['enc', 'oded']) variant.acceptChunk(Buffer.from(chunk));
      const { status, ...rest } = variant.settle();
      assert.equal(status, 'written', 'by now it does not come from the cache');
      assert.equal('encodedBytes' in rest && rest.encodedBytes, 7);
      assert.deepEqual(tree.snapshot(), { a: SOURCE, 'a.gz': 'encoded' });
    }
  });

  it('is compared anew with the sidecar that is there', () => {
    using tree = treeWith('encoded');
    using variant = variantIn(tree);
    variant.acceptChunk(Buffer.from('enc'));
    variant.acceptChunk(Buffer.from('else'));
    variant.startOver();
    for (const chunk of ['encod', 'ed']) variant.acceptChunk(Buffer.from(chunk));
    assert.equal(variant.settle().status, 'unchanged');
    variant[Symbol.dispose]();
    assert.deepEqual(tree.snapshot(), { a: SOURCE, 'a.gz': 'encoded' });
  });

  it('may be too large at first, and is kept then', () => {
    using tree = treeWith();
    using variant = variantIn(tree);
    variant.acceptChunk(Buffer.alloc(101));
    variant.startOver();
    variant.acceptChunk(Buffer.from('encoded'));
    assert.equal(variant.settle().status, 'written');
    assert.deepEqual(tree.snapshot(), { a: SOURCE, 'a.gz': 'encoded' });
  });
});

describe('the sidecar that is there', () => {
  it('is read when it has just that size, and the owner, mode and times of its source', () => {
    using tree = treeWith('encoded');
    using variant = variantIn(tree);
    assert.ok(variant.hasFile);
    assert.equal(variant.readOccupant(7)?.toString(), 'encoded');
    assert.equal(variant.readOccupant(6), undefined);
    assert.equal(variant.readOccupant(8), undefined);
    utimesSync(tree.join('a.gz'), 1000, 3000);
    using other = variantIn(tree);
    assert.equal(other.readOccupant(7), undefined);
  });

  it('is not read when there is none, or a link or folder', { skip: NO_LINKS }, () => {
    for (const entry of [undefined, { link: 'a' }, { folder: true } as const]) {
      using tree = treeWith(entry);
      using variant = variantIn(tree);
      assert.ok(!variant.hasFile);
      assert.equal(variant.readOccupant(SOURCE.length), undefined);
    }
  });

  it(
    'stays when it is accepted, whatever it holds, and is only mended',
    { skip: ON_WINDOWS },
    () => {
      using tree = treeWith('valid');
      utimesSync(tree.join('a.gz'), 1000, 3000);
      using variant = variantIn(tree);
      variant.acceptOccupant(5);
      assert.deepEqual(variant.settle(), {
        status: 'unchanged',
        contentCoding: 'gzip',
        encodedBytes: 5,
      });
      assert.deepEqual(tree.snapshot(), { a: SOURCE, 'a.gz': 'valid' });
      assert.equal(Math.floor(statSync(tree.join('a.gz')).mtimeMs / 1000), 2000);
    },
  );

  it('is not even mended in a dry run', { skip: ON_WINDOWS }, () => {
    using tree = treeWith('valid');
    utimesSync(tree.join('a.gz'), 1000, 3000);
    using variant = variantIn(tree, { dryRun: true });
    variant.acceptOccupant(5);
    assert.equal(variant.settle().status, 'unchanged');
    assert.equal(statSync(tree.join('a.gz')).mtimeMs, 3_000_000);
  });

  it('with other names is replaced by a file of its own instead', { skip: ON_WINDOWS }, () => {
    for (const dryRun of [true, false]) {
      using tree = treeWith('valid');
      linkSync(tree.join('a.gz'), tree.join('backup'));
      utimesSync(tree.join('a.gz'), 1000, 3000);
      using variant = variantIn(tree, { dryRun });
      variant.acceptOccupant(5);
      assert.equal(variant.settle().status, 'written');
      assert.equal(statSync(tree.join('backup')).mtimeMs, 3_000_000);
      assert.equal(statSync(tree.join('a.gz')).mtimeMs === 3_000_000, dryRun);
      assert.deepEqual(tree.bytes('a.gz'), Buffer.from('valid'));
    }
  });

  it(
    'was not what is there now, when that has changed since: all begins anew',
    { skip: ON_WINDOWS },
    () => {
      const changes: readonly ((tree: Tree) => void)[] = [
        (tree) => {
          appendFileSync(tree.join('a.gz'), 'more');
        },
        (tree) => {
          tree.add({ other: 'valid' });
          renameSync(tree.join('other'), tree.join('a.gz'));
        },
        (tree) => {
          renameSync(tree.join('a.gz'), tree.join('away'));
        },
      ];
      for (const change of changes) {
        using tree = treeWith('valid');
        using variant = variantIn(tree);
        variant.acceptOccupant(5);
        change(tree);
        const before = tree.snapshot();
        assert.throws(() => variant.settle(), SourceChanged);
        assert.deepEqual(tree.snapshot(), before);
      }
    },
  );
});
