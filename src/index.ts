// Owns the public face of the library: what is exported here is public, and nothing else is. The
// command line uses just this.
export { compress, compressFiles } from './compress.js';
export { check, checkFiles, type CheckFilesOptions, type CheckOptions } from './check/check.js';
export {
  CHECK_PROBLEMS,
  type CheckFinding,
  type CheckProblem,
  type CheckReport,
} from './check/check-report.js';
export {
  cachePath,
  cacheStats,
  clearCache,
  pruneCache,
  type CacheOptions,
  type CacheSize,
  type CacheStats,
} from './cache/maintenance.js';
export {
  DEFAULT_OPTIONS,
  resolveOptions,
  type CompressOptions,
  type FilesOptions,
  type ResolvedOptions,
} from './options.js';
export { defineConfig, type Config } from './config.js';
export { DEFAULT_EXCLUDED_EXTENSIONS, EXCLUDED_EXTENSIONS_BY_KIND } from './excluded-extensions.js';
export { SUFFIXES, isSidecar, sidecarPath, type ContentCoding } from './content-coding.js';
export { AbortError, RootError, ThreadError, UsageError } from './errors.js';
export { type RunEvent } from './event.js';
export { type Failure, type Operation } from './failure.js';
export {
  type SidecarVerdict,
  type SourceOutcome,
  type StaleSidecar,
  type VariantOutcome,
} from './job.js';
export { type Orphan } from './orphan.js';
export { SKIP_REASONS, type Skip, type SkipReason } from './skip.js';
export {
  isKept,
  type CacheReport,
  type ContentCodingTotals,
  type Report,
  type ReportedFailure,
  type ReportedSource,
  type ReportedStale,
} from './report.js';
