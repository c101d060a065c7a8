// Owns the verdict on each name that a scan comes upon: source, skipped, failed or temporary file,
// and the collection of these. Knows single entries and their siblings, never how trees are walked.
import { statSync, type Stats } from 'node:fs';
import {
  contentCodingOf,
  isSidecar,
  sidecarPath,
  sourcePathOf,
  type ContentCoding,
} from './content-coding.js';
import { codeOf, createFailure, toFailure, type Failure } from './failure.js';
import { placeIn, type EntryType, type FolderEntry, type Place, type Siblings } from './folder.js';
import { leadsThroughSidecar, leadsToDirectory } from './link-chain.js';
import { byRelativePath, compareText } from './order.js';
import type { Skip, SkipReason } from './skip.js';
import { isTemporaryName } from './temporary-file.js';

/** A file that may be compressed. */
export interface SourceFile {
  /** Where it is, absolute. For a link: where the link is. */
  readonly path: string;
  /** Relative to root, always with `/`. */
  readonly relativePath: string;
  /** Bytes when it was found. For a link: of its target. */
  readonly size: number;
  /** Of which content-codings a file with the name of its sidecar stands beside it. */
  readonly sidecars: readonly ContentCoding[];
  /** Which of these a glob of `exclude` matches, if any: no one judges them. */
  readonly excludedSidecars?: readonly ContentCoding[];
}

/** A file with the name of a sidecar and no source beside it: maybe a download that is meant so. */
export interface PossibleOrphan extends Place {
  readonly contentCoding: ContentCoding;
  /** Whether it is compressed like any other file, because the rules of a run say so. */
  readonly isSource: boolean;
}

/** A file or folder of the tree that could not be looked at. */
export interface ScanFailure {
  /** Relative to root, always with `/`; bytes that are not valid UTF-8 stand as `\xNN`. */
  readonly relativePath: string;
  readonly failure: Failure;
}

/** What was found. Every list is sorted by path, in the order of UTF-16 code units. */
export interface Scan {
  readonly sources: readonly SourceFile[];
  readonly skipped: readonly Skip[];
  readonly failures: readonly ScanFailure[];
  /** Files that the rules by name leave out, and that have sidecars. */
  readonly leftOut: readonly SourceFile[];
  readonly possibleOrphans: readonly PossibleOrphan[];
  /** Absolute paths of temporary files, of this run, of live ones and of dead ones. */
  readonly temporaryFiles: readonly string[];
}

/** What decides about entries. */
export interface Rules {
  /** Whether links to directories lead on. */
  readonly follow: boolean;
  /**
   * Why a path is skipped by its name alone, or `undefined`.
   *
   * @param byExtension - whether its extension counts, or the globs alone. Default: true
   */
  readonly skip: (relativePath: string, byExtension?: boolean) => SkipReason | undefined;
}

/**
 * Stands for any file deep in a folder, when it is asked whether `exclude` covers the whole folder.
 * No name can hold a NUL, so that only wildcards can match it.
 */
const ANY_FILE_BELOW = '/\0\0/\0\0';

/** Collects verdicts until the scan is done. */
export class Findings {
  readonly #rules: Rules;
  readonly #sources: SourceFile[] = [];
  readonly #skipped: Skip[] = [];
  readonly #failures: ScanFailure[] = [];
  readonly #leftOut: SourceFile[] = [];
  readonly #possibleOrphans: PossibleOrphan[] = [];
  readonly #temporaryFiles: string[] = [];
  #linkedFolders: Place[] = [];

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Everything found so far, sorted. */
  toScan(): Scan {
    return {
      sources: this.#sources.sort(byRelativePath),
      skipped: this.#skipped.sort(byRelativePath),
      failures: this.#failures.sort(byRelativePath),
      leftOut: this.#leftOut.sort(byRelativePath),
      possibleOrphans: this.#possibleOrphans.sort(byRelativePath),
      temporaryFiles: this.#temporaryFiles.sort(compareText),
    };
  }

  /** The linked directories that were met since the last call, sorted; none without `follow`. */
  takeLinkedFolders(): Place[] {
    const folders = this.#linkedFolders.sort(byRelativePath);
    this.#linkedFolders = [];
    return folders;
  }

  addSkip({ relativePath }: Place, reason: SkipReason): void {
    this.#skipped.push({ relativePath, reason });
  }

  addFailure({ relativePath }: Place, failure: Failure): void {
    this.#failures.push({ relativePath, failure });
  }

  /** A folder whose files stay unknown. Who excludes all of them is not bothered with it. */
  addFolderFailure(place: Place, failure: Failure): void {
    const reason = this.#rules.skip(place.relativePath + ANY_FILE_BELOW);
    if (reason !== 'excluded') this.addFailure(place, failure);
  }

