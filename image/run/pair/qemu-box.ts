import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Accelerator } from '../accelerator.ts'
import { copyWhole } from '../box.ts'
import type { Machine } from '../machine.ts'
import { SerialRecord } from '../progress.ts'
import { gone, type Running, startQemu } from '../start.ts'
import { type DemoBox, type Screen, starting } from './demo-box.ts'
import type { Network } from './network.ts'

// With services and somebody who logs in 256 MiB are too few.
const memoryMiB = 512
const diskMiB = 2048

export type QemuBoxOptions = {
  readonly name: string
  readonly address: string
  readonly mac: string
  readonly folder: string
  readonly image: string
  /** What its wizard would ask for. */
  readonly answers: object
  readonly accelerator: Accelerator
  readonly network: Network
}

/** A box from the image in QEMU, with one cable into the network of the demo. */
export class QemuBox implements DemoBox {
  readonly name: string
  readonly address: string
  readonly #options: QemuBoxOptions
  readonly #folder: string
  readonly #serial: SerialRecord
  #phase = starting
  #running: Running | null = null
  #paused = false

  private constructor(options: QemuBoxOptions) {
    this.name = options.name
    this.address = options.address
    this.#options = options
    this.#folder = join(options.folder, options.name)
    this.#serial = new SerialRecord(join(this.#folder, 'serial0.log'))
  }

  /** With a disk of its own, as new as the image. */
  static async make(options: QemuBoxOptions): Promise<QemuBox> {
    const box = new QemuBox(options)
    mkdirSync(box.#folder, { recursive: true })
    copyWhole(options.image, box.#disk)
    truncateSync(box.#disk, diskMiB * 1024 * 1024)
    writeFileSync(box.#answers, JSON.stringify(options.answers), { mode: 0o600 })
    await options.network.tap(options.name)
    return box
  }

  get #disk(): string {
    return join(this.#folder, 'disk.img')
  }

  get #answers(): string {
    return join(this.#folder, 'diarch-setup.json')
  }

  async role(): Promise<string> {
    if (!this.#running) return 'off'
    if (this.#paused) return 'paused'
    if (this.#running.process.exitCode !== null) return 'off'
    this.#phase = this.#serial.read().at(-1) ?? this.#phase
    const text = this.#serial.screen()
    const refused = /setup-refused[\s\S]*?(?=\n\n|$)/.exec(text)?.[0]
    if (refused !== undefined) throw new Error(`${this.name} refuses its answers: ${refused}`)
    return /\bVI_1\b.*?\b(MASTER|BACKUP|FAULT)\b/.exec(text)?.[1] ?? this.#phase
  }

  async powerOn(): Promise<void> {
    if (this.#running) throw new Error(`${this.name} is on`)
    this.#serial.clear()
    this.#phase = starting
    const { pid } = this.#options.network
    this.#running = await startQemu(this.#machine(), { survives: false, networkOf: pid })
  }

  async powerOff(): Promise<void> {
    const { process, qmp } = this.#on
    this.#running = null
    this.#paused = false
    process.kill('SIGKILL')
    await gone(process)
    qmp.close()
  }

  async setPlug(isIn: boolean): Promise<void> {
    await this.#on.qmp.execute('set_link', { name: 'net0', up: isIn })
  }

  async pause(): Promise<void> {
    await this.#on.qmp.execute('stop')
    this.#paused = true
  }

  async resume(): Promise<void> {
    await this.#on.qmp.execute('cont')
    this.#paused = false
  }

  screen(): Screen {
    if (!this.#running) throw new Error(`${this.name} is off`)
    return { kind: 'serial', socket: join(this.#folder, 'serial0.sock') }
  }

  lastWords(): string {
    return this.#serial.screen()
  }

  readonly screenshot = async (file: string): Promise<void> => {
    await this.#on.qmp.execute('screendump', { filename: file, format: 'png' })
  }

  get #on(): Running {
    if (!this.#running) throw new Error(`${this.name} is off`)
    return this.#running
  }

  #machine(): Machine {
    const { name, mac, accelerator } = this.#options
    return {
      accelerator,
      firmware: { kind: 'bios' },
      disk: { path: this.#disk, bus: 'virtio' },
      answers: this.#answers,
      memoryMiB,
      cpus: 1,
      nics: [{ mac, model: 'virtio-net-pci', net: { kind: 'tap', device: name } }],
      watchdog: true,
      folder: this.#folder,
      serialLines: 1,
      startPaused: false,
    }
  }
}
