import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { findAccelerator } from '../../../image/run/accelerator.ts'
import { findUefi } from '../../../image/run/firmware.ts'
import type { DiskBus, Machine, Nic } from '../../../image/run/machine.ts'
import { forwardedPorts, type QmpEvent } from '../../../image/run/qmp.ts'
import { gone, type Running, startQemu } from '../../../image/run/start.ts'
import { askWeb, type WebAnswer } from '../../../image/run/web.ts'
import type { Link } from '../namespaces/link.ts'
import type { Switch } from '../namespaces/switch.ts'
import type { VmDisk } from './disk.ts'
import { News } from './news.ts'
import { scratchFolder, type TestContext } from './scratch.ts'
import { patience, Serial } from './serial.ts'
import { TextScreen } from './text-screen.ts'

export type NicOptions = {
  readonly mac?: string
  readonly model?: Nic['model']
  /** Plugged into a switch of a lab. Without it: QEMU's own closed network. */
  readonly switch?: Switch
  /** Ports of the box that the test wants to reach through QEMU's network. */
  readonly forwards?: readonly number[]
}

export type VmOptions = {
  readonly disk?: VmDisk
  readonly kernel?: Machine['kernel']
  readonly firmware?: 'bios' | 'uefi'
  readonly bus?: DiskBus
  /** A file for every write to the disk: see write-log.ts. */
  readonly writeLog?: string
  readonly memoryMiB?: number
  readonly cpus?: number
  readonly nics?: readonly NicOptions[]
  /** A file with answers for the first start. */
  readonly answers?: string
  /** The image of a second disk. */
  readonly volume?: string
  readonly watchdog?: boolean
  readonly bmc?: boolean
  readonly clock?: string
  readonly serialLines?: number
}

/** A box in QEMU. Its disk, its UEFI variables and its cables stay over power cuts. */
export class Vm {
  readonly folder: string
  /** What QEMU reported since power-on: RESET, WATCHDOG, SHUTDOWN, ... */
  events: readonly QmpEvent[] = []
  #options: VmOptions
  #running: Running | null = null
  #serial: Serial[] = []
  readonly #links = new Map<number, Link>()
  readonly #news = new News()

  constructor(folder: string, options: VmOptions) {
    this.folder = folder
    this.#options = options
  }

