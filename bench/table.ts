// Owns the results as Markdown: all of them for table.md, and the few that the project's README shows.
// Pure: results in, text out.
import {
  formatByteRatio,
  formatCount,
  formatMegabytes,
  formatRatio,
  formatSeconds,
  markdownTable,
  NONE,
} from './figures.js';
import { figuresOf } from './comparisons.js';
import { renderPredictions } from './prediction-table.js';
import type { CorpusResults, ReportedSubject, Results } from './results.js';
import { median } from './statistics.js';
import type { SubjectName } from './subjects.js';

/** Renders all results, or for `short` one table of time and what is missing. */
export function renderTables(results: Results, extent: 'all' | 'short' = 'all'): string {
  const parts =
    extent === 'short'
      ? [renderSummary(results), renderMissing(results), renderCircumstances(results)]
      : [
          '# Results',
          renderCircumstances(results),
          renderSummary(results),
          renderSubjects(results),
          ...results.corpora.map((corpus) => renderCorpus(corpus, results)),
          renderStartUp(results),
          renderSurroundings(results),
          renderPredictions(results.corpora),
          renderProblems(results),
        ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderCircumstances(results: Results): string {
  const { machine, rounds, threads, quick } = results;
  return (
    `${results.date.slice(0, 10)}, commit ${results.commit}: ${machine.cpu}, ` +
    `${machine.cores} cores, ${(machine.memoryBytes / 1e9).toFixed(0)} GB of memory, ` +
    `${machine.kernel}, Node ${machine.node} (zlib ${machine.zlib}, brotli ${machine.brotli}), ` +
    `${threads} threads, files ${results.workPlace === 'memory' ? 'in memory' : 'on a disk'}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}` +
    `${quick ? ', `--quick`: small parts of the corpora, too little for conclusions' : ''}.`
  );
}

/** Who stands in the summary, where everybody makes both content-codings. */
const SUMMARY_SUBJECTS: readonly SubjectName[] = [
  'other',
  'floor',
  'floor-ours',
  'whitenoise',
  'whitenoise-threads',
  'xargs',
  'gzipper',
  'precompress',
];

function renderSummary({ corpora, subjects }: Results): string {
  const shown = SUMMARY_SUBJECTS.filter((name) => subjects.some((each) => each.name === name));
  const head = ['corpus', 'our wall time', ...shown.map((name) => titleOf(subjects, name))];
  const rows = corpora.map((corpus) => [
    `${corpus.name}, ${formatMegabytes(corpus.bytes)}`,
    formatSeconds(median([...figuresOf(corpus.runs, 'ours', 'wallMs').values()])),
    ...shown.map((name) => {
      const comparison = corpus.comparisons.find(({ subject }) => subject === name);
      if (comparison === undefined) return isMissing(subjects, name) ? 'missing' : NONE;
      const cpu = comparison.cpu?.median.toFixed(2) ?? NONE;
      return comparison.wall === null ? cpu : `${cpu} / ${comparison.wall.median.toFixed(2)}`;
    }),
  ]);
  const caption =
    'CPU time / wall time of wn-compress divided by that of the other, the median of paired rounds: ' +
    'below 1 is better for wn-compress. The floors are the bare codecs in one thread: there the second ' +
    'figure is our wall time, multiplied by the threads, divided by their CPU time.';
  return `${markdownTable(head, rows)}\n\n${caption}`;
}

function titleOf(subjects: readonly ReportedSubject[], name: SubjectName): string {
  return subjects.find((each) => each.name === name)?.title ?? name;
}

function isMissing(subjects: readonly ReportedSubject[], name: SubjectName): boolean {
  return subjects.some((each) => each.name === name && each.missing !== null);
}

function renderMissing({ subjects }: Results): string {
  return subjects
    .filter(({ missing }) => missing !== null)
    .map(({ title, missing }) => `Missing here: ${title} (\`${missing ?? ''}\`).`)
    .join('\n');
}

function renderSubjects({ subjects }: Results): string {
  const rows = subjects.map(({ title, version, missing }) => [
    title,
    version ?? `missing: \`${missing ?? ''}\``,
  ]);
  return `## Subjects\n\n${markdownTable(['subject', 'version'], rows)}`;
}

function renderCorpus(corpus: CorpusResults, { subjects }: Results): string {
  const { name, title, files, bytes, sha256 } = corpus;
  return [
    `## ${name}: ${title}`,
    `${formatCount(files)} files, ${formatMegabytes(bytes)}, SHA-256 \`${sha256}\`.`,
    renderFigures(corpus, subjects),
    'wn-compress divided by:',
    renderComparisons(corpus, subjects),
    renderDisturbance(corpus),
  ].join('\n\n');
}

function renderFigures({ runs, sidecars }: CorpusResults, subjects: readonly ReportedSubject[]) {
  const rows = subjects.flatMap(({ name, title }) => {
    const cpu = [...figuresOf(runs, name, 'cpuMs').values()];
    if (cpu.length === 0) return [];
    const wall = [...figuresOf(runs, name, 'wallMs').values()];
    const rss = [...figuresOf(runs, name, 'peakRssBytes').values()];
    const made = sidecars.find(({ subject }) => subject === name);
    const totals = (coding: 'gzip' | 'br') =>
      made === undefined || made[coding].count === 0
        ? NONE
        : `${formatCount(made[coding].count)}: ${formatCount(made[coding].bytes)}`;
    return [
      [
        title,
        formatSeconds(median(cpu)),
        wall.length === 0 ? NONE : formatSeconds(median(wall)),
        rss.length === 0 ? NONE : formatMegabytes(median(rss)),
        ...[totals('gzip'), totals('br')],
      ],
    ];
  });
  return markdownTable(['subject', 'CPU', 'wall', 'peak RSS', '.gz: bytes', '.br: bytes'], rows);
}

function renderComparisons({ comparisons }: CorpusResults, subjects: readonly ReportedSubject[]) {
  const rows = comparisons.map(({ subject, cpu, wall, peakRss, gzip, br }) => [
    titleOf(subjects, subject),
    ...[formatRatio(cpu), formatRatio(wall), formatRatio(peakRss)],
    ...[formatByteRatio(gzip), formatByteRatio(br)],
    [gzip, br].map((common) => formatCount(common?.sources ?? 0)).join(', '),
  ]);
  const head = ['subject', 'CPU', 'wall', 'peak RSS', '.gz bytes', '.br bytes', 'common sources'];
  return markdownTable(head, rows);
}

function renderDisturbance({ runs }: CorpusResults): string {
  const shares = runs.flatMap(({ othersShare }) => othersShare ?? []);
  if (shares.length === 0) return '';
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const [middle, most] = [median(shares), Math.max(...shares)].map(percent);
  return `Other processes used ${middle} of the machine during a run, at most ${most}.`;
}

function renderStartUp({ startUp }: Results): string {
  const rows = startUp.map(({ name, cpuMs, timesBareNode }) => [
    name,
    `${cpuMs.median.toFixed(0)} ms (${cpuMs.least.toFixed(0)}–${cpuMs.most.toFixed(0)})`,
    formatRatio(timesBareNode),
  ]);
  const head = ['start', 'CPU', 'divided by bare Node.js'];
  return `## Starts\n\n${markdownTable(head, rows)}`;
}

function renderSurroundings({ corpora }: Results): string {
  const rows = corpora.flatMap(({ name, surroundings }) =>
    surroundings === null
      ? []
      : [
          [
            name,
            formatSeconds(surroundings.oursMs.median),
            formatSeconds(surroundings.readingMs.median),
            formatRatio(surroundings.ratio),
          ],
        ],
  );
  if (rows.length === 0) return '';
  const head = ['corpus', 'CPU beside the codecs', 'CPU of `find -exec cat`', 'ratio'];
  return `## Everything but the codecs\n\n${markdownTable(head, rows)}`;
}

function renderProblems({ corpora }: Results): string {
  const lines = corpora.flatMap(({ name, problems }) =>
    problems.map((problem) => `- ${name}: ${problem}`),
  );
  return lines.length === 0 ? '' : `## Problems\n\n${lines.join('\n')}`;
}
