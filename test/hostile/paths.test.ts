// Shows that trees of any depth, roots of any kind and links to anywhere come to an end, and that what
// lies outside of root stays as it is.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { AbortError, check, RootError } from '../../src/index.js';
import { wnCompress } from '../cli/command.js';
import { ANY_NAMES } from '../support/capability.js';
import { assertTree, script } from '../support/sidecars.js';
import { FOLDER, Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';

const CODE = script(400);

function withSidecars(paths: readonly string[]): string[] {
  return paths.flatMap((path) => [path, `${path}.br`, `${path}.gz`]);
}

/** Makes a chain of folders and a file in each, step by step: as a whole their path is too long. */
function makeDeep(top: string, names: readonly string[]): void {
  const steps = `for (const name of JSON.parse(process.argv[1])) {
    fs.writeFileSync('a.js', process.argv[2]); fs.mkdirSync(name); process.chdir(name);
  }
  fs.writeFileSync('a.js', process.argv[2]);`;
  execFileSync(process.execPath, ['-e', steps, JSON.stringify(names), CODE], { cwd: top });
}

describe('a path', { skip: ANY_NAMES }, () => {
  it('of more than 4,096 bytes fails by its folder, and all above it is done', async () => {
    using tree = new Tree({ 'b.js': CODE });
    try {
      makeDeep(tree.path, Array<string>(20).fill('d'.repeat(240)));
      for (const words of [['.'], ['.', '--check'], ['.', '--prune=all', '--follow']]) {
        const { code, signal, stdout, stderr } = await wnCompress(words, { cwd: tree.path });
        assert.deepEqual([code, signal, stderr.trimEnd().split('\n').length], [1, null, 1], stderr);
        assert.match(stderr, /^wn-compress: (d{240}\/)+d{240}: .*too long/);
        assert.match(stdout, /(Compressed|Checked) 18 files/);
      }
      const count = (name: string): number =>
        execFileSync('find', ['.', '-name', name], { cwd: tree.path, encoding: 'utf8' }).split('\n')
          .length - 1;
      assert.deepEqual(['a.js', 'a.js.gz', 'a.js.br', '.wn*'].map(count), [21, 17, 17, 0]);
    } finally {
      execFileSync('rm', ['-rf', tree.path]);
    }
  });

  it('is compressed as long as the temporary file and the sidecar have room, and fails after', async () => {
    using tree = new Tree();
    const folder = `${'d'.repeat(250)}/`.repeat(15) + `${'e'.repeat(99)}/`;
    const lengths = [4000, 4085, 4091, 4092, 4093, 4095];
    for (const length of lengths) {
      tree.add({ [folder + 'f'.repeat(length - tree.join(folder).length)]: CODE });
    }
    const before = tree.list();
    const { failures, totals } = await compress(tree.path);
    const done = before.filter((path) => tree.join(path).length <= 4092);
    assertTree(tree, [...withSidecars(done), ...before.filter((path) => !done.includes(path))]);
    assert.equal(totals.sources, before.length);
    assert.ok(failures.length > 0 && failures.every(({ code }) => code === 'ENAMETOOLONG'));
  });

  it('may go 500 folders deep', async () => {
    using tree = new Tree();
    const folders = Array.from({ length: 500 }, (_, level) => 'd/'.repeat(level + 1));
    const paths = folders.filter((_, level) => level % 50 === 49).map((folder) => `${folder}a.js`);
    tree.add(Object.fromEntries(paths.map((path) => [path, CODE])));
    assert.deepEqual((await compress(tree.path)).failures, []);
    assertTree(tree, withSidecars(paths));
    assert.deepEqual((await check(tree.path, { cache: false })).findings, []);
  });
});

describe('links', { skip: ANY_NAMES }, () => {
  it('in loops, to each other, to root and above it come to an end', async () => {
    using tree = new Tree({
      'root/a.js': CODE,
      'root/x/b.js': CODE,
      'root/x/up': { link: '..' },
      'root/x/self': { link: '.' },
      'root/x/above': { link: '../..' },
      'root/one': { link: 'two' },
      'root/two': { link: 'one' },
      'root/self': { link: 'self' },
      'root/loop.gz': { link: 'loop.gz' },
      'root/a.js.br': { link: 'a.js.br' },
      'other/c.js': CODE,
      'other/back': { link: '../root' },
    });
    const links = tree.list().filter((path) => !path.endsWith('.js'));
    const rest = links.filter((path) => path !== 'root/a.js.br');
    const outcomes = { false: 2, true: 3 };
    for (const follow of [false, true]) {
      const report = await compress(tree.join('root'), { follow, skipExtensions: [] });
      assert.deepEqual([report.failures, report.totals.sources], [[], outcomes[`${follow}`]]);
      const sources = ['root/a.js', 'root/x/b.js', ...(follow ? ['other/c.js'] : [])];
      assertTree(tree, [...withSidecars(sources), ...rest, ...(follow ? [] : ['other/c.js'])]);
    }
  });

  it('out of root lead to sidecars beside them, and change nothing where they lead', async () => {
    using outside = new Tree({
      'o.js': CODE,
      'o.js.gz': 'stale',
      'folder/p.js': CODE,
      'q.gz': 'q',
    });
    using tree = new Tree({
      'linked.js': { link: outside.join('o.js') },
      folder: { link: outside.join('folder') },
      'orphan.gz': { link: outside.join('q.gz') },
      etc: { link: '/etc' },
    });
    const before = outside.snapshot();
    for (const options of [{}, { prune: 'all' }, { keepValid: true, prune: true }] as const) {
      assert.deepEqual((await compress(tree.path, options)).failures, []);
      assert.deepEqual(outside.snapshot(), before);
    }
    const rest = ['etc', 'folder', 'orphan.gz'];
    assertTree(tree, [...withSidecars(['linked.js']), ...rest]);
  });
});

describe('a root', { skip: ANY_NAMES }, () => {
  it('that is no folder or file ends with 2, one line and the remedy, and is not waited for', async () => {
    using tree = new Tree({
      broken: { link: 'nowhere' },
      loop: { link: 'loop' },
      file: CODE,
      null: { link: '/dev/null' },
      empty: FOLDER,
    });
    execFileSync('mkfifo', [tree.join('fifo')]);
    const server = createServer().listen(tree.join('socket'));
    try {
      const roots = ['', 'broken', 'loop', 'file/x', 'missing', 'fifo', 'socket', 'null'];
      for (const root of [...roots, '/dev/zero', 'a\0b', 'x'.repeat(5000)]) {
        await assert.rejects(compress(root === '' ? '' : fromTree(root)), (error: unknown) => {
          const isExpected = error instanceof Error && 'code' in error;
          return isExpected && (error instanceof RootError || root.includes('\0'));
        });
      }
      for (const root of ['', 'fifo', 'socket', '/dev/zero']) {
        const { code, signal, stdout, stderr } = await wnCompress(['--', root], { cwd: tree.path });
        assert.deepEqual([code, signal, stdout], [2, null, ''], root);
        assert.match(stderr, /^wn-compress: .+[:;] .+\n/);
        assert.doesNotMatch(stderr, /^ {4}at /m);
      }
    } finally {
      server.close();
    }
    function fromTree(root: string): string {
      return root.startsWith('/') ? root : tree.path + '/' + root;
    }
  });

  it('may be written in any way', async () => {
    using tree = new Tree({ 'a b/x/a.js': CODE });
    const folder = tree.join('a b');
    for (const [cwd, root] of [
      [folder, '.'],
      [folder, './/.//'],
      [`${folder}/x`, '..'],
      [`${folder}/x`, '../x/..//'],
      [dirname(folder), 'a b///'],
    ] as const) {
      const { code, stdout } = await wnCompress(['--json', root], { cwd });
      assert.equal(code, 0, root);
      const report = JSON.parse(stdout) as { sources: { relativePath: string }[] };
      assert.deepEqual(
        report.sources.map(({ relativePath }) => relativePath),
        ['x/a.js'],
      );
    }
    assertTree(tree, withSidecars(['a b/x/a.js']));
  });

  it('may be /proc/self or /dev: nothing there is waited for', async (context) => {
    if (spawnSync('test', ['-d', '/proc/self/fd']).status !== 0) {
      context.skip('no /proc');
      return;
    }
    for (const root of ['/proc/self', '/dev']) {
      const words = [root, '--dry-run', '--quiet', '--include=no-such-file'];
      const { code, signal } = await wnCompress(words);
      assert.ok(signal === null && (code === 0 || code === 1), `${root}: ${code} ${signal}`);
    }
  });

  it('may be / itself, of which a scan is ended at once', async () => {
    const signal = AbortSignal.timeout(200);
    const run = compress('/', { dryRun: true, include: ['no-such-file'], signal });
    // On a machine with few files it may be done before.
    await run.catch((error: unknown) => {
      assert.ok(error instanceof AbortError, String(error));
    });
  });
});
