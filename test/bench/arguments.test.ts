// Shows what the command line of the benchmark means, and that a slip is told and not guessed at.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { HELP, parseArguments } from '../../bench/arguments.js';
import { CORPUS_NAMES } from '../../bench/corpora.js';
import { ArgumentError } from '../../bench/errors.js';
import { PARTIAL_RESULTS_FOLDER, RESULTS_FOLDER } from '../../bench/places.js';
import { SUBJECT_NAMES } from '../../bench/subjects.js';
import { defaultWorkPlace } from '../../bench/work-folder.js';

describe('the arguments of the benchmark', () => {
  it('ask for everything, three rounds and the committed results when nothing is said', () => {
    assert.deepEqual(parseArguments([]), {
      task: 'measure',
      quick: false,
      corpora: [...CORPUS_NAMES],
      subjects: [...SUBJECT_NAMES],
      rounds: 3,
      other: undefined,
      workPlace: defaultWorkPlace(),
      outFolder: RESULTS_FOLDER,
    });
  });

  it('never let a run that leaves something out overwrite the committed results', () => {
    for (const argv of [['--quick'], ['--corpus=small'], ['--subject=xargs'], ['--ours=x.js']]) {
      assert.equal(parseArguments(argv).outFolder, PARTIAL_RESULTS_FOLDER, argv.join(' '));
    }
  });

  it('take one round for --quick, unless --rounds says otherwise', () => {
    assert.equal(parseArguments(['--quick']).rounds, 1);
    assert.equal(parseArguments(['--quick', '--rounds', '5']).rounds, 5);
  });

  it('bring lists into the order in which things run', () => {
    const { corpora, subjects } = parseArguments(['--corpus=wide, small', '--subject=pigz,floor']);
    assert.deepEqual(corpora, ['small', 'wide']);
    assert.deepEqual(subjects, ['floor', 'pigz']);
  });

  it('resolve paths against the folder in which they were typed', () => {
    const argv = ['--ours', 'x/wn-compress.js', '--out', 'y', '--work', 'z'];
    const { other, outFolder, workPlace } = parseArguments(argv);
    assert.equal(other, resolve('x/wn-compress.js'));
    assert.equal(outFolder, resolve('y'));
    assert.equal(workPlace, resolve('z'));
  });

  it('know their tasks', () => {
    assert.equal(parseArguments(['--help']).task, 'help');
    assert.equal(parseArguments(['--build-only']).task, 'build');
    assert.equal(parseArguments(['--write-readme']).task, 'render');
  });

  it('refuse what makes no sense', () => {
    const cases: [string[], RegExp][] = [
      [['--corpus', 'smal'], /--corpus: "smal" is none of small, site/],
      [['--subject', 'ours,'], /--subject: "" is none of/],
      [['--rounds', '0'], /--rounds: "0" is not a whole number from 1 to 100/],
      [['--rounds', '1.5'], /--rounds: "1.5"/],
      [['--rounds'], /rounds/],
      [['--fast'], /--fast/],
      [['small'], /small/],
      [['--build-only', '--write-readme'], /two tasks/],
    ];
    for (const [argv, message] of cases) {
      assert.throws(
        () => parseArguments(argv),
        (error) => error instanceof ArgumentError && message.test(error.message),
        argv.join(' '),
      );
    }
  });

  it('are all explained by --help', () => {
    for (const option of [
      'quick',
      'corpus',
      'subject',
      'rounds',
      'ours',
      'work',
      'out',
      'build-only',
    ]) {
      assert.match(HELP, new RegExp(`^  --${option}\\b`, 'm'));
    }
    assert.ok(HELP.split('\n').every((line) => line.length <= 100));
  });
});
