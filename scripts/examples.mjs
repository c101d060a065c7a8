// Builds the examples with the commands of their READMEs, in a temporary folder and with this package as it
// is packed, and asks their servers for every file. Knows of each what it builds and where that is served;
// how it is built and served stands in its README. Wants the built dist/.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../dist/test/servers/request.js';
import { startServer } from '../dist/test/servers/running.js';
import { BUILD_HOOKS, tryBuildHooks } from './build-hooks.mjs';
import { assert, Consumer, PROJECT } from './consumer.mjs';
import { CODINGS, verifySidecars } from './verify.mjs';

/** The folder with the sidecars, the path below which it is served, and how many sources it has at least. */
const EXAMPLES = {
  vite: { folder: 'dist', prefix: '/', sources: 4 },
  express: { folder: 'public', prefix: '/', sources: 3 },
  django: { folder: 'staticfiles', prefix: '/static/', sources: 7 },
};

/** What the Django example needs of Python. */
const MODULES = 'django, whitenoise';

const TYPES = {
  html: /^text\/html/,
  js: /^(text|application)\/javascript/,
  css: /^text\/css/,
  svg: /^image\/svg\+xml/,
  json: /^application\/json/,
};

/** What whoever tries an example in place leaves there. */
const MADE = /\/(node_modules|package-lock\.json|dist|staticfiles)$|\.(br|gz)$/;

/** The port that the READMEs name. */
const PORT = '8080';

const hooks = Object.keys(BUILD_HOOKS);
const known = [...Object.keys(EXAMPLES), ...hooks.map((name) => `hook-${name}`)];
const given = process.argv.slice(2);
const unknown = given.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`No example is called ${unknown}: ${known.join(', ')}.`);
  process.exit(2);
}
const isMeant = (name, isUsual = true) => (given.length > 0 ? given.includes(name) : isUsual);
if (process.platform === 'win32') {
  console.log('Skipped on Windows: the READMEs have commands of a POSIX shell.');
  process.exit(0);
}

const python = findPython();
const consumer = new Consumer(python?.startsWith('/') ? { python3: python } : {});
try {
  consumer.pack();
  for (const name of Object.keys(EXAMPLES).filter((one) => isMeant(one))) {
    console.log(`\n== ${name}`);
    await tryExample(name, EXAMPLES[name]);
  }
  const meant = hooks.filter((name) => isMeant(`hook-${name}`, !BUILD_HOOKS[name].isLarge));
  if (meant.length > 0) {
    console.log('\n== The hooks of docs/LIBRARY.md');
    tryBuildHooks(consumer, meant);
  }
} finally {
  consumer.remove();
}

async function tryExample(name, { folder: built, prefix, sources }) {
  const hasDjango = python !== undefined && runs('gunicorn', '--version');
  if (name === 'django' && !hasDjango) {
    const reason = 'not installed (in Debian: python3-django python3-whitenoise gunicorn)';
    assert(process.env.TEST_REQUIRES_SERVERS !== '1', reason);
    console.log(`skipped: ${reason}`);
    return;
  }
  const site = join(consumer.path, name);
  copyExample(name, site);
  const readme = readFileSync(join(PROJECT, 'examples', name, 'README.md'), 'utf8');
  assert(readme.split('\n').length <= 41, `${name}: the README has more than 40 lines`);

  const root = join(site, built);
  const building = commands(readme, 'Build');
  for (const command of building.slice(0, -1)) consumer.shell(site, command);
  assert(!hasSidecars(root), 'something else compresses as well');
  consumer.shell(site, building.at(-1));
  const compressed = verifySidecars(root);
  assert(compressed.length >= sources, `only these have sidecars: ${compressed.join(', ')}`);
  consumer.shell(site, `npx wn-compress ${built} --check`);

  const again = building.filter((command) => command !== 'npm install');
  const summary = again.map((command) => consumer.shell(site, command)).join('');
  assert(/^ {2}(unchanged|restored) /m.test(summary), 'the second build found nothing again');
  assert(!/^ {2}written +[1-9]/m.test(summary), `the second build compressed anew:\n${summary}`);

  const [serve, ...others] = commands(readme, 'Serve');
  assert(others.length === 0, `${name}: more than one command serves`);
  await verifyServer(site, serve, root, prefix, compressed);
}

/** The example as whoever clones it has it, with the packed package in place of a published one. */
function copyExample(name, site) {
  const filter = (path) => !MADE.test(path);
  cpSync(join(PROJECT, 'examples', name), site, { recursive: true, filter });
  const path = join(site, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const asked = manifest.devDependencies['wn-compress'];
  assert(asked === `^${version}`, `${name} asks for wn-compress ${asked}, and this is ${version}`);
  manifest.devDependencies['wn-compress'] = `file:${consumer.tarball}`;
  writeFileSync(path, JSON.stringify(manifest, undefined, 2));
}

/** The commands in the block of a shell behind a heading. */
function commands(readme, heading) {
  const section = readme.split('\n## ').find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = /^```sh\n(.*?)^```$/ms.exec(section)?.[1].trim().split('\n') ?? [];
  assert(lines.length > 0, `the README has no commands behind ${heading}`);
  return lines;
}

async function verifyServer(site, command, root, prefix, compressed) {
  const words = (port) => ['sh', '-c', command.replace(PORT, String(port))];
  const server = await startServer((port) => ({
    words: words(port),
    cwd: site,
    env: consumer.env,
  }));
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

function hasSidecars(root) {
  if (!existsSync(root)) return false;
  return readdirSync(root, { recursive: true }).some((name) => /\.(br|gz)$/.test(name));
}

/** A Python that has Django and WhiteNoise: the first of the PATH, or the system's. */
function findPython() {
  return ['python3', '/usr/bin/python3'].find((name) => runs(name, '-c', `import ${MODULES}`));
}

function runs(name, ...words) {
  return spawnSync(name, words).status === 0;
}
