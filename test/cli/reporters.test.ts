// Shows what each reporter says of the same run, and that no name in a tree becomes a command or markup where
// GitHub Actions reads what is said.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runMarkdown } from '../../src/cli/github-summary.js';
import { ANY_NAMES } from '../support/capability.js';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { type Ended, wnCompress } from './command.js';
import { REPORT } from './example.js';

/** What was said, without the times that differ from run to run. */
function timeless({ stdout, stderr, code }: Ended) {
  const text = stdout
    .replace(/"(durationMs|savedMs)": [\d.]+/g, '"$1": 0')
    .replace(/[\d.]+ (ms|s) on \d threads?, [\d.]+ \w+\/s/, 'TIME');
  return { stdout: text.split('\n').sort().join('\n'), stderr, code };
}

/** A tree in which one source can be written and one has a folder in place of its sidecar. */
function disturbed(name = 'bad.css'): Tree {
  const tree = new Tree({ 'site/app.js': script(2000), [`site/${name}`]: script(2000) });
  mkdirSync(`${tree.path}/site/${name}.gz`);
  return tree;
}

describe('--reporter', () => {
  for (const name of ['verbose', 'quiet', 'json']) {
    it(`${name} is what --${name} is short for`, async () => {
      using tree = disturbed();
      const run = (...words: string[]) =>
        wnCompress(['site', '--dry-run', '-t2', ...words], { cwd: tree.path });
      const long = timeless(await run('--reporter', name));
      assert.deepEqual(long, timeless(await run(`--${name}`)));
      assert.equal(long.code, 1);
      assert.match(long.stderr, /^wn-compress: site\/bad\.css\.gz: /m);
      assert.equal(long.stdout === '', name === 'quiet');
    });
  }

  it('says which names there are', async () => {
    const { code, stderr } = await wnCompress(['--reporter', 'tap', '.']);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'wn-compress: --reporter: expected one of default, verbose, quiet, json, github, got "tap"\n',
    );
  });

  it('contradicts another one only where one of them would not be heard', async () => {
    const { code, stderr } = await wnCompress(['--reporter=github', '-q', '.']);
    assert.equal(code, 2);
    assert.equal(stderr, 'wn-compress: --reporter github and -q contradict; drop one\n');
  });

  it('may be settled by a configuration, and the command line outdoes that', async () => {
    using tree = new Tree({
      'site/app.js': script(2000),
      'wn-compress.config.json': '{"root": "site", "reporter": "quiet"}',
    });
    assert.equal((await wnCompress([], { cwd: tree.path })).stdout, '');
    assert.match(
      (await wnCompress(['-v'], { cwd: tree.path })).stdout,
      /^unchanged .*app\.js\.gz/m,
    );
    const { stdout } = await wnCompress(['--print-config'], {
      cwd: tree.path,
      env: { WN_COMPRESS_REPORTER: 'verbose' },
    });
    assert.match(stdout, /^reporter +WN_COMPRESS_REPORTER +"verbose"$/m);
  });
});

