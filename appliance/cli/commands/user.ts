import { type Command, Option } from 'commander'
import { type Role, roles } from '../../api/role.ts'
import { changeOfAccess, checkName } from '../access-change.ts'
import { ask } from '../control-client.ts'
import { textOfFile } from '../document-file.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { runFolder, runOption } from '../folders.ts'
import { table } from '../table.ts'
import { askSecretly, isTerminal } from '../terminal-question.ts'

const more = `
viewer: looks. operator: drain, failover and checks too. admin: everything.
Users are part of the configuration: every change of one is a revision.`

export const roleOption = (): Option => new Option('--role <role>', 'what he may do').choices(roles)

export function addUser(diarch: Command): void {
  const user = diarch
    .command('user')
    .description('who may log in to the page and the API')
    .addHelpText('after', more)
    .addHelpText('after', examples('user list', 'user set ada --role admin', 'user remove ada'))
  user
    .command('list')
    .description('all users and their roles')
    .option(...runOption)
    .option('--json', 'as a list of objects')
    .addHelpText('after', examples('user list', 'user list --json'))
    .action(list)
  user
    .command('set')
    .description('make a user, or give one another role or password; he has to log in again')
    .argument('<name>')
    .addOption(roleOption())
    .option('--password-stdin', 'the password is read from standard input, and never asked')
    .option(...runOption)
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples('user set ada --role admin', 'user set ada --password-stdin < file'),
    )
    .action(set)
  user
    .command('remove')
    .description('remove a user; what he has open ends')
    .argument('<name>')
    .option(...runOption)
    .addHelpText('after', examples('user remove ada'))
    .action(remove)
}

type User = { readonly user: string; readonly role: Role }
type Run = { readonly run?: string }

const pathOf = (name: string): string => `/api/v1/users/${encodeURIComponent(name)}`

async function askUsers(runDir: string): Promise<readonly User[]> {
  const answer = (await ask(runDir, 'GET', '/api/v1/users')) as { readonly users: readonly User[] }
  return answer.users
}

async function list({ run, json }: Run & { readonly json?: true }): Promise<void> {
  const users = await askUsers(runFolder(run, process.env))
  if (json) console.log(JSON.stringify(users, null, 2))
  else if (users.length === 0) console.log('there are no users: nobody can log in')
  else
    console.log(
      table(
        ['USER', 'ROLE'],
        users.map(({ user, role }) => [user, role]),
      ),
    )
}

type SetOptions = Run & { readonly role?: Role; readonly passwordStdin?: true }

async function set(name: string, options: SetOptions): Promise<void> {
  await checkName(name)
  const runDir = runFolder(options.run, process.env)
  const there = (await askUsers(runDir)).find(({ user }) => user === name)
  const role = options.role ?? there?.role
  if (role === undefined) {
    throw new Failure(`a new user needs a role: --role ${roles.join(', ')}`, exitCode.usage)
  }
  const password = options.passwordStdin ? passwordIn(textOfFile('-')) : await asked(there)
  const body = { role, ...(password === null ? {} : { password }) }
  await changeOfAccess(ask(runDir, 'PUT', pathOf(name), body))
  console.log(`${name} is ${role}${password === null ? ', with the password as it was' : ''}`)
}

const passwordIn = (text: string): string => text.replace(/\r?\n$/, '')

/** Null: it stays as it is. */
async function asked(there: User | undefined): Promise<string | null> {
  if (!isTerminal()) {
    if (there !== undefined) return null
    const advice = '--password-stdin reads it where nobody can be asked'
    throw new Failure(`a new user needs a password: ${advice}`, exitCode.usage)
  }
  const stays = there === undefined ? '' : ' (nothing: as it was)'
  const password = await askSecretly(`Password of 8 to 128 characters${stays}: `)
  if (password === '' && there !== undefined) return null
  if ((await askSecretly('The same again: ')) === password) return password
  throw new Failure('these were two different passwords: nothing is changed')
}

async function remove(name: string, { run }: Run): Promise<void> {
  await checkName(name)
  await changeOfAccess(ask(runFolder(run, process.env), 'DELETE', pathOf(name)))
  console.log(`${name} is removed`)
}
