// Owns the chart of the results, an SVG drawn by echarts, which is loaded from the benchmark's own
// packages only when a chart is drawn. Knows results, not how they came about.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { figuresOf } from './comparisons.js';
import { BENCH_FOLDER } from './places.js';
import type { CorpusResults, Results } from './results.js';
import { pairedRatio } from './statistics.js';
import type { SubjectName } from './subjects.js';

/** The little of echarts that is used here; the project's own type check runs without the package. */
interface Echarts {
  init(
    element: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): { setOption(option: unknown): void; renderToSVGString(): string; dispose(): void };
}

const WIDTH = 1000;
const HEIGHT = 820;
const FONT = { fontFamily: 'Arial, Helvetica, sans-serif', fontSize: 16, color: '#222' };
const TITLE = { ...FONT, fontSize: 18 };

/** The colours of Okabe and Ito, which stay apart whatever colours one can see. */
const SHOWN: readonly { readonly name: SubjectName; readonly colour: string }[] = [
  { name: 'ours', colour: '#0072B2' },
  { name: 'xargs', colour: '#E69F00' },
  { name: 'whitenoise', colour: '#009E73' },
  { name: 'whitenoise-threads', colour: '#F0E442' },
  { name: 'precompress', colour: '#CC79A7' },
  { name: 'gzipper', colour: '#D55E00' },
];

/** What is drawn in one of the two panels. */
interface Panel {
  readonly title: string;
  /** What the vertical axis is called. */
  readonly axis: string;
  readonly measure: 'wallMs' | 'cpuMs';
  readonly unit: SubjectName;
  readonly top: number;
}

const PANELS: readonly Panel[] = [
  {
    title: 'Wall time, in multiples of wn-compress (shorter bars are better)',
    axis: 'wall time',
    ...{ measure: 'wallMs', unit: 'ours', top: 110 },
  },
  {
    title: 'CPU time, in multiples of the bare codecs (shorter bars are better)',
    axis: 'CPU time',
    ...{ measure: 'cpuMs', unit: 'floor', top: 490 },
  },
];

/** Draws wall and CPU time of everybody who makes both content-codings, on every corpus. */
export function renderChart(results: Results): string {
  const echarts = createRequire(join(BENCH_FOLDER, 'package.json'))('echarts') as Echarts;
  const chart = echarts.init(null, null, {
    ...{ renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT },
  });
  try {
    chart.setOption(optionOf(results));
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

function optionOf(results: Results) {
  const { corpora, subjects, machine, threads, date } = results;
  const shown = SHOWN.filter(({ name }) =>
    subjects.some((subject) => subject.name === name && subject.missing === null),
  );
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: FONT,
    legend: { top: 12, itemGap: 36, textStyle: FONT },
    title: [
      ...PANELS.map(({ title, top }) => ({
        text: title,
        left: 24,
        top: top - 48,
        textStyle: TITLE,
      })),
      {
        text: `${machine.cpu}, ${threads} threads, ${date.slice(0, 10)}. Medians of paired rounds.`,
        ...{ left: 24, bottom: 10, textStyle: { ...FONT, fontSize: 14, fontWeight: 'normal' } },
      },
    ],
    grid: PANELS.map(({ top }) => ({ left: 84, right: 30, top, height: 240 })),
    xAxis: PANELS.map((_, gridIndex) => ({
      ...{ gridIndex, type: 'category', data: corpora.map(({ name }) => name) },
      axisLabel: FONT,
      axisTick: { show: false },
    })),
    yAxis: PANELS.map((panel, gridIndex) => ({
      ...{ gridIndex, type: 'value', min: 0, axisLabel: { ...FONT, formatter: '{value}×' } },
      ...{ name: panel.axis, nameLocation: 'middle', nameGap: 46, nameTextStyle: FONT },
      splitLine: { lineStyle: { color: '#ddd' } },
    })),
    series: PANELS.flatMap((panel, index) =>
      shown.map(({ name, colour }) => ({
        name: subjects.find((subject) => subject.name === name)?.title ?? name,
        ...{ type: 'bar', xAxisIndex: index, yAxisIndex: index, itemStyle: { color: colour } },
        data: corpora.map((corpus) => height(corpus, name, panel)),
        barGap: '10%',
        label: {
          ...{ ...FONT, show: true, position: 'top', formatter: '{c}' },
          fontSize: shown.length * corpora.length > 24 ? 11 : 12,
        },
      })),
    ),
  };
}

/** `null`, which draws no bar, where one of the two was not measured. */
function height({ runs }: CorpusResults, name: SubjectName, panel: Panel): number | null {
  const { measure, unit } = panel;
  const ratio = pairedRatio(figuresOf(runs, name, measure), figuresOf(runs, unit, measure));
  return ratio === undefined ? null : Number(ratio.median.toFixed(2));
}
