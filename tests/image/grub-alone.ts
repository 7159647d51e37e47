import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { VmDisk } from '../lab/vm/disk.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { startVm } from '../lab/vm/vm.ts'

/**
 * Runs image/grub.cfg under the real GRUB, many times in one boot of a VM: once for each pair of
 * environment files. The disk is made by image/disk.sh; only its GRUB is another one, without the
 * commands that leave GRUB. Their names are then free for functions of the driver below, which
 * write down what grub.cfg asked for and return as if the kernel could not be read.
 */

/** The files of one case; null: there is none. */
export type EnvironmentFiles = {
  readonly env1: Uint8Array | null
  readonly env2: Uint8Array | null
}

/** One kernel that grub.cfg wanted to start: its command line, and the initrd that goes with it. */
export type Start = {
  readonly kernel: string
  readonly slot: string
  readonly onTrial: string
  readonly why: string
  readonly esp: string
  readonly initrd: string
}

export type GrubRun = {
  /** The first is what boots; each later one shows what follows when all before cannot be read. */
  readonly starts: readonly Start[]
  /** The files when the first one was to start. */
  readonly after: EnvironmentFiles
}

const image = resolve(import.meta.dirname, '../../image')
const grub = '/usr/lib/grub/i386-pc'
const mtools = { ...process.env, MTOOLS_SKIP_CHECK: '1' }

/** Those of image/disk.sh but for the ones that leave GRUB. */
const modules = (): string[] => {
  const script = readFileSync(join(image, 'disk.sh'), 'utf8')
  const words = /^modules=\(([^)]+)\)/m.exec(script)?.[1]?.split(/\s+/)
  if (!words) throw new Error('image/disk.sh has no line that begins with modules=(')
  return words.filter(word => !['linux', 'boot', 'sleep', 'reboot'].includes(word))
}

/**
 * What grub.cfg sets must not reach the next case: GRUB starts without any of it. From the first
 * start on $prefix leads elsewhere, so that the files stay as they were at that moment.
 * `boot` needs no function: GRUB has the command, and without a kernel it fails and returns.
 * Lines are short because GRUB breaks them after 79 characters; the screen is left out because it
 * is slow.
 */
const driver = (cases: number): string => `
serial --unit=0 --speed=115200
terminal_output serial
function linux {
  set said="\${said}linux $1 $2 $3;$4 $5;"
  set prefix=(hd0,gpt2)/later
}
function initrd { set said="\${said}initrd $1;"; }
function sleep { set slept=$1; }
function reboot {
  set said="\${said}reboot"
  save_env --file (hd0,gpt2)/said/$number said
}
for number in ${Array.from({ length: cases }, (_, n) => n).join(' ')}; do
  for name in magic order a b last source confirmed first second first_state second_state; do
    unset $name
  done
  set said=
  set prefix=(hd0,gpt2)/cases/$number
  source (hd0,gpt2)/grub/grub.cfg
done
echo "@all"
halt
`

const makeDisk = (folder: string, cases: readonly EnvironmentFiles[]): VmDisk => {
  const [slot, disk] = [join(folder, 'slot'), new VmDisk(join(folder, 'disk.img'))]
  writeFileSync(slot, 'no slot: nothing is started here')
  const epoch = { ...process.env, SOURCE_DATE_EPOCH: '1000000000' }
  execFileSync('bash', [join(image, 'disk.sh'), slot, disk.path], { env: epoch })

  const core = join(folder, 'core.img')
  const place = [`--directory=${grub}`, '--prefix=(,gpt2)/driver', `--output=${core}`]
  const all = [...modules(), 'biosdisk', 'halt']
  execFileSync('grub-mkimage', ['--format=i386-pc', ...place, ...all])
  const bytes = readFileSync(core)
  // The rest of it lies behind its first sector, as image/disk.sh has it.
  bytes.writeBigUInt64LE(BigInt(disk.partition('diarch-bios').offset / 512 + 1), 500)
  disk.write('diarch-bios', 0, bytes)

  const esp = join(folder, 'esp')
  const write = (path: string, content: Uint8Array | string | null) => {
    mkdirSync(join(esp, path, '..'), { recursive: true })
    if (content !== null) writeFileSync(join(esp, path), content)
  }
  write('driver/grub.cfg', driver(cases.length))
  cases.forEach(({ env1, env2 }, n) => {
    write(`cases/${n}/env1`, env1)
    write(`cases/${n}/env2`, env2)
    write(`said/${n}`, '# GRUB Environment Block\n'.padEnd(1024, '#'))
  })
  cpSync(join(esp, 'cases/0'), join(esp, 'later'), { recursive: true })
  const folders = ['driver', 'cases', 'said', 'later'].map(name => join(esp, name))
  execFileSync('mcopy', ['-s', '-i', espOf(disk), ...folders, '::'], { env: mtools })
  return disk
}

const espOf = (disk: VmDisk): string => `${disk.path}@@${disk.partition('diarch-esp').offset}`

const startsOf = (said: string, number: number): Start[] => {
  const lines = (/^said=(.*)$/m.exec(said)?.[1] ?? '').split(';')
  const text = lines.join('\n')
  const words = String.raw`diarch\.slot=(\S*) diarch\.try=(\S*)\ndiarch\.why=(\S*)`
  const pattern = new RegExp(String.raw`linux (\S+) ${words} diarch\.esp=(.*)\ninitrd (.*)`, 'g')
  const found = [...text.matchAll(pattern)]
  const shown = `case ${number} of the GRUB script said:\n${text || 'nothing'}`
  if (lines.at(-1) !== 'reboot') throw new Error(`${shown}\nexpected: a reboot at the end`)
  if (found.length * 3 + 1 !== lines.length) {
    throw new Error(`${shown}\nexpected: pairs of linux (with all its words) and initrd`)
  }
  return found.map(([, kernel, slot, onTrial, why, esp, initrd]) => {
    return { kernel, slot, onTrial, why, esp, initrd } as Start
  })
}

/** GRUB never gives back what a script took and becomes slow, so it starts anew now and then. */
const casesPerBoot = 32

export const runGrubScript = async (
  t: TestContext,
  cases: readonly EnvironmentFiles[],
): Promise<readonly GrubRun[]> => {
  const runs: GrubRun[] = []
  for (let at = 0; at < cases.length; at += casesPerBoot) {
    runs.push(...(await runOneBoot(t, cases.slice(at, at + casesPerBoot))))
  }
  return runs
}

const runOneBoot = async (
  t: TestContext,
  cases: readonly EnvironmentFiles[],
): Promise<readonly GrubRun[]> => {
  const folder = scratchFolder(t)
  const disk = makeDisk(folder, cases)
  // Nothing here is worth asking whether a kernel would run on /dev/kvm.
  process.env.DIARCH_ACCEL = 'tcg'
  const vm = await startVm(t, { disk, memoryMiB: 128, nics: [], watchdog: false })
  await vm.serial.until(/@all\n/)
  await vm.powerCut()
  const back = join(folder, 'back')
  mkdirSync(back)
  execFileSync('mcopy', ['-s', '-n', '-i', espOf(disk), '::cases', '::said', back], { env: mtools })
  const file = (number: number, name: string) => {
    const path = join(back, 'cases', `${number}`, name)
    return existsSync(path) ? new Uint8Array(readFileSync(path)) : null
  }
  return cases.map((_, number) => ({
    starts: startsOf(readFileSync(join(back, 'said', `${number}`), 'utf8'), number),
    after: { env1: file(number, 'env1'), env2: file(number, 'env2') },
  }))
}
