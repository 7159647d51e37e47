import assert from 'node:assert/strict'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Box } from '../../image/run/box.ts'

/** A box that is stored, with something on its disk that was not in the image. */
const storedBox = (t: TestContext): { box: Box; image: string; other: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-box-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const box = new Box(join(folder, 'demo'))
  const [image, other] = [join(folder, 'image'), join(folder, 'other')]
  writeFileSync(image, 'image')
  writeFileSync(other, 'another image')
  assert.equal(box.storedFrom(), null)
  assert.equal(box.prepareDisk(image, false), 'new')
  assert.equal(beginning(box.disk), 'image')
  assert.equal(statSync(box.disk).size, 4096 * 1024 * 1024)
  writeFileSync(box.disk, 'stored')
  writeFileSync(join(box.folder, 'uefi-variables'), 'stored')
  return { box, image, other }
}

/** The disk of a box is too large to be read as a whole. */
const beginning = (file: string): string => {
  const bytes = Buffer.alloc(100)
  const opened = openSync(file, 'r')
  readSync(opened, bytes)
  closeSync(opened)
  return bytes.toString('latin1').replace(/\0+$/, '')
}

test('the same image leaves the stored box as it is', t => {
  const { box, image } = storedBox(t)
  assert.equal(box.prepareDisk(image, false), 'stored')
  assert.equal(beginning(box.disk), 'stored')
  assert.equal(box.storedFrom(), image)
  assert.ok(existsSync(join(box.folder, 'uefi-variables')))
})

test('another image makes a new box, and the disk of the stored one is put aside', t => {
  const { box, other } = storedBox(t)
  assert.equal(box.prepareDisk(other, false), 'put-aside')
  assert.equal(beginning(box.diskAside), 'stored')
  assert.equal(beginning(box.disk), 'another image')
  assert.equal(box.storedFrom(), other)
  assert.ok(!existsSync(join(box.folder, 'uefi-variables')), 'a new box has its own variables')
})

test('an image that has changed in its place is another one', t => {
  const { box, image } = storedBox(t)
  writeFileSync(image, 'IMAGE')
  utimesSync(image, new Date(), new Date(Date.now() + 60_000))
  assert.equal(box.prepareDisk(image, false), 'put-aside')
  assert.equal(beginning(box.disk), 'IMAGE')
})

test('the disk that was put aside can be gone back to; then the other one is aside', t => {
  const { box, other } = storedBox(t)
  box.prepareDisk(other, false)
  writeFileSync(box.disk, 'stored by the other')
  assert.equal(box.prepareDisk(box.diskAside, false), 'put-aside')
  assert.equal(beginning(box.disk), 'stored')
  assert.equal(beginning(box.diskAside), 'stored by the other')
})

test('--fresh forgets what is stored, and nothing that was put aside', t => {
  const { box, image, other } = storedBox(t)
  box.prepareDisk(other, false)
  assert.equal(box.prepareDisk(image, true), 'new')
  assert.equal(beginning(box.disk), 'image')
  assert.equal(beginning(box.diskAside), 'stored')
})

test('an image that cannot be copied leaves the stored box as it is', t => {
  const { box } = storedBox(t)
  const before = readdirSync(box.folder)
  const folder = box.folder // `cp` refuses those
  assert.throws(() => box.prepareDisk(folder, false), /^Error: a new box cannot be made; what is/)
  assert.deepEqual(readdirSync(box.folder), before)
  assert.equal(beginning(box.disk), 'stored')
})
