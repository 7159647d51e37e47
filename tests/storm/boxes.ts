/** Two boxes from the image that have set themselves up as a pair, and what can be done to them. */

import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessStatus } from '../../appliance/status/document.ts'
import { type Duration, milliseconds, seconds } from '../../appliance/values/duration.ts'
import { password, shopLan } from '../image/pair-figures.ts'
import { RemoteBox } from '../image/remote-box.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { type Lab, openLab } from '../lab/namespaces/lab.ts'
import type { Link } from '../lab/namespaces/link.ts'
import type { Switch } from '../lab/namespaces/switch.ts'
import { copyDisk } from '../lab/vm/disk.ts'
import { RootShell } from '../lab/vm/root-shell.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { addRootShell, rewriteSlot } from '../lab/vm/slot.ts'
import { startVm, type Vm } from '../lab/vm/vm.ts'

const within = seconds(300)
const memoryMiB = 512

export class StormBox {
  readonly remote: RemoteBox
  readonly mac: string
  readonly #vm: Vm
  #shell: RootShell | null = null

  constructor(vm: Vm, remote: RemoteBox, mac: string) {
    this.#vm = vm
    this.remote = remote
    this.mac = mac
  }

  get screen(): string {
    return this.#vm.serial.screen()
  }

  get link(): Link {
    return this.#vm.link(0)
  }

  /** The cable, at the box: it loses its carrier. */
  async unplug(): Promise<void> {
    await this.#vm.qmp('set_link', { name: 'net0', up: false })
  }

  async plugIn(): Promise<void> {
    await this.#vm.qmp('set_link', { name: 'net0', up: true })
  }

  async powerOff(): Promise<void> {
    this.#shell = null
    await this.#vm.powerCut()
  }

  powerOn(): Promise<void> {
    return this.#vm.powerOn()
  }

  async standStill(): Promise<void> {
    await this.#vm.qmp('stop')
  }

  async goOn(): Promise<void> {
    await this.#vm.qmp('cont')
  }

  /** As somebody would who has got in: the process does not see it coming. */
  async kill(process: ProcessStatus['name']): Promise<void> {
    await this.run(
      process === 'supervisor'
        ? 'kill -9 $(cat /run/diarch/supervisor.pid)'
        : `until diarch status --json >/tmp/status 2>/dev/null; do sleep 1; done
           kill -9 $(tr -d ' \\n' </tmp/status |
           sed 's/.*"name":"${process}","state":[^}]*"pid":\\([0-9]*\\).*/\\1/')`,
    )
  }

  /** Its supervisor stands still: how long until the hardware watchdog has reset the box. */
  async hang(within: Duration): Promise<Duration> {
    const before = this.#vm.events.filter(({ event }) => event === 'WATCHDOG').length
    await this.run('kill -STOP $(cat /run/diarch/supervisor.pid)')
    const begun = performance.now()
    await this.#vm.untilEvent('WATCHDOG', within, before + 1)
    this.#shell = null
    return milliseconds(performance.now() - begun)
  }

  async fillDisk(): Promise<void> {
    await this.run(
      `free=$(df -k /state | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
       fallocate -l "\${free}k" /state/filling; cat /dev/zero >/state/filling2; true`,
    )
  }

  async emptyDisk(): Promise<void> {
    await this.run('rm -f /state/filling /state/filling2')
  }

  /** In a shell of root: what it said. */
  async run(command: string): Promise<string> {
    this.#shell ??= await RootShell.open(this.#vm.serialLine(1), within)
    // The terminal's answer to a question of the shell may still stand in its line.
    return await this.#shell.must(`\n${command.replaceAll(/\n\s*/g, '\n')}`, within)
  }
}

export type StormPair = {
  readonly lab: Lab
  readonly lan: Switch
  readonly boxes: readonly [StormBox, StormBox]
  readonly client: Host
}

export async function stormPair(t: TestContext, image: string): Promise<StormPair> {
  const lab = await openLab(t)
  const { lan, client } = await shopLan(lab)
  const disk = copyDisk(t, image)
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-a' }, addRootShell)
  const folder = scratchFolder(t)
  const code = String(randomInt(10 ** 8)).padStart(8, '0')
  const answers = [
    {
      box: 'first',
      hostname: 'lb1',
      address: '192.0.2.11/24',
      password,
      virtual: { address: '192.0.2.100/24', virtualRouterId: 51 },
      service: { port: 80, forwarding: 'direct', servers: ['192.0.2.21', '192.0.2.22'] },
      pairing: { code },
    },
    {
      box: 'second',
      hostname: 'lb2',
      address: '192.0.2.12/24',
      pairing: { code, peer: '192.0.2.11' },
    },
  ] as const
  const box = async (index: 0 | 1): Promise<StormBox> => {
    const mac = `52:54:00:00:51:0${index + 1}`
    const file = join(folder, `answers${index + 1}.json`)
    writeFileSync(file, JSON.stringify(answers[index]))
    const vm = await startVm(t, {
      disk: copyDisk(t, disk.path),
      memoryMiB,
      nics: [{ switch: lan, mac }],
      answers: file,
      serialLines: 2,
    })
    return new StormBox(vm, new RemoteBox(client, `192.0.2.1${index + 1}`), mac)
  }
  return { lab, lan, boxes: await Promise.all([box(0), box(1)]), client }
}
