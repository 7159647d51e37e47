import assert from 'node:assert/strict'
import { type Document, parseDocument } from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import { importKeepalived } from '../../appliance/keepalived/import.ts'
import type { Finding } from '../../appliance/keepalived/import-finding.ts'
import type { Entry } from '../../appliance/keepalived/tree.ts'
import { parsed } from './keepalived-words.ts'

export const entriesOf = (text: string): readonly Entry[] => parsed(text).entries

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every shape
export type Loose = any

export type Seen = {
  readonly document: Loose
  readonly findings: readonly Finding[]
  /** `3 translated`: what the lines say that are not simply applied, by line. */
  readonly said: readonly string[]
}

/** The document has to be one that the box takes. */
export function imported(text: string): Seen {
  const seen = looked(text)
  valid(seen.document)
  return seen
}

export function looked(text: string): Seen {
  const { document, findings } = importKeepalived(entriesOf(text))
  const said = findings
    .filter(({ outcome }) => outcome !== 'applied')
    .map(({ place, outcome }) => `${place.line} ${outcome}`)
  // Its tables need not be objects of the usual kind: it is there to be written down.
  return { document: JSON.parse(JSON.stringify(document)), findings, said }
}

export function valid(document: unknown): Document {
  const result = parseDocument(document)
  if (result.kind === 'refused') assert.fail(result.findings.map(findingText).join('\n'))
  return result.document
}

/** What is said about a line, all of it. */
export const textAt = (findings: readonly Finding[], line: number): string =>
  findings
    .filter(({ place }) => place.line === line)
    .map(({ outcome, text }) => `${outcome}: ${text}`)
    .join('\n')
