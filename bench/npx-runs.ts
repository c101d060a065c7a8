// Owns the runs of the benchmark of `npx`: packages as tarballs, what they need in a cache of npm's, and commands
// under GNU time. Knows nothing of how results are shown.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BenchError } from './errors.js';
import { installedVersion, packageFolder } from './packages.js';
import { REPOSITORY } from './places.js';
import { timeTogether } from './start-up.js';
import { NODE_24, ourArgv, SUBJECTS, WITHOUT_CACHE } from './subjects.js';
import { timeCommand } from './timing.js';

/** What is timed. */
export const STEPS = ['cold', 'installed', 'help', 'version'] as const;
export type Step = (typeof STEPS)[number];

/** What a step took, by round. */
export interface StepFigures {
  readonly cpuMs: Map<number, number>;
  readonly wallMs: Map<number, number>;
}

/** What was found of a package. */
export interface NpxRow {
  readonly name: string;
  readonly version: string;
  /** What npm fetches: tarballs, and the descriptions of packages. */
  readonly fetchedBytes: number;
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
  readonly steps: Readonly<Record<Step, StepFigures>>;
}

interface Contestant extends NpxRow {
  readonly tarball: string;
  /** A cache of npm's that holds all that is fetched, and no installation. */
  readonly cache: string;
  /** A folder in which it is installed. */
  readonly project: string;
  /** Its script, below the folder of its package. */
  readonly script: string;
  /** The words behind its name. */
  readonly words: (folder: string) => readonly string[];
}

/** Starts that are timed together, since GNU time counts in steps of 10 ms. */
const STARTS = 5;

/**
 * Measures every step of every package, in turn, so many rounds.
 *
 * @param folder - where all of it happens
 */
export function measureNpx(folder: string, rounds: number, say: (line: string) => void): NpxRow[] {
  const tree = join(folder, 'tree');
  makeTree(tree);
  const contestants = [
    prepare(folder, 'wn-compress', 'dist/bin/wn-compress.js', (path) =>
      ourArgv('', ...WITHOUT_CACHE)({ folder: path, xargsBatch: 1 }).slice(2),
    ),
    ...(['precompress', 'gzipper'] as const).map((name) => {
      const words = (path: string) => SUBJECTS[name].argv({ folder: path, xargsBatch: 1 }).slice(2);
      return prepare(folder, name, name === 'gzipper' ? 'bin/index.js' : 'dist/index.js', words);
    }),
  ];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    const first = round % contestants.length;
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      measureRound(one, round, folder, tree);
    }
  }
  return contestants;
}

/** Ten small files, of 0.2 to 1 KB. */
function makeTree(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const icons = join(packageFolder('bootstrap-icons'), 'icons');
  for (const name of readdirSync(icons).sort().slice(0, 10))
    cpSync(join(icons, name), join(folder, name));
}

function prepare(
  folder: string,
  name: string,
  script: string,
  words: Contestant['words'],
): Contestant {
  const home = join(folder, name);
  const cache = join(home, 'cache');
  mkdirSync(home);
  const spec = name === 'wn-compress' ? REPOSITORY : `${name}@${installedVersion(name) ?? ''}`;
  npm(['pack', spec, '--ignore-scripts', `--pack-destination=${home}`, `--cache=${cache}`], home);
  const [tarball] = readdirSync(home)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => join(home, file));
  if (tarball === undefined) throw new BenchError(`npm pack left no tarball of ${name}`);
  npm(['exec', '--yes', `--package=${tarball}`, `--cache=${cache}`, '--', name, '--help'], home);
  const installed = installationIn(cache);
  const lock = JSON.parse(
    readFileSync(join(installed, 'node_modules/.package-lock.json'), 'utf8'),
  ) as { packages: Record<string, { version: string }> };
  const { files, bytes } = sizeOf(join(installed, 'node_modules'));
  const row = {
    name,
    version: lock.packages[`node_modules/${name}`]?.version ?? 'unknown',
    packages: Object.keys(lock.packages).length,
    ...{ files, bytes },
  };
  const project = join(home, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  npm(['install', '--offline', '--ignore-scripts', tarball, `--cache=${cache}`], project);
  rmSync(join(cache, '_npx'), { recursive: true });
  rmSync(join(cache, '_logs'), { recursive: true, force: true });
  const fetchedBytes =
    sizeOf(join(cache, '_cacache/content-v2')).bytes +
    (name === 'wn-compress' ? statSync(tarball).size : 0);
  const none = (): StepFigures => ({ cpuMs: new Map(), wallMs: new Map() });
  const steps = { cold: none(), installed: none(), help: none(), version: none() };
  return { ...row, fetchedBytes, steps, tarball, cache, project, script, words };
}

