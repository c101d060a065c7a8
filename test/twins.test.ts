// Shows which sources are found to hold the same bytes, on real files, and that what cannot be read is
// left to others. What a run makes of twins is shown in twins-run.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import type { SourceFile } from '../src/findings.js';
import { findTwins } from '../src/twins.js';
import { NO_LINKS } from './support/capability.js';
import { script } from './support/sidecars.js';
import { Tree, type Entry } from './support/tree.js';

const AS_ROOT = process.getuid?.() === 0 && 'root may read everything';
const ON_WINDOWS = process.platform === 'win32' && 'FIFOs and modes as POSIX has them';

/** Everything in the tree, as a scan finds it. */
function sourcesIn(tree: Tree): SourceFile[] {
  return tree.list().map((relativePath) => {
    const path = tree.join(relativePath);
    return { path, relativePath, size: statSync(path).size, sidecars: [] };
  });
}

/** Groups by name, whatever their order. */
async function twinsOf(sources: readonly SourceFile[], signal?: AbortSignal): Promise<string[]> {
  const groups = await findTwins(sources, signal);
  return groups
    .map((group) =>
      group
        .map((one) => one.relativePath)
        .sort()
        .join(' '),
    )
    .sort();
}

describe('twins', () => {
  it('are sources that hold the same bytes, wherever they stand', async () => {
    const [one, other] = [script(5000, 1), script(5000, 2)];
    using tree = new Tree({
      'app.js': one,
      'hashed/app.0123.js': one,
      'app.old.js': one,
      'b.css': other,
      'c/b.css': other,
      alone: script(5000, 3),
    });
    assert.deepEqual(await twinsOf(sourcesIn(tree)), [
      'app.js app.old.js hashed/app.0123.js',
      'b.css c/b.css',
    ]);
  });

  it('differ in no single byte, also in the last one of what is read in several goes', async () => {
    const content = randomBytes(2 * 1024 * 1024 + 1);
    const [first, last] = [Buffer.from(content), Buffer.from(content)];
    first[0] = 255 - (first[0] ?? 0);
    last[last.length - 1] = 255 - (last.at(-1) ?? 0);
    using tree = new Tree({ a: content, b: content, first, last });
    assert.deepEqual(await twinsOf(sourcesIn(tree)), ['a b']);
  });

  it('are found of more files than are read at once', async () => {
    const entries: Record<string, Entry> = {};
    for (let index = 0; index < 50; index += 1) {
      entries[`a${index}`] = script(5000, 1 + (index % 25));
    }
    using tree = new Tree(entries);
    const twins = await twinsOf(sourcesIn(tree));
    assert.equal(twins.length, 25);
    assert.ok(twins.includes('a0 a25') && twins.includes('a24 a49'));
  });

  it('may be two names of one file, or a link and its target', { skip: NO_LINKS }, async () => {
    using tree = new Tree({ a: script(5000), link: { link: 'a' } });
    linkSync(tree.join('a'), tree.join('hard'));
    assert.deepEqual(await twinsOf(sourcesIn(tree)), ['a hard link']);
  });

  it('are not those that are gone, folders or shorter by now', async () => {
    const content = script(5000);
    const changes: Readonly<Record<string, (path: string) => void>> = {
      rmSync,
      folder: (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      truncated: (path) => {
        truncateSync(path, 10);
      },
      emptied: (path) => {
        truncateSync(path, 0);
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      using tree = new Tree({ a: content, b: content, c: content });
      const sources = sourcesIn(tree);
      change(tree.join('b'));
      assert.deepEqual(await twinsOf(sources), ['a c'], what);
    }
  });

  it('that grow are read no further than to the size that was found', async () => {
    using tree = new Tree({ a: 'same'.repeat(2000), b: 'same'.repeat(2000) });
    const sources = sourcesIn(tree);
    // A worker compares all that there is by then.
    appendFileSync(tree.join('a'), script(5_000_000));
    assert.deepEqual(await twinsOf(sources), ['a b']);
  });

  it('do not wait for a FIFO that took the place of one', { skip: ON_WINDOWS }, async () => {
    using tree = new Tree({ a: script(5000), b: script(5000), c: script(5000) });
    const sources = sourcesIn(tree);
    rmSync(tree.join('b'));
    execFileSync('mkfifo', [tree.join('b')]);
    assert.deepEqual(await twinsOf(sources), ['a c']);
  });

  it('are not those that may not be read', { skip: AS_ROOT || ON_WINDOWS }, async () => {
    using tree = new Tree({ a: script(5000), b: script(5000), c: script(5000) });
    chmodSync(tree.join('b'), 0);
    assert.deepEqual(await twinsOf(sourcesIn(tree)), ['a c']);
  });

  it('are none of nothing, and none once the search is aborted', async () => {
    using tree = new Tree({ a: script(5000), b: script(5000) });
    assert.deepEqual(await twinsOf([]), []);
    assert.deepEqual(await twinsOf(sourcesIn(tree), AbortSignal.abort()), []);
    assert.deepEqual(await twinsOf(sourcesIn(tree), new AbortController().signal), ['a b']);
  });

  it('leave no file open', { skip: process.platform !== 'linux' && 'no /proc' }, async () => {
    using tree = new Tree({ a: script(5000), b: script(5000), c: script(5000), 'folder/d': '' });
    const sources = [
      ...sourcesIn(tree),
      { path: tree.join('folder'), relativePath: 'folder', size: 5000, sidecars: [] },
      { path: tree.join('missing'), relativePath: 'missing', size: 5000, sidecars: [] },
    ];
    await findTwins(sources, undefined);
    const open = execFileSync('sh', ['-c', 'ls -l /proc/$PPID/fd'], { encoding: 'utf8' });
    assert.ok(!open.includes(tree.path), open);
  });
});
