// Owns the colours of the treemap: from blue, well compressed, to orange, not at all. Blue and orange are told
// apart in every common form of colour blindness, and the middle is of the page's own lightness.

type Colour = readonly [red: number, green: number, blue: number];

/** The colours of one scheme. */
export interface Palette {
  /** By ratio, from 0 to 1, evenly spaced. */
  readonly ratios: readonly Colour[];
  /** What was not tried. */
  readonly neutral: Colour;
  readonly neutralStripe: Colour;
  readonly failed: Colour;
  /** Of folders, by depth. */
  readonly folders: readonly Colour[];
  readonly folderText: string;
  readonly outline: string;
  readonly background: string;
}

export const LIGHT: Palette = {
  ratios: [
    [8, 69, 136],
    [30, 104, 172],
    [96, 158, 208],
    [206, 222, 234],
    [250, 190, 130],
    [233, 120, 38],
    [190, 75, 10],
  ],
  neutral: [203, 208, 216],
  neutralStripe: [187, 193, 203],
  failed: [120, 20, 70],
  folders: [
    [232, 236, 241],
    [222, 227, 234],
    [212, 218, 227],
  ],
  folderText: '#2a3340',
  outline: '#0d1117',
  background: '#ffffff',
};

export const DARK: Palette = {
  ratios: [
    [86, 180, 250],
    [58, 137, 206],
    [47, 96, 148],
    [58, 68, 82],
    [139, 84, 44],
    [208, 112, 38],
    [250, 152, 62],
  ],
  neutral: [60, 68, 80],
  neutralStripe: [75, 84, 98],
  failed: [240, 120, 180],
  folders: [
    [30, 37, 47],
    [37, 45, 57],
    [44, 53, 67],
  ],
  folderText: '#d5dce6',
  outline: '#ffffff',
  background: '#12171e',
};

/** The colour of a ratio. */
export function colourOf({ ratios }: Palette, ratio: number): Colour {
  const place = Math.min(1, Math.max(0, ratio)) * (ratios.length - 1);
  const index = Math.min(Math.floor(place), ratios.length - 2);
  const [from, to] = [ratios[index], ratios[index + 1]] as [Colour, Colour];
  const part = place - index;
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * part);
  return [mix(0), mix(1), mix(2)];
}

/** A colour, and that of text on it. */
export interface Paint {
  readonly fill: string;
  readonly text: string;
}

const STEPS = 100;

const scales = new WeakMap<Palette, readonly Paint[]>();

/** What a cell of that ratio is painted with: made once, for there are many cells. */
export function paintOf(palette: Palette, ratio: number): Paint {
  let scale = scales.get(palette);
  if (scale === undefined) {
    scale = Array.from({ length: STEPS + 1 }, (_, step) => paint(colourOf(palette, step / STEPS)));
    scales.set(palette, scale);
  }
  const step = Math.round(Math.min(1, Math.max(0, ratio)) * STEPS);
  return scale[step] ?? paint(palette.neutral);
}

/** What a cell of that colour is painted with. */
export function paint(colour: Colour): Paint {
  return { fill: css(colour), text: textOn(colour) };
}

/** As CSS and the canvas want it. */
export function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Black or white, whichever stands out: at least 4.5 to 1 on any colour (WCAG 2.2, 1.4.3). */
function textOn(colour: Colour): string {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000' : '#fff';
}

/** The colours of all ratios as a gradient of CSS. */
export function gradient({ ratios }: Palette): string {
  return `linear-gradient(to right, ${ratios.map(css).join(', ')})`;
}
