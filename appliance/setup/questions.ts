/** The questions of the wizard: which come depends on the answers before. */

import type { KeyboardLayout } from '../config/console-schema.ts'
import { codeText, parseCode } from '../pairing/code.ts'
import type { FoundBox } from '../pairing/discovery.ts'
import { peerAt, peerText } from '../pairing/peer-address.ts'
import type { PortStatus } from '../status/document.ts'
import type { HeardRouter } from '../status/heard-router.ts'
import type { Answers, Ask, Question } from '../terminal/interview.ts'
import { familyOf } from '../values/ip-address.ts'
import { keyboardQuestion } from './keyboard-question.ts'
import { timeServersError, timeServersHelp, zoneError, zoneHelp } from './time-questions.ts'
import {
  freeId,
  gatewayError,
  heardText,
  hostPrefix,
  numberIn,
  prefixError,
  serversError,
  virtualRouterIdError,
} from './words.ts'

/** What the wizard knows while it asks. */
export type SetupFacts = {
  readonly ports: readonly PortStatus[]
  readonly hostname: string
  /** Where the search for a free one begins. */
  readonly virtualRouterId: number
  /** Null: it is not known yet. */
  readonly heard: readonly HeardRouter[] | null
  /** Boxes on the segment that show a pairing code right now. */
  readonly found: readonly FoundBox[]
  /** The layout in force; a serial line has none of ours. */
  readonly keyboard?: KeyboardLayout
}

const plain = { options: [], secret: false, suggestion: '', help: [] } as const

const good = (): null => null

export const setupQuestions =
  (facts: SetupFacts): Ask =>
  answers => {
    for (const make of order) {
      const question = make(answers, facts)
      if (question !== null && !Object.hasOwn(answers, question.id)) return question
    }
    return null
  }

type Make = (answers: Answers, facts: SetupFacts) => Question | null

const isFirst = ({ box }: Answers): boolean => box === 'first' || box === 'single'

const keyboard: Make = (_, facts) =>
  facts.keyboard === undefined ? null : keyboardQuestion(facts.keyboard)

const box: Make = () => ({
  ...plain,
  id: 'box',
  title: 'What is this box to be?',
  help: [
    'Two boxes hold one virtual address between them.',
    'The first one is set up first, and the second one joins it.',
  ],
  options: [
    { value: 'first', label: 'the first box of a pair' },
    { value: 'second', label: 'the second box: it joins one that is set up' },
    { value: 'single', label: 'a single box, for now' },
  ],
  suggestion: 'first',
  check: good,
})

const port: Make = (_, { ports }) =>
  ports.length < 2
    ? null
    : {
        ...plain,
        id: 'port',
        title: 'Which port has the network?',
        help: [
          'Plug in a cable, or pull one, and see which line changes.',
          'The box has its own address there, and the virtual address comes to it.',
        ],
        options: portTexts(ports).map((label, index) => ({
          value: ports[index]?.name ?? '',
          label,
        })),
        suggestion: ports.find(({ link }) => link === 'up')?.name ?? ports[0]?.name ?? '',
        letter: { letter: 'b', does: 'blinks its lamp' },
        check: good,
      }

/** In columns. */
function portTexts(ports: readonly PortStatus[]): readonly string[] {
  const rows = ports.map(({ name, link, speedMbps, driver, mac }) => {
    const speed = speedMbps === null ? '' : `, ${speedMbps} Mb/s`
    const state = link === 'up' ? `link up${speed}` : link === 'no-carrier' ? 'no cable' : link
    return [name, state, driver, mac]
  })
  const widthOf = (column: number) => Math.max(...rows.map(row => row[column]?.length ?? 0))
  return rows.map(row => row.map((cell, column) => cell.padEnd(widthOf(column))).join('  '))
}

const address: Make = (answers, { ports }) => {
  const name = answers.port ?? ports[0]?.name
  const leased = ports
    .find(each => each.name === name)
    ?.addresses.find(each => hostPrefix(each) !== null && !each.startsWith('fe80'))
  return {
    ...plain,
    id: 'address',
    title: 'Which address has this box itself?',
    help: [
      'Not the virtual one: each box has its own. One that never changes is best.',
      leased === undefined
        ? 'DHCP has given none so far. Type one such as 192.0.2.10/24, or dhcp.'
        : `DHCP has given it ${leased}. Type one such as 192.0.2.10/24, or dhcp.`,
    ],
    suggestion: 'dhcp',
    check: text => (text === 'dhcp' ? null : prefixError(text)),
  }
}

const gateway: Make = ({ address: own = 'dhcp' }) => {
  const prefix = hostPrefix(own)
  return prefix === null
    ? null
    : {
        ...plain,
        id: 'gateway',
        title: 'Which router leads out of this network?',
        help: ['The default gateway. Enter alone: none; only its own network reaches it then.'],
        check: text => (text === 'none' ? null : gatewayError(text, prefix)),
      }
}

const peer: Make = ({ box: kind }, { found }) =>
  kind !== 'second'
    ? null
    : {
        ...plain,
        id: 'peer',
        title: 'Which address has the first box?',
        help: foundText(found),
        suggestion: found.length === 1 ? found.map(peerOf).join('') : '',
        check: text =>
          peerAt(text) === null
            ? `"${text}" is no address: expected one such as 192.0.2.10.`
            : null,
      }

const peerOf = ({ addresses: [address = ''], port }: FoundBox): string => peerText(address, port)

