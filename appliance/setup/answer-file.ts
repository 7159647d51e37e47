/** What somebody writes down for a box that nobody sits before: the wizard's answers, as JSON. */

import type * as z from 'zod'
import {
  contradiction,
  type Finding,
  findingOf,
  findingText,
  type Problem,
} from '../config/finding.ts'
import { expectation, problemsOf } from '../config/issues.ts'
import { readJson } from '../config/json-text.ts'
import { nameHint } from '../config/near.ts'
import { oddPlace } from '../config/odd-places.ts'
import type { Duration } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { prefixText } from '../values/prefix.ts'
import {
  answerKeys,
  boxKinds,
  type FirstAnswers,
  firstAnswers,
  type SecondAnswers,
  secondAnswers,
  wholeDocument,
} from './answer-schema.ts'
import { joinDocument, type SetupKeys, setupDocument } from './document.ts'
import { gatewayError, serversError } from './words.ts'

/** What the box knows of itself. */
export type SetupGround = {
  readonly ports: readonly { readonly name: string; readonly link: string }[]
  readonly hostname: string
  /** Nobody else knows them. */
  readonly keys: SetupKeys
}

/** A pairing code that somebody has thought of for both boxes. */
export type SharedCode = { readonly code: string; readonly within: Duration }

export type ReadAnswers =
  | {
      readonly kind: 'document'
      readonly document: unknown
      /** Null: the box shows none by itself. */
      readonly code: SharedCode | null
    }
  /** Its own address first, and then all else from a box that shows the code. */
  | {
      readonly kind: 'join'
      readonly document: unknown
      readonly code: string
      /** Null: the one on this network. */
      readonly peer: IpAddress | null
      /** Where its virtual addresses go. */
      readonly port: string
    }
  /** One line for each thing that is wrong. */
  | { readonly kind: 'refused'; readonly findings: readonly string[] }

/** The configuration that the file asks for. Whether it is a good one shows when it is applied. */
export function readAnswers(text: string, ground: SetupGround): ReadAnswers {
  const read = readJson(text)
  if (read.kind === 'not-json') {
    const { place, expected, found, hint } = read
    return refused([{ path: '', place, reason: 'not-json', value: found, expected, hint }])
  }
  const { value } = read
  const complain = (problems: readonly Problem[]): ReadAnswers =>
    refused(problems.map(problem => findingOf(problem, value, read.placeOf(problem.path))))
  const odd = oddPlace(value)
  if (odd !== null) return complain([{ ...odd, reason: 'wrong-value', hint: null }])
  const as = <T>(schema: z.ZodType<T>, use: (taken: T) => ReadAnswers): ReadAnswers => {
    const taken = schema.safeParse(value, { error: expectation })
    return taken.success
      ? use(taken.data)
      : complain(ownHints(problemsOf(taken.error.issues, value)))
  }
  const isObject = typeof value === 'object' && value !== null
  if (isObject && 'document' in value) {
    return as(wholeDocument, ({ document }) => ({ kind: 'document', document, code: null }))
  }
  const box = isObject && 'box' in value ? value.box : 'first'
  if (!boxKinds.some(kind => kind === box)) {
    const expected = boxKinds.map(kind => JSON.stringify(kind)).join(' or ')
    return complain([{ path: ['box'], reason: 'wrong-value', expected, hint: null }])
  }
  if (box === 'second') {
    return as(secondAnswers, given => {
      const problems = placeProblems(given, ground)
      return problems.length > 0 ? complain(problems) : joinOf(given, ground)
    })
  }
  return as(firstAnswers, given => {
    const problems = [...placeProblems(given, ground), ...firstProblems(given)]
    return problems.length > 0 ? complain(problems) : setupOf(given, ground)
  })
}

/** Those of the configuration's schema are about other keys. */
const ownHints = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(problem =>
    problem.reason === 'unknown-key'
      ? { ...problem, hint: hintFor(String(problem.path.at(-1))) }
      : problem,
  )

/** A key that is right elsewhere was not mistyped. */
const hintFor = (key: string): string | null =>
  answerKeys.includes(key) ? null : nameHint(key, answerKeys)

const refused = (findings: readonly Finding[]): ReadAnswers => ({
  kind: 'refused',
  findings: findings.map(findingText),
})

type Place = Pick<
  FirstAnswers | SecondAnswers,
  'port' | 'address' | 'gateway' | 'hostname' | 'time' | 'keyboard'
>

function placeProblems(given: Place, { ports }: SetupGround): readonly Problem[] {
  const { port, address, gateway } = given
  const names = ports.map(({ name }) => name)
  const none = 'a port of this box, and it has none'
  return [
    ...(port !== undefined && !names.includes(port)
      ? [contradiction(['port'], names.length === 0 ? none : `one of ${names.join(', ')}`)]
      : []),
    ...(port === undefined && names.length === 0 ? [contradiction(['port'], none)] : []),
    ...(gateway === undefined ? [] : gatewayProblems(gateway, address)),
  ]
}

function firstProblems({ box, virtual, service, pairing }: FirstAnswers): readonly Problem[] {
  return [
    ...(box === 'single' && pairing !== undefined
      ? [contradiction(['pairing'], 'nothing: a single box has no peer')]
      : []),
    ...(service !== undefined && virtual === undefined
      ? [contradiction(['virtual'], 'the address of the service')]
      : []),
    ...(service !== undefined && virtual !== undefined
      ? said(
          ['service', 'servers'],
          serversError(service.servers.join(' '), prefixText(virtual.address)),
        )
      : []),
  ]
}

const gatewayProblems = (gateway: string, address: Place['address']): readonly Problem[] =>
  address === 'dhcp'
    ? [contradiction(['gateway'], 'none: DHCP gives one with the address')]
    : said(['gateway'], gatewayError(gateway, address))

/** What the wizard says about the same thing. */
const said = (path: readonly string[], error: string | null): readonly Problem[] =>
  error === null ? [] : [contradiction(path, 'another', error)]

const placeOf = ({ port, address, gateway, time, keyboard }: Place, { ports }: SetupGround) => ({
  port: port ?? (ports.find(({ link }) => link === 'up') ?? ports[0])?.name ?? '',
  address,
  gateway: gateway ?? null,
  ...(time === undefined ? {} : { time }),
  ...(keyboard === undefined ? {} : { keyboard }),
})

function setupOf(given: FirstAnswers, ground: SetupGround): ReadAnswers {
  const { box, password, virtual = null, service = null, pairing = null } = given
  const hostname = given.hostname ?? ground.hostname
  const setup = { box, ...placeOf(given, ground), hostname, password, virtual, service }
  return { kind: 'document', document: setupDocument(setup, ground.keys), code: pairing }
}

function joinOf(given: SecondAnswers, ground: SetupGround): ReadAnswers {
  const { code, peer = null } = given.pairing
  const place = placeOf(given, ground)
  const document = joinDocument(place, given.hostname ?? null)
  return { kind: 'join', document, code, peer, port: place.port }
}
