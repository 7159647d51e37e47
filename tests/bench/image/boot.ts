import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from '../../../appliance/values/duration.ts'
import { copyDisk } from '../../lab/vm/disk.ts'
import { startVm, type Vm, type VmOptions } from '../../lab/vm/vm.ts'
import { Scope } from '../scope.ts'

/** A box that has not answered after so long does not boot. */
export const bootLimit = seconds(180)

export type Booted = { readonly seconds: number; readonly vm: Vm }

/** Switches on a copy of a disk and measures until its page comes, whole, with status 200. */
export const bootToWeb = <T>(
  disk: string,
  options: VmOptions,
  look: (booted: Booted, copy: string) => Promise<T>,
): Promise<T> =>
  Scope.with(async scope => {
    const copy = copyDisk(scope, disk)
    const start = performance.now()
    const vm = await startVm(scope, { ...options, disk: copy, nics: [{ forwards: [443] }] })
    const answered = await firstAnswer(vm, start)
    return await look({ seconds: (answered - start) / 1000, vm }, copy.path)
  })

/**
 * QEMU accepts a connection before the box does and then tries to hand it on more and more rarely.
 * So a new one sets out every half second, whatever became of the ones before it.
 */
async function firstAnswer(vm: Vm, start: number): Promise<number> {
  const seen = { at: 0, last: 'nothing came back' }
  const ask = async () => {
    try {
      const { status } = await vm.ask('/', seconds(3))
      if (status === 200) seen.at ||= performance.now()
      else seen.last = `status ${status}`
    } catch (error) {
      seen.last = error instanceof Error ? error.message : String(error)
    }
  }
  while (performance.now() - start < bootLimit) {
    await Promise.race([ask(), wait(500)])
    if (seen.at > 0) return seen.at
    await wait(50)
  }
  const screen = vm.serial.screen().trim().split('\n').slice(-3).join(' | ')
  const limit = bootLimit / 1000
  throw new Error(`no page after ${limit} s (${seen.last}); the serial line shows: ${screen}`)
}
