// Shows that a file, a folder and a root may be called anything, and that all that is said of them names
// just them. What a terminal gets to see of such names is renderings.test.ts.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSidecar, type CheckReport, type Report } from '../../src/index.js';
import { createSelector } from '../../src/select.js';
import { wnCompress } from '../cli/command.js';
import { ANY_NAMES, FOLDS_CASE, NORMALISES } from '../support/capability.js';
import { assertTree, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';
import { anyName, HOSTILE_NAMES, NO_TEXT_NAMES, SYNTAX_NAMES, TERMINAL_NAMES } from './names.js';

const CODE = script(400);

function withSidecars(paths: readonly string[]): string[] {
  return paths.flatMap((path) => [path, `${path}.br`, `${path}.gz`]);
}

function namesIn(report: Pick<Report, 'sources'>): string[] {
  return report.sources.map(({ relativePath }) => relativePath);
}

describe('a hostile name', { skip: ANY_NAMES }, () => {
  const paths = HOSTILE_NAMES.flatMap((name) => [`files/${name}`, `${name}d/${name}`]).sort();
  const entries = Object.fromEntries(paths.map((path) => [path, CODE]));

  it('may be that of any file and folder: all are compressed, and JSON gives the names back', async () => {
    using tree = new Tree(entries);
    using cache = new Tree();
    const place = { cwd: tree.path, cacheDir: cache.path };
    for (const status of ['written', 'unchanged']) {
      const run = await wnCompress(
        ['.', '--json', '--skip-extensions=', '--brotli-quality=4'],
        place,
      );
      assert.deepEqual([run.code, run.stderr], [0, '']);
      const report = JSON.parse(run.stdout) as Report;
      assert.deepEqual(namesIn(report), paths);
      const statuses = report.sources.flatMap(({ variants }) => variants.map((one) => one.status));
      assert.deepEqual(new Set(statuses), new Set([status]));
      assertTree(tree, withSidecars(paths));
    }
    const check = await wnCompress(
      ['.', '--check', '--json', '--skip-extensions=', '--brotli-quality=4'],
      place,
    );
    assert.deepEqual((JSON.parse(check.stdout) as CheckReport).findings, []);
    for (const path of paths) rmSync(tree.join(path));
    const pruning = await wnCompress(
      ['.', '--prune', '--json', '--skip-extensions=', '--brotli-quality=4'],
      place,
    );
    const { orphans } = JSON.parse(pruning.stdout) as Report;
    const sidecars = withSidecars(paths).filter((path) => !paths.includes(path));
    assert.deepEqual(
      orphans.filter(({ isOurs, removed }) => isOurs && removed).map((one) => one.relativePath),
      sidecars.sort(),
    );
    assert.ok(tree.list().every((path) => readdirSync(tree.join(path)).length === 0));
  });

  it('may be that of the root, on the command line behind -- too', async () => {
    const names = [
      ...TERMINAL_NAMES.slice(0, 12),
      ...SYNTAX_NAMES.slice(0, 14),
      '__proto__',
      '; touch x',
    ];
    using tree = new Tree(Object.fromEntries(names.map((name) => [`${name}/a.js`, CODE])));
    for (const [index, name] of names.entries()) {
      if (index % 7 !== 0) await compress(tree.join(name));
      else {
        const { code, stdout } = await wnCompress(['--json', '--', name], { cwd: tree.path });
        assert.equal(code, 0, name);
        assert.equal((JSON.parse(stdout) as Report).root, name);
      }
    }
    assertTree(tree, withSidecars(names.map((name) => `${name}/a.js`)));
  });

  it('is matched by itself as a glob, and excludes nothing that it does not match', () => {
    for (const name of HOSTILE_NAMES) {
      const names = HOSTILE_NAMES.filter((other) => other !== name);
      const excludes = createSelector({ skipExtensions: [], include: [], exclude: [name] });
      const includes = createSelector({ skipExtensions: [], include: [name], exclude: [] });
      assert.equal(excludes(name), 'excluded', name);
      assert.equal(includes(name), undefined, name);
      for (const other of names) {
        // Either way it is the same question.
        const isMatched = excludes(other) === 'excluded';
        assert.equal(includes(other) === undefined, isMatched, `${name} and ${other}`);
        const hasSyntax = /[*?[\](){}!+@|\\]/.test(name);
        assert.ok(!isMatched || hasSyntax, `${name} matches ${other}`);
      }
    }
  });

  it('may stand behind --exclude and --include', async () => {
    const names = ['[a-z]', 'clear\u001b[2J\u001b[H', '__proto__'];
    using tree = new Tree(Object.fromEntries([...names, 'q.js'].map((name) => [name, CODE])));
    for (const name of names) {
      for (const [option, expected] of [
        ['--include', [name]],
        ['--exclude', [...names, 'q.js'].filter((other) => other !== name)],
      ] as const) {
        const words = ['.', '--dry-run', '--json', `${option}=${name}`];
        const { stdout } = await wnCompress(words, { cwd: tree.path });
        const found = namesIn(JSON.parse(stdout) as Report);
        assert.deepEqual(found, [...expected].sort(), `${option}=${name}`);
      }
    }
  });

  it('may be random', async () => {
    let names = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyName, { minLength: 20, maxLength: 60 }), async (given) => {
        using tree = new Tree();
        for (const name of given) writeFileSync(tree.join(name), CODE);
        const before = tree.list();
        const present = new Set(before);
        const sources = before.filter((name) => !isSidecar(name, (other) => present.has(other)));
        const report = await compress(tree.path, { skipExtensions: [], brotliQuality: 4 });
        assert.deepEqual([namesIn(report), report.failures], [sources, []]);
        assertTree(tree, [...new Set([...before, ...withSidecars(sources)])]);
        names += before.length;
      }),
      { numRuns: rounds(3, 400), seed: 20_261_121 },
    );
    figure('hostile-names', `${names.toLocaleString('en')} random names`);
  });
});

