import type { ProblemReason } from '../../api/reasons.ts'
import type { JoinOutcome } from '../../pairing/pair-messages.ts'
import { parseIpAddress } from '../../values/ip-address.ts'

/** Why this box is not let in: for people, and what to do. */
export type JoinRefusal = {
  readonly reason: ProblemReason
  readonly title: string
  readonly detail: string
}

type Reason = Extract<JoinOutcome, { kind: 'refused' }>['reason']

const showOne = 'Show a code there: "diarch pair code", or the menu of its console.'

export function joinRefusal(address: string, reason: Reason, detail: string): JoinRefusal {
  switch (reason) {
    case 'no-answer': {
      const title = `No box answers at ${address}`
      return { reason: 'no-peer', title, detail: `${detail}: look at the address and the cable.` }
    }
    case 'no-code':
      return { reason: 'no-code', title: `${address} shows no pairing code`, detail: showOne }
    case 'wrong-code': {
      const title = 'That is not the code that the other box shows'
      const more = 'It lets somebody try five times, and says in "diarch events" how many are left.'
      return { reason: 'wrong-code', title, detail: more }
    }
    case 'versions':
      return { reason: 'versions-differ', title: 'The two boxes have different software', detail }
    case 'unknown-box': {
      const title = `${address} does not know this box`
      return { reason: 'no-code', title, detail: showOne }
    }
  }
}

/** `192.0.2.1`, `192.0.2.1:4343`, `[2001:db8::1]:4343`; null: it is none of these. */
export function peerAt(
  text: string,
  usualPort: number,
): { readonly address: string; readonly port: number } | null {
  const plain = parseIpAddress(text)
  if (plain !== null) return { address: plain, port: usualPort }
  const [, bracketed, dotted, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const address = parseIpAddress(bracketed ?? dotted ?? '')
  const port = Number(digits)
  return address === null || !(port >= 1 && port <= 65_535) ? null : { address, port }
}
