// Shows how the results of the benchmark of npx are written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NpxRow, StepFigures } from '../../bench/npx-runs.js';
import { renderNpx } from '../../bench/npx-table.js';
import { EXAMPLE } from './example.js';

function figures(...times: readonly number[]): StepFigures {
  const byRound = new Map(times.map((time, index) => [index + 1, time]));
  return {
    cpuMs: byRound,
    wallMs: new Map([...byRound].map(([round, time]) => [round, time * 2])),
  };
}

function row(name: string, factor: number): NpxRow {
  const steps = {
    cold: figures(1000 * factor, 1200 * factor, 900 * factor),
    installed: figures(500 * factor),
    help: figures(40),
    version: figures(),
  };
  const sizes = { packages: 53, files: 1795, bytes: 2_700_000 * factor, fetchedBytes: 4600 };
  return { name, version: '1.2.3', ...sizes, steps };
}

test('sizes, times and the ratios to each peer stand in a table each', () => {
  const text = renderNpx({
    rows: [row('ours', 1), row('theirs', 0.5)],
    date: '2026-01-02T03:04:05Z',
    commit: 'abc',
    machine: EXAMPLE.machine,
  });
  for (const line of [
    '| ours | 1.2.3 | 53 | 1,795 | 2,700 kB | 5 kB |',
    '| theirs | 1.2.3 | 53 | 1,795 | 1,350 kB | 5 kB |',
    '|  | ours: CPU | wall | theirs: CPU | wall |',
    '| `npx`, not installed | 1000 ms (900–1200) | 2000 ms (1800–2400) | 500 ms (450–600) | 1000 ms (900–1200) |',
    '|  | theirs: CPU | wall |',
    '| `npx`, not installed | 2.00 (2.00–2.00) | 2.00 (2.00–2.00) |',
    '| `npx`, in a project that has it | 2.00 | 2.00 |',
    '| `--help` | 1.00 | 1.00 |',
    '| `--version` | – | – |',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
  }
  assert.match(text, /^# npx\n\n2026-01-02, commit abc: /);
});
