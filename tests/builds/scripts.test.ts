import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { namesIn, project, run, runWords, withTmpfs } from './tree.ts'

const epoch = { SOURCE_DATE_EPOCH: '1700000000' }
const script = (name: string) => join(project, name)

const write = (path: string, content: string | Buffer): void => {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
}

/** The files of a slot, as small as image/slot.sh takes them. */
const rootTree = (folder: string): string => {
  const root = join(folder, 'root')
  const release = 'VERSION=1.2.3\nCOMMIT=abc\nBUILT=1700000000\nSCHEMA=2\n'
  write(join(root, 'usr/lib/diarch/release'), release)
  for (const [n, name] of ['boot/vmlinuz', 'boot/initrd', 'usr/bin/node', 'etc/motd'].entries()) {
    write(join(root, name), Buffer.alloc(500_000, `${name} ${n}`))
  }
  return root
}

const make = async (name: string, ...operands: readonly string[]): Promise<void> => {
  const { code, said } = await run('bash', [script(name), ...operands], { env: epoch })
  assert.equal(code, 0, said)
}

test('image/slot.sh and image/disk.sh make the same bytes of the same files', async t => {
  const folder = scratchFolder(t)
  for (const round of ['1', '2']) {
    // Other folders, other times, and files made in another order.
    const root = rootTree(join(folder, round))
    if (round === '2') {
      const { code } = await run('cp', ['-r', root, join(folder, 'copied')])
      assert.equal(code, 0)
    }
    const [slot, disk] = [join(folder, `slot${round}`), join(folder, `disk${round}`)]
    await make('image/slot.sh', round === '2' ? join(folder, 'copied') : root, slot)
    await make('image/disk.sh', slot, disk)
  }
  for (const name of ['slot', 'disk']) {
    const both = ['1', '2'].map(round => join(folder, `${name}${round}`))
    const { code, said } = await run('cmp', both)
    assert.equal(code, 0, said)
  }
  assert.deepEqual(namesIn(folder), ['1', '2', 'copied', 'disk1', 'disk2', 'slot1', 'slot2'])
})

test('the last 4 KiB of a slot say what it is and carry the sum of all before', async t => {
  const folder = scratchFolder(t)
  const slot = join(folder, 'slot')
  await make('image/slot.sh', rootTree(folder), slot)
  const bytes = readFileSync(slot)
  const [squashfs, block] = [bytes.subarray(0, -4096), bytes.subarray(-4096)]
  assert.equal(squashfs.toString('latin1', 0, 4), 'hsqs')
  const sum = createHash('sha256').update(squashfs).digest('hex')
  const lines = ['diarch-slot 1', 'product=Diarch', 'architecture=x86_64', 'version=1.2.3']
  lines.push('commit=abc', 'schema=2', `size=${squashfs.length}`, `sha256=${sum}`, '')
  const text = lines.join('\n')
  assert.equal(block.toString('latin1'), text.padEnd(4096, '\0'))
})

/** Runs a script whose result would lie on a disk of that size. */
const withoutRoom = async (folder: string, size: string, name: string, operand: string) => {
  const small = join(folder, 'small')
  mkdirSync(small, { recursive: true })
  const command = `bash "$1" "$2" "$3" || { code=$?; ls "$4"; exit $code; }`
  const operands = [script(name), operand, join(small, 'result'), small]
  const words = [...withTmpfs(small, `size=${size}`), 'sh', '-c', command, 'sh', ...operands]
  return await runWords(words, { env: epoch })
}

test('image/slot.sh without room fails, says why, and leaves no half slot', async t => {
  const folder = scratchFolder(t)
  const { code, said } = await withoutRoom(folder, '100k', 'image/slot.sh', rootTree(folder))
  assert.notEqual(code, 0)
  assert.match(said, /No space left on device/)
  assert.doesNotMatch(said, /^result$/m)
})

test('image/disk.sh without room fails, says why, and leaves no half image', async t => {
  const folder = scratchFolder(t)
  await make('image/slot.sh', rootTree(folder), join(folder, 'slot'))
  const { code, said } = await withoutRoom(folder, '1m', 'image/disk.sh', join(folder, 'slot'))
  assert.notEqual(code, 0)
  assert.match(said, /No space left on device/)
  assert.doesNotMatch(said, /^result$/m)
})

test('image/disk.sh refuses a slot that is larger than its partition, with both sizes', async t => {
  const folder = scratchFolder(t)
  const slot = join(folder, 'slot')
  const { code: made } = await run('truncate', ['--size=513M', slot])
  assert.equal(made, 0)
  const operands = [script('image/disk.sh'), slot, join(folder, 'disk')]
  const { code, said } = await run('bash', operands, { env: epoch })
  assert.equal(code, 1)
  assert.match(said, /slot has 537919488 bytes and a slot partition 536870912/)
  assert.deepEqual(namesIn(folder), ['slot'])
})

