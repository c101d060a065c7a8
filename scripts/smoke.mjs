// The smoke test of the package: packs it, looks at what the tarball holds, installs that into an
// empty folder and uses it there as a stranger would, as a command, as a library and as types.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmProgram } from './npm.mjs';

/** All that the tarball may hold, and each at least once. */
const WANTED = [
  { name: 'package.json', pattern: /^package\/package\.json$/ },
  {
    name: 'README, LICENSE, CHANGELOG, SECURITY',
    pattern: /^package\/(README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md)$/,
  },
  { name: 'docs', pattern: /^package\/docs\/([A-Z-]+\.md|servers\/\w+(\.\w+)?)$/ },
  { name: 'schema', pattern: /^package\/schema\/(config|(check-)?report)\.schema\.json$/ },
  { name: 'the help', pattern: /^package\/dist\/src\/cli\/help\.txt$/ },
  { name: 'the page of a report', pattern: /^package\/dist\/src\/cli\/page\/page\.html$/ },
  {
    name: 'code',
    pattern:
      /^package\/dist\/(bin|workers|src|src\/(cache|check|cli)|src\/cli\/(page|reporters))\/[^/]+\.js$/,
  },
  { name: 'types', pattern: /^package\/dist\/src\/((cache|check)\/)?[^/]+\.d\.ts$/ },
];

const COMPILER_OPTIONS = {
  target: 'ES2023',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  resolveJsonModule: true,
  noEmit: true,
};

const LIBRARY_USE = `
import assert from 'node:assert/strict';
import {
  compress, defineConfig, isSidecar, sidecarPath, DEFAULT_OPTIONS, UsageError,
} from 'wn-compress';
import schema from 'wn-compress/report.schema.json' with { type: 'json' };

const report = await compress('public', { dryRun: true });
assert.equal(report.totals.sources, 1);
assert.equal(report.totals.contentCodings.br.unchanged, 1);
assert.equal(sidecarPath('app.js', 'br'), 'app.js.br');
assert.equal(isSidecar('app.js.br', () => true), true);
assert.deepEqual(defineConfig({ root: 'public' }), { root: 'public' });
assert.equal(DEFAULT_OPTIONS.brotliQuality, 11);
assert.equal(schema.type, 'object');
await assert.rejects(compress('public', { gzipLevel: 10 }), UsageError);
console.log('the functions, the defaults, the errors and the schema are there');
`;

const TYPE_USE = `
import {
  compress,
  compressFiles,
  defineConfig,
  type CompressOptions,
  type ContentCoding,
  type Report,
  type RunEvent,
} from 'wn-compress';

const listen = (event: RunEvent): string => event.type;
const options: CompressOptions = { threads: 2, signal: new AbortController().signal };
export const reports: Promise<Report>[] = [
  compress('public'),
  compress('public', options),
  compressFiles(['public/app.js'], { ...options, onEvent: (event) => void listen(event) }),
];
export async function savedBy(contentCoding: ContentCoding): Promise<number> {
  const totals = (await compress('public')).totals.contentCodings[contentCoding];
  return totals === undefined ? 0 : totals.sourceBytes - totals.encodedBytes;
}
export const config = defineConfig({ root: 'public', minSize: '1kb' });
// @ts-expect-error: a file can hold no signal
defineConfig({ signal: new AbortController().signal });
// @ts-expect-error: an option of an unknown name is refused
void compress('public', { quality: 11 });
// @ts-expect-error: a field is left out, never undefined
export const wrong: CompressOptions = { threads: undefined };
`;

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wn-compress-smoke-')));

// What npm tells its scripts about this project must not lead an npm elsewhere back to it.
const env = {
  ...process.env,
  NO_COLOR: '1',
  npm_config_loglevel: 'error',
  // Neither what an earlier package left in the user's cache, nor anything left there.
  WN_COMPRESS_CACHE_DIR: join(folder, 'cache'),
};
delete env.FORCE_COLOR;
delete env.npm_config_local_prefix;
// Nor does it belong into the summary of a job.
delete env.GITHUB_ACTIONS;
delete env.GITHUB_STEP_SUMMARY;

