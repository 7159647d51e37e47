import type { Host } from '../../lab/namespaces/host.ts'
import { PcapReader } from '../../lab/namespaces/pcap.ts'
import { until } from '../../net/vrrp-network.ts'

/** linux/ip_vs.h, IPVS_CMD_*: those that change something. */
const commands = new Map([
  [1, 'add-service'],
  [2, 'change-service'],
  [3, 'remove-service'],
  [5, 'add-destination'],
  [6, 'change-destination'],
  [7, 'remove-destination'],
  [12, 'begin'],
  [16, 'end'],
  [17, 'flush'],
])

/** Before a netlink message in a capture (LINKTYPE_NETLINK). */
const headLength = 16
const netlinkGeneric = 16
/** NLM_F_REQUEST: the kernel's answers have the same commands. */
const request = 1
/** Of messages about families themselves; those of families are above. */
const controller = 16

/** What is asked of a host's IPVS table, as an interface of kind nlmon sees it. */
export class Operations {
  readonly #host: Host
  readonly #reader = new PcapReader()
  #seen: string[] = []

  private constructor(host: Host) {
    this.#host = host
  }

  static async of(host: Host): Promise<Operations> {
    const operations = new Operations(host)
    await host.must('ip', ['link', 'add', 'nlmon0', 'type', 'nlmon'])
    await host.must('ip', ['link', 'set', 'nlmon0', 'up'])
    const write = ['-U', '-w', '-', '--immediate-mode', '--time-stamp-precision=nano', '-Z', 'root']
    // Its ring has room for 8 packets of the usual length, and loses what comes on top.
    const room = ['-s', '8192', '-B', '8192']
    const tcpdump = await host.start('tcpdump', ['-n', '-i', 'nlmon0', ...room, ...write], {
      onBytes: bytes => {
        for (const frame of operations.#reader.take(bytes)) operations.#take(frame.bytes)
      },
    })
    await tcpdump.until(/listening on/)
    return operations
  }

  /**
   * Those while something is done. Before and after it others are sent, which nobody else sends:
   * timeouts that stay as they are, and counters set to 0. What was under way is seen by then.
   */
  async during(work: () => Promise<void>): Promise<readonly string[]> {
    this.#seen = []
    await this.#host.must('ipvsadm', ['--set', '0', '0', '0'])
    await until('the begin is seen', async () => this.#seen.includes('begin'))
    this.#seen = []
    await work()
    await this.#host.must('ipvsadm', ['-Z'])
    await until('the end is seen', async () => this.#seen.includes('end'))
    return this.#seen.filter(each => each !== 'begin' && each !== 'end')
  }

  #take(frame: Buffer): void {
    if (frame.readUInt16BE(14) !== netlinkGeneric) return
    for (let at = headLength; at + 20 <= frame.length; ) {
      const [length, type] = [frame.readUInt32LE(at), frame.readUInt16LE(at + 4)]
      const isAsked = type > controller && (frame.readUInt16LE(at + 6) & request) !== 0
      const command = commands.get(frame.readUInt8(at + 16))
      if (isAsked && command !== undefined) this.#seen.push(command)
      at += Math.max(16, (length + 3) & ~3)
    }
  }
}
