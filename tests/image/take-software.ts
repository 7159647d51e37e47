/**
 * `node tests/image/take-software.ts`, as root: a second box joins a first one that has other
 * software, takes it by the wizard, restarts with it and is one of the pair. Its screens are kept
 * in build/screenshots/take-software-*. No test of each run: it takes an emulated machine minutes.
 */

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { minutes } from '../../appliance/values/duration.ts'
import { Scope } from '../bench/scope.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { scratchFolder } from '../lab/vm/scratch.ts'
import { rewriteSlot } from '../lab/vm/slot.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'
import { password, shopLan, timeToJoin } from './pair-figures.ts'
import { RemoteBox } from './remote-box.ts'

const screenshots = resolve(import.meta.dirname, '../../build/screenshots')
mkdirSync(screenshots, { recursive: true })
const newer = '0.2.0'
const within = minutes(15)
const started = performance.now()
const note = (what: string) =>
  console.log(`${Math.round((performance.now() - started) / 1000)} s: ${what}`)

await Scope.with(async t => {
  const disk = newDisk(t)
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-a' }, root => {
    const file = join(root, 'usr/lib/diarch/release')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^VERSION=.*$/m, `VERSION=${newer}`))
  })
  note(`the first box has version ${newer}`)
  const { lan, client } = await shopLan(await openLab(t))
  const answers = join(scratchFolder(t), 'diarch-setup.json')
  const virtual = { address: '192.0.2.100/24', virtualRouterId: 51 }
  writeFileSync(
    answers,
    JSON.stringify({ hostname: 'lb1', address: '192.0.2.11/24', password, virtual }),
  )
  const nic = (last: string) => ({ switch: lan, mac: `52:54:00:00:51:${last}` })
  const [one, two] = await Promise.all([
    startVm(t, { disk, memoryMiB: 512, nics: [nic('01')], answers }),
    startVm(t, { disk: newDisk(t), memoryMiB: 512, nics: [nic('02')] }),
  ])
  const lb1 = new RemoteBox(client, '192.0.2.11')
  await one.serial.untilScreen(/VI_1 +MASTER/, within)
  await lb1.logIn(password)

  const screen = two.textScreen
  const keep = async (name: string): Promise<void> => {
    const file = join(screenshots, `take-software-${name}`)
    writeFileSync(`${file}.txt`, await screen.text())
    await two.screenshot(`${file}.png`)
  }
  const answer = async (question: RegExp, text: string): Promise<void> => {
    await screen.untilScreen(question, within)
    await screen.type(`${text}\r`)
  }
  await answer(/Press Enter to set this box up/, '')
  await answer(/Which keyboard is this\?/, '')
  await answer(/What is this box to be\?/, '2')
  await answer(/Which address has this box itself\?/, '192.0.2.12/24')
  await answer(/Which router leads out of this network\?/, '')
  const { code } = await lb1.must('POST', 'pair/code')
  await answer(/lb1 at 192\.0\.2\.11 shows a pairing code/, '')
  await answer(/Which code does the first box show\?/, code)
  await screen.untilScreen(/The two boxes have different software/, within)
  await keep('1-question')
  note('the wizard asks what is to be done')
  await screen.type('\r')
  await screen.untilScreen(/Taking the software of lb1/, within)
  await keep('2-taking')
  await screen.untilScreen(/Enter goes on/, within)
  await keep('3-taken')
  assert.match(await screen.text(), new RegExp(`Version ${newer} is in the other slot`))
  note('the software is in the other slot')
  await two.untilEvent('RESET', within)
  await screen.untilScreen(/Press Enter to set this box up/, within)
  await keep('4-restarted')
  note('the box has restarted')

  await screen.type('\r')
  const again = await lb1.must('POST', 'pair/code')
  for (const question of [/Which keyboard/, /> 2 +the second box/, /> 192\.0\.2\.12\/24_/]) {
    await answer(question, '')
  }
  await answer(/Which router leads out of this network\?/, '')
  await answer(/lb1 at 192\.0\.2\.11 shows a pairing code/, '')
  note(`joined after ${Math.round(await timeToJoin(screen, again.code))} ms`)
  await keep('5-joined')
  await screen.type('\r')
  await screen.untilScreen(/VI_1 +BACKUP/, within)
  // Without "on trial" behind it.
  await screen.untilScreen(new RegExp(`^ Diarch ${newer} .* slot B$`, 'm'), within)
  await keep('6-backup')
  note('it is BACKUP, with the software of the first one for good')
})
