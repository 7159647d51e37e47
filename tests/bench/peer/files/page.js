// The peer's page: what an operator would write in ten lines to show a status over HTTPS.
const { createServer } = require('node:https')
const { readFileSync } = require('node:fs')
const { hostname } = require('node:os')

const key = readFileSync('/etc/status-page/key.pem')
const cert = readFileSync('/etc/status-page/cert.pem')

createServer({ key, cert }, (_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><title>${hostname()}</title><h1>${hostname()} is up</h1>\n`)
}).listen(443)
