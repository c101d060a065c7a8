// Shows the command on files that are named one by one, as hooks name them: which are compressed, how lists
// are read, and what is staged in a real git repository.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { CheckReport, Report } from '../../src/index.js';
import { assertTree, script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { COMMAND, wnCompress } from './command.js';

const NO_GIT = spawnSync('git', ['--version']).status !== 0 && 'git is not installed';
const ON_WINDOWS = process.platform === 'win32' && 'names and modes as POSIX has them';

const CONFIG = 'wn-compress.config.json';

function withSidecars(...sources: readonly string[]): string[] {
  return sources.flatMap((source) => [source, `${source}.br`, `${source}.gz`]);
}

/** What the command makes of a list on stdin. */
function fromStdin(cwd: string, list: string | Buffer, ...words: readonly string[]) {
  return spawnSync(
    process.execPath,
    [COMMAND, '--files-from', '-', '--no-cache', '--json', ...words],
    { cwd, encoding: 'utf8', input: list },
  );
}

describe('--files', () => {
  it('compresses just the files that are named, under the rules', async () => {
    using tree = new Tree({
      'a.js': script(2000),
      'sub/b.css': script(2000, 2),
      'c.png': script(2000, 3),
      'd.js': script(2000, 4),
      'unnamed.js': script(2000),
    });
    const words = ['--files', 'a.js', './sub/b.css', 'c.png', 'd.js', 'a.js', '--exclude=d.js'];
    const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Compressed 2 files \(3\.9 KiB\)\n/);
    assert.match(stdout, /2 files: 1 excluded extension, 1 matched by --exclude/);
    const paths = [...withSidecars('a.js', 'sub/b.css'), 'c.png', 'd.js', 'unnamed.js'];
    assertTree(tree, paths);
  });

  it('leaves the first word a root when it is turned off', async () => {
    for (const off of ['--no-files', '--files=false']) {
      using tree = new Tree({ 'site/a.js': script(2000) });
      const { code, stderr } = await wnCompress(['--files', off, 'site'], { cwd: tree.path });
      assert.deepEqual([code, stderr], [0, '']);
      assertTree(tree, withSidecars('site/a.js'));
    }
  });

  it('takes thousands of names', async () => {
    using tree = new Tree();
    const names = Array.from({ length: 3000 }, (_, index) => `file-${index}.txt`);
    tree.add(Object.fromEntries(names.map((name) => [name, 'x'.repeat(100)])));
    const { code } = await wnCompress(['--brotli-quality=1', '-q', '--files', ...names], {
      cwd: tree.path,
    });
    assert.equal(code, 0);
    assertTree(tree, withSidecars(...names));
  });

  it('with a root in the configuration, passes over what lies outside of it', async () => {
    using tree = new Tree({
      [CONFIG]: '{ "root": "public", "exclude": ["maps/**"] }',
      'public/a.js': script(2000),
      'public/maps/b.js': script(2000),
      'src/c.js': script(2000),
    });
    const names = ['../public/a.js', '../public/maps/b.js', 'c.js'];
    const words = ['--json', '--files', ...names];
    const { code, stdout } = await wnCompress(words, { cwd: tree.join('src') });
    assert.equal(code, 0);
    const { root, sources, skipped } = JSON.parse(stdout) as Report;
    assert.deepEqual(
      [root, sources.map(({ relativePath }) => relativePath)],
      ['../public', ['a.js']],
    );
    assert.deepEqual(skipped, [
      { relativePath: 'c.js', reason: 'outside-root' },
      { relativePath: 'maps/b.js', reason: 'excluded' },
    ]);
    const paths = [...withSidecars('public/a.js'), 'public/maps/b.js', 'src/c.js', CONFIG];
    assertTree(tree, paths);
  });

  it('checks them, and the sources of sidecars that are named', async () => {
    using tree = new Tree({ 'a.js': script(2000), 'b.js': script(2000), 'c.js': script(2000) });
    await wnCompress(['.', '-q'], { cwd: tree.path });
    tree.add({ 'a.js': script(1000), 'b.js': script(1000), 'c.js': script(1000) });
    const words = ['--check', '--json', '--files', 'a.js', 'b.js.gz'];
    const { code, stdout } = await wnCompress(words, { cwd: tree.path });
    assert.equal(code, 1);
    const { root, findings } = JSON.parse(stdout) as CheckReport;
    assert.equal(root, null);
    assert.deepEqual(
      findings.map(({ relativePath, problem }) => `${problem} ${relativePath}`),
      ['stale a.js.br', 'stale a.js.gz', 'stale b.js.br', 'stale b.js.gz'],
    );
  });

  it('of none, and of what is not there', async () => {
    using tree = new Tree({ 'a.js': script(2000) });
    const none = await wnCompress(['--files'], { cwd: tree.path });
    assert.deepEqual([none.code, none.stdout], [0, 'Nothing to compress: no files were named\n']);
    const missing = await wnCompress(['--files', 'a.js', 'gone.js'], { cwd: tree.path });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /gone\.js: no such file; check the path/);
    assertTree(tree, withSidecars('a.js'));
  });
});

