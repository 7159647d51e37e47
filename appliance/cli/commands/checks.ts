import type { Command } from 'commander'
import type { Explanation } from '../../status/service-answers.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { askServers, pathOfServer } from '../server-names.ts'
import { showExplanation } from '../show-explanation.ts'

export function addCheckNow(diarch: Command): void {
  diarch
    .command('check-now')
    .description('run health checks now, without waiting for their interval')
    .argument('[server]', 'shop/web1, web1 or its address; without it all servers')
    .option(...runOption)
    .addHelpText('after', examples('check-now', 'check-now shop/web1'))
    .action(checkNow)
}

export function addExplain(diarch: Command): void {
  diarch
    .command('explain')
    .description('why a server is what it is: its checks, their last results, its weight')
    .argument('<server>', 'shop/web1, or web1 or its address for every service that has it')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('explain shop/web1', 'explain 10.0.0.1 --json'))
    .action(explain)
}

type Options = { readonly run?: string; readonly json?: true }

async function checkNow(text: string | undefined, { run }: Options): Promise<void> {
  const runDir = runFolder(run, process.env)
  if (text === undefined) {
    await ask(runDir, 'POST', '/api/v1/checks/run')
    console.log('all checks run now; "diarch services" shows what they find')
    return
  }
  for (const named of await askServers(runDir, text)) {
    await ask(runDir, 'POST', pathOfServer(named, 'check'))
    const name = `${named.service.name}/${named.server.name}`
    console.log(`the checks of ${name} run now; "diarch explain ${name}" shows what they find`)
  }
}

async function explain(text: string, { run, json }: Options): Promise<void> {
  const runDir = runFolder(run, process.env)
  const named = await askServers(runDir, text)
  const all = await Promise.all(
    named.map(each => ask(runDir, 'GET', pathOfServer(each, 'explanation'))),
  )
  const explanations = all as readonly Explanation[]
  console.log(
    json ? JSON.stringify(explanations, null, 2) : explanations.map(showExplanation).join('\n\n'),
  )
}
