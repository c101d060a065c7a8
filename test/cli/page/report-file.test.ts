// Tests where a report page may be, that nothing but a page of ours is ever replaced, and what the command says
// and how it ends.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, statSync, utimesSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, it } from 'node:test';
import { CommandError } from '../../../src/cli/command-error.js';
import { ReportFile } from '../../../src/cli/page/report-file.js';
import type { Target } from '../../../src/cli/parse.js';
import { NO_LINKS } from '../../support/capability.js';
import { FOLDER, Tree } from '../../support/tree.js';
import { wnCompress } from '../command.js';
import { REPORT } from '../example.js';
import { dataIn, pathsOf } from './page-text.js';

const PRLIMIT = '/usr/bin/prlimit';
const NO_LIMITS = !existsSync(PRLIMIT) && "needs util-linux's prlimit";

const SCRIPT = 'console.log("hello");\n'.repeat(50);

/** Why no page may be there; `undefined` when one may. */
function refusal(path: string, target: Target): string | undefined {
  try {
    new ReportFile(path, target);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof CommandError, String(error));
    return error.message.replace(/^--report .*?: /, '');
  }
}

describe('the place of a report page', () => {
  it('is a new file or an earlier page, outside of what is compressed', () => {
    using tree = new Tree({ 'public/app.js': SCRIPT, out: FOLDER });
    const target = { root: tree.join('public') };
    const path = tree.join('out/report.html');
    assert.equal(refusal(path, target), undefined);
    const file = new ReportFile(path, target);
    assert.deepEqual(
      tree.list(),
      ['out/', 'public/app.js'].map((name) => name.replace(/\/$/, '')),
    );
    assert.equal(file.write(REPORT), undefined);
    assert.equal(refusal(path, target), undefined);
    assert.equal(new ReportFile(path, target).write({ ...REPORT, root: 'again' }), undefined);
    assert.equal(dataIn(tree.bytes('out/report.html').toString()).root, 'again');
    assert.deepEqual(tree.list(), ['out/report.html', 'public/app.js']);
  });

  it('is no folder, no other file, nothing empty, and in no folder that is not there', () => {
    using tree = new Tree({
      'public/app.js': SCRIPT,
      'notes.html': '<!doctype html><p>mine',
      'about.md': '`<meta name="generator" content="wn-compress" />` marks a page',
      e: '',
    });
    const target = { root: tree.join('public') };
    const before = tree.snapshot();
    const cases: readonly (readonly [path: string, reason: RegExp])[] = [
      ['public', /^it is a folder; name a file in it$/],
      ['notes.html', /^there is another file, and only a report of wn-compress is replaced; /],
      ['about.md', /^there is another file/],
      ['e', /^there is another file/],
      ['new.html/', /^it is a folder; name a file in it$/],
      ['app.js.zst', /^a file that ends in \.zst is taken for compressed; name another, such as /],
      ['missing/report.html', /^its folder does not exist; make it, or name another$/],
      ['notes.html/report.html', /^a part of its path is not a folder; name another$/],
      [`${'n'.repeat(300)}.html`, /^the name is too long for the file system; shorten it$/],
    ];
    for (const [path, reason] of cases) {
      const given = tree.join(path) + (path.endsWith('/') ? '/' : '');
      assert.match(refusal(given, target) ?? '', reason, path);
    }
    assert.match(refusal('-', target) ?? '', /^a page is not written to stdout; name a file/);
    assert.match(refusal('', target) ?? '', /^--report: expected the path of a file, got ""$/);
    assert.deepEqual(tree.snapshot(), before);
  });

  it('is not in the root, by whatever name, nor one of the files that are listed', () => {
    using tree = new Tree({ 'public/sub/app.js': SCRIPT, 'other.js': SCRIPT });
    const root = tree.join('public');
    const inRoot =
      /^it is in the folder that is compressed, and would be published with it; put it elsewhere, such as .*r\.html$/;
    for (const path of ['public/r.html', 'public/sub/../r.html', 'public/sub/r.html']) {
      assert.match(refusal(tree.join(path), { root }) ?? '', inRoot);
      assert.match(refusal(tree.join(path), { root, files: [] }) ?? '', inRoot);
    }
    const file = tree.join('other.js');
    assert.match(
      refusal(relative('', `${tree.path}/public/../other.js`), {
        root: undefined,
        files: [file],
      }) ?? '',
      /^it is one of the files that are compressed; name another$/,
    );
    assert.equal(refusal(tree.join('r.html'), { root: undefined, files: [file] }), undefined);
    assert.equal(refusal(tree.join('r.html'), { root: file }), undefined);
    assert.equal(
      refusal(`${tree.path}/public/../other.js`, { root: file }),
      'it is the file that is compressed; name another',
    );
    // A name that only begins like that of the root.
    tree.add({ 'public-report': FOLDER });
    assert.equal(refusal(tree.join('public-report/r.html'), { root }), undefined);
    assert.equal(refusal(tree.join('..r.html'), { root }), undefined);
  });

  it('is never reached through a link into the root, and is no link', { skip: NO_LINKS }, () => {
    using tree = new Tree({
      'public/app.js': SCRIPT,
      'way-in': { link: 'public' },
      'link.html': { link: 'public/app.js' },
      'nowhere.html': { link: 'nothing' },
    });
    const target = { root: tree.join('public') };
    assert.match(refusal(tree.join('way-in/r.html'), target) ?? '', /would be published/);
    assert.match(refusal(tree.join('r.html'), { root: tree.path }) ?? '', /would be published/);
    for (const name of ['link.html', 'nowhere.html']) {
      assert.match(refusal(tree.join(name), target) ?? '', /^it is a link; name the file/);
    }
    assert.match(
      refusal(tree.join('public/r.html'), { root: tree.join('way-in') }) ?? '',
      /would be published/,
    );
  });

  it(
    'is no FIFO, which is not waited for',
    { skip: process.platform === 'win32' && 'no FIFOs here' },
    () => {
      using tree = new Tree({ 'public/app.js': SCRIPT });
      assert.equal(spawnSync('mkfifo', [tree.join('r.html')]).status, 0);
      const target = { root: tree.join('public') };
      assert.match(refusal(tree.join('r.html'), target) ?? '', /^it is no regular file/);
      // Where this user may not write, that is said first.
      assert.match(
        refusal('/dev/null', target) ?? '',
        /^(it is no regular file|its folder cannot)/,
      );
    },
  );

  it(
    'is in no folder that this user may not write to',
    {
      skip: (process.platform === 'win32' || process.getuid?.() === 0) && 'root may write anywhere',
    },
    () => {
      using tree = new Tree({ 'public/app.js': SCRIPT, 'closed/x': '' });
      chmodSync(tree.join('closed'), 0o555);
      const reason = refusal(tree.join('closed/r.html'), { root: tree.join('public') });
      chmodSync(tree.join('closed'), 0o755);
      assert.equal(reason, 'its folder cannot be written to; name another');
    },
  );

  it('stays as it is when something else appears there during the run', () => {
    using tree = new Tree({ 'public/app.js': SCRIPT });
    const file = new ReportFile(tree.join('r.html'), { root: tree.join('public') });
    tree.add({ 'r.html': 'mine' });
    assert.match(
      file.write(REPORT) ?? '',
      /^the report page .*r\.html was not written: there is an/,
    );
    assert.deepEqual(Object.keys(tree.snapshot()), ['public/app.js', 'r.html']);
    assert.equal(tree.bytes('r.html').toString(), 'mine');
  });
});

