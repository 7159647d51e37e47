import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
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
  /** The disk of the box before, when one was made from another image. */
  readonly diskAside: string
  readonly serialSocket: string
  readonly serialLog: string
  readonly qmpSocket: string
  readonly #record: string
  readonly #origin: string
  readonly #variables: string

  constructor(folder: string) {
    this.folder = folder
    this.disk = join(folder, 'disk.img')
    this.diskAside = join(folder, 'disk-before.img')
    this.serialSocket = join(folder, 'serial0.sock')
    this.serialLog = join(folder, 'serial0.log')
    this.qmpSocket = join(folder, 'qmp.sock')
    this.#record = join(folder, 'box.json')
    this.#origin = join(folder, 'origin')
    this.#variables = join(folder, 'uefi-variables')
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

  /** The image that the stored box was made from, or null when none is stored. */
  storedFrom(): string | null {
    return existsSync(this.disk) ? (this.#originText().split('\n')[0] ?? '') : null
  }

  /**
   * Leaves the disk of the last run when it was made from the same image, else makes a new copy;
   * unless it is to be forgotten, the disk with what that box has stored is put aside.
   */
  prepareDisk(image: string, fresh: boolean): 'new' | 'stored' | 'put-aside' {
    const { size, mtimeMs } = statSync(image)
    const origin = `${image}\n${size}\n${mtimeMs}\n`
    const there = existsSync(this.disk)
    if (there && !fresh && this.#originText() === origin) return 'stored'
    mkdirSync(this.folder, { recursive: true })
    // Whole before anything of the stored box is touched; it may be the disk put aside that is
    // copied.
    const copy = `${this.disk}.new`
    copyWhole(image, copy)
    if (size < diskMiB * 1024 * 1024) truncateSync(copy, diskMiB * 1024 * 1024)
    if (there && !fresh) renameSync(this.disk, this.diskAside)
    else rmSync(this.disk, { force: true })
    rmSync(this.#variables, { force: true })
    writeFileSync(this.#origin, origin)
    renameSync(copy, this.disk)
    return there && !fresh ? 'put-aside' : 'new'
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
    if (!existsSync(this.#variables)) copyFileSync(variables, this.#variables)
    return { kind: 'uefi', code, variables: this.#variables }
  }

  #originText(): string {
    return existsSync(this.#origin) ? readFileSync(this.#origin, 'utf8') : ''
  }
}

export const copyWhole = (from: string, to: string): void => {
  const args = ['--sparse=always', '--reflink=auto', from, to]
  const { error, status, stderr } = spawnSync('cp', args, { encoding: 'utf8' })
  if (!error && status === 0) return
  rmSync(to, { force: true })
  throw new Error(
    `a new box cannot be made; what is stored is as it was. ${error?.message ?? stderr.trim()}`,
  )
}
