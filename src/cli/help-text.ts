// Owns the writing of the text of `--help`: by yargs, from the flag table, with what is not a flag below.
// Runs when the project is built; what it wrote is read by help.ts. Knows no default of its own.
import { EXIT_CODES } from './exit-code.js';
import { type Flag, GROUPS } from './flag.js';
import { FLAGS } from './flags.js';
import { wrapWords } from './text-width.js';

/** The widest line of the help. */
const COLUMNS = 80;

/** Columns in front of the meaning of an exit code. */
const EXIT_CODE_COLUMNS = 12;

const EXAMPLES = [
  ['$0 ./public', 'all that is worth it, .gz and .br'],
  ['$0 ./public --dry-run --verbose', 'what would be done, file by file'],
  ['$0 ./public --check', 'whether the sidecars are right, for CI and commits'],
] as const;

/** The text of `--help`, in lines of at most 80 columns. */
export async function helpText(): Promise<string> {
  const [{ default: yargs }, { EXCLUDED_EXTENSIONS_BY_KIND }] = await Promise.all([
    import('yargs'),
    import('../index.js'),
  ]);
  const help = yargs([])
    .scriptName('wn-compress')
    .help(false)
    .version(false)
    .detectLocale(false)
    .wrap(COLUMNS)
    .parserConfiguration({ 'camel-case-expansion': false, 'boolean-negation': false })
    .usage(
      'Usage: $0 <root> [extensions..]\n\n' +
        'Compresses the static files in a directory (or one file) with gzip and brotli,\n' +
        'on every core, and puts app.js.gz and app.js.br beside app.js for web servers.\n' +
        'Extensions behind the root replace the list of those that are not compressed.\n' +
        '$0 cache path|stats|prune|clear looks after the cache,\n' +
        '$0 completion bash|zsh prints the completion of a shell.',
    )
    .epilogue(`${excludedText(EXCLUDED_EXTENSIONS_BY_KIND)}\n\n${exitCodeText()}`);
  for (const [command, meaning] of EXAMPLES) help.example(command, meaning);
  for (const group of GROUPS) {
    for (const { name, flag } of FLAGS.filter((candidate) => candidate.flag.group === group)) {
      help.option(shownName(name, flag), {
        describe: flag.describe,
        group,
        ...(flag.short === undefined ? {} : { alias: flag.short }),
      });
    }
  }
  // yargs takes the short option of one digit for a long one.
  const text = (await help.getHelp()).replace('    --null, --0', '-0, --null     ');
  return `${text}\n`;
}

function shownName(name: string, flag: Flag): string {
  if ('placeholder' in flag) return `${name} ${flag.placeholder}`;
  return flag.kind === 'boolean' && flag.shown === 'off' ? `no-${name}` : name;
}

function excludedText(byKind: Readonly<Record<string, readonly string[]>>): string {
  const kinds = Object.entries(byKind);
  const indent = 4 + Math.max(...kinds.map(([kind]) => kind.length));
  const lines = kinds.flatMap(([kind, extensions]) =>
    wrapWords(extensions, COLUMNS - indent).map(
      (line, index) => `  ${index === 0 ? kind : ''}`.padEnd(indent) + line,
    ),
  );
  return ['Extensions that are not compressed by default:', ...lines].join('\n');
}

function exitCodeText(): string {
  const meanings: readonly (readonly [string | number, string])[] = [
    [EXIT_CODES.done, 'done, also when there was nothing to do'],
    [EXIT_CODES.failed, 'something failed, the rest was still done; or a check found something'],
    [EXIT_CODES.unusable, 'it could not run: a wrong option, or a root that cannot be read'],
    [`${EXIT_CODES.SIGINT}, ${EXIT_CODES.SIGTERM}`, 'ended by Ctrl-C (SIGINT), by SIGTERM'],
  ];
  const lines = meanings.flatMap(([code, meaning]) =>
    wrapWords(meaning.split(' '), COLUMNS - EXIT_CODE_COLUMNS).map(
      (line, index) => `  ${index === 0 ? code : ''}`.padEnd(EXIT_CODE_COLUMNS) + line,
    ),
  );
  return ['Exit codes:', ...lines].join('\n');
}
