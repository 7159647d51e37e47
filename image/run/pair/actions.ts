import type { DemoBox } from './demo-box.ts'
import type { WebServer } from './web-server.ts'

/** What can be done to the boxes and the servers of a demo that runs. */
export type Parts = { readonly boxes: readonly DemoBox[]; readonly servers: readonly WebServer[] }

type Action = {
  readonly act: (parts: Parts, index: number) => Promise<void> | void
  /** Said when it is done. */
  readonly done: (number: number) => string
}

const toBox = (act: (box: DemoBox) => Promise<void>, done: (name: string) => string): Action => ({
  act: async ({ boxes }, index) => {
    const box = boxes[index]
    if (box) await act(box)
  },
  done: number => done(`box ${number}`),
})

const toServer = (
  act: (server: WebServer) => Promise<void> | void,
  done: (name: string) => string,
): Action => ({
  act: async ({ servers }, index) => {
    const server = servers[index]
    if (server) await act(server)
  },
  done: number => done(`web${number}`),
})

export const actions: Readonly<Record<string, Action>> = {
  'pull-plug': toBox(
    box => box.setPlug(false),
    name => `the cable is out of ${name}`,
  ),
  'plug-in': toBox(
    box => box.setPlug(true),
    name => `the cable is in ${name} again`,
  ),
  'power-off': toBox(
    box => box.powerOff(),
    name => `${name} has no power`,
  ),
  'power-on': toBox(
    box => box.powerOn(),
    name => `${name} has power again`,
  ),
  pause: toBox(
    box => box.pause(),
    name => `${name} stands still`,
  ),
  resume: toBox(
    box => box.resume(),
    name => `${name} goes on`,
  ),
  'stop-server': toServer(
    server => server.stop(),
    name => `nginx of ${name} is killed`,
  ),
  'start-server': toServer(
    server => server.start(),
    name => `nginx of ${name} runs again`,
  ),
}