  /** Files of a listed folder that this program names so, whether alive or dead. */
  addTemporaryFiles(folder: Place, entries: readonly FolderEntry[]): void {
    for (const { name, type } of entries) {
      if (isTemporary(name, type)) this.#temporaryFiles.push(placeIn(folder, name).path);
    }
  }

  /**
   * Decides on one entry of a folder. Real directories are not decided on, their entries are.
   *
   * @param siblings - of the same kind as the entry: see `siblingsIn`
   */
  settle(place: Place, { name, type, isText }: FolderEntry, siblings: Siblings): void {
    if (type === 'directory') {
      if (!isText) this.addFolderFailure(place, createFailure('EENCODING', 'list', place.path));
      return;
    }
    if (isTemporary(name, type)) return;
    if (type === 'link' && isText && this.#rules.follow && leadsToDirectory(place.path)) {
      this.#linkedFolders.push(place);
      return;
    }
    const reason = this.#reasonByName(place, name, siblings);
    if (isText) {
      if (type === 'file') this.#notePossibleOrphan(place, name, reason);
      if (reason !== undefined) this.#noteLeftOut(place, name, type, reason, siblings);
    }
    if (reason !== undefined) this.addSkip(place, reason);
    else if (type === 'other') this.addSkip(place, 'not-a-file');
    else if (!isText) this.addFailure(place, createFailure('EENCODING', 'list', place.path));
    else this.#settleByStat(place, type, siblings.sidecarsOf(name));
  }

  /** A sidecar without a source, where both are within the bounds that the globs set. */
  #notePossibleOrphan(place: Place, name: string, reason: SkipReason | undefined): void {
    const contentCoding = contentCodingOf(name);
    // A sidecar has its source beside it; and most files are none by their names.
    if (contentCoding === undefined || reason === 'sidecar') return;
    const sourcePath = sourcePathOf(place.relativePath);
    // By the globs alone: sidecars have extensions that are excluded anyway.
    if (sourcePath === undefined) return;
    if (this.#rules.skip(place.relativePath, false) === 'excluded') return;
    const sourceReason = this.#rules.skip(sourcePath, false);
    if (sourceReason === 'excluded' || sourceReason === 'not-included') return;
    this.#possibleOrphans.push({ ...place, contentCoding, isSource: reason === undefined });
  }

  /** A file that is left out, with those of its sidecars that are not excluded themselves. */
  #noteLeftOut(
    place: Place,
    name: string,
    type: EntryType,
    reason: SkipReason,
    siblings: Siblings,
  ): void {
    if (reason === 'sidecar') return;
    const all = siblings.sidecarsOf(name);
    const excluded = this.#excludedOf(place, all);
    const sidecars = all.filter((coding) => !excluded.includes(coding));
    if (sidecars.length === 0) return;
    try {
      const stats = statSync(place.path);
      if (!stats.isFile() || (type === 'link' && leadsThroughSidecar(place.path))) return;
      this.#leftOut.push({ ...place, size: stats.size, sidecars });
    } catch {
      // What cannot be looked at cannot be compared with its sidecars either.
    }
  }

  #excludedOf(place: Place, sidecars: readonly ContentCoding[]): readonly ContentCoding[] {
    return sidecars.filter(
      (coding) => this.#rules.skip(sidecarPath(place.relativePath, coding), false) === 'excluded',
    );
  }

  #reasonByName(place: Place, name: string, siblings: Siblings): SkipReason | undefined {
    return isSidecar(name, siblings.has) ? 'sidecar' : this.#rules.skip(place.relativePath);
  }

  #settleByStat(place: Place, type: EntryType, sidecars: readonly ContentCoding[]): void {
    let stats: Stats;
    let isLinkedSidecar: boolean;
    try {
      stats = statSync(place.path);
      isLinkedSidecar = type === 'link' && stats.isFile() && leadsThroughSidecar(place.path);
    } catch (error) {
      if (type === 'link' && leadsNowhere(error)) this.addSkip(place, 'broken-link');
      else this.addFailure(place, toFailure(error, 'stat', place.path));
      return;
    }
    if (!stats.isFile()) {
      this.addSkip(place, stats.isDirectory() ? 'linked-directory' : 'not-a-file');
    } else if (isLinkedSidecar) {
      this.addSkip(place, 'linked-sidecar');
    } else {
      const excludedSidecars = this.#excludedOf(place, sidecars);
      const source = { ...place, size: stats.size, sidecars };
      this.#sources.push(excludedSidecars.length === 0 ? source : { ...source, excludedSidecars });
    }
  }
}

function isTemporary(name: string, type: EntryType): boolean {
  // This program makes no links and no devices of such names: whoever did may keep them.
  return type === 'file' && isTemporaryName(name);
}

/** Nothing there, a loop, or a path that goes through a file. */
function leadsNowhere(error: unknown): boolean {
  return ['ENOENT', 'ELOOP', 'ENOTDIR'].includes(codeOf(error) ?? '');
}
