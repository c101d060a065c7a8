// Owns what must be at the name of each sidecar when nothing has disturbed a run, by the content of the
// sources and the rules alone. Encodes with the product's codec, and proves with Node's.
import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { encode } from '../../src/codec.js';
import { DEFAULT_OPTIONS, type ContentCoding } from '../../src/index.js';
import { STREAM_ABOVE_BYTES } from '../../src/memory.js';
import { nameReason, type Chosen } from './options.js';
import { canProve, decoded } from './proof.js';
import { MAX_NAME_BYTES } from './sandbox.js';
import { contentAt, lookAt, type Look } from './snapshot.js';
import { CODINGS, type OrphanView, type SourceView, type Survey } from './survey.js';

/**
 * What must be: `kept` with just these bytes (or, of what is streamed, any right ones), `gone`, or `failed`
 * and as it was; `any` where permissions or a rare order of events decide.
 */
export type Verdict =
  | { readonly type: 'kept'; readonly bytes: Buffer | undefined; readonly isAsItWas: boolean }
  | { readonly type: 'gone' }
  | { readonly type: 'failed' }
  | { readonly type: 'any' };

/** What is to become of the name of a sidecar. */
export interface Expected {
  readonly source: SourceView;
  readonly contentCoding: ContentCoding;
  readonly verdict: Verdict;
}

/** Where an entry really is: folders may be reached by links. */
export function realPathOf(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}

/** By the real path of the sidecar, for all variants that a run makes. */
export function expectedOf(
  { sources, orphans }: Survey,
  chosen: Chosen,
): ReadonlyMap<string, Expected> {
  const expected = new Map<string, Expected>();
  const mayGo = new Set(isPruning(chosen) ? orphans.map(({ realPath }) => realPath) : []);
  for (const source of sources) {
    const hangs = source.isHindered || mayGo.has(realpathSync(source.path));
    for (const [contentCoding, suffix] of CODINGS) {
      if (!source.codings.includes(contentCoding)) continue;
      const path = source.path + suffix;
      const verdict: Verdict = hangs
        ? { type: 'any' }
        : verdictOf(path, source, contentCoding, chosen);
      expected.set(realPathOf(path), { source, contentCoding, verdict });
    }
  }
  return expected;
}

function verdictOf(
  path: string,
  { path: sourcePath, content, stats }: SourceView,
  contentCoding: ContentCoding,
  chosen: Chosen,
): Verdict {
  if (Buffer.byteLength(basename(path)) > MAX_NAME_BYTES) return { type: 'failed' };
  if (content === undefined) return { type: 'any' };
  const occupant = lookAt(path);
  if (occupant?.stats.ino === stats.ino && lookAt(sourcePath)?.type === 'link') {
    return { type: 'failed' };
  }
  if (chosen.keepValid === true && occupant?.type === 'file' && occupant.content !== undefined) {
    const isValid = decoded(occupant.content, contentCoding)?.equals(content) === true;
    if (isValid && isKept(occupant.content.length, content.length, chosen)) {
      return { type: 'kept', bytes: occupant.content, isAsItWas: true };
    }
  }
  const blocked = isBlocked(path, occupant);
  if (content.length > STREAM_ABOVE_BYTES) {
    if (chosen.maxRatio !== undefined) return { type: 'any' };
    return blocked ? { type: 'failed' } : { type: 'kept', bytes: undefined, isAsItWas: false };
  }
  const bytes = encodedAs(content, contentCoding, chosen);
  if (!isKept(bytes.length, content.length, chosen)) return { type: blocked ? 'any' : 'gone' };
  return blocked ? { type: 'failed' } : { type: 'kept', bytes, isAsItWas: false };
}

/** Whether what stands there is neither a file nor a link to one. */
function isBlocked(path: string, occupant: Look | undefined): boolean {
  if (occupant?.type !== 'link') return occupant?.type === 'folder' || occupant?.type === 'special';
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isKept(encodedBytes: number, sourceBytes: number, { maxRatio = 1 }: Chosen): boolean {
  return encodedBytes < sourceBytes && encodedBytes / sourceBytes <= maxRatio;
}

const memory = new Map<string, Buffer>();

/** What the codec makes of a content, once for each. */
export function encodedAs(content: Buffer, contentCoding: ContentCoding, chosen: Chosen): Buffer {
  const { gzipLevel, brotliQuality, zstdLevel } = { ...DEFAULT_OPTIONS, ...chosen };
  const level = { gzip: gzipLevel, br: brotliQuality, zstd: zstdLevel }[contentCoding];
  const key = `${contentCoding} ${level} ${createHash('sha1').update(content).digest('hex')}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const codec =
    contentCoding === 'br'
      ? ({ contentCoding, quality: level } as const)
      : ({ contentCoding, level } as const);
  const encoded = encode(content, codec);
  if (memory.size > 3000) memory.clear();
  memory.set(key, encoded);
  return encoded;
}

/** A sidecar that no variant of a run replaces, and that is stale. */
export interface Stale {
  readonly relativePath: string;
  /** Whether it is to be removed with `prune`: not when it is the source itself. */
  readonly goes: boolean;
}

/** All of them, by their real paths. */
export function staleOf({ sources, orphans }: Survey, chosen: Chosen): ReadonlyMap<string, Stale> {
  const stale = new Map<string, Stale>();
  const mayGo = new Set(isPruning(chosen) ? orphans.map(({ realPath }) => realPath) : []);
  for (const source of sources) {
    if (mayGo.has(realpathSync(source.path))) continue;
    for (const [contentCoding, suffix] of CODINGS) {
      if (source.codings.includes(contentCoding) || !canProve(contentCoding)) continue;
      const path = source.path + suffix;
      const relativePath = source.relativePath + suffix;
      if (source.isHindered || source.content === undefined) continue;
      if (nameReason(relativePath, chosen, false) === 'excluded') continue;
      if (Buffer.byteLength(basename(path)) > MAX_NAME_BYTES) continue;
      const look = lookAt(path);
      if (look?.type !== 'file' && look?.type !== 'link') continue;
      const held = contentAt(path);
      if (held === undefined) continue;
      const isValid = decoded(held, contentCoding)?.equals(source.content) === true;
      if (!isValid) {
        const goes = !isSourceItself(path, source.path);
        stale.set(realPathOf(path), { relativePath, goes });
      }
    }
  }
  return stale;
}

/** Whether it is the source itself that stands at the name of its sidecar. */
function isSourceItself(path: string, source: string): boolean {
  const [look, stats] = [lookAt(path), statSync(source, { bigint: true })];
  if (look?.stats.ino !== stats.ino) return false;
  return lookAt(source)?.type === 'link' || stats.nlink === 1n;
}

/** Whether `prune` must remove an orphan, may (it was written here), or must not. */
export function fateOf(
  { isSource, isHindered }: OrphanView,
  chosen: Chosen,
  wasWritten: boolean,
): 'goes' | 'may go' | 'stays' {
  if (!isPruning(chosen)) return 'stays';
  if (isHindered) return 'may go';
  if (chosen.prune === 'all' && !isSource) return 'goes';
  return wasWritten && chosen.cache !== false ? 'may go' : 'stays';
}

/** Whether stale and orphaned sidecars are to go. */
export function isPruning({ prune }: Chosen): boolean {
  return prune === true || prune === 'all';
}
