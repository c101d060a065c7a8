// Owns the results of the benchmark of the cache as Markdown: all of them for cache.md, and the table of
// targets that a README can show. Pure: results in, text out.
import {
  type CacheResults,
  type CacheRunName,
  findingsOf,
  type Finding,
  isMet,
} from './cache-results.js';
import { formatCount, formatMegabytes, formatSeconds, markdownTable, NONE } from './figures.js';
import { median, type Spread, spread } from './statistics.js';

const RUN_TITLES: Readonly<Record<CacheRunName, string>> = {
  'cold-off': 'cold, `--no-cache`',
  'cold-on': 'cold, into an empty cache',
  second: 'second run, nothing changed',
  touched: 'the same, one file written anew with the same bytes',
  changed: 'the same, one file changed',
  restore: 'everything restored into an emptied output',
  check: '`--check`, nothing changed',
  reading: 'reading and SHA-256 of the sources, in one process',
  bare: '`node -e 0`',
};

const RUN_NAMES = Object.keys(RUN_TITLES) as CacheRunName[];

/** Renders all results, or for `short` the targets alone. */
export function renderCacheTables(results: CacheResults, extent: 'all' | 'short' = 'all'): string {
  const parts =
    extent === 'short'
      ? [renderTargets(results), renderCircumstances(results)]
      : [
          '# The cache',
          renderCircumstances(results),
          'Written by `npm run bench:cache`; what each line means is said in bench/README.md.',
          renderTargets(results),
          '## CPU time of each run',
          renderRuns(results),
          renderChangedFile(results),
          '## Layout',
          renderLayout(results),
        ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderCircumstances(results: CacheResults): string {
  const { machine, corpus, quick, othersShares } = results;
  const share = (figure: number) => `${(figure * 100).toFixed(0)} %`;
  const others =
    othersShares.length === 0
      ? ''
      : ` Other processes used ${share(median(othersShares))} of the machine during a run, at most ` +
        `${share(Math.max(...othersShares))}.`;
  return (
    `${results.date.slice(0, 10)}, commit ${results.commit}: ${machine.cpu}, ` +
    `${machine.cores} cores, ${(machine.memoryBytes / 1e9).toFixed(0)} GB of memory, ` +
    `${machine.kernel}, Node ${machine.node} (zlib ${machine.zlib}, brotli ${machine.brotli}), ` +
    `${results.threads} threads, files ${results.workPlace === 'memory' ? 'in memory' : 'on a disk'}; ` +
    `corpus \`${corpus.name}\`, ${formatCount(corpus.files)} files, ${formatMegabytes(corpus.bytes)}, ` +
    `${formatCount(results.sources)} of them sources` +
    `${quick ? '; `--quick`: a small part, too little for conclusions' : ''}.${others}`
  );
}

function renderTargets(results: CacheResults): string {
  const rows = findingsOf(results).map((finding) => {
    const { title, unit, found, target } = finding;
    const met = isMet(finding);
    return [
      title,
      formatSpread(found, unit),
      target === undefined ? NONE : `≤ ${formatFigure(target, unit)}`,
      met === undefined ? NONE : met ? 'yes' : 'no',
    ];
  });
  return markdownTable(['CPU time', 'found', 'target', 'met'], rows);
}

function renderRuns({ figures }: CacheResults): string {
  const rows = RUN_NAMES.map((name) => {
    const found = spread([...(figures.get(name)?.values() ?? [])]);
    const rounds = String(found?.count ?? 0);
    return [RUN_TITLES[name], formatSpread(found, 'ms'), rounds];
  });
  return markdownTable(['run', 'CPU', 'rounds'], rows);
}

function renderChangedFile({ changedFile }: CacheResults): string {
  const { relativePath, bytes, encodeMs } = changedFile;
  return (
    `The file that is changed is \`${relativePath}\`, ${formatCount(bytes)} bytes; its encode takes ` +
    `${encodeMs.toFixed(1)} ms.`
  );
}

function renderLayout({ layout }: CacheResults): string {
  const time = (ms: number) =>
    ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : formatSeconds(ms);
  const rows = layout.results.map(({ name, diskBytes, steps }) => [
    name,
    ...[time(steps.add.cpuMs), time(steps.add.wallMs)],
    ...[time(steps.load.cpuMs), time(steps.load.wallMs)],
    ...[time(steps.read.cpuMs), time(steps.read.wallMs)],
    formatMegabytes(diskBytes),
  ]);
  const head = ['layout', 'add: CPU', 'wall', 'load: CPU', 'wall', 'read: CPU', 'wall', 'on disk'];
  const what =
    `${formatCount(layout.entries)} entries, ${formatMegabytes(layout.payloadBytes)} of payload; ` +
    `medians of ${layout.rounds} ${layout.rounds === 1 ? 'round' : 'rounds'}, without starts.`;
  return `${what}\n\n${markdownTable(head, rows)}`;
}

function formatSpread(found: Spread | undefined, unit: Finding['unit']): string {
  if (found === undefined) return NONE;
  const { least, most, count } = found;
  const middle = formatFigure(found.median, unit);
  if (count === 1) return middle;
  return `${middle} (${formatFigure(least, unit)} to ${formatFigure(most, unit)})`;
}

function formatFigure(figure: number, unit: Finding['unit']): string {
  switch (unit) {
    case 'ratio':
      return figure
        .toFixed(figure < 2 ? 3 : 2)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
    case 'percent':
      return `${(figure * 100).toFixed(2).replace(/\.?0+$/, '')} %`;
    case 'ms':
      return Math.abs(figure) < 10_000 ? `${figure.toFixed(0)} ms` : formatSeconds(figure);
  }
}
