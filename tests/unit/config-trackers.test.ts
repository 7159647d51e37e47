import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notifyConfig } from '../../appliance/config/notify-config.ts'
import { trackerConfigs } from '../../appliance/config/tracker-configs.ts'
import { accepted, least, pair } from './config/pair.ts'

test('trackers, with their defaults and in full', () => {
  const trackers = {
    a: { kind: 'script', command: ['/bin/check', 'x'], interval: '3s' },
    b: {
      kind: 'script',
      command: ['/bin/check'],
      interval: '100ms',
      timeout: '1s',
      rise: 2,
      fall: 3,
      user: 'nobody',
      initially: 'down',
    },
    c: { kind: 'process', program: 'nginx' },
    d: {
      kind: 'process',
      program: 'java',
      arguments: ['-jar', 'app.jar'],
      least: 2,
      most: 4,
      patience: '500ms',
    },
    e: { kind: 'file', path: '/etc/wish' },
    f: { kind: 'file', path: '/etc/wish', missing: -5 },
    g: { kind: 'interface', interface: 'eth1' },
  }
  assert.deepEqual(trackerConfigs(accepted(pair({ cluster: { trackers } }))), [
    {
      name: 'a',
      kind: 'script',
      command: ['/bin/check', 'x'],
      interval: 3000,
      timeout: 3000,
      rise: 1,
      fall: 1,
      user: null,
      initially: 'unknown',
    },
    {
      name: 'b',
      kind: 'script',
      command: ['/bin/check'],
      interval: 100,
      timeout: 1000,
      rise: 2,
      fall: 3,
      user: 'nobody',
      initially: 'down',
    },
    {
      name: 'c',
      kind: 'process',
      program: 'nginx',
      arguments: [],
      least: 1,
      most: null,
      patience: 0,
    },
    {
      name: 'd',
      kind: 'process',
      program: 'java',
      arguments: ['-jar', 'app.jar'],
      least: 2,
      most: 4,
      patience: 500,
    },
    { name: 'e', kind: 'file', path: '/etc/wish', missing: 0 },
    { name: 'f', kind: 'file', path: '/etc/wish', missing: -5 },
    { name: 'g', kind: 'interface', interface: 'eth1' },
  ])
})

test('who is told', () => {
  assert.deepEqual(notifyConfig(accepted(pair({}))), {
    hooks: [],
    fifo: null,
    priorityChanges: false,
  })
  const command = ['/bin/tell']
  const document = pair({
    routers: { VI_2: { ...least, virtualRouterId: 2, virtualAddresses: [] } },
    cluster: {
      syncGroups: { G: { routers: ['VI_1', 'VI_2'] } },
      notify: {
        hooks: [
          { command },
          { command, router: 'VI_1', on: 'FAULT', user: 'nobody', timeout: '5s' },
          { command, syncGroup: 'G' },
        ],
        fifo: '/run/states',
        priorityChanges: true,
      },
    },
  })
  assert.deepEqual(notifyConfig(accepted(document)), {
    hooks: [
      { of: null, on: null, command, user: null, timeout: 30_000 },
      {
        of: { kind: 'router', name: 'VI_1' },
        on: 'FAULT',
        command,
        user: 'nobody',
        timeout: 5000,
      },
      { of: { kind: 'group', name: 'G' }, on: null, command, user: null, timeout: 30_000 },
    ],
    fifo: '/run/states',
    priorityChanges: true,
  })
})
