// Owns `wn-compress cache`: where the cache is, what is in it, and how it is pruned and emptied.
import {
  cachePath,
  cacheStats,
  clearCache,
  pruneCache,
  type CacheSize,
  type CacheStats,
} from '../index.js';
import { CommandError } from './command-error.js';
import type { Ending } from './exit-code.js';
import { formatBytes, formatCount, formatDuration } from './format.js';
import type { Outputs } from './main.js';
import type { Request } from './parse.js';
import { sanitize, sanitizeJson } from './sanitize.js';

type CacheRequest = Extract<Request, { type: 'cache' }>;

/** Does what was asked for. What nobody foresaw is thrown. */
export async function runCacheCommand(
  { action, options, rendering }: CacheRequest,
  outputs: Outputs,
): Promise<Ending> {
  if (action === 'path') {
    const path = cachePath(options);
    outputs.stdout.write(rendering.reporter === 'json' ? jsonOf({ path }) : `${sanitize(path)}\n`);
    return 'done';
  }
  let stats: CacheStats | CacheSize;
  try {
    stats = await ACTIONS[action](options);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    const path = sanitize(cachePath(options));
    throw new CommandError(
      `the cache in ${path}: ${sanitize(error.message)}; check its permissions`,
    );
  }
  if (rendering.reporter === 'json') outputs.stdout.write(jsonOf(stats));
  else if (rendering.reporter !== 'quiet') outputs.stdout.write(textOf(stats));
  return 'done';
}

const ACTIONS = { stats: cacheStats, clear: clearCache, prune: pruneCache } as const;

function jsonOf(value: unknown): string {
  return `${sanitizeJson(JSON.stringify(value, null, 2))}\n`;
}

function textOf(stats: CacheStats | CacheSize): string {
  const path = sanitize(stats.path);
  if (!('kept' in stats)) return `Removed ${formatBytes(stats.bytes)} from ${path}\n`;
  const lines = [
    path,
    `  size       ${formatBytes(stats.bytes)}`,
    `  variants   ${formatCount(stats.kept)}`,
    `  discarded  ${formatCount(stats.discarded)}`,
    `  worth      ${formatDuration(stats.encodeMs)} of encoding`,
  ];
  return `${lines.join('\n')}\n`;
}
