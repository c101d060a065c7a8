// Owns faults at the level of system calls: strace, attached to one thread of this process, lets the n-th
// call of a kind fail. What comes of it is judged elsewhere.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long strace may take to attach itself: it takes some 20 ms. */
const ATTACH_MS = 10_000;

/** A fault: which call of the thread fails, and how. Without `nth` none does, and all are counted. */
export interface Fault {
  /** Names of system calls, as strace knows them, separated by commas. */
  readonly calls: string;
  readonly error?: string;
  readonly nth?: number;
}

/** A system call that a thread made under watch. */
export interface TracedCall {
  readonly name: string;
  readonly line: string;
  readonly isInjected: boolean;
}

/** The threads of this process, by their ids. */
export function threadIds(): number[] {
  return readdirSync('/proc/self/task').map(Number);
}

/** strace at a thread of this process. Dispose of it when the thread has done what was to be watched. */
export class Injection implements Disposable {
  readonly #strace: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'wn-compress-strace-'));

  /**
   * Attaches strace, and returns when the thread is under its hand. Blocks meanwhile, so that this process
   * gives the thread nothing to do before.
   *
   * @throws when strace may not, or takes too long
   */
  constructor(threadId: number, { calls, error, nth }: Fault) {
    const fault = error === undefined ? [] : ['-e', `inject=${calls}:error=${error}:when=${nth}`];
    const words = ['-qq', '-y', '-o', this.#log, '-e', `trace=${calls}`, ...fault];
    this.#strace = spawn('strace', [...words, '-p', String(threadId)], { stdio: 'ignore' });
    const wait = new Int32Array(new SharedArrayBuffer(4));
    for (const end = performance.now() + ATTACH_MS; !isTraced(threadId);) {
      if (performance.now() > end) {
        this[Symbol.dispose]();
        throw new Error('strace did not attach itself');
      }
      Atomics.wait(wait, 0, 0, 2);
    }
  }

  /** What the thread called, so far. */
  get calls(): TracedCall[] {
    const lines = readFileSync(this.#log, 'utf8').split('\n');
    return lines.flatMap((line) => {
      const [, name] = /^(\w+)\(/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, line, isInjected: line.endsWith('(INJECTED)') }];
    });
  }

  /** Waits until strace is done with a thread that has ended, so that its log is whole. */
  async ended(): Promise<void> {
    if (this.#strace.exitCode === null && this.#strace.signalCode === null) {
      await new Promise((resolve) => this.#strace.once('exit', resolve));
    }
  }

  get #log(): string {
    return join(this.#folder, 'log');
  }

  [Symbol.dispose](): void {
    this.#strace.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function isTraced(threadId: number): boolean {
  const status = readFileSync(`/proc/self/task/${threadId}/status`, 'utf8');
  // One that is attached, but not yet told to go on, would miss nothing either.
  return !/^TracerPid:\t0$/m.test(status);
}

/** `false`, or the reason for which no faults can be injected here. */
export const NO_INJECTION = findOut();

function findOut(): string | false {
  if (process.platform !== 'linux') return 'there is no strace';
  if (spawnSync('strace', ['-V']).status !== 0) return 'needs strace';
  try {
    const own = new Injection(process.pid, { calls: 'getpriority' });
    own[Symbol.dispose]();
    return false;
  } catch {
    return 'strace may trace no process here';
  }
}
