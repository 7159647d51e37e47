import { type Duration, milliseconds } from '../../appliance/values/duration.ts'
import { type Capture, capture } from '../lab/namespaces/capture.ts'
import type { Host } from '../lab/namespaces/host.ts'
import type { Lab } from '../lab/namespaces/lab.ts'
import type { Program } from '../lab/namespaces/program.ts'
import { senderProgram } from '../lab/namespaces/programs.ts'
import type { Switch } from '../lab/namespaces/switch.ts'

/** What is shorter cannot be told from an answer that comes late. */
export const askedEvery: Duration = milliseconds(25)

/** Answers that are so near to each other are of a box that has had the address all the time. */
const together = 20 * askedEvery

type Span = { readonly from: number; to: number }

/**
 * Somebody who asks the whole network by ARP, all the time, who has the virtual address, and notes
 * which boxes answer: a kernel answers if and only if it has the address.
 */
export class Holders {
  readonly #asking: Program
  readonly #heard: Capture
  readonly #address: string

  private constructor(asking: Program, heard: Capture, address: string) {
    this.#asking = asking
    this.#heard = heard
    this.#address = address
  }

  static async watch(lab: Lab, lan: Switch, address: string): Promise<Holders> {
    const own = '192.0.2.3'
    const host = await lab.host('observer')
    await host.plug(lan, { name: 'eth0', address: `${own}/24` })
    const heard = await capture(host, 'eth0', 'arp[6:2] = 2')
    const question = await whoHas(host, own, address)
    const input = `1000000000 ${askedEvery * 1000} ${question.toString('hex')}\n`
    const asking = await host.start(await senderProgram(), ['eth0'], { input })
    return new Holders(asking, heard, address)
  }

  /** For how long two of them answered, in all. */
  both(since: number, until = Date.now()): Duration {
    const [one = [], two = []] = [...this.#spans(since, until).values()]
    const shared = one.flatMap(a => two.map(b => Math.min(a.to, b.to) - Math.max(a.from, b.from)))
    return milliseconds(shared.reduce((sum, length) => sum + Math.max(0, length), 0))
  }

  /** The hardware address of who has answered last. */
  get last(): string | null {
    return this.#answers().at(-1)?.senderMac ?? null
  }

  async stop(): Promise<void> {
    await this.#asking.kill()
    await this.#heard.stop()
  }

  #spans(since: number, until: number): ReadonlyMap<string, Span[]> {
    const spans = new Map<string, Span[]>()
    for (const { time, senderMac } of this.#answers()) {
      if (time < since || time > until) continue
      const known = spans.get(senderMac) ?? []
      const open = known.at(-1)
      if (open !== undefined && time - open.to <= together) open.to = time
      else known.push({ from: time, to: time })
      spans.set(senderMac, known)
    }
    return spans
  }

  #answers() {
    return this.#heard.frames.flatMap(({ time, packet }) => {
      const isAnswer = packet.kind === 'arp' && packet.sender === this.#address
      return isAnswer ? [{ time, senderMac: packet.senderMac }] : []
    })
  }
}

/** An ARP request to everybody. */
async function whoHas(host: Host, own: string, address: string): Promise<Buffer> {
  const mac = Buffer.from((await host.mac('eth0')).replaceAll(':', ''), 'hex')
  const [from, to] = [own, address].map(text => Buffer.from(text.split('.').map(Number)))
  const ethernet = Buffer.concat([Buffer.alloc(6, 255), mac, Buffer.from('0806', 'hex')])
  const request = Buffer.from('0001080006040001', 'hex')
  return Buffer.concat([ethernet, request, mac, from!, Buffer.alloc(6), to!])
}
