// Owns the benchmark of the cache, `npm run bench:cache`: from its arguments to results in a file. Knows
// nothing of how anything is measured or rendered.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_HELP, type CacheRequest, parseCacheArguments } from './cache-arguments.js';
import { measureLayouts } from './cache-layout.js';
import type { CacheResults } from './cache-results.js';
import { CacheRuns } from './cache-runs.js';
import { renderCacheTables } from './cache-table.js';
import { type BuiltCorpus, buildCorpus } from './corpus-cache.js';
import { ArgumentError, BenchError } from './errors.js';
import { describeCommit, describeMachine } from './machine.js';
import { installPackages } from './packages.js';
import { plannedSources } from './planned.js';
import { THREADS } from './subjects.js';
import { hasGnuTime } from './timing.js';
import { WorkingCopy } from './tree.js';
import { kindOfPlace, makeWorkFolder } from './work-folder.js';

function say(line: string): void {
  console.error(line);
}

async function measure(request: CacheRequest, corpus: BuiltCorpus): Promise<CacheResults> {
  const date = new Date().toISOString();
  const folder = makeWorkFolder(request.workPlace);
  try {
    const workPlace = kindOfPlace(folder);
    using copy = new WorkingCopy(corpus.folder, join(folder, 'tree'));
    const { files: sources } = await plannedSources(copy.folder);
    const runs = new CacheRuns({ copy, sources, folder, say });
    runs.measureCold(request.coldRounds);
    runs.measureWarm(request.rounds);
    const layout = measureLayouts(request.layoutEntries, request.coldRounds, folder, say);
    const { name, files, bytes } = corpus;
    return {
      ...{ date, commit: describeCommit(), machine: describeMachine(), threads: THREADS },
      ...{ workPlace, quick: request.quick, corpus: { name, files, bytes } },
      ...{ sources: sources.length, figures: runs.figures, changedFile: runs.changedFile },
      ...{ othersShares: runs.othersShares, layout },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(request: CacheRequest): Promise<void> {
  if (request.isHelp) {
    process.stdout.write(CACHE_HELP);
    return;
  }
  if (!hasGnuTime()) throw new BenchError('GNU time is missing: apt-get install time.');
  installPackages();
  const corpus = buildCorpus(request.corpus, request.quick);
  if (corpus === undefined) throw new BenchError(`${request.corpus} has no part in --quick.`);
  const results = await measure(request, corpus);
  mkdirSync(request.outFolder, { recursive: true });
  const file = join(request.outFolder, 'cache.md');
  writeFileSync(file, renderCacheTables(results));
  console.log(renderCacheTables(results, 'short'));
  say(`The results are in ${file}.`);
}

try {
  await run(parseCacheArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`bench: ${error.message}`);
  if (error instanceof ArgumentError) console.error('See `npm run bench:cache -- --help`.');
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
