import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { alertLogPath } from '../alerting/log-path.ts'

const mostLines = 1000
const mostBytes = 256 * 1024

/** The last lines of a channel of the kind `file`, oldest first. */
export async function readAlertLog(
  stateFolder: string,
  channel: string,
): Promise<readonly string[]> {
  const path = alertLogPath(stateFolder, channel)
  const newest = await endOf(path)
  const lines = newest.length < mostLines ? [...(await endOf(`${path}.1`)), ...newest] : newest
  return lines.slice(-mostLines)
}

/** `alerts` owns the folder: a link of its own making is not followed. */
async function endOf(path: string): Promise<readonly string[]> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags).catch(() => null)
  if (file === null) return []
  try {
    const stat = await file.stat()
    if (!stat.isFile()) return []
    const from = Math.max(0, stat.size - mostBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size - from), 0, null, from)
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    // What is cut is no line, at either end.
    return lines.slice(from === 0 ? 0 : 1, -1)
  } finally {
    await file.close()
  }
}
