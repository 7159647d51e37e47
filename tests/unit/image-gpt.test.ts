import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { needDiarchImage, partitionNamed, readPartitions } from '../../image/run/gpt.ts'

const inFolder = (check: (folder: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-gpt-'))
  try {
    check(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A disk of 16 MiB with the partitions that sfdisk is told of. */
const diskWith = (folder: string, partitions: string): string => {
  const disk = join(folder, 'disk')
  execFileSync('truncate', ['-s', '16M', disk])
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  execFileSync('sfdisk', ['--quiet', disk], { input: `label: gpt\n${partitions}`, env })
  return disk
}

test('partitions are where sfdisk has put them', () =>
  inFolder(folder => {
    const type = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B'
    const first = `start=2048, size=4096, type=${type}, name=first\n\n`
    const disk = diskWith(folder, `${first}size=2048, name=zweite-ä\n`)
    assert.deepEqual(
      readPartitions(disk).map(({ number, name, offset, size }) => [number, name, offset, size]),
      [
        [1, 'first', 1048576, 2097152],
        [2, 'zweite-ä', 3145728, 1048576],
      ],
    )
    assert.equal(partitionNamed(disk, 'first').type.toUpperCase(), type)
    assert.throws(
      () => partitionNamed(disk, 'third'),
      /no partition named third; it has first, zweite/,
    )
  }))

test('a file without a GPT is refused', () =>
  inFolder(folder => {
    const file = join(folder, 'file')
    writeFileSync(file, 'nothing of the kind')
    assert.throws(() => readPartitions(file), /has no GPT/)
  }))

const names = ['diarch-bios', 'diarch-esp', 'diarch-a', 'diarch-b', 'diarch-state']
const lines = (of: readonly string[]): string =>
  of.map(name => `size=2048, name=${name}\n`).join('')

test('a disk with the partitions of a box is taken for a Diarch image', () =>
  inFolder(folder => needDiarchImage(diskWith(folder, lines(names)))))

const refused: Record<string, { make(folder: string): string; message: RegExp }> = {
  'no file': {
    make: folder => join(folder, 'not-there'),
    message: /^Error: there is no file .*not-there: \.\/build\.sh makes a disk image in dist$/,
  },
  'a folder': { make: folder => folder, message: /is no file: a raw Diarch disk image is wanted$/ },
  'a compressed image': {
    make: folder => {
      writeFileSync(join(folder, 'x.img.zst'), Buffer.from('28b52ffd', 'hex'))
      return join(folder, 'x.img.zst')
    },
    message: /x\.img\.zst has no GPT: .* \(a \.zst has to be unpacked first: zstd -d FILE\)$/,
  },
  'a disk of something else': {
    make: folder => diskWith(folder, 'size=2048, name=root\nsize=2048\n'),
    message: /no partition diarch-bios, .*, diarch-state; it has root, one without a name$/,
  },
  'a disk that lacks one partition': {
    make: folder => diskWith(folder, lines(names.slice(0, 4))),
    message: /is no Diarch disk image: it has no partition diarch-state; it has diarch-bios, /,
  },
  'an image that is cut short': {
    make: folder => {
      const disk = diskWith(folder, lines(names))
      truncateSync(disk, 5 * 1024 * 1024)
      return disk
    },
    message: /is cut short: it has 5242880 bytes, its partitions need 6291456$/,
  },
  'a GPT of random numbers': {
    make: folder => {
      const disk = diskWith(folder, lines(names))
      execFileSync('dd', ['if=/dev/zero', `of=${disk}`, 'bs=1', 'seek=596', 'count=4', ...quiet])
      return disk
    },
    message: /has a damaged GPT: 128 entries of 0 bytes$/,
  },
}
const quiet = ['conv=notrunc', 'status=none']

for (const [what, { make, message }] of Object.entries(refused)) {
  test(`${what} is not taken for a Diarch image`, () =>
    inFolder(folder => assert.throws(() => needDiarchImage(make(folder)), message)))
}
