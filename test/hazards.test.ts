// What could cost a user data, or tell an untruth: sources that are their own sidecar's target, hard
// links, full disks, limits on threads, odd clocks. On real files, devices and processes.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { UsageError } from '../src/index.js';
import { mountSmall } from './support/mount.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree, type Entry } from './support/tree.js';
import { compress, compressFiles } from './support/uncached.js';

const COMMAND = fileURLToPath(new URL('../bin/wn-compress.js', import.meta.url));
const ON_WINDOWS = process.platform === 'win32' && 'links, limits and modes as POSIX has them';

describe('a link to the name of its own sidecar', { skip: ON_WINDOWS }, () => {
  for (const [what, content] of [
    ['what does not get smaller', gzipSync(randomBytes(10_000))],
    ['what gets smaller', script(10_000)],
  ] as const) {
    it(`is no source, so that ${what} is not lost`, async () => {
      using tree = new Tree({ 'a.tar.gz': content, 'a.tar': { link: 'a.tar.gz' } });
      const before = tree.snapshot();
      for (const report of [
        await compress(tree.path),
        await compress(tree.join('a.tar')),
        await compressFiles([tree.join('a.tar')]),
        await compress(tree.path, { skipExtensions: [], gzip: false }),
      ]) {
        assert.equal(report.totals.skippedByReason['linked-sidecar'], 1);
        assert.deepEqual(report.failures, []);
      }
      assert.deepEqual(tree.snapshot(), before);
    });
  }

  const chains: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
    'by way of a link at the name of its sidecar': {
      'real.txt': script(9000),
      'a.gz': { link: 'real.txt' },
      a: { link: 'a.gz' },
    },
    'by way of a linked folder at that name': {
      'folder/f': script(9000),
      'a.br': { link: 'folder' },
      a: { link: 'a.br/f' },
    },
    "and is one of two that lead to each other's": {
      'a.gz': script(8000),
      'b.gz': script(9000),
      a: { link: 'b.gz' },
      b: { link: 'a.gz' },
    },
  };
  for (const [what, entries] of Object.entries(chains)) {
    it(`is no source either when it leads there ${what}`, async () => {
      using tree = new Tree(entries);
      const before = tree.snapshot();
      for (const maxRatio of [1, 0]) {
        const report = await compress(tree.path, { maxRatio, include: ['a', 'b'] });
        assert.deepEqual([report.totals.sources, report.failures], [0, []]);
        assert.deepEqual(tree.snapshot(), before);
      }
    });
  }

  it('is a source when only a folder on the way is called like a sidecar', async () => {
    using tree = new Tree({
      x: 'x',
      'x.gz/real.txt': script(9000),
      'x.gz/a': { link: 'real.txt' },
    });
    await compress(tree.path);
    const files = ['x.gz/a', 'x.gz/real.txt'];
    assertTree(tree, ['x', ...files.flatMap((path) => [path, `${path}.br`, `${path}.gz`])]);
  });

  it('is not overwritten either when it becomes one during the run', async () => {
    using tree = new Tree({ a: script(1000), 'b.gz': script(1000) });
    const report = await compress(tree.path, {
      onEvent: ({ type }) => {
        if (type !== 'planned') return;
        execFileSync('ln', ['-sf', 'b.gz', tree.join('a')]);
        execFileSync('mv', [tree.join('b.gz'), tree.join('a.gz')]);
        execFileSync('ln', ['-sf', 'a.gz', tree.join('a')]);
      },
    });
    assert.deepEqual(
      report.failures.map(({ code, contentCoding }) => [code, contentCoding]),
      [['ESAMEFILE', 'gzip']],
    );
    assert.equal(tree.snapshot()['a.gz'], script(1000));
  });
});

describe('a sidecar with other names', { skip: ON_WINDOWS }, () => {
  it('is written anew instead of mended, and its other names stay as they are', async () => {
    using tree = new Tree({ 'a.js': script(5000) });
    await compress(tree.path);
    linkSync(tree.join('a.js.gz'), tree.join('backup'));
    const before = lstatSync(tree.join('backup'));
    chmodSync(tree.join('a.js'), 0o600);
    const report = await compress(tree.path);
    assert.deepEqual(
      report.sources[0]?.variants.map(({ status }) => status),
      ['written', 'unchanged'],
    );
    const after = lstatSync(tree.join('backup'));
    assert.deepEqual([after.mode, after.mtimeMs], [before.mode, before.mtimeMs]);
    assert.equal(statSync(tree.join('a.js.gz')).mode & 0o777, 0o600);
  });

  it('can be a hard link to its source, which is not touched', async () => {
    using tree = new Tree({ a: script(5000) });
    linkSync(tree.join('a'), tree.join('a.gz'));
    await compress(tree.path);
    assertTree(tree, ['a', 'a.br', 'a.gz']);
    assert.equal(tree.snapshot()['a'], script(5000));
  });

  it('that is such a link costs no valid sidecar beside it its place', async () => {
    const foreign = brotliCompressSync(script(5000));
    using tree = new Tree({ a: script(5000), 'a.br': foreign });
    linkSync(tree.join('a'), tree.join('a.gz'));
    await compress(tree.path, { keepValid: true, brotliQuality: 1 });
    assertTree(tree, ['a', 'a.br', 'a.gz']);
    assert.ok(tree.bytes('a.br').equals(foreign));
  });
});

