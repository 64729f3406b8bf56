/** Whether a value is really the bytes that a type promises: applications in plain JavaScript promise nothing. */
export function isBytes(value: unknown): value is Uint8Array {
  if (!ArrayBuffer.isView(value)) return false
  // Of whatever realm: an array from another frame or a test's sandbox is no instance of ours. To ask for its name takes fifty times as long.
  return value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'
}
