import type { Table } from './path.ts'

/** An object that may be written in short: a form shows its keys, and writes it in short again. */
export type Shorthand = {
  /** Null: it cannot be read. */
  readonly open: (text: string) => Table | null
  /** Null: it says more than the short one can. */
  readonly close: (object: Table) => string | null
}

const alone = (key: string): Shorthand => ({
  open: text => ({ [key]: text }),
  close: object => {
    const [only, ...others] = Object.entries(object)
    return only?.[0] === key && others.length === 0 && typeof only[1] === 'string' ? only[1] : null
  },
})

const endpoint: Shorthand = {
  open: text => {
    const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(text)
    if (match === null) return text === '' ? {} : { address: text }
    const [, six, four, port] = match
    const address = six ?? four ?? ''
    return {
      ...(address === '' ? {} : { address }),
      ...(port === undefined || port === '' ? {} : { port: numberOr(port) }),
    }
  },
  close: ({ address, port, ...more }) => {
    if (Object.keys(more).length > 0 || typeof (address ?? '') !== 'string') return null
    const text = String(address ?? '')
    const host = text.includes(':') ? `[${text}]` : text
    return port === undefined ? host : `${host}:${port}`
  },
}

const numberOr = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)

/** By the titles of the objects. */
const shorthands: Readonly<Record<string, Shorthand>> = {
  'Virtual endpoint': endpoint,
  Server: endpoint,
  'Sorry server': endpoint,
  'Virtual address': alone('address'),
  'Check of a server': alone('check'),
  Persistence: alone('time'),
}

export const shorthandOf = (title = ''): Shorthand | null =>
  (Object.hasOwn(shorthands, title) ? shorthands[title] : null) ?? null
