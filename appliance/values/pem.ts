const block = /-----BEGIN ([A-Z ]+)-----([^-]*)-----END \1-----/g

/** With its lines as RFC 7468 has them: a form has one line only, and takes them away. */
export const asPem = (text: string): string =>
  text.replace(block, (_, what: string, body: string) => {
    const lines = body.replace(/\s/g, '').match(/.{1,64}/g) ?? []
    return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`
  })
