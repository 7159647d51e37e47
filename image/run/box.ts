import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Accelerator } from './accelerator.ts'
import { findUefi } from './firmware.ts'
import type { Firmware, Machine } from './machine.ts'

/** What is written down about a box that was started for a person. */
export type BoxRecord = {
  readonly pid: number
  readonly port: number
  readonly firmware: Firmware
  readonly image: string
}

// As large as a small real disk, so that the first boot grows the state partition as there.
const diskMiB = 4096

/** The folder of the one box that a person runs: its disk, its sockets, what it said. */
export class Box {
  readonly folder: string
  readonly disk: string
  readonly serialSocket: string
  readonly serialLog: string
  readonly qmpSocket: string
  readonly #record: string
  readonly #origin: string

  constructor(folder: string) {
    this.folder = folder
    this.disk = join(folder, 'disk.img')
    this.serialSocket = join(folder, 'serial0.sock')
    this.serialLog = join(folder, 'serial0.log')
    this.qmpSocket = join(folder, 'qmp.sock')
    this.#record = join(folder, 'box.json')
    this.#origin = join(folder, 'origin')
  }

  /** The box that runs now, or null. */
  running(): BoxRecord | null {
    if (!existsSync(this.#record)) return null
    const record = JSON.parse(readFileSync(this.#record, 'utf8')) as BoxRecord
    try {
      // The number may belong to another process by now.
      const commandLine = readFileSync(`/proc/${record.pid}/cmdline`, 'utf8')
      return commandLine.includes(this.folder) ? record : null
    } catch {
      return null
    }
  }

  started(record: BoxRecord): void {
    writeFileSync(this.#record, `${JSON.stringify(record, null, 2)}\n`)
  }

  /** True when the disk is a new copy; false when it is the one of the last run. */
  prepareDisk(image: string, fresh: boolean): boolean {
    const { size, mtimeMs } = statSync(image)
    const origin = `${image}\n${size}\n${mtimeMs}\n`
    const same = existsSync(this.#origin) && readFileSync(this.#origin, 'utf8') === origin
    if (same && !fresh && existsSync(this.disk)) return false
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
    execFileSync('cp', ['--sparse=always', '--reflink=auto', image, this.disk])
    if (size < diskMiB * 1024 * 1024) truncateSync(this.disk, diskMiB * 1024 * 1024)
    writeFileSync(this.#origin, origin)
    return true
  }

  machine(
    accelerator: Accelerator,
    options: { readonly firmware: Firmware; readonly memoryMiB: number; readonly port: number },
  ): Machine {
    rmSync(this.serialLog, { force: true })
    const forwards = [{ from: options.port, to: 443 }]
    return {
      accelerator,
      firmware: options.firmware === 'uefi' ? this.#uefi() : { kind: 'bios' },
      disk: { path: this.disk, bus: 'virtio' },
      memoryMiB: options.memoryMiB,
      cpus: 1,
      nics: [
        { mac: '52:54:00:d1:a0:01', model: 'virtio-net-pci', net: { kind: 'user', forwards } },
      ],
      watchdog: true,
      folder: this.folder,
      serialLines: 1,
      startPaused: false,
    }
  }

  #uefi(): Machine['firmware'] {
    const { code, variables } = findUefi()
    const own = join(this.folder, 'uefi-variables')
    if (!existsSync(own)) copyFileSync(variables, own)
    return { kind: 'uefi', code, variables: own }
  }
}
