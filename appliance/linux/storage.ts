import { constants } from 'node:fs'
import { access, readdir, readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlarmText } from '../boot/alarm-text.ts'
import type { SeenStorage, StorageStatus } from '../status/document.ts'

export type StorageReport = {
  readonly storage: SeenStorage
  readonly alarms: readonly AlarmText[]
}

const fullBelow = 0.05
const mebibytes = (blocks: number, blockSize: number): number =>
  Math.floor((blocks * blockSize) / 2 ** 20)

/** Early boot leaves one word; without the image there is none, and the folder is on a disk. */
const wordOfEarlyBoot = async (bootDir: string): Promise<string> => {
  const word = await readFile(join(bootDir, 'storage'), 'utf8').catch(() => 'disk')
  return word.trim()
}

/** `read-only` also where the kernel has made it so after an error. Space does not matter here. */
const refusesWrites = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => false,
    error => error.code === 'EROFS',
  )

/** Early boot knows better why a partition could not be used, and says so by its own alarm. */
const knownSinceBoot = async (bootDir: string): Promise<boolean> => {
  const reasons: string[] = await readdir(join(bootDir, '../alarms')).catch(() => [])
  return ['state-missing', 'state-corrupt', 'state-read-only'].some(r => reasons.includes(r))
}

const advice = 'Replace the disk, or flash the box again.'

const describe = (state: StorageStatus['state'], path: string): string => {
  switch (state) {
    case 'memory':
      return `The state partition could not be used: what is kept in ${path} is lost at power-off`
    case 'read-only':
      return `${path} can be read but not written: changes are lost at power-off`
    case 'disk':
      return `${path} is kept on disk`
  }
}

export const readStorage = async (
  stateDir = '/state',
  bootDir = '/run/diarch/boot',
): Promise<StorageReport> => {
  const word = await wordOfEarlyBoot(bootDir)
  const state =
    word === 'memory'
      ? 'memory'
      : word === 'read-only' || (await refusesWrites(stateDir))
        ? 'read-only'
        : 'disk'
  const { blocks, bavail, bsize } = await statfs(stateDir)
  const storage = {
    state,
    path: stateDir,
    freeMiB: mebibytes(bavail, bsize),
    totalMiB: mebibytes(blocks, bsize),
    why: describe(state, stateDir),
  } as const

  const alarms: AlarmText[] = []
  if (state !== 'disk' && !(await knownSinceBoot(bootDir))) {
    alarms.push({ reason: `storage-${state}`, message: `${storage.why}. ${advice}` })
  }
  if (bavail < blocks * fullBelow) {
    const left = `${storage.freeMiB} of ${storage.totalMiB} MiB`
    alarms.push({
      reason: 'storage-full',
      message: `Only ${left} are free in ${stateDir}: changes may be lost. Remove files there.`,
    })
  }
  return { storage, alarms }
}
