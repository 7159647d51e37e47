import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readScheduling } from '../../appliance/linux/scheduling.ts'
import { fileMappings } from '../../appliance/linux/steady-memory.ts'

test('of the mappings those with a file of a disk behind them are taken', () => {
  const maps = [
    '00400000-00401000 r--p 00000000 fe:00 260386                     /usr/bin/node',
    '00401000-02401000 r-xp 00001000 fe:00 260386                     /usr/bin/node',
    '04000000-04100000 rw-p 00000000 00:00 0                          [heap]',
    '7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ',
    '7f0000002000-7f0000003000 rw-s 00000000 00:01 1026               /dev/zero (deleted)',
    '7f0000004000-7f0000005000 r--p 00000000 fe:00 77                 /tmp/old.so (deleted)',
    '7f0000006000-7f0000007000 r--p 00000000 00:19 4                  /with a space/lib.so',
    '7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0                  [vdso]',
    '',
  ]
  assert.deepEqual(fileMappings(maps.join('\n')), [
    { start: 0x400000, length: 0x1000 },
    { start: 0x401000, length: 0x2000000 },
    { start: 0x7f0000006000, length: 0x1000 },
  ])
})

test('the scheduling is read behind a name that may hold anything', () => {
  const between = Array.from({ length: 36 }, (_, n) => n).join(' ')
  const stat = (priority: number, policy: number): string =>
    `42 (a) b (c) S ${between} ${priority} ${policy} 0 0`
  assert.deepEqual(readScheduling(stat(0, 0)), { policy: 'ordinary', priority: 0 })
  assert.deepEqual(readScheduling(stat(50, 2)), { policy: 'round-robin', priority: 50 })
  assert.deepEqual(readScheduling(stat(1, 1)), { policy: 'fifo', priority: 1 })
  assert.deepEqual(readScheduling(stat(0, 6)), { policy: 'other', priority: 0 })
})
