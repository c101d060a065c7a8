// Shows what becomes of whatever stands at the name of a sidecar, in every kind of run: nothing is written
// or deleted through it, nothing special is opened, and sources that look like sidecars keep their bytes.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, lstatSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { check, isSidecar, type CompressOptions } from '../../src/index.js';
import { ANY_NAMES } from '../support/capability.js';
import { assertSidecar, script } from '../support/sidecars.js';
import { rounds } from '../support/soak.js';
import { Tree, type Entry } from '../support/tree.js';
import { compress } from '../support/uncached.js';

const SMALL = script(900);
/** Above this a run looks at a sidecar's name before it encodes. */
const LARGER = script(17_000);

/** What stands at the name, and whether a run may put a sidecar there. */
const OCCUPANTS: Readonly<
  Record<string, readonly [make: (path: string, tree: Tree) => void, boolean]>
> = {
  folder: [(path) => execFileSync('mkdir', [path]), false],
  'full-folder': [(path) => execFileSync('mkdir', ['-p', `${path}/x`]), false],
  fifo: [(path) => execFileSync('mkfifo', [path]), false],
  'to-folder': [link('../outside/folder'), false],
  'to-hostname': [link('/etc/hostname'), true],
  'to-file': [link('../outside/precious'), true],
  'to-sidecar': [link('../outside/precious.gz'), true],
  'to-fifo': [link('fifo.gz'), true],
  'to-null': [link('/dev/null'), true],
  'to-zero': [link('/dev/zero'), true],
  'to-proc': [link('/proc/self/status'), true],
  'to-stdout': [link('/proc/self/fd/1'), true],
  nowhere: [link('../outside/created'), true],
  loop: [link('loop.gz'), true],
  hard: [
    (path, tree) => {
      linkSync(tree.join('outside/hard'), path);
    },
    true,
  ],
};

function link(target: string): (path: string) => void {
  return (path) => execFileSync('ln', ['-s', target, path]);
}

/** A tree with each of these at the name of a `.gz`, and what lies outside of its root. */
function occupied(content: string): Tree {
  const outside: Record<string, Entry> = {
    'outside/precious': 'precious',
    'outside/precious.gz': 'precious too',
    'outside/hard': 'of several names',
    'outside/folder/p.js': 'precious as well',
  };
  const sources = Object.keys(OCCUPANTS).map((name) => [`root/${name}`, content]);
  const tree = new Tree({ ...outside, ...(Object.fromEntries(sources) as Record<string, Entry>) });
  for (const [name, [make]] of Object.entries(OCCUPANTS)) make(tree.join(`root/${name}.gz`), tree);
  return tree;
}

function outsideOf(tree: Tree): Record<string, string> {
  const snapshot = Object.entries(tree.snapshot());
  return Object.fromEntries(snapshot.filter(([path]) => path.startsWith('outside/')));
}