describe('--files-from', () => {
  it('reads names from stdin, a line each, or between NULs', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({
      'a\nb.js': script(2000),
      ' c .js': script(2000),
      '-d.js': script(2000),
    });
    const lines = fromStdin(tree.path, ' c .js\n\n-d.js\n');
    assert.equal(lines.status, 0, lines.stderr);
    const paths = [...withSidecars(' c .js', '-d.js'), 'a\nb.js'];
    assertTree(tree, paths);
    const nulls = fromStdin(tree.path, 'a\nb.js\0', '-0');
    assert.equal(nulls.status, 0, nulls.stderr);
    assertTree(tree, withSidecars(' c .js', '-d.js', 'a\nb.js'));
  });

  it('reads a file, and adds to what is named', async () => {
    using tree = new Tree({ 'a.js': script(2000), 'b.js': script(2000), list: 'a.js\r\n' });
    const words = ['--files', 'b.js', '--files-from=list', '-q'];
    assert.equal((await wnCompress(words, { cwd: tree.path })).code, 0);
    assertTree(tree, [...withSidecars('a.js', 'b.js'), 'list']);
  });

  it('of nothing is nothing to do', () => {
    using tree = new Tree();
    const { status, stdout } = fromStdin(tree.path, '');
    assert.equal(status, 0);
    assert.deepEqual((JSON.parse(stdout) as Report).sources, []);
  });

  it('says what is wrong with it', async () => {
    using tree = new Tree({ 'a.js': script(2000), list: 'a.js\0' });
    const rows: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['--files-from', 'nope'],
        /--files-from: cannot read nope \(ENOENT\); give a file that can be read, or - for stdin/,
      ],
      [['--files-from', '.'], /--files-from: cannot read \. \(EISDIR\)/],
      [['--files-from'], /--files-from: expected a file, or - for stdin, got nothing/],
      [['--files-from=list'], /divided by NULs; add -0/],
      [['a.js', '--files-from=list'], /"a\.js" stands beside --files-from; add --files/],
      [['--check', '--git-add', '--files', 'a.js'], /--check writes nothing, and --git-add/],
    ];
    for (const [words, message] of rows) {
      const { code, stderr } = await wnCompress(words, { cwd: tree.path });
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});

