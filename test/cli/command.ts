// Owns the running of the built command as a real process, the way that a shell runs it. Reads all that
// it says, and judges nothing.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const COMMAND = fileURLToPath(new URL('../../bin/wn-compress.js', import.meta.url));

/** Variables of whoever runs the tests, from which the command would conclude something. */
const SETTLED_ELSEWHERE = [
  'CI',
  'GITHUB_ACTIONS',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_WORKSPACE',
  'NO_COLOR',
  'FORCE_COLOR',
  'NODE_TEST_CONTEXT',
];

/** What a process said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs. */
export interface Place {
  readonly cwd?: string;
  /** The folder of its cache; without one it has none. */
  readonly cacheDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it is run by: `strace` or `setpriv` and their options. */
  readonly under?: readonly string[];
  /** When it is ended by force. Default: a minute */
  readonly timeoutMs?: number;
}

/** Starts the command with its streams as pipes. */
export function start(
  words: readonly string[],
  { cwd, cacheDir, env, under = [], timeoutMs = 60_000 }: Place = {},
): ChildProcess {
  const cache = cacheDir === undefined ? '--no-cache' : `--cache-dir=${cacheDir}`;
  const inherited = { ...process.env };
  for (const name of SETTLED_ELSEWHERE) Reflect.deleteProperty(inherited, name);
  const isAsked = words.some((word) => word === '--progress' || word === '--print-config');
  const [program = '', ...argv] = [...under, process.execPath, COMMAND, cache, ...words];
  return spawn(program, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    // A loaded machine takes as long as progress waits; who tests that asks for it.
    env: { ...inherited, ...(isAsked ? {} : { WN_COMPRESS_PROGRESS: 'false' }), ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Waits for the end of a command, reading all that it says. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** Runs the command to its end. */
export function wnCompress(words: readonly string[], place: Place = {}): Promise<Ended> {
  return ended(start(words, place));
}
