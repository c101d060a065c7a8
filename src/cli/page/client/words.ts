// Owns how things are called on the page.
import { formatBytes, formatCounted, formatPercent, formatSavings } from '../../format.js';
import type { VariantState } from '../page-data.js';
import { IDENTITY, isKept, ratioOf, sentBytes, type FileNode, type TreeNode } from './tree.js';

const CODING_NAMES: Readonly<Record<string, string>> = { br: 'brotli' };

/** How a content-coding is called: by the name that people know. */
export function codingName(coding: string): string {
  return CODING_NAMES[coding] ?? coding;
}

/** What became of a variant. */
export const STATE_WORDS: Readonly<Record<VariantState, string>> = {
  w: 'written',
  r: 'restored',
  u: 'unchanged',
  d: 'discarded',
  f: 'failed',
};

/** A ratio in percent, or a dash where nothing was tried. */
export function ratioWords(node: TreeNode, coding: number): string {
  const ratio = ratioOf(node, coding);
  return ratio === undefined ? '–' : formatPercent(ratio);
}

/** A size, or a word where it is not known. */
export function sizeWords(bytes: number): string {
  return bytes < 0 ? 'unknown' : formatBytes(bytes);
}

/** A row of what is said of a node: its label, and two values. */
export type DetailRow = readonly [label: string, value: string, more: string];

/** All that is said of a node, in rows. */
export function detailRows(node: TreeNode, codings: readonly string[]): DetailRow[] {
  if (node.kind === 'folder') return folderRows(node, codings);
  const rows: DetailRow[] = [['source', sizeWords(node.size), '']];
  if (node.skipped !== undefined) {
    return [...rows, ['skipped', node.skipped, node.size < 0 ? '' : 'sent as it is']];
  }
  if (node.isFailed) return [...rows, ['failed', 'see below', '']];
  return [...rows, ...codings.map((coding, index) => variantRow(node, coding, index))];
}

function folderRows(node: TreeNode, codings: readonly string[]): DetailRow[] {
  if (node.kind === 'file') return [];
  const identity = sentBytes(node, IDENTITY);
  return [
    ['files', formatCounted(node.files, 'file'), formatBytes(identity)],
    ...codings.map((coding, index): DetailRow => {
      const sent = sentBytes(node, index + 1);
      return [codingName(coding), formatBytes(sent), `${formatSavings(identity, sent)} saved`];
    }),
  ];
}

function variantRow(node: FileNode, coding: string, index: number): DetailRow {
  const variant = node.variants[index];
  if (variant === undefined) return [codingName(coding), '–', ''];
  const state = STATE_WORDS[variant.state];
  if (variant.state === 'f') return [codingName(coding), '–', state];
  const share = node.size === 0 ? '' : `${formatPercent(variant.bytes / node.size)}, `;
  const more = isKept(variant) ? state : `${state}, sent as it is`;
  return [codingName(coding), formatBytes(variant.bytes), share + more];
}
