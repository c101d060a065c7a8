// Owns one run of one subject on a working copy: its figures and what it left. Knows nothing of rounds
// or of other subjects.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FloorAnswer } from './floor.js';
import type { Run } from './results.js';
import { CODINGS, type SidecarSizes } from './sidecars.js';
import type { Subject, Target } from './subjects.js';
import { timeCommand } from './timing.js';

/** The figures of a run; of a floor also its sizes, since it leaves nothing behind. */
export type Figures = Omit<Run, 'subject' | 'round'> & { readonly sizes?: SidecarSizes };

/**
 * Runs a subject once.
 *
 * @throws CommandFailed when it ends otherwise than with 0
 */
export function runSubject(subject: Subject, target: Target): Figures {
  if (subject.kind === 'floor') return runFloor(subject.argv(target));
  // Reading goes into a shell's /dev/null, not through our pipe.
  const argv = subject.argv(target);
  const words = subject.kind === 'reading' ? ['sh', '-c', '"$@" >/dev/null', 'sh', ...argv] : argv;
  const { cpuMs, wallMs, peakRssBytes, othersShare } = timeCommand(words);
  return { cpuMs, wallMs, peakRssBytes, othersShare };
}

function runFloor(argv: readonly string[]): Figures {
  const folder = mkdtempSync(join(tmpdir(), 'wn-compress-floor-'));
  try {
    const answerFile = join(folder, 'answer.json');
    const { othersShare } = timeCommand([...argv, answerFile]);
    const { cpuMs, encodedBytes } = JSON.parse(readFileSync(answerFile, 'utf8')) as FloorAnswer;
    const sizes = toSizes(encodedBytes);
    return { cpuMs, wallMs: null, peakRssBytes: null, othersShare, sizes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toSizes(encodedBytes: FloorAnswer['encodedBytes']): SidecarSizes {
  const sizes = { gzip: new Map<string, number>(), br: new Map<string, number>() };
  for (const [path, byCoding] of Object.entries(encodedBytes)) {
    for (const coding of CODINGS) {
      const bytes = byCoding[coding];
      if (bytes !== undefined) sizes[coding].set(path, bytes);
    }
  }
  return sizes;
}
