import type { FailureReason, Finding, WeightWord } from '../health/check.ts'
import type { Target } from '../health/question.ts'
import { endpointText } from '../values/endpoint-text.ts'

/**
 * How each kind asks. Never rejects. When the signal aborts it soon says 'timeout' and how far it
 * came; it leaves no socket and no process behind.
 */
export type Ask<Q> = (question: Q, target: Target, signal: AbortSignal) => Promise<Finding>

/** What ends a question early; `findingOf` makes a finding of it. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure'
  readonly reason: FailureReason

  constructor(reason: FailureReason, why: string) {
    super(why)
    this.reason = reason
  }
}

export const passed = (why: string, weight: WeightWord | null = null): Finding => ({
  kind: 'passed',
  why,
  weight,
})

export const failed = (reason: FailureReason, why: string): Finding => ({
  kind: 'failed',
  reason,
  why,
})

/** Of whatever was thrown. */
export function findingOf(error: unknown): Finding {
  if (error instanceof ProbeFailure) return failed(error.reason, error.message)
  if (!(error instanceof Error)) return failed('cannot-ask', String(error))
  const { code, address, port } = error as NodeJS.ErrnoException & Peer
  if (code === undefined) return failed('cannot-ask', error.message)
  if (isTlsCode(code)) return failed('tls', `TLS: ${error.message}`)
  const whom = address === undefined || port === undefined ? null : endpointText(address, port)
  const known = refusal(code, whom ?? '')
  const words = whom === null || known === null ? error.message : known.message
  return failed(known?.reason ?? 'cannot-ask', words)
}

type Peer = { readonly address?: string; readonly port?: number }

const isTlsCode = (code: string): boolean =>
  code === 'EPROTO' || /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)

/** What the kernel's refusal says about `whom`, of whom something was asked. */
export const kernelFailure = (code: string, whom: string): ProbeFailure =>
  refusal(code, whom) ?? new ProbeFailure('cannot-ask', `${whom} cannot be asked: ${code}`)

function refusal(code: string, whom: string): ProbeFailure | null {
  switch (code) {
    case 'ECONNREFUSED':
      return new ProbeFailure('refused', `connection refused by ${whom}`)
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return new ProbeFailure('closed', `connection reset by ${whom}`)
    case 'ETIMEDOUT':
      return new ProbeFailure('timeout', `no answer from ${whom}`)
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
      return new ProbeFailure('unreachable', `no way to ${whom}: the host does not answer`)
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return new ProbeFailure('unreachable', `no way to ${whom}: no route (ip route get)`)
    case 'EADDRNOTAVAIL':
      return cannot(whom, 'this box lacks the source address, or has no free port')
    case 'EMFILE':
    case 'ENFILE':
      return cannot(whom, 'too many files are open (LimitNOFILE)')
    case 'ENODEV':
      return cannot(whom, 'the interface to ask by is not there (ip link)')
    case 'EPERM':
    case 'EACCES':
      return cannot(whom, 'this box does not allow it (a firewall rule, or a missing capability)')
    case 'EINVAL':
      return cannot(whom, 'the kernel takes no such address from there (a link-local one?)')
    case 'ENOBUFS':
    case 'ENOMEM':
      return cannot(whom, 'the kernel has no memory for it')
    default:
      return null
  }
}

const cannot = (whom: string, why: string): ProbeFailure =>
  new ProbeFailure('cannot-ask', `${whom} cannot be asked: ${why}`)

/** The target's port, or else the kind's own. */
export const portOf = (target: Target, usual: number): number => target.port ?? usual

/** A stranger's words in ours: short, in quotes, without control characters. */
export function quoted(words: Uint8Array | string): string {
  const most = 80
  const text = typeof words === 'string' ? words : Buffer.from(words.subarray(0, 400)).toString()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\ufffd\u2028\u2029]+/g, '.')
  return plain.length <= most ? `"${plain}"` : `"${plain.slice(0, most)}..."`
}
