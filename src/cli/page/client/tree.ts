// Owns the tree of files and folders, made from the columns in the page, and what of it is sent. Knows nothing
// of how it is shown.
import type { PageData, VariantState } from '../page-data.js';

/** One encoded representation of a source. */
export interface Variant {
  readonly state: VariantState;
  /** 0 where it failed. */
  readonly bytes: number;
}

/** A file. */
export interface FileNode {
  readonly kind: 'file';
  readonly name: string;
  readonly parent: FolderNode;
  /** Bytes of the source; -1 where they are not known. */
  readonly size: number;
  /** Why it was skipped, in words; `undefined` when it was not. */
  readonly skipped: string | undefined;
  readonly isFailed: boolean;
  /** For each content-coding; none of what was skipped, or failed itself. */
  readonly variants: readonly (Variant | undefined)[];
}

/** A folder. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly name: string;
  readonly parent: FolderNode | undefined;
  readonly children: TreeNode[];
  /** Files in it and below. */
  files: number;
  /** Bytes sent of all of these: as they are, then with each content-coding. */
  sent: number[];
}

export type TreeNode = FileNode | FolderNode;

/** The tree of a page. */
export interface Tree {
  readonly root: FolderNode;
  /** All files, sorted by path. */
  readonly files: readonly FileNode[];
}

/** As an index of `sent`: no content-coding. */
export const IDENTITY = 0;

/** Makes the tree. */
export function createTree(data: PageData): Tree {
  const root = createFolder(data.root ?? 'Files', undefined);
  const folders = new Map<string, FolderNode>([['', root]]);
  const files: FileNode[] = [];
  const { shared, rest, sizes, states, variants } = data.files;
  let path = '';
  let source = 0;
  for (let index = 0; index < rest.length; index += 1) {
    path = path.slice(0, shared[index]) + (rest[index] ?? '');
    const state = states.charAt(index);
    const slash = path.lastIndexOf('/');
    const parent = folderAt(path.slice(0, slash + 1), folders);
    const position = state === 's' ? source++ : undefined;
    const file: FileNode = {
      kind: 'file',
      name: path.slice(slash + 1),
      parent,
      size: sizes[index] ?? -1,
      skipped: /[sf]/.test(state) ? undefined : data.skipReasons[parseInt(state, 36)]?.words,
      isFailed: state === 'f',
      variants: position === undefined ? [] : variants.map((column) => variantAt(column, position)),
    };
    parent.children.push(file);
    files.push(file);
  }
  return { root, files };
}

function createFolder(name: string, parent: FolderNode | undefined): FolderNode {
  return { kind: 'folder', name, parent, children: [], files: 0, sent: [] };
}

/** The folder whose path is that, with a slash at its end; it and those on the way are made. */
function folderAt(path: string, folders: Map<string, FolderNode>): FolderNode {
  const known = folders.get(path);
  if (known !== undefined) return known;
  // A list of files may name some by their absolute paths: these begin with a slash.
  const slash = path === '/' ? -1 : path.lastIndexOf('/', path.length - 2);
  const parent = folderAt(path.slice(0, slash + 1), folders);
  const made = createFolder(path.slice(slash + 1, -1) || '/', parent);
  parent.children.push(made);
  folders.set(path, made);
  return made;
}

function variantAt(
  column: PageData['files']['variants'][number],
  position: number,
): Variant | undefined {
  const state = column.states.charAt(position);
  if (state === '-' || state === '') return undefined;
  return { state: state as VariantState, bytes: column.bytes[position] ?? 0 };
}

/** Sums up what is sent below each folder, with or without what was skipped. */
export function sumUp(folder: FolderNode, codings: number, withSkipped: boolean): void {
  folder.files = 0;
  folder.sent = Array.from({ length: codings + 1 }, () => 0);
  for (const child of folder.children) {
    if (child.kind === 'folder') sumUp(child, codings, withSkipped);
    else if (child.skipped !== undefined && !withSkipped) continue;
    folder.files += child.kind === 'folder' ? child.files : 1;
    for (let coding = 0; coding <= codings; coding += 1) {
      folder.sent[coding] = (folder.sent[coding] ?? 0) + sentBytes(child, coding);
    }
  }
}

/** What of a node is sent to whoever asks with a content-coding; 0 where it is not known. */
export function sentBytes(node: TreeNode, coding: number): number {
  if (node.kind === 'folder') return node.sent[coding] ?? 0;
  const variant = node.variants[coding - 1];
  return variant !== undefined && isKept(variant) ? variant.bytes : Math.max(0, node.size);
}

/** Whether a variant has its sidecar. */
export function isKept({ state }: Variant): boolean {
  return state === 'w' || state === 'r' || state === 'u';
}

/**
 * What is sent of a node by its size, 0 to 1; `undefined` where nothing was tried. As it is, of all codings
 * the best counts: else there would be nothing to see.
 */
export function ratioOf(node: TreeNode, coding: number): number | undefined {
  const size = node.kind === 'folder' ? sentBytes(node, IDENTITY) : node.size;
  if (size <= 0 || !isTried(node)) return undefined;
  if (coding !== IDENTITY) return sentBytes(node, coding) / size;
  const codings = node.kind === 'folder' ? node.sent.length : node.variants.length + 1;
  let best = 1;
  for (let one = 1; one < codings; one += 1) best = Math.min(best, sentBytes(node, one) / size);
  return best;
}

function isTried(node: TreeNode): boolean {
  return node.kind === 'file' ? node.variants.length > 0 : node.children.some(isTried);
}

/** The path of a node, relative to the root; the root's is empty. */
export function pathOf(node: TreeNode): string {
  const names: string[] = [];
  for (let at: TreeNode = node; at.parent !== undefined; at = at.parent) {
    names.push(at.name === '/' ? '' : at.name);
  }
  return names.reverse().join('/');
}

/** The folders that lead to a node, from the root on, and the node itself when it is one. */
export function foldersTo(node: TreeNode): FolderNode[] {
  const folders: FolderNode[] = [];
  for (let at: TreeNode | undefined = node; at !== undefined; at = at.parent) {
    if (at.kind === 'folder') folders.unshift(at);
  }
  return folders;
}
