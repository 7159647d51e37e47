import type { Finding } from '../health/check.ts'
import type { Question, Target } from '../health/question.ts'
import { askArp } from './arp.ts'
import { findingOf } from './asking.ts'
import { bfdSessions } from './bfd.ts'
import { askThrough } from './direct-route.ts'
import { askDns } from './dns.ts'
import { askFile } from './file-weight.ts'
import { askGrpc } from './grpc.ts'
import { askHttp } from './http.ts'
import { askLdap } from './ldap.ts'
import { askMysql } from './mysql.ts'
import { askPing } from './ping.ts'
import { askPostgresql } from './postgresql.ts'
import { askRadius } from './radius.ts'
import { askRedis } from './redis.ts'
import { askScript } from './script-check.ts'
import { askSmtp } from './smtp.ts'
import { askTcp } from './tcp.ts'
import { askUdp } from './udp.ts'

/** Asks whatever is to be asked. Never rejects. */
export async function ask(
  question: Question,
  target: Target,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    return await dispatch(question, target, signal)
  } catch (error) {
    return findingOf(error)
  }
}

function dispatch(question: Question, target: Target, signal: AbortSignal): Promise<Finding> {
  switch (question.kind) {
    case 'ping':
      return askPing(question, target, signal)
    case 'arp':
      return askArp(question, target, signal)
    case 'tcp':
      return target.through === null
        ? askTcp(question, target, signal)
        : askThrough(question, target, signal)
    case 'udp':
      return askUdp(question, target, signal)
    case 'http':
      return askHttp(question, target, signal)
    case 'smtp':
      return askSmtp(question, target, signal)
    case 'dns':
      return askDns(question, target, signal)
    case 'script':
      return askScript(question, target, signal)
    case 'file':
      return askFile(question, target, signal)
    case 'mysql':
      return askMysql(question, target, signal)
    case 'postgresql':
      return askPostgresql(question, target, signal)
    case 'redis':
      return askRedis(question, target, signal)
    case 'ldap':
      return askLdap(question, target, signal)
    case 'radius':
      return askRadius(question, target, signal)
    case 'grpc':
      return askGrpc(question, target, signal)
    case 'bfd':
      return bfdSessions.ask(question, target, signal)
  }
}
