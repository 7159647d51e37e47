import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * keepalived behind the other end of the interface of `makeInterface`, in a network of its own,
 * with a priority that wins. What is returned lets it say good-bye.
 */
export async function otherMaster(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-other-'))
  const file = join(folder, 'keepalived.conf')
  writeFileSync(file, configuration)
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo there; exec sleep 600'])
  await once(holder.stdout, 'data')
  execFileSync('ip', ['link', 'set', 'v1', 'netns', String(holder.pid)])
  const enter = ['-t', String(holder.pid), '-n', 'sh', '-c', inside, 'sh', folder, file]
  const keepalived = spawn('nsenter', enter, { stdio: 'ignore' })
  const ended = once(keepalived, 'close')
  return async () => {
    keepalived.kill('SIGTERM')
    await ended
    holder.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

const inside = `
ip link set v1 up && ip address add 192.0.2.2/24 dev v1 &&
exec keepalived -n -P -f "$2" -p "$1/main.pid" -r "$1/vrrp.pid"`

const configuration = `global_defs {
    vrrp_version 3
}
vrrp_instance VI_1 {
    interface v1
    virtual_router_id 51
    priority 200
    virtual_ipaddress {
        192.0.2.100/24
    }
}
`
