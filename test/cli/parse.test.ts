// Tests the reading of the command line: what is understood, and what is said of what is not.
// Nothing runs: what the options do is shown through the library.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError } from '../../src/cli/command-error.js';
import { parseArguments } from '../../src/cli/parse.js';
import type { Rendering } from '../../src/cli/rendering.js';
import { findRequest } from '../../src/cli/request.js';
import type { CompressOptions } from '../../src/index.js';

async function parsed(words: readonly string[]) {
  const request = await parseArguments(words);
  assert.equal(request.type, 'run');
  return request;
}

async function complaint(words: readonly string[]): Promise<string> {
  try {
    await parseArguments(words);
  } catch (error) {
    assert.ok(error instanceof CommandError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: `no complaint about ${words.join(' ')}` });
}

test('options stand before or behind the root, in every form', async () => {
  const rows: readonly (readonly [readonly string[], string, CompressOptions])[] = [
    [['public'], 'public', {}],
    [['--exclude', 'map/**', './public'], './public', { exclude: ['map/**'] }],
    [['./public', '--exclude', 'map/**'], './public', { exclude: ['map/**'] }],
    [['--exclude=a', '--exclude', 'b,c', 'p'], 'p', { exclude: ['a', 'b', 'c'] }],
    [['--include', '**/*.{js,css}', 'p'], 'p', { include: ['**/*.{js,css}'] }],
    [['--include=a=b\nc', 'p'], 'p', { include: ['a=b\nc'] }],
    [['--include="quoted"', 'p'], 'p', { include: ['"quoted"'] }],
    [['--include', "'", 'p'], 'p', { include: ["'"] }],
    [['--include=-x', 'p'], 'p', { include: ['-x'] }],
    [['--include', 'true', 'p'], 'p', { include: ['true'] }],
    [['-t4', 'p'], 'p', { threads: 4 }],
    [['-t', '4', 'p'], 'p', { threads: 4 }],
    [['-t=4', 'p'], 'p', { threads: 4 }],
    [['--threads', '4', '--threads=2', 'p'], 'p', { threads: 2 }],
    [['--min-size', '1.5kb', 'p'], 'p', { minSize: 1536 }],
    [['--gzip-level', '0', '--brotli-quality=3', 'p'], 'p', { gzipLevel: 0, brotliQuality: 3 }],
    [['--max-ratio', '.95', 'p'], 'p', { maxRatio: 0.95 }],
    [['--no-zstd', '--zstd-level=22', 'p'], 'p', { zstd: false, zstdLevel: 22 }],
    [['--', '-x'], '-x', {}],
    [['--follow', '--', '--foo'], '--foo', { follow: true }],
    [['--', '--help'], '--help', {}],
    [['0123'], '0123', {}],
    [['-'], '-', {}],
    [['p', 'jpg', '.PNG'], 'p', { skipExtensions: ['jpg', '.PNG'] }],
    [['p', 'jpg', '007'], 'p', { skipExtensions: ['jpg', '007'] }],
    [['p', '--skip-extensions', ''], 'p', { skipExtensions: [] }],
    [['p', '--skip-extensions='], 'p', { skipExtensions: [] }],
    [['p', 'jpg', '--skip-extensions', 'png,gif'], 'p', { skipExtensions: ['png', 'gif', 'jpg'] }],
  ];
  for (const [words, root, options] of rows) {
    const request = await parsed(words);
    assert.deepEqual([request.target.root, request.options], [root, options], words.join(' '));
  }
});

test('booleans have an on and an off form, and the last one counts', async () => {
  const rows: readonly (readonly [readonly string[], CompressOptions])[] = [
    [['--gzip'], { gzip: true }],
    [['--no-gzip'], { gzip: false }],
    [['--gzip=false'], { gzip: false }],
    [['--gzip=true'], { gzip: true }],
    [['--no-gzip', '--gzip'], { gzip: true }],
    [['--follow', '--no-follow'], { follow: false }],
    [['--no-dry-run'], { dryRun: false }],
  ];
  for (const [words, options] of rows) {
    assert.deepEqual((await parsed([...words, 'p'])).options, options, words.join(' '));
    assert.equal((await parsed([...words, 'p'])).target.root, 'p');
  }
});

test('the rendering follows from its flags', async () => {
  const plain: Rendering = { reporter: 'default', progress: true, color: undefined };
  const rows: readonly (readonly [readonly string[], Rendering])[] = [
    [[], plain],
    [['-v'], { ...plain, reporter: 'verbose' }],
    [['-q'], { ...plain, reporter: 'quiet', progress: false }],
    [['--json'], { ...plain, reporter: 'json' }],
    [['--json', '-v'], { ...plain, reporter: 'json' }],
    [['--json', '-q'], { ...plain, reporter: 'json', progress: false }],
    [['--no-json', '--no-quiet'], plain],
    [['--no-progress', '--progress'], plain],
    [['--no-progress'], { ...plain, progress: false }],
    [['--color'], { ...plain, color: true }],
    [['--no-color'], { ...plain, color: false }],
    [['-q', '--no-quiet', '-v'], { ...plain, reporter: 'verbose' }],
    [['--reporter', 'verbose'], { ...plain, reporter: 'verbose' }],
    [['--reporter=github'], { ...plain, reporter: 'github' }],
    [['--reporter=quiet'], { ...plain, reporter: 'quiet', progress: false }],
    [['--reporter=json', '-q'], { ...plain, reporter: 'json', progress: false }],
    [['--reporter=verbose', '--json'], { ...plain, reporter: 'json' }],
    [['--reporter=github', '--reporter=default'], plain],
  ];
  for (const [words, rendering] of rows) {
    assert.deepEqual((await parsed([...words, 'p'])).rendering, rendering, words.join(' '));
  }
});

