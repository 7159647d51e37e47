import { importKeepalived } from '../../keepalived/import.ts'
import { type Finding, inOrderOfLines, languageFindings } from '../../keepalived/import-finding.ts'
import { importPair } from '../../keepalived/import-pair.ts'
import { parseKeepalived } from '../../keepalived/parse.ts'
import type { Entry } from '../../keepalived/tree.ts'

export type ImportRequest = {
  readonly text: string
  readonly peer?: string | undefined
  readonly id?: string | undefined
  readonly strict?: boolean | undefined
}

/** What a box has the memory for; `diarch import` takes what is larger. */
const mostLines = 10_000

/**
 * Of the texts alone: no file of the box is read for a stranger's `include`. No document of a file
 * that was not read to its end: it would look like all of it.
 */
export function imported({ text, peer, id, strict = false }: ImportRequest) {
  const own = read('keepalived.conf', text, id ?? null, strict)
  const other = peer === undefined ? null : read('peer.conf', peer, id ?? null, strict)
  const language = own.findings.concat(other?.findings ?? [])
  if (!own.isWhole || other?.isWhole === false) return { documents: [], findings: language }
  if (other === null) {
    const { document, findings } = importKeepalived(own.entries, { strict })
    return { documents: [document], findings: inOrderOfLines(language, findings) }
  }
  const { documents, findings } = importPair(own.entries, other.entries, { strict })
  return { documents, findings: inOrderOfLines(language, findings) }
}

type Read = {
  readonly entries: readonly Entry[]
  readonly findings: readonly Finding[]
  readonly isWhole: boolean
}

const elsewhere =
  '"diarch import FILE" takes more: on the box with --apply, or on any machine with --output'

function read(name: string, text: string, configId: string | null, strict: boolean): Read {
  const parsed = parseKeepalived(name, {
    read: path => (path === name ? text : null),
    glob: () => [],
    environment: () => null,
    configId,
    mostLines,
  })
  const problems = parsed.problems.map(problem =>
    problem.severity === 'unread' ? { ...problem, text: `${problem.text}. ${elsewhere}` } : problem,
  )
  const isWhole = problems.every(({ severity }) => severity !== 'unread')
  return {
    entries: parsed.entries,
    findings: languageFindings({ ...parsed, problems }, strict),
    isWhole,
  }
}
