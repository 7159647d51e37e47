import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Where the product's files are. On the image everything lies in one folder, and this module in
 * one of the bundles there or in a shared part of them in `chunks/`. In the source tree what is
 * built lies in `build/lib/`, and the programs run as they are.
 */
const inTree = import.meta.filename.endsWith('.ts')
const here = import.meta.dirname
const tree = join(here, '../..')
const bundles = basename(here) === 'chunks' ? dirname(here) : here

export const libDir = inTree ? join(tree, 'build/lib') : bundles

export type ProgramName =
  | 'supervisor'
  | 'vrrpd'
  | 'director'
  | 'scripts'
  | 'web'
  | 'pair'
  | 'alerts'
  | 'fence'
  | 'snmp'
  | 'console'
  | 'cli'

export const programFile = (name: ProgramName): string =>
  inTree ? join(tree, 'appliance', name, 'main.ts') : join(bundles, `${name}.js`)

/** Runs in a thread of the supervisor. */
export const conversionWorkerFile = inTree
  ? join(tree, 'appliance/supervisor/configuration/conversion-worker.ts')
  : join(bundles, 'conversion-worker.js')

/** A compiled part; says how to make it where it is missing. */
export function builtFile(name: 'native.node' | 'launch'): string {
  const path = join(libDir, name)
  if (existsSync(path)) return path
  const advice = inTree
    ? 'run "./build.sh" once, or "npm run native"'
    : 'the installation is incomplete: install it again'
  throw new Error(`${path} is missing: ${advice}`)
}
