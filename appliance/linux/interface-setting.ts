import { readFileSync, writeFileSync } from 'node:fs'
import { KernelError } from './kernel-error.ts'

/** One of /proc/sys/net/{ipv4,ipv6}/conf/INTERFACE/. */
export type InterfaceSetting = {
  readonly interface: string
  readonly family: 'ipv4' | 'ipv6'
  readonly setting: string
}

/** Returns what it was before. Of some settings the larger one of this and `all` counts. */
export function changeSetting(
  { interface: name, family, setting }: InterfaceSetting,
  value: string,
): string {
  const path = `/proc/sys/net/${family}/conf/${name}/${setting}`
  try {
    const before = readFileSync(path, 'utf8').trim()
    if (before !== value) writeFileSync(path, value)
    return before
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException
    const advice =
      code === 'EROFS' || code === 'EACCES'
        ? `In a container: give it to the container, net.${family}.conf.*.${setting}=${value}.`
        : 'The interface is gone, or IPv6 is switched off.'
    throw new KernelError({ op: 'sysctl', target: path, code, reason: message, advice })
  }
}
