import { execFileSync, spawn } from 'node:child_process'
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { seconds } from '../../appliance/values/duration.ts'
import { partitionNamed } from './gpt.ts'
import { qemu } from './machine.ts'

export type Accelerator = 'kvm' | 'tcg'

const answers = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'diarch')

/**
 * What runs a box here. /dev/kvm that opens proves little: in some virtual machines the firmware
 * runs on it and no kernel does. So the image's own kernel is started on it once, and the answer is
 * kept for this kernel of this machine. DIARCH_ACCEL=kvm or tcg decides without asking.
 */
export const findAccelerator = async (image: string): Promise<Accelerator> => {
  const wish = wishedAccelerator()
  if (wish) return wish
  if (!canOpenKvm()) return 'tcg'
  const answer = join(answers, `accelerator-${release()}`)
  try {
    return readFileSync(answer, 'utf8').trim() === 'kvm' ? 'kvm' : 'tcg'
  } catch {
    const found = (await kernelRunsOnKvm(image)) ? 'kvm' : 'tcg'
    mkdirSync(answers, { recursive: true })
    writeFileSync(answer, `${found}\n`)
    return found
  }
}

/** What DIARCH_ACCEL says; null when it is not set. */
export const wishedAccelerator = (): Accelerator | null => {
  const wish = process.env.DIARCH_ACCEL
  if (!wish) return null
  if (wish === 'kvm' || wish === 'tcg') return wish
  throw new Error(`DIARCH_ACCEL is "${wish}"; it can be kvm or tcg`)
}

const canOpenKvm = (): boolean => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** A kernel without a root ends in a panic at once: if it gets that far, it runs. */
const kernelRunsOnKvm = async (image: string): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-kvm-'))
  try {
    const kernel = extractKernel(image, folder)
    const append = 'console=ttyS0 earlyprintk=serial panic=-1'
    const probe = spawn(
      qemu,
      [
        ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-m', '256'],
        ...['-accel', 'kvm', '-cpu', 'host', '-serial', 'stdio'],
        ...['-kernel', kernel, '-append', append],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'], timeout: seconds(6), killSignal: 'SIGKILL' },
    )
    let said = ''
    for await (const text of probe.stdout.setEncoding('utf8')) said += text
    return said.includes('Unable to mount root fs')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const extractKernel = (image: string, folder: string): string => {
  const { offset } = partitionNamed(image, 'diarch-a')
  const to = join(folder, 'slot')
  const args = [
    '-quiet',
    '-no-progress',
    '-offset',
    `${offset}`,
    '-dest',
    to,
    image,
    'boot/vmlinuz',
  ]
  execFileSync('unsquashfs', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return join(to, 'boot/vmlinuz')
}
