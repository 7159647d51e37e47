import type { ProblemReason } from '../../api/reasons.ts'
import type { JoinerPorts } from '../../pairing/joiner-node.ts'
import type { JoinOutcome } from '../../pairing/pair-messages.ts'

export type JoinWish = {
  readonly address: string
  readonly port: number
  readonly code: string
  /** Also a box with other software, of the same schema. */
  readonly anyVersion: boolean
  readonly interfaces: JoinerPorts
}

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

export const taken = (name: string, whys: readonly string[]) => ({
  title: `This box cannot take the configuration of ${name}; both are as before`,
  detail: whys.join('\n'),
})
