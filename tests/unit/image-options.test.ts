import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OptionError, readWish, type StartWish } from '../../image/run/options.ts'

const plain: StartWish = {
  image: null,
  keep: false,
  fresh: false,
  firmware: 'bios',
  memoryMiB: 512,
  port: 8443,
  given: [],
}

const starts: [words: string[], differs: Partial<StartWish>][] = [
  [[], {}],
  [['--image', 'a/disk.img'], { image: '/here/a/disk.img', given: ['--image a/disk.img'] }],
  [
    ['--image', '/there/disk.img'],
    { image: '/there/disk.img', given: ['--image /there/disk.img'] },
  ],
  [
    ['--port=9000', '--memory', '600'],
    { port: 9000, memoryMiB: 600, given: ['--port 9000', '--memory 600'] },
  ],
  [
    ['--keep', '--firmware', 'uefi'],
    { keep: true, firmware: 'uefi', given: ['--keep', '--firmware uefi'] },
  ],
  [['--fresh'], { fresh: true, given: ['--fresh'] }],
]
for (const [words, differs] of starts) {
  test(`demo --single ${words.join(' ')} is a wish to start a box`, () => {
    const single = { kind: 'start', start: { ...plain, ...differs } }
    assert.deepEqual(readWish(['--single', ...words], '/here'), { kind: 'single', single })
  })
}

test('demo --single does one thing to a box that runs', () => {
  const single = (...words: string[]) => readWish(['--single', ...words], '/here/now')
  assert.deepEqual(single('--console'), { kind: 'single', single: { kind: 'console' } })
  assert.deepEqual(single('--stop'), { kind: 'single', single: { kind: 'stop' } })
  assert.deepEqual(single('--pull-plug'), { kind: 'single', single: { kind: 'pull-plug' } })
  const screenshot = { kind: 'screenshot', file: '/here/box.png' }
  const wish = single('--screenshot=../box.png')
  assert.deepEqual(wish, { kind: 'single', single: screenshot })
  assert.deepEqual(single('-h', '--stop'), { kind: 'help' })
})

test('demo is a wish for a pair, or says something to the one that runs', () => {
  const pair = { light: false, image: null, port: 8443 }
  assert.deepEqual(readWish([], '/here'), { kind: 'pair', pair })
  const other = { ...pair, image: '/here/a.img', port: 9000 }
  const words = ['--image', 'a.img', '--port', '9000']
  assert.deepEqual(readWish(words, '/here'), { kind: 'pair', pair: other })
  assert.deepEqual(readWish(['--light'], '/here'), { kind: 'pair', pair: { ...pair, light: true } })
  const command = { kind: 'command', words: ['pull-plug', '1'] }
  assert.deepEqual(readWish(['pull-plug', '1'], '/here'), command)
})

const refusals: [words: string[], message: string][] = [
  [['--prot', '1'], 'there is no option "--prot"'],
  [['-x'], 'there is no option "-x"'],
  [['--single', 'uefi'], 'there is no option "uefi"'],
  [['--memory', '600'], '--memory is for one box: it needs --single'],
  [['--single', '--light'], '--light does not go with --single'],
  [['--port', '65534'], '--port 65534 has no two others after it'],
  [['--', '--stop'], 'there is no option "--"'],
  [['--constructor'], 'there is no option "--constructor"'],
  [['--port'], '--port needs a value: a whole number from 1 to 65535'],
  [['--port', '--fresh'], '--port needs a value: a whole number from 1 to 65535'],
  [['--image='], '--image needs a value: the path of a raw disk image'],
  [['--fresh=no'], '--fresh takes no value'],
  [['--port', '65536'], '--port is "65536"; it has to be a whole number from 1 to 65535'],
  [['--port', '1e3'], '--port is "1e3"; it has to be a whole number from 1 to 65535'],
  [
    ['--single', '--memory', '63'],
    '--memory is "63"; it has to be a whole number of MiB from 64 to 65536',
  ],
  [['--single', '--firmware', 'efi'], '--firmware is "efi"; it has to be bios or uefi'],
  [['--single', '--stop', '--console'], '--console does not go with --stop'],
  [
    ['--single', '--stop', '--memory', '600'],
    '--memory does not go with --stop: it is for a box that is to be started',
  ],
  [
    ['--single', '--image', 'x', '--keep'],
    '--keep does not go with --image: it starts the stored box as it is',
  ],
]
for (const [words, message] of refusals) {
  test(`demo ${words.join(' ')} is refused`, () => {
    assert.throws(() => readWish(words, '/here'), new OptionError(message))
  })
}
