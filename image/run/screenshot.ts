import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from './box.ts'
import { Qmp } from './qmp.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is none',
  EISDIR: 'that is a folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
}

/** Writes what the screen of a running box shows, as PNG. */
export const writeScreenshot = async (box: Box, file: string): Promise<void> => {
  // QEMU writes where it can for certain; the last step is ours, with a reason when it fails.
  const picture = join(box.folder, 'screen.png')
  const qmp = await Qmp.connect(box.qmpSocket)
  try {
    await qmp.execute('screendump', { filename: picture, format: 'png' })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`no picture of the screen could be made in ${box.folder}. ${words}`)
  } finally {
    qmp.close()
  }
  try {
    copyFileSync(picture, file)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new Error(
      `the picture of the screen cannot be written to ${file}: ${reasons[code] ?? message}. ` +
        'Name another file with --screenshot FILE',
    )
  }
}
