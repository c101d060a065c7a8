// Shows by the system calls of whole runs what they touch: they write, rename, delete and change nothing
// outside of root and the cache, start no program, open no connection and run nothing from the tree.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { wnCompress } from '../cli/command.js';
import { ANY_NAMES } from '../support/capability.js';
import { assertSidecar, script } from '../support/sidecars.js';
import { Tree, type Entry } from '../support/tree.js';

/** All that changes something, or starts or reaches something else. Not every machine has all of these. */
const NAMES =
  'execve,execveat,fork,vfork,socket,connect,open,openat,openat2,creat,rename,renameat,renameat2,unlink,' +
  'unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,mknod,mknodat,chmod,fchmod,fchmodat,chown,' +
  'lchown,fchown,fchownat,truncate,ftruncate,utime,utimes,utimensat,setxattr,fsetxattr,mount,chroot,ptrace';
const CALLS = NAMES.replaceAll(/\w+/g, '?$&');

const traced = spawnSync('strace', ['-f', '-e', `trace=${CALLS}`, 'true'], { encoding: 'utf8' });
const NO_STRACE =
  (traced.error !== undefined || traced.status !== 0) &&
  'needs a strace that knows these calls, and the right to trace';

/** What would leave a mark if it were run, evaluated or read as a configuration. */
const TRAP =
  "require('node:fs').writeFileSync('owned', ''); module.exports = {}; throw new Error('run');\n";
const BAIT: Readonly<Record<string, Entry>> = {
  'package.json':
    '{"name":"x","type":"commonjs","scripts":{"prepare":"touch owned"},"yargs":{"prune":"all"},"bin":"index.js"}',
  '.npmrc': 'ignore-scripts=false\nscript-shell=/bin/sh\n',
  '.env': 'NODE_OPTIONS=--require ./index.js\nWN_COMPRESS_CACHE_DIR=owned\n',
  'node.config.json': '{"nodeOptions":{"import":["./index.js"]}}',
  'index.js': TRAP,
  'wn-compress.config.js': TRAP,
  'wn-compress.config.cjs': TRAP,
  '.wn-compressrc': '{"prune":"all"}',
  'node_modules/yargs/index.js': TRAP,
  'node_modules/piscina/index.js': TRAP,
  'node_modules/fast-glob/index.js': TRAP,
  'node_modules/ora/index.js': TRAP,
  'node_modules/wn-compress/index.js': TRAP,
  'node_modules/.bin/node': '#!/bin/sh\ntouch owned\n',
  'node_modules/.hooks/install': '#!/bin/sh\ntouch owned\n',
  '$(touch owned).js': script(500),
  '`touch owned`.js': script(500),
  '; touch owned #.js': script(500),
  '| touch owned': script(500),
  '&& touch owned &.html': '<script>alert(1)</script>'.repeat(20),
  "'; touch owned; '.css": script(500),
  '%{touch owned}.svg':
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><svg>&y;</svg>'.repeat(5),
};

/** A tree with something of everything, and what its links lead to. */
function mixedTree(): Tree {
  return new Tree({
    'site/a.js': script(30_000),
    'site/big.js': script(100_000, 7),
    'site/twin.js': script(30_000),
    'site/x/b.css': script(3000, 2),
    'site/x/b.css.gz': 'stale',
    'site/x/b.css.br': { link: '../../outside/precious' },
    'site/c.png.gz': 'stale',
    'site/c.png': 'of an excluded extension',
    'site/lost.gz': 'an orphan',
    'site/.wn-compress-00000000-1-1-0000000000000000.tmp': 'of another machine',
    'site/linked.js': { link: '../outside/o.js' },
    'site/linked': { link: '../outside/folder' },
    'site/up': { link: '..' },
    'site/none.js.gz': { link: '../outside/created' },
    'site/none.js': script(400, 3),
    'outside/precious': 'precious',
    'outside/o.js': script(900, 4),
    'outside/folder/p.js': script(900, 5),
    'outside/folder/q.png.gz': 'someone else’s',
  });
}

interface Traced {
  /** Paths that a call would change. */
  readonly changed: readonly string[];
  /** Programs that were started, and connections. */
  readonly started: readonly string[];
}

