// Shows which sidecars without a source are ours by the history of their root, and which of them go by
// which rules. What is not proven to be ours may be someone's only copy.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestOf } from '../src/cache/fingerprint.js';
import { appendHistory, History, historyRecord } from '../src/cache/history.js';
import { encode } from '../src/codec.js';
import { contentCodingOf } from '../src/content-coding.js';
import type { PossibleOrphan } from '../src/findings.js';
import { settleOrphans, type OrphanRules } from '../src/orphans.js';
import { NO_LINKS } from './support/capability.js';
import { Tree, type Entry } from './support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no FIFOs';

const NO_PROC = platform() !== 'linux' && 'no /proc';

const RULES: OrphanRules = { history: undefined, prune: false, dryRun: false, signal: undefined };

/** What a scan takes for a possible orphan. */
function orphanAt(tree: Tree, relativePath: string, isSource = false): PossibleOrphan {
  const contentCoding = contentCodingOf(relativePath);
  assert.ok(contentCoding);
  return { path: tree.join(relativePath), relativePath, contentCoding, isSource };
}

/** Whether this process has a file open. */
function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });
}

/** A history by which these contents were written at these paths. */
function historyOf(written: Readonly<Record<string, string | Buffer>>): History {
  using tree = new Tree();
  const records = Object.entries(written).map(([path, content]) =>
    historyRecord(path, digestOf(typeof content === 'string' ? Buffer.from(content) : content)),
  );
  appendHistory(tree.join('h'), records);
  return new History(tree.join('h'));
}

/** What became of each: `ours` or `unknown`, and whether it was removed. */
async function settled(
  possible: readonly PossibleOrphan[],
  rules: Partial<OrphanRules>,
): Promise<Record<string, string>> {
  const { orphans, failures } = await settleOrphans(possible, { ...RULES, ...rules });
  return Object.fromEntries([
    ...orphans.map(({ relativePath, isOurs, removed }) => [
      relativePath,
      `${isOurs ? 'ours' : 'unknown'}${removed ? ' removed' : ''}`,
    ]),
    ...failures.map(({ relativePath, failure }) => [
      relativePath,
      `${failure.code} ${failure.operation}`,
    ]),
  ]) as Record<string, string>;
}

const FILES: Readonly<Record<string, Entry>> = {
  'ours.js.br': 'written by us',
  'changed.js.br': 'somebody else',
  'unknown.js.br': 'never seen',
  'dump.sql.gz': 'a download',
};
const WRITTEN = { 'ours.js.br': 'written by us', 'changed.js.br': 'by us', 'gone.js.br': 'gone' };

