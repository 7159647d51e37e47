import { beforeEach } from 'node:test'
import { setImmediate } from 'node:timers/promises'

/** Tests follow each other without a turn of the event loop, in which results could be written. */
beforeEach(async () => {
  await setImmediate()
})
