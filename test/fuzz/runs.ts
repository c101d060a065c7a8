// Owns the runs of a case under their faults: through the library, or the built command as a process. What
// a run says is judged by its form here, and by what it tells elsewhere.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { Worker } from 'node:worker_threads';
import { AbortError, compress, ThreadError, type Report } from '../../src/index.js';
import { COMMAND, ended, type Ended } from '../cli/command.js';
import { untilNoThreads } from '../support/until.js';
import { assertReport } from './exactness.js';
import { harmCache } from './edits.js';
import type { Fault, Moment } from './faults.js';
import { wordsOf, type Chosen } from './options.js';
import type { Sandbox } from './sandbox.js';
import type { Identity } from './survey.js';

/** How a run ended: with reports, or without when it was ended. */
export interface Outcome {
  readonly reports: readonly Report[];
  /** Whether it was killed, so that it could not tidy up. */
  readonly wasKilled: boolean;
}

/** How the words of a process are shown. */
export type Rendering = 'json' | 'verbose' | 'quiet' | 'no-progress';

/** Things to do at their moments. */
type Agenda = readonly { readonly at: Moment; readonly action: () => void }[];

/** Runs the library while things happen. */
export async function runLibrary(
  sandbox: Sandbox,
  chosen: Chosen,
  agenda: Agenda = [],
  signal?: AbortSignal,
): Promise<Report> {
  const timers = agenda.flatMap(({ at, action }) =>
    'ms' in at ? [setTimeout(action, at.ms)] : [],
  );
  let isAtWork = false;
  const onWork = (): void => {
    if (isAtWork) return;
    isAtWork = true;
    for (const { at, action } of agenda) {
      if ('workMs' in at) timers.push(setTimeout(action, at.workMs));
    }
  };
  // The first word of a thread says that it has loaded.
  const onWorker = (worker: Worker): void => {
    worker.once('message', onWork);
  };
  process.on('worker', onWorker);
  let events = 0;
  const onEvent = (): void => {
    for (const { at, action } of agenda) if ('event' in at && at.event === events) action();
    events += 1;
  };
  const others = { cacheDir: sandbox.cache, onEvent };
  const options = signal === undefined ? others : { ...others, signal };
  try {
    const report = await compress(sandbox.root, { ...chosen, ...options });
    assertReport(report);
    return report;
  } finally {
    process.off('worker', onWorker);
    timers.forEach(clearTimeout);
  }
}

/** Runs the library, and aborts it. */
export async function runAborted(sandbox: Sandbox, chosen: Chosen, at: Moment): Promise<Outcome> {
  const controller = new AbortController();
  const action = (): void => {
    controller.abort();
  };
  try {
    const report = await runLibrary(sandbox, chosen, [{ at, action }], controller.signal);
    return { reports: [report], wasKilled: false };
  } catch (error) {
    assert.ok(error instanceof AbortError, error as Error);
    await untilNoThreads();
    return { reports: [], wasKilled: false };
  }
}

/** Runs the library, and ends its first thread. */
export async function runWithoutThread(
  sandbox: Sandbox,
  chosen: Chosen,
  at: Moment,
): Promise<Outcome> {
  let thread: Worker | undefined;
  const onWorker = (worker: Worker): void => {
    // Its first word: it has loaded. Node 20 may abort the process when a thread is ended before.
    worker.once('message', () => (thread ??= worker));
  };
  process.on('worker', onWorker);
  const action = (): void => {
    void thread?.terminate();
  };
  try {
    const report = await runLibrary(sandbox, chosen, [{ at, action }]);
    return { reports: [report], wasKilled: false };
  } catch (error) {
    assert.ok(error instanceof ThreadError, error as Error);
    return { reports: [], wasKilled: false };
  } finally {
    process.off('worker', onWorker);
    await untilNoThreads();
  }
}

/** Runs the library on a disk that has only so many bytes left. */
export async function runOnFullDisk(
  sandbox: Sandbox,
  chosen: Chosen,
  freeBytes: number,
): Promise<Outcome> {
  const filler = join(dirname(sandbox.path), 'filler');
  const { bavail, bsize } = statfsSync(sandbox.path);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
  try {
    return { reports: [await runLibrary(sandbox, chosen)], wasKilled: false };
  } finally {
    rmSync(filler);
  }
}

/** Runs the library, and harms its cache meanwhile. */
export async function runWithoutCache(
  sandbox: Sandbox,
  chosen: Chosen,
  { harm, at }: Extract<Fault, { type: 'cache' }>,
): Promise<Outcome> {
  const action = (): void => {
    harmCache(sandbox.cache, harm);
  };
  return { reports: [await runLibrary(sandbox, chosen, [{ at, action }])], wasKilled: false };
}

/** Runs the command as a process of its own. */
export async function runCommand(
  sandbox: Sandbox,
  chosen: Chosen,
  rendering: Rendering,
  who: Identity | undefined,
  fault: Fault,
): Promise<Outcome> {
  const words = [COMMAND, ...wordsOf(chosen), `--cache-dir=${sandbox.cache}`, `--${rendering}`];
  const node = [process.execPath, ...words, '--', sandbox.root];
  const limit = fault.type === 'limit' ? fault : undefined;
  const [program = '', ...others] =
    limit === undefined ? node : ['prlimit', `--${limit.resource}=${limit.value}`, ...node];
  const child = spawn(program, others, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    cwd: sandbox.home,
    env: { PATH: process.env['PATH'], HOME: sandbox.home, TMPDIR: sandbox.home },
    ...who,
  });
  const timer =
    fault.type === 'signal' ? setTimeout(() => child.kill(fault.signal), fault.afterMs) : undefined;
  const end = await ended(child);
  clearTimeout(timer);
  return judge(end, rendering, fault);
}

function judge(end: Ended, rendering: Rendering, fault: Fault): Outcome {
  const { code, signal, stdout, stderr } = end;
  const what = `ended with ${code ?? signal}, said ${JSON.stringify(stdout + stderr)}`;
  const isStarved = fault.type === 'limit' && fault.resource !== 'fsize';
  // V8 that finds no memory ends the process as it likes.
  if (isStarved && (signal !== null || code === null || code > 2)) {
    return { reports: [], wasKilled: true };
  }
  // Nor can anyone help whose modules Node finds no descriptor to load with.
  if (isStarved && /^node:internal.*EMFILE: too many open files, open '[^']*\.js'/s.test(stderr)) {
    return { reports: [], wasKilled: true };
  }
  if (fault.type === 'signal' && signal === fault.signal) {
    assertHarmless(stdout + stderr, what);
    return { reports: [], wasKilled: signal === 'SIGKILL' };
  }
  assert.equal(signal, null, what);
  assertHarmless(stdout + stderr, what);
  if (isStarved && code === 2) return { reports: [], wasKilled: false };
  assert.ok(code === 0 || code === 1, what);
  if (rendering !== 'json') return { reports: [], wasKilled: false };
  const report = JSON.parse(stdout) as Report;
  assertReport(report, code);
  return { reports: [report], wasKilled: false };
}

/** No stack traces, and nothing by which a file's name could move the cursor. */
function assertHarmless(text: string, what: string): void {
  assert.doesNotMatch(text, /^\s+at .*[:(]\d|node:internal/m, what);
  // eslint-disable-next-line no-control-regex -- control characters are just what it looks for
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/, what);
}
