// Owns the packages of the benchmark: whether they are installed in the versions that are pinned, and
// their installation. Knows nothing of what they are for.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from './errors.js';
import { BENCH_FOLDER } from './places.js';

interface Manifest {
  readonly version?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Installs the benchmark's packages with `npm ci`, unless all of them are there. */
export function installPackages(): void {
  const pinned = Object.entries(manifestIn(BENCH_FOLDER)?.devDependencies ?? {});
  if (pinned.every(([name, version]) => installedVersion(name) === version)) return;
  console.error('Installing the packages of the benchmark …');
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: BENCH_FOLDER,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new BenchError('`npm ci` in bench/ failed; see above.');
}

/** The version of one of the benchmark's packages, or `undefined` when it is not installed. */
export function installedVersion(name: string): string | undefined {
  return manifestIn(packageFolder(name))?.version;
}

/** Where one of the benchmark's packages is, when it is installed. */
export function packageFolder(name: string): string {
  return join(BENCH_FOLDER, 'node_modules', name);
}

function manifestIn(folder: string): Manifest | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}
