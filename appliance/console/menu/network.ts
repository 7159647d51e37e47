import { addressList, gatewayError, hostPrefix, prefixError } from '../../setup/words.ts'
import type { Answers, Question } from '../../terminal/interview.ts'
import { type Family, familyOf, parseIpAddress } from '../../values/ip-address.ts'
import type { MenuFacts, WrittenInterface, WrittenNetwork } from './facts.ts'
import { good, plain } from './question.ts'

/** The box's own network: what is asked, and what becomes of the configuration. */

export function networkQuestions(answers: Answers, facts: MenuFacts): readonly Question[] {
  const { network } = facts
  if (network === null) return []
  const ports = portsOf(facts)
  const name = answers.port ?? ports[0] ?? ''
  const own = network.interfaces?.[name]
  const address: Question = {
    ...plain,
    id: 'address',
    title: `Which address has this box itself on ${name}?`,
    help: [
      'One such as 192.0.2.10/24, or dhcp. Not the virtual one: each box has its own.',
      'Nothing is final: you see whether it works, and keep it or not.',
    ],
    suggestion: own?.dhcp === true || own === undefined ? 'dhcp' : (own.addresses?.[0] ?? 'dhcp'),
    check: text => (text === 'dhcp' ? null : prefixError(text)),
  }
  const prefix = hostPrefix(answers.address ?? '')
  const gateway: Question = {
    ...plain,
    id: 'gateway',
    title: 'Which router leads out of this network?',
    help: ['The default gateway, or none: then only its own network reaches the box.'],
    suggestion: (prefix && gatewayIn(network, familyOf(prefix.address))) ?? 'none',
    check: text => (text === 'none' || prefix === null ? null : gatewayError(text, prefix)),
  }
  const servers = network.dns?.servers ?? []
  const dns: Question = {
    ...plain,
    id: 'dns',
    title: 'Which name servers (DNS)?',
    help: ['Their addresses, with blanks between them. none: those that DHCP names.'],
    suggestion: servers.length === 0 ? 'none' : servers.join(' '),
    check: text =>
      text === 'none' || addressList(text) !== null
        ? null
        : `"${text}": expected addresses such as 192.0.2.53, or none.`,
  }
  return [
    ...(ports.length < 2 ? [] : [portQuestion(ports, facts)]),
    address,
    ...(prefix === null ? [] : [gateway]),
    dns,
  ]
}

const portQuestion = (ports: readonly string[], { status }: MenuFacts): Question => ({
  ...plain,
  id: 'port',
  title: 'Which port?',
  help: ['The lines change when you plug in a cable, or pull one.'],
  options: ports.map(value => {
    const port = status?.ports.find(({ name }) => name === value)
    const seen = port === undefined ? '' : `${port.link}  ${port.addresses[0] ?? ''}`
    return { value, label: `${value.padEnd(10)} ${seen}`.trimEnd() }
  }),
  check: good,
})

/** Those that are there, and what the configuration has made of some. */
function portsOf({ status, network }: MenuFacts): readonly string[] {
  const there = (status?.ports ?? []).map(({ name }) => name)
  return [...new Set([...there, ...Object.keys(network?.interfaces ?? {})])]
}

const gatewayIn = ({ routes = [] }: WrittenNetwork, family: Family): string | undefined =>
  routes.find(route => isDefault(route, family))?.gateway

const isDefault = (
  { destination, gateway }: { readonly destination: string; readonly gateway: string },
  family: Family,
): boolean => {
  const address = parseIpAddress(gateway)
  return destination === 'default' && address !== null && familyOf(address) === family
}

/** `node.network` as it is to be; what was not asked stays. */
export function changedNetwork(answers: Answers, facts: MenuFacts): WrittenNetwork {
  const { network } = facts
  const ports = portsOf(facts)
  const name = answers.port ?? ports[0] ?? ''
  // A port that is not named has no address, and so far each of them asks by DHCP.
  const others: Readonly<Record<string, WrittenInterface>> =
    network?.interfaces ?? Object.fromEntries(ports.map(port => [port, { dhcp: true }]))
  const prefix = hostPrefix(answers.address ?? '')
  const { addresses = [], dhcp: _, ...rest } = others[name] ?? {}
  const own: WrittenInterface =
    prefix === null
      ? { ...rest, dhcp: true }
      : { ...rest, addresses: [answers.address ?? '', ...addresses.slice(1)] }
  const { dns = {}, routes = [], ...left } = network ?? {}
  const servers = addressList(answers.dns === 'none' ? '' : (answers.dns ?? '')) ?? []
  const family = prefix === null ? 'inet' : familyOf(prefix.address)
  const kept = routes.filter(route => !isDefault(route, family))
  const gateway = answers.gateway === 'none' ? undefined : answers.gateway
  const all = gateway === undefined ? kept : [...kept, { destination: 'default', gateway }]
  return {
    ...left,
    interfaces: { ...others, [name]: own },
    ...(all.length === 0 ? {} : { routes: all }),
    ...(servers.length === 0 && network?.dns === undefined ? {} : { dns: { ...dns, servers } }),
  }
}
