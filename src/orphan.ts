// Owns what is said of a sidecar whose source is gone. Pure data: who finds and removes them is elsewhere.
import type { ContentCoding } from './content-coding.js';
import type { Failure } from './failure.js';

/** A sidecar whose source is gone, or what looks like one. */
export interface Orphan {
  /** Relative to root, always with `/`. */
  readonly relativePath: string;
  readonly contentCoding: ContentCoding;
  /** Whether it holds just what a run on this root wrote there. */
  readonly isOurs: boolean;
  /** Whether it was removed, or in a dry run would be. */
  readonly removed: boolean;
}

/** One that could not be removed. */
export interface OrphanFailure {
  readonly relativePath: string;
  readonly contentCoding: ContentCoding;
  readonly failure: Failure;
}
