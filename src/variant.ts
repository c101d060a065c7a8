// Owns one variant of one source on its way to an outcome: encoded bytes come in, are compared with
// the sidecar that is there, and are then written, left alone or discarded. Knows no codec.
import { type Buffer } from 'node:buffer';
import { type BigIntStats } from 'node:fs';
import { sidecarPath, type ContentCoding } from './content-coding.js';
import { attempt, codeOf, createFailure, FileFailed, toFailure, type Failure } from './failure.js';
import { type VariantOutcome, type WorkerSettings } from './job.js';
import { isWorthKeeping } from './keep-rule.js';
import {
  occupantOf,
  removeSidecar,
  SidecarComparison,
  TemporarySidecar,
  type Occupant,
} from './sidecar.js';

/** Which rules a variant is kept by, and where it goes. */
export type VariantSettings = Pick<WorkerSettings, 'maxRatio' | 'dryRun' | 'temporaryPrefix'>;

/**
 * One variant in the making. `accept` its encoded bytes, then `settle` it once the source is known
 * not to have changed. Every expected failure is kept and comes out as the outcome.
 */
export class Variant implements Disposable {
  readonly #settings: VariantSettings;
  readonly #sidecarPath: string;
  readonly #sourceBytes: number;
  #occupant: Occupant = 'nothing';
  #comparison: SidecarComparison | undefined;
  /** The variant, when it came whole. */
  #whole: Buffer | undefined;
  /** Where the variant is, when it came in chunks. */
  #temporary: TemporarySidecar | undefined;
  #failure: Failure | undefined;
  #encodedBytes = 0;

  constructor(
    readonly contentCoding: ContentCoding,
    sourcePath: string,
    sourceBytes: number,
    settings: VariantSettings,
  ) {
    this.#settings = settings;
    this.#sidecarPath = sidecarPath(sourcePath, contentCoding);
    this.#sourceBytes = sourceBytes;
    this.#note(() => {
      this.#occupant = attempt('stat', this.#sidecarPath, () => occupantOf(this.#sidecarPath));
    });
    if (this.#occupant === 'file') this.#comparison = new SidecarComparison(this.#sidecarPath);
  }

  /** Whether it has failed already, so that there is no use in encoding it. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Takes the whole variant at once. */
  acceptWhole(encoded: Buffer): void {
    this.#encodedBytes = encoded.length;
    if (!this.#isWorthKeeping()) return;
    this.#whole = encoded;
    this.#comparison?.accept(encoded);
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
    if (!this.#settings.dryRun)
      this.#note(() => {
        this.#append(encoded);
      });
  }

  /** Notes that encoding it failed. */
  fail(error: unknown): void {
    this.#failure ??= toFailure(error, 'encode', this.#sidecarPath);
  }

  /** Brings the folder to what the variant demands, and tells what was done. */
  settle(source: BigIntStats): VariantOutcome {
    const { contentCoding } = this;
    if (this.#failure !== undefined) {
      return { status: 'failed', contentCoding, failure: this.#failure };
    }
    try {
      return this.#commit(source);
    } catch (error) {
      if (!(error instanceof FileFailed)) throw error;
      return { status: 'failed', contentCoding, failure: error.failure };
    }
  }

  /** Takes back a sidecar that was made from bytes which the source no longer holds. */
  retract(): void {
    removeSidecar(this.#sidecarPath);
  }

  [Symbol.dispose](): void {
    this.#comparison?.[Symbol.dispose]();
    this.#dropTemporary();
  }

  #commit(source: BigIntStats): VariantOutcome {
    const { contentCoding } = this;
    const encodedBytes = this.#encodedBytes;
    if (!this.#isWorthKeeping()) {
      const removed = this.#removeOccupant();
      return { status: 'discarded', contentCoding, encodedBytes, removed };
    }
    if (this.#comparison?.isEqual() === true && this.#mend(source)) {
      return { status: 'unchanged', contentCoding, encodedBytes };
    }
    this.#moveIntoPlace(source);
    const replaced = this.#occupant !== 'nothing';
    return { status: 'written', contentCoding, encodedBytes, replaced };
  }

  #isWorthKeeping(): boolean {
    return isWorthKeeping(this.#encodedBytes, this.#sourceBytes, this.#settings.maxRatio);
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
    // A directory of that name is nobody's sidecar.
    if (this.#occupant === 'nothing' || this.#occupant === 'directory') return false;
    if (this.#settings.dryRun) return true;
    return attempt('remove', this.#sidecarPath, () => removeSidecar(this.#sidecarPath));
  }

  /** @returns whether that was permitted; another user's sidecar cannot be mended, but replaced. */
  #mend(source: BigIntStats): boolean {
    if (this.#settings.dryRun) return true;
    try {
      this.#comparison?.mend(source);
      return true;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return false;
    }
  }

  #moveIntoPlace(source: BigIntStats): void {
    if (this.#occupant === 'directory') {
      throw new FileFailed(createFailure('EISDIR', 'rename', this.#sidecarPath));
    }
    if (this.#settings.dryRun) return;
    if (this.#whole !== undefined) this.#append(this.#whole);
    attempt('rename', this.#sidecarPath, () => this.#temporary?.moveIntoPlace(source));
  }
}
