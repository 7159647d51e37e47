import { actions, type Parts } from './actions.ts'
import type { Caller } from './talk.ts'

/** What the commands of another terminal are done with. */
export type Demo = {
  readonly parts: Parts
  readonly hasServers: boolean
  /** Every line from now on; the function that comes back ends it. */
  readonly follow: (tell: (text: string) => void) => () => void
  readonly status: () => string
  /** Shows it among the lines of the client. */
  readonly happened: (text: string) => void
  readonly stop: () => void
}

export const answer = async (caller: Caller, demo: Demo): Promise<void> => {
  const [command = '', number = '', file = ''] = caller.words
  const index = Number(number) - 1
  if (command === 'client') {
    const leave = demo.follow(text => caller.tell({ say: text }))
    return void caller.left.then(leave)
  }
  // Its socket closes when all is down.
  if (command === 'stop') return demo.stop()
  if (command === 'status') caller.tell({ say: demo.status() })
  else if (command === 'screen') {
    const box = demo.parts.boxes[index]
    if (box) caller.tell({ attach: box.screen() })
  } else if (command === 'screenshot') {
    const box = demo.parts.boxes[index]
    if (!box?.screenshot) throw new Error('without QEMU a box has no screen')
    await box.screenshot(file)
    caller.tell({ say: `wrote ${file}` })
  } else await perform(caller, demo, command, index)
  caller.end()
}

async function perform(
  caller: Caller,
  { parts, hasServers, happened }: Demo,
  command: string,
  index: number,
): Promise<void> {
  const action = actions[command]
  if (!action) throw new Error(`the demo knows no ${command}`)
  if (command.endsWith('-server') && !hasServers) {
    throw new Error('without IPVS each box serves from its own nginx: power-off does the same')
  }
  await action.act(parts, index)
  const done = action.done(index + 1)
  happened(`-- ${done}`)
  caller.tell({ say: done })
}
