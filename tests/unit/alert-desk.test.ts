import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ToAlerts } from '../../appliance/alerting/alert-messages.ts'
import type { Happening } from '../../appliance/alerting/watch.ts'
import { AlertDesk } from '../../appliance/supervisor/alerts.ts'
import { accepted } from './config/pair.ts'

const channels = { office: { kind: 'webhook', url: 'https://192.0.2.9/' } }
const alertsOf = (alerts: object) =>
  accepted({ schemaVersion: 2, cluster: { alerts } }).cluster.alerts

function desk() {
  const heard: Happening[] = []
  const child = { runs: false }
  const its = new AlertDesk({
    send: (_, message) => {
      if (child.runs && message.kind === 'happened') heard.push(...(message as Told).events)
      return child.runs
    },
    box: () => 'lb1',
    alarm: () => undefined,
    onChange: () => undefined,
  })
  const hear = (event: string, text: string): void => {
    its.hear({ number: 1, at: '2026-01-01T00:00:00Z', about: 'VI_1', event, text } as never)
  }
  const starts = (): void => {
    child.runs = true
    its.onReady()
  }
  const ends = (): void => {
    child.runs = false
    its.onExit()
  }
  return { its, hear, starts, ends, texts: () => heard.map(({ text }) => text) }
}

type Told = Extract<ToAlerts, { kind: 'happened' }>

test('what happens before the process runs, or between two of them, is told once it does', () => {
  const { its, hear, starts, ends, texts } = desk()
  its.take(alertsOf({ channels }), 1)
  hear('master', 'the first election')
  assert.deepEqual(texts(), [])
  starts()
  hear('backup', 'and then')
  ends()
  hear('master', 'while it was away')
  starts()
  assert.deepEqual(texts(), ['the first election', 'and then', 'while it was away'])
})

test('what happened while nobody was to be told is told to nobody', () => {
  const { its, hear, starts, texts } = desk()
  hear('master', 'without a channel')
  its.take(alertsOf({ channels }), 1)
  hear('fault', 'before the channels go')
  its.take(alertsOf({}), 2)
  its.take(alertsOf({ channels }), 3)
  starts()
  assert.deepEqual(texts(), [])
})
