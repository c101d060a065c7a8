// Owns the invariants that hold whatever befalls a run: sources untouched, each new sidecar whole and right
// for a version of its source, and nothing else changed. Asks no report.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { ContentCoding } from '../../src/index.js';
import { sourcePathOf } from '../../src/content-coding.js';
import { isTemporaryName } from '../../src/temporary-file.js';
import { fateOf, isPruning, realPathOf } from './expectation.js';
import type { Chosen } from './options.js';
import { decoded, decodedVariant } from './proof.js';
import {
  contentAt,
  describe,
  hasSameContent,
  isSame,
  lookAt,
  type Look,
  type World,
} from './snapshot.js';
import { CODINGS, survey, type Identity } from './survey.js';

/** What may stand at a name by the end of a run, besides what stood there. */
interface Allowance {
  /** What a sidecar there may decode to; nothing when a run writes none. */
  readonly versions: Buffer[];
  contentCoding: ContentCoding | undefined;
  /** Where its source is. */
  sourcePath: string;
  /** Whether it may be removed, given what it held. */
  readonly mayGo: ((held: Buffer | undefined) => boolean)[];
}

/** The record of which sidecars were written by any run of a case: what `prune` may take for ours. */
export class Written {
  readonly #digests = new Set<string>();

  has(path: string, content: Buffer | undefined): boolean {
    return content !== undefined && this.#digests.has(keyOf(path, content));
  }

  add(path: string, content: Buffer): void {
    this.#digests.add(keyOf(path, content));
  }
}

function keyOf(path: string, content: Buffer): string {
  return `${createHash('sha1').update(content).digest('hex')} ${path}`;
}

/** Longer than the grain of a file system's clock, and than a run takes to look once more. */
const GRAIN_NS = 30_000_000n;

/** Whether a source, and each link on the way to it, was last changed or put there well before its sidecar. */
function changedBefore(sourcePath: string, { stats }: Look): boolean {
  try {
    for (let path = sourcePath; ;) {
      const step = lstatSync(path, { bigint: true });
      if (stats.ctimeNs - step.ctimeNs <= GRAIN_NS) return false;
      if (!step.isSymbolicLink()) return true;
      path = resolve(realpathSync(dirname(path)), readlinkSync(path));
    }
  } catch {
    return false;
  }
}

/**
 * What a run may change, found by looking at the tree before it and behind every disturbance, whose own
 * changes count as having been there before.
 */
export class Bounds {
  readonly #before: World;
  readonly #allowed = new Map<string, Allowance>();
  /** Names of sidecars that a disturbance planted or removed, with what it left there. */
  readonly #disturbed = new Map<string, (Look | undefined)[]>();

  /** Whether a run deletes what has no source. */
  #isPruning = false;

  /** @param before - a copy is kept */
  constructor(
    before: World,
    readonly written: Written,
  ) {
    this.#before = new Map(before);
  }