try {
  const tarball = pack();
  checkList(tarball);
  checkWithTools(tarball);
  useWithoutInstalling(tarball);
  const consumer = install(tarball);
  useCommand(consumer);
  useLibrary(consumer);
  useTypes(consumer);
  console.log(`The package works on Node ${process.version}.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  title('npm pack');
  npm(project, 'pack', '--pack-destination', folder);
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  assert(name !== undefined, 'npm pack left no tarball');
  console.log(name);
  return name;
}

function checkList(tarball) {
  title('What the tarball holds');
  const files = run(folder, 'tar', '-tzf', tarball).split(/\r?\n/).filter(Boolean);
  const groups = new Map();
  for (const file of files) {
    const group = WANTED.find(({ pattern }) => pattern.test(file));
    assert(group !== undefined, `${file} does not belong into the tarball`);
    groups.set(group.name, (groups.get(group.name) ?? 0) + 1);
  }
  for (const { name } of WANTED) {
    assert(groups.has(name), `${name} is missing from the tarball`);
    console.log(`${String(groups.get(name)).padStart(4)}  ${name}`);
  }
}

function checkWithTools(tarball) {
  title('publint and attw');
  const path = join(folder, tarball);
  console.log(node(project, tool('publint', 'src/cli.js'), 'run', path, '--strict').trim());
  const attw = tool('@arethetypeswrong/cli', 'dist/index.js');
  const how = ['--profile', 'esm-only', '--format', 'ascii', '--no-summary', '--no-emoji'];
  console.log(node(project, attw, path, ...how).trim());
}

function useWithoutInstalling(tarball) {
  title('npx in a folder that has nothing installed');
  const empty = site('empty');
  npm(empty, 'exec', '--yes', `--package=${join(folder, tarball)}`, '--', 'wn-compress', 'public');
  assertSidecars(empty);
  assert(readdirSync(empty).join() === 'public', 'something was left beside ./public');
  console.log('./public/app.js.gz and .br are there, and nothing else');
}

function install(tarball) {
  title('npm install into an empty folder');
  const consumer = site('consumer');
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(consumer, 'install', join(folder, tarball));
  const installed = readdirSync(join(consumer, 'node_modules')).filter((name) => name[0] !== '.');
  console.log(`${installed.length} packages or scopes`);
  checkFigures(consumer);
  return consumer;
}

/** What README.md says of the size has to hold: no more than that, and for our own part not much less. */
function checkFigures(consumer) {
  const folder = join(consumer, 'node_modules');
  const own = sizeOf(join(folder, 'wn-compress'));
  const lock = JSON.parse(readFileSync(join(folder, '.package-lock.json'), 'utf8'));
  const packages = Object.keys(lock.packages);
  // How many files of the lock npm leaves there is its own affair.
  const sizes = packages.filter((path) => !/node_modules.*node_modules/.test(path));
  const all = sum(sizes.map((path) => sizeOf(join(consumer, path))));
  const found = [
    ...[own.files, own.bytes / 1e6, packages.length - 1],
    ...[all.files, all.bytes / 1e6],
  ];
  const text = readFileSync(join(project, 'README.md'), 'utf8').replace(/\s+/g, ' ');
  const [, ...said] =
    /(\d+) files, ([\d.]+) MB; with the (\d+) packages .*? (\d+) files, ([\d.]+) MB/.exec(text) ??
    [];
  const line = `${found.map((figure) => Number(figure.toFixed(2))).join(', ')}; README.md says ${said.join(', ')}`;
  console.log(`files, MB, packages, all files, MB: ${line}`);
  const isTrue = found.every(
    (figure, index) =>
      figure <= Number(said[index]) && (index > 2 || figure > 0.8 * Number(said[index])),
  );
  assert(isTrue, `the figures in the README are no longer right: ${line}`);
}

function sizeOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const bytes = files.map((file) => statSync(join(file.parentPath, file.name)).size);
  return { files: files.length, bytes: bytes.reduce((total, size) => total + size, 0) };
}

function sum(sizes) {
  return sizes.reduce((total, { files, bytes }) => ({
    files: total.files + files,
    bytes: total.bytes + bytes,
  }));
}

function useCommand(consumer) {
  title('npx wn-compress ./public');
  const seen = npm(consumer, 'exec', '--', 'node', '--version').trim();
  assert(seen === process.version, `npx runs Node ${seen}, not ${process.version}`);
  const wanted = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).version;
  const version = npm(consumer, 'exec', '--', 'wn-compress', '--version').trim();
  assert(version === wanted, `--version says ${version}, the package is ${wanted}`);
  const help = npm(consumer, 'exec', '--', 'wn-compress', '--help');
  assert(help.includes('--brotli-quality'), `--help says ${help}`);
  console.log(npm(consumer, 'exec', '--', 'wn-compress', './public').trim());
  assertSidecars(consumer);
  const report = JSON.parse(npm(consumer, 'exec', '--', 'wn-compress', '--json', './public'));
  const { gzip, br } = report.totals.contentCodings;
  assert(gzip.unchanged === 1 && br.unchanged === 1, 'a second run did not leave all unchanged');
}

function useLibrary(consumer) {
  title('import from wn-compress');
  writeFileSync(join(consumer, 'use.js'), LIBRARY_USE);
  console.log(node(consumer, 'use.js').trim());
}

function useTypes(consumer) {
  title('Types, under strict and exactOptionalPropertyTypes');
  writeFileSync(join(consumer, 'consumer.ts'), TYPE_USE);
  const examples = readmeExamples();
  assert(examples.length > 0, 'the README holds no example in TypeScript');
  examples.forEach((text, index) => {
    writeFileSync(join(consumer, `readme-${index}.ts`), text);
  });
  const types = join(project, 'node_modules', '@types');
  for (const [name, environment] of Object.entries({
    'browser types': { lib: ['ES2023', 'DOM'], types: [] },
    'Node types': { lib: ['ES2023'], types: ['node'], typeRoots: [types] },
  })) {
    writeFileSync(
      join(consumer, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: { ...COMPILER_OPTIONS, ...environment },
        include: ['*.ts'],
      }),
    );
    node(consumer, tool('typescript', 'bin/tsc'), '-p', '.');
    console.log(`${name}: clean, with the README's TypeScript (blocks: ${examples.length})`);
  }
}

function readmeExamples() {
  const readme = readFileSync(join(project, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\r?\n(.*?)^```/gms)].map(([, text]) => text);
}

/** A folder with a small site in `public`. */
function site(name) {
  const path = join(folder, name);
  mkdirSync(join(path, 'public'), { recursive: true });
  writeFileSync(join(path, 'public', 'app.js'), 'console.log("hello");\n'.repeat(500));
  return path;
}

function assertSidecars(path) {
  for (const file of ['app.js.gz', 'app.js.br']) {
    assert(existsSync(join(path, 'public', file)), `public/${file} is missing`);
  }
}

function npm(cwd, ...argv) {
  const path = npmProgram();
  assert(path !== undefined, 'run this with `npm run smoke`');
  return node(cwd, path, ...argv);
}

function tool(name, path) {
  return join(project, 'node_modules', name, path);
}

function node(cwd, ...argv) {
  return run(cwd, process.execPath, ...argv);
}

function run(cwd, command, ...argv) {
  const result = spawnSync(command, argv, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    console.error(result.stdout + result.stderr);
    throw new Error(`${command} ${argv.join(' ')} ended with ${result.status ?? result.signal}`);
  }
  return result.stdout;
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

function title(text) {
  console.log(`\n-- ${text}`);
}
