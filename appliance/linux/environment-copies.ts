import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DecodedEnvironment,
  decodeEnvironment,
  type Environment,
  encodeEnvironment,
  environmentSize,
} from '../boot/environment.ts'

export type EnvironmentCopies = {
  readonly env1: DecodedEnvironment | { readonly ok: false; readonly reason: 'absent' }
  readonly env2: DecodedEnvironment | { readonly ok: false; readonly reason: 'absent' }
}

const pathOf = (espDir: string, name: keyof EnvironmentCopies): string => join(espDir, 'grub', name)

const readCopy = async (path: string): Promise<EnvironmentCopies['env1']> => {
  try {
    return decodeEnvironment(await readFile(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { ok: false, reason: 'absent' }
  }
}

export const readEnvironmentCopies = async (espDir: string): Promise<EnvironmentCopies> => ({
  env1: await readCopy(pathOf(espDir, 'env1')),
  env2: await readCopy(pathOf(espDir, 'env2')),
})

/** The copy that GRUB believes: the first one that can be read. */
export const believed = ({ env1, env2 }: EnvironmentCopies): Environment | null =>
  env1.ok ? env1.environment : env2.ok ? env2.environment : null

const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r')
  await directory.sync().finally(() => directory.close())
}

const writeBlock = async (file: FileHandle, block: Uint8Array): Promise<void> => {
  await file.write(block, 0, environmentSize, 0)
  await file.sync()
}

/** Null where there is no file of the right size to be written in place. */
const openInPlace = async (path: string): Promise<FileHandle | null> => {
  const file = await open(path, 'r+').catch(error => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!file || (await file.stat()).size === environmentSize) return file
  await file.close()
  return null
}

/**
 * In place, so that a power cut finds the old block or the new one: the file keeps its size and its
 * place on the disk, and the lines are within one sector. GRUB cannot write a file that moved under
 * it.
 */
const writeCopy = async (path: string, block: Uint8Array): Promise<void> => {
  const inPlace = await openInPlace(path)
  if (inPlace) {
    await writeBlock(inPlace, block).finally(() => inPlace.close())
  } else {
    const fresh = await open(`${path}.new`, 'w')
    await writeBlock(fresh, block).finally(() => fresh.close())
    await rename(`${path}.new`, path)
    await syncDirectory(join(path, '..'))
  }
  if (!(await readFile(path)).equals(block)) {
    throw new Error(`${path} does not read back as it was written: the boot disk is failing`)
  }
}

/** The second copy is not touched before the first is known to be good. */
export const writeEnvironmentCopies = async (
  espDir: string,
  environment: Environment,
): Promise<void> => {
  const block = encodeEnvironment(environment)
  await writeCopy(pathOf(espDir, 'env1'), block)
  await writeCopy(pathOf(espDir, 'env2'), block)
}
