import type { Command } from 'commander'
import type { AuditEntry } from '../../api/access-schema.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { timeText } from '../show-revision.ts'
import { type SomeOptions, someOf, withSomeOptions } from '../some-of.ts'
import { table } from '../table.ts'

export function addAudit(diarch: Command): void {
  const command = diarch
    .command('audit')
    .description('who changed what on this box, and who was refused, the last things last')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('audit', 'audit --about ada --since 24h', 'audit --last 5'))
  withSomeOptions(command, 'only of this user, operation or name').action(audit)
}

type Options = SomeOptions & { readonly run?: string; readonly json?: true }

async function audit({ run, json, ...which }: Options): Promise<void> {
  const { entries } = (await ask(runFolder(run, process.env), 'GET', '/api/v1/audit')) as {
    readonly entries: readonly AuditEntry[]
  }
  const some = someOf(entries, which, { at: ({ at }) => at, isAbout }, Date.now())
  if (json) console.log(JSON.stringify(some, null, 2))
  else if (entries.length === 0) console.log('nobody has changed anything yet')
  else if (some.length === 0) console.log('nothing of that kind is in the log')
  else console.log(table(['AT', 'WHO', 'OPERATION', 'OUTCOME'], some.map(row)))
}

const isAbout = ({ who, tried, operation, names }: AuditEntry, name: string): boolean =>
  [who, tried, operation, ...Object.values(names)].includes(name)

function row({ at, who, via, from, tried, operation, names, ...rest }: AuditEntry): string[] {
  const person = who ?? (tried === null ? 'nobody' : `"${tried}"`)
  const way = [via, from].filter(each => each !== null).join(', ')
  const about = Object.values(names).join(' ')
  return [
    timeText(at),
    way === '' ? person : `${person} (${way})`,
    about === '' ? operation : `${operation} ${about}`,
    outcomeText(rest),
  ]
}

type Outcome = Pick<AuditEntry, 'outcome' | 'revision' | 'notWritten'>

function outcomeText({ outcome, revision, notWritten }: Outcome): string {
  const made = revision === null ? outcome : `${outcome}, revision ${revision}`
  return notWritten === 0 ? made : `${made} (and ${notWritten} refusals before it)`
}
