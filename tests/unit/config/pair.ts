import { type Document, parseDocument } from '../../../appliance/config/document.ts'
import { findingText } from '../../../appliance/config/finding.ts'

/** The least that a router needs. */
export const least = {
  interface: 'eth0',
  virtualRouterId: 51,
  virtualAddresses: ['192.0.2.100/24'],
} as const

export type Parts = {
  /** Beside or instead of what `least` has; undefined takes a key away. */
  readonly router?: object
  /** Beside VI_1. */
  readonly routers?: object
  readonly cluster?: object
  readonly node?: object
}

/** A document around a router VI_1, as a value. */
export const pair = ({ router, routers, cluster, node }: Parts): unknown => ({
  schemaVersion: 2,
  cluster: { routers: { VI_1: without({ ...least, ...router }), ...routers }, ...cluster },
  ...(node === undefined ? {} : { node }),
})

const without = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined))

/** One line for each finding; none when the document is good. */
export function refusals(document: unknown): readonly string[] {
  const parsed = parseDocument(document)
  return parsed.kind === 'document' ? [] : parsed.findings.map(findingText)
}

export function accepted(document: unknown): Document {
  const parsed = parseDocument(document)
  if (parsed.kind === 'document') return parsed.document
  throw new Error(parsed.findings.map(findingText).join('\n'))
}
