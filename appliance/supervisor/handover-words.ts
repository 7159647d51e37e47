import type { HandoverReceipt } from '../status/pair-status.ts'

type Measured = Omit<HandoverReceipt, 'text'>

/** `VI_1 is with lb2: 11 ms without a holder (give or take 2 ms), 214 of 214 connections kept`. */
export function receiptText(receipt: Measured): string {
  const { routers, outcome, to } = receipt
  const what = routers.length > 3 ? `${routers.length} virtual routers` : routers.join(', ')
  const verb = routers.length === 1 ? 'is' : 'are'
  switch (outcome) {
    case 'handed-over':
      return [
        `${what} ${verb} with ${to ?? 'another box'}: ${gapText(receipt)}`,
        keptText(receipt),
      ].join(', ')
    case 'not-taken':
      return `nobody took ${what}: this box is master again`
    case 'unknown':
      return `${what} ${verb} given up, and nobody else was heard as master yet`
  }
}

function gapText({ gap }: Measured): string {
  if (gap === null) return 'how long nobody held it was not measured'
  const ms = Math.round(gap.ms)
  // Rounded up: what is promised of the error has to hold.
  const error = Math.max(1, Math.ceil(gap.withinMs))
  const isBelowError = ms <= error && gap.by === 'pair-link'
  const words = isBelowError
    ? `at most ${ms + error} ms without a holder`
    : `${ms} ms without a holder (give or take ${error} ms)`
  return gap.by === 'pair-link' ? words : `${words}, as this box heard it`
}

function keptText({ connections, connectionsWhy }: Measured): string {
  if (connections === null) {
    return `connections not measured: ${connectionsWhy ?? 'nobody was asked'}`
  }
  const { kept, of } = connections
  return `${kept} of ${of} ${of === 1 ? 'connection' : 'connections'} kept`
}
