import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { serviceMetrics } from '../../appliance/metrics/service-metrics.ts'
import { statusMetrics } from '../../appliance/metrics/status-metrics.ts'
import { exampleStatus } from '../processes/example-status.ts'

const known = new Set(
  [...statusMetrics(exampleStatus, () => 0), ...serviceMetrics([], [])].map(({ name }) => name),
)

for (const path of ['docs/grafana-dashboard.json', 'docs/guides/monitoring.md']) {
  test(`${path} names metrics that there are`, () => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    const named = new Set(text.match(/\bdiarch_[a-z_]*[a-z]/g))
    assert.ok(named.size >= 5)
    const unknown = [...named].filter(name => {
      return !known.has(name) && ![...known].some(each => each.startsWith(`${name}_`))
    })
    assert.deepEqual(unknown, [])
  })
}
