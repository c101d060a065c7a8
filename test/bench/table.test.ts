// Shows the results as Markdown, whole and short, and their place in the README.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BenchError } from '../../bench/errors.js';
import {
  formatByteRatio,
  formatMegabytes,
  formatRatio,
  formatSeconds,
  markdownTable,
} from '../../bench/figures.js';
import { replaceBetweenMarkers } from '../../bench/readme.js';
import { renderTables } from '../../bench/table.js';
import { EXAMPLE } from './example.js';

describe('a figure', () => {
  it('is a median with its spread, and alone where there was one round', () => {
    assert.equal(
      formatRatio({ median: 0.984, least: 0.9, most: 1.1, count: 3 }),
      '0.98 (0.90–1.10)',
    );
    assert.equal(formatRatio({ median: 0.984, least: 0.984, most: 0.984, count: 1 }), '0.98');
    assert.equal(formatRatio(null), '–');
  });

  it('has a unit, and as many digits as mean something', () => {
    assert.equal(formatSeconds(1234), '1.23 s');
    assert.equal(formatSeconds(123_456), '123.5 s');
    assert.equal(formatMegabytes(41_363_656), '41.4 MB');
    assert.equal(formatByteRatio({ sources: 1, oursBytes: 9987, theirsBytes: 10_000 }), '0.9987');
  });
});

describe('a Markdown table', () => {
  it('has its first column to the left, and escapes the bars of its cells', () => {
    const expected = '| a | b |\n| :-- | --: |\n| find \\| xargs | 1 |';
    assert.equal(markdownTable(['a', 'b'], [['find | xargs', '1']]), expected);
  });
});

describe('rendered results', () => {
  it('in short are one table, what is missing, and the circumstances', () => {
    assert.equal(
      renderTables(EXAMPLE, 'short'),
      `| corpus | our wall time | floor | WhiteNoise | find \\| xargs |
| :-- | --: | --: | --: | --: |
| small, 5.6 MB | 6.00 s | 1.20 | missing | 0.80 / 0.75 |

CPU time / wall time of wn-compress divided by that of the other, the median of paired rounds: below 1 is better for wn-compress. The floors are the bare codecs in one thread: there the second figure is our wall time, multiplied by the threads, divided by their CPU time.

Missing here: WhiteNoise (\`pip install it\`).

2026-01-02, commit 0123456789ab: Test CPU, 2 cores, 8 GB of memory, Linux 6.1, Node 20.20.0 (zlib 1.3, brotli 1.1.0), 2 threads, files in memory, 2 rounds.
`,
    );
  });

  it('as a whole hold every figure once', () => {
    const lines = renderTables(EXAMPLE).split('\n');
    for (const line of [
      '| WhiteNoise | missing: `pip install it` |',
      '| wn-compress | 12.0 s | 6.00 s | 100.0 MB | 10: 2,000 | 11: 1,000 |',
      '| floor | 10.0 s | – | – | – | – |',
      '| floor | 1.20 (1.10–1.30) | – | – | – | – | 0, 0 |',
      '| find \\| xargs | 0.80 (0.70–0.90) | 0.75 (0.65–0.85) | 5.00 (4.90–5.10) | 0.8000 | – | 10, 0 |',
      'Other processes used 2 % of the machine during a run, at most 2 %.',
      '| node -e 0 | 40 ms (40–40) | 1.00 (0.90–1.10) |',
      '| small | 2.00 s | 0.40 s | 5.00 (4.90–5.10) |',
      '| small | 64 | 0.90 s | 1.80 s | 2.00 s | 0.90 s | `big.js` |',
      '| small | 2 | 6.30 s | 6.00 s | 5.0 % |',
      '- small: xargs: a.js.br does not decode to its source',
    ]) {
      assert.equal(lines.filter((each) => each === line).length, 1, line);
    }
  });

  it('of --quick say that they are of small parts', () => {
    assert.match(renderTables({ ...EXAMPLE, quick: true }), /`--quick`: small parts/);
  });
});

describe('the markers of the README', () => {
  const document = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';

  it('enclose what is replaced, and stay', () => {
    const expected = 'before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n';
    assert.equal(replaceBetweenMarkers(document, 'new\n'), expected);
    assert.equal(replaceBetweenMarkers(expected, 'new'), expected);
  });

  it('must both be there, each once', () => {
    for (const wrong of ['', document + document, document.replace('end', 'fin')]) {
      assert.throws(() => replaceBetweenMarkers(wrong, 'new'), BenchError);
    }
  });
});
