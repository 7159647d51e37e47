#!/usr/bin/env node
import { join, resolve } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { libDir, programFile } from '../linux/lib-dir.ts'
import { readRelease } from '../linux/release.ts'
import type { Status } from '../status/document.ts'
import { ask } from './control-client.ts'
import { exitCode, Failure } from './exit-code.ts'
import { runFolder, runFolderOfUser, stateFolderOfUser } from './folders.ts'
import { type ProcessLog, showLog } from './show-log.ts'
import { showStatus } from './show-status.ts'

const codes = `
Exit codes:
  0  done
  1  refused or failed
  2  the command line is wrong
  3  no supervisor answers
  4  "status --exit-code": the box is not ok`

const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map(line => `  $ diarch ${line}`).join('\n')}`

const runOption = ['--run <dir>', 'folder of the supervisor; default: the box, or yours'] as const

function program(): Command {
  const diarch = new Command('diarch')
    .description('Two boxes that together are one highly available director.')
    .addHelpText('after', examples('run', 'status', 'log web', 'restart web'))
    .addHelpText('after', codes)
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()

  diarch
    .command('run')
    .description('run the supervisor here, without the image, until Ctrl-C')
    .option('--state <dir>', 'what is kept', stateFolderOfUser(process.env))
    .option('--run <dir>', 'the control socket', runFolderOfUser(process.env))
    .option('--web-port <number>', 'the page over HTTPS', port, 8443)
    .addHelpText('after', examples('run', 'run --web-port 9443 --state ./state --run ./run'))
    .action(run)

  diarch
    .command('status')
    .description('what runs, since when, and what is wrong')
    .option(...runOption)
    .option('--json', 'the status document as it is')
    .option('--exit-code', 'exit with 4 unless everything is ok')
    .addHelpText('after', examples('status', 'status --json', 'status --exit-code >/dev/null'))
    .action(status)

  diarch
    .command('log')
    .description('the last lines that a process wrote')
    .argument('<name>', 'a process of "diarch status", or supervisor')
    .option(...runOption)
    .option('--json', 'with times and streams')
    .addHelpText('after', examples('log web', 'log supervisor --json'))
    .action(log)

  diarch
    .command('restart')
    .description('stop a process in order and start it again')
    .argument('<name>', 'a process of "diarch status"')
    .option(...runOption)
    .addHelpText('after', examples('restart web'))
    .action(restart)

  diarch
    .command('version')
    .description('which build this is')
    .addHelpText('after', examples('version'))
    .action(() => {
      const { version, commit } = readRelease(join(libDir, 'release'))
      console.log(`diarch ${version} (${commit})`)
    })
  return diarch
}

/** Becomes the supervisor: its signals, its output and its exit code are then this program's. */
function run(options: { state: string; run: string; webPort: number }): void {
  const env = {
    ...process.env,
    DIARCH_STATE: resolve(options.state),
    DIARCH_RUN: resolve(options.run),
    DIARCH_WEB_PORT: String(options.webPort),
  }
  if (process.execve === undefined) throw new Failure('this Node cannot execve: use Node 24')
  process.execve(process.execPath, [process.execPath, programFile('supervisor')], env)
}

async function status(options: {
  run?: string
  json?: boolean
  exitCode?: boolean
}): Promise<void> {
  const document = (await ask(folder(options), 'GET', '/api/v1/status')) as Status
  console.log(options.json ? JSON.stringify(document, null, 2) : showStatus(document))
  if (options.exitCode && document.health.state !== 'ok') process.exitCode = exitCode.notOk
}

async function log(name: string, options: { run?: string; json?: boolean }): Promise<void> {
  const path = `/api/v1/processes/${encodeURIComponent(name)}/log`
  const answer = (await ask(folder(options), 'GET', path)) as ProcessLog
  console.log(options.json ? JSON.stringify(answer, null, 2) : showLog(answer))
}

async function restart(name: string, options: { run?: string }): Promise<void> {
  await ask(folder(options), 'POST', `/api/v1/processes/${encodeURIComponent(name)}/restart`)
  console.log(`${name}: restart requested; "diarch status" shows how it goes`)
}

const folder = (options: { run?: string }): string => runFolder(options.run, process.env)

function port(text: string): number {
  const value = Number(text)
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('Expected a number from 0 to 65535; 0 lets the kernel choose.')
}

try {
  await program().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already.
    process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage
  } else {
    console.error(`diarch: ${error instanceof Error ? error.message : error}`)
    process.exitCode = error instanceof Failure ? error.code : exitCode.failed
  }
}
