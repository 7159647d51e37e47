import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type Ran = { readonly seconds: number; readonly output: string }

/** What a long run is doing goes to standard error, so that the table stays alone on the other. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Runs a program to its end and shows what it says meanwhile. */
export async function runShown(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  const [program, ...args] = command
  const start = performance.now()
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      process.stderr.write(text)
    })
  }
  const [code] = await once(child, 'close')
  const seconds = (performance.now() - start) / 1000
  if (code !== 0) {
    const last = output.trim().split('\n').slice(-3).join(' | ')
    throw new Error(`${command.join(' ')} ended with ${code}: ${last}`)
  }
  return { seconds, output }
}
