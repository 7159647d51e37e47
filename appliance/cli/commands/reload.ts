import type { Command } from 'commander'
import { ask, Refused } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'

export function addReload(diarch: Command): void {
  diarch
    .command('reload')
    .description('read the configuration file again; a broken one is refused as a whole')
    .option(...runOption)
    .addHelpText('after', examples('reload'))
    .action(reload)
}

async function reload({ run }: { readonly run?: string }): Promise<void> {
  try {
    await ask(runFolder(run, process.env), 'POST', '/api/v1/configuration/reload')
  } catch (error) {
    const refused = error instanceof Refused && error.problem.reason === 'configuration-refused'
    throw refused ? new Failure(error.message, exitCode.refused) : error
  }
  console.log('the configuration is in force')
}
