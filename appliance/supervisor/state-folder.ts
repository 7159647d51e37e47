import { chmodSync } from 'node:fs'
import { lockFolder } from '../linux/folder-lock.ts'

/** Two supervisors would overwrite what the other one keeps. Holds it until this process ends. */
export function holdStateFolder(path: string): void {
  if (lockFolder(path)) return
  const advice = 'stop it, or use another folder with --state'
  throw new Error(`another supervisor keeps its state in ${path}: ${advice}`)
}

/** Passwords stand in clear in what somebody has written; `web` and others run on this box too. */
export function closeToOthers(path: string): void {
  try {
    chmodSync(path, 0o600)
  } catch {
    // There is none, or the disk cannot be written.
  }
}
