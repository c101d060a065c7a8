// Shows that `kill -9` at any moment leaves no sidecar that does not decode to its source and no source
// changed, and that the next run makes all of it right. On a real tree, with real processes.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ended, start, wnCompress, type Place } from '../cli/command.js';
import { assertTree, decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { witness } from '../support/witness.js';

const ON_WINDOWS = process.platform === 'win32' && 'signals as POSIX has them';

const KILLS = rounds(5, 200);

/** Above the bound from which sources are streamed, and quick at the lowest levels. */
const STREAMED = script(1_000_000).repeat(34);

/**
 * What a run does when it is killed: made so before it starts, and within which time it is killed, which
 * comes to fit the machine.
 */
interface Situation {
  readonly name: string;
  readonly words: readonly string[];
  lifeMs: number;
  readonly prepare: (tree: Tree, round: number, place: Place) => void | Promise<void>;
}

/** A source that is gone when its sidecars are there. */
const GONE = 'gone.css';

const FAST = ['--brotli-quality=4'];

const SITUATIONS: readonly Situation[] = [
  { name: 'cold', words: ['--brotli-quality=9'], lifeMs: 900, prepare: removeSidecars },
  {
    name: 'changed',
    words: FAST,
    lifeMs: 500,
    prepare: (tree, round) => {
      for (const path of sourcesIn(tree)) {
        const content = tree.bytes(path);
        if (content.length < 200_000) {
          writeFileSync(tree.join(path), `${content.toString()}\n/* ${round} */`);
        }
      }
    },
  },
  { name: 'restored', words: FAST, lifeMs: 400, prepare: removeSidecars },
  {
    name: 'pruned',
    words: ['--prune', ...FAST],
    lifeMs: 400,
    prepare: async (tree, round, place) => {
      tree.add({ [GONE]: script(5000, round) });
      assert.equal((await wnCompress(['.', '--quiet', ...FAST], place)).code, 0);
      rmSync(tree.join(GONE));
    },
  },
  {
    name: 'streamed',
    words: ['--brotli-quality=1', '--gzip-level=1', '--no-cache'],
    lifeMs: 900,
    prepare: (tree) => {
      tree.add({ 'streamed.js': STREAMED });
      for (const suffix of ['br', 'gz']) {
        rmSync(tree.join(`streamed.js.${suffix}`), { force: true });
      }
    },
  },
];

/** A megabyte and a half of published scripts and stylesheets. */
function copySite(tree: Tree): void {
  const { resolve } = createRequire(import.meta.url);
  const bootstrap = join(dirname(resolve('bootstrap/package.json')), 'dist');
  for (const folder of ['css', 'js']) {
    const from = join(bootstrap, folder);
    for (const name of readdirSync(from)) {
      if (!/\.min\.(css|js)$/.test(name)) continue;
      cpSync(join(from, name), tree.join(`${folder}/${name}`));
    }
  }
}

function sourcesIn(tree: Tree): string[] {
  return tree.list().filter((path) => !isSidecarPath(path) && !path.endsWith('.tmp'));
}

function removeSidecars(tree: Tree): void {
  for (const path of tree.list()) if (isSidecarPath(path)) rmSync(tree.join(path));
}

/** Asserts that each sidecar decodes to its source, as that is or as it was. */
function countDecoded(tree: Tree, older: ReadonlyMap<string, Buffer>): number {
  const sidecars = tree.list().filter(isSidecarPath);
  for (const path of sidecars) {
    const source = path.slice(0, -3);
    const decoded = decodeSidecar(tree, path);
    if (source === GONE) continue;
    const versions = [tree.bytes(source), older.get(source)];
    assert.ok(
      versions.some((version) => version?.equals(decoded)),
      `${path} decodes to no version of its source`,
    );
  }
  return sidecars.length;
}

describe('a process that is killed at any moment', { skip: ON_WINDOWS }, () => {
  it('leaves only what decodes, and the next run leaves nothing else', async (t) => {
    using tree = new Tree();
    using cache = new Tree();
    copySite(tree);
    const place = { cwd: tree.path, cacheDir: cache.path };
    assert.equal((await wnCompress(['.', '--quiet', ...FAST], place)).code, 0);
    const counts = { killed: 0, decoded: 0, left: 0 };
    // Some runs are done before they are killed; their next one comes earlier.
    for (let round = 0; counts.killed < KILLS; round += 1) {
      assert.ok(round < 3 * KILLS, 'most runs were done before they were killed');
      const situation = SITUATIONS[round % SITUATIONS.length];
      assert.ok(situation);
      const { name, words, prepare } = situation;
      const older = new Map(sourcesIn(tree).map((path) => [path, tree.bytes(path)]));
      await prepare(tree, round, place);
      const sources = sourcesIn(tree);
      const before = witness(tree, sources);
      const victim = start(['.', '--quiet', ...words], place);
      const end = ended(victim);
      await delay(randomInt(60, Math.max(70, Math.round(situation.lifeMs))));
      victim.kill('SIGKILL');
      const { code, signal, stderr } = await end;
      assert.deepEqual([stderr, signal ?? code], ['', signal === null ? 0 : 'SIGKILL'], name);
      if (signal !== null) counts.killed += 1;
      situation.lifeMs *= signal === null ? 0.7 : 1.1;
      counts.left += tree.list().filter((path) => path.endsWith('.tmp')).length;
      counts.decoded += countDecoded(tree, older);
      assert.deepEqual(witness(tree, sources), before, name);

      const next = await wnCompress(['.', '--quiet', ...words], place);
      assert.deepEqual([next.code, next.stderr], [0, ''], name);
      assertTree(
        tree,
        sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
      );
      assert.deepEqual(witness(tree, sources), before, name);
      for (const path of tree.list()) if (path.startsWith('streamed')) rmSync(tree.join(path));
    }
    const { killed, decoded, left } = counts;
    const text = `${killed} kills, ${decoded} sidecars decoded behind them, ${left} temporary files left and swept`;
    t.diagnostic(text);
    figure('kill', text);
  });
});