/** What an earlier build has left, and what a new one has made; files named as by build.sh. */
const delivery = async (t: TestContext, now: Record<string, string>) => {
  const folder = scratchFolder(t)
  const [out, made] = [join(folder, 'out'), join(folder, 'made')]
  const earlier = { img: 'image', slot: 'slot', 'img.zst': 'packed', ova: 'for VMware' }
  for (const [ending, content] of Object.entries(earlier)) write(join(made, `x.${ending}`), content)
  const deliver = async () => await run('bash', [script('image/deliver.sh'), made, out, 'x'])
  mkdirSync(out)
  assert.deepEqual(await deliver(), { code: 0, said: '', lastLine: '' })
  // Not made by a build, so not its own.
  write(join(out, 'x.notes'), 'of the user')
  const image = statSync(join(out, 'x.img'))
  for (const [ending, content] of Object.entries(now)) write(join(made, `x.${ending}`), content)
  const { code, said } = await deliver()
  assert.equal(code, 0, said)
  const sums = await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: out })
  assert.equal(sums.code, 0, sums.said)
  const listed = sums.said.replaceAll(': OK', '').trim().split('\n').toSorted()
  const sameFile = statSync(join(out, 'x.img')).ino === image.ino
  return { said, names: namesIn(out), listed, sameFile, left: namesIn(made) }
}

test('image/deliver.sh leaves other forms of the same image, and the image as it is', async t => {
  const done = await delivery(t, { img: 'image', slot: 'slot', qcow2: 'for KVM' })
  const forms = ['x.img', 'x.img.zst', 'x.ova', 'x.qcow2', 'x.slot']
  assert.deepEqual(done, {
    said: '',
    names: ['SHA256SUMS', ...forms.slice(0, 2), 'x.notes', ...forms.slice(2)],
    listed: forms,
    sameFile: true,
    left: [],
  })
})

test('image/deliver.sh removes forms of another image, says so, and nothing else', async t => {
  const done = await delivery(t, { img: 'image of today', slot: 'slot', ova: 'of today' })
  assert.deepEqual(done, {
    said: '  removed, because another image was in it: x.img.zst\n',
    names: ['SHA256SUMS', 'x.img', 'x.notes', 'x.ova', 'x.slot'],
    listed: ['x.img', 'x.ova', 'x.slot'],
    sameFile: false,
    left: [],
  })
})

const modules = async (t: TestContext, list: string) => {
  const folder = scratchFolder(t)
  const all = join(folder, 'all/lib/modules/6.1.0-test')
  const dep = ['kernel/net/a.ko: kernel/lib/b.ko', 'kernel/lib/b.ko:', 'kernel/net/c/d.ko:']
  for (const line of dep) write(join(all, line.replace(/:.*/, '')), 'module')
  write(join(all, 'modules.dep'), `${dep.join('\n')}\n`)
  for (const name of ['builtin', 'builtin.modinfo', 'order'])
    write(join(all, `modules.${name}`), '')
  write(join(folder, 'list'), list)
  const operands = [script('rootfs/modules.sh'), all, join(folder, 'list'), join(folder, 'out')]
  return { ...(await run('bash', operands)), kernel: join(folder, 'out/lib/modules/6.1.0-test') }
}

test('rootfs/modules.sh takes what the list names and what that depends on', async t => {
  const { code, said, kernel } = await modules(t, '# why\nnet/a.ko\n')
  // The modules here are none, which depmod says; what counts is what was copied.
  assert.equal(code, 0, said)
  assert.deepEqual(namesIn(join(kernel, 'kernel')), ['lib', 'net'])
  assert.deepEqual(namesIn(join(kernel, 'kernel/net')), ['a.ko'])
})

test('rootfs/modules.sh refuses lines that match nothing and names each', async t => {
  const list = 'net/\ndrivers/gone/\n!net/c/\nnet/a\nlib/x.ko\n'
  const { code, said } = await modules(t, list)
  assert.equal(code, 1, said)
  const named = [...said.matchAll(/^no module of this kernel matches: (.*)$/gm)].map(
    each => each[1],
  )
  assert.deepEqual(named.sort(), ['kernel/drivers/gone/', 'kernel/lib/x.ko'])
})

/** A root with a program of this machine, and the libraries that it asks for. */
const rootWith = async (t: TestContext, program: string) => {
  const root = join(scratchFolder(t), 'root')
  for (const folder of ['bin', 'lib64', 'lib/x86_64-linux-gnu']) {
    mkdirSync(join(root, 'usr', folder), { recursive: true })
  }
  const { said } = await run('ldd', [program])
  const libraries = [...said.matchAll(/(\/\S+\/(lib[^/ ]+)) \(/g)]
  for (const [, from = '', name = ''] of libraries) {
    copyFileSync(from, join(root, 'usr/lib/x86_64-linux-gnu', name))
  }
  copyFileSync('/lib64/ld-linux-x86-64.so.2', join(root, 'usr/lib64/ld-linux-x86-64.so.2'))
  copyFileSync(program, join(root, 'usr/bin/program'))
  return root
}

test('rootfs/libraries.sh names what a program or a library does not find, loader too', async t => {
  const root = await rootWith(t, '/bin/bash')
  const look = async () => await run('bash', [script('rootfs/libraries.sh'), root])
  assert.deepEqual(await look(), { code: 0, said: '', lastLine: '' })
  rmSync(join(root, 'usr/lib/x86_64-linux-gnu/libc.so.6'))
  rmSync(join(root, 'usr/lib64'), { recursive: true })
  const { code, said } = await look()
  assert.equal(code, 1)
  const lines = said.split('\n')
  const noLine = 'which no line of rootfs/programs.list brings'
  for (const line of [
    `usr/bin/program needs libc.so.6, ${noLine}`,
    `usr/bin/program needs /lib64/ld-linux-x86-64.so.2, ${noLine}`,
    `usr/lib/x86_64-linux-gnu/libtinfo.so.6 needs libc.so.6, ${noLine}`,
  ]) {
    assert.ok(lines.includes(line), said)
  }
})
