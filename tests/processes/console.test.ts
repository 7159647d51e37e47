import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Status } from '../../appliance/status/document.ts'
import type { FromChild, ToChild } from '../../appliance/status/messages.ts'
import { exampleStatus } from './example-status.ts'

const program = join(import.meta.dirname, '../../appliance/console/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'diarch-console-'))
const started: ChildProcess[] = []

const until = async (what: string, condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 30_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within 30 s: ${what}`)
    await wait(20)
  }
}

const isGone = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null
const end = async (child: ChildProcess): Promise<void> => {
  if (isGone(child)) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
after(async () => {
  for (const child of started) await end(child)
  rmSync(folder, { recursive: true })
})

const startConsole = (...devices: string[]) => {
  const child = fork(program, devices, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  started.push(child)
  const messages: FromChild[] = []
  child.on('message', message => messages.push(message as FromChild))
  let errors = ''
  child.stderr?.on('data', text => {
    errors += text
  })
  const tell = (message: ToChild) => child.send(message)
  return {
    child,
    messages,
    errors: () => errors,
    stop: () => tell({ kind: 'stop' }),
    show: (status: Status) => tell({ kind: 'status', status }),
    ready: () => until('ready', () => messages.some(message => message.kind === 'ready')),
  }
}

let lines = 0
/** A line with nobody behind it but us: what is sent to it, and the keys that are typed. */
const startLine = async () => {
  const device = join(folder, `line${lines++}`)
  const socat = spawn('socat', [`PTY,link=${device},rawer`, '-'], { stdio: 'pipe' })
  started.push(socat)
  const line = { device, socat, sent: '', type: (keys: string) => socat.stdin.write(keys) }
  socat.stdout.on('data', text => {
    line.sent += text
  })
  await until('the line is there', () => existsSync(device))
  return line
}

/** A real terminal, 80 by 24, that draws what it is sent. */
const startTerminal = async () => {
  const socket = join(folder, 'tmux')
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-f', '/dev/null', '-S', socket, ...words], { encoding: 'utf8' })
  const name = join(folder, 'tty')
  const shell = `tty >${name}.new && mv ${name}.new ${name} && stty -echo && exec sleep 300`
  tmux('new-session', '-d', '-x', '80', '-y', '24', shell)
  await until('the terminal is there', () => existsSync(name))
  const device = readFileSync(name, 'utf8').trim()
  return {
    device,
    screen: () => tmux('capture-pane', '-p'),
    print: (text: string) => execFileSync('sh', ['-c', 'printf %s "$1" >"$2"', 'sh', text, device]),
    type: (key: string) => tmux('send-keys', key),
    close: () => tmux('kill-server'),
  }
}

const later: Status = { ...exampleStatus, uptimeSeconds: exampleStatus.uptimeSeconds + 60 }

test('a real terminal shows the screen, and a kernel message goes with Ctrl-L', async () => {
  const terminal = await startTerminal()
  try {
    const { ready, show, child, stop } = startConsole(terminal.device)
    await ready()
    assert.match(terminal.screen(), /Diarch\s*Starting/)
    show(exampleStatus)
    await until('the screen is there', () =>
      terminal.screen().includes('Press Enter to set this box up'),
    )
    const clean = terminal.screen()
    assert.match(clean, /^ Diarch 1\.2\.3 \(9d6e8a0\) {3}diarch-4f2a +slot A\n/)
    assert.match(clean, /port1 {2}52:54:00:12:34:56 {2}virtio_net {2}1 Gb\/s {4}192\.0\.2\.10\/24/)
    assert.equal(clean.trimEnd().split('\n').length, 24)

    show(later)
    await until('the change is there', () => terminal.screen().includes('4 h 13 min'))
    assert.equal(terminal.screen().replace('4 h 13', '4 h 12'), clean)

    terminal.print('[  12.345] a message of the kernel\r\n'.repeat(30))
    assert.doesNotMatch(terminal.screen(), /Setup is not/)
    terminal.type('C-l')
    await until('it is whole again', () => terminal.screen().includes('4 h 13 min'))
    await until('and nothing else', () => !terminal.screen().includes('kernel'))
    assert.equal(terminal.screen().replace('4 h 13', '4 h 12'), clean)

    stop()
    await until('it has left', () => isGone(child))
    assert.match(terminal.screen(), /^Diarch: the console was stopped\.\n\s*$/)
  } finally {
    terminal.close()
  }
})

test('a second status sends only the cells that changed, the same one nothing', async () => {
  const line = await startLine()
  const { ready, show } = startConsole(line.device)
  await ready()
  show(exampleStatus)
  await until('the screen is there', () => line.sent.includes('can change nothing'))
  const whole = line.sent.length
  assert.ok(whole < 1600, `${whole} bytes for the whole screen`)
  show(exampleStatus)
  show(later)
  await until('the change came', () => line.sent.length > whole)
  assert.equal(line.sent.slice(whole), '\x1b[3;63H\x1b[1;32m3\x1b[0m\x1b[H')

  const again = line.sent.length
  line.type('\x0c')
  const foot = 'Press Enter to set this box up'
  await until('all came again', () => line.sent.slice(again).includes(foot))
  const before = line.sent.length
  line.type('x\x03\x1a\x13')
  show(exampleStatus)
  await until('the change came back', () => line.sent.length > before)
  assert.equal(line.sent.slice(before), '\x1b[3;63H\x1b[1;32m2\x1b[0m\x1b[H')
})

test('a line that takes no bytes holds nothing up, and shows the newest later', async () => {
  const stuck = await startLine()
  const other = await startLine()
  const { ready, show, messages } = startConsole(stuck.device, other.device)
  await ready()
  stuck.socat.kill('SIGSTOP')
  // More than the 64 KiB that the kernel keeps for a line, at 600 bytes a screen.
  for (let i = 0; i < 200; i++) {
    const message = `${'abcdefghij'[i % 10]}`.repeat(900)
    const before = other.sent.length
    show({ ...exampleStatus, alarms: [{ reason: 'x', since: '', message }] })
    await until('the other line has it', () => other.sent.length > before + 500)
  }
  show({ ...later, hostname: 'the-newest' })
  await until('the other line has the newest', () => other.sent.includes('the-newest'))
  const beats = messages.length
  await until('it is alive', () => messages.length >= beats + 3)
  const lag = messages.map(message => (message.kind === 'alive' ? message.lagMs : 0))
  assert.ok(Math.max(...lag) < 2000, `the event loop was late: ${lag}`)

  stuck.socat.kill('SIGCONT')
  await until('the newest came', () => stuck.sent.includes('the-newest'))
  const share = stuck.sent.length / other.sent.length
  assert.ok(share < 0.8, `screens between were not skipped: ${share} of the other line's bytes`)
})

