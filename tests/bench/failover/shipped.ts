import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '../../../rootfs/bundle.ts'

/**
 * Makes the product as it lies on a box: the bundles, the addon, the launcher and the release file
 * in one folder. Returns that folder; `cli.js` in it is the `diarch` command.
 */
export async function shippedProduct(tree: string): Promise<string> {
  const folder = join(tree, 'build/bench/diarch')
  mkdirSync(folder, { recursive: true })
  await bundle(folder)
  execFileSync('bash', [join(tree, 'appliance/linux/native/build.sh'), folder])
  const { version } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8'))
  const built = Math.floor(Date.now() / 1000)
  writeFileSync(join(folder, 'release'), `VERSION=${version}\nCOMMIT=bench\nBUILT=${built}\n`)
  return folder
}
