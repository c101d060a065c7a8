// Owns the fuzzer's own account of a tree: which files a run with these options compresses, which it leaves
// out, and which are sidecars without a source. By looking at the disk; it takes no word of the product.
import {
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  type BigIntStats,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { DEFAULT_OPTIONS, SUFFIXES, type ContentCoding } from '../../src/index.js';
import { isTemporaryName } from '../../src/temporary-file.js';
import { nameReason, type Chosen } from './options.js';
import { contentAt } from './snapshot.js';

/** Who runs the command. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** A file that is compressed, or left out with its sidecars looked at. */
export interface SourceView {
  readonly path: string;
  readonly relativePath: string;
  readonly content: Buffer | undefined;
  readonly stats: BigIntStats;
  readonly isSelected: boolean;
  /** Whether permissions may keep a run from reading it, or from writing beside it. */
  readonly isHindered: boolean;
  /** The content-codings that a run makes of it. */
  readonly codings: readonly ContentCoding[];
}

/** A file called like a sidecar, with nothing beside it that could be its source. */
export interface OrphanView {
  /** Where it really is: folders may be reached by links. */
  readonly realPath: string;
  readonly relativePath: string;
  /** Whether it is compressed like any other file. */
  readonly isSource: boolean;
  readonly isHindered: boolean;
}

/** What a run sees of a tree. */
export interface Survey {
  readonly sources: readonly SourceView[];
  readonly orphans: readonly OrphanView[];
  /** Folders that cannot be listed, or files that cannot be looked at. */
  readonly isHindered: boolean;
}

/** All content-codings, with their suffixes. */
export const CODINGS = Object.entries(SUFFIXES) as readonly (readonly [ContentCoding, string])[];

/** Looks at a root as a run with these options and rights would. */
export function survey(root: string, chosen: Chosen, who: Identity): Survey {
  return new Surveyor(chosen, who).survey(root);
}

class Surveyor {
  readonly #sources: SourceView[] = [];
  readonly #orphans: OrphanView[] = [];
  readonly #visited = new Set<bigint>();
  #links: { readonly path: string; readonly relativePath: string; readonly isOpen: boolean }[] = [];
  #isHindered = false;

  constructor(
    readonly chosen: Chosen,
    readonly who: Identity,
  ) {}

  survey(root: string): Survey {
    this.#visit(root, '', true);
    while (this.#links.length > 0) {
      const links = this.#links.sort((a, b) => (a.relativePath < b.relativePath ? -1 : 1));
      this.#links = [];
      for (const { path, relativePath, isOpen } of links) this.#visit(path, relativePath, isOpen);
    }
    return { sources: this.#sources, orphans: this.#orphans, isHindered: this.#isHindered };
  }

  /** @param isOpen - whether all may be done in it and in the folders on the way to it */
  #visit(folder: string, relativePath: string, isOpen: boolean): void {
    const stats = statSync(folder, { bigint: true });
    if (this.#visited.has(stats.ino)) return;
    this.#visited.add(stats.ino);
    const isFree = isOpen && may(stats, this.who, 7n) && !isForeignSticky(stats, this.who);
    if (!isFree) this.#isHindered = true;
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return;
    }
    for (const name of names) {
      const path = join(folder, name);
      const inside = relativePath === '' ? name : `${relativePath}/${name}`;
      const entry = lstatSync(path, { throwIfNoEntry: false });
      // A run that is under way takes its temporary files away.
      if (entry === undefined) continue;
      if (entry.isDirectory()) this.#visit(path, inside, isFree);
      else if (entry.isFile() && isTemporaryName(name)) continue;
      else if (entry.isSymbolicLink() && this.chosen.follow === true && leadsToFolder(path)) {
        this.#links.push({ path, relativePath: inside, isOpen: isFree });
      } else this.#judge(path, inside, names, entry, isFree);
    }
  }

  #judge(
    path: string,
    relativePath: string,
    names: readonly string[],
    entry: Stats,
    isFree: boolean,
  ): void {
    const name = basename(path);
    const stripped = strippedOf(name);
    if (stripped !== undefined && names.includes(stripped)) return;
    const reason = nameReason(relativePath, this.chosen);
    const isLink = entry.isSymbolicLink();
    if (stripped !== undefined && entry.isFile()) {
      this.#noteOrphan(path, relativePath, reason === undefined, !isFree);
    }
    const stats = statsOf(path);
    if (stats?.isFile() !== true || (isLink && passesSidecar(path))) return;
    const on = this.#codingsOn();
    const hasSidecar = on.some(([, suffix]) => {
      return names.includes(name + suffix) && isFileOrLink(path + suffix);
    });
    const minSize = this.chosen.minSize ?? DEFAULT_OPTIONS.minSize;
    const hasSize = stats.size === 0n ? hasSidecar : stats.size >= minSize;
    const isSelected = reason === undefined && hasSize;
    this.#sources.push({
      path,
      relativePath,
      content: contentAt(path),
      stats,
      isSelected,
      // Where a link of an ordinary user leads may be closed in many ways.
      isHindered: !isFree || !may(stats, this.who, 4n) || (isLink && this.who.uid !== 0),
      codings: isSelected ? on.map(([coding]) => coding) : [],
    });
  }

  #noteOrphan(
    path: string,
    relativePath: string,
    isNamedSource: boolean,
    isHindered: boolean,
  ): void {
    const source = relativePath.slice(0, -strippedLength(relativePath));
    if (nameReason(relativePath, this.chosen, false) === 'excluded') return;
    if (nameReason(source, this.chosen, false) !== undefined) return;
    const realPath = join(realpathSync(dirname(path)), basename(path));
    this.#orphans.push({ realPath, relativePath, isSource: isNamedSource, isHindered });
  }

  #codingsOn(): (typeof CODINGS)[number][] {
    const { gzip, brotli, zstd } = { ...DEFAULT_OPTIONS, ...this.chosen };
    const isOn: Readonly<Record<ContentCoding, boolean>> = { gzip, br: brotli, zstd };
    return CODINGS.filter(([coding]) => isOn[coding]);
  }
}

