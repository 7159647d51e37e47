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

/** Of the texts alone: no file of the box is read for a stranger's `include`. */
export function imported({ text, peer, id, strict = false }: ImportRequest) {
  const own = read('keepalived.conf', text, id ?? null, strict)
  if (peer === undefined) {
    const { document, findings } = importKeepalived(own.entries, { strict })
    return { documents: [document], findings: inOrderOfLines(own.findings, findings) }
  }
  const other = read('peer.conf', peer, id ?? null, strict)
  const { documents, findings } = importPair(own.entries, other.entries, { strict })
  return { documents, findings: inOrderOfLines(own.findings.concat(other.findings), findings) }
}

function read(
  name: string,
  text: string,
  configId: string | null,
  strict: boolean,
): { readonly entries: readonly Entry[]; readonly findings: readonly Finding[] } {
  const parsed = parseKeepalived(name, {
    read: path => (path === name ? text : null),
    glob: () => [],
    environment: () => null,
    configId,
    mostLines,
  })
  return { entries: parsed.entries, findings: languageFindings(parsed, strict) }
}
