import type { Accelerator } from './accelerator.ts'

export type Firmware = 'bios' | 'uefi'
export type DiskBus = 'virtio' | 'sata' | 'nvme'

/** Which port of this machine leads to which port of the box; from 0: one that is free. */
export type PortForward = { readonly from: number; readonly to: number }

export type Nic = {
  readonly mac: string
  readonly model: 'virtio-net-pci' | 'e1000e' | 'igb' | 'vmxnet3'
  /** `user`: QEMU's own network with DHCP, closed but for forwards. `tap`: one that is there. */
  readonly net:
    | { readonly kind: 'user'; readonly forwards: readonly PortForward[] }
    | { readonly kind: 'tap'; readonly device: string }
}

/** A box as hardware. */
export type Machine = {
  readonly accelerator: Accelerator
  readonly firmware:
    | { readonly kind: 'bios' }
    /** `variables` is written; give each machine its own copy. */
    | { readonly kind: 'uefi'; readonly code: string; readonly variables: string }
  /** A raw image, written to. Without one the machine needs a kernel. */
  readonly disk: {
    readonly path: string
    readonly bus: DiskBus
    /** A file that is there: every write and flush is added to it, as dm-log-writes does. */
    readonly writeLog?: string
  } | null
  /** A file with answers for the first start, given to the box by QEMU itself (fw_cfg). */
  readonly answers?: string
  /** A raw image of a second disk, which the box can only read. */
  readonly volume?: string
  /** Started instead of what is on the disk. */
  readonly kernel?: {
    readonly path: string
    readonly initrd?: string
    readonly commandLine: string
  }
  readonly memoryMiB: number
  readonly cpus: number
  readonly nics: readonly Nic[]
  readonly watchdog: boolean
  /** A server with a management controller (IPMI), whose chipset has no watchdog. */
  readonly bmc?: boolean
  /** What the battery-backed clock shows at power-on, UTC: `2026-01-31T12:00:00`. */
  readonly clock?: string
  /** Makes `qmp.sock`, and for each serial line `serial0.sock` and its record `serial0.log`. */
  readonly folder: string
  readonly serialLines: number
  /** Stays off until it is told to `cont`, so that nothing it says is missed. */
  readonly startPaused: boolean
}

export const qemu = 'qemu-system-x86_64'

export const qemuArguments = (machine: Machine): string[] => [
  ...['-nodefaults', '-no-user-config', '-machine', machine.bmc ? 'pc' : 'q35'],
  ...['-m', `${machine.memoryMiB}`, ...accelerator(machine.accelerator)],
  ...['-smp', `${machine.cpus}`, '-display', 'none', '-vga', 'std'],
  ...(machine.startPaused ? ['-S'] : []),
  ...['-chardev', socket('qmp', machine.folder), '-mon', 'chardev=qmp,mode=control'],
  ...firmware(machine.firmware),
  ...(machine.disk ? disk(machine.disk) : []),
  ...kernel(machine.kernel),
  ...(machine.answers ? answers(machine.answers) : []),
  ...(machine.volume ? volume(machine.volume) : []),
  ...machine.nics.flatMap(nic),
  ...(machine.watchdog ? ['-device', 'i6300esb', '-action', 'watchdog=reset'] : []),
  ...(machine.bmc ? ['-device', 'ipmi-bmc-sim,id=bmc', '-device', 'isa-ipmi-kcs,bmc=bmc'] : []),
  ...(machine.clock ? ['-rtc', `base=${machine.clock},clock=vm`] : []),
  ...Array.from({ length: machine.serialLines }, (_, n) => serial(n, machine.folder)).flat(),
]

const accelerator = (kind: Accelerator): string[] =>
  kind === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host']
    : ['-accel', 'tcg,thread=multi,tb-size=256', '-cpu', 'max']

const firmware = (kind: Machine['firmware']): string[] => {
  if (kind.kind === 'bios') return []
  const flash = (unit: number, file: string, more: string) => [
    '-drive',
    `if=pflash,format=raw,unit=${unit},file=${escaped(file)}${more}`,
  ]
  return [...flash(0, kind.code, ',readonly=on'), ...flash(1, kind.variables, '')]
}

const disk = ({ path, bus, writeLog }: NonNullable<Machine['disk']>): string[] => {
  // Without flushes to the host's disk: the host survives whatever happens to the box.
  const cache = { direct: false, 'no-flush': true }
  const file = { driver: 'file', filename: path, discard: 'unmap', cache }
  const raw = { driver: 'raw', discard: 'unmap', cache, file }
  const log = { driver: 'file', filename: writeLog, cache }
  const logged = { driver: 'blklogwrites', discard: 'unmap', file: raw, log }
  const node = { 'node-name': 'disk0', ...(writeLog === undefined ? raw : logged) }
  const device = {
    virtio: 'virtio-blk-pci,drive=disk0',
    sata: 'ide-hd,drive=disk0,bus=ide.0',
    nvme: 'nvme,drive=disk0,serial=diarch0',
  }[bus]
  return ['-blockdev', JSON.stringify(node), '-device', `${device},bootindex=0`]
}

const answers = (path: string): string[] => [
  '-fw_cfg',
  `name=opt/org.diarch/setup,file=${escaped(path)}`,
]

const volume = (path: string): string[] => {
  const file = { driver: 'file', filename: path }
  const node = { driver: 'raw', 'node-name': 'volume', 'read-only': true, file }
  return ['-blockdev', JSON.stringify(node), '-device', 'virtio-blk-pci,drive=volume']
}

const kernel = (start: Machine['kernel']): string[] => {
  if (!start) return []
  const initrd = start.initrd ? ['-initrd', start.initrd] : []
  return ['-kernel', start.path, ...initrd, '-append', start.commandLine]
}

const nic = ({ mac, model, net }: Nic, index: number): string[] => {
  const id = `net${index}`
  const forward = ({ from, to }: PortForward) => `,hostfwd=tcp:127.0.0.1:${from}-:${to}`
  const backend =
    net.kind === 'tap'
      ? `tap,id=${id},ifname=${net.device},script=no,downscript=no`
      : `user,id=${id},net=10.0.${2 + index}.0/24,ipv6=off,restrict=on` +
        net.forwards.map(forward).join('')
  // No boot ROM: a box that finds no system on its disk must not look for one on the network.
  return ['-netdev', backend, '-device', `${model},netdev=${id},mac=${mac},romfile=`]
}

const serial = (index: number, folder: string): string[] => {
  const id = `serial${index}`
  const log = `,logfile=${escaped(`${folder}/${id}.log`)},logappend=on`
  return ['-chardev', `${socket(id, folder)}${log}`, '-serial', `chardev:${id}`]
}

const socket = (id: string, folder: string): string =>
  `socket,id=${id},path=${escaped(`${folder}/${id}.sock`)},server=on,wait=off`

/** QEMU's options end at a comma; a doubled one stands for itself. */
const escaped = (path: string): string => path.replaceAll(',', ',,')
