/** Runs boxes for people: `./build.sh demo` calls it. */

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Box } from './run/box.ts'
import { OptionError, readWish } from './run/options.ts'
import { command, needPairGround, startPair } from './run/pair.ts'
import { single } from './run/single.ts'

const project = resolve(import.meta.dirname, '..')

/**
 * build.sh calls this twice. First with --before-set-up: everything that can be done or refused
 * without a fresh image is, and the exit status says whether boxes are to be started.
 */
const beforeSetUp = '--before-set-up'
const boxWanted = 10

const main = async (args: readonly string[]): Promise<void> => {
  const first = args[0] === beforeSetUp
  const wish = readWish(first ? args.slice(1) : args)
  const folder = join(project, 'dist/demo')
  switch (wish.kind) {
    case 'help':
      return void process.stdout.write(
        readFileSync(join(import.meta.dirname, 'run/help.txt'), 'utf8'),
      )
    case 'single':
      if (await single(new Box(folder), wish.single, first)) process.exitCode = boxWanted
      return
    case 'command':
      return await command(join(folder, 'pair'), wish.words)
    case 'pair':
      await needPairGround(join(folder, 'pair'), wish.pair)
      if (first) process.exitCode = boxWanted
      else await startPair(join(folder, 'pair'), wish.pair)
  }
}

// A reader that has seen enough (`| head`) is no reason for a stack trace.
process.stdout.on('error', () => process.exit(1))

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : error}\n`)
  if (error instanceof OptionError) process.stderr.write('All options: ./build.sh demo --help\n')
  process.exit(1)
})
