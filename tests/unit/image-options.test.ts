import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OptionError, readWish, type StartWish } from '../../image/run/options.ts'

const plain: StartWish = {
  image: null,
  keep: false,
  fresh: false,
  firmware: 'bios',
  memoryMiB: 256,
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
    ['--port=9000', '--memory', '512'],
    { port: 9000, memoryMiB: 512, given: ['--port 9000', '--memory 512'] },
  ],
  [
    ['--keep', '--firmware', 'uefi'],
    { keep: true, firmware: 'uefi', given: ['--keep', '--firmware uefi'] },
  ],
  [['--fresh'], { fresh: true, given: ['--fresh'] }],
]
for (const [words, differs] of starts) {
  test(`demo ${words.join(' ')} is a wish to start a box`, () => {
    assert.deepEqual(readWish(words, '/here'), { kind: 'start', start: { ...plain, ...differs } })
  })
}

test('demo does one thing to a box that runs', () => {
  assert.deepEqual(readWish(['--console'], '/here'), { kind: 'console' })
  assert.deepEqual(readWish(['--stop'], '/here'), { kind: 'stop' })
  assert.deepEqual(readWish(['--pull-plug'], '/here'), { kind: 'pull-plug' })
  const wish = readWish(['--screenshot=../box.png'], '/here/now')
  assert.deepEqual(wish, { kind: 'screenshot', file: '/here/box.png' })
  assert.deepEqual(readWish(['-h', '--stop'], '/here'), { kind: 'help' })
})

const refusals: [words: string[], message: string][] = [
  [['--prot', '1'], 'there is no option "--prot"'],
  [['-x'], 'there is no option "-x"'],
  [['uefi'], 'there is no option "uefi"'],
  [['--', '--stop'], 'there is no option "--"'],
  [['--constructor'], 'there is no option "--constructor"'],
  [['--port'], '--port needs a value: a whole number from 1 to 65535'],
  [['--port', '--fresh'], '--port needs a value: a whole number from 1 to 65535'],
  [['--image='], '--image needs a value: the path of a raw disk image'],
  [['--fresh=no'], '--fresh takes no value'],
  [['--port', '65536'], '--port is "65536"; it has to be a whole number from 1 to 65535'],
  [['--port', '1e3'], '--port is "1e3"; it has to be a whole number from 1 to 65535'],
  [['--memory', '63'], '--memory is "63"; it has to be a whole number of MiB from 64 to 65536'],
  [['--firmware', 'efi'], '--firmware is "efi"; it has to be bios or uefi'],
  [['--stop', '--console'], '--console does not go with --stop'],
  [
    ['--stop', '--memory', '512'],
    '--memory does not go with --stop: it is for a box that is to be started',
  ],
  [
    ['--image', 'x', '--keep'],
    '--keep does not go with --image: it starts the stored box as it is',
  ],
]
for (const [words, message] of refusals) {
  test(`demo ${words.join(' ')} is refused`, () => {
    assert.throws(() => readWish(words, '/here'), new OptionError(message))
  })
}
