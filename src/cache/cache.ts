// Owns the cache of one run as the main thread sees it: it is opened before the first worker starts,
// and closed behind the last: then what was used is noted, and what is too much goes. Knows no source.
import { renameSync } from 'node:fs';
import { codeOf, type Failure } from '../failure.js';
import type { CacheAddition, CacheReading, CacheSettings } from './cache-settings.js';
import { prepareFolders } from './folders.js';
import { boundHistories, History, historyPath } from './history.js';
import { prune } from './prune.js';
import { RECORD_BYTES } from './record.js';
import {
  listSegments,
  MAX_RECORDS,
  newSegment,
  openToRead,
  readInto,
  recordsIn,
  segmentFolder,
  settledIndexPath,
  type Segment,
} from './segment.js';
import { createIndexMemory, SharedIndex } from './shared-index.js';
import { noteUse } from './usage.js';
import { closeRead } from '../close-read.js';

/** How a run uses the cache. */
export interface CacheUse {
  /** Where it is, absolute; nothing when there is no place for one: see location.ts. */
  readonly folder: string | undefined;
  readonly maxBytes: number;
  /** Whether to read what is there; else everything is encoded anew. */
  readonly isRead: boolean;
  /** Whether to write: a run that only looks does not. */
  readonly isWritten: boolean;
  /** The real path of the folder that is compressed, if it is one. */
  readonly root: string | undefined;
}

/** Of one entry in the whole: a larger one is not worth what it drives out. */
const LARGEST_SHARE = 1 / 4;

interface Loaded {
  readonly segment: Segment;
  readonly firstRecord: number;
  readonly records: number;
}

/** The cache, open. */
export class Cache implements Disposable {
  /** Where it is, absolute; nothing when there is no place for one. */
  readonly folder: string | undefined;
  /** Why nothing is added to it, if it was to be. */
  readonly failure: Failure | undefined;
  readonly settings: CacheSettings;
  readonly #maxBytes: number;
  readonly #historyPath: string | undefined;
  readonly #addition: Segment | undefined;
  readonly #loaded: readonly Loaded[];
  readonly #index: SharedIndex;

  constructor({ folder, maxBytes, isRead, isWritten, root }: CacheUse) {
    this.folder = folder;
    this.#maxBytes = maxBytes;
    this.#historyPath =
      folder === undefined || root === undefined ? undefined : historyPath(folder, root);
    this.failure = isWritten ? prepareFolders(folder) : undefined;
    const isWritable = isWritten && this.failure === undefined;
    const segments = folder === undefined ? undefined : segmentFolder(folder);
    this.#addition = isWritable && segments !== undefined ? newSegment(segments, true) : undefined;
    const { loaded, reading, index } = load(
      isRead && segments !== undefined ? listSegments(segments) : [],
      isWritable,
    );
    this.#loaded = loaded;
    this.#index = index;
    this.settings = {
      reading,
      addition: this.#addition === undefined ? undefined : additionTo(this.#addition, maxBytes),
      historyPath: isWritable ? this.#historyPath : undefined,
    };
  }

  /** Whether there is anything in it that a run may find. */
  get isFilled(): boolean {
    return this.#loaded.some(({ records }) => records > 0);
  }

  /** What the root was given, as far as the cache tells. */
  readHistory(): History | undefined {
    return this.#historyPath === undefined ? undefined : new History(this.#historyPath);
  }

  /**
   * To be called when no worker adds or reads any more. What then goes wrong costs no result.
   *
   * @param signal - ends the pruning
   */
  async close(signal?: AbortSignal): Promise<void> {
    const { folder } = this;
    if (folder === undefined || this.#addition === undefined) return;
    this[Symbol.dispose]();
    const rules = { maxBytes: this.#maxBytes, isForced: false, signal };
    // Each for itself: a list of times that cannot be written is no reason to let the cache grow.
    await ignoringRefusal(() => {
      this.#noteUse();
    });
    await ignoringRefusal(() => {
      boundHistories(folder);
    });
    await ignoringRefusal(() => prune(segmentFolder(folder), rules));
  }

  /** Tells others that nothing more is added: all that is left to do for a run that was ended. */
  [Symbol.dispose](): void {
    if (this.#addition === undefined) return;
    try {
      renameSync(this.#addition.indexPath, settledIndexPath(this.#addition));
    } catch (error) {
      // Mostly because nothing was added, so that there is none.
      if (codeOf(error) === undefined) throw error;
    }
  }

  #noteUse(): void {
    for (const { segment, firstRecord, records } of this.#loaded) {
      noteUse(segment, records, (number) => this.#index.isUsed(firstRecord + number));
    }
  }
}

async function ignoringRefusal(step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
}

function additionTo({ indexPath, packPath }: Segment, maxBytes: number): CacheAddition {
  const end = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  return { indexPath, packPath, end, maxEntryBytes: maxBytes * LARGEST_SHARE };
}

/** Reads the indexes of segments, the youngest first, of which the first record of each key counts. */
function load(
  segments: readonly Segment[],
  isWritable: boolean,
): { loaded: Loaded[]; reading: CacheReading; index: SharedIndex } {
  const opened: { readonly segment: Segment; readonly fd: number; readonly records: number }[] = [];
  let total = 0;
  for (const segment of segments) {
    // Between the listing and now its run may have ended, and the index be settled.
    const file = openToRead(segment.indexPath) ?? openToRead(settledIndexPath(segment));
    if (file === undefined) continue;
    const records = Math.min(recordsIn(file.size), MAX_RECORDS - total);
    opened.push({ segment, fd: file.fd, records });
    total += records;
  }
  const memory = createIndexMemory(total);
  const index = new SharedIndex(memory);
  const loaded: Loaded[] = [];
  let firstRecord = 0;
  for (const { segment, fd, records } of opened) {
    const end = firstRecord + records;
    readInto(fd, index.bytes.subarray(firstRecord * RECORD_BYTES, end * RECORD_BYTES), 0);
    closeRead(fd);
    for (let number = firstRecord; number < end; number += 1) index.insert(number);
    loaded.push({ segment, firstRecord, records });
    firstRecord = end;
  }
  const reading = {
    index: memory,
    segments: loaded.map(({ segment: { indexPath, packPath }, firstRecord: first }) => ({
      indexPath,
      packPath,
      firstRecord: first,
    })),
    isWritable,
  };
  return { loaded, reading, index };
}
