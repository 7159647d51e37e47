import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Who this box is, on HTTPS or to its peer: key and certificate, in one file, so that a power cut
 * leaves both of them or neither. Made at the first start and kept: people have compared its
 * fingerprint, or the peer has pinned it, and then has to know the next one before it changes.
 */
export type Identity = {
  readonly pem: string
  /** SHA-256 of the certificate, upper-case hex pairs with colons, as browsers show it. */
  readonly fingerprint: string
}

type Report = (line: string) => void

export async function loadOrMakeIdentity(
  folder: string,
  make: () => string,
  report: Report,
): Promise<Identity> {
  const path = join(folder, 'identity.pem')
  const kept = await readKept(path, report)
  if (kept.kind === 'identity') return kept.identity

  const made = parseIdentity(make())
  if (kept.kind === 'unreadable') {
    report(
      `${path} cannot be read (${kept.why}): the certificate ${made.fingerprint} is for this run`,
    )
    return made
  }
  try {
    if (kept.kind === 'damaged') await rename(path, `${path}.broken`)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeDurably(folder, path, made.pem)
    report(`made a new key and certificate, fingerprint ${made.fingerprint}, kept in ${path}`)
  } catch (error) {
    report(
      `${path} cannot be written (${reason(error)}): the certificate ${made.fingerprint} is for ` +
        'this run, the next start makes another one. Is the state partition read-only or full?',
    )
  }
  return made
}

/** Throws unless the text holds a certificate and the key that belongs to it. */
export function parseIdentity(pem: string): Identity {
  const certificate = new X509Certificate(pem)
  if (!certificate.checkPrivateKey(createPrivateKey(pem))) {
    throw new Error('the key does not belong to the certificate')
  }
  return { pem, fingerprint: certificate.fingerprint256 }
}

type Kept =
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'none' | 'damaged' }
  | { readonly kind: 'unreadable'; readonly why: string }

async function readKept(path: string, report: Report): Promise<Kept> {
  let pem: string
  try {
    pem = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'none' }
    // A key that only another user can read, or a disk that fails, is no reason to replace it.
    return { kind: 'unreadable', why: reason(error) }
  }
  try {
    return { kind: 'identity', identity: parseIdentity(pem) }
  } catch (error) {
    report(
      `${path} is damaged (${reason(error)}): set aside as identity.pem.broken. ` +
        'Who knows this box by it sees a new one: compare it with the console, or pair again.',
    )
    return { kind: 'damaged' }
  }
}

/** After this returns, a power cut leaves the whole file; before, the old one or none. */
async function writeDurably(folder: string, path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error))