describe('--report', () => {
  it('writes a page behind the summary, which says where, and replaces it the next time', async () => {
    using tree = new Tree({ 'public/app.js': SCRIPT, 'public/a.png': 'no image' });
    const words = ['public', '--report', 'r.html'];
    const first = await wnCompress(words, { cwd: tree.path });
    assert.deepEqual([first.code, first.stderr], [0, '']);
    assert.match(first.stdout, /^Compressed 1 file [^]*\n\nReport: r\.html\n$/);
    const data = dataIn(tree.bytes('r.html').toString());
    assert.deepEqual(pathsOf(data), ['a.png', 'app.js']);
    // Of what was skipped the report has no size: the page looks.
    assert.deepEqual(data.files.sizes, [8, SCRIPT.length]);
    assert.equal(data.files.variants[0]?.states, 'w');
    const second = await wnCompress(['.', '--report=../r.html', '--json'], {
      cwd: tree.join('public'),
    });
    assert.deepEqual([second.code, second.stderr], [0, '']);
    assert.doesNotThrow(() => {
      JSON.parse(second.stdout);
    });
    assert.equal(dataIn(tree.bytes('r.html').toString()).files.variants[0]?.states, 'u');
    assert.deepEqual(tree.list(), [
      'public/a.png',
      'public/app.js',
      'public/app.js.br',
      'public/app.js.gz',
      'r.html',
    ]);
  });

  it('removes what runs left there that were killed long ago, and nothing else', async () => {
    const [old, recent] = ['.wn-compress-report-0a.tmp', '.wn-compress-report-0b.tmp'];
    using tree = new Tree({ 'public/app.js': SCRIPT, [old]: 'x', [recent]: 'x', 'old.tmp': 'x' });
    for (const name of [old, 'old.tmp']) utimesSync(tree.join(name), 1000, 1000);
    await wnCompress(['public', '--report=r.html', '-q'], { cwd: tree.path });
    assert.deepEqual(
      tree.list().filter((path) => !path.startsWith('public/')),
      [recent, 'old.tmp', 'r.html'],
    );
  });

  it('writes it in a dry run, of a list of files, of a shard, in silence', async () => {
    using tree = new Tree({ 'public/app.js': SCRIPT, 'public/b.js': SCRIPT });
    const run = async (...words: string[]) => {
      const { code, stdout, stderr } = await wnCompress([...words, '-q', '--report', 'r.html'], {
        cwd: tree.path,
      });
      assert.deepEqual([code, stdout, stderr], [0, '', '']);
      return dataIn(tree.bytes('r.html').toString());
    };
    assert.equal((await run('public', '--dry-run')).dryRun, true);
    assert.deepEqual(pathsOf(await run('--files', 'public/app.js', '--dry-run')), [
      'public/app.js',
    ]);
    const shard = await run('public', '--shard', '1/2', '--dry-run');
    assert.deepEqual([shard.shard, pathsOf(shard).length], ['1/2', 1]);
    assert.deepEqual(tree.list(), ['public/app.js', 'public/b.js', 'r.html']);
  });

  it(
    'is not replaced when it was compressed itself, by way of a link',
    { skip: NO_LINKS },
    async () => {
      using tree = new Tree({
        'public/app.js': SCRIPT,
        'public/report.html': { link: '../r.html' },
        'public/out': { link: '../out' },
        out: FOLDER,
      });
      const cases: readonly (readonly [page: string, words: string[], source: string])[] = [
        ['r.html', ['public'], 'report.html'],
        ['out/r.html', ['public', '--follow'], 'out/r.html'],
        ['r.html', ['--files', 'public/report.html'], 'public/report.html'],
      ];
      for (const [page, words, source] of cases) {
        new ReportFile(tree.join(page), { root: tree.join('public') }).write(REPORT);
        const { code, stderr } = await wnCompress([...words, '--report', page], { cwd: tree.path });
        const why = `it was compressed, as ${source}; name another`;
        assert.deepEqual(
          [code, stderr],
          [1, `wn-compress: the report page ${page} was not written: ${why}\n`],
        );
        const { code: checked, stdout } = await wnCompress([...words, '--check'], {
          cwd: tree.path,
        });
        assert.doesNotMatch(stdout, /^stale/m, String(checked));
      }
    },
  );

  it(
    'keeps the permissions of the page that it replaces',
    { skip: process.platform === 'win32' && 'no permission bits here' },
    async () => {
      using tree = new Tree({ 'public/app.js': SCRIPT });
      const run = () => wnCompress(['public', '--report', 'r.html'], { cwd: tree.path });
      assert.equal((await run()).code, 0);
      chmodSync(tree.join('r.html'), 0o600);
      assert.equal((await run()).code, 0);
      assert.equal(statSync(tree.join('r.html')).mode & 0o777, 0o600);
    },
  );

  it('is written when some files failed, and exits with 1', async () => {
    using tree = new Tree({ 'public/app.js': SCRIPT, 'public/app.js.gz/in-the-way': '' });
    const { code } = await wnCompress(['public', '--report', 'r.html'], { cwd: tree.path });
    assert.equal(code, 1);
    const { failures, files } = dataIn(tree.bytes('r.html').toString());
    assert.deepEqual([failures.length, failures[0]?.path], [1, 'app.js']);
    assert.equal(files.variants[0]?.states, 'f');
  });

  it('refuses before the run, with 2 and nothing written', async () => {
    using tree = new Tree({ 'public/app.js': SCRIPT, 'mine.html': 'mine' });
    const before = tree.snapshot();
    const cases: readonly (readonly [words: string[], says: RegExp])[] = [
      [['public', '--report', 'mine.html'], /--report mine\.html: there is another file, /],
      [['public', '--report', 'public/r.html'], /published with it; put it elsewhere, such as r\./],
      [['.', '--report', 'r.html'], /published with it; put it elsewhere, such as \.\.\/r\.html$/m],
      [['public', '--report'], /--report: expected the path of a file, got nothing/],
      [['public', '--check', '--report', 'r.html'], /--check compresses nothing; drop one/],
      [['public', '--print-config', '--report=r.html'], /--print-config compresses nothing; drop/],
    ];
    for (const [words, says] of cases) {
      const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path });
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, says);
      assert.match(stderr, /^wn-compress: [^\n]*\n$/);
    }
    const cached = { cwd: tree.path, cacheDir: tree.join('cache') };
    const { code, stderr } = await wnCompress(['cache', 'stats', '--report=r.html'], cached);
    assert.equal(code, 2);
    assert.match(stderr, /^wn-compress: cache stats: --report is not for this command; drop it\n$/);
    assert.deepEqual(tree.snapshot(), before);
  });

  it(
    'says when it could not be written, shows the run all the same, and exits with 1',
    { skip: NO_LIMITS },
    async () => {
      using tree = new Tree({ 'public/app.js': SCRIPT });
      // Files of more than 10 kB cannot be written: the sidecars can, the page cannot.
      const words = ['public', '--report', 'r.html'];
      const under = [PRLIMIT, '--fsize=10240'];
      const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path, under });
      assert.equal(code, 1, stderr);
      assert.match(stdout, /^Compressed 1 file /);
      assert.doesNotMatch(stdout, /Report:/);
      assert.match(stderr, /^wn-compress: the report page r\.html was not written: \S/);
      assert.deepEqual(tree.list(), ['public/app.js', 'public/app.js.br', 'public/app.js.gz']);
    },
  );
});
