// Owns the files of the corpus `wide`: very many, tiny, and no two alike, made from a seed. Knows
// nothing of where they are written.
import { Buffer } from 'node:buffer';
import { type CorpusFile, madeFile } from './corpus-file.js';
import { createDice } from './random.js';

/** The least and the most that a file holds, in bytes. */
const LEAST_BYTES = 30;
const MOST_BYTES = 600;

const WORDS = (
  'about account active address answer article author banner button change city click close colour ' +
  'comment content country create date default delete detail download email empty error event file ' +
  'filter folder follow footer format global group header height hidden history home image index ' +
  'input item label language layout left light link list local login main menu message middle name ' +
  'navigation next number option order page panel path people picture price product profile public ' +
  'question random reader report reset result return right search section select share shop side ' +
  'size small source start state street style submit table text time title total update user value ' +
  'version video view visit warning width window year zone'
).split(' ');

type Dice = () => number;
type Make = (serial: number, wanted: number, dice: Dice) => string;

const MAKERS = { json: makeJson, svg: makeSvg, txt: makeText } as const satisfies Record<
  string,
  Make
>;
const KINDS = ['json', 'svg', 'txt'] as const;

/**
 * Makes files of 30 to 600 bytes, most of them short, evenly divided among the folders.
 *
 * @param count - how many files
 * @param folders - among how many folders
 */
export function tinyFiles(count: number, folders: number): CorpusFile[] {
  const dice = createDice(20_260);
  return Array.from({ length: count }, (_, serial) => {
    const folder = String(serial % folders).padStart(4, '0');
    const kind = KINDS[serial % KINDS.length] ?? 'txt';
    // Squared, so that short ones are common, as among real icons and records.
    const wanted = LEAST_BYTES + Math.floor(dice() ** 2 * (MOST_BYTES - LEAST_BYTES));
    const content = MAKERS[kind](serial, wanted, dice).slice(0, MOST_BYTES);
    return madeFile(`${folder.slice(0, 2)}/${folder}/${serial}.${kind}`, Buffer.from(content));
  });
}

function pick(dice: Dice): string {
  return WORDS[Math.floor(dice() * WORDS.length)] ?? '';
}

function makeJson(serial: number, wanted: number, dice: Dice): string {
  let text = `{"id":${serial},"name":"${pick(dice)}"`;
  while (text.length < Math.max(wanted - 20, LEAST_BYTES)) {
    text += `,"${pick(dice)}":${dice() < 0.5 ? Math.floor(dice() * 10_000) : `"${pick(dice)}"`}`;
  }
  return `${text}}`;
}

function makeSvg(serial: number, wanted: number, dice: Dice): string {
  const number = (): string => (dice() * 24).toFixed(2);
  let path = `M${serial % 24} ${number()}`;
  while (path.length < wanted - 90) path += `${dice() < 0.5 ? 'L' : 'c'}${number()} ${number()}`;
  return `<svg viewBox="0 0 24 24" id="i${serial}"><path d="${path}z"/></svg>`;
}

function makeText(serial: number, wanted: number, dice: Dice): string {
  let text = `${serial} ${pick(dice)} ${pick(dice)} ${pick(dice)}`;
  while (text.length < Math.max(wanted - 8, LEAST_BYTES))
    text += `${dice() < 0.1 ? '.\n' : ' '}${pick(dice)}`;
  return `${text}\n`;
}
