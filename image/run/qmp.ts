import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, seconds } from '../../appliance/values/duration.ts'

export type QmpEvent = {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

type Answer = { readonly return?: unknown; readonly error?: { class: string; desc: string } }
type Waiting = { resolve(value: unknown): void; reject(error: Error): void; command: string }

/** QEMU's control socket: commands as JSON lines, answered in order, and events in between. */
export class Qmp {
  /** Everything that has happened since the connection was made. */
  readonly events: QmpEvent[] = []
  readonly closed: Promise<void>
  onEvent: (event: QmpEvent) => void = () => {}
  readonly #socket: Socket
  readonly #waiting: Waiting[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    // A QEMU that is killed resets the connection; its end is told by `close` all the same.
    socket.on('error', () => {})
    this.closed = new Promise<void>(resolve => socket.on('close', () => resolve())).then(() => {
      for (const { reject, command } of this.#waiting.splice(0)) {
        reject(new Error(`QEMU ended before it answered ${command}`))
      }
    })
    let unread = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unread + text).split('\n')
      unread = lines.pop() ?? ''
      for (const line of lines) this.#take(JSON.parse(line))
    })
  }

  /** Connects to the socket that a starting QEMU makes. */
  static async connect(path: string, within: Duration = seconds(20)): Promise<Qmp> {
    const qmp = new Qmp(await connectWhenThere(path, within))
    await qmp.execute('qmp_capabilities')
    return qmp
  }

  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, command })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`)
    })
  }

  /** Presses keys together, named as QEMU does: `ret`, `ctrl`, `alt`, `f2`, `a`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.execute('send-key', { keys: keys.map(key => ({ type: 'qcode', data: key })) })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(message: Answer | QmpEvent | { QMP: unknown }): void {
    if ('QMP' in message) return
    if ('event' in message) {
      const event = { event: message.event, data: message.data ?? {} }
      this.events.push(event)
      this.onEvent(event)
      return
    }
    const waiting = this.#waiting.shift()
    if (!message.error) waiting?.resolve(message.return)
    else waiting?.reject(new Error(`QEMU refuses ${waiting.command}: ${message.error.desc}`))
  }
}

/** Connects to a Unix socket that another process is about to make. */
export const connectWhenThere = async (path: string, within: Duration): Promise<Socket> => {
  const deadline = performance.now() + within
  for (;;) {
    const socket = createConnection(path)
    try {
      await once(socket, 'connect')
      return socket
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      const early = code === 'ENOENT' || code === 'ECONNREFUSED'
      if (!early || performance.now() > deadline) throw error
      await wait(20)
    }
  }
}

/** The ports of this machine that lead to a port of the box, one for each forwarding network. */
export const forwardedPorts = async (qmp: Qmp, to: number): Promise<number[]> => {
  const table = await qmp.execute('human-monitor-command', { 'command-line': 'info usernet' })
  // TCP[HOST_FORWARD]  12  127.0.0.1 40213  10.0.2.15  443
  const row = /TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)/g
  const rows = [...String(table).matchAll(row)]
  return rows.filter(([, , port]) => Number(port) === to).map(([, port]) => Number(port))
}
