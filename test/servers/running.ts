// Owns the processes of servers: started on a free port of the loopback interface, waited for, and ended
// with all that they started, also when the test fails. Knows no server by name.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/until.js';
import { ask } from './request.js';

/** How a server is started in the foreground. */
export interface Command {
  readonly words: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that answers. */
export interface Running extends AsyncDisposable {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
}

/** What an ordinary user's PATH lacks on Debian: nginx and Apache. */
export const PATH = [process.env['PATH'], '/usr/local/sbin', '/usr/sbin'].join(delimiter);

/** Behind that time a server that was asked to end is killed. */
const PATIENCE_MS = 5_000;

const ATTEMPTS = 3;

/** On Windows there are no process groups, and none of the servers there has more than one process. */
const HAS_GROUPS = process.platform !== 'win32';

/**
 * Starts a server and waits until it answers anything.
 *
 * @param commandOn - how it is started on that port
 */
export async function startServer(commandOn: (port: number) => Command): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = new ServerProcess(commandOn(port), `http://127.0.0.1:${port}`);
    if (await server.answers()) return server;
    // Between its being found free and its use, another process may have taken the port.
    assert.ok(attempt < ATTEMPTS, `it ended at its start:\n${server.said}`);
  }
}

class ServerProcess implements Running {
  readonly url: string;
  /** What it said, for the message when it does not start. */
  said = '';
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private readonly kill = (): void => {
    this.signal('SIGKILL');
  };

  constructor({ words: [name, ...words], cwd, env }: Command, url: string) {
    this.url = url;
    this.child = spawn(name, words, {
      cwd,
      env: { ...process.env, ...env, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: HAS_GROUPS,
    });
    this.child.stdout?.on('data', (text: Buffer) => (this.said += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.said += text.toString()));
    this.exited = once(this.child, 'exit').catch((error: unknown) => {
      this.said += String(error);
    });
    process.once('exit', this.kill);
    for (const signal of ENDING) process.off(signal, endByExit).once(signal, endByExit);
  }

  /** Waits until it answers anything; `false` when it ended instead. */
  async answers(): Promise<boolean> {
    const isAnswered = (): Promise<boolean> =>
      ask(this.url).then(
        () => true,
        () => false,
      );
    try {
      await until(async () => this.hasEnded || (await isAnswered()));
      if (!this.hasEnded) return true;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw new Error(`It does not answer:\n${this.said}`, { cause: error });
    }
    await this[Symbol.asyncDispose]();
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGTERM');
    const patience = new AbortController();
    await Promise.race([
      this.exited,
      delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    // Also what a main process left that ended by itself.
    this.signal('SIGKILL');
    await this.exited;
    process.off('exit', this.kill);
  }

  private get hasEnded(): boolean {
    const { pid, exitCode, signalCode } = this.child;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  /** To the whole group: a killed nginx would leave its workers behind. */
  private signal(name: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(HAS_GROUPS ? -pid : pid, name);
    } catch {
      // There is none left.
    }
  }
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends this process by way of its `exit` listeners, which a signal alone would pass by. */
function endByExit(): void {
  process.exit(1);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
