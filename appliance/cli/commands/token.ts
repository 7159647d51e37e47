import { type Command, InvalidArgumentError } from 'commander'
import type { Role } from '../../api/role.ts'
import { changeOfAccess, checkName } from '../access-change.ts'
import { ask } from '../control-client.ts'
import { examples } from '../examples.ts'
import { runFolder, runOption } from '../folders.ts'
import { table } from '../table.ts'
import { roleOption } from './user.ts'

export function addToken(diarch: Command): void {
  const token = diarch
    .command('token')
    .description('how programs may use the API')
    .addHelpText('after', examples('token create backup --role viewer', 'token remove backup'))
  token
    .command('list')
    .description('all tokens, their roles, and until when they are good')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('token list', 'token list --json'))
    .action(list)
  token
    .command('create')
    .description('make a token; it goes to standard output and is never shown again')
    .argument('<name>', 'what it is for')
    .addOption(roleOption().makeOptionMandatory())
    .option('--expires <time>', 'as 30d, 12h or 2027-01-31', expiry)
    .option(...runOption)
    .addHelpText(
      'after',
      examples(
        'token create backup --role viewer --expires 30d > token',
        'token create deploy --role admin',
      ),
    )
    .action(create)
  token
    .command('remove')
    .description('nobody gets in with it any more')
    .argument('<name>')
    .option(...runOption)
    .addHelpText('after', examples('token remove backup'))
    .action(remove)
}

type Token = { readonly token: string; readonly role: Role; readonly expires: string | null }
type Run = { readonly run?: string }

async function list({ run, json }: Run & { readonly json?: true }): Promise<void> {
  const path = '/api/v1/tokens'
  const { tokens } = (await ask(runFolder(run, process.env), 'GET', path)) as {
    readonly tokens: readonly Token[]
  }
  if (json) console.log(JSON.stringify(tokens, null, 2))
  else if (tokens.length === 0) console.log('there are no tokens')
  else
    console.log(
      table(
        ['TOKEN', 'ROLE', 'EXPIRES'],
        tokens.map(({ token, role, expires }) => [token, role, expires ?? 'never']),
      ),
    )
}

type CreateOptions = Run & { readonly role: Role; readonly expires?: string }

async function create(token: string, { run, role, expires }: CreateOptions): Promise<void> {
  await checkName(token)
  const body = { token, role, ...(expires === undefined ? {} : { expires }) }
  const asked = ask(runFolder(run, process.env), 'POST', '/api/v1/tokens', body)
  const made = (await changeOfAccess(asked)) as Token & { readonly secret: string }
  console.log(made.secret)
  const until = made.expires === null ? 'for ever' : `until ${made.expires}`
  console.error(`${token} is ${role}, ${until}. Keep it now: it is not shown again.`)
  console.error('A program sends it as "Authorization: Bearer ...".')
}

async function remove(name: string, { run }: Run): Promise<void> {
  await checkName(name)
  const path = `/api/v1/tokens/${encodeURIComponent(name)}`
  await changeOfAccess(ask(runFolder(run, process.env), 'DELETE', path))
  console.log(`${name} is removed`)
}

const hours = { h: 1, d: 24 } as const

/** A length from now on, or a time. */
function expiry(text: string): string {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const length = Number(count) * hours[unit as keyof typeof hours] * 3_600_000
  const at = count === undefined ? Date.parse(text) : Date.now() + length
  const isTime = count !== undefined || /^\d{4}-\d\d-\d\d/.test(text)
  if (isTime && Number.isFinite(at)) return `${new Date(at).toISOString().slice(0, 19)}Z`
  throw new InvalidArgumentError('Expected a time such as 30d, 12h, or 2027-01-31.')
}
