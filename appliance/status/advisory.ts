/**
 * Alarms of what may be so for ever and hurts nobody yet: they stand where alarms stand, and are
 * told once. The box is well with them, and nobody is reminded.
 */
const reasons: ReadonlySet<string> = new Set(['watchdog-software'])

export const isAdvisory = (reason: string): boolean => reasons.has(reason)
