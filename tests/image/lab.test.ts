import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openLab } from '../lab/namespaces/lab.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'

const waitUntil = async (what: string, holds: () => boolean): Promise<void> => {
  for (const end = performance.now() + 20_000; !holds(); await wait(50)) {
    assert.ok(performance.now() < end, `waited 20 s until ${what}`)
  }
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/exe`)

/** Starts a VM without a system and says where it is. */
const startElsewhere = async (): Promise<{ child: ChildProcess; folder: string; qemu: number }> => {
  const script = `
    import { startVm } from '${join(import.meta.dirname, '../lab/vm/vm.ts')}'
    const vm = await startVm({ after() {} }, { memoryMiB: 64 })
    console.log(vm.folder)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.ok(child.stdout)
  const [said] = await once(child.stdout, 'data')
  const folder = String(said).trim()
  const ours = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`${folder}/qmp.sock`)
    } catch {
      return false
    }
  }
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name) && ours(name))
  assert.equal(pids.length, 1)
  return { child, folder, qemu: Number(pids[0]) }
}

test('two VMs side by side; a test that is killed leaves nothing of its own', async () => {
  const [one, two] = await Promise.all([startElsewhere(), startElsewhere()])
  one.child.kill('SIGKILL')
  await waitUntil('its QEMU is gone', () => !isAlive(one.qemu))
  await waitUntil('its folder is gone', () => !existsSync(one.folder))
  assert.ok(isAlive(two.qemu) && existsSync(two.folder), 'the other one goes on')
  two.child.kill('SIGKILL')
  await waitUntil('that one is gone too', () => !isAlive(two.qemu) && !existsSync(two.folder))
})

test('a box on a switch has an address and is reached there; keys, buttons, events', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const client = await lab.host('client')
  await client.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  const lease = 'start 192.0.2.50\nend 192.0.2.50\ninterface eth0\noption subnet 255.255.255.0\n'
  await client.write('/run/udhcpd.conf', `${lease}lease_file /run/leases\npidfile /run/dhcp.pid\n`)
  await client.write('/run/leases', '')
  await client.start('busybox', ['udhcpd', '-f', '/run/udhcpd.conf'])

  const vm = await startVm(t, { disk: newDisk(t), nics: [{ switch: lan }] })
  await vm.serial.untilScreen(/https:\/\/192\.0\.2\.50\//)
  const curl = ['-ksS', '--max-time', '20', '--retry', '3', '--retry-all-errors']
  assert.equal(await client.must('curl', [...curl, 'https://192.0.2.50/health']), 'ok')

  await vm.link(0).silence()
  assert.equal(await client.pings('192.0.2.50'), false)
  await vm.link(0).heal()
  assert.equal(await client.pings('192.0.2.50'), true)

  const picture = join(vm.folder, 'screen.png')
  await vm.screenshot(picture)
  assert.equal(readFileSync(picture).toString('latin1', 1, 4), 'PNG')
  vm.serial.type('\f')
  await vm.serial.until(/ Diarch \d/)
  await vm.keys('ret')
  await vm.reset()
  assert.equal((await vm.untilEvent('RESET')).data.guest, false)
  await vm.powerCut()
  await assert.rejects(vm.qmp('query-status'), /switched off/)
})
