import { createRequire } from 'node:module'
import { builtFile } from '../lib-dir.ts'

/** What addon.c offers. Each call throws an Error with `op`, `target` and `code`. */
export type Native = {
  readonly watchdogIdentity: (fd: number) => string
  /** Returns what the driver made of it: many know only some lengths. */
  readonly watchdogSetTimeout: (fd: number, seconds: number) => number
  readonly watchdogTimeout: (fd: number) => number
  readonly watchdogKeepAlive: (fd: number) => void
}

let loaded: Native | null = null

/** Loaded at the first use: most programs here never need it. */
export function native(): Native {
  loaded ??= createRequire(import.meta.url)(builtFile('native.node')) as Native
  return loaded
}
