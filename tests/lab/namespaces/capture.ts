import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import type { Advert } from './advert.ts'
import { type Announcement, type Frame, type Packet, readFrame } from './frames.ts'
import type { Host } from './host.ts'
import { PcapReader } from './pcap.ts'
import type { Program } from './program.ts'

/** What is in a frame, with the time and the MAC addresses of the frame. */
export type Seen<P extends Packet> = P & Pick<Frame, 'time' | 'sourceMac' | 'destinationMac'>

/** A running tcpdump, and every frame that it has seen so far, parsed. */
export class Capture {
  readonly frames: Frame[] = []
  readonly #reader = new PcapReader()
  readonly #waiting = new Set<() => void>()
  #program: Program | null = null

  async start(host: Host, device: string, filter: string): Promise<void> {
    // -Z root: tcpdump would otherwise change its user, who may not exist where the test runs.
    const write = ['-U', '-w', '-', '--immediate-mode', '--time-stamp-precision=nano', '-Z', 'root']
    this.#program = await host.start('tcpdump', ['-n', '-i', device, ...write, filter], {
      onBytes: bytes => this.#take(bytes),
    })
    await this.#program.until(/listening on/)
  }

  #take(bytes: Buffer): void {
    this.frames.push(...this.#reader.take(bytes).map(readFrame))
    for (const check of this.#waiting) check()
  }

  #seen<K extends Packet['kind']>(kind: K): Seen<Extract<Packet, { kind: K }>>[] {
    return this.frames
      .filter(frame => frame.packet.kind === kind)
      .map(({ time, sourceMac, destinationMac, packet }) => {
        const extracted = packet as Extract<Packet, { kind: K }>
        return { ...extracted, time, sourceMac, destinationMac }
      })
  }

  adverts(): Seen<Advert>[] {
    return this.#seen('advert')
  }

  /** Gratuitous ARP and unsolicited neighbour advertisements. */
  announcements(): Seen<Announcement>[] {
    return this.#seen('announcement')
  }

  /** Waits until so many frames were seen, of whatever kind. */
  async untilFrames(count: number, within?: Duration): Promise<void> {
    const last = () => this.frames.slice(count - 1)
    await this.#until(`frame ${count}`, last, () => true, within)
  }

  /** Waits for an advert that was seen, or is going to be. */
  untilAdvert(wanted: (advert: Seen<Advert>) => boolean, within?: Duration): Promise<Seen<Advert>> {
    return this.#until('advert', () => this.adverts(), wanted, within)
  }

  untilAnnouncement(
    wanted: (announcement: Seen<Announcement>) => boolean,
    within?: Duration,
  ): Promise<Seen<Announcement>> {
    return this.#until('announcement', () => this.announcements(), wanted, within)
  }

  #until<T>(
    what: string,
    list: () => T[],
    wanted: (one: T) => boolean,
    within: Duration = seconds(20),
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = list().find(wanted)
        if (found === undefined) return
        this.#waiting.delete(check)
        clearTimeout(timer)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        const last = JSON.stringify(list().slice(-5), null, 1)
        reject(
          new Error(`no such ${what} in ${within / 1000} s: ${wanted}. The last ones: ${last}`),
        )
      }, within)
      this.#waiting.add(check)
      check()
    })
  }

  /** Ends the capture; the frames stay. */
  async stop(): Promise<void> {
    await this.#program?.stop()
  }
}

/** Starts a capture; frames sent after this has returned are seen. The filter is tcpdump's. */
export const capture = async (host: Host, device: string, filter = ''): Promise<Capture> => {
  const running = new Capture()
  await running.start(host, device, filter)
  return running
}
