// Owns the legend of the treemap: which colour stands for which ratio.
import { element, find } from './dom.js';
import { css, gradient } from './palette.js';
import type { Theme } from './theme.js';
import { IDENTITY, type Tree } from './tree.js';
import type { View, ViewStore } from './view.js';
import { codingName } from './words.js';

/** Shows the legend, in the colours of the theme. */
export function showLegend(
  codings: readonly string[],
  tree: Tree,
  store: ViewStore,
  theme: Theme,
): void {
  const scale = find('legend-scale', HTMLElement);
  const text = find('legend-text', HTMLElement);
  const skipped = element('span', { class: 'swatch' });
  const failed = element('span', { class: 'swatch' });
  const skippedItem = find('legend-skipped', HTMLElement);
  skippedItem.prepend(skipped);
  skippedItem.hidden = !tree.files.some((file) => file.skipped !== undefined && file.size > 0);
  const failedItem = find('legend-failed', HTMLElement);
  failedItem.prepend(failed);
  failedItem.hidden = !tree.files.some(
    (file) => file.isFailed || file.variants.some((variant) => variant?.state === 'f'),
  );
  const paint = (): void => {
    const { palette } = theme;
    scale.style.background = gradient(palette);
    const stripes = `${css(palette.neutral)} 0 4px, ${css(palette.neutralStripe)} 4px 6px`;
    skipped.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
    failed.style.background = css(palette.failed);
  };
  const say = ({ coding }: View): void => {
    const name = coding === IDENTITY ? 'best coding' : codingName(codings[coding - 1] ?? '');
    text.textContent = `Colour: size with ${name} ÷ size of the source`;
  };
  theme.listen(paint);
  store.listen((view, before) => {
    if (view.coding !== before.coding) say(view);
  });
  paint();
  say(store.view);
}
