import { place } from './place.ts'

export type Page = { readonly name: string; readonly url: string; readonly fingerprint: string }

const pageText = ({ name, url, fingerprint }: Page): string =>
  `${name.padEnd(10)} ${url}\n           certificate ${fingerprint}`

const serverLine = '  ./build.sh demo stop-server 1  nginx of web1 is killed; start-server 1\n'
const screen = 'the console of box 1 (Ctrl-] leaves it)'
const lightScreen = 'what "diarch status" says on box 1'

/** What a person is told when both boxes are there. */
export const pairText = ({
  pages,
  login,
  service,
  hasServers,
  isLight,
}: {
  readonly pages: readonly Page[]
  readonly login: { readonly user: string; readonly password: string }
  /** Where the host reaches the virtual address. */
  readonly service: string
  readonly hasServers: boolean
  readonly isLight: boolean
}): string => `
${pages.map(pageText).join('\n')}
Log in     user ${login.user}, password ${login.password}
Service    http://${place.virtual}/ in the network of the demo, and ${service} from here

Try, in another terminal:
  ./build.sh demo pull-plug 1    the cable out of box 1; plug-in 1 puts it back
  ./build.sh demo power-off 1    a power cut; power-on 1
  ./build.sh demo pause 1        box 1 stands still, as in a snapshot; resume 1
${hasServers ? serverLine : ''}\
  ./build.sh demo screen 1       ${isLight ? lightScreen : screen}
Ctrl-C here, or ./build.sh demo stop, ends all of it.

The client asks for the page again and again; a line is what it got in a second:
`
