import { readdir, readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { AlarmText } from '../boot/alarm-text.ts'
import type { RecordedPort } from '../boot/port-plan.ts'
import { readSlotAlarms, readSlotStatus, repairEnvironments } from '../linux/boot-environment.ts'
import { namePorts } from '../linux/port-naming.ts'
import { readStorage } from '../linux/storage.ts'
import { interfaceNames, readMadePorts, readPorts } from '../linux/sysfs-ports.ts'
import type { RunningSlot, SeenPort, SeenStorage } from '../status/document.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { Settings } from './settings.ts'

/**
 * What the supervisor sees around it: ports, storage, slot, the alarms of early boot. A part that
 * cannot be read becomes an alarm, and what was last known stays.
 */
export class Surroundings {
  hostname = hostname()
  slot: RunningSlot | null = null
  storage: SeenStorage
  ports: readonly SeenPort[] = []
  /** Once is enough: what was last known stays. */
  looked = false
  /** What the configuration makes of ports: names, and kinds such as `bond`. */
  madePorts: () => ReadonlyMap<string, string> = () => new Map()

  readonly #settings: Settings
  readonly #version: string
  readonly #alarms: AlarmBook
  /** Which card has which name: of the image alone. */
  recorded: readonly RecordedPort[] = []
  #named: string | null = null
  #looking = false

  constructor(settings: Settings, version: string, alarms: AlarmBook) {
    this.#settings = settings
    this.#version = version
    this.#alarms = alarms
    const path = settings.stateDir
    this.storage = { state: 'disk', path, freeMiB: 0, totalMiB: 0, why: 'not looked at yet' }
  }

  /** Once after the start: what GRUB will read at the next boot is made whole. */
  async repair(): Promise<void> {
    if (!this.#settings.appliance) return
    await this.#part('boot-environment', repairEnvironments)
  }

  /** One look at a time: a disk that hangs must not gather a queue of them. */
  async look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      this.hostname = hostname()
      await this.#part('early-boot', () => this.#earlyBoot())
      await this.#part('ports', () => this.#lookAtPorts())
      await this.#part('slot', () => this.#lookAtSlot())
      await this.#part('storage', () => this.#lookAtStorage())
      await this.#part('configuration-file', () => lookAtFile(this.#settings.configFile))
      this.looked = true
    } finally {
      this.#looking = false
    }
  }

  async #part(name: string, work: () => Promise<readonly AlarmText[]>): Promise<void> {
    try {
      this.#alarms.set(name, await work())
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const message = `The supervisor cannot look at ${name}: ${why}`
      this.#alarms.set(name, [{ reason: 'unobserved', message }])
    }
  }

  async #earlyBoot(): Promise<AlarmText[]> {
    const directory = join(this.#settings.runDir, 'alarms')
    const reasons = await readdir(directory).catch(error => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return Promise.all(
      reasons.toSorted().map(async reason => {
        const message = (await readFile(join(directory, reason), 'utf8')).trim()
        return { reason, message }
      }),
    )
  }

  async #lookAtPorts(): Promise<readonly AlarmText[]> {
    const alarms = this.#settings.appliance ? await this.#nameNewPorts() : []
    this.ports = [...readPorts(this.recorded), ...readMadePorts(this.madePorts())]
    return alarms
  }

  #portAlarms: readonly AlarmText[] = []

  /** Also for a card that comes while the box runs. */
  async #nameNewPorts(): Promise<readonly AlarmText[]> {
    const present = () => interfaceNames().toSorted().join(' ')
    if (this.#named !== present()) {
      const { recorded, alarms } = await namePorts(this.#settings)
      this.recorded = recorded
      this.#portAlarms = alarms
      this.#named = present()
    }
    return this.#portAlarms
  }

  async #lookAtSlot(): Promise<readonly AlarmText[]> {
    if (!this.#settings.appliance) return []
    this.slot = readSlotStatus()
    return readSlotAlarms(this.#version)
  }

  async #lookAtStorage(): Promise<readonly AlarmText[]> {
    const { stateDir, runDir } = this.#settings
    const { storage, alarms } = await readStorage(stateDir, join(runDir, 'boot'))
    this.storage = storage
    return alarms
  }
}

/** It names programs that run as root: who writes it, is. */
async function lookAtFile(path: string | null): Promise<readonly AlarmText[]> {
  const found = path === null ? null : await stat(path).catch(() => null)
  if (found === null || (found.mode & 0o022) === 0) return []
  const [who, right] = (found.mode & 0o002) === 0 ? ['its group', 'g-w'] : ['everybody', 'go-w']
  if (who === 'its group' && (found.gid === 0 || process.getuid?.() !== 0)) return []
  const message =
    `${path} can be written by ${who}, and programs that it names run as root: ` +
    `chmod ${right} ${path}`
  return [{ reason: 'configuration-writable', message }]
}
