// Owns how elements are made: text becomes text nodes and nothing else, so that no name of the tree is ever
// read as markup. Knows nothing of what is shown.
import { sanitize } from '../../sanitize.js';

type Child = Node | string;

/** An element with attributes and children; `false` leaves an attribute out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** A name of the tree: its direction stays its own, and what is invisible shows as an escape. */
export function nameElement(name: string, title = name): HTMLElement {
  return element('bdi', { class: 'name', title: sanitize(title) }, sanitize(name));
}

/** A path, of which the folders step back behind the name. */
export function pathElement(path: string): HTMLElement {
  const [, folders = '', name = ''] = /^(.*\/)?([^/]*\/?)$/s.exec(path) ?? [];
  const made = nameElement(name, path);
  made.prepend(element('span', { class: 'folder' }, sanitize(folders)));
  return made;
}

/** The element of the page with that id, which is of that kind. */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} #${id}`);
}

/** A button that does something. */
export function button(
  attributes: Readonly<Record<string, string>>,
  child: Child,
  act: () => void,
) {
  const made = element('button', { type: 'button', ...attributes }, child);
  made.addEventListener('click', act);
  return made;
}
