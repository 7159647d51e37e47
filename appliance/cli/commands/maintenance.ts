import { Argument, type Command } from 'commander'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'

export function addMaintenance(diarch: Command): void {
  diarch
    .command('maintenance')
    .description('take this box out of service, or back into it; a reboot does not change it')
    .addArgument(new Argument('<switch>', 'on: it gives up all addresses').choices(['on', 'off']))
    .option(...runOption)
    .addHelpText('after', examples('maintenance on', 'maintenance off'))
    .action(maintenance)
}

async function maintenance(wanted: string, { run }: { readonly run?: string }): Promise<void> {
  const method = wanted === 'on' ? 'PUT' : 'DELETE'
  const answer = await ask(runFolder(run, process.env), method, '/api/v1/maintenance')
  const { notKept = null } = answer as { readonly notKept?: string | null }
  const on = 'maintenance is on: this box holds no virtual address until "diarch maintenance off"'
  console.log(wanted === 'on' ? on : 'maintenance is off: this box takes part again')
  if (notKept !== null) console.error(`but it is not kept: ${notKept}`)
}
