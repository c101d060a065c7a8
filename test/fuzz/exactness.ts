// Owns what must be behind a run that nothing has disturbed: every selected source has just the sidecars
// that it must have, and the report says what has happened.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SUFFIXES, type CheckReport, type Report } from '../../src/index.js';
import { isTemporaryName } from '../../src/temporary-file.js';
import {
  expectedOf,
  fateOf,
  isPruning,
  staleOf,
  type Expected,
  type Stale,
} from './expectation.js';
import type { Written } from './bounds.js';
import type { Chosen } from './options.js';
import { decodedVariant } from './proof.js';
import { describe, hasSameContent, isSame, type Look, type World } from './snapshot.js';
import { survey, type Identity, type Survey } from './survey.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
const [isReport, isCheckReport] = ['report', 'check-report'].map((name) => {
  const path = new URL(`../../../schema/${name}.schema.json`, import.meta.url);
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
});

/** Asserts that a report is what its JSON Schema says, and has failures just when the exit code is 1. */
export function assertReport(report: Report | CheckReport, code?: number): void {
  const validate = 'reportVersion' in report ? isReport : isCheckReport;
  const document = JSON.parse(JSON.stringify(report)) as unknown;
  assert.ok(validate?.(document), ajv.errorsText(validate?.errors, { separator: '\n' }));
  assert.equal(report.totals.failed, report.failures.length);
  const hasFindings = 'findings' in report && report.findings.length > 0;
  if (code !== undefined) assert.equal(code, report.failures.length > 0 || hasFindings ? 1 : 0);
}

/** What must come of a run, found by looking at the tree before it. */
export class Exactness {
  readonly survey: Survey;
  readonly #expected: ReadonlyMap<string, Expected>;
  readonly #stale: ReadonlyMap<string, Stale>;

  constructor(
    root: string,
    readonly chosen: Chosen,
    readonly who: Identity,
    readonly before: World,
  ) {
    this.survey = survey(root, chosen, who);
    this.#expected = expectedOf(this.survey, chosen);
    this.#stale = staleOf(this.survey, chosen);
  }

