import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { startVm, type Vm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'

/** The whole of a first start, on a machine that has much else to do. */
const within = seconds(300)

/** With services and somebody who logs in 256 MiB are too few. */
const memoryMiB = 512

const nics = [{ mac: '52:54:00:00:61:01', forwards: [443] }]

const answers = {
  hostname: 'lb1',
  password: 'hunter2hunter2',
  virtual: { address: '10.0.2.100/24', virtualRouterId: 61 },
  service: { port: 80, forwarding: 'nat', servers: ['10.0.2.21', '10.0.2.22'] },
}

function written(t: TestContext, value: unknown): string {
  const path = join(scratchFolder(t), 'diarch-setup.json')
  writeFileSync(path, JSON.stringify(value))
  return path
}

/** A volume as somebody makes it on his computer. */
function volume(t: TestContext, label: string, value: unknown): string {
  const path = join(scratchFolder(t), 'volume.img')
  execFileSync('mformat', ['-C', '-i', path, '-f', '2880', '-v', label, '::'])
  execFileSync('mcopy', ['-i', path, written(t, value), '::diarch-setup.json'])
  return path
}

const talk = async (vm: Vm, said: readonly (readonly [RegExp, string])[]): Promise<void> => {
  for (const [question, answer] of said) {
    await vm.serial.untilScreen(question, within)
    vm.serial.type(answer)
  }
}

const logInAtConsole = async (vm: Vm, user: string): Promise<void> => {
  vm.serial.type('\x1bOQ')
  const password = `${answers.password}\r`
  await talk(vm, [
    [/Who are you\?/, `${user}\r`],
    [/Your password/, password],
  ])
}

test('answers on the ESP that are refused: the console says why and has the wizard', async t => {
  const broken = { ...answers, service: { port: 80, servers: ['2001:db8::21'] }, gatway: '' }
  const disk = newDisk(t)
  disk.writeEspFile('diarch-setup.json', Buffer.from(JSON.stringify(broken)))
  const vm = await startVm(t, { disk, nics, memoryMiB })
  const [screen] = await vm.serial.untilScreen(
    /setup-refused[\s\S]*Press Enter to set this box up/,
    within,
  )
  const words = screen.replace(/\n +/g, ' ')
  assert.match(words, /diarch-setup\.json on the ESP/)
  assert.match(words, /gatway: there is no such key; did you mean gateway\?/)
})

test('a volume with the label DIARCH is read once', async t => {
  const disk = newDisk(t)
  const vm = await startVm(t, { disk, nics, memoryMiB, volume: volume(t, 'DIARCH', answers) })
  await vm.serial.untilScreen(/lb1[\s\S]*log in to change something/, within)
  await vm.powerCut()
  const other = { ...answers, hostname: 'lb2' }
  await vm.powerOn({ volume: volume(t, 'DIARCH', other) })
  await vm.serial.untilScreen(
    /lb1[\s\S]*VI_1 +MASTER +here +10\.0\.2\.100\/24[\s\S]*log in to change something/,
    within,
  )
  await logInAtConsole(vm, 'admin')
  await talk(vm, [
    [/What is to be done on lb1\?/, '8\r'],
    [/The box as a machine/, '5\r'],
    // The shell throws away what was typed before it was there.
    [/A shell of root[\s\S]*\/ #\s*$/, 'grep CapEff /proc/self/status\r'],
    [/CapEff:\s+0*1ffffffffff\s/, 'sleep 100\r'],
    [/sleep 100/, '\x03'],
    [/#\s*$/, 'exit\r'],
    [/> 5 {2}A shell/, '4\r'],
    [/type the name of this box: lb1/, 'lb1\r'],
    [/has forgotten everything then/, ''],
  ])
  await vm.untilEvent('RESET', within)
  // The mark is written, and nothing else is done yet: a power cut does not prevent the rest.
  await vm.powerCut()
  await vm.powerOn({ volume: '' })
  await vm.serial.untilScreen(/Press Enter to set this box up/, within)
  assert.doesNotMatch(vm.serial.screen(), /lb1|VI_1/)
})

test('a NoCloud volume may hold a whole configuration', async t => {
  const user = { role: 'admin', password: 'hunter2hunter2' }
  const document = {
    schemaVersion: 2,
    cluster: { users: { root: user } },
    node: { hostname: 'x1' },
  }
  const vm = await startVm(t, {
    disk: newDisk(t),
    nics: [...nics, { mac: '52:54:00:00:61:02', model: 'e1000e' }],
    memoryMiB,
    volume: volume(t, 'CIDATA', { document }),
  })
  await vm.serial.untilScreen(/x1[\s\S]*SINGLE[\s\S]*log in to change something/, within)
  await logInAtConsole(vm, 'root')
  await talk(vm, [
    [/What is to be done on x1\?/, '5\r'],
    [/What is to be found out\?/, '5\r'],
    [/On which port\?/, '2\r'],
    [/port2 blinks for 15 seconds/, '\r'],
    [/> 5 {2}Blink/, '\x1b'],
    [/> 5 {2}Diagnostics/, '8\r'],
    [/The box as a machine/, '2\r'],
    [/Switch off x1\?/, '2\r'],
  ])
  const { data } = await vm.untilEvent('SHUTDOWN', within)
  assert.equal(data?.reason, 'guest-shutdown')
})
