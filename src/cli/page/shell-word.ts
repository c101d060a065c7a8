// Owns how a word is written for a shell, in commands that are shown to be copied. Pure.

/** The word as a shell of POSIX reads it, quoted where it has to be. */
export function shellWord(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