  /** Switches the box on, from now on with the given changes to it. */
  async powerOn(changes: VmOptions = {}): Promise<void> {
    if (this.#running) throw new Error('this VM runs already: call powerCut() before powerOn()')
    this.#options = { ...this.#options, ...changes }
    const machine = await this.#machine()
    const ground = this.#options.nics?.find(nic => nic.switch)?.switch?.ground
    const running = await startQemu(machine, {
      survives: false,
      ...(ground && { networkOf: ground.pid }),
    })
    this.#running = running
    this.events = running.qmp.events
    running.qmp.onEvent = () => this.#news.tell()
    void running.qmp.closed.then(() => this.#news.tell())
    const lines = Array.from({ length: machine.serialLines }, (_, n) => n)
    this.#serial = await Promise.all(lines.map(n => Serial.connect(this.folder, n)))
    await running.qmp.execute('cont')
  }

  /** Pulls the plug: QEMU is killed, and what the box had not yet written is lost. */
  async powerCut(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#running = null
    running.process.kill('SIGKILL')
    await gone(running.process, seconds(20))
    await running.qmp.closed
    for (const serial of this.#serial) serial.close()
  }

  /** The reset button. */
  async reset(): Promise<void> {
    await this.qmp('system_reset')
  }

  /** A short press on the power button: the box is asked to shut down. */
  async powerButton(): Promise<void> {
    await this.qmp('system_powerdown')
  }

  async qmp(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return await this.#on.qmp.execute(command, args)
  }

  /** Presses keys together on the keyboard, named as QEMU does: `ret`, `ctrl`, `f2`, `a`. */
  async keys(...names: readonly string[]): Promise<void> {
    await this.#on.qmp.press(...names)
  }

  async screenshot(path: string): Promise<void> {
    await this.qmp('screendump', { filename: path, format: 'png' })
  }

  get textScreen(): TextScreen {
    return new TextScreen(this.#on.qmp, this.folder)
  }

  get serial(): Serial {
    return this.serialLine(0)
  }

  serialLine(number: number): Serial {
    const serial = this.#serial[number]
    if (!serial) throw new Error(`this VM has no serial line ${number}`)
    return serial
  }

  /** The cable of a NIC that is plugged into a switch. */
  link(nic: number): Link {
    const link = this.#links.get(nic)
    if (!link) throw new Error(`NIC ${nic} of this VM is not plugged into a switch`)
    return link
  }

  /** Waits for an event since power-on, or for the `nth` of its name. */
  async untilEvent(name: string, within: Duration = patience, nth = 1): Promise<QmpEvent> {
    const { events } = this.#on.qmp
    const find = () => {
      const found = events.filter(({ event }) => event === name)[nth - 1]
      if (found) return found
      if (this.#running?.qmp.events !== events) throw this.#without(name, 'until the power was cut')
      return null
    }
    const late = () => this.#without(name, `in ${within / 1000} s`)
    return await this.#news.until(find, within, late)
  }

  /** Asks the box's page through QEMU's network. */
  async ask(path: string, within?: Duration): Promise<WebAnswer> {
    return await askWeb(await this.webPort(), path, within)
  }

  /** Where 443 of the box is on this machine. */
  async webPort(): Promise<number> {
    const [port] = await forwardedPorts(this.#on.qmp, 443)
    if (port === undefined) throw new Error('no NIC of this VM forwards port 443')
    return port
  }

  /** Asks again and again until the box answers with 200. */
  async untilWeb(path: string, within: Duration = patience): Promise<WebAnswer> {
    const deadline = performance.now() + within
    let last = 'nothing'
    while (performance.now() < deadline) {
      try {
        const answer = await this.ask(path, seconds(20))
        if (answer.status === 200) return answer
        last = `${answer.status}: ${answer.body.slice(0, 300)}`
      } catch (error) {
        if (!this.#running) throw error
        last = error instanceof Error ? error.message : String(error)
      }
      await wait(200)
    }
    const screen = this.serial.screen()
    const log = this.serial.transcript.slice(-2000)
    throw new Error(`${path} did not answer with 200 in ${within / 1000} s (last: ${last}). Screen:
${screen}\n--- the last it said:\n${log}`)
  }

  get #on(): Running {
    if (!this.#running) throw new Error('this VM is switched off')
    return this.#running
  }

  #without(name: string, when: string): Error {
    const had = this.events.map(({ event, data }) => `${event} ${JSON.stringify(data)}`).join('\n')
    const said = this.#serial[0]?.transcript.slice(-2000)
    return new Error(`no ${name} ${when}. Events:\n${had}\n--- the last the box said:\n${said}`)
  }

  async #machine(): Promise<Machine> {
    const { disk, kernel, writeLog, nics = [{ forwards: [443] }] } = this.#options
    const { answers, volume } = this.#options
    if (writeLog !== undefined) writeFileSync(writeLog, '')
    const written = writeLog === undefined ? {} : { writeLog }
    return {
      accelerator: disk ? await findAccelerator(disk.path) : 'tcg',
      firmware: this.#options.firmware === 'uefi' ? this.#uefi() : { kind: 'bios' },
      disk: disk ? { path: disk.path, bus: this.#options.bus ?? 'virtio', ...written } : null,
      ...(kernel && { kernel }),
      ...(answers && { answers }),
      ...(volume && { volume }),
      memoryMiB: this.#options.memoryMiB ?? 256,
      cpus: this.#options.cpus ?? 1,
      nics: await Promise.all(nics.map((nic, index) => this.#nic(nic, index))),
      watchdog: this.#options.watchdog ?? true,
      ...(this.#options.bmc && { bmc: true }),
      ...(this.#options.clock && { clock: this.#options.clock }),
      folder: this.folder,
      serialLines: this.#options.serialLines ?? 1,
      startPaused: true,
    }
  }

  #uefi(): Machine['firmware'] {
    const { code, variables } = findUefi()
    const own = join(this.folder, 'uefi-variables')
    if (!existsSync(own)) copyFileSync(variables, own)
    return { kind: 'uefi', code, variables: own }
  }

  async #nic(options: NicOptions, index: number): Promise<Nic> {
    const { mac = `52:54:00:d1:a0:0${index}`, model = 'virtio-net-pci' } = options
    if (!options.switch) {
      const forwards = (options.forwards ?? []).map(to => ({ from: 0, to }))
      return { mac, model, net: { kind: 'user', forwards } }
    }
    const link = this.#links.get(index) ?? (await options.switch.tap(`tap${++taps}`))
    this.#links.set(index, link)
    return { mac, model, net: { kind: 'tap', device: link.name } }
  }
}

let taps = 0

/** A box that runs until the test ends. */
export const startVm = async (t: TestContext, options: VmOptions): Promise<Vm> => {
  // What is registered first is cleaned up first: QEMU ends before its folder goes.
  t.after(() => vm.powerCut())
  const vm = new Vm(scratchFolder(t), options)
  await vm.powerOn()
  return vm
}
