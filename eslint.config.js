// Lint rules: type-aware checks (floating promises above all) and the import arrows of
// CONTRIBUTING.md: bin → cli → index → compress → {scan, plan, pool, report} → leaves.
import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const NODE_BUILTINS = {
  regex: '^node:',
  message: 'This module is pure: it imports no node: module.',
};

/** The only file of the cli that finds files. */
const CONFIG_FILE = 'src/cli/config-file.ts';

/** What runs in the browser. */
const PAGE_SCRIPT = 'src/cli/page/client/*.ts';

/** Modules that only the files that own them may import. */
const OWNED_MODULES = {
  'fast-glob': ['src/walk.ts'],
  micromatch: ['src/select.ts'],
  piscina: ['src/pool.ts'],
  'd3-hierarchy': ['src/cli/page/client/layout.ts'],
  'node:zlib': ['src/codec.ts', 'src/decoder.ts', 'src/zstd-encoder.ts'],
  'find-up-simple': ['src/cache/location.ts', CONFIG_FILE],
  cachedir: ['src/cache/location.ts'],
};
const OWNERS = [...new Set(Object.values(OWNED_MODULES).flat())].filter(
  (file) => file !== CONFIG_FILE,
);

/** The stages, and those who may put them together. */
const STAGES = ['scan', 'plan', 'pool', 'report'];
const CONDUCTORS = ['src/index.ts', 'src/compress.ts', 'src/run-plan.ts', 'src/check/*.ts'];

const stagePattern = (names) => ({
  regex: `/(${names.join('|')})\\.js$`,
  message: 'Only src/compress.ts and src/check put the stages together.',
  allowTypeImports: true,
});

const ownedPatterns = (file) => [
  {
    regex: '^node:process$',
    message: 'To import it opens the standard streams of whoever uses the library.',
  },
  ...Object.entries(OWNED_MODULES)
    .filter(([, owners]) => !owners.includes(file))
    .map(([name, owners]) => ({
      regex: `^${name}$`,
      message: `Only ${owners.join(' and ')} import ${name}.`,
    })),
];

const CLI_PATTERN = { regex: '(^|/)cli/', message: 'The library knows nothing of the cli.' };
const CONDUCTOR_PATTERN = {
  regex: '/(index|compress)\\.js$',
  message: 'Imports point one way: a stage or leaf knows nothing of what conducts it.',
};
const BENCH_PATTERN = { regex: '(^|/)bench/', message: 'Nothing but its tests imports bench.' };
const WORKER_PATTERN = { regex: '(^|/)workers/', message: 'Workers are started by path only.' };

/** Modules that know no platform, so that they are tested by tables. */
const PURE_FILES = [
  'plan',
  'report',
  'select',
  'content-coding',
  'excluded-extensions',
  'keep-rule',
  'order',
  'shard',
  'config',
  'memory',
  'dispatch',
  'batch-answer',
  'check/check-report',
];

/** What a file of the library may not import. */
const libraryPatterns = (file) => [
  CLI_PATTERN,
  BENCH_PATTERN,
  WORKER_PATTERN,
  CONDUCTOR_PATTERN,
  stagePattern(STAGES),
  ...ownedPatterns(file),
];

/** One config entry: what `files` may not import. Of several for one file, the last one counts. */
const restrict = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

const NO_PROCESS = {
  'no-restricted-globals': [
    'error',
    { name: 'process', message: 'Only bin and src/cli touch it.' },
  ],
  'no-console': 'error',
};

export default defineConfig(
  globalIgnores([
    'dist/',
    '**/node_modules/',
    'coverage/',
    'bench/.corpora/',
    'bench/.results/',
    'bench/.venv/',
  ]),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './src/cli/page/client/tsconfig.json'] },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Else `import { type X } from` still loads the module at run time: --version loaded the library so.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:test's describe and it return promises that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['**/*.mjs', '*.js', 'docs/servers/*.js', 'examples/*/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
      },
    },
  },
  {
    // What browsers are sent.
    files: ['examples/**/{src,static,public}/*.js'],
    languageOptions: {
      globals: {
        document: 'readonly',
        fetch: 'readonly',
        navigator: 'readonly',
        performance: 'readonly',
        setInterval: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    // These ask for process ids, the limit on memory, the versions of the codecs and the environment's
    // folder of the cache, which nothing else knows.
    ignores: [
      'src/cli/**',
      'src/temporary-file.ts',
      'src/usable-memory.ts',
      'src/cache/fingerprint.ts',
      'src/cache/location.ts',
    ],
    rules: NO_PROCESS,
  },
  restrict(['src/*.ts', 'src/cache/*.ts'], libraryPatterns('')),
  ...OWNERS.map((file) => restrict([file], libraryPatterns(file))),
  ...PURE_FILES.map((name) => `src/${name}.ts`).map((file) =>
    restrict([file], [NODE_BUILTINS, ...libraryPatterns(file)]),
  ),
  restrict(CONDUCTORS, [CLI_PATTERN, WORKER_PATTERN, ...ownedPatterns('')]),
  restrict(
    ['workers/**/*.ts'],
    [
      {
        regex: '/src/(index|compress|run-plan|scan|plan|pool|report|check/.*)\\.js$',
        message: 'Workers import leaves only.',
        allowTypeImports: true,
      },
      { regex: '/cli/', message: 'Workers import leaves only.' },
      ...ownedPatterns(''),
    ],
  ),
  ...['src/cli/*.ts', CONFIG_FILE, 'src/cli/*/**/*.ts'].map((file) =>
    restrict(
      [file],
      [
        {
          regex: `^(\\.\\./){${file.includes('/*/') ? 2 : 1},}(?!index\\.js$)`,
          message: 'The cli uses what users use: the library through its index.js.',
        },
        ...ownedPatterns(file),
      ],
    ),
  ),
  restrict(
    ['src/cli/page/*.ts'],
    [
      {
        regex: '^\\.\\./\\.\\./(?!index\\.js$)',
        message: 'The cli uses what users use: ../../index.js.',
      },
      { regex: '/client/', message: 'The script of the page is bundled by scripts/page.mjs.' },
      ...ownedPatterns(''),
    ],
  ),
  restrict(
    [PAGE_SCRIPT],
    [
      NODE_BUILTINS,
      {
        regex: '^\\.\\./(?!page-data\\.js$|\\.\\./(format|sanitize)\\.js$)',
        message: 'What the script of the page imports is sent with every page.',
      },
    ],
  ),
  restrict(
    ['bin/**/*.ts'],
    [{ regex: '^\\.\\./src/(?!cli/)', message: 'bin hands over to the cli.' }],
  ),
);
