// Owns the composition of the command: what is asked for is answered, and the ending becomes an exit
// code. Everything is done by others, which are loaded only when they are needed: `--version` and
// `--help` are asked by scripts and shells at every turn.
import { type Ending, EXIT_CODES } from './exit-code.js';
import { type Output, watchOutput } from './output.js';
import { findRequest } from './request.js';

/** What the command uses of its process. */
export interface Surroundings {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The streams of the command, under watch. */
export interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * Runs the command to its end.
 *
 * @param argv - the words behind the name of the command
 * @returns the exit code; what nobody foresaw is thrown
 */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const outputs = {
    stdout: watchOutput(surroundings.stdout),
    stderr: watchOutput(surroundings.stderr),
  };
  const ending = await answer(argv, surroundings, outputs);
  const failure = await outputs.stdout.flush();
  if (failure !== undefined) {
    const { sanitize } = await import('./sanitize.js');
    outputs.stderr.write(`wn-compress: cannot write to stdout: ${sanitize(failure.message)}\n`);
  }
  return EXIT_CODES[failure !== undefined && ending === 'done' ? 'failed' : ending];
}

async function answer(
  argv: readonly string[],
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<Ending> {
  const asked = findRequest(argv);
  // Before the run: where threads have taken all file descriptors, nothing can be loaded any more.
  const expected = asked === undefined ? await import('./expected-error.js') : undefined;
  try {
    const request =
      asked ?? (await (await import('./parse.js')).parseArguments(argv, surroundings.env));
    switch (request.type) {
      case 'help':
        outputs.stdout.write((await import('./help.js')).readHelp());
        return 'done';
      case 'version':
        outputs.stdout.write(`${(await import('./version.js')).readVersion()}\n`);
        return 'done';
      case 'run':
        return await (await import('./run.js')).run(request, surroundings, outputs);
      case 'check':
        return await (await import('./check.js')).runCheck(request, surroundings, outputs);
      case 'cache':
        return await (await import('./cache-command.js')).runCacheCommand(request, outputs);
      case 'print-config':
        outputs.stdout.write((await import('./print-config.js')).configText(request));
        return 'done';
    }
  } catch (error) {
    const message = await expected?.expectedMessage(error);
    if (expected === undefined || message === undefined) throw error;
    outputs.stderr.write(`${expected.errorLine(message, surroundings.env)}\n`);
    return 'unusable';
  }
}
