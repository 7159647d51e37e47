import type { Setup } from '../setup/setup.ts'
import { timeLine } from '../setup/time-questions.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { prefixText } from '../values/prefix.ts'

/** Every answer but the password, before somebody keeps it: Esc leads back to them. */
export const trialLines = (setup: Setup): readonly string[] => [
  `${setup.hostname} is set up, and waits for your word.`,
  placeLine(setup),
  timeLine(setup.time ?? { zone: 'UTC' }, setup.address),
  ...virtualLines(setup),
  ...(setup.keyboard === undefined ? [] : [`The keyboard at its screen is ${setup.keyboard}.`]),
  'If you sit before it, or can reach it there, keep it.',
]

function placeLine({ box, port, address, gateway }: Setup): string {
  const kind = box === 'first' ? 'the first box of a pair' : 'a single box'
  if (address === 'dhcp') return `It is ${kind}, and has its address by DHCP on ${port}.`
  const way = gateway === null ? 'no router leads out' : `${gateway} leads out`
  return `It is ${kind}, and has ${prefixText(address)} on ${port}; ${way}.`
}

function virtualLines({ virtual, service }: Setup): readonly string[] {
  if (virtual === null) {
    return ['It has no virtual address yet.', 'It balances no service yet.']
  }
  const { address: at, virtualRouterId } = virtual
  const first = `The virtual address is ${prefixText(at)}, with VRRP id ${virtualRouterId}.`
  if (service === null) return [first, 'It balances no service yet.']
  const way = service.forwarding === 'nat' ? 'NAT' : 'direct routing'
  const where = endpointText(at.address, service.port)
  return [first, `It balances ${where} by ${way} to ${service.servers.join(', ')}.`]
}
