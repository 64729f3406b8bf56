/** Why an edge node does not run, and what to do about it: for an operator to read. */
export type EdgeNodeErrorKind =
  /** What was given is no room's link. */
  | 'InvalidLink'
  /** An option is out of its bounds. */
  | 'InvalidOptions'
  /** The page of the link does not answer, or names no way by which its rooms find together. */
  | 'NoSignaling'
  /** Another process uses the data directory. */
  | 'DataInUse'
  /** What is in the data directory is not what was written there. Nothing was changed. */
  | 'DataDamaged'
  /** The disk is full, gone, or not to be written to. */
  | 'DataUnavailable'
  /** A package with a native part is not there for this system. */
  | 'Unsupported'
  /** The room cannot be entered. */
  | 'RoomUnreachable'

export class EdgeNodeError extends Error {
  override readonly name = 'EdgeNodeError'
  readonly kind: EdgeNodeErrorKind
  constructor(kind: EdgeNodeErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
