import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, closeSync, constants, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Duration } from '../../appliance/values/duration.ts'
import { type Machine, qemu, qemuArguments } from './machine.ts'
import { Qmp } from './qmp.ts'

export type Running = { readonly process: ChildProcess; readonly qmp: Qmp }

export type StartOptions = {
  /** Goes on running when this process ends; otherwise it is killed with it, however it ends. */
  readonly survives: boolean
  /** Runs QEMU in the network of this process: where its taps are. */
  readonly networkOf?: number
}

/** Starts QEMU and connects to its control socket. What QEMU says goes to `qemu.log`. */
export const startQemu = async (machine: Machine, options: StartOptions): Promise<Running> => {
  const { survives, networkOf } = options
  needProgram(qemu, 'qemu-system-x86')
  prepareSockets(machine)
  const enter = networkOf === undefined ? [] : ['nsenter', `--net=/proc/${networkOf}/ns/net`]
  const tie = survives ? [] : ['setpriv', '--pdeathsig', 'KILL']
  const [program = qemu, ...args] = [...enter, ...tie, qemu, ...qemuArguments(machine)]

  const log = join(machine.folder, 'qemu.log')
  const output = openSync(log, 'w')
  // A process group of its own: Ctrl-C at the terminal is not meant for the box.
  const child = spawn(program, args, { stdio: ['ignore', output, output], detached: true })
  closeSync(output)
  const failed = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => {
    throw new Error(`${qemu} ended at once: ${readFileSync(log, 'utf8').trim()}`)
  })
  try {
    const qmp = await Promise.race([Qmp.connect(join(machine.folder, 'qmp.sock')), failed])
    return { process: child, qmp }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    // From now on its end is for those to notice who hold the process.
    failed.catch(() => {})
  }
}

export const needProgram = (name: string, debianPackage: string): void => {
  const folders = (process.env.PATH ?? '').split(':')
  const there = folders.some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (!there) throw new Error(`${name} is not installed: apt install ${debianPackage}`)
}

const prepareSockets = (machine: Machine): void => {
  const serial = Array.from({ length: machine.serialLines }, (_, n) => `serial${n}.sock`)
  for (const name of ['qmp.sock', ...serial]) {
    const path = join(machine.folder, name)
    // sockaddr_un holds 108 bytes with the closing zero.
    if (Buffer.byteLength(path) > 107) {
      throw new Error(`${path} is too long for a socket: start the box from a shorter folder`)
    }
    // One of an earlier run would be connected to before QEMU has made its own.
    rmSync(path, { force: true })
  }
}

/** Waits until the process has ended. */
export const gone = async (child: ChildProcess, within?: Duration): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  await once(child, 'exit', within === undefined ? {} : { signal: AbortSignal.timeout(within) })
}
