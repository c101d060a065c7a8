// Owns the requests that are answered whatever else stands on the command line, also what makes no
// sense. Knows no other option.

/** What asks for an answer in place of a run. */
export interface AnswerRequest {
  readonly type: 'help' | 'version';
}

/** The first such request, looked for in front of a `--`. */
export function findRequest(argv: readonly string[]): AnswerRequest | undefined {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  if (words.includes('--help') || words.includes('-h')) return { type: 'help' };
  return words.includes('--version') ? { type: 'version' } : undefined;
}
