export { type Agreement, Room, type RoomPages, type WaitOptions } from './room.ts'
export { RoomError, type RoomErrorKind } from './room-error.ts'
export { expect, type RoomFixtures, type RoomOptions, test } from './test.ts'