function foundText(found: readonly FoundBox[]): readonly string[] {
  const [only, ...more] = found
  if (only === undefined) {
    return [
      'The box looks around for one that shows a pairing code, and has found none so far.',
      'The console of the first box shows its own address.',
    ]
  }
  const boxes = found.map(box => `${box.name} at ${peerOf(box)}`)
  return more.length === 0
    ? [`${boxes.join('')} shows a pairing code. Is it the one?`]
    : [`These show a pairing code: ${boxes.join(', ')}`]
}

const code: Make = ({ box: kind }) =>
  kind !== 'second'
    ? null
    : {
        ...plain,
        id: 'code',
        title: 'Which code does the first box show?',
        help: ['Eight digits: its wizard ends with them, and its menu has "Pair".'],
        check: text =>
          parseCode(text) === null
            ? `"${text}" is no code: expected eight digits such as ${codeText('12345678')}.`
            : null,
      }

const hostname: Make = (answers, facts) =>
  !isFirst(answers)
    ? null
    : {
        ...plain,
        id: 'hostname',
        title: 'What is this box called?',
        help: ['1 to 63 letters, digits and "-".'],
        suggestion: facts.hostname,
        check: text =>
          /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(text)
            ? null
            : `"${text}" is no host name: expected 1 to 63 letters and digits, "-" in between.`,
      }

const zone: Make = answers =>
  !isFirst(answers)
    ? null
    : {
        ...plain,
        id: 'zone',
        title: 'Which time zone?',
        help: zoneHelp,
        suggestion: 'UTC',
        check: zoneError,
      }

const timeServers: Make = answers =>
  !isFirst(answers)
    ? null
    : {
        ...plain,
        id: 'timeServers',
        title: 'Which time servers tell it the time?',
        help: timeServersHelp(answers.address ?? 'dhcp'),
        check: timeServersError,
      }

const password: Make = answers =>
  !isFirst(answers)
    ? null
    : {
        ...plain,
        id: 'password',
        title: 'Choose the password of the user admin',
        help: ['For the web page, and for the menu of this console. 8 characters or more.'],
        secret: true,
        check: text =>
          text.length >= 8 && text.length <= 128
            ? null
            : `That has ${text.length} characters: expected 8 to 128.`,
      }

const again: Make = answers =>
  !isFirst(answers)
    ? null
    : {
        ...plain,
        id: 'again',
        title: 'The same password once more',
        help: ['Nobody can read it later. Esc goes back, to choose another.'],
        secret: true,
        check: text => (text === answers.password ? null : 'That is not the same password.'),
      }

const virtual: Make = answers =>
  !isFirst(answers)
    ? null
    : {
        ...plain,
        id: 'virtual',
        title: 'Which virtual address do the boxes hold between them?',
        help: [
          'Clients connect to it; whichever box is MASTER has it. Nobody else may use it.',
          'Such as 192.0.2.100/24. Enter alone: later, on the page of the box.',
        ],
        check: text => {
          if (text === '') return null
          const error = prefixError(text)
          if (error !== null) return error
          const same = hostPrefix(text)?.address === hostPrefix(answers.address ?? '')?.address
          return same ? `${text} is the address of this box itself: expected another.` : null
        },
      }

const virtualRouterId: Make = (answers, facts) =>
  !isFirst(answers) || (answers.virtual ?? '') === ''
    ? null
    : {
        ...plain,
        id: 'virtualRouterId',
        title: 'Which VRRP id (VRID)?',
        help: [
          'Both boxes have the same one, and no other routers on this network may.',
          heardText(facts.heard === null ? null : rivals(answers, facts)),
        ],
        suggestion: `${freeId(facts.virtualRouterId, rivals(answers, facts))}`,
        check: text => virtualRouterIdError(text, rivals(answers, facts)),
      }

/** An id counts on one network, and for one family. */
function rivals(answers: Answers, { heard, ports }: SetupFacts): readonly HeardRouter[] {
  const name = answers.port ?? ports[0]?.name
  const at = hostPrefix(answers.virtual ?? '')?.address
  return (heard ?? []).filter(
    each => each.interface === name && at !== undefined && each.family === familyOf(at),
  )
}

const servicePort: Make = answers =>
  !isFirst(answers) || (answers.virtual ?? '') === ''
    ? null
    : {
        ...plain,
        id: 'servicePort',
        title: 'Which TCP port is balanced first?',
        help: ['Such as 80 or 443. Enter alone: later, on the page of the box.'],
        check: text =>
          text === '' || numberIn(text, 1, 65_535) !== null
            ? null
            : `"${text}": expected a number from 1 to 65535, or nothing.`,
      }

const forwarding: Make = ({ servicePort: wanted = '' }) =>
  wanted === ''
    ? null
    : {
        ...plain,
        id: 'forwarding',
        title: 'How do packets get to the real servers?',
        help: [
          'DR: servers answer clients directly, and have the virtual address on their',
          'loopback: "diarch realserver-script" prints how.',
          'NAT: nothing is changed on them, but their way back leads through this box.',
        ],
        options: [
          { value: 'direct', label: 'direct routing (DR)' },
          { value: 'nat', label: 'NAT' },
        ],
        suggestion: 'direct',
        check: good,
      }

const servers: Make = ({ servicePort: wanted = '', virtual: at = '' }) =>
  wanted === ''
    ? null
    : {
        ...plain,
        id: 'servers',
        title: 'Which real servers?',
        help: ['Their addresses, with blanks between them: 192.0.2.21 192.0.2.22'],
        check: text => serversError(text, at),
      }

const order: readonly Make[] = [
  ...[keyboard, box, port, address, gateway, peer, code, hostname],
  ...[zone, timeServers, password, again],
  ...[virtual, virtualRouterId, servicePort, forwarding, servers],
]
