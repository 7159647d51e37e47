/** The end of a command's help: every command has at least one. */
export const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map(line => `  $ diarch ${line}`).join('\n')}`
