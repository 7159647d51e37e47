/** The two ways to have boxes: from the image in QEMU, or from the source tree in namespaces. */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type Accelerator, findAccelerator } from '../accelerator.ts'
import { shown } from '../say.ts'
import { LightBox } from './light-box.ts'
import { Network } from './network.ts'
import type { Stage } from './pair-demo.ts'
import { place, prefix } from './place.ts'
import { QemuBox } from './qemu-box.ts'
import { answersFor, isUp, newPassword, pairUp } from './setup.ts'
import { WebServer } from './web-server.ts'

const minute = 60_000
const quick = { interval: 20, gap: 100 }

export const qemuStage = async (folder: string, image: string): Promise<Stage> => {
  const accelerator = await findAccelerator(image)
  const network = await Network.open()
  const password = newPassword()
  const answers = answersFor(password)
  const make = (index: 0 | 1) =>
    QemuBox.make({
      name: `box${index + 1}`,
      address: place.boxes[index],
      mac: `52:54:00:d1:a0:0${index + 1}`,
      folder,
      image,
      answers: answers[index],
      accelerator,
      network,
    })
  const boxes = [await make(0), await make(1)] as const
  const servers = await realServers(network, folder)
  // TCG has enough to do with 25 new connections a second, and is late with some.
  const pace = accelerator === 'kvm' ? quick : { interval: 40, gap: 300 }
  const setUp = async () => {}
  const stage = { network, boxes, servers, password, pace, setUp, patience: 10 * minute }
  const title = qemuTitle(image, accelerator)
  return { ...stage, title, hasServers: true, isLight: false, webPort: 443 }
}

/** A kernel without IPVS moves the address all the same; then each box has a server of its own. */
export const lightStage = async (folder: string): Promise<Stage> => {
  const network = await Network.open()
  const password = newPassword()
  const [one, two] = place.boxes
  for (const [index, address] of place.boxes.entries()) {
    await network.machine(`box${index + 1}`, prefix(address))
  }
  const boxes = [
    new LightBox(network, 'box1', one, folder),
    new LightBox(network, 'box2', two, folder),
  ] as const
  const hasServers = hasIpvs()
  const servers = hasServers
    ? await realServers(network, folder)
    : ['box1', 'box2'].map((box, index) => {
        return new WebServer(network, `web${index + 1}`, box, folder)
      })
  const setUp = async () => {
    const end = performance.now() + minute
    while (!(await isUp(boxes[0])) || !(await isUp(boxes[1]))) {
      const failed = boxes.find(box => box.hasEnded || performance.now() > end)
      if (failed) throw new Error(`${failed.name} does not come up. It said: ${failed.lastWords()}`)
      await wait(100)
    }
    await pairUp(boxes, { password, hasIpvs: hasServers })
  }
  const stage = { network, boxes, servers, password, setUp, pace: quick, patience: minute }
  const title = lightTitle(hasServers)
  return { ...stage, title, hasServers, isLight: true, webPort: LightBox.webPort }
}

const qemuTitle = (image: string, accelerator: Accelerator): string => {
  const what = `Two boxes made from ${shown(image)}, in QEMU`
  if (accelerator === 'kvm') return `${what} with KVM`
  return `${what}. This machine has no KVM to run them\nat full speed: they need two minutes to \
start, and more where others work`
}

const lightTitle = (hasServers: boolean): string => {
  const title = 'Two boxes that run from the source tree, in network namespaces'
  if (hasServers) return title
  return `${title}. This kernel has no IPVS: the\nvirtual address moves between them, and each \
answers with an nginx of its own`
}

async function realServers(network: Network, folder: string): Promise<WebServer[]> {
  const servers: WebServer[] = []
  for (const [index, address] of place.servers.entries()) {
    const name = `web${index + 1}`
    await network.machine(name, prefix(address))
    await WebServer.takesAddress(network, name, place.virtual)
    servers.push(new WebServer(network, name, name, folder))
  }
  return servers
}

/** It is loaded, or would be as soon as somebody asks for it. */
export const hasIpvs = (): boolean =>
  existsSync('/proc/net/ip_vs') || spawnSync('modprobe', ['-nq', 'ip_vs']).status === 0
