// Owns whether the page is dark or light: as the system is, until someone presses the button.
import { DARK, LIGHT, type Palette } from './palette.js';

const KEY = 'wn-compress-theme';

/** The theme, and who follows it. */
export class Theme {
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #print = matchMedia('print');
  readonly #listeners: (() => void)[] = [];
  #chosen: string | undefined = remembered();

  constructor(button: HTMLElement) {
    this.#apply(button);
    for (const query of [this.#system, this.#print]) {
      query.addEventListener('change', () => {
        this.#apply(button);
      });
    }
    button.addEventListener('click', () => {
      this.#chosen = this.#isDark ? 'light' : 'dark';
      remember(this.#chosen);
      this.#apply(button);
    });
  }

  /** The colours of the treemap; on paper always light. */
  get palette(): Palette {
    return this.#isDark && !this.#print.matches ? DARK : LIGHT;
  }

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  get #isDark(): boolean {
    return this.#chosen === undefined ? this.#system.matches : this.#chosen === 'dark';
  }

  #apply(button: HTMLElement): void {
    const { dataset } = document.documentElement;
    if (this.#chosen !== undefined) dataset['theme'] = this.#chosen;
    button.textContent = this.#isDark ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to ${this.#isDark ? 'light' : 'dark'} colours`);
    for (const listener of this.#listeners) listener();
  }
}

/** A page of a file may have no storage. */
function remembered(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it is forgotten with the page.
  }
}
