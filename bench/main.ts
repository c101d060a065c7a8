// Owns the command of the benchmark: from its arguments to results in files and an exit code. Knows
// nothing of how anything is measured or rendered.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP, parseArguments, type Request } from './arguments.js';
import { benchmark } from './benchmark.js';
import { renderChart } from './chart.js';
import { buildCorpus } from './corpus-cache.js';
import { ArgumentError, BenchError } from './errors.js';
import { installPackages } from './packages.js';
import { REPOSITORY } from './places.js';
import { replaceBetweenMarkers } from './readme.js';
import { type Results } from './results.js';
import { renderTables } from './table.js';

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
}

/** Renders the results of an earlier run anew, those of the repository into its README as well. */
function render(folder: string): void {
  const results = JSON.parse(readFileSync(join(folder, 'latest.json'), 'utf8')) as Results;
  write(folder, results);
  const readme = join(REPOSITORY, 'README.md');
  const text = replaceBetweenMarkers(readFileSync(readme, 'utf8'), renderTables(results, 'short'));
  writeFileSync(readme, text);
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
