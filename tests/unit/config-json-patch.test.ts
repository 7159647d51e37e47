import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PatchStep } from '../../appliance/api/configuration.ts'
import { type Patched, patched } from '../../appliance/config/json-patch.ts'

const document = { a: { b: [1, 2, 3], 'x/y~z': true }, c: { d: null } }

const value = (outcome: Patched): unknown =>
  outcome.kind === 'value' ? outcome.value : assert.fail(outcome.why)

const why = (...steps: PatchStep[]): string => {
  const outcome = patched(document, steps)
  return outcome.kind === 'refused' ? outcome.why : assert.fail('it is not refused')
}

test('what is deeper than the stack is compared with nothing', () => {
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
  const add: PatchStep = { op: 'add', path: '/e', value: deep }
  const said = why(add, { op: 'test', path: '/e', value: structuredCopy(deep) })
  assert.match(said, /^test \/e \(step 2 of 2\): expected at most 64 levels/)
})

/** Not the same object. */
const structuredCopy = (value: unknown): unknown => [...(value as readonly unknown[])]

test('each kind of step (RFC 6902 4)', () => {
  const rows: readonly (readonly [PatchStep, unknown])[] = [
    [
      { op: 'replace', path: '/a/b/1', value: 9 },
      { ...document, a: { ...document.a, b: [1, 9, 3] } },
    ],
    [
      { op: 'add', path: '/a/b/1', value: 9 },
      { ...document, a: { ...document.a, b: [1, 9, 2, 3] } },
    ],
    [
      { op: 'add', path: '/a/b/-', value: 9 },
      { ...document, a: { ...document.a, b: [1, 2, 3, 9] } },
    ],
    [
      { op: 'add', path: '/a/b/3', value: 9 },
      { ...document, a: { ...document.a, b: [1, 2, 3, 9] } },
    ],
    [
      { op: 'remove', path: '/a/b/0' },
      { ...document, a: { ...document.a, b: [2, 3] } },
    ],
    [{ op: 'remove', path: '/a' }, { c: document.c }],
    [
      { op: 'add', path: '/e', value: {} },
      { ...document, e: {} },
    ],
    [
      { op: 'add', path: '/c', value: 1 },
      { ...document, c: 1 },
    ],
    [
      { op: 'replace', path: '/c/d', value: 1 },
      { ...document, c: { d: 1 } },
    ],
    [
      { op: 'replace', path: '/a/x~1y~0z', value: false },
      { ...document, a: { ...document.a, 'x/y~z': false } },
    ],
    [{ op: 'replace', path: '', value: 7 }, 7],
    [
      { op: 'add', path: '/', value: 7 },
      { ...document, '': 7 },
    ],
    [{ op: 'test', path: '/c', value: { d: null } }, document],
  ]
  for (const [step, expected] of rows) {
    assert.deepEqual(value(patched(document, [step])), expected, JSON.stringify(step))
  }
})

test('keys keep their places', () => {
  const after = value(patched({ x: 1, y: 2, z: 3 }, [{ op: 'replace', path: '/y', value: 0 }]))
  assert.deepEqual(Object.keys(after as object), ['x', 'y', 'z'])
})

test('what is not on the way stays the same object, and the document as it was', () => {
  const before = structuredClone(document)
  const after = value(patched(document, [{ op: 'replace', path: '/a/b/1', value: 9 }]))
  assert.equal((after as typeof document).c, document.c)
  assert.deepEqual(document, before)
})

test('a step that does not fit refuses all of them, and says which and why', () => {
  assert.equal(why({ op: 'replace', path: '/e', value: 1 }), 'replace /e: there is no "e"')
  assert.equal(
    why({ op: 'remove', path: '/c' }, { op: 'test', path: '/c', value: 1 }),
    'test /c (step 2 of 2): there is no "c"',
  )
  assert.match(why({ op: 'test', path: '/c', value: 1 }), /something else is there/)
  assert.match(why({ op: 'remove', path: '/e/f' }), /there is no "e"/)
  assert.match(why({ op: 'add', path: '/e/f', value: 1 }), /there is no "e"/)
  assert.match(why({ op: 'add', path: '/c/d/f', value: 1 }), /what should have it is no object/)
  assert.match(why({ op: 'replace', path: '/a/b/3', value: 1 }), /the list has 3 entries/)
  assert.match(why({ op: 'add', path: '/a/b/4', value: 1 }), /the list has 3 entries/)
  assert.match(why({ op: 'replace', path: '/a/b/-', value: 1 }), /"-" is no place of a list/)
  assert.match(why({ op: 'add', path: '/a/b/01', value: 1 }), /"01" is no place of a list/)
  assert.match(why({ op: 'add', path: 'a', value: 1 }), /a path begins with a slash/)
  assert.match(why({ op: 'remove', path: '' }), /the whole document cannot be removed/)
})

test('the keys that every object has are none of the document', () => {
  assert.match(why({ op: 'replace', path: '/constructor', value: 1 }), /there is no "constructor"/)
  assert.match(why({ op: 'add', path: '/__proto__/polluted', value: 1 }), /there is no "__proto__"/)
  const after = value(patched({}, [{ op: 'add', path: '/__proto__', value: { polluted: 1 } }]))
  assert.deepEqual(Object.keys(after as object), ['__proto__'])
  assert.equal((after as { polluted?: number }).polluted, undefined)
})
