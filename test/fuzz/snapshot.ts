// Owns the look at everything in a folder: what each entry is, and what nobody can change without leaving
// a trace. Judges nothing.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';

/** How something stands in a folder. */
export interface Look {
  readonly type: 'file' | 'folder' | 'link' | 'special';
  readonly stats: BigIntStats;
  /** Of a file its bytes, if they can be read; of a link its target. */
  readonly content: Buffer | undefined;
}

/** Everything below a folder, by path. */
export type World = Map<string, Look>;

/** Looks at all that is below `folder`, which counts itself, but for what is below `blind`. */
export function lookAround(folder: string, blind?: string): World {
  const world: World = new Map();
  const visit = (path: string): void => {
    const look = lookAt(path);
    if (look === undefined) return;
    world.set(path, look);
    if (look.type !== 'folder' || path === blind) return;
    for (const name of namesIn(path)) visit(join(path, name));
  };
  visit(folder);
  return world;
}

/** How something stands there, or `undefined` when nothing does. */
export function lookAt(path: string): Look | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) {
    return { type: 'link', stats, content: Buffer.from(readlinkSync(path)) };
  }
  if (stats.isDirectory()) return { type: 'folder', stats, content: undefined };
  if (!stats.isFile()) return { type: 'special', stats, content: undefined };
  return { type: 'file', stats, content: contentAt(path) };
}

/** The bytes of a file, or `undefined` when there is none that can be read. */
export function contentAt(path: string): Buffer | undefined {
  try {
    // A FIFO would be waited for.
    return statSync(path).isFile() ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether nobody touched it: a folder may have got other entries. */
export function isSame(before: Look, after: Look): boolean {
  if (before.type !== after.type || !hasSameContent(before, after)) return false;
  const [one, other] = [before.stats, after.stats];
  if (one.mode !== other.mode || one.uid !== other.uid || one.gid !== other.gid) return false;
  if (one.ino !== other.ino) return false;
  return before.type === 'folder' || one.mtimeNs === other.mtimeNs;
}

/** Whether two files hold the same bytes, or two links lead to the same place. */
export function hasSameContent(before: Look, after: Look): boolean {
  // How large a folder is, is the file system's own affair.
  if (before.type === 'folder' && after.type === 'folder') return true;
  if (before.content === undefined || after.content === undefined) {
    return before.content === after.content && before.stats.size === after.stats.size;
  }
  return before.content.equals(after.content);
}

/** What a failed comparison shows of it. */
export function describe(look: Look | undefined): string {
  if (look === undefined) return 'nothing';
  const { type, stats, content } = look;
  const digest = createHash('sha256')
    .update(content ?? '')
    .digest('hex');
  const held =
    type === 'link' ? `→ ${String(content)}` : `${stats.size} bytes ${digest.slice(0, 8)}`;
  const mode = (stats.mode & 0o7777n).toString(8);
  return `${type} ${held}, mode ${mode}, ${stats.uid}:${stats.gid}, inode ${stats.ino} (${stats.nlink}), mtime ${stats.mtimeNs}`;
}

/** Makes every folder below this one accessible, so that all of it can be removed. */
export function openUp(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openUp(join(folder, entry.name));
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
