// Shows that what is planted at names of temporary files is neither written through nor removed wrongly,
// and that those names cannot be foreseen. Whose files are swept is temporary-file.test.ts.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { linkSync, watch } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { TemporarySidecar } from '../../src/sidecar.js';
import { isTemporaryName, ownerToken, temporaryPrefix } from '../../src/temporary-file.js';
import { ANY_NAMES } from '../support/capability.js';
import { assertTree, script } from '../support/sidecars.js';
import { FOLDER, Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';

/** A token as of a process that is no more. */
function goneToken(): string {
  return ownerToken(spawnSync(process.execPath, ['--version']).pid);
}

describe('a planted temporary name', { skip: ANY_NAMES }, () => {
  it('is swept only when it is a file, of a process that is no more', async () => {
    const gone = goneToken();
    const [place = ''] = gone.split('-');
    const alive = ownerToken(process.pid);
    const init = ownerToken(1);
    const name = (owner: string, index: number): string =>
      `.wn-compress-${owner}-${String(index).padStart(16, '0')}.tmp`;
    const huge = '9'.repeat(30);
    using tree = new Tree({
      'a.js': script(500),
      'outside/precious': 'precious',
      'outside/linked': 'linked',
      [`root/${name(gone, 1)}`]: 'left over',
      [`root/${name(gone, 2)}`]: { link: '../outside/precious' },
      [`root/${name(gone, 3)}/x.js`]: 'a folder of that name',
      [`root/${name(gone, 4)}`]: FOLDER,
      [`root/${name(alive, 5)}`]: 'of a live process',
      [`root/${name(init, 6)}`]: 'of a live process of another user',
      [`root/${name(`${place}-0-0`, 7)}`]: 'of no process',
      [`root/${name(`${place}-${huge}-${huge}`, 8)}`]: 'of an impossible process',
      [`root/${name(`ffffffff-1-1`, 9)}`]: 'of another machine',
      [`root/.wn-compress-x.tmp`]: 'not ours',
      [`root/${name(gone, 10)}.gz`]: 'not ours',
      [`root/x${name(gone, 11)}`]: 'not ours',
      'root/b.js': script(500),
    });
    // A file of two names loses just the one that is swept.
    linkSync(tree.join('outside/linked'), tree.join(`root/${name(gone, 12)}`));
    execFileSync('mkfifo', [tree.join(`root/${name(gone, 13)}`)]);
    const server = createServer().listen(tree.join(`root/${name(gone, 14)}`));
    await once(server, 'listening');
    const before = tree.snapshot();
    try {
      const rules = { exclude: ['.wn-compress*', '*.tmp'], include: ['b.js'] };
      const report = await compress(tree.join('root'), { ...rules, prune: 'all' });
      const swept = [1, 12].map((index) => `root/${name(gone, index)}`);
      swept.push(`root/${name(`${place}-${huge}-${huge}`, 8)}`);
      assert.equal(report.totals.leftoversRemoved, swept.length);
      assert.deepEqual(report.failures, []);
      const after = tree.snapshot();
      const made = ['root/b.js.br', 'root/b.js.gz'];
      const stays = Object.keys(before).filter((path) => !swept.includes(path));
      assert.deepEqual(Object.keys(after).sort(), [...stays, ...made].sort());
      for (const path of stays) assert.equal(after[path], before[path], path);
    } finally {
      server.close();
    }
  });

  it('is never written through: creation is exclusive, whatever stands there', () => {
    using tree = new Tree({ 'outside/precious': 'precious' });
    const prefix = temporaryPrefix();
    const random = Math.random;
    // What Math.random is asked for is foreseen here, to plant something at just that name.
    Math.random = () => 0.5;
    try {
      const path = tree.join(`${prefix}80000000.tmp`);
      assert.ok(isTemporaryName(`${prefix}80000000.tmp`));
      for (const plant of [
        () => execFileSync('ln', ['-s', 'outside/precious', path]),
        () => execFileSync('ln', ['-s', 'outside/created', path]),
        () => execFileSync('mkfifo', [path]),
        () => execFileSync('mkdir', [path]),
        () => {
          linkSync(tree.join('outside/precious'), path);
        },
      ]) {
        plant();
        const before = tree.snapshot();
        assert.throws(() => new TemporarySidecar(tree.join('a.js.gz'), prefix), { code: 'EEXIST' });
        assert.deepEqual(tree.snapshot(), before);
        execFileSync('rm', ['-rf', path]);
      }
    } finally {
      Math.random = random;
    }
  });

  it('cannot be foreseen: of the same process no two runs share one, nor two sidecars', async () => {
    using tree = new Tree();
    const names = new Set<string>();
    using watcher = closing(
      watch(tree.path, (_event, name) => {
        if (name !== null && isTemporaryName(name)) names.add(name);
      }),
    );
    assert.ok(watcher);
    for (let run = 0; run < 3; run += 1) {
      for (let index = 0; index < 5; index += 1)
        tree.add({ [`${run}-${index}.js`]: script(500, run * 5 + index + 1) });
      await compress(tree.path);
    }
    const parts = [...names].map((name) => name.slice(-20, -4));
    assert.ok(names.size >= 15, `saw ${names.size}`);
    assert.equal(new Set(parts.map((part) => part.slice(0, 8))).size, 3);
    assert.equal(new Set(parts).size, names.size);
    const sources = tree.list().filter((name) => name.endsWith('.js'));
    assertTree(
      tree,
      sources.flatMap((name) => [name, `${name}.br`, `${name}.gz`]),
    );
  });
});

function closing(watcher: ReturnType<typeof watch>): Disposable {
  return {
    [Symbol.dispose]: () => {
      watcher.close();
    },
  };
}
