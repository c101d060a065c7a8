// Owns the composition of the page: the data in it are read, and every part of it gets what it shows.
import type { PageData } from '../page-data.js';
import { find } from './dom.js';
import { showFindings } from './findings.js';
import { showFolderTable } from './file-table.js';
import { showLegend } from './legend.js';
import { listenToSearch, listenToSkipped, showBreadcrumb } from './navigation.js';
import { showOverview } from './overview.js';
import { showRankings } from './rankings.js';
import { Theme } from './theme.js';
import { createTree, IDENTITY, sentBytes, sumUp, type FolderNode } from './tree.js';
import { Treemap } from './treemap.js';
import { listenToInput } from './treemap-input.js';
import { ViewStore } from './view.js';

const data = JSON.parse(find('data', HTMLScriptElement).textContent) as PageData;
const codings = data.contentCodings;
const tree = createTree(data);
sumUp(tree.root, codings.length, true);
const store = new ViewStore({
  coding: bestCoding(tree.root),
  withSkipped: true,
  folder: tree.root,
  selected: undefined,
  matches: undefined,
});
const theme = new Theme(find('theme', HTMLElement));

showOverview(data, tree, store);
showBreadcrumb(store);
listenToSearch(tree, store);
listenToSkipped(tree, codings.length, store);
const map = find('map', HTMLElement);
if (sentBytes(tree.root, IDENTITY) === 0) {
  find('map-section', HTMLElement).hidden = true;
  find('map-none', HTMLElement).hidden = false;
} else {
  const treemap = new Treemap(map, store, theme);
  listenToInput(treemap, store, codings, {
    tip: find('tip', HTMLElement),
    live: find('live', HTMLElement),
  });
}
showLegend(codings, tree, store, theme);
showFolderTable(codings, store, theme);
showRankings(tree, store);
showFindings(data, tree, store);
find('made', HTMLElement).textContent =
  `wn-compress ${data.version}, ${new Date(data.madeAt).toLocaleString()}`;
document.documentElement.dataset['ready'] = '';

/** The content-coding with which least is sent is what most visitors get. */
function bestCoding({ sent }: FolderNode): number {
  const least = Math.min(...sent);
  return Math.max(IDENTITY, sent.lastIndexOf(least));
}
