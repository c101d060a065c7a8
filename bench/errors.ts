// Owns the errors that end a benchmark, with messages for its user. Anything else that is thrown is a
// bug and keeps its stack.

/** The benchmark cannot be run, or found something that makes its figures worthless. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}

/** The command line makes no sense. */
export class ArgumentError extends BenchError {}
