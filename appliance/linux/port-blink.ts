import { type KernelError, kernelError } from './kernel-error.ts'
import { native } from './native/binding.ts'

const kinds: Readonly<Record<string, string>> = {
  ENOTSUP: 'Its driver cannot do it: unplug the cable and see which link goes.',
  EBUSY: 'It blinks already.',
}

/** Until it has blinked for so long; null, or why it does not. */
export async function blinkPort(name: string, seconds: number): Promise<KernelError | null> {
  const result = await native().blinkPort(Buffer.from(name), seconds)
  if (result >= 0) return null
  const failure = kernelError(result, { op: 'ETHTOOL_PHYS_ID', target: name })
  const advice = kinds[failure.code]
  if (advice === undefined) return failure
  return kernelError(result, { op: 'ETHTOOL_PHYS_ID', target: name, advice })
}
