// Owns the results of the benchmark of `npx` as Markdown. Pure: results in, text out.
import { formatCount, formatRatio, markdownTable, NONE } from './figures.js';
import type { Machine } from './machine.js';
import { type NpxRow, type Step, STEPS } from './npx-runs.js';
import { pairedRatio, spread } from './statistics.js';

/** All that was found. */
export interface NpxResults {
  /** Ours, then its peers. */
  readonly rows: readonly NpxRow[];
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
}

const TITLES: Readonly<Record<Step, string>> = {
  cold: '`npx`, not installed',
  installed: '`npx`, in a project that has it',
  help: '`--help`',
  version: '`--version`',
};

const FIGURES = ['cpuMs', 'wallMs'] as const;

/** Renders the whole document. */
export function renderNpx({ rows, date, commit, machine }: NpxResults): string {
  const circumstances =
    `${date.slice(0, 10)}, commit ${commit}: ${machine.cpu}, ${machine.cores} cores, ` +
    `${machine.kernel}, ten files of less than 1 KB, Node.js 24 for all.`;
  return (
    [
      '# npx',
      circumstances,
      'Written by `npm run bench:npx`; what each line means is said in bench/README.md.',
      '## What comes with a package',
      renderSizes(rows),
      '## What it takes',
      renderTimes(rows),
      '## wn-compress ÷ peer, of the same round',
      renderRatios(rows),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

function renderSizes(rows: readonly NpxRow[]): string {
  return markdownTable(
    ['package', 'version', 'packages', 'files', 'installed', 'fetched'],
    rows.map(({ name, version, packages, files, bytes, fetchedBytes }) => [
      ...[name, version, formatCount(packages), formatCount(files)],
      ...[formatKilobytes(bytes), formatKilobytes(fetchedBytes)],
    ]),
  );
}

function renderTimes(rows: readonly NpxRow[]): string {
  return markdownTable(
    ['', ...rows.flatMap(({ name }) => [`${name}: CPU`, 'wall'])],
    STEPS.map((step) => [
      TITLES[step],
      ...rows.flatMap(({ steps }) => FIGURES.map((figure) => formatMs(steps[step][figure]))),
    ]),
  );
}

function renderRatios([ours, ...peers]: readonly NpxRow[]): string {
  return markdownTable(
    ['', ...peers.flatMap(({ name }) => [`${name}: CPU`, 'wall'])],
    STEPS.map((step) => [
      TITLES[step],
      ...peers.flatMap((peer) =>
        FIGURES.map((figure) => {
          if (ours === undefined) return NONE;
          const [mine, theirs] = [ours.steps[step][figure], peer.steps[step][figure]];
          return formatRatio(pairedRatio(mine, theirs) ?? null);
        }),
      ),
    ]),
  );
}

function formatKilobytes(bytes: number): string {
  return `${formatCount(Math.round(bytes / 1000))} kB`;
}

function formatMs(byRound: ReadonlyMap<number, number>): string {
  const found = spread([...byRound.values()]);
  if (found === undefined) return NONE;
  const [median, least, most] = [found.median, found.least, found.most].map((ms) => ms.toFixed(0));
  return `${median ?? ''} ms (${least ?? ''}–${most ?? ''})`;
}
