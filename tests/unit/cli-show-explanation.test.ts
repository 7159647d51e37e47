import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showExplanation } from '../../appliance/cli/show-explanation.ts'
import type { Explanation } from '../../appliance/status/service-answers.ts'

const web1: Explanation = {
  server: 'shop/web1',
  at: '10.0.0.1:80',
  scheduler: 'wlc',
  state: 'up',
  since: '2026-01-02T03:04:05.678Z',
  why: 'every check passes',
  weight: 50,
  explanation: '50',
  missing: null,
  override: null,
  checks: [],
}

test('the weight of a server, and whether it is in the table', () => {
  assert.deepEqual(showExplanation(web1).split('\n'), [
    'shop/web1 (10.0.0.1:80) is UP since 2026-01-02T03:04:05.678Z: every check passes',
    '  weight: 50; in the table with weight 50',
    '  no checks: it is always up',
  ])
  assert.match(showExplanation({ ...web1, weight: null }), /^ {2}weight: 50; not in the table$/m)
})

test('without IPVS a server that is up gets nothing all the same', () => {
  const missing = 'This kernel has no IPVS: modprobe ip_vs says why.'
  const said = showExplanation({ ...web1, weight: null, missing })
  assert.match(said, / is UP .*\n {2}nothing is forwarded to it by this box\. This kernel has no /)
  assert.doesNotMatch(said, /weight/)
})
