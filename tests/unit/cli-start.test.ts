import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { before, test } from 'node:test'
import { build, type Metafile } from 'esbuild'

const top = resolve(import.meta.dirname, '../..')
const main = 'appliance/cli/main.ts'
const table = 'appliance/cli/command-table.ts'

let inputs: Metafile['inputs'] = {}

before(async () => {
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints: [main],
    outdir: '/nowhere',
    bundle: true,
    splitting: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['*.node'],
  })
  inputs = metafile.inputs
})

/** Each file with the one that asks for it. `late`: whose dynamic imports count too. */
function loadedWith(late: readonly string[]): ReadonlyMap<string, string> {
  const from = new Map<string, string>([[main, '']])
  // A Map has what is added while it is walked through.
  for (const path of from.keys()) {
    for (const { path: next, kind } of inputs[path]?.imports ?? []) {
      const counts = kind !== 'dynamic-import' || late.includes(path)
      if (counts && !from.has(next)) from.set(next, path)
    }
  }
  return from
}

function first(loaded: ReadonlyMap<string, string>, heavy: RegExp): readonly string[] {
  const found = [...loaded].filter(([path, by]) => heavy.test(path) && !heavy.test(by))
  return found.map(([path, by]) => `${by} imports ${path}`)
}

/** Every `diarch` command waits for what is loaded before it is known which one it is. */
test('diarch loads no command before it is known which one it is', () => {
  assert.equal(loadedWith([]).get(table), main)
  // The version is an option too.
  assert.deepEqual(first(loadedWith([]), /^appliance\/cli\/commands\/(?!version)/), [])
})

/** Also for its help. */
test('diarch loads neither the schema nor the importer before a command needs them', () => {
  const loaded = loadedWith([table])
  assert.ok(loaded.has('appliance/cli/commands/import.ts'))
  assert.deepEqual(first(loaded, /^node_modules\/zod\/|^appliance\/keepalived\//), [])
})
