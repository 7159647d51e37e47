import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { partitionNamed, readPartitions } from '../../image/run/gpt.ts'

const inFolder = (check: (folder: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-gpt-'))
  try {
    check(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('partitions are where sfdisk has put them', () =>
  inFolder(folder => {
    const disk = join(folder, 'disk')
    execFileSync('truncate', ['-s', '16M', disk])
    const type = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B'
    const input =
      `label: gpt\nstart=2048, size=4096, type=${type}, name=first\n\n` +
      'size=2048, name=zweite-ä\n'
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
    execFileSync('sfdisk', ['--quiet', disk], { input, env })
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
