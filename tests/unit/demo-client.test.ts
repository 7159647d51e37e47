import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWish } from '../../image/run/options.ts'
import { Asking } from '../../image/run/pair/asking.ts'
import { isEventful, Roll, secondText } from '../../image/run/pair/lines.ts'

test('the client of the demo counts answers, and the times between them', () => {
  const asking = new Asking(100)
  asking.failure()
  assert.deepEqual(asking.second(50), { answers: {}, failed: 0, gaps: [], silent: 0 })
  asking.answer('web1', 100)
  asking.answer('web2', 190)
  const quiet = asking.second(250)
  assert.deepEqual(quiet, { answers: { web1: 1, web2: 1 }, failed: 0, gaps: [], silent: 0 })
  assert.equal(secondText(quiet), 'web1   1   web2   1')

  asking.failure()
  const silent = asking.second(600)
  assert.deepEqual(silent, { answers: {}, failed: 1, gaps: [], silent: 410 })
  assert.equal(secondText(silent), 'no answer   1 failed   <- nothing since 410 ms')
  asking.answer('web2', 700)
  // One that was sent earlier and took longer opens no gap.
  asking.answer('web2', 650)
  asking.answer('web2', 790)
  const back = asking.second(800)
  assert.deepEqual(back, { answers: { web2: 3 }, failed: 0, gaps: [510], silent: 0 })
  assert.equal(secondText(back), 'web2   3   <- nothing for 510 ms')
  assert.deepEqual(
    [isEventful(quiet, quiet), isEventful(silent, quiet), isEventful(back, quiet)],
    [false, true, true],
  )
})

test('on a terminal what is as usual is written over', () => {
  const written = (isTerminal: boolean): string => {
    let text = ''
    const roll = new Roll(more => {
      text += more
    }, isTerminal)
    roll.stay('a')
    roll.passing('b')
    roll.passing('c')
    roll.stay('d')
    roll.stay('e')
    return text
  }
  assert.equal(written(false), 'a\nb\nc\nd\ne\n')
  assert.equal(written(true), 'a\nb\r\u001b[Kc\r\u001b[Kd\ne\n')
})

test('what is typed after ./build.sh demo', () => {
  const wish = (text: string) => readWish(text === '' ? [] : text.split(' '), '/there')
  assert.deepEqual(wish(''), { kind: 'pair', pair: { light: false, image: null, port: 8443 } })
  assert.deepEqual(wish('--light --port 9000'), {
    kind: 'pair',
    pair: { light: true, image: null, port: 9000 },
  })
  assert.deepEqual(wish('screenshot 2 box.png'), {
    kind: 'command',
    words: ['screenshot', '2', '/there/box.png'],
  })
  assert.deepEqual(wish('stop'), { kind: 'command', words: ['stop'] })
  assert.deepEqual(wish('--single --stop'), { kind: 'single', single: { kind: 'stop' } })
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['--stop', /^Error: --stop is for one box: it needs --single$/],
    ['--single --light', /--light does not go with --single/],
    ['--light --image x', /--image does not go with --light/],
    ['--port 65534', /--port 65534 has no two others after it/],
    ['pul-plug 1', /^Error: there is no command "pul-plug"; there are pull-plug, plug-in,/],
    ['pull-plug 3', /pull-plug needs the number of a box: 1 or 2/],
    ['stop-server', /stop-server needs the number of a server: 1 or 2/],
    ['screen 1 2', /screen 1 takes nothing more: "2"/],
    ['screenshot 1', /screenshot needs the path/],
    ['stop 1', /stop takes nothing more, not "1"/],
  ]
  for (const [typed, message] of refusals) assert.throws(() => wish(typed), message, typed)
})
