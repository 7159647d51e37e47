/** What somebody writes down for a box that nobody sits before: the wizard's answers, as JSON. */

import * as z from 'zod'
import { editorSchemaOf } from '../config/editor-schema.ts'
import { type Finding, findingOf, findingText, type Problem } from '../config/finding.ts'
import { expectation, problemsOf } from '../config/issues.ts'
import { readJson } from '../config/json-text.ts'
import { choice, integer, interfaceName, ipAddress, parsed } from '../config/leaves.ts'
import { key } from '../config/meta.ts'
import { nameHint } from '../config/near.ts'
import { hostname } from '../config/network-schema.ts'
import { oddPlace } from '../config/odd-places.ts'
import { chosenPassword } from '../config/user-schema.ts'
import { prefixText } from '../values/prefix.ts'
import { setupDocument } from './document.ts'
import { gatewayError, hostPrefix, serversError } from './words.ts'

const addressText = 'an address with the length of its network, such as "192.0.2.100/24"'

const addressWithLength = parsed(addressText, /^[\da-fA-F.:]+\/\d{1,3}$/, hostPrefix)

const ownText = '"dhcp", or an address such as "192.0.2.10/24"'

const virtual = z
  .strictObject({
    address: key(addressWithLength, 'Clients connect to it; the MASTER has it.'),
    virtualRouterId: key(
      integer(1, 255),
      'One that no other routers on this network have: `diarch listen` shows theirs.',
    ),
  })
  .meta({ id: 'firstVirtualAddress', title: 'Virtual address' })

const service = z
  .strictObject({
    port: key(integer(1, 65_535), 'TCP, of the virtual address and of the servers.'),
    forwarding: key(
      choice('direct', 'nat').prefault('direct'),
      'How packets get to the real servers.',
    ),
    servers: key(z.array(ipAddress).min(1).max(1000), 'The addresses of the real servers.'),
  })
  .meta({ id: 'firstService', title: 'Service' })

const answers = z
  .strictObject({
    box: key(
      choice('first', 'single').prefault('first'),
      '`first`: a second box is to join it. `single`: it stays alone.',
    ),
    port: key(interfaceName.optional(), "Where the box's own address and the virtual one are.", {
      otherwise: 'the first port with a cable',
    }),
    address: key(
      z
        .union([z.literal('dhcp'), addressWithLength], { error: ownText })
        .meta({ expected: ownText })
        .prefault('dhcp'),
      'Of this box itself.',
    ),
    gateway: key(ipAddress.optional(), 'The default gateway, with an address that is not DHCP.', {
      otherwise: 'none',
    }),
    hostname: key(hostname.optional(), 'What the box is called.', {
      otherwise: 'the one that it has, `diarch-` and six digits',
    }),
    password: key(chosenPassword, 'Of the user admin. The box keeps a hash of it (scrypt).'),
    virtual: key(virtual.optional(), 'The address that the pair has.', { otherwise: 'none yet' }),
    service: key(service.optional(), 'What is balanced first.', { otherwise: 'nothing yet' }),
  })
  .meta({ id: 'answers', title: 'Answers' })

const whole = z
  .strictObject({
    document: key(
      z.record(z.string(), z.unknown()),
      'A whole configuration, as docs/reference/configuration.md has it, instead of answers.',
    ),
  })
  .meta({ id: 'whole', title: 'A configuration' })

/** JSON Schema for editors. */
export const setupSchema = (): string => editorSchemaOf('Diarch setup', z.union([answers, whole]))

/** What the box knows of itself. */
export type SetupGround = {
  readonly ports: readonly { readonly name: string; readonly link: string }[]
  readonly hostname: string
  /** 64 hexadecimal digits, of which nobody else knows. */
  readonly key: string
}

export type ReadAnswers =
  | { readonly kind: 'document'; readonly document: unknown }
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
  const isWhole = typeof value === 'object' && value !== null && 'document' in value
  if (isWhole) {
    const taken = whole.safeParse(value, { error: expectation })
    if (taken.success) return { kind: 'document', document: taken.data.document }
    return complain(ownHints(problemsOf(taken.error.issues, value)))
  }
  const taken = answers.safeParse(value, { error: expectation })
  if (!taken.success) return complain(ownHints(problemsOf(taken.error.issues, value)))
  const problems = contradictionsOf(taken.data, ground)
  if (problems.length > 0) return complain(problems)
  return { kind: 'document', document: documentOf(taken.data, ground) }
}

/** Those of the configuration's schema are about other keys. */
const ownHints = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(problem => {
    if (problem.reason !== 'unknown-key') return problem
    const keys = [answers, virtual, service, whole].flatMap(({ shape }) => Object.keys(shape))
    return { ...problem, hint: nameHint(String(problem.path.at(-1)), keys) }
  })

type Given = z.output<typeof answers>

const refused = (findings: readonly Finding[]): ReadAnswers => ({
  kind: 'refused',
  findings: findings.map(findingText),
})

function contradictionsOf(given: Given, { ports }: SetupGround): readonly Problem[] {
  const { port, address, gateway, virtual, service } = given
  const names = ports.map(({ name }) => name)
  const none = 'a port of this box, and it has none'
  return [
    ...(port !== undefined && !names.includes(port)
      ? [contradiction(['port'], names.length === 0 ? none : `one of ${names.join(', ')}`)]
      : []),
    ...(port === undefined && names.length === 0 ? [contradiction(['port'], none)] : []),
    ...(gateway === undefined ? [] : gatewayProblems(gateway, address)),
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

const gatewayProblems = (gateway: string, address: Given['address']): readonly Problem[] =>
  address === 'dhcp'
    ? [contradiction(['gateway'], 'none: DHCP gives one with the address')]
    : said(['gateway'], gatewayError(gateway, address))

const contradiction = (path: readonly string[], expected: string): Problem => ({
  path,
  reason: 'contradiction',
  expected,
  hint: null,
})

/** What the wizard says about the same thing. */
const said = (path: readonly string[], error: string | null): readonly Problem[] =>
  error === null ? [] : [{ ...contradiction(path, 'another'), hint: error }]

function documentOf(given: Given, { ports, ...ground }: SetupGround): unknown {
  const { virtual = null, service = null, gateway = null } = given
  const port = given.port ?? (ports.find(({ link }) => link === 'up') ?? ports[0])?.name ?? ''
  const name = given.hostname ?? ground.hostname
  return setupDocument({ ...given, port, gateway, hostname: name, virtual, service }, ground.key)
}
