import type { Conversation } from './conversation.ts'

/**
 * Says the last word of a protocol and waits until the kernel has it: a connection that is closed
 * without it stands in the server's log, or counts against us. It changes no finding.
 */
export function sayAndEnd(conversation: Conversation, word: Uint8Array): Promise<void> {
  return new Promise(resolve => {
    conversation.stream.once('close', () => resolve())
    conversation.stream.end(word, () => resolve())
  })
}
