import { parseCode } from '../pairing/code.ts'
import type { Answers } from '../terminal/interview.ts'
import { type IpAddress, parseIpAddress } from '../values/ip-address.ts'
import { keyboardFrom } from './keyboard-question.ts'
import type { SetupFacts } from './questions.ts'
import type { FirstService, Join, Setup } from './setup.ts'
import { timeFrom } from './time-questions.ts'
import { addressList, hostPrefix, numberIn } from './words.ts'

/** The answers of a wizard that came to its end; each of them was good when it was given. */
export function setupFrom(answers: Answers, facts: SetupFacts): Setup | Join {
  const port = answers.port ?? facts.ports[0]?.name ?? ''
  const address = hostPrefix(answers.address ?? '') ?? 'dhcp'
  const gateway = addressIn(answers.gateway)
  const keyboard = keyboardFrom(answers.keyboard)
  const place = { port, address, gateway, ...(keyboard !== undefined && { keyboard }) } as const
  if (answers.box === 'second') {
    const { peer = '' } = answers
    const code = parseCode(answers.code ?? '')
    if (code === null) throw new TypeError('the wizard ended without its answers')
    return { box: 'second', ...place, peer, code }
  }
  const time = timeFrom(answers.zone, answers.timeServers)
  return {
    box: answers.box === 'single' ? 'single' : 'first',
    ...place,
    hostname: answers.hostname ?? facts.hostname,
    ...(time !== undefined && { time }),
    password: answers.password ?? '',
    virtual: virtualFrom(answers),
    service: serviceFrom(answers),
  }
}

function virtualFrom(answers: Answers): Setup['virtual'] {
  const address = hostPrefix(answers.virtual ?? '')
  const virtualRouterId = numberIn(answers.virtualRouterId ?? '', 1, 255)
  return address === null || virtualRouterId === null ? null : { address, virtualRouterId }
}

function serviceFrom(answers: Answers): FirstService | null {
  const port = numberIn(answers.servicePort ?? '', 1, 65_535)
  const servers = addressList(answers.servers ?? '')
  if (port === null || servers === null || servers.length === 0) return null
  return { port, forwarding: answers.forwarding === 'nat' ? 'nat' : 'direct', servers }
}

const addressIn = (text: string | null | undefined): IpAddress | null => parseIpAddress(text ?? '')
