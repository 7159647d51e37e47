import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Watchdog } from '../../appliance/linux/watchdog.ts'
import { settingsFrom } from '../../appliance/supervisor/settings.ts'
import { WatchdogChain } from '../../appliance/supervisor/watchdog-chain.ts'

/** A management controller: QEMU has one, and that one never starts anew. */
function controller() {
  let refuses = false
  const ping = () => {
    if (refuses) throw new Error('WDIOC_KEEPALIVE: EIO')
  }
  const status = { device: '/dev/watchdog', identity: 'IPMI', timeoutSeconds: 30 } as const
  const watchdog: Watchdog = {
    status: { ...status, kind: 'hardware', since: '', why: '' },
    ping,
    handOver: ping,
  }
  return { watchdog, refuse: (so: boolean) => (refuses = so) }
}

test('a controller that starts anew refuses pings, and ends nobody', () => {
  const { watchdog, refuse } = controller()
  const said: string[] = []
  const settings = settingsFrom({ DIARCH_APPLIANCE: '1' })
  const chain = new WatchdogChain(
    settings,
    text => said.push(text),
    () => watchdog,
  )
  const nobody = { stopping: false, children: new Map() } as const
  chain.ping(nobody)
  assert.equal(chain.missing, null)
  refuse(true)
  for (let time = 0; time < 3; time++) chain.ping(nobody)
  assert.equal(chain.missing, 'it takes no ping: WDIOC_KEEPALIVE: EIO')
  refuse(false)
  chain.ping(nobody)
  assert.equal(chain.missing, null)
  refuse(true)
  chain.leave()
  assert.deepEqual(said, [
    'the watchdog: it takes no ping: WDIOC_KEEPALIVE: EIO',
    'the watchdog: it takes pings again',
    'the watchdog: it takes no longer time: WDIOC_KEEPALIVE: EIO',
  ])
})

test('what the configuration says that the machine has', () => {
  const chain = new WatchdogChain(
    settingsFrom({ DIARCH_APPLIANCE: '1' }),
    () => undefined,
    () => null,
  )
  assert.equal(chain.expected, 'hardware')
  chain.take({ kind: 'software' })
  assert.equal(chain.expected, 'software')
})
