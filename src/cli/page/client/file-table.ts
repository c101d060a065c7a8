// Owns tables of files and folders: their columns, their rows, and more rows when they are asked for. The one of
// the open folder says all that the treemap shows to whoever cannot see it.
import { formatBytes, formatCount, formatCounted } from '../../format.js';
import { button, element, find, nameElement, pathElement } from './dom.js';
import { css, type Palette, colourOf } from './palette.js';
import type { Theme } from './theme.js';
import { IDENTITY, pathOf, ratioOf, sentBytes, type TreeNode } from './tree.js';
import type { View, ViewStore } from './view.js';
import { codingName, ratioWords, sizeWords, STATE_WORDS } from './words.js';

/** So many rows at once: more would take longer to be made than to be read. */
const PAGE_ROWS = 50;

/** A list of rows of which not all are there at once. */
export function growing<Item>(
  body: HTMLElement,
  more: HTMLElement,
  items: readonly Item[],
  row: (item: Item) => HTMLElement,
  step = PAGE_ROWS,
): void {
  let shown = 0;
  const grow = (): void => {
    body.append(...items.slice(shown, shown + step).map(row));
    shown = Math.min(shown + step, items.length);
    more.hidden = shown === items.length;
    const rest = items.length - shown;
    more.replaceChildren(
      button(
        { class: 'more-rows' },
        `Show ${formatCount(Math.min(step, rest))} more of ${formatCount(rest)}`,
        grow,
      ),
    );
  };
  body.replaceChildren();
  grow();
}

/** The table of what is in the open folder, or was found there. */
export function showFolderTable(codings: readonly string[], store: ViewStore, theme: Theme): void {
  const heading = find('folder-heading', HTMLElement);
  const table = find('folder-table', HTMLTableElement);
  const more = find('folder-more', HTMLElement);
  table.tHead?.replaceChildren(headRow(codings));
  const body = table.tBodies[0];
  if (body === undefined) throw new Error('no body of #folder-table');
  const show = (view: View): void => {
    const { folder, matches, coding, withSkipped } = view;
    const nodes: TreeNode[] =
      matches === undefined
        ? folder.children.filter((node) => isCounted(node, withSkipped))
        : [...matches].filter((file) => isBelow(file, folder));
    nodes.sort((a, b) => sentBytes(b, coding) - sentBytes(a, coding));
    heading.replaceChildren(
      matches === undefined ? 'In ' : `${formatCounted(nodes.length, 'file')} found in `,
      nameElement(folder.name),
    );
    table.hidden = nodes.length === 0;
    growing(body, more, nodes, (node) => row(node, codings, store, theme.palette, matches));
  };
  const isCounted = (node: TreeNode, withSkipped: boolean): boolean =>
    node.kind === 'folder' ? node.files > 0 : withSkipped || node.skipped === undefined;
  store.listen((view, before) => {
    const keys = ['folder', 'matches', 'coding', 'withSkipped'] as const;
    if (keys.some((key) => view[key] !== before[key])) show(view);
  });
  theme.listen(() => {
    show(store.view);
  });
  show(store.view);
}

function isBelow(node: TreeNode, folder: TreeNode): boolean {
  for (let at: TreeNode | undefined = node; at !== undefined; at = at.parent) {
    if (at === folder) return true;
  }
  return false;
}

function headRow(codings: readonly string[]): HTMLElement {
  const heads = ['Source', ...codings.map(codingName)];
  return element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'Name'),
    ...heads.map((head) => element('th', { scope: 'col', class: 'number' }, head)),
    element('th', { scope: 'col' }, 'What became of it'),
  );
}

function row(
  node: TreeNode,
  codings: readonly string[],
  store: ViewStore,
  palette: Palette,
  matches: View['matches'],
): HTMLElement {
  const source = node.kind === 'file' ? node.size : sentBytes(node, IDENTITY);
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, nodeButton(node, store, matches !== undefined)),
    element('td', { class: 'number' }, sizeWords(source)),
    ...codings.map((_, index) => codingCell(node, index + 1, palette)),
    element('td', { class: 'state' }, stateWords(node, codings)),
  );
}

/** A name that leads to where it stands in the treemap. */
export function nodeButton(node: TreeNode, store: ViewStore, withPath: boolean): HTMLElement {
  const name = node.kind === 'folder' && node.name !== '/' ? `${node.name}/` : node.name;
  const shown = withPath ? pathElement(pathOf(node)) : nameElement(name, pathOf(node));
  return button({ class: 'link' }, shown, () => {
    if (node.kind === 'folder') store.open(node);
    else store.show(node);
    // Not for who reads with the keyboard: the focus stays where it is.
    find('map', HTMLElement).scrollIntoView({ block: 'nearest', behavior: 'auto' });
  });
}

function codingCell(node: TreeNode, coding: number, palette: Palette): HTMLElement {
  const ratio = ratioOf(node, coding);
  if (ratio === undefined) return element('td', { class: 'number' }, '–');
  const dot = element('span', { class: 'dot' });
  dot.style.backgroundColor = css(colourOf(palette, ratio));
  const share = element('span', { class: 'share' }, ratioWords(node, coding));
  return element('td', { class: 'number' }, formatBytes(sentBytes(node, coding)), ' ', share, dot);
}

function stateWords(node: TreeNode, codings: readonly string[]): string {
  if (node.kind === 'folder') return formatCounted(node.files, 'file');
  if (node.skipped !== undefined) return `skipped: ${node.skipped}`;
  if (node.isFailed) return 'failed';
  const words = node.variants.map((variant) => (variant ? STATE_WORDS[variant.state] : '–'));
  if (new Set(words).size === 1) return words[0] ?? '';
  return words.map((word, index) => `${codingName(codings[index] ?? '')} ${word}`).join(', ');
}
