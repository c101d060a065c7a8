// Owns the changes that others make to a tree and to its cache while a run reads them, as real operations.
// Draws nothing: what is done and when is drawn in faults.ts.
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../src/failure.js';
import type { Bounds } from './bounds.js';
import type { CacheHarm, Edit } from './faults.js';
import type { Sandbox } from './sandbox.js';
import { lookAt } from './snapshot.js';
import { bytesOf, type TreeModel } from './tree-model.js';

/** Makes what will be edited so large that it is still being encoded then. */
export function enlarge(edits: readonly Edit[], model: TreeModel, sandbox: Sandbox): void {
  for (const { plant } of edits) {
    const path = editedPath(plant, model, sandbox);
    const content = { kind: 'text', bytes: 90_000, seed: plant + 1 } as const;
    // What this user may not write to stays as it is.
    if (path !== undefined && (lstatSync(path).mode & 0o200) !== 0) {
      writeFileSync(path, bytesOf(content));
    }
  }
}

/** Gives sidecars another name, as `cp -al` does for a backup, and their sources another mode and time. */
export function backUp(model: TreeModel, sandbox: Sandbox): void {
  for (const [number] of model.plants.entries()) {
    const path = editedPath(number, model, sandbox);
    if (path === undefined) continue;
    for (const suffix of ['.gz', '.br', '.zst']) {
      if (lstatOf(path + suffix)?.isFile() !== true) continue;
      const backup = join(sandbox.outside, `backup-${number}${suffix}`);
      rmSync(backup, { force: true });
      linkSync(path + suffix, backup);
    }
    chmodSync(path, 0o640 + number);
    utimesSync(path, 1e9, 1e9 + number);
  }
}

/** Where a plant stands that may be edited: what is called like a sidecar may be about to be written. */
function editedPath(number: number, { plants }: TreeModel, sandbox: Sandbox): string | undefined {
  const plant = plants[number % plants.length];
  if (plant === undefined) return undefined;
  const path = sandbox.pathOf(plant);
  const stats = lstatOf(path);
  const mayBe = stats?.isFile() === true && stats.nlink === 1 && !/\.(gz|br|zst)$/.test(path);
  return mayBe ? path : undefined;
}

/** Does what another program would do, and tells the bounds of it. What is not possible is left. */
export function apply(one: Edit, model: TreeModel, sandbox: Sandbox, bounds: Bounds): void {
  const path = editedPath(one.plant, model, sandbox);
  if (path === undefined) return;
  try {
    if (one.what === 'plant' || one.what === 'plant a link' || one.what === 'remove') {
      editSidecar(one, path + one.suffix, sandbox, bounds);
    } else {
      editSource(one, path, sandbox);
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
  bounds.expect(path);
}

function editSource({ what, content: drawn }: Edit, path: string, sandbox: Sandbox): void {
  const bytes = bytesOf(drawn);
  const { size } = lstatSync(path);
  // A change that keeps the size is seen by its time alone, which has the grain of the system's clock.
  const other = bytes.length === size ? Buffer.concat([bytes, Buffer.from('.')]) : bytes;
  switch (what) {
    case 'append':
      appendFileSync(path, 'one more line\n');
      break;
    case 'overwrite':
      writeFileSync(path, other);
      break;
    case 'replace': {
      const beside = join(sandbox.path, 'beside');
      writeFileSync(beside, other);
      renameSync(beside, path);
      break;
    }
    case 'truncate':
      truncateSync(path, size >> 1);
      break;
    case 'touch':
      utimesSync(path, 1e9, 1e9);
      break;
    case 'forbid':
      chmodSync(path, 0o600);
      break;
    default:
      rmSync(path);
      if (what === 'become a link') symlinkSync(join(sandbox.outside, 'file.js'), path);
      if (what === 'become a folder') mkdirSync(path);
  }
}

function editSidecar(
  { what, content: drawn }: Edit,
  path: string,
  sandbox: Sandbox,
  bounds: Bounds,
): void {
  const stats = lstatOf(path);
  if (stats !== undefined && !stats.isFile() && !stats.isSymbolicLink()) return;
  if (what === 'remove') {
    bounds.loosen(path, undefined);
    rmSync(path, { force: true });
    return;
  }
  // Made elsewhere and moved, so that it is whole when a run comes upon it.
  const beside = join(sandbox.path, 'beside');
  rmSync(beside, { force: true });
  if (what === 'plant') writeFileSync(beside, bytesOf(drawn));
  else symlinkSync(join(sandbox.outside, 'file.js'), beside);
  const look = lookAt(beside);
  bounds.loosen(path, look);
  try {
    renameSync(beside, path);
  } finally {
    // Where there is no folder any more, or a name has no room for the suffix.
    rmSync(beside, { force: true });
  }
}

/** Harms a cache in a way that no run does. */
export function harmCache(folder: string, harm: CacheHarm): void {
  if (harm === 'removed' || harm === 'a file') rmSync(folder, { recursive: true, force: true });
  if (harm === 'a file') writeFileSync(folder, 'no folder');
  if (harm === 'removed' || harm === 'a file') return;
  // Another harm may have taken it away.
  if (lstatOf(folder)?.isDirectory() !== true) return;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    try {
      if (!lstatSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      if (harm === 'cut') truncateSync(path, bytes.length >> 1);
      else
        writeFileSync(
          path,
          bytes.map((byte, at) => (at % 97 === 13 ? byte ^ 0x41 : byte)),
        );
    } catch (error) {
      // A run that ends tidies up.
      if (codeOf(error) === undefined) throw error;
    }
  }
}

function lstatOf(path: string): ReturnType<typeof lstatSync> | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
