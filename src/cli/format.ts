// Owns how numbers are written for people. Pure. Rounds, but never into a claim: 99.97 % savings are
// not 100 %.
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in units of 1024: `812 B`, `9.6 KiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  let value = bytes / 1024;
  let unit = 0;
  // What would be rounded up to 1024.0 belongs to the next unit.
  for (; value >= 1023.95 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** A count with its thousands apart: `3,179`. */
export function formatCount(count: number): string {
  // Not by toLocaleString: its first use takes 20 ms.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count and its noun: `1 file`, `3,179 files`. */
export function formatCounted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** A share of one, in percent: `74.9%`. `100.0%` and `0.0%` stand for exactly these only. */
export function formatPercent(share: number): string {
  const rounded = Math.round(share * 1000) / 10;
  if (share < 1 && rounded >= 100) return '99.9%';
  if (share > 0 && rounded <= 0) return '0.1%';
  return `${rounded.toFixed(1)}%`;
}

/** What encoding saved, in percent of the source; 0 for a source without bytes. */
export function formatSavings(sourceBytes: number, encodedBytes: number): string {
  return formatPercent(sourceBytes === 0 ? 0 : 1 - encodedBytes / sourceBytes);
}

/** encodedBytes / sourceBytes: `0.251`. Never rounded to 1 from below. */
export function formatRatio(sourceBytes: number, encodedBytes: number): string {
  if (sourceBytes === 0) return '-';
  const ratio = encodedBytes / sourceBytes;
  const rounded = ratio.toFixed(3);
  return ratio < 1 && rounded === '1.000' ? '0.999' : rounded;
}

/** A time span: `312 ms`, `4.2 s`, `3 min 05 s`, `2 h 04 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** A time span that is an estimate, in whole seconds: `1 s`, `42 s`, `3 min 05 s`. */
export function formatTimeLeft(durationMs: number): string {
  const seconds = Math.max(1, Math.ceil(durationMs / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
