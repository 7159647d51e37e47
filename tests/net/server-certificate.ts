import type { Host } from '../lab/namespaces/host.ts'

/** `cert.pem` and `key.pem` of a server, for a name and by nobody but itself. */
export async function makeCertificate(host: Host, folder: string): Promise<void> {
  await host.must('mkdir', ['-p', folder])
  await host.must('openssl', [
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30'.split(' '),
    ...['-subj', '/CN=server.test', '-addext', 'subjectAltName=DNS:server.test'],
    ...['-out', `${folder}/cert.pem`, '-keyout', `${folder}/key.pem`],
  ])
}
