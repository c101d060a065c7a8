// Owns the treemap on the page: a canvas that is drawn anew when the view changes, and on top of it another
// one with the outlines of what the pointer and the keyboard are on. Listens to no input.
import { layOut, type Cell, type Rectangle } from './layout.js';
import { paintCell } from './painter.js';
import type { Theme } from './theme.js';
import type { TreeNode } from './tree.js';
import type { View, ViewStore } from './view.js';

/** How long cells are on their way. */
const MOVE_MS = 380;

/** The treemap. */
export class Treemap {
  readonly #canvas: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  #cells: readonly Cell[] = [];
  #places: readonly Rectangle[] = [];
  #frame = 0;
  #pointed: Cell | undefined;

  constructor(
    readonly host: HTMLElement,
    readonly store: ViewStore,
    readonly theme: Theme,
  ) {
    const [canvas, overlay] = host.querySelectorAll('canvas');
    if (canvas === undefined || overlay === undefined) throw new Error('no canvas');
    [this.#canvas, this.#overlay] = [canvas, overlay];
    new ResizeObserver(() => {
      this.#arrange(undefined);
    }).observe(host);
    theme.listen(() => {
      this.#draw();
    });
    store.listen((view, before) => {
      this.#follow(view, before);
    });
  }

  /** The cells that are there, the outer ones first. */
  get cells(): readonly Cell[] {
    return this.#cells;
  }

  /** The cell of a node, or of the nearest folder around it that has one. */
  cellOf(node: TreeNode | undefined): Cell | undefined {
    for (let at = node; at !== undefined; at = at.parent) {
      const found = this.#cells.find((cell) => cell.node === at);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Outlines what the pointer is on. */
  point(cell: Cell | undefined): void {
    if (cell === this.#pointed) return;
    this.#pointed = cell;
    this.#drawOutlines();
  }

  #follow(view: View, before: View): void {
    if (view.folder !== before.folder) this.#arrange(cameraBetween(view, before, this.#cells));
    else if (view.coding !== before.coding || view.withSkipped !== before.withSkipped) {
      this.#arrange('in place');
    } else if (view.matches !== before.matches) this.#draw();
    this.#drawOutlines();
  }

  /** Lays out anew, and has the cells move from where they were, or from where a camera saw them. */
  #arrange(from: Camera | 'in place' | undefined): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    const before = new Map(this.#cells.map((cell) => [cell.node, cell] as const));
    this.#cells = layOut({ ...this.store.view, width, height });
    this.#pointed = undefined;
    for (const canvas of [this.#canvas, this.#overlay]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    cancelAnimationFrame(this.#frame);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden;
    if (from === undefined || still) {
      this.#places = this.#cells;
      this.#draw();
      return;
    }
    const camera = from === 'in place' ? undefined : from(this.#cells, { width, height });
    const starts = this.#cells.map(
      (cell) => camera?.(cell) ?? before.get(cell.node) ?? inTheMiddleOf(cell),
    );
    this.#move(starts, performance.now());
  }

  #move(starts: readonly Rectangle[], begin: number): void {
    const step = (now: number): void => {
      const part = Math.min(1, Math.max(0, (now - begin) / MOVE_MS));
      const eased = 1 - (1 - part) ** 3;
      this.#places =
        part === 1
          ? this.#cells
          : this.#cells.map((cell, index) => between(starts[index] ?? cell, cell, eased));
      this.#draw();
      if (part < 1) this.#frame = requestAnimationFrame(step);
    };
    step(begin);
  }

  #draw(): void {
    const context = prepared(this.#canvas);
    if (context === undefined) return;
    const { palette } = this.theme;
    const looks = { ...this.store.view, palette, hasText: this.#places === this.#cells };
    context.textBaseline = 'middle';
    context.direction = 'ltr';
    for (const [index, cell] of this.#cells.entries()) {
      paintCell(context, cell, this.#places[index] ?? cell, looks);
    }
    this.#drawOutlines();
  }

  #drawOutlines(): void {
    const context = prepared(this.#overlay);
    if (context === undefined || this.#places !== this.#cells) return;
    const { outline, background } = this.theme.palette;
    const selected = this.store.view.selected && this.cellOf(this.store.view.selected);
    if (this.#pointed !== undefined) outlined(context, this.#pointed, outline, 1.5);
    if (selected !== undefined) {
      outlined(context, selected, background, 5);
      outlined(context, selected, outline, 2.5);
    }
  }
}

/** Where a cell was seen before. */
type Camera = (
  cells: readonly Cell[],
  size: { readonly width: number; readonly height: number },
) => ((cell: Cell) => Rectangle) | undefined;

/** Into a folder, as if it grew; out of one, as if it shrank into its place. */
function cameraBetween(view: View, before: View, cells: readonly Cell[]): Camera {
  const opened = cells.find(({ node }) => node === view.folder);
  return (after, size) => {
    const whole = { x: 0, y: 0, ...size };
    if (opened !== undefined) return (cell) => moved(cell, whole, opened);
    const left = after.find(({ node }) => node === before.folder);
    return left && ((cell) => moved(cell, left, whole));
  };
}

/** A rectangle of a picture, when the picture moves from one place to another. */
function moved(one: Rectangle, from: Rectangle, to: Rectangle): Rectangle {
  const [across, down] = [to.width / from.width, to.height / from.height];
  return {
    x: to.x + (one.x - from.x) * across,
    y: to.y + (one.y - from.y) * down,
    width: one.width * across,
    height: one.height * down,
  };
}

function between(from: Rectangle, to: Rectangle, part: number): Rectangle {
  const mix = (key: keyof Rectangle) => from[key] + (to[key] - from[key]) * part;
  return { x: mix('x'), y: mix('y'), width: mix('width'), height: mix('height') };
}

function inTheMiddleOf({ x, y, width, height }: Rectangle): Rectangle {
  return { x: x + width / 2, y: y + height / 2, width: 0, height: 0 };
}

/** Empty, in pixels of CSS. */
function prepared(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context?.clearRect(0, 0, canvas.width, canvas.height);
  return context;
}

function outlined(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Rectangle,
  colour: string,
  thickness: number,
): void {
  const inset = Math.min(thickness / 2, width / 2, height / 2);
  context.strokeStyle = colour;
  context.lineWidth = thickness;
  context.beginPath();
  context.roundRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset, 3);
  context.stroke();
}
