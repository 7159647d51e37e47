import type { RecordedPort } from './port-plan.ts'

/** `ports.json`: written by the box, and edited by the operator who wants other names. */

export type DecodedPorts =
  | { readonly ok: true; readonly ports: readonly RecordedPort[] }
  | { readonly ok: false; readonly reason: string }

const refused = (reason: string): DecodedPorts => ({ ok: false, reason })

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isRecordedPort = (value: unknown): value is RecordedPort =>
  isObject(value) && ['name', 'mac', 'path'].every(key => typeof value[key] === 'string')

export const decodePorts = (text: string): DecodedPorts => {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    return refused(`it is not JSON: ${(error as Error).message}`)
  }
  if (!isObject(document) || document.version !== 1) {
    return refused('expected {"version": 1, "ports": [...]}')
  }
  if (!Array.isArray(document.ports)) return refused('"ports" is not a list')
  const ports: RecordedPort[] = []
  for (const [index, entry] of document.ports.entries()) {
    if (!isRecordedPort(entry)) {
      return refused(`ports[${index}] has no name, mac and path, all of them text`)
    }
    ports.push({ name: entry.name, mac: entry.mac.toLowerCase(), path: entry.path })
  }
  return { ok: true, ports }
}

export const encodePorts = (ports: readonly RecordedPort[]): string =>
  `${JSON.stringify({ version: 1, ports }, null, 2)}\n`
