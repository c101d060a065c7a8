// Shows what holds while someone else changes the tree on purpose: links that come and go at the names of
// sidecars are never written through, and where a whole folder is swapped for a link, which SECURITY.md
// names as a limit, nothing but sidecars and temporary files is touched where it leads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { isTemporaryName } from '../../src/temporary-file.js';
import { ANY_NAMES } from '../support/capability.js';
import { assertTree, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';

const RUNS = rounds(3, 200);

/** Repeats some statements in a process of its own until the work is done, and tells how often. */
async function whileRepeating(
  folder: string,
  statements: string,
  work: () => Promise<void>,
): Promise<number> {
  const program = `
    let rounds = 0;
    const attempt = (action) => { try { action(); } catch {} };
    process.on('SIGTERM', () => { process.stdout.write(String(rounds)); process.exit(); });
    (function repeat() {
      for (let index = 0; index < 50; index += 1, rounds += 1) { ${statements} }
      setImmediate(repeat);
    })();
    console.log();`;
  const child = spawn(process.execPath, ['-e', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  try {
    await work();
  } finally {
    child.kill();
    await closed;
  }
  const rounds = Number(said);
  assert.ok(rounds > 10, `${rounds} rounds`);
  return rounds;
}

function entries(
  folder: string,
  count: number,
  content: (index: number) => string,
): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => [`${folder}/${index}`, content(index)]);
  return Object.fromEntries(names) as Record<string, string>;
}

describe('a tree that someone changes on purpose during runs', { skip: ANY_NAMES }, () => {
  it('is never written through links that come and go at the names of sidecars', async () => {
    const count = 40;
    using tree = new Tree(entries('root', count, (index) => script(600, index + 1)));
    using outside = new Tree(entries('precious', count, () => 'precious'));
    const before = outside.snapshot();
    const plant = `for (let name = 0; name < ${count}; name += 1) {
      attempt(() => fs.unlinkSync('root/' + name + '.gz'));
      attempt(() => fs.symlinkSync('${outside.path}/precious/' + name, 'root/' + name + '.gz'));
    }`;
    await whileRepeating(tree.path, plant, async () => {
      for (let run = 0; run < RUNS; run += 1) {
        const report = await compress(
          tree.join('root'),
          run % 2 === 0 ? {} : { prune: 'all', maxRatio: 0 },
        );
        // A name that is taken at every look is a failure; one that is written through would be a loss.
        assert.ok(report.failures.every(({ code }) => code.startsWith('E')));
        assert.deepEqual(outside.snapshot(), before);
      }
    });
    assert.deepEqual((await compress(tree.join('root'))).failures, []);
    const sources = Object.keys(entries('root', count, String));
    const sidecars = sources.flatMap((path) => [`${path}.br`, `${path}.gz`]);
    assertTree(tree, [...sources, ...sidecars]);
  });

  it('loses no source and no other file when a folder is swapped for a link to another', async () => {
    const count = 40;
    using tree = new Tree({
      ...entries('root/folder', count, (index) => script(600, index + 1)),
      ...entries('outside', count, () => 'precious'),
      'outside/x.gz': 'precious',
      'root/link': { link: '../outside' },
    });
    const before = tree.snapshot();
    const swap = `attempt(() => {
      fs.renameSync('root/folder', 'root/away'); fs.renameSync('root/link', 'root/folder');
      fs.renameSync('root/folder', 'root/link'); fs.renameSync('root/away', 'root/folder');
    });`;
    const swaps = await whileRepeating(tree.path, swap, async () => {
      for (let run = 0; run < RUNS; run += 1)
        await compress(tree.join('root'), { prune: run % 2 === 0 });
    });
    const after = tree.snapshot();
    for (const [path, content] of Object.entries(before)) {
      assert.equal(after[path], content, path);
    }
    const beyond = Object.keys(after).filter(
      (path) => path.startsWith('outside/') && !(path in before),
    );
    for (const path of beyond) {
      const name = path.slice('outside/'.length);
      assert.ok(isTemporaryName(name) || /^\d+\.(gz|br)$/.test(name), path);
    }
    figure(
      'swaps',
      `${RUNS} runs each, ${swaps.toLocaleString('en')} swaps: ${beyond.length} files where the link led`,
    );
  });
});
