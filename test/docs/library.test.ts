// Shows that the TypeScript of docs/LIBRARY.md is right by its types, and does what stands there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { assertTree, script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { blocksOf, readDocument } from './documents.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

const SOURCES = { 'public/app.js': script(9000), 'public/app.css': script(5000) };
const SIDECARS = ['public/app.css', 'public/app.js'].flatMap((path) => [
  `${path}.br`,
  `${path}.gz`,
]);

/** By what is imported first: what is said on stdout and on stderr, how it ends, and whether it writes. */
const EXPECTED: readonly {
  readonly imports: string;
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
  readonly status?: number;
  readonly writes: boolean;
}[] = [
  { imports: '{ compress }', stdout: /^2 files, \d{3,} bytes of brotli\n$/, writes: true },
  { imports: '{ compressFiles }', stdout: /^\[ 'app\.css', 'app\.js' \]\n$/, writes: true },
  {
    imports: '{ compress, isKept }',
    stdout: /^app\.css: [1-9]\d %\napp\.js: [1-9]\d %\n$/,
    writes: false,
  },
  {
    imports: '{ compress, type RunEvent }',
    stderr: /^\r#+\.+ \d\d %\r#{40} 100 %\n$/,
    writes: true,
  },
  { imports: '{ AbortError, compress, RootError, UsageError }', writes: true },
  { imports: '{ check }', stderr: /^(missing app\.\S+: .+\n){4}$/, status: 1, writes: false },
];

describe('docs/LIBRARY.md', { skip: process.platform === 'win32' && 'links need rights' }, () => {
  const blocks = blocksOf(readDocument('docs/LIBRARY.md'))
    .filter(({ language }) => language === 'ts')
    .map(({ text }) => text);

  it('shows what is expected here, and nothing else', () => {
    const imports = blocks.map((text) => /^import (.*) from 'wn-compress'/m.exec(text)?.[1]);
    assert.deepEqual(
      imports,
      EXPECTED.map((one) => one.imports),
    );
  });

  it('is right by its types', () => {
    using project = projectWith(blocks);
    const names = blocks.map((_, index) => project.join(`${index}.ts`));
    const program = ts.createProgram(names, {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [`${PROJECT}node_modules/@types`],
    });
    const host = {
      getCurrentDirectory: () => project.path,
      getCanonicalFileName: (name: string) => name,
      getNewLine: () => '\n',
    };
    assert.equal(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host), '');
  });

  for (const [index, { imports, stdout, stderr, status = 0, writes }] of EXPECTED.entries()) {
    it(`does what it says with ${imports}`, () => {
      using project = projectWith([]);
      const text = ts.transpile(blocks[index] ?? '', {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
      });
      project.add({ 'use.js': text });
      const ended = spawnSync(process.execPath, ['use.js'], {
        cwd: project.path,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', WN_COMPRESS_CACHE_DIR: project.join('.cache') },
      });
      assert.match(ended.stderr, stderr ?? /^$/);
      assert.match(ended.stdout, stdout ?? /^$/);
      assert.equal(ended.status, status);
      const files = [...Object.keys(SOURCES), ...(writes ? SIDECARS : [])];
      const cached = project.list().filter((path) => path.startsWith('.cache/'));
      const others = ['package.json', 'use.js', 'node_modules/wn-compress', ...cached];
      assertTree(project, [...files, ...others]);
    });
  }
});

/** A folder of someone who has installed the package. */
function projectWith(blocks: readonly string[]): Tree {
  return new Tree({
    ...SOURCES,
    'package.json': '{ "type": "module" }\n',
    'node_modules/wn-compress': { link: PROJECT },
    ...Object.fromEntries(blocks.map((text, index) => [`${index}.ts`, text])),
  });
}
