// Owns the sidecars whose source is gone: which of them were written here, and their removal. What is not
// proven to be ours may be someone's only copy, and is left alone unless all are to go.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, unlink, type FileHandle } from 'node:fs/promises';
import type { History } from './cache/history.js';
import { sourcePathOf } from './content-coding.js';
import { codeOf, toFailure } from './failure.js';
import { isSameState } from './file-state.js';
import type { PossibleOrphan, SourceFile } from './findings.js';
import { beginsLikeGzipVariant, GZIP_HEADER_BYTES } from './gzip-member.js';
import type { Orphan, OrphanFailure } from './orphan.js';

/** How orphans are dealt with. */
export interface OrphanRules {
  /** What this root was given, if that is known. */
  readonly history: History | undefined;
  readonly prune: boolean | 'all';
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What became of them. */
export interface SettledOrphans {
  readonly orphans: readonly Orphan[];
  readonly failures: readonly OrphanFailure[];
}

/** Read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** A link is nobody's orphan, and a FIFO is not waited for. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Tells which are orphans, and removes those that the rules let go. */
export async function settleOrphans(
  possible: readonly PossibleOrphan[],
  rules: OrphanRules,
): Promise<SettledOrphans> {
  const orphans: Orphan[] = [];
  const failures: OrphanFailure[] = [];
  for (const one of possible) {
    if (rules.signal?.aborted === true) break;
    const { relativePath, contentCoding, path } = one;
    const proof = await proveOurs(one, rules.history);
    // What is compressed like any other file is one, as long as nothing proves otherwise.
    if (proof === undefined && one.isSource) continue;
    const goes = rules.prune === 'all' || (rules.prune && proof !== undefined);
    try {
      const removed = goes && (rules.dryRun || (await remove(path, proof)));
      orphans.push({ relativePath, contentCoding, isOurs: proof !== undefined, removed });
    } catch (error) {
      failures.push({ relativePath, contentCoding, failure: toFailure(error, 'remove', path) });
    }
  }
  return { orphans, failures };
}

/** The sources but for those that turned out to be orphans, and so are sources no more. */
export function withoutOrphans(
  sources: readonly SourceFile[],
  orphans: readonly Orphan[],
): readonly SourceFile[] {
  if (orphans.length === 0) return sources;
  const gone = new Set(orphans.map(({ relativePath }) => relativePath));
  return sources.filter(({ relativePath }) => !gone.has(relativePath));
}

/** How the file was that holds just what was written there; `undefined` when it does not. */
async function proveOurs(
  { path, relativePath, contentCoding }: PossibleOrphan,
  history: History | undefined,
): Promise<BigIntStats | undefined> {
  if (history?.knows(relativePath) !== true) return undefined;
  try {
    await using file = await open(path, READ_FLAGS);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) return undefined;
    // Also when the history says so: a history may be forged, and this may be someone's dump.sql.gz.
    if (contentCoding === 'gzip' && !(await isGzipVariant(file))) return undefined;
    return history.hasWritten(relativePath, await digestOf(file)) ? stats : undefined;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

async function digestOf(file: FileHandle): Promise<Buffer> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest();
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

async function isGzipVariant(file: FileHandle): Promise<boolean> {
  const header = Buffer.alloc(GZIP_HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, header.length, 0);
  return beginsLikeGzipVariant(header.subarray(0, bytesRead));
}

/**
 * Removes an orphan, if it still is one, and still is what was proven.
 *
 * @returns whether it did
 * @throws a system error
 */
async function remove(path: string, proven: BigIntStats | undefined): Promise<boolean> {
  if (await isThere(sourcePathOf(path))) return false;
  const now = await lstat(path, { bigint: true });
  if (!now.isFile()) return false;
  if (proven !== undefined && !isSameState(proven, now)) return false;
  await unlink(path);
  return true;
}

async function isThere(path: string | undefined): Promise<boolean> {
  if (path === undefined) return true;
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
