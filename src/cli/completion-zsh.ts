// Owns the script that makes zsh complete our command lines. Knows the tables, and no flag by name but --files.
import { COMMANDS } from './commands.js';
import { CACHE_COMMAND_KEYS, FLAGS, hasOffForm, type NamedFlag, takesValue } from './flags.js';

/** The script, to be sourced, or to be kept as `_wn-compress` in a folder of `$fpath`. */
export function zshScript(): string {
  const ofCache = FLAGS.filter(({ key }) => CACHE_COMMAND_KEYS.includes(key));
  return `#compdef wn-compress
# Makes zsh complete wn-compress: eval "$(wn-compress completion zsh)"
_wn-compress() {
  local -a options rest
  local hidden='!'
  # Few want the other off forms: only when one is being typed.
  [[ $PREFIX != --n* ]] || hidden=''
  if ((CURRENT > 2)); then
    case $words[2] in
${COMMANDS.map(({ name }) => commandCase(name, name === 'cache' ? ofCache : [])).join('\n')}
    esac
  fi
${optionLines(FLAGS, '  ')}
  if ((\${words[(I)--files]} || \${words[(I)--files-from*]})); then
    rest=('*:file:_files')
  else
    rest=('1:root:_wn-compress-root' '*:extension: ')
  fi
  _arguments -s -S "\${options[@]}" "\${rest[@]}"
}

_wn-compress-root() {
  _alternative 'roots:root:_files' ${quote(`commands:command:((${described(COMMANDS.map(({ name, describe }) => [name, describe]))}))`)}
}

# Called by the completion itself when this is a file of $fpath.
if [[ \${funcstack[1]-} == _wn-compress ]]; then
  _wn-compress "$@"
else
  ((\${+functions[compdef]})) || { autoload -Uz compinit && compinit; }
  compdef _wn-compress wn-compress
fi
`;
}

/** What stands behind a command. */
function commandCase(command: string, flags: readonly NamedFlag[]): string {
  const { words = {} } = COMMANDS.find(({ name }) => name === command) ?? {};
  return `      ${command})
        shift words
        ((CURRENT -= 1))
${optionLines(flags, '        ')}
        _arguments -s -S "\${options[@]}" ${quote(`1:${command}:((${described(Object.entries(words))}))`)}
        return ;;`;
}

/** Words with what they mean, as an action of `_arguments` lists them. */
function described(words: readonly (readonly [string, string])[]): string {
  return words.map(([word, meaning]) => `${word}\\:"${meaning}"`).join(' ');
}

/** The options; the off forms that few want are known, and shown only when one is being typed. */
function optionLines(flags: readonly NamedFlag[], indent: string): string {
  const lines = flags.flatMap((named) => [...optionsOf(named), ...offFormOf(named)]);
  return [`${indent}options=(`, ...lines.map((line) => `${indent}  ${line}`), `${indent})`].join(
    '\n',
  );
}

/** What `_arguments` is told of a flag. */
function optionsOf(named: NamedFlag): string[] {
  const { name, flag } = named;
  const { short } = flag;
  const spellings = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
  const others = hasOffForm(named) ? [`--no-${name}`] : [];
  const isRepeatable = flag.kind === 'list';
  const exclusive = isRepeatable ? '*' : `(${[...spellings, ...others].join(' ')})`;
  if (flag.kind === 'boolean' && flag.shown === 'off') {
    return [
      quote(`${exclusive}--no-${name}${bracket(flag.describe)}`),
      quote(`${exclusive}--${name}${bracket(`turns --no-${name} off`)}`),
    ];
  }
  const value = valueOf(named);
  return spellings.map((spelling) => {
    const joint = !takesValue(named) ? '' : spelling.startsWith('--') ? '=' : '+';
    const optional = flag.kind === 'boolean' && flag.third !== undefined ? '=-' : joint;
    return quote(`${exclusive}${spelling}${optional}${bracket(flag.describe)}${value}`);
  });
}

function offFormOf(named: NamedFlag): string[] {
  const { name, flag } = named;
  if (!hasOffForm(named) || (flag.kind === 'boolean' && flag.shown === 'off')) return [];
  return [
    `"$hidden"${quote(`(--${name} --no-${name})--no-${name}${bracket(`turns --${name} off`)}`)}`,
  ];
}

/** What stands behind it: `:level:(0 1 2)`. */
function valueOf({ flag, name }: NamedFlag): string {
  if (flag.kind === 'boolean') return flag.third === undefined ? '' : `::${name}:(${flag.third})`;
  if (!('read' in flag)) return '';
  const message = flag.placeholder.replace(/^<(.*)>$/, '$1').replaceAll(':', '\\:');
  if (flag.choices !== undefined) return `:${message}:(${flag.choices.join(' ')})`;
  if (flag.names === undefined) return `:${message}: `;
  return `:${message}:${flag.names === 'file' ? '_files' : '_files -/'}`;
}

/** The description of an option, as `_arguments` wants it. */
function bracket(text: string): string {
  return `[${text.replace(/[\\[\]]/g, '\\$&')}]`;
}

/** One word of the shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
