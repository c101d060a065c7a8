// Owns how the cells of the treemap look on a canvas. Knows where they stand, not why.
import { formatBytes } from '../../format.js';
import { sanitize } from '../../sanitize.js';
import type { Cell, Rectangle } from './layout.js';
import { css, paint, paintOf, type Palette } from './palette.js';
import { IDENTITY, ratioOf, sentBytes, type FileNode } from './tree.js';
import { ratioWords } from './words.js';

/** What decides about the looks. */
export interface Looks {
  readonly palette: Palette;
  readonly coding: number;
  /** What is not among these steps back. */
  readonly matches: ReadonlySet<FileNode> | undefined;
  /** Whether there is time for text: not while cells move. */
  readonly hasText: boolean;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** Less of a name says nothing. */
const LEAST_CHARACTERS = 6;

/** Draws a cell at a place, which on its way is not where it belongs. */
export function paintCell(
  context: CanvasRenderingContext2D,
  cell: Cell,
  place: Rectangle,
  looks: Looks,
): void {
  if (cell.isLeaf) paintLeaf(context, cell, place, looks);
  else paintFolder(context, cell, place, looks);
}

function paintFolder(
  context: CanvasRenderingContext2D,
  cell: Cell,
  place: Rectangle,
  { palette, hasText, coding }: Looks,
): void {
  const { folders, folderText } = palette;
  context.fillStyle = css(folders[cell.depth % folders.length] ?? [0, 0, 0]);
  fill(context, place);
  if (!hasText || cell.header === 0) return;
  context.fillStyle = folderText;
  const middle = place.y + cell.header / 2 + 1;
  const room = place.width - 12;
  context.font = `600 12px ${FONT}`;
  const shown = fitted(context, sanitize(cell.node.name), room);
  context.fillText(shown, place.x + 6, middle);
  const used = context.measureText(shown).width;
  context.font = `11px ${FONT}`;
  const bytes = formatBytes(sentBytes(cell.node, coding));
  const width = context.measureText(bytes).width;
  if (used + width + 12 > room) return;
  context.globalAlpha = 0.8;
  context.fillText(bytes, place.x + place.width - 6 - width, middle);
  context.globalAlpha = 1;
}

function paintLeaf(
  context: CanvasRenderingContext2D,
  { node }: Cell,
  place: Rectangle,
  { palette, coding, matches, hasText }: Looks,
): void {
  const isDimmed =
    matches !== undefined && node.kind === 'file' ? !matches.has(node) : matches !== undefined;
  const isFailed = node.kind === 'file' && hasFailed(node, coding);
  const ratio = ratioOf(node, coding);
  const { fill: colour, text } = isFailed
    ? paint(palette.failed)
    : ratio === undefined
      ? paint(palette.neutral)
      : paintOf(palette, ratio);
  if (isDimmed) context.globalAlpha = 0.13;
  context.fillStyle = colour;
  fill(context, place);
  if (ratio === undefined && !isFailed) stripe(context, place, css(palette.neutralStripe));
  if (hasText && !isDimmed) {
    context.fillStyle = text;
    label(context, place, sanitize(node.name), [
      formatBytes(sentBytes(node, coding)),
      isFailed ? 'failed' : ratio === undefined ? 'as it is' : ratioWords(node, coding),
    ]);
  }
  context.globalAlpha = 1;
}

/** Whether what is sent with that coding is missing; as it is: whether any is. */
function hasFailed({ isFailed, variants }: FileNode, coding: number): boolean {
  const counted = coding === IDENTITY ? variants : variants.slice(coding - 1, coding);
  return isFailed || counted.some((variant) => variant?.state === 'f');
}

function fill(context: CanvasRenderingContext2D, { x, y, width, height }: Rectangle): void {
  if (width < 12 || height < 12) {
    context.fillRect(x, y, Math.max(width, 0.7), Math.max(height, 0.7));
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(4, width / 8, height / 8));
  context.fill();
}

function stripe(context: CanvasRenderingContext2D, place: Rectangle, colour: string): void {
  const { x, y, width, height } = place;
  if (width < 10 || height < 10) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  for (let at = -height; at < width; at += 8) {
    context.moveTo(x + at, y + height);
    context.lineTo(x + at + height, y);
  }
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.stroke();
  context.restore();
}

/** The name, and below it what there is room for. */
function label(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Rectangle,
  name: string,
  more: readonly string[],
): void {
  if (width < 34 || height < 17) return;
  const room = width - 10;
  const large = width > 180 && height > 70;
  context.font = `${large ? '600 14px' : '500 11.5px'} ${FONT}`;
  const shown = fitted(context, name, room);
  if (shown === '') return;
  const first = height < 34 ? y + height / 2 + 0.5 : y + (large ? 17 : 13);
  context.fillText(shown, x + 6, first);
  if (height < 34) return;
  context.font = `${large ? 12.5 : 11}px ${FONT}`;
  const [bytes = '', ratio = ''] = more;
  const both = `${bytes} · ${ratio}`;
  const line = context.measureText(both).width <= room ? both : bytes;
  if (context.measureText(line).width <= room) {
    context.fillText(line, x + 6, first + (large ? 19 : 15));
  }
}

/** As much of a name as there is room for, its end above all: the extension is what tells. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (room <= 0) return '';
  const short = text.length > 300 ? `${text.slice(0, 200)}…${text.slice(-90)}` : text;
  const whole = context.measureText(short).width;
  if (whole <= room) return short;
  const characters = Array.from(short);
  let kept = Math.floor((characters.length * room) / whole);
  for (; kept >= LEAST_CHARACTERS; kept -= 1) {
    const tail = Math.min(kept - 1, Math.floor(kept / 2));
    const cut = `${characters.slice(0, kept - tail).join('')}…${characters.slice(-tail).join('')}`;
    if (context.measureText(cut).width <= room) return cut;
  }
  return '';
}