describe('a name that is no text', { skip: ANY_NAMES }, () => {
  it('fails by its escaped form, as file and as folder, and all others are done', async () => {
    using tree = new Tree({ 'a.js': CODE });
    const folder = Buffer.from(tree.path);
    for (const name of NO_TEXT_NAMES) {
      writeFileSync(Buffer.concat([folder, Buffer.from('/'), name]), CODE);
      writeFileSync(Buffer.concat([folder, Buffer.from('/'), name, Buffer.from('.gz')]), CODE);
      const below = Buffer.concat([folder, Buffer.from('/'), name, Buffer.from('-folder')]);
      mkdirSync(below);
      writeFileSync(Buffer.concat([below, Buffer.from('/b.js')]), CODE);
    }
    const list = (): string[] => readdirSync(folder, 'latin1' as never).sort();
    const before = list();
    const { code, stdout } = await wnCompress(['.', '--json', '--prune=all'], { cwd: tree.path });
    const report = JSON.parse(stdout) as Report;
    assert.equal(code, 1);
    assert.deepEqual(namesIn(report), ['a.js']);
    assert.equal(report.failures.length, 2 * NO_TEXT_NAMES.length);
    for (const failure of report.failures) {
      assert.equal(failure.code, 'EENCODING');
      assert.match(failure.relativePath, /\\x[0-9a-f]{2}/);
    }
    assert.deepEqual(list(), [...before, 'a.js.br', 'a.js.gz'].sort());
  });
});

describe('names of all lengths', { skip: ANY_NAMES }, () => {
  it('are compressed as long as there is room for the suffix, and fail by name where not', async () => {
    const lengths = [1, 100, 190, 249, 250, 251, 252, 253, 254, 255];
    const names = lengths.flatMap((length) =>
      ['x', 'é'].map((one) => one.repeat(length / one.length)),
    );
    const fitting = names.map((name) =>
      name.startsWith('é') ? name.slice(0, Math.floor(name.length / 2)) : name,
    );
    const unique = [...new Set(fitting.filter((name) => name !== ''))].sort();
    using tree = new Tree(Object.fromEntries(unique.map((name) => [name, CODE])));
    const report = await compress(tree.path);
    const [short, long] = [252, 255].map((bytes, index) =>
      unique.filter((name) => {
        const size = Buffer.byteLength(name);
        return index === 0 ? size <= bytes : size > 252;
      }),
    ) as [string[], string[]];
    assert.ok(long.length >= 3);
    assertTree(tree, [...withSidecars(short), ...long]);
    assert.deepEqual(
      report.failures.map(({ code, relativePath }) => [code, relativePath]),
      long.flatMap((name) => [1, 2].map(() => ['ENAMETOOLONG', name])),
    );
    for (const { message } of report.failures) assert.match(message, /shorten it, or exclude/);
  });
});

describe('names that differ by little', { skip: ANY_NAMES || FOLDS_CASE || NORMALISES }, () => {
  it('are different files, each with sidecars of its own', async () => {
    const names = [
      'a.js',
      'A.js',
      'a.JS',
      'é.js',
      'e\u0301.js',
      'É.js',
      'ﬁ.js',
      'fi.js',
      'ß.js',
      'ss.js',
    ];
    const lookalikes = ['\u0430.js', 'a\u200b.js', 'a.js ', ' a.js', 'a.js.', 'K.js', '\u212a.js'];
    const entries = [...names, ...lookalikes].map((name, index) => [name, script(500, index + 1)]);
    using tree = new Tree(Object.fromEntries(entries) as Record<string, string>);
    const { failures } = await compress(tree.path);
    assert.deepEqual(failures, []);
    assertTree(tree, withSidecars([...names, ...lookalikes]));
    const sizes = new Set([...names, ...lookalikes].map((name) => tree.bytes(name).toString()));
    assert.equal(sizes.size, entries.length);
  });
});
