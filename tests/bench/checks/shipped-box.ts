import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { seconds } from '../../../appliance/values/duration.ts'
import { childrenOf } from '../../lab/namespaces/children.ts'
import { Diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'

/** Where the outside has put what ships; inside of the kernel nothing can be written there. */
const folder = resolve(import.meta.dirname, '../../../build/bench/diarch')
const [configFile, stateDir, runDir] = ['/run/diarch.json', '/run/state', '/run/diarch']

/** `diarch run` from the bundles. */
export async function shippedBox(host: Host, cluster: object): Promise<Diarch> {
  await host.write(configFile, JSON.stringify({ schemaVersion: 2, cluster }))
  const folders = ['--config', configFile, '--state', stateDir, '--run', runDir]
  const args = [join(folder, 'cli.js'), 'run', ...folders, '--web-port', '0']
  const supervisor = await host.start(process.execPath, args)
  await supervisor.until(/director is running/, { within: seconds(60) })
  return new Diarch(host, supervisor)
}

/** The `diarch` command of the bundles. */
export async function command(box: Diarch, ...args: readonly string[]): Promise<void> {
  await box.host.must(process.execPath, [join(folder, 'cli.js'), ...args, '--run', runDir])
}

/** Null while it does not run. */
export function directorOf({ supervisor }: Diarch): number | null {
  const found = childrenOf(supervisor.pid).find(pid => commandOf(pid).includes('/director.js'))
  return found ?? null
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It ended while we were looking.
    return ''
  }
}