test('help and version are answered whatever else stands there', async () => {
  assert.deepEqual(findRequest(['--bogus', '-h']), { type: 'help' });
  assert.deepEqual(findRequest(['p', '--version']), { type: 'version' });
  assert.equal(findRequest(['p', '--', '--version']), undefined);
  assert.deepEqual(await parseArguments(['-vh', 'p']), { type: 'help' });
});

test('what makes no sense is named as it was typed, with the value and what is allowed', async () => {
  const level = 'expected a whole number from 0 to 9, got';
  const threads = 'expected a whole number from 1 to 1024, got';
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['--gzip-level', '12', 'p'], `--gzip-level: ${level} "12"`],
    [['--gzip-level', '-1', 'p'], `--gzip-level: ${level} "-1"`],
    [['--gzip-level=1.5', 'p'], `--gzip-level: ${level} "1.5"`],
    [['-tabc', 'p'], `-t: ${threads} "abc"`],
    [['-t', '', 'p'], `-t: ${threads} ""`],
    [['--threads=', 'p'], `--threads: ${threads} ""`],
    [['p', '--threads'], `--threads: ${threads} nothing`],
    [['--threads', '--follow', 'p'], `--threads: ${threads} nothing`],
    [['p', '--threads', '--', 'jpg'], `--threads: ${threads} nothing`],
    [['--max-ratio', '2', 'p'], '--max-ratio: expected a number from 0 to 1, got "2"'],
    [
      ['--min-size', '10xb', 'p'],
      '--min-size: expected bytes, such as 500, 10kb or 1.5mb, got "10xb"',
    ],
    [['--gzip=maybe', 'p'], '--gzip: expected true or false, got "maybe"'],
    [['--no-gzip=1', 'p'], '--no-gzip: expected no value, got "1"'],
    [['-q', '--verbose', 'p'], '-q and --verbose contradict; drop one'],
    [
      ['--no-gzip', '--no-brotli', 'p'],
      '--no-gzip and --no-brotli together leave nothing to make; drop one, or add --zstd',
    ],
    [['--threads=\u001b[2J', 'p'], `--threads: ${threads} "\\u001b[2J"`],
  ];
  for (const [words, message] of rows) assert.equal(await complaint(words), message);
  assert.match(await complaint(['--include=', 'p']), /^--include: expected a list of .*, got ""$/);
  assert.match(await complaint(['p', '--exclude']), /^--exclude: expected .*, got nothing$/);
});

test('an unknown option is named, with the nearest one where one is near', async () => {
  const rows: readonly (readonly [string, string])[] = [
    ['--brotli-qualty', 'unknown option --brotli-qualty: did you mean --brotli-quality?'],
    ['--brotli-qualty=3', 'unknown option --brotli-qualty: did you mean --brotli-quality?'],
    ['--no-gzp', 'unknown option --no-gzp: did you mean --no-gzip?'],
    ['--no-threads', 'unknown option --no-threads: did you mean --threads?'],
    ['--no-help', 'unknown option --no-help'],
    ['--gzipLevel', 'unknown option --gzipLevel: did you mean --gzip-level?'],
    ['--bogus', 'unknown option --bogus'],
    ['--gzip-', 'unknown option --gzip-: did you mean --gzip?'],
    ['--__proto__', 'unknown option --__proto__'],
    ['--constructor', 'unknown option --constructor'],
    ['--_', 'unknown option --_'],
    ['--$0', 'unknown option --$0'],
    ['-quiet', 'unknown option -quiet: did you mean --quiet?'],
    ['-gzip-level=3', 'unknown option -gzip-level: did you mean --gzip-level?'],
    ['-verbos', 'unknown option -e in -verbos: did you mean --verbose?'],
    ['-V', 'unknown option -V: did you mean -v?'],
    ['-z', 'unknown option -z'],
    ['-vz', 'unknown option -z in -vz'],
    ['-5', 'unknown option -5'],
    ['--a\u001bb', 'unknown option --a\\x1bb'],
  ];
  for (const [word, message] of rows) assert.equal(await complaint([word, 'p']), message);
});

test('the root is one path, and what stands behind it is no path', async () => {
  assert.match(await complaint([]), /^no root was given.*\nusage: wn-compress <root>.*--help$/);
  assert.match(await complaint(['']), /^the root is empty/);
  assert.match(await complaint(['public/a.js', 'public/b.js']), /"public\/b\.js".*--include/s);
  assert.match(await complaint(['p', '']), /--skip-extensions ''/);
});
