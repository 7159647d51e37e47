import { spawnSync } from 'node:child_process'

/**
 * apt source lines for trixie and its security updates on the mirrors that this machine's apt
 * already uses for Debian, whatever release it runs itself.
 */
export function debianMirrors(): readonly string[] {
  const listed = spawnSync(
    'apt-get',
    ['indextargets', '--format', '$(LABEL) $(SITE)', 'Created-By: Packages'],
    { encoding: 'utf8' },
  )
  const sites = new Map<string, string>()
  for (const line of (listed.stdout ?? '').split('\n')) {
    const [label, site] = line.split(' ')
    if (label && site && !sites.has(label)) sites.set(label, site)
  }
  const main = sites.get('Debian')
  if (main === undefined) {
    throw new Error('apt-get indextargets names no Debian mirror: the peer disk needs one')
  }
  const security = sites.get('Debian-Security')
  return [
    `deb ${main} trixie main`,
    `deb ${main} trixie-updates main`,
    ...(security === undefined ? [] : [`deb ${security} trixie-security main`]),
  ]
}
