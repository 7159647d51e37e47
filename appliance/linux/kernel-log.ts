import { closeSync, constants, openSync, readSync } from 'node:fs'

const longestRecord = 8192
const mostRecords = 20_000

/** What the kernel still has of its log. Each read gives one record; none waits for another. */
export function readKernelLog(): string {
  const file = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK)
  const record = Buffer.alloc(longestRecord)
  const lines: string[] = []
  try {
    while (lines.length < mostRecords) {
      const length = readRecord(file, record)
      if (length === null) break
      if (length > 0) lines.push(record.toString('utf8', 0, length).trimEnd())
    }
  } finally {
    closeSync(file)
  }
  return lines.join('\n')
}

/** Null: there is no more. 0: one that newer ones have pushed out meanwhile. */
function readRecord(file: number, into: Buffer): number | null {
  try {
    return readSync(file, into)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return 0
    if (code === 'EAGAIN') return null
    throw error
  }
}
