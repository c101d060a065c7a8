// Owns the way through the tree beside the treemap: the folders above, the search, and what counts.
import { formatBytes, formatCounted } from '../../format.js';
import { sanitize } from '../../sanitize.js';
import { button, element, find, nameElement } from './dom.js';
import { foldersTo, pathOf, sentBytes, sumUp, type FileNode, type Tree } from './tree.js';
import type { View, ViewStore } from './view.js';

/** Shows the folders above the one that is looked at, each of which can be gone to. */
export function showBreadcrumb(store: ViewStore): void {
  const list = find('breadcrumb', HTMLElement);
  const show = ({ folder }: View): void => {
    const folders = foldersTo(folder);
    list.replaceChildren(
      ...folders.map((one) => {
        const name = nameElement(one.name);
        if (one === folder) return element('li', { 'aria-current': 'location' }, name);
        const go = button({ class: 'link' }, name, () => {
          store.open(one);
        });
        return element('li', {}, go);
      }),
    );
  };
  store.listen((view, before) => {
    if (view.folder !== before.folder) show(view);
  });
  show(store.view);
}

/** Has the search find files by parts of their paths, all of which have to occur. */
export function listenToSearch(tree: Tree, store: ViewStore): void {
  const input = find('search', HTMLInputElement);
  const found = find('found', HTMLElement);
  const paths = new Map<FileNode, string>();
  const search = (): void => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (paths.size === 0 && words.length > 0) {
      for (const file of tree.files) paths.set(file, sanitize(pathOf(file)).toLowerCase());
    }
    const files = tree.files.filter((file) =>
      words.every((word) => paths.get(file)?.includes(word)),
    );
    store.change({ matches: words.length === 0 ? undefined : new Set(files) });
  };
  const tell = ({ matches, coding }: View): void => {
    if (matches === undefined) found.textContent = '';
    else {
      const bytes = [...matches].reduce((sum, file) => sum + sentBytes(file, coding), 0);
      found.textContent = `${formatCounted(matches.size, 'file')}, ${formatBytes(bytes)}`;
    }
  };
  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || input.value === '') return;
    input.value = '';
    search();
    event.preventDefault();
  });
  store.listen((view, before) => {
    if (view.matches !== before.matches || view.coding !== before.coding) tell(view);
  });
}

/** Lets what was skipped count as sent, or not. */
export function listenToSkipped(tree: Tree, codings: number, store: ViewStore): void {
  const input = find('with-skipped', HTMLInputElement);
  const skipped = tree.files.filter((file) => file.skipped !== undefined && file.size > 0);
  const bytes = skipped.reduce((sum, { size }) => sum + size, 0);
  find('with-skipped-label', HTMLElement).hidden = skipped.length === 0;
  find('skipped-bytes', HTMLElement).textContent =
    `${formatCounted(skipped.length, 'file')}, ${formatBytes(bytes)}`;
  input.checked = store.view.withSkipped;
  input.addEventListener('change', () => {
    sumUp(tree.root, codings, input.checked);
    store.change({ withSkipped: input.checked });
  });
}
