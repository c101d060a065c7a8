// Owns the reading of the documents: their code blocks, and the words of the commands in them. Knows nothing
// of what they mean.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** What users read, relative to the project. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...namesIn('docs', '.md'),
  ...namesIn('examples', 'README.md'),
];

/** A code block and its language. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

export function readDocument(name: string): string {
  return readFileSync(join(PROJECT, name), 'utf8').replaceAll('\r\n', '\n');
}

/** The code blocks of a document, in their order. */
export function blocksOf(document: string): Block[] {
  const found = document.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = '', text = '']) => ({ language, text }));
}

/** What stands as code in the text itself, outside of blocks. */
export function codeSpansOf(document: string): string[] {
  const text = document.replaceAll(/^```.*?^```$/gms, '');
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\n', ' '));
}

/** The words behind the name of each `wn-compress` in lines of a shell, of a terminal or of YAML. */
export function commandsIn(text: string): string[][] {
  return text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => line.split(/\||&&/))
    .map((command) => /^\s*(?:- )?(?:run: )?(?:\$ )?(?:npx )?wn-compress(?= |$)(.*)/.exec(command))
    .filter((found) => found !== null)
    .map(([, words = '']) => wordsOf(words));
}

/** The words of a command without expansions and redirections; what CI systems put into it is 1. */
function wordsOf(command: string): string[] {
  const plain = command.replaceAll(/\$\{\{.*?\}\}|\$\w+/g, '1');
  const words: string[] = [];
  for (const [word] of plain.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^[#<>]/.test(word)) break;
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return words;
}

function namesIn(folder: string, end: string): string[] {
  const names = readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith(end) && !name.includes('node_modules'))
    .sort();
  assert.ok(names.length > 0, folder);
  return names;
}
