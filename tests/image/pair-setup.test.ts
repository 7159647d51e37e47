import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { minutes } from '../../appliance/values/duration.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { answers } from '../lab/namespaces/web-server.ts'
import { scratchFolder } from '../lab/vm/scratch.ts'
import { startVm } from '../lab/vm/vm.ts'
import { newDisk } from './box.ts'
import {
  converse,
  firstAnswers,
  password,
  shopLan,
  timeToChange,
  timeToJoin,
  weightIn,
  within,
} from './pair-figures.ts'
import { RemoteBox } from './remote-box.ts'

const screenshots = resolve(import.meta.dirname, '../../build/screenshots')
mkdirSync(screenshots, { recursive: true })

/** With services and somebody who logs in 256 MiB are too few. */
const memoryMiB = 512

test('from the wizard to a pair, its changes and conflicts, and another box', async t => {
  const lab = await openLab(t)
  const { lan, client } = await shopLan(lab)
  const spare = await lab.switch('spare')
  const nic = (last: string) => ({ switch: lan, mac: `52:54:00:00:51:${last}` })
  // The first port of the second box has the name of the one that the first box uses.
  const ofSecond = [{ switch: spare, mac: '52:54:00:00:51:02' }, nic('03')]
  // Signed adverts bear clocks that are five seconds apart.
  const ahead = () => new Date(Date.now() + minutes(5)).toISOString().slice(0, 19)
  const [one, two] = await Promise.all([
    startVm(t, { disk: newDisk(t), memoryMiB, nics: [nic('01')] }),
    startVm(t, { disk: newDisk(t), memoryMiB, nics: ofSecond, clock: ahead() }),
  ])
  const started = performance.now()
  const note = (what: string) =>
    t.diagnostic(`${Math.round((performance.now() - started) / 1000)} s: ${what}`)

  // The screen of the box answers too, until somebody at another console has set it up.
  await one.serial.untilScreen(/Press Enter to set this box up/, within)
  for (const keys of [['ret'], ['ret'], ['1'], ['ret']]) await one.keys(...keys)
  one.serial.type('\r')
  await converse(one.serial, firstAnswers)
  await one.screenshot(join(screenshots, 'wizard-vga.png'))
  await one.serial.untilScreen(
    /lb1 is set up, and waits for your word[\s\S]*Enter keeps it/,
    within,
  )
  one.serial.type('\r')
  const [, first = ''] = await one.serial.untilScreen(
    /this code\.\s+(\d{4}-\d{4})\s[\s\S]* \d:\d\d more/,
  )
  note('the first box shows a code')

  // At its screen and keyboard; each question is kept as a picture.
  const screen = two.textScreen
  const shot = (name: string) => two.screenshot(join(screenshots, `join-vga-${name}.png`))
  await screen.untilScreen(/Press Enter to set this box up/, within)
  await shot('1-welcome')
  await screen.type('\r')
  await screen.untilScreen(/Which keyboard is this\?/, within)
  await shot('1-keyboard')
  await screen.type('de\r')
  await screen.untilScreen(/What is this box to be\?/, within)
  await two.keys('esc')
  await screen.untilScreen(/> de_/, within)
  for (const end = performance.now() + within; ; ) {
    // The key that is Y in America.
    await screen.type('\x15')
    await screen.untilScreen(/Enter alone takes/, within)
    await screen.type('y')
    const [, typed] = await screen.untilScreen(/> ([yz])_/, within)
    if (typed === 'z') break
    assert.ok(performance.now() < end, 'the layout is in force')
  }
  await screen.type('\x15us\r')
  const ofSecondBox = [
    ['2-kind', /What is this box to be\?/, '2'],
    ['3-port', /Which port has the network\?/, '2'],
    ['4-address', /Which address has this box itself\?/, '192.0.2.12/24'],
    ['5-router', /Which router leads out of this network\?/, ''],
    ['6-found', /lb1 at 192\.0\.2\.11 shows a pairing code/, ''],
  ] as const
  for (const [name, question, answer] of ofSecondBox) {
    const { input } = await screen.untilScreen(question, within)
    assert.match(input, /^ Diarch setup/, 'what is typed stands where the wizard puts it')
    await shot(name)
    await screen.type(`${answer}\r`)
  }
  note('the second box has found the first')

  const wrong = first.startsWith('0') ? `1${first.slice(1)}` : `0${first.slice(1)}`
  for (const typed of [wrong, wrong, wrong, wrong, wrong, first]) {
    await screen.untilScreen(/Which code does the first box show\?/, within)
    await screen.type(`\x15${typed}\r`)
    const isWrong = typed === wrong
    await screen.untilScreen(isWrong ? /That is not the code/ : /shows no pairing code/, within)
    await shot(isWrong ? '7-wrong-code' : '8-no-code')
    await screen.type('\r')
  }
  await one.serial.untilScreen(/worth nothing any more[\s\S]*five wrong ones/, within)
  one.serial.type('\r')
  note('five wrong codes have ended the right one')

  const lb1 = new RemoteBox(client, '192.0.2.11')
  const lb2 = new RemoteBox(client, '192.0.2.12')
  await lb1.logIn(password)
  const { code } = await lb1.must('POST', 'pair/code')
  await screen.type(`\x15${code}\r`)
  await lb1.until('pair', pair => pair.state !== 'single')
  await two.powerCut()
  await two.powerOn({ clock: ahead() })
  note('the power of the second box was cut while it joined')

  // Nothing is half there, and what was typed has not to be thought of again.
  const restarted = two.textScreen
  await restarted.untilScreen(/^ OK [\s\S]*Press Enter to set this box up/m, within)
  await restarted.type('\r')
  const suggested = [
    /Which keyboard is this\?/,
    /> 2 +the second box/,
    /> 2 +port2/,
    /> 192\.0\.2\.12\/24_/,
    /Which router leads out of this network\?/,
  ]
  for (const question of suggested) {
    await restarted.untilScreen(question, within)
    await restarted.type('\r')
  }
  const second = await lb1.must('POST', 'pair/code')
  await restarted.untilScreen(/lb1 at 192\.0\.2\.11 shows a pairing code/, within)
  await restarted.type('\r')
  note(`joined after ${Math.round(await timeToJoin(restarted, second.code))} ms`)
  await shot('9-joined')
  await restarted.type('\r')
  await restarted.untilScreen(/VI_1 +BACKUP/, within)
  await shot('10-live')
  await lb1.until('pair', pair => pair.state === 'in-sync')
  await lb2.logIn(password)
  const told = await Promise.all([lb1, lb2].map(box => box.must('GET', 'events')))
  const [ofFirst, ofBoth] = [JSON.stringify(told[0]), JSON.stringify(told)]
  assert.match(ofFirst, /the clock was \d+\.\d s behind that of the peer/)
  assert.doesNotMatch(ofBoth, /rejected-hmac-stale/, 'it follows before there are keys')

  const served = async (): Promise<void> => {
    for (const end = performance.now() + minutes(1); ; ) {
      const counts = await answers(client, 4, 'http://192.0.2.100/')
      if ((counts.web21 ?? 0) > 0 && (counts.web22 ?? 0) > 0) return
      assert.ok(performance.now() < end, `the service answers: ${JSON.stringify(counts)}`)
    }
  }
  await served()
  note('the service answers')

  const taken = await timeToChange(lb1, lb2, 5)
  note(`a change of the first box: told after ${taken.told} ms, on both after ${taken.both} ms`)
  await timeToChange(lb2, lb1, 7)

  // Apart from each other, and not from whoever changes something on both.
  const apart = async (isApart: boolean): Promise<void> => {
    for (const { port } of [one.link(0), two.link(1)]) {
      const flag = isApart ? 'on' : 'off'
      await lan.ground.must('bridge', ['link', 'set', 'dev', port, 'isolated', flag])
    }
  }
  await apart(true)
  const isAlone = (pair: { state: string }) => pair.state === 'alone'
  await Promise.all([lb1.until('pair', isAlone), lb2.until('pair', isAlone)])
  const change = async (box: RemoteBox, weight: number) => {
    const { revision } = await box.must('GET', 'configuration')
    const path = '/cluster/services/web/servers/server1/weight'
    const patch = [{ op: 'replace', path, value: weight }]
    return box.ask('POST', 'configuration/changes', {
      patch,
      parent: revision.number,
      reason: `weight ${weight}`,
    })
  }
  assert.equal((await change(lb1, 11)).status, 200)
  assert.equal((await change(lb2, 12)).status, 200)
  await apart(false)
  const conflict = await lb1.until(
    'pair',
    pair => pair.state === 'conflict' && pair.conflict !== null,
  )
  assert.match(conflict.conflict.differences.join('\n'), /weight.*11.*12/)
  await one.serial.untilScreen(/pair-conflict/, within)
  await lb1.must('POST', 'pair/resolution', { keep: 'theirs' })
  await lb1.until('configuration', shown => weightIn(shown) === 12)
  const inSync = (pair: { state: string }) => pair.state === 'in-sync'
  await Promise.all([lb1.until('pair', inSync), lb2.until('pair', inSync)])
  note('a conflict, seen and resolved')

  // The power of the first box goes while a change is on its way: on both, or on none.
  const changing = change(lb2, 20)
  await one.powerCut()
  const outcome = await changing
  await served()
  const kept = weightIn(await lb2.must('GET', 'configuration'))
  assert.equal(kept, outcome.status === 200 ? 20 : 12, JSON.stringify(outcome.body))
  note(`the second box serves alone; the change ended with ${outcome.status}`)

  // Another box in its place, which nobody sits before.
  const shown = await lb2.must('POST', 'pair/code')
  const file = join(scratchFolder(t), 'diarch-setup.json')
  const pairing = { code: shown.code }
  const place = { hostname: 'lb3', address: '192.0.2.13/24' }
  writeFileSync(file, JSON.stringify({ box: 'second', ...place, pairing }))
  const three = await startVm(t, {
    disk: newDisk(t),
    memoryMiB,
    nics: [nic('04')],
    answers: file,
  })
  await three.serial.untilScreen(/lb3[\s\S]*VI_1 +(BACKUP|MASTER)/, within)
  const replaced = await lb2.until('pair', inSync)
  assert.equal(replaced.peer.name, 'lb3')
  const lb3 = new RemoteBox(client, '192.0.2.13')
  await lb3.logIn(password)
  assert.equal(weightIn(await lb3.must('GET', 'configuration')), kept)
  note('another box has taken the place of the first')
})
