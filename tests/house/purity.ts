import { importsOf } from './imports.ts'
import { applianceFolder, layerOf } from './layers.ts'
import { type Token, tokens } from './tokens.ts'
import { type Finding, isTypeScript, type Rule, type SourceFile } from './tree.ts'

/** npm packages that a pure folder may stand on. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  alerting: ['zod'],
  api: ['zod'],
  config: ['zod'],
  fencing: ['zod'],
  mib: ['zod'],
  pairing: ['@noble/curves/ed25519.js', '@noble/hashes/hmac.js', '@noble/hashes/sha2.js', 'zod'],
  setup: ['zod'],
}

const time = 'time is an input of pure code (Instant), a deadline is an output'
const world = 'pure code touches nothing: return an effect and let a shell perform it'

const randomness = 'randomness is an input of pure code, so that a run can be repeated'

/** Names that stand for the world. A value of the file's own needs another name too. */
const forbidden: Readonly<Record<string, string>> = {
  Date: time,
  performance: time,
  setTimeout: time,
  setInterval: time,
  setImmediate: time,
  queueMicrotask: 'order is decided by effects, not by the event loop',
  process: world,
  console: world,
  fetch: world,
  crypto: randomness,
  globalThis: world,
  require: world,
}

export const purity: Rule = file => {
  if (layerOf(file.path) !== 'pure' || !isTypeScript(file)) return []
  return [...imports(file), ...names(file)]
}

/** Imports of the tree itself are for the rule of direction. */
function imports(file: SourceFile): readonly Finding[] {
  const allowed = allowedPackages[applianceFolder(file.path) ?? ''] ?? []
  return importsOf(file)
    .filter(({ from, target }) => target === null && !allowed.includes(from))
    .map(({ from, line }) => ({ path: file.path, line, what: `imports ${from}`, why: world }))
}

function names(file: SourceFile): readonly Finding[] {
  const all = tokens(file.text)
  return all.flatMap((token, index): Finding[] => {
    const at = { path: file.path, line: token.line }
    if (token.kind !== 'word' || isMember(all, index)) return []
    if (
      token.text === 'Math' &&
      all[index + 1]?.text === '.' &&
      all[index + 2]?.text === 'random'
    ) {
      return [{ ...at, what: 'uses Math.random', why: randomness }]
    }
    const why = Object.hasOwn(forbidden, token.text) ? forbidden[token.text] : undefined
    return why === undefined ? [] : [{ ...at, what: `uses ${token.text}`, why }]
  })
}

/** `spec.process`, or the key in `{ process: ... }` and `readonly process?: ...`. */
function isMember(all: readonly Token[], index: number): boolean {
  const [before, after] = [all[index - 1], all[index + 1]?.text ?? '']
  // A spread is three dots; what follows them is no member.
  if (before?.text === '.') return all[index - 2]?.text !== '.'
  const isKey = after === ':' || (after === '?' && all[index + 2]?.text === ':')
  if (!isKey || before === undefined || before.text === '?') return false
  return ['{', ',', ';', 'readonly'].includes(before.text) || before.line < (all[index]?.line ?? 0)
}
