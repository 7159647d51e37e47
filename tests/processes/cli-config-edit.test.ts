import assert from 'node:assert/strict'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { addInterface, type Box, pair, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, tree } from './supervisor-lab.ts'
import { cli } from './supervisor-run.ts'

/** An editor that does this to the file; `calls` counts how often it was opened. */
function editor({ file, folder }: Box, script: string): string {
  const path = file('editor', `#!/bin/sh\necho open >> ${folder}/calls\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const calls = ({ folder }: Box): number =>
  existsSync(join(folder, 'calls'))
    ? readFileSync(join(folder, 'calls'), 'utf8').split('\n').length - 1
    : 0

const edit = (box: Box, script: string, ...args: string[]) =>
  box.diarch(['config', 'edit', ...args], {
    env: { VISUAL: editor(box, script), TMPDIR: box.folder },
  })

/** The command that is to put in force what was kept. */
const adviceIn = (text: string): readonly string[] =>
  /^ {2}put in force: +diarch (.*)$/m.exec(text)?.[1]?.split(' ') ?? []

const left = ({ folder }: Box): readonly string[] =>
  readdirSync(folder).filter(name => name.startsWith('diarch-'))

inOwnNetwork(import.meta.filename, () => {
  before(async () => {
    addInterface()
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
  })

  test('what an editor saves comes into force; the file was for its owner alone', async t => {
    const box = await startBox(t)
    await box.diarch(['config', 'apply', box.file('pair.json', pair())])
    const modes = `stat -c %a "$1" "$(dirname "$1")" > ${box.folder}/modes`
    const done = await edit(box, `${modes}; cp "$1" ${box.folder}/seen; sed -i 's/150/120/' "$1"`)
    assert.deepEqual([done.status, done.stderr], [0, ''])
    assert.match(done.stdout, /^ {2}cluster\.routers\.VI_1\.priority: 150 -> 120$/m)
    assert.equal(readFileSync(join(box.folder, 'modes'), 'utf8'), '600\n700\n')
    assert.match(
      readFileSync(join(box.folder, 'seen'), 'utf8'),
      /^# revision 1 by ada .*\n(# .*\n)+\{\n/,
    )
    assert.deepEqual(left(box), [])
  })

  test('nothing typed, nothing saved, an editor that fails: nothing is changed', async t => {
    const box = await startBox(t)
    await box.diarch(['config', 'apply', box.file('pair.json', pair())])
    for (const [script, status] of [
      ['true', 0],
      [': > "$1"', 0],
      ['exit 3', 1],
    ] as const) {
      const said = await edit(box, script)
      assert.equal(said.status, status, script)
      assert.match(`${said.stdout}${said.stderr}`, /nothing is changed/)
    }
    assert.equal(await box.lastNumber(), 1)
    assert.deepEqual(left(box), [])
  })

  test('what is refused is opened again, with the reasons on top', async t => {
    const box = await startBox(t)
    await box.diarch(['config', 'apply', box.file('pair.json', pair())])
    const mend = `cp "$1" ${box.folder}/second; sed -i 's/: 0,/: 120,/' "$1"`
    const spoil = `sed -i 's/150/0/' "$1"`
    const done = await edit(box, `if grep -q Refused "$1"; then ${mend}; else ${spoil}; fi`)
    assert.equal(done.status, 0, done.stderr)
    const second = readFileSync(join(box.folder, 'second'), 'utf8').split('\n')
    const [, line = '0'] = /^# line (\d+): .*priority is 0, expected/.exec(second[1] ?? '') ?? []
    assert.match(second[Number(line) - 1] ?? '', /"priority": 0/)
    assert.equal(
      (await box.diarch(['config', 'get', 'cluster.routers.VI_1.priority'])).stdout,
      '120\n',
    )
    assert.deepEqual(left(box), [])
  })

  test('what is saved as it was refused is given up, and kept in a file', async t => {
    const box = await startBox(t)
    await box.diarch(['config', 'apply', box.file('pair.json', pair())])
    for (const [script, words] of [
      [`sed -i 's/150/0/' "$1"`, /priority is 0, expected a whole number/],
      [`echo '{ "cluster": ' > "$1"`, /line 2, column 1: .*the end of the text/],
    ] as const) {
      const before = calls(box)
      const said = await edit(box, script)
      assert.equal(said.status, 5, said.stderr)
      assert.equal(calls(box) - before, 2)
      assert.match(said.stderr, words)
      const [, path = ''] = /^what you typed is kept: (.*)$/m.exec(said.stderr) ?? []
      assert.doesNotMatch(readFileSync(path, 'utf8'), /^#/m)
    }
    assert.equal(left(box).length, 2)
    assert.equal(await box.lastNumber(), 1)
  })

  test('somebody else was faster: his change is shown, the text is kept', async t => {
    const box = await startBox(t)
    await box.diarch(['config', 'apply', box.file('pair.json', pair())])
    const other = `${process.execPath} ${cli} config set cluster.routers.VI_1.priority 99 >&2`
    const said = await edit(box, `${other}; sed -i 's/150/120/' "$1"`)
    assert.equal(said.status, 1)
    assert.match(said.stderr, /^ {2}revision 2 by ada .*\n {2}.*VI_1\.priority: 150 -> 99$/m)
    const [, path = ''] = /^what you typed is kept: (.*)$/m.exec(said.stderr) ?? []
    assert.match(readFileSync(path, 'utf8'), /^\{.*"priority": 120/s)
    assert.equal(
      (await box.diarch(['config', 'diff', path])).stdout,
      'cluster.routers.VI_1.priority: 99 -> 120\n',
    )
    assert.match(said.stderr, /^ {2}both changed cluster\.routers\.VI_1\.priority: /m)
    assert.equal((await box.diarch(adviceIn(said.stderr))).status, 0)
  })

  test('somebody was faster elsewhere: the command that is named keeps both changes', async t => {
    const box = await startBox(t)
    await box.diarch(['config', 'apply', box.file('pair.json', pair())])
    const other = `${process.execPath} ${cli} config set cluster.routers.VI_1.priority 99 >&2`
    const said = await edit(box, `${other}; sed -i 's/192.0.2.100/192.0.2.101/' "$1"`)
    assert.equal(said.status, 1)
    assert.doesNotMatch(said.stderr, /both changed/)
    const applied = await box.diarch(adviceIn(said.stderr))
    assert.equal(applied.status, 0, applied.stderr)
    const shown = JSON.parse((await box.diarch(['config', 'show'])).stdout)
    const { priority, virtualAddresses } = shown.cluster.routers.VI_1
    assert.deepEqual([priority, virtualAddresses], [99, ['192.0.2.101/24']])
  })
})
