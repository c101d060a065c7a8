// Owns one variant of one source on its way to an outcome: encoded bytes come in, are compared with
// the sidecar that is there, and are then written, left alone or discarded. Knows no codec.
import type { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { sidecarPath, type ContentCoding } from './content-coding.js';
import { attempt, codeOf, createFailure, FileFailed, toFailure, type Failure } from './failure.js';
import type { VariantOutcome, WorkerSettings } from './job.js';
import { isWorthKeeping } from './keep-rule.js';
import { occupantOf, removeSidecar, TemporarySidecar, type Occupant } from './sidecar.js';
import { SidecarComparison } from './sidecar-comparison.js';
import { SidecarChanged } from './source.js';

/** Which rules a variant is kept by, and where it goes. */
export type VariantSettings = Pick<WorkerSettings, 'maxRatio' | 'dryRun' | 'temporaryPrefix'>;

/** To look first costs nothing beside the encode of such a source, and may spare it. */
const LOOK_FIRST_BYTES = 16 * 1024;

/**
 * One variant in the making. `accept` its encoded bytes, then `settle` it once the source is known
 * not to have changed. Every expected failure is kept and comes out as the outcome.
 */
export class Variant implements Disposable {
  readonly #settings: VariantSettings;
  readonly #sourcePath: string;
  readonly #sidecarPath: string;
  readonly #source: BigIntStats;
  #occupant: Occupant = 'nothing';
  #comparison: SidecarComparison | undefined;
  /** The variant, when it came whole. */
  #whole: Buffer | undefined;
  /** Where the variant is, when it came in chunks. */
  #temporary: TemporarySidecar | undefined;
  #failure: Failure | undefined;
  #encodedBytes = 0;
  #isRestored = false;
  /** Whether the sidecar that is there is to stay, whatever a codec would make. */
  #keepsOccupant = false;

  /**
   * @param source - how the source is that was opened at `sourcePath`
   * @param isOccupied - whether a file or a link stood at the sidecar's name when the tree was scanned. If not,
   *   and the source is small, it is looked at only before the variant is written: what has appeared
   *   there meanwhile is replaced without a comparison.
   */
  constructor(
    readonly contentCoding: ContentCoding,
    sourcePath: string,
    source: BigIntStats,
    settings: VariantSettings,
    isOccupied: boolean,
  ) {
    this.#settings = settings;
    this.#sourcePath = sourcePath;
    this.#sidecarPath = sidecarPath(sourcePath, contentCoding);
    this.#source = source;
    if (!isOccupied && source.size < LOOK_FIRST_BYTES) return;
    const comparison = isOccupied ? new SidecarComparison(this.#sidecarPath) : undefined;
    // Opened without following a link: another file than the source is all that it can be then.
    if (comparison?.opened !== undefined && comparison.opened.ino !== source.ino) {
      this.#occupant = 'file';
      this.#comparison = comparison;
      return;
    }
    comparison?.[Symbol.dispose]();
    this.#note(() => {
      this.#look();
    });
    if (this.#occupant === 'file') this.#comparison = new SidecarComparison(this.#sidecarPath);
  }

  /** Whether it has failed already, so that there is no use in encoding it. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Where the sidecar is or will be. */
  get path(): string {
    return this.#sidecarPath;
  }

  /** Whether a file that can be opened, and no link to one, stood there when it was looked at. */
  get hasFile(): boolean {
    return this.#comparison?.opened !== undefined;
  }

  /** Takes the whole variant at once. */
  acceptWhole(encoded: Buffer, isRestored = false): void {
    this.#encodedBytes = encoded.length;
    this.#isRestored = isRestored;
    if (!this.#isWorthKeeping()) return;
    this.#whole = encoded;
    this.#comparison?.accept(encoded);
  }

  /** Takes just the size of a variant that is too large to be kept, so that nobody made it whole. */
  acceptTooLarge(encodedBytes: number): void {
    this.#encodedBytes = encodedBytes;
  }

  /**
   * Takes the next bytes of a variant that is encoded in chunks. They go to a temporary file as they
   * come, for as long as the variant may still be kept.
   */
  acceptChunk(encoded: Buffer): void {
    this.#encodedBytes += encoded.length;
    if (this.hasFailed) return;
    if (!this.#isWorthKeeping()) {
      this.#dropTemporary();
      return;
    }
    this.#comparison?.accept(encoded);
    if (this.#settings.dryRun) return;
    this.#note(() => {
      this.#append(encoded);
    });
  }

  /** Notes that the chunks come from the cache. */
  markRestored(): void {
    this.#isRestored = true;
  }

  /** Forgets the chunks that came so far: they turned out to be none of this source. */
  startOver(): void {
    this.#encodedBytes = 0;
    this.#isRestored = false;
    this.#dropTemporary();
    if (this.#comparison === undefined) return;
    this.#comparison[Symbol.dispose]();
    this.#comparison = new SidecarComparison(this.#sidecarPath);
  }

  /**
   * The content of the sidecar that is there, if it has so many bytes and is right in all but what only its
   * content tells: owner, mode and times.
   */
  readOccupant(encodedBytes: number): Buffer | undefined {
    if (this.#comparison?.isLike(this.#source) !== true) return undefined;
    return this.#comparison.readWhole(encodedBytes);
  }

  /** Whether the sidecar that is there has so many bytes, and is right likewise. */
  isLikeOccupant(encodedBytes: number): boolean {
    const opened = this.#comparison?.opened;
    return Number(opened?.size) === encodedBytes && this.#comparison?.isLike(this.#source) === true;
  }

  /** Takes the sidecar that is there for the variant: it was read and found right. */
  acceptOccupant(encodedBytes: number): void {
    this.#encodedBytes = encodedBytes;
    this.#keepsOccupant = true;
  }

  /** Notes that encoding it failed. */
  fail(error: unknown): void {
    this.#failure ??= toFailure(error, 'encode', this.#sidecarPath);
  }

  /**
   * Brings the folder to what the variant demands, and tells what was done.
   *
   * @throws SidecarChanged when a sidecar that was to stay is no longer what was read
   */
  settle(): VariantOutcome {
    if (this.#failure !== undefined) return this.#failed(this.#failure);
    try {
      return this.#commit();
    } catch (error) {
      // Its space may be what the next variant needs.
      this.#dropTemporary();
      if (error instanceof SidecarChanged) throw error;
      if (error instanceof FileFailed) return this.#failed(error.failure);
      return this.#failed(toFailure(error, 'stat', this.#sidecarPath));
    }
  }

  /**
   * Takes back a sidecar that was made from bytes which the source no longer holds.
   *
   * @throws FileFailed when it cannot be removed
   */
  retract(): void {
    attempt('remove', this.#sidecarPath, () => removeSidecar(this.#sidecarPath));
  }

  [Symbol.dispose](): void {
    this.#comparison?.[Symbol.dispose]();
    this.#dropTemporary();
  }

  #commit(): VariantOutcome {
    const { contentCoding } = this;
    const encodedBytes = this.#encodedBytes;
    if (this.#keepsOccupant) {
      if (this.#comparison?.isUntouched() !== true) throw new SidecarChanged();
      if (this.#mend() || this.#comparison.canMend(this.#source)) {
        return { status: 'unchanged', contentCoding, encodedBytes };
      }
      this.#copyOccupant(this.#comparison);
      return { status: 'written', contentCoding, encodedBytes, replaced: true };
    }
    const isWorthKeeping = this.#isWorthKeeping();
    if (isWorthKeeping && this.#comparison?.isEqual() === true && this.#mend()) {
      return { status: 'unchanged', contentCoding, encodedBytes };
    }
    // Once more: encoding may have taken minutes.
    this.#look();
    if (!isWorthKeeping) {
      const removed = this.#removeOccupant();
      return { status: 'discarded', contentCoding, encodedBytes, removed };
    }
    this.#moveIntoPlace();
    const replaced = this.#occupant !== 'nothing';
    const status = this.#isRestored ? 'restored' : 'written';
    return { status, contentCoding, encodedBytes, replaced };
  }

  /** Looks at what stands at the sidecar's name, and fails when that is the source itself. */
  #look(): void {
    this.#occupant = attempt('stat', this.#sidecarPath, () =>
      occupantOf(this.#sidecarPath, this.#sourcePath, this.#source),
    );
    if (this.#occupant === 'source') {
      throw new FileFailed(createFailure('ESAMEFILE', 'stat', this.#sidecarPath));
    }
  }

  #failed(failure: Failure): VariantOutcome {
    const isStale =
      this.#occupant === 'file' &&
      (this.#comparison?.hasDiffered === true || !this.#isWorthKeeping());
    const message = isStale ? `${failure.message}; its old content may be stale` : failure.message;
    return {
      status: 'failed',
      contentCoding: this.contentCoding,
      failure: { ...failure, message },
    };
  }

  #isWorthKeeping(): boolean {
    const sourceBytes = Number(this.#source.size);
    return isWorthKeeping(this.#encodedBytes, sourceBytes, this.#settings.maxRatio);
  }

  #append(encoded: Buffer): void {
    attempt('write', this.#sidecarPath, () => {
      this.#temporary ??= new TemporarySidecar(this.#sidecarPath, this.#settings.temporaryPrefix);
      this.#temporary.append(encoded);
    });
  }

  /** Keeps an expected failure for `settle`, and drops what was written so far. */
  #note(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof FileFailed)) throw error;
      this.#failure ??= error.failure;
      this.#dropTemporary();
    }
  }

  #dropTemporary(): void {
    this.#temporary?.[Symbol.dispose]();
    this.#temporary = undefined;
  }

  #removeOccupant(): boolean {
    // What is neither file nor link is nobody's sidecar.
    if (this.#occupant !== 'file' && this.#occupant !== 'link') return false;
    if (this.#settings.dryRun) return true;
    return attempt('remove', this.#sidecarPath, () => removeSidecar(this.#sidecarPath));
  }

  /** @returns whether that was possible; another user's sidecar cannot be mended, but replaced. */
  #mend(): boolean {
    if (this.#comparison?.canMend(this.#source) !== true) return false;
    if (this.#settings.dryRun) return true;
    try {
      this.#comparison.mend(this.#source);
      return true;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return false;
    }
  }

  /** Puts a file of its own in the place of one that is right but for what its other names forbid to mend. */
  #copyOccupant(occupant: SidecarComparison): void {
    this.#look();
    if (!this.#settings.dryRun) for (const chunk of occupant.chunks()) this.#append(chunk);
    if (!occupant.isUntouched()) throw new SidecarChanged();
    this.#moveIntoPlace();
  }

  #moveIntoPlace(): void {
    // Windows replaces no file that is open.
    this.#comparison?.[Symbol.dispose]();
    if (this.#occupant === 'directory' || this.#occupant === 'special') {
      const code = this.#occupant === 'directory' ? 'EISDIR' : 'EEXIST';
      throw new FileFailed(createFailure(code, 'rename', this.#sidecarPath));
    }
    if (this.#settings.dryRun) return;
    if (this.#whole !== undefined) this.#append(this.#whole);
    attempt('rename', this.#sidecarPath, () => this.#temporary?.moveIntoPlace(this.#source));
  }
}
