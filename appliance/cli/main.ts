import { Command, CommanderError } from 'commander'
import { commandsFor } from './command-table.ts'
import { showVersion } from './commands/version.ts'
import { examples } from './examples.ts'
import { exitCode, exitCodesText, Failure } from './exit-code.ts'

async function program(): Promise<Command> {
  const diarch = new Command('diarch')
    .description('Diarch makes two boxes one highly available LVS director.')
    .addHelpText('after', examples('run --config pair.json', 'status', 'failover', 'log vrrpd'))
    .addHelpText('after', exitCodesText)
    .option('-V, --version', 'the same as "diarch version"')
    .on('option:version', () => {
      showVersion()
      process.exit()
    })
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
  for (const add of await commandsFor(process.argv[2])) add(diarch)
  return diarch
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // "diarch log web | head" reads as much as it wants, which is no failure.
  if (error.code === 'EPIPE') process.exit()
  console.error(`diarch: the output cannot be written: ${error.message}`)
  process.exit(exitCode.failed)
})
// There is nobody left to tell.
process.stderr.on('error', () => {})

try {
  const diarch = await program()
  await diarch.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already.
    process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage
  } else {
    console.error(`diarch: ${error instanceof Error ? error.message : error}`)
    process.exitCode = error instanceof Failure ? error.code : exitCode.failed
  }
}
