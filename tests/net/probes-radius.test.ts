import { test } from 'node:test'
import type { RadiusQuestion } from '../../appliance/health/question.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { assertFound, probe, targetAt } from './probe-question.ts'

const question = (more: Partial<RadiusQuestion> = {}): RadiusQuestion => ({
  kind: 'radius',
  secret: 'shared',
  login: null,
  ...more,
})
const as = (user: string, password: string) => ({ login: { user, password } })
const long = 'a password that is longer than one block of sixteen bytes'

const settings = `
prefix = /usr
libdir = /usr/lib/freeradius
logdir = /run/radius
run_dir = /run/radius
pidfile = /run/radius/pid
max_request_time = 5
security {
  status_server = yes
}
client box {
  ipaddr = 192.0.2.1
  secret = shared
}
modules {
  pap {
  }
  always handled {
    rcode = handled
  }
  always reject {
    rcode = reject
  }
}
server default {
  listen {
    type = auth
    ipaddr = *
    port = 1812
  }
  authorize {
    if (&User-Name == "probe") {
      update control {
        &Cleartext-Password := "right"
      }
    }
    elsif (&User-Name == "long") {
      update control {
        &Cleartext-Password := "${long}"
      }
    }
    elsif (&User-Name == "more") {
      update control {
        &Response-Packet-Type := Access-Challenge
      }
      update reply {
        &Reply-Message := "and the code?"
      }
      handled
    }
    else {
      update reply {
        &Reply-Message := "not in the list"
      }
      reject
    }
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
  }
}
`

test('RADIUS', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [host, box] = [await lab.host('server'), await lab.host('box')]
  await host.plug(lan, { name: 'eth0', address: '192.0.2.10/24' })
  const link = await box.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '192.0.2.2/24'] })
  await host.write('/run/radius/radiusd.conf', settings)
  const server = await host.start('freeradius', ['-f', '-l', 'stdout', '-xx', '-d', '/run/radius'])
  await server.until(/Ready to process requests/)
  const at = targetAt('192.0.2.10', null)
  const ask = (...questions: readonly RadiusQuestion[]) => probe(box, at, questions)

  await t.test('Status-Server and logins', async () => {
    assertFound(
      await ask(
        question(),
        question(as('probe', 'right')),
        question(as('probe', 'wrong')),
        question(as('long', long)),
        question(as('nobody', '')),
        question(as('more', 'right')),
        question(as('probe', 'x'.repeat(129))),
      ),
      [
        /^passed: Status-Server answered/,
        /^passed: accepts probe$/,
        /^denied: rejects probe$/,
        /^passed: accepts long$/,
        /^denied: rejects nobody, "not in the list"$/,
        /^denied: asks more for more than a password, "and the code\?"$/,
        /^cannot-ask: /,
      ],
    )
  })

  await t.test('another secret, a box that the server does not know', async () => {
    assertFound(await probe(box, at, [question({ secret: 'other' })], 800), [
      /^timeout: no answer from 192.0.2.10:1812: is the secret the same there/,
    ])
    const other = { ...at, source: targetAt('192.0.2.2', null).address }
    assertFound(await probe(box, other, [question()], 800), [/^timeout: no answer/])
  })

  await t.test('asks again what was lost', async () => {
    await link.silence('both')
    const waiting = probe(box, at, [question(as('probe', 'right'))])
    const mend = new Promise(resolve => setTimeout(resolve, 1000)).then(() => link.heal())
    const [found] = await waiting
    await mend
    assertFound([found!], [/^passed: accepts probe$/])
  })

  await t.test('a server that hangs, and one that is gone', async () => {
    server.signal('SIGSTOP')
    assertFound(await probe(box, at, [question()], 800), [/^timeout: no answer from/])
    server.signal('SIGCONT')
    await server.kill()
    assertFound(await ask(question()), [/^refused: connection refused by 192.0.2.10:1812$/])
  })
})
