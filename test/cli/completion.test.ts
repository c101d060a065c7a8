// Tests what `wn-compress completion` prints in the shells that it is for: called as a function, and at a
// terminal where a TAB is typed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { completionScript } from '../../src/cli/completion.js';
import { FLAGS, hasOffForm } from '../../src/cli/flags.js';
import { missing } from '../servers/availability.js';
import { Tree } from '../support/tree.js';
import { COMMAND, wnCompress } from './command.js';
import { InteractiveShell, NO_TERMINAL } from './interactive-shell.js';

const NO_BASH = missing('bash', ['bash', '--version']);
const NO_ZSH = missing('zsh', ['zsh', '--version']);
const PACKAGE = '/usr/share/bash-completion/bash_completion';
const NO_PACKAGE = missing('bash-completion', PACKAGE);

/** Names that a shell has to quote. */
const FILES = {
  'site one/a.css': '',
  [`it's "my" $HOME/b.css`]: '',
  'other/c.css': '',
  'the list.txt': '',
};

/** In place of the command: shows the words that it got. */
const BODY = String.raw`printf 'GOT'; printf '<%s>' "$@"; printf 'END\n'`;
const ECHO = `wn-compress() { ${BODY}; }`;

function folder(): Tree {
  const tree = new Tree({ ...FILES, 'tools/wn-compress': `#!/bin/sh\n${BODY}\n` });
  chmodSync(tree.join('tools/wn-compress'), 0o755);
  return tree;
}

function printed(shell: string): string {
  return `eval "$('${process.execPath}' '${COMMAND}' completion ${shell})"`;
}

/** Runs the command without the option that `wnCompress` puts in front. */
function completion(words: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [COMMAND, 'completion', ...words],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
  return { status, stdout, stderr };
}

describe('wn-compress completion', () => {
  it('prints the script of the shell that is named, or of the one that $SHELL names', () => {
    const zsh = { status: 0, stdout: completionScript('zsh'), stderr: '' };
    const bash = { status: 0, stdout: completionScript('bash'), stderr: '' };
    assert.deepEqual(completion(['zsh'], { SHELL: '/bin/bash' }), zsh);
    assert.deepEqual(completion([], { SHELL: '/usr/local/bin/zsh' }), zsh);
    assert.deepEqual(completion([], { SHELL: 'C:\\Git\\bin\\bash.exe' }), bash);
    // What is wrong with a configuration or the environment must not break the start of a shell.
    assert.deepEqual(completion(['bash'], { WN_COMPRESS_BOGUS: '1' }), bash);
  });

  it('says which shells it knows, and refuses what is not for it', async () => {
    const folder = '\nA folder of that name is ./completion\n';
    const rows: readonly (readonly [readonly string[], string, string])[] = [
      [['tcsh'], '/bin/bash', `expected one of bash, zsh, got tcsh${folder}`],
      [['bash', 'zsh'], '', `expected one of bash, zsh, got bash zsh${folder}`],
      [[], '/bin/da\u001bsh', `expected one of bash, zsh, got da\\x1bsh from $SHELL${folder}`],
      [[], '', `expected one of bash, zsh${folder}`],
      [['bash', '--json'], '', '--json is not for this command; drop it\n'],
    ];
    for (const [words, shell, message] of rows) {
      assert.deepEqual(completion(words, { SHELL: shell }), {
        status: 2,
        stdout: '',
        stderr: `wn-compress: completion: ${message}`,
      });
    }
    using tree = new Tree({ 'completion/a.txt': 'a'.repeat(500) });
    for (const words of [['./completion'], ['--files', 'completion/a.txt']]) {
      assert.equal((await wnCompress(words, { cwd: tree.path })).code, 0);
    }
    assert.deepEqual(
      tree.list(),
      ['a.txt', 'a.txt.br', 'a.txt.gz'].map((name) => `completion/${name}`),
    );
  });
});

/** What bash's function answers for some words, the last of which is being typed. */
function bashAnswers(lines: readonly (readonly string[])[]): string[][] {
  const calls = lines.map((words) => {
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    return `COMP_WORDS=(wn-compress ${quoted}) COMP_CWORD=${words.length} IFS=:
      _wn_compress wn-compress; printf '%s ' "\${COMPREPLY[@]-}"; echo`;
  });
  const script = `set -eu\n${completionScript('bash')}\n${calls.join('\n')}`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-s'], {
    input: script,
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').filter(Boolean));
}

