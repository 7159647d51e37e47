import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { childrenOf } from './children.ts'
import { Host } from './host.ts'
import { Switch } from './switch.ts'

/** What the lab needs of the context that node:test gives to a test. */
export type TestContext = { after(clean: () => Promise<void>): void }

/**
 * The first process of a lab is PID 1 of a pid namespace of its own, and everything in the lab runs
 * below it. It ends when the pipe from the test is closed, however the test ended, and then the
 * kernel kills the rest. Namespaces have no names and files lie in private tmpfs mounts, so nothing
 * is left behind that a later run would have to sweep, and labs beside each other cannot collide.
 * It is bash because that also reaps orphans.
 */
const groundScript = `
  mount -t tmpfs -o mode=755 run /run && mount -t sysfs sys /sys &&
  for scope in all default; do echo 1 >/proc/sys/net/ipv6/conf/$scope/disable_ipv6 || exit; done &&
  ip link set lo up && echo ready && while read -r; do :; done`

// IPv6 addresses are usable at once; a test about duplicate address detection turns it on again.
const hostScript = `
  mount -t tmpfs -o mode=755 run /run && mount -t sysfs sys /sys && hostname "$1" &&
  for scope in all default; do echo 0 >/proc/sys/net/ipv6/conf/$scope/accept_dad || exit; done &&
  ip link set lo up && echo ready && exec sleep infinity`

/** Switches, hosts and links in namespaces, for as long as the test runs. */
export class Lab {
  /** Where the switches live. Programs that hold taps run here too. */
  readonly ground: Host
  readonly #process: ChildProcess

  constructor(ground: Host, process: ChildProcess) {
    this.ground = ground
    this.#process = process
  }

  switch(name: string): Promise<Switch> {
    return Switch.create(name, this.ground)
  }

  async host(name: string): Promise<Host> {
    const unshare = ['--net', '--mount', '--uts', '--propagation', 'private']
    const holder = await this.ground.start('unshare', [
      ...unshare,
      'sh',
      '-c',
      hostScript,
      'sh',
      name,
    ])
    await holder.until(/^ready$/m)
    return new Host(name, holder.pid)
  }

  /** Ends everything that runs in the lab and waits until it is gone. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.stdin?.end()
    await gone
  }
}

/** Opens a lab that closes after the test `t`; without `t` close it yourself. Needs root. */
export const openLab = async (t?: TestContext): Promise<Lab> => {
  if (process.getuid?.() !== 0) throw new Error('a lab makes namespaces: run this test as root')
  const unshare = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--uts']
  const first = spawn(
    'unshare',
    [...unshare, '--propagation', 'private', 'bash', '-c', groundScript],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  let said = ''
  first.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [ready] = await Promise.race([once(first.stdout, 'data'), once(first, 'close')])
  if (String(ready).trim() !== 'ready') throw new Error(`the lab cannot be opened: ${said.trim()}`)
  const [pid] = childrenOf(first.pid ?? 0)
  if (pid === undefined) throw new Error('the lab has ended while it was opened')
  const lab = new Lab(new Host('the lab', pid), first)
  t?.after(() => lab.close())
  return lab
}
