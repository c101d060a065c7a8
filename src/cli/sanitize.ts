// Owns the making harmless of text from outside (file names above all) before it reaches a terminal
// or a line of output: whoever names a file must not be able to move the cursor or forge a line.

/**
 * Control characters (C0, DEL, C1), line separators, what changes the direction of text (Unicode
 * Technical Report 36, "bidirectional text spoofing"), and halves of surrogate pairs.
 */
const UNSAFE =
  // eslint-disable-next-line no-control-regex -- control characters are just what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every character that is not safe to print as a visible escape: `\n`, `\x1b`, `\u202e`. */
export function sanitize(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16);
    return (
      SHORT[character] ??
      (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
    );
  });
}

/**
 * A JSON document in which the same characters stand as escapes: it means the same, and a terminal
 * shows it as it is. What JSON.stringify leaves of them stands inside strings only.
 */
export function sanitizeJson(json: string): string {
  return json.replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
