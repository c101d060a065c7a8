// Owns the grammar of the command line: which word is an option, which its value, which a positional.
// yargs guesses at that from the looks of the next word, and guesses bite (an array eats the root, a
// missing value becomes '', `--gzip=maybe` means no); here it follows from the flag table alone. Knows
// nothing of what a value means.
import { badValue, CommandError, type TypedOption } from './command-error.js';
import { FLAGS, hasOffForm, type NamedFlag, takesValue } from './flags.js';
import { sanitize } from './sanitize.js';
import { suggestOption } from './suggest.js';

/** The words of a command line, told apart. */
export interface Words {
  /**
   * The options so that there is one way to read them: `--name="value"`, `--name` and `--no-name`. A
   * flag that takes a value but got none stands as `--name`.
   */
  readonly options: readonly string[];
  readonly positionals: readonly string[];
  /** How each option was typed last, by the key of its row. */
  readonly typed: ReadonlyMap<string, TypedOption>;
  /** The first option that asks for something else than a run. */
  readonly request: string | undefined;
}

interface Draft extends Words {
  readonly options: string[];
  readonly positionals: string[];
  readonly typed: Map<string, TypedOption>;
  request: string | undefined;
}

/**
 * Tells the words of a command line apart.
 *
 * @throws CommandError for an unknown option, or a value that a flag does not take
 */
export function readWords(argv: readonly string[]): Words {
  const draft: Draft = { options: [], positionals: [], typed: new Map(), request: undefined };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      draft.positionals.push(...rest);
      break;
    }
    if (word.startsWith('--')) readLong(word, rest, draft);
    else if (word.startsWith('-') && word !== '-') readShort(word, rest, draft);
    else draft.positionals.push(word);
  }
  return draft;
}

function readLong(word: string, rest: string[], draft: Draft): void {
  const { spelling, text } = splitAtEquals(word);
  const name = spelling.slice(2);
  const named = FLAGS.find((candidate) => candidate.name === name);
  if (named !== undefined) {
    if (takesValue(named)) addValue(named, spelling, text ?? shiftValue(rest), draft);
    else addSwitch(named, { spelling, text }, true, draft);
    return;
  }
  const negated = FLAGS.find((candidate) => `no-${candidate.name}` === name);
  if (negated === undefined || !hasOffForm(negated)) throw unknownOption(spelling);
  if (text !== undefined) throw badValue({ spelling, text }, 'no value');
  addSwitch(negated, { spelling, text }, false, draft);
}

/** `-v`, `-vq`, `-t4`, `-t=4`, `-t 4`. */
function readShort(word: string, rest: string[], draft: Draft): void {
  refuseSingleDash(word);
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? '';
    const spelling = `-${letter}`;
    const named = FLAGS.find(({ flag }) => flag.short === letter);
    if (named === undefined) throw unknownOption(word.length === 2 ? word : spelling, word);
    const tail = word.slice(at + 1);
    if (takesValue(named)) {
      addValue(named, spelling, tail === '' ? shiftValue(rest) : tail.replace(/^=/, ''), draft);
      return;
    }
    if (tail.startsWith('=')) {
      addSwitch(named, { spelling, text: tail.slice(1) }, true, draft);
      return;
    }
    addSwitch(named, { spelling, text: undefined }, true, draft);
  }
}

/** `-quiet` is the typing of `--quiet`, not of five short options. */
function refuseSingleDash(word: string): void {
  const { spelling } = splitAtEquals(word);
  if (spelling.length === 2) return;
  const name = spelling.slice(1);
  const isName = FLAGS.some((flag) => name === flag.name || name === `no-${flag.name}`);
  if (isName) throw new CommandError(`unknown option ${spelling}: did you mean -${spelling}?`);
}

function addValue(
  { key, name }: NamedFlag,
  spelling: string,
  text: string | undefined,
  draft: Draft,
): void {
  // yargs takes one pair of quotes off a value, as if no shell had done so: it gets one to take.
  draft.options.push(text === undefined ? `--${name}` : `--${name}="${text}"`);
  draft.typed.set(key, { spelling, text });
}

function addSwitch({ key, name, flag }: NamedFlag, typed: TypedOption, on: boolean, draft: Draft) {
  if (flag.kind === 'request') {
    if (typed.text !== undefined) throw badValue(typed, 'no value');
    draft.request ??= key;
    return;
  }
  const third = flag.kind === 'boolean' ? flag.third : undefined;
  const allowed = ['true', 'false', ...(third === undefined ? [] : [third])];
  if (typed.text !== undefined && !allowed.includes(typed.text)) {
    throw badValue(typed, allowed.join(' or '));
  }
  if (typed.text !== undefined && typed.text === third) draft.options.push(`--${name}=${third}`);
  else draft.options.push(on && typed.text !== 'false' ? `--${name}` : `--no-${name}`);
  draft.typed.set(key, typed);
}

/** Takes the next word as a value, unless it looks like an option; a negative number does not. */
function shiftValue(rest: string[]): string | undefined {
  const next = rest[0];
  if (next === undefined) return undefined;
  const looksLikeOption = /^-[^]/.test(next) && !/^-\.?\d/.test(next);
  return looksLikeOption ? undefined : rest.shift();
}

function splitAtEquals(word: string): { spelling: string; text: string | undefined } {
  const equals = word.indexOf('=');
  if (equals === -1) return { spelling: word, text: undefined };
  return { spelling: word.slice(0, equals), text: word.slice(equals + 1) };
}

/** @param word - the whole word, when the option is one letter of several */
function unknownOption(spelling: string, word = spelling): CommandError {
  const within = word === spelling ? '' : ` in ${word}`;
  const suggestion = suggestOption(word) ?? suggestOption(spelling);
  const hint = suggestion === undefined ? '' : `: did you mean ${suggestion}?`;
  return new CommandError(sanitize(`unknown option ${spelling}${within}${hint}`));
}
