/**
 * The disk that the image is measured against: Debian 13 as its installer leaves it when nothing
 * extra is ticked (priority `important`, recommended packages on, systemd, GRUB, initramfs-tools),
 * with keepalived and a ten-line HTTPS page under nodejs. Nothing of it is tuned. Two choices are
 * in its favour: GRUB's menu does not wait its usual 5 seconds, and the certificate is there.
 *
 * Made without loop devices, as the image is: mmdebstrap into a folder, `mke2fs -d`, GRUB's core
 * in the gap before the first partition.
 */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { debianMirrors } from './mirror.ts'

const files = join(import.meta.dirname, 'files')
const filesystem = '6d1a5c8e-2f0b-4f37-9a52-0d3f4c1b7e90'
const partitionSector = 2048
const diskMiB = 3072

const packages = [
  'linux-image-amd64',
  'initramfs-tools',
  'grub-pc',
  'systemd-sysv',
  'keepalived',
  'nodejs',
  'openssl',
]

/** Path of the peer's raw disk; built when it is not there or its recipe has changed. */
export function peerDisk(folder: string): string {
  const disk = join(folder, `debian-${recipe()}.img`)
  if (existsSync(disk)) return disk
  if (process.getuid?.() !== 0) throw new Error('building the peer disk needs root (mmdebstrap)')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const root = join(folder, 'root')
  bootstrap(root)
  configure(root)
  const unfinished = `${disk}.unfinished`
  format(root, unfinished)
  installGrub(root, unfinished)
  rmSync(root, { recursive: true })
  renameSync(unfinished, disk)
  return disk
}

function recipe(): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  for (const name of readdirSync(files).sort()) hash.update(readFileSync(join(files, name)))
  return hash.digest('hex').slice(0, 12)
}

function bootstrap(root: string): void {
  run('mmdebstrap', [
    '--mode=root',
    '--variant=important',
    '--architectures=amd64',
    '--components=main',
    '--aptopt=APT::Install-Recommends "true"',
    `--include=${packages.join(',')}`,
    'trixie',
    root,
    ...debianMirrors(),
  ])
}

function configure(root: string): void {
  writeFileSync(join(root, 'etc/hostname'), 'peer\n')
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n127.0.1.1 peer\n')
  writeFileSync(join(root, 'etc/fstab'), `UUID=${filesystem} / ext4 errors=remount-ro 0 1\n`)
  const places = {
    'wired.network': 'etc/systemd/network/wired.network',
    'keepalived.conf': 'etc/keepalived/keepalived.conf',
    'status-page.service': 'etc/systemd/system/status-page.service',
    'page.js': 'opt/status-page/page.js',
  }
  mkdirSync(join(root, 'opt/status-page'), { recursive: true })
  mkdirSync(join(root, 'etc/status-page'), { recursive: true })
  for (const [name, place] of Object.entries(places)) cpSync(join(files, name), join(root, place))
  const certificate = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '3650', '-subj', '/CN=peer'],
    ...['-keyout', '/etc/status-page/key.pem', '-out', '/etc/status-page/cert.pem'],
  ]
  run('chroot', [root, 'openssl', ...certificate])
  const units = ['systemd-networkd', 'keepalived', 'status-page']
  run('chroot', [root, 'systemctl', 'enable', ...units])
}

/** One bootable MBR partition with ext4 over the rest of the disk. */
function format(root: string, disk: string): void {
  run('truncate', ['-s', `${diskMiB}M`, disk])
  run('sfdisk', ['--quiet', disk], `label: dos\nstart=${partitionSector}, type=83, bootable\n`)
  const grub = join(root, 'boot/grub')
  mkdirSync(grub, { recursive: true })
  cpSync(join(root, 'usr/lib/grub/i386-pc'), join(grub, 'i386-pc'), { recursive: true })
  writeFileSync(
    join(grub, 'grub.cfg'),
    [
      'set timeout=0',
      `search --no-floppy --fs-uuid --set=root ${filesystem}`,
      `linux /vmlinuz root=UUID=${filesystem} ro quiet net.ifnames=0 console=tty0 console=ttyS0`,
      'initrd /initrd.img',
      'boot',
      '',
    ].join('\n'),
  )
  const kibibytes = diskMiB * 1024 - partitionSector / 2
  run('mke2fs', [
    ...['-q', '-F', '-t', 'ext4', '-U', filesystem, '-d', root],
    ...['-E', `offset=${partitionSector * 512}`, disk, `${kibibytes}k`],
  ])
}

/** What grub-install does to a disk: boot.img into the MBR, core.img into the sectors after it. */
function installGrub(root: string, disk: string): void {
  const core = '/boot/grub/core.img'
  run('chroot', [
    ...[root, 'grub-mkimage', '-O', 'i386-pc', '-p', '(hd0,msdos1)/boot/grub', '-o', core],
    ...['biosdisk', 'part_msdos', 'ext2', 'search', 'linux', 'normal', 'configfile'],
  ])
  const into = ['conv=notrunc', 'status=none', `of=${disk}`]
  // 440 bytes: the partition table behind them stays. core.img expects to stand in sector 1.
  run('dd', [`if=${join(root, 'usr/lib/grub/i386-pc/boot.img')}`, 'bs=440', 'count=1', ...into])
  run('dd', [`if=${join(root, core)}`, 'bs=512', 'seek=1', ...into])
}

function run(program: string, args: readonly string[], input?: string): void {
  const stdin = input === undefined ? 'ignore' : 'pipe'
  const env = { ...process.env, LC_ALL: 'C.UTF-8', PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const { status, error } = spawnSync(program, args, {
    stdio: [stdin, 'inherit', 'inherit'],
    input,
    env,
  })
  if (error) throw new Error(`peer disk: cannot run ${program}: ${error.message}`)
  if (status !== 0) throw new Error(`peer disk: ${program} ended with ${status}: ${args.join(' ')}`)
}
