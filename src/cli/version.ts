// Owns the answer to `--version`, which is read from package.json, so that it stands in one place only.
// Loads nothing else.
import { readFileSync } from 'node:fs';

/** The version in the package.json that this file was shipped with. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