describe('what is neither file nor link at the name of a sidecar', { skip: ON_WINDOWS }, () => {
  it('is never replaced or removed, nor is a link to a folder', async () => {
    using tree = new Tree({
      a: script(3000),
      b: script(3000),
      'b.gz': { link: 'folder' },
      c: '',
      'c.gz': { link: 'folder' },
      'folder/d': 'd',
    });
    execFileSync('mkfifo', [tree.join('a.gz')]);
    const before = tree.snapshot();
    const report = await compress(tree.path, { brotli: false });
    assert.deepEqual(
      report.failures.map(({ code, relativePath }) => [code, relativePath]),
      [
        ['EEXIST', 'a'],
        ['EISDIR', 'b'],
      ],
    );
    assert.deepEqual(tree.snapshot(), before);
  });
});

describe('a root with a link on the way', { skip: ON_WINDOWS }, () => {
  it('is what the system takes it for, behind `..` too', async () => {
    using tree = new Tree({
      'public/wrong.js': script(3000),
      'releases/public/right.js': script(3000),
      'releases/42/x': 'x',
      current: { link: 'releases/42' },
    });
    await compress(`${tree.path}/current/../public`);
    await compressFiles([`${tree.path}/current/../public/right.js`]);
    const right = 'releases/public/right.js';
    const others = ['current', 'public/wrong.js', 'releases/42/x'];
    assertTree(tree, [...others, right, `${right}.br`, `${right}.gz`]);
  });
});

describe('a temporary file that cannot be removed', { skip: ON_WINDOWS }, () => {
  it('fails its variants alone', async (context) => {
    using tree = new Tree({ 'closed/a.js': script(5000), 'ok.js': script(4000) });
    // Files can be created in such a folder, but neither renamed nor removed.
    if (spawnSync('chattr', ['+a', tree.join('closed')]).status !== 0) {
      context.skip('needs root, and a file system that knows append-only folders');
      return;
    }
    try {
      const report = await compress(tree.path, { threads: 1 });
      assert.deepEqual(
        report.failures.map(({ code, operation }) => [code, operation]),
        [
          ['EPERM', 'rename'],
          ['EPERM', 'rename'],
        ],
      );
    } finally {
      execFileSync('chattr', ['-a', tree.join('closed')]);
    }
    assert.equal((await compress(tree.path)).totals.leftoversRemoved, 0);
    const leftovers = tree.list().filter((path) => path.endsWith('.tmp'));
    assert.equal(leftovers.length, 2);
  });
});

describe(
  'a sidecar that is edited in place while its source is encoded',
  { skip: ON_WINDOWS },
  () => {
    it('is written anew', async () => {
      using tree = new Tree({ 'a.js': script(1_500_000) });
      await compress(tree.path);
      const report = await compress(tree.path, {
        onEvent: ({ type }) => {
          if (type !== 'source-started') return;
          setTimeout(() => {
            const fd = openSync(tree.join('a.js.gz'), 'r+');
            writeSync(fd, 'XXXXXXXX', 1000);
            closeSync(fd);
          }, 500);
        },
      });
      assert.deepEqual(report.failures, []);
      assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
    });
  },
);

describe('a full disk', { skip: ON_WINDOWS }, () => {
  it('fails variants with the remedy, leaves what was there, and no half of a file', async (context) => {
    using tree = new Tree();
    mkdirSync(tree.join('disk'));
    using disk = mountSmall(tree.join('disk'), 400);
    if (disk === undefined) {
      context.skip('only root may mount a file system');
      return;
    }
    const source = randomBytes(100_000).toString('hex');
    tree.add({ 'disk/a.txt': source, 'disk/a.txt.gz': 'old', 'disk/fill': randomBytes(190_000) });
    const report = await compress(tree.path, { exclude: ['disk/fill'] });
    assert.deepEqual(
      report.failures.map(({ code, operation, path }) => [code, operation, path]),
      ['gz', 'br'].map((suffix) => ['ENOSPC', 'write', tree.join(`disk/a.txt.${suffix}`)]),
    );
    assert.match(
      report.failures[0]?.message ?? '',
      /no space left.*; its old content may be stale$/,
    );
    assert.deepEqual(tree.list(), ['disk/a.txt', 'disk/a.txt.gz', 'disk/fill']);
    assert.equal(tree.snapshot()['disk/a.txt'], source);
    assert.equal(tree.snapshot()['disk/a.txt.gz'], 'old');
  });
});

