/** A node's place in its page: a browser that lets no worker have a channel. Loaded there only. */
import { webRtc } from '@flotilla/webrtc-transport'
import type { FromHouse, HouseEnd } from './house.ts'
import type { NodeProgram } from './program.ts'
import { keepHouseHere } from './this-thread.ts'

export function keepHouseInPage<Command, Result>(
  program: NodeProgram<Command, Result>,
  page: HouseEnd<FromHouse>,
): void {
  keepHouseHere(program, page, webRtc)
}
