import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { OutputPipe } from '../../appliance/probes/output-pipe.ts'

test('the last line is found, wherever in a flood the reader paused', async () => {
  for (let bytes = 1_000_000; bytes <= 1_160_000; bytes += 20_000) {
    const pipe = await OutputPipe.open()
    const script = `head -c ${bytes} /dev/zero | tr '\\0' x; echo; echo ${bytes}`
    const child = spawn('/bin/sh', ['-c', script], {
      stdio: ['ignore', pipe.writeEnd, pipe.writeEnd],
    })
    await once(child, 'exit')
    assert.equal(pipe.lastLine(), `${bytes}`)
    assert.equal(pipe.lastLine(), null)
    pipe.close()
  }
})