describe('limits and surroundings of the process', { skip: ON_WINDOWS }, () => {
  /** Runs the command behind some words of shell, and gives its status and what it said. */
  function inShell(folder: string, shell: string): [number | null, string] {
    const words = ['-c', shell, 'sh', process.execPath, COMMAND, '--no-cache'];
    const { status, stderr } = spawnSync('bash', words, { cwd: folder, encoding: 'utf8' });
    return [status, stderr];
  }

  it(
    'starts no more threads than there are open files for',
    { skip: !existsSync('/proc/self/limits') && 'the limit cannot be told here' },
    () => {
      using tree = new Tree();
      for (let index = 0; index < 70; index += 1)
        tree.add({ [`${index}.js`]: script(66_000, index) });
      const sources = tree.list();
      const ended = inShell(tree.path, 'ulimit -n 64; "$1" "$2" . -q -t 64 --brotli-quality 1');
      assert.deepEqual(ended, [0, '']);
      const all = sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`]);
      assertTree(tree, all.sort());
    },
  );

  it('says that the current directory is gone', () => {
    using tree = new Tree();
    mkdirSync(tree.join('gone'));
    const [status, stderr] = inShell(tree.path, 'cd gone; rmdir ../gone; "$1" "$2" .');
    assert.deepEqual([status, stderr.split('\n').length], [2, 2]);
    assert.match(stderr, /^wn-compress: the current directory is gone/);
    assert.throws(() => {
      rmdirSync(tree.join('gone'));
    });
  });

  it('fails a sidecar that a limit on file sizes does not allow', () => {
    using tree = new Tree({ 'a.txt': randomBytes(100_000).toString('hex') });
    const [status, stderr] = inShell(tree.path, 'trap "" XFSZ; ulimit -f 16; "$1" "$2" .');
    assert.equal(status, 1);
    assert.match(stderr, /a\.txt\.gz: larger than the file system or `ulimit -f` allows/);
    assert.deepEqual(tree.list(), ['a.txt']);
  });

  it('escapes what a terminal would obey, in JSON too, and means the same', () => {
    const name = 'a\u009b31m\u202e\u007f.js';
    using tree = new Tree({ [name]: 'x' });
    const { stdout } = spawnSync(process.execPath, [COMMAND, '.', '--json', '--no-cache'], {
      cwd: tree.path,
      encoding: 'utf8',
    });
    assert.doesNotMatch(stdout, /[^\n\u0020-\u007e]/);
    const { sources } = JSON.parse(stdout) as { sources: { relativePath: string }[] };
    assert.deepEqual(
      sources.map(({ relativePath }) => relativePath),
      [name],
    );
  });
});

describe('a source from before 1970', { skip: ON_WINDOWS }, () => {
  it('has sidecars of that time, which stay as they are', async () => {
    using tree = new Tree({ 'a.js': script(1000) });
    execFileSync('touch', ['-d', '1965-05-05T01:02:03.4', tree.join('a.js')]);
    await compress(tree.path);
    const source = statSync(tree.join('a.js'), { bigint: true });
    const sidecar = statSync(tree.join('a.js.gz'), { bigint: true });
    const ageNs = sidecar.mtimeNs - source.mtimeNs;
    assert.ok(ageNs >= 0n && ageNs < 1_000_000n, `${ageNs} ns`);
    await compress(tree.path);
    assert.equal(statSync(tree.join('a.js.gz'), { bigint: true }).ctimeNs, sidecar.ctimeNs);
  });
});

describe('callers without types', () => {
  it('are told what was expected', async () => {
    using tree = new Tree({ 'a.js': 'x' });
    const calls: readonly (() => Promise<unknown>)[] = [
      () => compress(42 as never),
      () => compress('a\0b'),
      () => compress(tree.path, null as never),
      () => compress(tree.path, { threads: Object.create(null) as never }),
      () => compressFiles(tree.path as never),
      () => compressFiles([undefined as never]),
      () => compress(tree.path, { include: ['{a,b}'.repeat(25)] }),
    ];
    for (const call of calls) {
      await assert.rejects(call, (error: unknown) => error instanceof UsageError, String(call));
    }
    writeFileSync(tree.join('a.js'), 'y');
    assertTree(tree, ['a.js']);
  });
});