describe('--git-add', { skip: NO_GIT }, () => {
  function git(tree: Tree, ...words: readonly string[]): string {
    return execFileSync('git', words, { cwd: tree.path, encoding: 'utf8' });
  }

  function repository(tree: Tree): void {
    git(tree, 'init', '--quiet');
    git(tree, 'config', 'user.email', 'a@example.org');
    git(tree, 'config', 'user.name', 'A');
  }

  /** Paths in the index, and not their quoted forms. */
  function staged(tree: Tree): string[] {
    return git(tree, 'ls-files', '-z').split('\0').filter(Boolean).sort();
  }

  it(
    'stages what a run left, whatever it is called, and nothing else',
    { skip: ON_WINDOWS },
    async () => {
      using tree = new Tree({
        'public/*.js': script(2000),
        'public/a\nb.js': script(2000),
        'public/other.js': script(2000),
        'public/tiny.js': 'x',
      });
      repository(tree);
      mkdirSync(tree.join('sub'));
      const names = ['../public/*.js', '../public/a\nb.js', '../public/tiny.js'];
      const run = () =>
        wnCompress(['-q', '--git-add', '--files', ...names], { cwd: tree.join('sub') });
      const { code, stderr } = await run();
      assert.deepEqual([code, stderr], [0, '']);
      const sidecars = ['public/*.js', 'public/a\nb.js'].flatMap((path) => [
        `${path}.br`,
        `${path}.gz`,
      ]);
      assert.deepEqual(staged(tree), sidecars.sort());
      // Those that were right already are staged as well: an earlier run may have made them.
      git(tree, 'rm', '-r', '--cached', '--quiet', '.');
      await run();
      assert.deepEqual(staged(tree), sidecars);
    },
  );

  it('unstages what it removed', async () => {
    using tree = new Tree({ 'public/a.js': script(2000) });
    repository(tree);
    await wnCompress(['public', '-q', '--git-add'], { cwd: tree.path });
    git(tree, 'add', '.');
    git(tree, 'commit', '--quiet', '-m', 'all');
    assert.deepEqual(staged(tree), withSidecars('public/a.js').sort());
    writeFileSync(tree.join('public/a.js'), 'x');
    await wnCompress(['public', '-q', '--git-add'], { cwd: tree.path });
    assert.deepEqual(staged(tree), ['public/a.js']);
  });

  it('works in the hook of a commit', { skip: ON_WINDOWS }, () => {
    using tree = new Tree({ 'public/a.js': script(2000), 'public/b.js': script(2000) });
    repository(tree);
    const hook = `#!/bin/sh\n"${process.execPath}" "${COMMAND}" --no-cache -q --git-add --files public/a.js\n`;
    tree.add({ '.git/hooks/pre-commit': hook });
    execFileSync('chmod', ['+x', tree.join('.git/hooks/pre-commit')]);
    git(tree, 'add', 'public/a.js');
    git(tree, 'commit', '--quiet', '-m', 'one');
    const listed = () => git(tree, 'ls-tree', '-r', '--name-only', 'HEAD').trim().split('\n');
    assert.deepEqual(listed(), ['public/a.js', 'public/a.js.br', 'public/a.js.gz']);
    assert.equal(git(tree, 'status', '--short'), '?? public/b.js\n');
  });

  it('says what git refuses', async () => {
    using tree = new Tree({ 'a.js': script(2000), '.gitignore': '*.gz\n' });
    repository(tree);
    const ignored = await wnCompress(['--git-add', '-q', '--files', 'a.js'], { cwd: tree.path });
    assert.equal(ignored.code, 1);
    assert.match(
      ignored.stderr,
      /^wn-compress: --git-add: .*ignored by .*\.gitignore.*: a\.js\.gz\n$/,
    );
    using elsewhere = new Tree({ 'a.js': script(2000) });
    const env = { GIT_CEILING_DIRECTORIES: elsewhere.path };
    const none = await wnCompress(['--git-add', '-q', '.'], { cwd: elsewhere.path, env });
    assert.equal(none.code, 1);
    assert.match(none.stderr, /^wn-compress: --git-add: .*not a git repository/);
    assertTree(elsewhere, withSidecars('a.js'));
    const missing = await wnCompress(['--git-add', '-q', '.'], {
      cwd: elsewhere.path,
      env: { PATH: elsewhere.path },
    });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /git could not be started; install it, or drop --git-add/);
  });
});
