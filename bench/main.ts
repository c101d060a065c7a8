// Owns the command of the benchmark: from its arguments to results in files and an exit code. Knows
// nothing of how anything is measured or rendered.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP, parseArguments, type Request } from './arguments.js';
import { benchmark } from './benchmark.js';
import { renderChart } from './chart.js';
import { buildCorpus } from './corpus-cache.js';
import { ArgumentError, BenchError } from './errors.js';
import { installPackages } from './packages.js';
import { REPOSITORY } from './places.js';
import { replaceBetweenMarkers } from './readme.js';
import type { Results } from './results.js';
import { renderTables } from './table.js';

/** The chart as the README shows it. */
const CHART = '![Wall and CPU time beside other compressors](bench/results/chart.svg)';

async function run(request: Request): Promise<void> {
  if (request.task === 'help') {
    process.stdout.write(HELP);
    return;
  }
  installPackages();
  switch (request.task) {
    case 'build':
      build(request);
      break;
    case 'render':
      render(request.outFolder);
      break;
    case 'measure':
      await measure(request);
  }
}

function build({ corpora, quick }: Request): void {
  for (const name of corpora) {
    const corpus = buildCorpus(name, quick);
    if (corpus === undefined) continue;
    const { folder, files, bytes, sha256 } = corpus;
    console.log(`${name}: ${files} files, ${bytes} bytes, sha256 ${sha256}, ${folder}`);
  }
}

async function measure(request: Request): Promise<void> {
  let latest: Results | undefined;
  await benchmark(
    request,
    (line) => {
      console.error(line);
    },
    (results) => {
      latest = results;
      write(request.outFolder, results);
    },
  );
  if (latest === undefined) return;
  console.log(renderTables(latest));
  console.error(`The results are in ${request.outFolder}.`);
  const problems = latest.corpora.flatMap(({ name, problems }) =>
    problems.map((line) => `${name}: ${line}`),
  );
  for (const line of problems) console.error(`Problem: ${line}`);
  if (problems.some((line) => / ours\b/.test(line))) process.exitCode = 1;
}

/** Renders the results of an earlier run anew, into files and into the README. */
function render(folder: string): void {
  const latest = join(folder, 'latest.json');
  if (!existsSync(latest))
    throw new BenchError(`There is no ${latest}; run \`npm run bench\` first.`);
  const results = JSON.parse(readFileSync(latest, 'utf8')) as Results;
  write(folder, results);
  const readme = join(REPOSITORY, 'README.md');
  const content = `${CHART}\n\n${renderTables(results, 'short')}`;
  writeFileSync(readme, replaceBetweenMarkers(readFileSync(readme, 'utf8'), content));
}

function write(folder: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(folder, 'table.md'), renderTables(results));
  writeFileSync(join(folder, 'chart.svg'), renderChart(results));
}

try {
  await run(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`bench: ${error.message}`);
  if (error instanceof ArgumentError) console.error('See `npm run bench -- --help`.');
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
