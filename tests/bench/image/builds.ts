import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, createReadStream, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { attempt, type Case, measured, notMeasured } from '../report.ts'
import { runShown, say } from '../shown.ts'

export const downloadBar = { name: 'download (best of .img.zst and .qcow2)', unit: 'MB', bar: 64 }
export const buildBar = { name: './build.sh from nothing', unit: 's', bar: 180 }
export const sameBar = { name: 'different images out of three builds', unit: '', bar: 1 }
export const fastBar = {
  name: './build.sh --fast after a change of TypeScript',
  unit: 's',
  bar: 20,
}

/** A clone of the last commit that has caches of its own, empty at the beginning. */
export class Clone {
  readonly folder: string
  readonly #env: NodeJS.ProcessEnv

  constructor(tree: string, folder: string) {
    this.folder = folder
    rmSync(folder, { recursive: true, force: true })
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', tree, this.tree])
    this.#env = { ...process.env, npm_config_cache: join(folder, 'npm') }
    // The clone finds its own Node; this one's node_modules must not be in its way.
    const path = (process.env.PATH ?? '').split(':')
    this.#env.PATH = path.filter(entry => !entry.includes('node_modules')).join(':')
  }

  get tree(): string {
    return join(this.folder, 'diarch')
  }

  get dist(): string {
    return join(this.tree, 'dist')
  }

  async build(...args: readonly string[]) {
    const command = ['./build.sh', ...args, '--cache', join(this.folder, 'cache')] as const
    say(`== ${command.join(' ')}`)
    return await runShown([...command], { cwd: this.tree, env: this.#env })
  }
}

/** In this order, because each needs what the one before has left behind. */
export async function buildsOf(clone: Clone): Promise<Case[]> {
  const build = await attempt(buildBar, async () =>
    measured(buildBar, [(await clone.build()).seconds]),
  )
  if ('why' in build) {
    const why = 'the build from nothing failed'
    return [build, notMeasured(sameBar, why), notMeasured(fastBar, why)]
  }
  return [build, await sameBytes(clone), await fastBuilds(clone)]
}

function sameBytes(clone: Clone): Promise<Case> {
  return attempt(sameBar, async () => {
    const digests = new Set([await sha256(imageIn(clone.dist))])
    const { output } = await clone.build('reproduce')
    const told = [...output.matchAll(/^build \d +([0-9a-f]{64})$/gm)].map(([, digest]) => digest)
    if (told.length !== 2) throw new Error('./build.sh reproduce did not name two sha256')
    for (const digest of told) digests.add(digest ?? '')
    return measured(sameBar, [digests.size])
  })
}

function fastBuilds(clone: Clone): Promise<Case> {
  return attempt(fastBar, async () => {
    await clone.build('--fast', '--out', 'dist-fast')
    const times: number[] = []
    for (const round of [1, 2, 3]) {
      const file = join(clone.tree, 'appliance/console/main.ts')
      appendFileSync(file, `\nprocess.title = 'console ${round}'\n`)
      times.push((await clone.build('--fast', '--out', 'dist-fast')).seconds)
    }
    return measured(fastBar, times)
  })
}

/** MB is 1,000,000 bytes. */
export function downloadOf(dist: string): Promise<Case> {
  return attempt(downloadBar, async () => {
    const sizes = readdirSync(dist)
      .filter(name => /\.(img\.zst|qcow2)$/.test(name))
      .map(name => statSync(join(dist, name)).size / 1_000_000)
    if (sizes.length === 0) throw new Error(`no .img.zst and no .qcow2 in ${dist}: run ./build.sh`)
    return measured(downloadBar, [Math.min(...sizes)])
  })
}

/** The newest disk image of a folder. */
export function imageIn(dist: string): string {
  const images = readdirSync(dist)
    .filter(name => /^diarch-.*\.img$/.test(name))
    .map(name => join(dist, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  if (!images[0]) throw new Error(`no diarch-*.img in ${dist}: run ./build.sh first`)
  return images[0]
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
