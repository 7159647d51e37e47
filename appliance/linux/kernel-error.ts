import { getSystemErrorMessage, getSystemErrorName } from 'node:util'

/** What the kernel refused: which operation, on what, why in its own words, and what to do. */
export class KernelError extends Error {
  override readonly name = 'KernelError'
  /** A system call or a message, as the kernel's manual calls it. */
  readonly op: string
  readonly target: string
  /** As in errno(3): ENODEV. */
  readonly code: string

  constructor(failure: Failure) {
    const { op, target, code, reason, advice } = failure
    super(`${op} on ${target}: ${reason}. ${advice}`)
    this.op = op
    this.target = target
    this.code = code
  }
}

export type Failure = {
  readonly op: string
  readonly target: string
  readonly code: string
  readonly reason: string
  readonly advice: string
}

export type Attempt = { readonly op: string; readonly target: string; readonly advice?: string }

/** Returns what a native function returned, or throws what the kernel refused. */
export function checked(result: number, attempt: Attempt): number {
  if (result >= 0) return result
  throw kernelError(result, attempt)
}

export function kernelError(result: number, { op, target, advice }: Attempt): KernelError {
  const code = errorCode(result)
  const reason = errorText(result)
  return new KernelError({ op, target, code, reason, advice: advice ?? usualAdvice(code) })
}

/** The name of -errno. */
export function errorCode(result: number): string {
  return result < 0 && result > -4096 ? getSystemErrorName(result) : `E${-result}`
}

/** What strerror(3) says of -errno. */
export const errorText = (result: number): string => getSystemErrorMessage(result) ?? 'refused'

function usualAdvice(code: string): string {
  switch (code) {
    case 'EPERM':
    case 'EACCES':
      return 'It needs root, or the capabilities NET_ADMIN and NET_RAW.'
    case 'ENODEV':
    case 'ENXIO':
      return 'The interface is gone: look at it with "ip link".'
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open: raise the limit (LimitNOFILE, ulimit -n).'
    case 'EPROTONOSUPPORT':
    case 'EAFNOSUPPORT':
    case 'ENOPROTOOPT':
      return 'This kernel was built without it.'
    default:
      return 'The kernel log may say more.'
  }
}