describe('completion in bash', { skip: NO_BASH }, () => {
  it('offers every flag in every form, and the off forms that few want once --n is typed', () => {
    const [all = [], off = [], one = []] = bashAnswers([['--'], ['public', '--n'], ['-']]);
    const shownOff = FLAGS.filter(({ flag }) => flag.kind === 'boolean' && flag.shown === 'off');
    const names = FLAGS.map(({ name }) => `--${name}`);
    const shown = [...names, '--prune=all', ...shownOff.map(({ name }) => `--no-${name}`)];
    assert.deepEqual(all.sort(), shown.sort());
    const offForms = FLAGS.filter(hasOffForm).map(({ name }) => `--no-${name}`);
    const others = names.filter((name) => name.startsWith('--n'));
    assert.deepEqual(off.sort(), [...offForms, ...others].sort());
    const short = FLAGS.flatMap(({ flag }) => (flag.short === undefined ? [] : [`-${flag.short}`]));
    assert.deepEqual(one.sort(), [...shown, ...short].sort());
  });

  it('offers what belongs at each place, by the grammar of the command', () => {
    const digits = '0 1 2 3 4 5 6 7 8 9'.split(' ');
    const rows: readonly (readonly [string, readonly string[]])[] = [
      ['', ['cache', 'completion']],
      ['ca', ['cache']],
      ['--gz', ['--gzip', '--gzip-level']],
      ['--gzip-level ', digits],
      ['--gzip-level =', digits],
      ['--gzip-level = 9', ['9']],
      ['--gzip-level=9', ['--gzip-level=9']],
      ['--brotli-quality 1', ['1', '10', '11']],
      ['public --brotli-quality = 1', ['1', '10', '11']],
      ['--zstd-level 2', ['2', '20', '21', '22']],
      ['--prune =', ['all']],
      ['--prune = a', ['all']],
      ['--prune a', []],
      ['--prune=', ['--prune=all']],
      ['--threads ', []],
      ['-t ', []],
      ['-t --dr', ['--dry-run']],
      ['--threads = 4 c', ['cache', 'completion']],
      ['-t 4 c', ['cache', 'completion']],
      ['--follow c', ['cache', 'completion']],
      ['public ', []],
      ['public cache ', []],
      ['cache ', ['path', 'stats', 'prune', 'clear']],
      ['--json cache p', ['path', 'prune']],
      ['cache --cache-dir here s', ['stats']],
      ['cache stats ', []],
      ['cache --c', ['--cache-dir', '--cache-max-size', '--config', '--color']],
      ['cache --gz', []],
      ['completion ', ['bash', 'zsh']],
      ['completion -', []],
      ['-- -', []],
      ['-- cache ', []],
      ['--files ', []],
      ['--files c', []],
      ['--files cache s', []],
      ['--files-from = list cache s', []],
    ];
    const answers = bashAnswers(rows.map(([line]) => line.split(' ')));
    assert.deepEqual(
      rows.map(([line], index) => [line, answers[index]]),
      rows,
    );
  });
});

/** Types lines with a TAB at the end, and compares what the command got. */
async function completes(
  shell: InteractiveShell,
  rows: readonly (readonly [typed: string, words: readonly string[]])[],
): Promise<void> {
  await shell.shows(/READY> $/);
  for (const [typed, words] of rows) {
    const screen = await shell.type(`wn-compress ${typed}\t\r`, /GOT.*END\s+READY> $/);
    const [, got] = /GOT(.*)END/.exec(screen) ?? [];
    assert.equal(got, words.map((word) => `<${word}>`).join(''), typed);
  }
  // As it is called in a project that has it installed.
  const screen = await shell.type('./tools/wn-compress --dry\t\r', /GOT.*END\s+READY> $/);
  assert.match(screen, /GOT<--dry-run>END/);
}

const ODD = `it's "my" $HOME`;

describe('a TAB in bash', { skip: NO_BASH || NO_TERMINAL }, () => {
  const rows = [
    ['--gzip-l', ['--gzip-level']],
    ['--prune=a', ['--prune=all']],
    ['--prune a', ['--prune', 'a']],
    ['--gzip-level=', ['--gzip-level=']],
    ['cac', ['cache']],
    ['cache st', ['cache', 'stats']],
    ['site', ['site one/']],
    ['it', [`${ODD}/`]],
    [String.raw`it\'s\ \"`, [`${ODD}/`]],
    ['"site', ['site one/']],
    ['site\\ one/', ['site one/a.css']],
    ['the', ['the list.txt']],
    ['--config the', ['--config', 'the list.txt']],
    ['--config=the', ['--config=the list.txt']],
    ['--report the', ['--report', 'the list.txt']],
    ['--cache-dir oth', ['--cache-dir', 'other/']],
    ['--cache-dir the', ['--cache-dir', 'the']],
    ['--cache-dir=site', ['--cache-dir=site one/']],
    ['--threads oth', ['--threads', 'oth']],
    ['other oth', ['other', 'oth']],
    ['--files other/', ['--files', 'other/c.css']],
    ['--files other/c.css the', ['--files', 'other/c.css', 'the list.txt']],
  ] as const;

  it('completes options, values, commands, and names that have to be quoted', async () => {
    using tree = folder();
    const rc = ['PS1="READY> "', ECHO, 'set -u', printed('bash')];
    using home = new Tree({ rc: rc.join('\n') });
    await using shell = new InteractiveShell(
      `exec bash --noprofile --rcfile '${home.join('rc')}' -i`,
      tree.path,
      { HOME: home.path },
    );
    await completes(shell, rows);
    const screen = await shell.type('wn-compress cache \t\t', /stats\s+READY> .*cache $/);
    assert.match(screen, /clear +path +prune +stats/);
  });

  it(
    'completes the same where the package bash-completion finds the script by itself',
    { skip: NO_PACKAGE },
    async () => {
      using tree = folder();
      using home = new Tree({ rc: ['PS1="READY> "', ECHO, `source ${PACKAGE}`].join('\n') });
      place(home, '.local/share/bash-completion/completions/wn-compress', 'bash');
      await using shell = new InteractiveShell(
        `exec bash --noprofile --rcfile '${home.join('rc')}' -i`,
        tree.path,
        { HOME: home.path },
      );
      await completes(shell, rows);
    },
  );
});

