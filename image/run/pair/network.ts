import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { gone } from '../start.ts'

const execute = promisify(execFile)

// `ip netns` keeps its names in /run, which is a private one here: nobody outside sees them, and
// nobody has to remove them.
const groundScript = `
  mount -t tmpfs -o mode=755 run /run &&
  echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 &&
  ip link add lan type bridge forward_delay 0 mcast_snooping 0 &&
  ip link set lan up && ip link set lo up && echo ready && while read -r _; do :; done`

/**
 * A switch, and machines with a cable to it, in namespaces: nothing of it is in the network of this
 * machine. They live as long as the shell that made them, which waits for the end of a pipe from
 * here, and that comes however this process ends.
 */
export class Network {
  /** Whose network has the switch and the taps. */
  readonly pid: number
  readonly #ground: ChildProcess

  private constructor(ground: ChildProcess) {
    this.#ground = ground
    this.pid = ground.pid ?? 0
  }

  static async open(): Promise<Network> {
    const words = ['--net', '--mount', '--propagation', 'private', 'sh', '-c', groundScript]
    // Of a group of its own: Ctrl-C is for this process, which takes things down in order.
    const ground = spawn('unshare', words, { stdio: 'pipe', detached: true })
    let said = ''
    ground.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ready = ground.stdout ? once(ground.stdout, 'data') : Promise.resolve([])
    const [first] = await Promise.race([ready, once(ground, 'close')])
    if (String(first).trim() === 'ready') return new Network(ground)
    throw new Error(`no network of its own could be made for the demo: ${said.trim()}`)
  }

  /** Runs shell commands where the switch is, and the names of the machines are known. */
  async sh(script: string): Promise<string> {
    const into = ['--target', `${this.pid}`, '--net', '--mount', 'sh', '-ec', script]
    return (await execute('nsenter', into)).stdout
  }

  /** A machine with the card eth0 in the switch. */
  async machine(name: string, address: string): Promise<void> {
    await this.sh(`
      ip netns add ${name}
      ip link add ${name} type veth peer name eth0 netns ${name}
      ip link set ${name} master lan up
      ip -n ${name} link set lo up
      ip -n ${name} address add ${address} dev eth0
      ip -n ${name} link set eth0 up`)
  }

  /** A cable for a program that opens it by name. */
  async tap(name: string): Promise<void> {
    await this.sh(`ip tuntap add dev ${name} mode tap; ip link set ${name} master lan up`)
  }

  /** Starts a program on a machine. It is killed when this process ends, however that comes. */
  start(machine: string, words: readonly string[], options: SpawnOptions): ChildProcess {
    const space = `--net=/proc/${this.pid}/root/run/netns/${machine}`
    const child = spawn('nsenter', [space, 'setpriv', '--pdeathsig', 'KILL', ...words], {
      ...options,
      detached: true,
    })
    child.on('error', () => {})
    return child
  }

  async close(): Promise<void> {
    this.#ground.stdin?.end()
    await gone(this.#ground)
  }
}
