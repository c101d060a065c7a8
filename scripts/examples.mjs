// Builds the examples with the commands of their READMEs, in a temporary folder and with this package as it
// is packed, and asks their servers for every file. Knows of each what it builds and where that is served;
// how it is built and served stands in its README. Wants the built dist/.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ask } from '../dist/test/servers/request.js';
import { startServer } from '../dist/test/servers/running.js';
import { npmProgram } from './npm.mjs';

/** The folder with the sidecars, the path below which it is served, and how many sources it has at least. */
const EXAMPLES = {
  vite: { folder: 'dist', prefix: '/', sources: 4 },
  express: { folder: 'public', prefix: '/', sources: 3 },
  django: { folder: 'staticfiles', prefix: '/static/', sources: 7, modules: 'django, whitenoise' },
};

const CODINGS = {
  br: { suffix: '.br', decode: brotliDecompressSync },
  gzip: { suffix: '.gz', decode: gunzipSync },
};

const TYPES = {
  html: /^text\/html/,
  js: /^(text|application)\/javascript/,
  css: /^text\/css/,
  svg: /^image\/svg\+xml/,
  json: /^application\/json/,
};

/** The port that the READMEs name. */
const PORT = '8080';

const project = fileURLToPath(new URL('..', import.meta.url));
const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in EXAMPLES));
if (unknown !== undefined) {
  console.error(`No example is called ${unknown}: ${Object.keys(EXAMPLES).join(', ')}.`);
  process.exit(2);
}
if (process.platform === 'win32') {
  console.log('Skipped on Windows: the READMEs have commands of a POSIX shell.');
  process.exit(0);
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wn-compress-examples-')));
const python = findPython();
const env = environment();
try {
  const tarball = pack();
  for (const name of names.length > 0 ? names : Object.keys(EXAMPLES)) {
    await tryExample(name, EXAMPLES[name], tarball);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryExample(name, { folder: built, prefix, sources, modules }, tarball) {
  console.log(`\n== ${name}`);
  if (modules !== undefined && python === undefined) {
    const reason = `no Python has ${modules} (in Debian: python3-django python3-whitenoise gunicorn)`;
    assert(process.env.TEST_REQUIRES_SERVERS !== '1', reason);
    console.log(`skipped: ${reason}`);
    return;
  }
  const site = join(folder, name);
  copyExample(name, site, tarball);
  const readme = readFileSync(join(project, 'examples', name, 'README.md'), 'utf8');
  assert(readme.split('\n').length <= 41, `${name}: the README has more than 40 lines`);

  for (const command of commands(readme, 'Build')) shell(site, command);
  const root = join(site, built);
  const compressed = verifySidecars(root);
  assert(compressed.length >= sources, `only these have sidecars: ${compressed.join(', ')}`);
  shell(site, `npx wn-compress ${built} --check`);

  const again = commands(readme, 'Build').map((command) => shell(site, command));
  const summary = again.join('');
  assert(/^ {2}(unchanged|restored) /m.test(summary), 'the second build found nothing again');
  assert(!/^ {2}written +[1-9]/m.test(summary), `the second build compressed anew:\n${summary}`);

  const [serve, ...others] = commands(readme, 'Serve');
  assert(others.length === 0, `${name}: more than one command serves`);
  await verifyServer(site, serve, root, prefix, compressed);
}

/** The example as whoever clones it has it, with the packed package in place of a published one. */
function copyExample(name, site, tarball) {
  const [source, ignored] = [
    join(project, 'examples', name),
    /(^|\/)(node_modules|package-lock\.json)$/,
  ];
  cpSync(source, site, { recursive: true, filter: (path) => !ignored.test(path) });
  const path = join(site, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  const asked = manifest.devDependencies['wn-compress'];
  assert(asked === `^${version}`, `${name} asks for wn-compress ${asked}, and this is ${version}`);
  manifest.devDependencies['wn-compress'] = `file:${tarball}`;
  writeFileSync(path, JSON.stringify(manifest, undefined, 2));
}

/** The commands in the block of a shell behind a heading. */
function commands(readme, heading) {
  const section = readme.split('\n## ').find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = /^```sh\n(.*?)^```$/ms.exec(section)?.[1].trim().split('\n') ?? [];
  assert(lines.length > 0, `the README has no commands behind ${heading}`);
  return lines;
}

/** Proves every sidecar by decoding it, and gives the sources that have both. */
function verifySidecars(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const present = new Set(files);
  let sidecars = 0;
  for (const file of files) {
    for (const { suffix, decode } of Object.values(CODINGS)) {
      if (!present.has(file + suffix)) continue;
      const decoded = decode(readFileSync(join(root, file + suffix)));
      assert(
        decoded.equals(readFileSync(join(root, file))),
        `${file + suffix} decodes to other bytes`,
      );
      sidecars += 1;
    }
  }
  console.log(`${sidecars} sidecars decode to their sources`);
  return files.filter((file) =>
    Object.values(CODINGS).every(({ suffix }) => present.has(file + suffix)),
  );
}

async function verifyServer(site, command, root, prefix, compressed) {
  const words = (port) => ['sh', '-c', command.replace(PORT, String(port))];
  const server = await startServer((port) => ({ words: words(port), cwd: site, env }));
  try {
    for (const file of compressed) await verifyFile(server.url, root, prefix, file);
    const linked = await linkedFiles(server.url, prefix);
    assert(linked.length > 0, 'the page needs no files');
    for (const file of linked) assert(compressed.includes(file), `${file} has no sidecars`);
  } finally {
    await server[Symbol.asyncDispose]();
  }
  console.log(`${compressed.length} files sent by br, gzip and identity: ${command}`);
}

async function verifyFile(url, root, prefix, file) {
  for (const accepted of [...Object.keys(CODINGS), 'identity']) {
    const coding = CODINGS[accepted];
    const answer = await ask(`${url}${prefix}${file}`, { 'accept-encoding': accepted });
    verifyAnswer(
      `${prefix}${file} by ${accepted}`,
      answer,
      readFileSync(join(root, file + (coding?.suffix ?? ''))),
      coding === undefined ? undefined : accepted,
      TYPES[file.split('.').at(-1)],
    );
  }
}

function verifyAnswer(what, { status, headers, body }, bytes, coding, type) {
  assert(status === 200, `${what}: ${status}`);
  assert(headers['content-encoding'] === coding, `${what}: ${headers['content-encoding']}`);
  assert(body.equals(bytes), `${what}: other bytes`);
  assert(/\baccept-encoding\b/i.test(headers.vary), `${what}: Vary is ${headers.vary}`);
  assert(type?.test(headers['content-type']) === true, `${what}: ${headers['content-type']}`);
}

/** What the page at `/` needs, so that the names that browsers ask for are among those that were compressed. */
async function linkedFiles(url, prefix) {
  const { status, body } = await ask(`${url}/`);
  assert(status === 200, `the page: ${status}`);
  const paths = [...body.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  const foreign = paths.find((path) => !path.startsWith(prefix));
  assert(foreign === undefined, `the page needs ${foreign}`);
  return paths.map((path) => path.slice(prefix.length));
}

function pack() {
  console.log('== npm pack');
  const npm = npmProgram();
  assert(npm !== undefined, 'run this with `npm run examples`');
  // What is packed is the build that this script itself has loaded.
  const words = [npm, 'pack', '--ignore-scripts', '--pack-destination', folder];
  run(project, process.execPath, words);
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  console.log(name);
  return join(folder, name);
}

/** A Python that has Django and WhiteNoise: the first of the PATH, or the system's. */
function findPython() {
  const { modules } = EXAMPLES.django;
  return ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', `import ${modules}`]).status === 0,
  );
}

/** That of a user who has this Node, that Python, and nothing of this project. */
function environment() {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  if (python?.startsWith('/')) symlinkSync(python, join(bin, 'python3'));
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_)|npm_config_local_prefix$|WN_COMPRESS_|INIT_CWD$|FORCE_COLOR$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [bin, process.env.PATH].join(delimiter),
    CI: 'true',
    NO_COLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  };
}

function shell(cwd, command) {
  console.log(`$ ${command}`);
  return run(cwd, 'sh', ['-c', command]);
}

function run(cwd, command, argv) {
  const result = spawnSync(command, argv, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    console.error(result.stdout + result.stderr);
    throw new Error(`${argv.at(-1)} ended with ${result.status ?? result.signal}`);
  }
  return result.stdout;
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}
