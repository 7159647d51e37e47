import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Partition, partitionNamed } from '../../../image/run/gpt.ts'
import { scratchFolder, type TestContext } from './scratch.ts'

export type PartitionName = 'diarch-bios' | 'diarch-esp' | 'diarch-a' | 'diarch-b' | 'diarch-state'

/**
 * The disk of a box as a file of its own, to be looked at and damaged while the box is off.
 * No loop device and no mount is needed.
 */
export class VmDisk {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  partition(name: PartitionName): Partition {
    return partitionNamed(this.path, name)
  }

  read(name: PartitionName, offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    this.#open('r', file => readSync(file, bytes, 0, length, this.#place(name, offset, length)))
    return bytes
  }

  write(name: PartitionName, offset: number, bytes: Uint8Array): void {
    const place = this.#place(name, offset, bytes.length)
    this.#open('r+', file => writeSync(file, bytes, 0, bytes.length, place))
  }

  /** Writes the same byte over a piece of a partition, or over all of it. */
  fill(name: PartitionName, byte: number, offset = 0, length?: number): void {
    const end = length === undefined ? this.partition(name).size : offset + length
    const piece = 1024 * 1024
    for (let at = offset; at < end; at += piece) {
      this.write(name, at, Buffer.alloc(Math.min(piece, end - at), byte))
    }
  }

  copyPartition(from: PartitionName, to: PartitionName): void {
    const [source, target] = [this.partition(from), this.partition(to)]
    if (source.size > target.size) throw new Error(`${from} does not fit into ${to}`)
    const dd = ['bs=1M', 'conv=notrunc,sparse', 'iflag=skip_bytes,count_bytes', 'oflag=seek_bytes']
    const place = [`skip=${source.offset}`, `count=${source.size}`, `seek=${target.offset}`]
    // Sparse leaves what was there where the source is zero, so that has to go first.
    const hole = ['--zero-range', '--offset', `${target.offset}`, '--length', `${target.size}`]
    run('fallocate', [...hole, this.path])
    run('dd', [`if=${this.path}`, `of=${this.path}`, ...dd, ...place, 'status=none'])
  }

  /** The partition as a file of its own, as sparse as it is. */
  extract(name: PartitionName, file: string): void {
    const { offset, size } = this.partition(name)
    const dd = ['bs=1M', 'conv=sparse', 'iflag=skip_bytes,count_bytes', 'status=none']
    run('dd', [`if=${this.path}`, `of=${file}`, ...dd, `skip=${offset}`, `count=${size}`])
  }

  /** Writes a file over the beginning of a partition; the rest of it stays. */
  writeFile(name: PartitionName, file: string): void {
    const { offset } = this.partition(name)
    const dd = ['bs=1M', 'conv=notrunc', 'oflag=seek_bytes', `seek=${offset}`, 'status=none']
    run('dd', [`if=${file}`, `of=${this.path}`, ...dd])
  }

  /** A file of the ESP, such as `grub/env1`. */
  readEspFile(path: string): Buffer {
    const [image, name] = this.#esp(path)
    return execFileSync('mtype', ['-i', image, name], mtools)
  }

  writeEspFile(path: string, bytes: Uint8Array): void {
    const [image, name] = this.#esp(path)
    run('mcopy', ['-o', '-i', image, '-', name], { ...mtools, input: bytes })
  }

  removeEspFile(path: string): void {
    const [image, name] = this.#esp(path)
    run('mdel', ['-i', image, name], mtools)
  }

  /** Runs debugfs commands on the state partition, with `w` for those that change it. */
  debugfs(mode: 'r' | 'w', ...commands: readonly string[]): string {
    const image = `${this.path}?offset=${this.partition('diarch-state').offset}`
    const args = ['-f', '-', ...(mode === 'w' ? ['-w'] : []), image]
    return run('debugfs', args, { input: `${commands.join('\n')}\n` })
  }

  /** What a check that changes nothing says about the state partition; empty when it is clean. */
  checkState(): string {
    const image = `${this.path}?offset=${this.partition('diarch-state').offset}`
    const { status, stdout } = spawnSync('e2fsck', ['-fn', image], { ...text, env })
    return status === 0 ? '' : stdout
  }

  /** Changes the partition table: `--part-label 5 name`, `--delete 5`, ... */
  sfdisk(...args: readonly string[]): void {
    const [option, number, ...values] = args
    if (option === undefined || number === undefined)
      throw new Error('sfdisk: option and partition')
    run('sfdisk', ['--quiet', option, this.path, number, ...values])
  }

  /** A larger disk with the same content: what flashing to a real one gives. */
  grow(mebibytes: number): void {
    truncateSync(this.path, mebibytes * 1024 * 1024)
  }

  #esp(path: string): [image: string, name: string] {
    return [`${this.path}@@${this.partition('diarch-esp').offset}`, `::${path}`]
  }

  #place(name: PartitionName, offset: number, length: number): number {
    const partition = this.partition(name)
    if (offset + length > partition.size) {
      throw new Error(`${length} bytes at ${offset} lie beyond the end of ${name}`)
    }
    return partition.offset + offset
  }

  #open(flags: string, act: (file: number) => void): void {
    const file = openSync(this.path, flags)
    try {
      act(file)
    } finally {
      closeSync(file)
    }
  }
}

/** A copy of an image that the test may write to. It takes no more room than its content. */
export const copyDisk = (t: TestContext, image: string): VmDisk => {
  const path = join(scratchFolder(t), 'disk.img')
  run('cp', ['--sparse=always', '--reflink=auto', image, path])
  return new VmDisk(path)
}

const text = { encoding: 'utf8' } as const
const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
// The geometry of a FAT in a partition of an image is none of a floppy.
const mtools = { env: { ...env, MTOOLS_SKIP_CHECK: '1' } }

const run = (
  program: string,
  args: readonly string[],
  options: { readonly input?: Uint8Array | string; readonly env?: NodeJS.ProcessEnv } = {},
): string => {
  const { status, error, stdout, stderr } = spawnSync(program, args, { env, ...options, ...text })
  if (error) throw new Error(`cannot run ${program}: ${error.message}`)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}
