/** Two boxes with all that is around them: `./build.sh demo`, and the commands for it. */

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { wishedAccelerator } from './accelerator.ts'
import { attachConsole } from './console.ts'
import { needDiarchImage } from './gpt.ts'
import { newestImage } from './newest-image.ts'
import type { PairWish } from './options.ts'
import type { Screen } from './pair/demo-box.ts'
import { PairDemo, socketIn } from './pair/pair-demo.ts'
import { lightStage, qemuStage } from './pair/stages.ts'
import { call, type Reply, say as sayTo } from './pair/talk.ts'
import { needFreePort } from './port.ts'
import { say } from './say.ts'
import { needProgram } from './start.ts'

export const needPairGround = async (folder: string, wish: PairWish): Promise<void> => {
  wishedAccelerator()
  if (process.getuid?.() !== 0) {
    throw new Error(
      'two boxes need a network of their own, which root alone may make: run it as root. ' +
        'One box needs none: ./build.sh demo --single',
    )
  }
  const running = await call(socketIn(folder))
  running?.destroy()
  if (running) throw new Error('a demo runs already. To end it: ./build.sh demo stop')
  if (wish.image !== null) needDiarchImage(wish.image)
  for (const port of [0, 1, 2]) await needFreePort(wish.port + port)
}

export const startPair = async (folder: string, wish: PairWish): Promise<void> => {
  needProgram('nginx', 'nginx-light')
  if (!wish.light) needProgram('qemu-system-x86_64', 'qemu-system-x86')
  // Of a demo that was killed.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  try {
    const stage = wish.light ? await lightStage(folder) : await qemuStage(folder, imageOf(wish))
    say(stage.title)
    await new PairDemo(stage, folder, wish.port).run()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  process.exit(0)
}

const imageOf = ({ image }: PairWish): string => image ?? newestImage()

/** Asks the demo that runs in another terminal. */
export const command = async (folder: string, words: readonly string[]): Promise<void> => {
  const demo = await call(socketIn(folder))
  if (!demo) throw new Error('no demo runs: start it with ./build.sh demo, in another terminal')
  const stopping = words[0] === 'stop'
  await sayTo(demo, words, show)
  if (stopping) say('the demo is down')
}

async function show(reply: Reply): Promise<void> {
  if ('refused' in reply) throw new Error(reply.refused)
  if ('say' in reply) say(reply.say)
  else await attach(reply.attach)
}

async function attach(screen: Screen): Promise<void> {
  if (screen.kind === 'serial') return await attachConsole(screen.socket)
  const [program = '', ...args] = screen.words
  spawnSync(program, args, { stdio: 'inherit' })
}
