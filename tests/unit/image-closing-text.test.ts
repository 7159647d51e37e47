import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closingText } from '../../image/run/closing-text.ts'

test('each address that a person sees is explained', () => {
  const screen = ' Diarch 0.1.0\n\n  Page  https://10.0.2.15/\n\n'
  const lines = closingText(screen, 8444, 'DA:68').split('\n')
  const after = (text: string) => lines[lines.findIndex(line => line.includes(text)) + 1] ?? ''
  assert.match(after('https://127.0.0.1:8444/'), /way in from here: QEMU leads this port/)
  assert.match(after('Fingerprint  DA:68'), /of the certificate that the box made itself/)
  const own = lines.filter(line => line.startsWith('10.0.2.15'))
  assert.deepEqual(own, [
    '10.0.2.15    on the screen above: its address in a network inside QEMU, ' +
      'of no use from here',
  ])
})

test('a screen without an address leaves nothing to explain', () => {
  assert.doesNotMatch(closingText(' Starting ...', 8443, 'DA'), /inside QEMU/)
})
