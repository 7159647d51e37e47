/** What the menu asks: lists to choose from, and what the chosen thing needs to know. */

import { codeText, parseCode } from '../../pairing/code.ts'
import type { PeerStatus } from '../../status/pair-status.ts'
import type { Answers, Ask, Question } from '../../terminal/interview.ts'
import { parseIpAddress } from '../../values/ip-address.ts'
import { hostOf, type MenuFacts } from './facts.ts'
import { networkQuestions } from './network.ts'
import { choice, good, type Item, plain, sure } from './question.ts'

/** The questions that are lists: after something was done, the last of them is shown again. */
export const lists: ReadonlySet<string> = new Set(['item', 'pair', 'tool', 'record', 'machine'])

export const menuQuestions =
  (facts: MenuFacts): Ask =>
  answers =>
    asked(answers, facts).find(({ id }) => !Object.hasOwn(answers, id)) ?? null

function asked(answers: Answers, facts: MenuFacts): readonly Question[] {
  if (facts.person === null) return login
  const first = items(facts)
  switch (answers.item) {
    case 'network':
      return [first, ...networkQuestions(answers, facts)]
    case 'pair':
      return [first, ...pairQuestions(answers, facts)]
    case 'maintenance':
      return [first, ...(facts.status?.maintenance ? [] : [maintenance(facts)])]
    case 'failover':
      return [first, failover(facts)]
    case 'tools':
      return [first, ...toolQuestions(answers, facts)]
    case 'records':
      return [first, recordList(facts)]
    case 'password':
      return [first, ...passwords(answers)]
    case 'machine':
      return [first, ...machineQuestions(answers, facts)]
    default:
      return [first]
  }
}

const login: readonly Question[] = [
  {
    ...plain,
    id: 'user',
    title: 'Who are you?',
    help: ['The name of a user of this box. Setup has made the first one, admin.'],
    suggestion: 'admin',
    check: good,
  },
  {
    ...plain,
    id: 'password',
    title: 'Your password',
    help: ['The one of the web page. It is not shown.'],
    secret: true,
    check: text => (text === '' ? 'Type it, or go back with Esc.' : null),
  },
]

const items = (facts: MenuFacts): Question =>
  choice(
    'item',
    `What is to be done on ${hostOf(facts)}?`,
    [],
    [
      { value: 'network', label: 'Network: address, gateway, DNS of this box', role: 'admin' },
      { value: 'pair', label: 'Pair: the other box', role: 'viewer' },
      { value: 'maintenance', label: maintenanceLabel(facts), role: 'operator' },
      { value: 'failover', label: 'Failover: the other box takes over', role: 'operator' },
      { value: 'tools', label: 'Diagnostics: ping, capture, blink', role: 'operator' },
      { value: 'records', label: 'Events and logs', role: 'viewer' },
      { value: 'password', label: 'Another password for me', role: 'viewer' },
      { value: 'machine', label: 'Power, upgrade, factory reset, shell', role: 'viewer' },
      { value: 'leave', label: 'Log out', role: 'viewer' },
    ],
    facts,
  )

const maintenanceLabel = ({ status }: MenuFacts): string =>
  status?.maintenance
    ? 'Maintenance is on: take this box back into service'
    : 'Maintenance: take this box out of service'

const maintenance = (facts: MenuFacts): Question =>
  sure(
    'sure',
    `Take ${hostOf(facts)} out of service?`,
    [
      'It gives up its virtual addresses, and takes none until you end maintenance.',
      'A restart does not end it. The other box, if it is there, has them at once.',
    ],
    'yes, out of service',
  )

const failover = (facts: MenuFacts): Question =>
  sure(
    'sure',
    'Give all virtual addresses to the other box?',
    [`${hostOf(facts)} stays in service, for when the other box fails or gives up.`],
    'yes, fail over',
  )

function pairQuestions(answers: Answers, facts: MenuFacts): readonly Question[] {
  const isPaired = facts.status?.pair.peer != null
  const entries: readonly Item[] = [
    { value: 'show', label: 'How far the two boxes are with each other', role: 'viewer' },
    {
      value: 'code',
      label: 'Show a code, with which another box may join this one',
      role: 'admin',
    },
    { value: 'join', label: 'Join another box: type the code that it shows', role: 'admin' },
    { value: 'leave', label: 'Leave the pair', role: 'admin' },
  ]
  const found = choice(
    'pair',
    'The pair',
    [facts.status?.pair.why ?? ''],
    entries.filter(({ value }) => value !== 'leave' || isPaired),
    facts,
  )
  if (answers.pair === 'join') return [found, peer, code]
  return answers.pair === 'leave' ? [found, leave] : [found]
}

const peer: Question = {
  ...plain,
  id: 'peer',
  title: 'Which address has the other box?',
  help: [
    'Its console shows its own address.',
    'This box takes the configuration of the other one, but for address and name.',
  ],
  check: text =>
    parseIpAddress(text) === null
      ? `"${text}" is no address: expected one such as 192.0.2.10.`
      : null,
}

const code: Question = {
  ...plain,
  id: 'code',
  title: 'Which code does the other box show?',
  help: ['Eight digits: its menu has "Pair", and there "Show a code".'],
  check: text =>
    parseCode(text) === null
      ? `"${text}" is no code: expected eight digits such as ${codeText('12345678')}.`
      : null,
}