function measureRound(one: Contestant, round: number, folder: string, tree: string): void {
  const here = join(folder, 'round');
  const cache = join(here, 'cache');
  mkdirSync(here);
  cpSync(one.cache, cache, { recursive: true });
  const note = (step: Step, { cpuMs, wallMs }: { cpuMs: number; wallMs: number }, parts = 1) => {
    one.steps[step].cpuMs.set(round, cpuMs / parts);
    one.steps[step].wallMs.set(round, wallMs / parts);
  };
  // npm installs from a tarball anew each time: there is no second `npx` to be had of one.
  const how = ['--yes', '--offline', `--package=${one.tarball}`, `--cache=${cache}`];
  for (const [step, options, place] of [
    ['cold', how, join(here, 'empty')],
    ['installed', ['--offline', `--cache=${cache}`], one.project],
  ] as const) {
    const work = join(place, 'public');
    cpSync(tree, work, { recursive: true });
    const argv = npmArgv(['exec', ...options, '--', one.name, ...one.words('public')]);
    note(step, timeCommand(argv, place));
    const sidecars = readdirSync(work).filter((name) => /\.(gz|br)$/.test(name));
    if (sidecars.length !== 20) {
      throw new BenchError(`${one.name} left ${sidecars.length} sidecars beside ten files`);
    }
    rmSync(work, { recursive: true });
  }
  const script = join(installationIn(cache), 'node_modules', one.name, one.script);
  for (const step of ['help', 'version'] as const) {
    note(step, timeTogether([NODE_24, script, `--${step}`], STARTS), STARTS);
  }
  rmSync(here, { recursive: true });
}

/** Where `npm exec` has put a package and all that it needs. */
function installationIn(cache: string): string {
  const [folder] = readdirSync(join(cache, '_npx'));
  if (folder === undefined) throw new BenchError('npm exec installed nothing');
  return join(cache, '_npx', folder);
}

function sizeOf(folder: string): { files: number; bytes: number } {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.package-lock.json');
  const sizes = files.map((file) => statSync(join(file.parentPath, file.name)).size);
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function npm(words: readonly string[], cwd: string): void {
  const [program = '', ...argv] = npmArgv(words);
  const { status, stderr } = spawnSync(program, argv, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new BenchError(`npm ${words.join(' ')}: ${stderr.slice(0, 500)}`);
}

/** npm and what it starts, on the Node.js that the peers want; nothing is asked that is not part of the work. */
function npmArgv(words: readonly string[]): string[] {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('npm-cli.js') !== true) {
    throw new BenchError('Which npm? Start it by `npm run bench:npx`.');
  }
  // What npm tells its scripts of this project must not lead another npm back to it.
  const unset = Object.keys(process.env)
    .filter((name) => /^npm_(config_(local_prefix|prefix|cache)|package)/.test(name))
    .flatMap((name) => ['-u', name]);
  const settings = ['audit', 'fund', 'update_notifier'].map((name) => `npm_config_${name}=false`);
  const path = `PATH=${dirname(NODE_24)}:${process.env['PATH'] ?? ''}`;
  return ['env', ...unset, ...settings, path, NODE_24, script, '--loglevel=error', ...words];
}
