// Owns shells at a real terminal: util-linux's `script` gives them a pseudo-terminal, what is typed goes through
// their own line editor, and what they show is read. Knows nothing of completion.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

const probe = spawnSync('script', ['--version'], { encoding: 'utf8' });

/** The reason for which no shell has a terminal here, or `false`. */
export const NO_TERMINAL =
  !(probe.error === undefined && probe.stdout.includes('util-linux')) &&
  "needs util-linux's script";

/** A shell that waits for what is typed. */
export class InteractiveShell {
  readonly #child: ChildProcess;
  #screen = '';
  #ended = false;
  #onChange = (): void => undefined;

  /**
   * @param command - the shell with its options, as a line for `sh`
   * @param env - in place of ours
   */
  constructor(command: string, folder: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn('script', ['-qfc', `stty cols 160 rows 200; ${command}`, '/dev/null'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        TERM: 'xterm',
        LC_ALL: 'C.UTF-8',
        SHELL: '/bin/sh',
        HISTFILE: '',
        ...env,
      },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text;
      this.#onChange();
    });
    this.#child.on('close', () => {
      this.#ended = true;
      this.#onChange();
    });
  }

  /** Types, and waits until what is shown since then matches. */
  async type(text: string, pattern: RegExp): Promise<string> {
    this.#screen = '';
    this.#child.stdin?.write(text);
    return this.shows(pattern);
  }

  /** Waits until what was shown since the last typing matches; tells all of it. */
  shows(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#onChange = () => {
        const screen = stripVTControlCharacters(this.#screen);
        if (pattern.test(screen)) resolve(screen);
        else if (this.#ended) reject(new Error(`it ended, and showed ${JSON.stringify(screen)}`));
      };
      this.#onChange();
    });
  }

  /** Has it end, without the line that is there, and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.write('\u0015exit\r');
    await closed;
  }
}