describe('what stands at the name of a sidecar', { skip: ANY_NAMES }, () => {
  const hostname = existsSync('/etc/hostname') ? readFileSync('/etc/hostname') : undefined;
  const forms: Readonly<Record<string, CompressOptions>> = {
    'a run': {},
    'a run that keeps what is valid': { keepValid: true },
    'a run that prunes all': { prune: 'all' },
    'a run that follows links': { follow: true, include: Object.keys(OCCUPANTS) },
    'a run whose variants are all discarded': { maxRatio: 0, prune: true },
  };
  for (const [what, options] of Object.entries(forms)) {
    it(`is replaced or left alone, and never written through, by ${what}`, async () => {
      for (const content of [SMALL, LARGER]) {
        using tree = occupied(content);
        const before = tree.snapshot();
        const outside = outsideOf(tree);
        const report = await compress(tree.join('root'), options);
        const isKept = options.maxRatio === undefined;
        for (const [name, [, mayBeReplaced]] of Object.entries(OCCUPANTS)) {
          const sidecar = `root/${name}.gz`;
          const failures = report.failures.filter(({ relativePath }) => relativePath === name);
          if (!mayBeReplaced) {
            const codes = isKept ? [name === 'fifo' ? 'EEXIST' : 'EISDIR'] : [];
            assert.deepEqual(
              failures.map(({ code }) => code),
              codes,
              name,
            );
            assert.deepEqual(tree.snapshot()[sidecar], before[sidecar], name);
          } else {
            assert.deepEqual(failures, [], name);
            if (isKept) assertSidecar(tree, sidecar);
            assert.equal(
              lstatSync(tree.join(sidecar), { throwIfNoEntry: false })?.isFile() ?? false,
              isKept,
            );
          }
          assert.equal(tree.snapshot()[`root/${name}`], content);
        }
        assert.deepEqual(outsideOf(tree), outside);
      }
      if (hostname !== undefined) assert.deepEqual(readFileSync('/etc/hostname'), hostname);
    });
  }

  it('is only looked at when nothing is made for it: what is stale goes by its name alone', async () => {
    using tree = occupied(SMALL);
    const before = tree.snapshot();
    const dry = { gzip: false, dryRun: true, prune: true } as const;
    for (const options of [{ dryRun: true, prune: 'all' }, { exclude: ['*'] }, dry] as const) {
      await compress(tree.join('root'), options);
      assert.deepEqual(tree.snapshot(), before);
    }
    const { findings } = await check(tree.join('root'), { cache: false });
    assert.ok(findings.length > 0);
    assert.deepEqual(tree.snapshot(), before);
    await compress(tree.join('root'), { exclude: Object.keys(OCCUPANTS), prune: true });
    const gone = Object.keys(before).filter((path) => !(path in tree.snapshot()));
    // The links to files that are no encoding of the source, and the one that has another name.
    const stale = ['hard', 'to-file', 'to-hostname', 'to-sidecar'];
    const expected = stale.filter((name) => name !== 'to-hostname' || hostname !== undefined);
    const proc = existsSync('/proc/self/fd/1')
      ? gone.filter((path) => /to-(proc|stdout)/.test(path))
      : [];
    assert.deepEqual(gone, [...expected.map((name) => `root/${name}.gz`), ...proc].sort());
    assert.deepEqual(outsideOf(tree)['outside/hard'], 'of several names');
    assert.equal(Object.keys(outsideOf(tree)).length, 4);
  });

  it('is not opened when it is a FIFO or leads to one: a writer there waits on', async () => {
    using tree = new Tree({ 'a.js': LARGER, 'b.js': SMALL, 'b.js.gz': { link: 'a.js.gz' } });
    execFileSync('mkfifo', [tree.join('a.js.gz')]);
    const writer = spawn('sh', ['-c', 'echo freed > a.js.gz'], { cwd: tree.path });
    const closed = once(writer, 'close');
    try {
      await delay(100);
      await check(tree.path, { cache: false });
      for (const options of [{ exclude: ['*.js'] }, { keepValid: true, dryRun: true }, {}]) {
        await compress(tree.path, options);
      }
      await delay(100);
      assert.deepEqual([writer.exitCode, writer.signalCode], [null, null]);
    } finally {
      writer.kill();
      await closed;
    }
  });

  it('may be a socket or a device, which stay as they are', async (context) => {
    using tree = new Tree({ 'a.js': SMALL, 'b.js': LARGER });
    const isRoot = spawnSync('mknod', [tree.join('b.js.gz'), 'c', '1', '7']).status === 0;
    const server = createServer().listen(tree.join('a.js.gz'));
    await once(server, 'listening');
    try {
      const before = tree.snapshot();
      for (const options of [{ brotli: false }, { brotli: false, prune: 'all' }] as const) {
        const { failures } = await compress(tree.path, options);
        const codes = failures.map(({ code }) => code);
        assert.deepEqual(codes, isRoot ? ['EEXIST', 'EEXIST'] : ['EEXIST']);
        if (isRoot) assert.deepEqual(tree.snapshot(), before);
        else assert.equal(tree.snapshot()['a.js.gz'], 'special');
      }
    } finally {
      server.close();
    }
    if (!isRoot) context.diagnostic('only root may make a device');
  });
});

describe('a source that is its neighbour’s sidecar', () => {
  it('is a sidecar, whatever the chain, and those of the first alone are made', async () => {
    const chain = [
      'a',
      'a.br',
      'a.br.br',
      'a.br.gz.br',
      'a.gz',
      'a.gz.br',
      'a.gz.gz',
      'b.gz',
      'b.gz.gz',
    ];
    using tree = new Tree(
      Object.fromEntries(chain.map((name, index) => [name, script(900, index + 1)])),
    );
    const before = tree.snapshot();
    await assertChain(tree, before);
    assert.equal(tree.snapshot()['a.gz.br'], before['a.gz.br']);
  });

  it('keeps its bytes in every random chain', async () => {
    const name = fc
      .array(fc.constantFrom('.gz', '.br'), { maxLength: 4 })
      .chain((suffixes) => fc.constantFrom('a', 'b').map((stem) => stem + suffixes.join('')));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 2, maxLength: 10 }), async (names) => {
        using tree = new Tree(
          Object.fromEntries(names.map((one, index) => [one, script(900, index + 1)])),
        );
        await assertChain(tree, tree.snapshot());
      }),
      { numRuns: rounds(4, 500), seed: 5 },
    );
  });

  /**
   * Asserts that a run makes the sidecars of what is none by its name, and changes nothing else; and that
   * another finds all of them right, though by then more may be sidecars by their names.
   */
  async function assertChain(tree: Tree, given: Readonly<Record<string, string>>): Promise<void> {
    const made = new Set<string>();
    for (const status of ['written', 'unchanged']) {
      const before = tree.list();
      const sources = before.filter((one) => !isSidecar(one, (other) => before.includes(other)));
      const report = await compress(tree.path, { skipExtensions: [] });
      assert.deepEqual(report.failures, []);
      assert.deepEqual(
        report.sources.map(({ relativePath }) => relativePath),
        sources,
      );
      const statuses = report.sources.flatMap(({ variants }) => variants.map((one) => one.status));
      assert.deepEqual(new Set(statuses), new Set([status]));
      for (const one of sources) made.add(`${one}.br`).add(`${one}.gz`);
      const after = tree.snapshot();
      assert.deepEqual(Object.keys(after), [...new Set([...before, ...made])].sort());
      for (const one of sources)
        for (const suffix of ['br', 'gz']) assertSidecar(tree, `${one}.${suffix}`);
      for (const one of Object.keys(given))
        if (!made.has(one)) assert.equal(after[one], given[one], one);
    }
  }
});
