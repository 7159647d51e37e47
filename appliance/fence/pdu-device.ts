import type { Socket } from 'node:dgram'
import type { EventEmitter } from 'node:events'
import { isIPv6 } from 'node:net'
import snmp from 'net-snmp'
import type { PduDevice } from '../config/fencing-schema.ts'
import type { PowerDevice, PowerState } from '../fencing/power-device.ts'
import { withoutBrackets } from '../values/host-name.ts'

/** A box with two power supplies is off when both outlets are. */
export function pduDevice(config: PduDevice): PowerDevice {
  const { outlets, states, on, off, server } = config
  return {
    async read() {
      const values = await withSession(config, session => get(session, states ?? outlets, server))
      return powerOf(values, { on, off, server })
    },
    async turn(to) {
      const value = to === 'off' ? off : on
      await withSession(config, session => set(session, outlets, value, server))
      return 'asked'
    },
  }
}

/** A value that is neither is told, and taken for on: only `off` proves anything. */
function powerOf(
  values: readonly number[],
  { on, off, server }: Pick<PduDevice, 'on' | 'off' | 'server'>,
): PowerState {
  const odd = values.find(value => value !== on && value !== off)
  if (odd !== undefined)
    throw new Error(`${server} says ${odd} of an outlet: on is ${on}, off ${off}`)
  return values.every(value => value === off) ? 'off' : 'on'
}

/** Of its own for each question: what a device forgets, or who restarts, is then no matter. */
async function withSession<T>(
  config: PduDevice,
  use: (session: snmp.Session) => Promise<T>,
): Promise<T> {
  const session = open(config)
  const { promise, reject } = Promise.withResolvers<never>()
  session.on('error', error => reject(new Error(`${config.server}: ${error.message}`)))
  try {
    return await Promise.race([use(session), promise])
  } finally {
    session.close()
  }
}

/** What comes in may be anything, and the library throws at some of it. */
function guarded(session: snmp.Session): snmp.Session {
  const { dgram, emit } = session as unknown as { readonly dgram: Socket } & EventEmitter
  const heard = dgram.listeners('message') as ((bytes: Buffer) => void)[]
  dgram.removeAllListeners('message')
  dgram.on('message', bytes => {
    try {
      for (const each of heard) each(bytes)
    } catch (error) {
      emit.call(session, 'error', error)
    }
  })
  return session
}

function open({ server: name, port, secret, login }: PduDevice): snmp.Session {
  const server = withoutBrackets(name)
  const transport: 'udp4' | 'udp6' = isIPv6(server) ? 'udp6' : 'udp4'
  const options = { port, transport, timeout: 1500, retries: 2, backoff: 1 }
  if (login === undefined) {
    const version = snmp.Version2c
    return guarded(snmp.createSession(server, secret ?? '', { ...options, version }))
  }
  const user: snmp.User = {
    name: login.user,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha,
    authKey: login.password,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: login.secret,
  }
  return guarded(snmp.createV3Session(server, user, { ...options, version: snmp.Version3 }))
}

const get = async (session: snmp.Session, oids: readonly string[], server: string) =>
  numbers(await answered(server, done => session.get([...oids], done)), server)

async function set(session: snmp.Session, oids: readonly string[], value: number, server: string) {
  const wanted = oids.map(oid => ({ oid, type: snmp.ObjectType.Integer, value }))
  numbers(await answered(server, done => session.set(wanted, done)), server)
}

type Done = (error: Error | null, varbinds?: snmp.Varbind[]) => void

const answered = (server: string, ask: (done: Done) => unknown): Promise<snmp.Varbind[]> =>
  new Promise((resolve, reject) => {
    ask((error, varbinds = []) => {
      if (error === null) resolve(varbinds)
      else reject(new Error(`${server}: ${error.message}`))
    })
  })

const numbers = (varbinds: readonly snmp.Varbind[], server: string): readonly number[] =>
  varbinds.map(varbind => {
    if (snmp.isVarbindError(varbind)) {
      throw new Error(`${server}: ${snmp.varbindError(varbind)}`)
    }
    const { value } = varbind
    if (typeof value === 'number' && Number.isInteger(value)) return value
    throw new Error(`${server}: ${varbind.oid} is no whole number`)
  })
