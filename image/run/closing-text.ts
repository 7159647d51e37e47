/** What a person is shown of a box that runs, and how it goes on from there. */
export const closingText = (screen: string, port: number, fingerprint: string): string => {
  const run = './build.sh demo --single'
  return `
${frame(screen)}

Page         https://127.0.0.1:${port}/
             the way in from here: QEMU leads this port of your machine to the box
Fingerprint  ${fingerprint}
             of the certificate that the box made itself: your browser has to show the same
${ownAddress(screen)}
  ${run} --console             its serial console
  ${run} --screenshot box.png  its screen as a picture
  ${run} --pull-plug           a power cut
  ${run} --stop                its power button
  ${run} --keep                when it is off: start it again as it is

`
}

const ownAddress = (screen: string): string => {
  const address = /https:\/\/([\d.]+)[:/]/.exec(screen)?.[1]
  if (address === undefined) return ''
  return `${address.padEnd(13)}\
on the screen above: its address in a network inside QEMU, of no use from here\n`
}

const frame = (screen: string): string => {
  const lines = screen.replace(/\s+$/, '').split('\n')
  const edge = `+${'-'.repeat(82)}+`
  return [edge, ...lines.map(line => `| ${line.padEnd(80)} |`), edge].join('\n')
}
