// Owns the place in which a case is played: a root, what lies outside of it, and the folders that a run may
// want, all of real files made from the description of a tree. Knows nothing of runs.
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, extname, join } from 'node:path';
import { temporaryName, temporaryPrefix } from '../../src/temporary-file.js';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { encodedAs } from './occupant.js';
import { contentAt, openUp } from './snapshot.js';
import {
  bytesOf,
  type LinkTarget,
  type Occupant,
  type Plant,
  type TreeModel,
} from './tree-model.js';

/** No process has it: it is above what Linux gives out. */
const DEAD_PID = 4_194_305;

/** The names that a file may have, in bytes. */
export const MAX_NAME_BYTES = 255;

/** The folders of a case. `using` removes them, whatever their modes. */
export class Sandbox implements Disposable {
  readonly path: string;
  readonly root: string;
  readonly outside: string;
  readonly cache: string;
  /** Where the command is run, which is no place to write to. */
  readonly home: string;
  readonly #tree: Tree;

  /**
   * @param fifo - a FIFO on the same file system, if there is one, of which those of the tree are links
   * @param ordinary - whether all belongs to an ordinary user, and not to root
   */
  constructor(model: TreeModel, fifo: string | undefined, ordinary: boolean) {
    this.#tree = new Tree();
    this.path = this.#tree.path;
    const folder = (name: string): string => {
      mkdirSync(join(this.path, name));
      return join(this.path, name);
    };
    this.root = folder('root');
    this.outside = folder('outside');
    this.cache = folder('cache');
    this.home = folder('home');
    writeFileSync(join(this.outside, 'file.js'), script(3000, 7));
    writeFileSync(join(this.outside, 'file.js.br'), 'stale');
    mkdirSync(join(this.outside, 'deep'));
    writeFileSync(join(this.outside, 'deep', 'page.html'), script(2000, 8));
    chmodSync(join(this.outside, 'file.js'), 0o640);
    const planted = model.plants.map((plant) => this.#plant(plant, model, fifo));
    if (ordinary) this.#giveAway(this.path);
    model.plants.forEach((plant, index) => {
      const path = planted[index];
      if (path !== undefined) this.#dress(path, plant);
    });
    for (const [name, mode] of Object.entries(model.folderModes)) {
      const path = join(this.root, name);
      if (isFolder(path)) chmodSync(path, mode);
    }
  }

  [Symbol.dispose](): void {
    if (existsSync(this.path)) openUp(this.path);
    this.#tree[Symbol.dispose]();
  }

  /** Where a plant stands, whether or not it got its place. */
  pathOf({ folder, name }: Pick<Plant, 'folder' | 'name'>): string {
    return join(this.root, folder, name);
  }

  /** @returns where it was put; nothing when there was no room for it. */
  #plant(plant: Plant, model: TreeModel, fifo: string | undefined): string | undefined {
    const parent = join(this.root, plant.folder);
    const path = nameOf(plant, parent);
    try {
      mkdirSync(parent, { recursive: true });
      if (isThere(path)) return undefined;
      this.#make(path, plant, model, fifo);
    } catch (error) {
      if (isNoRoom(error)) return undefined;
      throw error;
    }
    for (const { suffix, occupant } of plant.sidecars) {
      const sidecar = path + suffix;
      if (Buffer.byteLength(basename(sidecar)) > MAX_NAME_BYTES || isThere(sidecar)) continue;
      this.#occupy(sidecar, path, occupant, fifo);
    }
    return isThere(path) ? path : undefined;
  }

  #make(path: string, { what }: Plant, model: TreeModel, fifo: string | undefined): void {
    switch (what.type) {
      case 'file':
        writeFileSync(path, bytesOf(what.content));
        break;
      case 'link':
        symlinkSync(this.#target(what.to, path, model), path);
        if (
          what.to === 'its sidecar' &&
          Buffer.byteLength(basename(path)) < MAX_NAME_BYTES - 2 &&
          !isThere(`${path}.gz`)
        ) {
          writeFileSync(`${path}.gz`, script(2000, 9));
        }
        break;
      case 'hard-link': {
        const other = this.#pathOfNumber(what.to, model);
        if (other !== undefined && isFile(other)) linkSync(other, path);
        break;
      }
      case 'folder':
        mkdirSync(path);
        break;
      case 'fifo':
        if (fifo !== undefined) linkSync(fifo, path);
        break;
      case 'temporary':
        writeFileSync(path, 'half of a side');
    }
  }

