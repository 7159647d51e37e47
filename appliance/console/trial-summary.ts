import type { Setup } from '../setup/setup.ts'
import { timeText } from '../setup/time-questions.ts'
import { endpointText } from '../values/endpoint-text.ts'
import { prefixText } from '../values/prefix.ts'

export type Summary = {
  readonly title: string
  readonly rows: readonly (readonly [label: string, text: string])[]
}

/** Every answer but the password, before somebody keeps it: Esc leads back to them. */
export const trialSummary = (setup: Setup): Summary => ({
  title: `${setup.hostname} is set up, and waits for your word.`,
  rows: [
    ['This box', setup.box === 'first' ? 'the first one of a pair' : 'a single one'],
    ...placeRows(setup),
    ['Time', timeText(setup.time ?? { zone: 'UTC' }, setup.address)],
    ...virtualRows(setup),
    ...(setup.keyboard === undefined ? [] : [['Keyboard', setup.keyboard] as const]),
  ],
})

function placeRows({ port, address, gateway }: Setup): Summary['rows'] {
  if (address === 'dhcp') return [['Its own address', `by DHCP on ${port}`]]
  return [
    ['Its own address', `${prefixText(address)} on ${port}`],
    ['Router', gateway ?? 'none: only its own network reaches it'],
  ]
}

function virtualRows({ virtual, service }: Setup): Summary['rows'] {
  if (virtual === null) return [['Virtual address', 'none yet']]
  const { address: at, virtualRouterId } = virtual
  const first = ['Virtual address', `${prefixText(at)}, VRRP id ${virtualRouterId}`] as const
  if (service === null) return [first, ['Service', 'none yet']]
  const way = service.forwarding === 'nat' ? 'NAT' : 'direct routing'
  return [
    first,
    ['Service', `${endpointText(at.address, service.port)}, by ${way}`],
    ['Real servers', service.servers.join(', ')],
  ]
}
