import { join } from 'node:path'
import type { Command } from 'commander'
import { libDir } from '../../linux/lib-dir.ts'
import { readRelease } from '../../linux/release.ts'
import { examples } from '../examples.ts'

export function addVersion(diarch: Command): void {
  diarch
    .command('version')
    .description('which build this is')
    .addHelpText('after', examples('version'))
    .action(showVersion)
}

export function showVersion(): void {
  const { version, commit } = readRelease(join(libDir, 'release'))
  console.log(`diarch ${version} (${commit})`)
}
