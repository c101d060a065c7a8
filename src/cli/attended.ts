// Owns the time while the library works: a signal ends that tidily, and the progress is taken away.
import type { Ending } from './exit-code.js';
import type { Outputs } from './main.js';
import type { Progress } from './progress.js';
import { watchStopSignals } from './stop-signals.js';

/**
 * Awaits what the library does, with an eye on signals.
 *
 * @param work - is given the signal that ends it
 * @param show - shows what came of it
 * @throws what `work` throws for another reason than a signal, and what `show` throws
 */
export async function attended<Result>(
  progress: Progress,
  outputs: Outputs,
  work: (signal: AbortSignal) => Promise<Result>,
  show: (result: Result) => Promise<Ending>,
): Promise<Ending> {
  const watch = watchStopSignals(() => {
    progress.stop();
    outputs.stderr.write('wn-compress: stopped; the sidecars made so far are whole\n');
  });
  try {
    const result = await work(watch.signal);
    // A signal that arrives from here on ends the process at once: nothing is left to be tidied.
    const stopped = watch.endIfStopped();
    if (stopped !== undefined) return stopped;
    watch.close();
    progress.stop();
    return await show(result);
  } catch (error) {
    const stopped = watch.endIfStopped();
    if (stopped === undefined) throw error;
    return stopped;
  } finally {
    progress.stop();
    watch.close();
  }
}
