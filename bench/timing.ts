// Owns the running of one command under GNU time: its CPU time with that of its children, wall time and
// peak memory. Knows nothing of what the command does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { BenchError } from './errors.js';
import { readCoreTimes, shareOfOthers } from './load.js';

/** What a command took. */
export interface Timing {
  /** User and system time of the command and of all processes that it waited for, in milliseconds. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The most memory that a single one of these processes held at a time (ru_maxrss), in bytes. */
  readonly peakRssBytes: number;
  /** The share of all cores, 0 to 1, that other processes used meanwhile; `null`: unknown. */
  readonly othersShare: number | null;
}

/** A command that ended otherwise than with 0. */
export class CommandFailed extends BenchError {}

/** GNU time; the shell's own `time` cannot tell of memory. */
const GNU_TIME = '/usr/bin/time';

/** User seconds, system seconds, KiB: the last line of what GNU time writes. */
const FORMAT = '%U %S %M';

const MOST_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Whether GNU time is there; without it nothing can be measured. */
export function hasGnuTime(): boolean {
  return existsSync(GNU_TIME);
}

/**
 * Runs a command to its end. CPU times come in steps of 10 ms, user and system each rounded down.
 *
 * @returns also what it wrote on stdout
 * @throws CommandFailed when it cannot be started, or ends by a signal or otherwise than with 0
 */
export function timeCommand(
  argv: readonly string[],
  folder?: string,
): Timing & { readonly stdout: string } {
  const reportFolder = mkdtempSync(join(tmpdir(), 'wn-compress-time-'));
  try {
    const report = join(reportFolder, 'report');
    const coresBefore = readCoreTimes();
    const before = performance.now();
    const { status, signal, stdout, stderr, error } = spawnSync(
      GNU_TIME,
      ['-f', FORMAT, '-o', report, ...argv],
      {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: MOST_OUTPUT_BYTES,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const wallMs = performance.now() - before;
    const coresAfter = readCoreTimes();
    if (error !== undefined || status !== 0) {
      const reason = error?.message ?? signal ?? `exit code ${status}`;
      throw new CommandFailed(`${argv.join(' ').slice(0, 200)}: ${reason} ${stderr.slice(0, 500)}`);
    }
    const own = parseReport(readFileSync(report, 'utf8'));
    const othersShare =
      coresBefore && coresAfter ? shareOfOthers(coresBefore, coresAfter, own.cpuMs) : null;
    return { ...own, wallMs, othersShare, stdout };
  } finally {
    rmSync(reportFolder, { recursive: true, force: true });
  }
}

/** Reads what GNU time wrote; lines above the last one are its remarks. */
export function parseReport(text: string): Pick<Timing, 'cpuMs' | 'peakRssBytes'> {
  const [user, system, kibibytes] = (text.trimEnd().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  if (user === undefined || system === undefined || kibibytes === undefined) {
    throw new BenchError(`GNU time wrote something unexpected: ${text}`);
  }
  return { cpuMs: Math.round((user + system) * 1000), peakRssBytes: kibibytes * 1024 };
}
