// Owns the flags that are the command line's own, and no option of the library.
import type { Flag } from './flag.js';
import { REPORTER_NAMES } from './reporter-name.js';

/** The flags that ask for another kind of run, and are the command line's own. */
export const MODE_FLAGS = {
  files: {
    kind: 'boolean',
    group: 'Which files:',
    describe: 'what is named are files, not a root: just these, as hooks name them',
  },
  filesFrom: {
    kind: 'value',
    group: 'Which files:',
    placeholder: '<file|->',
    names: 'file',
    describe: 'the same, named in a file or on stdin, one a line',
    read: (text) => text,
  },
  null: {
    kind: 'boolean',
    short: '0',
    group: 'Which files:',
    describe: 'of --files-from: NULs divide the names, and not newlines',
  },
  gitAdd: {
    kind: 'boolean',
    group: 'The run:',
    describe: 'stage the sidecars in git, for hooks before a commit',
  },
  check: {
    kind: 'boolean',
    group: 'The run:',
    describe:
      'write nothing; list sidecars that are stale, missing, oversized or orphaned, and exit 1',
  },
} as const satisfies Record<string, Flag>;

/** The flags that are about the configuration, and are the command line's own. */
export const CONFIG_FLAGS = {
  config: {
    kind: 'value',
    hasOff: true,
    group: 'Configuration:',
    placeholder: '<file>',
    names: 'file',
    describe:
      'default: wn-compress.config.{js,mjs,json}, or "wn-compress" in package.json, nearest upwards; --no-config: none',
    read: (text) => text,
  },
  printConfig: {
    kind: 'boolean',
    group: 'Configuration:',
    describe: 'only print the options that a run would have, and the place of each',
  },
} as const satisfies Record<string, Flag>;

/** The flags that are about what is shown, and are the command line's own. */
export const RENDERING_FLAGS = {
  reporter: {
    kind: 'value',
    choices: REPORTER_NAMES,
    group: 'What is shown:',
    placeholder: '<name>',
    describe: `${REPORTER_NAMES.slice(0, -1).join(', ')} or github: annotations and a summary of the job, chosen by itself under GitHub Actions`,
    read: (text) => text,
  },
  verbose: {
    kind: 'boolean',
    short: 'v',
    group: 'What is shown:',
    describe:
      'short for --reporter verbose: a line for each file written or skipped, and the largest savings',
  },
  quiet: {
    kind: 'boolean',
    short: 'q',
    group: 'What is shown:',
    describe: 'short for --reporter quiet: nothing but errors',
  },
  json: {
    kind: 'boolean',
    group: 'What is shown:',
    describe: 'short for --reporter json: the report as one JSON document on stdout',
  },
  report: {
    kind: 'value',
    group: 'What is shown:',
    placeholder: '<file.html>',
    names: 'file',
    describe: 'also a page to look at: a treemap of what is sent, and what to try',
    read: (text) => text,
  },
  progress: {
    kind: 'boolean',
    shown: 'off',
    group: 'What is shown:',
    describe: 'no progress on stderr',
  },
  color: {
    kind: 'boolean',
    shown: 'off',
    group: 'What is shown:',
    describe: 'no colours; NO_COLOR and FORCE_COLOR are heard too',
  },
  help: { kind: 'request', short: 'h', group: 'What is shown:', describe: 'this text' },
  version: { kind: 'request', group: 'What is shown:', describe: 'the version' },
} as const satisfies Record<string, Flag>;
