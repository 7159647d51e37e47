import { createHmac } from 'node:crypto'
import { type GuardConfig, isSerial, type SerialPath } from '../../guard/guard-config.ts'
import { lastSequence, markOf, type SaidRouter } from '../../guard/heartbeat.ts'
import { encodeHeartbeat, mostRouters } from '../../guard/heartbeat-codec.ts'
import { frame } from '../../guard/serial-frame.ts'
import { lineTime } from '../../guard/serial-pace.ts'
import { Interfaces } from '../../linux/interfaces.ts'
import { SerialPort } from '../../linux/serial-port.ts'
import { UdpSocket } from '../../linux/udp-socket.ts'
import type { GuardReport } from '../../status/guard-status.ts'
import { milliseconds } from '../../values/duration.ts'
import type { RouterConfig } from '../../vrrp/router-config.ts'

/**
 * vrrpd has died: over every path beside VRRP the other box hears that its routers lead no more, in
 * the last heartbeat of that boot.
 */
export function sayLastHeartbeat(
  config: GuardConfig,
  { boot, accepted }: GuardReport['session'],
  routers: readonly RouterConfig[],
  onFailure: (why: string) => void,
): void {
  if (config.paths.length === 0) return
  const fail = (error: unknown) => onFailure(error instanceof Error ? error.message : String(error))
  const interfaces = Interfaces.open(() => {})
  try {
    const packets = lastWords(config, boot, accepted, routers)
    for (const path of config.paths) {
      try {
        if (isSerial(path)) {
          saySerially(path, packets).catch(fail)
          continue
        }
        const { interface: name, source, peer, port } = path
        const on = interfaces.named(name)
        if (on === null) continue
        const socket = UdpSocket.open({ interface: on, source, peer, port })
        for (const packet of packets) socket.send(packet)
        socket.close()
      } catch (error) {
        fail(error)
      }
    }
  } finally {
    interfaces.close()
  }
}

/** The line is let go when it has carried them: to close it at once would drop them. */
async function saySerially(
  { serial, baud }: SerialPath,
  packets: readonly Uint8Array[],
): Promise<void> {
  const port = await SerialPort.open(serial, baud)
  for (const packet of packets) port.write(frame(packet))
  const sizes = packets.map(({ length }) => length)
  setTimeout(() => port.close(), 2 * lineTime(sizes, baud) + 50).unref()
}

function lastWords(
  { interval, missed, secret }: GuardConfig,
  boot: number,
  accepted: number,
  routers: readonly RouterConfig[],
): readonly Uint8Array[] {
  const said = routers.map(
    ({ name, vrid }): SaidRouter => ({
      mark: markOf(name, vrid),
      state: 'initialize',
      priority: 0,
      owns: false,
      age: milliseconds(0),
      address: null,
    }),
  )
  const count = Math.ceil(said.length / mostRouters)
  return Array.from({ length: count }, (_, index) => {
    const some = said.slice(index * mostRouters, (index + 1) * mostRouters)
    const sequence = lastSequence - (count - 1 - index)
    const known = { boot, sequence, accepted, candidate: 0, interval, missed, hears: false }
    return encodeHeartbeat({ ...known, routers: some }, secret, hmac)
  })
}

const hmac = (secret: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac('sha256', secret).update(message).digest()