/** Reads what strace wrote with `-xx -y`: every text in hexadecimal, so that no name can forge a line. */
function readTrace(text: string, cwd: string): Traced {
  const changed: string[] = [];
  const started: string[] = [];
  for (const line of text.split('\n')) {
    const [, call = '', words = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    if (call === '') continue;
    const texts = [...words.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => decode(hex));
    if (/^(exec|v?fork|connect|ptrace|mount|chroot)/.test(call))
      started.push(`${call} ${texts[0]}`);
    else if (call === 'socket') {
      if (!words.startsWith('AF_UNIX')) started.push(`${call} ${words}`);
    } else if (call.startsWith('open') && !/O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(words))
      continue;
    else if (texts.length > 0) changed.push(...texts.map((path) => resolve(cwd, path)));
    else {
      // On a file that is open.
      const [, hex = ''] = /^\d+<((?:\\x[0-9a-f]{2})+|[^>]*)>/.exec(words) ?? [];
      changed.push(hex.startsWith('\\x') ? decode(hex) : hex);
    }
  }
  return { changed, started };
}

function decode(hex = ''): string {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex').toString();
}

describe('a run', { skip: ANY_NAMES || NO_STRACE }, () => {
  for (const follow of [false, true]) {
    it(
      `changes nothing outside of root and the cache ${follow ? 'but linked folders, with --follow' : ''}`.trim(),
      async () => {
        using tree = mixedTree();
        using cache = new Tree();
        using notes = new Tree();
        tree.add(
          Object.fromEntries(Object.entries(BAIT).map(([path, entry]) => [`site/${path}`, entry])),
        );
        const cwd = tree.join('site');
        const page = notes.join('report.html');
        const allowed = [cwd, cache.path, '/dev/null', page, ...(follow ? [tree.path] : [])];
        const isOfPage = (path: string): boolean =>
          path.startsWith(notes.join('.wn-compress-report-'));
        const log = notes.join('log');
        const under = [
          'strace',
          '-f',
          '-qq',
          '-xx',
          '-y',
          '-s',
          '8192',
          '-o',
          log,
          '-e',
          `trace=${CALLS}`,
        ];
        // The working directory is the tree, whose configuration would be one of ours.
        const options = ['--json', '--no-config', '--brotli-quality=5'];
        const words = ['.', ...options, ...(follow ? ['--follow'] : [])];
        const changedInAll: string[] = [];
        const forms = follow
          ? [['--prune=all']]
          : [[], ['--prune=all', '--keep-valid', '--report', page], ['--check']];
        const outside = outsideOf(tree);
        for (const form of forms) {
          const { stdout } = await wnCompress([...words, ...form], {
            cwd,
            under,
            cacheDir: cache.path,
          });
          assert.ok(stdout.startsWith('{'), stdout);
          const { changed, started } = readTrace(readFileSync(log, 'utf8'), cwd);
          assert.deepEqual(started, [`execve ${process.execPath}`]);
          const beyond = changed.filter(
            (path) =>
              !allowed.some((folder) => path === folder || path.startsWith(`${folder}/`)) &&
              !isOfPage(path),
          );
          assert.deepEqual(beyond, [], form.join(' '));
          if (form.includes('--check'))
            assert.deepEqual(
              changed.filter((path) => path.startsWith(cwd)),
              [],
            );
          changedInAll.push(...changed);
        }
        // The trace did see what the runs did.
        for (const path of ['site/a.js.gz', 'site/big.js.br', 'site/x/b.css.br']) {
          assert.ok(changedInAll.includes(tree.join(path)), path);
          assertSidecar(tree, path);
        }
        assert.ok(changedInAll.some((path) => path.startsWith(cache.path)));
        assert.equal(changedInAll.includes(page), !follow);
        if (!follow) assert.deepEqual(outsideOf(tree), outside);
        else assertSidecar(tree, 'outside/folder/p.js.gz');
        assert.equal(tree.snapshot()['outside/precious'], 'precious');
        assert.ok(!tree.list().some((path) => /(^|\/)owned$|outside\/created/.test(path)));
      },
    );
  }
});

function outsideOf(tree: Tree): [string, string][] {
  return Object.entries(tree.snapshot()).filter(([path]) => path.startsWith('outside/'));
}

describe('a tree with programs, packages and configurations in it', { skip: ANY_NAMES }, () => {
  it('is data: nothing of it is run, evaluated or obeyed', async () => {
    using tree = new Tree(BAIT);
    // A configuration is looked for from here upwards, and never in what is compressed.
    using elsewhere = new Tree();
    const env = {
      HOME: tree.path,
      PATH: `${tree.join('node_modules/.bin')}:${process.env['PATH']}`,
    };
    for (const words of [
      [tree.path, '--verbose'],
      [tree.path, '--check'],
      ['cache', 'stats'],
      ['--version'],
      ['--typo'],
    ]) {
      const { signal, stdout, stderr } = await wnCompress(words, {
        cwd: elsewhere.path,
        env,
        cacheDir: elsewhere.join('c'),
      });
      assert.equal(signal, null);
      assert.doesNotMatch(stdout + stderr, /Error: run|^ {4}at /m);
    }
    assert.ok(!tree.list().some((path) => basename(path) === 'owned'));
    assertSidecar(tree, '$(touch owned).js.gz');
    // Had it been obeyed, the orphans of `prune` would be gone, and the cache elsewhere.
    assert.equal(tree.snapshot()['package.json'], BAIT['package.json']);
  });
});
