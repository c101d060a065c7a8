// Shows what a scan finds in real trees: sources, skips, failures, and temporary files, by their names, types
// and links. Globs and extensions as such are shown in select.test.ts; nothing is compressed here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { relative, sep } from 'node:path';
import { describe, it } from 'node:test';
import { AbortError, RootError } from '../src/errors.js';
import { scanFiles, scanRoot, type Scan, type ScanOptions } from '../src/scan.js';
import { createSelector } from '../src/select.js';
import { temporaryName, temporaryPrefix } from '../src/temporary-file.js';
import { NO_LINKS, NORMALISES } from './support/capability.js';
import { FOLDER, Tree } from './support/tree.js';

const ALL: ScanOptions = { follow: false, skip: () => undefined };
const FOLLOW: ScanOptions = { ...ALL, follow: true };

const ON_WINDOWS = platform() === 'win32' ? 'not on Windows' : false;
/** Only Linux takes any bytes for a name. */
const ANY_BYTES = platform() === 'linux' ? false : 'this system takes UTF-8 names only';
const AS_ROOT = process.getuid?.() === 0 ? 'root may list and read everything' : ON_WINDOWS;

function selecting(rules: Partial<Parameters<typeof createSelector>[0]>): ScanOptions {
  const all = { skipExtensions: [], include: [], exclude: [], ...rules };
  return { follow: false, skip: createSelector(all) };
}

/** How an absolute path is called in reports and from within the tree: with `/`, on Windows too. */
function slashed(path: string): string {
  return path.replaceAll(sep, '/');
}

/** A scan with everything that differs from tree to tree taken out of it. */
function summary(scan: Scan, tree: Tree) {
  return {
    sources: Object.fromEntries(scan.sources.map((file) => [file.relativePath, file.size])),
    skipped: Object.fromEntries(scan.skipped.map((skip) => [skip.relativePath, skip.reason])),
    failures: Object.fromEntries(
      scan.failures.map(({ relativePath, failure }) => [
        relativePath,
        `${failure.code} ${failure.operation} ${slashed(relative(tree.path, failure.path))}`,
      ]),
    ),
    temporaryFiles: scan.temporaryFiles.map((path) => slashed(relative(tree.path, path))),
  };
}

const NOTHING = { sources: {}, skipped: {}, failures: {}, temporaryFiles: [] };

/** A scan that found nothing at all. */
const EMPTY: Scan = {
  sources: [],
  skipped: [],
  failures: [],
  leftOut: [],
  possibleOrphans: [],
  temporaryFiles: [],
};

