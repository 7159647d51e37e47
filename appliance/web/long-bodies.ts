import type { IncomingMessage } from 'node:http'

/** What may be sent for longer, and in more bytes, than everything else. */
const paths: readonly string[] = ['/api/v1/upgrade']

const pathOf = ({ url = '' }: Pick<IncomingMessage, 'url'>): string => url.split('?', 1)[0] ?? ''

export type BodyLimits = {
  readonly mostBytes: number
  /** Until all of it is there. */
  readonly sentWithinMs: number
  /** Until it is answered, all in all. */
  readonly answeredWithinMs: number
  /** Without a byte in any direction, while something is sent. */
  readonly idleMs: number
}

const mebibytes = (n: number): number => n * 1024 * 1024

/** More than any operation takes: each has a limit of its own. */
const usual: BodyLimits = {
  mostBytes: mebibytes(17),
  sentWithinMs: 15_000,
  answeredWithinMs: 90_000,
  idleMs: 30_000,
}

/** A slot's partition has 512 MiB. A slow line needs its time, and so does a slow disk. */
const file: BodyLimits = {
  mostBytes: mebibytes(513),
  sentWithinMs: 30 * 60_000,
  answeredWithinMs: 40 * 60_000,
  idleMs: 5 * 60_000,
}

export const longestSending = file.sentWithinMs
export const usualIdleMs = usual.idleMs

export const bodyLimits = (request: Pick<IncomingMessage, 'url' | 'method'>): BodyLimits =>
  request.method === 'POST' && paths.includes(pathOf(request)) ? file : usual
