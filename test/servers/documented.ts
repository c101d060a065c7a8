// Owns the way to the configurations that the documents show, and the folder for what a server writes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Site } from './site.js';

/** The folder of the configurations. */
export const CONFIGURATIONS = fileURLToPath(new URL('../../../docs/servers', import.meta.url));

/** Servers that root starts answer as this user (`nobody` on Debian); those of others as themselves. */
export const AS_ROOT = process.geteuid?.() === 0;

/** Writes the configuration that surrounds a documented one, and returns its path. */
export function surround(site: Site, name: string, text: string): string {
  mkdirSync(site.join('state'), { recursive: true });
  const path = site.join(name);
  writeFileSync(path, text);
  return path;
}
