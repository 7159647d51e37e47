import { join } from 'node:path'
import { compile } from '../compile.ts'

const source = (name: string): string => join(import.meta.dirname, name)

export const enterProgram = (): Promise<string> => compile(source('enter.c'))
export const wireProgram = (): Promise<string> => compile(source('wire.c'))
export const proberProgram = (): Promise<string> => compile(source('prober.c'))
export const senderProgram = (): Promise<string> => compile(source('sender.c'))
