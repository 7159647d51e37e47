import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageText, uptimeText } from '../../web-ui/uptime.ts'

test('uptime', () => {
  const rows: [number, string][] = [
    [0, '00:00:00'],
    [59.9, '00:00:59'],
    [3661, '01:01:01'],
    [86_399, '23:59:59'],
    [86_400, '1 d 00:00:00'],
    [266_645, '3 d 02:04:05'],
  ]
  for (const [seconds, text] of rows) assert.equal(uptimeText(seconds), text)
})

test('age', () => {
  const rows: [number, string][] = [
    [-5, '0 seconds'],
    [1000, '1 second'],
    [119_999, '119 seconds'],
    [120_000, '2 minutes'],
    [7_199_000, '119 minutes'],
    [7_200_000, '2 hours'],
    [172_800_000, '2 days'],
  ]
  for (const [milliseconds, text] of rows) assert.equal(ageText(milliseconds), text)
})
