import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'

const top = resolve(import.meta.dirname, '../..')

/** Every `diarch` command waits for what is loaded before it is known which one it is. */
test('diarch loads neither the schema nor the importer before a command needs them', async () => {
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints: ['appliance/cli/main.ts'],
    outdir: '/nowhere',
    bundle: true,
    splitting: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['*.node'],
  })
  const from = new Map<string, string>([['appliance/cli/main.ts', '']])
  // A Map has what is added while it is walked through.
  for (const path of from.keys()) {
    for (const { path: next, kind } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== 'dynamic-import' && !from.has(next)) from.set(next, path)
    }
  }
  const heavy = /^node_modules\/zod\/|^appliance\/keepalived\//
  const found = [...from].filter(([path]) => heavy.test(path) && !heavy.test(from.get(path) ?? ''))
  assert.deepEqual(
    found.map(([path, by]) => `${by} imports ${path}`),
    [],
  )
})
