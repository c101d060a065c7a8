// Owns what is being looked at: the content-coding, the folder, the file, the words of the search. Whoever shows
// something of it is told when it changes.
import type { FileNode, FolderNode, TreeNode } from './tree.js';

/** What is being looked at. */
export interface View {
  /** 0 for none, else the number of a content-coding from 1 on. */
  readonly coding: number;
  /** Whether what was skipped counts as sent. */
  readonly withSkipped: boolean;
  readonly folder: FolderNode;
  /** The cell that the keyboard is on, or that was pressed. */
  readonly selected: TreeNode | undefined;
  /** What was searched; `undefined` when nothing is. */
  readonly matches: ReadonlySet<FileNode> | undefined;
}

type Listener = (view: View, before: View) => void;

/** The view, and who shows it. */
export class ViewStore {
  #view: View;
  readonly #listeners: Listener[] = [];

  constructor(view: View) {
    this.#view = view;
  }

  get view(): View {
    return this.#view;
  }

  /** Listeners are told in the order in which they came. */
  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  change(changes: Partial<View>): void {
    const before = this.#view;
    this.#view = { ...before, ...changes };
    for (const listener of this.#listeners) listener(this.#view, before);
  }

  /** Looks at a folder; nothing is selected there. */
  open(folder: FolderNode): void {
    if (folder !== this.#view.folder) this.change({ folder, selected: undefined });
  }

  /** Goes up to the folder around, on the folder that it came from. */
  up(): void {
    const { folder } = this.#view;
    if (folder.parent !== undefined) this.change({ folder: folder.parent, selected: folder });
  }

  /** Looks at a file where it is. */
  show(file: FileNode): void {
    this.change({ folder: file.parent, selected: file });
  }
}
