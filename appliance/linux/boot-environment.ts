import { readFileSync, statSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { AlarmText } from '../boot/alarm-text.ts'
import { decodeEnvironment, type Environment, encodeEnvironment } from '../boot/environment.ts'
import { type BootFacts, bootFacts } from '../boot/kernel-command-line.ts'
import { slotAlarms } from '../boot/slot-alarms.ts'
import { slotStatus } from '../boot/slot-status.ts'
import { confirm, emptied, environmentOfRunning, installed, preferredSlot } from '../boot/slots.ts'
import type { RunningSlot, SlotName } from '../status/document.ts'
import {
  believed,
  type EnvironmentCopies,
  readEnvironmentCopies,
  writeEnvironmentCopies,
} from './environment-copies.ts'
import { type BootSite, boxSite, withEsp } from './esp.ts'

/**
 * The slot that runs, as GRUB chose it and as the health gate judged it. BOOT/environment is a copy
 * of what is on the ESP, so that nobody mounts the ESP to look.
 */

const readFacts = (site: BootSite): BootFacts | null =>
  bootFacts(readFileSync(site.commandLineFile, 'utf8'))

const copyOnTmpfs = (site: BootSite): string => join(site.bootDir, 'environment')

const knownEnvironment = (site: BootSite): { environment: Environment; since: Date } | null => {
  try {
    const decoded = decodeEnvironment(readFileSync(copyOnTmpfs(site)))
    const since = statSync(copyOnTmpfs(site)).mtime
    return decoded.ok ? { environment: decoded.environment, since } : null
  } catch {
    return null
  }
}

const keepKnown = async (site: BootSite, environment: Environment): Promise<void> => {
  const path = copyOnTmpfs(site)
  const block = encodeEnvironment(environment)
  const present = await readFile(path).catch(() => null)
  if (present?.equals(block)) return
  await writeFile(`${path}.new`, block)
  await rename(`${path}.new`, path)
}

/** Null where the software runs without the image. */
export const readSlotStatus = (site = boxSite): RunningSlot | null => {
  const facts = readFacts(site)
  if (!facts) return null
  const known = knownEnvironment(site)
  const booted = new Date(Date.now() - uptime() * 1000)
  return slotStatus(facts, known?.environment ?? null, (known?.since ?? booted).toISOString())
}

/** What stands as long as the box runs like this. `version` is the running one. */
export const readSlotAlarms = (version: string, site = boxSite): AlarmText[] => {
  const facts = readFacts(site)
  const known = facts && knownEnvironment(site)
  return facts && known ? slotAlarms(facts, known.environment, version) : []
}

const write = async (site: BootSite, environment: Environment): Promise<void> => {
  await withEsp(site, 'rw', directory => writeEnvironmentCopies(directory, environment))
  await keepKnown(site, environment)
}

const message = (error: unknown): string => (error instanceof Error ? error.message : `${error}`)

/** The box is healthy in the slot that runs. Resolves to an alarm when that cannot be written. */
export const confirmRunningSlot = async (site = boxSite): Promise<AlarmText[]> => {
  const facts = readFacts(site)
  if (!facts) return []
  try {
    const known = knownEnvironment(site)?.environment
    if (known && isDeepStrictEqual(known, confirm(known, facts.slot))) return []
    const copies = await withEsp(site, 'ro', readEnvironmentCopies)
    const present = believed(copies) ?? environmentOfRunning(facts.slot, facts.onTrial)
    await write(site, confirm(present, facts.slot))
    return []
  } catch (error) {
    const slot = facts.slot.toUpperCase()
    const what = `Slot ${slot} is healthy, but that could not be written to the boot disk`
    const advice = 'The next boots may go back to the other slot. Check the boot disk.'
    return [{ reason: 'slot-unconfirmed', message: `${what} (${message(error)}). ${advice}` }]
  }
}

const change = async (
  site: BootSite,
  next: (environment: Environment) => Environment,
): Promise<void> => {
  const copies = await withEsp(site, 'ro', readEnvironmentCopies)
  const present = believed(copies)
  if (present === null) throw new Error('both boot environments are damaged: restart the box')
  await write(site, next(present))
}

/** From now on nothing starts the slot, which somebody is about to write. */
export const emptySlot = (slot: SlotName, site = boxSite): Promise<void> =>
  change(site, environment => emptied(environment, slot))

/** The slot is whole: the next start tries it. */
export const installSlot = (slot: SlotName, site = boxSite): Promise<void> =>
  change(site, environment => installed(environment, slot))

/** The slot that the next start will try for the first time. */
export const waitingSlot = (site = boxSite): SlotName | null => {
  const environment = knownEnvironment(site)?.environment
  if (environment === undefined) return null
  const preferred = preferredSlot(environment)
  return environment[preferred] === '3' ? preferred : null
}

const damageOf = (copies: EnvironmentCopies): string[] =>
  Object.entries(copies).flatMap(([name, copy]) => (copy.ok ? [] : [`${name}: ${copy.reason}`]))

/**
 * Called once after boot. Makes the two copies equal and whole; a damaged one is an alarm, for
 * something else than us and GRUB wrote there, or the disk is failing.
 */
export const repairEnvironments = async (site = boxSite): Promise<AlarmText[]> => {
  const facts = readFacts(site)
  if (!facts) return []
  try {
    const copies = await withEsp(site, 'ro', readEnvironmentCopies)
    const whole = believed(copies)
    const environment = whole ?? environmentOfRunning(facts.slot, facts.onTrial)
    const damage = damageOf(copies)
    if (damage.length === 0 && isDeepStrictEqual(copies.env1, copies.env2)) {
      await keepKnown(site, environment)
      return []
    }
    await write(site, environment)
    if (damage.length === 0) return []
    const source = whole ? 'the other copy' : 'what runs now, because both were damaged'
    const advice = 'If this comes again, replace the boot disk.'
    const what = `The boot environment was damaged (${damage.join(', ')})`
    const text = `${what} and written anew from ${source}. ${advice}`
    return [{ reason: 'boot-environment-repaired', message: text }]
  } catch (error) {
    const advice = 'The slot for the next boot cannot be chosen or confirmed. Check the boot disk.'
    const text = `The boot environment cannot be read or written (${message(error)}). ${advice}`
    return [{ reason: 'boot-environment-unusable', message: text }]
  }
}
