// Owns the top of the page: what was compressed, and what is sent with each content-coding, by which one is
// chosen for all that follows.
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatSavings,
} from '../../format.js';
import type { PageData } from '../page-data.js';
import { element, find, nameElement } from './dom.js';
import { IDENTITY, isKept, sentBytes, type FileNode, type Tree } from './tree.js';
import type { ViewStore } from './view.js';
import { codingName, STATE_WORDS } from './words.js';

/** Fills the top of the page. */
export function showOverview(data: PageData, tree: Tree, store: ViewStore): void {
  const title = find('title', HTMLElement);
  title.replaceChildren(data.root === null ? 'A list of files' : nameElement(data.root));
  document.title = `${title.textContent} · wn-compress`;
  find('badges', HTMLElement).append(...badges(data));
  find('facts', HTMLElement).append(...facts(data, tree));
  const choices = find('codings', HTMLElement);
  const names = ['as it is', ...data.contentCodings.map(codingName)];
  const rows = names.map((name, coding) => choice(name, coding, tree, store));
  choices.append(...rows.map(({ label }) => label));
  const fill = (): void => {
    for (const row of rows) row.fill();
  };
  store.listen((view, before) => {
    if (view.withSkipped !== before.withSkipped) fill();
  });
  fill();
}

function badges({ dryRun, shard }: PageData): HTMLElement[] {
  return [
    ...(dryRun ? ['Dry run: nothing was written, all of this is what would be'] : []),
    ...(shard === null ? [] : [`Shard ${shard}: one slice of the tree`]),
  ].map((text) => element('li', {}, text));
}

function facts(data: PageData, { files }: Tree): HTMLElement[] {
  const sources = files.filter(({ variants }) => variants.length > 0);
  const kept = sources.filter(({ variants }) => variants.some((one) => one && isKept(one)));
  const bytes = sources.reduce((sum, { size }) => sum + size, 0);
  const skipped = data.skipReasons.reduce((sum, { count }) => sum + count, 0);
  const { durationMs, threads, cacheSavedMs, failures } = data;
  const cache =
    cacheSavedMs === null
      ? 'no cache'
      : cacheSavedMs < 1
        ? 'nothing from the cache'
        : `the cache saved ${formatDuration(cacheSavedMs)}`;
  return [
    fact('Compressed', formatCount(kept.length), `of ${formatCounted(sources.length, 'file')}`),
    fact('Sources', formatBytes(bytes), statesOf(sources)),
    fact('Time', formatDuration(durationMs), `${formatCounted(threads, 'thread')}, ${cache}`),
    fact('Skipped', formatCount(skipped), skipped === 1 ? 'file' : 'files'),
    ...(failures.length === 0
      ? []
      : [fact('Failed', formatCount(failures.length), 'see below', 'bad')]),
  ];
}

function fact(label: string, value: string, more: string, kind = ''): HTMLElement {
  return element(
    'div',
    { class: kind },
    element('dt', {}, label),
    element('dd', {}, element('strong', {}, value), ' ', element('span', {}, more)),
  );
}

/** What became of the variants, counted. */
function statesOf(sources: readonly FileNode[]): string {
  const counts = new Map<string, number>();
  for (const variant of sources.flatMap(({ variants }) => variants)) {
    if (variant === undefined) continue;
    const word = STATE_WORDS[variant.state];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = Object.values(STATE_WORDS).filter((word) => counts.has(word));
  return words.map((word) => `${formatCount(counts.get(word) ?? 0)} ${word}`).join(', ');
}

/** A content-coding to choose, with what is sent as a bar. */
function choice(name: string, coding: number, { root }: Tree, store: ViewStore) {
  const input = element('input', { type: 'radio', name: 'coding', value: String(coding) });
  const bar = element('span', { class: 'bar' }, element('span'));
  const bytes = element('strong');
  const saved = element('span', { class: 'saved' });
  const label = element(
    'label',
    { class: 'coding' },
    input,
    element('span', { class: 'coding-name' }, name),
    bytes,
    saved,
    bar,
  );
  input.checked = store.view.coding === coding;
  input.addEventListener('change', () => {
    store.change({ coding });
  });
  const fill = (): void => {
    const identity = sentBytes(root, IDENTITY);
    const sent = sentBytes(root, coding);
    bytes.textContent = formatBytes(sent);
    saved.textContent = coding === IDENTITY ? 'sent' : `${formatSavings(identity, sent)} saved`;
    const share = identity === 0 ? 0 : sent / identity;
    (bar.firstElementChild as HTMLElement).style.width = `${share * 100}%`;
  };
  return { label, fill };
}
