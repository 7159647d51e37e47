import { test } from 'node:test'
import type { GrpcQuestion } from '../../appliance/health/question.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { anyTls, assertFound, probe, targetAt } from './probe-question.ts'
import { makeCertificate } from './server-certificate.ts'

/** gRPC's own server; only the two small messages of its health service are written by hand. */
const program = `
import sys, time
from concurrent import futures
import grpc

words = {b'': b'\\x08\\x01', b'\\x0a\\x04good': b'\\x08\\x01', b'\\x0a\\x03bad': b'\\x08\\x02',
         b'\\x0a\\x05blank': b''}

def check(request, context):
    if request == b'\\x0a\\x04slow': time.sleep(60)
    if request == b'\\x0a\\x06locked':
        context.abort(grpc.StatusCode.PERMISSION_DENIED, 'not you, 100%')
    if request not in words: context.abort(grpc.StatusCode.NOT_FOUND, 'unknown service')
    return words[request]

def start(port, offers, tls):
    server = grpc.server(futures.ThreadPoolExecutor(4))
    if offers:
        handler = grpc.unary_unary_rpc_method_handler(check)
        health = grpc.method_handlers_generic_handler('grpc.health.v1.Health', {'Check': handler})
        server.add_generic_rpc_handlers((health,))
    if tls:
        pair = tuple(open('/run/grpc/%s.pem' % name, 'rb').read() for name in ('key', 'cert'))
        server.add_secure_port('127.0.0.1:%d' % port, grpc.ssl_server_credentials((pair,)))
    else: server.add_insecure_port('127.0.0.1:%d' % port)
    server.start()
    return server

servers = [start(50051, True, False), start(50052, True, True), start(50053, False, False)]
print('ready', flush=True)
servers[0].wait_for_termination()
`

const question = (service: string, more: Partial<GrpcQuestion> = {}): GrpcQuestion => ({
  kind: 'grpc',
  tls: null,
  service,
  ...more,
})
const ask = (host: Host, port: number, ...questions: readonly GrpcQuestion[]) =>
  probe(host, targetAt('127.0.0.1', port), questions)

test('gRPC', async t => {
  const lab = await openLab(t)
  const host = await lab.host('server')
  await makeCertificate(host, '/run/grpc')
  await host.write('/run/grpc/server.py', program)
  const server = await host.start('/usr/bin/python3', ['/run/grpc/server.py'])
  await server.until(/^ready$/m)

  await t.test('what the health service says', async () => {
    assertFound(
      await ask(
        host,
        50051,
        ...['', 'good', 'bad', 'blank', 'other', 'locked'].map(service => question(service)),
      ),
      [
        /^passed: SERVING$/,
        /^passed: SERVING$/,
        /^wrong-answer: it says NOT_SERVING$/,
        /^wrong-answer: it says UNKNOWN$/,
        /^wrong-answer: gRPC status NOT_FOUND.*, "unknown service"$/,
        /^denied: gRPC status PERMISSION_DENIED, "not you, 100%"$/,
      ],
    )
    assertFound(await ask(host, 50052, question('good', { tls: anyTls })), [/^passed: SERVING$/])
    assertFound(await ask(host, 50053, question('')), [/^wrong-answer: gRPC status UNIMPLEMENTED/])
    assertFound(await ask(host, 50052, question('')), [/^(closed|wrong-answer): 127.0.0.1:50052 /])
    assertFound(await ask(host, 50051, question('', { tls: anyTls })), [/^(tls|closed): /])
  })

  await t.test('a server that is slow, hangs, is gone', async () => {
    const slow = await probe(host, targetAt('127.0.0.1', 50051), [question('slow')], 400)
    assertFound(slow, [/^timeout: 127.0.0.1:50051 took the connection and did not answer$/])
    server.signal('SIGSTOP')
    const hung = await probe(host, targetAt('127.0.0.1', 50051), [question('')], 400)
    assertFound(hung, [/^timeout: 127.0.0.1:50051 took the connection and did not answer$/])
    server.signal('SIGCONT')
    await server.kill()
    assertFound(await ask(host, 50051, question('')), [/^refused: /])
  })
})
