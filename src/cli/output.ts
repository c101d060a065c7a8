// Owns the care for a stream that may break: a reader that goes away (`| head -1`) is no error, a disk
// that is full is one.

/** What of a stream is needed here. */
export type OutputStream = Pick<NodeJS.WriteStream, 'on' | 'write'>;

/** A stream under watch. */
export interface Output {
  readonly write: (text: string) => void;
  /** Waits until all is handed to the system; the error that broke the stream, if one did. */
  readonly flush: () => Promise<Error | undefined>;
}

/** Watches a stream: from now on none of its errors is thrown, and once broken it is left alone. */
export function watchOutput(stream: OutputStream): Output {
  let isBroken = false;
  let failure: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isBroken = true;
    if (error.code !== 'EPIPE') failure ??= error;
  });
  return {
    write: (text) => {
      if (!isBroken && text !== '') stream.write(text);
    },
    flush: async () => {
      if (!isBroken) {
        await new Promise<void>((resolve) => {
          stream.write('', () => {
            resolve();
          });
        });
      }
      return failure;
    },
  };
}

/** Lines as a text. */
export function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
