/** What a test did not get from its room, and what to do about it. */
export type RoomErrorKind =
  /** The app has no `forTests()` where it opens its node. */
  | 'NotExposed'
  /** The app's node did not open, or nobody let it in. */
  | 'NotJoined'
  /** The tab was closed, or crashed. */
  | 'TabGone'
  /** The tab is frozen, and answers nothing. */
  | 'Frozen'
  /** It is no tab of this room. */
  | 'NotOfThisRoom'
  /** These tabs are one node, so there is nothing between them. */
  | 'OneNode'
  /** Only Chromium can do that. */
  | 'NeedsChromium'
  | 'NoAgreement'
  | 'NotQuiet'
  /** Tabs that applied the same entries have different states. */
  | 'Diverged'

export class RoomError extends Error {
  override readonly name = 'RoomError'
  readonly kind: RoomErrorKind
  constructor(kind: RoomErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
