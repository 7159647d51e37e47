import type { Host } from '../../lab/namespaces/host.ts'
import { PcapReader } from '../../lab/namespaces/pcap.ts'

const [genericNetlink, firstFamily, request] = [16, 0x11, 0x01]
/** The header of a capture of netlink, of a message, and the place of its command. */
const [captureHeader, familyAt, commandAt] = [16, 14, 16]
/** linux/ip_vs.h: IPVS_CMD_GET_SERVICE, GET_DEST, GET_DAEMON, GET_CONFIG, GET_INFO. */
const reading = new Set([4, 8, 11, 13, 15])

/**
 * What is asked of the kernel's IPVS on a host, by whomever, as its netlink monitor sees it. Nobody
 * there speaks generic netlink to anything else but to its directory.
 */
export class IpvsRequests {
  reads = 0
  changes = 0

  static async on(host: Host): Promise<IpvsRequests> {
    const seen = new IpvsRequests()
    const reader = new PcapReader()
    await host.must('ip', ['link', 'add', 'nlmon0', 'type', 'nlmon'])
    await host.must('ip', ['link', 'set', 'nlmon0', 'up'])
    const write = ['-U', '-w', '-', '--immediate-mode', '--time-stamp-precision=nano', '-Z', 'root']
    const program = await host.start('tcpdump', ['-n', '-i', 'nlmon0', ...write], {
      onBytes: bytes => {
        for (const frame of reader.take(bytes)) seen.#take(frame.bytes)
      },
    })
    await program.until(/listening on/)
    return seen
  }

  #take(frame: Buffer): void {
    if (frame.readUInt16BE(familyAt) !== genericNetlink) return
    let rest = frame.subarray(captureHeader)
    while (rest.length > commandAt) {
      const length = rest.readUInt32LE(0)
      const [family, flags] = [rest.readUInt16LE(4), rest.readUInt16LE(6)]
      if (length < commandAt) return
      // Answers bear the same commands.
      if (family >= firstFamily && (flags & request) !== 0 && length > commandAt) {
        if (reading.has(rest.readUInt8(commandAt))) this.reads += 1
        else this.changes += 1
      }
      rest = rest.subarray((length + 3) & ~3)
    }
  }
}
