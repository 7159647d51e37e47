import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { Link, type PlugOptions } from './link.ts'
import { type Program, type StartOptions, startIn } from './program.ts'
import type { Switch } from './switch.ts'

export type Run = {
  readonly stdout: string
  readonly stderr: string
  /** null when a signal ended it. */
  readonly code: number | null
}

export type RunOptions = StartOptions & { readonly within?: Duration }

/**
 * A machine of the lab: its own network, host name, /run and /sys; files, users and clock are those
 * of the real one. Its processes have the pids of the lab, and /proc shows no others.
 */
export class Host {
  readonly name: string
  /** The process that holds the namespaces. */
  readonly pid: number

  constructor(name: string, pid: number) {
    this.name = name
    this.pid = pid
  }

  /** Starts a program that goes on running. The lab ends it at the latest. */
  start(command: string, args: readonly string[] = [], options?: StartOptions): Promise<Program> {
    return startIn(this, command, args, options)
  }

  /** Runs a command to its end, whatever its exit code. After `within` it is killed. */
  async run(
    command: string,
    args: readonly string[] = [],
    { within = seconds(60), ...options }: RunOptions = {},
  ): Promise<Run> {
    const program = await this.start(command, args, options)
    const timer = setTimeout(() => program.signal('SIGKILL'), within)
    const { code } = await program.closed
    clearTimeout(timer)
    return { stdout: program.stdout, stderr: program.stderr, code }
  }

  /** Runs a command that has to succeed, and returns what it printed. */
  async must(command: string, args: readonly string[] = [], options?: RunOptions) {
    const { code, stdout, stderr } = await this.run(command, args, options)
    if (code === 0) return stdout
    const line = [command, ...args].join(' ')
    throw new Error(`on ${this.name}: ${line} ended with ${code}: ${stderr.trim() || stdout}`)
  }

  /** Lays a cable from a new interface of this host to a switch. */
  plug(target: Switch, options: PlugOptions): Promise<Link> {
    return Link.between(this, target, options)
  }

  /** The addresses of an interface with their prefix lengths, as `ip` prints them. */
  async addresses(device: string): Promise<string[]> {
    const [found] = JSON.parse(await this.must('ip', ['-json', 'address', 'show', 'dev', device]))
    return found.addr_info.map((a: { local: string; prefixlen: number }) => {
      return `${a.local}/${a.prefixlen}`
    })
  }

  async mac(device: string): Promise<string> {
    return (await this.must('cat', [`/sys/class/net/${device}/address`])).trim()
  }

  async hasCarrier(device: string): Promise<boolean> {
    const { stdout } = await this.run('cat', [`/sys/class/net/${device}/carrier`])
    return stdout.trim() === '1'
  }

  /** Whether at least one of three pings is answered. */
  async pings(address: string): Promise<boolean> {
    return (await this.run('ping', ['-c3', '-i0.1', '-W1', address])).code === 0
  }

  /** Pings `count` times: how many were answered, and the mean round trip in milliseconds. */
  async ping(address: string, count: number): Promise<{ answered: number; roundTrip: number }> {
    const { stdout, stderr } = await this.run('ping', [
      '-q',
      `-c${count}`,
      '-i0.005',
      '-W1',
      address,
    ])
    const answered = /(\d+) received/.exec(stdout)?.[1]
    if (answered === undefined) throw new Error(`ping on ${this.name} failed: ${stderr || stdout}`)
    const roundTrip = /= [\d.]+\/([\d.]+)\//.exec(stdout)?.[1]
    return { answered: Number(answered), roundTrip: Number(roundTrip ?? Number.NaN) }
  }

  /** Where a path of this host is found from outside. Use it for files in its private /run. */
  path(path: string): string {
    return join(`/proc/${this.pid}/root`, path)
  }

  /** Writes a file into the host, most sensibly below /run, where it vanishes with the lab. */
  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true })
    await writeFile(this.path(path), text)
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8')
  }
}
