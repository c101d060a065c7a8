// Owns what pointer and keyboard do to the treemap: what is pointed at is told of, what is pressed is opened.
import { element, nameElement } from './dom.js';
import { cellAt, DIRECTIONS, neighbour, type Cell } from './layout.js';
import { foldersTo, pathOf, type FolderNode, type TreeNode } from './tree.js';
import type { Treemap } from './treemap.js';
import type { ViewStore } from './view.js';
import { detailRows } from './words.js';

/** Between the pointer and what is said of the cell. */
const DISTANCE = 14;

/** Has the treemap answer to pointer and keyboard. */
export function listenToInput(
  treemap: Treemap,
  store: ViewStore,
  codings: readonly string[],
  places: { readonly tip: HTMLElement; readonly live: HTMLElement },
): void {
  const { host } = treemap;
  const { tip, live } = places;
  const tell = (cell: Cell | undefined, x: number, y: number): void => {
    tip.hidden = cell === undefined;
    if (cell === undefined) return;
    tip.replaceChildren(...details(cell.node, codings));
    putBeside(tip, host, x, y);
  };
  let touched: TreeNode | undefined;
  const pointAt = (event: PointerEvent): Cell | undefined => {
    const { left, top } = host.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const cell = cellAt(treemap.cells, x, y);
    treemap.point(cell);
    tell(cell, x, y);
    return cell;
  };
  host.addEventListener('pointermove', (event) => {
    if (event.pointerType !== 'touch') pointAt(event);
  });
  host.addEventListener('pointerleave', () => {
    treemap.point(undefined);
    tip.hidden = true;
  });
  host.addEventListener('pointerup', (event) => {
    if (event.button !== 0) return;
    const cell = pointAt(event);
    if (cell === undefined) return;
    // A finger points at nothing before it presses: the first time tells, the second opens.
    const isTold = event.pointerType !== 'touch' || touched === cell.node;
    touched = cell.node;
    if (isTold && openTowards(cell.node, store)) tip.hidden = true;
    else store.change({ selected: cell.node });
  });
  store.listen(({ selected, folder }, before) => {
    if (folder !== before.folder) tip.hidden = true;
    if (selected === before.selected || selected === undefined) return;
    live.textContent = spoken(selected, codings);
  });
  host.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!obey(event.key, treemap, store)) return;
    event.preventDefault();
    const cell = treemap.cellOf(store.view.selected);
    tell(store.view.selected && cell, (cell?.x ?? 0) + (cell?.width ?? 0) / 2, (cell?.y ?? 0) + 20);
  });
  host.addEventListener('blur', () => (tip.hidden = true));
}

/** Does what a key means here; whether it means anything. */
function obey(key: string, treemap: Treemap, store: ViewStore): boolean {
  const { selected, folder } = store.view;
  if (key === 'Escape' || key === 'Backspace') {
    if (folder.parent === undefined) return false;
    store.up();
    return true;
  }
  if (key === 'Enter' || key === ' ') {
    if (selected !== undefined) openTowards(selected, store);
    return selected !== undefined;
  }
  const leaves = treemap.cells.filter(({ isLeaf }) => isLeaf);
  if (key === 'Home' || key === 'End') {
    store.change({ selected: (key === 'Home' ? leaves[0] : leaves.at(-1))?.node });
    return true;
  }
  if (!Object.hasOwn(DIRECTIONS, key)) return false;
  const from = selected && treemap.cellOf(selected);
  const next =
    from === undefined
      ? leaves[0]
      : neighbour(treemap.cells, from, DIRECTIONS[key as keyof typeof DIRECTIONS]);
  if (next !== undefined) store.change({ selected: next.node });
  return true;
}

/** Opens the next folder on the way to a node; whether there is one. */
function openTowards(node: TreeNode, store: ViewStore): boolean {
  const way = foldersTo(node);
  const next: FolderNode | undefined = way[way.indexOf(store.view.folder) + 1];
  if (next === undefined) return false;
  store.change({ folder: next, selected: node === next ? undefined : node });
  return true;
}

function details(node: TreeNode, codings: readonly string[]): HTMLElement[] {
  const list = element('dl');
  for (const [label, value, more] of detailRows(node, codings)) {
    list.append(
      element('dt', {}, label),
      element('dd', {}, value),
      element('dd', { class: 'more' }, more),
    );
  }
  return [element('p', {}, nameElement(pathOf(node) || node.name)), list];
}

function spoken(node: TreeNode, codings: readonly string[]): string {
  const rows = detailRows(node, codings).map((row) => row.filter((text) => text !== '').join(' '));
  return [`${pathOf(node)}${node.kind === 'folder' ? ', folder' : ''}`, ...rows].join('; ');
}

/** Beside a point, within the treemap where there is room for it. */
function putBeside(tip: HTMLElement, host: HTMLElement, x: number, y: number): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const right = x + DISTANCE;
  const below = y + DISTANCE;
  const left = right + width > host.clientWidth ? x - DISTANCE - width : right;
  const top = below + height > host.clientHeight ? y - DISTANCE - height : below;
  const within = Math.min(Math.max(0, left), Math.max(0, host.clientWidth - width));
  tip.style.transform = `translate(${Math.round(within)}px, ${Math.round(Math.max(top, -40))}px)`;
}
