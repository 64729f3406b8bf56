import type { Codec } from './world.ts'

/** `undefined` until the cluster package exports its codec: messages are then handed over as they are. */
export const wireCodec: Codec | undefined = undefined
