import { type Path, pathText } from '../config/path.ts'

/** What keepalived cannot say. It stands in the text too, as a comment. */
export type ExportFinding = {
  /** Where it is in our document. */
  readonly path: string
  /** What is missing there, and what to do about it. */
  readonly text: string
}

/** Collects while the text is made. What several places have in common is found once. */
export class Lacks {
  readonly #findings = new Map<string, ExportFinding>()

  /** The comment that stands in its place. */
  say(path: Path, text: string): string {
    const at = pathText(path)
    const line = `# ${at}: ${text}`
    this.#findings.set(line, { path: at, text })
    return line
  }

  /** The same, when it is so and was not said before. */
  sayIf(so: boolean, path: Path, text: string): readonly string[] {
    if (!so || this.#findings.has(`# ${pathText(path)}: ${text}`)) return []
    return [this.say(path, text)]
  }

  all(): readonly ExportFinding[] {
    return [...this.#findings.values()]
  }
}
