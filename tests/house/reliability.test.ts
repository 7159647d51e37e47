import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Finding, report, type SourceFile, sourceFiles } from './tree.ts'

const page = 'docs/reliability.md'
const why = 'a promise is worth what shows it: name the file and the title as they are'

/** Each failure of the first table has a test, and each test that the page names is there. */
function promisesAreShown(files: readonly SourceFile[]): readonly Finding[] {
  const lines = (files.find(({ path }) => path === page)?.text ?? '').split('\n')
  const from = lines.findIndex(line => line.startsWith('| What fails '))
  const rows = lines.slice(from + 2, lines.indexOf('', from))
  const bare = rows
    .filter(line => !/`tests\/[^`]+`: "/.test(line))
    .map(line => ({ path: page, line: lines.indexOf(line) + 1, what: 'names no test', why }))
  const missing = lines.flatMap((line, index) =>
    [...line.matchAll(/`(tests\/[^`]+)`: "([^"]+)"/g)].flatMap(([, path, title = '']) => {
      const text = files.find(file => file.path === path)?.text ?? ''
      const isThere = ["'", '`'].some(quote => text.includes(`${quote}${title}${quote}`))
      return isThere ? [] : [{ path: page, line: index + 1, what: `"${title}" is no test`, why }]
    }),
  )
  if (from < 0) return [{ path: page, line: 1, what: 'has no table of what fails', why }]
  return [...bare, ...missing]
}

test('each row of docs/reliability.md names a test that is there', () => {
  const findings = promisesAreShown(sourceFiles())
  assert.equal(findings.length, 0, report(findings))
})

test('a row without a test is noticed, and a test that is not there', () => {
  const rows = ['| a | b | `tests/x.test.ts`: "one" |', '| c | d | none |']
  const text = ['| What fails | x | y |', '|---|---|---|', ...rows, '', 'End.'].join('\n')
  const held = { path: 'tests/x.test.ts', text: "test('one', () => {})" }
  const what = (files: readonly SourceFile[]) => promisesAreShown(files).map(each => each.what)
  assert.deepEqual(what([{ path: page, text }, held]), ['names no test'])
  assert.deepEqual(what([{ path: page, text }]), ['names no test', '"one" is no test'])
  assert.deepEqual(what([held]), ['has no table of what fails'])
})
