import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { minutes } from '../../appliance/values/duration.ts'
import { newestImage } from '../../image/run/newest-image.ts'
import { namesIn, onItsOwn, run, runWords, treeWithNpmPackages } from './tree.ts'

const help = '\nAll options: ./build.sh demo --help'

test('what demo cannot do it refuses before it builds, and no stored box is touched', async t => {
  const tree = await treeWithNpmPackages(t)
  const elsewhere = join(tree, '../elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'letter'), 'Dear reader, '.repeat(100))
  const [build, demo] = [join(tree, 'build'), join(tree, 'dist/demo')]
  mkdirSync(demo, { recursive: true })
  writeFileSync(join(demo, 'disk.img'), 'stored')

  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const refused = async (words: string[], message: string, env: Record<string, string> = {}) => {
    const { code, said } = await run('../tree/build.sh', ['demo', ...words], {
      cwd: elsewhere,
      env: { DIARCH_ACCEL: 'tcg', ...env },
      killWhen: () => namesIn(build).length > 0 || namesIn(demo).length > 1,
    })
    const typed = `demo ${words.join(' ')}`
    assert.deepEqual(namesIn(build), [], `${typed} has begun to build:\n${said}`)
    assert.deepEqual(namesIn(demo), ['disk.img'], `${typed} has touched the stored box:\n${said}`)
    const steady = said.replace(/--port \d+$/m, '--port OTHER')
    assert.equal(steady, `demo: ${message}\n`, typed)
    assert.equal(code, 1)
  }
  await refused(['--fats'], `there is no option "--fats"${help}`)
  await refused(
    ['--formats'],
    `--formats needs a value: some of img,zst,qcow2,vmdk,ova, with commas${help}`,
  )
  await refused(['--memory', '512'], `--memory is for one box: it needs --single${help}`)
  await refused(
    ['--single', '--memory', '2'],
    `--memory is "2"; it has to be a whole number of MiB from 64 to 65536${help}`,
  )
  await refused(
    ['--port', `${port}`],
    `port ${port} of this machine is in use: take another with --port OTHER`,
  )
  await refused(
    ['--image', 'letter'],
    `${elsewhere}/letter has no GPT: it is not a raw Diarch disk image ` +
      '(a .zst has to be unpacked first: zstd -d FILE)',
  )
  await refused(['--single', '--console'], 'no box runs: start one with ./build.sh demo --single')
  await refused(['pull-plug'], `pull-plug needs the number of a box: 1 or 2${help}`)
  await refused(
    ['pull-plug', '1'],
    'no demo runs: start it with ./build.sh demo, in another terminal',
  )
  await refused([], 'DIARCH_ACCEL is "vax"; it can be kvm or tcg', { DIARCH_ACCEL: 'vax' })

  assert.equal(readFileSync(join(demo, 'disk.img'), 'utf8'), 'stored')
})

test('demo --single --keep without a stored box says that there is none', async t => {
  const tree = await treeWithNpmPackages(t)
  const { code, said } = await run('./build.sh', ['demo', '--single', '--keep'], { cwd: tree })
  assert.equal(said, 'demo: no box is stored in dist/demo: start one without --keep\n')
  assert.equal(code, 1)
})

test('a box from an image that is there: started, looked at, in the way, and off', async t => {
  const tree = await treeWithNpmPackages(t)
  const elsewhere = join(tree, '../elsewhere')
  mkdirSync(elsewhere)
  const image = newestImage()
  const demo = (name: string, words: string) =>
    `../tree/build.sh demo --single ${words} >${name} 2>&1; echo "exit status $?" >>${name}`
  const { said } = await runWords(
    onItsOwn(`
      ln -s "${dirname(image)}" ../images
      ${demo('start', `--image ../images/${basename(image)}`)}
      ${demo('again', '')}
      ${demo('otherwise', '--memory 512 --fresh')}
      ${demo('picture', '--screenshot box.png')}
      ${demo('nowhere', '--screenshot not/there/box.png')}
      ../tree/build.sh clean >clean 2>&1
      ${demo('off', '--pull-plug')}
    `),
    { cwd: elsewhere },
  )
  const step = (name: string) => readFileSync(join(elsewhere, name), 'utf8')

  const start = step('start')
  assert.match(start, /^A new box, made from \.\.\/images\/diarch-.*\.img$/m, start + said)
  assert.match(start, /^Page {9}https:\/\/127\.0\.0\.1:8443\/$/m)
  assert.match(start, /^10\.0\.2\.15 {4}on the screen above: its address in a network inside QEMU/m)
  assert.match(start, /exit status 0\n$/)
  assert.doesNotMatch(start, /^== /m, 'nothing is built or installed')

  const already = `a box from ../images/${basename(image)} runs already (BIOS, port 8443)`
  const another = 'To start another, stop it first: ./build.sh demo --single --stop'
  const again = step('again')
  assert.ok(again.startsWith(`${already}: nothing was built\n${another}\n`), again)
  assert.match(again, /https:\/\/127\.0\.0\.1:8443\/[\s\S]*exit status 0\n$/)
  assert.equal(
    step('otherwise'),
    `demo: ${already}, so nothing comes of --memory 512, --fresh. ${another}\nexit status 1\n`,
  )

  assert.equal(step('picture'), `wrote ${elsewhere}/box.png\nexit status 0\n`)
  const picture = readFileSync(join(elsewhere, 'box.png'))
  assert.equal(picture.toString('latin1', 1, 4), 'PNG')
  assert.equal(
    step('nowhere'),
    `demo: the picture of the screen cannot be written to ${elsewhere}/not/there/box.png: ` +
      'its folder does not exist. Name another file with --screenshot FILE\nexit status 1\n',
  )
  const stopFirst = 'a box runs from dist/demo. Stop it first: ./build.sh demo --single --stop'
  assert.equal(step('clean'), `build.sh: ${stopFirst}\n`)
  assert.equal(step('off'), 'the box is off\nexit status 0\n')
})

const lightDemo = `
  ../tree/build.sh demo --light >demo 2>&1 &
  demo=$!
  seen() { until grep -q "$1" demo; do kill -0 $demo || exit 1; sleep 0.05; done; }
  seen 'web1 '
  ../tree/build.sh demo --light >again 2>&1
  ../tree/build.sh clean >clean 2>&1
  ../tree/build.sh demo pull-plug 1 >pulled 2>&1
  seen 'box 2: MASTER'
  seen 'nothing for'
  ../tree/build.sh demo power-off 2 >off 2>&1
  ../tree/build.sh demo power-off 2 >twice 2>&1
  ../tree/build.sh demo status >status 2>&1
  ../tree/build.sh demo stop >stopped 2>&1
  wait $demo
  echo "exit status $?" >>demo
  cat /proc/[0-9]*/comm >processes
  ls /sys/class/net >links
`

test('demo --light: a pair that serves, the cable pulled, and nothing left of it', async t => {
  const tree = await treeWithNpmPackages(t)
  const elsewhere = join(tree, '../elsewhere')
  mkdirSync(elsewhere)
  const { said } = await runWords(onItsOwn(`mount -t sysfs sys /sys\n${lightDemo}`), {
    cwd: elsewhere,
    within: minutes(2),
  })
  const step = (name: string) => readFileSync(join(elsewhere, name), 'utf8')

  const demo = step('demo')
  assert.match(demo, /^Box 2 {6}https:\/\/127\.0\.0\.1:8444\/$/m, demo + said)
  assert.match(demo, /user admin, password \w{4}-\w{4}-\w{4}$/m)
  const [, after = ''] = demo.split('-- the cable is out of box 1\n')
  assert.match(after, /^\S+ {2}box 1: FAULT$/m)
  const [, gap] = /nothing for (\d+) ms/.exec(after) ?? []
  assert.ok(Number(gap) < 1000, `the other box serves after ${gap} ms:\n${demo}`)
  assert.match(after, /The demo ends\.\nexit status 0\n$/)

  const running = 'a demo runs already. To end it: ./build.sh demo stop'
  assert.equal(step('again'), `demo: ${running}\n`)
  const stopFirst = 'a demo runs from dist/demo. Stop it first: ./build.sh demo stop'
  assert.equal(step('clean'), `build.sh: ${stopFirst}\n`)
  assert.equal(step('pulled'), 'the cable is out of box 1\n')
  assert.equal(step('off'), 'box 2 has no power\n')
  assert.equal(step('twice'), 'demo: box2 is off\n')
  assert.match(step('status'), /^box 1 {3}FAULT .*\nbox 2 {3}off /)
  assert.equal(step('stopped'), 'the demo is down\n')

  assert.equal(step('processes'), 'sh\n')
  assert.equal(step('links'), 'lo\n')
  assert.deepEqual(namesIn(join(tree, 'dist/demo')), [])
})
