import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Command } from 'commander'
import type { OfferedUpgrade, PeerUpgrade } from '../../api/upgrade-operations.ts'
import { labelSize } from '../../boot/slot-label.ts'
import type { Status, UpgradeStatus } from '../../status/document.ts'
import { ask, Refused, upload } from '../control-client.ts'
import { examples } from '../examples.ts'
import { exitCode, Failure } from '../exit-code.ts'
import { fileTrouble } from '../file-trouble.ts'
import { runFolder, runOption } from '../folders.ts'
import { takeFromPeer } from '../upgrade-from-peer.ts'

const path = '/api/v1/upgrade'

export function addUpgrade(diarch: Command): void {
  diarch
    .command('upgrade')
    .description('put other software into the slot that does not run; the next start tries it')
    .argument('[file]', 'diarch-VERSION-x86_64.slot, or a disk that holds nothing else')
    .option('--from-peer', 'take the software that runs on the other box of the pair')
    .option('--restart', 'restart the box at once: the other box of a pair takes over first')
    .option('--unsigned', 'take it although those who built what runs have not signed it')
    .option('--older', 'take it although it knows an older schema of the configuration only')
    .option('--drop', 'take back what waits for the next start')
    .option(...runOption)
    .addHelpText(
      'after',
      examples('upgrade /tmp/usb/diarch-0.2.0-x86_64.slot', 'upgrade --from-peer --restart'),
    )
    .action(upgrade)
}

type Options = {
  readonly run?: string
  readonly fromPeer?: true
  readonly restart?: true
  readonly unsigned?: true
  readonly older?: true
  readonly drop?: true
}

async function upgrade(file: string | undefined, options: Options): Promise<void> {
  const folder = runFolder(options.run, process.env)
  if (options.drop) {
    await ask(folder, 'DELETE', path)
    console.log('the next start takes the slot that runs now')
    return
  }
  if ((file === undefined) !== (options.fromPeer === true)) {
    const usage = 'a file is needed: diarch upgrade FILE, or --from-peer, or --drop'
    throw new Failure(usage, exitCode.usage)
  }
  try {
    const done = await (file === undefined
      ? fetched(folder, options)
      : sentFrom(folder, file, options))
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    console.log(`version ${done.version}: ${done.why}.`)
  } catch (error) {
    throw withAdvice(error)
  }
  if (options.restart) {
    await ask(folder, 'POST', '/api/v1/power', { action: 'restart' })
    console.log('the box restarts')
  } else console.log('It waits for the next start: "diarch upgrade --drop" takes it back.')
}

const optionFor: Readonly<Record<string, string>> = {
  'not-signed': '--unsigned takes it all the same.',
  'older-schema': '--older takes it all the same.',
}

/** What the page has a button for. */
function withAdvice(error: unknown): unknown {
  const option = error instanceof Refused ? optionFor[error.problem.reason] : undefined
  return option === undefined ? error : new Failure(`${(error as Error).message} ${option}`)
}

function queryOf({ unsigned, older }: Options): URLSearchParams {
  const query = new URLSearchParams()
  if (unsigned) query.set('unsigned', 'yes')
  if (older) query.set('older', 'yes')
  return query
}

/** Of the other box of the pair. */
async function fetched(folder: string, options: Options): Promise<UpgradeStatus> {
  const status = (await ask(folder, 'GET', '/api/v1/status')) as Status
  const about = (offered: PeerUpgrade): readonly string[] => [
    `${offered.from} runs the software below; this box runs version ${offered.runs}`,
    aboutOffer(offered),
    ...aboutPair(status),
  ]
  return takeFromPeer(folder, queryOf(options), about, (bytes, all) => progress(all)(bytes))
}

async function sentFrom(folder: string, file: string, options: Options): Promise<UpgradeStatus> {
  const handle = await open(file).catch((error: unknown) => {
    throw fileTrouble(error, file, 'read')
  })
  try {
    return await send(folder, file, handle, queryOf(options))
  } finally {
    await handle.close().catch(() => {})
  }
}

async function send(
  folder: string,
  file: string,
  handle: FileHandle,
  query: URLSearchParams,
): Promise<UpgradeStatus> {
  const block = Buffer.alloc(labelSize)
  const { bytesRead } = await handle.read(block, 0, labelSize, 0).catch((error: unknown) => {
    throw fileTrouble(error, file, 'read')
  })
  const { size } = await handle.stat()
  // A disk has no size of its own, and more bytes than the file that was written to it.
  const length = size > 0 ? size : null
  const offered = (await upload(folder, `${path}/check?${withLength(query, length)}`, {
    content: Readable.from([block.subarray(0, bytesRead)]),
    length: bytesRead,
  })) as OfferedUpgrade
  console.log(aboutOffer(offered))
  for (const line of aboutPair((await ask(folder, 'GET', '/api/v1/status')) as Status)) {
    console.log(line)
  }
  const all = length ?? labelSize + (sizeIn(block) ?? 0)
  return (await upload(folder, `${path}?${query}`, {
    content: handle.createReadStream({ start: 0, end: all - 1, highWaterMark: 256 * 1024 }),
    length: all,
    onProgress: progress(all),
  })) as UpgradeStatus
}

function withLength(query: URLSearchParams, length: number | null): string {
  const more = new URLSearchParams(query)
  if (length !== null) more.set('length', String(length))
  return more.toString()
}

/** The box has looked at the label already. */
const sizeIn = (block: Buffer): number | null => {
  const [, digits] = /^size=(\d+)$/m.exec(block.toString('latin1')) ?? []
  return digits === undefined ? null : Number(digits)
}

function aboutOffer({ version, commit, signature, slot }: OfferedUpgrade): string {
  const signed = { good: 'signed', bad: 'signed by somebody else', missing: 'not signed' }
  const word = signature === 'no-key' ? 'its signature cannot be checked' : signed[signature]
  return `version ${version} (${commit}), ${word}, goes into slot ${slot.toUpperCase()}`
}

/** What a restart means for the addresses. */
function aboutPair({ routers, pair }: Status): readonly string[] {
  const held = routers.filter(({ state }) => state === 'MASTER').map(({ name }) => name)
  if (held.length === 0) return []
  const holds = `This box is MASTER of ${held.join(', ')}.`
  if (pair.peer === null) return [`${holds} A restart interrupts what it serves.`]
  return [
    `${holds} A restart hands that to ${pair.peer.name}; better is to upgrade ${pair.peer.name}`,
    'first, to see it confirmed, and to hand over by "diarch failover".',
  ]
}

function progress(all: number): (bytes: number) => void {
  if (!process.stderr.isTTY) return () => {}
  let shown = -1
  return bytes => {
    const percent = Math.floor((bytes / all) * 100)
    if (percent === shown) return
    shown = percent
    const text = percent < 100 ? `${percent} % is written` : 'it is read back'
    process.stderr.write(`\r\x1b[K${text} ...`)
  }
}
