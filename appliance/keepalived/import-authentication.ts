import type { RouterTarget } from './import-router.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { readBlock } from './import-site.ts'
import { ignored, time, whole, wordOf } from './import-words.ts'
import type { Entry } from './tree.ts'

type Password = {
  readonly site: Site
  /** As it is written: keepalived knows no small letters here. */
  type: string | null
  password: { readonly entry: Entry; readonly text: string } | null
}
type Keys = {
  readonly site: Site
  readonly path: string
  readonly keys: Json[]
  readonly json: Json
}

const passwords: Table<Password> = {
  auth_type: (entry, to) => {
    to.type = wordOf(entry)
    if (to.type === 'AH') {
      const text = 'there is no IPsec header here: write "hmac" into both boxes instead'
      to.site.notes.unsupported(entry, text)
    } else if (to.type !== 'PASS') {
      const text = `expected PASS or AH, not "${to.type}": keepalived authenticates nothing then`
      to.site.notes.unsupported(entry, text)
    }
    return undefined
  },
  auth_pass: (entry, to) => {
    const given = wordOf(entry)
    to.password = { entry, text: given.slice(0, 8) }
    if (given.length > 8) {
      const text =
        'a password has 8 characters in VRRPv2: the rest is cut off, as keepalived does. It is ' +
        'sent in clear, and everybody on the network can read it: "hmac" is better'
      to.site.notes.translated(entry, text)
    }
    return undefined
  },
}

/** It is settled when the version is known (import-router.ts). */
export const authentication: Handler<RouterTarget> = (entry, to) => {
  const found: Password = { site: to.site, type: null, password: null }
  readBlock(entry.block ?? [], passwords, found)
  const { type, password } = found
  if (password !== null && password.text !== '') {
    if (type === 'PASS') to.password = { entry, text: password.text }
    else to.site.notes.unsupported(password.entry, unusedText(type))
  }
  return `${to.path}.authentication`
}

const unusedText = (type: string | null): string =>
  type === 'AH'
    ? 'it is left out with its auth_type'
    : 'keepalived uses no password without "auth_type PASS": it is left out; "hmac" signs adverts'

const modes = ['enforce', 'permissive', 'receive-only']

const hmacTable: Table<Keys> = {
  key: (entry, { site, path, keys }) => {
    const id = whole(site, entry, wordOf(entry), 0, 255)
    const secret = wordOf(entry, 1).replace(/^ascii:/, '')
    if (id === null) return undefined
    if (secret.startsWith('file:')) {
      site.notes.unsupported(entry, 'a key in a file is not read: write it into the document')
      return undefined
    }
    keys.push({ id, secret })
    return `${path}.keys[${keys.length - 1}]`
  },
  active_key: (entry, { site, path, json }) => {
    const id = whole(site, entry, wordOf(entry), 0, 255)
    if (id !== null) json.activeKey = id
    return `${path}.activeKey`
  },
  mode: (entry, { site, path, json }) => {
    if (modes.includes(wordOf(entry))) json.mode = wordOf(entry)
    else
      site.notes.unsupported(
        entry,
        `expected ${modes.join(' or ')}, not "${wordOf(entry)}": our default stays`,
      )
    return `${path}.mode`
  },
  time_window: (entry, { site, path, json }) => {
    const window = time(site, entry, wordOf(entry), ['1s', '300s'])
    if (window !== null) json.window = window
    return `${path}.window`
  },
  anti_replay: ignored('old adverts are always refused, by the time in them'),
}

export const authHmac: Handler<RouterTarget> = (entry, { site, path, json }) => {
  const at = `${path}.authentication.hmac`
  const keys: Json[] = []
  const hmac: Json = { keys }
  readBlock(entry.block ?? [], hmacTable, { site, path: at, keys, json: hmac })
  if (keys.length > 0) json.authentication = { hmac }
  else site.notes.unsupported(entry, 'it has no key that can be taken over: adverts are not signed')
  return at
}

/** keepalived drops a password with version 3 and with vrrp_strict. */
export function settlePassword(
  { site, path, json, password }: RouterTarget,
  version: number,
  strict: Entry | null,
): void {
  if (password === null) return
  if (version === 2 && strict === null) {
    json.authentication = { password: password.text }
    return
  }
  const why = version === 3 ? 'VRRPv3 has no passwords' : 'vrrp_strict leaves passwords out'
  const text = `${why}, and keepalived does not use this one: "hmac" signs adverts`
  site.notes.translated(password.entry, text, `${path}.authentication`)
}
