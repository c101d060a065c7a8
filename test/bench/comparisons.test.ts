// Shows how raw figures become comparisons: by rounds, and by the sources that both subjects have.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare, surroundingsOf } from '../../bench/comparisons.js';
import type { Run } from '../../bench/results.js';
import { commonSidecars, sidecarsIn, type SidecarSizes } from '../../bench/sidecars.js';
import type { SubjectName } from '../../bench/subjects.js';

function run(subject: SubjectName, round: number, cpuMs: number): Run {
  const isFloor = subject.startsWith('floor');
  return {
    ...{ subject, round, cpuMs },
    wallMs: isFloor ? null : cpuMs / 2,
    peakRssBytes: isFloor ? null : 1000,
    othersShare: null,
  };
}

function sizes(gzip: Record<string, number>, br: Record<string, number>): SidecarSizes {
  return { gzip: new Map(Object.entries(gzip)), br: new Map(Object.entries(br)) };
}

const all = (ratio: number) => ({ median: ratio, least: ratio, most: ratio, count: 1 });

describe('a comparison', () => {
  it('divides ours by theirs, and our time on all threads by the time of a floor', () => {
    const runs = [run('ours', 1, 300), run('floor', 1, 200)];
    const bySubject = new Map([
      ['ours', sizes({ 'a.js': 10 }, { 'a.js': 8 })],
      ['floor', sizes({ 'a.js': 12 }, {})],
    ] as const);
    assert.deepEqual(compare('ours', 'floor', runs, bySubject, 4), {
      // 150 ms on 4 threads against 200 ms.
      ...{ subject: 'floor', ours: 'ours', cpu: all(1.5), wall: all(3), peakRss: null },
      gzip: { sources: 1, oursBytes: 10, theirsBytes: 12 },
      br: null,
    });
  });

  it('has nothing where a subject did not run', () => {
    assert.deepEqual(compare('ours', 'xargs', [run('ours', 1, 300)], new Map(), 2), {
      ...{ subject: 'xargs', ours: 'ours', cpu: null, wall: null, peakRss: null },
      ...{ gzip: null, br: null },
    });
  });
});

describe('what we spend beside the codecs', () => {
  it('is our time less the floor with our settings, of the same round', () => {
    const runs = [
      ...[run('ours', 1, 300), run('floor-ours', 1, 200), run('reading', 1, 50)],
      ...[run('ours', 2, 400), run('floor-ours', 2, 300), run('reading', 2, 50)],
    ];
    const spread = (figure: number) => ({ median: figure, least: figure, most: figure, count: 2 });
    assert.deepEqual(surroundingsOf(runs), {
      oursMs: spread(100),
      readingMs: spread(50),
      ratio: spread(2),
    });
  });

  it('is unknown where reading alone was not measured', () => {
    assert.equal(surroundingsOf([run('ours', 1, 300), run('floor-ours', 1, 200)]), null);
  });
});

describe('sidecars', () => {
  it('are counted where both subjects have one', () => {
    const ours = new Map(Object.entries({ a: 10, b: 20 }));
    const theirs = new Map(Object.entries({ b: 25, c: 1 }));
    assert.deepEqual(commonSidecars(ours, theirs), { sources: 1, oursBytes: 20, theirsBytes: 25 });
  });

  it('are told from other files that a subject left', () => {
    const problems: string[] = [];
    const added = new Map(Object.entries({ 'a.js.gz': 5, 'a.js.br': 4, 'b.js.gz': 3, 'c.tmp': 1 }));
    assert.deepEqual(
      sidecarsIn(added, new Set(['a.js']), problems),
      sizes({ 'a.js': 5 }, { 'a.js': 4 }),
    );
    assert.deepEqual(problems, [
      'left b.js.gz, which is no sidecar',
      'left c.tmp, which is no sidecar',
    ]);
  });
});
