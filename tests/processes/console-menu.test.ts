import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { before, test } from 'node:test'
import { setKeyboard } from '../../appliance/console/keyboard-work.ts'
import type { Status } from '../../appliance/status/document.ts'
import { ConfiguredRun } from './configuration-run.ts'
import { ConsoleLine } from './console-box.ts'
import { exampleStatus } from './example-status.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { cli } from './supervisor-run.ts'

const password = 'hunter2hunter2'
const another = 'correct horse battery'

const document = {
  schemaVersion: 2,
  cluster: {
    users: {
      admin: { role: 'admin', password },
      vera: { role: 'viewer', password: 'vera looks only' },
    },
    routers: {
      VI_1: { interface: 'v0', virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] },
    },
  },
  node: { network: { interfaces: { v0: { addresses: ['192.0.2.1/24'] } } } },
}

const [enter, esc, f2] = ['\r', '\x1b', '\x1bOQ']

inOwnNetwork(import.meta.filename, () => {
  before(() => {
    compileNative()
    execFileSync('ip', ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'])
    for (const name of ['v0', 'v1']) execFileSync('ip', ['link', 'set', name, 'up'])
    execFileSync('ip', ['address', 'add', '192.0.2.1/24', 'dev', 'v0'])
  })

  test('the wizard takes a keyboard, and makes a port blink or says why it does not', async t => {
    const folder = temporaryFolder()
    const box = new ConfiguredRun(t, folder)
    await box.answers()
    const [port] = exampleStatus.ports
    assert.ok(port)
    const ports = ['v1', 'v0'].map(name => ({ ...port, name }))
    const seen = (status: Status): Status => ({ ...status, ports })
    const line = await ConsoleLine.open(t, folder, box.run.runDir, seen)
    await line.talk([
      [/Press Enter to set this box up/, enter],
      [/What is this box to be\?/, enter],
      [/> 1 {2}v1[\s\S]*b blinks its lamp/, '2b'],
      [/> 2 {2}v0[\s\S]*^ v0 does not blink\. ETHTOOL_PHYS_ID[\s\S]*unplug the cable/m, enter],
      [/Which address has this box itself\?/, ''],
    ])
    assert.equal(await setKeyboard(box.run.runDir, 'de'), null)
    assert.deepEqual((await box.current()).document.node, { console: { keyboard: 'de' } })
    assert.equal(await setKeyboard(box.run.runDir, 'fr'), null)
    assert.deepEqual((await box.current()).document.node, { console: { keyboard: 'fr' } })
  })

  test('a walk through the menu of a box, by keyboard', async t => {
    const folder = temporaryFolder()
    const box = new ConfiguredRun(t, folder)
    await box.answers()
    await box.apply({ document })
    const line = await ConsoleLine.open(t, folder, box.run.runDir)
    const status = async () => (await box.ask('GET', 'status')).body

    await line.shows(/^ MASTER {2}of VI_1: [\s\S]*VI_1 +MASTER +here +192\.0\.2\.100\/24/m)
    await line.talk([
      [/F2 or Enter: log in to change something/, f2],
      [/Who are you\?/, enter],
      [/Your password/, `wrong guess${enter}`],
      [/The user or the password is not right/, enter],
      [/Your password/, `${password}${enter}`],
      [/admin \(admin\)[\s\S]*What is to be done on/, `3${enter}`],
      [/out of service\?/, `2${enter}`],
      [/Maintenance is on/, enter],
    ])
    assert.notEqual((await status()).maintenance, null)
    await line.talk([
      [/> 3 {2}Maintenance is on: take this box back/, enter],
      [/Maintenance is off/, enter],
    ])
    assert.equal((await status()).maintenance, null)

    await until('it is master', status, ({ routers }) => routers[0].state === 'MASTER')
    await line.talk([
      [/> 3 {2}Maintenance: take/, `4${enter}`],
      [/Give all virtual addresses/, `2${enter}`],
      [/This box gives up VI_1/, enter],
      [/> 4 {2}Failover/, `5${enter}`],
      [/What is to be found out\?/, `2${enter}`],
      [/On which port\?/, `v0${enter}`],
      [/VRRP 192\.0\.2\.1 {2}v3 VRID 51 priority 100, each 0\.1 s: 192\.0\.2\.100/, enter],
      [/> 2 {2}Capture VRRP/, `5${enter}`],
      [/On which port\?/, `v0${enter}`],
      [/v0 does not blink[\s\S]*unplug the cable/, enter],
      [/On which port\?[\s\S]*> v0_/, esc],
      [/> 5 {2}Blink/, esc],
      [/> 5 {2}Diagnostics/, `6${enter}`],
      [/> 1 {2}Events/, enter],
      [/VI_1: maintenance-off|VI_1: master/, enter],
      [/> 1 {2}Events/, esc],
    ])

    const revision = (await box.current()).revision.number
    await line.talk([
      [/> 6 {2}Events and logs/, `1${enter}`],
      [/Which address has this box itself on v0\?[\s\S]*takes: 192\.0\.2\.1\/24/, enter],
      [/Which router leads out/, `192.0.2.254${enter}`],
      [/Which name servers/, `192.0.2.53${enter}`],
      [/The network is changed, and waits[\s\S]*by itself in \d+ s/, esc],
      [/The network is as it was before/, enter],
      [/> 1 {2}Network/, enter],
      [/Which address/, enter],
      [/Which router leads out/, `192.0.2.254${enter}`],
      [/Which name servers/, enter],
      [/The network is changed, and waits/, enter],
      [/The network is changed, and stays so/, enter],
    ])
    const { document: changed, revision: now } = await box.current()
    assert.deepEqual(changed.node.network.routes, [
      { destination: 'default', gateway: '192.0.2.254' },
    ])
    assert.ok(now.number > revision)
    assert.match(now.author, /^admin \(session, from console tty\d+\)$/)

    await line.talk([
      [/> 1 {2}Network/, `2${enter}`],
      [/The pair/, `2${enter}`],
      [/The code is +\d{4}-\d{4}/, enter],
      [/> 2 {2}Show a code/, esc],
      [/> 2 {2}Pair/, `8${enter}`],
      [/The box as a machine/, `4${enter}`],
      [/type the name of this box/, `nobody${enter}`],
      [/This box is called/, esc],
      [/> 4 {2}Factory reset/, `1${enter}`],
      [/Restart .*\?/, `2${enter}`],
      [/This machine is not a box of its own/, enter],
      [/Restart .*\?/, esc],
      [/> 1 {2}Restart/, `5${enter}`],
      [/This machine is not a box of its own/, enter],
      [/> 5 {2}A shell/, esc],
      [/> 8 {2}Power/, `7${enter}`],
      [/password so far/, `${password}${enter}`],
      [/Your new password/, `${another}${enter}`],
      [/once more/, `${another}${enter}`],
      [/Your password is changed/, enter],
      [/> 7 {2}Another password/, `9${enter}`],
      [/log in to change something/, enter],
      [/Who are you\?/, `vera${enter}`],
      [/Your password/, `vera looks only${enter}`],
      [/vera \(viewer\)/, `4${enter}`],
      [/This needs the role operator, and vera has viewer/, esc],
      [/log in to change something/, ''],
    ])
    const { entries } = (await box.ask('GET', 'audit')).body
    const said = entries.map(
      (each: { who: string; operation: string; outcome: string }) =>
        `${each.who} ${each.operation} ${each.outcome}`,
    )
    for (const deed of [
      'null logIn login-refused',
      'admin startMaintenance done',
      'admin openShell not-the-image',
      'vera logOut done',
    ]) {
      assert.ok(said.includes(deed), `${deed} in ${said.join('\n')}`)
    }

    const diarch = (...words: readonly string[]): string => {
      const args = [cli, ...words, '--run', box.run.runDir]
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      return stdout + stderr
    }
    assert.match(diarch('ping', '127.0.0.1', '--count', '1'), /^echo of 56 bytes in /)
    const advert = diarch('capture', 'v0', '--kind', 'vrrp', '--frames', '1')
    assert.match(advert, /^\d\.\d{3} VRRP 192\.0\.2\.1 {2}v3 VRID 51 /)
    assert.match(diarch('blink', 'v0'), /^diarch: v0 does not blink/)
    assert.match(diarch('power', 'off'), /nobody can be asked here: say --yes/)
    assert.match(diarch('power', 'off', '--yes'), /This machine is not a box of its own/)
    assert.match(diarch('factory-reset', 'lb1'), /This machine is not a box of its own/)
  })
})