describe('sidecars without a source', () => {
  const rows: readonly (readonly [rules: Partial<OrphanRules>, gone: readonly string[]])[] = [
    [{ prune: false }, []],
    [{ prune: false, dryRun: true }, []],
    [{ prune: true }, ['ours.js.br']],
    [{ prune: true, dryRun: true }, []],
    [{ prune: 'all' }, Object.keys(FILES)],
    [{ prune: 'all', dryRun: true }, []],
  ];
  for (const [rules, gone] of rows) {
    it(`go only as far as the rules say: ${JSON.stringify(rules)}`, async () => {
      using tree = new Tree(FILES);
      const possible = Object.keys(FILES).map((path) => orphanAt(tree, path));
      const removed = (path: string): string => {
        if (rules.prune === 'all') return ' removed';
        return rules.prune === true && path === 'ours.js.br' ? ' removed' : '';
      };
      const expected = Object.keys(FILES).map((path) => [
        path,
        (path === 'ours.js.br' ? 'ours' : 'unknown') + removed(path),
      ]);
      const history = historyOf(WRITTEN);
      assert.deepEqual(
        await settled(possible, { ...rules, history }),
        Object.fromEntries(expected),
      );
      const left = Object.entries(FILES).filter(([path]) => !gone.includes(path));
      assert.deepEqual(tree.snapshot(), Object.fromEntries(left));
    });
  }

  it('are all unknown without a history, and none goes', async () => {
    using tree = new Tree(FILES);
    const possible = Object.keys(FILES).map((path) => orphanAt(tree, path));
    const outcome = await settled(possible, { prune: true });
    assert.deepEqual(new Set(Object.values(outcome)), new Set(['unknown']));
    assert.deepEqual(tree.snapshot(), FILES);
  });

  it('are ours by path and content together, and not by either', async () => {
    using tree = new Tree({ 'a.js.br': 'content of a', 'b.js.br': 'content of a', 'c.js.br': '' });
    const possible = ['a.js.br', 'b.js.br', 'c.js.br'].map((path) => orphanAt(tree, path));
    const history = historyOf({ 'a.js.br': 'content of a', 'b.js.br': 'b', 'x/c.js.br': '' });
    assert.deepEqual(await settled(possible, { history, prune: true }), {
      'a.js.br': 'ours removed',
      'b.js.br': 'unknown',
      'c.js.br': 'unknown',
    });
    assert.deepEqual(tree.list(), ['b.js.br', 'c.js.br']);
  });

  it('are none of ours when something else than an encode has made the gzip, whatever a history says', async () => {
    const source = 'all work and no play '.repeat(20);
    const ours = encode(Buffer.from(source), { contentCoding: 'gzip', level: 9 });
    const theirs = gzipSync(source);
    const named = Buffer.concat([Buffer.from('1f8b08080000000002ff', 'hex'), ours.subarray(10)]);
    const files = { 'ours.sql.gz': ours, 'theirs.sql.gz': theirs, 'named.sql.gz': named };
    using tree = new Tree({ ...files, 'short.sql.gz': '' });
    const history = historyOf({ ...files, 'short.sql.gz': '' });
    const possible = tree.list().map((path) => orphanAt(tree, path));
    assert.deepEqual(await settled(possible, { history, prune: true }), {
      'named.sql.gz': 'unknown',
      'ours.sql.gz': 'ours removed',
      'short.sql.gz': 'unknown',
      'theirs.sql.gz': 'unknown',
    });
  });

  it('are ours however large they are', async () => {
    const content = 'abc'.repeat(1_000_000);
    using tree = new Tree({ 'a.js.br': content, 'b.js.br': `${content.slice(0, -1)}x` });
    const possible = ['a.js.br', 'b.js.br'].map((path) => orphanAt(tree, path));
    const history = historyOf({ 'a.js.br': content, 'b.js.br': content });
    assert.deepEqual(await settled(possible, { history }), {
      'a.js.br': 'ours',
      'b.js.br': 'unknown',
    });
  });

  it('that are compressed like any other file are orphans only when they are ours', async () => {
    using tree = new Tree({ 'data.csv.gz': 'a download', 'a.js.br': 'ours' });
    const possible = [orphanAt(tree, 'data.csv.gz', true), orphanAt(tree, 'a.js.br', true)];
    const history = historyOf({ 'a.js.br': 'ours' });
    const expected = { 'a.js.br': 'ours removed' };
    assert.deepEqual(await settled(possible, { history, prune: true }), expected);
    assert.deepEqual(await settled(possible, { history, prune: 'all' }), {});
    assert.deepEqual(tree.list(), ['data.csv.gz']);
  });

  it('stay when their source has come back meanwhile, also as a link to nowhere', async () => {
    for (const source of ['new', { link: 'nowhere' }]) {
      if (typeof source === 'object' && NO_LINKS !== false) continue;
      using tree = new Tree({ 'a.js.br': 'ours', 'a.js': source });
      const possible = [orphanAt(tree, 'a.js.br')];
      const history = historyOf({ 'a.js.br': 'ours' });
      assert.deepEqual(await settled(possible, { history, prune: true }), { 'a.js.br': 'ours' });
      assert.deepEqual(await settled(possible, { prune: 'all' }), { 'a.js.br': 'unknown' });
      assert.deepEqual(tree.list(), ['a.js', 'a.js.br']);
    }
  });

  it('are left alone when they are no files by now', { skip: NO_LINKS || ON_WINDOWS }, async () => {
    using tree = new Tree({
      'link.js.gz': { link: 'target' },
      target: 'ours',
      'folder.js.gz/a': 'x',
    });
    execFileSync('mkfifo', [tree.join('fifo.js.gz')]);
    const names = ['link.js.gz', 'folder.js.gz', 'fifo.js.gz'];
    const history = historyOf(Object.fromEntries(names.map((name) => [name, 'ours'])));
    const before = tree.snapshot();
    const possible = names.map((name) => orphanAt(tree, name));
    for (const prune of [true, 'all'] as const) {
      const expected = Object.fromEntries(names.map((name) => [name, 'unknown']));
      assert.deepEqual(await settled(possible, { history, prune }), expected);
    }
    assert.deepEqual(tree.snapshot(), before);
  });

  it('stay when they were written anew while they were read', { skip: NO_PROC }, async () => {
    // So large that they are still being read when this thread goes on.
    const content = 'abc'.repeat(5_000_000);
    using tree = new Tree({ 'a.js.br': content });
    const history = historyOf({ 'a.js.br': content });
    const running = settled([orphanAt(tree, 'a.js.br')], { history, prune: true });
    while (!isOpen(tree.join('a.js.br'))) await new Promise(setImmediate);
    rmSync(tree.join('a.js.br'));
    writeFileSync(tree.join('a.js.br'), 'precious');
    assert.deepEqual(await running, { 'a.js.br': 'ours' });
    assert.deepEqual(tree.snapshot(), { 'a.js.br': 'precious' });
  });

  it('that cannot be removed are failures, and the others go all the same', async () => {
    using tree = new Tree({ 'a.js.br': 'a', 'b.js.br': 'b' });
    const possible = [orphanAt(tree, 'a.js.br'), orphanAt(tree, 'b.js.br')];
    rmSync(tree.join('a.js.br'));
    assert.deepEqual(await settled(possible, { prune: 'all' }), {
      'a.js.br': 'ENOENT remove',
      'b.js.br': 'unknown removed',
    });
  });

  it('are settled one after the other until the run is aborted', async () => {
    using tree = new Tree({ 'a.js.br': 'a', 'b.js.br': 'b' });
    const possible = [orphanAt(tree, 'a.js.br'), orphanAt(tree, 'b.js.br')];
    assert.deepEqual(await settled(possible, { prune: 'all', signal: AbortSignal.abort() }), {});
    assert.deepEqual(tree.list(), ['a.js.br', 'b.js.br']);
  });
});
