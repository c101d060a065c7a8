// Owns what both ways of compressing a source have in common: its variants in the making, and the
// settling of all of them while the source is still what was encoded.
import type { Buffer } from 'node:buffer';
import { sidecarPath } from './content-coding.js';
import { FileFailed } from './failure.js';
import type { CodecSettings, Job, SourceOutcome, StaleSidecar, VariantOutcome } from './job.js';
import { isWorthKeeping } from './keep-rule.js';
import { SourceChanged, type OpenSource } from './source.js';
import { Variant } from './variant.js';
import { verifySidecar, type SourceContent } from './verification.js';
import type { WorkContext } from './work-context.js';
import { RunEnded } from './write-gate.js';

/** A variant in the making, and what was found out about it on the way. */
export interface Encoding {
  readonly codec: CodecSettings;
  readonly variant: Variant;
  /** Whether the sidecar that is there may be left as it is without being made once more. */
  readonly mayKeepOccupant: boolean;
  /** SHA-256 of the variant, where it is known. */
  digest: Buffer | undefined;
  /** What the cache saved, in milliseconds of a thread. */
  savedMs: number;
}

/**
 * The variants of a source, one for each content-coding that is on.
 *
 * @param mayKeepOccupants - no more once a sidecar changed meanwhile: another run may replace its sidecars at every
 *   turn, and then they are no longer what was looked at
 */
export function createEncodings(
  { settings }: WorkContext,
  { path, sidecars }: Job,
  source: OpenSource,
  mayKeepOccupants: boolean,
): Encoding[] {
  return settings.codecs.map((codec) => {
    const { contentCoding } = codec;
    const isOccupied = sidecars.includes(contentCoding);
    const variant = new Variant(contentCoding, path, source.stats, settings, isOccupied);
    return { codec, variant, mayKeepOccupant: mayKeepOccupants, digest: undefined, savedMs: 0 };
  });
}

/**
 * With `keepValid`: takes the sidecar that is there for the variant, if it decodes to the source and is
 * small enough.
 *
 * @returns whether it did
 * @throws what reading the source throws
 */
export async function acceptValidOccupant(
  { settings }: WorkContext,
  { variant, mayKeepOccupant }: Encoding,
  content: SourceContent,
): Promise<boolean> {
  if (!settings.keepValid || !mayKeepOccupant || !variant.hasFile) return false;
  try {
    const { path, contentCoding } = variant;
    const { verdict, encodedBytes } = await verifySidecar(path, contentCoding, content);
    const isKept =
      verdict === 'valid' && isWorthKeeping(encodedBytes, content.size, settings.maxRatio);
    if (isKept) variant.acceptOccupant(encodedBytes);
    return isKept;
  } catch (error) {
    // To replace what cannot be read needs no right to read it.
    if (error instanceof FileFailed && error.failure.path === variant.path) return false;
    throw error;
  }
}

/** Whether an error says something of the source or of the run, and not just of one variant. */
export function isAboutSource(error: unknown): boolean {
  return error instanceof SourceChanged || error instanceof FileFailed || error instanceof RunEnded;
}

/**
 * Brings each sidecar to what its variant demands, while the source is still what was encoded. If it
 * changes at this very moment, what was written is taken back.
 *
 * @throws SourceChanged or RunEnded
 */
export function settle(
  { settings, gate, cache }: WorkContext,
  { relativePath }: Job,
  source: OpenSource,
  encodings: readonly Encoding[],
): VariantOutcome[] {
  source.assertUnchanged();
  const outcomes: VariantOutcome[] = [];
  const isNew = (index: number): boolean =>
    outcomes[index]?.status === 'written' || outcomes[index]?.status === 'restored';
  try {
    for (const { variant } of encodings) {
      // On a slow disk the first may have taken so long that the run has ended meanwhile.
      if (gate.isClosed) throw new RunEnded();
      outcomes.push(variant.settle());
    }
    // Where nothing was written, nothing wrong was.
    if (outcomes.some((_, index) => isNew(index))) source.assertUnchanged();
  } catch (error) {
    const made = encodings.filter((_, index) => isNew(index));
    if (error instanceof SourceChanged && !settings.dryRun) retractAll(made);
    throw error;
  }
  encodings.forEach(({ variant, digest }, index) => {
    if (isNew(index) && digest !== undefined) {
      cache?.noteWritten(sidecarPath(relativePath, variant.contentCoding), digest);
    }
  });
  return outcomes;
}

/** Takes back what was made; that one cannot be taken back is no reason to leave the others. */
function retractAll(encodings: readonly Encoding[]): void {
  const failures: FileFailed[] = [];
  for (const { variant } of encodings) {
    try {
      variant.retract();
    } catch (error) {
      if (!(error instanceof FileFailed)) throw error;
      failures.push(error);
    }
  }
  if (failures[0] !== undefined) throw failures[0];
}

/** The outcome of a source, from those of its variants. */
export function settledOutcome(
  { relativePath }: Job,
  { size }: OpenSource,
  startMs: number,
  encodings: readonly Encoding[],
  variants: readonly VariantOutcome[],
  stale: readonly StaleSidecar[],
): SourceOutcome {
  return {
    status: 'settled',
    relativePath,
    sourceBytes: size,
    durationMs: performance.now() - startMs,
    savedMs: encodings.reduce((sum, { savedMs }) => sum + savedMs, 0),
    variants,
    stale,
  };
}