const leave = sure(
  'sure',
  'Are the two boxes to be no pair any more?',
  ['Each keeps the configuration that it has. A code makes them a pair again.'],
  'yes, leave the pair',
)

function toolQuestions(answers: Answers, facts: MenuFacts): readonly Question[] {
  const found = choice(
    'tool',
    'What is to be found out?',
    [],
    [
      { value: 'ping', label: 'Ping: does an address answer?', role: 'operator' },
      { value: 'vrrp', label: 'Capture VRRP: who says to be master?', role: 'operator' },
      { value: 'arp', label: 'Capture ARP: who has which address?', role: 'operator' },
      { value: 'all', label: 'Capture everything: the first 100 frames', role: 'operator' },
      { value: 'blink', label: 'Blink: which port is this?', role: 'operator' },
    ],
    facts,
  )
  if (answers.tool === 'ping') return [found, pingTo]
  if (answers.tool === undefined) return [found]
  const ports = (facts.status?.ports ?? []).filter(({ link }) => link !== 'missing')
  const port: Question = {
    ...plain,
    id: 'port',
    title: 'On which port?',
    help: [],
    options: ports.map(({ name, link, driver }) => ({
      value: name,
      label: `${name.padEnd(10)} ${link.padEnd(10)} ${driver}`.trimEnd(),
    })),
    check: good,
  }
  return [found, port]
}

const pingTo: Question = {
  ...plain,
  id: 'to',
  title: 'Which address?',
  help: ['Four echoes, one a second.'],
  check: text =>
    parseIpAddress(text) === null
      ? `"${text}" is no address: expected one such as 192.0.2.1.`
      : null,
}

function recordList(facts: MenuFacts): Question {
  const processes = (facts.status?.processes ?? []).map(({ name }) => name)
  return choice(
    'record',
    'Events and logs',
    ['Events are what happened to the box; a log is what one of its processes wrote.'],
    [
      { value: 'events', label: 'Events', role: 'viewer' },
      ...['supervisor', ...processes].map(
        (name): Item => ({ value: `log ${name}`, label: `Log of ${name}`, role: 'viewer' }),
      ),
    ],
    facts,
  )
}

const passwords = (answers: Answers): readonly Question[] => [
  {
    ...plain,
    id: 'old',
    title: 'Your password so far',
    help: [],
    secret: true,
    check: good,
  },
  {
    ...plain,
    id: 'new',
    title: 'Your new password',
    help: ['8 characters or more. What you have open elsewhere has to log in again.'],
    secret: true,
    check: text =>
      text.length >= 8 && text.length <= 128
        ? null
        : `That has ${text.length} characters: expected 8 to 128.`,
  },
  {
    ...plain,
    id: 'again',
    title: 'The same once more',
    help: ['Nobody can read it later. Esc goes back, to choose another.'],
    secret: true,
    check: text => (text === answers.new ? null : 'That is not the same password.'),
  },
]

const fromPeer = ({ name, version }: PeerStatus): Item => ({
  value: 'from-peer',
  label: `Upgrade: take the software of ${name} (version ${version ?? 'not known'})`,
  role: 'admin',
})

function machineQuestions(answers: Answers, facts: MenuFacts): readonly Question[] {
  const peer = facts.status?.pair.peer ?? null
  const found = choice(
    'machine',
    'The box as a machine',
    [],
    [
      { value: 'restart', label: 'Restart', role: 'admin' },
      { value: 'off', label: 'Power off', role: 'admin' },
      { value: 'upgrade', label: 'Upgrade: how it is done', role: 'viewer' },
      { value: 'reset', label: 'Factory reset: forget everything', role: 'admin' },
      { value: 'shell', label: 'A shell of root on this terminal', role: 'admin' },
      ...(peer === null ? [] : [fromPeer(peer)]),
    ],
    facts,
  )
  switch (answers.machine) {
    case 'restart':
      return [found, powerSure('Restart', facts, 'yes, restart')]
    case 'off':
      return [found, powerSure('Switch off', facts, 'yes, power off')]
    case 'reset':
      return [found, resetName(facts)]
    case 'from-peer':
      return [found, peerSure(facts)]
    default:
      return [found]
  }
}

const powerSure = (what: string, facts: MenuFacts, yes: string): Question =>
  sure(
    'sure',
    `${what} ${hostOf(facts)}?`,
    ['First it gives its virtual addresses to the other box, if there is one.'],
    yes,
  )

const peerSure = (facts: MenuFacts): Question =>
  sure(
    'sure',
    `Write the software of the other box into the other slot of ${hostOf(facts)}?`,
    ['What runs goes on. The next start tries the new one: "Restart" is here too.'],
    'yes, write it',
  )

const resetName = (facts: MenuFacts): Question => ({
  ...plain,
  id: 'hostname',
  title: `Forget everything? Then type the name of this box: ${hostOf(facts)}`,
  help: [
    'Configuration, history, users, keys, certificate, pair and records are gone.',
    'The box starts as from the factory. The other box keeps what it has.',
  ],
  check: text =>
    text === hostOf(facts) ? null : `This box is called ${hostOf(facts)}. Esc goes back.`,
})
