// Owns an example of results, as two rounds on a tiny corpus would leave them. Used by the tests of what
// renders them.
import type { Results } from '../../bench/results.js';

const one = (figure: number) => ({
  median: figure,
  least: figure - 0.1,
  most: figure + 0.1,
  count: 2,
});

/** Results with a floor, a peer and one that is missing. */
export const EXAMPLE: Results = {
  resultsVersion: 1,
  date: '2026-01-02T03:04:05.678Z',
  commit: '0123456789ab',
  quick: false,
  rounds: 2,
  threads: 2,
  workPlace: 'memory',
  machine: {
    cpu: 'Test CPU',
    cores: 2,
    memoryBytes: 8e9,
    kernel: 'Linux 6.1',
    node: '20.20.0',
    zlib: '1.3',
    brotli: '1.1.0',
  },
  subjects: [
    { name: 'ours', title: 'wn-compress', version: 'Node 20.20.0', missing: null },
    { name: 'floor', title: 'floor', version: 'Node 20.20.0', missing: null },
    { name: 'whitenoise-threads', title: 'WhiteNoise', version: null, missing: 'pip install it' },
    { name: 'xargs', title: 'find | xargs', version: 'brotli 1.0.9', missing: null },
  ],
  startUp: [{ name: 'node -e 0', cpuMs: one(40), timesBareNode: one(1) }],
  corpora: [
    {
      name: 'small',
      title: 'a few files',
      files: 1234,
      bytes: 5_600_000,
      sha256: 'abc',
      runs: [
        {
          subject: 'ours',
          round: 1,
          cpuMs: 12_000,
          wallMs: 6000,
          peakRssBytes: 100e6,
          othersShare: 0.02,
        },
        {
          subject: 'floor',
          round: 1,
          cpuMs: 10_000,
          wallMs: null,
          peakRssBytes: null,
          othersShare: 0.02,
        },
        {
          subject: 'xargs',
          round: 1,
          cpuMs: 15_000,
          wallMs: 8000,
          peakRssBytes: 20e6,
          othersShare: 0.02,
        },
      ],
      sidecars: [
        { subject: 'ours', gzip: { count: 10, bytes: 2000 }, br: { count: 11, bytes: 1000 } },
      ],
      comparisons: [
        {
          ...{ subject: 'floor', ours: 'ours', cpu: one(1.2), wall: null, peakRss: null },
          ...{ gzip: null, br: null },
        },
        {
          ...{ subject: 'xargs', ours: 'ours', cpu: one(0.8), wall: one(0.75), peakRss: one(5) },
          gzip: { sources: 10, oursBytes: 2000, theirsBytes: 2500 },
          br: null,
        },
      ],
      problems: ['xargs: a.js.br does not decode to its source'],
      surroundings: { oursMs: one(2000), readingMs: one(400), ratio: one(5) },
      prediction: {
        fixedMs: 100,
        costliest: { relativePath: 'big.js', costMs: 900 },
        predictions: [
          {
            ...{ threads: 64, oursMs: 900, firstComeMs: 1800, chunksMs: 2000, boundMs: 900 },
            boundByFile: true,
          },
        ],
        checks: [{ threads: 2, predictedMs: 6300, measuredMs: 6000 }],
      },
    },
  ],
};
