// Owns the playing of a case: its runs one behind the other, each held against what it may change, and the
// last, behind which all must be just right. Counts what was tried.
import assert from 'node:assert/strict';
import { check, type Report } from '../../src/index.js';
import { Bounds, Written } from './bounds.js';
import { assertReport, Exactness } from './exactness.js';
import { encodedAs } from './expectation.js';
import { apply, backUp, enlarge } from './edits.js';
import type { Fault } from './faults.js';
import type { History, Step } from './history.js';
import { hurried, type Chosen } from './options.js';
import {
  runAborted,
  runCommand,
  runLibrary,
  runOnFullDisk,
  runWithoutCache,
  runWithoutThread,
  type Outcome,
} from './runs.js';
import { Sandbox } from './sandbox.js';
import { lookAround, type World } from './snapshot.js';
import type { Identity } from './survey.js';
import { bytesOf, isLarge } from './tree-model.js';

/** What this machine lets a case do. */
export interface Means {
  readonly fifo: string | undefined;
  /** A small file system of its own. */
  readonly disk: string | undefined;
  /** Whether processes may be an ordinary user's: this is root's, and others may run this Node.js. */
  readonly hasOrdinary: boolean;
}

/** What was tried, counted. */
export type Counts = Map<string, number>;

/** Plays a case to its end. */
export async function play(history: History, means: Means, counts: Counts): Promise<void> {
  const onDisk = history.steps.some(({ fault }) => fault.type === 'full disk');
  if (onDisk && (means.disk === undefined || isLarge(history.tree))) return;
  const usesCommand = history.steps.some(({ fault }) => isOfProcess(fault));
  const ordinary = history.ordinary && means.hasOrdinary && usesCommand;
  const temporary = process.env['TMPDIR'];
  if (onDisk) process.env['TMPDIR'] = means.disk;
  using sandbox = makeSandbox(history.tree, onDisk ? undefined : means.fifo, ordinary);
  if (temporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporary;
  const written = new Written();
  count(counts, 'cases');
  for (const step of history.steps) {
    const isSlow = step.fault.type === 'edits' && step.fault.isSlow && !isLarge(history.tree);
    const slow = isSlow ? { brotliQuality: 10, threads: 1 } : {};
    const chosen = { ...chosenOf(step, history), ...slow, dryRun: step.dryRun };
    if (step.isBackedUp) backUp(history.tree, sandbox);
    await playStep(step.fault, { history, sandbox, written, chosen, step, ordinary });
    count(counts, 'runs');
    count(counts, step.fault.type === 'signal' ? step.fault.signal : step.fault.type);
  }
  if (history.last.isBackedUp) backUp(history.tree, sandbox);
  await playLast(history, sandbox, written, counts);
}

function makeSandbox(...args: ConstructorParameters<typeof Sandbox>): Sandbox {
  return new Sandbox(...args);
}

interface Scene {
  readonly history: History;
  readonly sandbox: Sandbox;
  readonly written: Written;
  readonly chosen: Chosen;
  readonly step: Step;
  readonly ordinary: boolean;
}

async function playStep(fault: Fault, scene: Scene): Promise<void> {
  const { sandbox, written, chosen, step } = scene;
  const who = isOfProcess(fault) && scene.ordinary ? NOBODY : self();
  if (fault.type === 'edits' && fault.isSlow) enlarge(fault.edits, scene.history.tree, sandbox);
  const before = look(sandbox);
  const bounds = new Bounds(before, written);
  bounds.admit(sandbox.root, chosen, who);
  const exactness = new Exactness(sandbox.root, chosen, who, before);
  const user = who === NOBODY ? NOBODY : undefined;
  const command = (): Promise<Outcome> => runCommand(sandbox, chosen, step.rendering, user, fault);
  const outcome = await perform(fault, scene, bounds, command);
  const after = look(sandbox);
  bounds.assertKept(after, outcome.wasKilled);
  if (fault.type === 'none' || fault.type === 'cache' || fault.type === 'command') {
    exactness.assertTree(after, written);
    for (const report of outcome.reports) exactness.assertReport(report, after);
  } else if (fault.type === 'twice' || fault.type === 'two commands') {
    if (chosen.prune === undefined) exactness.assertTree(after, written);
  }
}

async function perform(
  fault: Fault,
  { history, sandbox, chosen }: Scene,
  bounds: Bounds,
  command: () => Promise<Outcome>,
): Promise<Outcome> {
  const library = (): Promise<Report> => runLibrary(sandbox, chosen);
  switch (fault.type) {
    case 'none':
      return { reports: [await library()], wasKilled: false };
    case 'twice':
      return { reports: await Promise.all([library(), library()]), wasKilled: false };
    case 'abort':
      return runAborted(sandbox, chosen, fault.at);
    case 'thread dies':
      return runWithoutThread(sandbox, chosen, fault.at);
    case 'cache':
      return runWithoutCache(sandbox, chosen, fault);
    case 'full disk':
      return runOnFullDisk(sandbox, chosen, fault.freeBytes);
    case 'edits': {
      const agenda = fault.edits.map((edit) => ({
        at: edit.at,
        action: () => {
          apply(edit, history.tree, sandbox, bounds);
          bounds.admit(sandbox.root, chosen, self());
        },
      }));
      return { reports: [await runLibrary(sandbox, chosen, agenda)], wasKilled: false };
    }
    case 'command':
    case 'signal':
    case 'limit':
      return command();
    case 'two commands': {
      const outcomes = await Promise.all([command(), command()]);
      return { reports: outcomes.flatMap(({ reports }) => reports), wasKilled: false };
    }
  }
}

/** The run that nothing disturbs, the same run again, and the check. */
async function playLast(
  history: History,
  sandbox: Sandbox,
  written: Written,
  counts: Counts,
): Promise<void> {
  const chosen = chosenOf(history.last, history);
  const run = async (): Promise<[Exactness, World, Report]> => {
    const before = look(sandbox);
    const bounds = new Bounds(before, written);
    bounds.admit(sandbox.root, chosen, self());
    const exactness = new Exactness(sandbox.root, chosen, self(), before);
    const report = await runLibrary(sandbox, chosen);
    const after = look(sandbox);
    bounds.assertKept(after, false);
    exactness.assertTree(after, written);
    exactness.assertReport(report, after);
    return [exactness, after, report];
  };
  const [first] = await run();
  count(counts, 'sidecars', first.kept);
  const [second, after, report] = await run();
  count(counts, 'runs', 2);
  const sources = ({ survey }: Exactness): string[] =>
    survey.sources.map(({ relativePath, isSelected }) => `${relativePath} ${isSelected}`).sort();
  // What was a sidecar may be a source, once the first run has removed its own source.
  if (sources(first).join('\n') === sources(second).join('\n')) {
    const statuses = report.sources.flatMap(({ variants }) => variants.map(({ status }) => status));
    assert.ok(!statuses.includes('written') && !statuses.includes('restored'), 'written again');
    assert.equal(report.totals.leftoversRemoved, 0);
    assertUntouched(second.before, after, isLarge(history.tree));
  }
  const asked: Chosen = Object.fromEntries(
    Object.entries(chosen).filter(([key]) => key !== 'prune' && key !== 'keepValid'),
  );
  const checked = await check(sandbox.root, { ...asked, cacheDir: sandbox.cache });
  assertReport(checked);
  const third = new Exactness(sandbox.root, asked, self(), after);
  third.assertCheck(checked, written);
  assertUntouched(after, look(sandbox), false);
}

function assertUntouched(before: World, after: World, mayPass: boolean): void {
  assert.deepEqual([...after.keys()], [...before.keys()]);
  for (const [path, { type, stats }] of before) {
    // What is streamed goes to a temporary file before it is found to be there already.
    if (mayPass && type === 'folder') continue;
    assert.equal(after.get(path)?.stats.ctimeNs, stats.ctimeNs, `${path} was touched`);
  }
}

function chosenOf({ chosen, exactRatio: coding }: History['last'], history: History): Chosen {
  const { tree, follow } = history;
  const tamed = { ...(isLarge(tree) ? hurried(chosen) : chosen), follow };
  const first = tree.plants[0]?.what;
  if (coding === undefined || first?.type !== 'file' || isLarge(tree)) return tamed;
  const bytes = bytesOf(first.content);
  const maxRatio = encodedAs(bytes, coding, tamed).length / bytes.length;
  return maxRatio <= 1 ? { ...tamed, maxRatio } : tamed;
}

function look({ path, cache }: Sandbox): World {
  const world = lookAround(path, cache);
  world.delete(cache);
  return world;
}

/** An ordinary user. */
export const NOBODY: Identity = { uid: 65_534, gid: 65_534 };

function self(): Identity {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

type OfProcess = Extract<Fault, { type: 'command' | 'two commands' | 'signal' | 'limit' }>;

function isOfProcess(fault: Fault): fault is OfProcess {
  return ['command', 'two commands', 'signal', 'limit'].includes(fault.type);
}

function count(counts: Counts, what: string, by = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + by);
}
