/** The supervisor's answers for people at a console; they are as the table of operations says. */

import { localMinute, localMoment } from '../../linux/local-time.ts'
import type { Status, UpgradeStatus } from '../../status/document.ts'
import type { BoxEvent } from '../../status/events.ts'
import type { PairStatus } from '../../status/pair-status.ts'
import type { LogLine } from '../../supervision/log-ring.ts'
import { commitText } from '../commit-text.ts'

export function pair(answer: unknown): readonly string[] {
  const { state, why, peer, conflict } = answer as PairStatus & {
    readonly conflict?: { readonly differences: readonly string[] } | null
  }
  const version = peer?.version == null ? '' : `, version ${peer.version}`
  return [
    `${state}: ${why}`,
    ...(peer === null ? [] : [`${peer.name} at ${peer.address}${version}`, peer.fingerprint]),
    ...(conflict == null
      ? []
      : [
          'From here to there:',
          ...conflict.differences.map(each => `  ${each}`),
          'The page "Pair" of this box, or "diarch pair resolve", ends the conflict.',
        ]),
  ]
}

export const code =
  (zone: string) =>
  (answer: unknown): readonly string[] => {
    const { code: shown, expiresAt } = answer as {
      readonly code: string
      readonly expiresAt: string
    }
    return [
      `The code is   ${shown}`,
      `It is good until ${localMinute(expiresAt, zone)}, for one box and five tries.`,
      'Type it on the other box: its wizard asks for it, and so does its menu under "Pair".',
    ]
  }

export function maintenance(answer: unknown): readonly string[] {
  const { maintenance: on, notKept } = answer as {
    readonly maintenance: unknown
    readonly notKept: string | null
  }
  const said = on
    ? 'Maintenance is on: this box holds no virtual address until you end it here.'
    : 'Maintenance is off: this box takes part again.'
  return [said, ...(notKept === null ? [] : [`But it is not kept: ${notKept}`])]
}

export function failover(answer: unknown): readonly string[] {
  const { routers } = answer as { readonly routers: readonly string[] }
  return [
    `This box gives up ${routers.join(', ')}.`,
    'The first screen shows who is master now. Esc leads there.',
  ]
}

export function ping(answer: unknown): readonly string[] {
  const { address, answers } = answer as {
    readonly address: string
    readonly answers: readonly { readonly passed: boolean; readonly why: string }[]
  }
  const came = answers.filter(({ passed }) => passed).length
  return [
    `${address}: ${came} of ${answers.length} answered.`,
    ...answers.map(({ why }, index) => `${index + 1}  ${why}`),
  ]
}

export function capture(answer: unknown): readonly string[] {
  const { port, lines } = answer as { readonly port: string; readonly lines: readonly string[] }
  if (lines.length === 0) return [`Nothing of that was on ${port} in the time.`]
  return [`${port}: seconds, and what it was`, ...lines]
}

export function blink(answer: unknown): readonly string[] {
  const { port, seconds } = answer as { readonly port: string; readonly seconds: number }
  return [`${port} blinks for ${seconds} seconds.`]
}

export const events =
  (zone: string) =>
  (answer: unknown): readonly string[] => {
    const { events: all } = answer as { readonly events: readonly BoxEvent[] }
    if (all.length === 0) return ['Nothing has happened yet.']
    return all.map(({ at, about, event, text, times }) => {
      const often = times === 1 ? '' : ` (${times} times)`
      return `${localMoment(at, zone).slice(5, 19)}  ${about}: ${event}: ${text}${often}`
    })
  }

export const log =
  (zone: string) =>
  (answer: unknown): readonly string[] => {
    const { name, lines } = answer as { readonly name: string; readonly lines: readonly LogLine[] }
    if (lines.length === 0) return [`${name} has written nothing.`]
    return lines.map(({ at, stream, text }) => {
      return `${localMoment(at, zone).slice(11, 19)} ${stream === 'stderr' ? '!' : ' '} ${text}`
    })
  }

export function power(answer: unknown): readonly string[] {
  const { action } = answer as { readonly action: 'restart' | 'off' }
  return [action === 'off' ? 'The box switches off.' : 'The box starts again.']
}

export const reset = (): readonly string[] => [
  'The box starts again, and has forgotten everything then.',
  'Should the power fail meanwhile, it goes on with that at the next start.',
]

export function fromPeer(answer: unknown): readonly string[] {
  const { version, commit, slot } = answer as UpgradeStatus
  return [
    `Version ${version} (${commitText(commit)}) is written into slot ${slot.toUpperCase()}.`,
    'That takes a minute: "Events and logs" says when it is whole. The next start tries it then.',
  ]
}

export function upgrade(status: Status | null, hostname: string): readonly string[] {
  const version = status === null ? '' : ` It has version ${status.version} now.`
  return [
    `An upgrade of ${hostname} comes over the network.${version}`,
    'On the page of the box: System, Upgrade. In a shell: diarch upgrade --help.',
    'One box after the other, the BACKUP first.',
    'It starts from its other slot, and from this one again if that one fails.',
  ]
}
