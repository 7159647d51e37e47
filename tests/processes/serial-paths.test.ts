import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { milliseconds } from '../../appliance/values/duration.ts'
import { SerialPaths } from '../../appliance/vrrpd/serial-paths.ts'
import { SerialCable } from '../lab/serial-cable.ts'
import { compileNative, until } from './supervisor-lab.ts'

compileNative()

const packetOf = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(90, '.'))

/** One end of a cable, as vrrpd has it. */
function end(t: TestContext, path: string, baud = 115_200) {
  const heard: string[] = []
  const paths: SerialPaths = new SerialPaths({
    onReadable: () => paths.drain(),
    onHeartbeat: (_, bytes) => heard.push(Buffer.from(bytes).toString('latin1')),
    onChange: () => undefined,
  })
  paths.want([{ name: 'cable', serial: `..${path}`, baud, pace: milliseconds(100), direct: false }])
  t.after(() => paths.close())
  const obstacle = () => paths.obstacles[0]?.[1] ?? null
  const say = (text: string): number => {
    let sent = 0
    const packets = [packetOf(text)]
    paths.send({ packets, again: () => packets, changed: true }, () => {
      sent += 1
    })
    return sent
  }
  const isOpen = (): boolean => {
    let asked = false
    const again = () => {
      asked = true
      return []
    }
    paths.send({ packets: [], again, changed: true }, () => undefined)
    return asked
  }
  const untilOpen = () => until('it is open', isOpen, yes => yes)
  return { heard, paths, obstacle, say, untilOpen }
}

test('a cable is pulled out and comes back; nothing but heartbeats is heard', async t => {
  const cable = new SerialCable(t)
  await cable.plug()
  const [one, two] = cable.links.map(link => end(t, link))
  assert.ok(one !== undefined && two !== undefined)
  for (const each of [one, two]) await each.untilOpen()
  // An interrupt, the flow control of old, the ends of lines: bytes as all others.
  const odd = 'zero\0and line\n\r\x03\x11\x13end'
  assert.equal(one.say(odd), 1)
  await until(
    'the other end hears it',
    () => two.heard,
    all => all.length === 1,
  )
  assert.equal(two.heard[0], odd.padEnd(90, '.'))
  // Somebody else writes to the same port: what comes after it is heard as ever.
  writeFileSync(cable.links[0], 'lb1 login: ')
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.equal(one.say('after it'), 1)
  const all = await until(
    'and the next',
    () => two.heard,
    heard => heard.length >= 3,
  )
  assert.deepEqual(
    all.slice(1).map(text => text.replace(/\.+$/, '')),
    ['lb1 login: ', 'after it'],
  )

  await cable.unplug()
  await until(
    'it is missed',
    () => two.obstacle(),
    why => why !== null,
  )
  await until('in words', two.obstacle, why => /there is no such device: is the/.test(why ?? ''))
  assert.equal(two.say('into nothing'), 0)
  await cable.plug()
  await until(
    'both are back',
    () => [one.obstacle(), two.obstacle()],
    both => both.every(x => x === null),
  )
  assert.equal(two.say('again'), 1)
  await until(
    'heard',
    () => one.heard,
    heard => heard.length === 1,
  )
})

test('a line that nobody reads never holds up whoever writes', async t => {
  const cable = new SerialCable(t)
  await cable.plug()
  const one = end(t, cable.links[0], 230_400)
  await one.untilOpen()
  let [sent, turns] = [0, 0]
  const begun = performance.now()
  for (; performance.now() - begun < 1000; turns++) {
    sent += one.say('unheard')
    if (turns % 100 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  assert.ok(turns > 1000, `${turns} turns in a second`)
  assert.ok(sent > 0 && sent < 300, `${sent} heartbeats: more than the line carries`)
})

test('what is no serial line is refused with why', async t => {
  const why = (path: string) => until('it is refused', end(t, path).obstacle, x => x !== null)
  assert.match((await why('/dev/null')) ?? '', /null: it is no serial device$/)
  assert.match((await why('/dev/ttyUSB77')) ?? '', /ttyUSB77: there is no such device/)
})
