/** What ends a hang and what bounds memory: without them the box still runs, and says so. */

import { type ControlGroups, openControlGroups } from '../../linux/control-group.ts'
import { openWatchdog, type Watchdog } from '../../linux/watchdog.ts'
import { seconds } from '../../values/duration.ts'
import type { Settings } from '../settings.ts'

const watchdogLimit = seconds(30)

export function watchdogOf(
  { watchdog: device }: Settings,
  onMissing: (why: string) => void,
): Watchdog | null {
  if (device === null) return null
  try {
    // The first ping comes with the chain, which bears one that is refused.
    return openWatchdog(device, watchdogLimit)
  } catch (error) {
    onMissing(words(error))
    return null
  }
}

export function controlGroupsOf(
  { controlGroup: root }: Settings,
  onMissing: (message: string) => void,
): ControlGroups | null {
  if (root === null) return null
  try {
    return openControlGroups(root)
  } catch (error) {
    onMissing(`Children run without memory limits: ${words(error)}`)
    return null
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))
