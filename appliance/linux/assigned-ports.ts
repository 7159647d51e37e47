import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AlarmText } from '../boot/alarm-text.ts'
import type { RecordedPort } from '../boot/port-plan.ts'
import { decodePorts, encodePorts } from '../boot/ports-json.ts'
import { removeDurably, writeDurably } from './durable-file.ts'

/**
 * Names that ports get with the next start of the box, in a file beside `ports.json`: a port that
 * gets another name while the box runs is set down for it.
 */
const fileIn = (stateDir: string): string => join(stateDir, 'ports-next.json')

/** Null: nothing was assigned. What cannot be read was damaged, and nobody can tell its names. */
export function readAssigned(stateDir: string): readonly RecordedPort[] | null {
  try {
    const decoded = decodePorts(readFileSync(fileIn(stateDir), 'utf8'))
    return decoded.ok ? decoded.ports : null
  } catch {
    return null
  }
}

export function writeAssigned(stateDir: string, ports: readonly RecordedPort[]): void {
  writeDurably(fileIn(stateDir), encodePorts(ports), 0o644)
}

export function dropAssigned(stateDir: string): void {
  removeDurably(fileIn(stateDir))
}

/**
 * Once between power-on and power-off, as the mark in `runDir` does not outlive the box: a
 * supervisor that is started again leaves the ports alone.
 */
export function adoptAssigned(stateDir: string, runDir: string): readonly AlarmText[] {
  const mark = join(runDir, 'ports-named')
  if (existsSync(mark)) return []
  try {
    writeFileSync(mark, '')
    if (!existsSync(fileIn(stateDir))) return []
    if (readAssigned(stateDir) !== null) {
      renameSync(fileIn(stateDir), join(stateDir, 'ports.json'))
      return []
    }
    dropAssigned(stateDir)
    const message =
      'The names that were assigned to ports cannot be read: the ports keep theirs. Assign them ' +
      'again (diarch ports).'
    return [{ reason: 'ports-not-recorded', message }]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `The names that were assigned to ports are not in force: ${why}.`
    return [{ reason: 'ports-not-recorded', message }]
  }
}

/** Cards have come or gone, of which the names that were assigned before know nothing. */
export function overtake(stateDir: string): readonly AlarmText[] {
  if (readAssigned(stateDir) === null) return []
  const seen = 'Other cards are there than when names were assigned to ports'
  try {
    dropAssigned(stateDir)
    return [{ reason: 'ports-changed', message: `${seen}: assign them again (diarch ports).` }]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [{ reason: 'ports-changed', message: `${seen}, and they cannot be taken back: ${why}.` }]
  }
}
