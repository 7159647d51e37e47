import { open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Leaves the present time as the mtime of STATE/clock, for a box without a battery-backed clock:
 * early boot never sets the clock back before it. Called every 10 minutes and when the box stops.
 * Resolves to what went wrong, or null.
 */
export const rememberTime = async (stateDir: string): Promise<string | null> => {
  const path = join(stateDir, 'clock')
  try {
    const file = await open(path, 'a')
    try {
      const now = new Date()
      await file.utimes(now, now)
      await file.sync()
    } finally {
      await file.close()
    }
    return null
  } catch (error) {
    return `cannot keep the time in ${path}: ${(error as Error).message}`
  }
}
