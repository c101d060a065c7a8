// Owns the lists of what needs a look: what to try, what was skipped and why, failures, sidecars that are not as
// they should be. A section that has nothing to say is not there.
import { formatBytes, formatCount } from '../../format.js';
import { sanitize } from '../../sanitize.js';
import type { PageData, PageSidecar } from '../page-data.js';
import { element, find, nameElement } from './dom.js';
import { growing, nodeButton } from './file-table.js';
import type { FileNode, Tree } from './tree.js';
import type { ViewStore } from './view.js';
import { codingName } from './words.js';

/** Fills the sections. */
export function showFindings(data: PageData, tree: Tree, store: ViewStore): void {
  showHints(data);
  showSkipped(data, tree, store);
  const { failures } = data;
  section('failures', failures, ({ path, contentCoding, message }) =>
    element(
      'li',
      {},
      nameElement(path),
      ...(contentCoding === null ? [] : [` (${codingName(contentCoding)})`]),
      element('span', { class: 'message' }, sanitize(message)),
    ),
  );
  section('stale', data.stale, (sidecar) => sidecarItem(sidecar, data.dryRun));
  section('orphans', data.orphans, (sidecar) => sidecarItem(sidecar, data.dryRun));
}

function section<Item>(id: string, items: readonly Item[], item: (one: Item) => HTMLElement): void {
  find(`${id}-section`, HTMLElement).hidden = items.length === 0;
  find(`${id}-count`, HTMLElement).textContent = formatCount(items.length);
  growing(find(id, HTMLElement), find(`${id}-more`, HTMLElement), items, item, 20);
}

function sidecarItem({ path, removed }: PageSidecar, dryRun: boolean): HTMLElement {
  const word = removed ? (dryRun ? 'would be removed' : 'removed') : 'still there';
  return element('li', {}, nameElement(path), element('span', { class: 'message' }, word));
}

function showHints({ hints }: PageData): void {
  find('hints-none', HTMLElement).hidden = hints.length > 0;
  find('hints-note', HTMLElement).hidden = hints.every(({ option }) => option === null);
  find('hints', HTMLElement).append(
    ...hints.map(({ title, text, option }) =>
      element(
        'li',
        {},
        element('h3', {}, title),
        element('p', {}, sanitize(text)),
        ...(option === null ? [] : [optionLine(option)]),
      ),
    ),
  );
}

function optionLine(option: string): HTMLElement {
  return element('p', {}, 'Add to the command: ', element('code', { tabindex: '0' }, option));
}

/** Each reason with its count, and its files when it is opened. */
function showSkipped(data: PageData, tree: Tree, store: ViewStore): void {
  find('skipped-none', HTMLElement).hidden = data.skipReasons.length > 0;
  const byReason = new Map<string, FileNode[]>();
  for (const file of tree.files) {
    if (file.skipped === undefined) continue;
    const files = byReason.get(file.skipped);
    if (files === undefined) byReason.set(file.skipped, [file]);
    else files.push(file);
  }
  find('skipped', HTMLElement).append(
    ...data.skipReasons.map(({ words, count, isListed }) => {
      const files = byReason.get(words) ?? [];
      const bytes = files.reduce((sum, { size }) => sum + Math.max(0, size), 0);
      const label = `${formatCount(count)} ${words}`;
      const size = bytes === 0 ? '' : formatBytes(bytes);
      const head = [label, element('span', { class: 'numbers' }, size)];
      if (!isListed) return element('p', { class: 'reason' }, ...head);
      return opened(head, files, store);
    }),
  );
}

function opened(
  head: readonly (HTMLElement | string)[],
  files: readonly FileNode[],
  store: ViewStore,
): HTMLElement {
  const items = element('ul', { class: 'plain' });
  const more = element('div');
  const details = element('details', {}, element('summary', {}, ...head), items, more);
  // Lists may be long, and most are never opened.
  details.addEventListener(
    'toggle',
    () => {
      const sorted = [...files].sort((a, b) => b.size - a.size);
      growing(items, more, sorted, (file) =>
        element(
          'li',
          {},
          nodeButton(file, store, true),
          element('span', { class: 'numbers' }, file.size < 0 ? '' : formatBytes(file.size)),
        ),
      );
    },
    { once: true },
  );
  return details;
}
