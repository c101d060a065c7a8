// Owns the commands that GitHub Actions reads from what a step prints: annotations, and the pause in which
// nothing is a command. Pure but for the token of that pause, which no name can foresee. Rules:
// https://docs.github.com/actions/reference/workflow-commands

/** Where and under which title an annotation stands. */
export interface AnnotationPlace {
  /** Relative to the repository, with `/`; `undefined` for what is not in it. */
  readonly file?: string | undefined;
  readonly title?: string;
}

/** The line that makes an annotation. */
export function annotation(
  level: 'error' | 'warning',
  message: string,
  { file, title = 'wn-compress' }: AnnotationPlace = {},
): string {
  const place = file === undefined ? '' : `file=${escapeProperty(file)},`;
  return `::${level} ${place}title=${escapeProperty(title)}::${escapeData(message)}`;
}

/** Text of which no line is a command, whatever the names in it are. */
export function withoutCommands(text: string): string {
  // The global one is loaded when it is used: errors of a command line, which come here too, do without.
  const token = crypto.randomUUID();
  return text === '' ? '' : `::stop-commands::${token}\n${text}::${token}::\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
