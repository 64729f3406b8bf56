export { Room, type RoomPages } from './room.ts'
export { RoomError, type RoomErrorKind } from './room-error.ts'
export type { Agreement, WaitOptions } from './tabs.ts'
export { expect, type RoomFixtures, type RoomOptions, test } from './test.ts'
