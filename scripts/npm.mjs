// Owns where npm is, for scripts that run it: its program for this Node, never a shell script or `.cmd`.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The npm that runs this script, or the one beside this Node; `undefined` when there is neither. */
export function npmProgram() {
  const beside = ['../lib/node_modules/npm/bin/npm-cli.js', 'node_modules/npm/bin/npm-cli.js'];
  const candidates = [
    process.env.npm_execpath ?? '',
    ...beside.map((path) => join(dirname(process.execPath), path)),
  ];
  return candidates.find((file) => file.endsWith('npm-cli.js') && existsSync(file));
}
