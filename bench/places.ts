// Owns where things lie: the repository, the folder of the benchmark, its caches and results. Knows
// nothing of what stands in them.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: two folders above the compiled `dist/bench`. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Where the benchmark's own package, results and caches lie. */
export const BENCH_FOLDER = join(REPOSITORY, 'bench');

/** The corpora, built once, each in a folder of its name; those of `--quick` in `quick`. */
export const CORPORA_FOLDER = join(BENCH_FOLDER, '.corpora');

/** Results of a full run, which are committed. */
export const RESULTS_FOLDER = join(BENCH_FOLDER, 'results');

/** Results of any run that leaves something out. */
export const PARTIAL_RESULTS_FOLDER = join(BENCH_FOLDER, '.results');
