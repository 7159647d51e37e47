/** What two boxes say to each other about the keys of their connection. */

import * as z from 'zod'

export const fingerprintSchema = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)

export const keyFrame = z.discriminatedUnion('frame', [
  /** This box is going to show that certificate: pin it beside the one that it shows now. */
  z.object({ frame: z.literal('new-key'), fingerprint: fingerprintSchema }),
  /** It is pinned, on the disk. */
  z.object({ frame: z.literal('new-key-known'), fingerprint: fingerprintSchema }),
  /** Somebody wants new keys for both boxes. */
  z.object({ frame: z.literal('renew-key') }),
])
export type KeyFrame = z.output<typeof keyFrame>

const names: ReadonlySet<string> = new Set(keyFrame.options.map(({ shape }) => shape.frame.value))

export const isKeyFrame = (frame: { readonly frame: string }): frame is KeyFrame =>
  names.has(frame.frame)
