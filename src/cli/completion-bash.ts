// Owns the script that makes bash complete our command lines, from 3.2 on (macOS), with or without the package
// bash-completion. It is evaluated: 3.2 reads nothing where a script comes by `source <(…)`. Knows the tables,
// and no flag by name but --files.
import { COMMANDS } from './commands.js';
import { CACHE_COMMAND_KEYS, FLAGS, hasOffForm, type NamedFlag, takesValue } from './flags.js';

/** The script, to be sourced. */
export function bashScript(): string {
  return `# Makes bash complete wn-compress: eval "$(wn-compress completion bash)"
_wn_compress() {
  local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]-} word option='' last='' prefix=''
  local command='' files='' ended='' words='' i place=0
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]-}
    # Where = divides words, --name=value is three.
    if [[ $word == = && $last ]]; then option=$last last=''; continue; fi
    last=''
    if [[ $option && $word != -?* ]]; then option=''; continue; fi
    option=''
    if [[ ! $ended ]]; then
      case $word in
        --) ended=1; continue ;;
        ${patternOf(FLAGS.filter(takesValue))}) option=$word last=$word ;;
        -?*) last=$word ;;
      esac
      case $word in --files | --files-from | --files-from=*) files=1 ;; esac
      [[ $word != -?* ]] || continue
    fi
    place=$((place + 1))
    if ((place == 1)) && [[ ! $ended ]]; then command=$word; fi
  done
  if [[ $cur == = && $last ]]; then option=$last cur='' last='='
  elif [[ $option ]] && ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then last='='
  elif [[ ! $ended && $cur == --*=* ]]; then option=\${cur%%=*} prefix=$option= cur=\${cur#*=} last='='
  else last=''; fi
  if [[ $option && ($last == = || $cur != -*) ]]; then
    # Nothing to complete it by: no names of files, then.
    case $option in
${valueCases()}
    esac
    _wn_compress_only
  elif [[ ! $ended && $cur == -* ]]; then
    case $command in
${optionCases()}
    esac
  elif [[ $files ]]; then return 0
  elif ((place == 0)); then
    # A root is mostly a folder; when none fits, bash goes on with files.
    words='${COMMANDS.map(({ name }) => name).join(' ')}'
    compopt -o plusdirs 2>/dev/null || :
  else
    ((place > 1)) || case $command in
${COMMANDS.map(({ name, words }) => `      ${name}) words='${Object.keys(words).join(' ')}' ;;`).join('\n')}
    esac
    _wn_compress_only
  fi
  COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$cur")) || :
}

# Keeps bash from going on with names of files; before 4.0 it does.
_wn_compress_only() { compopt +o default +o bashdefault 2>/dev/null || :; }

complete -o bashdefault -o default -F _wn_compress wn-compress
`;
}

/** The flags as a pattern of \`case\`: \`--threads | -t\`. */
function patternOf(flags: readonly NamedFlag[]): string {
  return flags.flatMap(spellingsOf).join(' | ');
}

function spellingsOf({ name, flag }: NamedFlag): string[] {
  return [`--${name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])];
}

/** What stands behind each option; names of files and folders are left to bash, which can quote them. */
function valueCases(): string {
  const cases = FLAGS.flatMap((named) => {
    const { flag } = named;
    const pattern = patternOf([named]);
    if (flag.kind === 'boolean' && flag.third !== undefined) {
      return [`      ${pattern}) words='${flag.third}' ;;`];
    }
    if (!('read' in flag)) return [];
    if (flag.choices !== undefined)
      return [`      ${pattern}) words='${flag.choices.join(' ')}' ;;`];
    if (flag.names === 'file') return [`      ${pattern}) return 0 ;;`];
    if (flag.names !== 'folder') return [];
    return [
      `      ${pattern}) _wn_compress_only; compopt -o dirnames 2>/dev/null || :; return 0 ;;`,
    ];
  });
  return cases.join('\n');
}

/** The options of each command, and of a run; off forms that few want only when one is being typed. */
function optionCases(): string {
  const ofCache = FLAGS.filter(({ key }) => CACHE_COMMAND_KEYS.includes(key));
  return [optionCase('cache', ofCache), '      completion) ;;', optionCase('*', FLAGS)].join('\n');
}

function optionCase(command: string, flags: readonly NamedFlag[]): string {
  const off = flags.filter((named) => hasOffForm(named) && !isShownOff(named));
  return `      ${command})
        words='${flags.flatMap(wordsOf).join(' ')}'
        [[ $cur != --n* ]] || words+=' ${off.map(({ name }) => `--no-${name}`).join(' ')}' ;;`;
}

function isShownOff({ flag }: NamedFlag): boolean {
  return flag.kind === 'boolean' && flag.shown === 'off';
}

function wordsOf(named: NamedFlag): string[] {
  const { name, flag } = named;
  const third =
    flag.kind === 'boolean' && flag.third !== undefined ? [`--${name}=${flag.third}`] : [];
  return [...spellingsOf(named), ...third, ...(isShownOff(named) ? [`--no-${name}`] : [])];
}
