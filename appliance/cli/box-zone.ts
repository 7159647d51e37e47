import { readFileSync } from 'node:fs'
import { join } from 'node:path'

let zone: string | undefined

/** The time zone of the box that this runs on: `node.time.zone`, or UTC where there is none. */
export function boxZone(): string {
  zone ??= readZone(process.env.DIARCH_RUN || '/run/diarch')
  return zone
}

function readZone(runDir: string): string {
  try {
    return readFileSync(join(runDir, 'zone'), 'utf8').trim()
  } catch {
    return 'UTC'
  }
}
