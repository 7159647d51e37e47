import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/**
 * The page's few small files, read once: no request reaches the disk, no path from the network
 * meets a file system, and the page stays there when the boot medium fails.
 */
export type StaticFile = {
  readonly body: Buffer
  readonly type: string
  readonly etag: string
  readonly cacheControl: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Keys are the paths of URLs; index.html is `/`. */
export function loadStaticFiles(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const body = readFileSync(path)
    const url = path.slice(folder.length)
    // Only the names in assets/ carry the hash of their content and can be kept for good.
    const cacheControl = url.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache'
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    files.set(url === '/index.html' ? '/' : url, { body, type, etag, cacheControl })
  }
  if (!files.has('/')) {
    throw new Error(`${folder} has no index.html: run "npm run bundle", or set DIARCH_LIB`)
  }
  return files
}
