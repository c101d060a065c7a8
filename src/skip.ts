// Owns the reasons for which a file is never attempted, and their order. Pure data: who decides by
// them is elsewhere (select by name, findings by type, plan by size).

/** Why a file was skipped, in the order in which the rules are asked. */
export const SKIP_REASONS = [
  'outside-root',
  'sidecar',
  'excluded-extension',
  'excluded',
  'not-included',
  'broken-link',
  'linked-directory',
  'linked-sidecar',
  'not-a-file',
  'empty',
  'too-small',
] as const;

/**
 * Why a file was skipped:
 * - `outside-root`: named in a list of files, and not below its root
 * - `sidecar`: the sidecar of a source beside it
 * - `excluded-extension`: its extension is on the exclusion list
 * - `excluded`: a glob of `exclude` matches it
 * - `not-included`: no glob of `include` matches it
 * - `broken-link`: a link that leads nowhere
 * - `linked-directory`: a link to a directory, and `follow` is off; with `follow`, one whose
 *   directory was already visited
 * - `linked-sidecar`: a link that leads to a sidecar, or to its file by way of one (`a` → `a.gz`): to
 *   write that sidecar would be to overwrite the source
 * - `not-a-file`: a FIFO, socket or device, or a link to one
 * - `empty`: it holds no bytes
 * - `too-small`: smaller than `minSize`
 */
export type SkipReason = (typeof SKIP_REASONS)[number];

/** A file that was never attempted. */
export interface Skip {
  /** Relative to root, always with `/`. */
  readonly relativePath: string;
  readonly reason: SkipReason;
}
