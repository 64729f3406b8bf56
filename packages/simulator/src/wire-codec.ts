import type { Codec } from './world.ts'
export const wireCodec: Codec | undefined = undefined