  #occupy(sidecar: string, source: string, occupant: Occupant, fifo: string | undefined): void {
    const outside = join(this.outside, 'file.js');
    switch (occupant) {
      case 'folder':
        mkdirSync(sidecar);
        writeFileSync(join(sidecar, 'in-the-way'), script(500));
        break;
      case 'fifo':
        if (fifo !== undefined) linkSync(fifo, sidecar);
        break;
      case 'link-outside':
        symlinkSync(outside, sidecar);
        break;
      case 'link-nowhere':
        symlinkSync('nowhere', sidecar);
        break;
      case 'link-folder':
        symlinkSync(this.outside, sidecar);
        break;
      case 'link-source':
        symlinkSync(basename(source), sidecar);
        break;
      case 'hard-link-outside':
        linkSync(outside, sidecar);
        break;
      case 'hard-link-source':
        // Of a link, to the file that it leads to: then the sidecar is the source itself.
        if (contentAt(source) !== undefined) linkSync(realpathSync(source), sidecar);
        break;
      default:
        writeFileSync(sidecar, encodedAs(occupant, contentAt(source), extname(sidecar)));
    }
  }

  #target(to: LinkTarget, path: string, model: TreeModel): string {
    switch (to) {
      case 'outside file':
        return join(this.outside, 'file.js');
      case 'outside folder':
        return this.outside;
      case 'nowhere':
        return 'nowhere/at/all';
      case 'itself':
        return basename(path);
      case 'its sidecar': {
        const name = `${basename(path)}.gz`;
        return Buffer.byteLength(name) > MAX_NAME_BYTES ? 'nowhere' : name;
      }
      case 'root':
        return this.root;
      default:
        return this.#pathOfNumber(to.plant, model) ?? 'nowhere';
    }
  }

  #pathOfNumber(number: number, { plants }: TreeModel): string | undefined {
    const plant = plants[number % plants.length];
    return plant === undefined ? undefined : this.pathOf(plant);
  }

  /** Mode, time and owner, which the making of other things would change again. */
  #dress(path: string, { mode, mtime, owner }: Plant): void {
    if (!isFile(path)) return;
    if (owner !== undefined && process.getuid?.() === 0) chownSync(path, owner, owner);
    if (mode !== undefined) chmodSync(path, mode);
    // A Date, because a number below 0 means now.
    if (mtime !== undefined) utimesSync(path, 1e9, mtime < 0 ? new Date(mtime * 1000) : mtime);
  }

  #giveAway(path: string): void {
    for (const one of [path, ...this.#tree.list().flatMap((name) => chainOf(path, name))]) {
      const stats = lstatSync(one);
      if (!stats.isSymbolicLink() && stats.uid === 0) chownSync(one, 65_534, 65_534);
    }
  }
}

/** A path and all folders on the way to it. */
function chainOf(top: string, name: string): string[] {
  const parts = name.split('/');
  return parts.map((_, index) => join(top, ...parts.slice(0, index + 1)));
}

function nameOf({ what, name }: Plant, parent: string): string {
  if (what.type !== 'temporary') return join(parent, name);
  const owner = what.of === 'the living' ? process.pid : DEAD_PID;
  const temporary = temporaryName(temporaryPrefix(owner));
  const place = /^\.wn-compress-[0-9a-f]{8}/;
  const isStranger = what.of === 'a stranger';
  return join(parent, isStranger ? temporary.replace(place, '.wn-compress-00000000') : temporary);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Something stands where a folder belongs, or the name is too long here. */
function isNoRoom(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['EEXIST', 'ENOTDIR', 'ENAMETOOLONG', 'ENOENT', 'ELOOP'].includes(code);
}
