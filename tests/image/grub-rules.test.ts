import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeEnvironment,
  type Environment,
  encodeEnvironment,
} from '../../appliance/boot/environment.ts'
import { choose, otherSlot, type SlotChoice } from '../../appliance/boot/slots.ts'
import { type EnvironmentFiles, type GrubRun, runGrubScript } from './grub-alone.ts'

/** A word that neither GRUB's script nor TypeScript knows: such a slot is not to be started. */
const nonsense = 'perhaps' as Environment['a']
const states = ['ok', '3', '2', '1', '0', 'bad', 'empty', nonsense] as const

const text = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('latin1').replace(/#+$/, '').replaceAll('\n', ' ')
const shown = (bytes: Uint8Array | null): string => (bytes ? text(bytes) : 'no file')

/** What boots is what `choose` says, from the right partition, and nothing is given up untried. */
const assertStarts = (name: string, { starts }: GrubRun, expected: SlotChoice): void => {
  const { slot, why } = expected
  const [first] = starts
  assert.deepEqual(
    { slot: first?.slot, why: first?.why, onTrial: first?.onTrial },
    { slot, why, onTrial: why === 'trial' ? '1' : '0' },
    name,
  )
  for (const { kernel, initrd, slot, esp } of starts) {
    const partition = slot === 'a' ? 3 : 4
    assert.equal(kernel, `(hd0,gpt${partition})/boot/vmlinuz`, name)
    assert.equal(initrd, `(hd0,gpt${partition})/boot/initrd`, name)
    assert.equal(esp, 'd1a2c400-0000-4000-8000-000000000002', name)
  }
  const tried = starts.map(start => start.slot)
  assert.ok(tried.includes(otherSlot(slot)), `${name}: then ${otherSlot(slot)}, not only ${tried}`)
}

const environments = (['ab', 'ba'] as const).flatMap(order =>
  states.flatMap(a =>
    states.flatMap(b => (['a', 'b'] as const).map(last => ({ order, a, b, last }))),
  ),
)

test('for every environment GRUB starts and writes what `choose` says', async t => {
  const files = environments.map(encodeEnvironment)
  const runs = await runGrubScript(
    t,
    files.map(env => ({ env1: env, env2: env })),
  )
  environments.forEach((environment, n) => {
    const [name, expected] = [text(files[n]!), choose(environment)]
    assertStarts(name, runs[n]!, expected)
    const next = encodeEnvironment(expected.next)
    assert.deepEqual(runs[n]?.after, { env1: next, env2: next }, name)
  })
})

/** Would start slot A by what it says, were it not damaged. */
const lost: Environment = { order: 'ab', a: 'ok', b: 'bad', last: 'a' }
/** Starts slot B. */
const kept: Environment = { order: 'ba', a: 'ok', b: '3', last: 'a' }

const changed = (environment: Environment, from: string, to: string): Uint8Array => {
  const block = Buffer.from(encodeEnvironment(environment)).toString('latin1')
  return new Uint8Array(Buffer.from(block.replace(from, to).padEnd(1024, '#').slice(0, 1024)))
}

const damages: Record<string, Uint8Array | null> = {
  'not there': null,
  'of no length': new Uint8Array(),
  zeros: new Uint8Array(1024),
  garbage: Uint8Array.from({ length: 1024 }, (_, n) => (n * 167 + 13) % 256),
  'garbage behind a good signature': Buffer.from(encodeEnvironment(lost)).fill(0xa5, 25, 1000),
  'cut off within its words': encodeEnvironment(lost).slice(0, 60),
  'without the signature': changed(lost, 'GRUB', 'GRIB'),
  'of another magic': changed(lost, 'diarch1', 'diarch9'),
  'without the magic': changed(lost, 'magic=diarch1\n', ''),
  'of an unknown order': changed(lost, 'order=ab', 'order=no'),
  'without the order': changed(lost, 'order=ab\n', ''),
  'without a slot': changed(lost, 'b=bad\n', ''),
  'of a slot without a word': changed(lost, 'b=bad', 'b='),
  'of an unknown last': changed(lost, 'last=a', 'last=x'),
  'without last': changed(lost, 'last=a\n', ''),
}
/** Damaged too, as long as the other copy has words that are known. */
const unknownWord = changed(lost, 'a=ok', 'a=oj')

type Damaged = EnvironmentFiles & { readonly name: string; readonly expected: SlotChoice }
const good = encodeEnvironment(kept)
const oneDamaged = Object.entries({ ...damages, 'of an unknown word': unknownWord }).flatMap(
  ([how, bad]): Damaged[] => [
    { name: `copy 1 is ${how}`, env1: bad, env2: good, expected: choose(kept) },
    { name: `copy 2 is ${how}`, env1: good, env2: bad, expected: choose(kept) },
  ],
)
const bothDamaged = Object.entries(damages).map(([how, bad]): Damaged => {
  return { name: `both are ${how}`, env1: bad, env2: bad, expected: choose(null) }
})
const halves: Damaged = {
  name: 'copy 1 lacks its magic and copy 2 the words of the slots',
  env1: changed({ ...lost, a: 'bad', b: 'ok', last: 'b' }, 'magic=diarch1\n', ''),
  env2: changed(kept, 'a=ok\nb=3\nlast=a\n', ''),
  expected: choose(null),
}

test('GRUB keeps to the copy that is whole, and to the defaults when neither is', async t => {
  const cases = [...oneDamaged, ...bothDamaged, halves]
  const runs = await runGrubScript(t, cases)
  cases.forEach(({ name, expected, ...before }, n) => {
    const run = runs[n]!
    assertStarts(name, run, expected)
    for (const copy of ['env1', 'env2'] as const) {
      const [was, is] = [before[copy], run.after[copy]]
      const message = `${name}: ${copy} was "${shown(was)}", is "${shown(is)}"`
      // GRUB cannot mend a file that is no environment block at all; a block of other words it can.
      const decoded = is ? decodeEnvironment(is) : null
      if (decoded?.ok) assert.deepEqual(decoded.environment, expected.next, message)
      else assert.ok(was !== good && shown(was) === shown(is), message)
    }
  })
})
