import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import type { Role } from '../../appliance/api/role.ts'
import type { Environment } from '../../appliance/boot/environment.ts'
import { choose, defaultEnvironment, emptied, installed } from '../../appliance/boot/slots.ts'
import type { Status } from '../../appliance/status/document.ts'
import { tokenHash } from '../../appliance/supervisor/access/secrets.ts'
import { ChangeFeed } from '../../appliance/supervisor/control/change-feed.ts'
import type { Control } from '../../appliance/supervisor/control/control.ts'
import { Doors } from '../../appliance/supervisor/control/doors.ts'
import { Upgrade, type UpgradeSite } from '../../appliance/supervisor/upgrade/upgrade.ts'
import { password } from './access-run.ts'
import { statusOf, type WebProcess } from './web-process.ts'

/** A slot as image/slot.sh makes it, with something in it that is no system. */
export type Slot = { readonly label: Buffer; readonly body: Buffer }

const mebibyte = 1024 * 1024
export const partitionSize = 8 * mebibyte

const keys = generateKeyPairSync('ed25519')
const otherKeys = generateKeyPairSync('ed25519')

type Made = {
  readonly size?: number
  readonly schema?: number
  readonly by?: 'us' | 'others' | 'nobody'
  readonly product?: string
}

export function makeSlot({ size = 5 * mebibyte, schema = 2, by = 'us', product }: Made = {}): Slot {
  const body = Buffer.alloc(size, 'what a system is made of')
  body.write('hsqs')
  body.writeBigUInt64LE(BigInt(size), 40)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const lines = ['diarch-slot 1', `product=${product ?? 'Diarch'}`, 'architecture=x86_64']
  lines.push('version=0.2.0', 'commit=abc', `schema=${schema}`, `size=${size}`, `sha256=${sha256}`)
  const text = `${lines.join('\n')}\n`
  const { privateKey } = by === 'us' ? keys : otherKeys
  const signature = sign(null, Buffer.from(text), privateKey).toString('base64')
  const label = Buffer.alloc(4096)
  label.write(by === 'nobody' ? text : `${text}signature=${signature}\n`)
  return { label, body }
}

export const fileOf = ({ label, body }: Slot): Buffer => Buffer.concat([label, body])

/** What an upgrade has to do with of a box: a partition, a boot environment, and the ways in. */
export type UpgradeBox = {
  readonly folder: string
  readonly site: UpgradeSite
  readonly upgrade: Upgrade
  readonly doors: Doors
  readonly events: string[]
  environment: Environment
  /** What would start if the power were cut, at each change of the status and the environment. */
  readonly starts: Set<string>
  /** Holds the writing up until it is called. */
  hold: Promise<void> | null
  trial: boolean
  /** What else its status says. */
  also: Partial<Status>
  /** At the moment at which something begins to be written. */
  onBegan: () => void
  /** Of the partition of slot B. */
  readonly at: (offset: number, length: number) => Buffer
  readonly reset: () => void
}

/** `more`: what else of its supervisor is there. */
export async function openUpgradeBox(
  folder: string,
  more: Partial<Control> = {},
): Promise<UpgradeBox> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'slot-b')
  const reset = (): void => {
    writeFileSync(path, Buffer.alloc(partitionSize, 0xaa))
    box.environment = { ...defaultEnvironment, b: 'ok' }
    box.starts.clear()
    box.events.length = 0
  }
  const look = (): void => {
    box.starts.add(choose(box.environment).slot)
  }
  const at = '2026-11-22T00:00:00Z'
  const site: UpgradeSite = {
    running: () => ({ running: 'a', state: box.trial ? 'trial' : 'confirmed', since: at, why: '' }),
    partition: async () => ({ path, size: partitionSize }),
    empty: async slot => {
      await box.hold
      box.environment = emptied(box.environment, slot)
      look()
    },
    install: async slot => {
      look()
      box.environment = installed(box.environment, slot)
    },
    waiting: () => (box.environment.order === 'ba' && box.environment.b === '3' ? 'b' : null),
    key: () => keys.publicKey,
    schema: 2,
    note: (event, text) => {
      box.events.push(`${event}: ${text}`)
      if (event === 'upgrade-began') box.onBegan()
    },
    onChange: () => {
      look()
      feed.tell()
    },
  }
  const upgrade = new Upgrade(site)
  const doors = new Doors({ stateDir: folder, runDir: folder }, false, () => {})
  const token = (role: Role) => ({ role, secret: tokenHash(role) }) as const
  doors.configure({
    users: { ann: { role: 'admin', password } },
    tokens: { admin: token('admin'), operator: token('operator') },
  } as unknown as Parameters<Doors['configure']>[0])
  const box: UpgradeBox = {
    ...{ folder, site, upgrade, doors, reset, events: [], starts: new Set<string>() },
    environment: defaultEnvironment,
    ...{ hold: null, trial: false, also: {}, onBegan: () => {} },
    at: (offset, length) => {
      const bytes = Buffer.alloc(length)
      const file = openSync(path, 'r')
      readSync(file, bytes, 0, length, offset)
      closeSync(file)
      return bytes
    },
  }
  const running = { running: 'a', state: 'confirmed', since: at, why: '' } as const
  const status = () => statusOf({ slot: { ...running, upgrade: upgrade.status }, ...box.also })
  const feed = new ChangeFeed('status', status)
  const services = new ChangeFeed('services', () => ({ services: [], director: null }))
  const control: Partial<Control> = {
    ...{ upgrade, status, watchStatus: feed.open, watchServices: services.open },
    ...{ log: () => null, events: () => [], services: () => [], ...more },
  }
  await doors.open(control as Control)
  reset()
  return box
}

export const audit = (box: UpgradeBox): string =>
  ['audit.jsonl', 'audit-refused.jsonl']
    .map(name => {
      try {
        return readFileSync(join(box.folder, name), 'utf8')
      } catch {
        return ''
      }
    })
    .join('')

export type Sent = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

type How = {
  readonly path?: string
  readonly token?: string
  /** Bytes at once; between two of them is `each` asked. */
  readonly pieces?: number
  readonly each?: (sent: number, cut: () => void) => void | Promise<void>
}

/** Over HTTPS, as a browser or curl does. Rejects when the connection ends without an answer. */
export function send(web: WebProcess, bytes: Buffer, how: How = {}): Promise<Sent> {
  const { path = '/api/v1/upgrade', token = 'admin', pieces = bytes.length, each } = how
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: '127.0.0.1', port: web.port, method: 'POST', path, agent: false },
        headers: { authorization: `Bearer ${token}`, 'content-length': bytes.length },
        rejectUnauthorized: false,
      },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', part => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) })
        })
      },
    )
    asking.on('error', reject)
    const write = async (): Promise<void> => {
      for (let at = 0; at < bytes.length && !asking.destroyed; at += pieces) {
        await each?.(at, () => asking.destroy())
        await new Promise(written => asking.write(bytes.subarray(at, at + pieces), written))
      }
      if (!asking.destroyed) asking.end()
    }
    write().catch(reject)
  })
}