/** Whether a mode grants all of these rights (4 read, 2 write, 1 enter), to whom root is no stranger. */
function may({ mode, uid, gid }: BigIntStats, who: Identity, rights: bigint): boolean {
  if (who.uid === 0) return true;
  const shift = uid === BigInt(who.uid) ? 6n : gid === BigInt(who.gid) ? 3n : 0n;
  return ((mode >> shift) & rights) === rights;
}

/** In a sticky folder one may rename only over what is one's own. */
function isForeignSticky({ mode }: BigIntStats, who: Identity): boolean {
  return who.uid !== 0 && (mode & 0o1000n) !== 0n;
}

function strippedLength(name: string): number {
  return CODINGS.find(([, suffix]) => name.endsWith(suffix))?.[1].length ?? 0;
}

/** The name without the suffix of a sidecar, if it has one and more than that. */
function strippedOf(name: string): string | undefined {
  const length = strippedLength(name);
  return length === 0 || length === name.length ? undefined : name.slice(0, -length);
}

/** Whether a path is called like the sidecar of something that is there. */
function isCalledSidecar(path: string): boolean {
  const stripped = strippedOf(basename(path));
  if (stripped === undefined) return false;
  return lstatSync(join(dirname(path), stripped), { throwIfNoEntry: false }) !== undefined;
}

/** Whether a link leads to a file by way of something that is called like a sidecar. */
function passesSidecar(link: string): boolean {
  let way = link;
  for (let links = 0; links < 40; links += 1) {
    const parts = way.split('/').filter(Boolean);
    let next: string | undefined;
    for (let depth = 1; depth <= parts.length && next === undefined; depth += 1) {
      const passed = parse(way).root + parts.slice(0, depth).join('/');
      const stats = lstatSync(passed);
      if (stats.isDirectory()) continue;
      if (passed !== link && isCalledSidecar(passed)) return true;
      if (stats.isSymbolicLink()) {
        next = resolve(dirname(passed), readlinkSync(passed), ...parts.slice(depth));
      }
    }
    if (next === undefined) return false;
    way = next;
  }
  return false;
}

function leadsToFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** How that is to which a path leads, if it leads anywhere. */
function statsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function isFileOrLink(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.isFile() || stats.isSymbolicLink());
}
