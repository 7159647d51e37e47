import type { Server } from 'node:http'
import { join } from 'node:path'
import type { AccessPart } from '../../config/parts.ts'
import { Access } from '../access/access.ts'
import { AuditLog } from '../access/audit-log.ts'
import { AccessGate } from '../access/gate.ts'
import type { Settings } from '../settings.ts'
import type { Control } from './control.ts'
import { controlApi } from './control-api.ts'
import { openControlSocket } from './control-socket.ts'
import { socketCaller } from './socket-caller.ts'

/** Sessions and tokens also end by themselves. */
const lookEvery = 5000

/**
 * The ways in to the control API: the socket of this box, whose users may do everything, the one
 * that `web` passes requests of the network on to, and the one of people at the consoles.
 */
export class Doors {
  readonly #access = new Access()
  readonly #gate = new AccessGate(this.#access)
  readonly #audit: AuditLog
  #servers: readonly Server[] = []
  #timer: NodeJS.Timeout | null = null

  readonly #runDir: string
  readonly #changesUser: boolean

  /**
   * `changesUser`: `web` runs as a user of its own. `onTrouble` hears why the record of what is
   * done cannot be kept; null: it can again.
   */
  constructor(
    { stateDir, runDir }: Pick<Settings, 'stateDir' | 'runDir'>,
    changesUser: boolean,
    onTrouble: (why: string | null) => void,
  ) {
    this.#runDir = runDir
    this.#changesUser = changesUser
    this.#audit = new AuditLog(stateDir, onTrouble)
  }

  configure(part: AccessPart): void {
    this.#access.configure(part)
    this.#gate.letGo()
  }

  async open(control: Omit<Control, 'access' | 'gate' | 'audit'>): Promise<void> {
    const parts = { access: this.#access, gate: this.#gate, audit: this.#audit }
    const whole: Control = { ...control, ...parts }
    const ofBox = await openControlSocket(
      join(this.#runDir, 'control.sock'),
      controlApi(whole, socketCaller),
      'diarch',
    )
    const ofWeb = await openControlSocket(
      join(this.#runDir, 'web.sock'),
      controlApi(whole, this.#gate.authenticate),
      this.#changesUser ? 'web' : null,
    )
    const ofConsole = await openControlSocket(
      join(this.#runDir, 'console.sock'),
      controlApi(whole, this.#gate.authenticateAtConsole),
      null,
    )
    this.#servers = [ofBox, ofWeb, ofConsole]
    this.#timer = setInterval(() => this.#gate.letGo(), lookEvery)
  }

  /** Without any there is nobody who could log in. */
  get hasUsers(): boolean {
    return this.#access.hasUsers
  }

  get areOpen(): boolean {
    return this.#servers.length > 0 && this.#servers.every(server => server.listening)
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    for (const server of this.#servers) {
      server.close()
      server.closeAllConnections()
    }
  }
}
