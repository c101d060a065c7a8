// Owns what the words of the command line come to: a setting for each option that was given. Knows no limits
// of values; the library has them.
import { CommandError } from './command-error.js';
import { FLAGS } from './flags.js';
import { sanitize } from './sanitize.js';
import type { Setting, Settings } from './setting.js';
import type { Words } from './spelling.js';

const FROM = 'command line';

/**
 * The settings of the command line, those of flags that are no options of the library among them.
 *
 * @throws CommandError when what stands behind the root can be no extension
 */
export async function readCommandLine(words: Words): Promise<Settings> {
  const values = await collectValues(words);
  const settings = new Map<string, Setting>();
  for (const { key, flag } of FLAGS) {
    if (!values.has(key)) continue;
    const { spelling, text } = words.typed.get(key) ?? { spelling: key, text: undefined };
    const got = text === undefined ? 'nothing' : JSON.stringify(text);
    const texts: unknown[] = [values.get(key)].flat();
    const last = texts.at(-1);
    let value = last;
    if (flag.kind === 'value' && last !== false) {
      value = typeof last === 'string' ? flag.read(last) : null;
    } else if (flag.kind === 'list') {
      const { read } = flag;
      value = texts.flatMap((one) => (typeof one === 'string' ? read(one) : [null]));
    }
    settings.set(key, { value, spelling, got, from: FROM });
  }
  return new Map([...settings, ...readPositionals(words, settings)]);
}

/** The root, and the extensions behind it, which add to those of `--skip-extensions`. */
function readPositionals({ positionals }: Words, settings: Settings): Map<string, Setting> {
  const [root, ...extensions] = positionals;
  const read = new Map<string, Setting>();
  if (root === undefined) return read;
  checkExtensions(root, extensions);
  read.set('root', { value: root, spelling: 'root', got: JSON.stringify(root), from: FROM });
  if (extensions.length > 0) {
    const given = settings.get('skipExtensions');
    read.set('skipExtensions', {
      value: [given?.value ?? [], extensions].flat(),
      spelling: given?.spelling ?? '--skip-extensions',
      got: given?.got ?? JSON.stringify(extensions.join(' ')),
      from: FROM,
    });
  }
  return read;
}

/** Values by key of the flag: a text or several, a boolean, or `true` for a missing value. */
async function collectValues({ options }: Words): Promise<ReadonlyMap<string, unknown>> {
  // yargs costs as much as Node itself to start, and most runs give it nothing to read.
  if (options.length === 0) return new Map();
  const { default: yargs } = await import('yargs');
  const collected = await yargs([...options])
    .help(false)
    .version(false)
    .detectLocale(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .parseAsync();
  const values = new Map<string, unknown>();
  for (const { name, key } of FLAGS) {
    if (Object.hasOwn(collected, name)) values.set(key, collected[name]);
  }
  return values;
}

/** A list of paths behind the root is a glob that the shell expanded, or a second root. */
function checkExtensions(root: string, extensions: readonly string[]): void {
  const path = extensions.find((extension) => /[/\\]/.test(extension));
  if (path !== undefined) {
    throw new CommandError(
      sanitize(`one root only, and ${JSON.stringify(path)} behind it is no extension`) +
        `\nGive the directory itself (the shell expands dir/*), and choose with --include 'js/**'`,
    );
  }
  const wildcard = extensions.find((extension) => /[*?]/.test(extension));
  if (wildcard !== undefined) {
    const bare = wildcard.replace(/^\*?\.?/, '');
    throw new CommandError(
      sanitize(
        `an extension behind the root has no wildcards, and ${JSON.stringify(wildcard)} has`,
      ) + sanitize(`; write ${bare} for what is not to be compressed`),
    );
  }
  const dashed = extensions.find((extension) => /^[\u2010-\u2015\u2212]/.test(extension));
  if (dashed !== undefined) {
    throw new CommandError(
      sanitize(`${JSON.stringify(dashed)} begins with a dash that is no hyphen; type it anew`),
    );
  }
  if (extensions.includes('')) {
    throw new CommandError(
      `an extension behind the root is empty; to exclude none: ${sanitize(root)} --skip-extensions ''`,
    );
  }
}
