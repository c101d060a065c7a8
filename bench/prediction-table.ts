// Owns the tables of the prediction: how long a run would take on more threads than there are, and how
// far predictions were from real runs. Pure.
import { formatSeconds, markdownTable } from './figures.js';
import type { CorpusResults } from './results.js';

/** Two tables, or nothing when nothing was predicted. */
export function renderPredictions(corpora: readonly CorpusResults[]): string {
  const predictions = corpora.flatMap(predictionRows);
  if (predictions.length === 0) return '';
  const head = ['corpus', 'threads', 'our order', 'first come', 'static chunks', 'bound', 'set by'];
  const checkHead = ['corpus', 'threads', 'predicted', 'measured', 'error'];
  return [
    '## Predicted wall time on more threads',
    markdownTable(head, predictions),
    '## The prediction against real runs',
    markdownTable(checkHead, corpora.flatMap(checkRows)),
  ].join('\n\n');
}

function predictionRows({ name, prediction }: CorpusResults): string[][] {
  if (prediction === null) return [];
  const { costliest, predictions } = prediction;
  return predictions.map((each) => [
    ...[name, String(each.threads)],
    ...[each.oursMs, each.firstComeMs, each.chunksMs, each.boundMs].map(formatSeconds),
    each.boundByFile ? `\`${costliest.relativePath}\`` : 'all the work',
  ]);
}

function checkRows({ name, prediction }: CorpusResults): string[][] {
  return (prediction?.checks ?? []).map(({ threads, predictedMs, measuredMs }) => [
    ...[name, String(threads), formatSeconds(predictedMs), formatSeconds(measuredMs)],
    `${((predictedMs / measuredMs - 1) * 100).toFixed(1)} %`,
  ]);
}