/** A path with bytes that are not UTF-8. */
function rawPath(tree: Tree, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${tree.path}/`), Buffer.from(name, 'latin1')]);
}

describe('a scan of a directory', () => {
  it('finds every regular file, dotfiles and empty ones too, sorted by path', async () => {
    using tree = new Tree({
      'b.js': 'four',
      'a/z.js': '1',
      'a.js': '',
      '.well-known/.x': '12',
      empty: FOLDER,
    });
    const file = (relativePath: string, size: number) => ({
      path: tree.join(relativePath),
      relativePath,
      size,
      sidecars: [],
    });
    assert.deepEqual(await scanRoot(tree.path, ALL), {
      ...EMPTY,
      sources: [file('.well-known/.x', 2), file('a.js', 0), file('a/z.js', 1), file('b.js', 4)],
      folder: tree.path,
    });
  });

  it('takes names that hold anything the file system allows', { skip: ON_WINDOWS }, async () => {
    const names = [
      'a b ', ' lead', 'a\nb', 'a\r\u2028\u2029', '"q"', "it's", '-rf', '[x]', '{a,b}', '*', '**',
      '?', '!x', '(a|b)', '@(a)', 'a\\b', '\\', '.\\a', '...', '..a', '~', '$HOME', '%41', '#',
      'é', ...(NORMALISES === false ? ['e\u0301'] : []), '😀', '\u{FFFD}', '\u0001', 'x'.repeat(255), '漢'.repeat(85), '0', '1', '2',
    ]; // prettier-ignore
    const entries = names.flatMap((name) => [`${name}/${name}`, `files/${name}`]);
    using tree = new Tree(Object.fromEntries(entries.map((path) => [path, 'content'])));
    for (const options of [ALL, FOLLOW]) {
      const { sources, ...rest } = await scanRoot(tree.path, options);
      assert.deepEqual(
        sources.map(({ relativePath }) => relativePath),
        entries.toSorted(),
      );
      assert.ok(sources.every(({ path }) => statSync(path).size === 7));
      assert.deepEqual({ sources: [], ...rest }, { ...EMPTY, folder: tree.path });
    }
  });

  it(
    'may have a root with any name, linked, relative, or with a slash behind it',
    { skip: NO_LINKS },
    async () => {
      // Windows takes no asterisk for a name.
      const name = ON_WINDOWS === false ? '[a] (b)!{c}*' : '[a] (b)!{c}';
      using tree = new Tree({ [`${name}/x.js`]: '1', link: { link: name } });
      const roots = [
        tree.join(name),
        tree.join('link'),
        `${tree.join('link')}/`,
        relative('', tree.join('link')),
      ];
      for (const root of roots) {
        const scan = await scanRoot(root, ALL);
        assert.deepEqual(summary(scan, tree), { ...NOTHING, sources: { 'x.js': 1 } });
      }
    },
  );

  it(
    'asks for the sidecar first, then the rules of names, then the type',
    { skip: NO_LINKS },
    async () => {
      const temporary = temporaryName(temporaryPrefix(process.pid));
      using tree = new Tree({
        'app.js': '1',
        'app.js.gz': '1',
        'app.js.br': '1',
        'app.js.gz.zst': '1',
        'app.js.map.gz': '1',
        'docs/index.html': '1',
        'docs.br': { link: 'nowhere' },
        'lone.br': '1',
        'lost.png': { link: 'nowhere' },
        'photo.png': '1',
        'map/a.js': '1',
        'a.css': '1',
        [temporary]: '1',
        [`docs/${temporary}`]: '1',
      });
      const rules = {
        skipExtensions: ['png', 'gz'],
        exclude: ['map'],
        include: ['**/*.{js,html,br}'],
      };
      assert.deepEqual(summary(await scanRoot(tree.path, selecting(rules)), tree), {
        sources: { 'app.js': 1, 'docs/index.html': 1, 'lone.br': 1 },
        skipped: {
          'a.css': 'not-included',
          'app.js.br': 'sidecar',
          'app.js.gz': 'sidecar',
          'app.js.gz.zst': 'sidecar',
          'app.js.map.gz': 'excluded-extension',
          'docs.br': 'sidecar',
          'lost.png': 'excluded-extension',
          'map/a.js': 'excluded',
          'photo.png': 'excluded-extension',
        },
        failures: {},
        temporaryFiles: [temporary, `docs/${temporary}`],
      });
    },
  );

  it(
    'tells which sources have a file with the name of a sidecar beside them',
    { skip: NO_LINKS },
    async () => {
      using tree = new Tree({
        'none.js': '',
        'gz.js': '',
        'gz.js.gz': '',
        'zst.js': '',
        'zst.js.zst': { link: 'nowhere' },
        'folder.js': '',
        'folder.js.br/x.js': '',
        'x/gz.js': '',
      });
      const { sources } = await scanRoot(tree.path, ALL);
      assert.deepEqual(
        Object.fromEntries(sources.map(({ relativePath, sidecars }) => [relativePath, sidecars])),
        {
          'folder.js': [],
          'folder.js.br/x.js': [],
          'gz.js': ['gzip'],
          'none.js': [],
          'x/gz.js': [],
          'zst.js': ['zstd'],
        },
      );
    },
  );

  it(
    'takes linked files with the size of their targets, and no linked directories',
    { skip: NO_LINKS },
    async () => {
      using tree = new Tree({
        'root/file.js': '12345',
        'root/link.js': { link: 'file.js' },
        'root/outside.js': { link: '../outside/o.js' },
        'root/twice.js': { link: 'link.js' },
        'root/folder': { link: '../outside' },
        'root/broken.js': { link: 'nowhere' },
        'root/through.js': { link: 'file.js/x' },
        'root/loop-a': { link: 'loop-b' },
        'root/loop-b': { link: 'loop-a' },
        'outside/o.js': '123',
      });
      const scan = await scanRoot(tree.join('root'), ALL);
      assert.deepEqual(summary(scan, tree), {
        ...NOTHING,
        sources: { 'file.js': 5, 'link.js': 5, 'outside.js': 3, 'twice.js': 5 },
        skipped: {
          'broken.js': 'broken-link',
          folder: 'linked-directory',
          'loop-a': 'broken-link',
          'loop-b': 'broken-link',
          'through.js': 'broken-link',
        },
      });
      assert.equal(scan.sources[1]?.path, tree.join('root/link.js'));
    },
  );

  it(
    'skips fifos, sockets and devices, and links to them, and opens none',
    { skip: ON_WINDOWS },
    async () => {
      using tree = new Tree({
        'a.js': '1',
        'to-fifo': { link: 'fifo' },
        'to-null': { link: '/dev/null' },
      });
      execFileSync('mkfifo', [tree.join('fifo'), tree.join('fifo.png')]);
      const server = createServer().listen(tree.join('socket'));
      try {
        await new Promise((resolve) => server.once('listening', resolve));
        const scan = await scanRoot(tree.path, selecting({ skipExtensions: ['png'] }));
        assert.deepEqual(summary(scan, tree), {
          ...NOTHING,
          sources: { 'a.js': 1 },
          skipped: {
            fifo: 'not-a-file',
            'fifo.png': 'excluded-extension',
            socket: 'not-a-file',
            'to-fifo': 'not-a-file',
            'to-null': 'not-a-file',
          },
        });
      } finally {
        server.close();
      }
    },
  );

  it(
    'takes no temporary name for ours that is a link or a folder',
    { skip: NO_LINKS },
    async () => {
      const prefix = temporaryPrefix(process.pid);
      const [linkName, folderName] = [temporaryName(prefix), temporaryName(prefix)];
      using tree = new Tree({
        'a.js': '1',
        [linkName]: { link: 'a.js' },
        [`${folderName}/b.js`]: '2',
      });
      assert.deepEqual(summary(await scanRoot(tree.path, ALL), tree), {
        ...NOTHING,
        sources: { 'a.js': 1, [linkName]: 1, [`${folderName}/b.js`]: 1 },
      });
    },
  );
});

describe('a scan that follows links', { skip: NO_LINKS }, () => {
  it('visits each real directory once, real paths before linked ones', async () => {
    using tree = new Tree({
      'root/z/real.js': '1',
      'root/a-link': { link: 'z' },
      'root/out-1': { link: '../outside' },
      'root/out-2': { link: '../outside' },
      'outside/o.js': '12',
      'outside/deep/d.js': '123',
      'outside/more': { link: '../more' },
      'more/m.js': '1234',
    });
    assert.deepEqual(summary(await scanRoot(tree.join('root'), FOLLOW), tree), {
      ...NOTHING,
      sources: { 'out-1/deep/d.js': 3, 'out-1/more/m.js': 4, 'out-1/o.js': 2, 'z/real.js': 1 },
      skipped: { 'a-link': 'linked-directory', 'out-2': 'linked-directory' },
    });
  });

  it('ends in loops, and at links to an ancestor of root', async () => {
    using tree = new Tree({
      'up/root/a.js': '1',
      'up/root/self': { link: '.' },
      'up/root/x/parent': { link: '..' },
      'up/root/up': { link: '../..' },
      'up/sibling/s.js': '12',
    });
    const scan = await scanRoot(tree.join('up/root'), FOLLOW);
    assert.deepEqual(summary(scan, tree), {
      ...NOTHING,
      sources: { 'a.js': 1, 'up/up/sibling/s.js': 2 },
      skipped: {
        self: 'linked-directory',
        'up/up/root': 'linked-directory',
        'x/parent': 'linked-directory',
      },
    });
  });

  it('does not ask the rules of names about the links, only about what is in them', async () => {
    using tree = new Tree({
      'root/lib': { link: '../lib' },
      'lib/a.js': '1',
      'lib/b.css': '1',
      'root/lib.br': { link: '../lib-2' },
      'lib-2/c.js': '1',
    });
    const options = { ...selecting({ include: ['**/*.js'] }), follow: true };
    assert.deepEqual(summary(await scanRoot(tree.join('root'), options), tree), {
      ...NOTHING,
      sources: { 'lib.br/c.js': 1, 'lib/a.js': 1 },
      skipped: { 'lib/b.css': 'not-included' },
    });
  });
});

describe('a name that is not valid utf-8', { skip: ANY_BYTES }, () => {
  it('is a failure by its escaped name, and none to its neighbours', async () => {
    using tree = new Tree({ 'a.js': '1', 'café.js': '1', '\u{FFFD}.js': '1' });
    writeFileSync(rawPath(tree, 'caf\xe9.js'), 'x');
    writeFileSync(rawPath(tree, 'caf\xe9.js.gz'), 'x');
    writeFileSync(rawPath(tree, 'caf\xe9.png'), 'x');
    writeFileSync(rawPath(tree, '\xc3\xa9\xff\xe2\x82.js'), 'x');
    mkdirSync(rawPath(tree, 'd\xe9'));
    writeFileSync(rawPath(tree, 'd\xe9/inside.js'), 'x');
    mkdirSync(rawPath(tree, 'map\xe9'));
    const rules = { skipExtensions: ['png'], exclude: ['map*/'], include: ['**/*.js'] };
    assert.deepEqual(summary(await scanRoot(tree.path, selecting(rules)), tree), {
      sources: { 'a.js': 1, 'café.js': 1, '\u{FFFD}.js': 1 },
      skipped: { 'caf\\xe9.js.gz': 'sidecar', 'caf\\xe9.png': 'excluded-extension' },
      failures: {
        'caf\\xe9.js': 'EENCODING list caf\\xe9.js',
        'd\\xe9': 'EENCODING list d\\xe9',
        'é\\xff\\xe2\\x82.js': 'EENCODING list é\\xff\\xe2\\x82.js',
      },
      temporaryFiles: [],
    });
  });
});

describe('what the system refuses', () => {
  it(
    'a folder that cannot be listed is one failure, and the rest goes on',
    { skip: AS_ROOT },
    async () => {
      using tree = new Tree({
        'a.js': '1',
        'closed/b.js': '1',
        'closed/c.js': '1',
        'open/d.js': '1',
      });
      chmodSync(tree.join('closed'), 0);
      try {
        const expected = { ...NOTHING, sources: { 'a.js': 1, 'open/d.js': 1 } };
        const failures = { closed: 'EACCES list closed' };
        for (const rules of [{}, { exclude: ['closed/*.css'] }, { include: ['**/*.js'] }]) {
          const scan = await scanRoot(tree.path, selecting(rules));
          assert.deepEqual(summary(scan, tree), { ...expected, failures });
        }
        for (const exclude of [['closed'], ['closed/'], ['**/closed/**'], ['CLOSED/**']]) {
          const scan = await scanRoot(tree.path, selecting({ exclude }));
          assert.deepEqual(summary(scan, tree), expected);
        }
      } finally {
        chmodSync(tree.join('closed'), 0o700);
      }
    },
  );

  it(
    'a folder that may be listed but not entered fails each of its files',
    { skip: AS_ROOT },
    async () => {
      using tree = new Tree({ 'listed/b.js': '1', 'listed/c.png': '1' });
      chmodSync(tree.join('listed'), 0o400);
      try {
        const scan = await scanRoot(tree.path, selecting({ skipExtensions: ['png'] }));
        assert.deepEqual(summary(scan, tree), {
          ...NOTHING,
          skipped: { 'listed/c.png': 'excluded-extension' },
          failures: { 'listed/b.js': 'EACCES stat listed/b.js' },
        });
      } finally {
        chmodSync(tree.join('listed'), 0o700);
      }
    },
  );

  it('a file that vanishes between listing and stat is a failure', async () => {
    using tree = new Tree({ 'a.js': '1', 'b.js': '1' });
    const skip = () => {
      // The rules of names are asked after the listing and before the stat.
      rmSync(tree.join('b.js'), { force: true });
      return undefined;
    };
    assert.deepEqual(summary(await scanRoot(tree.path, { follow: false, skip }), tree), {
      ...NOTHING,
      sources: { 'a.js': 1 },
      failures: { 'b.js': 'ENOENT stat b.js' },
    });
  });

  it('a root that cannot be listed is a root error', { skip: AS_ROOT }, async () => {
    using tree = new Tree({ 'root/a.js': '1' });
    chmodSync(tree.join('root'), 0);
    try {
      await assertRootError(tree.join('root'), 'EACCES', /permission denied; make it readable/);
    } finally {
      chmodSync(tree.join('root'), 0o700);
    }
  });

  it(
    'a root that is missing or no file is a root error that says what to do',
    { skip: NO_LINKS },
    async () => {
      using tree = new Tree({ 'a.js': '1', broken: { link: 'nowhere' }, loop: { link: 'loop' } });
      await assertRootError(tree.join('missing'), 'ENOENT', /no such file or directory; check/);
      await assertRootError(tree.join('broken'), 'ENOENT', /no such file or directory; check/);
      await assertRootError('', 'ENOENT', /^'': no such file or directory; check/);
      if (ON_WINDOWS !== false) return;
      await assertRootError(tree.join('loop'), 'ELOOP', /too many links/);
      await assertRootError(`${tree.join('a.js')}/x`, 'ENOTDIR', /not a directory; check/);
      await assertRootError('/dev/null', 'ENOTSUP', /neither a directory nor a regular file; give/);
    },
  );
});

async function assertRootError(root: string, code: string, message: RegExp): Promise<void> {
  await assert.rejects(scanRoot(root, ALL), (error) => {
    assert.ok(error instanceof RootError);
    assert.deepEqual([error.code, error.path], [code, root]);
    assert.match(error.message, message);
    return true;
  });
}

describe('a scan of one file', () => {
  it(
    'finds that file, under its bare name, and the temporary files beside it',
    { skip: NO_LINKS },
    async () => {
      const temporary = temporaryName(temporaryPrefix(process.pid));
      using tree = new Tree({
        'x/app.js': '12',
        'x/app.js.gz': '1',
        'x/other.js': '1',
        'x/link.js': { link: 'app.js' },
        [`x/${temporary}`]: '1',
      });
      const source = {
        path: tree.join('x/app.js'),
        relativePath: 'app.js',
        size: 2,
        sidecars: ['gzip'],
      };
      const temporaryFiles = [tree.join(`x/${temporary}`)];
      const empty = { ...EMPTY, temporaryFiles, folder: undefined };
      assert.deepEqual(await scanRoot(source.path, ALL), { ...empty, sources: [source] });
      assert.deepEqual(await scanRoot(tree.join('x/link.js'), ALL), {
        ...empty,
        sources: [
          { ...source, path: tree.join('x/link.js'), relativePath: 'link.js', sidecars: [] },
        ],
      });
      assert.deepEqual(await scanRoot(`${source.path}.gz`, ALL), {
        ...empty,
        skipped: [{ relativePath: 'app.js.gz', reason: 'sidecar' }],
      });
    },
  );
});

describe('a scan of a list of files', () => {
  it(
    'settles each once, and fails what is missing or a directory',
    { skip: NO_LINKS },
    async () => {
      using tree = new Tree({
        'a.js': '12',
        'a.js.br': '1',
        'x/b.js': '1',
        'c.png': '1',
        'link.js': { link: 'a.js' },
        'broken.js': { link: 'nowhere' },
        'to-folder': { link: 'x' },
        'unasked.js': '1',
      });
      const asked = ['a.js', './a.js', 'x/../a.js', 'a.js.br', 'x/b.js', 'c.png', 'link.js'];
      const bad = ['broken.js', 'to-folder', 'x', 'missing.js', 'none/missing.js', 'a.js/x'];
      const paths = [...asked, ...bad].map((path) => `${tree.path}/${path}`);
      const options = { ...selecting({ skipExtensions: ['png'] }), follow: true };
      const scan = await scanFiles(paths, options);
      const at = (path: string) => slashed(tree.join(path));
      assert.deepEqual(summary(scan, tree), {
        sources: { [at('a.js')]: 2, [at('link.js')]: 2, [at('x/b.js')]: 1 },
        skipped: {
          [at('a.js.br')]: 'sidecar',
          [at('broken.js')]: 'broken-link',
          [at('c.png')]: 'excluded-extension',
        },
        failures: {
          [at('a.js/x')]: `${ON_WINDOWS === false ? 'ENOTDIR' : 'ENOENT'} stat a.js/x`,
          [at('missing.js')]: 'ENOENT stat missing.js',
          [at('none/missing.js')]: 'ENOENT stat none/missing.js',
          [at('to-folder')]: 'EISDIR stat to-folder',
          [at('x')]: 'EISDIR stat x',
        },
        temporaryFiles: [],
      });
      assert.deepEqual(scan.failures.map(({ failure }) => failure.message.split(';')[0]).slice(1), [
        'no such file',
        'no such file',
        'it is a directory',
        'it is a directory',
      ]);
    },
  );

  it('calls files below the current folder by their relative path, others as given', async () => {
    using outside = new Tree({ 'map/a.js': '1', 'b.js': '1' });
    using current = new Tree({ 'in/x/c.js': '1' });
    const before = process.cwd();
    process.chdir(current.path);
    try {
      const given = relative('', outside.join('b.js'));
      const paths = [given, outside.join('map/a.js'), current.join('in/x/c.js')];
      const scan = await scanFiles(paths, selecting({ include: ['**/*.js'], exclude: ['**/map'] }));
      assert.deepEqual(
        scan.sources.map(({ path, relativePath }) => [path, relativePath]),
        [
          [outside.join('b.js'), slashed(given)],
          [current.join('in/x/c.js'), 'in/x/c.js'],
        ],
      );
      assert.deepEqual(scan.skipped, [
        { relativePath: slashed(outside.join('map/a.js')), reason: 'excluded' },
      ]);
    } finally {
      process.chdir(before);
    }
  });

  it('works in a folder that may be entered but not listed', { skip: AS_ROOT }, async () => {
    using tree = new Tree({ 'x/a.js': '12', 'x/a.js.gz': '1', 'x/b.js': '1' });
    chmodSync(tree.join('x'), 0o300);
    try {
      const paths = ['x/a.js', 'x/a.js.gz', 'x/b.js'].map((path) => tree.join(path));
      const scan = await scanFiles(paths, ALL);
      assert.deepEqual(
        [scan.sources.map(({ sidecars }) => sidecars), scan.skipped, scan.failures],
        [
          [['gzip'], []],
          [{ relativePath: slashed(tree.join('x/a.js.gz')), reason: 'sidecar' }],
          [],
        ],
      );
    } finally {
      chmodSync(tree.join('x'), 0o700);
    }
  });

  it('of none finds nothing', async () => {
    assert.deepEqual(await scanFiles([], ALL), { ...EMPTY, folder: undefined });
  });
});

describe('an aborted scan', () => {
  it('rejects with the reason, whether aborted before or meanwhile', async () => {
    using tree = new Tree({ 'a/b/c/d.js': '1' });
    const reason = new Error('enough');
    const isAbort = (error: unknown) => error instanceof AbortError && error.cause === reason;
    const signal = AbortSignal.abort(reason);
    await assert.rejects(scanRoot(tree.path, { ...ALL, signal }), isAbort);
    await assert.rejects(scanFiles([tree.join('a/b/c/d.js')], { ...ALL, signal }), isAbort);
    const controller = new AbortController();
    const running = scanRoot(tree.path, { ...ALL, signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(running, isAbort);
  });

  it('ends in the middle of a folder, because it lets the event loop turn', async () => {
    using tree = new Tree(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, ''])));
    const controller = new AbortController();
    let asked = 0;
    const skip = () => {
      if (asked === 0)
        setTimeout(() => {
          controller.abort();
        }, 1);
      asked += 1;
      const endMs = performance.now() + 5;
      while (performance.now() < endMs);
      return undefined;
    };
    const running = scanRoot(tree.path, { follow: false, skip, signal: controller.signal });
    await assert.rejects(running, AbortError);
    assert.ok(asked < 50, `${asked} files were asked for`);
  });
});

describe('what a scan leaves out', () => {
  /** Names → the content-codings of their sidecars. */
  const leftOutOf = async (tree: Tree, options: ScanOptions) =>
    Object.fromEntries(
      (await scanRoot(tree.path, options)).leftOut.map((file) => {
        assert.equal(file.path, tree.join(file.relativePath));
        return [file.relativePath, `${file.size} ${file.sidecars.join(' ')}`];
      }),
    );

  it('is remembered when it has sidecars: servers send these all the same', async () => {
    using tree = new Tree({
      'a.png': '12345',
      'a.png.gz': '',
      'a.png.zst': '',
      'map/b.js': '12',
      'map/b.js.br': '',
      'c.css': '123',
      'c.css.gz': '',
      'alone.png': '',
      'folder.png': '',
      'folder.png.gz/x': '',
      'in.js': '',
      'in.js.gz': '',
    });
    const rules = { skipExtensions: ['png'], exclude: ['map/b.js'], include: ['**/*.{js,png}'] };
    assert.deepEqual(await leftOutOf(tree, selecting(rules)), {
      'a.png': '5 gzip zstd',
      'c.css': '3 gzip',
      'map/b.js': '2 br',
    });
    assert.deepEqual(await leftOutOf(tree, ALL), {});
  });

  it('is forgotten with those of its sidecars that are excluded themselves', async () => {
    using tree = new Tree({
      'map/a.js': '1',
      'map/a.js.gz': '',
      'map/a.js.br': '',
      'b.js': '12',
      'b.js.gz': '',
      'b.js.br': '',
    });
    const exclude = ['map', 'b.js', '**/*.br'];
    for (const skipExtensions of [[], ['gz', 'br']]) {
      const options = selecting({ exclude, skipExtensions });
      assert.deepEqual(await leftOutOf(tree, options), { 'b.js': '2 gzip' });
    }
  });

  it('is a file, or a link to one that is no sidecar', { skip: NO_LINKS }, async () => {
    using tree = new Tree({
      'a.png': '123',
      'a.png.gz': '',
      'link.png': { link: 'a.png' },
      'link.png.br': '',
      'broken.png': { link: 'nowhere' },
      'broken.png.br': '',
      'folder.png.br': '',
      'folder.png/x.js': '',
      'to-folder.png': { link: 'folder.png' },
      'to-folder.png.gz': '',
      'to-own.png': { link: 'to-own.png.gz' },
      'to-own.png.gz': '1',
    });
    const found = await leftOutOf(tree, selecting({ skipExtensions: ['png'] }));
    assert.deepEqual(found, { 'a.png': '3 gzip', 'link.png': '3 br' });
  });

  it('is found in a list of files as well', async () => {
    using tree = new Tree({ 'a.png': '1', 'a.png.gz': '', 'b.js': '', 'c.js.gz': '' });
    const paths = ['a.png', 'b.js', 'c.js.gz'].map((name) => tree.join(name));
    const scan = await scanFiles(paths, selecting({ skipExtensions: ['png', 'gz'] }));
    assert.deepEqual(
      [scan.leftOut, scan.possibleOrphans].map((list) => list.map(({ path }) => path)),
      [[tree.join('a.png')], [tree.join('c.js.gz')]],
    );
  });
});

describe('a possible orphan', () => {
  const orphansOf = async (tree: Tree, options: ScanOptions) =>
    Object.fromEntries(
      (await scanRoot(tree.path, options)).possibleOrphans.map((orphan) => {
        assert.equal(orphan.path, tree.join(orphan.relativePath));
        return [orphan.relativePath, `${orphan.contentCoding}${orphan.isSource ? ' source' : ''}`];
      }),
    );

  it('is a file named like a sidecar, with nothing of the name of a source beside it', async () => {
    using tree = new Tree({
      'a.js.gz': '',
      'b.js.br': '',
      'x/c.css.zst': '',
      'd.js': '',
      'd.js.gz': '',
      'folder.br': '',
      'folder/x.js': '',
      'twice.js.gz.br': '',
      '.gz': '',
      'upper.GZ': '',
      'dir.gz/x.js': '',
    });
    assert.deepEqual(await orphansOf(tree, selecting({ skipExtensions: ['gz', 'zst'] })), {
      'a.js.gz': 'gzip',
      'b.js.br': 'br source',
      'twice.js.gz.br': 'br source',
      'x/c.css.zst': 'zstd',
    });
  });

  it('is none that a glob excludes, by its own name or by that of its source', async () => {
    using tree = new Tree({
      'downloads/data.csv.gz': '',
      'downloads/photo.png.gz': '',
      'a.js.gz': '',
      'b.js.gz': '',
      'c.css.gz': '',
      'd.png.gz': '',
    });
    const rows: readonly (readonly [Parameters<typeof selecting>[0], readonly string[]])[] = [
      [{ exclude: ['downloads'] }, ['a.js.gz', 'b.js.gz', 'c.css.gz', 'd.png.gz']],
      [{ exclude: ['downloads', '*.gz'] }, []],
      [{ exclude: ['downloads', 'a.js'] }, ['b.js.gz', 'c.css.gz', 'd.png.gz']],
      [{ include: ['*.js'] }, ['a.js.gz', 'b.js.gz']],
      [{ include: ['*.js.gz'] }, []],
    ];
    for (const [rules, expected] of rows) {
      const found = await orphansOf(tree, selecting({ skipExtensions: ['gz', 'png'], ...rules }));
      // An extension that is excluded is no glob: its sidecars may be of a time when it was not.
      assert.deepEqual(Object.keys(found), expected, JSON.stringify(rules));
      assert.deepEqual(
        Object.keys(await orphansOf(tree, selecting(rules))),
        expected,
        JSON.stringify(rules),
      );
    }
  });

  it('is no link, and nothing special', { skip: NO_LINKS || ON_WINDOWS }, async () => {
    using tree = new Tree({ target: '', 'a.js.gz': { link: 'target' } });
    execFileSync('mkfifo', [tree.join('b.js.gz')]);
    assert.deepEqual(await orphansOf(tree, ALL), {});
  });
});

describe('the folder of the cache', () => {
  const FILES = { 'a.js': '1', 'cache/v1/b.pack': '1', 'cache/c.js.gz': '1', 'cached/d.js': '1' };

  it('is passed over where it lies in the tree, with all that is in it', async () => {
    using tree = new Tree(FILES);
    const scan = await scanRoot(tree.path, { ...ALL, ignoredFolder: tree.join('cache') });
    const sources = { 'a.js': 1, 'cached/d.js': 1 };
    assert.deepEqual(summary(scan, tree), { ...NOTHING, sources });
    assert.deepEqual(scan.possibleOrphans, []);
  });

  it('is known by its real path', { skip: NO_LINKS }, async () => {
    using tree = new Tree({
      'root/a.js': '1',
      'root/cache/b.js': '1',
      link: { link: 'root' },
      'to-cache': { link: 'root/cache' },
    });
    for (const [root, ignored] of [
      ['link', 'root/cache'],
      ['root', 'link/cache'],
      ['root', 'to-cache'],
    ] as const) {
      const options = { ...ALL, ignoredFolder: tree.join(ignored) };
      const scan = await scanRoot(tree.join(root), options);
      assert.deepEqual(summary(scan, tree), { ...NOTHING, sources: { 'a.js': 1 } });
      assert.equal(scan.folder, tree.join('root'));
    }
  });

  it('is of no account where it is not there, or lies elsewhere', async () => {
    using tree = new Tree({ ...FILES, 'cached/deep/cache/e.js': '1' });
    for (const ignored of ['missing', 'cached/../../elsewhere']) {
      const scan = await scanRoot(tree.path, { ...ALL, ignoredFolder: tree.join(ignored) });
      assert.equal(scan.sources.length, 5, ignored);
    }
    const options = { ...ALL, ignoredFolder: tree.join('cache') };
    assert.equal((await scanRoot(tree.join('cached'), options)).sources.length, 2);
    const deep = { ...ALL, ignoredFolder: tree.join('cached/deep/cache') };
    assert.equal((await scanRoot(tree.path, deep)).sources.length, 4);
  });

  it('is no root, and neither is what lies in it', async () => {
    using tree = new Tree(FILES);
    for (const root of ['cache', 'cache/v1']) {
      const options = { ...ALL, ignoredFolder: tree.join('cache') };
      const scan = scanRoot(tree.join(root), options);
      await assert.rejects(scan, { name: 'RootError', code: 'ENOTSUP' }, root);
    }
  });
});