describe('a TAB in zsh', { skip: NO_ZSH || NO_TERMINAL }, () => {
  const rows = [
    ['--gzip-l', ['--gzip-level']],
    ['--gzip-level=9', ['--gzip-level=9']],
    ['--brotli-quality 1', ['--brotli-quality', '1']],
    ['--prune=a', ['--prune=all']],
    ['--no-fol', ['--no-follow']],
    ['--no-follow cac', ['--no-follow', 'cache']],
    ['--no-gz', ['--no-gzip']],
    ['-t 4 comp', ['-t', '4', 'completion']],
    ['cache st', ['cache', 'stats']],
    ['cache --cache-d', ['cache', '--cache-dir']],
    ['cache --gzip-l', ['cache', '--gzip-l']],
    ['completion z', ['completion', 'zsh']],
    ['site', ['site one/']],
    ['it', [`${ODD}/`]],
    ['"the', ['the list.txt']],
    ['site\\ one/', ['site one/a.css']],
    ['the', ['the list.txt']],
    ['--config the', ['--config', 'the list.txt']],
    ['--config=the', ['--config=the list.txt']],
    ['--report the', ['--report', 'the list.txt']],
    ['--cache-dir oth', ['--cache-dir', 'other/']],
    ['--threads oth', ['--threads', 'oth']],
    ['other oth', ['other', 'oth']],
    ['--files other/', ['--files', 'other/c.css']],
    ['--files other/c.css the', ['--files', 'other/c.css', 'the list.txt']],
  ] as const;
  const SETTINGS = [
    'PS1="READY> "',
    'unsetopt BEEP PROMPT_SP AUTO_REMOVE_SLASH',
    'LISTMAX=9999',
    ECHO,
  ];

  it('completes options, values, commands, and names that have to be quoted', async () => {
    using tree = folder();
    using home = new Tree({ '.zshrc': [...SETTINGS, 'setopt nounset', printed('zsh')].join('\n') });
    await using shell = new InteractiveShell('exec zsh -d -i', tree.path, { HOME: home.path });
    await completes(shell, rows);
  });

  it('is read without a word under other options of the shell', () => {
    const script = `setopt nounset ksharrays shwordsplit\n${completionScript('zsh')}`;
    const { stdout, stderr } = spawnSync('zsh', ['-fc', script], { encoding: 'utf8' });
    assert.deepEqual([stdout, stderr], ['', '']);
  });

  it('lists every flag with what it means', async () => {
    using tree = folder();
    using home = new Tree({ '.zshrc': [...SETTINGS, printed('zsh')].join('\n') });
    await using shell = new InteractiveShell('exec zsh -d -i', tree.path, { HOME: home.path });
    await shell.shows(/READY> $/);
    // The list comes in pieces: it is there when the last of them is.
    const described = FLAGS.map(({ name, flag }) => {
      const shown = flag.kind === 'boolean' && flag.shown === 'off' ? `no-${name}` : name;
      const words = flag.describe.slice(0, 20).replaceAll(/\W/g, '\\$&');
      return `(?=[^]*--${shown} [^\\n]*-- ${words})`;
    });
    const screen = await shell.type('wn-compress -\t', new RegExp(`^${described.join('')}`));
    assert.match(screen, /--no-gzip/);
    assert.doesNotMatch(screen, /--no-follow/);
  });

  it('completes the same where the script is a file of $fpath', async () => {
    using tree = folder();
    const start = ['fpath=(~/functions $fpath)', 'autoload -Uz compinit', 'compinit -u'];
    using home = new Tree({ '.zshrc': [...SETTINGS, ...start].join('\n') });
    place(home, 'functions/_wn-compress', 'zsh');
    await using shell = new InteractiveShell('exec zsh -d -i', tree.path, { HOME: home.path });
    await completes(shell, rows);
  });
});

/** Puts a script where its shell looks for it. */
function place(home: Tree, path: string, shell: 'bash' | 'zsh'): void {
  mkdirSync(dirname(home.join(path)), { recursive: true });
  writeFileSync(home.join(path), completionScript(shell));
}
