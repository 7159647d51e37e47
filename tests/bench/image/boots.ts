import { seconds } from '../../../appliance/values/duration.ts'
import type { VmOptions } from '../../lab/vm/vm.ts'
import { attempt, type Case, measured } from '../report.ts'
import { say } from '../shown.ts'
import { bootLimit, bootToWeb } from './boot.ts'

const firmwares = [
  ['SeaBIOS', 'bios'],
  ['OVMF', 'uefi'],
] as const
const buses = ['virtio', 'sata', 'nvme'] as const

const bootBar = (name: string) => ({ name, unit: 's', bar: bootLimit / 1000 })
const memoryBar = { name: 'memory used after boot, page cache aside', unit: 'MiB', bar: 160 }

/** The first boot of each kind of machine, with 256 MB. */
export async function bootsOn(image: string): Promise<Case[]> {
  const cases: Case[] = []
  for (const [firmwareName, firmware] of firmwares) {
    for (const bus of buses) {
      const bar = bootBar(`boots with ${firmwareName} from ${bus} in 256 MB`)
      say(`== ${bar.name}`)
      const options: VmOptions = { firmware, bus, memoryMiB: 256 }
      const boot = () => bootToWeb(image, options, async ({ seconds }) => seconds)
      cases.push(await attempt(bar, async () => measured(bar, [await boot()])))
    }
  }
  return cases
}

/** As the box itself tells on its console, long enough after boot that everything runs. */
export function memoryOf(image: string): Promise<Case> {
  say(`== ${memoryBar.name}`)
  return attempt(memoryBar, () =>
    bootToWeb(image, { memoryMiB: 512 }, async ({ vm }) => {
      const [, used] = await vm.serial.untilScreen(/Memory +(\d+) of \d+ MiB/, seconds(60))
      return measured(memoryBar, [Number(used)])
    }),
  )
}

export const bootCases = [
  ...firmwares.flatMap(([name]) =>
    buses.map(bus => bootBar(`boots with ${name} from ${bus} in 256 MB`)),
  ),
  memoryBar,
]
