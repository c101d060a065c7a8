// Owns the order of a benchmark: arguments, packages, corpora. Knows
// nothing of how any of these is done.
import { HELP, parseArguments, type Request } from './arguments.js';
import { buildCorpus } from './corpus-cache.js';
import { ArgumentError, BenchError } from './errors.js';
import { installPackages } from './packages.js';

function run(request: Request): void {
  if (request.task === 'help') {
    process.stdout.write(HELP);
    return;
  }
  installPackages();
  for (const name of request.corpora) {
    const corpus = buildCorpus(name, request.quick);
    if (corpus === undefined) continue;
    const { folder, files, bytes, sha256 } = corpus;
    console.log(`${name}: ${files} files, ${bytes} bytes, sha256 ${sha256}, ${folder}`);
  }
}

try {
  run(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`bench: ${error.message}`);
  if (error instanceof ArgumentError) console.error('See `npm run bench -- --help`.');
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
