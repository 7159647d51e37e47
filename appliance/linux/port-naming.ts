import { execFile } from 'node:child_process'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AlarmText } from '../boot/alarm-text.ts'
import { planPorts, type RecordedPort, type Rename } from '../boot/port-plan.ts'
import { decodePorts, encodePorts } from '../boot/ports-json.ts'
import { adoptAssigned, overtake } from './assigned-ports.ts'
import { type DescribePort, describePhysicalPort, interfaceNames } from './sysfs-ports.ts'

export type PortSite = {
  readonly stateDir: string
  /** Its mark says that the box has named its ports since it has started. */
  readonly runDir: string
  /** The `ip` program: a path and first arguments. */
  readonly ip?: readonly [string, ...string[]]
  readonly describe?: DescribePort
}

export type NamedPorts = {
  /** For `readPorts`. */
  readonly recorded: readonly RecordedPort[]
  readonly alarms: readonly AlarmText[]
}

const message = (error: unknown): string => (error instanceof Error ? error.message : `${error}`)

type Recorded = { readonly text: string; readonly ports: readonly RecordedPort[] }

/** A broken file is kept beside, for the names in it are the operator's work. */
const readRecorded = async (path: string, alarms: AlarmText[]): Promise<Recorded> => {
  let broken: string
  try {
    const text = await readFile(path, 'utf8')
    const decoded = decodePorts(text)
    if (decoded.ok) return { text, ports: decoded.ports }
    broken = decoded.reason
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { text: '', ports: [] }
    broken = message(error)
  }
  const aside = await rename(path, `${path}.broken`).then(
    () => `it is kept as ${path}.broken`,
    error => `it could not be set aside: ${message(error)}`,
  )
  const advice = 'Ports are named anew in the order of the bus; repair the file and restart.'
  alarms.push({ reason: 'ports-file-broken', message: `${path}: ${broken}; ${aside}. ${advice}` })
  return { text: '', ports: [] }
}

const writeRecorded = async (path: string, text: string): Promise<void> => {
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  const directory = await open(join(path, '..'), 'r')
  await directory.sync().finally(() => directory.close())
}

/** Unlike that of a run that was killed half-way. The kernel allows 15 bytes. */
const temporary = (index: number): string => `tmp${process.pid}-${index}`

/** A port is set down for it: older kernels rename no interface that is up. */
const applyRenames = async (
  renames: readonly Rename[],
  link: (...words: string[]) => Promise<void>,
): Promise<void> => {
  // All leave their old names first, so that two can exchange theirs.
  for (const [index, { from }] of renames.entries()) {
    await link(from, 'down')
    await link(from, 'name', temporary(index))
  }
  for (const [index, { to }] of renames.entries()) await link(temporary(index), 'name', to)
}

/** Names all ports as recorded, records new ones, and brings them up. */
export const namePorts = async ({
  stateDir,
  runDir,
  ip = ['/bin/busybox', 'ip'],
  describe = describePhysicalPort,
}: PortSite): Promise<NamedPorts> => {
  const path = join(stateDir, 'ports.json')
  const alarms: AlarmText[] = [...adoptAssigned(stateDir, runDir)]
  const before = await readRecorded(path, alarms)
  const [program, ...first] = ip
  const failures: string[] = []
  const link = async (...words: string[]): Promise<void> => {
    const command = [...first, 'link', 'set', 'dev', ...words]
    await promisify(execFile)(program, command, { timeout: 30_000 }).catch(error => {
      failures.push(`ip link set dev ${words.join(' ')}: ${error.stderr?.trim() || error.message}`)
    })
  }

  const names = interfaceNames()
  const present = names.flatMap(name => describe(name) ?? [])
  const ports = new Set(present.map(port => port.kernelName))
  const plan = planPorts(
    before.ports,
    present,
    names.filter(name => !ports.has(name)),
  )
  alarms.push(...plan.alarms)
  await applyRenames(plan.renames, link)
  const renamed = new Map(plan.renames.map(({ from, to }) => [from, to]))
  for (const { kernelName } of present) await link(renamed.get(kernelName) ?? kernelName, 'up')
  if (failures.length > 0) {
    const text = `A port could not be named or brought up: ${failures.join('; ')}`
    alarms.push({ reason: 'port-naming-failed', message: text })
  }

  const after = encodePorts(plan.recorded)
  if (after !== before.text) {
    await writeRecorded(path, after).catch(error => {
      const effect = 'the ports have their names, but the next boot may give others'
      const text = `${path} could not be written (${message(error)}): ${effect}.`
      alarms.push({ reason: 'ports-not-recorded', message: text })
    })
    alarms.push(...overtake(stateDir))
  }
  return { recorded: plan.recorded, alarms }
}
