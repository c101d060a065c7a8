// Owns the answer to --print-config: every option that a run would have, and where it comes from.
import { cachePath } from '../index.js';
import type { Request } from './parse.js';
import { sanitize, sanitizeJson } from './sanitize.js';

type PrintConfig = Extract<Request, { type: 'print-config' }>;

/** A setting as it is shown. */
interface Row {
  readonly value: unknown;
  readonly from: string;
}

/** The options as a table, or as JSON: `{ option: { value, from } }`. */
export function configText({ settings, resolved, rendering }: PrintConfig): string {
  const values = {
    root: settings.get('root')?.value ?? null,
    ...resolved,
    cacheDir: cachePath(resolved.cacheDir === undefined ? {} : { cacheDir: resolved.cacheDir }),
    reporter: rendering.reporter,
    progress: rendering.progress,
    color: rendering.color ?? null,
  };
  const rows = Object.entries(values).map(([key, value]): [string, Row] => [
    key,
    { value, from: settings.get(key)?.from ?? 'default' },
  ]);
  if (rendering.reporter === 'json') {
    return `${sanitizeJson(JSON.stringify(Object.fromEntries(rows), null, 2))}\n`;
  }
  return rows.map(([key, { value, from }]) => `${line(key, value, from)}\n`).join('');
}

/** Lists at the end of a line may be long: the origin stands in front of the value. */
function line(key: string, value: unknown, from: string): string {
  const text = value === null ? '' : JSON.stringify(value);
  return sanitize(`${key.padEnd(16)}${from.padEnd(28)}${text}`).trimEnd();
}
