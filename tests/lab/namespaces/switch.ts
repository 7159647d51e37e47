import type { Host } from './host.ts'
import { Link } from './link.ts'

/** A learning switch that floods multicast: a bridge in the lab's own network namespace. */
export class Switch {
  readonly name: string
  /** The place where the bridge and the switch side of every cable live. */
  readonly ground: Host

  private constructor(name: string, ground: Host) {
    this.name = name
    this.ground = ground
  }

  static async create(name: string, ground: Host): Promise<Switch> {
    const bridge = ['type', 'bridge', 'forward_delay', '0', 'mcast_snooping', '0']
    await ground.must('ip', ['link', 'add', name, ...bridge])
    await ground.must('ip', ['link', 'set', name, 'up'])
    return new Switch(name, ground)
  }

  /**
   * A tap on this switch, for a program such as QEMU that opens it by name. The program has to run
   * in `ground`. Carrier cannot be cut from this side; everything else works as on other links.
   */
  tap(device: string): Promise<Link> {
    return Link.toTap(this, device)
  }
}
