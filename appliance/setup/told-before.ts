/** What a box was told before its setup came to an end: a second one that restarted on the way. */

import type { Answers } from '../terminal/interview.ts'

/** As `joinDocument` has written it. */
type Written = {
  readonly node?: {
    readonly console?: { readonly keyboard?: string }
    readonly network?: {
      readonly interfaces?: Readonly<Record<string, { readonly addresses?: readonly string[] }>>
      readonly routes?: readonly { readonly destination: string; readonly gateway: string }[]
    }
  }
}

export function toldBefore(document: unknown): Answers {
  const { console: screen, network } = ((document ?? {}) as Written).node ?? {}
  const keyboard = screen?.keyboard === undefined ? {} : { keyboard: screen.keyboard }
  const [own] = Object.entries(network?.interfaces ?? {})
  if (own === undefined) return keyboard
  const [port, { addresses = [] }] = own
  const router = network?.routes?.find(({ destination }) => destination === 'default')
  const place = { port, address: addresses[0] ?? 'dhcp', gateway: router?.gateway ?? '' }
  return { ...keyboard, box: 'second', ...place }
}
