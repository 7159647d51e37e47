import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mostMemory } from '../checks/process-figures.ts'
import { largeFile } from './large-file.ts'

export type Imports = {
  /** Milliseconds, of the whole process. */
  readonly own: readonly number[]
  readonly keepalived: readonly number[]
  /** Megabytes, at most. */
  readonly memory: readonly number[]
}

const rounds = 9

/** As rootfs/skeleton/usr/bin/diarch calls it. */
const boxFlags = ['--max-semi-space-size=4', '--initial-old-space-size=96']

/** `diarch import` of the bundles and `keepalived -t`, in turn, of the same file. */
export async function measureImports(product: string): Promise<Imports> {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-bench-config-'))
  try {
    const file = join(folder, 'keepalived.conf')
    writeFileSync(file, largeFile(1000, 10))
    const document = join(folder, 'document.json')
    const args = [join(product, 'cli.js'), 'import', file, '--output', document]
    const ours = [process.execPath, ...boxFlags, ...args] as const
    const theirs = ['keepalived', '-t', '-f', file] as const
    const samples = { own: [] as number[], keepalived: [] as number[], memory: [] as number[] }
    // The first one fills caches, on both sides.
    await runTimed(ours)
    await runTimed(theirs)
    for (let round = 0; round < rounds; round++) {
      samples.own.push(await runTimed(ours))
      samples.keepalived.push(await runTimed(theirs))
    }
    for (let round = 0; round < 3; round++) samples.memory.push(await memoryOf(ours))
    return samples
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function runTimed([program, ...args]: readonly [string, ...string[]]): Promise<number> {
  const began = performance.now()
  const child = spawn(program, args, { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`)
  return performance.now() - began
}

/** Looks every 2 ms until it has ended. */
async function memoryOf([program, ...args]: readonly [string, ...string[]]): Promise<number> {
  const child = spawn(program, args, { stdio: 'ignore' })
  let most = 0
  const look = setInterval(() => {
    try {
      most = Math.max(most, mostMemory(child.pid ?? 0))
    } catch {
      // It is ending.
    }
  }, 2)
  await once(child, 'exit')
  clearInterval(look)
  return most
}
