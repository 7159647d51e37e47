import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Host } from '../lab/namespaces/host.ts'
import type { Program } from '../lab/namespaces/program.ts'

const here = import.meta.dirname
execFileSync('bash', [join(here, '../../appliance/linux/native/build.sh')], { stdio: 'inherit' })

/** Starts a program of tests/net/inside/ on a host. It tells what it sees, a line of JSON each. */
export const startInside = (host: Host, name: string, args: unknown = {}): Promise<Program> =>
  host.start(process.execPath, [join(here, 'inside', `${name}.ts`), JSON.stringify(args)])

/** Runs one that ends by itself, and returns what it told last. */
export async function runInside<T>(host: Host, name: string, args: unknown = {}): Promise<T> {
  const program = await startInside(host, name, args)
  const { code } = await program.closed
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${program.output}`)
  return told<T>(program).at(-1)!
}

/** What it has told so far. */
export const told = <T>(program: Program): readonly T[] =>
  program.stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))

/** Waits until it has told something that fits. */
export async function untilTold<T>(program: Program, fits: (fact: T) => boolean): Promise<T> {
  for (let lines = 1; ; lines++) {
    const found = told<T>(program).find(fits)
    if (found !== undefined) return found
    const known = told(program).length
    await program.until(new RegExp(`^(.*\\n){${Math.max(lines, known + 1)}}`))
  }
}