test('a line that hangs up is opened again when it comes back', async () => {
  const line = await startLine()
  const console = startConsole(line.device)
  await console.ready()
  console.show(exampleStatus)
  await until('the screen is there', () => line.sent.includes('Press Enter to set this box up'))
  await end(line.socat)
  await until('it noticed', () => console.errors().includes(`console ${line.device}:`))
  const again = spawn('socat', [`PTY,link=${line.device},rawer`, '-'], { stdio: 'pipe' })
  started.push(again)
  let sent = ''
  again.stdout.on('data', text => {
    sent += text
  })
  await until('the screen is back', () => sent.includes('Press Enter to set this box up'))
  assert.equal(console.errors().match(/trying again/g)?.length, 1)
})

test('when the supervisor dies the console says so and ends', async () => {
  const line = await startLine()
  const { ready, child } = startConsole(line.device)
  await ready()
  child.disconnect()
  await until('it has ended', () => isGone(child))
  assert.equal(child.exitCode, 0)
  assert.match(line.sent, /the supervisor ended/)
})

test('started by hand it says who starts it', () => {
  assert.throws(
    () =>
      execFileSync(process.execPath, [program, '/dev/null'], { encoding: 'utf8', stdio: 'pipe' }),
    /started by the supervisor/,
  )
})