  /** How many sidecars there must be. */
  get kept(): number {
    return [...this.#expected.values()].filter(({ verdict }) => verdict.type === 'kept').length;
  }

  /** Asserts that the tree has become what it must. */
  assertTree(after: World, written: Written): void {
    const { chosen } = this;
    if (chosen.dryRun === true) {
      for (const [path, was] of this.before) assertSame(path, was, after.get(path));
      return;
    }
    for (const [path, { type }] of after) {
      if (type === 'file') assert.ok(!isDead(basename(path)) || this.survey.isHindered, path);
    }
    for (const [path, expected] of this.#expected) this.#assertSidecar(path, expected, after);
    for (const [path, { goes }] of this.#stale) {
      if (isPruning(chosen) && goes) {
        assert.equal(after.get(path), undefined, `${path} is stale`);
      } else assertSame(path, this.before.get(path), after.get(path));
    }
    for (const orphan of this.survey.orphans) {
      const path = orphan.realPath;
      if (this.#expected.has(path)) continue;
      const was = this.before.get(path);
      const fate = fateOf(orphan, chosen, written.has(path, was?.content));
      if (fate === 'goes') assert.equal(after.get(path), undefined, `${path} is an orphan`);
      else if (fate === 'stays') assertSame(path, was, after.get(path));
    }
  }

  #assertSidecar(path: string, { verdict, source, contentCoding }: Expected, after: World): void {
    const [was, is] = [this.before.get(path), after.get(path)];
    const what = `${path} (${verdict.type}): was ${describe(was)}; is ${describe(is)}`;
    if (verdict.type === 'any') return;
    if (verdict.type === 'gone') assert.equal(is, undefined, what);
    else if (verdict.type === 'failed') assertSame(path, was, is);
    else {
      assert.ok(is?.type === 'file' && is.content !== undefined, what);
      if (verdict.bytes !== undefined) assert.ok(is.content.equals(verdict.bytes), what);
      else
        assert.ok(decodedVariant(is.content, contentCoding)?.equals(source.content ?? is.content));
      this.#assertLike(is, source.stats, what);
    }
  }

  /** Asserts that a report of the run tells just that; one of a run at the same time may not. */
  assertReport(report: Report, after: World): void {
    const reported = new Map(
      report.sources.flatMap(({ relativePath, variants }) =>
        variants.map((variant) => [relativePath + SUFFIXES[variant.contentCoding], variant]),
      ),
    );
    const failed = new Set(report.failures.map(({ relativePath }) => relativePath));
    for (const [path, { verdict, source, contentCoding }] of this.#expected) {
      if (verdict.type === 'any') continue;
      const name = source.relativePath + SUFFIXES[contentCoding];
      const status = reported.get(name)?.status;
      const [was, is] = [this.before.get(path), after.get(path)];
      const allowed = { gone: ['discarded'], failed: ['failed'], kept: KEPT }[verdict.type];
      assert.ok(allowed.includes(String(status)), `${name} is ${verdict.type}, said ${status}`);
      if (verdict.type === 'failed') assert.ok(failed.has(source.relativePath), name);
      if (status === 'unchanged') assert.ok(was && is && hasSameContent(was, is), name);
    }
    const mayFail = this.survey.isHindered || this.survey.sources.some((one) => one.isHindered);
    const known = [...this.#expected.values()]
      .filter(({ verdict }) => verdict.type === 'failed' || verdict.type === 'any')
      .map(({ source }) => source.relativePath);
    for (const { relativePath, code } of report.failures) {
      assert.ok(mayFail || known.includes(relativePath), `${relativePath} failed with ${code}`);
    }
  }

  /** Asserts that a check of the tree as it was before finds just what it must. */
  assertCheck(report: CheckReport, written: Written): void {
    const must = new Set([...this.#stale.values()].map(({ relativePath }) => relativePath));
    const may = new Set<string>();
    for (const [path, { verdict, source, contentCoding }] of this.#expected) {
      const name = source.relativePath + SUFFIXES[contentCoding];
      const was = this.before.get(path);
      const isThere = was?.type === 'file';
      const bytes = verdict.type === 'kept' ? verdict.bytes : undefined;
      if (verdict.type === 'kept' && isThere && this.#isRight(was, bytes)) continue;
      if (verdict.type === 'gone' && was === undefined) continue;
      may.add(name);
    }
    for (const orphan of this.survey.orphans) {
      const path = orphan.realPath;
      const isOurs = written.has(path, this.before.get(path)?.content);
      if (!orphan.isSource) must.add(orphan.relativePath);
      else if (isOurs) may.add(orphan.relativePath);
    }
    const found = new Set(report.findings.map(({ relativePath }) => relativePath));
    for (const name of must) assert.ok(found.has(name), `the check misses ${name}`);
    for (const name of found) assert.ok(must.has(name) || may.has(name), `${name} is not wrong`);
  }

  /** Mode, owner and time as the source's; the time never older, and later by less than a millisecond. */
  #assertLike({ stats }: Look, source: Look['stats'], what: string): void {
    const later = stats.mtimeNs - source.mtimeNs;
    assert.ok(later >= 0n && later < 1_000_000n, `time of ${what}`);
    const rights = source.mode & 0o777n;
    if (this.who.uid === 0) {
      assert.deepEqual([stats.uid, stats.gid], [source.uid, source.gid], `owner of ${what}`);
      assert.equal(stats.mode & 0o7777n, rights, `mode of ${what}`);
    } else assert.equal(stats.mode & ~rights & 0o7777n, 0n, `mode of ${what}`);
  }

  #isRight(look: Look, bytes: Buffer | undefined): boolean {
    return bytes === undefined || look.content?.equals(bytes) === true;
  }
}

/** Whether it is a temporary file of this machine, and not of this process. */
function isDead(name: string): boolean {
  const [, place, pid] = /^\.wn-compress-([0-9a-f]{8})-(\d+)-/.exec(name) ?? [];
  return isTemporaryName(name) && place !== '00000000' && pid !== String(process.pid);
}

const KEPT = ['written', 'restored', 'unchanged'];

function assertSame(path: string, was: Look | undefined, is: Look | undefined): void {
  const isLike = was === undefined || is === undefined ? was === is : isSame(was, is);
  assert.ok(isLike, `${path} changed: was ${describe(was)}; is ${describe(is)}`);
}
