/** What may stand in an answer file. */

import * as z from 'zod'
import { keyboardLayouts } from '../config/console-schema.ts'
import { editorSchemaOf } from '../config/editor-schema.ts'
import { choice, duration, integer, interfaceName, ipAddress, parsed } from '../config/leaves.ts'
import { key } from '../config/meta.ts'
import { hostname } from '../config/network-schema.ts'
import { time } from '../config/time-schema.ts'
import { chosenPassword } from '../config/user-schema.ts'
import { parseCode } from '../pairing/code.ts'
import { hostPrefix } from './words.ts'

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

const code = parsed('eight digits such as "4729-1836"', /^[\d -]+$/, parseCode)

const shownCode = z
  .strictObject({
    code: key(code, 'The second box knows it too. Good for one box and five tries.'),
    within: key(
      duration('1m', '24h').prefault('1h'),
      'For so long after its setup the box lets in who knows the code.',
    ),
  })
  .meta({ id: 'sharedCode', title: 'Code for the second box' })

const typedCode = z
  .strictObject({
    code: key(code, 'That of the first box.'),
    peer: key(ipAddress.optional(), 'The address of the first box.', {
      otherwise: 'the one box on this network that shows a code',
    }),
  })
  .meta({ id: 'knownCode', title: 'Code of the first box' })

const place = {
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
  time: key(time.optional(), 'Its time zone, and who tells it the time.', {
    otherwise: 'UTC, from the time servers that DHCP names',
  }),
  keyboard: key(choice(...keyboardLayouts).optional(), 'Of the keyboard at its screen.', {
    otherwise: '`us`',
  }),
}

export const firstAnswers = z
  .strictObject({
    box: key(
      choice('first', 'single').prefault('first'),
      '`first`: a second box is to join it. `single`: it stays alone.',
    ),
    ...place,
    password: key(chosenPassword, 'Of the user admin. The box keeps a hash of it (scrypt).'),
    virtual: key(virtual.optional(), 'The address that the pair has.', { otherwise: 'none yet' }),
    service: key(service.optional(), 'What is balanced first.', { otherwise: 'nothing yet' }),
    pairing: key(shownCode.optional(), 'So that a second box joins without anybody typing.', {
      otherwise: 'somebody asks for a code on the box',
    }),
  })
  .meta({ id: 'answers', title: 'Answers of the first box' })

export const secondAnswers = z
  .strictObject({
    box: key(choice('second'), 'It joins a first box, and has everything else from there.'),
    ...place,
    pairing: key(typedCode, 'Where the first box is, and how it knows this one.'),
  })
  .meta({ id: 'secondAnswers', title: 'Answers of the second box' })

export const wholeDocument = z
  .strictObject({
    document: key(
      z.record(z.string(), z.unknown()),
      'A whole configuration, as docs/reference/configuration.md has it, instead of answers.',
    ),
  })
  .meta({ id: 'whole', title: 'A configuration' })

export type FirstAnswers = z.output<typeof firstAnswers>
export type SecondAnswers = z.output<typeof secondAnswers>

export const boxKinds = ['first', 'second', 'single'] as const

/** Every key there is, to tell what somebody has meant. */
export const answerKeys: readonly string[] = [
  ...[firstAnswers, secondAnswers, wholeDocument, virtual, service, shownCode, typedCode],
].flatMap(({ shape }) => Object.keys(shape))

/** JSON Schema for editors. */
export const setupSchema = (): string =>
  editorSchemaOf('Diarch setup', z.union([firstAnswers, secondAnswers, wholeDocument]))
