import { setTimeout as wait } from 'node:timers/promises'
import { now } from '../../../appliance/linux/monotonic-clock.ts'
import { RawIpSocket } from '../../../appliance/linux/raw-ip-socket.ts'
import { type Family, ipAddress } from '../../../appliance/values/ip-address.ts'
import { asked, indexOf, tell } from './tell.ts'

/** Opens a socket; sends, or tells what it hears until SIGTERM. */

type Asked = {
  readonly interface: string
  readonly family: Family
  readonly groups?: readonly string[]
  readonly ttl?: number
  readonly leastTtl?: number
  /** Only numbers, for floods. */
  readonly counts?: boolean
  readonly send?: { readonly to: string; readonly from?: string; readonly count?: number }
}

const {
  interface: name,
  family,
  groups = [],
  ttl = 255,
  leastTtl = 1,
  counts,
  send,
} = asked<Asked>()
const socket = RawIpSocket.open({
  protocol: 112,
  interface: { name, index: indexOf(name) },
  family,
  groups: groups.map(ipAddress),
  ttl,
  leastTtl,
})
const encoder = new TextEncoder()
const decoder = new TextDecoder()

if (send === undefined) listen()
else await speak(send)

function listen(): void {
  let heard = 0
  let inOrder = true
  let longestWait = 0
  socket.onReadable(() => {
    socket.drain(({ payload, source, destination, ttl, arrived }) => {
      const text = decoder.decode(payload)
      inOrder &&= Number(text) === heard
      heard++
      longestWait = Math.max(longestWait, now() - arrived)
      if (!counts) tell({ text, source, destination, ttl })
    })
    if (counts) tell({ heard, inOrder, longestWait, lost: socket.lost() })
  })
  process.on('SIGTERM', () => {
    tell({ heard, lost: socket.lost(), refused: socket.refused() })
    socket.close()
    socket.close()
  })
  tell({ ready: true })
}

async function speak({ to, from, count = 1 }: NonNullable<Asked['send']>): Promise<void> {
  const outcomes = new Set<string>()
  for (let number = 0; number < count; number++) {
    const payload = encoder.encode(String(number))
    const source = from === undefined ? null : ipAddress(from)
    outcomes.add(socket.send(payload, ipAddress(to), source))
    // The queue between two namespaces holds 1,000 packets.
    if (number % 200 === 199) await wait(1)
  }
  socket.close()
  tell({ outcomes: [...outcomes] })
}
