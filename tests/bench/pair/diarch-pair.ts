import {
  type Conversation,
  converse,
  firstAnswers,
  password,
  shopLan,
  timeToChange,
  timeToJoin,
} from '../../image/pair-figures.ts'
import { RemoteBox } from '../../image/remote-box.ts'
import { openLab } from '../../lab/namespaces/lab.ts'
import { copyDisk } from '../../lab/vm/disk.ts'
import { startVm, type Vm } from '../../lab/vm/vm.ts'
import type { Scope } from '../scope.ts'
import { settled, type VmPair } from './power-cut.ts'

const [firstMac, secondMac] = ['52:54:00:00:51:01', '52:54:00:00:51:02']

const secondAnswers: Conversation = [
  [/What is this box to be\?/, '2'],
  [/Which address has this box itself\?/, '192.0.2.12/24'],
  [/Which router leads out of this network\?/, ''],
  [/lb1 at 192\.0\.2\.11 shows a pairing code/, ''],
]

export type SetUp = {
  readonly pair: VmPair
  /** Answers in characters; an Enter that takes what is suggested is none. */
  readonly typed: { readonly first: number; readonly second: number }
  readonly reboots: number
  readonly joinSeconds: number
  /** From the request to the answer, and until the other box showed it too. */
  readonly changes: readonly { readonly told: number; readonly both: number }[]
}

/** From the first boot of both boxes by their wizards to an address that serves. */
export async function setUpByWizard(scope: Scope, image: string, rounds: number): Promise<SetUp> {
  const lab = await openLab(scope)
  const { lan, client } = await shopLan(lab)
  const box = (mac: string) =>
    startVm(scope, {
      disk: copyDisk(scope, image),
      memoryMiB: 512,
      nics: [{ switch: lan, mac }],
    })
  const [first, second] = await Promise.all([box(firstMac), box(secondMac)])
  for (const { serial } of [first, second]) {
    await serial.untilScreen(/Press Enter to set this box up/)
    serial.type('\r')
  }
  await converse(first.serial, firstAnswers)
  await first.serial.untilScreen(/lb1 is set up, and waits for your word[\s\S]*Enter keeps it/)
  first.serial.type('\r')
  const code = /this code\.\s+(\d{4}-\d{4})\s/
  const [, shown = ''] = await first.serial.untilScreen(code)
  await converse(second.serial, secondAnswers)
  const joinSeconds = (await timeToJoin(second.serial, shown)) / 1000
  for (const { serial } of [second, first]) serial.type('\r')

  const secondFollows = async () => {
    await second.serial.untilScreen(/VI_1 +BACKUP/)
  }
  const pair = { product: 'Diarch', client, first, firstMac, secondFollows }
  await settled(pair, null)
  const isReset = ({ event }: Vm['events'][number]) => event === 'RESET'
  const reboots = [first, second].flatMap(vm => vm.events.filter(isReset)).length

  const [here, there] = ['192.0.2.11', '192.0.2.12'].map(at => new RemoteBox(client, at))
  const changes: { told: number; both: number }[] = []
  if (here && there) {
    for (const remote of [here, there]) await remote.logIn(password)
    for (let round = 1; round <= rounds; round += 1) {
      changes.push(await timeToChange(here, there, 1 + round))
    }
    await timeToChange(here, there, 1)
  }
  return {
    pair,
    typed: { first: typedIn(firstAnswers), second: typedIn(secondAnswers) + 1 },
    reboots,
    joinSeconds,
    changes,
  }
}

const typedIn = (conversation: Conversation): number =>
  conversation.filter(([, answer]) => answer !== '').length
