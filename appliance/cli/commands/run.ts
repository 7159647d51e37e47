import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { builtFile, programFile } from '../../linux/lib-dir.ts'
import { readDocumentFile } from '../document-file.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { fileTrouble } from '../file-trouble.ts'
import { runArgument, runFolderOfUser, stateFolderOfUser } from '../folders.ts'
import { findingLine } from '../show-refusal.ts'

export function addRun(diarch: Command): void {
  diarch
    .command('run')
    .description('run the supervisor here, without the image, until Ctrl-C')
    .option('--config <file>', 'virtual routers and all else: see docs/guides/vrrp.md')
    .option('--record <file>', 'what vrrpd hears and does, for a replay')
    .option('--state <dir>', 'what is kept', stateFolderOfUser(process.env))
    .option('--run <dir>', 'the control socket', runFolderOfUser(process.env))
    .option('--web-port <number>', 'the page over HTTPS', port, 8443)
    .option('--pair-port <number>', 'for the paired box', port, 4343)
    .addHelpText(
      'after',
      examples('run', 'run --config pair.json', 'run --web-port 9443 --state ./state --run ./run'),
    )
    .action(run)
}

type Options = {
  readonly config?: string
  readonly record?: string
  readonly state: string
  readonly run: string
  readonly webPort: number
  readonly pairPort: number
}

/** Becomes the supervisor: its signals, its output and its exit code are then this program's. */
async function run(options: Options): Promise<void> {
  for (const part of ['launch', 'native.node'] as const) builtFile(part)
  if (options.config !== undefined && !maySteerNetwork()) throw new Failure(needsRoot)
  if (options.config !== undefined) await checkDocument(options.config)
  for (const path of [options.state, options.run]) isFolder(path)
  const folder = resolve(options.run)
  const env = {
    ...process.env,
    DIARCH_STATE: resolve(options.state),
    ...(options.config === undefined ? {} : { DIARCH_CONFIG: resolve(options.config) }),
    ...(options.record === undefined ? {} : { DIARCH_RECORD: resolve(options.record) }),
    DIARCH_RUN: folder,
    DIARCH_WEB_PORT: String(options.webPort),
    DIARCH_PAIR_PORT: String(options.pairPort),
  }
  if (process.execve === undefined) throw new Failure('this Node cannot execve: use Node 24')
  console.log(`diarch: see it with: diarch status${runArgument(folder, process.env)}`)
  process.execve(process.execPath, [process.execPath, programFile('supervisor')], env)
}

/** It is made where there is none. */
function isFolder(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return
  } catch (error) {
    throw fileTrouble(error, path, 'read')
  }
  throw new Failure(`${path} is a file, and a folder was expected`)
}

/** Here each finding is said once, and not in a log with much else. */
async function checkDocument(path: string): Promise<void> {
  // No other command is to wait until all of it is loaded.
  const { parseDocument } = await import('../../config/document.ts')
  const { document, placeOf } = readDocumentFile(path)
  const parsed = parseDocument(document)
  if (parsed.kind !== 'refused') return
  const lines = parsed.findings.map(each => findingLine(each, { file: path, placeOf }))
  throw new Failure(lines.join('\n'), exitCode.refused)
}

const needsRoot =
  'virtual routers and services change the network of this machine: run it as root, or give it ' +
  'the capabilities net_admin and net_raw'

/** capabilities(7): CAP_NET_ADMIN is 12, CAP_NET_RAW 13. */
function maySteerNetwork(): boolean {
  const status = readFileSync('/proc/self/status', 'utf8')
  const effective = BigInt(`0x${/^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  return [12n, 13n].every(capability => ((effective >> capability) & 1n) === 1n)
}

function port(text: string): number {
  const value = Number(text)
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('Expected a number from 0 to 65535; 0 lets the kernel choose.')
}
