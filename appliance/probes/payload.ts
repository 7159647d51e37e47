import type { Payload } from '../health/question.ts'
import { ProbeFailure } from './asking.ts'

export function payloadBytes({ as, value }: Payload): Uint8Array {
  if (as === 'text') return Buffer.from(value)
  const digits = value.replace(/[\s:]/g, '')
  if (digits.length % 2 !== 0 || !/^[\da-f]*$/i.test(digits)) {
    throw new ProbeFailure('cannot-ask', `"${value.slice(0, 80)}" are not bytes in hexadecimal`)
  }
  return Buffer.from(digits, 'hex')
}
