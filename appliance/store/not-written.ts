import { getSystemErrorMessage } from 'node:util'
import { KernelError } from '../linux/kernel-error.ts'

/** What the writer is told: nothing is lost, and what to do about it. */
export function notWritten(
  folder: string,
  thrown: unknown,
  { op, outcome } = { op: 'store a revision', outcome: 'The configuration is as it was.' },
): KernelError {
  const { code, errno, message } = thrown as NodeJS.ErrnoException
  // A bug of ours, and no word of the kernel's.
  if (code === undefined || errno === undefined) throw thrown
  return new KernelError({
    op,
    target: folder,
    code,
    reason: getSystemErrorMessage(errno) ?? message,
    advice: `${outcome} ${advice[code] ?? 'Look at the disk.'}`,
  })
}

const room = 'Remove files there.'
const disk = 'Replace the disk, or flash the box again.'

const advice: Readonly<Record<string, string>> = {
  ENOSPC: room,
  EDQUOT: room,
  EROFS: disk,
  EIO: disk,
  EACCES: 'Give the folder to the user that Diarch runs as.',
}
