// Owns the public face of the library: what is exported here is public, and nothing else is. The
// command line uses just this.
export { compress, compressFiles } from './compress.js';
export {
  DEFAULT_OPTIONS,
  resolveOptions,
  type CompressOptions,
  type ResolvedOptions,
} from './options.js';
export { DEFAULT_EXCLUDED_EXTENSIONS, EXCLUDED_EXTENSIONS_BY_KIND } from './excluded-extensions.js';
export { SUFFIXES, isSidecar, sidecarPath, type ContentCoding } from './content-coding.js';
export { AbortError, RootError, ThreadError, UsageError } from './errors.js';
export { type RunEvent } from './event.js';
export { type Failure, type Operation } from './failure.js';
export { type SourceOutcome, type VariantOutcome } from './job.js';
export { SKIP_REASONS, type Skip, type SkipReason } from './skip.js';
export {
  type ContentCodingTotals,
  type Report,
  type ReportedFailure,
  type ReportedSource,
} from './report.js';
