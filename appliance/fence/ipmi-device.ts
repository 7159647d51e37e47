import type { IpmiDevice } from '../config/fencing-schema.ts'
import type { PowerDevice } from '../fencing/power-device.ts'
import { words } from '../fencing/switching.ts'
import { IpmiSession } from './ipmi-session.ts'
import { QuestionSocket } from './question-socket.ts'

/** The management controller by its own protocol, as `ipmitool -I lanplus chassis power` has it. */
export function ipmiDevice({ server, port, login }: IpmiDevice): PowerDevice {
  const within = async <T>(use: (session: IpmiSession) => Promise<T>): Promise<T> => {
    const socket = await QuestionSocket.open(server, port)
    try {
      const session = await IpmiSession.open(socket, login.user, login.password)
      const answer = await use(session)
      await session.close().catch(() => undefined)
      return answer
    } catch (error) {
      throw new Error(`${server}: ${words(error)}`)
    } finally {
      socket.close()
    }
  }
  return {
    read: () => within(async session => ((await session.isOn()) ? 'on' : 'off')),
    async turn(to) {
      await within(session => session.control(to === 'off' ? 'down' : 'up'))
      return 'asked'
    },
  }
}