  /** Takes in what a run with these options could find in the tree at this moment. */
  admit(root: string, chosen: Chosen, who: Identity): void {
    if (chosen.dryRun === true) return;
    this.#isPruning ||= isPruning(chosen);
    const { sources, orphans } = survey(root, chosen, who);
    for (const { path: sourcePath, content, codings } of sources) {
      for (const [contentCoding, suffix] of CODINGS) {
        const path = realPathOf(sourcePath + suffix);
        const isMade = codings.includes(contentCoding);
        const allowance = this.#allow(path);
        if (isMade) {
          allowance.contentCoding = contentCoding;
          allowance.sourcePath = sourcePath;
          if (content !== undefined) allowance.versions.push(content);
          allowance.mayGo.push(() => true);
        } else if (isPruning(chosen)) {
          const isRight = (held: Buffer): boolean =>
            content !== undefined && decoded(held, contentCoding)?.equals(content) === true;
          allowance.mayGo.push((held) => held === undefined || !isRight(held));
        }
      }
    }
    for (const orphan of orphans) {
      this.#allow(orphan.realPath).mayGo.push(
        (held) =>
          (chosen.prune === 'all' && !orphan.isSource) ||
          fateOf(orphan, chosen, this.written.has(orphan.realPath, held)) !== 'stays',
      );
    }
  }

  /** Takes what a disturbance has just done to a path for what stood there before. */
  expect(path: string): void {
    const look = lookAt(path);
    if (look === undefined) this.#before.delete(path);
    else this.#before.set(path, look);
  }

  /** Takes a disturbance of a sidecar's name: from now on it may hold this, or what a run makes of it. */
  loosen(path: string, look: Look | undefined): void {
    const looks = this.#disturbed.get(path) ?? [];
    looks.push(look);
    this.#disturbed.set(path, looks);
  }

  /**
   * Asserts all three invariants, and notes what was written.
   *
   * @param leftovers - whether temporary files may be left: a run was killed
   */
  assertKept(after: World, leftovers: boolean): void {
    for (const path of new Set([...this.#before.keys(), ...after.keys()])) {
      const [was, is] = [this.#before.get(path), after.get(path)];
      if (was !== undefined && is !== undefined && isSame(was, is)) continue;
      const what = `${path}: was ${describe(was)}; is ${describe(is)}`;
      if (isTemporaryName(basename(path)) && (was ?? is)?.type === 'file') {
        assert.ok(was === undefined ? leftovers : is === undefined, `temporary ${what}`);
      } else if (is === undefined) {
        assert.ok(this.#mayVanish(path, was) || this.#isOrphaned(path, after), `vanished: ${what}`);
      } else {
        this.#assertAppeared(path, was, is, what);
      }
    }
  }

  #mayVanish(path: string, was: Look | undefined): boolean {
    if (was?.type === 'folder' || was?.type === 'special') return false;
    if (this.#disturbed.get(path)?.includes(undefined) === true) return true;
    // Of a link, whatever it leads to was judged.
    const held = was?.type === 'file' ? was.content : undefined;
    return this.#allowed.get(path)?.mayGo.some((mayGo) => mayGo(held)) === true;
  }

  /** Of two runs at once that prune, one may delete a file as an orphan, and the other then its sidecar. */
  #isOrphaned(path: string, after: World): boolean {
    const sourcePath = sourcePathOf(path);
    if (!this.#isPruning || sourcePath === undefined || after.has(sourcePath)) return false;
    return this.#mayVanish(sourcePath, this.#before.get(sourcePath));
  }

  #assertAppeared(path: string, was: Look | undefined, is: Look, what: string): void {
    const planted = this.#disturbed.get(path);
    if (planted?.some((look) => look !== undefined && hasSameContent(look, is)) === true) return;
    const { versions = [], contentCoding, sourcePath = '' } = this.#allowed.get(path) ?? {};
    assert.ok(contentCoding !== undefined, `not to be written: ${what}`);
    assert.ok(is.type === 'file' && is.content !== undefined, `no file: ${what}`);
    const isOverwritten = was?.stats.ino === is.stats.ino && !hasSameContent(was, is);
    assert.ok(!isOverwritten, `overwritten in place: ${what}`);
    const wasValid = was !== undefined && hasSameContent(was, is);
    const source = (wasValid ? decoded : decodedVariant)(is.content, contentCoding);
    assert.ok(source !== undefined, `does not decode: ${what}`);
    assert.ok(
      versions.some((version) => version.equals(source)),
      `decodes to what its source never was: ${what}`,
    );
    assert.ok(is.content.length < source.length, `is not smaller: ${what}`);
    const isOld = changedBefore(sourcePath, is) && contentAt(sourcePath)?.equals(source) === false;
    assert.ok(!isOld, `made when its source had changed: ${what}`);
    this.written.add(path, is.content);
  }

  #allow(path: string): Allowance {
    const allowance = this.#allowed.get(path) ?? {
      versions: [],
      contentCoding: undefined,
      sourcePath: '',
      mayGo: [],
    };
    this.#allowed.set(path, allowance);
    return allowance;
  }
}