describe('under GitHub Actions', () => {
  const actions = (tree: Tree) => ({
    cwd: tree.path,
    env: {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: tree.path,
      GITHUB_STEP_SUMMARY: `${tree.path}/summary.md`,
    },
  });
  const markdown = (tree: Tree) => readFileSync(`${tree.path}/summary.md`, 'utf8');

  it('failures are annotations of their files, and the job has a summary', async () => {
    using tree = disturbed();
    const { code, stdout, stderr } = await wnCompress(['site'], actions(tree));
    assert.equal(code, 1);
    assert.equal(stderr, '');
    assert.match(stdout, /^Compressed 2 files/m);
    assert.match(
      stdout,
      /^::error file=site\/bad\.css\.gz,title=wn-compress::site\/bad\.css\.gz: a directory stands/m,
    );
    const text = markdown(tree);
    assert.match(text, /^### Compressed 2 files/);
    assert.match(text, /^\| gzip \| 1 \| .* KiB \| \d+ B \| [\d.]+% \|$/m);
    assert.match(text, /^#### 1 failed\n\n\| file \| why \|\n\| :-- \| :-- \|\n\| <code>bad/m);
  });

  it('the findings of a check are annotations, and a second step adds to the summary', async () => {
    using tree = new Tree({ 'site/app.js': script(2000), 'site/old.js.gz': 'x' });
    await wnCompress(['site', '--no-brotli'], actions(tree));
    const { code, stdout } = await wnCompress(['site', '--check'], actions(tree));
    assert.equal(code, 1);
    assert.deepEqual(stdout.match(/^::error .*?::/gm), [
      '::error file=site/app.js.br,title=wn-compress%3A missing::',
      '::error file=site/old.js.gz,title=wn-compress%3A orphaned::',
    ]);
    assert.match(markdown(tree), /^### Compressed 1 file[^]*\n### Checked 1 file/);
  });

  it('no name is a command or markup', { skip: ANY_NAMES }, async () => {
    const name = '::add-mask::a%0A,b|c`*_[x](y)<b>##[error]@u www.x.org.css';
    using tree = disturbed(name);
    const { stdout } = await wnCompress(['site', '--prune'], actions(tree));
    const [, pause, token = ''] = /^(::stop-commands::([-\w]+))\n/.exec(stdout) ?? [];
    assert.ok(pause);
    const commands = stdout.split(`\n::${token}::\n`)[1] ?? '';
    assert.match(commands, /^::error file=site\/%3A%3Aadd-mask%3A%3Aa%250A%2Cb\|[^\n]*\n$/);
    for (const [, cell = ''] of markdown(tree).matchAll(/<code>(.*?)<\/code>/g)) {
      assert.match(cell.replaceAll(/&#\d+;/g, ''), /^[\w /,-]*$/);
    }
    assert.ok(markdown(tree).includes('<code>&#58;&#58;add-mask'));
  });

  it('the summary is never larger than what is shown of one', () => {
    const relativePath = `${'[\u2028'.repeat(120)}/`.repeat(16);
    const message = `${'*'.repeat(4000)} stands there`;
    const failure = { relativePath, message, path: '', contentCoding: null } as const;
    const failures = Array.from({ length: 200 }, () => ({
      ...failure,
      code: 'EISDIR',
      operation: 'write' as const,
    }));
    const text = runMarkdown({ ...REPORT, failures });
    assert.ok(Buffer.byteLength(text) < 2 ** 20, String(Buffer.byteLength(text)));
    assert.match(text, /^#### 200 failed$/m);
    assert.match(text, /^… and 19\d more$/m);
  });

  it('what keeps a run from starting is an annotation as well', async () => {
    using tree = new Tree({});
    const { code, stderr } = await wnCompress(['sit'], actions(tree));
    assert.equal(code, 2);
    assert.equal(
      stderr,
      '::error title=wn-compress::sit: no such file or directory; check the path\n',
    );
  });

  it('what fails behind the report is an annotation as well', async () => {
    using tree = new Tree({ 'site/app.js': script(2000) });
    const { cwd, env } = actions(tree);
    const place = { cwd, env: { ...env, GIT_CEILING_DIRECTORIES: tree.path } };
    const { code, stderr } = await wnCompress(['site', '--git-add'], place);
    assert.equal(code, 1);
    assert.match(stderr, /^::error title=wn-compress::--git-add: .*not a git repository[^\n]*\n$/);
  });

  it('a summary that cannot be written is a warning', async () => {
    using tree = new Tree({ 'site/app.js': script(2000) });
    const { cwd, env } = actions(tree);
    const place = { cwd, env: { ...env, GITHUB_STEP_SUMMARY: `${tree.path}/none/summary.md` } };
    const { code, stdout } = await wnCompress(['site'], place);
    assert.equal(code, 0);
    assert.match(stdout, /^::warning title=wn-compress::the summary of the job could not be /m);
  });

  it('another reporter that is asked for is the one that is heard', async () => {
    using tree = new Tree({ 'site/app.js': script(2000) });
    const { stdout } = await wnCompress(['site', '-q'], actions(tree));
    assert.equal(stdout, '');
    assert.equal((await wnCompress(['site', '--reporter=default'], actions(tree))).stdout[0], 'C');
  });
});
