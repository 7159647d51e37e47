import type { RemoteInfo, Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { networkOf } from '../config/network.ts'
import { hasAgent, type SnmpConfig } from '../config/snmp-schema.ts'
import { now } from '../linux/monotonic-clock.ts'
import { allObjects } from '../mib/all-objects.ts'
import type { ObjectTree } from '../mib/object-tree.ts'
import type { Snapshot } from '../mib/snapshot.ts'
import type { FromSnmp } from '../mib/snmp-messages.ts'
import { type AgentFacts, noPackets } from '../mib/system-objects.ts'
import { parseIpAddress } from '../values/ip-address.ts'
import { type Admitted, admit, type Knowledge, mostBytes } from './admission.ts'
import { Doors } from './doors.ts'
import type { Engine } from './engine.ts'
import { usersOf } from './usm.ts'

/** So old may be what is told; of a large box it may be so many times older as it takes to make. */
const freshMs = 2000
const timesItTakes = 20
const stalestMs = 30_000
/** Whoever asks asks again after a second or so. */
const patienceMs = 3000
const mostWaiting = 128
const tellEveryMs = 5000

type Asked = {
  readonly request: Admitted & { kind: 'request' }
  readonly to: (bytes: Uint8Array) => void
}

/** Sockets, and how fresh what is told is: the supervisor is asked only when somebody asks us. */
export class Agent {
  readonly #say: (message: FromSnmp) => void
  readonly #engine: Engine
  readonly #counters = noPackets()
  readonly #doors: Doors
  #config: SnmpConfig | null = null
  #knowledge: Knowledge | null = null
  #tree: ObjectTree | null = null
  #takenAt = -Infinity
  #tookMs = 0
  #askedAt: number | null = null
  #waiting: Asked[] = []
  #patience: NodeJS.Timeout | null = null
  #listening: { readonly at: readonly string[]; readonly failures: readonly string[] }
  #since = new Date().toISOString()
  #told = ''

  constructor(engine: Engine, say: (message: FromSnmp) => void) {
    this.#engine = engine
    this.#say = say
    this.#listening = { at: [], failures: [] }
    this.#doors = new Doors({
      onPacket: (packet, from, socket) => this.#hear(packet, from, socket),
      onChange: (at, failures) => {
        this.#listening = { at, failures }
        this.#since = new Date().toISOString()
        this.#tell()
      },
    })
    setInterval(() => this.#tell(), tellEveryMs)
  }

  configure(config: SnmpConfig): void {
    this.#config = config
    this.#tree = null
    this.#knowledge = {
      users: usersOf(config, this.#engine.id),
      communities: Object.values(config.communities).map(({ secret }) => Buffer.from(secret)),
      engine: this.#engine,
      counters: this.#counters,
    }
    if (hasAgent(config)) this.#doors.listen(config.listen)
    else this.#doors.stop()
  }

  take(snapshot: Snapshot): void {
    this.#tree = allObjects(snapshot, this.#facts(), interfaceIndex)
    this.#takenAt = now()
    this.#tookMs = this.#takenAt - (this.#askedAt ?? this.#takenAt)
    this.#askedAt = null
    this.#answerAll()
  }

  stop(): void {
    this.#doors.stop()
  }

  #hear(packet: Uint8Array, from: RemoteInfo, socket: Socket): void {
    this.#counters.received += 1
    if (this.#knowledge === null) return
    if (!this.#mayAsk(from.address)) {
      this.#counters.otherNetwork += 1
      return
    }
    const admitted = admit(packet, this.#knowledge)
    if (admitted === null) return
    // What cannot be sent is lost, as any datagram may be.
    const to = (bytes: Uint8Array): void => {
      try {
        socket.send(bytes, from.port, from.address, () => undefined)
      } catch {
        // A question from port 0, or its address has gone meanwhile and the socket with it.
      }
    }
    if (admitted.kind === 'report') to(admitted.bytes)
    else this.#answer({ request: admitted, to })
  }

  #mayAsk(text: string): boolean {
    const networks = this.#config?.listen.networks ?? []
    if (networks.length === 0) return true
    const address = parseIpAddress(text.replace(/%.*$/, ''))
    return (
      address !== null &&
      networks.some(network => {
        const isSameFamily = network.address.includes(':') === address.includes(':')
        const own = isSameFamily ? networkOf({ address, length: network.length }) : null
        return own?.address === network.address
      })
    )
  }

  #answer(asked: Asked): void {
    const fresh = Math.min(stalestMs, Math.max(freshMs, timesItTakes * this.#tookMs))
    if (this.#tree !== null && now() - this.#takenAt < fresh) {
      this.#send(asked, this.#tree)
      return
    }
    if (this.#waiting.length >= mostWaiting) {
      this.#counters.tooMany += 1
      return
    }
    this.#waiting.push(asked)
    this.#patience ??= setTimeout(() => this.#answerAll(), patienceMs)
    if (this.#askedAt !== null && now() - this.#askedAt < patienceMs) return
    this.#askedAt = now()
    this.#say({ kind: 'want-snapshot' })
  }

  /** With what there is, when the supervisor did not answer in time. */
  #answerAll(): void {
    if (this.#patience !== null) clearTimeout(this.#patience)
    this.#patience = null
    const waiting = this.#waiting
    this.#waiting = []
    if (this.#tree === null) return
    for (const asked of waiting) this.#send(asked, this.#tree)
  }

  #send({ request, to }: Asked, tree: ObjectTree): void {
    this.#counters.answered += 1
    to(request.answer(tree))
  }

  #facts(): AgentFacts {
    return {
      contact: this.#config?.contact ?? '',
      location: this.#config?.location ?? '',
      engineId: this.#engine.id,
      boots: this.#engine.boots,
      upSeconds: () => this.#engine.seconds,
      counters: this.#counters,
      mostBytes,
    }
  }

  #tell(): void {
    if (this.#config === null) return
    const { at, failures } = this.#listening
    // Who had to ask for our id or our time first has been told.
    const {
      received: _all,
      answered,
      unknownEngine: _id,
      notInTime: _time,
      ...others
    } = this.#counters
    const refused = Object.fromEntries(Object.entries(others).filter(([, count]) => count > 0))
    const isFailing = at.length === 0 || failures.length > 0
    const whyNot = failures.length > 0 ? failures.join('; ') : 'there is no address to listen at'
    const status = {
      state: isFailing ? ('failing' as const) : ('listening' as const),
      since: this.#since,
      why: isFailing ? whyNot.slice(0, 1000) : 'it answers whoever may ask',
      at: at.slice(0, 1000),
      answered,
      refused,
    }
    const told = JSON.stringify(status)
    if (told === this.#told) return
    this.#told = told
    this.#say({ kind: 'snmp-status', status })
  }
}

/** Null: there is no such interface at this moment. */
function interfaceIndex(name: string): number | null {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8').trim())
  } catch {
    return null
  }
}
