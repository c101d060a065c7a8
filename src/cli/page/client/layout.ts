// Owns where each file and folder stands in the treemap: squarified, by d3-hierarchy. Knows sizes and pixels,
// never a canvas.
import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from 'd3-hierarchy';
import { sentBytes, type FolderNode, type TreeNode } from './tree.js';

/** Where something stands, in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A file or folder in its place. */
export interface Cell extends Rectangle {
  readonly node: TreeNode;
  /** 0 for what stands in the folder that is looked at. */
  readonly depth: number;
  /** Pixels at the top that hold the name of a folder; 0 for a file and where there is no room. */
  readonly header: number;
  /** Whether nothing is drawn within: a file, or a folder that is too small to be looked into. */
  readonly isLeaf: boolean;
}

/** What is asked of a layout. */
export interface LayoutRequest {
  readonly folder: FolderNode;
  readonly coding: number;
  readonly withSkipped: boolean;
  readonly width: number;
  readonly height: number;
}

const HEADER_PIXELS = 20;

/** Below this the name of a folder would say less than its files. */
const LEAST_WIDTH = 64;
const LEAST_HEIGHT = 60;

/** What is smaller than this, in square pixels, is drawn as one. */
const LEAST_FOLDER_AREA = 60;

/** What is smaller than this cannot be seen. */
const LEAST_SIDE = 0.4;

type Placed = HierarchyRectangularNode<TreeNode>;

/** The cells of a folder: each in front of those within it, the largest first. */
export function layOut({ folder, coding, withSkipped, width, height }: LayoutRequest): Cell[] {
  if (width <= 0 || height <= 0) return [];
  const isShown = (node: TreeNode) =>
    node.kind === 'folder' || withSkipped || node.skipped === undefined;
  const top = hierarchy<TreeNode>(folder, (node) =>
    node.kind === 'folder' ? node.children.filter(isShown) : undefined,
  )
    .sum((node) => (node.kind === 'file' ? sentBytes(node, coding) : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const place = treemap<TreeNode>()
    .tile(treemapSquarify.ratio(1.3))
    .size([width, height])
    .paddingInner(gapIn)
    .paddingOuter((node) => (node.depth === 0 ? 0 : headerOf(node) > 0 ? 3 : gapIn(node)))
    .paddingTop((node) => headerOf(node) || (node.depth === 0 ? 0 : gapIn(node)));
  const cells: Cell[] = [];
  collect(place(top), cells);
  return cells;
}

function headerOf(node: Placed): number {
  if (node.depth === 0) return 0;
  const isLarge = node.x1 - node.x0 >= LEAST_WIDTH && node.y1 - node.y0 >= LEAST_HEIGHT;
  return isLarge ? HEADER_PIXELS : 0;
}

/** Between the cells of a folder: what is too small for a gap would be nothing but gaps. */
function gapIn(node: Placed): number {
  const area = (node.x1 - node.x0) * (node.y1 - node.y0);
  const side = Math.sqrt(area / (node.children?.length ?? 1));
  if (side < 7) return 0;
  if (side < 16) return 0.75;
  return node.depth === 0 ? 3 : 1.5;
}

function collect(parent: Placed, cells: Cell[]): void {
  for (const placed of parent.children ?? []) {
    const [width, height] = [placed.x1 - placed.x0, placed.y1 - placed.y0];
    if (width < LEAST_SIDE || height < LEAST_SIDE) continue;
    const isLeaf = placed.data.kind === 'file' || width * height < LEAST_FOLDER_AREA;
    const header = isLeaf ? 0 : headerOf(placed);
    const { x0: x, y0: y } = placed;
    cells.push({
      ...{ x, y, width, height, isLeaf },
      node: placed.data,
      depth: placed.depth - 1,
      header,
    });
    if (!isLeaf) collect(placed, cells);
  }
}

/** The innermost cell at a point, if there is one. */
export function cellAt(cells: readonly Cell[], x: number, y: number): Cell | undefined {
  return cells.findLast(
    (cell) => x >= cell.x && x <= cell.x + cell.width && y >= cell.y && y <= cell.y + cell.height,
  );
}

/** The directions in which arrow keys lead. */
export const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const;

/** The next innermost cell in a direction: near, and rather straight ahead than aside. */
export function neighbour(
  cells: readonly Cell[],
  from: Rectangle,
  [dx, dy]: readonly [number, number],
): Cell | undefined {
  let best: Cell | undefined;
  let least = Infinity;
  for (const cell of cells) {
    if (!cell.isLeaf || cell.width < 2 || cell.height < 2) continue;
    const ahead =
      dx === 0
        ? dy * (middle(cell.y, cell.height) - middle(from.y, from.height))
        : dx * (middle(cell.x, cell.width) - middle(from.x, from.width));
    if (ahead <= 1) continue;
    const aside =
      dx === 0
        ? gap(cell.x, cell.width, from.x, from.width)
        : gap(cell.y, cell.height, from.y, from.height);
    const cost = ahead + 4 * aside;
    if (cost < least) [best, least] = [cell, cost];
  }
  return best;
}

function middle(start: number, length: number): number {
  return start + length / 2;
}

/** How far two spans are apart, measured from the middle of the second. */
function gap(start: number, length: number, otherStart: number, otherLength: number): number {
  const point = middle(otherStart, otherLength);
  return Math.max(0, start - point, point - start - length);
}
