// Owns the benchmark of `npx`, `npm run bench:npx`: what our command and its peers take on their way from nothing
// to sidecars. From its arguments to results in a file.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readRounds } from './arguments.js';
import { ArgumentError, BenchError } from './errors.js';
import { describeCommit, describeMachine } from './machine.js';
import { measureNpx } from './npx-runs.js';
import { renderNpx } from './npx-table.js';
import { installPackages } from './packages.js';
import { RESULTS_FOLDER } from './places.js';
import { hasGnuTime } from './timing.js';
import { defaultWorkPlace, makeWorkFolder } from './work-folder.js';

const ROUNDS = 9;

const HELP = `Usage: npm run bench:npx -- [options]

Measures npx, installed and not, with wn-compress, gzipper and precompress.

  --rounds <n>    how often, 1 to 100; ${ROUNDS}
  --out <folder>  where npx.md goes; bench/results
  --help          this text
`;

function parse(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        rounds: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function run(argv: readonly string[]): void {
  const values = parse(argv);
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const rounds = readRounds(values.rounds, ROUNDS);
  if (!hasGnuTime()) throw new BenchError('GNU time is missing: apt-get install time.');
  installPackages();
  const folder = makeWorkFolder(defaultWorkPlace());
  try {
    const rows = measureNpx(folder, rounds, (line) => {
      console.error(line);
    });
    const date = new Date().toISOString();
    const text = renderNpx({ rows, date, commit: describeCommit(), machine: describeMachine() });
    const out = resolve(values.out ?? RESULTS_FOLDER);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'npx.md'), text);
    console.log(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`bench: ${error.message}`);
  if (error instanceof ArgumentError) console.error('See `npm run bench:npx -- --help`.');
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
