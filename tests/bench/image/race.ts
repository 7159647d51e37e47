import { copyFileSync, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { findAccelerator } from '../../../image/run/accelerator.ts'
import { scratchFolder } from '../../lab/vm/scratch.ts'
import type { VmOptions } from '../../lab/vm/vm.ts'
import { peerDisk } from '../peer/disk.ts'
import { attempt, type Case, compared } from '../report.ts'
import { Scope } from '../scope.ts'
import { say } from '../shown.ts'
import { bootToWeb } from './boot.ts'

export const raceBar = {
  name: 'power-on to web answering, SeaBIOS, virtio, 1 vCPU, 512 MB',
  unit: 's',
  bar: 0.6,
}

const machine: VmOptions = { memoryMiB: 512, cpus: 1, firmware: 'bios', bus: 'virtio' }

/** The image and the stock install in turn, so that a busy minute of the machine hits both. */
export function race(image: string, rounds: number, peerFolder: string): Promise<Case> {
  return attempt(raceBar, () =>
    Scope.with(async scope => {
      // The peer's disk has no slot to probe with, so both run on what suits the image.
      process.env.DIARCH_ACCEL = await findAccelerator(image)
      const own = join(scratchFolder(scope), 'settled.img')
      const disks = { diarch: await settle(image, own), peer: await settledPeer(peerFolder) }
      const times = { diarch: [] as number[], peer: [] as number[] }
      for (let round = 1; round <= rounds; round += 1) {
        for (const who of ['diarch', 'peer'] as const) {
          const taken = await bootToWeb(disks[who], machine, async ({ seconds }) => seconds)
          say(`== start ${round} of ${rounds}: ${who} ${taken.toFixed(1)} s`)
          times[who].push(taken)
        }
      }
      return compared(raceBar, times.diarch, 'Debian 13, keepalived, nodejs', times.peer)
    }),
  )
}

export async function settledPeer(folder: string): Promise<string> {
  const fresh = peerDisk(folder)
  const settled = fresh.replace(/\.img$/, '-settled.img')
  return existsSync(settled) ? settled : await settle(fresh, settled)
}

/** The first boot does what is done once (keys, ids, growing); it is not what the race is about. */
async function settle(disk: string, to: string): Promise<string> {
  say(`== first boot of ${disk}`)
  return await bootToWeb(disk, machine, async ({ seconds, vm }, copy) => {
    say(`   ${seconds.toFixed(1)} s`)
    await vm.powerButton()
    await vm.untilEvent('SHUTDOWN')
    await vm.powerCut()
    copyFileSync(copy, `${to}.unfinished`)
    renameSync(`${to}.unfinished`, to)
    return to
  })
}
