// Owns the lists of what stands out: the largest files, and those that hardly become smaller.
import { formatBytes } from '../../format.js';
import { element, find } from './dom.js';
import { growing, nodeButton } from './file-table.js';
import { IDENTITY, ratioOf, sentBytes, type FileNode, type Tree } from './tree.js';
import type { View, ViewStore } from './view.js';
import { ratioWords } from './words.js';

const ROWS = 10;

/** What keeps more than this of its size is not compressed well. */
const POOR_RATIO = 0.6;

/** Shows both lists, of all files or those that were found. */
export function showRankings(tree: Tree, store: ViewStore): void {
  const show = (view: View): void => {
    const { coding, withSkipped, matches } = view;
    const files = matches === undefined ? tree.files : [...matches];
    const counted = files.filter((file) => withSkipped || file.skipped === undefined);
    const largest = sortedBy(counted, (file) => sentBytes(file, coding));
    list('largest', largest, store, (file) => [
      formatBytes(sentBytes(file, coding)),
      file.skipped === undefined ? ratioWords(file, coding) : 'skipped',
    ]);
    const poor = files.filter((file) => (ratioOf(file, coding) ?? 0) > POOR_RATIO);
    list(
      'poorest',
      sortedBy(poor, (file) => sentBytes(file, coding)),
      store,
      (file) => [
        formatBytes(best(file, coding)),
        ratioOf(file, coding) === 1 ? 'as it is' : `${ratioWords(file, coding)} of the source`,
      ],
    );
  };
  store.listen((view, before) => {
    const keys = ['matches', 'coding', 'withSkipped'] as const;
    if (keys.some((key) => view[key] !== before[key])) show(view);
  });
  show(store.view);
}

function best(file: FileNode, coding: number): number {
  if (coding !== IDENTITY) return sentBytes(file, coding);
  return Math.min(file.size, ...file.variants.map((_, index) => sentBytes(file, index + 1)));
}

function sortedBy(files: readonly FileNode[], bytes: (file: FileNode) => number): FileNode[] {
  return files.filter((file) => bytes(file) > 0).sort((a, b) => bytes(b) - bytes(a));
}

function list(
  id: string,
  files: readonly FileNode[],
  store: ViewStore,
  numbers: (file: FileNode) => readonly [string, string],
): void {
  const { coding } = store.view;
  const most = files[0] === undefined ? 1 : sentBytes(files[0], coding);
  find(`${id}-none`, HTMLElement).hidden = files.length > 0;
  growing(
    find(id, HTMLElement),
    find(`${id}-more`, HTMLElement),
    files,
    (file) => {
      const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, element('span'));
      (bar.firstElementChild as HTMLElement).style.width =
        `${(100 * sentBytes(file, coding)) / most}%`;
      const [bytes, share] = numbers(file);
      return element(
        'li',
        {},
        nodeButton(file, store, true),
        element(
          'span',
          { class: 'numbers' },
          bytes,
          ' ',
          element('span', { class: 'share' }, share),
        ),
        bar,
      );
    },
    ROWS,
  );
}
